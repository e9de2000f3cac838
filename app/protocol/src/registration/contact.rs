//! How a business can be reached.

use super::{faults::FaultKind, identifiers::checked_text};
use crate::text::is_plain_line;

checked_text! {
    /// A mail address: something before and something with a dot after one `@`. What more there is to
    /// an address, only a letter that arrives can tell.
    MailAddress
}

impl MailAddress {
    /// Reads an address as typed.
    pub fn parse(typed: &str) -> Result<Self, FaultKind> {
        let separators = |character: char| {
            character.is_whitespace() || matches!(character, '<' | '>' | ',' | ';' | '"')
        };
        let right = is_plain_line(typed, 254)
            && !typed.contains(separators)
            && typed.split_once('@').is_some_and(|(name, host)| {
                !name.is_empty()
                    && !host.contains('@')
                    && host.contains('.')
                    && host.split('.').all(|label| !label.is_empty())
            });
        if right {
            Ok(Self(typed.to_owned()))
        } else {
            Err(FaultKind::Mail)
        }
    }
}

checked_text! {
    /// A telephone number, international (ITU-T E.164: at most 15 digits) or national, with the groups
    /// as they were typed.
    Phone
}

impl Phone {
    /// Reads a number as typed.
    pub fn parse(typed: &str) -> Result<Self, FaultKind> {
        let national = typed.strip_prefix('+').unwrap_or(typed);
        let digits = national.bytes().filter(u8::is_ascii_digit).count();
        let group = |byte: u8| matches!(byte, b' ' | b'-' | b'(' | b')' | b'.' | b'/');
        let right = (5..=15).contains(&digits)
            && typed.len() <= 30
            && national
                .bytes()
                .all(|byte| byte.is_ascii_digit() || group(byte));
        if right {
            Ok(Self(typed.to_owned()))
        } else {
            Err(FaultKind::Phone)
        }
    }
}
