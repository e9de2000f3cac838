//! `prompt` (OpenID Connect Core §3.1.2.1): which pages the app wants shown, or none at all.

use serde::{Deserialize, Serialize};

/// The parameter `prompt`. What `none` leads to (`login_required`, `interaction_required`) is decided
/// where it is known who is signed in.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Prompt {
    /// No page may be shown.
    #[serde(skip_serializing_if = "is_false")]
    pub none: bool,
    /// Sign in again.
    #[serde(skip_serializing_if = "is_false")]
    pub login: bool,
    /// Ask for consent again.
    #[serde(skip_serializing_if = "is_false")]
    pub consent: bool,
    /// Let the person choose who they are.
    #[serde(skip_serializing_if = "is_false")]
    pub select_account: bool,
}

fn is_false(flag: &bool) -> bool {
    !flag
}

impl Prompt {
    /// Reads words separated by spaces; unknown ones are ignored. `None` when `none` is not alone.
    pub fn parse(text: &str) -> Option<Self> {
        let mut prompt = Self::default();
        let mut words = 0;
        for word in text.split(' ').filter(|word| !word.is_empty()) {
            words += 1;
            match word {
                "none" => prompt.none = true,
                "login" => prompt.login = true,
                "consent" => prompt.consent = true,
                "select_account" => prompt.select_account = true,
                _ => {}
            }
        }
        (!prompt.none || words == 1).then_some(prompt)
    }

    /// Whether the person shall say anew who they are, even when signed in.
    pub fn asks_who(&self) -> bool {
        self.login || self.select_account
    }

    /// Whether the app said nothing.
    pub fn is_unspecified(&self) -> bool {
        *self == Self::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn none_stands_alone() {
        assert_eq!(Prompt::parse(""), Some(Prompt::default()));
        assert_eq!(
            Prompt::parse("none"),
            Some(Prompt {
                none: true,
                ..Prompt::default()
            })
        );
        assert_eq!(
            Prompt::parse("login consent create"),
            Some(Prompt {
                login: true,
                consent: true,
                ..Prompt::default()
            })
        );
        assert_eq!(Prompt::parse("none login"), None);
        assert_eq!(Prompt::parse("none create"), None);
    }
}
