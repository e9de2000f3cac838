//! How often somebody may be wrong: a keyed limiter that counts failures only.
//!
//! It is asked when something has failed, never before, so that whoever is right passes whatever
//! others did under the same name or from the same address. Held in memory, per node: it slows
//! guessing of 256-bit secrets and keeps the log readable; the counting that locks people out lives
//! in the store.

use std::{
    net::IpAddr,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use moka::sync::Cache;
use protocol::{ids::ClientId, time::Timestamp};

/// Failures in a row that are answered as what they are.
const BURST: u32 = 20;

/// After those, one more for each of these that pass.
const INTERVAL: Duration = Duration::from_secs(3);

/// Names and addresses that are remembered. A flood of made-up names pushes out other names only.
const KEYS: u64 = 20_000;

/// Failures by client and by network address.
pub(crate) struct Failures {
    clients: Limiter<ClientId>,
    addresses: Limiter<IpAddr>,
}

impl Failures {
    pub(crate) fn new() -> Self {
        Self {
            clients: Limiter::new(),
            addresses: Limiter::new(),
        }
    }

    /// Counts one failure. `Some`: there were too many; how long to wait before the next one.
    pub(crate) fn count(
        &self,
        client: &ClientId,
        address: IpAddr,
        now: Timestamp,
    ) -> Option<Duration> {
        let by_client = self.clients.count(client.clone(), now);
        let by_address = self.addresses.count(range(address), now);
        by_client.max(by_address)
    }
}

/// Who holds one IPv6 address holds the whole /64.
fn range(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6((u128::from(address) & !u128::from(u64::MAX)).into()),
        address => address,
    }
}

/// The generic cell rate algorithm: one instant per key, the one at which the key's failures are
/// forgotten.
struct Limiter<K> {
    forgotten_at: Cache<K, Arc<AtomicI64>>,
}

impl<K: std::hash::Hash + Eq + Send + Sync + 'static> Limiter<K> {
    fn new() -> Self {
        let forgotten_at = Cache::builder()
            .max_capacity(KEYS)
            .time_to_idle(INTERVAL * BURST * 2)
            .build();
        Self { forgotten_at }
    }

    fn count(&self, key: K, now: Timestamp) -> Option<Duration> {
        let cell = self
            .forgotten_at
            .get_with(key, || Arc::new(AtomicI64::new(now.millis())));
        let latest = now + INTERVAL * BURST;
        let mut wait = None;
        // What is refused does not count, or a stubborn client would never be heard again.
        let _ = cell.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |millis| {
            let counted = Timestamp::from_millis(millis).max(now) + INTERVAL;
            wait = (counted > latest).then(|| counted.since(latest));
            wait.is_none().then_some(counted.millis())
        });
        wait
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_of_failures_passes_then_one_per_interval() {
        let limiter = Limiter::new();
        let now = Timestamp::from_seconds(1_000);
        for failure in 0..BURST {
            assert_eq!(limiter.count("a", now), None, "failure {failure}");
        }
        assert_eq!(limiter.count("a", now), Some(INTERVAL));
        assert_eq!(limiter.count("b", now), None, "another key");
        assert_eq!(
            limiter.count("a", now + Duration::from_secs(1)),
            Some(Duration::from_secs(2))
        );
        assert_eq!(limiter.count("a", now + INTERVAL), None);
        assert_eq!(limiter.count("a", now + INTERVAL), Some(INTERVAL));
    }

    #[test]
    fn addresses_of_one_ipv6_network_count_together() {
        let parse = |text: &str| range(text.parse().expect("an address"));
        assert_eq!(parse("2001:db8::1"), parse("2001:db8::ffff"));
        assert_ne!(parse("2001:db8::1"), parse("2001:db8:0:1::1"));
        assert_eq!(parse("::ffff:192.0.2.1"), parse("192.0.2.1"));
        assert_ne!(parse("192.0.2.1"), parse("192.0.2.2"));
    }
}
