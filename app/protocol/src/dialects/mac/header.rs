//! `Authorization: MAC id="...", ts="...", nonce="...", mac="..."[, ext="..."]`.
//!
//! Between the quotes may stand any printable ASCII character but `"` and `\`; there is no escaping.
//! So a nonce may begin with a space, and may look like the next parameter: nothing is split at
//! commas and nothing is trimmed. One pass over the text, whatever is in it.

use std::fmt;

use data_encoding::BASE64;

use crate::time::Timestamp;

/// The longest `id`, in characters: that of an access token, with room.
const LONGEST_ID: usize = 128;

/// The longest nonce, in characters. Libraries send 32 to 64.
const LONGEST_NONCE: usize = 256;

/// What a signed request says about itself. The signature is not checked yet.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MacHeader {
    /// A client id or an access token: the key is that of the one or the other.
    pub id: String,
    /// `ts`, character by character: seconds since the Unix epoch.
    pub ts: String,
    /// Makes two requests of the same second differ.
    pub nonce: String,
    /// The signature.
    pub mac: [u8; 32],
    /// `ext`, still form-encoded. Absent and empty are the same.
    pub ext: String,
}

/// A header that is none, with what is wrong about it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum HeaderFault {
    /// Another scheme.
    #[error("the Authorization header is not of the scheme MAC")]
    OtherScheme,
    /// Not a list of `name="value"`.
    #[error("the Authorization header must be a list of name=\"value\", with commas between")]
    Grammar,
    /// A parameter that this version of the scheme does not have.
    #[error("the Authorization header has a parameter that is unknown here")]
    UnknownParameter,
    /// A parameter twice.
    #[error("the Authorization header has a parameter twice")]
    Twice,
    /// `id`, `ts`, `nonce` or `mac` is not there, or empty.
    #[error("the Authorization header lacks {0}")]
    Missing(&'static str),
    /// Longer than any that a library makes.
    #[error("{0} in the Authorization header is too long")]
    TooLong(&'static str),
    /// Not decimal digits, or with leading zeros.
    #[error("ts in the Authorization header is not a number of seconds")]
    Timestamp,
    /// Not the base64 of 32 bytes.
    #[error("mac in the Authorization header is not the base64 text of 32 bytes")]
    Mac,
}

/// Whether a header's value speaks this scheme, well or badly. The word counts in any case.
pub fn is_signed(value: &str) -> bool {
    after_scheme(value).is_some()
}

fn after_scheme(value: &str) -> Option<&str> {
    let (word, rest) = value.trim_start().split_at_checked(super::SCHEME.len())?;
    (word.eq_ignore_ascii_case(super::SCHEME) && rest.starts_with([' ', '\t'])).then_some(rest)
}

impl MacHeader {
    /// Reads the value of the header.
    ///
    /// # Errors
    /// When it is not what the scheme's version -01 with HMAC-SHA-256 allows. Later versions (`kid`,
    /// `h`) are another protocol and do not pass.
    pub fn parse(value: &str) -> Result<Self, HeaderFault> {
        let mut rest = after_scheme(value).ok_or(HeaderFault::OtherScheme)?;
        let [mut id, mut ts, mut nonce, mut mac, mut ext] = [None; 5];
        loop {
            let (name, text, after) = parameter(rest).ok_or(HeaderFault::Grammar)?;
            let place = match name {
                "id" => &mut id,
                "ts" => &mut ts,
                "nonce" => &mut nonce,
                "mac" => &mut mac,
                "ext" => &mut ext,
                _ => return Err(HeaderFault::UnknownParameter),
            };
            if place.replace(text).is_some() {
                return Err(HeaderFault::Twice);
            }
            let after = after.trim_start_matches([' ', '\t']);
            match after.strip_prefix(',') {
                Some(next) => rest = next,
                None if after.is_empty() => break,
                None => return Err(HeaderFault::Grammar),
            }
        }
        let needed = |value: Option<&str>, name| match value {
            Some(value) if !value.is_empty() => Ok(value.to_owned()),
            _ => Err(HeaderFault::Missing(name)),
        };
        let header = Self {
            id: needed(id, "id")?,
            ts: needed(ts, "ts")?,
            nonce: needed(nonce, "nonce")?,
            mac: signature(&needed(mac, "mac")?)?,
            ext: ext.unwrap_or_default().to_owned(),
        };
        if header.id.len() > LONGEST_ID {
            return Err(HeaderFault::TooLong("id"));
        }
        if header.nonce.len() > LONGEST_NONCE {
            return Err(HeaderFault::TooLong("nonce"));
        }
        seconds(&header.ts).ok_or(HeaderFault::Timestamp)?;
        Ok(header)
    }

    /// When the request was signed, by the caller's clock.
    pub fn signed_at(&self) -> Timestamp {
        Timestamp::from_millis(seconds(&self.ts).unwrap_or_default() * 1000)
    }
}

/// The header's value, with the parameters in the order of the client library.
impl fmt::Display for MacHeader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            id,
            ts,
            nonce,
            mac,
            ext,
        } = self;
        let mac = BASE64.encode(mac);
        write!(
            f,
            r#"{} id="{id}", ts="{ts}", nonce="{nonce}", mac="{mac}""#,
            super::SCHEME
        )?;
        if !ext.is_empty() {
            write!(f, r#", ext="{ext}""#)?;
        }
        Ok(())
    }
}

