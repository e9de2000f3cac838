//! The sweep: deletes rows whose time is over. It never changes meaning, for whoever reads a row compares
//! the time; it only gives the room back, in small batches, so that nobody waits for it.

use protocol::time::Timestamp;

use crate::{Error, Tx};

/// The tables with an `expires_at`, and their keys. Tokens before what they hang on, so that a token
/// is never there without its family.
const TABLES: [(&str, &str); 29] = [
    ("access_tokens", "digest"),
    ("refresh_tokens", "digest"),
    ("authorization_codes", "digest"),
    ("token_families", "id"),
    ("consent_reads", "consent_id, account_id, kind, slot"),
    ("consent_authorisations", "id"),
    ("consent_requests", "id"),
    ("consents", "id"),
    ("sca_challenges", "id"),
    ("authorizations", "id"),
    ("sessions", "digest"),
    ("devices", "digest"),
    ("idempotency_keys", "client_id, user_id, key"),
    ("pending_transfers", "id"),
    ("outbox", "id"),
    ("callbacks", "id"),
    ("wallet_transactions", "key"),
    ("throttles", "key"),
    ("app_checks", "id"),
    ("request_log", "id"),
    ("served_requests", "id"),
    ("signups", "id"),
    ("shown_secrets", "secret_id"),
    ("secret_links", "digest"),
    ("team_invites", "id"),
    ("password_resets", "digest"),
    ("contact_tokens", "digest"),
    ("signed_nonces", "digest"),
    ("left_requests", "digest"),
];

/// What one pass of the sweep deleted.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Swept {
    /// How many rows of which table; tables with nothing to delete are left out.
    pub rows: Vec<(&'static str, u64)>,
    /// Whether some table had a full batch, so that there may be more.
    pub may_have_more: bool,
}

/// Deletes up to `batch` rows of each table whose `expires_at` is not after `now`, those that ran out first.
///
/// # Errors
/// Why they could not be deleted.
pub async fn delete_expired(tx: &Tx, now: Timestamp, batch: u32) -> Result<Swept, Error> {
    let mut swept = Swept::default();
    for (table, key) in TABLES {
        let sql = format!(
            "DELETE FROM {table} WHERE ({key}) IN \
             (SELECT {key} FROM {table} WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2)"
        );
        let values = [now.millis().into(), i64::from(batch).into()];
        let rows = tx.0.change(&sql, values).await?;
        if rows > 0 {
            swept.rows.push((table, rows));
        }
        swept.may_have_more |= rows >= u64::from(batch);
    }
    Ok(swept)
}
