//! Speaking to servers of others, for the automatic checks and for callbacks, without being led into our
//! own network.
//!
//! Whoever registers an app chooses the addresses that we look at, and so could point us at what only we
//! can reach: this machine, the machines beside it, the metadata service of a cloud (server-side
//! request forgery). Therefore:
//!
//! - a name is resolved once, every address that it leads to is judged, and the connection goes to the
//!   very address that was judged: a name that leads elsewhere the next time (DNS rebinding) gains nothing;
//! - one address that is not on the public internet is enough to refuse the name;
//! - no redirect is followed; what it says is reported;
//! - http and https, ports 80 and 443, nothing else;
//! - time, body, headers and the number of looks at the same time are bounded;
//! - over https nothing is asked of a server that cannot prove who it is.
//!
//! | what | file |
//! |---|---|
//! | which addresses are refused | [`addresses`] |
//! | names to addresses, and TXT records | `names.rs` |
//! | the connection | `dial.rs` |
//! | TLS, and what its certificate says | `tls.rs` |
//! | one request and its answer | `http.rs` |
//! | callbacks | `messenger.rs` |

pub mod addresses;
mod dial;
mod http;
mod messenger;
mod names;
pub(crate) mod tls;

use std::{fmt, net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};

use engine::checks::{Fetched, Prober, Probing, TlsFacts, Unreachable};
use tokio::sync::Semaphore;
use url::{Host, Url};

pub use dial::{Dial, Dialed, TcpDial};

use self::{http::Ask, names::Names, tls::Tls};
use crate::settings::Settings;

/// How the prober is set up.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Whether addresses of our own network, and all ports, may be reached: for tests, never in production.
    pub allow_private_addresses: bool,
    /// A PEM file with roots that are trusted beside those of browsers.
    pub extra_roots_file: Option<PathBuf>,
    /// The name server; nothing for those of the system.
    pub resolver: Option<SocketAddr>,
    /// Bounds.
    pub limits: Limits,
}

/// The bounds of one look.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// For a connection.
    pub connect: Duration,
    /// For everything together.
    pub total: Duration,
    /// Of the body; the rest is not read.
    pub body_bytes: usize,
    /// Of the headers; a server that says more is cut off.
    pub header_bytes: usize,
    /// Looks at the same time; more wait.
    pub at_once: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            total: Duration::from_secs(10),
            body_bytes: 64 * 1024,
            header_bytes: 16 * 1024,
            at_once: 4,
        }
    }
}

impl From<&Settings> for Options {
    fn from(settings: &Settings) -> Self {
        Self {
            allow_private_addresses: settings.checks_allow_private_addresses,
            extra_roots_file: settings.checks_extra_roots_file.clone(),
            resolver: settings.checks_resolver,
            limits: Limits::default(),
        }
    }
}

impl Options {
    /// The same for callbacks. Beside what holds for the checks, a server on the developer's own machine
    /// may tell apps on that machine; a production server never tells anybody inside its network.
    pub fn for_callbacks(settings: &Settings) -> Self {
        let is_at_home = !settings.is_production() && settings.public_url.is_loopback();
        Self {
            allow_private_addresses: settings.checks_allow_private_addresses || is_at_home,
            ..Self::from(settings)
        }
    }
}

/// Why there can be no prober: one sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoProber(String);

impl fmt::Display for NoProber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for NoProber {}

/// The prober that speaks to the real world.
pub struct Probe {
    names: Names,
    dial: Arc<dyn Dial>,
    tls: Tls,
    allow_private: bool,
    limits: Limits,
    turn: Semaphore,
}

impl Probe {
    /// A prober that connects by TCP.
    pub fn new(options: &Options) -> Result<Self, NoProber> {
        Self::with_dial(options, Arc::new(TcpDial))
    }

    /// A prober that connects in another way: tests stand in for the public internet.
    pub fn with_dial(options: &Options, dial: Arc<dyn Dial>) -> Result<Self, NoProber> {
        let limits = options.limits;
        Ok(Self {
            names: Names::new(options.resolver),
            dial,
            tls: Tls::new(options.extra_roots_file.as_deref())?,
            allow_private: options.allow_private_addresses,
            limits,
            turn: Semaphore::new(limits.at_once),
        })
    }

