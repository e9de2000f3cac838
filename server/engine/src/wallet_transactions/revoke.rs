//! An app takes a transaction back: what was set aside is the person's again.

use protocol::{
    ids::{TraceId, TransactionKey},
    wallet_api::transaction::TransactionStatus,
};
use store::{
    Advanced,
    wallet_transactions::{Step, WalletTransactionRecord},
};

use super::{
    Answered, TRIES, TransactionRefusal, by_the_client_itself, settle::Settled, status_at, told,
    too_busy,
};
use crate::{Engine, error::Result, signed::Signer};

impl Engine {
    /// Takes back a transaction that is new, waiting or reserved.
    ///
    /// # Errors
    /// When storage or the bank failed. It may be written down then; it is finished later, and asking again
    /// tells.
    pub async fn revoke_transaction(
        &self,
        signer: &Signer,
        key: &TransactionKey,
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
            let begun = match record.step {
                Some((Step::Revoking, _)) => record,
                // The person is just accepting it: first that, then this.
                Some((Step::Reserving, _)) => {
                    self.settle(record).await?;
                    continue;
                }
                None if status.is_revocable() => {
                    match self.begin_revoking(record, signer, trace).await? {
                        Some(begun) => begun,
                        None => continue,
                    }
                }
                _ => return Ok(Err(TransactionRefusal::State(status))),
            };
            let Settled { record, .. } = self.settle(begun).await?;
            return Ok(if record.status == TransactionStatus::Revoked {
                Ok(told(&record, self.env.now()))
            } else {
                Err(TransactionRefusal::State(record.status))
            });
        }
        Err(too_busy(key))
    }

    /// Writes down that it is taken back; `None` when somebody else wrote the row meanwhile.
    async fn begin_revoking(
        &self,
        mut record: WalletTransactionRecord,
        signer: &Signer,
        trace: TraceId,
    ) -> Result<Option<WalletTransactionRecord>> {
        if record.status == TransactionStatus::Reserved {
            record.step = Some((Step::Revoking, self.env.now()));
        } else {
            record.status = TransactionStatus::Revoked;
        }
        let actor = format!("client:{}", signer.client.client.id);
        let event = self.transaction_event(actor, "transaction.revoked", &record, Some(trace));
        let advanced = self.write_move(&mut record, None, Some(event)).await?;
        Ok((advanced == Advanced::Yes).then_some(record))
    }
}
