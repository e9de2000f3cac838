//! Secrets of clients (RFC 6749 section 2.3.1), known by their digest. A client may have several, so
//! that it can change over without a gap.

use protocol::{
    ids::{ClientId, SecretId, UserId},
    secret::{ClientSecret, Digest},
    time::Timestamp,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::{
    Advanced, Error, Reads, Tx,
    entities::client_secrets::{Column, Entity, Model},
    values::{all, digest, insert, instant, millis},
};

/// One secret of a client.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ClientSecretRecord {
    /// Its id.
    pub id: SecretId,
    /// Whose it is.
    pub client_id: ClientId,
    /// SHA-256 of the secret.
    pub digest: Digest<ClientSecret>,
    /// What the developer calls it.
    pub label: String,
    /// Since when.
    pub created_at: Timestamp,
    /// When it last was good for something, to within the rhythm of [`advance_client_secrets_used`].
    pub last_used_at: Option<Timestamp>,
    /// Until when, if it ends by itself.
    pub expires_at: Option<Timestamp>,
    /// When it was revoked, if it was.
    pub revoked_at: Option<Timestamp>,
    /// Its last four characters, by which people tell secrets apart; unknown of old ones.
    pub last_four: Option<String>,
    /// Who made it, where that was somebody at the portal.
    pub created_by: Option<UserId>,
    /// When it came through a browser, where anybody may have read it; it is revoked since then.
    pub exposed_at: Option<Timestamp>,
}

impl TryFrom<Model> for ClientSecretRecord {
    type Error = Error;

    fn try_from(row: Model) -> Result<Self, Error> {
        Ok(Self {
            id: SecretId::new(row.id),
            client_id: ClientId::new(row.client_id),
            digest: digest(&row.digest, "client_secrets.digest")?,
            label: row.label,
            created_at: Timestamp::from_millis(row.created_at),
            last_used_at: instant(row.last_used_at),
            expires_at: instant(row.expires_at),
            revoked_at: instant(row.revoked_at),
            last_four: row.last_four,
            created_by: row.created_by.map(UserId::new),
            exposed_at: instant(row.exposed_at),
        })
    }
}

/// Writes a new secret.
///
/// # Errors
/// [`Error::Conflict`] when the id was used or there is no such client.
pub async fn insert_client_secret(tx: &Tx, secret: &ClientSecretRecord) -> Result<(), Error> {
    let row = Model {
        id: secret.id.as_str().to_owned(),
        client_id: secret.client_id.as_str().to_owned(),
        digest: secret.digest.as_bytes().to_vec(),
        label: secret.label.clone(),
        created_at: secret.created_at.millis(),
        last_used_at: millis(secret.last_used_at),
        expires_at: millis(secret.expires_at),
        revoked_at: millis(secret.revoked_at),
        last_four: secret.last_four.clone(),
        created_by: secret
            .created_by
            .as_ref()
            .map(|user| user.as_str().to_owned()),
        exposed_at: millis(secret.exposed_at),
    };
    insert(&tx.0, row).await
}

/// All secrets of a client, revoked ones too, oldest first.
///
/// # Errors
/// Why they could not be read.
pub async fn find_client_secrets(
    db: &impl Reads,
    client: &ClientId,
) -> Result<Vec<ClientSecretRecord>, Error> {
    let rows = Entity::find()
        .filter(Column::ClientId.eq(client.as_str()))
        .order_by_asc(Column::CreatedAt)
        .order_by_asc(Column::Id)
        .all(db.link())
        .await?;
    all(rows)
}

/// Whose secret this is: for one that turned up where it does not belong. Several, where somebody gave
/// the same one to several clients.
///
/// # Errors
/// Why they could not be read.
pub async fn find_client_secrets_by_digest(
    db: &impl Reads,
    secret: &Digest<ClientSecret>,
) -> Result<Vec<ClientSecretRecord>, Error> {
    let rows = Entity::find()
        .filter(Column::Digest.eq(secret.as_bytes().to_vec()))
        .order_by_asc(Column::Id)
        .all(db.link())
        .await?;
    all(rows)
}

/// Revokes a secret because it was exposed; `No` when it was revoked or over before, and nothing is
/// lost.
///
/// # Errors
/// Why it could not be written.
pub async fn advance_client_secret_exposed(
    tx: &Tx,
    secret: &SecretId,
    now: Timestamp,
) -> Result<Advanced, Error> {
    let sql = "UPDATE client_secrets SET exposed_at = $2, revoked_at = $2 \
               WHERE id = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2)";
    let values = [secret.as_str().into(), now.millis().into()];
    Ok(Advanced::of(tx.0.change(sql, values).await?))
}

/// Revokes one secret; `No` when it was revoked before or is not of this client.
///
/// # Errors
/// Why it could not be written.
pub async fn advance_client_secret_revoked(
    tx: &Tx,
    client: &ClientId,
    secret: &SecretId,
    now: Timestamp,
) -> Result<Advanced, Error> {
    let sql = "UPDATE client_secrets SET revoked_at = $3 \
               WHERE id = $1 AND client_id = $2 AND revoked_at IS NULL";
    let values = [
        secret.as_str().into(),
        client.as_str().into(),
        now.millis().into(),
    ];
    Ok(Advanced::of(tx.0.change(sql, values).await?))
}

/// Lets all secrets of a client but `keep` end at `expires_at`, if they do not end earlier: the second half of a
/// rotation. Answers how many now end then.
///
/// # Errors
/// Why they could not be written.
pub async fn advance_client_secrets_rotated(
    tx: &Tx,
    client: &ClientId,
    keep: &SecretId,
    expires_at: Timestamp,
) -> Result<u64, Error> {
    let sql = "UPDATE client_secrets SET expires_at = $3 \
               WHERE client_id = $1 AND id <> $2 AND revoked_at IS NULL \
               AND (expires_at IS NULL OR expires_at > $3)";
    let values = [
        client.as_str().into(),
        keep.as_str().into(),
        expires_at.millis().into(),
    ];
    tx.0.change(sql, values).await
}

/// Notes when secrets were last used. Collected and written now and then, not with every request.
///
/// # Errors
/// Why it could not be written.
pub async fn advance_client_secrets_used(
    tx: &Tx,
    used: &[(SecretId, Timestamp)],
) -> Result<(), Error> {
    let sql = "UPDATE client_secrets SET last_used_at = $2 \
               WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < $2)";
    // In one order on every node, so that two of them do not wait for each other.
    let mut used: Vec<_> = used.iter().collect();
    used.sort();
    for (secret, at) in used {
        tx.0.change(sql, [secret.as_str().into(), at.millis().into()])
            .await?;
    }
    Ok(())
}
