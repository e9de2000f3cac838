//! Transactions of the Wallet API: an app asks for payments, a person accepts them, the app confirms.
//!
//! ```text
//! POST /rest/v1/transaction ── new ── the person accepts ── reserved ── PUT .../confirm ── confirmed
//!                               │           │                  │
//!                               │           └ auto_confirm ────┼──────────────────────────┘
//!                               ├ the person says no: rejected ├ its time is over: failed
//!                               └ DELETE: revoked ─────────────┘
//! ```
//!
//! | documented | here |
//! |---|---|
//! | `payments`: objects with `description`, `price` or `price_decimal`, `currency`, `parameters` | as documented, all in one currency that has cents |
//! | `payments`: ids; `items`, `beneficiary`, `cashback`, `commission`, `freeze_for`, `freeze_until`, `password`, `purpose` | not offered, and refused: to ignore them would move other money than the app means |
//! | `allowance` | not offered; refused unless it is `optional` |
//! | `restrictions`, `inquiries` | not offered, and refused: to ignore them would let others pay, or leave out what the app must know |
//! | `reserve_for` (hours), `reserve_until` | one of them; at most 90 days, by default 30 |
//! | `auto_confirm`, `use_allowance`, `suggest_allowance`, `user` | as documented; there is no allowance to use or suggest |
//! | `redirect_uri` | must be a registered one, character by character ([`addresses`]) |
//! | `callback_uri` | https, on a host that is registered; `false` is none, and so is leaving it out |
//! | transactions that nobody accepted | deleted after 30 days |
//! | everything else | ignored |
//!
//! The protocol has no means to tell a repeated `POST` from a second one, so each makes a transaction of
//! its own. That harms nobody: no money moves before a person has accepted, and each can be accepted once.

pub mod addresses;
mod answer;
mod prices;
mod request;
mod status;

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    ids::TransactionKey,
    money::{Currency, Money},
    time::Timestamp,
    words::words,
};

pub use prices::lowered;
pub use request::{AskedPayment, TransactionRequest};
pub use status::TransactionStatus;

/// For how long a transaction waits for a person.
pub const WAITS: Duration = Duration::from_secs(30 * 24 * 3_600);
/// For how many hours money stays reserved when the app says nothing.
pub const USUAL_RESERVE_HOURS: u32 = 30 * 24;
/// For how many hours money stays reserved at most.
pub const LONGEST_RESERVE_HOURS: u32 = 90 * 24;
/// The most payments of one transaction.
pub const MOST_PAYMENTS: usize = 50;
/// The longest description of a payment, in characters: it must fit a statement.
pub const LONGEST_DESCRIPTION: usize = crate::payment::LONGEST_REFERENCE;

words! {
    /// How a transaction was accepted: the word in `type`.
    AcceptedBy {
        /// By the app with what a person allowed it before.
        Automatic "automatic",
        /// By the person on our page.
        Page "page",
    }
}

/// One payment of a transaction.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct TransactionPayment {
    /// Its number, by which the list of final prices names it.
    pub id: i64,
    /// What it is for.
    pub description: String,
    /// How much: more than zero. Confirming may lower it.
    pub amount: Money,
    /// What the app wants to find again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parameters: Option<Value>,
}

/// Until when money stays reserved.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reserve {
    /// For so many hours after it was accepted.
    For(u32),
    /// Until then.
    Until(Timestamp),
}

impl Reserve {
    /// The end of a reservation that begins at `now`.
    pub fn end(self, now: Timestamp) -> Timestamp {
        match self {
            Self::For(hours) => now + hours_of(hours),
            Self::Until(end) => end,
        }
    }
}

/// So many hours.
fn hours_of(hours: u32) -> Duration {
    Duration::from_secs(u64::from(hours) * 3_600)
}

/// Where the app is told what became of it.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CallbackTo {
    /// The app said nothing.
    #[default]
    Unsaid,
    /// `false`: nowhere.
    Nowhere,
    /// There.
    Address(String),
}

/// What an app said about a transaction beside its payments.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Terms {
    /// Until when money stays reserved.
    pub reserve: Reserve,
    /// Whether accepting it confirms it at once.
    pub auto_confirm: bool,
    /// Said back as it was said.
    pub use_allowance: bool,
    /// Said back as it was said.
    pub suggest_allowance: bool,
    /// Where the person goes afterwards.
    pub redirect_uri: Option<String>,
    /// Where the app is told.
    pub callback: CallbackTo,
    /// The address of the person whom the app expects.
    pub user_email: Option<String>,
    /// The free parameters `project_id` and `location_id` of the request.
    pub project: Option<String>,
    /// The same.
    pub location: Option<String>,
}

/// A transaction as its app sees it.
#[derive(Clone, PartialEq, Debug)]
pub struct Transaction {
    /// Its key.
    pub key: TransactionKey,
    /// What it is now.
    pub status: TransactionStatus,
    /// Its payments.
    pub payments: Vec<TransactionPayment>,
    /// What the app said.
    pub terms: Terms,
    /// How it was accepted.
    pub accepted_by: Option<AcceptedBy>,
    /// The number of the wallet that pays.
    pub wallet: Option<i64>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was confirmed.
    pub confirmed_at: Option<Timestamp>,
    /// Until when it can be accepted or, when it is reserved, confirmed.
    pub valid_until: Timestamp,
}

/// What the payments come to. They are in one currency, of which there is at least one.
pub fn total(payments: &[TransactionPayment], currency: Currency) -> Money {
    let minor = payments
        .iter()
        .map(|payment| payment.amount.minor)
        .fold(0_i64, i64::saturating_add);
    Money::new(minor, currency)
}
