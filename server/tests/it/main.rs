//! Stories of the whole program: its settings, its commands as processes, its life and sudden death.
//!
//! | stories | file |
//! |---|---|
//! | which settings there are and which source wins | `settings.rs` |
//! | the command line, alone and beside a running server | `commands.rs` |
//! | the audit trail: verified, exported | `audit.rs` |
//! | backup and restore | `backup.rs` |
//! | looking at servers of others without being led astray | `probe.rs`, `probe/` |
//! | start, readiness, an orderly end | `serving.rs` |
//! | a process that is killed in the middle of writes | `sudden_death.rs` |
//! | the hands that all of them use | `house.rs` |

mod audit;
mod backup;
mod commands;
mod house;
mod probe;
mod serving;
mod settings;
mod sudden_death;
