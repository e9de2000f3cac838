//! An app confirms a reserved transaction: the money moves, and what is left over goes back.

use protocol::{
    ids::{TraceId, TransactionKey},
    wallet_api::transaction::{TransactionPayment, TransactionStatus, lowered},
};
use serde_json::Value;
use store::{
    Advanced,
    wallet_transactions::{Step, WalletTransactionRecord},
};

use super::{
    Answered, TRIES, TransactionRefusal, by_the_client_itself, settle::Settled, status_at, told,
    too_busy,
};
use crate::{Engine, signed::Signer};

impl Engine {
    /// Confirms a reserved transaction, with the same prices or lower ones. Safe to repeat with the same
    /// body: a transaction that was confirmed with these prices is answered as it is.
    ///
    /// # Errors
    /// When storage or the bank failed. It may be written down then; it is finished later, and asking again
    /// tells.
    pub async fn confirm_transaction(
        &self,
        signer: &Signer,
        key: &TransactionKey,
        body: &Value,
        trace: TraceId,
    ) -> Answered {
        if let Err(refusal) = by_the_client_itself(signer) {
            return Ok(Err(refusal));
        }
        for _ in 0..TRIES {
            let record = match self.transaction_of(signer, key).await? {
                Ok(record) => record,
                Err(refusal) => return Ok(Err(refusal)),
            };
            let status = status_at(&record, self.env.now());
            let begun = match (status, record.step) {
                (TransactionStatus::Reserved, None) => {
                    let payments = match lowered(body, &record.payments) {
                        Ok(payments) => payments,
                        Err(error) => return Ok(Err(error.into())),
                    };
                    let begun = self
                        .begin_confirming(record, payments, signer, trace)
                        .await?;
                    match begun {
                        Some(begun) => begun,
                        None => continue,
                    }
                }
                (TransactionStatus::Reserved, Some((Step::Confirming, _)))
                    if is_same(body, &record) =>
                {
                    record
                }
                (TransactionStatus::Confirmed, _) if is_same(body, &record) => {
                    return Ok(Ok(told(&record, self.env.now())));
                }
                (status, _) => return Ok(Err(TransactionRefusal::State(status))),
            };
            let Settled { record, .. } = self.settle(begun).await?;
            return Ok(if record.status == TransactionStatus::Confirmed {
                Ok(told(&record, self.env.now()))
            } else {
                Err(TransactionRefusal::State(record.status))
            });
        }
        Err(too_busy(key))
    }

    /// Writes down that it is confirmed, and with which prices; `None` when somebody else wrote the row
    /// meanwhile.
    async fn begin_confirming(
        &self,
        mut record: WalletTransactionRecord,
        payments: Vec<TransactionPayment>,
        signer: &Signer,
        trace: TraceId,
    ) -> crate::error::Result<Option<WalletTransactionRecord>> {
        record.payments = payments;
        record.step = Some((Step::Confirming, self.env.now()));
        let actor = format!("client:{}", signer.client.client.id);
        let event = self.transaction_event(actor, "transaction.confirmed", &record, Some(trace));
        let advanced = self.write_move(&mut record, None, Some(event)).await?;
        Ok((advanced == Advanced::Yes).then_some(record))
    }
}

/// Whether the prices of a body are those that the transaction has.
fn is_same(body: &Value, record: &WalletTransactionRecord) -> bool {
    lowered(body, &record.payments).is_ok_and(|payments| payments == record.payments)
}
