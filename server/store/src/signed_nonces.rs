//! Nonces of signed requests: what was served once is not served again.

use protocol::time::Timestamp;

use crate::{Advanced, Error, Reads, Tx, values::bytes32};

/// Remembers a nonce; `No` when it was remembered before.
///
/// # Errors
/// Why it could not be written.
pub async fn insert_signed_nonce(
    tx: &Tx,
    digest: &[u8; 32],
    signed_at: Timestamp,
    expires_at: Timestamp,
) -> Result<Advanced, Error> {
    let sql = "INSERT INTO signed_nonces (digest, signed_at, expires_at) VALUES ($1, $2, $3) \
               ON CONFLICT DO NOTHING";
    let values = [
        digest.as_slice().into(),
        signed_at.millis().into(),
        expires_at.millis().into(),
    ];
    Ok(Advanced::of(tx.0.change(sql, values).await?))
}

/// The remembered nonces of requests that were signed at or after an instant, with that instant of theirs.
///
/// # Errors
/// Why they could not be read.
pub async fn find_signed_nonces(
    db: &impl Reads,
    from: Timestamp,
) -> Result<Vec<([u8; 32], Timestamp)>, Error> {
    let sql = "SELECT digest, signed_at FROM signed_nonces WHERE signed_at >= $1";
    let rows = db.link().rows(sql, [from.millis().into()]).await?;
    rows.into_iter()
        .map(|row| {
            let digest: Vec<u8> = row.try_get("", "digest")?;
            let signed_at: i64 = row.try_get("", "signed_at")?;
            Ok((
                bytes32(&digest, "signed_nonces.digest")?,
                Timestamp::from_millis(signed_at),
            ))
        })
        .collect()
}
