//! Exchange of an authorization code (RFC 6749 §4.1.3, RFC 7636 §4.5, RFC 9700 §2.1).

use crate::{
    client::{AuthMethod, Client, GrantType},
    form::RawForm,
    ids::ClientId,
    pkce::{CodeChallenge, CodeVerifier},
    secret::{AuthorizationCode, Secret},
    time::Timestamp,
    token::{TokenError, TokenErrorCode, TokenFault},
    trail::Step,
};

/// What a client presents.
#[derive(Clone, Debug)]
pub struct Parameters {
    /// `code`.
    pub code: Secret<AuthorizationCode>,
    /// `redirect_uri`, as it was in the authorize request.
    pub redirect_uri: Option<String>,
    /// `code_verifier`.
    pub code_verifier: Option<CodeVerifier>,
}

impl Parameters {
    /// Reads the body. A code that we never made is told like one that we do not know.
    pub fn parse(form: &RawForm) -> Result<Self, TokenFault> {
        let code = form
            .one("code")?
            .ok_or(TokenFault::ParameterMissing("code"))?;
        let code_verifier = match form.one("code_verifier")? {
            Some(text) => Some(CodeVerifier::parse(text).map_err(TokenFault::VerifierMalformed)?),
            None => None,
        };
        Ok(Self {
            code: Secret::parse(code).ok_or(Refusal::Unknown)?,
            redirect_uri: form.one("redirect_uri")?.map(str::to_owned),
            code_verifier,
        })
    }
}

/// What is known about a code.
#[derive(Clone, PartialEq, Debug)]
pub struct Record {
    /// Whom it was given to.
    pub client_id: ClientId,
    /// The address of the authorize request; `None` when that named none.
    pub redirect_uri: Option<String>,
    /// Whether it must be repeated; not in dialects that never do. One that is sent must be the same
    /// in any dialect.
    pub redirect_uri_is_repeated: bool,
    /// The challenge of the authorize request.
    pub challenge: Option<CodeChallenge>,
    /// Good before this instant, not at it.
    pub expires_at: Timestamp,
    /// When it was used.
    pub used_at: Option<Timestamp>,
}

/// What to do about a presented code.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Decision {
    /// Mark it used and issue tokens.
    Exchange,
    /// Say no; the code stays as it is.
    Refuse(Refusal),
    /// Say no, and end the code: it is in the wrong hands.
    RefuseAndVoid(Refusal),
    /// Say no, and revoke everything that came out of it.
    RevokeFamily(Refusal),
}

/// Why a code is refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Refusal {
    /// No such code.
    #[error("no such code")]
    Unknown,
    /// The client may not use this grant.
    #[error("the client may not use the authorization_code grant")]
    GrantNotAllowed,
    /// It was given to another client.
    #[error("the code was issued to another client")]
    OtherClient,
    /// The authorize request named an address, this one does not.
    #[error("redirect_uri is missing; it was in the authorize request")]
    RedirectUriMissing,
    /// Not the address of the authorize request.
    #[error("redirect_uri differs from the one in the authorize request at character {at}")]
    RedirectUriDiffers {
        /// The first character that differs, counted from 1.
        at: usize,
    },
    /// A challenge without verifier.
    #[error("code_verifier is missing; the authorize request had a code_challenge")]
    VerifierMissing,
    /// A verifier without challenge: somebody may have taken the challenge out of the request.
    #[error("code_verifier was sent, but the authorize request had no code_challenge")]
    VerifierUnexpected,
    /// The verifier does not belong to the challenge.
    #[error("code_verifier does not belong to the code_challenge")]
    VerifierWrong,
    /// A client without secret needs PKCE.
    #[error("a client without a secret needs PKCE")]
    PkceRequired,
    /// Used before.
    #[error("the code was already used")]
    Replay,
    /// Too old.
    #[error("the code has expired")]
    Expired,
    /// What the person allowed is over, or the person may not sign in any more.
    #[error("the consent has ended, or the person is locked")]
    ConsentEnded,
}

impl Refusal {
    /// One of each kind, for docs and tests.
    pub const EXAMPLES: [Self; 12] = [
        Self::Unknown,
        Self::OtherClient,
        Self::GrantNotAllowed,
        Self::RedirectUriMissing,
        Self::RedirectUriDiffers { at: 1 },
        Self::VerifierMissing,
        Self::VerifierUnexpected,
        Self::VerifierWrong,
        Self::PkceRequired,
        Self::Replay,
        Self::Expired,
        Self::ConsentEnded,
    ];

