//! Which signed requests were served already.
//!
//! A nonce is remembered for as long as its timestamp would be accepted, in memory. That is enough for a
//! node with a database of its own, with two exceptions, and for both the database remembers too:
//!
//! * After a restart the memory is empty. So a request that was signed before the process began is
//!   refused like one with a wrong clock: its sender asks for the time and signs anew. One that was
//!   signed **ahead** of our clock could be sent again after a restart and still look new: its nonce is
//!   written down before it is served, and read when the process begins.
//! * Of several nodes on one database none knows what the others have seen: there every nonce is
//!   written down.
//!
//! The memory is bounded: in all, and for each client or token, so that one of them cannot take the
//! room of the others.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Mutex, OnceLock, PoisonError},
    time::Duration,
};

use protocol::{
    dialects::mac::{MacHeader, SignFault},
    time::Timestamp,
};
use sha2::{Digest as _, Sha256};
use store::{
    Backend,
    signed_nonces::{find_signed_nonces, insert_signed_nonce},
};
use tokio::sync::OnceCell;

use crate::{
    Engine,
    error::{Error, Result},
};

/// Nonces in memory, about 30 bytes each.
const MOST: usize = 1_000_000;

/// Nonces of one client or token: some 1,300 requests in every second of the window.
const MOST_OF_ONE: usize = 400_000;

/// The nonces of one node.
#[derive(Default)]
pub(crate) struct Nonces {
    seen: Mutex<Seen>,
    began: OnceLock<Timestamp>,
    read: OnceCell<()>,
}

/// Half of a SHA-256: nobody finds two nonces that share it.
type Short = [u8; 16];

/// Enough of who signed to count their nonces.
type Who = u64;

#[derive(Default)]
struct Seen {
    /// By the second of the signature.
    by_second: BTreeMap<i64, HashMap<Short, Who>>,
    of_one: HashMap<Who, usize>,
    count: usize,
}

impl Nonces {
    /// When this process began. Said once, before the first request.
    pub(crate) fn begin(&self, now: Timestamp) {
        // The first one counts.
        let _said_before = self.began.set(now);
    }

    fn began(&self) -> Timestamp {
        self.began
            .get()
            .copied()
            .unwrap_or(Timestamp::from_millis(0))
    }

    fn seen(&self) -> std::sync::MutexGuard<'_, Seen> {
        // A panic in between can only leave a count too high, which is swept with its second.
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seen {
    /// How long it takes until the oldest nonces are forgotten.
    fn room_after(&self, forgotten_before: Timestamp) -> Duration {
        let oldest = self.by_second.keys().next().copied();
        let left = oldest.map_or(0, |second| second - forgotten_before.seconds());
        Duration::from_secs(u64::try_from(left).unwrap_or(0) + 1)
    }

    fn claim(&mut self, nonce: &Nonce, forget_before: Timestamp) -> Result<(), SignFault> {
        self.forget(forget_before.seconds());
        let second = nonce.signed_at.seconds();
        let digest = short(&nonce.digest);
        let known = self.by_second.get(&second);
        if known.is_some_and(|nonces| nonces.contains_key(&digest)) {
            return Err(SignFault::Replayed);
        }
        // Nothing is kept of whoever is refused.
        let of_one = self.of_one.get(&nonce.signer).copied().unwrap_or(0);
        if self.count >= MOST || of_one >= MOST_OF_ONE {
            return Err(SignFault::TooMany {
                wait: self.room_after(forget_before),
            });
        }
        let nonces = self.by_second.entry(second).or_default();
        nonces.insert(digest, nonce.signer);
        *self.of_one.entry(nonce.signer).or_default() += 1;
        self.count += 1;
        Ok(())
    }

    fn forget(&mut self, before: i64) {
        while let Some(oldest) = self.by_second.first_entry() {
            if *oldest.key() >= before {
                break;
            }
            for signer in oldest.remove().into_values() {
                self.count -= 1;
                if let Some(count) = self.of_one.get_mut(&signer) {
                    *count -= 1;
                    if *count == 0 {
                        self.of_one.remove(&signer);
                    }
                }
            }
        }
    }
}

fn short(digest: &[u8; 32]) -> Short {
    let mut short = [0; 16];
    short.copy_from_slice(&digest[..16]);
    short
}

fn who(digest: &[u8]) -> Who {
    digest
        .iter()
        .take(8)
        .fold(0, |who, byte| who << 8 | u64::from(*byte))
}

/// Timestamp and nonce of one signer.
struct Nonce {
    signer: Who,
    digest: [u8; 32],
    signed_at: Timestamp,
}

impl Nonce {
    fn of(header: &MacHeader, signed_at: Timestamp) -> Self {
        let signer = Sha256::digest(header.id.as_bytes());
        let mut hash = Sha256::new();
        hash.update(signer);
        hash.update(header.ts.as_bytes());
        hash.update(b"\n");
        hash.update(header.nonce.as_bytes());
        Self {
            signer: who(&signer),
            digest: hash.finalize().into(),
            signed_at,
        }
    }
}

impl Engine {
    /// Remembers a request as served, if it was not before.
    pub(super) async fn claim_nonce(
        &self,
        header: &MacHeader,
        signed_at: Timestamp,
        now: Timestamp,
    ) -> Result<Result<(), SignFault>> {
        let nonces = &self.env.caches.nonces;
        let window = self.env.settings.lifetimes.clock_skew;
        let is_shared = self.env.store.backend() == Backend::Postgres;
        if !is_shared {
            if signed_at < nonces.began() {
                return Ok(Err(SignFault::TooOld));
            }
            nonces
                .read
                .get_or_try_init(|| self.read_nonces(window))
                .await?;
        }
        let nonce = Nonce::of(header, signed_at);
        // A second longer than its timestamp is accepted: seconds are compared with milliseconds.
        let kept = window + Duration::from_secs(1);
        let claimed = nonces.seen().claim(&nonce, now - kept);
        if let Err(fault) = claimed {
            return Ok(Err(fault));
        }
        if !is_shared && signed_at <= now {
            return Ok(Ok(()));
        }
        let (digest, expires_at) = (nonce.digest, signed_at + kept);
        let written = self
            .env
            .store
            .write::<_, Error, _>(move |tx| {
                Box::pin(async move {
                    Ok(insert_signed_nonce(tx, &digest, signed_at, expires_at).await?)
                })
            })
            .await?;
        Ok(if written.is_yes() {
            Ok(())
        } else {
            Err(SignFault::Replayed)
        })
    }

