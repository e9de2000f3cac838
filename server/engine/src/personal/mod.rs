//! The resources of the Wallet API: what an app may know of a person and of their wallets.
//!
//! A wallet is one account of one person, and reads the same ledger as every other interface. People and wallets
//! are named by whole numbers.
//!
//! | who asks | about whom | what |
//! |---|---|---|
//! | a person's token | that person, as `me` or by number | what the token's scope names |
//! | an app under its own name | a person, by number | what that person allowed it with `_offline` and has not withdrawn |
//! | anybody else | anybody | nothing; whether there is such a person or wallet is not told |
//!
//! What may be read but is not there (`_optional`, or simply unknown) is not found.

mod asker;
mod contact;
mod data;
mod person;
mod rights;
mod sample;
mod statements;
mod wallets;

use std::time::Duration;

pub use asker::{Asker, Whom};
pub(crate) use contact::Vouched;
pub use contact::{ContactRequest, LIFETIME, MOST_A_DAY, MOST_PER_ADDRESS, MadeContactToken};
pub(crate) use data::sealed_data;
pub use person::PersonView;
pub(crate) use sample::sample_address;
pub use statements::{StatementEntry, StatementRange, Statements};
pub use wallets::{WalletAccount, WalletBalance, WalletView};

/// Why something is not told or done.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum PersonalRefusal {
    /// Nobody allowed it, or there is no such person or wallet: nobody is told which.
    #[error("this was not allowed, or there is no such person or wallet")]
    Forbidden,
    /// It may be read, but is not there.
    #[error("the person has not supplied this")]
    NotFound,
    /// A field has a value that it must not have.
    #[error("{field}: {message}")]
    Invalid {
        /// Its name.
        field: &'static str,
        /// What is wrong.
        message: String,
    },
    /// Asked for too often; the same may be asked for after this time.
    #[error("asked for too often; again after {} seconds", .0.as_secs())]
    TooOften(Duration),
}

/// What was read, or why not.
pub type Answer<T> = crate::error::Result<Result<T, PersonalRefusal>>;
