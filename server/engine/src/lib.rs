//! Use cases of the authorization server: what happens, in which order, in which transaction.
//!
//! Time, chance, keys, mail and the store come in by [`Env`]; rules that need none of them live
//! in `protocol`. There is no HTTP, no HTML and no SQL here.
//!
//! Where to start reading:
//!
//! | walk | files |
//! |---|---|
//! | a person approves an app | [`begin`], [`visit`], `log_in`, `consent`, `confirm`, `finish` |
//! | an app gets tokens | [`token`], `grants/` (one file per grant), [`client_authentication`] |
//! | an app signs its requests | [`signed`] |
//! | an app uses a token | [`access`], [`wallet`], [`account_information`], [`bank`] |
//! | an app asks for account information | [`consents`] |
//! | an app asks who a person is and what is in their wallets (Wallet API) | [`personal`] |
//! | an app asks for payments that a person accepts, and is told what became of them | [`wallet_transactions`], `accept_transaction`, [`callbacks`] |
//! | what became of a request, for the developer | [`request_log`] |
//! | what was done, for the auditor | [`audit`] |
//! | a token is looked at or ended | [`introspect`], [`revoke`] |
//! | a secret turns up where anybody may have read it | `exposure` |
//! | developers sign up, get apps and credentials | [`portal`] |
//! | people, accounts and clients come into being | [`register`], [`demo`], `sandbox` |
//! | an app is looked at before a person decides | [`checks`] |
//! | a person decides, and may take it back | [`review`] |
//! | housekeeping | [`outbox`], [`sweep`] |

mod accept_transaction;
pub mod access;
pub mod account_information;
pub mod audit;
pub mod bank;
pub mod begin;
pub mod caches;
pub mod callbacks;
pub mod checks;
pub mod client_authentication;
pub mod clients;
mod confirm;
mod consent;
pub mod consents;
mod csv;
mod delivery;
pub mod demo;
mod details;
pub mod env;
pub mod error;
mod exposure;
mod failures;
mod finish;
mod grants;
mod interaction;
pub mod introspect;
mod log_in;
pub mod mails;
mod misuse;
pub mod outbox;
mod partner;
pub mod passwords;
pub mod personal;
pub mod portal;
mod proof;
mod query;
mod quota;
pub mod register;
pub mod request_log;
pub mod review;
pub mod revoke;
mod sandbox;
pub mod seal;
pub mod settings;
pub mod signed;
mod steps;
pub mod sweep;
mod throttle;
pub mod token;
pub mod visit;
pub mod wallet;
pub mod wallet_transactions;

use std::sync::Arc;

pub use env::{Chance, Clock, Env};
pub use error::Error;
pub use settings::Settings;

/// The use cases. Cheap to clone; every clone speaks to the same store and caches.
#[derive(Clone)]
pub struct Engine {
    env: Arc<Env>,
}

impl Engine {
    /// An engine on these ingredients.
    pub fn new(env: Env) -> Self {
        env.caches.nonces.begin(env.now());
        Self { env: Arc::new(env) }
    }

    /// The ingredients, for the rooms that wire and watch the engine.
    pub fn env(&self) -> &Env {
        &self.env
    }
}
