//! Authorisations of NextGenPSD2: one attempt to have a person agree to a consent. How far it is follows
//! from the browser that came last; only the end is written down here.

use protocol::{
    ids::{AuthorizationId, ConsentAuthorisationId, ConsentId},
    time::Timestamp,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::{
    Advanced, Error, Reads, Tx,
    entities::consent_authorisations::{Column, Entity, Model},
    values::{all, insert, parse, words},
};

words! {
    /// How it ended.
    Outcome {
        /// The person proved who they are.
        Finalised "finalised",
        /// The person said no.
        Failed "failed",
    }
}

/// One attempt.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ConsentAuthorisationRecord {
    /// Its id.
    pub id: ConsentAuthorisationId,
    /// Of which consent.
    pub consent_id: ConsentId,
    /// The browser that came last.
    pub authorization_id: Option<AuthorizationId>,
    /// How it ended.
    pub outcome: Option<Outcome>,
    /// Since when.
    pub created_at: Timestamp,
    /// When the sweep may delete the row.
    pub expires_at: Timestamp,
}

impl TryFrom<Model> for ConsentAuthorisationRecord {
    type Error = Error;

    fn try_from(row: Model) -> Result<Self, Error> {
        Ok(Self {
            id: ConsentAuthorisationId::new(row.id),
            consent_id: ConsentId::new(row.consent_id),
            authorization_id: row.authorization_id.map(AuthorizationId::new),
            outcome: row
                .outcome
                .map(|outcome| parse(&outcome, "consent_authorisations.outcome"))
                .transpose()?,
            created_at: Timestamp::from_millis(row.created_at),
            expires_at: Timestamp::from_millis(row.expires_at),
        })
    }
}

/// Writes a new one.
///
/// # Errors
/// [`Error::Conflict`] when the id was used.
pub async fn insert_consent_authorisation(
    tx: &Tx,
    record: &ConsentAuthorisationRecord,
) -> Result<(), Error> {
    let row = Model {
        id: record.id.as_str().to_owned(),
        consent_id: record.consent_id.as_str().to_owned(),
        authorization_id: record
            .authorization_id
            .as_ref()
            .map(|id| id.as_str().to_owned()),
        outcome: record.outcome.map(|outcome| outcome.to_string()),
        created_at: record.created_at.millis(),
        expires_at: record.expires_at.millis(),
    };
    insert(&tx.0, row).await
}

/// Those of a consent, oldest first.
///
/// # Errors
/// Why they could not be read.
pub async fn find_consent_authorisations(
    db: &impl Reads,
    consent: &ConsentId,
) -> Result<Vec<ConsentAuthorisationRecord>, Error> {
    let rows = Entity::find()
        .filter(Column::ConsentId.eq(consent.as_str()))
        .order_by_asc(Column::CreatedAt)
        .order_by_asc(Column::Id)
        .all(db.link())
        .await?;
    all(rows)
}

/// A browser takes up the newest attempt of a consent that no browser has; `No` when there is none.
///
/// # Errors
/// Why it could not be written.
pub async fn advance_consent_authorisation_begun(
    tx: &Tx,
    consent: &ConsentId,
    browser: &AuthorizationId,
) -> Result<Advanced, Error> {
    let sql = "UPDATE consent_authorisations SET authorization_id = $2 \
               WHERE authorization_id IS NULL AND id = \
               (SELECT id FROM consent_authorisations WHERE consent_id = $1 AND authorization_id IS NULL \
               ORDER BY created_at DESC, id DESC LIMIT 1)";
    let values = [consent.as_str().into(), browser.as_str().into()];
    Ok(Advanced::of(tx.0.change(sql, values).await?))
}

/// The attempt of a browser ends, and is kept until `expires_at`; `No` when it has ended before or is not
/// there.
///
/// # Errors
/// Why it could not be written.
pub async fn advance_consent_authorisation_ended(
    tx: &Tx,
    consent: &ConsentId,
    browser: &AuthorizationId,
    outcome: Outcome,
    expires_at: Timestamp,
) -> Result<Advanced, Error> {
    let sql = "UPDATE consent_authorisations SET outcome = $3, expires_at = $4 \
               WHERE consent_id = $1 AND authorization_id = $2 AND outcome IS NULL";
    let values = [
        consent.as_str().into(),
        browser.as_str().into(),
        outcome.as_str().into(),
        expires_at.millis().into(),
    ];
    Ok(Advanced::of(tx.0.change(sql, values).await?))
}
