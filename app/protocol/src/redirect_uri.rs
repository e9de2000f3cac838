//! Where a person may be sent back to (RFC 6749 §3.1.2, RFC 9700 §2.1 and §4.1, RFC 8252 §7).
//!
//! [`RegisteredRedirectUri::parse`] is the rule at registration, [`RegisteredRedirectUri::matches`]
//! the rule at the authorize endpoint, and [`TrustedRedirect`] the only thing that an answer can be
//! sent to: an open redirect does not compile. [`explain`] tells a developer what differs.

mod difference;
pub(crate) mod parts;

use std::{
    fmt,
    net::{Ipv4Addr, Ipv6Addr},
};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;

use crate::client::Environment;

pub use difference::{Component, Difference, Explanation, Hint, explain};
use parts::Parts;

/// Longest address that is accepted, in bytes.
pub const LONGEST: usize = 1_000;

/// An address that a client registered, kept character by character as it was given.
#[derive(Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct RegisteredRedirectUri {
    text: String,
    #[serde(skip)]
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Kind {
    Web,
    /// `http` on `127.0.0.1` or `[::1]`: a native app, which gets a new port at each start.
    Loopback,
    AppScheme,
}

/// Why an address cannot be registered.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum RedirectUriFault {
    /// Nothing, or more than [`LONGEST`] bytes.
    #[error("an address has 1 to 1000 characters")]
    Length,
    /// A blank, a control character, a backslash, or anything else outside RFC 3986.
    #[error(
        "the address holds a character that RFC 3986 does not allow; percent-encode it, and write international domains as xn--"
    )]
    ForbiddenCharacter,
    /// A `%` without two hexadecimal digits, or one that hides a control character.
    #[error("the address holds a wrong percent-encoding")]
    PercentEncoding,
    /// `*`.
    #[error("wildcards are not supported: register each address")]
    Wildcard,
    /// `#`.
    #[error("the address must not have a fragment (#)")]
    Fragment,
    /// No scheme.
    #[error("the address must be absolute and begin with https://")]
    Relative,
    /// `javascript:` and its kin.
    #[error("this scheme runs or shows content by itself and is never allowed")]
    DangerousScheme,
    /// An app scheme that nobody owns.
    #[error("a scheme of an app must contain a dot, like com.example.app")]
    AppSchemeWithoutDot,
    /// Plain `http` elsewhere than on the person's own machine.
    #[error(
        "http is allowed only for 127.0.0.1 and [::1] (and localhost in the sandbox); use https"
    )]
    PlainHttp,
    /// `user@`.
    #[error("the address must not have a user name or password")]
    UserInfo,
    /// No host, or not a host name or IP address.
    #[error("the address has no proper host name")]
    Host,
    /// Not 1 to 65535.
    #[error("the port must be a number from 1 to 65535")]
    Port,
    /// `.` or `..` in the path, also percent-encoded.
    #[error("the path must not contain . or .. as a step")]
    DotSegment,
}

impl RedirectUriFault {
    /// Stable key in the translation files.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Length => "redirect_uri.length",
            Self::ForbiddenCharacter => "redirect_uri.forbidden_character",
            Self::PercentEncoding => "redirect_uri.percent_encoding",
            Self::Wildcard => "redirect_uri.wildcard",
            Self::Fragment => "redirect_uri.fragment",
            Self::Relative => "redirect_uri.relative",
            Self::DangerousScheme => "redirect_uri.dangerous_scheme",
            Self::AppSchemeWithoutDot => "redirect_uri.app_scheme_without_dot",
            Self::PlainHttp => "redirect_uri.plain_http",
            Self::UserInfo => "redirect_uri.user_info",
            Self::Host => "redirect_uri.host",
            Self::Port => "redirect_uri.port",
            Self::DotSegment => "redirect_uri.dot_segment",
        }
    }
}

