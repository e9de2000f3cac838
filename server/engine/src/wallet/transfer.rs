//! Moving money: the order is written down before the bank is asked, and whatever happens after that
//! ends in one movement or none.

use std::time::Duration;

use protocol::{
    ids::{TransferId, UserId},
    time::Timestamp,
};
use store::{
    Advanced, Reads, Tx,
    consents::{
        ConsentRecord, advance_consent_payment_released, advance_consent_payment_used, find_consent,
    },
    idempotency::{
        IdempotencyRecord, delete_idempotency_key, delete_idempotency_keys_of_transfer,
        find_idempotency_key, insert_idempotency_key,
    },
    transfers::{
        TransferRecord, TransferStatus, advance_transfer_booked, advance_transfer_rejected,
        find_pending_transfers, find_transfer, insert_transfer,
    },
};

use super::{
    Direction, LONGEST_KEY, NewTransfer, Transfer, TransferRefusal, TransferState,
    choice::{choose, difference},
    person, view,
};
use crate::{
    Engine,
    access::Access,
    bank::{BankAccount, Rejection, TransferOrder, TransferOutcome},
    error::{Error, Result},
};

/// Why a transaction stopped: rolled back, nothing written.
enum Stopped {
    Refused(TransferRefusal),
    Failed(store::Error),
}

impl From<store::Error> for Stopped {
    fn from(error: store::Error) -> Self {
        Self::Failed(error)
    }
}

/// What the first transaction found.
enum Began {
    /// Row and key are written.
    Now,
    /// The key was there before.
    Before(IdempotencyRecord),
}

