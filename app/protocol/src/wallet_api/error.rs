//! Errors as the Wallet API documents them: a code, a sentence, and what is wrong with each field.

use std::{borrow::Cow, collections::BTreeMap, time::Duration};

use serde_json::{Value, json};

use crate::ids::TraceId;

/// The word in `error`, with its HTTP status.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ErrorCode {
    /// The request cannot be understood.
    InvalidRequest,
    /// Fields have values that they must not have; `error_properties` names them.
    InvalidParameters,
    /// The token has expired, or what a grant rests on is not good.
    InvalidGrant,
    /// Credentials are missing or wrong.
    Unauthorized,
    /// The clock of the caller is too far from ours.
    InvalidTimestamp,
    /// The credentials are good, but not for this.
    Forbidden,
    /// There is no such thing, or it is not the caller's business.
    NotFound,
    /// The answer exists in no form that the caller accepts.
    NotAcceptable,
    /// The action does not fit the state of the thing.
    InvalidState,
    /// The account holds too little money for what is to be set aside.
    NotEnoughFunds,
    /// Too much in too short a time.
    RateLimitExceeded,
    /// Our fault.
    InternalServerError,
    /// Our fault, but it will pass. The client library sends the request once more at 502, so this is
    /// another status.
    TemporarilyUnavailable,
}

impl ErrorCode {
    /// The word on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::InvalidParameters => "invalid_parameters",
            Self::InvalidGrant => "invalid_grant",
            Self::Unauthorized => "unauthorized",
            Self::InvalidTimestamp => "invalid_timestamp",
            Self::Forbidden => "forbidden",
            Self::NotFound => "not_found",
            Self::NotAcceptable => "not_acceptable",
            Self::InvalidState => "invalid_state",
            Self::NotEnoughFunds => "not_enough_funds",
            Self::RateLimitExceeded => "rate_limit_exceeded",
            Self::InternalServerError => "internal_server_error",
            Self::TemporarilyUnavailable => "temporarily_unavailable",
        }
    }

    /// The HTTP status.
    pub const fn status(self) -> u16 {
        match self {
            Self::InvalidRequest | Self::InvalidParameters | Self::InvalidGrant => 400,
            Self::Unauthorized | Self::InvalidTimestamp => 401,
            Self::Forbidden => 403,
            Self::NotFound => 404,
            Self::NotAcceptable => 406,
            Self::InvalidState | Self::NotEnoughFunds => 409,
            Self::RateLimitExceeded => 429,
            Self::InternalServerError => 500,
            Self::TemporarilyUnavailable => 503,
        }
    }
}

/// An answer of the Wallet API that is an error.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{}: {description}", code.as_str())]
pub struct WalletApiError {
    /// The code.
    pub code: ErrorCode,
    /// The sentence. The libraries compare some of them, word for word.
    pub description: Cow<'static, str>,
    /// Per field, what is wrong with it.
    pub properties: BTreeMap<String, Vec<String>>,
    /// After which time the same request may succeed, where that is known (header `Retry-After`).
    pub retry_after: Option<Duration>,
}

impl WalletApiError {
    /// The error with this code and sentence.
    pub fn new(code: ErrorCode, description: impl Into<Cow<'static, str>>) -> Self {
        Self {
            code,
            description: description.into(),
            properties: BTreeMap::new(),
            retry_after: None,
        }
    }

    /// The same, with the time after which the request may succeed.
    #[must_use]
    pub const fn retry_after(mut self, wait: Duration) -> Self {
        self.retry_after = Some(wait);
        self
    }

    /// The same, and what is wrong with a field.
    #[must_use]
    pub fn with_property(mut self, field: impl Into<String>, message: impl Into<String>) -> Self {
        self.properties
            .entry(field.into())
            .or_default()
            .push(message.into());
        self
    }

    /// The HTTP status.
    pub const fn status(&self) -> u16 {
        self.code.status()
    }

    /// The JSON body. What is not there is left out, never null. `trace_id` is ours; the libraries
    /// ignore what they do not know.
    pub fn body(&self, trace: TraceId) -> Value {
        let mut body = json!({
            "error": self.code.as_str(),
            "error_description": self.description,
            "trace_id": trace,
        });
        if !self.properties.is_empty() {
            body["error_properties"] = json!(self.properties);
        }
        body
    }
}
