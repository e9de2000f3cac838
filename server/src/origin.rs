//! Where a request comes from: which address, and whether one of our own pages sent it.

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

use app::visitor::Caller;
use axum::{
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, HeaderValue, Method, header},
    middleware::Next,
    response::Response,
};

use endpoints::peer::Certificate;
use sha2::{Digest as _, Sha256};

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

/// In which a proxy passes on the certificate of a TLS client (RFC 9440 §2.1).
const CLIENT_CERT: &str = "client-cert";

/// The certificate in the header: base64 of its DER between colons (RFC 9651 §3.3.5).
fn certificate(told: &HeaderValue) -> Option<Certificate> {
    let text = told.to_str().ok()?.trim();
    let base64 = text.strip_prefix(':')?.strip_suffix(':')?;
    let der = data_encoding::BASE64.decode(base64.as_bytes()).ok()?;
    Some(Certificate(Sha256::digest(&der).into()))
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
    // Nobody else's word on a certificate counts, and nobody behind this line sees it.
    let told = request.headers_mut().remove(CLIENT_CERT);
    let is_proxy = peer.is_some_and(|peer| edge.proxies.contains(peer.to_canonical()));
    if let Some(certificate) = told
        .filter(|_| is_proxy)
        .and_then(|told| certificate(&told))
    {
        request.extensions_mut().insert(certificate);
    }
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

    /// What a handler sees of a certificate that a peer says the other end has.
    async fn seen(peer: [u8; 4], told: &str) -> (Option<Certificate>, bool) {
        use axum::{Router, body::Body, middleware::from_fn_with_state, routing::get};
        use tower::ServiceExt as _;

        let edge = Arc::new(edge("https://id.bank.example", "10.0.0.0/8"));
        let handler = async |request: Request| {
            let known = request.extensions().get::<Certificate>().copied();
            let header = request.headers().contains_key(CLIENT_CERT);
            let mut response = Response::new(Body::empty());
            response.extensions_mut().insert((known, header));
            response
        };
        let router = Router::new()
            .route("/", get(handler))
            .layer(from_fn_with_state(edge, recognise));
        let request = Request::get("/")
            .header(CLIENT_CERT, told)
            .extension(ConnectInfo(SocketAddr::from((peer, 443))))
            .body(Body::empty())
            .unwrap();
        let response = router.oneshot(request).await.unwrap();
        *response.extensions().get().unwrap()
    }

    #[tokio::test]
    async fn only_trusted_proxies_may_show_a_certificate() {
        let proxy = [10, 0, 0, 1];
        let digest: [u8; 32] = Sha256::digest(b"a certificate").into();
        let told = format!(":{}:", data_encoding::BASE64.encode(b"a certificate"));
        assert_eq!(seen(proxy, &told).await, (Some(Certificate(digest)), false));
        assert_eq!(seen([203, 0, 113, 9], &told).await, (None, false));
        for malformed in ["", ":", "::x", "YQ==", ":YQ=:", ":a:,:b:"] {
            assert_eq!(seen(proxy, malformed).await, (None, false), "{malformed}");
        }
    }
}
