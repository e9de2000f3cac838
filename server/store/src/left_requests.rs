//! Authorize requests that an app left with us before it sent the browser.

use protocol::{
    ids::ClientId,
    secret::{Digest, RequestKey},
    time::Timestamp,
};

use crate::{Error, Reads, Tx};

/// An authorize request that waits for its browser.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LeftRequestRecord {
    /// Of the key in the browser's address.
    pub digest: Digest<RequestKey>,
    /// Whose request it is.
    pub client_id: ClientId,
    /// The parameters, sealed.
    pub sealed_form: Vec<u8>,
    /// Since when.
    pub created_at: Timestamp,
    /// Until when a browser may come with the key.
    pub expires_at: Timestamp,
}

/// Leaves a request.
///
/// # Errors
/// Why it could not be written.
pub async fn insert_left_request(tx: &Tx, left: &LeftRequestRecord) -> Result<(), Error> {
    let sql = "INSERT INTO left_requests (digest, client_id, sealed_form, created_at, expires_at) \
               VALUES ($1, $2, $3, $4, $5)";
    let values = [
        left.digest.as_bytes().as_slice().into(),
        left.client_id.as_str().into(),
        left.sealed_form.as_slice().into(),
        left.created_at.millis().into(),
        left.expires_at.millis().into(),
    ];
    tx.0.change(sql, values).await.map(|_| ())
}

/// The request under a key.
///
/// # Errors
/// Why it could not be read.
pub async fn find_left_request(
    db: &impl Reads,
    digest: &Digest<RequestKey>,
) -> Result<Option<LeftRequestRecord>, Error> {
    let sql = "SELECT client_id, sealed_form, created_at, expires_at FROM left_requests WHERE digest = $1";
    let row = db
        .link()
        .row(sql, [digest.as_bytes().as_slice().into()])
        .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    let client_id: String = row.try_get("", "client_id")?;
    let created_at: i64 = row.try_get("", "created_at")?;
    let expires_at: i64 = row.try_get("", "expires_at")?;
    Ok(Some(LeftRequestRecord {
        digest: *digest,
        client_id: ClientId::new(client_id),
        sealed_form: row.try_get("", "sealed_form")?,
        created_at: Timestamp::from_millis(created_at),
        expires_at: Timestamp::from_millis(expires_at),
    }))
}
