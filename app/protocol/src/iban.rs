//! Account numbers, ISO 13616.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// An IBAN with right check digits, stored without spaces in upper case.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Iban(String);

/// Why a text is not an IBAN.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum IbanFault {
    /// Not two letters, two digits and up to 30 letters or digits.
    #[error("an account number begins with two letters and two digits")]
    Malformed,
    /// Not as long as account numbers of that country are.
    #[error("the account number does not have the length of its country")]
    WrongLength,
    /// The check digits do not fit, most likely a typo.
    #[error("the account number has a typo: its check digits do not fit")]
    WrongCheckDigits,
}

/// Lengths of the countries of SEPA; others are only held to the general 15 to 34 characters.
const LENGTHS: &[(&str, usize)] = &[
    ("AD", 24),
    ("AT", 20),
    ("BE", 16),
    ("BG", 22),
    ("CH", 21),
    ("CY", 28),
    ("CZ", 24),
    ("DE", 22),
    ("DK", 18),
    ("EE", 20),
    ("ES", 24),
    ("FI", 18),
    ("FR", 27),
    ("GB", 22),
    ("GI", 23),
    ("GR", 27),
    ("HR", 21),
    ("HU", 28),
    ("IE", 22),
    ("IS", 26),
    ("IT", 27),
    ("LI", 21),
    ("LT", 20),
    ("LU", 20),
    ("LV", 21),
    ("MC", 27),
    ("MT", 31),
    ("NL", 18),
    ("NO", 15),
    ("PL", 28),
    ("PT", 25),
    ("RO", 24),
    ("SE", 24),
    ("SI", 19),
    ("SK", 24),
    ("SM", 27),
    ("VA", 22),
];

impl Iban {
    /// Reads an account number as people type it: spaces and lower case allowed.
    pub fn parse(typed: &str) -> Result<Self, IbanFault> {
        let text: String = typed
            .chars()
            .filter(|character| !matches!(character, ' ' | '\u{a0}' | '\u{202f}'))
            .map(|character| character.to_ascii_uppercase())
            .collect();
        let bytes = text.as_bytes();
        let shape = bytes.len() >= 5
            && bytes[..2].iter().all(u8::is_ascii_uppercase)
            && bytes[2..4].iter().all(u8::is_ascii_digit)
            && bytes[4..].iter().all(u8::is_ascii_alphanumeric);
        if !shape {
            return Err(IbanFault::Malformed);
        }
        let length = LENGTHS
            .iter()
            .find(|(country, _)| text.starts_with(country));
        if !length.map_or((15..=34).contains(&text.len()), |(_, length)| {
            text.len() == *length
        }) {
            return Err(IbanFault::WrongLength);
        }
        if remainder(&text) != 1 {
            return Err(IbanFault::WrongCheckDigits);
        }
        Ok(Self(text))
    }

    /// The account number of a country for a national number, with the check digits worked out.
    pub fn with_check_digits(country: &str, national: &str) -> Result<Self, IbanFault> {
        if !national.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(IbanFault::Malformed);
        }
        let check_digits = 98 - remainder(&format!("{country}00{national}"));
        Self::parse(&format!("{country}{check_digits:02}{national}"))
    }

    /// Without spaces.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// In groups of four, as on paper: `LT12 1000 0111 0100 1000`.
    pub fn groups(&self) -> String {
        let mut text = String::with_capacity(self.0.len() + self.0.len() / 4);
        for (at, character) in self.0.chars().enumerate() {
            if at > 0 && at % 4 == 0 {
                text.push(' ');
            }
            text.push(character);
        }
        text
    }

    /// Enough to recognise one's own account, no more: `LT12 •••• •••• 4321`. Always as long, so the
    /// length says nothing.
    pub fn masked(&self) -> String {
        format!("{} •••• •••• {}", &self.0[..4], &self.0[self.0.len() - 4..])
    }
}

/// The number modulo 97, country and check digits moved to the end (ISO 13616 §6.1).
fn remainder(text: &str) -> u32 {
    let (front, back) = text.split_at_checked(4).unwrap_or((text, ""));
    remainder_97(back.chars().chain(front.chars()))
}

/// ISO/IEC 7064 mod 97-10 over digits and letters, which stand for 10 to 35.
pub(crate) fn remainder_97(text: impl IntoIterator<Item = char>) -> u32 {
    text.into_iter().fold(0, |rest, character| {
        let value = character.to_digit(36).unwrap_or(0);
        (rest * if value > 9 { 100 } else { 10 } + value) % 97
    })
}

impl FromStr for Iban {
    type Err = IbanFault;

    fn from_str(text: &str) -> Result<Self, IbanFault> {
        Self::parse(text)
    }
}

impl fmt::Display for Iban {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Masked: account numbers are personal data and do not belong in logs.
impl fmt::Debug for Iban {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Iban({})", self.masked())
    }
}

impl Serialize for Iban {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Iban {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_examples_are_account_numbers() {
        for text in [
            "LT12 1000 0111 0100 1000",
            "gb82 west 1234 5698 7654 32",
            "DE89370400440532013000",
            "PL61109010140000071219812874",
            "NO9386011117947",
            "DE02100100109307118603",
        ] {
            assert!(Iban::parse(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn typos_are_found() {
        let table = [
            ("LT13 1000 0111 0100 1000", IbanFault::WrongCheckDigits),
            ("LT12 1000 0111 0100 0100", IbanFault::WrongCheckDigits),
            ("LT12 1000 0111 0100 100", IbanFault::WrongLength),
            ("XX12", IbanFault::Malformed),
            ("", IbanFault::Malformed),
            ("1212100001110100100", IbanFault::Malformed),
            ("LTA2100001110100100", IbanFault::Malformed),
            ("LT12-1000-0111-0100-1000", IbanFault::Malformed),
            ("ŁT12100001110100100", IbanFault::Malformed),
        ];
        for (text, fault) in table {
            assert_eq!(Iban::parse(text), Err(fault), "{text}");
        }
    }

    #[test]
    fn check_digits_are_worked_out() {
        let iban = Iban::with_check_digits("LT", "1000011101001000");
        assert_eq!(
            iban.map(|iban| iban.groups()),
            Ok("LT12 1000 0111 0100 1000".to_owned())
        );
        assert_eq!(
            Iban::with_check_digits("LT", "12 34"),
            Err(IbanFault::Malformed)
        );
        assert_eq!(
            Iban::with_check_digits("LT", "1234"),
            Err(IbanFault::WrongLength)
        );
    }

    #[test]
    fn masked_numbers_show_eight_characters_and_never_the_length() {
        for (text, masked) in [
            ("LT121000011101001000", "LT12 •••• •••• 1000"),
            ("PL61109010140000071219812874", "PL61 •••• •••• 2874"),
        ] {
            assert_eq!(
                Iban::parse(text).map(|iban| iban.masked()),
                Ok(masked.to_owned())
            );
        }
        let debug = Iban::parse("LT121000011101001000").map(|iban| format!("{iban:?}"));
        assert_eq!(debug, Ok("Iban(LT12 •••• •••• 1000)".to_owned()));
    }
}
