//! `countersign account add`

use clap::{Args, Subcommand};
use engine::register::NewAccount;
use protocol::client::Environment;
use store::accounts::AccountKind;

use super::{Outcome, engine, print};
use crate::settings::Settings;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Add an account with money in it to a person
    Add(Add),
}

#[derive(Debug, Args)]
pub(super) struct Add {
    /// Whose it is
    #[arg(long)]
    username: String,
    /// live or sandbox; needed only when there is such a person in both
    #[arg(long)]
    environment: Option<Environment>,
    /// Its number
    #[arg(long)]
    iban: String,
    /// What it holds, such as EUR
    #[arg(long)]
    currency: String,
    /// What it begins with, such as 1234.56
    #[arg(long, allow_hyphen_values = true)]
    balance: String,
    /// The holder's own name for it
    #[arg(long)]
    name: Option<String>,
    /// wallet, current or savings
    #[arg(long)]
    kind: Option<AccountKind>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(settings: &Settings, Command::Add(add): Command) -> Outcome {
    let engine = engine(settings).await?;
    let new = NewAccount {
        username: add.username,
        environment: add.environment,
        iban: add.iban,
        currency: add.currency,
        balance: add.balance,
        name: add.name,
        kind: add.kind,
    };
    let added = engine.add_account(new).await;
    engine.env().store.close().await;
    let added = added?;
    print(add.json, &added, || {
        format!(
            "Account {} was added with the id {}.",
            added.iban, added.account_id
        )
    })
}
