//! What was expected and what came. Nothing here is a secret: addresses, scopes, methods, ages.

use std::time::Duration;

use protocol::{
    authorize::AuthorizeError,
    client::{Client, Environment},
    redirect_uri::{RegisteredRedirectUri, explain},
    scope::Scope,
    text::shown,
    time::Timestamp,
    trail::Evidence,
};

use super::{Proof, seen::of_address};

/// The parameter that an error is about, if its value may be shown.
pub(crate) fn parameter(error: &AuthorizeError) -> Option<&'static str> {
    match error {
        AuthorizeError::ChallengeMethod => Some("code_challenge_method"),
        AuthorizeError::ChallengeMalformed(_) => Some("code_challenge"),
        AuthorizeError::ResponseTypeMissing | AuthorizeError::UnsupportedResponseType => {
            Some("response_type")
        }
        AuthorizeError::UnsupportedResponseMode => Some("response_mode"),
        AuthorizeError::ScopeMalformed(_)
        | AuthorizeError::ScopeMissing
        | AuthorizeError::ScopeNotApproved { .. } => Some("scope"),
        AuthorizeError::PromptMalformed => Some("prompt"),
        _ => None,
    }
}

pub(super) fn of_error(error: &AuthorizeError, client: &Client, received: Option<&str>) -> Proof {
    let about = parameter(error)?;
    let expected = match about {
        "code_challenge_method" => "S256".to_owned(),
        "code_challenge" => "43 characters of base64url without =".to_owned(),
        "response_type" => "code".to_owned(),
        "response_mode" => "query".to_owned(),
        "prompt" => "none alone, or login, consent, select_account".to_owned(),
        _ => client.scope.to_string(),
    };
    evidence(about, expected, shown(received.unwrap_or_default()))
}

/// The address of the token request against that of the authorize request.
pub(crate) fn address(meant: &str, presented: &str, environment: Environment) -> Proof {
    let explained = RegisteredRedirectUri::parse(meant, environment)
        .ok()
        .and_then(|meant| explain(&[meant], presented));
    match explained {
        Some(explanation) => Some(Box::new(of_address(explanation))),
        None => evidence("redirect_uri", meant.to_owned(), shown(presented)),
    }
}

/// How old a code was.
pub(crate) fn code_age(lifetime: Duration, expired_at: Timestamp, now: Timestamp) -> Proof {
    let late = now.since(expired_at).as_secs();
    evidence(
        "code",
        format!("exchanged within {} seconds", lifetime.as_secs()),
        format!("exchanged {late} seconds too late"),
    )
}

/// What may be asked for against what was asked for.
pub(crate) fn scope(expected: &Scope, received: Option<&Scope>) -> Proof {
    let received = received.map(|scope| shown(&scope.to_string()));
    evidence("scope", expected.to_string(), received.unwrap_or_default())
}

fn evidence(about: &str, expected: String, received: String) -> Proof {
    Some(Box::new(Evidence {
        about: about.to_owned(),
        expected,
        received,
        differences: Vec::new(),
    }))
}
