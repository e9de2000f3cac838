//! Keys with which the server signs for others. They are numbered from 1; the one with the highest number
//! signs.

use protocol::time::Timestamp;
use sea_orm::{EntityTrait, QueryOrder};

use crate::{
    Advanced, Error, Reads, Tx,
    entities::signing_keys::{Column, Entity, Model},
};

/// One key.
#[derive(Clone, PartialEq, Eq)]
pub struct SigningKeyRecord {
    /// Its number.
    pub number: i64,
    /// The private part, sealed.
    pub sealed_private: Vec<u8>,
    /// The public part as PEM.
    pub public_pem: String,
    /// Since when.
    pub created_at: Timestamp,
}

/// Without the private part, although it is sealed.
impl std::fmt::Debug for SigningKeyRecord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SigningKeyRecord")
            .field("number", &self.number)
            .field("created_at", &self.created_at)
            .finish_non_exhaustive()
    }
}

impl From<Model> for SigningKeyRecord {
    fn from(row: Model) -> Self {
        Self {
            number: row.number,
            sealed_private: row.sealed_private,
            public_pem: row.public_pem,
            created_at: Timestamp::from_millis(row.created_at),
        }
    }
}

/// Writes a new key unless there is one with this number; `No` when there is. Waits for another transaction
/// that is about to write the same.
///
/// # Errors
/// Why it could not be written.
pub async fn insert_signing_key(tx: &Tx, key: &SigningKeyRecord) -> Result<Advanced, Error> {
    let sql = "INSERT INTO signing_keys (number, sealed_private, public_pem, created_at) \
               VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
    let values = [
        key.number.into(),
        key.sealed_private.clone().into(),
        key.public_pem.as_str().into(),
        key.created_at.millis().into(),
    ];
    Ok(Advanced::of(tx.0.change(sql, values).await?))
}

/// The key that signs.
///
/// # Errors
/// Why it could not be read.
pub async fn find_newest_signing_key(db: &impl Reads) -> Result<Option<SigningKeyRecord>, Error> {
    let row = Entity::find()
        .order_by_desc(Column::Number)
        .one(db.link())
        .await?;
    Ok(row.map(SigningKeyRecord::from))
}
