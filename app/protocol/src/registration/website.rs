//! Task "website": where people find the app and its policies.

use serde::{Deserialize, Serialize};

use super::{
    faults::{FaultKind, Faults},
    field::{Field, Task},
    identifiers::checked_text,
    reader::Reader,
};
use crate::{
    client::Environment,
    form::RawForm,
    redirect_uri::{RedirectUriFault, RegisteredRedirectUri, parts::Parts},
};

checked_text! {
    /// A public page: `https`, a host name with a dot, no user name; a fragment is allowed. Read by
    /// the rules of redirect URIs, so that no browser reads it in another way.
    WebAddress
}

impl WebAddress {
    /// Reads an address as typed.
    pub fn parse(typed: &str) -> Result<Self, FaultKind> {
        let (page, fragment) = typed.split_once('#').unwrap_or((typed, ""));
        // A fragment has the alphabet of a query (RFC 3986 §3.5); that of a path is the same.
        let readable = |text: &str| RegisteredRedirectUri::parse(text, Environment::Live);
        let fault = |fault: RedirectUriFault| match fault {
            RedirectUriFault::PlainHttp
            | RedirectUriFault::AppSchemeWithoutDot
            | RedirectUriFault::DangerousScheme
            | RedirectUriFault::Relative => FaultKind::WebHttps,
            RedirectUriFault::Host => FaultKind::WebHost,
            _ => FaultKind::WebAddress,
        };
        readable(page).map_err(fault)?;
        if readable(&format!("https://host.example/?{fragment}")).is_err() {
            return Err(FaultKind::WebAddress);
        }
        let parts = Parts::of(page);
        if !parts
            .scheme
            .is_some_and(|scheme| scheme.eq_ignore_ascii_case("https"))
        {
            return Err(FaultKind::WebHttps);
        }
        if !is_public_name(parts.host.unwrap_or_default()) {
            return Err(FaultKind::WebHost);
        }
        Ok(Self(typed.to_owned()))
    }

    /// The host in lower case.
    pub fn host(&self) -> String {
        Parts::of(&self.0)
            .host
            .unwrap_or_default()
            .to_ascii_lowercase()
    }
}

/// A name with a dot that is not an IP address and not one of the names that never reach the public
/// internet (RFC 6761, RFC 6762, RFC 8375).
fn is_public_name(host: &str) -> bool {
    let last = host
        .rsplit('.')
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    let address = last.starts_with(|first: char| first.is_ascii_digit()) || host.starts_with('[');
    host.contains('.')
        && !address
        && !matches!(last.as_str(), "localhost" | "local" | "arpa" | "internal")
}

/// Website, accepted.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Website {
    /// Homepage.
    pub website: WebAddress,
    /// Privacy policy.
    pub privacy_url: WebAddress,
    /// Terms of use.
    pub terms_url: WebAddress,
}

impl Website {
    /// Reads the form.
    pub fn parse(form: &RawForm) -> Result<Self, Faults> {
        let mut form = Reader::new(form, Task::Website);
        let website = form.value(Field::Website, WebAddress::parse);
        let privacy_url = form.value(Field::PrivacyUrl, WebAddress::parse);
        let terms_url = form.value(Field::TermsUrl, WebAddress::parse);
        let draft = || {
            Some(Self {
                website: website?,
                privacy_url: privacy_url?,
                terms_url: terms_url?,
            })
        };
        form.finish(draft())
    }

    /// The domain whose control is to be proved: the host of the homepage without `www.`
    pub fn domain(&self) -> String {
        let host = self.website.host();
        match host.strip_prefix("www.") {
            Some(domain) if domain.contains('.') => domain.to_owned(),
            _ => host,
        }
    }

    pub(super) fn value(&self, field: Field) -> Option<String> {
        match field {
            Field::Website => Some(self.website.to_string()),
            Field::PrivacyUrl => Some(self.privacy_url.to_string()),
            Field::TermsUrl => Some(self.terms_url.to_string()),
            _ => None,
        }
    }
}
