//! Clients (RFC 6749 §2): added by an operator, listed, shown, suspended, given new secrets.

use std::{fmt, time::Duration};

use protocol::{
    client::{
        AuthMethod, Client, ClientProfile, ClientStatus, DialectName, Environment, GrantType,
        PkcePolicy,
    },
    ids::{ClientId, SecretId, UserId},
    lifetimes::LifetimeOverrides,
    time::Timestamp,
};
use serde::Serialize;
use serde_json::json;
use store::{
    Advanced,
    client_secrets::{ClientSecretRecord, advance_client_secrets_rotated, find_client_secrets},
    clients::{
        ClientFilter, ClientRecord, advance_client, advance_client_status, find_client,
        find_clients, insert_client,
    },
};

use super::{
    RegisterError,
    credentials::{Credentials, insert_secret},
    is_line,
};
use crate::{
    Engine,
    caches::Thing,
    error::{Error, Result},
};

/// Longest name of an app, in characters: it must fit the consent page.
pub(super) const LONGEST_NAME: usize = 60;

/// Most secrets of one client that are good at the same time.
const MOST_SECRETS: usize = 3;

/// A client to be added. What is absent follows from the dialect.
#[derive(Clone, Debug)]
pub struct NewClient {
    /// Its id; minted from name and environment when absent.
    pub id: Option<String>,
    /// The name that people see.
    pub name: String,
    /// Play money or real money.
    pub environment: Environment,
    /// The dialect that it speaks.
    pub dialect: DialectName,
    /// What it may ask for: scope tokens separated by blanks.
    pub scope: String,
    /// The grants it may use.
    pub grants: Vec<GrantType>,
    /// Where people may be sent back to.
    pub redirect_uris: Vec<String>,
    /// How it authenticates. Default: `mac` for the dialect mac, `client_secret_basic` for bearer,
    /// `client_secret_post` for the others.
    pub auth: Option<AuthMethod>,
    /// Whether PKCE is required of it. Default: yes, unless its dialect does not know PKCE.
    pub pkce: Option<PkcePolicy>,
    /// Its own lifetimes.
    pub lifetimes: LifetimeOverrides,
    /// Who runs it.
    pub profile: ClientProfile,
    /// The developer whose it is.
    pub owner: Option<UserId>,
}

/// What is told once, when a client was added or got new credentials. Serialized as the command
/// line prints it: absent credentials are left out.
#[derive(Serialize)]
pub struct AddedClient {
    /// RFC 6749 §2.2.
    pub client_id: ClientId,
    /// RFC 6749 §2.3.1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_secret: Option<String>,
    /// The key with which it signs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mac_key: Option<String>,
    /// The dialect that it speaks.
    pub dialect: DialectName,
    /// Play money or real money.
    pub environment: Environment,
    /// Where people may be sent back to.
    pub redirect_uris: Vec<String>,
    /// What it may ask for.
    pub scopes: Vec<String>,
    /// The grants it may use.
    pub grants: Vec<GrantType>,
}

/// Without the secrets.
impl fmt::Debug for AddedClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AddedClient")
            .field("client_id", &self.client_id)
            .finish_non_exhaustive()
    }
}

/// What can be told about a client at any time.
#[derive(Clone, Debug, Serialize)]
pub struct ClientFacts {
    /// RFC 6749 §2.2.
    pub client_id: ClientId,
    /// The name that people see.
    pub name: String,
    /// Play money or real money.
    pub environment: Environment,
    /// Active or suspended.
    pub status: ClientStatus,
    /// The dialects that it speaks.
    pub dialects: Vec<DialectName>,
    /// How it authenticates.
    pub auth_method: AuthMethod,
    /// Whether PKCE is required of it.
    pub pkce: PkcePolicy,
    /// Where people may be sent back to.
    pub redirect_uris: Vec<String>,
    /// What it may ask for.
    pub scopes: Vec<String>,
    /// The grants it may use.
    pub grants: Vec<GrantType>,
    /// When it was registered, in milliseconds since the Unix epoch.
    pub created_at: Timestamp,
    /// Its secrets, without the secrets.
    pub secrets: Vec<SecretFacts>,
}

/// What can be told about a secret.
#[derive(Clone, Debug, Serialize)]
pub struct SecretFacts {
    /// Its id.
    pub secret_id: SecretId,
    /// What it is called.
    pub label: String,
    /// Since when, in milliseconds since the Unix epoch.
    pub created_at: Timestamp,
    /// When it was last used.
    pub last_used_at: Option<Timestamp>,
    /// Until when, if it ends by itself.
    pub expires_at: Option<Timestamp>,
}

