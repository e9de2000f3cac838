//! `application/x-www-form-urlencoded` queries and bodies, as RFC 6749 wants them read: a parameter
//! without a value counts as left out, a repeated one is an error (§3.1, §3.2).

use std::fmt;

use zeroize::Zeroizing;

/// How many parameters are read before the whole form is refused.
pub const MOST_PARAMETERS: usize = 100;

/// A form, decoded but not yet understood. Values are wiped from memory on drop and never shown by
/// `Debug`: passwords and secrets travel in here.
#[derive(Clone, Default)]
pub struct RawForm {
    pairs: Vec<(String, Zeroizing<String>)>,
}

/// Why a form cannot be read.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum FormFault {
    /// More than [`MOST_PARAMETERS`].
    #[error("there are more than 100 parameters")]
    TooManyParameters,
    /// A `%` that is not followed by two hexadecimal digits.
    #[error("a percent sign is not followed by two hexadecimal digits")]
    PercentEncoding,
    /// Bytes that are not UTF-8 after decoding.
    #[error("a parameter is not UTF-8")]
    Utf8,
}

/// A parameter that was sent more than once (RFC 6749 §3.1).
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("the parameter {name} was sent more than once")]
pub struct Duplicate {
    /// Which one.
    pub name: String,
}

impl RawForm {
    /// Reads a query (without the `?`) or a body.
    pub fn parse(bytes: &[u8]) -> Result<Self, FormFault> {
        let mut pairs = Vec::new();
        for pair in bytes
            .split(|byte| *byte == b'&')
            .filter(|pair| !pair.is_empty())
        {
            if pairs.len() == MOST_PARAMETERS {
                return Err(FormFault::TooManyParameters);
            }
            let mut halves = pair.splitn(2, |byte| *byte == b'=');
            let name = decode(halves.next().unwrap_or_default())?;
            let value = decode(halves.next().unwrap_or_default())?;
            pairs.push((name, Zeroizing::new(value)));
        }
        Ok(Self { pairs })
    }

    /// The form with these parameters, for callers that have them apart already.
    pub fn from_pairs<N: Into<String>, V: Into<String>>(
        pairs: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        let pairs = pairs
            .into_iter()
            .map(|(name, value)| (name.into(), Zeroizing::new(value.into())));
        Self {
            pairs: pairs.collect(),
        }
    }

    /// The value of a parameter; `None` when it is absent or empty. An error when it was sent twice,
    /// even if one of them is empty.
    pub fn one(&self, name: &str) -> Result<Option<&str>, Duplicate> {
        let mut values = self.values(name);
        let value = values.next();
        if values.next().is_some() {
            return Err(Duplicate {
                name: name.to_owned(),
            });
        }
        Ok(value.filter(|value| !value.is_empty()))
    }

    /// All values of a parameter that may repeat, such as checkboxes; empty ones left out.
    pub fn many<'form>(&'form self, name: &str) -> impl Iterator<Item = &'form str> {
        self.values(name).filter(|value| !value.is_empty())
    }

    /// The names of all parameters, in the order in which they were sent, repeated ones too.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.pairs.iter().map(|(name, _)| name.as_str())
    }

    /// Names and values, in the order in which they were sent.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        let pairs = self.pairs.iter();
        pairs.map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Whether the parameter is there at all, even empty.
    pub fn has(&self, name: &str) -> bool {
        self.values(name).next().is_some()
    }

    /// The first parameter that was sent more than once.
    pub fn first_duplicate(&self) -> Option<&str> {
        let names: Vec<&str> = self.pairs.iter().map(|(name, _)| name.as_str()).collect();
        names
            .iter()
            .enumerate()
            .find(|(at, name)| names[..*at].contains(name))
            .map(|(_, name)| *name)
    }

    /// Names and values, taken apart; a value is wiped when it is dropped.
    pub(crate) fn into_pairs(self) -> impl Iterator<Item = (String, Zeroizing<String>)> {
        self.pairs.into_iter()
    }

    fn values<'form>(&'form self, name: &str) -> impl Iterator<Item = &'form str> {
        self.pairs
            .iter()
            .filter(move |(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }
}

/// The names only.
impl fmt::Debug for RawForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set()
            .entries(self.pairs.iter().map(|(name, _)| name))
            .finish()
    }
}

