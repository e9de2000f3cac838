//! Moving money: the order is written down before the bank is asked, and whatever happens after that
//! ends in one movement or none.

use std::time::Duration;

use protocol::{
    ids::{TransferId, UserId},
    time::Timestamp,
};
use store::{
    consents::find_consent,
    idempotency::{IdempotencyRecord, delete_idempotency_keys_of_transfer, find_idempotency_key},
    pending_transfers::find_pending_transfer,
    transfers::{
        TransferRecord, TransferStatus, advance_transfer_booked, advance_transfer_rejected,
        find_pending_transfers, find_transfer, insert_transfer,
    },
};

use super::{
    Direction, NewTransfer, Transfer, TransferRefusal, TransferState,
    choice::{choose, difference},
    key::{claim_key, is_key},
    once::{Stopped, approved_pending, counted, release, use_payment, use_pending, used_payment},
    person, view,
};
use crate::{
    Engine,
    access::Access,
    bank::{BankAccount, Rejection, TransferOrder, TransferOutcome},
    error::{Error, Result},
};

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
                find_idempotency_key(self.env.store.reader(), &access.client, Some(user), key)
                    .await?;
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
        let pending = approved_pending(access);
        match self
            .begin_transfer(transfer.clone(), claim, pending)
            .await?
        {
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
        if let Some(pending) = approved_pending(access) {
            if approved.is_none() {
                return Err(Error::Broken(format!(
                    "a consent to the pending transfer {pending} without its payment"
                )));
            }
            if let Err(refusal) = self.still_pending(&pending).await? {
                return Ok(Err(refusal));
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

    /// Whether a pending transfer can be executed. Asked so that the answer is right, also when the
    /// account is empty by now; the transaction below decides.
    async fn still_pending(&self, pending: &TransferId) -> Result<Result<(), TransferRefusal>> {
        let reader = self.env.store.reader();
        let found = find_pending_transfer(reader, pending).await?;
        let executed_by = found.as_ref().and_then(|found| found.executed_by.as_ref());
        if let Some(used) = counted(reader, executed_by).await? {
            return Ok(Err(TransferRefusal::PaymentUsed(Some(used))));
        }
        let now = self.env.now();
        Ok(if found.is_some_and(|found| now < found.valid_until) {
            Ok(())
        } else {
            Err(TransferRefusal::PaymentExpired)
        })
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
            user_id: Some(user.clone()),
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
        pending: Option<TransferId>,
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
                    if let (Some(pending), Some(client)) = (&pending, &transfer.client_id) {
                        use_pending(tx, pending, client, &transfer.id, now).await?;
                    }
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
                    release(tx, transfer.consent_id.as_ref(), id).await?;
                    if let (Some(client), Some(user)) = (&transfer.client_id, &transfer.user_id) {
                        delete_idempotency_keys_of_transfer(tx, client, Some(user), id).await?;
                    }
                    Ok(())
                })
            })
            .await
    }
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
