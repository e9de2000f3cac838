//! What clients hold now: people who allow them something, and tokens that are good.

use std::collections::BTreeMap;

use protocol::{ids::ClientId, time::Timestamp};
use sea_orm::{QueryResult, Value};

use crate::{Error, Reads};

/// What one client holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Holdings {
    /// People who allow it something.
    pub people: u64,
    /// What they allow it, one by one.
    pub permissions: u64,
    /// Access tokens that are good.
    pub access_tokens: u64,
    /// Refresh tokens that can be used.
    pub refresh_tokens: u64,
}

/// Counts what a client holds at `now`. A token that rests on something that has ended does not
/// count, though its own row says nothing of it. Whether the client itself is switched off is another
/// matter: what is counted then is what comes back when it is switched on.
///
/// # Errors
/// Why it could not be counted.
pub async fn count_holdings(
    db: &impl Reads,
    client: &ClientId,
    now: Timestamp,
) -> Result<Holdings, Error> {
    let sql = "SELECT \
         (SELECT COUNT(DISTINCT c.user_id) FROM consents c \
          WHERE c.client_id = $1 AND c.status = 'valid' AND c.valid_until > $2), \
         (SELECT COUNT(*) FROM consents c \
          WHERE c.client_id = $1 AND c.status = 'valid' AND c.valid_until > $2), \
         (SELECT COUNT(*) FROM access_tokens t \
          LEFT JOIN token_families f ON f.id = t.family_id \
          LEFT JOIN consents c ON c.id = t.consent_id \
          WHERE t.client_id = $1 AND t.revoked_at IS NULL AND t.expires_at > $2 \
          AND (t.family_id IS NULL OR (f.id IS NOT NULL AND f.revoked_at IS NULL)) \
          AND (t.consent_id IS NULL OR (c.status = 'valid' AND c.valid_until > $2))), \
         (SELECT COUNT(*) FROM token_families f \
          JOIN refresh_tokens r ON r.family_id = f.id \
          LEFT JOIN consents c ON c.id = f.consent_id \
          WHERE f.client_id = $1 AND f.revoked_at IS NULL \
          AND r.used_at IS NULL AND r.revoked_at IS NULL AND r.expires_at > $2 \
          AND (f.consent_id IS NULL OR (c.status = 'valid' AND c.valid_until > $2)))";
    let values = [client.as_str().into(), now.millis().into()];
    let Some(row) = db.link().row(sql, values).await? else {
        return Ok(Holdings::default());
    };
    Ok(Holdings {
        people: number(&row, 0)?,
        permissions: number(&row, 1)?,
        access_tokens: number(&row, 2)?,
        refresh_tokens: number(&row, 3)?,
    })
}

/// How many people allow each of several clients something at `now`, in one statement: for lists.
/// Clients that nobody allows anything are left out.
///
/// # Errors
/// Why they could not be counted.
pub async fn count_people_of_clients(
    db: &impl Reads,
    clients: &[ClientId],
    now: Timestamp,
) -> Result<BTreeMap<ClientId, u64>, Error> {
    if clients.is_empty() {
        return Ok(BTreeMap::new());
    }
    let places: Vec<String> = (2..clients.len() + 2).map(|at| format!("${at}")).collect();
    let sql = format!(
        "SELECT client_id, COUNT(DISTINCT user_id) FROM consents \
         WHERE status = 'valid' AND valid_until > $1 AND client_id IN ({}) GROUP BY client_id",
        places.join(", ")
    );
    let mut values: Vec<Value> = vec![now.millis().into()];
    values.extend(clients.iter().map(|client| client.as_str().into()));
    let rows = db.link().rows(&sql, values).await?;
    rows.iter()
        .map(|row| {
            let client: String = row.try_get_by_index(0)?;
            Ok((ClientId::new(client), number(row, 1)?))
        })
        .collect()
}

fn number(row: &QueryResult, index: usize) -> Result<u64, Error> {
    let number: i64 = row.try_get_by_index(index)?;
    Ok(u64::try_from(number).unwrap_or(0))
}
