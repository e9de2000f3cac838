//! Stories of the store, each told on SQLite and, when there is one, on PostgreSQL.

mod account_consents;
mod appending;
mod authorizations;
mod checks;
mod clients;
mod codes;
mod consents;
mod errors;
mod housekeeping;
mod lane;
mod ledger;
mod money;
mod numbers;
mod opening;
mod pending_transfers;
mod people;
mod portal;
mod registrations;
mod requests;
mod reviews;
mod samples;
mod submitted;
mod teams;
mod tokens;
mod vouching;
mod wallet_transactions;
