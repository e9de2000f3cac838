//! The audit trail as an auditor sees it: sealed into a chain, verified, listed, exported.
//!
//! Use cases write events in their own transactions and never wait for the chain. A job takes what
//! has happened a moment ago, in the order of time, and puts a seal for each event at the end of the
//! chain: `chain_hash = SHA-256(chain_hash before || event)`. Whoever later changes, deletes or adds
//! an event has to change every seal after it too; the last chain hash, kept elsewhere, tells even
//! that. What is younger than the settling time is not protected yet.

mod canonical;
mod export;
mod page;
mod query;
mod sealing;
mod verify;

pub use export::{CSV_HEADER, csv_line, json_line};
pub use page::{Actor, AuditLine, AuditPage, ExportFormat};
pub use query::AuditQuery;
pub use sealing::Sealed;
pub use store::audit::{AuditFilter, AuditRecord};
pub use verify::{Break, BreakKind, Checkpoint, Verified};

pub(crate) use sealing::LEASE;
pub(crate) use verify::Watch;

use store::{
    Bookmark,
    audit::{find_newest_audit_events, find_oldest_audit_events},
};

use crate::{Engine, error::Result};

/// From here the next page of a list or an export goes on.
pub fn bookmark(event: &AuditRecord) -> Bookmark {
    Bookmark {
        at: event.at,
        id: event.id.clone(),
    }
}

impl Engine {
    /// Events, newest first, older than `before`, at most `limit`.
    pub async fn audit_events(
        &self,
        filter: &AuditFilter,
        before: Option<&Bookmark>,
        limit: u64,
    ) -> Result<Vec<AuditRecord>> {
        let db = self.env.store.reader();
        Ok(find_newest_audit_events(db, filter, before, limit).await?)
    }

    /// One page of an export: events, oldest first, younger than `after`, at most `limit`. An export
    /// is written page by page, so it never has to fit into memory.
    pub async fn audit_export(
        &self,
        filter: &AuditFilter,
        after: Option<&Bookmark>,
        limit: u64,
    ) -> Result<Vec<AuditRecord>> {
        let db = self.env.store.reader();
        Ok(find_oldest_audit_events(db, filter, after, limit).await?)
    }
}
