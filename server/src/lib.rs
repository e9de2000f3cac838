//! The server as a whole: settings, wiring, processes, commands. No rules live here.
//!
//! | what | where |
//! |---|---|
//! | the command line | [`commands`], one file per command |
//! | what the operator can set | [`settings`], its table in `settings/table.rs` |
//! | from settings to an engine, from an engine to one router | [`wiring`] |
//! | connections, signals, one server per folder | [`listening`], [`lock`] |
//! | what runs beside requests: sweeping, mails, checks, keys | [`jobs`], [`mail`] |
//! | looking at servers of others, for the checks of apps | [`probe`] |
//! | log and numbers | [`log`], [`access_log`], [`metrics_page`] |
//! | pages over HTTP | [`pages`], [`headers`], [`sessions`], [`portal_sessions`], [`origin`] |
//! | the real time and randomness, private folders, memory | [`system`], [`folder`], [`allocator`] |

pub mod access_log;
pub mod allocator;
pub mod commands;
pub mod folder;
pub mod headers;
pub mod in_house;
pub mod jobs;
pub mod listening;
pub mod lock;
pub mod log;
pub mod mail;
pub mod metrics_page;
pub mod origin;
pub mod pages;
pub mod portal_sessions;
pub mod probe;
pub mod sessions;
pub mod settings;
pub mod system;
pub mod wiring;
