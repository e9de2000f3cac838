//! Links to a new password, known by their digest. One stands there for every time that somebody
//! asked, whether the address was known or not: both cost the same.

use protocol::{
    ids::UserId,
    secret::{Digest, ResetLink},
    time::Timestamp,
};
use sea_orm::EntityTrait;

use crate::{
    Advanced, Error, Reads, Tx,
    entities::password_resets::{Entity, Model},
    values::{digest, insert, instant, millis},
};

/// One link.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ResetRecord {
    /// SHA-256 of what the link holds.
    pub digest: Digest<ResetLink>,
    /// Whose password; nobody's when the address was not known.
    pub user_id: Option<UserId>,
    /// Since when.
    pub created_at: Timestamp,
    /// Until when it can be used.
    pub expires_at: Timestamp,
    /// When it was used.
    pub used_at: Option<Timestamp>,
}

impl TryFrom<Model> for ResetRecord {
    type Error = Error;

    fn try_from(row: Model) -> Result<Self, Error> {
        Ok(Self {
            digest: digest(&row.digest, "password_resets.digest")?,
            user_id: row.user_id.map(UserId::new),
            created_at: Timestamp::from_millis(row.created_at),
            expires_at: Timestamp::from_millis(row.expires_at),
            used_at: instant(row.used_at),
        })
    }
}

/// Writes a new link.
///
/// # Errors
/// [`Error::Conflict`] when the link was made before or there is no such person.
pub async fn insert_reset(tx: &Tx, reset: &ResetRecord) -> Result<(), Error> {
    let row = Model {
        digest: reset.digest.as_bytes().to_vec(),
        user_id: reset.user_id.as_ref().map(|user| user.as_str().to_owned()),
        created_at: reset.created_at.millis(),
        expires_at: reset.expires_at.millis(),
        used_at: millis(reset.used_at),
    };
    insert(&tx.0, row).await
}

/// The link with this digest, also when it was used or its time is over.
///
/// # Errors
/// Why it could not be read.
pub async fn find_reset(
    db: &impl Reads,
    link: &Digest<ResetLink>,
) -> Result<Option<ResetRecord>, Error> {
    let row = Entity::find_by_id(link.as_bytes().to_vec())
        .one(db.link())
        .await?;
    row.map(ResetRecord::try_from).transpose()
}

/// Uses the link up; `No` when it was used or taken back before.
///
/// # Errors
/// Why it could not be written.
pub async fn advance_reset_used(
    tx: &Tx,
    link: &Digest<ResetLink>,
    now: Timestamp,
) -> Result<Advanced, Error> {
    let sql = "UPDATE password_resets SET used_at = $2 WHERE digest = $1 AND used_at IS NULL";
    let values = [link.as_bytes().as_slice().into(), now.millis().into()];
    Ok(Advanced::of(tx.0.change(sql, values).await?))
}

/// Takes back the links of a person that were not used. Answers how many.
///
/// # Errors
/// Why they could not be deleted.
pub async fn delete_open_resets(tx: &Tx, user: Option<&UserId>) -> Result<u64, Error> {
    let sql = "DELETE FROM password_resets WHERE user_id = $1 AND used_at IS NULL";
    tx.0.change(sql, [user.map(UserId::as_str).into()]).await
}
