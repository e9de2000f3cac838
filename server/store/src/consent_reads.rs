//! Reads of account information that count.
//!
//! A read takes a slot, of which there are as many as reads are allowed in the window; a slot is free again
//! when its read is older than the window. Taking one is a single statement, so of any number of nodes
//! no more than that get one, in any span of that length.

use std::time::Duration;

use protocol::{
    account_consent::Kind,
    ids::{AccountId, ConsentId},
    time::Timestamp,
};

use crate::{Advanced, Error, Reads, Tx};

/// What is read: of which consent, what kind, of which account (of none for the list of accounts).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReadOf {
    /// The consent.
    pub consent: ConsentId,
    /// The account.
    pub account: Option<AccountId>,
    /// What of it.
    pub kind: Kind,
}

impl ReadOf {
    fn account(&self) -> &str {
        self.account.as_ref().map_or("", AccountId::as_str)
    }
}

/// Counts one read; `No` when `limit` reads lie within `window` already.
///
/// # Errors
/// Why it could not be written.
pub async fn advance_consent_read(
    tx: &Tx,
    read: &ReadOf,
    limit: u32,
    now: Timestamp,
    window: Duration,
) -> Result<Advanced, Error> {
    let sql = "INSERT INTO consent_reads (consent_id, account_id, kind, slot, read_at, complete, expires_at) \
               VALUES ($1, $2, $3, $4, $5, FALSE, $6) \
               ON CONFLICT (consent_id, account_id, kind, slot) DO UPDATE SET \
               read_at = $5, complete = FALSE, expires_at = $6 \
               WHERE consent_reads.read_at <= $7";
    for slot in 0..limit {
        let values = [
            read.consent.as_str().into(),
            read.account().into(),
            read.kind.as_str().into(),
            i64::from(slot).into(),
            now.millis().into(),
            (now + window).millis().into(),
            (now - window).millis().into(),
        ];
        if tx.0.change(sql, values).await? > 0 {
            return Ok(Advanced::Yes);
        }
    }
    Ok(Advanced::No)
}

/// Whether such a read was counted after `since`.
///
/// # Errors
/// Why it could not be read.
pub async fn find_consent_read(
    db: &impl Reads,
    read: &ReadOf,
    since: Timestamp,
) -> Result<bool, Error> {
    let sql = "SELECT slot FROM consent_reads \
               WHERE consent_id = $1 AND account_id = $2 AND kind = $3 AND read_at > $4 LIMIT 1";
    let values = [
        read.consent.as_str().into(),
        read.account().into(),
        read.kind.as_str().into(),
        since.millis().into(),
    ];
    Ok(db.link().row(sql, values).await?.is_some())
}

/// Notes that the last page of a counted read was read.
///
/// # Errors
/// Why it could not be written.
pub async fn advance_consent_read_complete(tx: &Tx, read: &ReadOf) -> Result<Advanced, Error> {
    let sql = "UPDATE consent_reads SET complete = TRUE \
               WHERE consent_id = $1 AND account_id = $2 AND kind = $3";
    let values = [
        read.consent.as_str().into(),
        read.account().into(),
        read.kind.as_str().into(),
    ];
    Ok(Advanced::of(tx.0.change(sql, values).await?.min(1)))
}

/// Which kinds of which accounts were read to their end.
///
/// # Errors
/// Why they could not be read.
pub async fn find_complete_reads(
    db: &impl Reads,
    consent: &ConsentId,
) -> Result<Vec<(AccountId, String)>, Error> {
    let sql =
        "SELECT account_id, kind FROM consent_reads WHERE consent_id = $1 AND complete = TRUE";
    let rows = db.link().rows(sql, [consent.as_str().into()]).await?;
    rows.iter()
        .map(|row| {
            Ok((
                AccountId::new(row.try_get_by_index::<String>(0)?),
                row.try_get_by_index(1)?,
            ))
        })
        .collect()
}
