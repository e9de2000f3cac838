//! Counters that slow down guessing: failures per key (a name, an address) within a window of time.

use protocol::time::Timestamp;
use sea_orm::{EntityTrait, FromQueryResult};

use crate::{
    Advanced, Error, Reads, Tx,
    entities::throttles::{Entity, Model},
    values::{count, instant},
};

/// What is known of one key.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ThrottleRecord {
    /// What is counted, such as `login:sandbox:ona`.
    pub key: String,
    /// Failures within the window.
    pub failures: u32,
    /// When the window began.
    pub window_started_at: Timestamp,
    /// Until when nothing is tried, if so.
    pub blocked_until: Option<Timestamp>,
    /// When the sweep may delete the row.
    pub expires_at: Timestamp,
}

impl TryFrom<Model> for ThrottleRecord {
    type Error = Error;

    fn try_from(row: Model) -> Result<Self, Error> {
        Ok(Self {
            key: row.key,
            failures: count(row.failures, "throttles.failures")?,
            window_started_at: Timestamp::from_millis(row.window_started_at),
            blocked_until: instant(row.blocked_until),
            expires_at: Timestamp::from_millis(row.expires_at),
        })
    }
}

/// What is known of a key.
///
/// # Errors
/// Why it could not be read.
pub async fn find_throttle(db: &impl Reads, key: &str) -> Result<Option<ThrottleRecord>, Error> {
    let row = Entity::find_by_id(key).one(db.link()).await?;
    row.map(ThrottleRecord::try_from).transpose()
}

/// Counts one failure and answers what is now known. A window that began before `window_since` is over:
/// counting begins anew at `now`, and a block is forgotten. The row may be swept at `expires_at`.
///
/// # Errors
/// Why it could not be written.
pub async fn advance_throttle(
    tx: &Tx,
    key: &str,
    now: Timestamp,
    window_since: Timestamp,
    expires_at: Timestamp,
) -> Result<ThrottleRecord, Error> {
    let sql = "INSERT INTO throttles (key, failures, window_started_at, blocked_until, expires_at) \
               VALUES ($1, 1, $2, NULL, $4) \
               ON CONFLICT (key) DO UPDATE SET \
               failures = CASE WHEN throttles.window_started_at < $3 THEN 1 ELSE throttles.failures + 1 END, \
               blocked_until = CASE WHEN throttles.window_started_at < $3 THEN NULL ELSE throttles.blocked_until END, \
               window_started_at = CASE WHEN throttles.window_started_at < $3 THEN $2 ELSE throttles.window_started_at END, \
               expires_at = $4 \
               RETURNING key, failures, window_started_at, blocked_until, expires_at";
    let values = [
        key.into(),
        now.millis().into(),
        window_since.millis().into(),
        expires_at.millis().into(),
    ];
    let row = tx.0.row(sql, values).await?;
    let row = row.ok_or_else(|| Error::unreadable("throttles"))?;
    Model::from_query_result(&row, "")?.try_into()
}

/// Blocks a key that was counted before.
///
/// # Errors
/// Why it could not be written.
pub async fn advance_throttle_blocked(
    tx: &Tx,
    key: &str,
    until: Timestamp,
) -> Result<Advanced, Error> {
    let sql = "UPDATE throttles SET blocked_until = $2 WHERE key = $1";
    let values = [key.into(), until.millis().into()];
    Ok(Advanced::of(tx.0.change(sql, values).await?))
}

/// Forgets a key, after a success.
///
/// # Errors
/// Why it could not be deleted.
pub async fn delete_throttle(tx: &Tx, key: &str) -> Result<(), Error> {
    tx.0.change("DELETE FROM throttles WHERE key = $1", [key.into()])
        .await?;
    Ok(())
}
