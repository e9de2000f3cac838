//! The endpoints over their real router, with a clock that stands still and seeded randomness.

#![allow(
    clippy::inconsistent_digit_grouping,
    reason = "amounts are written with the cents apart: 12_00 is twelve"
)]

mod account_information;
mod authorize;
#[allow(dead_code, reason = "these stories need a part of it")]
#[path = "../../../engine/tests/it/browser.rs"]
mod browser;
mod consents;
mod door;
mod errors;
mod guard;
#[path = "../../../engine/tests/it/house.rs"]
mod house;
mod limits;
mod logs;
mod mac;
mod metadata;
#[path = "../../../engine/tests/it/money.rs"]
mod money;
mod o_bearer;
mod openapi;
#[path = "../../../engine/tests/it/papers.rs"]
mod papers;
mod pending_transfers;
mod request_log;
#[allow(dead_code, reason = "these stories need a part of it")]
#[path = "../../../engine/tests/it/signing.rs"]
mod signing;
mod tokens;
mod tpp;
mod transactions;
mod tutorial;
mod wallet;
mod wallet_api;
