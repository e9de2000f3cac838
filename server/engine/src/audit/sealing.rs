//! The job that seals: one node at a time by a lease, and one chain by its numbers.
//!
//! Events are read and hashed outside of the transaction, so that nobody waits for that. The
//! transaction takes the lease, looks whether the chain still ends where it did, and adds the seals.
//! Even without the lease there could be no fork: two nodes would want the same number, and the
//! table gives it to one of them.

use std::time::Duration;

use store::{
    Advanced,
    audit::AuditRecord,
    audit_seals::{
        SealRecord, find_events_to_seal, find_last_seal, find_sealed_until, find_unsealed_events,
        insert_seals,
    },
    leases::advance_lease,
};

use super::canonical::{GENESIS, hashes};
use crate::{
    Engine,
    error::{Error, Result},
};

/// Name of the lease; one node holds it.
pub(crate) const LEASE: &str = "audit";

/// For how long a node that fell silent keeps the others from sealing.
const LEASE_LIFETIME: Duration = Duration::from_secs(30);

/// How old an event is when it is sealed: longer than a transaction takes from its time to its
/// commit, and than the clocks of the nodes differ, so that the order is settled.
pub(super) const SETTLED: Duration = Duration::from_secs(5);

/// How late an event may be written and still be sealed, behind younger ones. One that appears
/// later was not written by us.
pub(super) const LATEST: Duration = Duration::from_secs(10 * 60);

/// Events in one transaction.
const BATCH: u64 = 500;

/// Transactions in one round; what is left waits for the next one.
const MOST_BATCHES: u32 = 100;

/// What one round did.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sealed {
    /// Another node is at it.
    NotOurs,
    /// So many events were sealed.
    Events(usize),
}

impl Engine {
    /// Seals what has happened and is settled. For a job, about once a second. `node` tells this
    /// process from others on the same database.
    pub async fn seal_audit(&self, node: &str) -> Result<Sealed> {
        let mut sealed = 0;
        for _ in 0..MOST_BATCHES {
            let db = self.env.store.reader();
            let last = find_last_seal(db).await?;
            let after = find_sealed_until(db).await?;
            let until = self.env.now() - SETTLED;
            let events = find_events_to_seal(db, after.as_ref(), until, BATCH).await?;
            if events.is_empty() {
                break;
            }
            if !self.add_seals(node, last, &events).await? {
                return Ok(Sealed::NotOurs);
            }
            sealed += events.len();
        }
        Ok(Sealed::Events(sealed))
    }

    /// Seals what was written late, behind younger events. For a job, about once a minute.
    pub async fn seal_late_audit(&self, node: &str) -> Result<Sealed> {
        let db = self.env.store.reader();
        let last = find_last_seal(db).await?;
        let Some(after) = find_sealed_until(db).await? else {
            return Ok(Sealed::Events(0));
        };
        let from = self.env.now() - LATEST;
        let events = find_unsealed_events(db, from, after.at, BATCH).await?;
        if events.is_empty() {
            return Ok(Sealed::Events(0));
        }
        tracing::warn!(events = events.len(), "audit events were written late");
        Ok(match self.add_seals(node, last, &events).await? {
            true => Sealed::Events(events.len()),
            false => Sealed::NotOurs,
        })
    }

    /// Adds seals for these events behind `last`; false when another node is at it.
    async fn add_seals(
        &self,
        node: &str,
        last: Option<SealRecord>,
        events: &[AuditRecord],
    ) -> Result<bool> {
        let seals = seals(last.as_ref(), events);
        let now = self.env.now();
        let node = node.to_owned();
        let added: Result<bool> = self
            .env
            .store
            .write(move |tx| {
                Box::pin(async move {
                    let lease = advance_lease(tx, LEASE, &node, now, now + LEASE_LIFETIME).await?;
                    if lease == Advanced::No || find_last_seal(tx).await? != last {
                        return Ok(false);
                    }
                    insert_seals(tx, &seals).await?;
                    Ok(true)
                })
            })
            .await;
        match added {
            // Another node has put its seals there first.
            Err(Error::Conflict(_)) => Ok(false),
            added => added,
        }
    }
}

fn seals(last: Option<&SealRecord>, events: &[AuditRecord]) -> Vec<SealRecord> {
    let (mut seq, mut chain) = last.map_or((0, GENESIS), |last| (last.seq, last.chain_hash));
    events
        .iter()
        .map(|event| {
            let (event_digest, chain_hash) = hashes(&chain, event);
            seq += 1;
            chain = chain_hash;
            SealRecord {
                seq,
                event_id: event.id.clone(),
                event_at: event.at,
                event_digest,
                chain_hash,
            }
        })
        .collect()
}
