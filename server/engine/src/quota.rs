//! How often something may be done in a day. What is done is counted in the transaction that does it: a count
//! that is one too many is taken back with it.

use std::time::Duration;

use protocol::time::Timestamp;
use store::{Tx, throttles::advance_throttle};

use crate::{Engine, error::Error, seal::Purpose};

/// A day begins with the first time.
const DAY: Duration = Duration::from_secs(24 * 3600);

/// So often, and no more.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Quota {
    /// Under which name it is counted; it does not tell what or whose.
    key: String,
    /// So often a day.
    most: u32,
}

/// Why something was not done.
#[derive(Debug)]
pub(crate) enum OverQuota {
    /// It was done often enough; again after this time.
    Wait(Duration),
    /// Our fault, or storage's.
    Failed(Error),
}

impl From<store::Error> for OverQuota {
    fn from(error: store::Error) -> Self {
        Self::Failed(error.into())
    }
}

impl Engine {
    /// `most` times a day for what these parts name together.
    pub(crate) fn quota(&self, named: &[&str], most: u32) -> Quota {
        let parts: Vec<&[u8]> = named.iter().map(|part| part.as_bytes()).collect();
        let digest = self.env.seal.digest(Purpose::Throttle, &parts);
        Quota {
            key: data_encoding::HEXLOWER.encode(&digest),
            most,
        }
    }
}

impl Quota {
    /// Counts one more time. Several quotas of one transaction are to be counted in their order, so that two
    /// transactions do not wait for each other.
    pub async fn count(&self, tx: &Tx, now: Timestamp) -> Result<(), OverQuota> {
        // A day that began exactly one ago is over.
        let begun_since = now - DAY + Duration::from_millis(1);
        let counted = advance_throttle(tx, &self.key, now, begun_since, now + DAY).await?;
        if counted.failures > self.most {
            let until = counted.window_started_at + DAY;
            return Err(OverQuota::Wait(until.since(now)));
        }
        Ok(())
    }
}
