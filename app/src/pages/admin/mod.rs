//! Pages of the review desk.

mod case;
mod decide;
mod queue;

pub use case::CasePage;
pub use decide::DecidePage;
pub use queue::QueuePage;
