//! What letters to people and callbacks to apps have in common on their way out: one node at a time, and
//! a wait that grows with every failure.

use std::time::Duration;

use store::{Advanced, leases::advance_lease};

use crate::{Engine, error::Result};

/// The wait after the first failure; it doubles with every further one ...
const FIRST_WAIT: Duration = Duration::from_secs(30);

/// ... up to this.
const LONGEST_WAIT: Duration = Duration::from_secs(6 * 3600);

/// What one round did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Delivered {
    /// What went out.
    pub sent: u64,
    /// What will be tried again.
    pub failed: u64,
    /// What will not be.
    pub given_up: u64,
}

impl Engine {
    /// Keeps, or takes, the right to deliver under this lease; `No` while another node has it.
    pub(crate) async fn hold_lease(
        &self,
        lease: &'static str,
        node: &str,
        lifetime: Duration,
    ) -> Result<Advanced> {
        let now = self.env.now();
        let node = node.to_owned();
        self.env
            .store
            .write(move |tx| {
                Box::pin(
                    async move { Ok(advance_lease(tx, lease, &node, now, now + lifetime).await?) },
                )
            })
            .await
    }
}

/// How long something waits that failed `before` times before.
pub(crate) fn wait(before: u32) -> Duration {
    FIRST_WAIT
        .saturating_mul(1 << before.min(16))
        .min(LONGEST_WAIT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_doubles_up_to_a_bound() {
        assert_eq!(wait(0), Duration::from_secs(30));
        assert_eq!(wait(1), Duration::from_secs(60));
        assert_eq!(wait(3), Duration::from_secs(240));
        assert_eq!(wait(5), Duration::from_secs(960));
        assert_eq!(wait(30), LONGEST_WAIT);
        assert_eq!(wait(u32::MAX), LONGEST_WAIT);
    }
}
