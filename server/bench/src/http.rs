//! Just enough of HTTP/1.1 to drive a server hard: one kept-alive connection, prepared requests.
//!
//! A full client would cost the measured server as much of the machine as the server itself uses.

use std::{io, net::SocketAddr};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

/// One connection.
pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// An answer with its body.
pub struct Answer {
    /// The status code.
    pub status: u16,
    head: String,
    /// The body, with its transfer coding removed.
    pub body: Vec<u8>,
}

impl Answer {
    /// Values of a header.
    pub fn headers<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.head
            .lines()
            .filter_map(|line| line.split_once(':'))
            .filter(move |(found, _)| found.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.trim())
    }

    /// The first value of a header.
    pub fn header(&self, name: &str) -> Option<String> {
        self.headers(name).next().map(str::to_owned)
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// Where the parts of an answer lie in the buffer.
struct Layout {
    status: u16,
    head: usize,
    body: Body,
}

enum Body {
    Length(usize),
    Chunked,
}

impl Connection {
    /// Connects.
    pub async fn open(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            buffer: Vec::with_capacity(16 * 1024),
        })
    }

    /// Sends `request` and gives back the status of the answer, whose body is read and dropped.
    pub async fn drive(&mut self, request: &[u8]) -> io::Result<u16> {
        let layout = self.send(request).await?;
        match layout.body {
            Body::Length(length) => self.fill(layout.head + length).await?,
            Body::Chunked => {
                self.read_chunks(layout.head).await?;
            }
        }
        Ok(layout.status)
    }

    /// Sends `request` and gives back the whole answer.
    pub async fn exchange(&mut self, request: &[u8]) -> io::Result<Answer> {
        let layout = self.send(request).await?;
        let body = match layout.body {
            Body::Length(length) => {
                self.fill(layout.head + length).await?;
                self.buffer[layout.head..layout.head + length].to_vec()
            }
            Body::Chunked => self.read_chunks(layout.head).await?,
        };
        let head = String::from_utf8_lossy(&self.buffer[..layout.head]).into_owned();
        Ok(Answer {
            status: layout.status,
            head,
            body,
        })
    }

    async fn send(&mut self, request: &[u8]) -> io::Result<Layout> {
        self.buffer.clear();
        self.stream.write_all(request).await?;
        let mut searched: usize = 0;
        loop {
            if let Some(at) = find(&self.buffer[searched..], b"\r\n\r\n") {
                return layout(&self.buffer, searched + at + 4);
            }
            searched = self.buffer.len().saturating_sub(3);
            self.more().await?;
        }
    }

    async fn fill(&mut self, length: usize) -> io::Result<()> {
        while self.buffer.len() < length {
            self.more().await?;
        }
        Ok(())
    }

    async fn more(&mut self) -> io::Result<()> {
        if self.stream.read_buf(&mut self.buffer).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(())
    }

    async fn read_chunks(&mut self, mut at: usize) -> io::Result<Vec<u8>> {
        let mut body = Vec::new();
        loop {
            let line = loop {
                match find(&self.buffer[at..], b"\r\n") {
                    Some(end) => break at..at + end,
                    None => self.more().await?,
                }
            };
            let digits = std::str::from_utf8(&self.buffer[line.clone()]).map_err(malformed)?;
            let length = usize::from_str_radix(digits.trim(), 16).map_err(malformed)?;
            at = line.end + 2;
            self.fill(at + length + 2).await?;
            if length == 0 {
                return Ok(body);
            }
            body.extend_from_slice(&self.buffer[at..at + length]);
            at += length + 2;
        }
    }
}

fn layout(buffer: &[u8], head: usize) -> io::Result<Layout> {
    let text = std::str::from_utf8(&buffer[..head]).map_err(malformed)?;
    let mut lines = text.split("\r\n");
    let status_line = lines.next().unwrap_or_default();
    let status: u16 = status_line
        .get(9..12)
        .unwrap_or_default()
        .parse()
        .map_err(malformed)?;
    let mut body = Body::Length(0);
    for line in lines {
        let Some((name, value)) = line.split_once(':') else {
            continue;
        };
        if name.eq_ignore_ascii_case("content-length") {
            body = Body::Length(value.trim().parse().map_err(malformed)?);
        } else if name.eq_ignore_ascii_case("transfer-encoding") {
            body = Body::Chunked;
        }
    }
    Ok(Layout { status, head, body })
}

fn malformed(error: impl std::error::Error + Send + Sync + 'static) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack
        .windows(needle.len())
        .position(|window| window == needle)
}

/// A `GET` request to `host` with more `headers`, each of which ends in CR LF.
pub fn get(host: SocketAddr, path: &str, headers: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nhost: {host}\r\n{headers}\r\n").into_bytes()
}

/// A `POST` request of a form.
pub fn post_form(host: SocketAddr, path: &str, headers: &str, form: &[(&str, &str)]) -> Vec<u8> {
    let body = encode_form(form);
    let length = body.len();
    format!(
        "POST {path} HTTP/1.1\r\nhost: {host}\r\ncontent-type: application/x-www-form-urlencoded\r\n\
         content-length: {length}\r\n{headers}\r\n{body}"
    )
    .into_bytes()
}

/// The header of HTTP Basic client authentication (RFC 6749 §2.3.1), with its line end.
pub fn basic(client_id: &str, client_secret: &str) -> String {
    let pair = format!("{}:{}", encode(client_id), encode(client_secret));
    format!("authorization: Basic {}\r\n", STANDARD.encode(pair))
}

/// `application/x-www-form-urlencoded`.
pub fn encode_form(form: &[(&str, &str)]) -> String {
    let pairs: Vec<_> = form
        .iter()
        .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
        .collect();
    pairs.join("&")
}

/// Percent-encodes all but unreserved characters (RFC 3986 §2.3).
pub fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_head_tells_where_the_body_ends() {
        let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nx: y\r\n\r\nhello";
        let found = layout(answer, answer.len() - 5).unwrap();
        assert_eq!(found.status, 200);
        assert!(matches!(found.body, Body::Length(5)));
        let chunked = b"HTTP/1.1 303 See Other\r\ntransfer-encoding: chunked\r\n\r\n";
        assert!(matches!(
            layout(chunked, chunked.len()).unwrap().body,
            Body::Chunked
        ));
        assert!(layout(b"HTTP/1.1\r\n\r\n", 12).is_err());
    }

    #[test]
    fn forms_are_percent_encoded() {
        assert_eq!(
            encode_form(&[("a b", "ä&="), ("x", "y-._~")]),
            "a%20b=%C3%A4%26%3D&x=y-._~"
        );
    }
}
