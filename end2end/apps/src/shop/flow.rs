//! The three moments of an errand: begin, come back, finish. RFC 6749 §4.1 from the client's side.
//!
//! ```text
//! visitor presses a button ── begin ──> wallet's pages ── come_back ──> finish (token, then transfer or balance)
//! ```

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::{
    Shop,
    errand::{Errand, Goal, Standing, Visitor},
    goods,
    trouble::Trouble,
};
use crate::recorder::{Exchange, Masks, Reply, Sender};

/// The parameters of an answer at the callback, each at most once.
#[derive(Default)]
pub(super) struct Callback {
    pub(super) code: Option<String>,
    pub(super) state: Option<String>,
    pub(super) iss: Option<String>,
    pub(super) error: Option<String>,
    pub(super) error_description: Option<String>,
}

impl Callback {
    /// Reads a query. `None` when a parameter comes twice: nobody knows which one counts.
    pub(super) fn parse(query: &str) -> Option<Self> {
        let url = reqwest::Url::parse(&format!("http://reader.invalid/?{query}")).ok()?;
        let mut callback = Self::default();
        for (name, value) in url.query_pairs() {
            let place = match &*name {
                "code" => &mut callback.code,
                "state" => &mut callback.state,
                "iss" => &mut callback.iss,
                "error" => &mut callback.error,
                "error_description" => &mut callback.error_description,
                _ => continue,
            };
            if place.replace(value.into_owned()).is_some() {
                return None;
            }
        }
        Some(callback)
    }
}

/// What the shop has to do after an answer came back.
pub(super) enum Next {
    /// The state is not one that this browser was sent away with: do nothing at all.
    Stranger,
    /// Show how the errand stands.
    Show { goal: Goal, number: String },
    /// Exchange the code.
    Finish(Approved),
}

/// An approval that belongs to an errand of this visitor.
pub(super) struct Approved {
    pub(super) goal: Goal,
    pub(super) number: String,
    pub(super) key: String,
    pub(super) code: String,
    pub(super) verifier: String,
}

impl Shop {
    /// A new errand.
    pub(super) fn errand(&self, goal: Goal) -> Errand {
        Errand {
            number: self.outside.number(),
            goal,
            key: format!("order-{}", self.outside.token()),
            states: Vec::new(),
            trail: Vec::new(),
            standing: Standing::Asking,
        }
    }

