//! A developer registers an app (D6, D8): six tasks, each a form of its own that is saved alone and
//! taken up again at any time; then all answers once more, and off to the bank.
//!
//! | what | file |
//! |---|---|
//! | what the pages show | `views.rs`, `show.rs` |
//! | what the review means for it | `case.rs` |
//! | a task is saved, or is not | `save.rs` |
//! | the whole is sent to the bank, or taken back | `send.rs` |
//! | the automatic checks of what was saved | `checks.rs` |
//!
//! The rules of every field are in [`protocol::registration`]; the browser knows the same ones.

mod case;
mod checks;
mod save;
mod send;
mod show;
mod views;

pub(in crate::portal) use case::Case;
pub use checks::CHECK_FORM;
pub use save::SentTask;
pub use send::{SEND_FORM, WITHDRAW_FORM};
pub use views::{
    CheckAnswers, CheckRow, ProofRecord, ReviewStatus, Saved, Setup, TaskRow, TaskState, TaskView,
};

use protocol::registration::{Registration, Task};
use sha2::{Digest as _, Sha256};

/// Name of the form of a task. Each has its own, so that what one left is not shown by another.
pub const fn form_of(task: Task) -> &'static str {
    match task {
        Task::Business => "task-business",
        Task::Purpose => "task-purpose",
        Task::Website => "task-website",
        Task::Permissions => "task-permissions",
        Task::Look => "task-look",
        Task::Callbacks => "task-callbacks",
    }
}

/// Name of what the pages of a registration show beside the forms.
pub const SETUP_FORM: &str = "setup";

/// What a task looked like when its form was shown. A form brings it back: when the task looks
/// different by then, somebody else saved it meanwhile. Other tasks do not matter.
fn mark(registration: &Registration, task: Task) -> String {
    let values: Vec<_> = task
        .fields()
        .map(|field| (field, registration.value(field)))
        .collect();
    // Words and texts always have a JSON text.
    let text = serde_json::to_vec(&values).unwrap_or_default();
    data_encoding::HEXLOWER.encode(&Sha256::digest(text)[..12])
}
