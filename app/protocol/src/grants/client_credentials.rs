//! Client credentials (RFC 6749 §4.4): a token for the app itself, with no person behind it.

use crate::{
    client::{AuthMethod, Client, GrantType},
    form::RawForm,
    scope::Scope,
    token::{TokenError, TokenErrorCode, TokenFault},
    trail::Step,
};

/// What a client presents.
#[derive(Clone, PartialEq, Debug)]
pub struct Parameters {
    /// `scope`; left out, the client gets all it was approved for.
    pub scope: Option<Scope>,
}

impl Parameters {
    /// Reads the body.
    pub fn parse(form: &RawForm) -> Result<Self, TokenFault> {
        Ok(Self {
            scope: scope(form)?,
        })
    }
}

/// What to do about the request.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Decision {
    /// Issue an access token, and no refresh token (RFC 6749 §4.4.3).
    Issue {
        /// What it is good for. Resources that need a person refuse it all the same.
        scope: Scope,
    },
    /// Say no.
    Refuse(Refusal),
}

/// Why the request is refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Refusal {
    /// The client may not use this grant.
    #[error("the client may not use the client_credentials grant")]
    GrantNotAllowed,
    /// RFC 6749 §4.4: only for clients that can keep a secret.
    #[error("a client without a secret may not use the client_credentials grant")]
    PublicClient,
    /// More than was approved.
    #[error("the scope was not approved for this client")]
    ScopeNotApproved,
}

impl Refusal {
    /// All of them.
    pub const ALL: [Self; 3] = [
        Self::PublicClient,
        Self::GrantNotAllowed,
        Self::ScopeNotApproved,
    ];

    /// Where in the order of checks the request stopped.
    pub const fn step(self) -> Step {
        match self {
            Self::PublicClient | Self::GrantNotAllowed => Step::GrantAllowed,
            Self::ScopeNotApproved => Step::Scope,
        }
    }

    /// Its name in the request log.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::PublicClient => "public_client",
            Self::GrantNotAllowed => "grant_not_allowed",
            Self::ScopeNotApproved => "scope_not_approved",
        }
    }

    /// What the client hears.
    pub const fn error(self) -> TokenError {
        match self {
            Self::GrantNotAllowed | Self::PublicClient => TokenError::new(
                TokenErrorCode::UnauthorizedClient,
                "this client may not use the client_credentials grant",
            ),
            Self::ScopeNotApproved => TokenError::new(
                TokenErrorCode::InvalidScope,
                "the scope is not approved for this client",
            ),
        }
    }
}

/// Holds the request of an authenticated client against what it was approved for. Consents of single
/// people (`AIS:<consentId>`) are never part of that.
pub fn check(presented: &Parameters, client: &Client) -> Decision {
    if client.auth_method == AuthMethod::None {
        return Decision::Refuse(Refusal::PublicClient);
    }
    if !client.allows(GrantType::ClientCredentials) {
        return Decision::Refuse(Refusal::GrantNotAllowed);
    }
    match &presented.scope {
        None => Decision::Issue {
            scope: client.scope.clone(),
        },
        Some(scope) if scope.is_within(&client.scope) => Decision::Issue {
            scope: scope.clone(),
        },
        Some(_) => Decision::Refuse(Refusal::ScopeNotApproved),
    }
}

/// The parameter `scope` of a token request.
pub(super) fn scope(form: &RawForm) -> Result<Option<Scope>, TokenFault> {
    form.one("scope")?
        .map(|text| Scope::parse(text).map_err(|_| TokenFault::ScopeMalformed))
        .transpose()
}
