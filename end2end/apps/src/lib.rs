//! Sample third-party apps: what a stranger builds on top of Countersign.
//!
//! They live in the same binary as the server in the demo, and nowhere else. They know only what
//! any outsider knows: the issuer's address, a client id, a secret. They speak HTTP to the public
//! endpoints, keep their own sessions, check `state` and `iss` themselves, and show every request
//! that they send. No crate of the server is a dependency of this one, and none may become one.
//!
//! Where to start reading: [`shop::shop`] (routes), `shop/flow.rs` (begin, come back, finish),
//! `shop/wallet.rs` (the HTTP calls).

mod outside;
mod recorder;
mod sessions;
pub mod shop;

pub use outside::Outside;
pub use shop::{ShopConfig, shop};
