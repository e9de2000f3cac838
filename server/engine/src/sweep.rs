//! Giving room back: rows whose time is over are deleted, in small batches, by one node at a time.
//!
//! The sweep never changes meaning. Whoever reads a row compares its time with the clock, so a row
//! that was not swept yet is as dead as one that was.

use std::{collections::BTreeMap, time::Duration};

use store::{
    Advanced,
    leases::{advance_lease, delete_lease},
    sweep::delete_expired,
};

use crate::{Engine, error::Result};

/// Name of the lease; one node holds it.
const LEASE: &str = "sweep";

/// For how long a node that fell silent keeps the others from sweeping.
const LEASE_LIFETIME: Duration = Duration::from_secs(60);

/// Batches in one round; what is left waits for the next one.
const MOST_BATCHES: u32 = 1_000;

/// What one round did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Round {
    /// Another node is at it.
    NotOurs,
    /// So many rows of each table were deleted; tables with none are left out.
    Swept(BTreeMap<&'static str, u64>),
}

impl Engine {
    /// Deletes what has expired, `batch` rows of each table in one transaction, until there is
    /// nothing more. `node` tells this process from others on the same database.
    pub async fn sweep(&self, node: &str, batch: u32) -> Result<Round> {
        let mut deleted = BTreeMap::new();
        for _ in 0..MOST_BATCHES {
            let Some(swept) = self.sweep_once(node, batch).await? else {
                return Ok(if deleted.is_empty() {
                    Round::NotOurs
                } else {
                    Round::Swept(deleted)
                });
            };
            for (table, rows) in swept.rows {
                *deleted.entry(table).or_default() += rows;
            }
            if !swept.may_have_more {
                break;
            }
        }
        Ok(Round::Swept(deleted))
    }

    /// One batch, while the lease is ours: both in one transaction, so that two nodes never sweep
    /// the same rows.
    async fn sweep_once(&self, node: &str, batch: u32) -> Result<Option<store::sweep::Swept>> {
        let now = self.env.now();
        let node = node.to_owned();
        self.env
            .store
            .write(move |tx| {
                Box::pin(async move {
                    let lease = advance_lease(tx, LEASE, &node, now, now + LEASE_LIFETIME).await?;
                    match lease {
                        Advanced::No => Ok(None),
                        Advanced::Yes => Ok(Some(delete_expired(tx, now, batch).await?)),
                    }
                })
            })
            .await
    }

    /// Lets another node sweep and send mails at once: this one shuts down.
    pub async fn give_back_leases(&self, node: &str) -> Result<()> {
        let node = node.to_owned();
        self.env
            .store
            .write(move |tx| {
                Box::pin(async move {
                    delete_lease(tx, LEASE, &node).await?;
                    delete_lease(tx, crate::audit::LEASE, &node).await?;
                    delete_lease(tx, crate::callbacks::LEASE, &node).await?;
                    Ok(delete_lease(tx, crate::outbox::LEASE, &node).await?)
                })
            })
            .await
    }
}
