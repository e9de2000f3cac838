//! The address with the answer in its query: RFC 6749 §4.1.2 and §4.1.2.1, with `iss` in every one
//! (RFC 9207).

use super::AuthorizeError;
use crate::{
    client::DialectName,
    dialects,
    ids::TraceId,
    redirect_uri::TrustedRedirect,
    secret::{AuthorizationCode, Secret},
};

/// Where the browser goes with a fresh code, under the name that the request's dialect has for it.
pub fn success_answer(
    to: &TrustedRedirect,
    dialect: DialectName,
    code: &Secret<AuthorizationCode>,
    state: Option<&str>,
    issuer: &str,
) -> String {
    let name = dialects::dialect(dialect).map_or("code", |dialect| dialect.code_parameter());
    let mut parameters = vec![(name, code.expose())];
    parameters.extend(state.map(|state| ("state", state)));
    parameters.push(("iss", issuer));
    to.with(&parameters)
}

/// Where the browser goes with bad news. `docs` is the address of the page about errors; each has
/// its own section there.
pub fn error_answer(
    to: &TrustedRedirect,
    error: &AuthorizeError,
    state: Option<&str>,
    issuer: &str,
    docs: &str,
    trace: TraceId,
) -> String {
    let description = format!("{} (ref {trace})", error.description());
    let docs = format!("{docs}#{}", error.anchor());
    let mut parameters = vec![
        ("error", error.code()),
        ("error_description", description.as_str()),
        ("error_uri", docs.as_str()),
    ];
    parameters.extend(state.map(|state| ("state", state)));
    parameters.push(("iss", issuer));
    to.with(&parameters)
}