impl RegisteredRedirectUri {
    /// Reads an address that a developer wants to register.
    ///
    /// Absolute, without fragment, wildcard, user name, dot segments and control characters; `https`,
    /// or `http` on the person's own machine, or an app scheme with a dot in it (RFC 8252 §7.1).
    /// The alphabet is strictly RFC 3986, so that our reading and a browser's cannot differ.
    pub fn parse(text: &str, environment: Environment) -> Result<Self, RedirectUriFault> {
        if text.is_empty() || text.len() > LONGEST {
            return Err(RedirectUriFault::Length);
        }
        if text.contains('*') {
            return Err(RedirectUriFault::Wildcard);
        }
        if text.contains('#') {
            return Err(RedirectUriFault::Fragment);
        }
        if !text.bytes().all(is_uri_byte) {
            return Err(RedirectUriFault::ForbiddenCharacter);
        }
        check_percent_encoding(text)?;
        let parts = Parts::of(text);
        let scheme = parts
            .scheme
            .ok_or(RedirectUriFault::Relative)?
            .to_ascii_lowercase();
        if DANGEROUS_SCHEMES.contains(&scheme.as_str()) {
            return Err(RedirectUriFault::DangerousScheme);
        }
        if parts.userinfo.is_some() {
            return Err(RedirectUriFault::UserInfo);
        }
        if has_dot_segment(parts.path) {
            return Err(RedirectUriFault::DotSegment);
        }
        let brackets = |part: &str| part.contains(['[', ']']);
        if brackets(parts.path) || parts.query.is_some_and(brackets) {
            return Err(RedirectUriFault::ForbiddenCharacter);
        }
        let kind = match scheme.as_str() {
            "https" => {
                check_authority(&parts)?;
                Kind::Web
            }
            "http" => {
                check_authority(&parts)?;
                match parts.host.unwrap_or_default() {
                    "127.0.0.1" | "[::1]" => Kind::Loopback,
                    "localhost" if environment == Environment::Sandbox => Kind::Web,
                    _ => return Err(RedirectUriFault::PlainHttp),
                }
            }
            app if !app.contains('.') => return Err(RedirectUriFault::AppSchemeWithoutDot),
            _ if text.len() == scheme.len() + 1 => return Err(RedirectUriFault::Host),
            _ => {
                // The slashes and the host are optional here, but what stands there is a host.
                if parts.port.is_some() || !matches!(parts.host, None | Some("")) {
                    check_authority(&parts)?;
                }
                Kind::AppScheme
            }
        };
        Ok(Self {
            text: text.to_owned(),
            kind,
        })
    }

    /// The address as it was registered.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Where a person goes who is sent there, in words for the consent page: the host, or the scheme
    /// of an app.
    pub fn host(&self) -> &str {
        host(&self.text, self.kind)
    }

    /// Whether it is a native app's address on the person's own machine.
    pub fn is_loopback(&self) -> bool {
        self.kind == Kind::Loopback
    }

    /// The address to go back to, when the requested one is this one: character by character
    /// (RFC 9700 §4.1.3). On `127.0.0.1` and `[::1]`, and only there, the port may differ (RFC 8252 §7.3).
    pub fn matches(&self, requested: &str) -> Option<TrustedRedirect> {
        let same = match self.kind {
            Kind::Loopback => match (split_loopback(&self.text), split_loopback(requested)) {
                (Some(registered), Some(requested)) => registered == requested,
                _ => false,
            },
            Kind::Web | Kind::AppScheme => self.text == requested,
        };
        same.then(|| TrustedRedirect {
            text: requested.to_owned(),
            kind: self.kind,
        })
    }
}

impl fmt::Display for RegisteredRedirectUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for RegisteredRedirectUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RegisteredRedirectUri({})", self.text)
    }
}

/// The part of an address that tells people where it leads.
fn host(text: &str, kind: Kind) -> &str {
    let parts = Parts::of(text);
    let part = match kind {
        Kind::AppScheme => parts.scheme,
        Kind::Web | Kind::Loopback => parts.host,
    };
    part.unwrap_or_default()
}

/// An address that answers may be sent to. Comes only out of [`RegisteredRedirectUri::matches`].
#[derive(Clone, PartialEq, Eq)]
pub struct TrustedRedirect {
    text: String,
    kind: Kind,
}

impl TrustedRedirect {
    /// The address as the request had it.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// What stands in `form-action` of the pages of this authorization, so that the browser follows
    /// the answer: the origin, or for an app the bare scheme (`com.example.app:`).
    pub fn origin(&self) -> String {
        let parts = Parts::of(&self.text);
        let scheme = parts.scheme.unwrap_or_default().to_ascii_lowercase();
        let host = parts.host.unwrap_or_default().to_ascii_lowercase();
        // CSP has no way to write an IPv6 address (CSP Level 3, host-source), so [::1] gets its scheme.
        if self.kind == Kind::AppScheme || host.starts_with('[') {
            return format!("{scheme}:");
        }
        match parts.port {
            Some(port) => format!("{scheme}://{host}:{port}"),
            None => format!("{scheme}://{host}"),
        }
    }

    /// Whether an app is opened instead of a web page.
    pub fn is_app_scheme(&self) -> bool {
        self.kind == Kind::AppScheme
    }

