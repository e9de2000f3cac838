//! Proof that a business controls its domain: a record that only it can publish, in the DNS or as a
//! file of its website (RFC 8615).

use serde::{Deserialize, Serialize};

use crate::{ids::CROCKFORD, words::words};

/// Where the file is looked for, below `https://` and the domain.
pub const WELL_KNOWN_PATH: &str = "/.well-known/countersign-verification.txt";

/// What the record begins with.
const NAME: &str = "countersign-verification=";

words! {
    /// What was found at one of the two places.
    ProofFound {
        /// The expected record.
        Expected "expected",
        /// A record of this kind with another token: an old one, or of another app.
        OtherToken "other-token",
        /// No record of this kind.
        Nothing "nothing",
    }
}

/// The token that a domain is asked to publish. Not a secret: it proves who wrote it, not who knows it.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ProofToken(String);

impl ProofToken {
    /// The token made of 130 of these random bits: 26 characters that can be read out on the phone.
    pub fn from_entropy(entropy: [u8; 26]) -> Self {
        let character =
            |byte: u8| char::from(CROCKFORD[usize::from(byte & 31)]).to_ascii_lowercase();
        Self(entropy.into_iter().map(character).collect())
    }

    /// The text of the token.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The record: the value of the TXT record, and the whole content of the file.
    pub fn record(&self) -> String {
        format!("{NAME}{}", self.0)
    }

    /// The token with this text, as it was made by [`ProofToken::from_entropy`] and kept.
    pub fn from_text(text: &str) -> Option<Self> {
        let known = |byte: u8| CROCKFORD.contains(&byte.to_ascii_uppercase());
        let lower = !text.bytes().any(|byte| byte.is_ascii_uppercase());
        (text.len() == 26 && lower && text.bytes().all(known)).then(|| Self(text.to_owned()))
    }

    /// Looks for the record among the TXT values of the domain; each value is its strings joined
    /// (RFC 7208 §3.3 does the same). Quotes that people paste into a panel are forgiven.
    pub fn in_txt<S: AsRef<str>>(&self, values: impl IntoIterator<Item = S>) -> ProofFound {
        let found = values
            .into_iter()
            .map(|value| self.one(value.as_ref().trim().trim_matches('"')));
        // The expected record is first among the words, nothing is last.
        found.min().unwrap_or(ProofFound::Nothing)
    }

    /// Looks at the file. It must hold the record and nothing else: where strangers can leave a line of
    /// text, they must not be able to leave a proof.
    pub fn in_file(&self, content: &str) -> ProofFound {
        self.one(content.trim_start_matches('\u{feff}'))
    }

    fn one(&self, value: &str) -> ProofFound {
        match value.trim().strip_prefix(NAME) {
            Some(token) if token == self.0 => ProofFound::Expected,
            Some(_) => ProofFound::OtherToken,
            None => ProofFound::Nothing,
        }
    }
}
