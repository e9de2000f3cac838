//! The body of `POST /rest/v1/transaction`. Every fault is named at its field; nothing that moves money
//! is guessed.

use serde_json::{Map, Value};

use super::{
    CallbackTo, LONGEST_DESCRIPTION, LONGEST_RESERVE_HOURS, MOST_PAYMENTS, Reserve, Terms,
    USUAL_RESERVE_HOURS, addresses, hours_of,
};
use crate::{
    client::Client,
    money::{Currency, Money, MoneyFault},
    text::is_plain_line,
    time::Timestamp,
    wallet_api::{ErrorCode, WalletApiError},
};

/// Members of a payment that would change who is paid, how much or when.
const PAYMENT_NOT_OFFERED: [&str; 9] = [
    "items",
    "beneficiary",
    "cashback",
    "commission",
    "freeze_for",
    "freeze_until",
    "password",
    "purpose",
    "price_rules",
];

/// Members of a transaction that would change who may pay, or on what terms.
const NOT_OFFERED: [&str; 2] = ["restrictions", "inquiries"];

/// The longest address of a person, in bytes (RFC 5321 §4.5.3.1.3).
const LONGEST_EMAIL: usize = 254;

/// The most bytes of what an app wants to find again with one payment.
const LONGEST_PARAMETERS: usize = 4_096;

/// One payment that an app asks for.
#[derive(Clone, PartialEq, Debug)]
pub struct AskedPayment {
    /// What it is for.
    pub description: String,
    /// How much: more than zero.
    pub amount: Money,
    /// What the app wants to find again.
    pub parameters: Option<Value>,
}

/// What an app asks for.
#[derive(Clone, PartialEq, Debug)]
pub struct TransactionRequest {
    /// At least one, all in [`TransactionRequest::currency`].
    pub payments: Vec<AskedPayment>,
    /// The currency.
    pub currency: Currency,
    /// The rest.
    pub terms: Terms,
}

impl TransactionRequest {
    /// Reads a body for this client at `now`. `parameters` are the free parameters of the signature.
    ///
    /// # Errors
    /// `invalid_parameters` with everything that is wrong, per field; `invalid_request` when the body is
    /// no object.
    pub fn parse(
        body: &Value,
        parameters: &[(String, String)],
        client: &Client,
        now: Timestamp,
    ) -> Result<Self, WalletApiError> {
        let Value::Object(body) = body else {
            return Err(WalletApiError::new(
                ErrorCode::InvalidRequest,
                "the body must be a JSON object with the member payments",
            ));
        };
        let mut reader = Reader::default();
        for member in NOT_OFFERED {
            if is_said(body, member) {
                reader.fault(member, "is not offered");
            }
        }
        reader.allowance(body);
        let payments = reader.payments(body);
        let parameter = |name: &str| {
            let found = parameters.iter().find(|(known, _)| known == name);
            found.map(|(_, value)| value.clone())
        };
        let terms = Terms {
            reserve: reader.reserve(body, now),
            auto_confirm: reader.flag(body, "auto_confirm", false),
            use_allowance: reader.flag(body, "use_allowance", true),
            suggest_allowance: reader.flag(body, "suggest_allowance", false),
            redirect_uri: reader.redirect_uri(body, client),
            callback: reader.callback(body, client),
            user_email: reader.user_email(body),
            project: parameter("project_id"),
            location: parameter("location_id"),
        };
        let currency = payments.first().map(|payment| payment.amount.currency);
        match currency {
            Some(currency) if reader.error.is_none() => Ok(Self {
                payments,
                currency,
                terms,
            }),
            _ => Err(reader.error.unwrap_or_else(invalid)),
        }
    }
}

fn invalid() -> WalletApiError {
    WalletApiError::new(
        ErrorCode::InvalidParameters,
        "some parameters are missing or wrong, see error_properties",
    )
}

/// Whether a member is there and says something.
fn is_said(object: &Map<String, Value>, member: &str) -> bool {
    match object.get(member) {
        None | Some(Value::Null) => false,
        Some(Value::Array(elements)) => !elements.is_empty(),
        Some(Value::Object(members)) => !members.is_empty(),
        Some(_) => true,
    }
}