    /// Sends the browser to the wallet: a fresh state and a fresh verifier for every try, so that
    /// tabs and tries never mix. Answers where to.
    pub(super) fn send_away(&self, errand: &mut Errand) -> String {
        let state = self.outside.token();
        let verifier = self.outside.token();
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()));
        let redirect_uri = self.redirect_uri();
        let mut parameters = vec![
            ("response_type", "code"),
            ("client_id", self.wallet.client_id()),
            ("redirect_uri", redirect_uri.as_str()),
            (
                "scope",
                match errand.goal {
                    Goal::Pay => "transferFunds",
                    Goal::Connect => "wallet",
                },
            ),
            ("state", state.as_str()),
            ("code_challenge", challenge.as_str()),
            ("code_challenge_method", "S256"),
        ];
        let details = self.payment_details();
        if errand.goal == Goal::Pay {
            parameters.push(("authorization_details", details.as_str()));
        }
        let url = self.wallet.authorize_url(&parameters);
        let mut sent = browser(
            match errand.goal {
                Goal::Pay => {
                    "The shop sends your browser to the wallet and says what is to be paid, and to whom."
                }
                Goal::Connect => {
                    "The shop sends your browser to the wallet and says what it wants to see."
                }
            },
            url.clone(),
        );
        if errand.goal == Goal::Pay {
            sent.readable = Some(("authorization_details", Masks::default().body(&details)));
        }
        errand.trail.push(sent);
        errand.states.push(state);
        errand.standing = Standing::Away { verifier };
        url
    }

    /// The payment that the visitor is asked to approve (RFC 9396).
    fn payment_details(&self) -> String {
        json!([{
            "type": "payment_initiation",
            "instructedAmount": { "currency": goods::CURRENCY, "amount": goods::AMOUNT },
            "creditorName": goods::CREDITOR,
            "creditorAccount": { "iban": self.creditor_iban },
            "remittanceInformationUnstructured": goods::REFERENCE,
        }])
        .to_string()
    }

    /// The browser is back. Checks in this order: is it an answer to something that this very
    /// browser began (state); is it news (an old answer only shows how things stand); is it from
    /// the wallet that was asked (iss); is it a yes.
    pub(super) fn come_back(&self, visitor: &mut Visitor, callback: Callback, query: &str) -> Next {
        let Some(state) = callback.state else {
            return Next::Stranger;
        };
        let Some(errand) = visitor.sent_with(&state) else {
            return Next::Stranger;
        };
        let (goal, number) = (errand.goal, errand.number.clone());
        let is_current = errand.states.last() == Some(&state);
        let Standing::Away { verifier } = &errand.standing else {
            return Next::Show { goal, number };
        };
        if !is_current {
            return Next::Show { goal, number };
        }
        let verifier = verifier.clone();
        errand.trail.push(browser(
            "The wallet sends your browser back. The shop checks that state is its own and that iss is the wallet.",
            format!("{}?{query}", self.redirect_uri()),
        ));
        let trouble = if callback.iss.as_deref() != Some(self.wallet.issuer()) {
            Some(Trouble::WrongIssuer {
                claimed: callback.iss,
            })
        } else if let Some(error) = callback.error {
            Some(Trouble::of_answer(&error, callback.error_description))
        } else if callback.code.is_none() {
            Some(Trouble::Unreadable)
        } else {
            None
        };
        match (trouble, callback.code) {
            (None, Some(code)) => {
                errand.standing = Standing::Asking;
                Next::Finish(Approved {
                    goal,
                    number,
                    key: errand.key.clone(),
                    code,
                    verifier,
                })
            }
            (trouble, _) => {
                errand.standing = Standing::Failed(trouble.unwrap_or(Trouble::Unreadable));
                Next::Show { goal, number }
            }
        }
    }

    /// Exchanges the code and does what the visitor approved. Answers how the errand stands then,
    /// and what was said meanwhile.
    pub(super) async fn finish(&self, approved: &Approved) -> (Standing, Vec<Exchange>) {
        let mut trail = Vec::new();
        let token = self
            .wallet
            .exchange(
                &mut trail,
                &approved.code,
                &approved.verifier,
                &self.redirect_uri(),
            )
            .await;
        let standing = match token {
            Err(trouble) => Standing::Failed(trouble),
            Ok(token) => match approved.goal {
                Goal::Pay => {
                    self.pay(&mut trail, token.access_token, &approved.key)
                        .await
                }
                Goal::Connect => self.look(&mut trail, token.access_token).await,
            },
        };
        (standing, trail)
    }

    /// Makes the transfer, or finds out what became of it.
    pub(super) async fn pay(
        &self,
        trail: &mut Vec<Exchange>,
        token: String,
        key: &str,
    ) -> Standing {
        match self
            .wallet
            .pay(trail, &token, key, &self.creditor_iban)
            .await
        {
            Ok(receipt) => Standing::Paid(receipt),
            Err(Trouble::NoAnswer) => Standing::Open { token },
            Err(trouble) => Standing::Failed(trouble),
        }
    }

    /// Reads who it is and what the accounts hold.
    pub(super) async fn look(&self, trail: &mut Vec<Exchange>, token: String) -> Standing {
        let holder = match self.wallet.holder(trail, &token).await {
            Ok(holder) => holder,
            Err(trouble) => return Standing::Failed(trouble),
        };
        match self.wallet.accounts(trail, &token).await {
            Ok(accounts) => Standing::Connected {
                token,
                holder,
                accounts,
            },
            Err(trouble) => Standing::Failed(trouble),
        }
    }
}

fn browser(purpose: &'static str, url: String) -> Exchange {
    Exchange {
        purpose,
        sender: Sender::Browser,
        method: "GET",
        url: Masks::default().url(&url),
        headers: Vec::new(),
        body: None,
        readable: None,
        reply: Reply::Unseen,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_callback_is_read_and_a_doubled_parameter_is_refused() {
        let callback = Callback::parse("code=a%2Bb&state=s+t&iss=http%3A%2F%2Fx&other=1").unwrap();
        assert_eq!(callback.code.as_deref(), Some("a+b"));
        assert_eq!(callback.state.as_deref(), Some("s t"));
        assert_eq!(callback.iss.as_deref(), Some("http://x"));
        assert!(callback.error.is_none());
        assert!(Callback::parse("state=a&state=a").is_none());
        assert!(Callback::parse("").is_some());
    }
}
