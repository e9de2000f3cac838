//! The dialect of the Paysera Wallet API: every request is signed with a key, and no secret travels
//! after it was handed out.
//!
//! It is draft-ietf-oauth-v2-http-mac-01 with HMAC-SHA-256, and a convention of its own for `ext`: a
//! form with the hash of the body and free parameters.
//!
//! | what | file |
//! |---|---|
//! | the header `Authorization: MAC ...` | [`header`] |
//! | the text that is signed, and checking a signature | [`signature`] |
//! | `ext`: body hash and parameters | [`extension`] |
//! | how far clocks may differ, and what is wrong with a signed request | [`fault`] |

pub mod extension;
pub mod fault;
pub mod header;
pub mod signature;

use serde_json::{Value, json};

use super::{AccessFault, Credential, Dialect, Door, DoorPurpose, ErrorAnswer, Head, Presented};
use crate::{
    client::DialectName,
    ids::TraceId,
    time::Timestamp,
    token::{TokenAnswer, TokenError, TokenErrorCode},
    wallet_api::{ErrorCode, WalletApiError},
};

pub use extension::Extension;
pub use fault::SignFault;
pub use header::MacHeader;
pub use signature::{Destination, Signable};

/// The dialect of signed requests.
#[derive(Clone, Copy, Debug)]
pub struct Mac;

/// The scheme of RFC 9110 §11.1 in which requests are signed.
pub const SCHEME: &str = "MAC";

/// The token endpoint.
pub static TOKEN: Door = DOORS[0];

/// Where a token is given back.
pub static REVOKE: Door = DOORS[1];

/// Where an authorize request is left beforehand.
pub static SESSION: Door = DOORS[2];

const DOORS: [Door; 7] = [
    Door::post(DialectName::Mac, "/oauth/v1/token", DoorPurpose::Token),
    Door {
        dialect: DialectName::Mac,
        methods: &["DELETE"],
        path: "/oauth/v1/token",
        purpose: DoorPurpose::Revoke,
    },
    Door::post(DialectName::Mac, "/oauth/v1/session", DoorPurpose::Session),
    authorize("/frontend/oauth"),
    authorize("/frontend/en/oauth"),
    authorize("/frontend/lt/oauth"),
    authorize("/frontend/ru/oauth"),
];

const fn authorize(path: &'static str) -> Door {
    Door {
        dialect: DialectName::Mac,
        methods: &["GET"],
        path,
        purpose: DoorPurpose::Authorize,
    }
}

impl Dialect for Mac {
    fn name(&self) -> DialectName {
        DialectName::Mac
    }

    /// In lower case: the client library compares the very word.
    fn token_type(&self) -> &'static str {
        "mac"
    }

    fn doors(&self) -> &'static [Door] {
        &DOORS
    }

    /// The library knows no proof key. Its exchange is signed instead.
    fn knows_pkce(&self) -> bool {
        false
    }

    /// It may leave the redirect URI out; one that is sent must be the same.
    fn repeats_redirect_uri(&self) -> bool {
        false
    }

    /// What such a client may see without any scope is who the person is, by number.
    fn needs_scope(&self) -> bool {
        false
    }

    fn takes_passwords(&self) -> bool {
        true
    }

    fn signs(&self) -> bool {
        true
    }

    fn recognise(&self, head: &Head<'_>) -> Option<Result<Presented, AccessFault>> {
        let signed = head
            .authorization
            .iter()
            .find(|value| header::is_signed(value))?;
        if head.authorization.len() > 1 {
            return Some(Err(AccessFault::Malformed));
        }
        let read = MacHeader::parse(signed).map(|header| Presented {
            dialect: self.name(),
            credential: Credential::Signed(header),
        });
        Some(read.map_err(|_| AccessFault::Malformed))
    }

    /// As documented, and as the library demands it: `mac` and `hmac-sha-256` are compared letter by
    /// letter, and `expires_in` must be there.
    fn answer(&self, _door: &Door, answer: &TokenAnswer, now: Timestamp) -> Value {
        let mut body = json!({
            "access_token": answer.access_token.expose(),
            "token_type": self.token_type(),
            "expires_in": answer.expires_in(now).as_secs(),
            "mac_algorithm": "hmac-sha-256",
            "scope": answer.scope,
        });
        if let Some(key) = &answer.mac_key {
            body["mac_key"] = key.as_str().into();
        }
        if let Some(token) = &answer.refresh_token {
            body["refresh_token"] = token.expose().into();
        }
        body
    }

    fn error(&self, error: &TokenError, docs: &str, trace: TraceId) -> ErrorAnswer {
        let code = match error.code {
            TokenErrorCode::InvalidClient => ErrorCode::Unauthorized.as_str(),
            TokenErrorCode::TooManyRequests => ErrorCode::RateLimitExceeded.as_str(),
            TokenErrorCode::ServerError => ErrorCode::InternalServerError.as_str(),
            other => other.as_str(),
        };
        let status = error.status();
        ErrorAnswer {
            status,
            headers: challenge(status),
            body: json!({
                "error": code,
                "error_description": error.description,
                "error_uri": format!("{docs}#{}", error.code.anchor()),
                "trace_id": trace,
            }),
        }
    }

    /// The library renews its token when `error` is `invalid_grant`; some want status 400 and this very
    /// sentence.
    fn challenge(&self, fault: &AccessFault, trace: TraceId) -> ErrorAnswer {
        let error = match fault {
            AccessFault::InvalidToken | AccessFault::SessionEnded => SignFault::TokenEnded.error(),
            AccessFault::InsufficientScope { needed } => WalletApiError::new(
                ErrorCode::Forbidden,
                format!("the scope {needed} is missing, or a person"),
            ),
            AccessFault::NoToken | AccessFault::Malformed | AccessFault::TokenInUrl => {
                WalletApiError::new(ErrorCode::Unauthorized, fault.to_string())
            }
        };
        error.answer(trace)
    }
}

impl WalletApiError {
    /// The whole answer. A 401 says that signed requests are understood (draft-01 §3.2).
    pub fn answer(&self, trace: TraceId) -> ErrorAnswer {
        ErrorAnswer {
            status: self.status(),
            headers: challenge(self.status()),
            body: self.body(trace),
        }
    }
}

fn challenge(status: u16) -> Vec<(&'static str, String)> {
    match status {
        401 => vec![("www-authenticate", SCHEME.to_owned())],
        _ => Vec::new(),
    }
}
