//! Pending transfers: payments that an app wrote down, and which transfer each of them became.

use protocol::{
    ids::{ClientId, ConsentId, TransferId},
    payment::Payment,
    time::Timestamp,
};
use sea_orm::EntityTrait;

use crate::{
    Advanced, Error, Reads, Tx,
    entities::pending_transfers::{Entity, Model},
    values::{from_json, insert, to_json},
};

/// A payment that waits for a person. What it is at a moment is not a column: whoever reads
/// compares `executed_by` and `valid_until`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PendingTransferRecord {
    /// Its id.
    pub id: TransferId,
    /// The client that made it.
    pub client_id: ClientId,
    /// How much, to whom.
    pub payment: Payment,
    /// What the person who approved it last allowed.
    pub approved_by: Option<ConsentId>,
    /// The transfer that it became.
    pub executed_by: Option<TransferId>,
    /// Since when.
    pub created_at: Timestamp,
    /// Until when it can be approved and executed.
    pub valid_until: Timestamp,
    /// When the sweep may delete the row: later than `valid_until`, so that the app can look back.
    pub expires_at: Timestamp,
}

impl TryFrom<Model> for PendingTransferRecord {
    type Error = Error;

    fn try_from(row: Model) -> Result<Self, Error> {
        Ok(Self {
            id: TransferId::new(row.id),
            client_id: ClientId::new(row.client_id),
            payment: from_json(&row.payment, "pending_transfers.payment")?,
            approved_by: row.approved_by.map(ConsentId::new),
            executed_by: row.executed_by.map(TransferId::new),
            created_at: Timestamp::from_millis(row.created_at),
            valid_until: Timestamp::from_millis(row.valid_until),
            expires_at: Timestamp::from_millis(row.expires_at),
        })
    }
}

/// Writes a new pending transfer.
///
/// # Errors
/// [`Error::Conflict`] when the id was used.
pub async fn insert_pending_transfer(
    tx: &Tx,
    pending: &PendingTransferRecord,
) -> Result<(), Error> {
    let row = Model {
        id: pending.id.as_str().to_owned(),
        client_id: pending.client_id.as_str().to_owned(),
        payment: to_json(&pending.payment)?,
        approved_by: pending
            .approved_by
            .as_ref()
            .map(|id| id.as_str().to_owned()),
        executed_by: pending
            .executed_by
            .as_ref()
            .map(|id| id.as_str().to_owned()),
        created_at: pending.created_at.millis(),
        valid_until: pending.valid_until.millis(),
        expires_at: pending.expires_at.millis(),
    };
    insert(&tx.0, row).await
}

/// The pending transfer with this id, whosever it is.
///
/// # Errors
/// Why it could not be read.
pub async fn find_pending_transfer(
    db: &impl Reads,
    pending: &TransferId,
) -> Result<Option<PendingTransferRecord>, Error> {
    let row = Entity::find_by_id(pending.as_str()).one(db.link()).await?;
    row.map(PendingTransferRecord::try_from).transpose()
}

/// Notes what a person allowed; a later approval takes the place of an earlier one. `No` when it was
/// executed, when its time is over, or when it is not there.
///
/// # Errors
/// Why it could not be written.
pub async fn advance_pending_transfer_approved(
    tx: &Tx,
    pending: &TransferId,
    consent: &ConsentId,
    now: Timestamp,
) -> Result<Advanced, Error> {
    let sql = "UPDATE pending_transfers SET approved_by = $2 \
               WHERE id = $1 AND executed_by IS NULL AND valid_until > $3";
    let values = [
        pending.as_str().into(),
        consent.as_str().into(),
        now.millis().into(),
    ];
    Ok(Advanced::of(tx.0.change(sql, values).await?))
}

/// Turns it into a transfer of its client; `No` when it became one before, when its time is over, or when it is
/// not there. Of any number of approvals and calls, one gets `Yes`.
///
/// # Errors
/// Why it could not be written.
pub async fn advance_pending_transfer_executed(
    tx: &Tx,
    pending: &TransferId,
    client: &ClientId,
    transfer: &TransferId,
    now: Timestamp,
) -> Result<Advanced, Error> {
    let sql = "UPDATE pending_transfers SET executed_by = $3 \
               WHERE id = $1 AND client_id = $2 AND executed_by IS NULL AND valid_until > $4";
    let values = [
        pending.as_str().into(),
        client.as_str().into(),
        transfer.as_str().into(),
        now.millis().into(),
    ];
    Ok(Advanced::of(tx.0.change(sql, values).await?))
}

/// Gives back the pending transfer that became `transfer`, because no money moved for that; `No` when none
/// did.
///
/// # Errors
/// Why it could not be written.
pub async fn advance_pending_transfer_released(
    tx: &Tx,
    transfer: &TransferId,
) -> Result<Advanced, Error> {
    let sql = "UPDATE pending_transfers SET executed_by = NULL WHERE executed_by = $1";
    let values = [transfer.as_str().into()];
    Ok(Advanced::of(tx.0.change(sql, values).await?))
}
