//! What approval makes of a submission: a client for real money, or a change of the one that is there.

use protocol::{
    client::{AuthMethod, DialectName, Environment, PkcePolicy},
    ids::ClientId,
    lifetimes::LifetimeOverrides,
    registration::{ClientParts, Submission},
    scope::Scope,
};
use store::{
    Advanced, Tx,
    apps::{AppRecord, advance_app},
    clients::{ClientRecord, advance_client, find_client, insert_client},
    secret_links::{SecretLinkRecord, insert_secret_link},
    users::UserRecord,
};

use crate::{
    Engine,
    error::{Error, Result},
    mails::{Mail, review as letters},
    register::NewClient,
};

/// What becomes of the client.
pub(super) enum LiveChange {
    /// The app gets its first client for real money, and a link to its secret.
    New(Box<NewLive>),
    /// The client that is there changes; its credentials stay.
    Changed(Box<ChangedLive>),
}

/// A client that changes, ready to be written.
pub(super) struct ChangedLive {
    client: ClientRecord,
    app: AppRecord,
}

/// A first client, ready to be written.
pub(super) struct NewLive {
    client: ClientRecord,
    app: AppRecord,
    link: SecretLinkRecord,
}

impl LiveChange {
    /// Which client.
    pub fn client(&self) -> &ClientId {
        match self {
            Self::New(new) => &new.client.client.id,
            Self::Changed(changed) => &changed.client.client.id,
        }
    }

    /// Writes it. A conflict means that somebody else changed app or client at the same moment: then
    /// nothing of the transaction may stay.
    pub async fn write(&self, tx: &Tx) -> Result<()> {
        let advanced = match self {
            Self::New(new) => {
                insert_client(tx, &new.client).await?;
                insert_secret_link(tx, &new.link).await?;
                advance_app(tx, &new.app).await?
            }
            Self::Changed(changed) => match advance_client(tx, &changed.client).await? {
                Advanced::Yes => advance_app(tx, &changed.app).await?,
                Advanced::No => Advanced::No,
            },
        };
        match advanced {
            Advanced::Yes => Ok(()),
            Advanced::No => Err(Error::Conflict("another version".to_owned())),
        }
    }
}

impl Engine {
    /// What approval with this scope, which is within the one that was asked for, makes of the app;
    /// and what its developer is told.
    pub(super) async fn live_change(
        &self,
        app: &AppRecord,
        submission: &Submission,
        scope: Scope,
        developer: Option<&UserRecord>,
    ) -> Result<(LiveChange, Option<Mail>)> {
        let now = self.env.now();
        let parts = submission
            .approved_client_parts(scope, now)
            .map_err(|error| Error::Broken(error.to_string()))?;
        let name = parts.name.clone();
        let addresses = self.partner_addresses(&parts.dialects);
        // The name that people see is the app's from now on: the names of other apps are compared with
        // it.
        let app = &AppRecord {
            name: name.clone(),
            ..app.clone()
        };
        let Some(id) = &app.live_client else {
            let (change, address) = self.new_live(app, parts, developer)?;
            let letter = developer
                .map(|user| letters::approved(user, &name, change.client(), &address, &addresses));
            return Ok((change, letter));
        };
        let found = find_client(self.env.store.reader(), id).await?;
        let mut record = found.ok_or_else(|| Error::Broken(format!("no client {id}")))?;
        record.client.name = parts.name;
        record.client.redirect_uris = parts.redirect_uris;
        record.client.scope = parts.scope;
        record.client.grants = parts.grants;
        record.client.dialects = approved_dialects(&record.client.dialects, parts.dialects);
        record.client.profile = parts.profile;
        let letter = developer.map(|user| letters::change_approved(user, &name, id, &addresses));
        let changed = ChangedLive {
            client: record,
            app: app.clone(),
        };
        Ok((LiveChange::Changed(Box::new(changed)), letter))
    }

    fn new_live(
        &self,
        app: &AppRecord,
        parts: ClientParts,
        developer: Option<&UserRecord>,
    ) -> Result<(LiveChange, String)> {
        let owner = developer.map(|user| user.id.clone());
        let uris = parts.redirect_uris.iter();
        // The two ways to send a secret stand for each other; this one is what the partner's documents say.
        let auth = match parts.dialects.contains(&DialectName::OBearer) {
            true => AuthMethod::ClientSecretPost,
            false => AuthMethod::ClientSecretBasic,
        };
        let client = self.client_of(&NewClient {
            id: None,
            name: parts.name,
            environment: Environment::Live,
            dialect: DialectName::Bearer,
            scope: parts.scope.to_string(),
            grants: parts.grants,
            redirect_uris: uris.map(|uri| uri.as_str().to_owned()).collect(),
            auth: Some(auth),
            pkce: Some(PkcePolicy::Required),
            lifetimes: LifetimeOverrides::default(),
            profile: parts.profile,
            owner: owner.clone(),
        });
        let mut client = client.map_err(|refused| Error::Broken(refused.to_string()))?;
        client.dialects = parts.dialects;
        let (link, address) = self.secret_link(&client.id, &app.id, self.env.now());
        let mut app = app.clone();
        app.live_client = Some(client.id.clone());
        let client = ClientRecord {
            client,
            owner,
            sealed_mac_key: None,
            version: 0,
        };
        Ok((
            LiveChange::New(Box::new(NewLive { client, app, link })),
            address,
        ))
    }
}

/// The dialects after an approval: those of the registration, and what its owner switched on besides.
fn approved_dialects(before: &[DialectName], approved: Vec<DialectName>) -> Vec<DialectName> {
    let switched = before.contains(&DialectName::Tutorial);
    approved
        .into_iter()
        .chain(switched.then_some(DialectName::Tutorial))
        .collect()
}
