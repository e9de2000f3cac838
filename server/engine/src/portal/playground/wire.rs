//! Requests of the playground as they go over the wire, and as they are shown: without any secret.

use std::{fmt, net::IpAddr};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use futures_util::future::BoxFuture;
use protocol::{
    form::RawForm,
    ids::{ClientId, TraceId},
    secret::holds_secret,
    text::shown,
    trail::{Credentials, Detail, Endpoint, Masked, Way, curl},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Sends requests of an app to this very server, as the app would, and brings back the answers.
pub trait Caller: Send + Sync {
    /// The answer to a request. There always is one.
    fn call(&self, request: WireRequest) -> BoxFuture<'_, WireResponse>;
}

/// A request of an app.
#[derive(Clone, PartialEq, Eq)]
pub struct WireRequest {
    /// RFC 9110 §9.
    pub method: &'static str,
    /// The path; there is no query.
    pub path: &'static str,
    /// Names and values.
    pub headers: Vec<(&'static str, String)>,
    /// A form, JSON, or nothing.
    pub body: String,
    /// In whose name: the address of the person at the playground.
    pub from: IpAddr,
}

/// Without headers and body: secrets stand there.
impl fmt::Debug for WireRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} from {}", self.method, self.path, self.from)
    }
}

/// An answer.
#[derive(Clone, PartialEq, Eq)]
pub struct WireResponse {
    /// RFC 9110 §15.
    pub status: u16,
    /// Names in lower case, and values.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
}

/// Without the body: tokens stand there.
impl fmt::Debug for WireResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "status {}", self.status)
    }
}

/// A request and its answer as the person sees them.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Exchanged {
    /// The request as text, masked.
    pub request: String,
    /// The answer as text, masked.
    pub response: String,
    /// The request as a curl command, with blanks for secrets.
    pub curl: String,
    /// The status of the answer.
    pub status: u16,
    /// Its reference.
    pub trace: Option<TraceId>,
}

/// Headers of an answer that tell something.
const TELLING: [&str; 6] = [
    "content-type",
    "cache-control",
    "retry-after",
    "www-authenticate",
    "x-request-id",
    "x-trace-id",
];

/// Stands for what is not shown.
const HIDDEN: &str = "…";

/// What the playground calls itself.
const AGENT: &str = "Countersign-Playground/1";

/// What an app sends to exchange a code.
pub(super) struct CodeExchange<'a> {
    pub base: &'a str,
    pub client: &'a ClientId,
    pub secret: &'a str,
    pub code: &'a str,
    pub redirect_uri: &'a str,
    pub verifier: &'a str,
}

impl CodeExchange<'_> {
    /// POST to the token endpoint (RFC 6749 §4.1.3, RFC 7636 §4.5), with HTTP Basic (§2.3.1).
    pub fn request(&self, from: IpAddr) -> WireRequest {
        let both = format!("{}:{}", encoded(self.client.as_str()), encoded(self.secret));
        WireRequest {
            method: "POST",
            path: Endpoint::Token.path(),
            headers: vec![
                ("authorization", format!("Basic {}", STANDARD.encode(both))),
                ("content-type", "application/x-www-form-urlencoded".into()),
                ("accept", "application/json".into()),
                ("user-agent", AGENT.into()),
            ],
            body: self.form(self.code),
            from,
        }
    }

    /// As it is shown, with its answer.
    pub fn shown(&self, request: &WireRequest, response: &WireResponse) -> Exchanged {
        let form = RawForm::parse(request.body.as_bytes()).unwrap_or_default();
        let detail = Detail {
            way: Way::Body,
            credentials: Credentials::Header,
            parameters: Masked::of(form).parameters(),
            ..Detail::default()
        };
        let body = self.form(HIDDEN).replace(&encoded(HIDDEN), HIDDEN);
        Exchanged::of(
            as_text(self.base, request, "Basic", &body),
            response,
            curl(self.base, Endpoint::Token, self.client, &detail),
        )
    }

    fn form(&self, code: &str) -> String {
        form(&[
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", self.redirect_uri),
            ("code_verifier", self.verifier),
        ])
    }
}

/// What an app sends to an API besides its token.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct ApiCall {
    pub method: &'static str,
    pub path: &'static str,
    /// JSON, and the key under which it counts once.
    pub order: Option<(String, String)>,
}

impl ApiCall {
    /// With a token (RFC 6750 §2.1).
    pub fn request(&self, token: &str, from: IpAddr) -> WireRequest {
        let mut headers = vec![
            ("authorization", format!("Bearer {token}")),
            ("accept", "application/json".into()),
            ("user-agent", AGENT.into()),
        ];
        if let Some((_, key)) = &self.order {
            headers.push(("content-type", "application/json".into()));
            headers.push(("idempotency-key", key.clone()));
        }
        let json = self.order.as_ref().map(|(json, _)| json.clone());
        WireRequest {
            method: self.method,
            path: self.path,
            headers,
            body: json.unwrap_or_default(),
            from,
        }
    }

    /// As it is shown, with its answer.
    pub fn shown(&self, base: &str, request: &WireRequest, response: &WireResponse) -> Exchanged {
        let mut curl = "curl \\\n  -H \"Authorization: Bearer $ACCESS_TOKEN\" \\\n".to_owned();
        if let Some((json, key)) = &self.order {
            curl += &format!(
                "  -H 'Content-Type: application/json' \\\n  -H 'Idempotency-Key: {key}' \\\n  -d '{json}' \\\n"
            );
        }
        curl += &format!("  {base}{}", self.path);
        let sent = as_text(base, request, "Bearer", &request.body);
        Exchanged::of(sent, response, curl)
    }
}

