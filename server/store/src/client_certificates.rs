//! TLS certificates by which clients are known, by their digest (RFC 8705 §2.2).

use protocol::{ids::ClientId, time::Timestamp};

use sea_orm::QueryResult;

use crate::{Advanced, Error, Reads, Tx, values::bytes32};

/// A certificate of a client.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ClientCertificateRecord {
    /// SHA-256 of the certificate in DER.
    pub digest: [u8; 32],
    /// Whose it is.
    pub client_id: ClientId,
    /// The name in it, for people.
    pub subject: String,
    /// From when on it is good.
    pub not_before: Timestamp,
    /// Until when.
    pub not_after: Timestamp,
    /// Since when it is known here.
    pub created_at: Timestamp,
}

const COLUMNS: &str = "digest, client_id, subject, not_before, not_after, created_at";

fn read(row: &QueryResult) -> Result<ClientCertificateRecord, Error> {
    let digest: Vec<u8> = row.try_get("", "digest")?;
    let client_id: String = row.try_get("", "client_id")?;
    let instant = |name: &str| -> Result<Timestamp, Error> {
        Ok(Timestamp::from_millis(row.try_get("", name)?))
    };
    Ok(ClientCertificateRecord {
        digest: bytes32(&digest, "client_certificates.digest")?,
        client_id: ClientId::new(client_id),
        subject: row.try_get("", "subject")?,
        not_before: instant("not_before")?,
        not_after: instant("not_after")?,
        created_at: instant("created_at")?,
    })
}

/// Adds a certificate; `No` when it is known already, as whosever.
///
/// # Errors
/// Why it could not be written.
pub async fn insert_client_certificate(
    tx: &Tx,
    certificate: &ClientCertificateRecord,
) -> Result<Advanced, Error> {
    let sql = format!(
        "INSERT INTO client_certificates ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6) \
         ON CONFLICT DO NOTHING"
    );
    let values = [
        certificate.digest.as_slice().into(),
        certificate.client_id.as_str().into(),
        certificate.subject.as_str().into(),
        certificate.not_before.millis().into(),
        certificate.not_after.millis().into(),
        certificate.created_at.millis().into(),
    ];
    Ok(Advanced::of(tx.0.change(&sql, values).await?))
}

/// The certificate with this digest.
///
/// # Errors
/// Why it could not be read.
pub async fn find_client_certificate(
    db: &impl Reads,
    digest: &[u8; 32],
) -> Result<Option<ClientCertificateRecord>, Error> {
    let sql = format!("SELECT {COLUMNS} FROM client_certificates WHERE digest = $1");
    let row = db.link().row(&sql, [digest.as_slice().into()]).await?;
    row.as_ref().map(read).transpose()
}

/// The certificates of a client, oldest first.
///
/// # Errors
/// Why they could not be read.
pub async fn find_client_certificates(
    db: &impl Reads,
    client: &ClientId,
) -> Result<Vec<ClientCertificateRecord>, Error> {
    let sql = format!(
        "SELECT {COLUMNS} FROM client_certificates WHERE client_id = $1 ORDER BY created_at, digest"
    );
    let rows = db.link().rows(&sql, [client.as_str().into()]).await?;
    rows.iter().map(read).collect()
}

/// Takes a certificate away from its client; `No` when it has none with this digest.
///
/// # Errors
/// Why it could not be deleted.
pub async fn delete_client_certificate(
    tx: &Tx,
    client: &ClientId,
    digest: &[u8; 32],
) -> Result<Advanced, Error> {
    let sql = "DELETE FROM client_certificates WHERE client_id = $1 AND digest = $2";
    let values = [client.as_str().into(), digest.as_slice().into()];
    Ok(Advanced::of(tx.0.change(sql, values).await?))
}
