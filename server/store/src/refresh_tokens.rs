//! Refresh tokens (RFC 6749 section 1.5), known by their digest, and their rotation.

use std::sync::LazyLock;

use protocol::{
    grants::refresh_token,
    ids::FamilyId,
    scope::Scope,
    secret::{AccessToken, Digest, RefreshToken},
    time::Timestamp,
};
use sea_orm::FromQueryResult;

use crate::{
    Advanced, Error, Reads, Tx,
    access_tokens::TokenUser,
    consents::ConsentRecord,
    entities::{consents, refresh_tokens, token_families},
    families::FamilyRecord,
    values::{digest, insert, instant, millis, parse, selected},
};

/// One refresh token. `expires_at` is also when the sweep may delete the row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RefreshTokenRecord {
    /// SHA-256 of the token.
    pub digest: Digest<RefreshToken>,
    /// The grant behind it.
    pub family_id: FamilyId,
    /// What may be asked for with it.
    pub scope: Scope,
    /// Since when.
    pub issued_at: Timestamp,
    /// When it was exchanged and for what, if it was.
    pub used: Option<(Timestamp, Successor)>,
    /// When it was revoked by itself, if it was; the family may be revoked too.
    pub revoked_at: Option<Timestamp>,
    /// Until when.
    pub expires_at: Timestamp,
}

/// What a refresh token was exchanged for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Successor {
    /// The new refresh token.
    pub refresh_token: Digest<RefreshToken>,
    /// The new access token.
    pub access_token: Digest<AccessToken>,
    /// The whole answer, sealed, to be handed out again when it was lost on the way.
    pub sealed_answer: Vec<u8>,
}

/// A refresh token with everything that decides what to answer.
#[derive(Clone, PartialEq, Debug)]
pub struct RefreshTokenFound {
    /// The token.
    pub token: RefreshTokenRecord,
    /// The grant behind it.
    pub family: FamilyRecord,
    /// What the person allowed; none for a grant without consent, and none when it was swept.
    pub consent: Option<ConsentRecord>,
    /// The person, if there still is one.
    pub user: Option<TokenUser>,
    /// What happened to the tokens it was exchanged for; none when it was not exchanged, and none
    /// when one of them was swept.
    pub successor: Option<refresh_token::Successor>,
}

impl TryFrom<refresh_tokens::Model> for RefreshTokenRecord {
    type Error = Error;

    fn try_from(row: refresh_tokens::Model) -> Result<Self, Error> {
        let successor = (
            row.successor_digest,
            row.successor_access_digest,
            row.sealed_successor,
        );
        let used = match (instant(row.used_at), successor) {
            (None, (None, None, None)) => None,
            (Some(at), (Some(refresh_token), Some(access_token), Some(sealed_answer))) => Some((
                at,
                Successor {
                    refresh_token: digest(&refresh_token, "refresh_tokens.successor_digest")?,
                    access_token: digest(&access_token, "refresh_tokens.successor_access_digest")?,
                    sealed_answer,
                },
            )),
            _ => return Err(Error::unreadable("refresh_tokens.used_at")),
        };
        Ok(Self {
            digest: digest(&row.digest, "refresh_tokens.digest")?,
            family_id: FamilyId::new(row.family_id),
            scope: parse(&row.scope, "refresh_tokens.scope")?,
            issued_at: Timestamp::from_millis(row.issued_at),
            used,
            revoked_at: instant(row.revoked_at),
            expires_at: Timestamp::from_millis(row.expires_at),
        })
    }
}

/// Writes a new refresh token.
///
/// # Errors
/// [`Error::Conflict`] when there is such a token.
pub async fn insert_refresh_token(tx: &Tx, token: &RefreshTokenRecord) -> Result<(), Error> {
    let (used_at, successor) = match &token.used {
        None => (None, None),
        Some((at, successor)) => (Some(*at), Some(successor)),
    };
    let row = refresh_tokens::Model {
        digest: token.digest.as_bytes().to_vec(),
        family_id: token.family_id.as_str().to_owned(),
        scope: token.scope.to_string(),
        issued_at: token.issued_at.millis(),
        used_at: millis(used_at),
        successor_digest: successor.map(|s| s.refresh_token.as_bytes().to_vec()),
        successor_access_digest: successor.map(|s| s.access_token.as_bytes().to_vec()),
        sealed_successor: successor.map(|s| s.sealed_answer.clone()),
        revoked_at: millis(token.revoked_at),
        expires_at: token.expires_at.millis(),
    };
    insert(&tx.0, row).await
}

