//! Everything that can be wrong with an authorize request: one enum for what stays on our page, one
//! for what travels to the client, each with its wire code, its texts and its section in the docs.

use serde::{Deserialize, Serialize};

use crate::{
    account_consent::AskFault,
    form::{Duplicate, FormFault},
    payment::PaymentFault,
    pending_transfer::PendingTransferFault,
    pkce::ChallengeFault,
    redirect_uri::Explanation,
    scope::ScopeFault,
    text::shown,
    trail::Step,
};

/// A fault that is told on our own page with status 400, because client or address are not trusted.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "fault")]
pub enum PageFault {
    /// The request cannot be read at all.
    Unreadable {
        /// In English.
        why: String,
    },
    /// No `client_id`.
    ClientIdMissing,
    /// A client that we do not know.
    UnknownClient {
        /// As it was sent, made harmless.
        client_id: String,
    },
    /// Switched off, or not yet live.
    ClientSuspended {
        /// Its name.
        client_name: String,
    },
    /// No `redirect_uri`, and not exactly one that could be meant.
    RedirectUriMissing {
        /// How many are registered.
        registered: usize,
    },
    /// Not a registered address.
    RedirectUriMismatch {
        /// As it was sent, made harmless.
        requested: String,
        /// What differs; for sandbox clients only.
        explanation: Option<Explanation>,
    },
    /// `client_id` or `redirect_uri` sent twice.
    ParameterTwice {
        /// Which one.
        name: String,
    },
    /// A `client_secret` in the front channel (RFC 6749 §2.3.1, RFC 9700 §4.3.2): it is published
    /// with that, and ends.
    SecretExposed,
    /// The words of another dialect with words of the standard among them.
    MixedVocabulary {
        /// The word that does not belong.
        name: &'static str,
    },
}

impl PageFault {
    /// One of each kind, for the docs page and for tests that every fault has its texts.
    pub fn examples() -> Vec<Self> {
        let example = || "example".to_owned();
        vec![
            Self::Unreadable { why: example() },
            Self::ClientIdMissing,
            Self::UnknownClient {
                client_id: example(),
            },
            Self::ClientSuspended {
                client_name: example(),
            },
            Self::RedirectUriMissing { registered: 2 },
            Self::RedirectUriMismatch {
                requested: example(),
                explanation: None,
            },
            Self::ParameterTwice {
                name: "redirect_uri".to_owned(),
            },
            Self::SecretExposed,
            Self::MixedVocabulary {
                name: "redirect_uri",
            },
        ]
    }

