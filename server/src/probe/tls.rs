//! TLS with a server of others, and what its certificate says.
//!
//! A certificate that browsers would refuse is a finding, not an error: the handshake goes on, so that
//! everything about it can be told. What is spoken after it is not: whoever asks must look at
//! [`TlsFacts::is_trusted`] first.

use std::{
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use engine::checks::{Chain, TlsFacts, TlsVersion, Unreachable};
use protocol::time::Timestamp;
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, ProtocolVersion, RootCertStore,
    SignatureScheme,
    client::{
        WebPkiServerVerifier,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
        verify_server_name,
    },
    crypto::{CryptoProvider, ring},
    pki_types::{CertificateDer, ServerName, UnixTime, pem::PemObject as _},
    server::ParsedCertificate,
};
use tokio_rustls::{TlsConnector, client::TlsStream};
use url::Host;
use x509_cert::{Certificate, der::Decode as _, time::Time};

use super::{Dialed, NoProber};

/// Names of a certificate that are shown.
const MOST_NAMES: usize = 5;

pub(super) struct Tls {
    provider: Arc<CryptoProvider>,
    roots: Arc<RootCertStore>,
}

impl Tls {
    /// Trusts what browsers trust, and the roots in the PEM file `extra`.
    pub(super) fn new(extra: Option<&Path>) -> Result<Self, NoProber> {
        let mut roots = RootCertStore {
            roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
        };
        if let Some(path) = extra {
            let unusable = |error: String| {
                NoProber(format!(
                    "COUNTERSIGN_CHECKS_EXTRA_ROOTS_FILE cannot be used: {}: {error}.",
                    path.display()
                ))
            };
            let certificates =
                CertificateDer::pem_file_iter(path).map_err(|error| unusable(error.to_string()))?;
            let mut count = 0;
            for certificate in certificates {
                let certificate = certificate.map_err(|error| unusable(error.to_string()))?;
                roots
                    .add(certificate)
                    .map_err(|error| unusable(error.to_string()))?;
                count += 1;
            }
            if count == 0 {
                return Err(unusable("there is no certificate in it".into()));
            }
        }
        Ok(Self {
            provider: Arc::new(ring::default_provider()),
            roots: Arc::new(roots),
        })
    }

    /// Agrees on keys with whoever is at the other end, whatever its certificate is worth.
    pub(super) async fn shake_hands(
        &self,
        connection: Dialed,
        host: &Host<String>,
    ) -> Result<(TlsStream<Dialed>, TlsFacts), Unreachable> {
        let name = match host {
            Host::Domain(name) => ServerName::try_from(name.clone()),
            Host::Ipv4(address) => Ok(ServerName::IpAddress((*address).into())),
            Host::Ipv6(address) => Ok(ServerName::IpAddress((*address).into())),
        }
        .map_err(|_| Unreachable::NotAnAddress)?;
        let broken = |_| Unreachable::NoTls;
        let judge = WebPkiServerVerifier::builder_with_provider(
            Arc::clone(&self.roots),
            Arc::clone(&self.provider),
        )
        .build()
        .map_err(|_| Unreachable::NoTls)?;
        let witness = Arc::new(Witness {
            judge,
            seen: Mutex::new(None),
        });
        let config = ClientConfig::builder_with_provider(Arc::clone(&self.provider))
            .with_safe_default_protocol_versions()
            .map_err(broken)?
            .dangerous()
            .with_custom_certificate_verifier(Arc::clone(&witness) as Arc<dyn ServerCertVerifier>)
            .with_no_client_auth();
        let stream = TlsConnector::from(Arc::new(config))
            .connect(name, connection)
            .await
            .map_err(|error| match error.kind() {
                // The other end hung up before it said anything in TLS.
                std::io::ErrorKind::ConnectionReset | std::io::ErrorKind::ConnectionAborted => {
                    Unreachable::NoConnection
                }
                _ => Unreachable::NoTls,
            })?;
        let version = match stream.get_ref().1.protocol_version() {
            Some(ProtocolVersion::TLSv1_3) => TlsVersion::V1_3,
            _ => TlsVersion::V1_2,
        };
        let facts = witness.facts(version).ok_or(Unreachable::NoTls)?;
        Ok((stream, facts))
    }
}

/// Lets every certificate pass and remembers what it was worth. The server still has to prove that
/// it holds the key of the certificate.
#[derive(Debug)]
struct Witness {
    judge: Arc<WebPkiServerVerifier>,
    seen: Mutex<Option<Seen>>,
}

#[derive(Clone, Debug)]
struct Seen {
    chain: Chain,
    covers_host: bool,
    names: Vec<String>,
    not_before: Timestamp,
    not_after: Timestamp,
}

impl Witness {
    fn facts(&self, version: TlsVersion) -> Option<TlsFacts> {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let seen = seen.clone()?;
        Some(TlsFacts {
            version,
            chain: seen.chain,
            covers_host: seen.covers_host,
            names: seen.names,
            not_before: seen.not_before,
            not_after: seen.not_after,
        })
    }
}

impl ServerCertVerifier for Witness {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let unreadable = || Error::InvalidCertificate(CertificateError::BadEncoding);
        let certificate = Certificate::from_der(end_entity).map_err(|_| unreadable())?;
        let content = certificate.tbs_certificate();
        let name = ParsedCertificate::try_from(end_entity)
            .and_then(|parsed| verify_server_name(&parsed, server_name));
        let verdict = self.judge.verify_server_cert(
            end_entity,
            intermediates,
            server_name,
            ocsp_response,
            now,
        );
        let chain = match verdict {
            Ok(_) => Chain::Trusted,
            Err(Error::InvalidCertificate(fault)) => match fault {
                // The name is judged last: everything else is in order.
                CertificateError::NotValidForName
                | CertificateError::NotValidForNameContext { .. } => Chain::Trusted,
                CertificateError::Expired
                | CertificateError::ExpiredContext { .. }
                | CertificateError::NotValidYet
                | CertificateError::NotValidYetContext { .. } => Chain::OutOfTime,
                CertificateError::UnknownIssuer if content.issuer() == content.subject() => {
                    Chain::SelfSigned
                }
                CertificateError::UnknownIssuer => Chain::UnknownIssuer,
                _ => Chain::Broken,
            },
            Err(_) => Chain::Broken,
        };
        let names = match &name {
            Err(Error::InvalidCertificate(CertificateError::NotValidForNameContext {
                presented,
                ..
            })) => presented
                .iter()
                .take(MOST_NAMES)
                .map(|name| plain(name))
                .collect(),
            _ => Vec::new(),
        };
        let seen = Seen {
            chain,
            covers_host: name.is_ok(),
            names,
            not_before: instant(content.validity().not_before),
            not_after: instant(content.validity().not_after),
        };
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = Some(seen);
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.judge.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.judge.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.judge.supported_verify_schemes()
    }
}

/// `DnsName("a.example")` as `a.example`.
fn plain(presented: &str) -> String {
    presented.split('"').nth(1).unwrap_or(presented).to_owned()
}

/// A time in a certificate.
pub(crate) fn instant(time: Time) -> Timestamp {
    // Certificates cannot say years after 9999.
    Timestamp::from_seconds(i64::try_from(time.to_unix_duration().as_secs()).unwrap_or_default())
}
