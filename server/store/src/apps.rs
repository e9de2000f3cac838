//! Apps as their developers see them: one product with a sandbox client and, once approved, a live one.

use protocol::{
    ids::{AppId, ClientId, TeamId},
    time::Timestamp,
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::{
    Advanced, Error, Reads, Tx,
    entities::apps::{Column, Entity, Model},
    values::{all, count, insert},
};

/// One app.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AppRecord {
    /// Its id.
    pub id: AppId,
    /// Whose it is.
    pub team_id: TeamId,
    /// What it is called.
    pub name: String,
    /// Its client for play money.
    pub sandbox_client: ClientId,
    /// Its client for real money, once there is one.
    pub live_client: Option<ClientId>,
    /// Since when.
    pub created_at: Timestamp,
    /// How often it was changed; [`advance_app`] compares it.
    pub version: u32,
}

impl TryFrom<Model> for AppRecord {
    type Error = Error;

    fn try_from(row: Model) -> Result<Self, Error> {
        Ok(Self {
            id: AppId::new(row.id),
            team_id: TeamId::new(row.team_id),
            name: row.name,
            sandbox_client: ClientId::new(row.sandbox_client_id),
            live_client: row.live_client_id.map(ClientId::new),
            created_at: Timestamp::from_millis(row.created_at),
            version: count(row.version, "apps.version")?,
        })
    }
}

/// Writes a new app.
///
/// # Errors
/// [`Error::Conflict`] when the id is taken, when a client has an app already, or when there is no
/// such team or client.
pub async fn insert_app(tx: &Tx, app: &AppRecord) -> Result<(), Error> {
    let row = Model {
        id: app.id.as_str().to_owned(),
        team_id: app.team_id.as_str().to_owned(),
        name: app.name.clone(),
        sandbox_client_id: app.sandbox_client.as_str().to_owned(),
        live_client_id: app.live_client.as_ref().map(|id| id.as_str().to_owned()),
        created_at: app.created_at.millis(),
        version: app.version.into(),
    };
    insert(&tx.0, row).await
}

/// The app with this id.
///
/// # Errors
/// Why it could not be read.
pub async fn find_app(db: &impl Reads, app: &AppId) -> Result<Option<AppRecord>, Error> {
    let row = Entity::find_by_id(app.as_str()).one(db.link()).await?;
    row.map(AppRecord::try_from).transpose()
}

/// The app of a client, be it its sandbox or its live one.
///
/// # Errors
/// Why it could not be read.
pub async fn find_app_of_client(
    db: &impl Reads,
    client: &ClientId,
) -> Result<Option<AppRecord>, Error> {
    let row = Entity::find()
        .filter(
            Condition::any()
                .add(Column::SandboxClientId.eq(client.as_str()))
                .add(Column::LiveClientId.eq(client.as_str())),
        )
        .one(db.link())
        .await?;
    row.map(AppRecord::try_from).transpose()
}

/// Several apps, in one statement: for lists that mention them. What is not there is left out.
///
/// # Errors
/// Why they could not be read.
pub async fn find_apps(db: &impl Reads, apps: &[AppId]) -> Result<Vec<AppRecord>, Error> {
    if apps.is_empty() {
        return Ok(Vec::new());
    }
    let rows = Entity::find()
        .filter(Column::Id.is_in(apps.iter().map(AppId::as_str)))
        .all(db.link())
        .await?;
    all(rows)
}

/// The apps of several clients, in one statement: for lists. Clients without an app are left out.
///
/// # Errors
/// Why they could not be read.
pub async fn find_apps_of_clients(
    db: &impl Reads,
    clients: &[ClientId],
) -> Result<Vec<AppRecord>, Error> {
    if clients.is_empty() {
        return Ok(Vec::new());
    }
    let ids = || clients.iter().map(ClientId::as_str);
    let rows = Entity::find()
        .filter(
            Condition::any()
                .add(Column::SandboxClientId.is_in(ids()))
                .add(Column::LiveClientId.is_in(ids())),
        )
        .all(db.link())
        .await?;
    all(rows)
}

/// The apps of several teams, the first one first.
///
/// # Errors
/// Why they could not be read.
pub async fn find_apps_of_teams(
    db: &impl Reads,
    teams: &[TeamId],
) -> Result<Vec<AppRecord>, Error> {
    let rows = Entity::find()
        .filter(Column::TeamId.is_in(teams.iter().map(TeamId::as_str)))
        .order_by_asc(Column::CreatedAt)
        .order_by_asc(Column::Id)
        .all(db.link())
        .await?;
    all(rows)
}

/// The names of live apps of all other teams, for telling whether a name could be taken for theirs.
///
/// # Errors
/// Why they could not be read.
pub async fn find_live_names_of_others(
    db: &impl Reads,
    team: &TeamId,
) -> Result<Vec<String>, Error> {
    let names = Entity::find()
        .select_only()
        .column(Column::Name)
        .filter(Column::LiveClientId.is_not_null())
        .filter(Column::TeamId.ne(team.as_str()))
        .into_tuple()
        .all(db.link())
        .await?;
    Ok(names)
}

/// Writes name and live client, if the app still has `app.version`, and counts the version up; `No` when
/// somebody else changed it meanwhile.
///
/// # Errors
/// Why it could not be written.
pub async fn advance_app(tx: &Tx, app: &AppRecord) -> Result<Advanced, Error> {
    let sql = "UPDATE apps SET name = $3, live_client_id = $4, version = version + 1 \
               WHERE id = $1 AND version = $2";
    let values = [
        app.id.as_str().into(),
        i64::from(app.version).into(),
        app.name.as_str().into(),
        app.live_client.as_ref().map(ClientId::as_str).into(),
    ];
    Ok(Advanced::of(tx.0.change(sql, values).await?))
}