    /// The error code shown on the page. RFC 6749 has none for answers that are not redirected; these
    /// are the nearest.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::UnknownClient { .. } | Self::ClientSuspended { .. } => "unauthorized_client",
            _ => "invalid_request",
        }
    }

    /// Stable key of the texts that the person reads.
    pub const fn key(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } | Self::ClientIdMissing | Self::RedirectUriMissing { .. } => {
                "err.incomplete"
            }
            Self::UnknownClient { .. } => "err.client",
            Self::ClientSuspended { .. } => "err.suspended",
            Self::RedirectUriMismatch { .. } => "err.redirect",
            Self::ParameterTwice { name } => match name.as_bytes() {
                b"redirect_uri" => "err.redirect",
                _ => "err.incomplete",
            },
            Self::SecretExposed => "err.secret",
            Self::MixedVocabulary { .. } => "err.incomplete",
        }
    }

    /// The name of the fault in `data-err` and in the log.
    pub const fn slug(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } => "unreadable",
            Self::ClientIdMissing => "client_id_missing",
            Self::UnknownClient { .. } => "unknown_client",
            Self::ClientSuspended { .. } => "client_suspended",
            Self::RedirectUriMissing { .. } => "redirect_missing",
            Self::RedirectUriMismatch { .. } => "redirect_mismatch",
            Self::ParameterTwice { .. } => "parameter_twice",
            Self::SecretExposed => "secret_exposed",
            Self::MixedVocabulary { .. } => "mixed_vocabulary",
        }
    }

    /// Its section in the docs.
    pub const fn anchor(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } => "unreadable",
            Self::ClientIdMissing => "client-id-missing",
            Self::UnknownClient { .. } => "unknown-client",
            Self::ClientSuspended { .. } => "client-suspended",
            Self::RedirectUriMissing { .. } => "redirect-missing",
            Self::RedirectUriMismatch { .. } => "redirect-mismatch",
            Self::ParameterTwice { .. } => "parameter-twice",
            Self::SecretExposed => "secret-exposed",
            Self::MixedVocabulary { .. } => "mixed-vocabulary",
        }
    }

    /// Where in the order of checks the request stopped.
    pub const fn step(&self) -> Step {
        match self {
            Self::Unreadable { .. } => Step::Readable,
            Self::ClientIdMissing => Step::ClientNamed,
            Self::UnknownClient { .. } => Step::ClientFound,
            Self::ClientSuspended { .. } => Step::ClientActive,
            Self::RedirectUriMissing { .. } | Self::RedirectUriMismatch { .. } => Step::RedirectUri,
            Self::ParameterTwice { name } => match name.as_bytes() {
                b"client_id" => Step::ClientNamed,
                b"client_secret" => Step::NoSecret,
                _ => Step::RedirectUri,
            },
            Self::SecretExposed => Step::NoSecret,
            Self::MixedVocabulary { .. } => Step::RedirectUri,
        }
    }

    /// The sentence for the developer, in English.
    pub fn developer(&self) -> String {
        match self {
            Self::Unreadable { why } => format!("The request could not be read: {why}."),
            Self::ClientIdMissing => "No client_id. Copy the full authorize URL from the developer portal.".to_owned(),
            Self::UnknownClient { client_id } => format!("No client {client_id} is registered here."),
            Self::ClientSuspended { client_name } => {
                format!("{client_name} is suspended or not yet live. See its review page in the developer portal.")
            }
            Self::RedirectUriMissing { registered: 0 } => "No redirect_uri is registered for this client.".to_owned(),
            Self::RedirectUriMissing { registered: 1 } => {
                "Send redirect_uri: the registered one is a loopback address, whose port is not known here.".to_owned()
            }
            Self::RedirectUriMissing { registered } => format!("Send redirect_uri; {registered} are registered."),
            Self::RedirectUriMismatch { requested, explanation: None } => {
                format!("redirect_uri {requested} is not registered, character by character, for this client.")
            }
            Self::RedirectUriMismatch { requested, explanation: Some(explanation) } => {
                let differs: Vec<&str> =
                    explanation.differences.iter().map(|difference| difference.component.as_str()).collect();
                format!(
                    "redirect_uri {requested} is not registered for this client. Closest: {}; differs in {}.",
                    explanation.closest,
                    differs.join(", "),
                )
            }
            Self::ParameterTwice { name } => format!("{} appears twice.", shown(name)),
            Self::SecretExposed => "A client_secret was sent through the browser, where histories, logs and \
                                    other pages can read it. If it was one of yours, it has ended. Send the \
                                    authorize request without it, and use a new secret at the token endpoint only."
                .to_owned(),
            Self::MixedVocabulary { name } => {
                format!("{name} does not go together with callbackURL or client_secret: use the words of one dialect.")
            }
        }
    }
}

impl From<FormFault> for PageFault {
    fn from(fault: FormFault) -> Self {
        Self::Unreadable {
            why: fault.to_string(),
        }
    }
}

impl From<Duplicate> for PageFault {
    fn from(Duplicate { name }: Duplicate) -> Self {
        Self::ParameterTwice { name }
    }
}

