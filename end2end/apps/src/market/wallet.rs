//! The market's calls to the wallet, as the partner's documentation writes them.

use std::borrow::Cow;

use reqwest::Method;
use serde::Deserialize;
use serde_json::json;

use super::{
    MarketConfig,
    goods::{CURRENCY, Offer},
    token::Token,
    trouble::{Said, Trouble},
};
use crate::{
    http::{self, Answered, Call, Http, Unanswered, encode, form, segment},
    recorder::Exchange,
};

const TOKEN_DOOR: &str = "/olympus/im/v1/oauth/token";
const ORDERS: &str = "/wallet/v1/pending-transfers";

/// The wallet, as the market knows it: an address and its own credentials.
pub(super) struct Wallet {
    http: Http,
    client_id: String,
    client_secret: String,
}

/// A call with the market's token.
pub(super) struct Api {
    purpose: &'static str,
    method: Method,
    path: Cow<'static, str>,
    /// Idempotency key and body.
    order: Option<(String, String)>,
}

impl Api {
    /// Writes an order down. The key belongs to the order, so that asking again makes no second one.
    pub(super) fn write(offer: &Offer, key: &str) -> Self {
        let body = json!({
            "amount": offer.amount,
            "currency": CURRENCY,
            "to": { "iban": offer.iban, "name": offer.seller },
            "reference": offer.goods,
        });
        Self {
            purpose: "The market writes the order down at the wallet. Nobody is asked: the token is the market’s own.",
            method: Method::POST,
            path: ORDERS.into(),
            order: Some((key.to_owned(), body.to_string())),
        }
    }

    /// Asks how an order stands.
    pub(super) fn look(transfer_id: &str) -> Self {
        Self {
            purpose: "The market asks the wallet how the order stands.",
            method: Method::GET,
            path: format!("{ORDERS}/{}", segment(transfer_id)).into(),
            order: None,
        }
    }

    /// What it means when no answer came.
    pub(super) fn unanswered(&self) -> Trouble {
        match self.order {
            Some(_) => Trouble::Unclear,
            None => Trouble::Unreachable,
        }
    }

    /// The same call after the token was renewed.
    pub(super) fn again(&self) -> Self {
        Self {
            purpose: "The same call once more, with the new token.",
            method: self.method.clone(),
            path: self.path.clone(),
            order: self.order.clone(),
        }
    }
}

/// The wallet's answer about an order.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(super) struct Receipt {
    pub(super) transfer_id: String,
    pub(super) status: String,
    pub(super) amount: String,
    pub(super) currency: String,
    pub(super) created_at: String,
    pub(super) expires_at: String,
}

/// Which of its two tokens the market gives back.
#[derive(Clone, Copy)]
pub(super) enum Which {
    Access,
    Refresh,
}

impl Wallet {
    /// A wallet that is spoken to at the address of `config`.
    pub(super) fn new(config: &MarketConfig) -> Self {
        Self {
            http: Http::new(
                &config.wallet,
                "countersign-sample-market/1.0",
                &config.client_secret,
            ),
            client_id: config.client_id.clone(),
            client_secret: config.client_secret.clone(),
        }
    }

    /// "Token Fetch": a first token. `now` is the market's clock, in seconds.
    pub(super) async fn first(
        &self,
        trail: &mut Vec<Exchange>,
        now: impl Fn() -> u64,
    ) -> Result<Token, Trouble> {
        let call = self.token_call(
            "The market asks for a token of its own, with nothing but its id and secret.",
            &[("grant_type", "client_credentials")],
        );
        token(self.http.send(trail, call).await, now)
    }

    /// "Token Refresh": another one in place of `old`.
    pub(super) async fn refresh(
        &self,
        trail: &mut Vec<Exchange>,
        old: &Token,
        now: impl Fn() -> u64,
    ) -> Result<Token, Trouble> {
        let mut call = self.token_call(
            "The market renews its token: it sends the old one and the refresh token.",
            &[
                // So says the table of the documentation; its sample sends `client_credentials` here.
                ("grant_type", "refresh_token"),
                ("token", &old.access_token),
                ("refresh_token", &old.refresh_token),
            ],
        );
        call.secrets = vec![&old.access_token, &old.refresh_token];
        token(self.http.send(trail, call).await, now)
    }

    /// A request at the token door: the fields in the order of the documentation's sample.
    fn token_call<'a>(&self, purpose: &'static str, more: &[(&str, &str)]) -> Call<'a> {
        let mut fields = vec![
            ("client_secret", self.client_secret.as_str()),
            ("client_id", self.client_id.as_str()),
        ];
        fields.extend_from_slice(more);
        Call {
            purpose,
            method: Method::POST,
            path: TOKEN_DOOR.into(),
            headers: vec![form()],
            body: Some(encode(&fields)),
            secrets: Vec::new(),
        }
    }

    /// A call with a token.
    pub(super) async fn call(
        &self,
        trail: &mut Vec<Exchange>,
        token: &Token,
        api: &Api,
    ) -> Result<Answered, Trouble> {
        let mut headers = vec![http::json(), ("authorization", token.authorization())];
        let mut body = None;
        if let Some((key, order)) = &api.order {
            headers.push(("idempotency-key", key.clone()));
            body = Some(order.clone());
        }
        let call = Call {
            purpose: api.purpose,
            method: api.method.clone(),
            path: api.path.clone(),
            headers,
            body,
            secrets: vec![&token.access_token],
        };
        let answer = self.http.send(trail, call).await;
        answer.map_err(|Unanswered| api.unanswered())
    }

    /// Gives one of the two tokens back (RFC 7009).
    pub(super) async fn revoke(
        &self,
        trail: &mut Vec<Exchange>,
        token: &Token,
        which: Which,
    ) -> Result<(), Trouble> {
        let (purpose, value, hint) = match which {
            Which::Access => (
                "The market gives its access token back, and keeps using it.",
                &token.access_token,
                "access_token",
            ),
            Which::Refresh => (
                "The market gives its refresh token back: everything that came of that grant ends.",
                &token.refresh_token,
                "refresh_token",
            ),
        };
        let call = Call {
            purpose,
            method: Method::POST,
            path: "/oauth/revoke".into(),
            headers: vec![form()],
            body: Some(encode(&[
                ("client_secret", &self.client_secret),
                ("client_id", &self.client_id),
                ("token", value),
                ("token_type_hint", hint),
            ])),
            secrets: vec![value],
        };
        match self.http.send(trail, call).await {
            Ok(answer) if answer.status == 200 => Ok(()),
            Ok(answer) => Err(Trouble::at_the_token_door(&answer)),
            Err(Unanswered) => Err(Trouble::Unreachable),
        }
    }
}

/// What the answer of the token door means.
fn token(answer: Result<Answered, Unanswered>, now: impl Fn() -> u64) -> Result<Token, Trouble> {
    let answer = answer.map_err(|Unanswered| Trouble::Unreachable)?;
    if answer.status != 200 {
        return Err(Trouble::at_the_token_door(&answer));
    }
    Token::read(&answer.json, now()).map_err(Trouble::OddToken)
}

/// What the answer about an order means.
pub(super) fn receipt(answer: &Answered) -> Result<Receipt, Trouble> {
    match answer.status {
        200 | 201 => answer.read().ok_or(Trouble::OddReceipt),
        status if status >= 500 => Err(Trouble::Unclear),
        _ => Err(Trouble::Refused(Said::of(answer))),
    }
}
