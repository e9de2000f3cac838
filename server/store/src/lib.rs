//! The tables of Countersign and the sentences spoken to them, on SQLite (inside the data folder, the
//! embedded default) and on PostgreSQL (several nodes).
//!
//! This is the only crate that knows sea-orm. It speaks `protocol` types and plain record structs. What
//! never enters: rules, HTTP, plain secrets, clocks, decisions on expiry. A row is handed out whether its
//! time is over or not, and whoever asked compares.
//!
//! # Reading
//!
//! Start with [`Store`]: [`Store::reader`] reads what was committed, [`Store::write`] runs a closure in a
//! transaction, [`Store::append`] stores rows that need nothing but an INSERT. How SQLite takes many
//! writers at once is told in `lane.rs`. Then any subject file; [`codes`] is a short one that has it all.
//!
//! # The words
//!
//! One file per subject with free functions and few verbs. `find_*` reads; it takes `&impl` [`Reads`], which is
//! a [`Reader`] or a [`Tx`]. `insert_*`, `advance_*`, `upsert_*` and `delete_*` write and take a [`Tx`]. What may happen
//! once (a code used, a stage passed, money spent) is one conditional update, and the answer is
//! [`Advanced::Yes`] for exactly one caller, however many try at the same time:
//!
//! ```text
//! UPDATE authorization_codes SET used_at = $2 ... WHERE digest = $1 AND used_at IS NULL
//! ```
//!
//! What a hot path needs comes in one statement, a join: [`access_tokens::find_access_token`],
//! [`refresh_tokens::find_refresh_token`], [`codes::find_code`], [`clients::find_client_with_secrets`].
//!
//! # One sentence for both databases
//!
//! SQL is the same text on both: placeholders `$1`, conditional updates, `ON CONFLICT`, `RETURNING`; no row
//! locks, arrays, enums or partial indexes. A statement that fails spoils its transaction on both (see
//! [`Tx`]), and errors have the same names ([`Error`]). Every story in `tests/it` is told on both.
//!
//! # Adding a table
//!
//! 1. A migration in the crate `migrations`.
//! 2. `entities/<table>.rs`, the row as the database knows it.
//! 3. A subject file with the record and its functions, and its line below.
//! 4. If the row can die: its line in [`sweep`]; a test reminds you.
//! 5. A story in `tests/it`.

mod append;
mod entities;
mod error;
mod job;
mod lane;
mod link;
mod open;
mod outgoing;
mod store;
mod values;

pub mod access_tokens;
pub mod accounts;
pub mod app_checks;
pub mod apps;
pub mod audit;
pub mod audit_seals;
pub mod authenticators;
pub mod authorizations;
pub mod callbacks;
pub mod challenges;
pub mod client_certificates;
pub mod client_secrets;
pub mod clients;
pub mod codes;
pub mod consent_authorisations;
pub mod consent_reads;
pub mod consent_requests;
pub mod consent_uses;
pub mod consents;
pub mod contact_tokens;
pub mod devices;
pub mod families;
pub mod holdings;
pub mod idempotency;
pub mod leases;
pub mod ledger;
pub mod left_requests;
pub mod numbers;
pub mod outbox;
pub mod password_resets;
pub mod pending_transfers;
pub mod personal_data;
pub mod privileges;
pub mod refresh_tokens;
pub mod registrations;
pub mod requests;
pub mod reservations;
pub mod review_cases;
pub mod review_notes;
pub mod secret_links;
mod served_requests;
pub mod sessions;
pub mod shown_secrets;
pub mod signed_nonces;
pub mod signing_keys;
pub mod signups;
pub mod sweep;
pub mod team_invites;
pub mod teams;
pub mod test_users;
pub mod throttles;
pub mod transfers;
pub mod upkeep;
pub mod users;
pub mod wallet_transactions;

#[cfg(feature = "testing")]
pub mod testing;

pub use append::Row;
pub use error::Error;
pub use job::Work;
pub use link::{Reader, Reads, Tx};
pub use open::OpenOptions;
pub use store::{Backend, Store};
pub use values::{Advanced, Bookmark, UnknownWord};