    /// One look, when it is its turn, within the time.
    async fn within<T>(
        &self,
        looking: impl Future<Output = Result<T, Unreachable>>,
    ) -> Result<T, Unreachable> {
        // The semaphore is never closed.
        let _turn = self
            .turn
            .acquire()
            .await
            .map_err(|_| Unreachable::TimedOut)?;
        tokio::time::timeout(self.limits.total, looking)
            .await
            .unwrap_or(Err(Unreachable::TimedOut))
    }

    /// A connection to `host`, to one of the addresses that were judged.
    async fn connect(&self, host: &Host<&str>, port: u16) -> Result<Dialed, Unreachable> {
        if !self.allow_private && !matches!(port, 80 | 443) {
            return Err(Unreachable::PortNotAllowed(port));
        }
        let found = match host {
            Host::Ipv4(address) => vec![(*address).into()],
            Host::Ipv6(address) => vec![(*address).into()],
            Host::Domain(name) => self.names.addresses(name).await?,
        };
        if !self.allow_private && found.iter().any(|address| !addresses::is_public(*address)) {
            return Err(Unreachable::NotPublic);
        }
        let connecting = async {
            for address in found {
                if let Ok(connection) = self.dial.dial(SocketAddr::new(address, port)).await {
                    return Ok(connection);
                }
            }
            Err(Unreachable::NoConnection)
        };
        tokio::time::timeout(self.limits.connect, connecting)
            .await
            .unwrap_or(Err(Unreachable::TimedOut))
    }

    async fn look_at(&self, address: &str, ask: Ask<'_>) -> Result<Fetched, Unreachable> {
        let url = Url::parse(address).map_err(|_| Unreachable::NotAnAddress)?;
        let host = url.host().ok_or(Unreachable::NotAnAddress)?;
        let port = url
            .port_or_known_default()
            .ok_or(Unreachable::NotAnAddress)?;
        let has_userinfo = !url.username().is_empty() || url.password().is_some();
        if has_userinfo || !matches!(url.scheme(), "http" | "https") {
            return Err(Unreachable::NotAnAddress);
        }
        let connection = self.connect(&host, port).await?;
        if url.scheme() == "http" {
            return http::ask(connection, &url, ask, &self.limits).await;
        }
        let (stream, facts) = self.tls.shake_hands(connection, &host.to_owned()).await?;
        if !facts.is_trusted() {
            return Ok(Fetched {
                tls: Some(facts),
                ..Fetched::default()
            });
        }
        let fetched = http::ask(stream, &url, ask, &self.limits).await?;
        Ok(Fetched {
            tls: Some(facts),
            ..fetched
        })
    }

    async fn look_at_tls(&self, host: &str, port: u16) -> Result<TlsFacts, Unreachable> {
        // Addresses in odd spellings are addresses, not names.
        let parsed = Host::parse(host).map_err(|_| Unreachable::NotAnAddress)?;
        let borrowed = match &parsed {
            Host::Domain(name) => Host::Domain(name.as_str()),
            Host::Ipv4(address) => Host::Ipv4(*address),
            Host::Ipv6(address) => Host::Ipv6(*address),
        };
        let connection = self.connect(&borrowed, port).await?;
        let (_, facts) = self.tls.shake_hands(connection, &parsed).await?;
        Ok(facts)
    }
}

impl Prober for Probe {
    fn txt<'a>(&'a self, domain: &'a str) -> Probing<'a, Vec<String>> {
        Box::pin(self.within(self.names.txt(domain)))
    }

    fn fetch<'a>(&'a self, address: &'a str) -> Probing<'a, Fetched> {
        Box::pin(self.within(self.look_at(address, Ask::Page)))
    }

    fn tls<'a>(&'a self, host: &'a str, port: u16) -> Probing<'a, TlsFacts> {
        Box::pin(self.within(self.look_at_tls(host, port)))
    }
}