/// The token with everything that decides what to answer, in one statement.
///
/// # Errors
/// Why it could not be read.
pub async fn find_refresh_token(
    db: &impl Reads,
    token: &Digest<RefreshToken>,
) -> Result<Option<RefreshTokenFound>, Error> {
    static SQL: LazyLock<String> = LazyLock::new(|| {
        format!(
            "SELECT {}, {}, {}, u.username AS u_username, u.status AS u_status, \
             n.issued_at AS n_issued_at, n.used_at AS n_used_at, \
             a.issued_at AS a_issued_at, a.first_used_at AS a_first_used_at \
             FROM refresh_tokens t \
             JOIN token_families f ON f.id = t.family_id \
             LEFT JOIN consents s ON s.id = f.consent_id \
             LEFT JOIN users u ON u.id = f.user_id \
             LEFT JOIN refresh_tokens n ON n.digest = t.successor_digest \
             LEFT JOIN access_tokens a ON a.digest = t.successor_access_digest \
             WHERE t.digest = $1",
            selected::<refresh_tokens::Entity>("t"),
            selected::<token_families::Entity>("f"),
            selected::<consents::Entity>("s"),
        )
    });
    let Some(row) = db
        .link()
        .row(&SQL, [token.as_bytes().as_slice().into()])
        .await?
    else {
        return Ok(None);
    };
    let refresh_issued_at: Option<i64> = row.try_get("", "n_issued_at")?;
    let access_issued_at: Option<i64> = row.try_get("", "a_issued_at")?;
    let refresh_used_at: Option<i64> = row.try_get("", "n_used_at")?;
    let access_first_used_at: Option<i64> = row.try_get("", "a_first_used_at")?;
    let are_there = refresh_issued_at.is_some() && access_issued_at.is_some();
    Ok(Some(RefreshTokenFound {
        token: refresh_tokens::Model::from_query_result(&row, "t_")?.try_into()?,
        family: token_families::Model::from_query_result(&row, "f_")?.try_into()?,
        consent: ConsentRecord::of_row(&row)?,
        user: TokenUser::of_row(&row)?,
        successor: are_there.then(|| refresh_token::Successor {
            access_first_used: instant(access_first_used_at),
            refresh_used: refresh_used_at.is_some(),
        }),
    }))
}

/// Exchanges the token; `No` when it was exchanged or revoked before.
///
/// # Errors
/// Why it could not be written.
pub async fn advance_refresh_token_used(
    tx: &Tx,
    token: &Digest<RefreshToken>,
    successor: &Successor,
    now: Timestamp,
) -> Result<Advanced, Error> {
    let sql = "UPDATE refresh_tokens SET used_at = $2, successor_digest = $3, \
               successor_access_digest = $4, sealed_successor = $5 \
               WHERE digest = $1 AND used_at IS NULL AND revoked_at IS NULL";
    let values = [
        token.as_bytes().as_slice().into(),
        now.millis().into(),
        successor.refresh_token.as_bytes().as_slice().into(),
        successor.access_token.as_bytes().as_slice().into(),
        successor.sealed_answer.as_slice().into(),
    ];
    Ok(Advanced::of(tx.0.change(sql, values).await?))
}

/// Revokes one token; `No` when it was revoked before or is not there.
///
/// # Errors
/// Why it could not be written.
pub async fn advance_refresh_token_revoked(
    tx: &Tx,
    token: &Digest<RefreshToken>,
    now: Timestamp,
) -> Result<Advanced, Error> {
    let sql = "UPDATE refresh_tokens SET revoked_at = $2 WHERE digest = $1 AND revoked_at IS NULL";
    let values = [token.as_bytes().as_slice().into(), now.millis().into()];
    Ok(Advanced::of(tx.0.change(sql, values).await?))
}