impl Engine {
    /// Adds a client; it is active at once.
    ///
    /// # Errors
    /// [`RegisterError::Refused`] when the arguments do not go together or the id is taken.
    pub async fn add_client(&self, new: NewClient) -> Result<AddedClient, RegisterError> {
        let client = self.client_of(&new)?;
        let credentials = self.credentials(&client.id, client.auth_method, None)?;
        let added = told(&client, &credentials);
        let id = client.id.clone();
        let event = self.operator_event(
            "client.added",
            format!("client:{id}"),
            &json!({ "environment": client.environment, "dialects": client.dialects, "scope": client.scope }),
        );
        let record = ClientRecord {
            client,
            owner: new.owner,
            sealed_mac_key: credentials.sealed_mac_key,
            version: 0,
        };
        let secret = credentials.secret.map(|(_, record)| record);
        self.env
            .store
            .write::<_, store::Error, _>(move |tx| {
                Box::pin(async move {
                    insert_client(tx, &record).await?;
                    insert_secret(tx, secret.as_ref()).await?;
                    store::audit::insert_audit_event(tx, &event).await
                })
            })
            .await
            .map_err(|error| match error {
                store::Error::Conflict { what } if what == "clients_pkey" => {
                    RegisterError::refused(format!("there is a client {id} already"))
                }
                other => other.into(),
            })?;
        self.env.caches.changed(Thing::Client(&id));
        Ok(added)
    }

    /// Clients in the order of their ids, at most `limit` after `after`. Their secrets are left out.
    ///
    /// # Errors
    /// When storage failed.
    pub async fn list_clients(
        &self,
        environment: Option<Environment>,
        after: Option<&ClientId>,
        limit: u64,
    ) -> Result<Vec<ClientFacts>> {
        let filter = ClientFilter {
            environment,
            ..ClientFilter::default()
        };
        let records = find_clients(self.env.store.reader(), &filter, after, limit).await?;
        Ok(records
            .into_iter()
            .map(|record| facts_of_client(record.client))
            .collect())
    }

    /// One client with what can be told about its secrets.
    ///
    /// # Errors
    /// [`RegisterError::Refused`] when there is no such client.
    pub async fn show_client(&self, id: &ClientId) -> Result<ClientFacts, RegisterError> {
        let record = self.registered(id).await?;
        let secrets = find_client_secrets(self.env.store.reader(), id).await?;
        Ok(facts(record.client, secrets))
    }

    /// Switches a client off: nothing is granted to it any more and its tokens are refused.
    ///
    /// # Errors
    /// [`RegisterError::Refused`] when there is no such client.
    pub async fn suspend_client(&self, id: &ClientId) -> Result<ClientFacts, RegisterError> {
        self.set_client_status(id, ClientStatus::Suspended, "client.suspended")
            .await
    }

    /// Switches a client on again. Tokens that have not run out work again.
    ///
    /// # Errors
    /// [`RegisterError::Refused`] when there is no such client.
    pub async fn resume_client(&self, id: &ClientId) -> Result<ClientFacts, RegisterError> {
        self.set_client_status(id, ClientStatus::Active, "client.resumed")
            .await
    }

    /// Gives a client a new secret, or a new MAC key.
    ///
    /// Its other secrets are good for `keep_old` from now on, so that the app can change over; zero
    /// ends them at once. An old MAC key always ends at once.
    ///
    /// # Errors
    /// [`RegisterError::Refused`] when there is no such client, when it has no secret by its nature,
    /// or when it has three secrets that are good already and is to keep them.
    pub async fn rotate_secret(
        &self,
        id: &ClientId,
        label: Option<String>,
        keep_old: Duration,
    ) -> Result<AddedClient, RegisterError> {
        let record = self.registered(id).await?;
        let now = self.env.now();
        let auth = record.client.auth_method;
        if auth == AuthMethod::None {
            return Err(RegisterError::refused(format!(
                "the client {id} has no secret: it is a public client and proves itself by PKCE"
            )));
        }
        let good = find_client_secrets(self.env.store.reader(), id).await?;
        let good = good.iter().filter(|secret| is_good(secret, now)).count();
        if good >= MOST_SECRETS && !keep_old.is_zero() {
            return Err(RegisterError::refused(format!(
                "the client {id} has {good} secrets that are good; end the old ones at once, or wait until one has ended"
            )));
        }
        if label
            .as_ref()
            .is_some_and(|label| !is_line(label, LONGEST_NAME))
        {
            return Err(RegisterError::refused(
                "the label must be one line of 1 to 60 characters",
            ));
        }
        let credentials = self.credentials(id, auth, label)?;
        let added = told(&record.client, &credentials);
        let event = self.operator_event(
            "client.credentials_rotated",
            format!("client:{id}"),
            &json!({ "keep_old_seconds": keep_old.as_secs() }),
        );
        let secret = credentials.secret.map(|(_, record)| record);
        let mut changed = record;
        changed.sealed_mac_key = credentials.sealed_mac_key.or(changed.sealed_mac_key);
        let advanced = self
            .env
            .store
            .write::<_, store::Error, _>(move |tx| {
                Box::pin(async move {
                    // The version moves with every change of credentials, also that of a secret.
                    if advance_client(tx, &changed).await? == Advanced::No {
                        return Ok(Advanced::No);
                    }
                    if let Some(secret) = &secret {
                        insert_secret(tx, Some(secret)).await?;
                        advance_client_secrets_rotated(
                            tx,
                            &secret.client_id,
                            &secret.id,
                            now + keep_old,
                        )
                        .await?;
                    }
                    store::audit::insert_audit_event(tx, &event).await?;
                    Ok(Advanced::Yes)
                })
            })
            .await?;
        if advanced == Advanced::No {
            return Err(RegisterError::refused(format!(
                "the client {id} was changed by somebody else at the same moment; try again"
            )));
        }
        self.env.caches.changed(Thing::Client(id));
        Ok(added)
    }

