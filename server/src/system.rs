//! The real time and the real randomness: the only place that asks the system for them.

use std::time::SystemTime;

use engine::{Clock, env::ChaChaChance};
use protocol::time::Timestamp;
use rand::{TryRng as _, rngs::SysRng};

/// The system's clock.
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the edge at which time comes in")]
    fn now(&self) -> Timestamp {
        // Before 1970 only when the machine's clock is lost; then everything looks expired.
        let since_1970 = SystemTime::now()
            .duration_since(SystemTime::UNIX_EPOCH)
            .unwrap_or_default();
        Timestamp::from_millis(i64::try_from(since_1970.as_millis()).unwrap_or(i64::MAX))
    }
}

/// 32 bytes of the system's randomness.
pub fn seed() -> [u8; 32] {
    let mut seed = [0; 32];
    SysRng
        .try_fill_bytes(&mut seed)
        .expect("a system without randomness cannot issue secrets");
    seed
}

/// A generator seeded by the system.
pub fn chance() -> ChaChaChance {
    ChaChaChance::from_seed(seed())
}
