//! The pages on which an app is registered (D6) and its review is followed (D8).

mod answers;
pub(crate) mod checks;
mod fields;
mod setup;
mod status;
mod summary;
mod task;
mod value;

pub(super) use status::median;
pub(crate) use summary::summary;
pub(crate) use value::{permission, row, value};

pub use answers::AnswersPage;
pub use setup::SetupPage;
pub use status::StatusPage;
pub use task::TaskPage;
