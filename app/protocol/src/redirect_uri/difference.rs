//! What differs between the address that was registered and the one that was sent, for the page
//! that a developer reads. It explains; [`super::RegisteredRedirectUri::matches`] has decided.

use serde::{Deserialize, Serialize};

use super::{RegisteredRedirectUri, parts::Parts};
use crate::text::{is_hidden, shown};

/// The registered address that is closest to the requested one, and what differs.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Explanation {
    /// Fewest different components, then fewest different characters.
    pub closest: String,
    /// What was sent, made harmless by [`shown`].
    pub requested: String,
    /// Component by component; empty only when the addresses differ in a way that no component
    /// shows, such as `https://a.example` and `https://a.example?`.
    pub differences: Vec<Difference>,
}

impl Explanation {
    /// More than three differences: this is another address, and a diff would be noise.
    pub fn is_another_address(&self) -> bool {
        self.differences.len() > 3
    }
}

/// One component that differs.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Difference {
    /// Which one.
    pub component: Component,
    /// What is registered; empty when the component is absent.
    pub expected: String,
    /// What was sent, made harmless by [`shown`]; empty when the component is absent.
    pub received: String,
    /// The likely reason.
    pub hint: Hint,
}

/// A component of an address, RFC 3986 §3.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Component {
    /// Before the first colon.
    Scheme,
    /// Before the `@`.
    Userinfo,
    /// The host.
    Host,
    /// After the host's colon.
    Port,
    /// From the first slash on.
    Path,
    /// After the question mark.
    Query,
    /// After the `#`.
    Fragment,
}

impl Component {
    /// Its name in sentences and logs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Scheme => "scheme",
            Self::Userinfo => "userinfo",
            Self::Host => "host",
            Self::Port => "port",
            Self::Path => "path",
            Self::Query => "query",
            Self::Fragment => "fragment",
        }
    }
}

/// The likely reason of a difference.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hint {
    /// Only a `/` at the end.
    TrailingSlash,
    /// `http` and `https`.
    HttpAndHttps,
    /// An app scheme and a web scheme.
    AppSchemeAndWeb,
    /// With and without `www.`.
    Www,
    /// `localhost`, `127.0.0.1`, `[::1]`.
    LoopbackNames,
    /// One has a port, the other has not; the default port counts too.
    PortMissing,
    /// Only upper and lower case.
    Case,
    /// The same after percent-decoding, but not character by character.
    PercentEncoding,
    /// Encoded twice, such as `%252F`.
    DoubleEncoding,
    /// A blank, line break or invisible character.
    HiddenCharacter,
    /// A letter outside ASCII, or a `xn--` name: perhaps a look-alike.
    LookAlike,
    /// A component that the registered address does not have.
    Extra,
    /// A component of the registered address is missing.
    Missing,
    /// Simply something else.
    Different,
}

impl Hint {
    /// A sentence for the developer.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::TrailingSlash => {
                "only a slash at the end; addresses are compared character by character"
            }
            Self::HttpAndHttps => {
                "http and https differ; outside 127.0.0.1 browsers and we require https"
            }
            Self::AppSchemeAndWeb => "one opens an app, the other a web page",
            Self::Www => "with and without www. are two addresses",
            Self::LoopbackNames => "localhost, 127.0.0.1 and [::1] are three addresses",
            Self::PortMissing => {
                "one has a port and the other has not, even if it is the default port"
            }
            Self::Case => {
                "only upper and lower case; addresses are compared character by character"
            }
            Self::PercentEncoding => "identical after decoding, but not character by character",
            Self::DoubleEncoding => {
                "encoded twice; encode the address once when you build the authorize URL"
            }
            Self::HiddenCharacter => "a blank, line break or invisible character slipped in",
            Self::LookAlike => {
                "a letter outside ASCII or a xn-- name; check that it is not a look-alike"
            }
            Self::Extra => "the registered address has none",
            Self::Missing => "the registered address has one",
            Self::Different => "not the same",
        }
    }
}

