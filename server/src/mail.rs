//! Mails: well-formed messages (RFC 5322), into a folder or to a mail server.

use std::{
    fs, io,
    io::Write as _,
    net::Ipv4Addr,
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use engine::outbox::{Delivery, Postman, Undelivered};
use lettre::{
    AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor,
    message::{Mailbox, MultiPart, SinglePart, header::ContentType},
    transport::smtp,
};
use store::outbox::MailRecord;
use url::{Host, Url};

use crate::{
    folder,
    settings::{Settings, value::SmtpUrl},
};

/// How long a mail server may take for one mail.
const LONGEST_DELIVERY: Duration = Duration::from_secs(20);

/// Delivers mails in the way that the settings say.
pub struct Mailer {
    from: Mailbox,
    /// What stands behind the `@` of message ids.
    domain: String,
    way: Way,
}

enum Way {
    Folder(PathBuf),
    Server(Box<AsyncSmtpTransport<Tokio1Executor>>),
}

impl Mailer {
    /// A mailer by the settings: to the mail server, or, when there is none, into the folder `outbox`.
    pub fn new(settings: &Settings) -> Result<Self, Undelivered> {
        let domain = domain(settings.public_url.as_str());
        let from = match &settings.mail_from {
            Some(from) => from.0.clone(),
            None => format!("Countersign <no-reply@{domain}>")
                .parse()
                .map_err(undelivered)?,
        };
        let way = match &settings.smtp_url {
            Some(url) => Way::Server(Box::new(transport(url)?)),
            None => Way::Folder(settings.outbox_dir()),
        };
        Ok(Self { from, domain, way })
    }

    /// Whether mails could go out now: the folder can be written to, or the mail server answers.
    pub async fn test(&self) -> Result<(), Undelivered> {
        match &self.way {
            Way::Folder(folder) => {
                let probe = format!("probe-{}", std::process::id());
                let path = write_whole(folder, &probe, b"").map_err(undelivered)?;
                fs::remove_file(path).map_err(undelivered)
            }
            Way::Server(transport) => match transport.test_connection().await {
                Ok(true) => Ok(()),
                Ok(false) => Err(undelivered("the mail server does not answer as one")),
                Err(error) => Err(undelivered(error)),
            },
        }
    }

    fn message(&self, letter: &MailRecord) -> Result<Message, Undelivered> {
        let millis = u64::try_from(letter.created_at.millis()).unwrap_or(0);
        let builder = Message::builder()
            .from(self.from.clone())
            .to(letter.recipient.parse().map_err(undelivered)?)
            .subject(&letter.subject)
            .date(SystemTime::UNIX_EPOCH + Duration::from_millis(millis))
            // The same letter keeps its id, so that a reader can drop one that came twice.
            .message_id(Some(format!("<{}@{}>", letter.id, self.domain)));
        let text = SinglePart::builder()
            .header(ContentType::TEXT_PLAIN)
            .body(letter.body_text.clone());
        match &letter.body_html {
            None => builder.singlepart(text),
            Some(html) => {
                let html = SinglePart::builder()
                    .header(ContentType::TEXT_HTML)
                    .body(html.clone());
                builder.multipart(MultiPart::alternative().singlepart(text).singlepart(html))
            }
        }
        .map_err(undelivered)
    }
}

impl Postman for Mailer {
    fn deliver<'a>(&'a self, letter: &'a MailRecord) -> Delivery<'a> {
        Box::pin(async move {
            let message = self.message(letter)?;
            match &self.way {
                Way::Server(transport) => transport
                    .send(message)
                    .await
                    .map(drop)
                    .map_err(|error| refused(&error)),
                Way::Folder(folder) => {
                    let (folder, name) = (folder.clone(), letter.id.to_string());
                    let write = move || write_whole(&folder, &name, &message.formatted()).map(drop);
                    tokio::task::spawn_blocking(write)
                        .await
                        .map_err(undelivered)?
                        .map_err(undelivered)
                }
            }
        })
    }
}

/// Writes `<name>.eml` in one step: a reader of the folder never sees half a mail, and a mail that
/// comes twice is still one file.
fn write_whole(outbox: &Path, name: &str, content: &[u8]) -> io::Result<PathBuf> {
    let is_plain = name
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if !is_plain {
        return Err(io::Error::other(
            "the mail's id cannot be the name of a file",
        ));
    }
    folder::make_private(outbox)?;
    let (path, aside) = (
        outbox.join(format!("{name}.eml")),
        outbox.join(format!(".{name}.new")),
    );
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&aside)?;
    file.write_all(content)?;
    file.sync_all()?;
    fs::rename(&aside, &path)?;
    // The new name is on the disk before the mail is noted as sent.
    fs::File::open(outbox)?.sync_all()?;
    Ok(path)
}

