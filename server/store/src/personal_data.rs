//! What the bank knows of a person beside name and login, sealed by the engine: this room cannot read it.

use std::fmt;

use protocol::{ids::UserId, time::Timestamp};
use sea_orm::EntityTrait;

use crate::{Advanced, Error, Reads, Tx, entities::personal_data::Entity};

/// What is known of one person.
#[derive(Clone, PartialEq, Eq)]
pub struct PersonalRecord {
    /// Of whom.
    pub user_id: UserId,
    /// What, sealed.
    pub sealed: Vec<u8>,
    /// Since when.
    pub updated_at: Timestamp,
}

/// Without the data, even sealed.
impl fmt::Debug for PersonalRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PersonalRecord")
            .field("user_id", &self.user_id)
            .finish_non_exhaustive()
    }
}

/// Writes what is known of a person; it takes the place of what was.
///
/// # Errors
/// [`Error::Conflict`] when there is no such person.
pub async fn upsert_personal_data(tx: &Tx, record: &PersonalRecord) -> Result<(), Error> {
    let sql = "INSERT INTO personal_data (user_id, sealed, updated_at) VALUES ($1, $2, $3) \
               ON CONFLICT (user_id) DO UPDATE SET sealed = $2, updated_at = $3";
    let values = [
        record.user_id.as_str().into(),
        record.sealed.as_slice().into(),
        record.updated_at.millis().into(),
    ];
    tx.0.change(sql, values).await?;
    Ok(())
}

/// Writes what is known of a person in place of exactly what was known `before`, sealed; `None` when that was
/// nothing. `No` when somebody else wrote meanwhile.
///
/// # Errors
/// [`Error::Conflict`] when there is no such person.
pub async fn advance_personal_data(
    tx: &Tx,
    record: &PersonalRecord,
    before: Option<&[u8]>,
) -> Result<Advanced, Error> {
    let mut values = vec![
        record.user_id.as_str().into(),
        record.sealed.as_slice().into(),
        record.updated_at.millis().into(),
    ];
    let sql = match before {
        None => {
            "INSERT INTO personal_data (user_id, sealed, updated_at) VALUES ($1, $2, $3) \
             ON CONFLICT (user_id) DO NOTHING"
        }
        Some(before) => {
            values.push(before.into());
            "UPDATE personal_data SET sealed = $2, updated_at = $3 WHERE user_id = $1 AND sealed = $4"
        }
    };
    Ok(Advanced::of(tx.0.change(sql, values).await?))
}

/// What is known of a person.
///
/// # Errors
/// Why it could not be read.
pub async fn find_personal_data(
    db: &impl Reads,
    user: &UserId,
) -> Result<Option<PersonalRecord>, Error> {
    let row = Entity::find_by_id(user.as_str()).one(db.link()).await?;
    Ok(row.map(|row| PersonalRecord {
        user_id: UserId::new(row.user_id),
        sealed: row.sealed,
        updated_at: Timestamp::from_millis(row.updated_at),
    }))
}
