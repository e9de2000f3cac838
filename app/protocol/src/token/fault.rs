//! Everything that can be wrong with a back-channel request, as types: what the client hears
//! ([`TokenFault::error`]), what the log says ([`std::fmt::Display`]) and where in the fixed order
//! of checks the request stopped ([`TokenFault::step`]) all come from here.

use std::time::Duration;

use super::{TokenError, TokenErrorCode};
use crate::{
    client::DialectName,
    dialects::mac::SignFault,
    form::{Duplicate, FormFault},
    grants::{authorization_code, client_credentials, password, refresh_token},
    pkce::VerifierFault,
    text::shown,
    trail::Step,
};

/// Why a request at the token, revocation or introspection endpoint is refused.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum TokenFault {
    /// The body is not form data.
    #[error("{0}")]
    Unreadable(FormFault),
    /// The body is too large, or broke off.
    #[error("the body could not be read")]
    BodyUnreadable,
    /// The query is not form data.
    #[error("the query cannot be read; parameters belong in the body")]
    QueryUnreadable,
    /// A secret or a parameter of the request stands in the URL (RFC 6749 §2.3.1, RFC 9700 §4.3).
    #[error("parameters belong in the body, never in the URL")]
    InUrl,
    /// Another media type than RFC 6749 §3.2 asks for.
    #[error("the Content-Type must be application/x-www-form-urlencoded")]
    NotAForm,
    /// The client did not prove who it is, or said it in two ways.
    #[error("{0}")]
    Client(ClientFault),
    /// The client signed the request, and not as it should have.
    #[error("{0}")]
    Signature(SignFault),
    /// The client was not approved for the dialect of this address.
    #[error("not approved for the dialect {0}")]
    DoorClosed(DialectName),
    /// A parameter was sent twice (RFC 6749 §3.2).
    #[error("the parameter {} was sent more than once", shown(name))]
    ParameterTwice {
        /// Which one.
        name: String,
    },
    /// Two words for the same thing, of two dialects.
    #[error("{own} and {standard} say the same; send one of them")]
    SaidTwice {
        /// The word of the dialect.
        own: &'static str,
        /// The word of the standard.
        standard: &'static str,
    },
    /// A parameter that is needed is not there.
    #[error("{0} is missing")]
    ParameterMissing(&'static str),
    /// A grant that does not exist here.
    #[error("the grant_type is not supported")]
    GrantUnknown,
    /// Not a list of scope tokens.
    #[error("scope is not a list of scope tokens")]
    ScopeMalformed,
    /// Not a verifier (RFC 7636 §4.1).
    #[error("{0}")]
    VerifierMalformed(VerifierFault),
    /// RFC 6749 §4.1.3.
    #[error("{0}")]
    Code(authorization_code::Refusal),
    /// RFC 6749 §6.
    #[error("{0}")]
    Refresh(refresh_token::Refusal),
    /// RFC 6749 §4.4.
    #[error("{0}")]
    ClientCredentials(client_credentials::Refusal),
    /// RFC 6749 §4.3.
    #[error("{0}")]
    Password(password::Refusal),
    /// Our fault.
    #[error("something broke on our side")]
    Ours,
    /// Our fault, but it will pass.
    #[error("the server was busy")]
    Busy,
}

/// Why a client is not believed to be the one it names (RFC 6749 §2.3).
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum ClientFault {
    /// Two `Authorization` headers.
    #[error("there are two Authorization headers")]
    TwoHeaders,
    /// A secret in the header and in the body.
    #[error("client credentials were sent in the header and in the body")]
    Twice,
    /// The header and the body name two clients.
    #[error("the header and the body name two clients")]
    TwoNames,
    /// Neither header nor body name a client, or the header cannot be read.
    #[error("no client is named, or the Authorization header cannot be read")]
    Unnamed,
    /// Nobody registered it.
    #[error("there is no such client")]
    Unknown,
    /// Suspended.
    #[error("the client is switched off")]
    SwitchedOff,
    /// A secret where none is registered, or none where one is.
    #[error("no secret where one is registered, or one where none is")]
    WrongMethod,
    /// None of its secrets.
    #[error("wrong secret")]
    WrongSecret,
    /// One of its secrets, but over.
    #[error("the secret has expired")]
    SecretExpired,
    /// Introspection needs a client that can prove who it is (RFC 7662 §2.1).
    #[error("a client without a secret cannot prove who it is")]
    CannotProve,
}

