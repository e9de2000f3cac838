//! What the review of an app means for its registration.

use std::time::Duration;

use protocol::{
    ids::AppId,
    registration::{
        Field, Registration, Submission, Task,
        review::{Change, Stage},
    },
    time::Timestamp,
};

use store::review_cases::{CaseRecord, find_newest_case, find_waiting_times};

use super::views::TaskState;
use crate::{Engine, error::Result};

/// How far back reviews are looked at to tell how long one takes.
const LATELY: Duration = Duration::from_secs(30 * 24 * 3600);

/// How many of them are looked at.
const MOST_REVIEWS: u64 = 1_000;

/// A day in milliseconds.
const DAY: i64 = 24 * 3600 * 1000;

/// The case of an app, seen from the side of its team.
pub(in crate::portal) struct Case {
    /// Where it is.
    pub stage: Stage,
    /// What was sent last.
    pub sent: Option<Submission>,
    /// When it was sent last.
    pub sent_at: Option<Timestamp>,
}

impl Case {
    /// Before anything was sent.
    const DRAFT: Self = Self {
        stage: Stage::Draft,
        sent: None,
        sent_at: None,
    };

    /// Whether the team can change the registration: always, except while the bank looks at it. After
    /// a decision it is a draft of the next case.
    pub fn is_open(&self) -> bool {
        self.stage.is_editable() || self.stage.is_closed()
    }

    /// The changes that a reviewer asks for, each with the word whether it was made: the field is no
    /// longer what was sent.
    pub fn changes(&self, registration: &Registration) -> Vec<(Field, Change, bool)> {
        let Stage::NeedsChange { verdicts, .. } = &self.stage else {
            return Vec::new();
        };
        let sent = |field| self.sent.as_ref().and_then(|sent| sent.value(field));
        verdicts
            .changes()
            .map(|(field, change)| {
                (
                    field,
                    change.clone(),
                    registration.value(field) != sent(field),
                )
            })
            .collect()
    }

    /// How far a task is.
    pub fn state_of(&self, registration: &Registration, task: Task) -> TaskState {
        let is_due = |(field, _, made): &(Field, Change, bool)| field.task() == task && !made;
        if !self.is_open() {
            TaskState::Locked
        } else if self.changes(registration).iter().any(is_due) {
            TaskState::NeedsChange
        } else if registration.has(task) {
            TaskState::Complete
        } else {
            TaskState::NotStarted
        }
    }
}

impl From<CaseRecord> for Case {
    fn from(case: CaseRecord) -> Self {
        Self {
            stage: case.stage,
            sent: Some(case.submission),
            sent_at: Some(case.sent_at),
        }
    }
}

impl Engine {
    /// The newest case of an app.
    pub(super) async fn case_for_team(&self, app: &AppId) -> Result<Case> {
        let found = find_newest_case(self.env.store.reader(), app).await?;
        Ok(found.map_or(Case::DRAFT, Case::from))
    }

    /// How long reviews took lately, in the middle, in whole days; nothing when there was none.
    pub(in crate::portal) async fn median_review_days(&self) -> Result<Option<u32>> {
        let since = self.env.now() - LATELY;
        let reader = self.env.store.reader();
        let times = find_waiting_times(reader, since, MOST_REVIEWS).await?;
        let middle = times.get(times.len() / 2).copied();
        // A started day counts.
        let days = middle.map(|millis| (millis.max(0) + DAY - 1) / DAY);
        Ok(days.and_then(|days| u32::try_from(days.max(1)).ok()))
    }
}