    /// Where the person goes next, in words for the consent page: the host, or the scheme of an app.
    pub fn host(&self) -> &str {
        host(&self.text, self.kind)
    }

    /// The address with parameters added to its query; an existing query is kept (RFC 6749 §3.1.2).
    /// Everything but letters, digits and `-._~` is percent-encoded.
    pub fn with(&self, parameters: &[(&str, &str)]) -> String {
        let mut text = self.text.clone();
        let mut separator = match self.text.split_once('?') {
            None => "?",
            Some((_, "")) => "",
            Some((_, query)) if query.ends_with('&') => "",
            Some(_) => "&",
        };
        for (name, value) in parameters {
            text.push_str(separator);
            text.extend(utf8_percent_encode(name, BUT_UNRESERVED));
            text.push('=');
            text.extend(utf8_percent_encode(value, BUT_UNRESERVED));
            separator = "&";
        }
        text
    }
}

impl fmt::Display for TrustedRedirect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for TrustedRedirect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TrustedRedirect({})", self.text)
    }
}

/// Everything but the unreserved characters of RFC 3986 §2.3.
const BUT_UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

const DANGEROUS_SCHEMES: [&str; 10] = [
    "about",
    "blob",
    "data",
    "file",
    "filesystem",
    "ftp",
    "javascript",
    "vbscript",
    "view-source",
    "ws",
];

/// The characters of RFC 3986 §2: reserved, unreserved, percent.
const fn is_uri_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(
            byte,
            b'-' | b'.'
                | b'_'
                | b'~'
                | b':'
                | b'/'
                | b'?'
                | b'#'
                | b'['
                | b']'
                | b'@'
                | b'!'
                | b'$'
                | b'&'
                | b'\''
                | b'('
                | b')'
                | b'*'
                | b'+'
                | b','
                | b';'
                | b'='
                | b'%'
        )
}

fn check_percent_encoding(text: &str) -> Result<(), RedirectUriFault> {
    for after in text.split('%').skip(1) {
        let byte = after
            .get(..2)
            .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
        match byte.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) if !byte.is_ascii_control() => {}
            _ => return Err(RedirectUriFault::PercentEncoding),
        }
    }
    Ok(())
}

/// Browsers drop these steps before they ask the server, so the address would become another one.
fn has_dot_segment(path: &str) -> bool {
    path.split('/').any(|step| {
        let step = step.to_ascii_lowercase().replace("%2e", ".");
        step == "." || step == ".."
    })
}

fn check_authority(parts: &Parts<'_>) -> Result<(), RedirectUriFault> {
    let host = parts.host.ok_or(RedirectUriFault::Host)?;
    if !is_host(host) {
        return Err(RedirectUriFault::Host);
    }
    parts.port.map_or(Ok(()), check_port)
}

/// A host name, or an IP address in its usual form. What a browser would read as an IPv4 address
/// in disguise (`0x7f.1`, `2130706433`) is none.
fn is_host(host: &str) -> bool {
    if let Some(address) = host.strip_prefix('[') {
        return address
            .strip_suffix(']')
            .is_some_and(|address| address.parse::<Ipv6Addr>().is_ok());
    }
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
    };
    let last = host.rsplit('.').next().unwrap_or_default();
    let numeric = last.starts_with(|character: char| character.is_ascii_digit());
    host.len() <= 253
        && host.split('.').all(label)
        && (!numeric || host.parse::<Ipv4Addr>().is_ok())
}

fn check_port(port: &str) -> Result<(), RedirectUriFault> {
    if is_port(port) {
        Ok(())
    } else {
        Err(RedirectUriFault::Port)
    }
}

fn is_port(port: &str) -> bool {
    let plain = port.bytes().all(|byte| byte.is_ascii_digit()) && !port.starts_with('0');
    plain && port.parse::<u16>().is_ok()
}

/// A loopback address in two pieces, with the port taken out from between them.
fn split_loopback(text: &str) -> Option<(&str, &str)> {
    let host = ["http://127.0.0.1", "http://[::1]"]
        .into_iter()
        .find(|host| text.starts_with(host))?;
    let (before, after) = text.split_at_checked(host.len())?;
    let Some(after_colon) = after.strip_prefix(':') else {
        return Some((before, after));
    };
    let digits = after_colon.bytes().take_while(u8::is_ascii_digit).count();
    let (port, rest) = after_colon.split_at_checked(digits)?;
    is_port(port).then_some((before, rest))
}

#[cfg(test)]
mod tests;
