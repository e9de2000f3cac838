//! VAT identification numbers of the European Union (Council Directive 2006/112/EC, Article 215) and of
//! the United Kingdom.
//!
//! Shapes of all members; check digits of Estonia, Finland, France, Germany, Latvia, Lithuania, the
//! Netherlands, Poland and Sweden. The others are held to their shape alone ([`VatRule::Shape`]):
//! whether such a number exists, only VIES can tell.

mod check_digits;

use super::{checked_text, compact};
use crate::registration::FaultKind;

checked_text! {
    /// A VAT number with the prefix of its country, such as `LT100012345678`.
    VatNumber
}

/// How far the numbers of a country are checked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum VatRule {
    /// Shape and check digits.
    CheckDigits,
    /// The shape alone.
    Shape,
}

/// Whether the check digits of a number (without its prefix) fit.
type Check = fn(&str) -> bool;

/// In a shape, `9` stands for a digit, `A` for a letter, `?` for either, `+` for either or one of the
/// two signs that Ireland once used; anything else for itself.
struct Country {
    prefix: &'static str,
    shapes: &'static [&'static str],
    check: Option<Check>,
}

const fn shape(prefix: &'static str, shapes: &'static [&'static str]) -> Country {
    Country {
        prefix,
        shapes,
        check: None,
    }
}

const fn checked(prefix: &'static str, shapes: &'static [&'static str], check: Check) -> Country {
    Country {
        prefix,
        shapes,
        check: Some(check),
    }
}

/// The shapes as the European Commission publishes them with VIES. Greece is `EL`, Northern Ireland `XI`.
const COUNTRIES: &[Country] = &[
    shape("AT", &["U99999999"]),
    shape("BE", &["0999999999", "1999999999"]),
    shape("BG", &["999999999", "9999999999"]),
    shape("CY", &["99999999A"]),
    shape("CZ", &["99999999", "999999999", "9999999999"]),
    checked("DE", &["999999999"], check_digits::germany),
    shape("DK", &["99999999"]),
    checked("EE", &["999999999"], check_digits::estonia),
    shape("EL", &["999999999"]),
    shape("ES", &["?9999999?"]),
    checked("FI", &["99999999"], check_digits::finland),
    checked("FR", &["??999999999"], check_digits::france),
    shape("GB", &["999999999", "999999999999", "GD999", "HA999"]),
    shape("HR", &["99999999999"]),
    shape("HU", &["99999999"]),
    shape("IE", &["9999999A", "9999999AA", "9+99999A"]),
    shape("IT", &["99999999999"]),
    checked(
        "LT",
        &["999999999", "999999999999"],
        check_digits::lithuania,
    ),
    shape("LU", &["99999999"]),
    checked("LV", &["99999999999"], check_digits::latvia),
    shape("MT", &["99999999"]),
    checked("NL", &["999999999B99"], check_digits::netherlands),
    checked("PL", &["9999999999"], check_digits::poland),
    shape("PT", &["999999999"]),
    shape(
        "RO",
        &[
            "99",
            "999",
            "9999",
            "99999",
            "999999",
            "9999999",
            "99999999",
            "999999999",
            "9999999999",
        ],
    ),
    checked("SE", &["999999999999"], check_digits::sweden),
    shape("SI", &["99999999"]),
    shape("SK", &["9999999999"]),
    shape("XI", &["999999999", "999999999999", "GD999", "HA999"]),
];

impl VatNumber {
    /// Reads a number as typed.
    pub fn parse(typed: &str) -> Result<Self, FaultKind> {
        let text = compact(typed);
        let (country, number) = split(&text).ok_or(FaultKind::VatCountry)?;
        if !country.shapes.iter().any(|shape| has_shape(number, shape)) {
            return Err(FaultKind::VatFormat);
        }
        if country.check.is_some_and(|check| !check(number)) {
            return Err(FaultKind::VatChecksum);
        }
        Ok(Self(text))
    }

    /// The prefix of its country.
    pub fn country(&self) -> &str {
        &self.0[..2]
    }

    /// How far numbers with this prefix are checked; `None` for a country without such numbers.
    pub fn rule(prefix: &str) -> Option<VatRule> {
        let country = COUNTRIES.iter().find(|country| country.prefix == prefix)?;
        Some(
            country
                .check
                .map_or(VatRule::Shape, |_| VatRule::CheckDigits),
        )
    }
}

fn split(text: &str) -> Option<(&'static Country, &str)> {
    COUNTRIES
        .iter()
        .find_map(|country| Some((country, text.strip_prefix(country.prefix)?)))
}

fn has_shape(number: &str, shape: &str) -> bool {
    number.len() == shape.len()
        && number
            .bytes()
            .zip(shape.bytes())
            .all(|(byte, expected)| match expected {
                b'9' => byte.is_ascii_digit(),
                b'A' => byte.is_ascii_uppercase(),
                b'?' => byte.is_ascii_digit() || byte.is_ascii_uppercase(),
                b'+' => byte.is_ascii_uppercase() || matches!(byte, b'+' | b'*'),
                literal => byte == literal,
            })
}
