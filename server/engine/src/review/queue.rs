//! What waits for a reviewer, and how long it takes.

use std::time::Duration;

use store::{
    Bookmark,
    review_cases::{CaseFilter, CaseLine, find_cases, find_last_decision, find_waiting_times},
};

use crate::{Engine, error::Result};
use protocol::time::Timestamp;

/// Over which time review times are counted.
const COUNTED: Duration = Duration::from_secs(30 * 24 * 3600);

/// Decisions that are counted at most.
const MOST_COUNTED: u64 = 10_000;

/// How long cases waited that were decided lately.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ReviewTimes {
    /// How many cases that were.
    pub decided: usize,
    /// Half of them were decided within this time.
    pub median: Duration,
    /// Nine of ten were.
    pub ninetieth: Duration,
}

impl Engine {
    /// Cases by the time at which they were sent, oldest first, after `after`, at most `limit`.
    ///
    /// # Errors
    /// When storage failed.
    pub async fn review_queue(
        &self,
        filter: &CaseFilter,
        after: Option<&Bookmark>,
        limit: u64,
    ) -> Result<Vec<CaseLine>> {
        Ok(find_cases(self.env.store.reader(), filter, after, limit).await?)
    }

    /// One page of the queue, and where the next one begins, as it stands in an address. A text that
    /// is no such place is the beginning.
    ///
    /// # Errors
    /// When storage failed.
    pub async fn queue_page(
        &self,
        filter: &CaseFilter,
        after: &str,
        limit: u64,
    ) -> Result<(Vec<CaseLine>, Option<String>)> {
        let after = bookmark_of(after);
        let lines = self.review_queue(filter, after.as_ref(), limit).await?;
        let full = lines.len() as u64 == limit;
        let last = lines.last().filter(|_| full);
        let next = last.map(|last| format!("{}.{}", last.sent_at.millis(), last.id));
        Ok((lines, next))
    }

    /// When a case was decided last.
    ///
    /// # Errors
    /// When storage failed.
    pub async fn last_decision(&self) -> Result<Option<Timestamp>> {
        Ok(find_last_decision(self.env.store.reader()).await?)
    }

    /// From sent to approved or rejected, over the last 30 days; none when nothing was decided.
    ///
    /// # Errors
    /// When storage failed.
    pub async fn review_times(&self) -> Result<Option<ReviewTimes>> {
        let since = self.env.now() - COUNTED;
        let reader = self.env.store.reader();
        Ok(times(
            &find_waiting_times(reader, since, MOST_COUNTED).await?,
        ))
    }
}

fn bookmark_of(text: &str) -> Option<Bookmark> {
    let (at, id) = text.split_once('.')?;
    Some(Bookmark {
        at: Timestamp::from_millis(at.parse().ok()?),
        id: id.to_owned(),
    })
}

/// By the nearest rank, of times that are sorted.
fn times(sorted: &[i64]) -> Option<ReviewTimes> {
    let at = |percent: usize| {
        let rank = (sorted.len() * percent).div_ceil(100).max(1);
        let millis = sorted.get(rank - 1)?;
        Some(Duration::from_millis(u64::try_from(*millis).unwrap_or(0)))
    };
    Some(ReviewTimes {
        decided: sorted.len(),
        median: at(50)?,
        ninetieth: at(90)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearest_ranks() {
        assert_eq!(times(&[]), None);
        let millis = |found: Option<ReviewTimes>| {
            found.map(|times| (times.median.as_millis(), times.ninetieth.as_millis()))
        };
        assert_eq!(millis(times(&[7])), Some((7, 7)));
        let ten: Vec<i64> = (1..=10).collect();
        assert_eq!(millis(times(&ten)), Some((5, 9)));
    }
}
