//! The parameters of a request without any secret: by a list of what may be shown, so that whatever
//! nobody thought of is hidden.

use serde::{Deserialize, Serialize};

use crate::{form::RawForm, secret::holds_secret, text::shown};

/// Harmless: shown in clear.
const CLEAR: [&str; 16] = [
    "callbackURL",
    "client_id",
    "code_challenge",
    "code_challenge_method",
    "display",
    "grant_type",
    "max_age",
    "prompt",
    "redirect_uri",
    "resource",
    "response_mode",
    "response_type",
    "scope",
    "token_type_hint",
    "ui_locales",
    "acr_values",
];

/// Known by name; of the value only its length is kept.
const HIDDEN: [&str; 19] = [
    "access_token",
    "assertion",
    "authorizationToken",
    "authorization_details",
    "claims",
    "client_assertion",
    "client_assertion_type",
    "client_secret",
    "code",
    "code_verifier",
    "id_token_hint",
    "login_hint",
    "password",
    "refreshToken",
    "refresh_token",
    "request",
    "request_uri",
    "token",
    "username",
];

/// Of `state` so much is shown that a developer recognises it, and too little to use it.
const STATE_SHOWN: usize = 4;

/// Parameters that are kept, and bytes of one of them: many requests wait in memory.
const MOST: usize = 30;
const LONGEST: usize = 1_000;

/// The parameters of a request, cheaply masked: nothing secret is in here any more.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Masked {
    pairs: Vec<(String, Value)>,
    left_out: usize,
}

/// One parameter as the log shows it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Parameter {
    /// Its name; `?` when nobody knows it, for a secret may stand there too.
    #[serde(rename = "n")]
    pub name: String,
    /// What is shown of its value.
    #[serde(flatten)]
    pub value: Value,
}

/// What is shown of a value.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Value {
    /// All of it, made harmless by [`shown`].
    #[serde(rename = "v")]
    Clear(String),
    /// Its beginning and its length.
    #[serde(rename = "c")]
    Cut(String, usize),
    /// Its length in characters.
    #[serde(rename = "l")]
    Length(usize),
}

impl Masked {
    /// Masks a form. What may be shown is taken over as it is, without a copy; the rest is wiped.
    pub fn of(form: RawForm) -> Self {
        let mut left_out = 0;
        let mut pairs = Vec::new();
        for (name, mut value) in form.into_pairs() {
            if pairs.len() == MOST {
                left_out += 1;
                continue;
            }
            let length = |value: &str| Value::Length(value.chars().count());
            let masked = if holds_secret(&value) || value.len() > LONGEST {
                length(&value)
            } else if CLEAR.contains(&name.as_str()) {
                Value::Clear(std::mem::take(&mut *value))
            } else if name == "state" {
                let characters = value.chars().count();
                // A short one would be shown whole.
                if characters > 2 * STATE_SHOWN {
                    Value::Cut(value.chars().take(STATE_SHOWN).collect(), characters)
                } else {
                    Value::Length(characters)
                }
            } else {
                length(&value)
            };
            let known = name == "state"
                || CLEAR.contains(&name.as_str())
                || HIDDEN.contains(&name.as_str());
            pairs.push((if known { name } else { "?".to_owned() }, masked));
        }
        Self { pairs, left_out }
    }

    /// The parameters, fit for a page.
    pub fn parameters(self) -> Vec<Parameter> {
        let more = (self.left_out > 0).then_some(("...".to_owned(), Value::Length(self.left_out)));
        self.pairs
            .into_iter()
            .chain(more)
            .map(|(name, value)| Parameter {
                name,
                value: match value {
                    Value::Clear(text) => Value::Clear(shown(&text)),
                    Value::Cut(text, length) => Value::Cut(shown(&text), length),
                    hidden => hidden,
                },
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masked(form: &str) -> Vec<(String, Value)> {
        let form = RawForm::parse(form.as_bytes()).unwrap_or_default();
        Masked::of(form)
            .parameters()
            .into_iter()
            .map(|parameter| (parameter.name, parameter.value))
            .collect()
    }

    #[test]
    fn only_what_is_known_to_be_harmless_is_shown() {
        let clear = |text: &str| Value::Clear(text.to_owned());
        let table = [
            (
                "grant_type=refresh_token",
                "grant_type",
                clear("refresh_token"),
            ),
            ("scope=wallet+ais", "scope", clear("wallet ais")),
            ("client_secret=hunter22", "client_secret", Value::Length(8)),
            ("code=abc", "code", Value::Length(3)),
            (
                "state=0123456789",
                "state",
                Value::Cut("0123".to_owned(), 10),
            ),
            ("state=01234567", "state", Value::Length(8)),
            ("surprise=secret", "?", Value::Length(6)),
            ("hunter22", "?", Value::Length(0)),
            // A secret that was put into the wrong parameter, or into an address.
            ("scope=cs_sk_x", "scope", Value::Length(7)),
            (
                "redirect_uri=https://a/?t=cs_at_y",
                "redirect_uri",
                Value::Length(20),
            ),
            ("scope=a%0Ab", "scope", clear("a␊b")),
        ];
        for (form, name, value) in table {
            assert_eq!(masked(form), [(name.to_owned(), value)], "{form}");
        }
    }

    #[test]
    fn what_is_kept_is_bounded() {
        let long = masked(&format!("scope={}", "a".repeat(LONGEST + 1)));
        assert_eq!(long[0].1, Value::Length(LONGEST + 1));
        let many = masked(&"scope=a&".repeat(MOST + 2));
        assert_eq!(many.len(), MOST + 1);
        assert_eq!(many[MOST], ("...".to_owned(), Value::Length(2)));
    }

    #[test]
    fn no_name_stands_on_both_lists() {
        assert!(CLEAR.iter().all(|name| !HIDDEN.contains(name)));
    }
}