impl TokenFault {
    /// One of each kind, for docs and tests.
    pub fn examples() -> Vec<Self> {
        use authorization_code::Refusal as Code;
        use client_credentials::Refusal as Own;
        use refresh_token::Refusal as Refresh;
        let mut all = vec![
            Self::Unreadable(FormFault::Utf8),
            Self::BodyUnreadable,
            Self::QueryUnreadable,
            Self::InUrl,
            Self::NotAForm,
            Self::DoorClosed(DialectName::Bearer),
            Self::ParameterTwice {
                name: "scope".to_owned(),
            },
            Self::SaidTwice {
                own: "authorizationToken",
                standard: "code",
            },
            Self::ParameterMissing("code"),
            Self::GrantUnknown,
            Self::ScopeMalformed,
            Self::VerifierMalformed(VerifierFault::Length),
            Self::Ours,
            Self::Busy,
        ];
        all.extend(ClientFault::ALL.map(Self::Client));
        all.extend(SignFault::EXAMPLES.map(Self::Signature));
        all.extend(Code::EXAMPLES.map(Self::Code));
        all.extend(Refresh::ALL.map(Self::Refresh));
        all.extend(Own::ALL.map(Self::ClientCredentials));
        all.extend(password::Refusal::EXAMPLES.map(Self::Password));
        all
    }

    /// After which time the same request may succeed, where that is known.
    pub const fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Signature(fault) => fault.retry_after(),
            Self::Password(password::Refusal::Paused { wait }) => Some(*wait),
            _ => None,
        }
    }

    /// What the client hears: mild words, and one sentence for all causes that an attacker would
    /// like to tell apart.
    pub fn error(&self) -> TokenError {
        match self {
            Self::Unreadable(fault) => TokenError::from(*fault),
            Self::BodyUnreadable => TokenError::invalid_request("the body could not be read"),
            Self::QueryUnreadable => TokenError::invalid_request(
                "the query cannot be read; parameters belong in the body",
            ),
            Self::InUrl => {
                TokenError::invalid_request("parameters belong in the body, never in the URL")
            }
            Self::NotAForm => TokenError::invalid_request(
                "the Content-Type must be application/x-www-form-urlencoded",
            ),
            Self::Client(fault) => fault.error(),
            Self::Signature(fault) => fault.token_error(),
            Self::DoorClosed(_) => TokenError::new(
                TokenErrorCode::UnauthorizedClient,
                "this client may not use this address",
            ),
            Self::ParameterTwice { .. } => {
                TokenError::invalid_request("a parameter was sent twice")
            }
            Self::SaidTwice { .. } | Self::ParameterMissing(_) => TokenError {
                code: TokenErrorCode::InvalidRequest,
                description: self.to_string().into(),
            },
            Self::GrantUnknown => TokenError::new(
                TokenErrorCode::UnsupportedGrantType,
                "the grant_type is not supported",
            ),
            Self::ScopeMalformed => TokenError::new(
                TokenErrorCode::InvalidScope,
                "scope is not a list of scope tokens",
            ),
            Self::VerifierMalformed(fault) => TokenError {
                code: TokenErrorCode::InvalidGrant,
                description: fault.to_string().into(),
            },
            Self::Code(refusal) => refusal.error(),
            Self::Refresh(refusal) => refusal.error(),
            Self::ClientCredentials(refusal) => refusal.error(),
            Self::Password(refusal) => refusal.error(),
            Self::Ours => {
                TokenError::new(TokenErrorCode::ServerError, "something broke on our side")
            }
            Self::Busy => TokenError::new(
                TokenErrorCode::TemporarilyUnavailable,
                "the server is busy; try again in a moment",
            ),
        }
    }

    /// Where in the order of checks the request stopped. What breaks on our side is no step of the
    /// request.
    pub const fn step(&self) -> Option<Step> {
        Some(match self {
            Self::Unreadable(_)
            | Self::BodyUnreadable
            | Self::QueryUnreadable
            | Self::InUrl
            | Self::NotAForm => Step::Readable,
            Self::Client(fault) => fault.step(),
            Self::Signature(fault) => fault.step(),
            Self::DoorClosed(_) => Step::Door,
            Self::ParameterTwice { .. } | Self::SaidTwice { .. } => Step::Parameters,
            Self::ParameterMissing(name) => match name.as_bytes() {
                b"grant_type" | b"token" => Step::Parameters,
                _ => Step::GrantParameters,
            },
            Self::GrantUnknown => Step::GrantKnown,
            Self::ScopeMalformed | Self::VerifierMalformed(_) => Step::GrantParameters,
            Self::Code(refusal) => refusal.step(),
            Self::Refresh(refusal) => refusal.step(),
            Self::ClientCredentials(refusal) => refusal.step(),
            Self::Password(refusal) => refusal.step(),
            Self::Ours | Self::Busy => return None,
        })
    }

    /// Its name in the request log, and the key of the words that say how to put it right.
    pub const fn slug(&self) -> &'static str {
        match self {
            Self::Unreadable(_) => "form_unreadable",
            Self::BodyUnreadable => "body_unreadable",
            Self::QueryUnreadable | Self::InUrl => "parameters_in_url",
            Self::NotAForm => "not_a_form",
            Self::Client(fault) => fault.slug(),
            Self::Signature(fault) => fault.slug(),
            Self::DoorClosed(_) => "door_closed",
            Self::ParameterTwice { .. } => "parameter_twice",
            Self::SaidTwice { .. } => "said_twice",
            Self::ParameterMissing(_) => "parameter_missing",
            Self::GrantUnknown => "grant_unknown",
            Self::ScopeMalformed => "scope_malformed",
            Self::VerifierMalformed(_) => "verifier_malformed",
            Self::Code(refusal) => refusal.slug(),
            Self::Refresh(refusal) => refusal.slug(),
            Self::ClientCredentials(refusal) => refusal.slug(),
            Self::Password(refusal) => refusal.slug(),
            Self::Ours => "server_error",
            Self::Busy => "server_busy",
        }
    }
}

