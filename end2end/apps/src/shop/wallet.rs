//! The shop's calls to the wallet: plain HTTP to public endpoints, each one written down.

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use reqwest::{Client, Method, Url, redirect};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    ShopConfig,
    errand::{Account, Holder, Receipt},
    goods,
    trouble::Trouble,
};
use crate::recorder::{Exchange, Masks, Reply, Sender};

/// How long the shop waits for an answer.
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

/// The wallet, as the shop knows it: addresses and its own credentials.
pub(super) struct Wallet {
    http: Client,
    issuer: String,
    base: String,
    client_id: String,
    client_secret: String,
}

/// A token as RFC 6749 §5.1 answers it; what the shop does not need is not read.
#[derive(Deserialize)]
pub(super) struct Token {
    pub(super) access_token: String,
    token_type: String,
}

/// A call, before it is sent.
struct Call<'a> {
    purpose: &'static str,
    method: Method,
    path: &'static str,
    headers: Vec<(&'static str, String)>,
    body: Option<String>,
    secrets: Vec<&'a str>,
}

/// What came back: status and JSON (`Null` when it was none).
struct Answered {
    status: u16,
    json: Value,
}

impl Answered {
    fn text(&self, member: &str) -> Option<String> {
        self.json.get(member)?.as_str().map(str::to_owned)
    }

    fn read<T: serde::de::DeserializeOwned>(&self) -> Result<T, Trouble> {
        T::deserialize(&self.json).map_err(|_| Trouble::Unreadable)
    }
}

impl Wallet {
    /// A wallet that is spoken to at the addresses of `config`.
    pub(super) fn new(config: &ShopConfig) -> Self {
        // Redirects are never followed: a token goes to the host it was meant for, and nowhere else.
        let http = Client::builder()
            .timeout(PATIENCE)
            .redirect(redirect::Policy::none())
            .user_agent("countersign-sample-shop/1.0")
            .no_proxy()
            .build()
            .expect("a client without certificates of its own always builds");
        Self {
            http,
            issuer: config.issuer.clone(),
            base: config
                .back_channel
                .clone()
                .unwrap_or_else(|| config.issuer.clone()),
            client_id: config.client_id.clone(),
            client_secret: config.client_secret.clone(),
        }
    }

    /// The wallet's name for itself, which every answer by redirect must carry (RFC 9207).
    pub(super) fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Where the browser is sent to (RFC 6749 §4.1.1, with PKCE and the details of a payment).
    pub(super) fn authorize_url(&self, parameters: &[(&str, &str)]) -> String {
        format!("{}/oauth/authorize?{}", self.issuer, encode(parameters))
    }

    /// The shop's name in authorize requests.
    pub(super) fn client_id(&self) -> &str {
        &self.client_id
    }

    /// Exchanges a code for a token (RFC 6749 §4.1.3, RFC 7636 §4.5).
    pub(super) async fn exchange(
        &self,
        trail: &mut Vec<Exchange>,
        code: &str,
        verifier: &str,
        redirect_uri: &str,
    ) -> Result<Token, Trouble> {
        let basic = self.basic();
        let call = Call {
            purpose: "The shop's server exchanges the code for a token. Only the shop has the secret and the verifier.",
            method: Method::POST,
            path: "/oauth/token",
            headers: vec![("authorization", format!("Basic {basic}")), form()],
            body: Some(encode(&[
                ("grant_type", "authorization_code"),
                ("code", code),
                ("redirect_uri", redirect_uri),
                ("code_verifier", verifier),
            ])),
            secrets: vec![&basic, code, verifier],
        };
        let answer = self
            .send(trail, call)
            .await
            .map_err(|()| Trouble::NoToken)?;
        if answer.status != 200 {
            return Err(Trouble::TokenRefused {
                error: answer
                    .text("error")
                    .unwrap_or_else(|| format!("status {}", answer.status)),
                description: answer.text("error_description"),
                trace: answer.text("trace_id"),
            });
        }
        let token: Token = answer.read()?;
        // RFC 6749 §7.1: a token of a type that the client does not understand must not be used.
        if !token.token_type.eq_ignore_ascii_case("bearer") {
            return Err(Trouble::Unreadable);
        }
        Ok(token)
    }

    /// Pays. The same key for every try of one order, so that however often the shop asks, money
    /// moves once. When no answer came, asks once more before it gives up.
    pub(super) async fn pay(
        &self,
        trail: &mut Vec<Exchange>,
        token: &str,
        key: &str,
        creditor_iban: &str,
    ) -> Result<Receipt, Trouble> {
        let body = json!({
            "amount": goods::AMOUNT,
            "currency": goods::CURRENCY,
            "to": { "iban": creditor_iban, "name": goods::CREDITOR },
            "reference": goods::REFERENCE,
        })
        .to_string();
        for purpose in [
            "The shop's server makes the transfer that you approved. The Idempotency-Key belongs to the order.",
            "No clear answer: the shop asks again with the same Idempotency-Key, so that you cannot pay twice.",
        ] {
            let call = Call {
                purpose,
                method: Method::POST,
                path: "/wallet/v1/transfers",
                headers: vec![
                    bearer(token),
                    ("idempotency-key", key.to_owned()),
                    ("content-type", "application/json".to_owned()),
                ],
                body: Some(body.clone()),
                secrets: vec![token],
            };
            match self.send(trail, call).await {
                Ok(answer) if answer.status < 500 => return receipt(&answer),
                Ok(_) | Err(()) => {}
            }
        }
        Err(Trouble::NoAnswer)
    }

