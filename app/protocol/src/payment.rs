//! A payment in the authorize request: `authorization_details` of RFC 9396, type
//! `payment_initiation`, the RFC's own example.
//!
//! The person sees exactly this amount and this payee, confirms exactly this ([`Payment::digest`] is
//! what the confirmation is bound to, RTS Article 5 "dynamic linking"), and the token is good for
//! exactly this.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::{
    iban::{Iban, IbanFault},
    money::{Currency, Money, MoneyFault},
    text::is_plain_line,
};

/// The value of `type` in `authorization_details`.
pub const PAYMENT_INITIATION: &str = "payment_initiation";

/// Longest name of a payee, in characters (SEPA: 70).
pub const LONGEST_CREDITOR_NAME: usize = 70;
/// Longest reference, in characters (SEPA: 140).
pub const LONGEST_REFERENCE: usize = 140;

/// One payment: how much, to whom.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(try_from = "Unchecked")]
pub struct Payment {
    /// More than zero.
    pub amount: Money,
    /// Who gets it.
    pub creditor_name: String,
    /// Where it goes.
    pub creditor_iban: Iban,
    /// What it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
}

impl Payment {
    /// The payment with these parts, when they can be shown and executed as they are.
    pub fn new(
        amount: Money,
        creditor_name: &str,
        creditor_iban: Iban,
        reference: Option<&str>,
    ) -> Result<Self, PaymentFault> {
        if !amount.is_positive() {
            return Err(PaymentFault::Amount(MoneyFault::NotPositive));
        }
        if !is_plain_line(creditor_name, LONGEST_CREDITOR_NAME) {
            return Err(PaymentFault::CreditorName);
        }
        if reference.is_some_and(|reference| !is_plain_line(reference, LONGEST_REFERENCE)) {
            return Err(PaymentFault::Reference);
        }
        Ok(Self {
            amount,
            creditor_name: creditor_name.to_owned(),
            creditor_iban,
            reference: reference.map(str::to_owned),
        })
    }

    /// What a confirmation is bound to: SHA-256 over all parts in one canonical form, each with its
    /// length before it, so that no two payments share one. Any change makes another digest.
    pub fn digest(&self) -> [u8; 32] {
        let mut hash = Sha256::new();
        let mut part = |text: &str| {
            hash.update((text.len() as u64).to_be_bytes());
            hash.update(text.as_bytes());
        };
        part("countersign payment 1");
        part(self.amount.currency.code());
        part(&self.amount.minor.to_string());
        part(&self.creditor_name);
        part(self.creditor_iban.as_str());
        part(if self.reference.is_some() {
            "reference"
        } else {
            ""
        });
        part(self.reference.as_deref().unwrap_or_default());
        hash.finalize().into()
    }

    /// The payment as `authorization_details`, for token answers and introspection (RFC 9396 §7, §9.2).
    pub fn to_authorization_details(&self) -> serde_json::Value {
        let mut detail = serde_json::json!({
            "type": PAYMENT_INITIATION,
            "instructedAmount": self.amount,
            "creditorName": self.creditor_name,
            "creditorAccount": {"iban": self.creditor_iban},
        });
        if let Some(reference) = &self.reference {
            detail["remittanceInformationUnstructured"] = reference.as_str().into();
        }
        serde_json::Value::Array(vec![detail])
    }
}

