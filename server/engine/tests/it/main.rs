//! Stories about the use cases, told on SQLite and, when there is one, on PostgreSQL.

#![allow(
    clippy::inconsistent_digit_grouping,
    reason = "amounts are written with the cents apart: 12_00 is twelve"
)]

mod accept_transaction;
mod account_consents;
mod account_information;
mod attacks;
mod audit_chain;
mod audit_desk;
mod browser;
mod callbacks;
mod checks;
mod clients_desk;
mod connected;
mod credentials;
mod demo;
mod details;
mod dialects;
mod exposure;
mod filled_in;
mod flow;
mod house;
mod housekeeping;
mod ledger;
mod ledger_holding;
mod money;
mod papers;
mod partner;
mod pending_transfers;
mod personal;
mod personal_wallets;
mod portal;
mod portal_desk;
mod portal_home;
mod portal_logs;
mod portal_password;
mod portal_playground;
mod portal_sign_up;
mod register;
mod registration;
mod request_log;
mod review;
mod review_preview;
mod review_story;
mod rts;
mod sandbox;
mod signing;
mod teams;
mod tokens_budget;
mod tokens_chain;
mod tokens_clients;
mod tokens_exchange;
mod tokens_looked_at;
mod tokens_mac;
mod tokens_o_bearer;
mod tokens_refresh;
mod tutorial;
mod vouched;
mod wallet;
mod wallet_transactions;
mod wallet_transactions_races;
mod wallet_transactions_rights;
