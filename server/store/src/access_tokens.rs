//! Access tokens (RFC 6749 section 1.4), known by their digest.

use std::sync::LazyLock;

use protocol::{
    client::{ClientStatus, DialectName, Environment},
    ids::{ClientId, ConsentId, FamilyId, UserId},
    scope::Scope,
    secret::{AccessToken, Digest},
    time::Timestamp,
};
use sea_orm::{FromQueryResult, QueryResult, Value};

use crate::{
    Advanced, Error, Reads, Tx,
    append::{self, Row},
    consents::ConsentRecord,
    entities::{access_tokens, consents, token_families},
    families::FamilyRecord,
    users::UserStatus,
    values::{digest, instant, millis, parse, selected},
};

/// One access token. `expires_at` is also when the sweep may delete the row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AccessTokenRecord {
    /// SHA-256 of the token.
    pub digest: Digest<AccessToken>,
    /// The grant behind it; none for client credentials.
    pub family_id: Option<FamilyId>,
    /// Who holds it.
    pub client_id: ClientId,
    /// For whom it speaks; none for client credentials.
    pub user_id: Option<UserId>,
    /// What that person allowed.
    pub consent_id: Option<ConsentId>,
    /// What it is good for.
    pub scope: Scope,
    /// Sandbox or live.
    pub environment: Environment,
    /// How it is presented.
    pub dialect: DialectName,
    /// Proof of possession, as JSON; none for a bearer token.
    pub sender_constraint: Option<String>,
    /// The key of a MAC token, sealed.
    pub sealed_mac_key: Option<Vec<u8>>,
    /// Since when.
    pub issued_at: Timestamp,
    /// When it was first used, if it was.
    pub first_used_at: Option<Timestamp>,
    /// When it was revoked by itself, if it was; the family may be revoked too.
    pub revoked_at: Option<Timestamp>,
    /// Until when.
    pub expires_at: Timestamp,
}

/// An access token with everything that decides whether it is good.
#[derive(Clone, PartialEq, Debug)]
pub struct AccessTokenFound {
    /// The token.
    pub token: AccessTokenRecord,
    /// Its client, if there still is one: name and status.
    pub client: Option<TokenClient>,
    /// The grant behind it; none for client credentials, and none when it was swept.
    pub family: Option<FamilyRecord>,
    /// What the person allowed; none for client credentials, and none when it was swept.
    pub consent: Option<ConsentRecord>,
    /// The person, if there still is one.
    pub user: Option<TokenUser>,
}

/// The client of a token.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TokenClient {
    /// The name that people see.
    pub name: String,
    /// Active or suspended.
    pub status: ClientStatus,
}

/// The person of a token.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TokenUser {
    /// The name to sign in with (RFC 7662 `username`).
    pub username: String,
    /// Active or suspended.
    pub status: UserStatus,
}

impl TokenUser {
    pub(crate) fn of_row(row: &QueryResult) -> Result<Option<Self>, Error> {
        let username: Option<String> = row.try_get("", "u_username")?;
        let status: Option<String> = row.try_get("", "u_status")?;
        match (username, status) {
            (Some(username), Some(status)) => Ok(Some(Self {
                username,
                status: parse(&status, "users.status")?,
            })),
            _ => Ok(None),
        }
    }
}

pub(crate) const COLUMNS: [&str; 14] = [
    "digest",
    "family_id",
    "client_id",
    "user_id",
    "consent_id",
    "scope",
    "environment",
    "dialect",
    "sender_constraint",
    "sealed_mac_key",
    "issued_at",
    "first_used_at",
    "revoked_at",
    "expires_at",
];

impl AccessTokenRecord {
    /// In the order of [`COLUMNS`].
    pub(crate) fn values(&self) -> Vec<Value> {
        vec![
            self.digest.as_bytes().as_slice().into(),
            self.family_id.as_ref().map(FamilyId::as_str).into(),
            self.client_id.as_str().into(),
            self.user_id.as_ref().map(UserId::as_str).into(),
            self.consent_id.as_ref().map(ConsentId::as_str).into(),
            self.scope.to_string().into(),
            self.environment.as_str().into(),
            self.dialect.as_str().into(),
            self.sender_constraint.as_deref().into(),
            self.sealed_mac_key.clone().into(),
            self.issued_at.millis().into(),
            millis(self.first_used_at).into(),
            millis(self.revoked_at).into(),
            self.expires_at.millis().into(),
        ]
    }
}

impl TryFrom<access_tokens::Model> for AccessTokenRecord {
    type Error = Error;

    fn try_from(row: access_tokens::Model) -> Result<Self, Error> {
        Ok(Self {
            digest: digest(&row.digest, "access_tokens.digest")?,
            family_id: row.family_id.map(FamilyId::new),
            client_id: ClientId::new(row.client_id),
            user_id: row.user_id.map(UserId::new),
            consent_id: row.consent_id.map(ConsentId::new),
            scope: parse(&row.scope, "access_tokens.scope")?,
            environment: parse(&row.environment, "access_tokens.environment")?,
            dialect: parse(&row.dialect, "access_tokens.dialect")?,
            sender_constraint: row.sender_constraint,
            sealed_mac_key: row.sealed_mac_key,
            issued_at: Timestamp::from_millis(row.issued_at),
            first_used_at: instant(row.first_used_at),
            revoked_at: instant(row.revoked_at),
            expires_at: Timestamp::from_millis(row.expires_at),
        })
    }
}

