//! What stands before every resource: a good token with the scope that the handler's signature
//! names.
//!
//! ```ignore
//! async fn balance(access: Guard<Wallet>) -> ... { access.user() }
//! ```

use std::{marker::PhantomData, ops::Deref, sync::Arc};

use axum::extract::FromRequestParts;
use engine::access::Access;
use http::{StatusCode, header, request::Parts};
use protocol::{
    api_error::ApiErrorCode,
    client::DialectName,
    dialects::{self, AccessFault, Credential, Head, mac::SignFault},
    ids::UserId,
    scope::{Permission, ScopeToken},
};

use crate::{
    Endpoints,
    errors::{Failure, docs},
    signed,
};

/// What a token must be good for.
pub trait Requirement: 'static {
    /// The scope that is missing, if one is. A permission that speaks for a person is missing when no
    /// person stands behind the token.
    fn missing(access: &Access) -> Option<ScopeToken>;
}

/// Scope `wallet`, for a person.
pub enum Wallet {}

/// Scope `transferFunds` or `transferFunds:<transferId>`, for a person.
pub enum TransferFunds {}

/// Scope `transferFunds`, with or without a person: for writing a payment down, before anybody has
/// agreed to it.
pub enum OrderTransfer {}

/// Scope `ais` or `AIS:<consentId>`, for a person.
pub enum AccountInformation {}

/// Scope `ais`, with or without a person: for making a consent, before anybody has agreed to it.
pub enum MakeConsent {}

/// Scope `ais` or `AIS:<consentId>`, with or without a person: for looking at a consent and giving it back.
pub enum SeeConsent {}

impl Requirement for Wallet {
    fn missing(access: &Access) -> Option<ScopeToken> {
        missing(access, Permission::Wallet)
    }
}

impl Requirement for TransferFunds {
    fn missing(access: &Access) -> Option<ScopeToken> {
        let of_one = |permission| matches!(permission, Permission::TransferFundsOf(_));
        let granted = access.scope.allows(&Permission::TransferFunds)
            || access.scope.permissions().any(of_one);
        (!granted || access.user.is_none()).then(|| Permission::TransferFunds.token())
    }
}

impl Requirement for OrderTransfer {
    fn missing(access: &Access) -> Option<ScopeToken> {
        let needed = Permission::TransferFunds;
        (!access.scope.allows(&needed)).then(|| needed.token())
    }
}

impl Requirement for AccountInformation {
    fn missing(access: &Access) -> Option<ScopeToken> {
        let of_a_consent = |permission| matches!(permission, Permission::AccountInformationOf(_));
        let granted = access.scope.allows(&Permission::AccountInformation)
            || access.scope.permissions().any(of_a_consent);
        (!granted || access.user.is_none()).then(|| Permission::AccountInformation.token())
    }
}

impl Requirement for SeeConsent {
    fn missing(access: &Access) -> Option<ScopeToken> {
        (!access.scope.is_account_information()).then(|| Permission::AccountInformation.token())
    }
}

impl Requirement for MakeConsent {
    fn missing(access: &Access) -> Option<ScopeToken> {
        let needed = Permission::AccountInformation;
        (!access.scope.allows(&needed)).then(|| needed.token())
    }
}

fn missing(access: &Access, needed: Permission) -> Option<ScopeToken> {
    let granted = access.scope.allows(&needed) && (!needed.needs_person() || access.user.is_some());
    (!granted).then(|| needed.token())
}

/// The access of a request whose token is good for `R`. Anything else never reaches the handler.
pub struct Guard<R> {
    access: Arc<Access>,
    requirement: PhantomData<fn() -> R>,
}

impl<R> Guard<R> {
    /// The person behind the token. 403 for the requirements that allow a token without one.
    pub fn user(&self) -> Result<&UserId, Failure> {
        self.access.user.as_ref().ok_or_else(|| {
            Failure::new(
                StatusCode::FORBIDDEN,
                ApiErrorCode::InsufficientScope,
                "no person stands behind the access token",
            )
        })
    }