    /// Who allowed this (scope `wallet`).
    pub(super) async fn holder(
        &self,
        trail: &mut Vec<Exchange>,
        token: &str,
    ) -> Result<Holder, Trouble> {
        self.read(
            trail,
            token,
            "/wallet/v1/me",
            "With the token, the shop asks who you are.",
        )
        .await
    }

    /// The accounts that the person chose, with balances (scope `wallet`).
    pub(super) async fn accounts(
        &self,
        trail: &mut Vec<Exchange>,
        token: &str,
    ) -> Result<Vec<Account>, Trouble> {
        #[derive(Deserialize)]
        struct Balance {
            accounts: Vec<Account>,
        }
        let purpose =
            "And what the accounts hold that you chose. Others do not exist for the shop.";
        let balance: Balance = self
            .read(trail, token, "/wallet/v1/balance", purpose)
            .await?;
        Ok(balance.accounts)
    }

    /// Gives the token back (RFC 7009).
    pub(super) async fn revoke(
        &self,
        trail: &mut Vec<Exchange>,
        token: &str,
    ) -> Result<(), Trouble> {
        let basic = self.basic();
        let call = Call {
            purpose: "The shop gives its token back. From now on it is worth nothing.",
            method: Method::POST,
            path: "/oauth/revoke",
            headers: vec![("authorization", format!("Basic {basic}")), form()],
            body: Some(encode(&[
                ("token", token),
                ("token_type_hint", "access_token"),
            ])),
            secrets: vec![&basic, token],
        };
        match self.send(trail, call).await {
            Ok(answer) if answer.status == 200 => Ok(()),
            Ok(answer) => Err(refused(&answer)),
            Err(()) => Err(Trouble::NoAnswer),
        }
    }

    async fn read<T: serde::de::DeserializeOwned>(
        &self,
        trail: &mut Vec<Exchange>,
        token: &str,
        path: &'static str,
        purpose: &'static str,
    ) -> Result<T, Trouble> {
        let headers = vec![bearer(token)];
        let call = Call {
            purpose,
            method: Method::GET,
            path,
            headers,
            body: None,
            secrets: vec![token],
        };
        match self.send(trail, call).await {
            Ok(answer) if answer.status == 200 => answer.read(),
            Ok(answer) => Err(refused(&answer)),
            Err(()) => Err(Trouble::NoAnswer),
        }
    }

    /// Sends and writes down. `Err` when there was no answer at all.
    async fn send(&self, trail: &mut Vec<Exchange>, call: Call<'_>) -> Result<Answered, ()> {
        let url = format!("{}{}", self.base, call.path);
        let mut masks = Masks::default();
        masks.hide(&self.client_secret);
        call.secrets.iter().for_each(|secret| masks.hide(secret));

        let mut request = self
            .http
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
                tracing::warn!(path = call.path, reason, "the sample shop got no answer");
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
        let (status, _, body) = outcome.map_err(drop)?;
        Ok(Answered {
            status,
            json: serde_json::from_str(&body).unwrap_or(Value::Null),
        })
    }

    /// Client credentials for the Basic scheme: each part form-encoded first (RFC 6749 §2.3.1).
    fn basic(&self) -> String {
        STANDARD.encode(format!(
            "{}:{}",
            encode_one(&self.client_id),
            encode_one(&self.client_secret)
        ))
    }
}

fn form() -> (&'static str, String) {
    (
        "content-type",
        "application/x-www-form-urlencoded".to_owned(),
    )
}

fn bearer(token: &str) -> (&'static str, String) {
    ("authorization", format!("Bearer {token}"))
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

/// What the answer to a transfer means.
fn receipt(answer: &Answered) -> Result<Receipt, Trouble> {
    match answer.status {
        200 | 201 => answer.read(),
        422 => Err(Trouble::TooLittleMoney {
            trace: answer.text("trace_id"),
        }),
        _ => Err(refused(answer)),
    }
}

fn refused(answer: &Answered) -> Trouble {
    Trouble::Refused {
        status: answer.status,
        error: answer
            .text("error")
            .unwrap_or_else(|| format!("status {}", answer.status)),
        description: answer.text("error_description"),
        trace: answer.text("trace_id"),
    }
}

/// `application/x-www-form-urlencoded`.
fn encode(parameters: &[(&str, &str)]) -> String {
    let mut url = Url::parse("http://encoder.invalid/").expect("a fixed address");
    url.query_pairs_mut().extend_pairs(parameters);
    url.query().unwrap_or_default().to_owned()
}

fn encode_one(text: &str) -> String {
    encode(&[("", text)]).trim_start_matches('=').to_owned()
}
