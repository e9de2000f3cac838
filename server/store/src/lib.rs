mod append;
mod entities;
mod error;
mod job;
mod lane;
mod link;
mod open;
mod store;
mod values;

pub mod access_tokens;
pub mod accounts;
pub mod audit;
pub mod authenticators;
pub mod authorizations;
pub mod challenges;
pub mod client_secrets;
pub mod clients;
pub mod codes;
pub mod consents;
pub mod devices;
pub mod families;
pub mod idempotency;
pub mod leases;
pub mod ledger;
pub mod outbox;
pub mod refresh_tokens;
pub mod sessions;
pub mod sweep;
pub mod throttles;
pub mod transfers;
pub mod upkeep;
pub mod users;

#[cfg(feature = "testing")]
pub mod testing;

pub use append::Row;
pub use error::Error;
pub use job::Work;
pub use link::{Reader, Reads, Tx};
pub use open::OpenOptions;
pub use store::{Backend, Store};
pub use values::{Advanced, Bookmark, UnknownWord};
