//! Numbers in registers of companies.

use super::{checked_text, compact, digits, weighted};
use crate::registration::FaultKind;

checked_text! {
    /// The code of a legal person in the Lithuanian register (Juridinių asmenų registras): nine digits,
    /// the last of them the check digit of [`lithuanian_check_digit`].
    CompanyCode
}

impl CompanyCode {
    /// Reads a code as typed.
    pub fn parse(typed: &str) -> Result<Self, FaultKind> {
        let text = compact(typed);
        let Some(digits) = digits(&text).filter(|digits| digits.len() == 9) else {
            return Err(FaultKind::CompanyCodeFormat);
        };
        if lithuanian_check_digit(&digits[..8]) != digits[8] {
            return Err(FaultKind::CompanyCodeChecksum);
        }
        Ok(Self(text))
    }
}

/// The check digit that Lithuanian registers use, in two passes: weights 1, 2, 3, ... modulo 11; when
/// that gives 10, weights 3, 4, 5, ...; when that gives 10 again, 0. Weights go around after 9.
pub(super) fn lithuanian_check_digit(digits: &[u32]) -> u32 {
    let pass = |first: u32| {
        let weights: Vec<u32> = (0..)
            .map(|at| (at + first - 1) % 9 + 1)
            .take(digits.len())
            .collect();
        weighted(digits, &weights) % 11
    };
    match pass(1) {
        10 => pass(3) % 10,
        digit => digit,
    }
}

checked_text! {
    /// A company number of Companies House (United Kingdom): eight digits, or a prefix of the part of
    /// the country or kind of body and six or seven digits. It has no check digit.
    CompaniesHouseNumber
}

/// The prefixes in use ("Companies House Uniform Resource Identifiers" customer guide): Scotland,
/// Northern Ireland, partnerships, overseas, European and industrial bodies.
const COMPANIES_HOUSE_PREFIXES: &[&str] = &[
    "AC", "CE", "CS", "ES", "FC", "FE", "GE", "GN", "GS", "IC", "IP", "LP", "NA", "NC", "NF", "NI",
    "NL", "NO", "NP", "NR", "NV", "NZ", "OC", "OE", "PC", "RC", "RS", "SA", "SC", "SE", "SF", "SG",
    "SI", "SL", "SO", "SP", "SR", "SZ", "ZC",
];

impl CompaniesHouseNumber {
    /// Reads a number as typed. Zeros in front, which people leave out, are put back.
    pub fn parse(typed: &str) -> Result<Self, FaultKind> {
        let text = compact(typed);
        let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if (6..=8).contains(&text.len()) && all_digits(&text) {
            return Ok(Self(format!("{text:0>8}")));
        }
        let known = match (text.split_at_checked(2), text.strip_prefix('R')) {
            (Some((prefix, number)), _) if COMPANIES_HOUSE_PREFIXES.contains(&prefix) => {
                number.len() == 6 && all_digits(number)
            }
            // Companies of Northern Ireland before partition.
            (_, Some(number)) => number.len() == 7 && all_digits(number),
            _ => false,
        };
        if known {
            Ok(Self(text))
        } else {
            Err(FaultKind::CompaniesHouseFormat)
        }
    }
}

checked_text! {
    /// A number in any other register: letters of any alphabet, digits and the usual signs, as typed.
    RegisterNumber
}

impl RegisterNumber {
    /// Reads a number as typed.
    pub fn parse(typed: &str) -> Result<Self, FaultKind> {
        let sign = |character| matches!(character, ' ' | '-' | '.' | '/' | '(' | ')');
        let right = (2..=40).contains(&typed.chars().count())
            && typed.trim() == typed
            && typed
                .chars()
                .all(|character| character.is_alphanumeric() || sign(character))
            && typed.contains(|character: char| character.is_ascii_digit());
        if right {
            Ok(Self(typed.to_owned()))
        } else {
            Err(FaultKind::RegisterNumber)
        }
    }
}