    /// The access, to be kept.
    pub fn access(&self) -> &Arc<Access> {
        &self.access
    }
}

impl<R> Deref for Guard<R> {
    type Target = Access;

    fn deref(&self) -> &Access {
        &self.access
    }
}

impl<R: Requirement> FromRequestParts<Endpoints> for Guard<R> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &Endpoints) -> Result<Self, Failure> {
        let issuer = &state.engine.env().settings.public_url;
        let refuse = |dialect, fault, reason: &str| challenge(dialect, fault, reason, issuer);
        let authorization: Result<Vec<&str>, _> = parts
            .headers
            .get_all(header::AUTHORIZATION)
            .iter()
            .map(|value| value.to_str())
            .collect();
        let Ok(authorization) = authorization else {
            return Err(refuse(
                DialectName::Bearer,
                AccessFault::Malformed,
                "not text",
            ));
        };
        let head = Head {
            method: parts.method.as_str(),
            target: parts
                .uri
                .path_and_query()
                .map_or("/", |target| target.as_str()),
            authorization: &authorization,
        };
        let presented = dialects::recognise(&head).map_err(|(dialect, fault)| {
            let reason = fault.to_string();
            refuse(dialect, fault, &reason)
        })?;
        let token = match presented.credential {
            Credential::Token(token) => token,
            Credential::Signed(header) => {
                let signed = signed::signer(parts, state, &header).await?;
                // A client that signs with its own key has no person behind it.
                let access = signed.signer.access.ok_or_else(|| {
                    signed::refused(SignFault::MayNotSign)
                        .because("the key of a client, where that of a token is needed")
                })?;
                return Self::with(access, issuer);
            }
        };
        let access = match state.engine.access(&token).await? {
            Ok(access) => access,
            Err(inactive) => {
                let fault = if inactive.is_end_of_session() {
                    AccessFault::SessionEnded
                } else {
                    AccessFault::InvalidToken
                };
                let given_in = state.engine.dialect_of(&token).await?;
                let dialect = given_in
                    .filter(|given_in| accepts(*given_in, presented.dialect))
                    .unwrap_or(presented.dialect);
                return Err(refuse(dialect, fault, &inactive.to_string()));
            }
        };
        if !accepts(access.dialect, presented.dialect) {
            let reason = format!(
                "client {}: a {} token presented as {}",
                access.client, access.dialect, presented.dialect
            );
            return Err(refuse(
                presented.dialect,
                AccessFault::InvalidToken,
                &reason,
            ));
        }
        Self::with(access, issuer)
    }
}

impl<R: Requirement> Guard<R> {
    /// With a token that is good, if it is good for `R`.
    fn with(access: Arc<Access>, issuer: &str) -> Result<Self, Failure> {
        if let Some(needed) = R::missing(&access) {
            let reason = format!("client {}: {needed} is missing, or a person", access.client);
            let fault = AccessFault::InsufficientScope { needed };
            return Err(challenge(access.dialect, fault, &reason, issuer));
        }
        Ok(Self {
            access,
            requirement: PhantomData,
        })
    }
}

/// Whether a token that was given out in one dialect may be presented in the way of another.
fn accepts(given_in: DialectName, presented: DialectName) -> bool {
    dialects::dialect(given_in).is_some_and(|dialect| dialect.accepts(presented))
}

/// The refusal in the shape of its dialect.
fn challenge(name: DialectName, fault: AccessFault, reason: &str, issuer: &str) -> Failure {
    let status = StatusCode::from_u16(fault.status()).unwrap_or(StatusCode::UNAUTHORIZED);
    let code = ApiErrorCode::from(&fault);
    let failure = Failure::new(status, code, fault.to_string()).because(reason);
    let Some(dialect) = dialects::dialect(name) else {
        return failure;
    };
    let uri = format!("{}#{}", docs(issuer), code.anchor());
    failure.shaped(move |trace| {
        let mut answer = dialect.challenge(&fault, trace);
        if name == DialectName::Bearer {
            answer.body["error_uri"] = uri.as_str().into();
        }
        answer
    })
}
