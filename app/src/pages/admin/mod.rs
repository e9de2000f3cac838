//! Pages of the review desk.

mod case;
mod checks;
mod decide;
mod fields;
mod parts;
mod queue;

pub use case::CasePage;
pub use decide::DecidePage;
pub use queue::QueuePage;
