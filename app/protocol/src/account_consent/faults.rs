//! What can be wrong with a consent: in the app's request for one, and when a person is asked for it.

/// A fault in a request for a consent, told as `tppMessages`.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{path}: {text}")]
pub struct RequestFault {
    /// Which code the interface has for it.
    pub kind: FaultKind,
    /// The member of the body that it is about, such as `access.balances[0].iban`.
    pub path: String,
    /// What is expected.
    pub text: &'static str,
}

impl RequestFault {
    pub(super) fn format(path: impl Into<String>, text: &'static str) -> Self {
        Self {
            kind: FaultKind::Format,
            path: path.into(),
            text,
        }
    }
}

/// The kinds of faults that the guidelines tell apart.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FaultKind {
    /// Missing, or not what the guidelines write there.
    Format,
    /// A day that is over.
    Period,
    /// `combinedServiceIndicator`: account information and a payment in one session.
    Sessions,
}

/// Why a person cannot be asked for a consent; on the wire `invalid_scope`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum AskFault {
    /// There is none with this id, or it is another client's. Nobody is told which.
    #[error("this client has no such consent")]
    Unknown,
    /// It was refused, ended, or its time is over.
    #[error("the consent has ended or nobody came in time")]
    Over,
    /// Something else stands beside it in the scope.
    #[error("the scope AIS:<consentId> must stand alone")]
    NotAlone,
}

impl AskFault {
    /// The longer sentence for the developer, in English.
    pub const fn developer(self) -> &'static str {
        match self {
            Self::Unknown => {
                "The scope AIS:<consentId> names a consent that this client does not have. Make one with \
                 POST /v1/consents under the same client_id, and send the consentId of the answer."
            }
            Self::Over => {
                "The consent cannot be asked for any more: GET /v1/consents/<consentId>/status says what \
                 became of it. Make a new one."
            }
            Self::NotAlone => {
                "AIS:<consentId> asks for exactly what POST /v1/consents wrote down: no other scope, no second \
                 consent and no authorization_details may stand beside it."
            }
        }
    }
}
