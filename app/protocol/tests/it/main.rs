//! The rules of `protocol` as stories, attacks, vectors and properties. No clock, no chance: `now`
//! and entropy are arguments.

mod attacks;
mod authorize;
mod bearer;
mod client_authentication;
mod code_exchange;
mod fixtures;
mod identifiers;
mod mac;
mod o_bearer;
mod pending_transfers;
mod properties;
mod refresh;
mod registration;
mod registration_checks;
mod review;
mod tutorial;
mod vectors;
mod wallet_transactions;
