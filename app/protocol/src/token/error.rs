//! What can be wrong with a back-channel request (RFC 6749 §5.2).

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::form::FormFault;

/// The error code and what it means for HTTP.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenErrorCode {
    /// A parameter is missing, malformed or sent twice.
    InvalidRequest,
    /// The client did not prove who it is.
    InvalidClient,
    /// The client's clock is too far from ours, in dialects that sign the time.
    InvalidTimestamp,
    /// The code or refresh token is not good.
    InvalidGrant,
    /// The client may not use this grant.
    UnauthorizedClient,
    /// The grant does not exist here.
    UnsupportedGrantType,
    /// More scope than was granted or approved.
    InvalidScope,
    /// Too many tries; later again.
    TooManyRequests,
    /// Our fault.
    ServerError,
    /// Our fault, but it will pass.
    TemporarilyUnavailable,
}

impl TokenErrorCode {
    /// All of them, for docs and tests.
    pub const ALL: [Self; 10] = [
        Self::InvalidRequest,
        Self::InvalidClient,
        Self::InvalidTimestamp,
        Self::InvalidGrant,
        Self::UnauthorizedClient,
        Self::UnsupportedGrantType,
        Self::InvalidScope,
        Self::TooManyRequests,
        Self::ServerError,
        Self::TemporarilyUnavailable,
    ];

    /// The word on the wire. RFC 6749 has none for too many requests, the status says it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::InvalidClient => "invalid_client",
            Self::InvalidTimestamp => "invalid_timestamp",
            Self::InvalidGrant => "invalid_grant",
            Self::UnauthorizedClient => "unauthorized_client",
            Self::UnsupportedGrantType => "unsupported_grant_type",
            Self::InvalidScope => "invalid_scope",
            Self::TooManyRequests | Self::TemporarilyUnavailable => "temporarily_unavailable",
            Self::ServerError => "server_error",
        }
    }

    /// The HTTP status.
    pub const fn status(self) -> u16 {
        match self {
            Self::InvalidClient | Self::InvalidTimestamp => 401,
            Self::TooManyRequests => 429,
            Self::ServerError => 500,
            Self::TemporarilyUnavailable => 503,
            _ => 400,
        }
    }

    /// Its section in the docs.
    pub const fn anchor(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid-request",
            Self::InvalidClient => "invalid-client",
            Self::InvalidTimestamp => "invalid-timestamp",
            Self::InvalidGrant => "invalid-grant",
            Self::UnauthorizedClient => "unauthorized-client",
            Self::UnsupportedGrantType => "unsupported-grant-type",
            Self::InvalidScope => "invalid-scope",
            Self::TooManyRequests => "too-many-requests",
            Self::ServerError | Self::TemporarilyUnavailable => "server",
        }
    }

    /// What to do about it, for the developer; in English. All causes are named, because the answer
    /// does not tell which it was where that would help an attacker.
    pub const fn developer(self) -> &'static str {
        match self {
            Self::InvalidRequest => {
                "A parameter is missing, malformed or sent twice; error_description says which rule was broken. \
                 Parameters belong in the body, as application/x-www-form-urlencoded."
            }
            Self::InvalidClient => {
                "The client did not prove who it is: an unknown client_id, a wrong, expired or revoked secret, two \
                 ways of proving at once, or a client that is switched off. With HTTP Basic, client_id and secret \
                 are form-encoded before they are joined by a colon."
            }
            Self::InvalidTimestamp => {
                "The request was signed at a time that is too far from ours. Ask GET /rest/v1/server for our time, \
                 and sign again."
            }
            Self::InvalidGrant => {
                "The code or refresh token is unknown, expired, revoked, used before, or another client's; or \
                 redirect_uri or code_verifier do not fit the authorize request. Do not send it again: begin a new \
                 authorize request."
            }
            Self::UnauthorizedClient => {
                "This client was not approved for this grant. A client without a secret cannot use \
                 client_credentials."
            }
            Self::UnsupportedGrantType => {
                "grant_type must be authorization_code, refresh_token or client_credentials."
            }
            Self::InvalidScope => {
                "The scope is malformed, or more than the person granted or the client was approved for. When \
                 refreshing, leave scope out to get the same again."
            }
            Self::TooManyRequests => {
                "Client authentication failed too often. Wait as long as Retry-After says, and check the secret meanwhile."
            }
            Self::ServerError => {
                "Something broke on our side. Send the same request again, and tell us the trace_id if it stays."
            }
            Self::TemporarilyUnavailable => {
                "The server is busy and did nothing. Wait as long as Retry-After says and send the same request: a \
                 refresh that was not answered is not lost."
            }
        }
    }
}

/// What the client hears: a code and a mild sentence. The true reason goes to the log and, under the
/// trace id, to the developer who signs in.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{}: {description}", code.as_str())]
pub struct TokenError {
    /// The code.
    pub code: TokenErrorCode,
    /// `error_description`, in the ASCII that RFC 6749 §5.2 allows.
    pub description: Cow<'static, str>,
}

impl TokenError {
    /// The error with this code and sentence.
    pub const fn new(code: TokenErrorCode, description: &'static str) -> Self {
        Self {
            code,
            description: Cow::Borrowed(description),
        }
    }

    /// A request that is malformed in the way the sentence says.
    pub const fn invalid_request(description: &'static str) -> Self {
        Self::new(TokenErrorCode::InvalidRequest, description)
    }

    /// The client did not prove who it is. One sentence for all causes: which of them it was is
    /// nobody's business.
    pub const fn invalid_client() -> Self {
        Self::new(
            TokenErrorCode::InvalidClient,
            "client authentication failed",
        )
    }

    /// The HTTP status.
    pub const fn status(&self) -> u16 {
        self.code.status()
    }
}

impl From<FormFault> for TokenError {
    fn from(fault: FormFault) -> Self {
        Self {
            code: TokenErrorCode::InvalidRequest,
            description: Cow::Owned(fault.to_string()),
        }
    }
}
