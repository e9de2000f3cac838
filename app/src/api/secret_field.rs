use std::fmt;

use serde::Deserialize;

/// What a person typed and nobody may see: a password, a code. Not shown by `Debug`.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct SecretField(String);

impl SecretField {
    /// The text, to be compared and dropped.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The text, for whoever takes it over.
    pub fn into_inner(self) -> String {
        self.0
    }
}

impl fmt::Debug for SecretField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretField(..)")
    }
}
