//! The ways of speaking OAuth: how a token is presented, how answers, errors and challenges look,
//! and at which doors.
//!
//! To add one: write `dialects/x.rs` with an `impl Dialect`, add it to [`ALL`], add its vectors under
//! `tests/vectors/`. Its token doors are open then; everything else in the house stays as it is.

pub mod bearer;
mod door;
pub mod mac;
mod o_bearer;
mod scheme;
mod tutorial;

use std::{borrow::Cow, time::Duration};

use serde_json::Value;

use crate::{
    authorize::PageFault,
    client::DialectName,
    form::RawForm,
    ids::TraceId,
    scope::ScopeToken,
    secret::{AccessToken, Secret},
    time::Timestamp,
    token::{TokenAnswer, TokenError, TokenFault},
};

pub use bearer::Bearer;
pub use door::{Door, DoorPurpose, token_door, token_paths};
pub use mac::Mac;
pub use o_bearer::OBearer;
pub use tutorial::Tutorial;

/// All dialects. The standard one is the last, because at a door that is shared it takes whatever
/// nobody else claims.
pub static ALL: &[&dyn Dialect] = &[&OBearer, &Mac, &Tutorial, &Bearer];

/// The dialect with this name, if it is spoken here.
pub fn dialect(name: DialectName) -> Option<&'static dyn Dialect> {
    ALL.iter().copied().find(|dialect| dialect.name() == name)
}

/// Takes the token out of a resource request, in whichever dialect it is presented. Exactly one
/// `Authorization` header counts; which dialect to answer in, when there is none, is `Bearer`.
pub fn recognise(head: &Head<'_>) -> Result<Presented, (DialectName, AccessFault)> {
    for dialect in ALL {
        if let Some(presented) = dialect.recognise(head) {
            return presented.map_err(|fault| (dialect.name(), fault));
        }
    }
    Err((DialectName::Bearer, AccessFault::NoToken))
}

/// The head of a resource request as it came in, nothing decoded.
#[derive(Clone, Copy, Debug)]
pub struct Head<'a> {
    /// In upper case.
    pub method: &'a str,
    /// Path and query, as on the request line.
    pub target: &'a str,
    /// All values of the header `Authorization`.
    pub authorization: &'a [&'a str],
}

impl Head<'_> {
    /// Whether the query has this parameter. The name is compared after decoding.
    pub fn query_has(&self, name: &str) -> bool {
        let query = self.target.split_once('?').map_or("", |(_, query)| query);
        let name_of =
            |pair: &str| crate::form::decode(pair.split('=').next().unwrap_or_default().as_bytes());
        query
            .split('&')
            .any(|pair| name_of(pair).is_ok_and(|known| known == name))
    }
}

/// What was presented, and how.
#[derive(Clone, Debug)]
pub struct Presented {
    /// The dialect to answer in.
    pub dialect: DialectName,
    /// What proves that the request may be served.
    pub credential: Credential,
}

/// What proves that a request may be served.
#[derive(Clone, Debug)]
pub enum Credential {
    /// The token itself.
    Token(Secret<AccessToken>),
    /// A signature with the key of a token or of a client, not checked yet.
    Signed(mac::MacHeader),
}

impl Credential {
    /// The token that it speaks for, if it is one of ours.
    pub fn token(&self) -> Option<Secret<AccessToken>> {
        match self {
            Self::Token(token) => Some(token.clone()),
            Self::Signed(header) => Secret::parse(&header.id),
        }
    }
}

/// Why a resource request is refused (RFC 6750 §3.1).
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum AccessFault {
    /// No token at all.
    #[error("no access token was sent")]
    NoToken,
    /// The header cannot be read, or there are two.
    #[error("the Authorization header cannot be read")]
    Malformed,
    /// A token in the query, where histories and logs keep it.
    #[error("an access token must not be sent in the URL")]
    TokenInUrl,
    /// Unknown, expired or revoked.
    #[error("the access token is unknown, expired or revoked")]
    InvalidToken,
    /// A token of ours that would still be good, had not somebody ended all that stood behind it: the
    /// grant, the consent, the client or the person.
    #[error("the access token is unknown, expired or revoked")]
    SessionEnded,
    /// The token is good, but not for this.
    #[error("the access token is not good for this")]
    InsufficientScope {
        /// What would be.
        needed: ScopeToken,
    },
}

