//! Transactions of the Wallet API: an app asks for payments, a person accepts them, the app confirms; the
//! money is set aside in between. States, requests and answers are in
//! `protocol::wallet_api::transaction`.
//!
//! Every move is written down before the bank is asked and finished afterwards, as with transfers:
//!
//! ```text
//! accept ── row: waiting, step reserving ── bank.reserve ── row: reserved        (+ callback)
//! confirm ─ row: step confirming ────────── bank.capture ── row: confirmed       (+ callback)
//! revoke ── row: step revoking ──────────── bank.release ── row: revoked
//! expiry ── row: step expiring ──────────── bank.release ── row: failed          (+ callback)
//!                    │ killed here: whoever asks again, or resume_wallet_transactions, goes on
//! ```
//!
//! Each arrow into the row is one conditional update by the version that was read, so of any number of
//! confirms, revokes and expiries at the same moment one begins, and no step begins while another is open.
//! The bank's calls are safe to repeat. So money is set aside once, and moved once or not at all.
//!
//! | what | choice |
//! |---|---|
//! | who may make, confirm and take back | the client, signed with its own key, if it was approved for `transferFunds` |
//! | who may read | the client, also with a token of a person |
//! | another client's transaction | does not exist |
//! | confirm again, with the same prices | the same answer, so that a lost one can be repeated |
//! | revoke what has ended | `invalid_state`, as documented |
//! | `reserve` by a token | only when the person allowed the client `transferFunds` in general, from an account that was chosen |
//! | `reserve` by the client alone | `forbidden`: there are no standing approvals; the person accepts on our page |
//! | who is paid | an account of the app's own ([`crate::bank::Bank::app_account`]), one for each currency, made with the first transaction |
//! | how many | `max_transactions_per_day` a day for each client |
//! | nobody accepts it for 30 days | `deleted`, without a callback |
//! | reserved, and its time is over | the money goes back; `failed`, with a callback |
//! | callbacks | for what the app did not do itself: accepted on the page, rejected, confirmed by itself, failed |
//!
//! | file | |
//! |---|---|
//! | `create.rs`, `confirm.rs`, `revoke.rs`, `reserve.rs` | what an app does |
//! | `person.rs` | what a person sees and decides |
//! | `settle.rs` | asking the bank, and what follows |
//! | `housekeeping.rs` | what was left undone, and what is overdue |
//! | `refusal.rs` | why something is not done |

mod confirm;
mod create;
mod housekeeping;
mod person;
mod refusal;
mod reserve;
mod revoke;
mod settle;

use protocol::{
    ids::TransactionKey,
    time::Timestamp,
    wallet_api::transaction::{Transaction, TransactionStatus},
};
use store::wallet_transactions::{WalletTransactionRecord, find_wallet_transaction};

pub use person::TransactionView;
pub use refusal::TransactionRefusal;

use crate::{
    Engine,
    error::{Error, Result},
    signed::Signer,
};

/// What a use case answers to an app.
pub type Answered = Result<Result<Transaction, TransactionRefusal>>;

/// How often a move is tried anew because somebody else wrote the row meanwhile. Each time somebody did
/// get on, so a handful is plenty.
const TRIES: usize = 16;

impl Engine {
    /// A transaction of the signing client.
    ///
    /// # Errors
    /// When storage failed.
    pub async fn transaction(&self, signer: &Signer, key: &TransactionKey) -> Answered {
        let found = self.transaction_of(signer, key).await?;
        Ok(found.map(|record| told(&record, self.env.now())))
    }

    /// The row of a transaction of the signing client. Whether there is one of another client's is not
    /// told.
    async fn transaction_of(
        &self,
        signer: &Signer,
        key: &TransactionKey,
    ) -> Result<Result<WalletTransactionRecord, TransactionRefusal>> {
        let found = find_wallet_transaction(self.env.store.reader(), key).await?;
        let own = found.filter(|record| record.client_id == signer.client.client.id);
        Ok(own.ok_or(TransactionRefusal::NotFound))
    }

    /// The row as it is now, after somebody else wrote it.
    async fn transaction_again(&self, key: &TransactionKey) -> Result<WalletTransactionRecord> {
        find_wallet_transaction(self.env.store.reader(), key)
            .await?
            .ok_or_else(|| Error::Broken(format!("transaction {key} is gone")))
    }
}

/// Makes, confirms and takes back only what the client signs with its own key.
fn by_the_client_itself(signer: &Signer) -> Result<(), TransactionRefusal> {
    match signer.access {
        None => Ok(()),
        Some(_) => Err(TransactionRefusal::Forbidden(
            "this needs the client's own key, not a token",
        )),
    }
}

/// What a transaction is at `now`: time decides, not the job that writes it down.
fn status_at(record: &WalletTransactionRecord, now: Timestamp) -> TransactionStatus {
    match record.status.overdue() {
        Some(overdue) if record.step.is_none() && now >= record.valid_until => overdue,
        _ => record.status,
    }
}

/// A transaction as its app sees it.
fn told(record: &WalletTransactionRecord, now: Timestamp) -> Transaction {
    Transaction {
        key: record.key.clone(),
        status: status_at(record, now),
        payments: record.payments.clone(),
        terms: record.terms.clone(),
        accepted_by: record.accepted_by,
        wallet: record.wallet_number,
        created_at: record.created_at,
        confirmed_at: record.confirmed_at,
        valid_until: record.valid_until,
    }
}

/// Somebody else was faster again and again.
fn too_busy(key: &TransactionKey) -> Error {
    Error::Busy(format!("transaction {key} is in many hands"))
}
