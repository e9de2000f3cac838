//! An app's calls to the wallet: plain HTTP to public endpoints, each one written down.

use std::{borrow::Cow, time::Duration};

use reqwest::{Client, Method, Url, redirect};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::recorder::{Exchange, Masks, Reply, Sender};

/// How long an app waits for an answer.
const PATIENCE: Duration = Duration::from_secs(15);

/// No answer of the wallet's is longer than this, in bytes.
const LONGEST_ANSWER: usize = 64 * 1024;

/// Headers of answers that are worth showing.
const SHOWN_HEADERS: [&str; 5] = [
    "content-type",
    "cache-control",
    "www-authenticate",
    "location",
    "retry-after",
];

/// The wallet, as an app's server reaches it.
pub(crate) struct Http {
    client: Client,
    base: String,
    /// The app's own secret, which is never shown.
    secret: String,
}

/// A call, before it is sent.
pub(crate) struct Call<'a> {
    pub(crate) purpose: &'static str,
    pub(crate) method: Method,
    pub(crate) path: Cow<'static, str>,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Option<String>,
    /// What of it may not be shown in full, besides the app's own secret.
    pub(crate) secrets: Vec<&'a str>,
}

/// What came back: status and JSON (`Null` when it was none).
pub(crate) struct Answered {
    pub(crate) status: u16,
    pub(crate) json: Value,
}

/// No answer at all: what was asked may have been done or not.
pub(crate) struct Unanswered;

impl Answered {
    /// A member that is text.
    pub(crate) fn text(&self, member: &str) -> Option<String> {
        self.json.get(member)?.as_str().map(str::to_owned)
    }

    /// The whole of it, if it has everything that is needed.
    pub(crate) fn read<T: DeserializeOwned>(&self) -> Option<T> {
        T::deserialize(&self.json).ok()
    }

    /// The wallet's word for what went wrong.
    pub(crate) fn error(&self) -> String {
        self.text("error")
            .unwrap_or_else(|| format!("status {}", self.status))
    }
}

impl Http {
    /// A wallet at this address (without a trailing slash), spoken to by an app with this name for
    /// itself and this secret.
    pub(crate) fn new(base: &str, agent: &str, secret: &str) -> Self {
        // Redirects are never followed: a token goes to the host it was meant for, and nowhere else.
        let client = Client::builder()
            .timeout(PATIENCE)
            .redirect(redirect::Policy::none())
            .user_agent(agent)
            .no_proxy()
            .build()
            .expect("a client without certificates of its own always builds");
        Self {
            client,
            base: base.to_owned(),
            secret: secret.to_owned(),
        }
    }

    /// Sends and writes down.
    pub(crate) async fn send(
        &self,
        trail: &mut Vec<Exchange>,
        call: Call<'_>,
    ) -> Result<Answered, Unanswered> {
        let url = format!("{}{}", self.base, call.path);
        let mut masks = Masks::default();
        masks.hide(&self.secret);
        call.secrets.iter().for_each(|secret| masks.hide(secret));

        let mut request = self
            .client
            .request(call.method.clone(), &url)
            .header("accept", "application/json");
        for (name, value) in &call.headers {
            request = request.header(*name, value);
        }
        if let Some(body) = &call.body {
            request = request.body(body.clone());
        }
        let outcome = match request.send().await {
            Ok(response) => read_answer(response).await,
            Err(error) => Err(error.without_url().to_string()),
        };

        let reply = match &outcome {
            Ok((status, headers, body)) => {
                let headers = headers
                    .iter()
                    .map(|(name, value)| (name.clone(), masks.text(value)))
                    .collect();
                Reply::Answer {
                    status: *status,
                    headers,
                    body: masks.body(body),
                }
            }
            Err(reason) => {
                tracing::warn!(path = %call.path, reason, "a sample app got no answer");
                Reply::Nothing(masks.text(reason))
            }
        };
        trail.push(Exchange {
            purpose: call.purpose,
            sender: Sender::App,
            method: if call.method == Method::POST {
                "POST"
            } else {
                "GET"
            },
            url: masks.url(&url),
            headers: call
                .headers
                .iter()
                .map(|(name, value)| ((*name).to_owned(), masks.text(value)))
                .collect(),
            body: call.body.as_deref().map(|body| masks.body(body)),
            readable: None,
            reply,
        });
        let (status, _, body) = outcome.map_err(|_| Unanswered)?;
        Ok(Answered {
            status,
            json: serde_json::from_str(&body).unwrap_or(Value::Null),
        })
    }
}

/// The body, as far as it is not absurdly long.
async fn read_answer(
    mut response: reqwest::Response,
) -> Result<(u16, Vec<(String, String)>, String), String> {
    let status = response.status().as_u16();
    let headers = SHOWN_HEADERS
        .iter()
        .filter_map(|name| {
            Some((
                (*name).to_owned(),
                response.headers().get(*name)?.to_str().ok()?.to_owned(),
            ))
        })
        .collect();
    let mut body = Vec::new();
    while let Some(chunk) = response
        .chunk()
        .await
        .map_err(|error| error.without_url().to_string())?
    {
        body.extend_from_slice(&chunk);
        if body.len() > LONGEST_ANSWER {
            return Err("the answer does not end".to_owned());
        }
    }
    Ok((status, headers, String::from_utf8_lossy(&body).into_owned()))
}

/// The header of a body that is a form.
pub(crate) fn form() -> (&'static str, String) {
    (
        "content-type",
        "application/x-www-form-urlencoded".to_owned(),
    )
}

/// The header of a body that is JSON.
pub(crate) fn json() -> (&'static str, String) {
    ("content-type", "application/json".to_owned())
}

/// `application/x-www-form-urlencoded`.
pub(crate) fn encode(parameters: &[(&str, &str)]) -> String {
    let mut url = encoder();
    url.query_pairs_mut().extend_pairs(parameters);
    url.query().unwrap_or_default().to_owned()
}

/// One value as `application/x-www-form-urlencoded`.
pub(crate) fn encode_one(text: &str) -> String {
    encode(&[("", text)]).trim_start_matches('=').to_owned()
}

/// One segment of a path: whatever it is, it does not lead anywhere else.
pub(crate) fn segment(text: &str) -> String {
    let mut url = encoder();
    if let Ok(mut segments) = url.path_segments_mut() {
        segments.push(text);
    }
    url.path().trim_start_matches('/').to_owned()
}

fn encoder() -> Url {
    Url::parse("http://encoder.invalid/").expect("a fixed address")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_encoded_for_their_place() {
        assert_eq!(encode(&[("a", "x y"), ("b", "&=")]), "a=x+y&b=%26%3D");
        assert_eq!(encode_one("a:b"), "a%3Ab");
        assert_eq!(segment("t-1"), "t-1");
        assert_eq!(segment("a/../b?c#d"), "a%2F..%2Fb%3Fc%23d");
        assert_eq!(segment(".."), "", "a step upwards is no segment");
    }
}
