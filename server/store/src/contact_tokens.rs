//! Tokens with which a client vouches for a person's addresses, known by their digest. Each is good once.

use std::fmt;

use protocol::{
    client::Environment,
    ids::ClientId,
    secret::{ContactToken, Digest},
    time::Timestamp,
};
use sea_orm::EntityTrait;

use crate::{
    Advanced, Error, Reads, Tx,
    entities::contact_tokens::{Entity, Model},
    values::{digest, insert, instant, millis, parse},
};

/// One token.
#[derive(Clone, PartialEq, Eq)]
pub struct ContactTokenRecord {
    /// SHA-256 of the token.
    pub digest: Digest<ContactToken>,
    /// Who vouches.
    pub client_id: ClientId,
    /// Where the person may be registered with it.
    pub environment: Environment,
    /// The addresses, sealed.
    pub sealed_contact: Vec<u8>,
    /// Since when.
    pub created_at: Timestamp,
    /// Until when it can be used.
    pub valid_until: Timestamp,
    /// When it was used.
    pub used_at: Option<Timestamp>,
    /// When the sweep may delete the row.
    pub expires_at: Timestamp,
}

/// Without the addresses, even sealed.
impl fmt::Debug for ContactTokenRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ContactTokenRecord")
            .field("client_id", &self.client_id)
            .field("valid_until", &self.valid_until)
            .field("used_at", &self.used_at)
            .finish_non_exhaustive()
    }
}

impl TryFrom<Model> for ContactTokenRecord {
    type Error = Error;

    fn try_from(row: Model) -> Result<Self, Error> {
        Ok(Self {
            digest: digest(&row.digest, "contact_tokens.digest")?,
            client_id: ClientId::new(row.client_id),
            environment: parse(&row.environment, "contact_tokens.environment")?,
            sealed_contact: row.sealed_contact,
            created_at: Timestamp::from_millis(row.created_at),
            valid_until: Timestamp::from_millis(row.valid_until),
            used_at: instant(row.used_at),
            expires_at: Timestamp::from_millis(row.expires_at),
        })
    }
}

/// Writes a new token.
///
/// # Errors
/// [`Error::Conflict`] when the token was made before.
pub async fn insert_contact_token(tx: &Tx, token: &ContactTokenRecord) -> Result<(), Error> {
    let row = Model {
        digest: token.digest.as_bytes().to_vec(),
        client_id: token.client_id.as_str().to_owned(),
        environment: token.environment.to_string(),
        sealed_contact: token.sealed_contact.clone(),
        created_at: token.created_at.millis(),
        valid_until: token.valid_until.millis(),
        used_at: millis(token.used_at),
        expires_at: token.expires_at.millis(),
    };
    insert(&tx.0, row).await
}

/// The token with this digest, also when it was used or its time is over.
///
/// # Errors
/// Why it could not be read.
pub async fn find_contact_token(
    db: &impl Reads,
    token: &Digest<ContactToken>,
) -> Result<Option<ContactTokenRecord>, Error> {
    let row = Entity::find_by_id(token.as_bytes().to_vec())
        .one(db.link())
        .await?;
    row.map(ContactTokenRecord::try_from).transpose()
}

/// Uses the token; `No` when it was used before or its time is over.
///
/// # Errors
/// Why it could not be written.
pub async fn advance_contact_token_used(
    tx: &Tx,
    token: &Digest<ContactToken>,
    now: Timestamp,
) -> Result<Advanced, Error> {
    let sql = "UPDATE contact_tokens SET used_at = $2 \
               WHERE digest = $1 AND used_at IS NULL AND valid_until > $2";
    let values = [token.as_bytes().as_slice().into(), now.millis().into()];
    Ok(Advanced::of(tx.0.change(sql, values).await?))
}
