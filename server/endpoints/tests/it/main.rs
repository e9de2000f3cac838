//! The endpoints over their real router, with a clock that stands still and seeded randomness.

#![allow(
    clippy::inconsistent_digit_grouping,
    reason = "amounts are written with the cents apart: 12_00 is twelve"
)]

mod account_information;
mod authorize;
mod door;
mod errors;
mod guard;
#[path = "../../../engine/tests/it/house.rs"]
mod house;
mod limits;
mod logs;
mod metadata;
#[path = "../../../engine/tests/it/money.rs"]
mod money;
mod openapi;
mod pending_transfers;
mod request_log;
mod tokens;
mod tutorial;
mod wallet;