/// Reads members and gathers what is wrong with them.
#[derive(Default)]
struct Reader {
    error: Option<WalletApiError>,
}

impl Reader {
    fn fault(&mut self, field: impl Into<String>, message: impl Into<String>) {
        let error = self.error.take().unwrap_or_else(invalid);
        self.error = Some(error.with_property(field, message));
    }

    fn allowance(&mut self, body: &Map<String, Value>) {
        if !is_said(body, "allowance") {
            return;
        }
        let optional = body["allowance"].get("optional").and_then(Value::as_bool);
        if optional != Some(true) {
            self.fault(
                "allowance",
                "is not offered; leave it out or make it optional",
            );
        }
    }

    fn payments(&mut self, body: &Map<String, Value>) -> Vec<AskedPayment> {
        let Some(Value::Array(asked)) = body.get("payments") else {
            self.fault("payments", "must be a list with at least one payment");
            return Vec::new();
        };
        if asked.is_empty() || asked.len() > MOST_PAYMENTS {
            self.fault(
                "payments",
                format!("must have 1 to {MOST_PAYMENTS} elements"),
            );
            return Vec::new();
        }
        let mut payments = Vec::with_capacity(asked.len());
        for (at, asked) in asked.iter().enumerate() {
            let field = format!("payments[{at}]");
            match asked {
                Value::Object(asked) => payments.extend(self.payment(asked, &field)),
                _ => self.fault(field, "must be an object; payments by id are not offered"),
            }
        }
        self.one_currency(&payments);
        payments
    }

    fn one_currency(&mut self, payments: &[AskedPayment]) {
        let sum = payments.split_first().map(|(first, rest)| {
            rest.iter()
                .try_fold(first.amount, |sum, payment| sum.checked_add(payment.amount))
        });
        match sum {
            Some(None) => self.fault("payments", "must all be in one currency"),
            Some(Some(sum)) if sum.minor > Money::LARGEST_MINOR => {
                self.fault("payments", "come to too much");
            }
            _ => {}
        }
    }

    fn payment(&mut self, asked: &Map<String, Value>, field: &str) -> Option<AskedPayment> {
        for member in PAYMENT_NOT_OFFERED {
            if is_said(asked, member) {
                self.fault(format!("{field}.{member}"), "is not offered");
            }
        }
        let description = asked.get("description").and_then(Value::as_str);
        let description = description.filter(|text| is_plain_line(text, LONGEST_DESCRIPTION));
        if description.is_none() {
            self.fault(
                format!("{field}.description"),
                format!("must be one line of 1 to {LONGEST_DESCRIPTION} visible characters"),
            );
        }
        let parameters = asked.get("parameters").filter(|value| !value.is_null());
        if parameters.is_some_and(|value| value.to_string().len() > LONGEST_PARAMETERS) {
            self.fault(
                format!("{field}.parameters"),
                "must have at most 4096 bytes",
            );
        }
        let amount = match amount(asked) {
            Ok(amount) => Some(amount),
            Err((member, message)) => {
                self.fault(format!("{field}.{member}"), message);
                None
            }
        };
        Some(AskedPayment {
            description: description?.to_owned(),
            amount: amount?,
            parameters: parameters.cloned(),
        })
    }

    fn reserve(&mut self, body: &Map<String, Value>, now: Timestamp) -> Reserve {
        let hours = body.get("reserve_for").filter(|value| !value.is_null());
        let until = body.get("reserve_until").filter(|value| !value.is_null());
        let usual = Reserve::For(USUAL_RESERVE_HOURS);
        match (hours, until) {
            (None, None) => usual,
            (Some(_), Some(_)) => {
                self.fault("reserve_until", "must not be there beside reserve_for");
                usual
            }
            (Some(hours), None) => match hours.as_u64().and_then(|hours| u32::try_from(hours).ok())
            {
                Some(hours) if (1..=LONGEST_RESERVE_HOURS).contains(&hours) => Reserve::For(hours),
                _ => {
                    self.fault(
                        "reserve_for",
                        format!("must be a number of hours from 1 to {LONGEST_RESERVE_HOURS}"),
                    );
                    usual
                }
            },
            (None, Some(until)) => {
                let until = until.as_i64().map(Timestamp::from_seconds);
                let latest = now + hours_of(LONGEST_RESERVE_HOURS);
                match until {
                    Some(until) if now < until && until <= latest => Reserve::Until(until),
                    _ => {
                        self.fault(
                            "reserve_until",
                            "must be a time in seconds since 1970 within the next 90 days",
                        );
                        usual
                    }
                }
            }
        }
    }