    /// What an earlier process has written down and this one must know.
    async fn read_nonces(&self, window: Duration) -> Result<()> {
        let nonces = &self.env.caches.nonces;
        let known = find_signed_nonces(self.env.store.reader(), nonces.began()).await?;
        let mut seen = nonces.seen();
        for (digest, signed_at) in known {
            let nonce = Nonce {
                // Whose it was is not written down; it counts as nobody's.
                signer: 0,
                digest,
                signed_at,
            };
            // Whatever does not fit in is found in the database, for it is ahead of the clock.
            let _full = seen.claim(&nonce, self.env.now() - window);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nonce(signer: Who, number: u64, second: i64) -> Nonce {
        let digest = Sha256::digest(number.to_be_bytes());
        Nonce {
            signer,
            digest: digest.into(),
            signed_at: Timestamp::from_seconds(second),
        }
    }

    const LONG_AGO: Timestamp = Timestamp::from_seconds(0);

    #[test]
    fn one_signer_cannot_take_the_room_of_the_others() {
        let mut seen = Seen::default();
        let most = u64::try_from(MOST_OF_ONE).expect("a number");
        for number in 0..most {
            assert_eq!(seen.claim(&nonce(1, number, 100), LONG_AGO), Ok(()));
        }
        let over = nonce(1, most, 100);
        let full = |wait| {
            let wait = Duration::from_secs(wait);
            Err(SignFault::TooMany { wait })
        };
        assert_eq!(seen.claim(&over, LONG_AGO), full(101));
        // The answer says when there is room: the window behind `now` passes the oldest one.
        let nearly = Timestamp::from_seconds(98);
        assert_eq!(seen.claim(&over, nearly), full(3));
        let other = nonce(2, most, 100);
        assert_eq!(seen.claim(&other, LONG_AGO), Ok(()));
        let elsewhere = nonce(1, most, 101);
        assert_eq!(seen.claim(&elsewhere, LONG_AGO), full(101));
        assert_eq!(seen.by_second.len(), 1, "nothing is kept of it");
        // When its time is over it is forgotten, and so is what it counted.
        let later = Timestamp::from_seconds(101);
        assert_eq!(seen.claim(&nonce(1, 0, 101), later), Ok(()));
        assert_eq!(
            (seen.count, seen.of_one.len(), seen.by_second.len()),
            (1, 1, 1)
        );
    }
}
