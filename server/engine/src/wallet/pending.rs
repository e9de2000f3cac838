//! Pending transfers: an app writes a payment down and then asks a person for it by its id, with the scope
//! `transferFunds:<transferId>`.
//!
//! | what | choice |
//! |---|---|
//! | who makes one | an app whose token has `transferFunds`; no person is needed, no money moves |
//! | who sees one | the app that made it; for others it does not exist |
//! | the scope of the token | stays `transferFunds:<transferId>`: good for that payment, once, and nothing else |
//! | two people approve the same one | money moves for the first that is executed; the other token pays nothing |
//! | its time is over | it can be neither approved nor executed any more |
//! | the bank rejects it | it is given back, and may be executed as long as its time is not over |

use protocol::{
    ids::TransferId,
    payment::Payment,
    pending_transfer::{PendingState, PendingTransfer},
    time::Timestamp,
};
use store::{
    consents::find_consent,
    idempotency::{IdempotencyRecord, find_idempotency_key},
    pending_transfers::{PendingTransferRecord, find_pending_transfer, insert_pending_transfer},
};

use super::{
    NewTransfer, TransferRefusal,
    key::{claim_key, is_key},
    once::counted,
};
use crate::{
    Engine,
    access::{Access, holds},
    error::{Error, Result},
};

/// A pending transfer as its app sees it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WaitingTransfer {
    /// Its id, for the scope `transferFunds:<transferId>`.
    pub id: TransferId,
    /// What it is now.
    pub state: PendingState,
    /// How much, to whom.
    pub payment: Payment,
    /// The transfer that it became.
    pub executed_as: Option<TransferId>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Until when it can be approved and executed.
    pub valid_until: Timestamp,
}

impl Engine {
    /// Writes a payment down, once per key. Nothing moves, and nobody is asked yet.
    ///
    /// # Errors
    /// When storage failed; what the app did wrong is the inner result.
    pub async fn make_pending_transfer(
        &self,
        access: &Access,
        payment: &Payment,
        key: Option<&str>,
    ) -> Result<Result<WaitingTransfer, TransferRefusal>> {
        if key.is_some_and(|key| !is_key(key)) {
            return Ok(Err(TransferRefusal::BadKey));
        }
        let now = self.env.now();
        let digest = NewTransfer {
            payment: payment.clone(),
            from: None,
        }
        .digest();
        if let Some(key) = key {
            let known =
                find_idempotency_key(self.env.store.reader(), &access.client, None, key).await?;
            if let Some(known) = known.filter(|known| now < known.expires_at) {
                return self.made_before(&known, &digest).await;
            }
        }
        let settings = &self.env.settings;
        let valid_until = now + settings.pending_transfer_lifetime;
        let pending = PendingTransferRecord {
            id: TransferId::new(self.env.id()),
            client_id: access.client.clone(),
            payment: payment.clone(),
            approved_by: None,
            executed_by: None,
            created_at: now,
            valid_until,
            // Longer than any key that stands for it.
            expires_at: valid_until + settings.idempotency_lifetime,
        };
        let claim = key.map(|key| IdempotencyRecord {
            client_id: access.client.clone(),
            user_id: None,
            key: key.to_owned(),
            request_digest: digest,
            transfer_id: pending.id.clone(),
            response: None,
            created_at: now,
            expires_at: now + settings.idempotency_lifetime,
        });
        let row = pending.clone();
        let before = self
            .env
            .store
            .write::<_, Error, _>(move |tx| {
                Box::pin(async move {
                    if let Some(claim) = &claim
                        && let Some(known) = claim_key(tx, claim, now).await?
                    {
                        return Ok(Some(known));
                    }
                    insert_pending_transfer(tx, &row).await?;
                    Ok(None)
                })
            })
            .await?;
        match before {
            Some(known) => self.made_before(&known, &digest).await,
            None => Ok(Ok(self.waiting(pending).await?)),
        }
    }

    /// A pending transfer of this app.
    pub async fn pending_transfer(
        &self,
        access: &Access,
        id: &TransferId,
    ) -> Result<Option<WaitingTransfer>> {
        let found = find_pending_transfer(self.env.store.reader(), id).await?;
        match found.filter(|found| found.client_id == access.client) {
            Some(found) => Ok(Some(self.waiting(found).await?)),
            None => Ok(None),
        }
    }

    /// What an authorize request names, for `protocol` to judge.
    pub(crate) async fn named_pending_transfer(
        &self,
        id: &TransferId,
    ) -> Result<Option<PendingTransfer>> {
        let reader = self.env.store.reader();
        let Some(found) = find_pending_transfer(reader, id).await? else {
            return Ok(None);
        };
        let executed = counted(reader, found.executed_by.as_ref()).await?;
        Ok(Some(PendingTransfer {
            id: found.id,
            client_id: found.client_id,
            payment: found.payment,
            valid_until: found.valid_until,
            is_executed: executed.is_some(),
        }))
    }

    /// The pending transfer that a key stands for.
    async fn made_before(
        &self,
        known: &IdempotencyRecord,
        digest: &[u8; 32],
    ) -> Result<Result<WaitingTransfer, TransferRefusal>> {
        if known.request_digest != *digest {
            return Ok(Err(TransferRefusal::KeyUsed));
        }
        let found = find_pending_transfer(self.env.store.reader(), &known.transfer_id)
            .await?
            .ok_or_else(|| {
                Error::Broken(format!(
                    "no pending transfer {} for its key",
                    known.transfer_id
                ))
            })?;
        Ok(Ok(self.waiting(found).await?))
    }

    /// What a pending transfer is now: by what was written and by the time.
    async fn waiting(&self, found: PendingTransferRecord) -> Result<WaitingTransfer> {
        let (reader, now) = (self.env.store.reader(), self.env.now());
        let executed_as = counted(reader, found.executed_by.as_ref()).await?;
        let is_approved = match &found.approved_by {
            Some(consent) if executed_as.is_none() => find_consent(reader, consent)
                .await?
                .is_some_and(|consent| holds(&consent, now)),
            _ => false,
        };
        Ok(WaitingTransfer {
            id: found.id,
            state: PendingState::of(executed_as.is_some(), is_approved, found.valid_until, now),
            payment: found.payment,
            executed_as,
            created_at: found.created_at,
            valid_until: found.valid_until,
        })
    }
}
