//! A token behind a scheme word in the header `Authorization` (RFC 9110 §11.6.2).

use super::{AccessFault, Head};
use crate::secret::{AccessToken, Secret};

/// The token in the one `Authorization` header, when its scheme is this one, in any case. `None` when
/// no header has it.
pub(super) fn token(
    head: &Head<'_>,
    scheme: &str,
) -> Option<Result<Secret<AccessToken>, AccessFault>> {
    let value = head
        .authorization
        .iter()
        .find(|value| first_word(value).eq_ignore_ascii_case(scheme))?;
    // One in the URL is told off, whatever else there is: it is burnt by now.
    if head.query_has("access_token") {
        return Some(Err(AccessFault::TokenInUrl));
    }
    if head.authorization.len() > 1 {
        return Some(Err(AccessFault::Malformed));
    }
    let token = value.trim()[first_word(value).len()..].trim_start();
    if !is_b64token(token) {
        return Some(Err(AccessFault::Malformed));
    }
    Some(Secret::parse(token).ok_or(AccessFault::InvalidToken))
}

fn first_word(value: &str) -> &str {
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

/// The protection space of RFC 9110 §11.5; one for the whole server.
pub(super) const REALM: &str = "countersign";

/// The value of `WWW-Authenticate` (RFC 6750 §3). Without a token it names no error.
pub(super) fn challenge(scheme: &str, fault: &AccessFault) -> String {
    let mut challenge = format!("{scheme} realm=\"{REALM}\"");
    if let Some(code) = fault.code() {
        challenge.push_str(&format!(
            ", error=\"{code}\", error_description=\"{fault}\""
        ));
    }
    if let AccessFault::InsufficientScope { needed } = fault {
        challenge.push_str(&format!(", scope=\"{needed}\""));
    }
    challenge
}
