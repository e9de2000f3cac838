//! New secrets of clients, sealed, for the few minutes in which the person who made them can still see
//! them: so that a reload of the page is no loss.

use std::fmt;

use protocol::{
    ids::{ClientId, SecretId, UserId},
    time::Timestamp,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::{
    Error, Reads, Tx,
    entities::shown_secrets::{Column, Entity, Model},
    values::insert,
};

/// One secret that can still be seen.
#[derive(Clone, PartialEq, Eq)]
pub struct ShownSecretRecord {
    /// The secret.
    pub secret_id: SecretId,
    /// Its client.
    pub client_id: ClientId,
    /// Who may see it.
    pub user_id: UserId,
    /// Its text, sealed.
    pub sealed_secret: Vec<u8>,
    /// Until when.
    pub expires_at: Timestamp,
}

/// Without the secret, even sealed.
impl fmt::Debug for ShownSecretRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ShownSecretRecord")
            .field("secret_id", &self.secret_id)
            .field("client_id", &self.client_id)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

/// Keeps a new secret in sight.
///
/// # Errors
/// [`Error::Conflict`] when it already is.
pub async fn insert_shown_secret(tx: &Tx, shown: &ShownSecretRecord) -> Result<(), Error> {
    let row = Model {
        secret_id: shown.secret_id.as_str().to_owned(),
        client_id: shown.client_id.as_str().to_owned(),
        user_id: shown.user_id.as_str().to_owned(),
        sealed_secret: shown.sealed_secret.clone(),
        expires_at: shown.expires_at.millis(),
    };
    insert(&tx.0, row).await
}

/// The secrets of a client that this person may still see, newest first, also when their time is over.
///
/// # Errors
/// Why they could not be read.
pub async fn find_shown_secrets(
    db: &impl Reads,
    client: &ClientId,
    user: &UserId,
) -> Result<Vec<ShownSecretRecord>, Error> {
    let rows = Entity::find()
        .filter(Column::ClientId.eq(client.as_str()))
        .filter(Column::UserId.eq(user.as_str()))
        .order_by_desc(Column::ExpiresAt)
        .order_by_desc(Column::SecretId)
        .all(db.link())
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| ShownSecretRecord {
            secret_id: SecretId::new(row.secret_id),
            client_id: ClientId::new(row.client_id),
            user_id: UserId::new(row.user_id),
            sealed_secret: row.sealed_secret,
            expires_at: Timestamp::from_millis(row.expires_at),
        })
        .collect())
}

/// Takes all secrets of a client out of sight; answers how many.
///
/// # Errors
/// Why they could not be deleted.
pub async fn delete_shown_secrets(tx: &Tx, client: &ClientId) -> Result<u64, Error> {
    let sql = "DELETE FROM shown_secrets WHERE client_id = $1";
    tx.0.change(sql, [client.as_str().into()]).await
}

/// Takes one secret out of sight: it was stored, or revoked.
///
/// # Errors
/// Why it could not be deleted.
pub async fn delete_shown_secret(tx: &Tx, secret: &SecretId) -> Result<(), Error> {
    let sql = "DELETE FROM shown_secrets WHERE secret_id = $1";
    tx.0.change(sql, [secret.as_str().into()]).await?;
    Ok(())
}