/// Why a payment in a request is not accepted; on the wire `invalid_authorization_details` (RFC 9396 §5).
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum PaymentFault {
    /// Not JSON, or not an array of objects with the known members.
    #[error(
        "authorization_details must be a JSON array with the members of payment_initiation and no others"
    )]
    Malformed,
    /// Not exactly one element.
    #[error("authorization_details must hold exactly one element")]
    NotOne,
    /// Another `type`.
    #[error("the only supported type of authorization_details is payment_initiation")]
    UnknownType,
    /// `actions` other than `initiate`.
    #[error("the only supported action is initiate")]
    UnknownAction,
    /// The amount.
    #[error("instructedAmount: {0}")]
    Amount(MoneyFault),
    /// Empty, too long, or with characters that are not shown as they are.
    #[error("creditorName must be one line of 1 to 70 visible characters")]
    CreditorName,
    /// The account of the payee.
    #[error("creditorAccount.iban: {0}")]
    CreditorIban(IbanFault),
    /// Empty, too long, or with characters that are not shown as they are.
    #[error("remittanceInformationUnstructured must be one line of 1 to 140 visible characters")]
    Reference,
}

/// Reads the parameter `authorization_details`: an array with exactly one `payment_initiation`.
/// RFC 9396 §5: what is not understood is refused, never ignored; a person must not confirm less
/// than what was asked.
pub fn parse_authorization_details(json: &str) -> Result<Payment, PaymentFault> {
    // The type comes first, so that an unknown one is told apart from a malformed known one.
    let elements: Vec<serde_json::Value> =
        serde_json::from_str(json).map_err(|_| PaymentFault::Malformed)?;
    let [element] = <[_; 1]>::try_from(elements).map_err(|_| PaymentFault::NotOne)?;
    match element.get("type").and_then(serde_json::Value::as_str) {
        Some(PAYMENT_INITIATION) => {}
        Some(_) => return Err(PaymentFault::UnknownType),
        None => return Err(PaymentFault::Malformed),
    }
    // Once more from the text: a `Value` keeps the last of two equal members, this refuses them.
    let [detail] =
        serde_json::from_str::<[Detail; 1]>(json).map_err(|_| PaymentFault::Malformed)?;
    if detail
        .actions
        .iter()
        .flatten()
        .any(|action| action != "initiate")
    {
        return Err(PaymentFault::UnknownAction);
    }
    let currency: Currency = detail
        .instructed_amount
        .currency
        .parse()
        .map_err(PaymentFault::Amount)?;
    let amount = Money::parse_positive(&detail.instructed_amount.amount, currency)
        .map_err(PaymentFault::Amount)?;
    let iban = Iban::parse(&detail.creditor_account.iban).map_err(PaymentFault::CreditorIban)?;
    Payment::new(
        amount,
        &detail.creditor_name,
        iban,
        detail.remittance_information_unstructured.as_deref(),
    )
}