    /// Where in the order of checks the request stopped.
    pub const fn step(self) -> Step {
        match self {
            Self::Unknown => Step::CodeKnown,
            Self::OtherClient => Step::CodeClient,
            Self::GrantNotAllowed => Step::GrantAllowed,
            Self::RedirectUriMissing | Self::RedirectUriDiffers { .. } => Step::RedirectUri,
            Self::VerifierMissing
            | Self::VerifierUnexpected
            | Self::VerifierWrong
            | Self::PkceRequired => Step::Pkce,
            Self::Replay => Step::CodeUnused,
            Self::Expired => Step::CodeFresh,
            Self::ConsentEnded => Step::Consent,
        }
    }

    /// Its name in the request log.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Unknown => "code_unknown",
            Self::OtherClient => "code_other_client",
            Self::GrantNotAllowed => "grant_not_allowed",
            Self::RedirectUriMissing => "code_redirect_missing",
            Self::RedirectUriDiffers { .. } => "code_redirect_differs",
            Self::VerifierMissing => "verifier_missing",
            Self::VerifierUnexpected => "verifier_unexpected",
            Self::VerifierWrong => "verifier_wrong",
            Self::PkceRequired => "pkce_required",
            Self::Replay => "code_used",
            Self::Expired => "code_expired",
            Self::ConsentEnded => "consent_ended",
        }
    }

    /// What the client hears. One sentence for all causes that an attacker would like to tell apart.
    pub const fn error(self) -> TokenError {
        match self {
            Self::GrantNotAllowed => TokenError::new(
                TokenErrorCode::UnauthorizedClient,
                "this client may not use the authorization_code grant",
            ),
            Self::VerifierMissing => {
                TokenError::new(TokenErrorCode::InvalidGrant, "code_verifier is missing")
            }
            _ => TokenError::new(
                TokenErrorCode::InvalidGrant,
                "the code is unknown, expired, used, or does not fit this request",
            ),
        }
    }
}

/// Holds a presented code against what is known about it.
///
/// Possession is proved first and the code consumed last, so that a stranger who has only half of it
/// can neither use it up nor end anybody's tokens.
pub fn check(record: &Record, presented: &Parameters, client: &Client, now: Timestamp) -> Decision {
    if record.client_id != client.id {
        // A registered client holds another one's code: that code has leaked.
        return match record.used_at {
            None => Decision::RefuseAndVoid(Refusal::OtherClient),
            Some(_) => Decision::Refuse(Refusal::OtherClient),
        };
    }
    if !client.allows(GrantType::AuthorizationCode) {
        return Decision::Refuse(Refusal::GrantNotAllowed);
    }
    if let Err(refusal) = check_redirect_uri(record, presented, client) {
        return Decision::Refuse(refusal);
    }
    if let Err(refusal) = check_pkce(record, presented, client) {
        return Decision::Refuse(refusal);
    }
    if record.used_at.is_some() {
        return Decision::RevokeFamily(Refusal::Replay);
    }
    if now >= record.expires_at {
        return Decision::Refuse(Refusal::Expired);
    }
    Decision::Exchange
}

/// RFC 6749 §4.1.3: identical to the one of the authorize request, and required if it was sent there,
/// unless the dialect has no word for it.
/// If it was not, the one that was meant may be named now.
fn check_redirect_uri(
    record: &Record,
    presented: &Parameters,
    client: &Client,
) -> Result<(), Refusal> {
    let only = client.only_redirect();
    let meant = match (&record.redirect_uri, &presented.redirect_uri) {
        (None, None) => return Ok(()),
        (Some(_), None) if record.redirect_uri_is_repeated => {
            return Err(Refusal::RedirectUriMissing);
        }
        (Some(_), None) => return Ok(()),
        (Some(sent), Some(_)) => sent.as_str(),
        (None, Some(_)) => only.as_ref().map_or("", |only| only.as_str()),
    };
    let presented = presented.redirect_uri.as_deref().unwrap_or_default();
    if presented == meant {
        return Ok(());
    }
    let same = presented
        .chars()
        .zip(meant.chars())
        .take_while(|(left, right)| left == right)
        .count();
    Err(Refusal::RedirectUriDiffers { at: same + 1 })
}

/// RFC 7636 §4.6, and RFC 9700 §2.1.1 against the downgrade.
fn check_pkce(record: &Record, presented: &Parameters, client: &Client) -> Result<(), Refusal> {
    match (&record.challenge, &presented.code_verifier) {
        (Some(challenge), Some(verifier)) if verifier.verify(challenge) => Ok(()),
        (Some(_), Some(_)) => Err(Refusal::VerifierWrong),
        (Some(_), None) => Err(Refusal::VerifierMissing),
        (None, Some(_)) => Err(Refusal::VerifierUnexpected),
        (None, None) if client.auth_method == AuthMethod::None => Err(Refusal::PkceRequired),
        (None, None) => Ok(()),
    }
}
