//! Words that an admin owes: to developers, to other admins, to the audit log.

use serde::{Deserialize, Deserializer, Serialize, de::Error};

use crate::{registration::FaultKind, text::is_hidden};

/// The fewest characters.
const SHORTEST: usize = 20;
/// The most characters.
const LONGEST: usize = 2_000;

/// A reason of 20 to 2000 characters, possibly of several lines.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(transparent)]
pub struct Reason(String);

/// Why a text is no reason.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum ReasonFault {
    /// Fewer than 20 characters.
    #[error("a reason has at least 20 characters")]
    TooShort,
    /// More than 2000 characters.
    #[error("a reason has at most 2000 characters")]
    TooLong,
    /// Invisible characters.
    #[error("a reason has only characters that can be seen")]
    HiddenCharacter,
}

impl ReasonFault {
    /// The same as a fault of a form, with its limit.
    pub const fn as_fault(self) -> (FaultKind, Option<usize>) {
        match self {
            Self::TooShort => (FaultKind::TooShort, Some(SHORTEST)),
            Self::TooLong => (FaultKind::TooLong, Some(LONGEST)),
            Self::HiddenCharacter => (FaultKind::HiddenCharacter, None),
        }
    }
}

impl Reason {
    /// Reads a reason as typed; blanks at the ends do not count.
    pub fn parse(typed: &str) -> Result<Self, ReasonFault> {
        let text = typed.trim().replace("\r\n", "\n");
        let length = text.chars().count();
        if text
            .chars()
            .any(|character| is_hidden(character) && character != '\n')
        {
            return Err(ReasonFault::HiddenCharacter);
        }
        match length {
            ..SHORTEST => Err(ReasonFault::TooShort),
            SHORTEST..=LONGEST => Ok(Self(text)),
            _ => Err(ReasonFault::TooLong),
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Reason {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(D::Error::custom)
    }
}
