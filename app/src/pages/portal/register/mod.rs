//! The pages on which an app is registered (D6) and its review is followed (D8).

mod answers;
mod checks;
mod fields;
mod setup;
mod status;
mod task;

pub use answers::AnswersPage;
pub use setup::SetupPage;
pub use status::StatusPage;
pub use task::TaskPage;