/// Writes one token. Outside of a transaction, use [`Row::AccessToken`] with `Store::append`.
///
/// # Errors
/// [`Error::Conflict`] when there is such a token.
pub async fn insert_access_token(tx: &Tx, token: &AccessTokenRecord) -> Result<(), Error> {
    append::insert(&tx.0, &[&Row::AccessToken(token.clone())]).await
}

/// The token with everything that decides whether it is good, in one statement: for introspection
/// (RFC 7662) and for resource requests.
///
/// # Errors
/// Why it could not be read.
pub async fn find_access_token(
    db: &impl Reads,
    token: &Digest<AccessToken>,
) -> Result<Option<AccessTokenFound>, Error> {
    static SQL: LazyLock<String> = LazyLock::new(|| {
        format!(
            "SELECT {}, {}, {}, c.name AS c_name, c.status AS c_status, \
             u.username AS u_username, u.status AS u_status \
             FROM access_tokens t \
             LEFT JOIN clients c ON c.id = t.client_id \
             LEFT JOIN token_families f ON f.id = t.family_id \
             LEFT JOIN consents s ON s.id = t.consent_id \
             LEFT JOIN users u ON u.id = t.user_id \
             WHERE t.digest = $1",
            selected::<access_tokens::Entity>("t"),
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
    let client_name: Option<String> = row.try_get("", "c_name")?;
    let client_status: Option<String> = row.try_get("", "c_status")?;
    let client = match (client_name, client_status) {
        (Some(name), Some(status)) => Some(TokenClient {
            name,
            status: parse(&status, "clients.status")?,
        }),
        _ => None,
    };
    Ok(Some(AccessTokenFound {
        token: access_tokens::Model::from_query_result(&row, "t_")?.try_into()?,
        client,
        family: FamilyRecord::of_row(&row)?,
        consent: ConsentRecord::of_row(&row)?,
        user: TokenUser::of_row(&row)?,
    }))
}

/// The tokens of a grant, for whoever remembers answers about them.
///
/// # Errors
/// Why they could not be read.
pub async fn find_access_tokens_of_family(
    db: &impl Reads,
    family: &FamilyId,
) -> Result<Vec<Digest<AccessToken>>, Error> {
    let sql = "SELECT digest FROM access_tokens WHERE family_id = $1";
    let rows = db.link().rows(sql, [family.as_str().into()]).await?;
    rows.iter()
        .map(|row| {
            let bytes: Vec<u8> = row.try_get_by_index(0)?;
            digest(&bytes, "access_tokens.digest")
        })
        .collect()
}

/// Notes the first use; `No` when it was used before. After the first use a lost token answer is
/// not handed out again.
///
/// # Errors
/// Why it could not be written.
pub async fn advance_access_token_used(
    tx: &Tx,
    token: &Digest<AccessToken>,
    now: Timestamp,
) -> Result<Advanced, Error> {
    let sql =
        "UPDATE access_tokens SET first_used_at = $2 WHERE digest = $1 AND first_used_at IS NULL";
    let values = [token.as_bytes().as_slice().into(), now.millis().into()];
    Ok(Advanced::of(tx.0.change(sql, values).await?))
}

/// Revokes one token; `No` when it was revoked before or is not there.
///
/// # Errors
/// Why it could not be written.
pub async fn advance_access_token_revoked(
    tx: &Tx,
    token: &Digest<AccessToken>,
    now: Timestamp,
) -> Result<Advanced, Error> {
    let sql = "UPDATE access_tokens SET revoked_at = $2 WHERE digest = $1 AND revoked_at IS NULL";
    let values = [token.as_bytes().as_slice().into(), now.millis().into()];
    Ok(Advanced::of(tx.0.change(sql, values).await?))
}

/// Revokes all tokens that a client holds for itself or for people; answers how many. Its
/// families are another matter, see `families`.
///
/// # Errors
/// Why it could not be written.
pub async fn advance_access_tokens_revoked_of_client(
    tx: &Tx,
    client: &ClientId,
    now: Timestamp,
) -> Result<u64, Error> {
    let sql =
        "UPDATE access_tokens SET revoked_at = $2 WHERE client_id = $1 AND revoked_at IS NULL";
    let values = [client.as_str().into(), now.millis().into()];
    tx.0.change(sql, values).await
}

#[cfg(test)]
mod tests {
    use sea_orm::{Iterable, sea_query::Iden};

    use super::*;

    #[test]
    fn an_appended_row_has_every_column() {
        let columns: Vec<String> = access_tokens::Column::iter()
            .map(|c| c.unquoted().to_owned())
            .collect();
        assert_eq!(columns, COLUMNS);
    }
}
