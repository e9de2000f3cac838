//! What a prober can do, and what it brings back.

use std::{future::Future, pin::Pin};

use protocol::time::Timestamp;

/// Looks at servers of others: names, certificates, pages.
///
/// It never reaches an address that is not on the public internet, whatever a name leads to and
/// however often it leads elsewhere; never follows a redirect; never waits long; never reads much.
pub trait Prober: Send + Sync {
    /// The TXT records of a domain. A domain without any, and one that does not exist, has none.
    fn txt<'a>(&'a self, domain: &'a str) -> Probing<'a, Vec<String>>;

    /// What stands at an http or https address. Over https nothing is asked of a server that cannot
    /// prove who it is: `status` is then 0 and `tls` says why.
    fn fetch<'a>(&'a self, address: &'a str) -> Probing<'a, Fetched>;

    /// How a server speaks TLS. Nothing is asked of it.
    fn tls<'a>(&'a self, host: &'a str, port: u16) -> Probing<'a, TlsFacts>;
}

/// A look that is on its way.
pub type Probing<'a, T> = Pin<Box<dyn Future<Output = Result<T, Unreachable>> + Send + 'a>>;

/// An answer over HTTP.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fetched {
    /// The status code; 0 when nothing was asked because of what `tls` says.
    pub status: u16,
    /// The `Content-Type`.
    pub content_type: Option<String>,
    /// The `Location`, if the server sends elsewhere.
    pub location: Option<String>,
    /// Whether the server asks for https only (RFC 6797), over https.
    pub hsts: bool,
    /// The first part of the body.
    pub body: Vec<u8>,
    /// How the server spoke TLS; nothing over plain http.
    pub tls: Option<TlsFacts>,
}

/// How a server speaks TLS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsFacts {
    /// The version that was agreed on.
    pub version: TlsVersion,
    /// Whether its certificate leads to a root that is trusted.
    pub chain: Chain,
    /// Whether the certificate is for the host that was asked.
    pub covers_host: bool,
    /// The names that the certificate is for, a few of them, when it is not for this host.
    pub names: Vec<String>,
    /// Since when the certificate holds.
    pub not_before: Timestamp,
    /// Until when the certificate holds.
    pub not_after: Timestamp,
}

impl TlsFacts {
    /// Whether a browser would go on without a warning.
    pub fn is_trusted(&self) -> bool {
        self.chain == Chain::Trusted && self.covers_host
    }
}

/// Versions of TLS that are still in use. Older ones are not spoken (RFC 8996).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TlsVersion {
    /// RFC 5246.
    V1_2,
    /// RFC 8446.
    V1_3,
}

impl TlsVersion {
    /// As people write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::V1_2 => "1.2",
            Self::V1_3 => "1.3",
        }
    }
}

/// Where a certificate leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chain {
    /// To a root that is trusted.
    Trusted,
    /// To itself.
    SelfSigned,
    /// To somebody who is not known, or an intermediate certificate is missing.
    UnknownIssuer,
    /// It does not hold at this time.
    OutOfTime,
    /// It cannot be used: damaged, made for another use, signed in a way that is no longer trusted.
    Broken,
}

/// Why nothing was found out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreachable {
    /// It is not an http or https address with a host.
    NotAnAddress,
    /// The name does not exist, or leads to no address.
    NoSuchName,
    /// The name servers did not answer.
    NameServerFailed,
    /// The name leads to an address that is not on the public internet: it was not reached for.
    NotPublic,
    /// The port is neither 80 nor 443: it was not reached for.
    PortNotAllowed(u16),
    /// Nobody listens there, or the connection broke.
    NoConnection,
    /// It took too long.
    TimedOut,
    /// There is somebody, who does not speak TLS as we do.
    NoTls,
    /// There is somebody, who does not speak HTTP, or says too much of it.
    NotHttp,
}
