//! The outbox of callbacks: what an app is told is a row, written in the transaction that causes it; a job
//! sends it.

use protocol::{
    ids::{CallbackId, ClientId},
    time::Timestamp,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::{
    Advanced, Error, Reads, Tx,
    entities::callbacks::{Column, Entity, Model},
    outgoing::{advance_failed, advance_sent},
    values::{all, count, insert, instant, millis},
};

/// One callback.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CallbackRecord {
    /// Its id.
    pub id: CallbackId,
    /// The client that is told.
    pub client_id: ClientId,
    /// Where.
    pub address: String,
    /// What: the text that is signed when it is sent.
    pub event: String,
    /// Since when.
    pub created_at: Timestamp,
    /// How often sending was tried in vain.
    pub attempts: u32,
    /// Before when it is not tried.
    pub next_attempt_at: Timestamp,
    /// When it was sent, if it was.
    pub sent_at: Option<Timestamp>,
    /// What went wrong last.
    pub last_error: Option<String>,
    /// When the sweep may delete the row.
    pub expires_at: Timestamp,
}

impl TryFrom<Model> for CallbackRecord {
    type Error = Error;

    fn try_from(row: Model) -> Result<Self, Error> {
        Ok(Self {
            id: CallbackId::new(row.id),
            client_id: ClientId::new(row.client_id),
            address: row.address,
            event: row.event,
            created_at: Timestamp::from_millis(row.created_at),
            attempts: count(row.attempts, "callbacks.attempts")?,
            next_attempt_at: Timestamp::from_millis(row.next_attempt_at),
            sent_at: instant(row.sent_at),
            last_error: row.last_error,
            expires_at: Timestamp::from_millis(row.expires_at),
        })
    }
}

/// Writes a new callback.
///
/// # Errors
/// [`Error::Conflict`] when the id was used.
pub async fn insert_callback(tx: &Tx, callback: &CallbackRecord) -> Result<(), Error> {
    let row = Model {
        id: callback.id.as_str().to_owned(),
        client_id: callback.client_id.as_str().to_owned(),
        address: callback.address.clone(),
        event: callback.event.clone(),
        created_at: callback.created_at.millis(),
        attempts: callback.attempts.into(),
        next_attempt_at: callback.next_attempt_at.millis(),
        sent_at: millis(callback.sent_at),
        last_error: callback.last_error.clone(),
        expires_at: callback.expires_at.millis(),
    };
    insert(&tx.0, row).await
}

/// Callbacks that wait to be sent and may be tried at `now`, most patient first.
///
/// # Errors
/// Why they could not be read.
pub async fn find_due_callbacks(
    db: &impl Reads,
    now: Timestamp,
    limit: u64,
) -> Result<Vec<CallbackRecord>, Error> {
    let rows = Entity::find()
        .filter(Column::SentAt.is_null())
        .filter(Column::NextAttemptAt.lte(now.millis()))
        .order_by_asc(Column::NextAttemptAt)
        .order_by_asc(Column::Id)
        .limit(limit)
        .all(db.link())
        .await?;
    all(rows)
}

/// Notes that a callback was sent; `No` when it was before.
///
/// # Errors
/// Why it could not be written.
pub async fn advance_callback_sent(
    tx: &Tx,
    callback: &CallbackId,
    now: Timestamp,
) -> Result<Advanced, Error> {
    advance_sent(tx, "callbacks", callback.as_str(), now).await
}

/// Notes that sending failed, and when to try again.
///
/// # Errors
/// Why it could not be written.
pub async fn advance_callback_failed(
    tx: &Tx,
    callback: &CallbackId,
    error: &str,
    next_attempt_at: Timestamp,
) -> Result<Advanced, Error> {
    advance_failed(tx, "callbacks", callback.as_str(), error, next_attempt_at).await
}
