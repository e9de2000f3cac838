//! Writing moves down, asking the bank, and writing down what it said.

use std::time::Duration;

use protocol::{
    ids::{CallbackId, ReservationId, TraceId, TransferId},
    time::Timestamp,
    wallet_api::transaction::{AcceptedBy, CallbackTo, TransactionStatus, total},
};
use serde_json::json;
use store::{
    Advanced,
    audit::{AuditRecord, insert_audit_event},
    callbacks::{CallbackRecord, insert_callback},
    numbers::{Numbered, number_of},
    wallet_transactions::{Step, WalletTransactionRecord, advance_wallet_transaction},
};

use super::{TRIES, told, too_busy};
use crate::{
    Engine,
    bank::{
        CaptureOrder, CaptureOutcome, CapturePayment, Rejection, ReleaseOutcome, ReserveOrder,
        ReserveOutcome,
    },
    callbacks::KEPT_CALLBACK,
    error::{Error, Result},
};

/// For how long an accepted transaction can be looked back at after its time was over: thirteen months, as long as a
/// payer may claim a payment back (Directive (EU) 2015/2366, Article 71).
const KEPT: Duration = Duration::from_secs(396 * 24 * 3_600);

/// The same for one that nobody accepted.
pub(super) const KEPT_UNACCEPTED: Duration = Duration::from_secs(30 * 24 * 3_600);

/// What came of finishing what was begun.
pub(super) struct Settled {
    /// The row as it is now; no step is open.
    pub record: WalletTransactionRecord,
    /// Why the bank did not set the money aside.
    pub rejection: Option<Rejection>,
}

impl Engine {
    /// Writes a changed row, what it tells its app, and what the audit trail keeps, in one transaction.
    /// After `Yes` the row's version is the new one.
    pub(super) async fn write_move(
        &self,
        record: &mut WalletTransactionRecord,
        callback: Option<CallbackRecord>,
        event: Option<AuditRecord>,
    ) -> Result<Advanced> {
        let mut row = record.clone();
        let written = self
            .env
            .store
            .write::<_, Error, _>(move |tx| {
                Box::pin(async move {
                    if let (Some(account), None) = (&row.account_id, row.wallet_number) {
                        let number = number_of(tx, Numbered::Wallet, account.as_str()).await?;
                        row.wallet_number = Some(number);
                    }
                    if advance_wallet_transaction(tx, &row).await? == Advanced::No {
                        return Ok(None);
                    }
                    if let Some(callback) = &callback {
                        insert_callback(tx, callback).await?;
                    }
                    if let Some(event) = &event {
                        insert_audit_event(tx, event).await?;
                    }
                    row.version += 1;
                    Ok(Some(row))
                })
            })
            .await?;
        let Some(row) = written else {
            return Ok(Advanced::No);
        };
        *record = row;
        Ok(Advanced::Yes)
    }

    /// Asks the bank about the open step of a row, and about those that follow, until none is open.
    pub(super) async fn settle(&self, mut record: WalletTransactionRecord) -> Result<Settled> {
        let mut rejection = None;
        for _ in 0..TRIES {
            let Some((step, _)) = record.step else {
                return Ok(Settled { record, rejection });
            };
            let mut next = record.clone();
            next.step = None;
            match step {
                Step::Reserving => rejection = self.reserve_money(&mut next).await?,
                Step::Confirming => self.capture_money(&mut next).await?,
                Step::Revoking => {
                    self.release_money(&mut next, TransactionStatus::Revoked)
                        .await?;
                }
                Step::Expiring => {
                    self.release_money(&mut next, TransactionStatus::Failed)
                        .await?;
                }
            }
            let callback = self.callback_about(&record, &next);
            record = match self.write_move(&mut next, callback, None).await? {
                Advanced::Yes => {
                    tracing::info!(client = %next.client_id, status = %next.status, "a transaction moved on");
                    next
                }
                // Another call settled it with the same answer of the bank.
                Advanced::No => self.transaction_again(&record.key).await?,
            };
        }
        Err(too_busy(&record.key))
    }

