//! What an app writes down of its conversation, to show it: with secrets cut to their shape.

use serde_json::Value;

/// Who sent a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sender {
    /// The visitor's browser, told to by a redirect.
    Browser,
    /// The app's own server.
    App,
}

/// One request and what came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Exchange {
    /// What it is for, in one sentence.
    pub(crate) purpose: &'static str,
    pub(crate) sender: Sender,
    pub(crate) method: &'static str,
    pub(crate) url: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Option<String>,
    /// A parameter in readable form, with its name.
    pub(crate) readable: Option<(&'static str, String)>,
    pub(crate) reply: Reply,
}

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Reply {
    /// The browser carried it; the app does not see an answer.
    Unseen,
    /// Status, headers worth showing, body.
    Answer {
        status: u16,
        headers: Vec<(String, String)>,
        body: String,
    },
    /// Nothing: the connection failed.
    Nothing(String),
}

/// Values that may not be shown in full.
#[derive(Default)]
pub(crate) struct Masks(Vec<String>);

/// Parameters of forms and queries whose values are secrets, whoever made them.
const SECRET_PARAMETERS: [&str; 5] = [
    "client_secret",
    "code",
    "code_verifier",
    "refresh_token",
    "token",
];

/// Members of JSON bodies whose values are secrets.
const SECRET_MEMBERS: [&str; 5] = [
    "access_token",
    "refresh_token",
    "id_token",
    "mac_key",
    "client_secret",
];

/// Bodies longer than this are cut for display, in bytes.
const LONGEST_SHOWN: usize = 8_192;

impl Masks {
    /// Hides this value wherever it turns up.
    pub(crate) fn hide(&mut self, secret: &str) {
        if !secret.is_empty() {
            self.0.push(secret.to_owned());
            self.0.sort_by_key(|known| std::cmp::Reverse(known.len()));
        }
    }

    /// The text with every known secret cut to its shape.
    pub(crate) fn text(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, secret| {
            text.replace(secret, &shape(secret))
        })
    }

    /// A body for display: JSON indented, members that are secret by name cut as well.
    pub(crate) fn body(&self, body: &str) -> String {
        let shown = match serde_json::from_str::<Value>(body) {
            Ok(mut json) => {
                hide_members(&mut json);
                serde_json::to_string_pretty(&json).unwrap_or_default()
            }
            Err(_) => self.form(body),
        };
        cut(self.text(&shown))
    }

    /// A form body or a query: one parameter a line, left in its encoding.
    pub(crate) fn form(&self, form: &str) -> String {
        let parameters = form
            .split('&')
            .map(|parameter| match parameter.split_once('=') {
                Some((name, value)) if SECRET_PARAMETERS.contains(&name) => {
                    format!("{name}={}", shape(value))
                }
                _ => parameter.to_owned(),
            });
        self.text(&parameters.collect::<Vec<_>>().join("\n&"))
    }

    /// An address: as it went out, secrets cut.
    pub(crate) fn url(&self, url: &str) -> String {
        match url.split_once('?') {
            Some((path, query)) => {
                format!("{}?{}", self.text(path), self.form(query).replace('\n', ""))
            }
            None => self.text(url),
        }
    }
}

/// Enough of a secret to see what kind it is and how long: `cs_at_Q3vX…(49 more)`.
fn shape(secret: &str) -> String {
    let length = secret.chars().count();
    let shown = (length / 4).min(10);
    let start: String = secret.chars().take(shown).collect();
    format!("{start}…({} more)", length - shown)
}

fn hide_members(json: &mut Value) {
    match json {
        Value::Object(members) => {
            for (name, value) in members {
                match value {
                    Value::String(text) if SECRET_MEMBERS.contains(&name.as_str()) => {
                        *text = shape(text)
                    }
                    other => hide_members(other),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(hide_members),
        _ => {}
    }
}

fn cut(text: String) -> String {
    match text.char_indices().find(|(at, _)| *at >= LONGEST_SHOWN) {
        Some((at, _)) => format!("{}\n… ({} bytes more)", &text[..at], text.len() - at),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_shows_its_kind_and_its_length() {
        let secret = format!("cs_at_{}", "Q".repeat(49));
        assert_eq!(shape(&secret), "cs_at_QQQQ…(45 more)");
        assert_eq!(shape("abc"), "…(3 more)");
        assert_eq!(shape(""), "…(0 more)");
    }

    #[test]
    fn secrets_are_cut_by_value_and_by_name() {
        let mut masks = Masks::default();
        masks.hide("verysecretvalue1");
        assert_eq!(
            masks.text("Bearer verysecretvalue1!"),
            "Bearer very…(12 more)!"
        );
        assert_eq!(
            masks.body(r#"{"a":[{"refresh_token":"abcdefgh"}],"b":"verysecretvalue1"}"#),
            "{\n  \"a\": [\n    {\n      \"refresh_token\": \"ab…(6 more)\"\n    }\n  ],\n  \"b\": \"very…(12 more)\"\n}"
        );
        assert_eq!(
            masks.form("grant_type=x&code=abcdefgh&state=s"),
            "grant_type=x\n&code=ab…(6 more)\n&state=s"
        );
        assert_eq!(
            masks.url("http://a/cb?state=s&code=abcdefgh"),
            "http://a/cb?state=s&code=ab…(6 more)"
        );
    }

    #[test]
    fn what_does_not_end_is_cut() {
        let shown = Masks::default().body(&"ž".repeat(LONGEST_SHOWN));
        assert!(shown.len() < LONGEST_SHOWN + 40, "{}", shown.len());
        assert!(
            shown.ends_with("(8192 bytes more)"),
            "{}",
            &shown[LONGEST_SHOWN - 4..]
        );
    }
}