/// The mail server. Unless it is on this machine or the URL says otherwise, only with TLS: a
/// password is sent.
fn transport(url: &SmtpUrl) -> Result<AsyncSmtpTransport<Tokio1Executor>, Undelivered> {
    let mut url = Url::parse(url.expose()).map_err(undelivered)?;
    let is_near = match url.host() {
        // An IPv4 address is a name here: only URLs of the web know better (WHATWG URL §4.4).
        Some(Host::Domain(name)) => {
            name == "localhost" || name.parse().is_ok_and(|ip: Ipv4Addr| ip.is_loopback())
        }
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    if url.scheme() == "smtp" && !is_near && !url.query_pairs().any(|(name, _)| name == "tls") {
        url.query_pairs_mut().append_pair("tls", "required");
    }
    let builder =
        AsyncSmtpTransport::<Tokio1Executor>::from_url(url.as_str()).map_err(undelivered)?;
    Ok(builder.timeout(Some(LONGEST_DELIVERY)).build())
}

/// The name of our host, for addresses of our own making.
fn domain(public_url: &str) -> String {
    match Url::parse(public_url).ok().as_ref().and_then(Url::host) {
        Some(Host::Domain(name)) => name.to_owned(),
        // Not every mail program takes an address in place of a name.
        _ => "countersign.localhost".into(),
    }
}

/// What the mail server said. It has the last word on an address (RFC 5321 §4.2.3, RFC 7504); all else
/// may be about us, and be better another time.
fn refused(error: &smtp::Error) -> Undelivered {
    const NO_SUCH_MAILBOX: [u16; 4] = [550, 551, 553, 556];
    let code = error.status().map(u16::from);
    match code.is_some_and(|code| NO_SUCH_MAILBOX.contains(&code)) {
        true => Undelivered::Ever(error.to_string()),
        false => undelivered(error),
    }
}

fn undelivered(error: impl std::fmt::Display) -> Undelivered {
    Undelivered::Yet(error.to_string())
}

#[cfg(test)]
mod tests {
    use protocol::{ids::MailId, time::Timestamp};

    use super::*;

    fn letter() -> MailRecord {
        let at = Timestamp::from_seconds(1_795_347_727);
        MailRecord {
            id: MailId::new("0193a"),
            recipient: "Ona <ona@example.org>".into(),
            subject: "Вход приостановлен".into(),
            body_text: "Kažkas kelis kartus įvedė neteisingus duomenis.\n.\nFrom here on: ė\n"
                .into(),
            body_html: None,
            created_at: at,
            attempts: 0,
            next_attempt_at: at,
            sent_at: None,
            last_error: None,
            expires_at: at,
        }
    }

    fn mailer(folder: &Path) -> Mailer {
        Mailer {
            from: "Countersign <no-reply@bank.example>".parse().unwrap(),
            domain: "bank.example".into(),
            way: Way::Folder(folder.to_owned()),
        }
    }

    #[tokio::test]
    async fn a_letter_becomes_one_well_formed_file() {
        let folder = tempfile::tempdir().unwrap();
        let mailer = mailer(&folder.path().join("outbox"));
        mailer.deliver(&letter()).await.unwrap();
        mailer.deliver(&letter()).await.unwrap();
        let files: Vec<_> = fs::read_dir(folder.path().join("outbox"))
            .unwrap()
            .collect();
        assert_eq!(files.len(), 1);
        let text = fs::read_to_string(folder.path().join("outbox/0193a.eml")).unwrap();
        assert!(text.is_ascii(), "{text}");
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        for line in [
            "From: Countersign <no-reply@bank.example>",
            "To: Ona <ona@example.org>",
            "Date: Sun, 22 Nov 2026 11:42:07 +0000",
            "Message-ID: <0193a@bank.example>",
            "Content-Type: text/plain; charset=utf-8",
        ] {
            assert!(
                head.split("\r\n").any(|found| found == line),
                "{line} in {head}"
            );
        }
        assert!(head.contains("Subject: =?utf-8?b?"), "{head}");
        assert!(
            !body.contains('ė') && text.lines().all(|line| line.len() <= 78),
            "{text}"
        );
    }

    #[tokio::test]
    async fn an_address_that_is_none_is_not_delivered_to() {
        let folder = tempfile::tempdir().unwrap();
        let mut letter = letter();
        letter.recipient = "ona@example.org\r\nBcc: eve@example.org".into();
        assert!(mailer(folder.path()).deliver(&letter).await.is_err());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[tokio::test]
    async fn the_folder_is_tested_without_a_trace() {
        let folder = tempfile::tempdir().unwrap();
        mailer(&folder.path().join("outbox")).test().await.unwrap();
        assert_eq!(
            fs::read_dir(folder.path().join("outbox")).unwrap().count(),
            0
        );
        fs::write(folder.path().join("file"), "").unwrap();
        assert!(mailer(&folder.path().join("file")).test().await.is_err());
    }
}
