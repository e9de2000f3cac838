//! A person's name and password, typed into the app itself (RFC 6749 §4.3).
//!
//! RFC 9700 §2.4 advises against it, and no strong authentication takes place. So it is for clients that
//! the operator has put on the list, never in production, and never for money, for accounts or for
//! what holds while the person is away: those go through the browser.

use std::{fmt, time::Duration};

use zeroize::Zeroizing;

use super::client_credentials::scope;
use crate::{
    client::{Client, GrantType},
    form::RawForm,
    scope::{Permission, Scope},
    token::{TokenError, TokenErrorCode, TokenFault},
    trail::Step,
};

/// What a client presents.
#[derive(Clone, PartialEq)]
pub struct Parameters {
    /// `username`.
    pub username: String,
    /// `password`; wiped when it is dropped.
    pub password: Zeroizing<String>,
    /// `scope`; left out, nothing but who the person is.
    pub scope: Scope,
}

/// Without the password.
impl fmt::Debug for Parameters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Parameters")
            .field("scope", &self.scope)
            .finish_non_exhaustive()
    }
}

impl Parameters {
    /// Reads the body.
    pub fn parse(form: &RawForm) -> Result<Self, TokenFault> {
        let needed = |name| form.one(name)?.ok_or(TokenFault::ParameterMissing(name));
        Ok(Self {
            username: needed("username")?.to_owned(),
            password: Zeroizing::new(needed("password")?.to_owned()),
            scope: scope(form)?.unwrap_or_default(),
        })
    }
}

/// Why the request is refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Refusal {
    /// The client is not on the list.
    #[error("the client may not use the password grant")]
    GrantNotAllowed,
    /// In production nobody is.
    #[error("the password grant is switched off here")]
    SwitchedOff,
    /// More than was approved.
    #[error("the scope was not approved for this client")]
    ScopeNotApproved,
    /// The person must be asked in the browser.
    #[error("the scope needs the person's consent in the browser")]
    ScopeNeedsPages,
    /// Nobody has this name, or not this password.
    #[error("wrong name or password")]
    WrongDetails,
    /// After too many of those.
    #[error("signing in is paused for this name or address")]
    Paused {
        /// For how long.
        wait: Duration,
    },
}

impl Refusal {
    /// One of each kind, for docs and tests.
    pub const EXAMPLES: [Self; 6] = [
        Self::GrantNotAllowed,
        Self::SwitchedOff,
        Self::ScopeNotApproved,
        Self::ScopeNeedsPages,
        Self::WrongDetails,
        Self::Paused {
            wait: Duration::from_secs(60),
        },
    ];

    /// Where in the order of checks the request stopped.
    pub const fn step(self) -> Step {
        match self {
            Self::GrantNotAllowed | Self::SwitchedOff => Step::GrantAllowed,
            Self::ScopeNotApproved | Self::ScopeNeedsPages => Step::Scope,
            Self::WrongDetails | Self::Paused { .. } => Step::Person,
        }
    }

    /// Its name in the request log.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::GrantNotAllowed | Self::SwitchedOff => "grant_not_allowed",
            Self::ScopeNotApproved => "scope_not_approved",
            Self::ScopeNeedsPages => "scope_needs_pages",
            Self::WrongDetails => "person_wrong_details",
            Self::Paused { .. } => "person_paused",
        }
    }

    /// What the client hears.
    pub const fn error(self) -> TokenError {
        match self {
            Self::GrantNotAllowed | Self::SwitchedOff => TokenError::new(
                TokenErrorCode::UnauthorizedClient,
                "this client may not use the password grant",
            ),
            Self::ScopeNotApproved => TokenError::new(
                TokenErrorCode::InvalidScope,
                "the scope is not approved for this client",
            ),
            Self::ScopeNeedsPages => TokenError::new(
                TokenErrorCode::InvalidScope,
                "the scope needs the person's consent: use the authorization_code grant",
            ),
            Self::WrongDetails => TokenError::new(
                TokenErrorCode::InvalidGrant,
                "the username or the password is wrong",
            ),
            Self::Paused { .. } => TokenError::new(
                TokenErrorCode::TooManyRequests,
                "signing in is paused after too many failures, try again later",
            ),
        }
    }
}

/// Whether an authenticated client may ask for this scope with a password.
///
/// # Errors
/// Why it may not.
pub fn check(presented: &Parameters, client: &Client) -> Result<(), Refusal> {
    if !client.allows(GrantType::Password) {
        return Err(Refusal::GrantNotAllowed);
    }
    let unknown = |token| !client.scope.contains(token) || Permission::of(token).is_none();
    if presented.scope.iter().any(unknown) {
        return Err(Refusal::ScopeNotApproved);
    }
    let needs_pages = |permission| {
        matches!(
            permission,
            Permission::TransferFunds
                | Permission::TransferFundsOf(_)
                | Permission::AccountInformation
                | Permission::AccountInformationOf(_)
        )
    };
    // What a client may read while the person is away comes from a consent in the browser alone.
    let is_offline = |word: &str| word.split('_').any(|part| part == "offline");
    if presented.scope.permissions().any(needs_pages)
        || presented
            .scope
            .iter()
            .any(|token| is_offline(token.as_str()))
    {
        return Err(Refusal::ScopeNeedsPages);
    }
    Ok(())
}