/// One `name="value"`: the name, what is between the quotes, and what follows them.
fn parameter(text: &str) -> Option<(&str, &str, &str)> {
    let text = text.trim_start_matches([' ', '\t']);
    let end = text
        .bytes()
        .position(|byte| !byte.is_ascii_alphanumeric())?;
    let (name, rest) = text.split_at_checked(end)?;
    let rest = rest.strip_prefix("=\"")?;
    let end = rest
        .bytes()
        .position(|byte| !matches!(byte, 0x20 | 0x21 | 0x23..=0x5b | 0x5d..=0x7e))?;
    let (value, rest) = rest.split_at_checked(end)?;
    Some((name, value, rest.strip_prefix('"')?))
}

/// Draft-01 §3.1: a positive integer without leading zeros. Ten digits last until the year 2286.
fn seconds(text: &str) -> Option<i64> {
    let plain = (1..=10).contains(&text.len())
        && !text.starts_with('0')
        && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

fn signature(text: &str) -> Result<[u8; 32], HeaderFault> {
    let bytes = BASE64
        .decode(text.as_bytes())
        .map_err(|_| HeaderFault::Mac)?;
    bytes.try_into().map_err(|_| HeaderFault::Mac)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAC: &str = "qtfqgX6EaE0nSHP9fN9ItmTNWqmr1Jkal7IOJbglOOE=";

    fn with(parameters: &str) -> String {
        format!("MAC {parameters}, mac=\"{MAC}\"")
    }

    #[test]
    fn a_nonce_may_look_like_anything() {
        for nonce in [
            " !#[]^~,=;x",
            ", ext=x",
            "|!&~j3Y5#,,<5P'ol6yt(C>`w^n5Q-w.",
            "a ",
            ",",
            "=",
        ] {
            let header = with(&format!("id=\"a\", ts=\"1760000000\", nonce=\"{nonce}\""));
            let read = MacHeader::parse(&header).map(|header| header.nonce);
            assert_eq!(read.as_deref(), Ok(nonce));
        }
    }

    #[test]
    fn the_order_is_free_and_an_empty_ext_is_none() {
        let orders = [
            format!("MAC ext=\"\",mac=\"{MAC}\",nonce=\"n\",ts=\"1\",id=\"a\""),
            format!("mac id=\"a\" ,\tts=\"1\", nonce=\"n\", mac=\"{MAC}\""),
        ];
        let read = orders.map(|order| MacHeader::parse(&order));
        assert_eq!(read[0], read[1]);
        assert_eq!(read[0].as_ref().map(|header| header.ext.as_str()), Ok(""));
    }

    #[test]
    fn whatever_else_comes_is_refused() {
        use HeaderFault as Fault;
        let good = "id=\"a\", ts=\"1\", nonce=\"n\"";
        let table = [
            ("Bearer x".to_owned(), Fault::OtherScheme),
            ("MAC".to_owned(), Fault::OtherScheme),
            ("MACid=\"a\"".to_owned(), Fault::OtherScheme),
            ("MAC ".to_owned(), Fault::Grammar),
            (with("id=a, ts=\"1\", nonce=\"n\""), Fault::Grammar),
            (with("id=\"a\" ts=\"1\", nonce=\"n\""), Fault::Grammar),
            (with(r#"id="a\"b", ts="1", nonce="n""#), Fault::Grammar),
            (with("id=\"ž\", ts=\"1\", nonce=\"n\""), Fault::Grammar),
            (format!("{},", with(good)), Fault::Grammar),
            (format!("{} x", with(good)), Fault::Grammar),
            (format!("MAC {good}, mac=\"{MAC}"), Fault::Grammar),
            (with(&format!("{good}, id=\"a\"")), Fault::Twice),
            (with(&format!("{good}, ext=\"\", ext=\"\"")), Fault::Twice),
            (with("kid=\"a\", ts=\"1\""), Fault::UnknownParameter),
            (
                with(&format!("{good}, h=\"host\"")),
                Fault::UnknownParameter,
            ),
            (
                with(&format!("{good}, bodyhash=\"x\"")),
                Fault::UnknownParameter,
            ),
            (with("ts=\"1\", nonce=\"n\""), Fault::Missing("id")),
            (with("id=\"a\", ts=\"1\""), Fault::Missing("nonce")),
            (
                with("id=\"a\", ts=\"1\", nonce=\"\""),
                Fault::Missing("nonce"),
            ),
            (with("id=\"a\", nonce=\"n\""), Fault::Missing("ts")),
            (format!("MAC {good}"), Fault::Missing("mac")),
            (with("id=\"a\", ts=\"01\", nonce=\"n\""), Fault::Timestamp),
            (with("id=\"a\", ts=\"-1\", nonce=\"n\""), Fault::Timestamp),
            (with("id=\"a\", ts=\" 1\", nonce=\"n\""), Fault::Timestamp),
            (
                with("id=\"a\", ts=\"12345678901\", nonce=\"n\""),
                Fault::Timestamp,
            ),
            (format!("MAC {good}, mac=\"AAAA\""), Fault::Mac),
            (
                format!("MAC {good}, mac=\"{}\"", MAC.replace('=', "")),
                Fault::Mac,
            ),
            (
                format!("MAC {good}, mac=\"{}\"", MAC.replace("OOE=", "OOF=")),
                Fault::Mac,
            ),
            (
                with(&format!(
                    "id=\"{}\", ts=\"1\", nonce=\"n\"",
                    "a".repeat(129)
                )),
                Fault::TooLong("id"),
            ),
            (
                with(&format!(
                    "id=\"a\", ts=\"1\", nonce=\"{}\"",
                    "n".repeat(257)
                )),
                Fault::TooLong("nonce"),
            ),
        ];
        for (text, fault) in table {
            assert_eq!(MacHeader::parse(&text), Err(fault), "{text}");
        }
    }
}
