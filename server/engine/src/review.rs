//! The review desk: a developer sends the registration of an app, admins look at it, and decide.
//!
//! The rules of a case are [`protocol::registration::review::Stage`]. What is here finds out who acts
//! and what is known, asks the rules, and writes each step with its event and its letter in one
//! transaction that compares the version of the case: of two who act at the same moment one is told
//! that the case has changed.
//!
//! | what | file |
//! |---|---|
//! | the team sends, and takes back | `send.rs` |
//! | who may act on a case; how a step is written | `step.rs` |
//! | claim, take over, words on fields, notes, overrides | `desk.rs` |
//! | a check is run once more | `again.rs` |
//! | ask for changes, approve, reject | `decide.rs` |
//! | what approval makes of a client | `live_client.rs` |
//! | the page of a case, and what people will read | `case.rs`, `preview.rs` |
//! | what waits, and how long it takes | `queue.rs` |
//! | all clients, and the page of one | `clients.rs`, `client.rs` |
//! | an app is suspended and resumed | `suspend.rs` |
//! | why a client is switched off | `suspension.rs` |

mod again;
mod case;
mod client;
mod clients;
mod decide;
mod desk;
mod live_client;
mod preview;
mod queue;
mod send;
mod step;
mod suspend;
mod suspension;

pub use case::{CaseView, Happened};
pub use client::{AppOfClient, ClientView, Contact};
pub use clients::{ClientLine, ClientQuery, ClientsPage};
pub use decide::{Deciding, DecisionForm};
pub use desk::{CaseAct, FieldForm, OverrideForm};
pub use preview::ConsentPreview;
pub use queue::{QueueLine, QueueQuery, QueueView, ReviewTimes, Tab, Tally};
pub use store::{
    holdings::Holdings,
    review_cases::{CaseFilter, CaseKind, CaseLine, CaseRecord},
    review_notes::NoteRecord,
};
pub use suspend::{ResumeForm, SuspendForm};
pub use suspension::Suspension;