/// A query with the values of one of its parameters taken out, for pages and logs that must not see
/// them. The rest stays as it was, also what cannot be decoded.
pub fn blanked(query: &str, name: &str) -> String {
    let blank = format!("{name}=");
    let pairs = query.split('&').map(|pair| {
        let known = pair.split('=').next().unwrap_or_default();
        match decode(known.as_bytes()) {
            Ok(known) if known == name => blank.as_str(),
            _ => pair,
        }
    });
    pairs.collect::<Vec<_>>().join("&")
}

/// One name or value: `+` is a space, `%XX` a byte. Also the decoding of RFC 6749 §2.3.1.
pub(crate) fn decode(text: &[u8]) -> Result<String, FormFault> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let [first, after @ ..] = rest {
        rest = after;
        bytes.push(match (first, after) {
            (b'+', _) => b' ',
            (b'%', [high, low, after @ ..]) => {
                rest = after;
                (hexadecimal(*high)? << 4) | hexadecimal(*low)?
            }
            (b'%', _) => return Err(FormFault::PercentEncoding),
            (other, _) => *other,
        });
    }
    String::from_utf8(bytes).map_err(|_| FormFault::Utf8)
}

fn hexadecimal(digit: u8) -> Result<u8, FormFault> {
    match char::from(digit).to_digit(16) {
        Some(value) => Ok(value as u8),
        None => Err(FormFault::PercentEncoding),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_values_of_a_parameter_are_taken_out_however_its_name_is_written() {
        for (query, rest) in [
            ("a=1&secret=x&b=2", "a=1&secret=&b=2"),
            ("secret=x=y", "secret="),
            ("s%65cret=x&a=%zz&secret", "secret=&a=%zz&secret="),
            ("secrets=x&secret=y", "secrets=x&secret="),
            ("", ""),
        ] {
            assert_eq!(blanked(query, "secret"), rest, "{query}");
        }
    }

    fn form(text: &str) -> RawForm {
        RawForm::parse(text.as_bytes()).unwrap_or_default()
    }

    #[test]
    fn values_are_decoded_once() {
        let table = [
            ("a=x", Some("x")),
            ("a=x+y%20z", Some("x y z")),
            ("a=%2B%26%3D%25", Some("+&=%")),
            ("a=%C5%BE%c5%be", Some("žž")),
            ("a=ž", Some("ž")),
            ("a=1=2", Some("1=2")),
            ("a=%2541", Some("%41")),
            ("%61=x", Some("x")),
            ("&&a=x&", Some("x")),
            ("a=", None),
            ("a", None),
            ("b=x", None),
            ("", None),
        ];
        for (text, value) in table {
            assert_eq!(form(text).one("a"), Ok(value), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_decoded_is_refused() {
        let table: [(&[u8], FormFault); 7] = [
            (b"a=%", FormFault::PercentEncoding),
            (b"a=%4", FormFault::PercentEncoding),
            (b"a=%zz", FormFault::PercentEncoding),
            (b"a=%+1", FormFault::PercentEncoding),
            (b"%=a", FormFault::PercentEncoding),
            (b"a=%ff", FormFault::Utf8),
            (b"a=\xff", FormFault::Utf8),
        ];
        for (bytes, fault) in table {
            assert_eq!(RawForm::parse(bytes).err(), Some(fault), "{bytes:?}");
        }
    }

    #[test]
    fn the_number_of_parameters_is_bounded() {
        assert!(RawForm::parse("a=b&".repeat(MOST_PARAMETERS).as_bytes()).is_ok());
        let over = RawForm::parse("a=b&".repeat(MOST_PARAMETERS + 1).as_bytes());
        assert_eq!(over.err(), Some(FormFault::TooManyParameters));
    }

    #[test]
    fn repeated_parameters_are_found() {
        let duplicate = Err(Duplicate {
            name: "a".to_owned(),
        });
        for text in ["a=1&a=2", "a=1&b=2&a=1", "a=&a=1", "a&a", "a=1&%61=2"] {
            assert_eq!(form(text).one("a"), duplicate, "{text}");
            assert_eq!(form(text).first_duplicate(), Some("a"), "{text}");
        }
        assert_eq!(form("a=1&A=1&b=1").first_duplicate(), None);
        assert_eq!(form("a=1&a=&a=2").many("a").collect::<Vec<_>>(), ["1", "2"]);
    }

    #[test]
    fn debug_shows_names_and_no_values() {
        assert_eq!(
            format!("{:?}", form("password=hunter2&b=x")),
            r#"{"password", "b"}"#
        );
    }
}