/// The wire form of one element. `locations` and `actions` are the common members of RFC 9396 §2.2;
/// locations narrow nothing here, because the token works at one place only.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Detail {
    #[serde(rename = "type")]
    _type: String,
    #[serde(rename = "locations")]
    _locations: Option<Vec<String>>,
    actions: Option<Vec<String>>,
    instructed_amount: DetailAmount,
    creditor_name: String,
    creditor_account: DetailAccount,
    remittance_information_unstructured: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DetailAmount {
    currency: String,
    amount: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DetailAccount {
    iban: String,
}

/// The stored form, checked again when it comes back.
#[derive(Deserialize)]
struct Unchecked {
    amount: Money,
    creditor_name: String,
    creditor_iban: Iban,
    reference: Option<String>,
}

impl TryFrom<Unchecked> for Payment {
    type Error = PaymentFault;

    fn try_from(unchecked: Unchecked) -> Result<Self, PaymentFault> {
        Self::new(
            unchecked.amount,
            &unchecked.creditor_name,
            unchecked.creditor_iban,
            unchecked.reference.as_deref(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONTRACT: &str = r#"[{"type":"payment_initiation","instructedAmount":{"currency":"EUR","amount":"20.00"},
        "creditorName":"UAB Elektra","creditorAccount":{"iban":"LT121000011101001000"},
        "remittanceInformationUnstructured":"Invoice 7"}]"#;

    fn payment() -> Payment {
        match parse_authorization_details(CONTRACT) {
            Ok(payment) => payment,
            Err(fault) => panic!("{fault}"),
        }
    }

    #[test]
    fn the_contract_example_is_read() {
        let payment = payment();
        assert_eq!(payment.amount, Money::new(2000, Currency::EUR));
        assert_eq!(payment.creditor_name, "UAB Elektra");
        assert_eq!(payment.reference.as_deref(), Some("Invoice 7"));
        let again = payment.to_authorization_details().to_string();
        assert_eq!(parse_authorization_details(&again), Ok(payment.clone()));
        let stored = serde_json::to_string(&payment).unwrap_or_default();
        assert_eq!(serde_json::from_str(&stored).ok(), Some(payment));
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        let table = [
            ("{}", PaymentFault::Malformed),
            ("[]", PaymentFault::NotOne),
            ("[1]", PaymentFault::Malformed),
            (
                r#"[{"type":"account_information"}]"#,
                PaymentFault::UnknownType,
            ),
            (
                r#"[{"type":"payment_initiation"}]"#,
                PaymentFault::Malformed,
            ),
            (
                &CONTRACT.replace("\"20.00\"", "20.00"),
                PaymentFault::Malformed,
            ),
            (
                &CONTRACT.replace("20.00", "0.00"),
                PaymentFault::Amount(MoneyFault::NotPositive),
            ),
            (
                &CONTRACT.replace("20.00", "2e1"),
                PaymentFault::Amount(MoneyFault::Malformed),
            ),
            (
                &CONTRACT.replace("EUR", "XTS"),
                PaymentFault::Amount(MoneyFault::UnknownCurrency),
            ),
            (
                &CONTRACT.replace("LT12", "LT13"),
                PaymentFault::CreditorIban(IbanFault::WrongCheckDigits),
            ),
            (
                &CONTRACT.replace("UAB Elektra", ""),
                PaymentFault::CreditorName,
            ),
            (
                &CONTRACT.replace("UAB", "UAB\u{202e}"),
                PaymentFault::CreditorName,
            ),
            (
                &CONTRACT.replace("UAB", "UAB\\n"),
                PaymentFault::CreditorName,
            ),
            (
                &CONTRACT.replace("UAB", &"A".repeat(70)),
                PaymentFault::CreditorName,
            ),
            (&CONTRACT.replace("Invoice 7", " "), PaymentFault::Reference),
            (
                &CONTRACT.replace("\"creditorName\"", "\"urgent\":true,\"creditorName\""),
                PaymentFault::Malformed,
            ),
            (
                &CONTRACT.replace(
                    "\"creditorName\"",
                    "\"creditorName\":\"B\",\"creditorName\"",
                ),
                PaymentFault::Malformed,
            ),
            (
                &CONTRACT.replace(
                    "\"creditorName\"",
                    "\"actions\":[\"cancel\"],\"creditorName\"",
                ),
                PaymentFault::UnknownAction,
            ),
            (
                &format!(
                    "{},{}",
                    CONTRACT.trim_end_matches(']'),
                    CONTRACT.trim_start_matches('[')
                ),
                PaymentFault::NotOne,
            ),
        ];
        for (json, fault) in table {
            assert_eq!(parse_authorization_details(json), Err(fault), "{json}");
        }
    }

    #[test]
    fn every_part_counts_in_the_digest() {
        let payment = payment();
        let others = [
            Payment {
                amount: Money::new(2001, Currency::EUR),
                ..payment.clone()
            },
            Payment {
                amount: Money::new(2000, Currency::PLN),
                ..payment.clone()
            },
            Payment {
                creditor_name: "UAB Elektr".into(),
                reference: Some("aInvoice 7".into()),
                ..payment.clone()
            },
            Payment {
                reference: None,
                ..payment.clone()
            },
        ];
        for other in &others {
            assert_ne!(other.digest(), payment.digest(), "{other:?}");
        }
        assert_eq!(payment.clone().digest(), payment.digest());
    }
}
