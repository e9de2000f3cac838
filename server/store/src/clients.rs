//! Registered clients (RFC 6749 section 2).

use std::{collections::BTreeMap, sync::LazyLock};

use protocol::{
    client::{Client, ClientStatus, Environment},
    ids::{ClientId, UserId},
    redirect_uri::RegisteredRedirectUri,
    time::Timestamp,
};
use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, Select,
};

use crate::{
    Advanced, Error, Reads, Tx,
    client_secrets::ClientSecretRecord,
    entities::{
        client_secrets,
        clients::{Column, Entity, Model},
    },
    users::folded,
    values::{all, count, from_json, insert, parse, selected, to_json},
};

/// A registered client and what only the server knows of it.
#[derive(Clone, PartialEq, Debug)]
pub struct ClientRecord {
    /// The client as the rules see it.
    pub client: Client,
    /// The developer who registered it, if one did.
    pub owner: Option<UserId>,
    /// The key with which it signs, sealed.
    pub sealed_mac_key: Option<Vec<u8>>,
    /// How often it was changed; [`advance_client`] compares it.
    pub version: u32,
}

/// Which clients to list.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ClientFilter {
    /// Only of this environment.
    pub environment: Option<Environment>,
    /// Only with this status.
    pub status: Option<ClientStatus>,
    /// Only of this developer.
    pub owner: Option<UserId>,
    /// Only with this in the name or the id, however it is spelt.
    pub text: Option<String>,
}

impl ClientFilter {
    fn query(&self, after: Option<&ClientId>) -> Select<Entity> {
        let mut query = Entity::find().order_by_asc(Column::Id);
        if let Some(environment) = self.environment {
            query = query.filter(Column::Environment.eq(environment.as_str()));
        }
        if let Some(status) = self.status {
            query = query.filter(Column::Status.eq(status.as_str()));
        }
        if let Some(owner) = &self.owner {
            query = query.filter(Column::OwnerUserId.eq(owner.as_str()));
        }
        if let Some(after) = after {
            query = query.filter(Column::Id.gt(after.as_str()));
        }
        query
    }
}

/// Names that are looked through at once when a text is searched for.
const LOOKED_THROUGH: u64 = 1_000;

impl TryFrom<Model> for ClientRecord {
    type Error = Error;

    fn try_from(row: Model) -> Result<Self, Error> {
        let environment = parse(&row.environment, "clients.environment")?;
        let addresses: Vec<String> = from_json(&row.redirect_uris, "clients.redirect_uris")?;
        let redirect_uris = addresses
            .iter()
            .map(|address| RegisteredRedirectUri::parse(address, environment))
            .collect::<Result<_, _>>()
            .map_err(|_| Error::unreadable("clients.redirect_uris"))?;
        Ok(Self {
            client: Client {
                id: ClientId::new(row.id),
                name: row.name,
                environment,
                status: parse(&row.status, "clients.status")?,
                dialects: from_json(&row.dialects, "clients.dialects")?,
                auth_method: parse(&row.auth_method, "clients.auth_method")?,
                pkce: parse(&row.pkce, "clients.pkce")?,
                redirect_uris,
                scope: parse(&row.scope, "clients.scope")?,
                grants: from_json(&row.grants, "clients.grants")?,
                lifetimes: from_json(&row.lifetimes, "clients.lifetimes")?,
                profile: from_json(&row.profile, "clients.profile")?,
                created_at: Timestamp::from_millis(row.created_at),
            },
            owner: row.owner_user_id.map(UserId::new),
            sealed_mac_key: row.sealed_mac_key,
            version: count(row.version, "clients.version")?,
        })
    }
}

impl ClientRecord {
    fn row(&self) -> Result<Model, Error> {
        let client = &self.client;
        let addresses: Vec<&str> = client
            .redirect_uris
            .iter()
            .map(RegisteredRedirectUri::as_str)
            .collect();
        Ok(Model {
            id: client.id.as_str().to_owned(),
            name: client.name.clone(),
            environment: client.environment.to_string(),
            status: client.status.to_string(),
            dialects: to_json(&client.dialects)?,
            auth_method: client.auth_method.to_string(),
            pkce: client.pkce.to_string(),
            redirect_uris: to_json(&addresses)?,
            scope: client.scope.to_string(),
            grants: to_json(&client.grants)?,
            lifetimes: to_json(&client.lifetimes)?,
            profile: to_json(&client.profile)?,
            owner_user_id: self.owner.as_ref().map(|id| id.as_str().to_owned()),
            sealed_mac_key: self.sealed_mac_key.clone(),
            created_at: client.created_at.millis(),
            version: self.version.into(),
        })
    }
}

/// Writes a new client.
///
/// # Errors
/// [`Error::Conflict`] `clients_pkey` when the id is taken.
pub async fn insert_client(tx: &Tx, client: &ClientRecord) -> Result<(), Error> {
    insert(&tx.0, client.row()?).await
}

/// The client with this id.
///
/// # Errors
/// Why it could not be read.
pub async fn find_client(
    db: &impl Reads,
    client: &ClientId,
) -> Result<Option<ClientRecord>, Error> {
    let row = Entity::find_by_id(client.as_str()).one(db.link()).await?;
    row.map(ClientRecord::try_from).transpose()
}