impl Engine {
    /// Moves money for the person behind the token, once per key.
    ///
    /// # Errors
    /// When storage failed before anything was written: no money moves. What the app did wrong is
    /// the inner result. Once the order is written, there are no more errors: the answer may then be a
    /// transfer that is still pending.
    pub async fn transfer(
        &self,
        access: &Access,
        new: &NewTransfer,
        key: Option<&str>,
    ) -> Result<Result<Transfer, TransferRefusal>> {
        if key.is_some_and(|key| !is_key(key)) {
            return Ok(Err(TransferRefusal::BadKey));
        }
        let user = person(access)?;
        if let Some(key) = key {
            let known =
                find_idempotency_key(self.env.store.reader(), &access.client, user, key).await?;
            if let Some(known) = known.filter(|known| self.env.now() < known.expires_at) {
                return self.same_again(&known, new).await;
            }
        }
        let payer = match self.payer(access, new).await? {
            Ok(payer) => payer,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let transfer = self.ordered(access, user, new, &payer);
        let claim = key.map(|key| self.claim(access, user, new, key, &transfer.id));
        match self.begin_transfer(transfer.clone(), claim).await? {
            Ok(Began::Now) => Ok(self.execute_or_leave(transfer).await),
            Ok(Began::Before(known)) => self.same_again(&known, new).await,
            Err(refusal) => Ok(Err(refusal)),
        }
    }

    /// Goes on with transfers that a process left pending: ordered longer than `idle` ago, at most
    /// `limit`. Answers how many were settled. For a job; any number of nodes may do it at once.
    pub async fn resume_transfers(&self, idle: Duration, limit: u64) -> Result<usize> {
        let before = self.env.now() - idle;
        let mut settled = 0;
        for transfer in find_pending_transfers(self.env.store.reader(), before, limit).await? {
            let id = transfer.id.clone();
            match self.execute(transfer).await {
                Ok(Ok(transfer)) if transfer.status == TransferState::Pending => {}
                Ok(_) => settled += 1,
                // One order that the bank does not understand must not hold up the others.
                Err(error) => {
                    tracing::error!(transfer = %id, %error, "a pending transfer was not resumed")
                }
            }
        }
        Ok(settled)
    }

    /// The transfer that a key stands for, wherever it stopped.
    async fn same_again(
        &self,
        known: &IdempotencyRecord,
        new: &NewTransfer,
    ) -> Result<Result<Transfer, TransferRefusal>> {
        if known.request_digest != new.digest() {
            return Ok(Err(TransferRefusal::KeyUsed));
        }
        let transfer = find_transfer(self.env.store.reader(), &known.transfer_id)
            .await?
            .ok_or_else(|| {
                Error::Broken(format!("no transfer {} for its key", known.transfer_id))
            })?;
        match transfer.status {
            TransferStatus::Pending => return Ok(self.execute_or_leave(transfer).await),
            // A process was killed before it could forget the key.
            TransferStatus::Rejected => {
                self.note_rejected(transfer.clone(), rejection(&transfer))
                    .await?
            }
            TransferStatus::Booked => {}
        }
        Ok(settled(transfer))
    }

    /// The account that pays: one that the person chose, of the right currency, with enough on it.
    async fn payer(
        &self,
        access: &Access,
        new: &NewTransfer,
    ) -> Result<Result<BankAccount, TransferRefusal>> {
        let approved = access
            .consent
            .as_ref()
            .and_then(|consent| consent.payment.as_ref());
        if let (Some(approved), Some(consent)) = (approved, &access.consent) {
            if let Some(field) = difference(&new.payment, approved) {
                return Ok(Err(TransferRefusal::PaymentDiffers(field)));
            }
            // Read afresh, so that the answer is right; the transaction below decides.
            let consent = find_consent(self.env.store.reader(), &consent.id).await?;
            if let Some(used) = used_payment(self.env.store.reader(), consent.as_ref()).await? {
                return Ok(Err(TransferRefusal::PaymentUsed(Some(used))));
            }
        }
        let chosen = self.chosen_accounts(access).await?;
        let payer = match choose(&chosen, new) {
            Ok(payer) => payer,
            Err(refusal) => return Ok(Err(refusal)),
        };
        // The bank decides again. This keeps a hopeless order from leaving a trace.
        if payer.available.minor < new.payment.amount.minor {
            return Ok(Err(TransferRefusal::Rejected(Rejection::TooLittleMoney)));
        }
        Ok(Ok(payer.clone()))
    }

    fn ordered(
        &self,
        access: &Access,
        user: &UserId,
        new: &NewTransfer,
        payer: &BankAccount,
    ) -> TransferRecord {
        TransferRecord {
            id: TransferId::new(self.env.id()),
            from_account: Some(payer.id.clone()),
            to_account: None,
            from_iban: payer.iban.clone(),
            from_name: payer.owner_name.clone(),
            to_iban: new.payment.creditor_iban.clone(),
            to_name: new.payment.creditor_name.clone(),
            amount: new.payment.amount,
            reference: new.payment.reference.clone().unwrap_or_default(),
            status: TransferStatus::Pending,
            reason: None,
            client_id: Some(access.client.clone()),
            user_id: Some(user.clone()),
            consent_id: access.consent.as_ref().map(|consent| consent.id.clone()),
            created_at: self.env.now(),
            booked_at: None,
        }
    }

    fn claim(
        &self,
        access: &Access,
        user: &UserId,
        new: &NewTransfer,
        key: &str,
        transfer: &TransferId,
    ) -> IdempotencyRecord {
        let now = self.env.now();
        IdempotencyRecord {
            client_id: access.client.clone(),
            user_id: user.clone(),
            key: key.to_owned(),
            request_digest: new.digest(),
            transfer_id: transfer.clone(),
            response: None,
            created_at: now,
            expires_at: now + self.env.settings.idempotency_lifetime,
        }
    }

    /// Writes row, key and use of the payment, all or nothing.
    async fn begin_transfer(
        &self,
        transfer: TransferRecord,
        claim: Option<IdempotencyRecord>,
    ) -> Result<Result<Began, TransferRefusal>> {
        let now = self.env.now();
        let began = self
            .env
            .store
            .write::<_, Stopped, _>(move |tx| {
                Box::pin(async move {
                    if let Some(claim) = &claim
                        && let Some(known) = claim_key(tx, claim, now).await?
                    {
                        return Ok(Began::Before(known));
                    }
                    use_payment(tx, &transfer).await?;
                    insert_transfer(tx, &transfer).await?;
                    Ok(Began::Now)
                })
            })
            .await;
        match began {
            Ok(began) => Ok(Ok(began)),
            Err(Stopped::Refused(refusal)) => Ok(Err(refusal)),
            Err(Stopped::Failed(error)) => Err(error.into()),
        }
    }

    /// As [`Engine::execute`]; but once the order is written down, a bank that cannot be asked is no
    /// failure of the request. The transfer stays pending and is resumed. To answer with an error would
    /// invite an app without a key to order a second time.
    async fn execute_or_leave(
        &self,
        transfer: TransferRecord,
    ) -> Result<Transfer, TransferRefusal> {
        match self.execute(transfer.clone()).await {
            Ok(outcome) => outcome,
            Err(error) => {
                tracing::warn!(transfer = %transfer.id, %error, "a transfer stays pending for now");
                Ok(view(transfer, Direction::Out))
            }
        }
    }

    /// Asks the bank to move the money of a pending transfer, and remembers what it said.
    async fn execute(&self, transfer: TransferRecord) -> Result<Result<Transfer, TransferRefusal>> {
        let Some(from) = transfer.from_account.clone() else {
            return Err(Error::Broken(format!(
                "transfer {} has no account to pay from",
                transfer.id
            )));
        };
        let order = TransferOrder {
            id: transfer.id.clone(),
            from,
            amount: transfer.amount,
            creditor_name: transfer.to_name.clone(),
            creditor_iban: transfer.to_iban.clone(),
            reference: transfer.reference.clone(),
        };
        let outcome = self.env.bank.execute(order).await?;
        let id = transfer.id.clone();
        match outcome {
            TransferOutcome::Accepted => return Ok(Ok(view(transfer, Direction::Out))),
            TransferOutcome::Booked { at } => {
                tracing::info!(transfer = %id, "a transfer was booked");
                self.note_booked(&id, at).await?;
            }
            TransferOutcome::Rejected(rejection) => {
                tracing::info!(transfer = %id, %rejection, "a transfer was rejected");
                self.note_rejected(transfer, rejection).await?;
            }
        }
        let transfer = find_transfer(self.env.store.reader(), &id)
            .await?
            .ok_or_else(|| Error::Broken(format!("transfer {id} is gone")))?;
        Ok(settled(transfer))
    }

    /// The built-in ledger has written it with the entries; another bank has not.
    async fn note_booked(&self, id: &TransferId, at: Timestamp) -> Result<()> {
        let known = find_transfer(self.env.store.reader(), id).await?;
        if known.is_none_or(|transfer| transfer.status != TransferStatus::Pending) {
            return Ok(());
        }
        let id = id.clone();
        self.env
            .store
            .write::<_, Error, _>(move |tx| {
                Box::pin(async move {
                    let _another_call_may_have_noted_it =
                        advance_transfer_booked(tx, &id, at).await?;
                    Ok(())
                })
            })
            .await
    }

    /// Nothing was moved: the key is forgotten and the payment given back, so that a later try can
    /// succeed. The row stays, as what happened.
    async fn note_rejected(&self, transfer: TransferRecord, rejection: Rejection) -> Result<()> {
        self.env
            .store
            .write::<_, Error, _>(move |tx| {
                Box::pin(async move {
                    let id = &transfer.id;
                    let _the_ledger_has_noted_it =
                        advance_transfer_rejected(tx, id, rejection.as_str()).await?;
                    if let Some(consent) = &transfer.consent_id {
                        let _only_if_it_was_a_payment =
                            advance_consent_payment_released(tx, consent, id).await?;
                    }
                    if let (Some(client), Some(user)) = (&transfer.client_id, &transfer.user_id) {
                        delete_idempotency_keys_of_transfer(tx, client, user, id).await?;
                    }
                    Ok(())
                })
            })
            .await
    }
}

/// Claims the key; `Some` when it stands for an earlier request.
async fn claim_key(
    tx: &Tx,
    claim: &IdempotencyRecord,
    now: Timestamp,
) -> Result<Option<IdempotencyRecord>, store::Error> {
    // At most one round more than keys that have run out and were not swept yet.
    for _ in 0..3 {
        if insert_idempotency_key(tx, claim).await? == Advanced::Yes {
            return Ok(None);
        }
        let (client, user, key) = (&claim.client_id, &claim.user_id, &claim.key);
        match find_idempotency_key(tx, client, user, key).await? {
            Some(known) if now < known.expires_at => return Ok(Some(known)),
            Some(old) => {
                let _whoever_was_first =
                    delete_idempotency_key(tx, client, user, key, &old.transfer_id).await?;
            }
            None => {}
        }
    }
    Err(store::Error::Busy)
}

/// Uses up the payment that the consent is for, if it is for one.
async fn use_payment(tx: &Tx, transfer: &TransferRecord) -> Result<(), Stopped> {
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

/// The transfer that the one payment of a consent became. A transfer that the bank rejected does not
/// count, also when the process was killed before it could give the payment back.
async fn used_payment(
    db: &impl Reads,
    consent: Option<&ConsentRecord>,
) -> Result<Option<TransferId>, store::Error> {
    let Some(used) = consent.and_then(|consent| consent.payment_used_by.clone()) else {
        return Ok(None);
    };
    let transfer = find_transfer(db, &used).await?;
    let rejected = transfer.is_some_and(|transfer| transfer.status == TransferStatus::Rejected);
    Ok((!rejected).then_some(used))
}

/// What is told of a transfer that is decided.
fn settled(transfer: TransferRecord) -> Result<Transfer, TransferRefusal> {
    match transfer.status {
        TransferStatus::Rejected => Err(TransferRefusal::Rejected(rejection(&transfer))),
        TransferStatus::Pending | TransferStatus::Booked => Ok(view(transfer, Direction::Out)),
    }
}

/// Why a rejected transfer was rejected.
fn rejection(transfer: &TransferRecord) -> Rejection {
    transfer
        .reason
        .as_deref()
        .and_then(Rejection::of)
        .unwrap_or(Rejection::AccountClosed)
}

fn is_key(key: &str) -> bool {
    (1..=LONGEST_KEY).contains(&key.len())
        && key
            .bytes()
            .all(|byte| byte.is_ascii_graphic() || byte == b' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_visible_and_not_endless() {
        assert!(is_key("order-7") && is_key(&"k".repeat(255)) && is_key("a b"));
        assert!(!is_key("") && !is_key(&"k".repeat(256)) && !is_key("ž") && !is_key("a\nb"));
    }
}
