//! Refresh with idempotent rotation (RFC 6749 §6, RFC 9700 §4.14).
//!
//! Every use brings a new refresh token. An answer can get lost on the way, so the same successor is
//! handed back while neither of the new tokens was used and the grace time is open. Whoever comes
//! later, or after the new tokens were used, holds a copy: everything from this grant is revoked.

use std::time::Duration;

use super::client_credentials::scope;
use crate::{
    client::{Client, GrantType},
    form::RawForm,
    ids::ClientId,
    scope::Scope,
    secret::{AccessToken, RefreshToken, Secret},
    time::Timestamp,
    token::{TokenError, TokenErrorCode, TokenFault},
    trail::Step,
};

/// What a client presents.
#[derive(Clone, Debug)]
pub struct Parameters {
    /// `refresh_token`.
    pub refresh_token: Secret<RefreshToken>,
    /// `scope`, to get an access token for less than was granted.
    pub scope: Option<Scope>,
    /// `access_token`, the one that came with the refresh token; some dialects ask for it.
    pub access_token: Option<Secret<AccessToken>>,
}

impl Parameters {
    /// Reads the body. A token that we never made is told like one that we do not know.
    pub fn parse(form: &RawForm) -> Result<Self, TokenFault> {
        let token = form
            .one("refresh_token")?
            .ok_or(TokenFault::ParameterMissing("refresh_token"))?;
        let scope = scope(form)?;
        let access_token = form
            .one("access_token")?
            .map(|token| Secret::parse(token).ok_or(Refusal::OtherAccessToken))
            .transpose()?;
        Ok(Self {
            refresh_token: Secret::parse(token).ok_or(Refusal::Unknown)?,
            scope,
            access_token,
        })
    }
}

/// What is known about a refresh token.
#[derive(Clone, PartialEq, Debug)]
pub struct Record {
    /// Whom it was given to.
    pub client_id: ClientId,
    /// What was granted. A narrower request narrows one access token, never this.
    pub scope: Scope,
    /// When it was made.
    pub issued_at: Timestamp,
    /// Good before this instant, not at it.
    pub expires_at: Timestamp,
    /// When it was rotated.
    pub used_at: Option<Timestamp>,
    /// What the rotation brought.
    pub successor: Option<Successor>,
    /// Whether everything from this grant was revoked.
    pub family_revoked: bool,
    /// When the consent behind it ends or ended; `None` when there is none.
    pub consent_valid_until: Option<Timestamp>,
    /// The access token that was presented beside it is known, and came out of another grant.
    pub access_token_of_other_family: bool,
}

/// What happened to the tokens of a rotation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Successor {
    /// When the new access token was first used.
    pub access_first_used: Option<Timestamp>,
    /// Whether the new refresh token was used.
    pub refresh_used: bool,
}

impl Successor {
    const fn is_untouched(self) -> bool {
        self.access_first_used.is_none() && !self.refresh_used
    }
}

/// What to do about a presented refresh token.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Decision {
    /// Issue a new pair.
    Rotate {
        /// Of the new access token; the new refresh token keeps the scope of the record.
        access_scope: Scope,
    },
    /// Hand back the pair that the first use brought.
    HandBackSuccessor,
    /// Say no, and revoke everything that came out of this grant.
    RevokeFamily(Refusal),
    /// Say no; nothing changes.
    Refuse(Refusal),
}

/// Why a refresh token is refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Refusal {
    /// No such refresh token.
    #[error("no such refresh token")]
    Unknown,
    /// The client may not use this grant.
    #[error("the client may not use the refresh_token grant")]
    GrantNotAllowed,
    /// It was given to another client.
    #[error("the refresh token was issued to another client")]
    OtherClient,
    /// The access token beside it is none, or came out of another grant.
    #[error("the access token does not belong to the refresh token")]
    OtherAccessToken,
    /// Everything from this grant was revoked.
    #[error("the refresh token was revoked")]
    Revoked,
    /// Used again after the grace time.
    #[error("the refresh token was used again after the grace time")]
    ReplayAfterGrace,
    /// Used again although the new tokens were in use.
    #[error("the refresh token was used again after its successor was used")]
    ReplayAfterSuccessor,
    /// The consent has ended.
    #[error("the consent has ended")]
    ConsentEnded,
    /// Too old.
    #[error("the refresh token has expired")]
    Expired,
    /// More than was granted.
    #[error("more scope was asked for than was granted")]
    ScopeTooWide,
}