    async fn set_client_status(
        &self,
        id: &ClientId,
        status: ClientStatus,
        action: &str,
    ) -> Result<ClientFacts, RegisterError> {
        self.registered(id).await?;
        let event = self.operator_event(action, format!("client:{id}"), &json!({}));
        let client = id.clone();
        self.env
            .store
            .write::<_, store::Error, _>(move |tx| {
                Box::pin(async move {
                    if advance_client_status(tx, &client, status).await? == Advanced::Yes {
                        store::audit::insert_audit_event(tx, &event).await?;
                    }
                    Ok(())
                })
            })
            .await?;
        self.env.caches.changed(Thing::Client(id));
        self.show_client(id).await
    }

    pub(super) async fn registered(&self, id: &ClientId) -> Result<ClientRecord, RegisterError> {
        find_client(self.env.store.reader(), id)
            .await?
            .ok_or_else(|| RegisterError::refused(format!("there is no client {id}")))
    }
}

fn told(client: &Client, credentials: &Credentials) -> AddedClient {
    AddedClient {
        client_id: client.id.clone(),
        client_secret: credentials
            .secret
            .as_ref()
            .map(|(secret, _)| secret.expose().to_owned()),
        mac_key: credentials.mac_key.as_ref().map(|key| key.to_string()),
        dialect: client
            .dialects
            .first()
            .copied()
            .unwrap_or(DialectName::Bearer),
        environment: client.environment,
        redirect_uris: client
            .redirect_uris
            .iter()
            .map(|uri| uri.as_str().to_owned())
            .collect(),
        scopes: scopes(client),
        grants: client.grants.clone(),
    }
}

fn facts(client: Client, secrets: Vec<ClientSecretRecord>) -> ClientFacts {
    ClientFacts {
        scopes: scopes(&client),
        redirect_uris: client
            .redirect_uris
            .iter()
            .map(|uri| uri.as_str().to_owned())
            .collect(),
        client_id: client.id,
        name: client.name,
        environment: client.environment,
        status: client.status,
        dialects: client.dialects,
        auth_method: client.auth_method,
        pkce: client.pkce,
        grants: client.grants,
        created_at: client.created_at,
        secrets: secrets
            .into_iter()
            .filter(|secret| secret.revoked_at.is_none())
            .map(|secret| SecretFacts {
                secret_id: secret.id,
                label: secret.label,
                created_at: secret.created_at,
                last_used_at: secret.last_used_at,
                expires_at: secret.expires_at,
            })
            .collect(),
    }
}

/// What can be told about a client, without its secrets.
pub(crate) fn facts_of_client(client: Client) -> ClientFacts {
    facts(client, Vec::new())
}

fn scopes(client: &Client) -> Vec<String> {
    client.scope.iter().map(ToString::to_string).collect()
}

fn is_good(secret: &ClientSecretRecord, now: Timestamp) -> bool {
    secret.revoked_at.is_none() && secret.expires_at.is_none_or(|end| now < end)
}

impl From<RegisterError> for Error {
    /// For what we register ourselves: a refusal is then our own mistake.
    fn from(error: RegisterError) -> Self {
        match error {
            RegisterError::Refused(sentence) => Self::Broken(sentence),
            RegisterError::Failed(error) => error,
        }
    }
}
