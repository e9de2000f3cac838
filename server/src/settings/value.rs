//! How the text of a setting becomes a value, and what is expected of that text.

use std::{
    net::{IpAddr, SocketAddr},
    path::{Path, PathBuf},
    time::Duration,
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use endpoints::peer::Network;
use engine::{seal::SealKey, settings::Profile};
use percent_encoding::percent_decode_str;
use url::Url;
use zeroize::Zeroizing;

/// A type that a setting can have. An empty text never gets here: it means "not set".
pub trait Value: Sized {
    /// What is expected, to stand after "expected".
    fn expected() -> String;

    /// The value of `text`, or nothing when it is malformed.
    fn parse(text: &str) -> Option<Self>;

    /// The value as text again, secrets masked.
    fn shown(&self) -> String;
}

/// What stands for a secret wherever settings are shown.
const MASK: &str = "********";

/// A setting that may be left out.
impl<T: Value> Value for Option<T> {
    fn expected() -> String {
        T::expected()
    }

    fn parse(text: &str) -> Option<Self> {
        if text.is_empty() {
            Some(None)
        } else {
            T::parse(text).map(Some)
        }
    }

    fn shown(&self) -> String {
        self.as_ref().map(T::shown).unwrap_or_default()
    }
}

/// A whole number within bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count<const MIN: u64, const MAX: u64>(u64);

impl<const MIN: u64, const MAX: u64> Count<MIN, MAX> {
    /// The number, for places that count in `u32`. Bounds are chosen to fit.
    pub fn u32(self) -> u32 {
        u32::try_from(self.0).unwrap_or(u32::MAX)
    }

    /// The number, for places that count in `usize`.
    pub fn usize(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }
}

impl<const MIN: u64, const MAX: u64> Value for Count<MIN, MAX> {
    fn expected() -> String {
        format!("a whole number from {MIN} to {MAX}")
    }

    fn parse(text: &str) -> Option<Self> {
        whole(text, MIN, MAX).map(Self)
    }

    fn shown(&self) -> String {
        self.0.to_string()
    }
}

/// A duration in whole seconds, within bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seconds<const MIN: u64, const MAX: u64>(pub Duration);

impl<const MIN: u64, const MAX: u64> Value for Seconds<MIN, MAX> {
    fn expected() -> String {
        format!("whole seconds from {MIN} to {MAX}")
    }

    fn parse(text: &str) -> Option<Self> {
        whole(text, MIN, MAX).map(Duration::from_secs).map(Self)
    }

    fn shown(&self) -> String {
        self.0.as_secs().to_string()
    }
}

/// A duration in whole milliseconds, within bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Milliseconds<const MIN: u64, const MAX: u64>(pub Duration);

impl<const MIN: u64, const MAX: u64> Value for Milliseconds<MIN, MAX> {
    fn expected() -> String {
        format!("whole milliseconds from {MIN} to {MAX}")
    }

    fn parse(text: &str) -> Option<Self> {
        whole(text, MIN, MAX).map(Duration::from_millis).map(Self)
    }

    fn shown(&self) -> String {
        self.0.as_millis().to_string()
    }
}

/// Digits only: no sign, no spaces, no `1_000`.
fn whole(text: &str, min: u64, max: u64) -> Option<u64> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let number = text.parse().ok().filter(|_| digits)?;
    (min..=max).contains(&number).then_some(number)
}

impl Value for bool {
    fn expected() -> String {
        "true or false".into()
    }

    fn parse(text: &str) -> Option<Self> {
        text.parse().ok()
    }

    fn shown(&self) -> String {
        self.to_string()
    }
}

impl Value for Profile {
    fn expected() -> String {
        "demo or production".into()
    }

    fn parse(text: &str) -> Option<Self> {
        match text {
            "demo" => Some(Self::Demo),
            "production" => Some(Self::Production),
            _ => None,
        }
    }

    fn shown(&self) -> String {
        match self {
            Self::Demo => "demo",
            Self::Production => "production",
        }
        .into()
    }
}

/// Who signs in to the sandbox.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Directory {
    /// Anybody, with any password.
    Open,
    /// Whoever has a password there.
    Closed,
}

impl Value for Directory {
    fn expected() -> String {
        "open or closed".into()
    }

    fn parse(text: &str) -> Option<Self> {
        match text {
            "open" => Some(Self::Open),
            "closed" => Some(Self::Closed),
            _ => None,
        }
    }

