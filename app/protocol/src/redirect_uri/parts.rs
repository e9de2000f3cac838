//! The components of an address, by the regular expression of RFC 3986 appendix B. Lenient: it takes
//! apart, it judges nothing.

/// The components as they stand in the text, nothing decoded.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Parts<'a> {
    pub scheme: Option<&'a str>,
    pub userinfo: Option<&'a str>,
    /// With the brackets of an IPv6 address.
    pub host: Option<&'a str>,
    pub port: Option<&'a str>,
    pub path: &'a str,
    pub query: Option<&'a str>,
    pub fragment: Option<&'a str>,
}

impl<'a> Parts<'a> {
    pub fn of(text: &'a str) -> Self {
        let (rest, fragment) = cut(text, '#');
        let (rest, query) = cut(rest, '?');
        let (scheme, rest) = match rest.split_once(':') {
            Some((scheme, rest)) if is_scheme(scheme) => (Some(scheme), rest),
            _ => (None, rest),
        };
        let Some(after) = rest.strip_prefix("//") else {
            return Self {
                scheme,
                path: rest,
                query,
                fragment,
                ..Self::default()
            };
        };
        let (authority, path) = after.split_at(after.find('/').unwrap_or(after.len()));
        let (userinfo, address) = match authority.rsplit_once('@') {
            Some((userinfo, address)) => (Some(userinfo), address),
            None => (None, authority),
        };
        // A colon inside the brackets of an IPv6 address is no port.
        let after_brackets = address.rfind(']').map_or(0, |at| at + 1);
        let (host, port) = match address[after_brackets..].find(':') {
            Some(at) => (
                &address[..after_brackets + at],
                Some(&address[after_brackets + at + 1..]),
            ),
            None => (address, None),
        };
        Self {
            scheme,
            userinfo,
            host: Some(host),
            port,
            path,
            query,
            fragment,
        }
    }
}

fn cut(text: &str, at: char) -> (&str, Option<&str>) {
    match text.split_once(at) {
        Some((before, after)) => (before, Some(after)),
        None => (text, None),
    }
}

/// RFC 3986 §3.1.
fn is_scheme(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_come_apart() {
        let parts = Parts::of("https://user:pw@[::1]:8443/a/b?c=d?#e#f");
        assert_eq!(
            parts,
            Parts {
                scheme: Some("https"),
                userinfo: Some("user:pw"),
                host: Some("[::1]"),
                port: Some("8443"),
                path: "/a/b",
                query: Some("c=d?"),
                fragment: Some("e#f"),
            }
        );
        let app = Parts::of("com.example.app:/callback");
        assert_eq!(
            (app.scheme, app.host, app.path),
            (Some("com.example.app"), None, "/callback")
        );
        let relative = Parts::of("/callback:1");
        assert_eq!((relative.scheme, relative.path), (None, "/callback:1"));
        assert_eq!(Parts::of(""), Parts::default());
        assert_eq!(Parts::of("https://a@b@c:1/").userinfo, Some("a@b"));
    }
}
