//! Time and chance. Real in the demo, fixed in tests.

use std::{
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use rand::Rng as _;

/// Where an app gets the time and its random values from.
#[derive(Clone)]
pub struct Outside {
    now: Arc<dyn Fn() -> u64 + Send + Sync>,
    fill: Arc<Fill>,
}

/// Fills a buffer with random bytes.
type Fill = dyn Fn(&mut [u8]) + Send + Sync;

impl Outside {
    /// The given clock (seconds since the Unix epoch) and the given source of random bytes.
    pub fn new(
        now: impl Fn() -> u64 + Send + Sync + 'static,
        fill: impl Fn(&mut [u8]) + Send + Sync + 'static,
    ) -> Self {
        Self {
            now: Arc::new(now),
            fill: Arc::new(fill),
        }
    }

    /// The clock and the generator of the machine. A sample app is a program of its own, so this
    /// is its edge.
    #[allow(
        clippy::disallowed_methods,
        reason = "the edge of a program that is not the server"
    )]
    pub fn real() -> Self {
        Self::new(
            || {
                SystemTime::now()
                    .duration_since(UNIX_EPOCH)
                    .map_or(0, |since| since.as_secs())
            },
            |bytes| rand::rng().fill_bytes(bytes),
        )
    }

    /// Seconds since the Unix epoch.
    pub(crate) fn now(&self) -> u64 {
        (self.now)()
    }

    /// 256 random bits as 43 base64url characters: a session id, a state, a code verifier.
    pub(crate) fn token(&self) -> String {
        let mut bytes = [0; 32];
        (self.fill)(&mut bytes);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// A short number to talk about, of letters and digits that nobody confuses.
    pub(crate) fn number(&self) -> String {
        const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
        let mut bytes = [0; 8];
        (self.fill)(&mut bytes);
        bytes
            .iter()
            .map(|byte| char::from(LETTERS[usize::from(byte % 32)]))
            .collect()
    }
}