    fn shown(&self) -> String {
        match self {
            Self::Open => "open",
            Self::Closed => "closed",
        }
        .into()
    }
}

impl Value for SocketAddr {
    fn expected() -> String {
        "an address with a port, such as 127.0.0.1:3000 or [::]:3000".into()
    }

    fn parse(text: &str) -> Option<Self> {
        text.parse().ok()
    }

    fn shown(&self) -> String {
        self.to_string()
    }
}

impl Value for PathBuf {
    fn expected() -> String {
        "a path".into()
    }

    fn parse(text: &str) -> Option<Self> {
        (!text.is_empty() && !text.contains('\0')).then(|| text.into())
    }

    fn shown(&self) -> String {
        self.display().to_string()
    }
}

/// The public address of the server, which is its issuer too: scheme, host and port, nothing else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl(String);

impl PublicUrl {
    /// The address at which a server listening on `listen` is reached from the same machine.
    pub fn of(listen: SocketAddr) -> Self {
        let loopback = if listen.is_ipv4() {
            "127.0.0.1"
        } else {
            "[::1]"
        };
        if listen.ip().is_unspecified() {
            Self(format!("http://{loopback}:{}", listen.port()))
        } else {
            Self(format!("http://{listen}"))
        }
    }

    /// The address without a trailing slash.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is https.
    pub fn is_https(&self) -> bool {
        self.0.starts_with("https://")
    }

    /// Whether it leads to this machine alone.
    pub fn is_loopback(&self) -> bool {
        let url = Url::parse(&self.0).ok();
        match url.as_ref().and_then(Url::host) {
            Some(url::Host::Ipv4(address)) => address.is_loopback(),
            Some(url::Host::Ipv6(address)) => address.is_loopback(),
            Some(url::Host::Domain(name)) => name == "localhost",
            None => false,
        }
    }
}

impl Value for PublicUrl {
    fn expected() -> String {
        "an http or https address without a path, such as https://login.bank.example".into()
    }

    fn parse(text: &str) -> Option<Self> {
        let url = Url::parse(text).ok()?;
        let bare = url.path() == "/"
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
            && url.password().is_none();
        let web = matches!(url.scheme(), "http" | "https") && url.has_host();
        (bare && web).then(|| Self(url.origin().ascii_serialization()))
    }

    fn shown(&self) -> String {
        self.0.clone()
    }
}

/// Where the database is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatabaseUrl(String);

impl DatabaseUrl {
    /// The address, password included.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The file of an embedded database; nothing for PostgreSQL.
    pub fn sqlite_file(&self) -> Option<PathBuf> {
        let rest = self.0.strip_prefix("sqlite:")?;
        let path = rest.strip_prefix("//").unwrap_or(rest);
        let path = path.split('?').next().unwrap_or(path);
        Some(
            percent_decode_str(path)
                .decode_utf8_lossy()
                .into_owned()
                .into(),
        )
    }

    /// The embedded database in the folder `folder`.
    pub fn in_folder(folder: &str) -> Self {
        Self::of_file(&Path::new(folder).join("countersign.db"))
    }

    /// The embedded database in this file.
    pub fn of_file(file: &Path) -> Self {
        // What would end the path of a URL, or begin an escape.
        let path = file
            .to_string_lossy()
            .replace('%', "%25")
            .replace('?', "%3F")
            .replace('#', "%23");
        Self(format!("sqlite://{path}"))
    }
}

impl Value for DatabaseUrl {
    fn expected() -> String {
        "sqlite://PATH or postgres://USER:PASSWORD@HOST/DATABASE".into()
    }

    fn parse(text: &str) -> Option<Self> {
        let file = text
            .strip_prefix("sqlite:")
            .map(|rest| rest.strip_prefix("//").unwrap_or(rest));
        let is_sqlite = file.is_some_and(|path| !path.is_empty() && !path.contains(":memory:"));
        let is_postgres = Url::parse(text)
            .is_ok_and(|url| matches!(url.scheme(), "postgres" | "postgresql") && url.has_host());
        (is_sqlite || is_postgres).then(|| Self(text.into()))
    }

    fn shown(&self) -> String {
        masked_url(&self.0)
    }
}

/// The mail server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SmtpUrl(String);

impl SmtpUrl {
    /// The address, password included.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl Value for SmtpUrl {
    fn expected() -> String {
        "smtp://USER:PASSWORD@HOST:587 (STARTTLS) or smtps://USER:PASSWORD@HOST (TLS)".into()
    }

