//! Where a request came from, behind trusted proxies or not.
//!
//! `X-Forwarded-For` is believed only when the connection comes from a proxy that the operator named,
//! and only as far as each hop is one of those. The scheme and the host of our own links never come
//! from a request at all: they are those of the public URL.

use std::{net::IpAddr, net::Ipv4Addr, net::SocketAddr, str::FromStr, sync::Arc};

use axum::{
    extract::{ConnectInfo, FromRequestParts, Request, State},
    middleware::Next,
    response::Response,
};
use http::{HeaderMap, request::Parts};

/// The address that a request came from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Peer(pub IpAddr);

impl<S: Send + Sync> FromRequestParts<S> for Peer {
    type Rejection = std::convert::Infallible;

    /// What [`layer`] found; without that layer, the other end of the connection.
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(parts.extensions.get::<Self>().copied().unwrap_or_else(|| Self(connected(&parts.extensions))))
    }
}

/// Finds the [`Peer`] of every request. For the outside of the whole application.
pub async fn layer(State(proxies): State<Arc<Proxies>>, mut request: Request, next: Next) -> Response {
    let peer = proxies.origin(connected(request.extensions()), request.headers());
    request.extensions_mut().insert(Peer(peer));
    next.run(request).await
}

fn connected(extensions: &http::Extensions) -> IpAddr {
    let unknown = IpAddr::V4(Ipv4Addr::UNSPECIFIED);
    extensions.get::<ConnectInfo<SocketAddr>>().map_or(unknown, |info| info.0.ip().to_canonical())
}

/// The proxies that may say where a request came from.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Proxies(pub Vec<Network>);

impl Proxies {
    /// The nearest address that is not a trusted proxy, counted from `connected` back through
    /// `X-Forwarded-For`. What cannot be read ends the chain.
    pub fn origin(&self, connected: IpAddr, headers: &HeaderMap) -> IpAddr {
        let hops = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
        let hops: Vec<&str> = hops.flat_map(|value| value.split(',')).map(str::trim).collect();
        let mut origin = connected;
        for hop in hops.into_iter().rev() {
            if !self.0.iter().any(|network| network.contains(origin)) {
                break;
            }
            match hop.parse::<IpAddr>() {
                Ok(address) => origin = address.to_canonical(),
                Err(_) => break,
            }
        }
        origin
    }
}

/// An address, or a network as `10.0.0.0/8`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Network {
    address: IpAddr,
    prefix: u32,
}

impl Network {
    /// Whether the address lies in the network.
    pub fn contains(&self, address: IpAddr) -> bool {
        let shared = match (self.address, address) {
            (IpAddr::V4(ours), IpAddr::V4(other)) => (ours.to_bits() ^ other.to_bits()).leading_zeros(),
            (IpAddr::V6(ours), IpAddr::V6(other)) => (ours.to_bits() ^ other.to_bits()).leading_zeros(),
            _ => return false,
        };
        shared >= self.prefix
    }
}

/// A text that is neither an address nor a network.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NotANetwork;

impl std::fmt::Display for NotANetwork {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("expected an IP address, or a network such as 10.0.0.0/8")
    }
}

impl std::error::Error for NotANetwork {}

impl FromStr for Network {
    type Err = NotANetwork;

    fn from_str(text: &str) -> Result<Self, NotANetwork> {
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix.parse().map_err(|_| NotANetwork)?)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| NotANetwork)?;
        let longest = if address.is_ipv4() { 32 } else { 128 };
        let prefix = prefix.unwrap_or(longest);
        (prefix <= longest).then_some(Self { address, prefix }).ok_or(NotANetwork)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(proxies: &[&str], connected: &str, forwarded: &[&str]) -> Option<String> {
        let proxies = Proxies(proxies.iter().filter_map(|text| text.parse().ok()).collect());
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append("x-forwarded-for", value.parse().ok()?);
        }
        Some(proxies.origin(connected.parse().ok()?, &headers).to_string())
    }

    #[test]
    fn row_54_forwarded_addresses_are_believed_only_from_trusted_proxies() {
        let proxies = ["10.0.0.0/8", "::1"];
        let table: &[(&[&str], &str, &[&str], &str)] = &[
            (&[], "192.0.2.1", &["203.0.113.9"], "192.0.2.1"),
            (&proxies, "192.0.2.1", &["203.0.113.9"], "192.0.2.1"),
            (&proxies, "10.1.2.3", &[], "10.1.2.3"),
            (&proxies, "10.1.2.3", &["203.0.113.9"], "203.0.113.9"),
            (&proxies, "::1", &["203.0.113.9"], "203.0.113.9"),
            // What the caller wrote itself stands left of what the proxy added.
            (&proxies, "10.1.2.3", &["10.9.9.9, 198.51.100.7, 203.0.113.9"], "203.0.113.9"),
            (&proxies, "10.1.2.3", &["198.51.100.7", "203.0.113.9, 10.4.4.4"], "203.0.113.9"),
            (&proxies, "10.1.2.3", &["203.0.113.9, unknown"], "10.1.2.3"),
        ];
        for (proxies, connected, forwarded, expected) in table {
            assert_eq!(origin(proxies, connected, forwarded).as_deref(), Some(*expected), "{connected} {forwarded:?}");
        }
    }

    #[test]
    fn networks_are_read_and_malformed_ones_refused() {
        for text in ["", "10.0.0.0/33", "::/129", "example.com", "10.0.0.0/x", "10.0.0.0/-1"] {
            assert_eq!(text.parse::<Network>(), Err(NotANetwork), "{text}");
        }
        let everything: Network = "0.0.0.0/0".parse().expect("a network");
        assert!(everything.contains(IpAddr::V4(Ipv4Addr::LOCALHOST)));
        assert!(!everything.contains("::1".parse().expect("an address")));
    }
}
