//! What was begun and not finished, and what is overdue. For a job; any number of nodes may do it at once.

use std::time::Duration;

use protocol::wallet_api::transaction::TransactionStatus;
use store::{
    Advanced,
    wallet_transactions::{
        Step, WalletTransactionRecord, find_overdue_wallet_transactions,
        find_unfinished_wallet_transactions,
    },
};

use crate::{Engine, error::Result};

/// Who ends what nobody ends.
const HOUSE: &str = "system";

impl Engine {
    /// Goes on with transactions that a process left at the bank: begun longer than `idle` ago, at most
    /// `limit`. Answers how many were finished.
    ///
    /// # Errors
    /// When storage failed.
    pub async fn resume_wallet_transactions(&self, idle: Duration, limit: u64) -> Result<usize> {
        let before = self.env.now() - idle;
        let reader = self.env.store.reader();
        let mut finished = 0;
        for record in find_unfinished_wallet_transactions(reader, before, limit).await? {
            let client = record.client_id.clone();
            match self.settle(record).await {
                Ok(_) => finished += 1,
                // One that the bank does not understand must not hold up the others.
                Err(error) => {
                    tracing::error!(%client, %error, "a transaction was not resumed");
                }
            }
        }
        Ok(finished)
    }

    /// Ends transactions whose time is over, at most `limit`: money that was set aside goes back. Answers
    /// how many ended.
    ///
    /// # Errors
    /// When storage failed.
    pub async fn expire_wallet_transactions(&self, limit: u64) -> Result<usize> {
        let reader = self.env.store.reader();
        let mut ended = 0;
        for record in find_overdue_wallet_transactions(reader, self.env.now(), limit).await? {
            let client = record.client_id.clone();
            match self.expire(record).await {
                Ok(true) => ended += 1,
                Ok(false) => {}
                Err(error) => {
                    tracing::error!(%client, %error, "a transaction was not ended");
                }
            }
        }
        Ok(ended)
    }

    /// `false` when somebody else did something with it at the same moment.
    async fn expire(&self, record: WalletTransactionRecord) -> Result<bool> {
        let Some(overdue) = record.status.overdue() else {
            return Ok(false);
        };
        let mut next = record.clone();
        if record.status == TransactionStatus::Reserved {
            next.step = Some((Step::Expiring, self.env.now()));
        } else {
            next.status = overdue;
        }
        let callback = self.callback_about(&record, &next);
        let event = self.transaction_event(HOUSE.to_owned(), "transaction.expired", &next, None);
        if self.write_move(&mut next, callback, Some(event)).await? == Advanced::No {
            return Ok(false);
        }
        self.settle(next).await?;
        Ok(true)
    }
}
