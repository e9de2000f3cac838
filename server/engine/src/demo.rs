//! The demo: people with two years of account history, an app per dialect, all of it known to
//! everybody. Never in production.
//!
//! Seeding is safe to repeat: what is there stays as it is. Only the apps' addresses follow when the
//! server's public address has changed.

mod apps;
mod history;
mod parties;
mod people;

use std::collections::{BTreeMap, btree_map::Entry};

use protocol::{
    client::{DialectName, Environment},
    iban::Iban,
    ids::{AccountId, ClientId, TransferId},
    money::{Currency, Money},
    redirect_uri::RegisteredRedirectUri,
    sca,
    secret::{RecoveryCode, Secret},
    time::Timestamp,
};
use serde::Serialize;
use store::{
    Tx,
    accounts::{AccountRecord, insert_account, insert_account_if_absent},
    client_secrets::ClientSecretRecord,
    clients::{ClientRecord, advance_client, find_client, insert_client},
    ledger::{EntryRecord, insert_entries},
    transfers::{TransferRecord, TransferStatus, insert_transfers},
    users::find_user_by_name,
};

use self::{
    apps::{APPS, App},
    history::{Movement, Purse, Side, balances, movements},
    people::{ACCOUNTS, PEOPLE, account_of, fixed},
};
use crate::{
    Engine,
    bank::clearing_account,
    caches::Thing,
    error::{Error, Result},
    register::{Enrolment, NewUser, RegisterError, insert_secret},
    settings::Profile,
};

/// How many recovery codes each person of the demo has.
const RECOVERY_CODES: u8 = 4;

/// Everything that a visitor of the demo needs to know. Serialized for whoever prints it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct DemoSheet {
    /// Who can sign in.
    pub people: Vec<DemoPerson>,
    /// The registered apps.
    pub clients: Vec<DemoClient>,
    /// The account that the coffee shop is paid to.
    pub shop_iban: Iban,
    /// Where to click.
    pub links: Vec<DemoLink>,
}

/// A person who can sign in.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct DemoPerson {
    /// The name to sign in with.
    pub username: String,
    /// The password.
    pub password: String,
    /// The name that others see.
    pub display_name: String,
    /// `user`, `developer` or `admin`.
    pub role: String,
    /// The seed for an authenticator app, in base32.
    pub totp_secret: String,
    /// Codes for the day the phone is lost, each good once.
    pub recovery_codes: Vec<String>,
    /// Who it is.
    pub about: String,
}

/// A registered app.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct DemoClient {
    /// RFC 6749 §2.2.
    pub client_id: ClientId,
    /// The name that people see.
    pub name: String,
    /// The dialect that it speaks.
    pub dialect: DialectName,
    /// RFC 6749 §2.3.1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_secret: Option<String>,
    /// The key with which it signs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mac_key: Option<String>,
    /// Where people may be sent back to.
    pub redirect_uris: Vec<String>,
    /// What can be tried with it.
    pub about: String,
}

/// Where to click.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct DemoLink {
    /// What is there.
    pub title: String,
    /// The address.
    pub url: String,
}

/// The present code of a person's authenticator app.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct DemoCode {
    /// The name to sign in with.
    pub username: String,
    /// The password.
    pub password: String,
    /// `user`, `developer` or `admin`.
    pub role: String,
    /// Six digits.
    pub totp_code: String,
    /// For how many seconds this is the present code.
    pub seconds_left: u64,
}

/// Why there is no demo.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The server is meant for real people.
    #[error(
        "demo data is refused when the profile is production: its passwords and secrets are public"
    )]
    Production,
    /// The apps of the demo could not be called back.
    #[error(
        "the demo's apps need a public URL that begins with https://, or with http:// and 127.0.0.1 or localhost: {0}"
    )]
    PublicUrl(String),
    /// Storage or we failed.
    #[error(transparent)]
    Failed(#[from] Error),
}

impl From<store::Error> for DemoError {
    fn from(error: store::Error) -> Self {
        Self::Failed(error.into())
    }
}

impl From<RegisterError> for DemoError {
    fn from(error: RegisterError) -> Self {
        Self::Failed(error.into())
    }
}

