//! Walking along the chain: is every event there, unchanged, and none too many?

use std::sync::{Mutex, PoisonError};

use protocol::time::Timestamp;
use store::{
    audit::AuditRecord,
    audit_seals::{SealRecord, find_seals_with_events, find_unsealed_events},
};

use super::{
    canonical::{GENESIS, hashes},
    sealing::LATEST,
};
use crate::{Engine, error::Result};

/// Seals that are read at once.
const PAGE: u64 = 1_000;

/// Where a verification ended, to go on from there. Kept elsewhere, it also tells whether somebody
/// wrote the whole chain anew.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Checkpoint {
    /// The last seal that was verified; 0 before the first.
    pub seq: i64,
    /// Its chain hash.
    pub chain_hash: [u8; 32],
    /// When the latest event up to there happened.
    pub up_to: Option<Timestamp>,
}

impl Default for Checkpoint {
    /// Before the first seal.
    fn default() -> Self {
        Self {
            seq: 0,
            chain_hash: GENESIS,
            up_to: None,
        }
    }
}

/// What a verification found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Verified {
    /// So far everything is as it was written.
    pub checkpoint: Checkpoint,
    /// The first thing that is not.
    pub broken: Option<Break>,
}

/// Where the chain is broken.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Break {
    /// In which way.
    pub kind: BreakKind,
    /// At which place of the chain; none for an event that has no place.
    pub seq: Option<i64>,
    /// Which event.
    pub event: String,
    /// When it happened, as far as that can be believed.
    pub at: Timestamp,
}

/// In which way the chain is broken.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BreakKind {
    /// An event is gone.
    Missing,
    /// An event is not what was sealed.
    Changed,
    /// An event was added after its time had been sealed.
    Inserted,
    /// A seal is gone, or is not what was written.
    SealChanged,
}

impl BreakKind {
    /// Its name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Changed => "changed",
            Self::Inserted => "inserted",
            Self::SealChanged => "seal_changed",
        }
    }
}

impl Engine {
    /// Verifies the chain behind `from` up to its end, or to the first break. From the beginning
    /// ([`Checkpoint::default`]) it finds everything; from a later checkpoint it says nothing about
    /// what lies before.
    pub async fn verify_audit(&self, from: Checkpoint) -> Result<Verified> {
        let db = self.env.store.reader();
        let mut checkpoint = from;
        loop {
            let page = find_seals_with_events(db, checkpoint.seq, PAGE).await?;
            let is_last = (page.len() as u64) < PAGE;
            for (seal, event) in page {
                match check(&checkpoint, &seal, event.as_ref()) {
                    Ok(next) => checkpoint = next,
                    Err(kind) => {
                        let broken = Some(Break {
                            kind,
                            seq: Some(seal.seq),
                            event: seal.event_id,
                            at: seal.event_at,
                        });
                        return Ok(Verified { checkpoint, broken });
                    }
                }
            }
            if is_last {
                break;
            }
        }
        let broken = self.inserted(&from, &checkpoint).await?;
        Ok(Verified { checkpoint, broken })
    }

    /// An event without a seal, from a time that was sealed long ago.
    async fn inserted(&self, from: &Checkpoint, to: &Checkpoint) -> Result<Option<Break>> {
        let Some(up_to) = to.up_to else {
            return Ok(None);
        };
        // What is written late may still get its seal.
        let until = up_to.min(self.env.now() - LATEST - LATEST);
        let beginning = Timestamp::from_millis(i64::MIN);
        let since = from.up_to.map_or(beginning, |at| at - LATEST - LATEST);
        let found = find_unsealed_events(self.env.store.reader(), since, until, 1).await?;
        Ok(found.into_iter().next().map(|event| Break {
            kind: BreakKind::Inserted,
            seq: None,
            event: event.id,
            at: event.at,
        }))
    }

    /// Goes on where the last call on this node ended, from the beginning after a start. For a job,
    /// about once a minute. A break stays until the process ends: it is for people to look into.
    pub async fn watch_audit(&self) -> Result<Verified> {
        let known = self.audit_verified();
        if let Some(broken) = known.as_ref().filter(|known| known.broken.is_some()) {
            return Ok(broken.clone());
        }
        let from = known.map(|known| known.checkpoint).unwrap_or_default();
        let verified = self.verify_audit(from).await?;
        if let Some(broken) = &verified.broken {
            metrics::counter!("countersign_audit_breaks_total").increment(1);
            tracing::error!(
                kind = broken.kind.as_str(),
                event = broken.event,
                at = %broken.at,
                "the audit trail was tampered with",
            );
        }
        self.env.caches.audit.set(verified.clone());
        Ok(verified)
    }

    /// What [`Engine::watch_audit`] found last: "verified up to".
    pub fn audit_verified(&self) -> Option<Verified> {
        self.env.caches.audit.get()
    }
}

/// The checkpoint behind `seal`, or what is wrong with it.
fn check(
    before: &Checkpoint,
    seal: &SealRecord,
    event: Option<&AuditRecord>,
) -> Result<Checkpoint, BreakKind> {
    if seal.seq != before.seq + 1 {
        return Err(BreakKind::SealChanged);
    }
    let event = event.ok_or(BreakKind::Missing)?;
    let (digest, chain_hash) = hashes(&before.chain_hash, event);
    if digest != seal.event_digest {
        return Err(BreakKind::Changed);
    }
    if chain_hash != seal.chain_hash || event.at != seal.event_at {
        return Err(BreakKind::SealChanged);
    }
    Ok(Checkpoint {
        seq: seal.seq,
        chain_hash,
        up_to: before.up_to.max(Some(event.at)),
    })
}

/// How far this node has verified.
#[derive(Default)]
pub(crate) struct Watch(Mutex<Option<Verified>>);

impl Watch {
    fn get(&self) -> Option<Verified> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.clone()
    }

    fn set(&self, verified: Verified) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(verified);
    }
}
