//! Signed requests: the published examples, hostile ones, and that nothing of a request can change.

use data_encoding::BASE64;
use proptest::prelude::*;
use protocol::{
    client::DialectName,
    dialects::{
        self, AccessFault, Credential, Dialect, Head, Mac,
        mac::{Destination, Extension, MacHeader, SignFault, Signable, fault::check_time},
    },
    ids::TraceId,
    time::Timestamp,
};
use serde::Deserialize;
use sha2::Digest as _;
use std::time::Duration;

#[derive(Deserialize)]
struct Examples {
    key: String,
    id: String,
    ts: String,
    nonce: String,
    host: String,
    port: u16,
    examples: Vec<Example>,
}

#[derive(Deserialize)]
struct Example {
    method: String,
    target: String,
    ext: String,
    mac: String,
    body: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
struct Request {
    key: String,
    ts: String,
    nonce: String,
    method: String,
    target: String,
    host: String,
    port: u16,
    ext: String,
    body: String,
    mac: String,
}

impl Request {
    fn header(&self) -> MacHeader {
        let text = format!(
            r#"MAC id="app", ts="{}", nonce="{}", mac="{}", ext="{}""#,
            self.ts, self.nonce, self.mac, self.ext
        );
        MacHeader::parse(&text).expect("a header")
    }

    fn fits(&self) -> bool {
        let destinations = [Destination {
            host: self.host.clone(),
            port: self.port,
        }];
        let signable = Signable {
            method: &self.method,
            target: &self.target,
            destinations: &destinations,
        };
        signable.is_signed_with(&self.key, &self.header())
    }
}

fn documented() -> Vec<Request> {
    let text = include_str!("../vectors/paysera-mac-examples.json");
    let known: Examples = serde_json::from_str(text).expect("the examples");
    assert_eq!(known.id, "wkVd93h2uS");
    known
        .examples
        .into_iter()
        .map(|example| Request {
            key: known.key.clone(),
            ts: known.ts.clone(),
            nonce: known.nonce.clone(),
            method: example.method,
            target: example.target,
            host: known.host.clone(),
            port: known.port,
            ext: example.ext,
            body: example.body.unwrap_or_default(),
            mac: example.mac,
        })
        .collect()
}

fn hostile() -> Vec<Request> {
    serde_json::from_str(include_str!("../vectors/paysera-mac-hostile.json")).expect("the requests")
}

#[test]
fn all_documented_examples_and_hostile_requests_verify() {
    let all: Vec<Request> = documented().into_iter().chain(hostile()).collect();
    assert_eq!(all.len(), 9);
    for request in all {
        assert!(request.fits(), "{request:?}");
        let destinations = [Destination {
            host: request.host.clone(),
            port: request.port,
        }];
        let signable = Signable {
            method: &request.method,
            target: &request.target,
            destinations: &destinations,
        };
        let unsigned = MacHeader {
            mac: [0; 32],
            ..request.header()
        };
        let signed = signable.sign(&request.key, unsigned);
        assert_eq!(signed, Some(request.header()));
    }
}

#[test]
fn the_bodies_of_the_examples_have_the_hashes_that_were_signed() {
    let with_body = |request: &Request| !request.body.is_empty();
    let all = documented().into_iter().chain(hostile()).filter(with_body);
    let mut seen = 0;
    for request in all {
        let read = Extension::check(&request.ext, request.body.as_bytes());
        assert!(read.is_ok(), "{request:?}");
        seen += 1;
    }
    assert_eq!(seen, 3);
}

#[test]
fn headers_that_the_php_library_was_seen_to_send_are_read() {
    let lines = include_str!("../vectors/paysera-php-library-headers.txt");
    let nonces: Vec<String> = lines
        .lines()
        .map(|line| MacHeader::parse(line).expect("a header").nonce)
        .collect();
    assert_eq!(
        nonces,
        [
            "_9*fT:9KP>yl~v^1(W:3,$YC>::569R-",
            "|!&~j3Y5#,,<5P'ol6yt(C>`w^n5Q-w.",
            "y94_GYV>feEZXzFDd<nyxz5UE?t9Ix4H",
        ]
    );
}

#[test]
fn the_clock_may_be_off_by_five_minutes_either_way() {
    let header = hostile().remove(0).header();
    let allowed = Duration::from_secs(300);
    let check = |second: i64| check_time(&header, Timestamp::from_seconds(second), allowed);
    assert!(check(1_760_000_000 - 300).is_ok());
    assert!(check(1_760_000_000 + 300).is_ok());
    assert_eq!(check(1_760_000_000 - 301), Err(SignFault::InFuture));
    assert_eq!(check(1_760_000_000 + 301), Err(SignFault::TooOld));
    // Word for word what the libraries compare.
    let told = |fault: SignFault| {
        let error = fault.error();
        (error.status(), error.code.as_str(), error.description)
    };
    let (status, code, sentence) = told(SignFault::TooOld);
    assert_eq!(
        (status, code, &*sentence),
        (401, "invalid_timestamp", "Timestamp lifetime exceeded")
    );
    let (status, code, sentence) = told(SignFault::InFuture);
    assert_eq!(
        (status, code, &*sentence),
        (401, "invalid_timestamp", "Timestamp is in future")
    );
    let (status, code, sentence) = told(SignFault::TokenEnded);
    assert_eq!(
        (status, code, &*sentence),
        (400, "invalid_grant", "Token has expired")
    );
}

#[test]
fn a_signed_request_is_told_apart_from_a_token() {
    let line = include_str!("../vectors/paysera-php-library-headers.txt")
        .lines()
        .nth(1)
        .expect("a line");
    let head = Head {
        method: "GET",
        target: "/rest/v1/user/me",
        authorization: &[line],
    };
    let presented = dialects::recognise(&head).expect("presented");
    assert_eq!(presented.dialect, DialectName::Mac);
    assert!(
        matches!(presented.credential, Credential::Signed(header) if header.id == "SlAV32hkKG")
    );
    let twice = Head {
        authorization: &[line, line],
        ..head
    };
    let refused = dialects::recognise(&twice).map_err(|refused| refused.1);
    assert_eq!(refused.err(), Some(AccessFault::Malformed));
}

#[test]
fn an_expired_token_is_told_as_the_libraries_expect() {
    let answer = Mac.challenge(&AccessFault::InvalidToken, TraceId::from_entropy([1; 5]));
    assert_eq!(answer.status, 400);
    assert_eq!(answer.body["error"], "invalid_grant");
    assert_eq!(answer.body["error_description"], "Token has expired");
}

/// One change of one byte, in one part of a request.
#[derive(Clone, Copy, Debug)]
enum Part {
    Method,
    Target,
    Host,
    Port,
    Ext,
    Nonce,
    Timestamp,
    Signature,
    Key,
    Body,
}

const PARTS: [Part; 10] = [
    Part::Method,
    Part::Target,
    Part::Host,
    Part::Port,
    Part::Ext,
    Part::Nonce,
    Part::Timestamp,
    Part::Signature,
    Part::Key,
    Part::Body,
];

/// Another printable character at a place, within what a header may hold.
fn changed(text: &str, at: usize, by: u8) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    if characters.is_empty() {
        return char::from(b'a' + by % 26).to_string();
    }
    let at = at % characters.len();
    let before = characters[at];
    characters[at] = (0..)
        .map(|more| char::from(b'a' + by.wrapping_add(more) % 26))
        .find(|other| *other != before)
        .unwrap_or('a');
    characters.into_iter().collect()
}

