//! The ingredients of every use case: time, chance, keys, storage, the bank's core.
//!
//! Tests hand in a clock that they move and a generator that they seeded; `server` hands in the
//! real ones. Nothing below this crate asks the system for the time or for randomness.

use std::sync::{Arc, Mutex};

use protocol::{
    ids::TraceId,
    secret::{Minted, Secret},
    time::Timestamp,
};
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha20Rng;
use store::Store;
use uuid::Builder;

use crate::{bank::Bank, caches::Caches, passwords::Passwords, seal::Seal, settings::Settings};

/// Where the time comes from.
pub trait Clock: Send + Sync {
    /// The current instant.
    fn now(&self) -> Timestamp;
}

/// Where randomness comes from. Cryptographically strong, except in tests, where it is seeded.
pub trait Chance: Send + Sync {
    /// Fills `bytes`.
    fn fill(&self, bytes: &mut [u8]);
}

/// ChaCha20 behind a lock: seeded from the system by `server`, from a number by tests.
pub struct ChaChaChance(Mutex<ChaCha20Rng>);

impl ChaChaChance {
    /// A generator from a 256-bit seed.
    pub fn from_seed(seed: [u8; 32]) -> Self {
        Self(Mutex::new(ChaCha20Rng::from_seed(seed)))
    }
}

impl Chance for ChaChaChance {
    fn fill(&self, bytes: &mut [u8]) {
        // A panic while filling cannot leave the generator in a harmful state.
        self.0
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .fill_bytes(bytes);
    }
}

/// Everything a use case needs.
pub struct Env {
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub chance: Arc<dyn Chance>,
    /// Keys for what must be read back, and for form tokens.
    pub seal: Seal,
    /// The state.
    pub store: Store,
    /// Settings.
    pub settings: Settings,
    /// The system that holds accounts and moves money.
    pub bank: Arc<dyn Bank>,
    /// Password hashing on a bounded number of threads.
    pub passwords: Passwords,
    /// What is kept in memory for at most a moment.
    pub caches: Caches,
}

impl Env {
    /// The current instant.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// `N` random bytes.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.chance.fill(&mut bytes);
        bytes
    }

    /// A new secret of its kind, from 256 random bits.
    pub fn mint<K: Minted>(&self) -> Secret<K> {
        Secret::mint(self.bytes())
    }

    /// A new identifier: UUID version 7, so that ids sort by time of creation.
    pub fn id(&self) -> String {
        new_id(self.now(), &*self.chance)
    }

    /// A new reference that people can dictate.
    pub fn trace(&self) -> TraceId {
        TraceId::new(self.now(), self.bytes())
    }
}

/// A new identifier made at `now`: UUID version 7 (RFC 9562 §5.7).
pub(crate) fn new_id(now: Timestamp, chance: &dyn Chance) -> String {
    let millis = u64::try_from(now.millis()).unwrap_or(0);
    let mut random = [0; 10];
    chance.fill(&mut random);
    Builder::from_unix_timestamp_millis(millis, &random)
        .into_uuid()
        .simple()
        .to_string()
}
