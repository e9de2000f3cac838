//! What developers tell about their apps: the registration as it is filled in, task by task.
//!
//! Several people of a team write into one registration, so every change counts its version up, and
//! a change that was made on an older version is not written.

use protocol::{
    ids::{AppId, UserId},
    registration::{Registration, domain_proof::ProofToken},
    time::Timestamp,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::{
    Advanced, Error, Reads, Tx,
    entities::registrations::{Column, Entity, Model},
    values::{all, count, from_json, to_json},
};

/// The registration of one app.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RegistrationRecord {
    /// Whose it is.
    pub app_id: AppId,
    /// What is filled in so far.
    pub registration: Registration,
    /// What the app's domain is asked to publish; the same for as long as the app lives.
    pub proof_token: ProofToken,
    /// How often it was changed; [`advance_registration`] compares it.
    pub version: u32,
    /// When it was changed last ...
    pub updated_at: Timestamp,
    /// ... and by whom.
    pub updated_by: UserId,
}

impl TryFrom<Model> for RegistrationRecord {
    type Error = Error;

    fn try_from(row: Model) -> Result<Self, Error> {
        Ok(Self {
            app_id: AppId::new(row.app_id),
            registration: from_json(&row.registration, "registrations.registration")?,
            proof_token: ProofToken::from_text(&row.proof_token)
                .ok_or_else(|| Error::unreadable("registrations.proof_token"))?,
            version: count(row.version, "registrations.version")?,
            updated_at: Timestamp::from_millis(row.updated_at),
            updated_by: UserId::new(row.updated_by),
        })
    }
}

/// The registration of an app, if something of it was ever filled in.
///
/// # Errors
/// Why it could not be read.
pub async fn find_registration(
    db: &impl Reads,
    app: &AppId,
) -> Result<Option<RegistrationRecord>, Error> {
    let row = Entity::find_by_id(app.as_str()).one(db.link()).await?;
    row.map(RegistrationRecord::try_from).transpose()
}

/// The registrations of several apps, in no order; of apps without one there is none.
///
/// # Errors
/// Why they could not be read.
pub async fn find_registrations(
    db: &impl Reads,
    apps: &[AppId],
) -> Result<Vec<RegistrationRecord>, Error> {
    let rows = Entity::find()
        .filter(Column::AppId.is_in(apps.iter().map(AppId::as_str)))
        .all(db.link())
        .await?;
    all(rows)
}

/// Writes the first version of a registration; `No` when the app has one already.
///
/// # Errors
/// [`Error::Conflict`] when there is no such app; otherwise why it could not be written.
pub async fn insert_registration(
    tx: &Tx,
    registration: &RegistrationRecord,
) -> Result<Advanced, Error> {
    let sql = "INSERT INTO registrations \
               (app_id, registration, proof_token, version, updated_at, updated_by) \
               VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (app_id) DO NOTHING";
    let values = [
        registration.app_id.as_str().into(),
        to_json(&registration.registration)?.into(),
        registration.proof_token.as_str().into(),
        i64::from(registration.version).into(),
        registration.updated_at.millis().into(),
        registration.updated_by.as_str().into(),
    ];
    Ok(Advanced::of(tx.0.change(sql, values).await?))
}

/// Writes what is filled in, when and by whom, if the registration still has `registration.version`, and
/// counts the version up; `No` when somebody else changed it meanwhile.
///
/// # Errors
/// Why it could not be written.
pub async fn advance_registration(
    tx: &Tx,
    registration: &RegistrationRecord,
) -> Result<Advanced, Error> {
    let sql = "UPDATE registrations SET registration = $3, updated_at = $4, updated_by = $5, \
               version = version + 1 WHERE app_id = $1 AND version = $2";
    let values = [
        registration.app_id.as_str().into(),
        i64::from(registration.version).into(),
        to_json(&registration.registration)?.into(),
        registration.updated_at.millis().into(),
        registration.updated_by.as_str().into(),
    ];
    Ok(Advanced::of(tx.0.change(sql, values).await?))
}
