//! The JSON of a transaction, and the event that tells its app what became of it. What is not there is
//! left out, never null.

use serde_json::{Map, Value, json};

use super::{CallbackTo, Reserve, Transaction, TransactionPayment, TransactionStatus, hours_of};

impl Transaction {
    /// The answer of every call about a transaction.
    pub fn to_json(&self) -> Value {
        let terms = &self.terms;
        let mut answer = Map::new();
        let mut say = |member: &str, value: Value| {
            answer.insert(member.to_owned(), value);
        };
        say("transaction_key", json!(self.key));
        say("created_at", self.created_at.seconds().into());
        say("status", json!(self.status));
        if let Some(accepted_by) = self.accepted_by {
            say("type", json!(accepted_by));
        }
        if let Some(wallet) = self.wallet {
            say("wallet", wallet.into());
        }
        if let Some(confirmed_at) = self.confirmed_at {
            say("confirmed_at", confirmed_at.seconds().into());
        }
        say("reserve", self.reserve());
        say("use_allowance", terms.use_allowance.into());
        say("suggest_allowance", terms.suggest_allowance.into());
        say("auto_confirm", terms.auto_confirm.into());
        if let Some(redirect_uri) = &terms.redirect_uri {
            say("redirect_uri", json!(redirect_uri));
        }
        match &terms.callback {
            CallbackTo::Unsaid => {}
            CallbackTo::Nowhere => say("callback_uri", false.into()),
            CallbackTo::Address(address) => say("callback_uri", json!(address)),
        }
        if let Some(email) = &terms.user_email {
            say("user", json!({ "email": email }));
        }
        if let Some(project) = &terms.project {
            say("project_id", number_or_text(project));
        }
        if let Some(location) = &terms.location {
            say("location_id", number_or_text(location));
        }
        let payments = self.payments.iter().map(|payment| self.payment(payment));
        say("payments", payments.collect());
        Value::Object(answer)
    }

    /// The event of a callback: the text that is signed.
    pub fn event(&self) -> String {
        json!({
            "type": self.status,
            "object": "transaction",
            "data": self.to_json(),
        })
        .to_string()
    }

    /// A duration in seconds as long as it has not begun, then its end.
    fn reserve(&self) -> Value {
        match self.terms.reserve {
            Reserve::For(hours) if self.status != TransactionStatus::Reserved => {
                json!({ "for": hours_of(hours).as_secs() })
            }
            Reserve::For(_) => json!({ "until": self.valid_until.seconds() }),
            Reserve::Until(end) => json!({ "until": end.seconds() }),
        }
    }

    fn payment(&self, payment: &TransactionPayment) -> Value {
        let mut answer = json!({
            "id": payment.id,
            "transaction_key": self.key,
            "created_at": self.created_at.seconds(),
            "status": self.status,
            "description": payment.description,
            "price": payment.amount.minor,
            "price_decimal": payment.amount.to_decimal(),
            "currency": payment.amount.currency,
        });
        if let Some(wallet) = self.wallet {
            answer["wallet"] = wallet.into();
        }
        if let Some(confirmed_at) = self.confirmed_at {
            answer["confirmed_at"] = confirmed_at.seconds().into();
        }
        if let Some(parameters) = &payment.parameters {
            answer["parameters"] = parameters.clone();
        }
        answer
    }
}

/// Ids of projects are numbers where they come from.
fn number_or_text(text: &str) -> Value {
    match text.parse::<i64>() {
        Ok(number) if number.to_string() == text => number.into(),
        _ => text.into(),
    }
}