/// Compares a requested address with the registered ones, component by component, and explains the
/// closest. `None` when nothing is registered or the address does match.
pub fn explain(registered: &[RegisteredRedirectUri], requested: &str) -> Option<Explanation> {
    if registered
        .iter()
        .any(|known| known.matches(requested).is_some())
    {
        return None;
    }
    // What can be asked of us is bounded; what is longer than any address may be is cut.
    let requested: String = requested.chars().take(super::LONGEST).collect();
    registered
        .iter()
        .map(|known| (known.as_str(), differences(known, &requested)))
        .min_by_key(|(known, differences)| (differences.len(), edit_distance(known, &requested)))
        .map(|(closest, differences)| Explanation {
            closest: closest.to_owned(),
            requested: shown(&requested),
            differences,
        })
}

fn differences(registered: &RegisteredRedirectUri, requested: &str) -> Vec<Difference> {
    let (expected, received) = (Parts::of(registered.as_str()), Parts::of(requested));
    let path = |parts: &Parts<'_>| (!parts.path.is_empty()).then_some(());
    let pairs = [
        (Component::Scheme, expected.scheme, received.scheme),
        (Component::Userinfo, expected.userinfo, received.userinfo),
        (Component::Host, expected.host, received.host),
        (Component::Port, expected.port, received.port),
        (
            Component::Path,
            path(&expected).map(|()| expected.path),
            path(&received).map(|()| received.path),
        ),
        (Component::Query, expected.query, received.query),
        (Component::Fragment, expected.fragment, received.fragment),
    ];
    pairs
        .into_iter()
        // The port of a native app may differ, so it is never the reason.
        .filter(|(component, ..)| !(*component == Component::Port && registered.is_loopback()))
        .filter(|(_, expected, received)| expected != received)
        .map(|(component, expected, received)| Difference {
            component,
            expected: expected.unwrap_or_default().to_owned(),
            received: shown(received.unwrap_or_default()),
            hint: hint(component, expected, received),
        })
        .collect()
}

fn hint(component: Component, expected: Option<&str>, received: Option<&str>) -> Hint {
    let (e, r) = (expected.unwrap_or_default(), received.unwrap_or_default());
    if r.chars()
        .any(|character| character.is_whitespace() || is_hidden(character))
    {
        return Hint::HiddenCharacter;
    }
    match component {
        Component::Port if expected.is_none() || received.is_none() => return Hint::PortMissing,
        Component::Path if e.strip_suffix('/') == Some(r) || r.strip_suffix('/') == Some(e) => {
            return Hint::TrailingSlash;
        }
        _ => {}
    }
    if expected.is_none() {
        return Hint::Extra;
    }
    if received.is_none() {
        return Hint::Missing;
    }
    if e.eq_ignore_ascii_case(r) {
        return Hint::Case;
    }
    let is_web = |scheme: &str| matches!(scheme, "http" | "https");
    let is_loopback = |host: &str| matches!(host, "localhost" | "127.0.0.1" | "[::1]");
    match component {
        Component::Scheme if is_web(e) && is_web(r) => Hint::HttpAndHttps,
        Component::Scheme if is_web(e) || is_web(r) => Hint::AppSchemeAndWeb,
        Component::Host if is_loopback(e) && is_loopback(r) => Hint::LoopbackNames,
        Component::Host
            if e.strip_prefix("www.") == Some(r) || r.strip_prefix("www.") == Some(e) =>
        {
            Hint::Www
        }
        Component::Host if !r.is_ascii() || r.split('.').any(|label| label.starts_with("xn--")) => {
            Hint::LookAlike
        }
        _ if decoded(e) == decoded(r) => Hint::PercentEncoding,
        _ if decoded(&decoded(e)) == decoded(&decoded(r)) => Hint::DoubleEncoding,
        _ => Hint::Different,
    }
}

fn decoded(text: &str) -> String {
    percent_encoding::percent_decode_str(text)
        .decode_utf8_lossy()
        .into_owned()
}

/// Levenshtein's distance between the first 200 characters: enough to rank, and bounded.
fn edit_distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().take(200).collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (at, character) in left.chars().take(200).enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], at + 1);
        for (column, other) in right.iter().enumerate() {
            let substituted = diagonal + usize::from(character != *other);
            diagonal = row[column + 1];
            row[column + 1] = substituted.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[right.len()]
}
