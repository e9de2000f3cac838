//! Sample third-party apps: what a stranger builds on top of Countersign.
//!
//! They live in the same binary as the server in the demo, and nowhere else. They know only what
//! any outsider knows: the issuer's address, a client id, a secret. They speak HTTP to the public
//! endpoints, keep their own sessions, check `state` and `iss` themselves, and show every request
//! that they send. No crate of the server is a dependency of this one, and none may become one.
//!
//! | app | what it shows | where to start reading |
//! |---|---|---|
//! | [`shop`](mod@shop) | a person approves: code, token, transfer | `shop/flow.rs` (begin, come back, finish) |
//! | [`market`](mod@market) | no person: a token of the app's own, renewed | `market/clerk.rs` (call, renew, call again) |
//!
//! What they share: `http.rs` (a call, written down), `recorder.rs` and `conversation.rs` (what was
//! said, and how it is shown), `front.rs` (visitors, posts, headers, the frame of a page),
//! `sessions.rs`, `outside.rs`.

mod conversation;
mod front;
mod http;
pub mod market;
mod outside;
mod recorder;
mod sessions;
pub mod shop;

pub use market::{MarketConfig, market};
pub use outside::Outside;
pub use shop::{ShopConfig, shop};
