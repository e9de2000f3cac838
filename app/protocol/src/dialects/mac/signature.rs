//! The text that is signed, and checking a signature (draft-ietf-oauth-v2-http-mac-01 §3.2).
//!
//! Seven values, each followed by a line feed: timestamp, nonce, method, request target, host, port,
//! `ext`. Everything as it came over the wire: nothing is decoded, sorted or written anew.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use subtle::{Choice, ConstantTimeEq as _};

use super::MacHeader;

/// A host and a port to which a client may have signed its request.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Destination {
    /// As the client writes it.
    pub host: String,
    /// The number that stands in the text.
    pub port: u16,
}

/// The port that the documents and one library write, whatever the address is.
const DOCUMENTED_PORT: u16 = 443;

impl Destination {
    /// The destinations that may be meant by a request to the server with this public address:
    /// its host, as configured and as the request's `Host` writes it, at its port and at 443.
    ///
    /// `Host` is not believed: one that names another host adds nothing. With one exception: at a
    /// server whose public address is a loopback one, every loopback name and port of `Host` counts,
    /// because there the address depends on where one looks from.
    pub fn of(public_url: &str, host_header: Option<&str>) -> Vec<Self> {
        let (scheme, rest) = public_url
            .split_once("://")
            .unwrap_or(("https", public_url));
        let own_port = if scheme.eq_ignore_ascii_case("http") {
            80
        } else {
            443
        };
        let authority = rest.split(['/', '?']).next().unwrap_or_default();
        let (host, port) = parts(authority);
        let port = port.unwrap_or(own_port);
        let mut known = vec![(host.to_ascii_lowercase(), port)];
        if let Some(written) = host_header {
            let (written, written_port) = parts(written);
            if written.eq_ignore_ascii_case(host) {
                known.push((written.to_owned(), port));
            }
            if is_loopback(host) && is_loopback(written) {
                known.push((written.to_owned(), written_port.unwrap_or(own_port)));
            }
        }
        let mut destinations = Vec::new();
        for (host, port) in known {
            for port in [port, DOCUMENTED_PORT] {
                let destination = Self {
                    host: host.clone(),
                    port,
                };
                if !destinations.contains(&destination) {
                    destinations.push(destination);
                }
            }
        }
        destinations
    }
}

/// Host and port of an authority; an IPv6 address keeps its brackets.
fn parts(authority: &str) -> (&str, Option<u16>) {
    match authority.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, port.parse().ok()),
        _ => (authority, None),
    }
}

fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || address
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

/// What of a request is signed, beside what its header says.
#[derive(Clone, Copy, Debug)]
pub struct Signable<'a> {
    /// The method, in upper case.
    pub method: &'a str,
    /// Path and query exactly as on the request line.
    pub target: &'a str,
    /// What host and port may have been signed.
    pub destinations: &'a [Destination],
}

impl Signable<'_> {
    /// Whether `key` made the signature in `header` over this request, to one of the destinations. All
    /// of them are tried, each is compared in constant time. The key is used as the text that it is.
    pub fn is_signed_with(&self, key: &str, header: &MacHeader) -> bool {
        let fits = |destination: &Destination| match self.signature(key, header, destination) {
            Some(expected) => expected.ct_eq(&header.mac),
            None => Choice::from(0),
        };
        self.destinations
            .iter()
            .map(fits)
            .fold(Choice::from(0), |found, fits| found | fits)
            .into()
    }

    /// Signs this request to the first of the destinations, as a client does: `header` with the signature
    /// in place of what stood there. `None` when there is no destination.
    pub fn sign(&self, key: &str, header: MacHeader) -> Option<MacHeader> {
        let mac = self.signature(key, &header, self.destinations.first()?)?;
        Some(MacHeader { mac, ..header })
    }

    /// The signature of this request to that destination.
    fn signature(
        &self,
        key: &str,
        header: &MacHeader,
        destination: &Destination,
    ) -> Option<[u8; 32]> {
        // HMAC takes keys of any length.
        let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).ok()?;
        let port = destination.port.to_string();
        for value in [
            &header.ts,
            &header.nonce,
            self.method,
            self.target,
            &destination.host,
            &port,
            &header.ext,
        ] {
            mac.update(value.as_bytes());
            mac.update(b"\n");
        }
        Some(mac.finalize().into_bytes().into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(public_url: &str, host: Option<&str>) -> Vec<String> {
        Destination::of(public_url, host)
            .into_iter()
            .map(|destination| format!("{}:{}", destination.host, destination.port))
            .collect()
    }

    #[test]
    fn host_and_port_are_those_of_the_public_address_and_443() {
        let bank = "https://wallet.bank.example";
        for host in [None, Some("wallet.bank.example"), Some("evil.example:443")] {
            assert_eq!(all(bank, host), ["wallet.bank.example:443"], "{host:?}");
        }
        assert_eq!(
            all(bank, Some("Wallet.Bank.example")),
            ["wallet.bank.example:443", "Wallet.Bank.example:443"]
        );
        assert_eq!(
            all("https://bank.example:8443/oauth", Some("bank.example:9")),
            ["bank.example:8443", "bank.example:443"]
        );
    }

    #[test]
    fn on_a_machine_of_ones_own_every_loopback_name_counts() {
        assert_eq!(
            all("http://127.0.0.1:3000", Some("localhost:4000")),
            [
                "127.0.0.1:3000",
                "127.0.0.1:443",
                "localhost:4000",
                "localhost:443"
            ]
        );
        assert_eq!(
            all("http://[::1]:3000", Some("[::1]:3000")),
            ["[::1]:3000", "[::1]:443"]
        );
        assert_eq!(
            all("http://localhost", Some("bank.example:80")),
            ["localhost:80", "localhost:443"]
        );
    }
}
