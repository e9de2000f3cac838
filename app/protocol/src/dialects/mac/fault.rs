//! What can be wrong with a signed request.

use std::time::Duration;

use super::{MacHeader, header::HeaderFault};
use crate::{
    time::Timestamp,
    token::{TokenError, TokenErrorCode},
    trail::Step,
    wallet_api::{ErrorCode, WalletApiError},
};

/// Why a signed request is refused. The caller hears less: [`SignFault::error`].
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum SignFault {
    /// No signature at all.
    #[error("the request is not signed")]
    NotSigned,
    /// The header cannot be read.
    #[error("{0}")]
    Header(HeaderFault),
    /// Signed later than our clock says, by more than is allowed.
    #[error("Timestamp is in future")]
    InFuture,
    /// Signed too long ago, or before a restart after which an earlier use would not be known.
    #[error("Timestamp lifetime exceeded")]
    TooOld,
    /// Neither a client nor a token of ours.
    #[error("no client with this id")]
    UnknownId,
    /// The client does not sign, or is switched off.
    #[error("the client may not sign requests")]
    MayNotSign,
    /// The signature is of another request, or made with another key.
    #[error("the signature does not fit")]
    WrongSignature,
    /// `ext` is not a form.
    #[error("ext is not a form")]
    ExtensionUnreadable,
    /// There is a body, and its hash was not signed.
    #[error("the body's hash is not part of the signature")]
    BodyNotSigned,
    /// The hash that was signed is that of another body.
    #[error("the body is not the one that was signed")]
    BodyDiffers,
    /// The very request was served before.
    #[error("timestamp and nonce were used before")]
    Replayed,
    /// So many requests in the time of the window that no more can be remembered.
    #[error("too many requests")]
    TooMany {
        /// After which time there is room again.
        wait: Duration,
    },
    /// The token is over, or never was.
    #[error("Token has expired")]
    TokenEnded,
}

impl From<HeaderFault> for SignFault {
    fn from(fault: HeaderFault) -> Self {
        Self::Header(fault)
    }
}

impl SignFault {
    /// What the caller hears. All that would help to guess sounds the same.
    pub fn error(&self) -> WalletApiError {
        let (code, description) = match self {
            Self::InFuture | Self::TooOld => (ErrorCode::InvalidTimestamp, self.to_string()),
            Self::TokenEnded => (ErrorCode::InvalidGrant, self.to_string()),
            Self::TooMany { .. } => (ErrorCode::RateLimitExceeded, self.to_string()),
            // Which rule of the grammar was broken, or that the body is not signed, tells nobody a secret.
            Self::NotSigned
            | Self::Header(_)
            | Self::ExtensionUnreadable
            | Self::BodyNotSigned
            | Self::BodyDiffers => (ErrorCode::Unauthorized, self.to_string()),
            Self::UnknownId | Self::MayNotSign | Self::WrongSignature | Self::Replayed => (
                ErrorCode::Unauthorized,
                "the signature was not accepted: id, key, nonce and the signed text must fit"
                    .to_owned(),
            ),
        };
        WalletApiError {
            retry_after: self.retry_after(),
            ..WalletApiError::new(code, description)
        }
    }

    /// After which time the same request may succeed, where that is known.
    pub const fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::TooMany { wait } => Some(*wait),
            _ => None,
        }
    }
}

/// At the token endpoint the same words are those of a back-channel request.
impl SignFault {
    /// One of each kind, for docs and tests.
    pub const EXAMPLES: [Self; 13] = [
        Self::NotSigned,
        Self::Header(HeaderFault::Grammar),
        Self::InFuture,
        Self::TooOld,
        Self::UnknownId,
        Self::MayNotSign,
        Self::WrongSignature,
        Self::ExtensionUnreadable,
        Self::BodyNotSigned,
        Self::BodyDiffers,
        Self::Replayed,
        Self::TooMany {
            wait: Duration::from_secs(1),
        },
        Self::TokenEnded,
    ];

    /// What a client hears that asks for a token.
    pub fn token_error(&self) -> TokenError {
        let code = match self.error().code {
            ErrorCode::InvalidTimestamp => TokenErrorCode::InvalidTimestamp,
            ErrorCode::InvalidGrant => TokenErrorCode::InvalidGrant,
            ErrorCode::RateLimitExceeded => TokenErrorCode::TooManyRequests,
            _ => TokenErrorCode::InvalidClient,
        };
        TokenError {
            code,
            description: self.error().description,
        }
    }

    /// Where in the order of checks the request stopped.
    pub const fn step(&self) -> Step {
        match self {
            Self::NotSigned | Self::Header(_) => Step::ClientNamed,
            Self::UnknownId => Step::ClientFound,
            Self::MayNotSign => Step::ClientActive,
            _ => Step::ClientAuthentication,
        }
    }

    /// Its name in the request log, and the key of the words that say how to put it right.
    pub const fn slug(&self) -> &'static str {
        match self {
            Self::NotSigned => "signature_missing",
            Self::Header(_) => "signature_unreadable",
            Self::InFuture | Self::TooOld => "signature_clock",
            Self::UnknownId => "signature_unknown_id",
            Self::MayNotSign => "signature_not_allowed",
            Self::WrongSignature => "signature_wrong",
            Self::ExtensionUnreadable => "signature_ext_unreadable",
            Self::BodyNotSigned | Self::BodyDiffers => "signature_body",
            Self::Replayed => "signature_replayed",
            Self::TooMany { .. } => "signature_too_many",
            Self::TokenEnded => "signature_token_ended",
        }
    }
}

/// Whether the caller's clock is near enough to ours.
///
/// # Errors
/// [`SignFault::InFuture`] or [`SignFault::TooOld`], after which the libraries ask for our time and
/// sign anew.
pub fn check_time(
    header: &MacHeader,
    now: Timestamp,
    allowed: Duration,
) -> Result<Timestamp, SignFault> {
    let signed_at = header.signed_at();
    if signed_at > now + allowed {
        return Err(SignFault::InFuture);
    }
    if signed_at + allowed < now {
        return Err(SignFault::TooOld);
    }
    Ok(signed_at)
}