/// A fault that is told to the client at its trusted address (RFC 6749 §4.1.2.1).
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum AuthorizeError {
    /// A parameter sent twice (RFC 6749 §3.1).
    ParameterTwice {
        /// Which one.
        name: String,
    },
    /// `state` is too long or not printable ASCII.
    StateMalformed,
    /// `request` (RFC 9101).
    RequestNotSupported,
    /// `request_uri` (RFC 9101, RFC 9126).
    RequestUriNotSupported,
    /// The client may not use the code grant.
    GrantNotAllowed,
    /// No `code_challenge` (RFC 7636 §4.4.1).
    ChallengeMissing,
    /// A `code_challenge_method` other than S256; none means `plain`.
    ChallengeMethod,
    /// Not a hash.
    ChallengeMalformed(ChallengeFault),
    /// No `response_type`.
    ResponseTypeMissing,
    /// Anything but `code`.
    UnsupportedResponseType,
    /// Anything but `query`.
    UnsupportedResponseMode,
    /// Not a list of scope tokens.
    ScopeMalformed(ScopeFault),
    /// No scope, and more than one that could be meant.
    ScopeMissing,
    /// A scope that is unknown or was not approved for this client.
    ScopeNotApproved {
        /// The first such token.
        token: String,
    },
    /// `authorization_details` that are not understood (RFC 9396 §5).
    AuthorizationDetails(PaymentFault),
    /// A payment by a client that was not approved for payments.
    PaymentNotApproved,
    /// `transferFunds:<transferId>` of a pending transfer that the client cannot ask for.
    PendingTransfer(PendingTransferFault),
    /// `authorization_details` and a pending transfer, or two pending transfers.
    TwoPayments,
    /// `AIS:<consentId>` of a consent that the client cannot ask for.
    Consent(AskFault),
    /// `prompt=none` together with something else.
    PromptMalformed,
    /// All together more than can be kept until the person signs in.
    TooLarge,
    /// The person said no.
    Denied,
    /// The person took too long.
    InteractionExpired,
    /// The person has no account that can be shared.
    NoEligibleAccount,
    /// `prompt=none`, but nobody is signed in.
    LoginRequired,
    /// `prompt=none`, but consent is needed.
    ConsentRequired,
    /// `prompt=none`, but some page is needed.
    InteractionRequired,
    /// Our fault.
    ServerError,
    /// Our fault, but it will pass.
    TemporarilyUnavailable,
}

impl AuthorizeError {
    /// One of each kind, for the docs page and for tests that every fault has its texts.
    pub fn examples() -> Vec<Self> {
        vec![
            Self::ParameterTwice {
                name: "scope".to_owned(),
            },
            Self::StateMalformed,
            Self::RequestNotSupported,
            Self::RequestUriNotSupported,
            Self::GrantNotAllowed,
            Self::ChallengeMissing,
            Self::ChallengeMethod,
            Self::ChallengeMalformed(ChallengeFault::Length {
                length: 44,
                padded: true,
            }),
            Self::ResponseTypeMissing,
            Self::UnsupportedResponseType,
            Self::UnsupportedResponseMode,
            Self::ScopeMalformed(ScopeFault::EmptyToken),
            Self::ScopeMissing,
            Self::ScopeNotApproved {
                token: "payments:write".to_owned(),
            },
            Self::AuthorizationDetails(PaymentFault::UnknownType),
            Self::PaymentNotApproved,
            Self::PendingTransfer(PendingTransferFault::Unknown),
            Self::TwoPayments,
            Self::Consent(AskFault::Unknown),
            Self::PromptMalformed,
            Self::TooLarge,
            Self::Denied,
            Self::InteractionExpired,
            Self::NoEligibleAccount,
            Self::LoginRequired,
            Self::ConsentRequired,
            Self::InteractionRequired,
            Self::ServerError,
            Self::TemporarilyUnavailable,
        ]
    }