impl ClientFault {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::TwoHeaders,
        Self::Twice,
        Self::TwoNames,
        Self::Unnamed,
        Self::Unknown,
        Self::SwitchedOff,
        Self::WrongMethod,
        Self::WrongSecret,
        Self::SecretExpired,
        Self::CannotProve,
    ];

    /// What the client hears.
    pub const fn error(self) -> TokenError {
        match self {
            Self::TwoHeaders => TokenError::invalid_request("there are two Authorization headers"),
            Self::Twice => TokenError::invalid_request(
                "client credentials were sent in the header and in the body",
            ),
            Self::TwoNames => {
                TokenError::invalid_request("the header and the body name two clients")
            }
            _ => TokenError::invalid_client(),
        }
    }

    /// Where the request stopped.
    pub const fn step(self) -> Step {
        match self {
            Self::TwoHeaders | Self::Twice | Self::TwoNames | Self::Unnamed => Step::ClientNamed,
            Self::Unknown => Step::ClientFound,
            Self::SwitchedOff => Step::ClientActive,
            Self::WrongMethod | Self::WrongSecret | Self::SecretExpired => {
                Step::ClientAuthentication
            }
            Self::CannotProve => Step::ClientProves,
        }
    }

    /// Its name in the request log.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::TwoHeaders => "client_two_headers",
            Self::Twice => "client_secret_twice",
            Self::TwoNames => "client_two_names",
            Self::Unnamed => "client_unnamed",
            Self::Unknown => "client_unknown",
            Self::SwitchedOff => "client_switched_off",
            Self::WrongMethod => "client_wrong_method",
            Self::WrongSecret => "client_wrong_secret",
            Self::SecretExpired => "client_secret_expired",
            Self::CannotProve => "client_cannot_prove",
        }
    }
}

impl From<ClientFault> for TokenFault {
    fn from(fault: ClientFault) -> Self {
        Self::Client(fault)
    }
}

impl From<SignFault> for TokenFault {
    fn from(fault: SignFault) -> Self {
        Self::Signature(fault)
    }
}

impl From<FormFault> for TokenFault {
    fn from(fault: FormFault) -> Self {
        Self::Unreadable(fault)
    }
}

impl From<Duplicate> for TokenFault {
    fn from(Duplicate { name }: Duplicate) -> Self {
        Self::ParameterTwice { name }
    }
}

impl From<authorization_code::Refusal> for TokenFault {
    fn from(refusal: authorization_code::Refusal) -> Self {
        Self::Code(refusal)
    }
}

impl From<refresh_token::Refusal> for TokenFault {
    fn from(refusal: refresh_token::Refusal) -> Self {
        Self::Refresh(refusal)
    }
}

impl From<client_credentials::Refusal> for TokenFault {
    fn from(refusal: client_credentials::Refusal) -> Self {
        Self::ClientCredentials(refusal)
    }
}

impl From<password::Refusal> for TokenFault {
    fn from(refusal: password::Refusal) -> Self {
        Self::Password(refusal)
    }
}

impl From<TokenFault> for TokenError {
    fn from(fault: TokenFault) -> Self {
        fault.error()
    }
}
