//! Which addresses a transaction may carry.
//!
//! The person's way back must be one of the registered redirect URIs, character by character (RFC 9700
//! §4.1.3), the same rule as at the authorize endpoint: whoever steals an app's key must not be able to
//! send people elsewhere with our page behind them. The published documentation is silent here; the
//! laxer "same origin" would let an open redirect of the app do what ours does not.
//!
//! The callback must go to a host that was registered too. It is https; `http` to the developer's own
//! machine is for the sandbox alone. What address the name leads to is judged when it is called.

use crate::{
    client::{Client, Environment},
    redirect_uri::{RegisteredRedirectUri, parts::Parts},
};

/// Why a `redirect_uri` is not taken; `None` when it is.
pub fn redirect_fault(client: &Client, address: &str) -> Option<&'static str> {
    client
        .redirect(address)
        .is_none()
        .then_some("must be one of the registered redirect URIs of the client")
}

/// Why a `callback_uri` is not taken; `None` when it is.
pub fn callback_fault(client: &Client, address: &str) -> Option<&'static str> {
    let parts = Parts::of(address);
    let is_sandbox = client.environment == Environment::Sandbox;
    let scheme_fits = match parts.scheme {
        Some(scheme) if scheme.eq_ignore_ascii_case("https") => true,
        Some(scheme) => is_sandbox && scheme.eq_ignore_ascii_case("http"),
        None => false,
    };
    // The same grammar as for redirect URIs: no user name, no fragment, nothing that reads in two ways,
    // and plain http to the own machine alone.
    if !scheme_fits || RegisteredRedirectUri::parse(address, client.environment).is_err() {
        return Some("must be an https address");
    }
    let host = parts.host.unwrap_or_default();
    if knows_host(client, host) {
        None
    } else {
        Some("must be on a host of the registered redirect URIs or on the verified domain")
    }
}

fn knows_host(client: &Client, host: &str) -> bool {
    let profile = &client.profile;
    let is_verified = profile.reviewed_at.is_some()
        && !profile.domain.is_empty()
        && profile.domain.eq_ignore_ascii_case(host);
    is_verified
        || client.redirect_uris.iter().any(|registered| {
            Parts::of(registered.as_str())
                .host
                .is_some_and(|known| !known.is_empty() && known.eq_ignore_ascii_case(host))
        })
}
