//! Proof Key for Code Exchange, RFC 7636, with S256 only: `plain` protects nobody (RFC 9700 §2.1.1).

use std::fmt;

use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// The only `code_challenge_method` (RFC 7636 §4.2).
pub const S256: &str = "S256";

/// A challenge: SHA-256 of the verifier as 43 base64url characters (RFC 7636 §4.2).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CodeChallenge([u8; 32]);

/// Why a text is not an S256 challenge.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum ChallengeFault {
    /// Not 43 characters; how many there were, and whether the last is `=`.
    #[error("code_challenge must be 43 characters of base64url without =; got {length}{}", if *padded { " ending in =" } else { "" })]
    Length {
        /// Characters received.
        length: usize,
        /// Whether it ends in `=`.
        padded: bool,
    },
    /// A character outside base64url, most often `+` or `/`, or bits that no hash has.
    #[error(
        "code_challenge must be base64url, with - and _ in place of + and /, of a SHA-256 hash"
    )]
    Alphabet,
}

impl CodeChallenge {
    /// Reads the parameter `code_challenge`.
    pub fn parse(text: &str) -> Result<Self, ChallengeFault> {
        let length = text.chars().count();
        if length != 43 {
            return Err(ChallengeFault::Length {
                length,
                padded: text.ends_with('='),
            });
        }
        let hash = BASE64URL_NOPAD
            .decode(text.as_bytes())
            .map_err(|_| ChallengeFault::Alphabet)?;
        hash.try_into()
            .map(Self)
            .map_err(|_| ChallengeFault::Alphabet)
    }
}

impl fmt::Display for CodeChallenge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&BASE64URL_NOPAD.encode(&self.0))
    }
}

impl TryFrom<String> for CodeChallenge {
    type Error = ChallengeFault;

    fn try_from(text: String) -> Result<Self, ChallengeFault> {
        Self::parse(&text)
    }
}

impl From<CodeChallenge> for String {
    fn from(challenge: CodeChallenge) -> Self {
        challenge.to_string()
    }
}

/// A verifier: 43 to 128 unreserved characters (RFC 7636 §4.1). A secret until it is used.
#[derive(Clone)]
pub struct CodeVerifier(Zeroizing<String>);

/// Why a text is not a verifier.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum VerifierFault {
    /// Not 43 to 128 characters.
    #[error("code_verifier must have 43 to 128 characters")]
    Length,
    /// A character outside `A-Z a-z 0-9 - . _ ~`.
    #[error("code_verifier may hold only letters, digits and - . _ ~")]
    Alphabet,
}

impl CodeVerifier {
    /// Reads the parameter `code_verifier`.
    pub fn parse(text: &str) -> Result<Self, VerifierFault> {
        if !(43..=128).contains(&text.chars().count()) {
            return Err(VerifierFault::Length);
        }
        let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        if !text.bytes().all(unreserved) {
            return Err(VerifierFault::Alphabet);
        }
        Ok(Self(Zeroizing::new(text.to_owned())))
    }

    /// The challenge that belongs to it (RFC 7636 §4.2).
    pub fn challenge(&self) -> CodeChallenge {
        CodeChallenge(Sha256::digest(self.0.as_bytes()).into())
    }

    /// Whether it belongs to the challenge (RFC 7636 §4.6); in constant time.
    pub fn verify(&self, challenge: &CodeChallenge) -> bool {
        self.challenge().0.ct_eq(&challenge.0).into()
    }
}

impl fmt::Debug for CodeVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CodeVerifier(...)")
    }
}
