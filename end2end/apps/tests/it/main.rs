//! The sample apps against a wallet that answers what the story wants.

mod browser;
mod fake_wallet;
mod market;
mod shop;
