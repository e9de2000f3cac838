//! Callback addresses that are allowed but will cause trouble, or deserve a second look.

use serde::{Deserialize, Serialize};

use super::punycode;
use crate::{
    redirect_uri::{RegisteredRedirectUri, parts::Parts},
    words::words,
};

words! {
    /// What is remarkable about an address. The word is the key of its text.
    HygieneKind {
        /// Two addresses differ only by a slash at the end.
        TrailingSlashTwin "hygiene-trailing-slash-twin",
        /// Two addresses differ only by `www.`
        WwwTwin "hygiene-www-twin",
        /// The address has a query, which an app easily sends in another order.
        Query "hygiene-query",
        /// `:443`, which browsers leave out.
        DefaultPort "hygiene-default-port",
        /// Capitals in the host, which browsers change.
        UppercaseHost "hygiene-uppercase-host",
        /// An international host name; `other` is how people read it.
        InternationalHost "hygiene-international-host",
        /// The host is neither the website's domain nor below it; `other` is that domain.
        ForeignHost "hygiene-foreign-host",
        /// The scheme of the app is not the website's domain backwards (RFC 8252 §7.1).
        ForeignScheme "hygiene-foreign-scheme",
    }
}

/// A remark on one address.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct HygieneWarning {
    /// What.
    pub kind: HygieneKind,
    /// The address.
    pub uri: String,
    /// What it is compared with.
    pub other: Option<String>,
}

/// All remarks on the addresses of an app whose website is at `domain`, in the order of the addresses.
/// Of twins, the later one is remarked on.
pub fn warnings(addresses: &[RegisteredRedirectUri], domain: &str) -> Vec<HygieneWarning> {
    let mut warnings = Vec::new();
    for (at, address) in addresses.iter().enumerate() {
        let mut warn = |kind, other: Option<String>| {
            warnings.push(HygieneWarning {
                kind,
                uri: address.as_str().to_owned(),
                other,
            });
        };
        for earlier in &addresses[..at] {
            if let Some(kind) = twins(earlier.as_str(), address.as_str()) {
                warn(kind, Some(earlier.as_str().to_owned()));
            }
        }
        let parts = Parts::of(address.as_str());
        let host = parts.host.unwrap_or_default();
        let https = parts
            .scheme
            .is_some_and(|scheme| scheme.eq_ignore_ascii_case("https"));
        if parts.query.is_some() {
            warn(HygieneKind::Query, None);
        }
        if https && parts.port == Some("443") {
            warn(HygieneKind::DefaultPort, None);
        }
        if host.contains(|character: char| character.is_ascii_uppercase()) {
            warn(HygieneKind::UppercaseHost, None);
        }
        if let Some(readable) = punycode::readable(host) {
            warn(HygieneKind::InternationalHost, Some(readable));
        }
        if https && !is_within(host, domain) {
            warn(HygieneKind::ForeignHost, Some(domain.to_owned()));
        }
        if !https
            && !address.is_loopback()
            && !is_scheme_of(parts.scheme.unwrap_or_default(), domain)
        {
            warn(HygieneKind::ForeignScheme, Some(domain.to_owned()));
        }
    }
    warnings
}

/// Whether the host is the domain or below it.
pub fn is_within(host: &str, domain: &str) -> bool {
    let (host, domain) = (host.to_ascii_lowercase(), domain.to_ascii_lowercase());
    match host.strip_suffix(&domain) {
        Some(front) => front.is_empty() || front.ends_with('.'),
        None => false,
    }
}

/// Whether a scheme like `com.example.app` begins with the domain `example.com` backwards.
fn is_scheme_of(scheme: &str, domain: &str) -> bool {
    let backwards: Vec<&str> = scheme.rsplit('.').collect();
    is_within(&backwards.join("."), domain)
}

/// What a slash at the end of the path or `www.` in front of the host is ignored for.
fn twins(left: &str, right: &str) -> Option<HygieneKind> {
    let without_slash = |text: &str| {
        let (path, query) = text
            .split_once('?')
            .map_or((text, None), |(path, query)| (path, Some(query)));
        let path = path.strip_suffix('/').unwrap_or(path);
        (path.to_owned(), query.map(str::to_owned))
    };
    let without_www = |text: &str| text.replacen("://www.", "://", 1);
    if without_slash(left) == without_slash(right) {
        Some(HygieneKind::TrailingSlashTwin)
    } else if without_slash(&without_www(left)) == without_slash(&without_www(right)) {
        Some(HygieneKind::WwwTwin)
    } else {
        None
    }
}
