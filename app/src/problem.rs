//! The one error type of all server functions: a form that cannot be taken at all.
//!
//! What a person did wrong (a wrong password, nothing ticked) is not an error but a notice on the
//! next page; the engine decides on those. Here is what no page of ours would ever send.

use engine::Engine;
use http::StatusCode;
use leptos::server_fn::{
    codec::JsonEncoding,
    error::{FromServerFnError, ServerFnErrorErr},
};
use protocol::{
    authorization::{ProblemKind, ProblemView},
    form::FormFault,
    locale::Locale,
};
use serde::{Deserialize, Serialize};

/// Why a form was not taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum Problem {
    /// The body is not a form.
    #[error("the body is not application/x-www-form-urlencoded")]
    NotAForm,
    /// The body is larger than [`crate::api::LARGEST_FORM`].
    #[error("the form is too large")]
    TooLarge,
    /// A field is unknown, missing, repeated or not readable (which, and why).
    #[error("the form cannot be read: {0}")]
    Unreadable(String),
    /// Something is wrong on our side.
    #[error("a form could not be handled: {0}")]
    Broken(String),
}

impl Problem {
    /// HTTP status of the page that says so.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::NotAForm => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Unreadable(_) => StatusCode::BAD_REQUEST,
            Self::Broken(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The page that says so, with a reference under which the true reason stands in the log.
    pub fn view(&self, engine: &Engine, locale: Locale) -> ProblemView {
        let trace = engine.env().trace();
        let kind = match self {
            Self::NotAForm | Self::TooLarge | Self::Unreadable(_) => ProblemKind::Incomplete,
            Self::Broken(_) => ProblemKind::Broken,
        };
        tracing::warn!(trace_id = %trace, reason = %self, "a form was not taken");
        ProblemView {
            kind,
            trace,
            at: engine.env().now(),
            locale,
            app: None,
            way_back: None,
            until: None,
            developer: None,
        }
    }
}

impl From<FormFault> for Problem {
    fn from(fault: FormFault) -> Self {
        Self::Unreadable(fault.to_string())
    }
}

impl FromServerFnError for Problem {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        Self::Broken(error.to_string())
    }
}
