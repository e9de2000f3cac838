//! Browsers that a person has signed in with before, so that a new one can be told.

use protocol::{ids::UserId, time::Timestamp};
use sea_orm::EntityTrait;

use crate::{
    Error, Reads, Tx,
    entities::devices::{Entity, Model},
    values::bytes32,
};

/// One browser of one person.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DeviceRecord {
    /// Digest of the browser's cookie together with the person.
    pub digest: [u8; 32],
    /// Whose it is.
    pub user_id: UserId,
    /// Since when.
    pub created_at: Timestamp,
    /// When it was last seen.
    pub last_seen_at: Timestamp,
    /// When it is forgotten.
    pub expires_at: Timestamp,
}

impl TryFrom<Model> for DeviceRecord {
    type Error = Error;

    fn try_from(row: Model) -> Result<Self, Error> {
        Ok(Self {
            digest: bytes32(&row.digest, "devices.digest")?,
            user_id: UserId::new(row.user_id),
            created_at: Timestamp::from_millis(row.created_at),
            last_seen_at: Timestamp::from_millis(row.last_seen_at),
            expires_at: Timestamp::from_millis(row.expires_at),
        })
    }
}

/// Remembers a browser, or that it was seen again; its beginning stays.
///
/// # Errors
/// [`Error::Conflict`] when there is no such person.
pub async fn upsert_device(tx: &Tx, device: &DeviceRecord) -> Result<(), Error> {
    let sql = "INSERT INTO devices (digest, user_id, created_at, last_seen_at, expires_at) \
               VALUES ($1, $2, $3, $4, $5) ON CONFLICT (digest) DO UPDATE SET \
               last_seen_at = excluded.last_seen_at, expires_at = excluded.expires_at";
    let values = [
        device.digest.as_slice().into(),
        device.user_id.as_str().into(),
        device.created_at.millis().into(),
        device.last_seen_at.millis().into(),
        device.expires_at.millis().into(),
    ];
    tx.0.change(sql, values).await?;
    Ok(())
}

/// The browser with this digest.
///
/// # Errors
/// Why it could not be read.
pub async fn find_device(
    db: &impl Reads,
    digest: &[u8; 32],
) -> Result<Option<DeviceRecord>, Error> {
    let row = Entity::find_by_id(digest.to_vec()).one(db.link()).await?;
    row.map(DeviceRecord::try_from).transpose()
}

/// Forgets all browsers of a person; answers how many.
///
/// # Errors
/// Why they could not be deleted.
pub async fn delete_devices(tx: &Tx, user: &UserId) -> Result<u64, Error> {
    let sql = "DELETE FROM devices WHERE user_id = $1";
    tx.0.change(sql, [user.as_str().into()]).await
}
