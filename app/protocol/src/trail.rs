//! What the request log tells a developer about one request: the checks in their fixed order and
//! where it stopped, what was expected and what came, and its parameters without any secret.
//!
//! The order of checks is written once, in [`Walk::steps`]. Every fault knows at which [`Step`] it
//! stops a request (`TokenFault::step`, `PageFault::step`, `AuthorizeError::step`); what comes
//! before it has passed, what comes after was never looked at.

mod agent;
mod curl;
mod detail;
mod fixes;
mod masked;
mod step;

pub use agent::agent_family;
pub use curl::curl;
pub use detail::{Credentials, Detail, Evidence, Way};
pub use fixes::fix;
pub use masked::{Masked, Parameter, Value};
pub use step::{Endpoint, Step, Taken, Verdict, Walk};
