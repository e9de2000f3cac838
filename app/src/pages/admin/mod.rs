//! Pages of the review desk, and of what else admins do.

mod audit;
mod case;
mod checks;
mod client;
mod clients;
mod decide;
mod fields;
mod parts;
mod preview;
mod queue;
mod suspend;
mod trail;

pub use audit::AuditPageView;
pub use case::CasePage;
pub use client::ClientPage;
pub use clients::ClientsPageView;
pub use decide::DecidePage;
pub use queue::QueuePage;
pub use suspend::{ResumePage, SuspendPage};
