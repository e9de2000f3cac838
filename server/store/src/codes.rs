//! Authorization codes (RFC 6749 section 4.1.2), known by their digest.

use std::sync::LazyLock;

use protocol::{
    ids::{ClientId, ConsentId, FamilyId, UserId},
    pkce::CodeChallenge,
    scope::Scope,
    secret::{AuthorizationCode, Digest},
    time::Timestamp,
};
use sea_orm::FromQueryResult;

use crate::{
    Advanced, Error, Reads, Tx,
    access_tokens::TokenUser,
    consents::ConsentRecord,
    entities::{authorization_codes, consents},
    values::{digest, insert, instant, millis, parse, selected},
};

/// One code. `expires_at` is when it is no longer good; so that a replay is still noticed later, the
/// sweep leaves a code alone until `kept_until`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CodeRecord {
    /// SHA-256 of the code.
    pub digest: Digest<AuthorizationCode>,
    /// What the person allowed.
    pub consent_id: ConsentId,
    /// To whom it was given.
    pub client_id: ClientId,
    /// For whom it speaks.
    pub user_id: UserId,
    /// The address of the authorize request; none when that named none.
    pub redirect_uri: Option<String>,
    /// The challenge of the authorize request (RFC 7636).
    pub challenge: Option<CodeChallenge>,
    /// What it is good for.
    pub scope: Scope,
    /// The tokens that came out of it.
    pub family_id: Option<FamilyId>,
    /// Since when.
    pub issued_at: Timestamp,
    /// When it was used or voided, if it was.
    pub used_at: Option<Timestamp>,
    /// Until when it is good.
    pub expires_at: Timestamp,
    /// When the sweep may delete the row.
    pub kept_until: Timestamp,
}

/// A code with what its exchange needs to know.
#[derive(Clone, PartialEq, Debug)]
pub struct CodeFound {
    /// The code.
    pub code: CodeRecord,
    /// What the person allowed; none when it was swept.
    pub consent: Option<ConsentRecord>,
    /// The person, if there still is one.
    pub user: Option<TokenUser>,
}

impl TryFrom<authorization_codes::Model> for CodeRecord {
    type Error = Error;

    fn try_from(row: authorization_codes::Model) -> Result<Self, Error> {
        let challenge = match row.challenge {
            None => None,
            Some(text) => Some(
                CodeChallenge::parse(&text)
                    .map_err(|_| Error::unreadable("authorization_codes.challenge"))?,
            ),
        };
        Ok(Self {
            digest: digest(&row.digest, "authorization_codes.digest")?,
            consent_id: ConsentId::new(row.consent_id),
            client_id: ClientId::new(row.client_id),
            user_id: UserId::new(row.user_id),
            redirect_uri: row.redirect_uri,
            challenge,
            scope: parse(&row.scope, "authorization_codes.scope")?,
            family_id: row.family_id.map(FamilyId::new),
            issued_at: Timestamp::from_millis(row.issued_at),
            used_at: instant(row.used_at),
            expires_at: Timestamp::from_millis(row.good_until),
            kept_until: Timestamp::from_millis(row.expires_at),
        })
    }
}

/// Writes a new code.
///
/// # Errors
/// [`Error::Conflict`] when there is such a code.
pub async fn insert_code(tx: &Tx, code: &CodeRecord) -> Result<(), Error> {
    let row = authorization_codes::Model {
        digest: code.digest.as_bytes().to_vec(),
        consent_id: code.consent_id.as_str().to_owned(),
        client_id: code.client_id.as_str().to_owned(),
        user_id: code.user_id.as_str().to_owned(),
        redirect_uri: code.redirect_uri.clone(),
        challenge: code.challenge.as_ref().map(ToString::to_string),
        scope: code.scope.to_string(),
        family_id: code.family_id.as_ref().map(|id| id.as_str().to_owned()),
        issued_at: code.issued_at.millis(),
        used_at: millis(code.used_at),
        good_until: code.expires_at.millis(),
        expires_at: code.kept_until.millis(),
    };
    insert(&tx.0, row).await
}

/// The code with what its exchange needs to know, in one statement.
///
/// # Errors
/// Why it could not be read.
pub async fn find_code(
    db: &impl Reads,
    code: &Digest<AuthorizationCode>,
) -> Result<Option<CodeFound>, Error> {
    static SQL: LazyLock<String> = LazyLock::new(|| {
        format!(
            "SELECT {}, {}, u.username AS u_username, u.status AS u_status \
             FROM authorization_codes t \
             LEFT JOIN consents s ON s.id = t.consent_id \
             LEFT JOIN users u ON u.id = t.user_id \
             WHERE t.digest = $1",
            selected::<authorization_codes::Entity>("t"),
            selected::<consents::Entity>("s"),
        )
    });
    let Some(row) = db
        .link()
        .row(&SQL, [code.as_bytes().as_slice().into()])
        .await?
    else {
        return Ok(None);
    };
    Ok(Some(CodeFound {
        code: authorization_codes::Model::from_query_result(&row, "t_")?.try_into()?,
        consent: ConsentRecord::of_row(&row)?,
        user: TokenUser::of_row(&row)?,
    }))
}

/// Uses the code, for a family of tokens or (void) for nothing; `No` when it was used before. Which
/// family came out of it is what a later replay revokes.
///
/// # Errors
/// Why it could not be written.
pub async fn advance_code_used(
    tx: &Tx,
    code: &Digest<AuthorizationCode>,
    family: Option<&FamilyId>,
    now: Timestamp,
) -> Result<Advanced, Error> {
    let sql = "UPDATE authorization_codes SET used_at = $2, family_id = $3 \
               WHERE digest = $1 AND used_at IS NULL";
    let values = [
        code.as_bytes().as_slice().into(),
        now.millis().into(),
        family.map(FamilyId::as_str).into(),
    ];
    Ok(Advanced::of(tx.0.change(sql, values).await?))
}

/// Voids the codes of a consent that was ended before they were used; answers how many.
///
/// # Errors
/// Why they could not be written.
pub async fn advance_codes_void_of_consent(
    tx: &Tx,
    consent: &ConsentId,
    now: Timestamp,
) -> Result<u64, Error> {
    let sql =
        "UPDATE authorization_codes SET used_at = $2 WHERE consent_id = $1 AND used_at IS NULL";
    let values = [consent.as_str().into(), now.millis().into()];
    tx.0.change(sql, values).await
}
