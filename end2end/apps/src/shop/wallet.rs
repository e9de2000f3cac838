//! The shop's calls to the wallet: plain HTTP to public endpoints, each one written down.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use reqwest::Method;
use serde::Deserialize;
use serde_json::json;

use super::{
    ShopConfig,
    errand::{Account, Holder, Receipt},
    goods,
    trouble::Trouble,
};
use crate::{
    http::{self, Answered, Call, Http, encode, encode_one, form},
    recorder::Exchange,
};

/// The wallet, as the shop knows it: addresses and its own credentials.
pub(super) struct Wallet {
    http: Http,
    issuer: String,
    client_id: String,
    client_secret: String,
}

/// A token as RFC 6749 §5.1 answers it; what the shop does not need is not read.
#[derive(Deserialize)]
pub(super) struct Token {
    pub(super) access_token: String,
    token_type: String,
}

impl Wallet {
    /// A wallet that is spoken to at the addresses of `config`.
    pub(super) fn new(config: &ShopConfig) -> Self {
        let base = config.back_channel.as_ref().unwrap_or(&config.issuer);
        Self {
            http: Http::new(base, "countersign-sample-shop/1.0", &config.client_secret),
            issuer: config.issuer.clone(),
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
            path: "/oauth/token".into(),
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
            .http
            .send(trail, call)
            .await
            .map_err(|_| Trouble::NoToken)?;
        if answer.status != 200 {
            return Err(Trouble::TokenRefused {
                error: answer.error(),
                description: answer.text("error_description"),
                trace: answer.text("trace_id"),
            });
        }
        let token: Token = read(&answer)?;
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
                path: "/wallet/v1/transfers".into(),
                headers: vec![
                    bearer(token),
                    ("idempotency-key", key.to_owned()),
                    http::json(),
                ],
                body: Some(body.clone()),
                secrets: vec![token],
            };
            match self.http.send(trail, call).await {
                Ok(answer) if answer.status < 500 => return receipt(&answer),
                Ok(_) | Err(_) => {}
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
            path: "/oauth/revoke".into(),
            headers: vec![("authorization", format!("Basic {basic}")), form()],
            body: Some(encode(&[
                ("token", token),
                ("token_type_hint", "access_token"),
            ])),
            secrets: vec![&basic, token],
        };
        match self.http.send(trail, call).await {
            Ok(answer) if answer.status == 200 => Ok(()),
            Ok(answer) => Err(refused(&answer)),
            Err(_) => Err(Trouble::NoAnswer),
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
            path: path.into(),
            headers,
            body: None,
            secrets: vec![token],
        };
        match self.http.send(trail, call).await {
            Ok(answer) if answer.status == 200 => read(&answer),
            Ok(answer) => Err(refused(&answer)),
            Err(_) => Err(Trouble::NoAnswer),
        }
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

fn bearer(token: &str) -> (&'static str, String) {
    ("authorization", format!("Bearer {token}"))
}

/// What the answer to a transfer means.
fn receipt(answer: &Answered) -> Result<Receipt, Trouble> {
    match answer.status {
        200 | 201 => read(answer),
        422 => Err(Trouble::TooLittleMoney {
            trace: answer.text("trace_id"),
        }),
        _ => Err(refused(answer)),
    }
}

fn refused(answer: &Answered) -> Trouble {
    Trouble::Refused {
        status: answer.status,
        error: answer.error(),
        description: answer.text("error_description"),
        trace: answer.text("trace_id"),
    }
}

fn read<T: serde::de::DeserializeOwned>(answer: &Answered) -> Result<T, Trouble> {
    answer.read().ok_or(Trouble::Unreadable)
}
