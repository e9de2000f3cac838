//! Names to addresses, and TXT records.

use std::net::{IpAddr, SocketAddr};

use engine::checks::Unreachable;
use hickory_resolver::{
    Resolver, TokioResolver,
    config::{
        ConnectionConfig, LookupIpStrategy, NameServerConfig, ResolveHosts, ResolverConfig,
        ResolverOpts,
    },
    net::{NetError, runtime::TokioRuntimeProvider},
    proto::rr::{Name, RData, RecordType},
};

/// Records of one name that are looked at.
const MOST_RECORDS: usize = 64;

/// Addresses of one name that are looked at; a name with more is refused, for all must be judged.
const MOST_ADDRESSES: usize = 16;

pub(super) struct Names {
    /// Nothing when the system does not say which name servers there are.
    resolver: Option<TokioResolver>,
}

impl Names {
    /// Asks `server`, or, when there is none, the name servers of the system.
    pub(super) fn new(server: Option<SocketAddr>) -> Self {
        let builder = match server {
            Some(server) => Ok(Resolver::builder_with_config(
                only(server),
                TokioRuntimeProvider::default(),
            )),
            None => Resolver::builder_tokio(),
        };
        let resolver = builder.and_then(|mut builder| {
            configure(builder.options_mut());
            builder.build()
        });
        if let Err(error) = &resolver {
            tracing::warn!(%error, "there is no name server to ask: the checks of apps will not get far");
        }
        Self {
            resolver: resolver.ok(),
        }
    }

    /// All addresses that `name` leads to; at least one.
    pub(super) async fn addresses(&self, name: &str) -> Result<Vec<IpAddr>, Unreachable> {
        let found = self.resolver()?.lookup_ip(absolute(name)?).await;
        let addresses: Vec<IpAddr> = match found {
            Ok(found) => found.iter().collect(),
            Err(error) => return Err(of_error(&error)),
        };
        match addresses.len() {
            0 => Err(Unreachable::NoSuchName),
            1..=MOST_ADDRESSES => Ok(addresses),
            _ => Err(Unreachable::NotPublic),
        }
    }

    /// The TXT records of `domain`, the parts of each put together (RFC 7208 §3.3).
    pub(super) async fn txt(&self, domain: &str) -> Result<Vec<String>, Unreachable> {
        let found = match self
            .resolver()?
            .lookup(absolute(domain)?, RecordType::TXT)
            .await
        {
            Ok(found) => found,
            Err(error) if of_error(&error) == Unreachable::NoSuchName => return Ok(Vec::new()),
            Err(error) => return Err(of_error(&error)),
        };
        let texts = found
            .answers()
            .iter()
            .filter_map(|record| match &record.data {
                RData::TXT(text) => {
                    Some(String::from_utf8_lossy(&text.txt_data.concat()).into_owned())
                }
                _ => None,
            });
        Ok(texts.take(MOST_RECORDS).collect())
    }

    fn resolver(&self) -> Result<&TokioResolver, Unreachable> {
        self.resolver.as_ref().ok_or(Unreachable::NameServerFailed)
    }
}

/// The one name server of the settings.
fn only(server: SocketAddr) -> ResolverConfig {
    let connections = [ConnectionConfig::udp(), ConnectionConfig::tcp()].map(|mut connection| {
        connection.port = server.port();
        connection
    });
    let config = NameServerConfig::new(server.ip(), true, connections.into());
    ResolverConfig::from_name_servers(vec![config])
}

fn configure(options: &mut ResolverOpts) {
    // Who has just set a record presses *check now* and wants it seen.
    options.cache_size = 0;
    // What counts is what the rest of the world sees, not the names of this machine.
    options.use_hosts_file = ResolveHosts::Never;
    options.ip_strategy = LookupIpStrategy::Ipv4AndIpv6;
    options.timeout = std::time::Duration::from_secs(2);
    options.attempts = 2;
}

/// The name as it stands, never with a domain of ours behind it.
fn absolute(name: &str) -> Result<Name, Unreachable> {
    let mut name = Name::from_ascii(name).map_err(|_| Unreachable::NotAnAddress)?;
    name.set_fqdn(true);
    Ok(name)
}

fn of_error(error: &NetError) -> Unreachable {
    if error.is_no_records_found() {
        Unreachable::NoSuchName
    } else {
        Unreachable::NameServerFailed
    }
}
