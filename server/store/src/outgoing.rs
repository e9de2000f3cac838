//! What the two outboxes, of letters and of callbacks, note about a row that is on its way.

use protocol::time::Timestamp;

use crate::{Advanced, Error, Tx};

/// Notes that a row was sent; `No` when it was before.
pub(crate) async fn advance_sent(
    tx: &Tx,
    table: &'static str,
    id: &str,
    now: Timestamp,
) -> Result<Advanced, Error> {
    let sql = format!(
        "UPDATE {table} SET sent_at = $2, last_error = NULL WHERE id = $1 AND sent_at IS NULL"
    );
    let values = [id.into(), now.millis().into()];
    Ok(Advanced::of(tx.0.change(&sql, values).await?))
}

/// Notes that sending a row failed, and when to try again.
pub(crate) async fn advance_failed(
    tx: &Tx,
    table: &'static str,
    id: &str,
    error: &str,
    next_attempt_at: Timestamp,
) -> Result<Advanced, Error> {
    let sql = format!(
        "UPDATE {table} SET attempts = attempts + 1, last_error = $2, next_attempt_at = $3 \
         WHERE id = $1 AND sent_at IS NULL"
    );
    let values = [id.into(), error.into(), next_attempt_at.millis().into()];
    Ok(Advanced::of(tx.0.change(&sql, values).await?))
}
