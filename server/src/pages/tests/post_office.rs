//! A mail server on this machine, as far as letters need one (RFC 5321): it takes them, or behaves as
//! badly as it is told.

use std::{
    collections::VecDeque,
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// How the office treats one letter.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mood {
    /// Nobody has that address.
    Refuses,
    /// Not now.
    IsBusy,
    /// Hangs up before the letter is told.
    HangsUp,
    /// Takes the letter, and hangs up without a word.
    SaysNothing,
}

/// A letter that was taken.
#[derive(Clone, Debug)]
pub struct Taken {
    pub to: String,
    pub subject: String,
    pub id: String,
    pub text: String,
}

/// The office. It closes when this is dropped.
pub struct PostOffice {
    pub address: SocketAddr,
    inside: Arc<Inside>,
    door: JoinHandle<()>,
}

#[derive(Default)]
struct Inside {
    moods: Mutex<VecDeque<Mood>>,
    taken: Mutex<Vec<Taken>>,
}

impl Drop for PostOffice {
    fn drop(&mut self) {
        self.door.abort();
    }
}

impl PostOffice {
    pub async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let inside = Arc::<Inside>::default();
        let clerk = inside.clone();
        let door = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let clerk = clerk.clone();
                // A caller who hangs up is no fault of the office.
                tokio::spawn(async move { clerk.serve(stream).await.unwrap_or_default() });
            }
        });
        Self {
            address,
            inside,
            door,
        }
    }

    /// The next letters are treated like this, one after the other; all later ones are taken.
    pub fn be(&self, moods: &[Mood]) {
        let mut kept = lock(&self.inside.moods);
        kept.extend(moods);
    }

    /// The letters that were taken, oldest first.
    pub fn taken(&self) -> Vec<Taken> {
        lock(&self.inside.taken).clone()
    }
}

impl Inside {
    async fn serve(&self, stream: TcpStream) -> std::io::Result<()> {
        let mut stream = BufReader::new(stream);
        stream.write_all(b"220 post.example\r\n").await?;
        let mut mood = None;
        loop {
            let mut line = String::new();
            if stream.read_line(&mut line).await? == 0 {
                return Ok(());
            }
            let verb = line.split_whitespace().next().unwrap_or_default();
            let answer: &[u8] = match verb.to_ascii_uppercase().as_str() {
                "EHLO" => b"250-post.example\r\n250 8BITMIME\r\n",
                "RCPT" => {
                    mood = lock(&self.moods).pop_front();
                    match mood {
                        Some(Mood::Refuses) => b"550 5.1.1 no such person\r\n",
                        Some(Mood::IsBusy) => b"451 4.3.0 come back later\r\n",
                        _ => b"250 ok\r\n",
                    }
                }
                "DATA" if mood == Some(Mood::HangsUp) => return Ok(()),
                "DATA" => {
                    stream.write_all(b"354 go on\r\n").await?;
                    let letter = letter(&mut stream).await?;
                    lock(&self.taken).push(read(&letter));
                    if mood == Some(Mood::SaysNothing) {
                        return Ok(());
                    }
                    b"250 taken\r\n"
                }
                "QUIT" => {
                    stream.write_all(b"221 bye\r\n").await?;
                    return Ok(());
                }
                _ => b"250 ok\r\n",
            };
            stream.write_all(answer).await?;
        }
    }
}

/// Everything up to the line with a dot (RFC 5321 §4.1.1.4).
async fn letter(stream: &mut BufReader<TcpStream>) -> std::io::Result<String> {
    let mut letter = String::new();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await?;
        match line.as_str() {
            ".\r\n" => return Ok(letter),
            "" => return Err(std::io::ErrorKind::UnexpectedEof.into()),
            line => letter += line.strip_prefix('.').unwrap_or(line),
        }
    }
}

/// A message of one part (RFC 5322, RFC 2045).
fn read(message: &str) -> Taken {
    let (head, body) = message.split_once("\r\n\r\n").expect("head and body");
    let head = head.replace("\r\n ", " ").replace("\r\n\t", " ");
    let header = |name: &str| {
        let named = |line: &str| {
            let (known, value) = line.split_once(": ")?;
            known.eq_ignore_ascii_case(name).then(|| value.to_owned())
        };
        head.split("\r\n").find_map(named).unwrap_or_default()
    };
    let text = match header("content-transfer-encoding").as_str() {
        "quoted-printable" => quoted_printable(body),
        "base64" => base64(&body.replace("\r\n", "")),
        _ => body.to_owned(),
    };
    Taken {
        to: header("to"),
        subject: words(&header("subject")),
        id: header("message-id"),
        text: text.replace("\r\n", "\n"),
    }
}

/// The encoded words of a header (RFC 2047).
fn words(value: &str) -> String {
    let mut text = String::new();
    let mut rest = value;
    while let Some((before, word)) = rest.split_once("=?utf-8?b?") {
        // White space between two encoded words is not text (§6.2).
        if !before.trim().is_empty() {
            text += before;
        }
        let (word, after) = word.split_once("?=").expect("the end of a word");
        text += &base64(word);
        rest = after;
    }
    text + rest
}

fn base64(text: &str) -> String {
    let bytes = STANDARD.decode(text).expect("base64");
    String::from_utf8(bytes).expect("UTF-8")
}

/// RFC 2045 §6.7.
fn quoted_printable(body: &str) -> String {
    let body = body.replace("=\r\n", "");
    let mut pieces = body.split('=');
    let mut bytes = pieces.next().unwrap_or_default().as_bytes().to_vec();
    for piece in pieces {
        let (code, rest) = piece.split_at(2);
        bytes.push(u8::from_str_radix(code, 16).expect("two digits"));
        bytes.extend(rest.as_bytes());
    }
    String::from_utf8(bytes).expect("UTF-8")
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