impl Engine {
    /// Puts the demo into the database, as far as it is not there.
    ///
    /// # Errors
    /// [`DemoError::Production`] in production; nothing is written then.
    pub async fn seed_demo(&self) -> Result<DemoSheet, DemoError> {
        if self.env.settings.profile == Profile::Production {
            return Err(DemoError::Production);
        }
        self.check_public_url()?;
        match self.seed_people().await {
            // Another node did the same at the same moment.
            Err(DemoError::Failed(Error::Conflict(_))) => {}
            seeded => seeded?,
        }
        for app in &APPS {
            match self.seed_app(app).await {
                Err(DemoError::Failed(Error::Conflict(_))) => {}
                seeded => seeded?,
            }
        }
        Ok(self.demo_sheet())
    }

    /// Whether the database knows an app of the demo. A server in production must not start then:
    /// everybody knows the secrets.
    pub async fn holds_demo_data(&self) -> Result<bool> {
        for app in &APPS {
            if find_client(self.env.store.reader(), &ClientId::new(app.id))
                .await?
                .is_some()
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// What a visitor of the demo needs to know.
    pub fn demo_sheet(&self) -> DemoSheet {
        let public_url = &self.env.settings.public_url;
        let people = PEOPLE.iter().map(|person| DemoPerson {
            username: person.username.to_owned(),
            password: person.password.to_owned(),
            display_name: person.display_name.to_owned(),
            role: person.role.to_string(),
            totp_secret: sca::base32(&person.seed()).to_string(),
            recovery_codes: recovery_codes(person.username)
                .iter()
                .map(|code| sca::recovery_code_groups(code).to_string())
                .collect(),
            about: person.about.to_owned(),
        });
        let clients = APPS.iter().map(|app| DemoClient {
            client_id: ClientId::new(app.id),
            name: app.name.to_owned(),
            dialect: app.dialect,
            client_secret: app.secret().map(|secret| secret.expose().to_owned()),
            mac_key: app.mac_key(),
            redirect_uris: app.redirect_uris(public_url),
            about: app.about.to_owned(),
        });
        DemoSheet {
            people: people.collect(),
            clients: clients.collect(),
            shop_iban: account_of(Purse::Coffee).iban(),
            links: links(public_url),
        }
    }

    /// The present codes of the demo's people, as their authenticator apps would show them. None in
    /// production.
    pub fn demo_authenticator(&self) -> Vec<DemoCode> {
        if self.env.settings.profile == Profile::Production {
            return Vec::new();
        }
        let now = self.env.now();
        let into_step = u64::try_from(now.seconds()).unwrap_or(0) % sca::STEP_SECONDS;
        PEOPLE
            .iter()
            .map(|person| DemoCode {
                username: person.username.to_owned(),
                password: person.password.to_owned(),
                role: person.role.to_string(),
                totp_code: sca::totp(&person.seed(), sca::step(now))
                    .expose()
                    .to_owned(),
                seconds_left: sca::STEP_SECONDS - into_step,
            })
            .collect()
    }

    fn check_public_url(&self) -> Result<(), DemoError> {
        let public_url = &self.env.settings.public_url;
        for app in &APPS {
            for uri in app.redirect_uris(public_url) {
                RegisteredRedirectUri::parse(&uri, Environment::Sandbox)
                    .map_err(|fault| DemoError::PublicUrl(fault.to_string()))?;
            }
        }
        Ok(())
    }

    /// People, accounts and history, in one transaction.
    async fn seed_people(&self) -> Result<(), DemoError> {
        let first = PEOPLE[0].username;
        if find_user_by_name(self.env.store.reader(), Environment::Sandbox, first)
            .await?
            .is_some()
        {
            return Ok(());
        }
        let mut enrolments = Vec::new();
        for person in &PEOPLE {
            let new = NewUser {
                username: person.username.to_owned(),
                password: person.password.to_owned(),
                email: Some(person.email.to_owned()),
                display_name: Some(person.display_name.to_owned()),
                role: person.role,
                environment: Environment::Sandbox,
                locale: person.locale,
            };
            let codes = recovery_codes(person.username)
                .iter()
                .map(Secret::digest)
                .collect();
            enrolments.push(self.enrol(person.id(), new, &person.seed(), codes).await?);
        }
        let now = self.env.now();
        let books = Books::of(&movements(now), now)?;
        self.env
            .store
            .write::<_, Error, _>(move |tx| {
                Box::pin(async move {
                    write_people(tx, &enrolments, &books).await?;
                    Ok(())
                })
            })
            .await?;
        Ok(())
    }

    /// One app, or its addresses when the public address has changed.
    async fn seed_app(&self, app: &App) -> Result<(), DemoError> {
        let id = ClientId::new(app.id);
        let developer = PEOPLE[2].id();
        let client = self.client_of(&app.client(
            &self.env.settings.public_url,
            developer.clone(),
            self.env.now(),
        ))?;
        let known = find_client(self.env.store.reader(), &id).await?;
        let (record, secret) = match known {
            Some(known) => match moved(
                known,
                client.redirect_uris,
                &self.env.settings.public_url,
                app,
            ) {
                Some(moved) => (moved, None),
                None => return Ok(()),
            },
            None => {
                let sealed_mac_key = app.mac_key().map(|key| self.seal_mac_key(&key));
                let secret = app
                    .secret()
                    .map(|secret| self.secret_record(&id, &secret, Some("demo".to_owned())));
                (
                    ClientRecord {
                        client,
                        owner: Some(developer),
                        sealed_mac_key,
                        version: 0,
                    },
                    Some(secret),
                )
            }
        };
        self.env
            .store
            .write::<_, Error, _>(move |tx| {
                Box::pin(async move { Ok(write_app(tx, &record, secret).await?) })
            })
            .await?;
        self.env.caches.changed(Thing::Client(&id));
        Ok(())
    }
}

/// The client with the addresses of today, if that is a change. Old addresses stay: whoever began there
/// comes back there.
fn moved(
    mut known: ClientRecord,
    wanted: Vec<RegisteredRedirectUri>,
    public_url: &str,
    app: &App,
) -> Option<ClientRecord> {
    let uris = &mut known.client.redirect_uris;
    let before = uris.len();
    for uri in wanted {
        if !uris
            .iter()
            .any(|registered| registered.as_str() == uri.as_str())
        {
            uris.push(uri);
        }
    }
    if uris.len() == before {
        return None;
    }
    known.client.profile.domain = apps::host(public_url);
    if app.runs {
        known.client.profile.homepage = app.home(public_url);
    }
    Some(known)
}

/// A new app with its secret, or a known one (`secret` is `None`) with new addresses.
async fn write_app(
    tx: &Tx,
    record: &ClientRecord,
    secret: Option<Option<ClientSecretRecord>>,
) -> Result<(), store::Error> {
    match secret {
        Some(secret) => {
            insert_client(tx, record).await?;
            insert_secret(tx, secret.as_ref()).await
        }
        None => {
            let _another_node_may_have_done_it = advance_client(tx, record).await?;
            Ok(())
        }
    }
}

async fn write_people(
    tx: &Tx,
    enrolments: &[Enrolment],
    books: &Books,
) -> Result<(), store::Error> {
    for enrolment in enrolments {
        enrolment.write(tx).await?;
    }
    for account in &books.accounts {
        insert_account(tx, account).await?;
    }
    for account in &books.clearing {
        let _live_ones_may_be_there = insert_account_if_absent(tx, account).await?;
    }
    insert_transfers(tx, &books.transfers).await?;
    insert_entries(tx, &books.entries).await
}

fn recovery_codes(username: &str) -> Vec<Secret<RecoveryCode>> {
    (0..RECOVERY_CODES)
        .map(|number| {
            let mut entropy = [0; 10];
            entropy.copy_from_slice(&fixed(&format!("recovery code {number}"), username)[..10]);
            sca::mint_recovery_code(entropy)
        })
        .collect()
}

fn links(public_url: &str) -> Vec<DemoLink> {
    [
        ("Buy coffee and pay from the wallet", "/demo/shop"),
        ("The codes of the authenticator app", "/demo/authenticator"),
        ("All sample apps and logins", "/demo"),
    ]
    .into_iter()
    .map(|(title, path)| DemoLink {
        title: title.to_owned(),
        url: format!("{public_url}{path}"),
    })
    .collect()
}

/// The rows of accounts and their history.
struct Books {
    accounts: Vec<AccountRecord>,
    clearing: Vec<AccountRecord>,
    transfers: Vec<TransferRecord>,
    entries: Vec<EntryRecord>,
}

impl Books {
    /// Both sides of every movement, with running balances.
    fn of(movements: &[Movement], now: Timestamp) -> Result<Self, Error> {
        let opened = movements.first().map_or(now, |movement| movement.at);
        let mut clearing = BTreeMap::<Currency, AccountRecord>::new();
        for movement in movements {
            if let Entry::Vacant(vacant) = clearing.entry(movement.currency) {
                vacant.insert(clearing_account(
                    Environment::Sandbox,
                    movement.currency,
                    opened,
                )?);
            }
        }
        let mut running = BTreeMap::<AccountId, i64>::new();
        let (mut transfers, mut entries) = (Vec::new(), Vec::new());
        for (number, movement) in movements.iter().enumerate() {
            let transfer = transfer_of(movement, number);
            for (side, sign) in [(movement.from, -1), (movement.to, 1)] {
                let account = match side {
                    Side::Here(purse) => account_of(purse).id(),
                    Side::Elsewhere(_) => clearing[&movement.currency].id.clone(),
                };
                let balance = running.entry(account.clone()).or_default();
                *balance += sign * movement.minor;
                entries.push(EntryRecord {
                    id: row_id(movement.at, number, if sign < 0 { 'd' } else { 'c' }),
                    transfer_id: transfer.id.clone(),
                    account_id: account,
                    amount: Money::new(sign * movement.minor, movement.currency),
                    balance_after: *balance,
                    booked_at: movement.at,
                });
            }
            transfers.push(transfer);
        }
        for account in clearing.values_mut() {
            account.balance.minor = running.get(&account.id).copied().unwrap_or(0);
        }
        let balances = balances(movements);
        let accounts = ACCOUNTS
            .iter()
            .zip(0u64..)
            .map(|(account, place)| AccountRecord {
                id: account.id(),
                user_id: account.owner.and_then(|owner| {
                    PEOPLE
                        .iter()
                        .find(|person| person.username == owner)
                        .map(people::Person::id)
                }),
                environment: Environment::Sandbox,
                kind: account.kind,
                name: account.name.to_owned(),
                iban: account.iban(),
                owner_name: account.owner_name.to_owned(),
                product: account.product.to_owned(),
                balance: Money::new(balances[&account.purse], account.purse.currency()),
                reserved_minor: 0,
                // A moment apart, because accounts are listed in the order of their making.
                created_at: opened + std::time::Duration::from_millis(place),
            });
        Ok(Self {
            accounts: accounts.collect(),
            clearing: clearing.into_values().collect(),
            transfers,
            entries,
        })
    }
}

fn transfer_of(movement: &Movement, number: usize) -> TransferRecord {
    let side = |side: Side| match side {
        Side::Here(purse) => {
            let account = account_of(purse);
            (Some(account.id()), account.iban(), account.owner_name)
        }
        Side::Elsewhere(party) => (None, party.iban(), party.name),
    };
    let (from_account, from_iban, from_name) = side(movement.from);
    let (to_account, to_iban, to_name) = side(movement.to);
    TransferRecord {
        id: TransferId::new(row_id(movement.at, number, 't')),
        from_account,
        to_account,
        from_iban,
        from_name: from_name.to_owned(),
        to_iban,
        to_name: to_name.to_owned(),
        amount: Money::new(movement.minor, movement.currency),
        reference: movement.reference.clone(),
        status: TransferStatus::Booked,
        reason: None,
        client_id: None,
        user_id: None,
        consent_id: None,
        created_at: movement.at,
        booked_at: Some(movement.at),
    }
}

/// An id that sorts like the instant and the place in the story.
fn row_id(at: Timestamp, number: usize, kind: char) -> String {
    format!("demo-{:013}-{number:05}-{kind}", at.millis())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_movement_is_booked_on_two_sides() {
        let now = Timestamp::from_seconds(1_795_347_727);
        let books = Books::of(&movements(now), now).unwrap();
        assert_eq!(books.entries.len(), 2 * books.transfers.len());
        for pair in books.entries.chunks(2) {
            assert_eq!(pair[0].amount.minor, -pair[1].amount.minor);
            assert_eq!(pair[0].transfer_id, pair[1].transfer_id);
        }
        for account in books.accounts.iter().chain(&books.clearing) {
            let entries = books
                .entries
                .iter()
                .filter(|entry| entry.account_id == account.id);
            assert_eq!(
                entries.clone().map(|entry| entry.amount.minor).sum::<i64>(),
                account.balance.minor
            );
            assert_eq!(
                entries.clone().next_back().map(|entry| entry.balance_after),
                Some(account.balance.minor)
            );
        }
        let ids: BTreeSet<&str> = books
            .entries
            .iter()
            .map(|entry| entry.id.as_str())
            .collect();
        assert_eq!(ids.len(), books.entries.len());
    }

    #[test]
    fn recovery_codes_are_fixed_and_differ() {
        let codes = |username| {
            recovery_codes(username)
                .iter()
                .map(|code| code.expose().to_owned())
                .collect::<BTreeSet<_>>()
        };
        assert_eq!(codes("ona"), codes("ona"));
        assert!(codes("ona").is_disjoint(&codes("jonas")));
        assert_eq!(codes("ona").len(), usize::from(RECOVERY_CODES));
    }
}
