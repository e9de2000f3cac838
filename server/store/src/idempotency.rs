//! Idempotency keys: a request that is sent again is the same request.
//!
//! A key belongs to a client and the person for whom it asks, or to the client alone. In the column
//! `user_id`, a part of the primary key, nobody is the empty text.

use protocol::{
    ids::{ClientId, TransferId, UserId},
    time::Timestamp,
};
use sea_orm::EntityTrait;

use crate::{
    Advanced, Error, Reads, Tx,
    entities::idempotency_keys::{Entity, Model},
    values::bytes32,
};

/// A key and what was done under it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct IdempotencyRecord {
    /// The client that sent it ...
    pub client_id: ClientId,
    /// ... for this person, or for itself: for others the same key is another one.
    pub user_id: Option<UserId>,
    /// The header `Idempotency-Key`.
    pub key: String,
    /// Digest of the request, to tell the same from another one.
    pub request_digest: [u8; 32],
    /// The transfer that it became.
    pub transfer_id: TransferId,
    /// What was answered, once it was.
    pub response: Option<String>,
    /// Since when.
    pub created_at: Timestamp,
    /// Until when the key is remembered.
    pub expires_at: Timestamp,
}

impl TryFrom<Model> for IdempotencyRecord {
    type Error = Error;

    fn try_from(row: Model) -> Result<Self, Error> {
        Ok(Self {
            client_id: ClientId::new(row.client_id),
            user_id: Some(row.user_id)
                .filter(|user| !user.is_empty())
                .map(UserId::new),
            key: row.key,
            request_digest: bytes32(&row.request_digest, "idempotency_keys.request_digest")?,
            transfer_id: TransferId::new(row.transfer_id),
            response: row.response,
            created_at: Timestamp::from_millis(row.created_at),
            expires_at: Timestamp::from_millis(row.expires_at),
        })
    }
}

/// What stands in the column `user_id`.
fn column(user: Option<&UserId>) -> &str {
    user.map_or("", UserId::as_str)
}

/// Claims a key; `No` when it was claimed before, and then nothing is written. While another
/// transaction holds the same key, this waits for its end.
///
/// # Errors
/// Why it could not be written.
pub async fn insert_idempotency_key(tx: &Tx, claim: &IdempotencyRecord) -> Result<Advanced, Error> {
    let sql = "INSERT INTO idempotency_keys (client_id, user_id, key, request_digest, \
               transfer_id, response, created_at, expires_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING";
    let values = [
        claim.client_id.as_str().into(),
        column(claim.user_id.as_ref()).into(),
        claim.key.as_str().into(),
        claim.request_digest.as_slice().into(),
        claim.transfer_id.as_str().into(),
        claim.response.as_deref().into(),
        claim.created_at.millis().into(),
        claim.expires_at.millis().into(),
    ];
    Ok(Advanced::of(tx.0.change(sql, values).await?))
}

/// What was done under a key.
///
/// # Errors
/// Why it could not be read.
pub async fn find_idempotency_key(
    db: &impl Reads,
    client: &ClientId,
    user: Option<&UserId>,
    key: &str,
) -> Result<Option<IdempotencyRecord>, Error> {
    let key = (
        client.as_str().to_owned(),
        column(user).to_owned(),
        key.to_owned(),
    );
    let row = Entity::find_by_id(key).one(db.link()).await?;
    row.map(IdempotencyRecord::try_from).transpose()
}

/// Notes what was answered; `No` when an answer was noted before.
///
/// # Errors
/// Why it could not be written.
pub async fn advance_idempotency_key(
    tx: &Tx,
    client: &ClientId,
    user: Option<&UserId>,
    key: &str,
    response: &str,
) -> Result<Advanced, Error> {
    let sql = "UPDATE idempotency_keys SET response = $4 \
               WHERE client_id = $1 AND user_id = $2 AND key = $3 AND response IS NULL";
    let values = [
        client.as_str().into(),
        column(user).into(),
        key.into(),
        response.into(),
    ];
    Ok(Advanced::of(tx.0.change(sql, values).await?))
}

/// Forgets a key, so that the same request can be tried again as a new one: because it has run out, or because
/// what it stood for came to nothing. `No` when it is not there, or stands for another transfer.
///
/// # Errors
/// Why it could not be deleted.
pub async fn delete_idempotency_key(
    tx: &Tx,
    client: &ClientId,
    user: Option<&UserId>,
    key: &str,
    transfer: &TransferId,
) -> Result<Advanced, Error> {
    let sql = "DELETE FROM idempotency_keys \
               WHERE client_id = $1 AND user_id = $2 AND key = $3 AND transfer_id = $4";
    let values = [
        client.as_str().into(),
        column(user).into(),
        key.into(),
        transfer.as_str().into(),
    ];
    Ok(Advanced::of(tx.0.change(sql, values).await?))
}

/// Forgets the keys under which a transfer was ordered, once it is known that no money will move for it.
///
/// # Errors
/// Why they could not be deleted.
pub async fn delete_idempotency_keys_of_transfer(
    tx: &Tx,
    client: &ClientId,
    user: Option<&UserId>,
    transfer: &TransferId,
) -> Result<u64, Error> {
    let sql = "DELETE FROM idempotency_keys \
               WHERE client_id = $1 AND user_id = $2 AND transfer_id = $3";
    let values = [
        client.as_str().into(),
        column(user).into(),
        transfer.as_str().into(),
    ];
    tx.0.change(sql, values).await
}