impl Refusal {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Unknown,
        Self::OtherClient,
        Self::OtherAccessToken,
        Self::GrantNotAllowed,
        Self::Revoked,
        Self::ReplayAfterSuccessor,
        Self::ReplayAfterGrace,
        Self::ConsentEnded,
        Self::ScopeTooWide,
        Self::Expired,
    ];

    /// Where in the order of checks the request stopped.
    pub const fn step(self) -> Step {
        match self {
            Self::Unknown => Step::RefreshKnown,
            Self::OtherClient | Self::OtherAccessToken => Step::RefreshClient,
            Self::GrantNotAllowed => Step::GrantAllowed,
            Self::Revoked => Step::RefreshAlive,
            Self::ReplayAfterGrace | Self::ReplayAfterSuccessor => Step::RefreshUnused,
            Self::ConsentEnded => Step::Consent,
            Self::ScopeTooWide => Step::Scope,
            Self::Expired => Step::RefreshFresh,
        }
    }

    /// Its name in the request log.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Unknown => "refresh_unknown",
            Self::OtherClient => "refresh_other_client",
            Self::OtherAccessToken => "refresh_other_access_token",
            Self::GrantNotAllowed => "grant_not_allowed",
            Self::Revoked => "refresh_revoked",
            Self::ReplayAfterGrace => "refresh_replayed_late",
            Self::ReplayAfterSuccessor => "refresh_replayed",
            Self::ConsentEnded => "consent_ended",
            Self::ScopeTooWide => "scope_too_wide",
            Self::Expired => "refresh_expired",
        }
    }

    /// What the client hears. One sentence for all causes that an attacker would like to tell apart.
    pub const fn error(self) -> TokenError {
        match self {
            Self::GrantNotAllowed => TokenError::new(
                TokenErrorCode::UnauthorizedClient,
                "this client may not use the refresh_token grant",
            ),
            Self::ScopeTooWide => TokenError::new(
                TokenErrorCode::InvalidScope,
                "the scope is wider than what was granted",
            ),
            _ => TokenError::new(
                TokenErrorCode::InvalidGrant,
                "the refresh token is unknown, expired, used or revoked",
            ),
        }
    }
}

/// Holds a presented refresh token against what is known about it. `grace` is how long a used token
/// still hands back its successor.
pub fn check(
    record: &Record,
    presented: &Parameters,
    client: &Client,
    grace: Duration,
    now: Timestamp,
) -> Decision {
    if record.client_id != client.id {
        return Decision::Refuse(Refusal::OtherClient);
    }
    if record.access_token_of_other_family {
        return Decision::Refuse(Refusal::OtherAccessToken);
    }
    if !client.allows(GrantType::RefreshToken) {
        return Decision::Refuse(Refusal::GrantNotAllowed);
    }
    if record.family_revoked {
        return Decision::Refuse(Refusal::Revoked);
    }
    if let Some(used_at) = record.used_at {
        if !record.successor.is_some_and(Successor::is_untouched) {
            return Decision::RevokeFamily(Refusal::ReplayAfterSuccessor);
        }
        if now >= used_at + grace {
            return Decision::RevokeFamily(Refusal::ReplayAfterGrace);
        }
    }
    if record.consent_valid_until.is_some_and(|end| now >= end) {
        return Decision::Refuse(Refusal::ConsentEnded);
    }
    let access_scope = presented
        .scope
        .clone()
        .unwrap_or_else(|| record.scope.clone());
    if !access_scope.is_within(&record.scope) {
        return Decision::Refuse(Refusal::ScopeTooWide);
    }
    if record.used_at.is_some() {
        return Decision::HandBackSuccessor;
    }
    if now >= record.expires_at {
        return Decision::Refuse(Refusal::Expired);
    }
    Decision::Rotate { access_scope }
}
