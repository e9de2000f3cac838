//! Consents to account information as apps wrote them down, before and after a person has decided.

use protocol::{
    account_consent::AskedAccess,
    client::Environment,
    ids::{ClientId, ConsentId},
    time::Timestamp,
};
use sea_orm::EntityTrait;
use serde_json::Value;

use crate::{
    Advanced, Error, Reads, Tx,
    entities::consent_requests::{Entity, Model},
    values::{count, from_json, insert, parse, to_json, words},
};

words! {
    /// What was decided. What became of it afterwards stands in `consents`, under the same id; that nobody
    /// came in time is not a status: whoever reads compares `waits_until`.
    RequestStatus {
        /// Nothing yet.
        Received "received",
        /// A person agreed.
        Authorised "authorised",
        /// A person said no.
        Rejected "rejected",
        /// The app took it back before anybody decided.
        Terminated "terminated",
    }
}

/// A consent that an app asks for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ConsentRequestRecord {
    /// Its id, and that of the consent that it becomes.
    pub id: ConsentId,
    /// The client that made it.
    pub client_id: ClientId,
    /// Sandbox or live.
    pub environment: Environment,
    /// To which accounts, and what of them.
    pub access: AskedAccess,
    /// Whether the client may come back.
    pub recurring: bool,
    /// How often in 24 hours without the person.
    pub frequency_per_day: u32,
    /// What was decided.
    pub status: RequestStatus,
    /// Since when.
    pub created_at: Timestamp,
    /// When that was decided; when it was made, before that.
    pub changed_at: Timestamp,
    /// Until when a person can decide.
    pub waits_until: Timestamp,
    /// Until when the consent holds.
    pub valid_until: Timestamp,
    /// When the sweep may delete the row.
    pub expires_at: Timestamp,
}

impl TryFrom<Model> for ConsentRequestRecord {
    type Error = Error;

    fn try_from(row: Model) -> Result<Self, Error> {
        let access: Value = from_json(&row.access, "consent_requests.access")?;
        Ok(Self {
            id: ConsentId::new(row.id),
            client_id: ClientId::new(row.client_id),
            environment: parse(&row.environment, "consent_requests.environment")?,
            access: AskedAccess::parse(Some(&access))
                .map_err(|_| Error::unreadable("consent_requests.access"))?,
            recurring: row.recurring,
            frequency_per_day: count(row.frequency_per_day, "consent_requests.frequency_per_day")?,
            status: parse(&row.status, "consent_requests.status")?,
            created_at: Timestamp::from_millis(row.created_at),
            changed_at: Timestamp::from_millis(row.changed_at),
            waits_until: Timestamp::from_millis(row.waits_until),
            valid_until: Timestamp::from_millis(row.valid_until),
            expires_at: Timestamp::from_millis(row.expires_at),
        })
    }
}

/// Writes a new request.
///
/// # Errors
/// [`Error::Conflict`] when the id was used.
pub async fn insert_consent_request(tx: &Tx, request: &ConsentRequestRecord) -> Result<(), Error> {
    let row = Model {
        id: request.id.as_str().to_owned(),
        client_id: request.client_id.as_str().to_owned(),
        environment: request.environment.to_string(),
        access: to_json(&request.access.to_wire())?,
        recurring: request.recurring,
        frequency_per_day: request.frequency_per_day.into(),
        status: request.status.to_string(),
        created_at: request.created_at.millis(),
        changed_at: request.changed_at.millis(),
        waits_until: request.waits_until.millis(),
        valid_until: request.valid_until.millis(),
        expires_at: request.expires_at.millis(),
    };
    insert(&tx.0, row).await
}

/// The request with this id, whosever it is.
///
/// # Errors
/// Why it could not be read.
pub async fn find_consent_request(
    db: &impl Reads,
    consent: &ConsentId,
) -> Result<Option<ConsentRequestRecord>, Error> {
    let row = Entity::find_by_id(consent.as_str()).one(db.link()).await?;
    row.map(ConsentRequestRecord::try_from).transpose()
}

/// Notes what was decided, once, and until when the row is kept. `No` when it was decided before, when
/// nobody came in time, or when it is not there.
///
/// # Errors
/// Why it could not be written.
pub async fn advance_consent_request(
    tx: &Tx,
    consent: &ConsentId,
    to: RequestStatus,
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<Advanced, Error> {
    let sql = "UPDATE consent_requests SET status = $2, changed_at = $3, expires_at = $4 \
               WHERE id = $1 AND status = 'received' AND waits_until > $3";
    let values = [
        consent.as_str().into(),
        to.as_str().into(),
        now.millis().into(),
        expires_at.millis().into(),
    ];
    Ok(Advanced::of(tx.0.change(sql, values).await?))
}