impl Exchanged {
    fn of(request: String, response: &WireResponse, curl: String) -> Self {
        let header = |name: &str| {
            let found = response.headers.iter().find(|(known, _)| known == name);
            found.map(|(_, value)| value.as_str())
        };
        let mut text = format!("HTTP/1.1 {}", response.status);
        for name in TELLING {
            if let Some(value) = header(name) {
                text += &format!("\n{name}: {}", shown(value));
            }
        }
        if !response.body.is_empty() {
            text += &format!("\n\n{}", masked_body(&response.body));
        }
        Self {
            request,
            response: text,
            curl,
            status: response.status,
            trace: header("x-trace-id").and_then(TraceId::parse),
        }
    }
}

/// A request as it stands on the wire, with `scheme` in place of the credentials.
fn as_text(base: &str, request: &WireRequest, scheme: &str, body: &str) -> String {
    let host = base.split("://").nth(1).unwrap_or_default();
    let mut text = format!("{} {} HTTP/1.1\nhost: {host}", request.method, request.path);
    for (name, value) in &request.headers {
        match *name {
            "authorization" => text += &format!("\n{name}: {scheme} {HIDDEN}"),
            _ => text += &format!("\n{name}: {value}"),
        }
    }
    if !body.is_empty() {
        text += &format!("\n\n{body}");
    }
    text
}

/// The body of an answer without the secrets in it.
fn masked_body(body: &str) -> String {
    match serde_json::from_str::<Value>(body) {
        Ok(mut value) => {
            mask(&mut value);
            serde_json::to_string_pretty(&value).unwrap_or_default()
        }
        Err(_) => shown(body),
    }
}

/// Members that are secrets, whatever they look like.
const SECRET_MEMBERS: [&str; 5] = [
    "access_token",
    "client_secret",
    "id_token",
    "mac_key",
    "refresh_token",
];

fn mask(value: &mut Value) {
    match value {
        Value::String(text) if holds_secret(text) => *text = HIDDEN.to_owned(),
        Value::Array(values) => values.iter_mut().for_each(mask),
        Value::Object(members) => {
            for (name, value) in members {
                if SECRET_MEMBERS.contains(&name.as_str()) {
                    *value = HIDDEN.into();
                } else {
                    mask(value);
                }
            }
        }
        _ => {}
    }
}

/// A form body.
pub(super) fn form(pairs: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish()
}

fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FROM: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

    #[test]
    fn an_exchange_is_sent_whole_and_shown_without_secrets() {
        let exchange = CodeExchange {
            base: "https://id.bank.example",
            client: &ClientId::new("sbx_shop"),
            secret: "cs_sk_a:b",
            code: "cs_ac_code",
            redirect_uri: "https://id.bank.example/cb",
            verifier: "the-verifier",
        };
        let request = exchange.request(FROM);
        let basic = STANDARD.encode("sbx_shop:cs_sk_a%3Ab");
        assert_eq!(request.headers[0].1, format!("Basic {basic}"));
        assert!(request.body.contains("code=cs_ac_code&"));
        let response = WireResponse {
            status: 200,
            headers: vec![
                ("x-trace-id".into(), "7K3M-9QXT".into()),
                ("set-cookie".into(), "a=b".into()),
            ],
            body: r#"{"access_token":"cs_at_x","refresh_token":"cs_rt_y","expires_in":600,"more":["cs_at_z"]}"#.into(),
        };
        let shown = exchange.shown(&request, &response);
        assert_eq!(shown.trace, TraceId::parse("7K3M-9QXT"));
        for text in [&shown.request, &shown.response, &shown.curl] {
            for secret in ["cs_sk_", "cs_ac_", "cs_at_", "cs_rt_", &basic, "a=b"] {
                assert!(!text.contains(secret), "{secret} in {text}");
            }
        }
        assert!(shown.request.contains("authorization: Basic …"));
        assert!(
            shown
                .request
                .contains("&code=…&redirect_uri=https%3A%2F%2F")
        );
        assert!(shown.response.contains("\"expires_in\": 600"));
        assert!(shown.curl.contains("-u sbx_shop:\"$CLIENT_SECRET\""));
        assert!(shown.curl.contains("code=\"$CODE\""));
        assert!(!format!("{request:?} {response:?}").contains("cs_"));
    }

    #[test]
    fn an_answer_that_is_no_json_is_made_harmless() {
        let call = ApiCall {
            method: "POST",
            path: "/wallet/v1/transfers",
            order: Some((r#"{"amount":"1.00"}"#.into(), "the-key".into())),
        };
        let request = call.request("cs_at_x", FROM);
        let response = WireResponse {
            status: 500,
            headers: Vec::new(),
            body: "it broke\u{202e} at cs_at_x".into(),
        };
        let shown = call.shown("https://id.bank.example", &request, &response);
        for text in [&shown.request, &shown.curl] {
            assert!(text.contains("the-key") && text.contains(r#"{"amount":"1.00"}"#));
        }
        for text in [&shown.request, &shown.response, &shown.curl] {
            assert!(
                !text.contains("cs_at_") && !text.contains('\u{202e}'),
                "{text}"
            );
        }
    }
}
