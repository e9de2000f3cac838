//! How people, accounts and clients come into being: what the command line and the demo call.
//!
//! Everything is checked here and refused in one sentence that says what to do; a wrong argument
//! never reaches the store. What is minted (secrets, seeds, recovery codes) is answered once, in
//! plain text, and kept only as a digest or sealed.

mod accounts;
mod certificates;
mod client_rules;
mod clients;
mod credentials;
mod privileges;
mod users;

use protocol::ids::TraceId;
use serde_json::Value;
use store::audit::AuditRecord;

pub(crate) use accounts::open_with;
pub use accounts::{AddedAccount, NewAccount};
pub use certificates::{CertificateFacts, NewCertificate};
pub(crate) use clients::facts_of_client;
pub use clients::{AddedClient, ClientFacts, NewClient, SecretFacts};
pub(crate) use credentials::insert_secret;
pub use privileges::PrivilegeFacts;
pub use users::{AddedUser, NewUser};
pub(crate) use users::{Enrolment, RECOVERY_CODES, SEED, is_address};

use crate::{Engine, error::Error};

/// Who acts at the command line, in the words of the audit trail.
pub(crate) const OPERATOR: &str = "operator";

/// Why something was not registered.
#[derive(Debug, thiserror::Error)]
pub enum RegisterError {
    /// The arguments are not good; the sentence says what to do. Nothing was written.
    #[error("{0}")]
    Refused(String),
    /// Storage or we failed.
    #[error(transparent)]
    Failed(#[from] Error),
}

impl RegisterError {
    pub(crate) fn refused(sentence: impl Into<String>) -> Self {
        Self::Refused(sentence.into())
    }
}

impl From<store::Error> for RegisterError {
    fn from(error: store::Error) -> Self {
        Self::Failed(error.into())
    }
}

impl Engine {
    /// An event of the audit trail that an operator caused.
    pub(crate) fn operator_event(
        &self,
        action: &str,
        object: String,
        detail: &Value,
    ) -> AuditRecord {
        self.event(OPERATOR.to_owned(), action, object, detail)
    }

    /// An event of the audit trail: who did what to what.
    pub(crate) fn event(
        &self,
        actor: String,
        action: &str,
        object: String,
        detail: &Value,
    ) -> AuditRecord {
        AuditRecord {
            id: self.env.id(),
            at: self.env.now(),
            actor,
            action: action.to_owned(),
            object,
            detail: detail.to_string(),
            trace: None::<TraceId>,
        }
    }
}

/// One line of visible text of at most `longest` characters, without blanks at its ends.
pub(crate) fn is_line(text: &str, longest: usize) -> bool {
    !text.is_empty()
        && text.trim() == text
        && text.chars().count() <= longest
        && !text.chars().any(char::is_control)
}
