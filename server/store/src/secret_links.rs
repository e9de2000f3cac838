//! One-time links to the secret of a client, known by their digest. The secret itself is made when the
//! link is used: until then there is nothing to be lost.

use protocol::{
    ids::{AppId, ClientId, UserId},
    secret::{Digest, SecretLink},
    time::Timestamp,
};
use sea_orm::EntityTrait;

use crate::{
    Advanced, Error, Reads, Tx,
    entities::secret_links::{Entity, Model},
    values::{digest, insert, instant, millis},
};

/// One link.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SecretLinkRecord {
    /// SHA-256 of what the link holds.
    pub digest: Digest<SecretLink>,
    /// The client whose secret it leads to.
    pub client_id: ClientId,
    /// The app of that client: its team may use the link.
    pub app_id: AppId,
    /// Since when.
    pub created_at: Timestamp,
    /// Until when it can be used.
    pub expires_at: Timestamp,
    /// When it was used.
    pub used_at: Option<Timestamp>,
    /// Who used it.
    pub used_by: Option<UserId>,
}

impl TryFrom<Model> for SecretLinkRecord {
    type Error = Error;

    fn try_from(row: Model) -> Result<Self, Error> {
        Ok(Self {
            digest: digest(&row.digest, "secret_links.digest")?,
            client_id: ClientId::new(row.client_id),
            app_id: AppId::new(row.app_id),
            created_at: Timestamp::from_millis(row.created_at),
            expires_at: Timestamp::from_millis(row.expires_at),
            used_at: instant(row.used_at),
            used_by: row.used_by.map(UserId::new),
        })
    }
}

/// Writes a new link.
///
/// # Errors
/// [`Error::Conflict`] when the link was made before or there is no such client or app.
pub async fn insert_secret_link(tx: &Tx, link: &SecretLinkRecord) -> Result<(), Error> {
    let row = Model {
        digest: link.digest.as_bytes().to_vec(),
        client_id: link.client_id.as_str().to_owned(),
        app_id: link.app_id.as_str().to_owned(),
        created_at: link.created_at.millis(),
        expires_at: link.expires_at.millis(),
        used_at: millis(link.used_at),
        used_by: link.used_by.as_ref().map(|user| user.as_str().to_owned()),
    };
    insert(&tx.0, row).await
}

/// The link with this digest, also when it was used or its time is over.
///
/// # Errors
/// Why it could not be read.
pub async fn find_secret_link(
    db: &impl Reads,
    link: &Digest<SecretLink>,
) -> Result<Option<SecretLinkRecord>, Error> {
    let row = Entity::find_by_id(link.as_bytes().to_vec())
        .one(db.link())
        .await?;
    row.map(SecretLinkRecord::try_from).transpose()
}

/// Uses the link up; `No` when it was used before.
///
/// # Errors
/// Why it could not be written.
pub async fn advance_secret_link_used(
    tx: &Tx,
    link: &Digest<SecretLink>,
    user: &UserId,
    now: Timestamp,
) -> Result<Advanced, Error> {
    let sql = "UPDATE secret_links SET used_at = $3, used_by = $2 \
               WHERE digest = $1 AND used_at IS NULL";
    let values = [
        link.as_bytes().as_slice().into(),
        user.as_str().into(),
        now.millis().into(),
    ];
    Ok(Advanced::of(tx.0.change(sql, values).await?))
}

/// Takes back the links of a client that were not used: another one takes their place. Answers how many.
///
/// # Errors
/// Why they could not be deleted.
pub async fn delete_unused_secret_links(tx: &Tx, client: &ClientId) -> Result<u64, Error> {
    let sql = "DELETE FROM secret_links WHERE client_id = $1 AND used_at IS NULL";
    tx.0.change(sql, [client.as_str().into()]).await
}
