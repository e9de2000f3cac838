//! What a person approved becomes one transfer: the conditional updates that see to it, in the
//! transaction that writes the transfer.

use protocol::{
    ids::{ClientId, ConsentId, TransferId},
    time::Timestamp,
};
use store::{
    Advanced, Reads, Tx,
    consents::{
        ConsentRecord, advance_consent_payment_released, advance_consent_payment_used, find_consent,
    },
    pending_transfers::{
        advance_pending_transfer_executed, advance_pending_transfer_released, find_pending_transfer,
    },
    transfers::{TransferRecord, TransferStatus, find_transfer},
};

use super::TransferRefusal;
use crate::access::Access;

/// Why a transaction stopped: rolled back, nothing written.
pub(super) enum Stopped {
    Refused(TransferRefusal),
    Failed(store::Error),
}

impl From<store::Error> for Stopped {
    fn from(error: store::Error) -> Self {
        Self::Failed(error)
    }
}

/// The pending transfer that the person behind a token approved.
pub(super) fn approved_pending(access: &Access) -> Option<TransferId> {
    access.consent.as_ref()?.scope.pending_transfers().next()
}

/// Uses up the payment that the consent is for, if it is for one.
pub(super) async fn use_payment(tx: &Tx, transfer: &TransferRecord) -> Result<(), Stopped> {
    let Some(id) = &transfer.consent_id else {
        return Ok(());
    };
    if advance_consent_payment_used(tx, id, &transfer.id).await? == Advanced::Yes {
        return Ok(());
    }
    // Refused because it is not about a payment, or because it was used, or because it has ended.
    let consent = find_consent(tx, id).await?;
    if consent
        .as_ref()
        .is_some_and(|consent| consent.payment.is_none())
    {
        return Ok(());
    }
    let used = used_payment(tx, consent.as_ref()).await?;
    let earlier = consent.and_then(|consent| consent.payment_used_by);
    if let (None, Some(rejected)) = (&used, earlier)
        && advance_consent_payment_released(tx, id, &rejected).await? == Advanced::Yes
        && advance_consent_payment_used(tx, id, &transfer.id).await? == Advanced::Yes
    {
        return Ok(());
    }
    Err(Stopped::Refused(TransferRefusal::PaymentUsed(used)))
}

/// Turns the pending transfer into this transfer. Several people may have approved the same one, each
/// with a consent of their own: here only one of them comes through.
pub(super) async fn use_pending(
    tx: &Tx,
    pending: &TransferId,
    client: &ClientId,
    transfer: &TransferId,
    now: Timestamp,
) -> Result<(), Stopped> {
    // At most one round more than tries that the bank rejected and nobody has tidied up after.
    for _ in 0..3 {
        if advance_pending_transfer_executed(tx, pending, client, transfer, now).await?
            == Advanced::Yes
        {
            return Ok(());
        }
        let found = find_pending_transfer(tx, pending).await?;
        let earlier = found.as_ref().and_then(|found| found.executed_by.clone());
        if let Some(used) = counted(tx, earlier.as_ref()).await? {
            return Err(Stopped::Refused(TransferRefusal::PaymentUsed(Some(used))));
        }
        if found.is_none_or(|found| now >= found.valid_until || found.client_id != *client) {
            return Err(Stopped::Refused(TransferRefusal::PaymentExpired));
        }
        if let Some(rejected) = earlier {
            let _whoever_was_first = advance_pending_transfer_released(tx, &rejected).await?;
        }
    }
    Err(Stopped::Failed(store::Error::Busy))
}

/// Gives back what stood for a transfer for which no money moved, so that a later try can succeed.
pub(super) async fn release(
    tx: &Tx,
    consent: Option<&ConsentId>,
    transfer: &TransferId,
) -> Result<(), store::Error> {
    if let Some(consent) = consent {
        let _only_if_it_was_a_payment =
            advance_consent_payment_released(tx, consent, transfer).await?;
    }
    let _only_if_it_was_pending = advance_pending_transfer_released(tx, transfer).await?;
    Ok(())
}

/// The transfer that the one payment of a consent became.
pub(super) async fn used_payment(
    db: &impl Reads,
    consent: Option<&ConsentRecord>,
) -> Result<Option<TransferId>, store::Error> {
    counted(
        db,
        consent.and_then(|consent| consent.payment_used_by.as_ref()),
    )
    .await
}

/// The transfer that a payment became, if it counts. One that the bank rejected does not, also when the
/// process was killed before it could give the payment back.
pub(super) async fn counted(
    db: &impl Reads,
    used_by: Option<&TransferId>,
) -> Result<Option<TransferId>, store::Error> {
    let Some(used) = used_by else {
        return Ok(None);
    };
    let transfer = find_transfer(db, used).await?;
    let rejected = transfer.is_some_and(|transfer| transfer.status == TransferStatus::Rejected);
    Ok((!rejected).then(|| used.clone()))
}