    /// The wire code: RFC 6749 §4.1.2.1, RFC 9101 §10.1.1, RFC 9396 §14.6, OpenID Connect Core §3.1.2.6.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::ParameterTwice { .. }
            | Self::StateMalformed
            | Self::ChallengeMissing
            | Self::ChallengeMethod
            | Self::ChallengeMalformed(_)
            | Self::ResponseTypeMissing
            | Self::UnsupportedResponseMode
            | Self::TwoPayments
            | Self::PromptMalformed
            | Self::TooLarge => "invalid_request",
            Self::RequestNotSupported => "request_not_supported",
            Self::RequestUriNotSupported => "request_uri_not_supported",
            Self::GrantNotAllowed => "unauthorized_client",
            Self::UnsupportedResponseType => "unsupported_response_type",
            Self::ScopeMalformed(_)
            | Self::ScopeMissing
            | Self::ScopeNotApproved { .. }
            | Self::PendingTransfer(_)
            | Self::Consent(_) => "invalid_scope",
            Self::AuthorizationDetails(_) | Self::PaymentNotApproved => {
                "invalid_authorization_details"
            }
            Self::Denied | Self::InteractionExpired | Self::NoEligibleAccount => "access_denied",
            Self::LoginRequired => "login_required",
            Self::ConsentRequired => "consent_required",
            Self::InteractionRequired => "interaction_required",
            Self::ServerError => "server_error",
            Self::TemporarilyUnavailable => "temporarily_unavailable",
        }
    }

    /// Its section in the docs.
    pub const fn anchor(&self) -> &'static str {
        match self {
            Self::ParameterTwice { .. } => "parameter-twice",
            Self::StateMalformed => "state-malformed",
            Self::RequestNotSupported | Self::RequestUriNotSupported => "request-objects",
            Self::GrantNotAllowed => "grant-not-allowed",
            Self::ChallengeMissing => "pkce-missing",
            Self::ChallengeMethod => "pkce-method",
            Self::ChallengeMalformed(_) => "pkce-malformed",
            Self::ResponseTypeMissing | Self::UnsupportedResponseType => "response-type",
            Self::UnsupportedResponseMode => "response-mode",
            Self::ScopeMalformed(_) => "scope-malformed",
            Self::ScopeMissing => "scope-missing",
            Self::ScopeNotApproved { .. } => "scope-not-approved",
            Self::AuthorizationDetails(_) => "authorization-details",
            Self::PaymentNotApproved => "payment-not-approved",
            Self::PendingTransfer(_) => "pending-transfer",
            Self::TwoPayments => "two-payments",
            Self::Consent(_) => "consent-named",
            Self::PromptMalformed => "prompt",
            Self::TooLarge => "too-large",
            Self::Denied => "denied",
            Self::InteractionExpired => "interaction-expired",
            Self::NoEligibleAccount => "no-eligible-account",
            Self::LoginRequired | Self::ConsentRequired | Self::InteractionRequired => {
                "prompt-none"
            }
            Self::ServerError | Self::TemporarilyUnavailable => "server",
        }
    }

    /// Where in the order of checks the request stopped. What breaks on our side is no step of the
    /// request.
    pub const fn step(&self) -> Option<Step> {
        Some(match self {
            Self::ParameterTwice { .. } => Step::Parameters,
            Self::StateMalformed => Step::State,
            Self::RequestNotSupported | Self::RequestUriNotSupported => Step::RequestObject,
            Self::GrantNotAllowed => Step::GrantAllowed,
            Self::ChallengeMissing | Self::ChallengeMethod | Self::ChallengeMalformed(_) => {
                Step::Pkce
            }
            Self::ResponseTypeMissing
            | Self::UnsupportedResponseType
            | Self::UnsupportedResponseMode => Step::ResponseType,
            Self::ScopeMalformed(_)
            | Self::ScopeMissing
            | Self::ScopeNotApproved { .. }
            | Self::AuthorizationDetails(_)
            | Self::PaymentNotApproved
            | Self::PendingTransfer(_)
            | Self::TwoPayments
            | Self::Consent(_) => Step::Scope,
            Self::PromptMalformed => Step::Prompt,
            Self::TooLarge => Step::Size,
            Self::LoginRequired | Self::ConsentRequired | Self::InteractionRequired => Step::Pages,
            Self::Denied | Self::InteractionExpired | Self::NoEligibleAccount => Step::Decision,
            Self::ServerError | Self::TemporarilyUnavailable => return None,
        })
    }

    /// `error_description`: short, in the ASCII that RFC 6749 §4.1.2.1 allows (no `"`, no `\`).
    pub fn description(&self) -> String {
        match self {
            Self::ParameterTwice { .. } => "a parameter was sent twice".to_owned(),
            Self::StateMalformed => format!(
                "state must be up to {} printable ASCII characters",
                super::LONGEST_STATE
            ),
            Self::RequestNotSupported => "request is not supported".to_owned(),
            Self::RequestUriNotSupported => "request_uri is not supported".to_owned(),
            Self::GrantNotAllowed => "this client may not use the code grant".to_owned(),
            Self::ChallengeMissing => "code_challenge is missing".to_owned(),
            Self::ChallengeMethod => "code_challenge_method must be S256".to_owned(),
            Self::ChallengeMalformed(fault) => fault.to_string(),
            Self::ResponseTypeMissing => "response_type is missing".to_owned(),
            Self::UnsupportedResponseType => "response_type must be code".to_owned(),
            Self::UnsupportedResponseMode => "response_mode must be query".to_owned(),
            Self::ScopeMalformed(fault) => fault.to_string(),
            Self::ScopeMissing => "scope is missing".to_owned(),
            Self::ScopeNotApproved { token } => {
                // The grammar of scopes is the grammar of descriptions; only the length is anybody's.
                let told: String = shown(token).chars().take(60).collect();
                format!("scope {told} is not approved for this client")
            }
            Self::AuthorizationDetails(fault) => fault.to_string(),
            Self::PaymentNotApproved => "this client is not approved for payments".to_owned(),
            Self::PendingTransfer(fault) => fault.to_string(),
            Self::TwoPayments => "a request may ask for one payment only".to_owned(),
            Self::Consent(fault) => fault.to_string(),
            Self::PromptMalformed => "prompt none must stand alone".to_owned(),
            Self::TooLarge => "the request is too large".to_owned(),
            Self::Denied => "the user said no".to_owned(),
            Self::InteractionExpired => "interaction_expired".to_owned(),
            Self::NoEligibleAccount => "the user has no account that can be shared".to_owned(),
            Self::LoginRequired => "the user is not signed in".to_owned(),
            Self::ConsentRequired => "the user has to consent".to_owned(),
            Self::InteractionRequired => "the user has to see a page".to_owned(),
            Self::ServerError => "something broke on our side".to_owned(),
            Self::TemporarilyUnavailable => "try again in a moment".to_owned(),
        }
    }

    /// The longer sentence for the developer, for the docs and the request log; in English.
    pub fn developer(&self) -> String {
        match self {
            Self::ParameterTwice { name } => format!("{} appears twice; send every parameter once.", shown(name)),
            Self::ChallengeMissing => {
                "code_challenge is missing. PKCE with S256 is required: make a random verifier of 43 to 128 \
                 characters, send base64url(SHA-256(verifier)) as code_challenge and S256 as \
                 code_challenge_method, and the verifier in the token request."
                    .to_owned()
            }
            Self::ChallengeMethod => {
                "code_challenge_method must be S256; when it is left out it means plain, which is refused.".to_owned()
            }
            Self::UnsupportedResponseType => "Only response_type=code is supported: no implicit, no hybrid.".to_owned(),
            Self::ScopeMissing => "More than one scope is registered for this client, so say which.".to_owned(),
            Self::ScopeNotApproved { token } => {
                format!("The scope {} is unknown or was not approved for this client.", shown(token))
            }
            Self::PendingTransfer(fault) => fault.developer().to_owned(),
            Self::TwoPayments => {
                "One request asks for one payment: authorization_details, or one scope \
                 transferFunds:<transferId>, but not both and not two."
                    .to_owned()
            }
            Self::Consent(fault) => fault.developer().to_owned(),
            Self::TooLarge => "state and authorization_details are too large together; shorten state.".to_owned(),
            other => format!("{}.", other.description()),
        }
    }
}

impl From<Duplicate> for AuthorizeError {
    fn from(Duplicate { name }: Duplicate) -> Self {
        Self::ParameterTwice { name }
    }
}

#[cfg(test)]
mod tests;
