//! Numbers that registers give to businesses, with their check digits really checked.
//!
//! All of them are read as people type them: lower case, spaces, dots and dashes allowed; kept in one
//! spelling.

mod company;
mod lei;
mod vat;

pub use company::{CompaniesHouseNumber, CompanyCode, RegisterNumber};
pub use lei::Lei;
pub use vat::{VatNumber, VatRule};

/// A text that exists only when its `parse` accepted it; `parse` reads its own text back.
macro_rules! checked_text {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, serde::Serialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// The text in its one spelling.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <String as serde::Deserialize>::deserialize(deserializer)?;
                Self::parse(&text).map_err(|fault| serde::de::Error::custom(fault.key()))
            }
        }
    };
}

pub(in crate::registration) use checked_text;

/// What was typed in its one spelling: upper case, without blanks, dots, slashes and dashes.
fn compact(typed: &str) -> String {
    typed
        .chars()
        .filter(|character| {
            !crate::ids::is_separator(*character) && !matches!(character, '.' | '/')
        })
        .map(|character| character.to_ascii_uppercase())
        .collect()
}

/// The values of a text of digits; `None` when something else stands in it.
fn digits(text: &str) -> Option<Vec<u32>> {
    text.chars()
        .map(|character| character.to_digit(10))
        .collect()
}

/// The sum of digits by weights, as far as both go.
fn weighted(digits: &[u32], weights: &[u32]) -> u32 {
    digits
        .iter()
        .zip(weights)
        .map(|(digit, weight)| digit * weight)
        .sum()
}

/// ISO/IEC 7812-1 annex B, Luhn: from the right, every second digit doubled and its digits added.
fn luhn(digits: &[u32]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(at, digit)| match at % 2 {
            0 => *digit,
            _ => digit * 2 / 10 + digit * 2 % 10,
        })
        .sum();
    sum.is_multiple_of(10)
}