    fn flag(&mut self, body: &Map<String, Value>, member: &str, usual: bool) -> bool {
        match body.get(member) {
            None | Some(Value::Null) => usual,
            Some(Value::Bool(said)) => *said,
            Some(_) => {
                self.fault(member, "must be true or false");
                usual
            }
        }
    }

    fn redirect_uri(&mut self, body: &Map<String, Value>, client: &Client) -> Option<String> {
        match body.get("redirect_uri") {
            None | Some(Value::Null) => None,
            Some(Value::String(address)) => {
                if let Some(message) = addresses::redirect_fault(client, address) {
                    self.fault("redirect_uri", message);
                }
                Some(address.clone())
            }
            Some(_) => {
                self.fault("redirect_uri", "must be text");
                None
            }
        }
    }

    fn callback(&mut self, body: &Map<String, Value>, client: &Client) -> CallbackTo {
        match body.get("callback_uri") {
            None | Some(Value::Null) => CallbackTo::Unsaid,
            Some(Value::Bool(false)) => CallbackTo::Nowhere,
            Some(Value::String(address)) => {
                if let Some(message) = addresses::callback_fault(client, address) {
                    self.fault("callback_uri", message);
                }
                CallbackTo::Address(address.clone())
            }
            Some(_) => {
                self.fault("callback_uri", "must be text, or false for no callbacks");
                CallbackTo::Unsaid
            }
        }
    }

    fn user_email(&mut self, body: &Map<String, Value>) -> Option<String> {
        let user = body.get("user").filter(|value| !value.is_null())?;
        let email = user.get("email").filter(|value| !value.is_null())?;
        let email = email.as_str().filter(|text| {
            is_plain_line(text, LONGEST_EMAIL)
                && !text.contains(' ')
                && matches!(text.rsplit_once('@'), Some((name, host)) if !name.is_empty() && !host.is_empty())
        });
        if email.is_none() {
            self.fault("user.email", "must be an address for mail");
        }
        email.map(str::to_owned)
    }
}

/// Currency and price of a payment, or of an entry in a list of final prices.
pub(super) fn amount(asked: &Map<String, Value>) -> Result<Money, (&'static str, String)> {
    let currency = asked.get("currency").and_then(Value::as_str);
    let currency = currency.and_then(Currency::parse).ok_or_else(|| {
        let message = "must be the three letters of a currency of ISO 4217";
        ("currency", message.to_owned())
    })?;
    if currency.minor_digits() != 2 {
        return Err(("currency", "must be one that has cents".to_owned()));
    }
    let cents = asked.get("price").filter(|value| !value.is_null());
    let decimal = asked.get("price_decimal").filter(|value| !value.is_null());
    match (cents, decimal) {
        (Some(_), Some(decimal)) => {
            // Both may be said when they say the same; the documented examples do.
            let both = of_decimal(decimal, currency)?;
            if asked["price"].as_i64() == Some(both.minor) {
                Ok(both)
            } else {
                Err(("price", "must not differ from price_decimal".to_owned()))
            }
        }
        (Some(cents), None) => match cents.as_i64() {
            Some(minor) if (1..=Money::LARGEST_MINOR).contains(&minor) => {
                Ok(Money::new(minor, currency))
            }
            _ => Err((
                "price",
                "must be a whole number of cents, more than zero".to_owned(),
            )),
        },
        (None, Some(decimal)) => of_decimal(decimal, currency),
        (None, None) => Err(("price", "must be there, or price_decimal".to_owned())),
    }
}

fn of_decimal(decimal: &Value, currency: Currency) -> Result<Money, (&'static str, String)> {
    let text = decimal.as_str().ok_or(MoneyFault::Malformed);
    text.and_then(|text| Money::parse_positive(text, currency))
        .map_err(|fault| ("price_decimal", fault.to_string()))
}