proptest! {
    #[test]
    fn any_change_of_one_byte_is_refused(
        which in 0_usize..3,
        part in prop::sample::select(PARTS.to_vec()),
        at in any::<usize>(),
        by in 1_u8..=255,
    ) {
        let mut request = hostile().remove(which);
        let other = |text: &str| changed(text, at, by);
        match part {
            Part::Method => request.method = other(&request.method),
            Part::Target => request.target = other(&request.target),
            Part::Host => request.host = other(&request.host),
            Part::Port => request.port ^= u16::from(by),
            Part::Ext => request.ext = other(&request.ext),
            Part::Nonce => request.nonce = other(&request.nonce),
            Part::Timestamp => {
                let second: i64 = request.ts.parse().expect("a number");
                request.ts = (second + i64::from(by)).to_string();
            }
            Part::Signature => {
                let mut bytes = BASE64.decode(request.mac.as_bytes()).expect("base64");
                let place = at % bytes.len();
                bytes[place] ^= by;
                request.mac = BASE64.encode(&bytes);
            }
            Part::Key => request.key = other(&request.key),
            Part::Body => {
                let body = other(&request.body);
                prop_assert!(Extension::check(&request.ext, body.as_bytes()).is_err());
                return Ok(());
            }
        }
        prop_assert!(!request.fits(), "{request:?}");
    }

    #[test]
    fn whatever_stands_in_the_header_is_read_or_refused(text in "(?s).{0,300}") {
        let _read_or_refused = MacHeader::parse(&text);
        let _read_or_refused = MacHeader::parse(&format!("MAC {text}"));
        let _read_or_refused = Extension::check(&text, text.as_bytes());
    }

    #[test]
    fn what_was_written_is_read_again(
        id in "[a-zA-Z0-9_]{1,64}",
        nonce in "[\\x20\\x21\\x23-\\x5b\\x5d-\\x7e]{1,64}",
        ext in "[a-zA-Z0-9%&=_.+-]{0,64}",
        second in 1_i64..9_999_999_999,
    ) {
        let mac = BASE64.encode(&sha2::Sha256::digest(nonce.as_bytes()));
        let text = format!(r#"MAC id="{id}", ts="{second}", nonce="{nonce}", mac="{mac}", ext="{ext}""#);
        let read = MacHeader::parse(&text).expect("a header");
        prop_assert_eq!(&read.id, &id);
        prop_assert_eq!(&read.nonce, &nonce);
        prop_assert_eq!(&read.ext, &ext);
        prop_assert_eq!(read.signed_at(), Timestamp::from_seconds(second));
        prop_assert_eq!(MacHeader::parse(&read.to_string()), Ok(read));
    }
}

/// One pass, however long the header is: the parser counts what it looks at by taking pieces off the
/// front, so a header of 64 kB costs as much as sixty-four of one.
#[test]
fn long_headers_are_refused_in_one_pass() {
    let long = 64 * 1024;
    for header in [
        format!("MAC {}", "a".repeat(long)),
        format!("MAC {}", "=\"".repeat(long / 2)),
        format!("MAC {}", "a=\"\",".repeat(long / 5)),
        format!("MAC id=\"{}\"", ",".repeat(long)),
        format!("MAC {}", " ".repeat(long)),
        format!("MAC id=\"{}", "x, id=".repeat(long / 6)),
    ] {
        assert!(MacHeader::parse(&header).is_err());
    }
}