/// The client with its secrets that were not revoked, oldest first, in one statement. Whether a
/// secret has run out is for the caller to compare.
///
/// # Errors
/// Why they could not be read.
pub async fn find_client_with_secrets(
    db: &impl Reads,
    client: &ClientId,
) -> Result<Option<(ClientRecord, Vec<ClientSecretRecord>)>, Error> {
    static SQL: LazyLock<String> = LazyLock::new(|| {
        format!(
            "SELECT {}, {} FROM clients c \
             LEFT JOIN client_secrets k ON k.client_id = c.id AND k.revoked_at IS NULL \
             WHERE c.id = $1 ORDER BY k.created_at, k.id",
            selected::<Entity>("c"),
            selected::<client_secrets::Entity>("k"),
        )
    });
    let rows = db.link().rows(&SQL, [client.as_str().into()]).await?;
    let Some(first) = rows.first() else {
        return Ok(None);
    };
    let client = Model::from_query_result(first, "c_")?.try_into()?;
    let mut secrets = Vec::new();
    for row in &rows {
        if let Some(secret) = client_secrets::Model::from_query_result_optional(row, "k_")? {
            secrets.push(secret.try_into()?);
        }
    }
    Ok(Some((client, secrets)))
}

/// Clients in the order of their ids, after `after`, at most `limit`.
///
/// # Errors
/// Why they could not be read.
pub async fn find_clients(
    db: &impl Reads,
    filter: &ClientFilter,
    after: Option<&ClientId>,
    limit: u64,
) -> Result<Vec<ClientRecord>, Error> {
    let query = match &filter.text {
        None => filter.query(after).limit(limit),
        Some(text) => {
            let found = find_client_ids_with(db, filter, text, after, limit).await?;
            Entity::find()
                .filter(Column::Id.is_in(found))
                .order_by_asc(Column::Id)
        }
    };
    all(query.all(db.link()).await?)
}

/// Names are compared here, because the two databases do not know the same lower-case letters.
async fn find_client_ids_with(
    db: &impl Reads,
    filter: &ClientFilter,
    text: &str,
    after: Option<&ClientId>,
    limit: u64,
) -> Result<Vec<String>, Error> {
    let text = folded(text);
    let mut after = after.cloned();
    let mut found = Vec::new();
    loop {
        let names: Vec<(String, String)> = filter
            .query(after.as_ref())
            .select_only()
            .column(Column::Id)
            .column(Column::Name)
            .limit(LOOKED_THROUGH)
            .into_tuple()
            .all(db.link())
            .await?;
        let is_last = (names.len() as u64) < LOOKED_THROUGH;
        after = names.last().map(|(id, _)| ClientId::new(id.as_str()));
        let fits = |(id, name): &(String, String)| {
            folded(id).contains(&text) || folded(name).contains(&text)
        };
        let room = usize::try_from(limit).unwrap_or(usize::MAX) - found.len();
        found.extend(names.into_iter().filter(fits).map(|(id, _)| id).take(room));
        if is_last || found.len() as u64 >= limit {
            return Ok(found);
        }
    }
}

/// The names of several clients, for lists of what people allowed whom.
///
/// # Errors
/// Why they could not be read.
pub async fn find_client_names(
    db: &impl Reads,
    clients: &[ClientId],
) -> Result<BTreeMap<ClientId, String>, Error> {
    let names: Vec<(String, String)> = Entity::find()
        .select_only()
        .column(Column::Id)
        .column(Column::Name)
        .filter(Column::Id.is_in(clients.iter().map(ClientId::as_str)))
        .into_tuple()
        .all(db.link())
        .await?;
    Ok(names
        .into_iter()
        .map(|(id, name)| (ClientId::new(id), name))
        .collect())
}

/// Which of these clients are switched off.
///
/// # Errors
/// Why they could not be read.
pub async fn find_suspended_clients(
    db: &impl Reads,
    clients: &[ClientId],
) -> Result<Vec<ClientId>, Error> {
    let ids: Vec<String> = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::Id.is_in(clients.iter().map(ClientId::as_str)))
        .filter(Column::Status.ne(ClientStatus::Active.as_str()))
        .into_tuple()
        .all(db.link())
        .await?;
    Ok(ids.into_iter().map(ClientId::new).collect())
}

/// Writes what was changed, if the client still has `client.version`, and counts the version up; `No` when
/// somebody else changed it meanwhile.
///
/// # Errors
/// Why it could not be written.
pub async fn advance_client(tx: &Tx, client: &ClientRecord) -> Result<Advanced, Error> {
    let row = client.row()?;
    let sql = "UPDATE clients SET name = $3, environment = $4, status = $5, dialects = $6, \
               auth_method = $7, pkce = $8, redirect_uris = $9, scope = $10, grants = $11, \
               lifetimes = $12, profile = $13, owner_user_id = $14, sealed_mac_key = $15, \
               version = version + 1 WHERE id = $1 AND version = $2";
    let values = [
        row.id.into(),
        row.version.into(),
        row.name.into(),
        row.environment.into(),
        row.status.into(),
        row.dialects.into(),
        row.auth_method.into(),
        row.pkce.into(),
        row.redirect_uris.into(),
        row.scope.into(),
        row.grants.into(),
        row.lifetimes.into(),
        row.profile.into(),
        row.owner_user_id.into(),
        row.sealed_mac_key.into(),
    ];
    Ok(Advanced::of(tx.0.change(sql, values).await?))
}

/// Suspends or resumes a client; `No` when it already was, or is not there.
///
/// # Errors
/// Why it could not be written.
pub async fn advance_client_status(
    tx: &Tx,
    client: &ClientId,
    status: ClientStatus,
) -> Result<Advanced, Error> {
    let sql =
        "UPDATE clients SET status = $2, version = version + 1 WHERE id = $1 AND status <> $2";
    let values = [client.as_str().into(), status.as_str().into()];
    Ok(Advanced::of(tx.0.change(sql, values).await?))
}