    async fn reserve_money(&self, next: &mut WalletTransactionRecord) -> Result<Option<Rejection>> {
        let account = next.account_id.clone().ok_or_else(|| halved(next))?;
        let order = ReserveOrder {
            id: reservation(next)?,
            account,
            amount: total(&next.payments, next.currency),
            creditor_iban: next.payee_iban.clone(),
        };
        let outcome = self.env.bank.reserve(order).await?;
        let now = self.env.now();
        match outcome {
            ReserveOutcome::Reserved => {
                next.status = TransactionStatus::Reserved;
                next.valid_until = next.terms.reserve.end(now);
                next.expires_at = next.valid_until + KEPT;
                if next.terms.auto_confirm {
                    next.step = Some((Step::Confirming, now));
                }
                Ok(None)
            }
            // The person may try again, with another account or later. That will be another
            // reservation, for this one has come to nothing for ever.
            ReserveOutcome::Rejected(rejection) => {
                next.accepted_by = None;
                next.user_id = None;
                next.account_id = None;
                next.wallet_number = None;
                next.reservation_id = None;
                Ok(Some(rejection))
            }
        }
    }

    async fn capture_money(&self, next: &mut WalletTransactionRecord) -> Result<()> {
        let id = reservation(next)?;
        let payments = next.payments.iter().enumerate();
        let order = CaptureOrder {
            payments: payments
                .map(|(at, payment)| CapturePayment {
                    id: TransferId::new(format!("{id}-{at}")),
                    amount: payment.amount,
                    creditor_name: next.payee_name.clone(),
                    creditor_iban: next.payee_iban.clone(),
                    reference: payment.description.clone(),
                })
                .collect(),
            id,
        };
        match self.env.bank.capture(order).await? {
            CaptureOutcome::Captured { at } => confirmed(next, at),
            CaptureOutcome::NotHeld => next.status = TransactionStatus::Failed,
        }
        Ok(())
    }

    async fn release_money(
        &self,
        next: &mut WalletTransactionRecord,
        status: TransactionStatus,
    ) -> Result<()> {
        match self.env.bank.release(&reservation(next)?).await? {
            ReleaseOutcome::Released => next.status = status,
            ReleaseOutcome::Captured { at } => confirmed(next, at),
        }
        Ok(())
    }

    /// What an app is told about a move: what it did not do itself.
    pub(super) fn callback_about(
        &self,
        before: &WalletTransactionRecord,
        after: &WalletTransactionRecord,
    ) -> Option<CallbackRecord> {
        let is_told = match after.status {
            status if status == before.status => false,
            // It is confirmed in the same breath, and told then.
            TransactionStatus::Reserved => {
                after.accepted_by == Some(AcceptedBy::Page) && after.step.is_none()
            }
            TransactionStatus::Confirmed => {
                after.accepted_by == Some(AcceptedBy::Page) && after.terms.auto_confirm
            }
            TransactionStatus::Rejected | TransactionStatus::Failed => true,
            _ => false,
        };
        let CallbackTo::Address(address) = &after.terms.callback else {
            return None;
        };
        let now = self.env.now();
        is_told.then(|| CallbackRecord {
            id: CallbackId::new(self.env.id()),
            client_id: after.client_id.clone(),
            address: address.clone(),
            event: told(after, now).event(),
            created_at: now,
            attempts: 0,
            next_attempt_at: now,
            sent_at: None,
            last_error: None,
            expires_at: now + KEPT_CALLBACK,
        })
    }

    /// What the audit trail keeps of a move.
    pub(super) fn transaction_event(
        &self,
        actor: String,
        action: &str,
        record: &WalletTransactionRecord,
        trace: Option<TraceId>,
    ) -> AuditRecord {
        let detail = json!({
            "client": record.client_id,
            "amount": total(&record.payments, record.currency),
        });
        AuditRecord {
            trace,
            ..self.event(
                actor,
                action,
                format!("transaction:{}", record.key),
                &detail,
            )
        }
    }
}

fn confirmed(next: &mut WalletTransactionRecord, at: Timestamp) {
    next.status = TransactionStatus::Confirmed;
    next.confirmed_at = Some(at);
}

fn reservation(record: &WalletTransactionRecord) -> Result<ReservationId> {
    record.reservation_id.clone().ok_or_else(|| halved(record))
}

fn halved(record: &WalletTransactionRecord) -> Error {
    Error::Broken(format!(
        "transaction {} is at the bank without an account or a reservation",
        record.key
    ))
}
