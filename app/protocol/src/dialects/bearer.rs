//! The standard dialect: answers and errors of RFC 6749 §5, tokens of RFC 6750.

use serde_json::{Value, json};

use super::{AccessFault, Dialect, Door, DoorPurpose, ErrorAnswer, Head, Presented};
use crate::{
    client::DialectName,
    ids::TraceId,
    secret::Secret,
    time::Timestamp,
    token::{TokenAnswer, TokenError, TokenErrorCode},
};

/// The standard dialect.
#[derive(Clone, Copy, Debug)]
pub struct Bearer;

/// The protection space of RFC 9110 §11.5; one for the whole server.
const REALM: &str = "countersign";

impl Dialect for Bearer {
    fn name(&self) -> DialectName {
        DialectName::Bearer
    }

    fn token_type(&self) -> &'static str {
        "Bearer"
    }

    fn doors(&self) -> &'static [Door] {
        &[
            Door {
                methods: &["GET", "POST"],
                path: "/oauth/authorize",
                purpose: DoorPurpose::Authorize,
            },
            Door {
                methods: &["POST"],
                path: "/oauth/token",
                purpose: DoorPurpose::Token,
            },
            Door {
                methods: &["POST"],
                path: "/oauth/revoke",
                purpose: DoorPurpose::Revoke,
            },
            Door {
                methods: &["POST"],
                path: "/oauth/introspect",
                purpose: DoorPurpose::Introspect,
            },
        ]
    }

    /// RFC 6750 §2.1, in any case of the scheme (RFC 9110 §11.1). §2.2 and §2.3, a token in body or
    /// URL, are not supported; one in the URL is told off, because it is burnt by now.
    fn recognise(&self, head: &Head<'_>) -> Option<Result<Presented, AccessFault>> {
        let is_bearer = |value: &&str| scheme(value).eq_ignore_ascii_case(self.token_type());
        let value = head.authorization.iter().find(|value| is_bearer(value));
        if head.query_has("access_token") && (value.is_some() || head.authorization.is_empty()) {
            return Some(Err(AccessFault::TokenInUrl));
        }
        let value = value?;
        if head.authorization.len() > 1 {
            return Some(Err(AccessFault::Malformed));
        }
        let token = value.trim()[scheme(value).len()..].trim_start();
        if !is_b64token(token) {
            return Some(Err(AccessFault::Malformed));
        }
        Some(match Secret::parse(token) {
            Some(token) => Ok(Presented {
                dialect: self.name(),
                token,
            }),
            None => Err(AccessFault::InvalidToken),
        })
    }

    /// RFC 6749 §5.1; `authorization_details` of RFC 9396 §7; `consent_id` of our own.
    fn answer(&self, answer: &TokenAnswer, now: Timestamp) -> Value {
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
                vec![("www-authenticate", format!("Basic realm=\"{REALM}\""))]
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
        let mut challenge = format!("{} realm=\"{REALM}\"", self.token_type());
        if let Some(code) = fault.code() {
            challenge.push_str(&format!(
                ", error=\"{code}\", error_description=\"{fault}\""
            ));
        }
        if let AccessFault::InsufficientScope { needed } = fault {
            challenge.push_str(&format!(", scope=\"{needed}\""));
        }
        let body = json!({
            "error": fault.code().unwrap_or("invalid_token"),
            "error_description": fault.to_string(),
            "trace_id": trace,
        });
        ErrorAnswer {
            status: fault.status(),
            headers: vec![("www-authenticate", challenge)],
            body,
        }
    }
}

/// The first word of a header.
fn scheme(value: &str) -> &str {
    value.trim().split([' ', '\t']).next().unwrap_or_default()
}

/// RFC 6750 §2.1: `b64token`.
fn is_b64token(text: &str) -> bool {
    let body = text.trim_end_matches('=');
    !body.is_empty()
        && body
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-._~+/".contains(&byte))
}
