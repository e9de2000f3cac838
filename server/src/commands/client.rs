//! `countersign client add|list|show|suspend|resume|rotate-secret|certificate`

use std::time::Duration;

use clap::{Args, Subcommand};
use engine::{
    Engine,
    register::{AddedClient, ClientFacts, NewClient, PrivilegeFacts},
};
use protocol::{
    client::{AuthMethod, ClientProfile, DialectName, Environment, GrantType, PkcePolicy},
    ids::ClientId,
    lifetimes::LifetimeOverrides,
};
use serde::Serialize;
use store::privileges::Privilege;

use super::{Failure, Outcome, certificate, engine, print};
use crate::settings::Settings;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Add a client; it may be used at once
    Add(Box<Add>),
    /// List all clients
    List(List),
    /// Show one client
    Show(One),
    /// Switch a client off: nothing is granted to it any more, and its tokens are refused
    Suspend(One),
    /// Switch a client on again
    Resume(One),
    /// Give a client a new secret, or a new MAC key
    RotateSecret(RotateSecret),
    /// TLS certificates by which a client proves itself
    #[command(subcommand)]
    Certificate(certificate::Command),
    /// Show what a client may do beyond its scopes, grant it more, or take it back
    Privilege(PrivilegeOf),
}

#[derive(Debug, Args)]
pub(super) struct Add {
    /// The name that people see
    #[arg(long)]
    name: String,
    /// Its id; made of the name when it is left out
    #[arg(long)]
    client_id: Option<String>,
    /// live or sandbox
    #[arg(long)]
    environment: Environment,
    /// bearer, o-bearer, mac or tutorial
    #[arg(long)]
    dialect: DialectName,
    /// authorization_code, refresh_token, client_credentials; for the dialect mac also password
    #[arg(long, required = true, num_args = 1.., value_name = "GRANT")]
    grant: Vec<GrantType>,
    /// What it may ask for, separated by blanks
    #[arg(long)]
    scope: String,
    /// Where people may be sent back to
    #[arg(long, num_args = 1.., value_name = "URI")]
    redirect_uri: Vec<String>,
    /// none, client_secret_basic, client_secret_post or mac; follows from the dialect when it is left out
    #[arg(long)]
    auth: Option<AuthMethod>,
    /// required or optional; follows from the dialect when it is left out
    #[arg(long)]
    pkce: Option<PkcePolicy>,
    /// Its own lifetime of access tokens
    #[arg(long, value_name = "SECONDS")]
    access_token_lifetime_seconds: Option<u64>,
    /// Its own lifetime of refresh tokens
    #[arg(long, value_name = "SECONDS")]
    refresh_token_lifetime_seconds: Option<u64>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub(super) struct List {
    /// Only live or only sandbox ones
    #[arg(long)]
    environment: Option<Environment>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub(super) struct One {
    /// The client_id
    client_id: ClientIdArgument,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub(super) struct RotateSecret {
    /// The client_id
    client_id: ClientIdArgument,
    /// What to call the new secret
    #[arg(long)]
    label: Option<String>,
    /// For how long the old secrets stay good; 0 ends them at once
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    keep_old_seconds: u64,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub(super) struct PrivilegeOf {
    /// The client_id
    client_id: ClientIdArgument,
    /// contact_token: vouch for the addresses of people who sign up
    #[arg(long, value_name = "PRIVILEGE", conflicts_with = "withdraw")]
    grant: Option<Privilege>,
    /// The same words
    #[arg(long, value_name = "PRIVILEGE")]
    withdraw: Option<Privilege>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// Any text can be asked for; whether there is such a client, the database knows.
#[derive(Clone, Debug)]
struct ClientIdArgument(ClientId);

impl From<String> for ClientIdArgument {
    fn from(text: String) -> Self {
        Self(ClientId::new(text))
    }
}

#[derive(Serialize)]
struct Clients {
    clients: Vec<ClientFacts>,
}

/// Clients in one question to the database.
const PAGE: u64 = 500;

pub(super) async fn run(settings: &Settings, command: Command) -> Outcome {
    let engine = engine(settings).await?;
    let outcome = perform(&engine, command).await;
    engine.env().store.close().await;
    outcome
}

async fn perform(engine: &Engine, command: Command) -> Outcome {
    match command {
        Command::Add(add) => {
            let json = add.json;
            let added = engine.add_client(new_client(*add)).await?;
            print(json, &added, || told(&added, "was added"))
        }
        Command::List(list) => {
            let clients = all(engine, list.environment).await?;
            print(
                list.json,
                &Clients {
                    clients: clients.clone(),
                },
                || lines(&clients),
            )
        }
        Command::Show(one) => {
            let facts = engine.show_client(&one.client_id.0).await?;
            print(one.json, &facts, || described(&facts))
        }
        Command::Suspend(one) => {
            let facts = engine.suspend_client(&one.client_id.0).await?;
            print(one.json, &facts, || {
                format!("Client {} is suspended.", facts.client_id)
            })
        }
        Command::Resume(one) => {
            let facts = engine.resume_client(&one.client_id.0).await?;
            print(one.json, &facts, || {
                format!("Client {} is active.", facts.client_id)
            })
        }
        Command::Certificate(command) => certificate::perform(engine, command).await,
        Command::RotateSecret(rotate) => {
            let keep = Duration::from_secs(rotate.keep_old_seconds);
            let added = engine
                .rotate_secret(&rotate.client_id.0, rotate.label, keep)
                .await?;
            print(rotate.json, &added, || told(&added, "has new credentials"))
        }
        Command::Privilege(asked) => {
            let id = &asked.client_id.0;
            let facts = match (asked.grant, asked.withdraw) {
                (Some(privilege), _) => engine.set_privilege(id, privilege, true).await?,
                (None, Some(privilege)) => engine.set_privilege(id, privilege, false).await?,
                (None, None) => engine.privileges_of(id).await?,
            };
            print(asked.json, &facts, || privileged(&facts))
        }
    }
}

fn new_client(add: Add) -> NewClient {
    NewClient {
        id: add.client_id,
        name: add.name,
        environment: add.environment,
        dialect: add.dialect,
        scope: add.scope,
        grants: add.grant,
        redirect_uris: add.redirect_uri,
        auth: add.auth,
        pkce: add.pkce,
        lifetimes: LifetimeOverrides {
            access_token_seconds: add.access_token_lifetime_seconds,
            refresh_token_seconds: add.refresh_token_lifetime_seconds,
            ..LifetimeOverrides::default()
        },
        profile: ClientProfile::default(),
        owner: None,
    }
}

async fn all(
    engine: &Engine,
    environment: Option<Environment>,
) -> Result<Vec<ClientFacts>, Failure> {
    let mut clients: Vec<ClientFacts> = Vec::new();
    loop {
        let after = clients.last().map(|last| last.client_id.clone());
        let page = engine
            .list_clients(environment, after.as_ref(), PAGE)
            .await?;
        if page.is_empty() {
            return Ok(clients);
        }
        clients.extend(page);
    }
}

fn told(added: &AddedClient, what: &str) -> String {
    let mut text = format!("Client {} {what}.\n", added.client_id);
    if let Some(secret) = &added.client_secret {
        text += &format!("Secret (shown once): {secret}\n");
    }
    if let Some(key) = &added.mac_key {
        text += &format!("MAC key (shown once): {key}\n");
    }
    text
}

fn privileged(facts: &PrivilegeFacts) -> String {
    let words: Vec<_> = facts.privileges.iter().map(|word| word.as_str()).collect();
    match words.is_empty() {
        true => format!("Client {} has no privileges.", facts.client_id),
        false => format!("Client {} may: {}.", facts.client_id, words.join(", ")),
    }
}

fn lines(clients: &[ClientFacts]) -> String {
    if clients.is_empty() {
        return "There are no clients.".into();
    }
    let line = |client: &ClientFacts| {
        format!(
            "{:<40} {:<8} {:<10} {}\n",
            client.client_id, client.environment, client.status, client.name
        )
    };
    clients.iter().map(line).collect()
}

fn described(client: &ClientFacts) -> String {
    let dialects: Vec<_> = client
        .dialects
        .iter()
        .map(|dialect| dialect.as_str())
        .collect();
    let grants: Vec<_> = client.grants.iter().map(|grant| grant.as_str()).collect();
    let mut text = format!(
        "client_id       {}\nname            {}\nenvironment     {}\nstatus          {}\n\
         dialects        {}\nauthentication  {}\npkce            {}\nscopes          {}\n\
         grants          {}\nredirect URIs   {}\n",
        client.client_id,
        client.name,
        client.environment,
        client.status,
        dialects.join(" "),
        client.auth_method,
        client.pkce,
        client.scopes.join(" "),
        grants.join(" "),
        client.redirect_uris.join("\n                "),
    );
    for secret in &client.secrets {
        text += &format!("secret          {} ({})\n", secret.secret_id, secret.label);
    }
    text
}