impl AccessFault {
    /// The error code; RFC 6750 §3.1 has none for a request without token.
    pub const fn code(&self) -> Option<&'static str> {
        match self {
            Self::NoToken => None,
            Self::Malformed | Self::TokenInUrl => Some("invalid_request"),
            Self::InvalidToken | Self::SessionEnded => Some("invalid_token"),
            Self::InsufficientScope { .. } => Some("insufficient_scope"),
        }
    }

    /// The HTTP status.
    pub const fn status(&self) -> u16 {
        match self {
            Self::NoToken | Self::InvalidToken | Self::SessionEnded => 401,
            Self::Malformed | Self::TokenInUrl => 400,
            Self::InsufficientScope { .. } => 403,
        }
    }
}

/// A refusal, shaped: what goes onto the wire.
#[derive(Clone, PartialEq, Debug)]
pub struct ErrorAnswer {
    /// The HTTP status.
    pub status: u16,
    /// Headers beside the usual ones.
    pub headers: Vec<(&'static str, String)>,
    /// The JSON body.
    pub body: Value,
}

/// A way of speaking OAuth. No state, no storage: shapes only.
pub trait Dialect: Sync {
    /// Its name.
    fn name(&self) -> DialectName;

    /// The word in `token_type`.
    fn token_type(&self) -> &'static str;

    /// Where it is spoken.
    fn doors(&self) -> &'static [Door];

    /// The front channel: an authorize request in the words of RFC 6749 §4.1.1, when it is asked in this
    /// dialect's own. `None` when it is not; then those of the standard hold, as they do for every
    /// client. Only asked of dialects that the client speaks.
    fn authorize_form<'form>(
        &self,
        _form: &'form RawForm,
    ) -> Option<Result<Cow<'form, RawForm>, PageFault>> {
        None
    }

    /// The front channel: whether its clients can send a proof key (RFC 7636). One that cannot must
    /// have a secret, whatever its policy.
    fn knows_pkce(&self) -> bool {
        true
    }

    /// The front channel: under which name the code comes back to the app.
    fn code_parameter(&self) -> &'static str {
        "code"
    }

    /// Whether an exchange repeats the redirect URI of the authorize request (RFC 6749 §4.1.3). Where it
    /// does not, one that is sent must be the same all the same.
    fn repeats_redirect_uri(&self) -> bool {
        true
    }

    /// Whether a person must be asked for some permission. Where it need not be, a request without one
    /// lets the app know who the person is, by number, and nothing else.
    fn needs_scope(&self) -> bool {
        true
    }

    /// Whether it has the grant of a person's name and password (RFC 6749 §4.3).
    fn takes_passwords(&self) -> bool {
        false
    }

    /// Whether its tokens come with a key, with which requests are signed in their name.
    fn signs(&self) -> bool {
        false
    }

    /// Whether a request at one of its doors that others share is its own, by the fields that it brings.
    fn claims(&self, _form: &RawForm) -> bool {
        true
    }

    /// A token request in the standard's words. The default: it is said in them already.
    ///
    /// # Errors
    /// When the dialect's own rules about its fields are broken.
    fn token_form<'form>(&self, form: &'form RawForm) -> Result<Cow<'form, RawForm>, TokenFault> {
        Ok(Cow::Borrowed(form))
    }

    /// Whether a token for the app itself comes with a refresh token at this door (RFC 6749 §4.4.3
    /// advises against it; some partners' documents promise one).
    fn refreshes_own_tokens(&self, _door: &Door) -> bool {
        false
    }

    /// For how long a token for the app itself lives, unless the client has a lifetime of its own; `None` as
    /// long as everybody's. What a person gave lives as long through every dialect.
    fn own_token_lifetime(&self) -> Option<Duration> {
        None
    }

    /// Takes the token out of a request. `None` when the request does not speak this dialect.
    fn recognise(&self, head: &Head<'_>) -> Option<Result<Presented, AccessFault>>;

    /// Whether its tokens may be presented in the way of `presented`.
    fn accepts(&self, presented: DialectName) -> bool {
        presented == self.name()
    }

    /// The body of a successful token answer. `now` is when it is sent: a pair that is handed back
    /// lives a moment less than a fresh one.
    fn answer(&self, door: &Door, answer: &TokenAnswer, now: Timestamp) -> Value;

    /// A refused back-channel request. `docs` is the address of the page about errors.
    fn error(&self, error: &TokenError, docs: &str, trace: TraceId) -> ErrorAnswer;

    /// A refused resource request, with the challenge that says how to do better.
    fn challenge(&self, fault: &AccessFault, trace: TraceId) -> ErrorAnswer;
}
