//! `countersign keys rotate|list`

use clap::Subcommand;
use serde::Serialize;

use super::{Failure, Outcome, print};
use crate::{
    settings::{Settings, seal_keys},
    system,
};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Add a new seal key; old ones stay, so that what they sealed still opens
    Rotate {
        /// Print one JSON object
        #[arg(long)]
        json: bool,
    },
    /// Number the seal keys, oldest first
    List {
        /// Print one JSON object
        #[arg(long)]
        json: bool,
    },
}

#[derive(Serialize)]
struct Shown {
    seal_keys: Vec<u32>,
    newest: u32,
}

pub(super) fn run(settings: &Settings, command: Command) -> Outcome {
    let shown = || -> Result<Shown, Failure> {
        let seal_keys = seal_keys::list(settings)?;
        let newest = seal_keys
            .last()
            .copied()
            .ok_or_else(|| Failure::new("There is no seal key."))?;
        Ok(Shown { seal_keys, newest })
    };
    match command {
        Command::List { json } => {
            let shown = shown()?;
            print(json, &shown, || {
                let lines = shown.seal_keys.iter().map(|id| match *id {
                    id if id == shown.newest => format!("{id} (seals new things)\n"),
                    id => format!("{id}\n"),
                });
                lines.collect()
            })
        }
        Command::Rotate { json } => {
            let added = seal_keys::rotate(settings, system::seed())?;
            print(json, &shown()?, || {
                format!(
                    "Seal key {added} was added; a running server uses it within a few seconds."
                )
            })
        }
    }
}
