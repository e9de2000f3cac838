//! A made-up internet on loopback: name servers, servers, certificates. The prober believes in public
//! addresses; its connections are led to loopback, and every one is written down.

use std::{
    collections::{HashMap, VecDeque},
    future::Future,
    io,
    net::{IpAddr, SocketAddr},
    pin::Pin,
    sync::{Arc, Mutex},
    time::Duration,
};

use hickory_resolver::proto::{
    op::{Message, ResponseCode},
    rr::{RData, Record, RecordType, rdata::TXT},
};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use rustls::{
    ServerConfig, SupportedProtocolVersion,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer},
};
use server::probe::{Dial, Dialed, Limits, Options, Probe};
use tempfile::NamedTempFile;
use time::OffsetDateTime;
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::{TcpListener, TcpStream, UdpSocket},
};
use tokio_rustls::TlsAcceptor;

/// Where public addresses lead.
#[derive(Default)]
pub struct World {
    /// What each answer to a question for the addresses of a name is, in turn; the last one stays.
    names: Mutex<HashMap<String, VecDeque<Vec<IpAddr>>>>,
    texts: Mutex<HashMap<String, Vec<Vec<Vec<u8>>>>>,
    asked: Mutex<Vec<String>>,
    routes: Mutex<HashMap<SocketAddr, SocketAddr>>,
    dialed: Mutex<Vec<SocketAddr>>,
}

impl World {
    /// `name` leads to these addresses: each list is one answer, and the last one stays.
    pub fn name(&self, name: &str, answers: &[&[&str]]) {
        let answers = answers
            .iter()
            .map(|answer| answer.iter().map(|text| text.parse().unwrap()).collect())
            .collect();
        self.names.lock().unwrap().insert(name.to_owned(), answers);
    }

    /// `name` has these TXT records, each of some parts.
    pub fn texts(&self, name: &str, records: &[&[&str]]) {
        let records = records
            .iter()
            .map(|parts| parts.iter().map(|part| part.as_bytes().to_vec()).collect())
            .collect();
        self.texts.lock().unwrap().insert(name.to_owned(), records);
    }

    /// Whoever connects to `public` gets `server`.
    pub fn route(&self, public: &str, server: SocketAddr) {
        let public = public.parse().unwrap();
        self.routes.lock().unwrap().insert(public, server);
    }

    /// The connections that were tried.
    pub fn dialed(&self) -> Vec<String> {
        let dialed = self.dialed.lock().unwrap();
        dialed.iter().map(SocketAddr::to_string).collect()
    }

    /// How often the addresses of `name` were asked for.
    pub fn asked(&self, name: &str) -> usize {
        let asked = self.asked.lock().unwrap();
        asked.iter().filter(|asked| asked.as_str() == name).count()
    }

    /// A prober in this world, which trusts `trusted` beside the roots of browsers.
    pub async fn prober(self: &Arc<Self>, trusted: Option<&Authority>, limits: Limits) -> Probe {
        let file = trusted.map(Authority::file);
        let options = Options {
            allow_private_addresses: false,
            extra_roots_file: file.as_ref().map(|file| file.path().to_owned()),
            resolver: Some(self.name_server().await),
            limits,
        };
        Probe::with_dial(&options, Arc::new(Wires(Arc::clone(self)))).unwrap()
    }

    /// A name server that knows this world.
    pub async fn name_server(self: &Arc<Self>) -> SocketAddr {
        let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let address = socket.local_addr().unwrap();
        let world = Arc::clone(self);
        tokio::spawn(async move {
            let mut buffer = [0; 2048];
            while let Ok((length, from)) = socket.recv_from(&mut buffer).await {
                let query = Message::from_vec(&buffer[..length]).unwrap();
                let answer = world.answer(query).to_vec().unwrap();
                socket.send_to(&answer, from).await.unwrap();
            }
        });
        address
    }

    fn answer(&self, query: Message) -> Message {
        let question = query.queries[0].clone();
        let name = question.name().to_string();
        let name = name.trim_end_matches('.').to_owned();
        let mut data: Vec<RData> = Vec::new();
        let mut is_known = self.texts.lock().unwrap().contains_key(&name);
        match question.query_type() {
            RecordType::TXT => {
                for parts in self.texts.lock().unwrap().get(&name).into_iter().flatten() {
                    let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
                    data.push(RData::TXT(TXT::from_bytes(parts)));
                }
            }
            kind => {
                let mut names = self.names.lock().unwrap();
                if let Some(answers) = names.get_mut(&name) {
                    is_known = true;
                    for address in &answers[0] {
                        match (kind, address) {
                            (RecordType::A, IpAddr::V4(address)) => {
                                data.push(RData::A((*address).into()));
                            }
                            (RecordType::AAAA, IpAddr::V6(address)) => {
                                data.push(RData::AAAA((*address).into()));
                            }
                            _ => {}
                        }
                    }
                    if kind == RecordType::A {
                        self.asked.lock().unwrap().push(name);
                        if answers.len() > 1 {
                            answers.pop_front();
                        }
                    }
                }
            }
        }
        let mut answer = query.into_response();
        if !is_known {
            answer.metadata.response_code = ResponseCode::NXDomain;
        }
        for data in data {
            // Not to be kept: a rebinding name server asks for that.
            answer.add_answer(Record::from_rdata(question.name().clone(), 0, data));
        }
        answer
    }
}

/// The connections of a world.
struct Wires(Arc<World>);

