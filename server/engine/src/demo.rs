//! The demo: people with two years of account history, an app per dialect, all of it known to
//! everybody. Never in production.
//!
//! Seeding is safe to repeat: what is there stays as it is. Only the apps' addresses follow when the
//! server's public address has changed.

mod apps;
mod books;
mod habits;
mod history;
mod papers;
mod parties;
mod people;
mod sheet;
mod team;

use protocol::{
    client::{DialectName, Environment},
    ids::ClientId,
    redirect_uri::RegisteredRedirectUri,
    secret::Secret,
};
use store::{
    Tx,
    accounts::{insert_account, insert_account_if_absent},
    client_secrets::ClientSecretRecord,
    clients::{ClientRecord, advance_client, find_client, insert_client},
    ledger::insert_entries,
    transfers::insert_transfers,
    users::find_user_by_name,
};

pub use self::sheet::{DemoClient, DemoCode, DemoLink, DemoPerson, DemoSheet};
use self::{
    apps::{APPS, App},
    books::Books,
    history::movements,
    people::{DEVELOPER, PEOPLE},
    sheet::recovery_codes,
};
use crate::{
    Engine,
    caches::Thing,
    error::{Error, Result},
    register::{Enrolment, NewUser, RegisterError, insert_secret},
    settings::Profile,
};

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
        self.seed_papers().await?;
        for app in &APPS {
            match self.seed_app(app).await {
                Err(DemoError::Failed(Error::Conflict(_))) => {}
                seeded => seeded?,
            }
            if app.dialect == DialectName::Mac {
                // Where it is paid by transactions, from the beginning.
                self.env.bank.app_account(&app.account()).await?;
            }
        }
        match self.seed_team().await {
            Err(DemoError::Failed(Error::Conflict(_))) => {}
            seeded => seeded?,
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
        let developer = DEVELOPER.id();
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
