//! The registration of an app and its review by the bank: what a developer tells about the business,
//! what is checked before a person looks, and how the case goes from sent to decided.
//!
//! ```text
//! RawForm ──parse──> Business, Purpose, ... (one draft per Task) ──> Registration ──submit──> Submission
//! Submission ──checks──> CheckResult ... ──> Risk ──> review::Stage ──approve──> ClientParts
//! ```
//!
//! Each task is one form, read by one function in the browser and on the server. A form that cannot be
//! accepted answers with all its [`Faults`] at once and with everything that was typed.

mod business;
mod callbacks;
pub mod checks;
mod contact;
mod country;
pub mod domain_proof;
mod faults;
mod field;
pub mod hygiene;
pub mod identifiers;
pub mod licence;
mod look;
mod permissions;
mod punycode;
mod purpose;
pub mod purpose_rules;
mod reader;
pub mod review;
mod risk;
pub mod similarity;
mod submission;
mod website;

pub use business::{Business, Licence, LicenceKind, Register};
pub use callbacks::{Callbacks, MOST_CALLBACKS, Speech};
pub use contact::{MailAddress, Phone};
pub use country::Country;
pub use faults::{Fault, FaultKind, Faults};
pub use field::{Field, Task};
pub use look::Look;
pub use permissions::Permissions;
pub use purpose::{Audience, Purpose};
pub use risk::{Risk, RiskLevel, RiskReason};
pub use submission::{
    ClientParts, FieldChange, FieldValue, Registration, ScopeWidened, Submission, difference,
};
pub use website::{WebAddress, Website};
