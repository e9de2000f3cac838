//! What the pages of a registration show.

use protocol::{
    ids::{AppId, CheckId},
    registration::{
        Field, FieldValue, LicenceKind, Registration, Task,
        checks::{CheckKind, CheckOutcome, Finding},
        review::{Change, Stage},
    },
    time::Timestamp,
};

/// How far a task is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TaskState {
    /// Nothing was saved yet.
    NotStarted,
    /// Saved, and nobody asks for anything.
    Complete,
    /// A reviewer asks for a change that was not made yet.
    NeedsChange,
    /// The bank looks at it: nothing can be changed.
    Locked,
}

/// When something was saved last, and by whom.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Saved {
    /// When.
    pub at: Timestamp,
    /// The name that others see.
    pub by: String,
}

/// One line of the task list.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TaskRow {
    /// Which task.
    pub task: Task,
    /// How far it is.
    pub state: TaskState,
}

/// The task list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Setup {
    /// Whose it is.
    pub app: AppId,
    /// What the app is called.
    pub name: String,
    /// The tasks in their order.
    pub tasks: Vec<TaskRow>,
    /// What was saved last.
    pub saved: Option<Saved>,
    /// Where the case is.
    pub stage: Stage,
    /// Whether the visitor may change anything.
    pub may_change: bool,
}

impl Setup {
    /// How many tasks are saved.
    pub fn complete(&self) -> usize {
        let is_saved = |row: &&TaskRow| row.state != TaskState::NotStarted;
        self.tasks.iter().filter(is_saved).count()
    }
}

/// One task with its form.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TaskView {
    /// Whose it is.
    pub app: AppId,
    /// What the app is called.
    pub name: String,
    /// Which task.
    pub task: Task,
    /// How far it is.
    pub state: TaskState,
    /// What is saved.
    pub registration: Registration,
    /// What the form brings back: how the task looks now.
    pub seen: String,
    /// What was saved last in the registration.
    pub saved: Option<Saved>,
    /// What a reviewer asks for.
    pub changes: Vec<(Field, Change)>,
    /// The automatic checks that are about this task.
    pub checks: Vec<CheckRow>,
    /// What proves control of the domain, once there is a website.
    pub proof: Option<ProofRecord>,
    /// What the business is licensed for.
    pub licence: LicenceKind,
    /// Whether the visitor may change anything.
    pub may_change: bool,
}

impl TaskView {
    /// What is saved in a field; the rows of one that repeats, one a line.
    pub fn value(&self, field: Field) -> String {
        self.registration.value(field).unwrap_or_default()
    }

    /// Whether the form can be sent.
    pub fn is_open(&self) -> bool {
        self.may_change && self.state != TaskState::Locked
    }
}

/// What a domain is asked to publish, in one of two places.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ProofRecord {
    /// The domain: the name of the TXT record.
    pub domain: String,
    /// The value of the record and the whole content of the file.
    pub record: String,
    /// The address of the file.
    pub address: String,
}

/// One automatic check.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CheckRow {
    /// Its id.
    pub id: CheckId,
    /// What is looked at ...
    pub kind: CheckKind,
    /// ... and where; empty when it is about the app as a whole.
    pub target: String,
    /// How it ended last.
    pub outcome: CheckOutcome,
    /// What was found.
    pub found: Vec<Finding>,
    /// When it was looked at last.
    pub checked_at: Option<Timestamp>,
    /// When it is looked at next.
    pub next_at: Option<Timestamp>,
    /// Whether a person can ask for another look.
    pub may_ask: bool,
}

/// All answers once more, before they are sent.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CheckAnswers {
    /// Whose they are.
    pub app: AppId,
    /// What the app is called.
    pub name: String,
    /// The answers in the order of the pages.
    pub answers: Vec<FieldValue>,
    /// The tasks that are not complete.
    pub missing: Vec<Task>,
    /// The changes that were asked for and not made.
    pub open_changes: Vec<Field>,
    /// The same checks that the reviewer sees.
    pub checks: Vec<CheckRow>,
    /// How long reviews take, in the middle.
    pub median_days: Option<u32>,
    /// Where the case is.
    pub stage: Stage,
    /// Whether the visitor may send it.
    pub may_change: bool,
}

impl CheckAnswers {
    /// Whether it can be sent now.
    pub fn is_ready(&self) -> bool {
        self.missing.is_empty()
            && self.open_changes.is_empty()
            && self.may_change
            && !matches!(self.stage, Stage::Sent { .. })
    }
}

/// Where the review is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReviewStatus {
    /// Whose it is.
    pub app: AppId,
    /// What the app is called.
    pub name: String,
    /// Where the case is.
    pub stage: Stage,
    /// When it was sent, the last time.
    pub sent_at: Option<Timestamp>,
    /// The automatic checks: how many are green, and how many there are.
    pub green: (usize, usize),
    /// What a reviewer asks for, and whether it was done.
    pub changes: Vec<(Field, Change, bool)>,
    /// How long reviews take, in the middle.
    pub median_days: Option<u32>,
    /// Whether the app has a client for real money.
    pub is_live: bool,
    /// Whether the visitor may change anything.
    pub may_change: bool,
}

impl ReviewStatus {
    /// Whether the visitor may take back what was sent. Where changes are asked for there is no need:
    /// everything can be changed then.
    pub fn may_withdraw(&self) -> bool {
        self.may_change && matches!(self.stage, Stage::Sent { .. })
    }

    /// Whether every change that was asked for was made.
    pub fn is_mended(&self) -> bool {
        self.changes.iter().all(|(_, _, made)| *made)
    }
}
