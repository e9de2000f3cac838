//! What is kept in memory for at most a moment: clients and the states of access tokens.
//!
//! An entry may be used while two things hold. It is **fresh**: read from the store less than
//! [`Settings::cache_lifetime`] ago, so what another node or a command changed is seen within that
//! time. And it is **unspoilt**: nothing that it depends on was changed on this node since it was
//! read. The second needs no list of entries: every change takes the next number of a counter and
//! leaves it in the slot of the thing that changed; an entry remembers the number that was current
//! before its read began and is spoilt once one of its slots holds a higher one. Two things may
//! share a slot; then an entry is read again without need, and never used without right.

use std::{
    hash::{DefaultHasher, Hash, Hasher as _},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use moka::sync::Cache;
use protocol::{
    ids::{ClientId, ConsentId, FamilyId, UserId},
    secret::{AccessToken, Digest},
    time::Timestamp,
};

use crate::{
    access::Access,
    audit::Watch,
    clients::{CachedClient, SecretUses},
    failures::Failures,
    request_log::Buffer,
    settings::Settings,
    signed::Nonces,
};

/// Entries per kind. Beyond it the least used ones make room.
const CLIENTS: u64 = 10_000;
const TOKENS: u64 = 20_000;

/// When entries that nobody asks for leave the memory. They were stale long before.
const IDLE: Duration = Duration::from_secs(60);

/// One slot in 4,096 changes with a change, so unrelated entries hardly ever suffer.
const SLOTS: usize = 4_096;

/// A thing that cached entries depend on.
#[derive(Clone, Copy, Hash)]
pub enum Thing<'a> {
    /// A registered client, its status or its secrets.
    Client(&'a ClientId),
    /// One access token.
    Token(&'a Digest<AccessToken>),
    /// All tokens of one grant.
    Family(&'a FamilyId),
    /// All tokens under one consent.
    Consent(&'a ConsentId),
    /// Everything that one person allowed.
    User(&'a UserId),
}

/// A moment before a read; see [`Caches::mark`].
#[derive(Clone, Copy, Debug)]
pub struct Mark(u64);

/// The caches of one node.
pub struct Caches {
    changes: Changes,
    clients: Kept<ClientId, CachedClient>,
    tokens: Kept<Digest<AccessToken>, Access>,
    /// Failed client authentications.
    pub(crate) failures: Failures,
    /// Secrets that came through a browser, where they prove nothing: counted apart, so that nobody
    /// slows a client's own requests down with them.
    pub(crate) exposures: Failures,
    /// Which secrets were used, until it is written down.
    pub(crate) secret_uses: SecretUses,
    /// Answered requests, until they are written down.
    pub(crate) requests: Buffer,
    /// Signed requests that were served.
    pub(crate) nonces: Nonces,
    /// How far the audit trail was verified.
    pub(crate) audit: Watch,
    /// Held while a key that signs callbacks is made: many who ask for it at once wait for one.
    pub(crate) callback_key: tokio::sync::Mutex<()>,
}

impl Caches {
    /// Empty caches.
    pub fn new(settings: &Settings) -> Self {
        Self {
            changes: Changes::default(),
            clients: Kept::new(CLIENTS, settings.cache_lifetime),
            tokens: Kept::new(TOKENS, settings.cache_lifetime),
            failures: Failures::new(),
            exposures: Failures::new(),
            secret_uses: SecretUses::default(),
            requests: Buffer::default(),
            nonces: Nonces::default(),
            audit: Watch::default(),
            callback_key: tokio::sync::Mutex::default(),
        }
    }

    /// To be taken **before** what is to be cached is read from the store.
    pub(crate) fn mark(&self) -> Mark {
        self.changes.mark()
    }

    /// To be called **after** the transaction that changed `thing` has committed. From then on no
    /// answer of this node rests on the earlier state.
    pub fn changed(&self, thing: Thing<'_>) {
        self.changes.record(thing);
    }

    pub(crate) fn client(&self, id: &ClientId, now: Timestamp) -> Option<Arc<CachedClient>> {
        let found = self.clients.find(id, now, &self.changes);
        // How often memory had the answer. Labels that the compiler knows cost nothing while nobody
        // gathers numbers.
        match found {
            Some(_) => metrics::counter!("countersign_cache_lookups_total", "cache" => "clients", "outcome" => "found"),
            None => metrics::counter!("countersign_cache_lookups_total", "cache" => "clients", "outcome" => "missed"),
        }
        .increment(1);
        found
    }

    pub(crate) fn keep_client(&self, mark: Mark, now: Timestamp, client: &Arc<CachedClient>) {
        let id = &client.client.id;
        self.clients.keep(
            id.clone(),
            Arc::clone(client),
            mark,
            now,
            [slot(Thing::Client(id)); 5],
        );
    }

    pub(crate) fn token(
        &self,
        digest: &Digest<AccessToken>,
        now: Timestamp,
    ) -> Option<Arc<Access>> {
        let found = self.tokens.find(digest, now, &self.changes);
        match found {
            Some(_) => metrics::counter!("countersign_cache_lookups_total", "cache" => "tokens", "outcome" => "found"),
            None => metrics::counter!("countersign_cache_lookups_total", "cache" => "tokens", "outcome" => "missed"),
        }
        .increment(1);
        found
    }

    pub(crate) fn keep_token(&self, mark: Mark, now: Timestamp, access: &Arc<Access>) {
        let token = slot(Thing::Token(&access.token));
        let slots = [
            token,
            slot(Thing::Client(&access.client)),
            access
                .family
                .as_ref()
                .map_or(token, |id| slot(Thing::Family(id))),
            access
                .consent
                .as_ref()
                .map_or(token, |consent| slot(Thing::Consent(&consent.id))),
            access
                .user
                .as_ref()
                .map_or(token, |id| slot(Thing::User(id))),
        ];
        self.tokens
            .keep(access.token, Arc::clone(access), mark, now, slots);
    }
}

/// What changed on this node, and when, in the order of changes.
struct Changes {
    count: AtomicU64,
    slots: Box<[AtomicU64]>,
}

impl Default for Changes {
    fn default() -> Self {
        Self {
            count: AtomicU64::new(0),
            slots: (0..SLOTS).map(|_| AtomicU64::new(0)).collect(),
        }
    }
}

impl Changes {
    fn mark(&self) -> Mark {
        Mark(self.count.load(Ordering::SeqCst))
    }

    /// A read that began before this has a lower mark and is spoilt; one that begins after it finds
    /// the committed change in the store.
    fn record(&self, thing: Thing<'_>) {
        let number = self.count.fetch_add(1, Ordering::SeqCst) + 1;
        self.slots[slot(thing)].fetch_max(number, Ordering::SeqCst);
    }

    fn is_unspoilt(&self, mark: Mark, slots: &[usize]) -> bool {
        slots
            .iter()
            .all(|slot| self.slots[*slot].load(Ordering::SeqCst) <= mark.0)
    }
}

fn slot(thing: Thing<'_>) -> usize {
    let mut hasher = DefaultHasher::new();
    thing.hash(&mut hasher);
    (hasher.finish() % SLOTS as u64) as usize
}

/// Values of one kind with the time of their reading.
struct Kept<K, V> {
    entries: Cache<K, Arc<Entry<V>>>,
    lifetime: Duration,
}

struct Entry<V> {
    value: Arc<V>,
    read_at: Timestamp,
    mark: Mark,
    slots: [usize; 5],
    /// One caller has left to read it again.
    renewing: AtomicBool,
}

impl<K: Hash + Eq + Send + Sync + 'static, V: Send + Sync + 'static> Kept<K, V> {
    fn new(capacity: u64, lifetime: Duration) -> Self {
        let entries = Cache::builder()
            .max_capacity(capacity)
            .time_to_idle(IDLE)
            .build();
        Self { entries, lifetime }
    }

    /// The value, if it may be used. In the last third of its life exactly one caller is sent to
    /// read it again while the others still use it, so that a busy entry is never read by all
    /// of them at once.
    fn find(&self, key: &K, now: Timestamp, changes: &Changes) -> Option<Arc<V>> {
        let entry = self.entries.get(key)?;
        let age = now.since(entry.read_at);
        // A clock that was set back makes entries look young for ever: they are read again instead.
        let fresh = now >= entry.read_at && age < self.lifetime;
        if !fresh || !changes.is_unspoilt(entry.mark, &entry.slots) {
            return None;
        }
        let renew = age * 3 > self.lifetime * 2 && !entry.renewing.swap(true, Ordering::Relaxed);
        (!renew).then(|| Arc::clone(&entry.value))
    }

    fn keep(&self, key: K, value: Arc<V>, mark: Mark, now: Timestamp, slots: [usize; 5]) {
        let entry = Entry {
            value,
            read_at: now,
            mark,
            slots,
            renewing: AtomicBool::new(false),
        };
        self.entries.insert(key, Arc::new(entry));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIFETIME: Duration = Duration::from_millis(900);

    fn kept() -> (Kept<&'static str, u8>, Changes, ClientId) {
        (
            Kept::new(10, LIFETIME),
            Changes::default(),
            ClientId::new("shop"),
        )
    }

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(1_000_000 + millis)
    }

    #[test]
    fn an_entry_is_used_for_less_than_its_lifetime() {
        let (kept, changes, _) = kept();
        kept.keep("a", Arc::new(1), changes.mark(), at(0), [0; 5]);
        assert!(kept.find(&"a", at(600), &changes).is_some());
        assert!(
            kept.find(&"a", at(601), &changes).is_none(),
            "the one who renews it"
        );
        assert!(
            kept.find(&"a", at(899), &changes).is_some(),
            "the others meanwhile"
        );
        assert!(kept.find(&"a", at(900), &changes).is_none());
        assert!(
            kept.find(&"a", at(-1), &changes).is_none(),
            "a clock set back"
        );
    }

    #[test]
    fn a_change_spoils_what_was_read_before_and_only_that() {
        let (kept, changes, client) = kept();
        let slots = [slot(Thing::Client(&client)); 5];
        let before = changes.mark();
        changes.record(Thing::Client(&client));
        let after = changes.mark();
        // The read began before the change and ended after it.
        kept.keep("a", Arc::new(1), before, at(0), slots);
        assert!(kept.find(&"a", at(0), &changes).is_none());
        kept.keep("a", Arc::new(2), after, at(0), slots);
        assert_eq!(kept.find(&"a", at(0), &changes).as_deref(), Some(&2));
        changes.record(Thing::User(&UserId::new("somebody else")));
        assert!(
            kept.find(&"a", at(0), &changes).is_some(),
            "an unrelated change"
        );
        changes.record(Thing::Client(&client));
        assert!(kept.find(&"a", at(0), &changes).is_none());
    }

    #[test]
    fn things_of_different_kinds_with_the_same_text_differ() {
        let user = slot(Thing::User(&UserId::new("x")));
        assert_ne!(user, slot(Thing::Client(&ClientId::new("x"))));
        assert_ne!(user, slot(Thing::Consent(&ConsentId::new("x"))));
    }
}
