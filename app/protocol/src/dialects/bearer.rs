//! The standard dialect: answers and errors of RFC 6749 §5, tokens of RFC 6750.

use serde_json::{Value, json};

use super::{
    AccessFault, Credential, Dialect, Door, DoorPurpose, ErrorAnswer, Head, Presented, scheme,
};
use crate::{
    client::DialectName,
    ids::TraceId,
    time::Timestamp,
    token::{TokenAnswer, TokenError, TokenErrorCode},
};

/// The standard dialect.
#[derive(Clone, Copy, Debug)]
pub struct Bearer;

/// The authorize endpoint.
pub static AUTHORIZE: Door = DOORS[0];

/// The token endpoint.
pub static TOKEN: Door = DOORS[1];

/// The revocation endpoint (RFC 7009).
pub static REVOKE: Door = DOORS[2];

/// The introspection endpoint (RFC 7662).
pub static INTROSPECT: Door = DOORS[3];

const DOORS: [Door; 4] = [
    Door {
        dialect: DialectName::Bearer,
        methods: &["GET", "POST"],
        path: "/oauth/authorize",
        purpose: DoorPurpose::Authorize,
    },
    Door::post(DialectName::Bearer, "/oauth/token", DoorPurpose::Token),
    Door::post(DialectName::Bearer, "/oauth/revoke", DoorPurpose::Revoke),
    Door::post(
        DialectName::Bearer,
        "/oauth/introspect",
        DoorPurpose::Introspect,
    ),
];

impl Dialect for Bearer {
    fn name(&self) -> DialectName {
        DialectName::Bearer
    }

    fn token_type(&self) -> &'static str {
        "Bearer"
    }

    fn doors(&self) -> &'static [Door] {
        &DOORS
    }

    /// RFC 6750 §2.1. §2.2 and §2.3, a token in body or URL, are not supported; one in the URL is told
    /// off, because it is burnt by now.
    fn recognise(&self, head: &Head<'_>) -> Option<Result<Presented, AccessFault>> {
        if head.authorization.is_empty() && head.query_has("access_token") {
            return Some(Err(AccessFault::TokenInUrl));
        }
        let token = scheme::token(head, self.token_type())?;
        Some(token.map(|token| Presented {
            dialect: self.name(),
            credential: Credential::Token(token),
        }))
    }

    /// RFC 6749 §5.1; `authorization_details` of RFC 9396 §7; `consent_id` of our own.
    fn answer(&self, _door: &Door, answer: &TokenAnswer, now: Timestamp) -> Value {
        let mut body = json!({
            "access_token": answer.access_token.expose(),
            "token_type": self.token_type(),
            "expires_in": answer.expires_in(now).as_secs(),
            "scope": answer.scope,
        });
        if let Some(token) = &answer.refresh_token {
            body["refresh_token"] = token.expose().into();
        }
        if let Some(consent) = &answer.consent_id {
            body["consent_id"] = consent.as_str().into();
        }
        if let Some(payment) = &answer.payment {
            body["authorization_details"] = payment.to_authorization_details();
        }
        body
    }

    /// RFC 6749 §5.2, with the trace id beside it. A 401 says that HTTP Basic is understood.
    fn error(&self, error: &TokenError, docs: &str, trace: TraceId) -> ErrorAnswer {
        let headers = match error.code {
            TokenErrorCode::InvalidClient => {
                vec![(
                    "www-authenticate",
                    format!("Basic realm=\"{}\"", scheme::REALM),
                )]
            }
            _ => Vec::new(),
        };
        let body = json!({
            "error": error.code.as_str(),
            "error_description": error.description,
            "error_uri": format!("{docs}#{}", error.code.anchor()),
            "trace_id": trace,
        });
        ErrorAnswer {
            status: error.status(),
            headers,
            body,
        }
    }

    /// RFC 6750 §3. Without a token the header names no error; the body does, for those who read it.
    fn challenge(&self, fault: &AccessFault, trace: TraceId) -> ErrorAnswer {
        let body = json!({
            "error": fault.code().unwrap_or("invalid_token"),
            "error_description": fault.to_string(),
            "trace_id": trace,
        });
        ErrorAnswer {
            status: fault.status(),
            headers: vec![(
                "www-authenticate",
                scheme::challenge(self.token_type(), fault),
            )],
            body,
        }
    }
}
