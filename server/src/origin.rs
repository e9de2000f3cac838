//! Where a request comes from: which address, and whether one of our own pages sent it.

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

use app::visitor::Caller;
use axum::{
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, Method, header},
    middleware::Next,
    response::Response,
};

use crate::settings::value::Networks;

/// What the edge knows of itself.
#[derive(Clone, Debug)]
pub struct Edge {
    origin: String,
    proxies: Networks,
}

impl Edge {
    /// The edge of a server that is reached at `public_url` (an origin, without a path), perhaps
    /// through `proxies`.
    pub fn new(public_url: &str, proxies: Networks) -> Self {
        Self {
            origin: public_url.to_owned(),
            proxies,
        }
    }

    /// Where the connection to us was opened, or, behind proxies of ours, the nearest address that
    /// is not one of them. `X-Forwarded-For` of anybody else is ignored.
    fn client_address(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut address = peer.to_canonical();
        let lines = headers
            .get_all("x-forwarded-for")
            .iter()
            .filter_map(|line| line.to_str().ok());
        let hops: Vec<&str> = lines
            .flat_map(|line| line.split(','))
            .map(str::trim)
            .collect();
        let mut hops = hops.iter().rev();
        while self.proxies.contains(address) {
            match hops.next().and_then(|hop| address_of(hop)) {
                Some(before) => address = before.to_canonical(),
                None => break,
            }
        }
        address
    }

    /// Whether a page of ours sent the request.
    ///
    /// Our pages send no referrer, and browsers then say `Origin: null` with a form (Fetch
    /// standard, "append a request `Origin` header"): there `Sec-Fetch-Site` decides. Programs
    /// send neither header; they have no cookies that they did not fetch themselves, and the form's
    /// own token stands against the rest.
    fn is_own(&self, headers: &HeaderMap) -> bool {
        let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
        match (text(header::ORIGIN.as_str()), text("sec-fetch-site")) {
            (Some(origin), _) if origin != "null" && origin != self.origin => false,
            // "none": the person repeats what they sent, by reloading.
            (_, Some(site)) => matches!(site, "same-origin" | "none"),
            // Browsers tell the site on secure pages only; elsewhere a form's origin is all there is.
            (Some("null"), None) => !self.origin.starts_with("https://"),
            (_, None) => true,
        }
    }
}

/// An address as proxies write it: bare, in brackets, or with a port.
fn address_of(hop: &str) -> Option<IpAddr> {
    let bare = hop.trim_start_matches('[').trim_end_matches(']');
    bare.parse()
        .ok()
        .or_else(|| hop.parse::<SocketAddr>().ok().map(|address| address.ip()))
}

/// Tells every handler who calls ([`Caller`]).
pub async fn recognise(
    State(edge): State<Arc<Edge>>,
    mut request: Request,
    next: Next,
) -> Response {
    let peer = request
        .extensions()
        .get::<ConnectInfo<SocketAddr>>()
        .map(|info| info.0.ip());
    let address = edge.client_address(peer.unwrap_or(Caller::default().address), request.headers());
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    let same_origin = reads || edge.is_own(request.headers());
    request.extensions_mut().insert(Caller {
        address,
        same_origin,
    });
    request
        .extensions_mut()
        .insert(endpoints::peer::Peer(address));
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::value::Value;

    fn edge(url: &str, proxies: &str) -> Edge {
        Edge::new(url, Networks::parse(proxies).unwrap())
    }

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, value.parse().unwrap());
        }
        headers
    }

    #[test]
    fn only_trusted_proxies_may_say_where_a_request_came_from() {
        let edge = edge("https://id.bank.example", "10.0.0.0/8 2001:db8::/32");
        let table = [
            ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
            ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
            (
                "10.0.0.1",
                "6.6.6.6, 198.51.100.1, 10.0.0.2",
                "198.51.100.1",
            ),
            ("10.0.0.1", "198.51.100.1:4711", "198.51.100.1"),
            ("10.0.0.1", "[2001:db8::7]:443, nonsense", "10.0.0.1"),
            ("::ffff:10.0.0.1", "::ffff:198.51.100.1", "198.51.100.1"),
            ("2001:db8::1", "[2a00::1]", "2a00::1"),
            ("10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"),
        ];
        for (peer, forwarded, client) in table {
            let headers = headers(&[("x-forwarded-for", forwarded)]);
            let address = edge.client_address(peer.parse().unwrap(), &headers);
            assert_eq!(
                address,
                client.parse::<IpAddr>().unwrap(),
                "{peer} {forwarded}"
            );
        }
        assert_eq!(
            edge.client_address("10.0.0.1".parse().unwrap(), &HeaderMap::new()),
            "10.0.0.1".parse::<IpAddr>().unwrap(),
        );
    }

    #[test]
    fn several_header_lines_are_one_list() {
        let edge = edge("https://id.bank.example", "10.0.0.0/8");
        let headers = headers(&[
            ("x-forwarded-for", "6.6.6.6"),
            ("x-forwarded-for", "198.51.100.1, 10.0.0.2"),
        ]);
        assert_eq!(
            edge.client_address("10.0.0.1".parse().unwrap(), &headers),
            "198.51.100.1".parse::<IpAddr>().unwrap(),
        );
    }

    #[test]
    fn a_form_counts_when_a_page_of_ours_sent_it() {
        let edge = edge("https://id.bank.example", "");
        let own = "https://id.bank.example";
        let table: [(&[(&'static str, &str)], bool); 12] = [
            (
                &[("origin", "null"), ("sec-fetch-site", "same-origin")],
                true,
            ),
            (&[("origin", own), ("sec-fetch-site", "same-origin")], true),
            (&[("origin", own), ("sec-fetch-site", "none")], true),
            (&[("origin", own)], true),
            (&[], true),
            (&[("origin", "null")], false),
            (
                &[("origin", "null"), ("sec-fetch-site", "cross-site")],
                false,
            ),
            (&[("origin", own), ("sec-fetch-site", "same-site")], false),
            (&[("sec-fetch-site", "cross-site")], false),
            (&[("origin", "https://evil.example")], false),
            (
                &[
                    ("origin", "https://id.bank.example.evil.example"),
                    ("sec-fetch-site", "same-origin"),
                ],
                false,
            ),
            (&[("origin", "http://id.bank.example")], false),
        ];
        for (pairs, counts) in table {
            assert_eq!(edge.is_own(&headers(pairs)), counts, "{pairs:?}");
        }
    }

    #[test]
    fn without_https_a_form_without_an_origin_is_taken() {
        let edge = edge("http://192.168.1.5:3000", "");
        assert!(edge.is_own(&headers(&[("origin", "null")])));
        assert!(!edge.is_own(&headers(&[("origin", "http://evil.example")])));
    }
}
