//! The sample apps against a wallet that answers what the story wants.

mod fake_wallet;
mod shop;
