//! Legal entity identifiers, ISO 17442.

use super::{checked_text, compact};
use crate::{iban::remainder_97, registration::FaultKind};

checked_text! {
    /// A legal entity identifier: 18 letters and digits and two check digits (ISO 17442-1 §5, check
    /// digits by ISO/IEC 7064 mod 97-10).
    Lei
}

impl Lei {
    /// Reads an identifier as typed.
    pub fn parse(typed: &str) -> Result<Self, FaultKind> {
        let text = compact(typed);
        let bytes = text.as_bytes();
        let shape = bytes.len() == 20
            && bytes.iter().all(u8::is_ascii_alphanumeric)
            && bytes[18..].iter().all(u8::is_ascii_digit);
        if !shape {
            return Err(FaultKind::LeiFormat);
        }
        if remainder_97(text.chars()) != 1 {
            return Err(FaultKind::LeiChecksum);
        }
        Ok(Self(text))
    }
}
