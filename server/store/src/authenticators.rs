//! Enrolled authenticator apps (RFC 6238) and recovery codes: what proves that it is the person.

use protocol::{
    ids::{AuthenticatorId, UserId},
    secret::{Digest, RecoveryCode},
    time::Timestamp,
};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};

use crate::{
    Advanced, Error, Reads, Tx,
    entities::{
        authenticators::{Column, Entity, Model},
        recovery_codes,
    },
    values::{all, insert, parse, words},
};

words! {
    /// How an authenticator works.
    AuthenticatorKind {
        /// One-time codes by the clock, RFC 6238.
        Totp "totp",
    }
}

/// One enrolled authenticator.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AuthenticatorRecord {
    /// Its id.
    pub id: AuthenticatorId,
    /// Whose it is.
    pub user_id: UserId,
    /// How it works.
    pub kind: AuthenticatorKind,
    /// The shared secret, sealed.
    pub sealed_secret: Vec<u8>,
    /// The newest time step that was accepted.
    pub last_step: Option<u64>,
    /// Since when.
    pub created_at: Timestamp,
}

impl TryFrom<Model> for AuthenticatorRecord {
    type Error = Error;

    fn try_from(row: Model) -> Result<Self, Error> {
        let last_step = row
            .last_step
            .map(|step| {
                u64::try_from(step).map_err(|_| Error::unreadable("authenticators.last_step"))
            })
            .transpose()?;
        Ok(Self {
            id: AuthenticatorId::new(row.id),
            user_id: UserId::new(row.user_id),
            kind: parse(&row.kind, "authenticators.kind")?,
            sealed_secret: row.sealed_secret,
            last_step,
            created_at: Timestamp::from_millis(row.created_at),
        })
    }
}

/// Writes a new authenticator.
///
/// # Errors
/// [`Error::Conflict`] when the id was used or there is no such person.
pub async fn insert_authenticator(
    tx: &Tx,
    authenticator: &AuthenticatorRecord,
) -> Result<(), Error> {
    let row = Model {
        id: authenticator.id.as_str().to_owned(),
        user_id: authenticator.user_id.as_str().to_owned(),
        kind: authenticator.kind.to_string(),
        sealed_secret: authenticator.sealed_secret.clone(),
        last_step: authenticator.last_step.map(stored_step),
        created_at: authenticator.created_at.millis(),
    };
    insert(&tx.0, row).await
}

/// All authenticators of a person, oldest first.
///
/// # Errors
/// Why they could not be read.
pub async fn find_authenticators(
    db: &impl Reads,
    user: &UserId,
) -> Result<Vec<AuthenticatorRecord>, Error> {
    let rows = Entity::find()
        .filter(Column::UserId.eq(user.as_str()))
        .order_by_asc(Column::CreatedAt)
        .order_by_asc(Column::Id)
        .all(db.link())
        .await?;
    all(rows)
}

/// Accepts the code of a time step; `No` when a code of this step or a later one was accepted before, so
/// that each code is good once (RFC 6238 section 5.2).
///
/// # Errors
/// Why it could not be written.
pub async fn advance_authenticator_step(
    tx: &Tx,
    authenticator: &AuthenticatorId,
    step: u64,
) -> Result<Advanced, Error> {
    let sql = "UPDATE authenticators SET last_step = $2 \
               WHERE id = $1 AND (last_step IS NULL OR last_step < $2)";
    let values = [authenticator.as_str().into(), stored_step(step).into()];
    Ok(Advanced::of(tx.0.change(sql, values).await?))
}

/// Forgets all authenticators of a person; answers how many.
///
/// # Errors
/// Why they could not be deleted.
pub async fn delete_authenticators(tx: &Tx, user: &UserId) -> Result<u64, Error> {
    let sql = "DELETE FROM authenticators WHERE user_id = $1";
    tx.0.change(sql, [user.as_str().into()]).await
}

/// Writes a new set of recovery codes.
///
/// # Errors
/// [`Error::Conflict`] when there is such a code or no such person.
pub async fn insert_recovery_codes(
    tx: &Tx,
    user: &UserId,
    codes: &[Digest<RecoveryCode>],
) -> Result<(), Error> {
    for code in codes {
        let row = recovery_codes::Model {
            digest: code.as_bytes().to_vec(),
            user_id: user.as_str().to_owned(),
            used_at: None,
        };
        insert(&tx.0, row).await?;
    }
    Ok(())
}

/// Uses a recovery code; `No` when it was used before, belongs to somebody else, or is none.
///
/// # Errors
/// Why it could not be written.
pub async fn advance_recovery_code_used(
    tx: &Tx,
    user: &UserId,
    code: &Digest<RecoveryCode>,
    now: Timestamp,
) -> Result<Advanced, Error> {
    let sql = "UPDATE recovery_codes SET used_at = $3 \
               WHERE digest = $1 AND user_id = $2 AND used_at IS NULL";
    let values = [
        code.as_bytes().as_slice().into(),
        user.as_str().into(),
        now.millis().into(),
    ];
    Ok(Advanced::of(tx.0.change(sql, values).await?))
}

/// How many recovery codes a person has left.
///
/// # Errors
/// Why they could not be counted.
pub async fn find_recovery_codes_left(db: &impl Reads, user: &UserId) -> Result<u64, Error> {
    Ok(recovery_codes::Entity::find()
        .filter(recovery_codes::Column::UserId.eq(user.as_str()))
        .filter(recovery_codes::Column::UsedAt.is_null())
        .count(db.link())
        .await?)
}

/// Forgets all recovery codes of a person, before a new set; answers how many.
///
/// # Errors
/// Why they could not be deleted.
pub async fn delete_recovery_codes(tx: &Tx, user: &UserId) -> Result<u64, Error> {
    let sql = "DELETE FROM recovery_codes WHERE user_id = $1";
    tx.0.change(sql, [user.as_str().into()]).await
}

/// Steps of 30 seconds since 1970: far from the end of the column.
fn stored_step(step: u64) -> i64 {
    i64::try_from(step).unwrap_or(i64::MAX)
}