impl Dial for Wires {
    fn dial(
        &self,
        address: SocketAddr,
    ) -> Pin<Box<dyn Future<Output = io::Result<Dialed>> + Send + '_>> {
        Box::pin(async move {
            self.0.dialed.lock().unwrap().push(address);
            let server = self.0.routes.lock().unwrap().get(&address).copied();
            let server = server.ok_or(io::ErrorKind::ConnectionRefused)?;
            Ok(Box::new(TcpStream::connect(server).await?) as Dialed)
        })
    }
}

/// Whoever signs certificates.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
}

/// A certificate with its key.
pub struct Identity {
    certificate: CertificateDer<'static>,
    key: KeyPair,
}

const DAY: time::Duration = time::Duration::DAY;

impl Authority {
    pub fn new() -> Self {
        Self::called("Test authority")
    }

    pub fn called(name: &str) -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = named(name, &[]);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let pem = params.self_signed(&key).unwrap().pem();
        Self {
            issuer: Issuer::new(params, key),
            pem,
        }
    }

    /// Its certificate as a file.
    fn file(&self) -> NamedTempFile {
        let file = NamedTempFile::new().unwrap();
        std::fs::write(file.path(), &self.pem).unwrap();
        file
    }

    /// A certificate for `name` that holds for `days` days more.
    pub fn signs(&self, name: &str, days: i32) -> Identity {
        let key = KeyPair::generate().unwrap();
        let mut params = named("A server", &[name]);
        params.not_after = now() + DAY * days;
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        Identity {
            certificate: certificate.der().clone(),
            key,
        }
    }
}

/// A certificate that vouches for itself.
pub fn signed_by_itself(name: &str) -> Identity {
    let key = KeyPair::generate().unwrap();
    let certificate = named("A server", &[name]).self_signed(&key).unwrap();
    Identity {
        certificate: certificate.der().clone(),
        key,
    }
}

fn named(name: &str, hosts: &[&str]) -> CertificateParams {
    let hosts: Vec<String> = hosts.iter().map(|host| (*host).to_owned()).collect();
    let mut params = CertificateParams::new(hosts).unwrap();
    params.distinguished_name.push(DnType::CommonName, name);
    params.not_before = now() - DAY * 100;
    params.not_after = now() + DAY * 100;
    params
}

#[expect(
    clippy::disallowed_methods,
    reason = "certificates are verified against the real clock"
)]
fn now() -> OffsetDateTime {
    OffsetDateTime::now_utc()
}

/// What a server says to whoever asks.
#[derive(Clone)]
pub enum Manner {
    /// This, and then it hangs up.
    Says(Vec<u8>),
    /// This, again and again, with a pause in between.
    Drips(&'static [u8], Duration),
    /// Nothing at all.
    IsSilent,
}

impl Manner {
    /// An answer with these lines at its top and this body.
    pub fn answers(head: &str, body: &str) -> Self {
        let lines = head.replace('\n', "\r\n");
        let length = body.len();
        Self::Says(format!("HTTP/1.1 {lines}\r\nContent-Length: {length}\r\n\r\n{body}").into())
    }
}

/// A server on loopback.
pub struct Server {
    pub address: SocketAddr,
    heard: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// A server without TLS.
    pub async fn plain(manner: Manner) -> Self {
        Self::start(None, manner).await
    }

    /// A server with TLS.
    pub async fn secure(identity: Identity, manner: Manner) -> Self {
        Self::with_versions(identity, manner, rustls::ALL_VERSIONS).await
    }

    /// A server that speaks only some versions of TLS.
    pub async fn with_versions(
        identity: Identity,
        manner: Manner,
        versions: &[&'static SupportedProtocolVersion],
    ) -> Self {
        let key = PrivateKeyDer::Pkcs8(identity.key.serialize_der().into());
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_protocol_versions(versions)
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![identity.certificate], key)
            .unwrap();
        Self::start(Some(TlsAcceptor::from(Arc::new(config))), manner).await
    }

    async fn start(tls: Option<TlsAcceptor>, manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let heard = Arc::new(Mutex::new(Vec::new()));
        let ear = Arc::clone(&heard);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (tls, manner, ear) = (tls.clone(), manner.clone(), Arc::clone(&ear));
                tokio::spawn(async move {
                    match tls {
                        None => talk(stream, manner, &ear).await,
                        Some(tls) => match tls.accept(stream).await {
                            Ok(stream) => talk(stream, manner, &ear).await,
                            Err(_) => Ok(()),
                        },
                    }
                });
            }
        });
        Self { address, heard }
    }

    /// Everything that was asked.
    pub fn heard(&self) -> Vec<String> {
        self.heard.lock().unwrap().clone()
    }
}

/// The visitor may hang up at any time.
async fn talk(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    manner: Manner,
    heard: &Mutex<Vec<String>>,
) -> io::Result<()> {
    let mut request = Vec::new();
    while !request.ends_with(b"\r\n\r\n") {
        request.push(stream.read_u8().await?);
        // A TLS handshake where there is no TLS: as real servers do, it answers in its own way.
        if request == [0x16] {
            break;
        }
    }
    let text = String::from_utf8_lossy(&request).into_owned();
    heard.lock().unwrap().push(text);
    match manner {
        Manner::Says(answer) => {
            stream.write_all(&answer).await?;
            stream.shutdown().await
        }
        Manner::Drips(drop, pause) => loop {
            stream.write_all(drop).await?;
            stream.flush().await?;
            tokio::time::sleep(pause).await;
        },
        Manner::IsSilent => {
            std::future::pending::<()>().await;
            Ok(())
        }
    }
}