    fn parse(text: &str) -> Option<Self> {
        let url = Url::parse(text).ok()?;
        let mail = matches!(url.scheme(), "smtp" | "smtps") && url.has_host();
        mail.then(|| Self(text.into()))
    }

    fn shown(&self) -> String {
        masked_url(&self.0)
    }
}

/// An address with the password in it masked.
fn masked_url(text: &str) -> String {
    match Url::parse(text) {
        Ok(mut url) if url.password().is_some() => match url.set_password(Some(MASK)) {
            Ok(()) => url.into(),
            Err(()) => MASK.into(),
        },
        // `postgres://…?password=…` is another way to say it.
        _ if text.contains("password") => MASK.into(),
        _ => text.into(),
    }
}

/// The sender of mails: an address, with or without a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailFrom(pub lettre::message::Mailbox);

impl Value for MailFrom {
    fn expected() -> String {
        "a mail address, such as Countersign <no-reply@bank.example>".into()
    }

    fn parse(text: &str) -> Option<Self> {
        text.parse().ok().map(Self)
    }

    fn shown(&self) -> String {
        self.0.to_string()
    }
}

/// Networks by address: a list of single addresses and of ranges.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Networks {
    /// As written.
    text: String,
    /// As read.
    networks: Vec<Network>,
}

impl Networks {
    /// Whether `address` is in one of them. An IPv4 address that is written as IPv6 counts as IPv4.
    pub fn contains(&self, address: IpAddr) -> bool {
        self.networks
            .iter()
            .any(|network| network.contains(address.to_canonical()))
    }
}

impl Value for Networks {
    fn expected() -> String {
        "addresses or networks separated by commas, such as 10.0.0.0/8,192.0.2.7".into()
    }

    fn parse(text: &str) -> Option<Self> {
        let separates = |c: char| c == ',' || c.is_whitespace();
        let parts = text.split(separates).filter(|part| !part.is_empty());
        let networks = parts.map(str::parse).collect::<Result<_, _>>().ok()?;
        Some(Self {
            text: text.into(),
            networks,
        })
    }

    fn shown(&self) -> String {
        self.text.clone()
    }
}

/// What is logged: a level, or directives per module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogFilter(pub String);

impl Value for LogFilter {
    fn expected() -> String {
        "error, warn, info, debug or trace, or directives such as info,engine=debug".into()
    }

    fn parse(text: &str) -> Option<Self> {
        let levels = ["off", "error", "warn", "info", "debug", "trace"];
        // A lone word that is no level would be taken as the name of a module, and everything
        // else would be silenced: surely a typing mistake.
        let lone = |part: &str| part.contains('=') || levels.contains(&part);
        let well_formed = tracing_subscriber::EnvFilter::try_new(text).is_ok();
        (well_formed && text.split(',').all(lone)).then(|| Self(text.into()))
    }

    fn shown(&self) -> String {
        self.0.clone()
    }
}

/// Seal keys given by settings instead of a file: `NUMBER:BASE64`, separated by commas; a lone
/// key may leave its number out.
#[derive(Clone)]
pub struct SealKeys(pub Vec<SealKey>);

impl Value for SealKeys {
    fn expected() -> String {
        "32 random bytes in base64 (openssl rand -base64 32), or several as 2:BASE64,1:BASE64"
            .into()
    }

    fn parse(text: &str) -> Option<Self> {
        let mut keys: Vec<SealKey> = Vec::new();
        for part in text.split(',').map(str::trim) {
            let (id, encoded) = part.split_once(':').unwrap_or(("1", part));
            let id = id.parse().ok()?;
            if keys.iter().any(|key| key.id == id) {
                return None;
            }
            keys.push(SealKey {
                id,
                key: seal_key_bytes(encoded)?,
            });
        }
        Some(Self(keys))
    }

    fn shown(&self) -> String {
        self.0
            .iter()
            .map(|key| format!("{}:{MASK}", key.id))
            .collect::<Vec<_>>()
            .join(",")
    }
}

/// The 32 bytes of a seal key in base64.
pub fn seal_key_bytes(encoded: &str) -> Option<Zeroizing<[u8; 32]>> {
    let bytes = Zeroizing::new(STANDARD.decode(encoded).ok()?);
    <[u8; 32]>::try_from(bytes.as_slice())
        .ok()
        .map(Zeroizing::new)
}

#[cfg(test)]
mod tests;
