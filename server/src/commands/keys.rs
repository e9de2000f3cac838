//! `countersign keys rotate|list|rotate-callbacks`

use clap::Subcommand;
use serde::Serialize;

use super::{Failure, Outcome, engine, print};
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
    /// Make a new key that signs callbacks; apps that fetch /publickey with each callback notice nothing
    RotateCallbacks {
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

#[derive(Serialize)]
struct CallbackKey {
    number: i64,
    public_key: String,
}

pub(super) async fn run(settings: &Settings, command: Command) -> Outcome {
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
        Command::RotateCallbacks { json } => {
            let engine = engine(settings).await?;
            let number = engine.rotate_callback_key().await;
            let public_key = engine.callback_public_key().await;
            engine.env().store.close().await;
            let made = CallbackKey {
                number: number?,
                public_key: public_key?,
            };
            print(json, &made, || {
                format!(
                    "Key {} signs callbacks from now on.\n{}",
                    made.number, made.public_key
                )
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
