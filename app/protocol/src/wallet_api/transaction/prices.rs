//! The final prices with which an app may confirm: each the same as before, or lower.

use serde_json::{Map, Value};

use super::{TransactionPayment, request::amount};
use crate::wallet_api::{ErrorCode, WalletApiError};

/// The payments with the final prices of the body of `PUT .../confirm`: an object that names payments by
/// their numbers, as the client library sends it, or a list of objects with `id`. Payments that it does
/// not name keep their price; no body, `[]` and `{}` change nothing.
///
/// # Errors
/// `invalid_parameters` when a price is higher, in another currency, not more than zero, or of a payment
/// that is not there; `invalid_request` when the body is something else.
pub fn lowered(
    body: &Value,
    payments: &[TransactionPayment],
) -> Result<Vec<TransactionPayment>, WalletApiError> {
    let mut changed = payments.to_vec();
    match body {
        Value::Null => {}
        Value::Object(prices) => {
            for (id, price) in prices {
                lower(&mut changed, payments, id, price)?;
            }
        }
        Value::Array(prices) => {
            for price in prices {
                let id = price.get("id").map(ToString::to_string);
                lower(&mut changed, payments, &id.unwrap_or_default(), price)?;
            }
        }
        _ => {
            return Err(WalletApiError::new(
                ErrorCode::InvalidRequest,
                "the body must be empty, [] or prices by the ids of the payments",
            ));
        }
    }
    Ok(changed)
}

fn lower(
    changed: &mut [TransactionPayment],
    before: &[TransactionPayment],
    id: &str,
    price: &Value,
) -> Result<(), WalletApiError> {
    let fault = |field: String, message: String| {
        let error = WalletApiError::new(
            ErrorCode::InvalidParameters,
            "a final price is wrong, see error_properties",
        );
        Err(error.with_property(field, message))
    };
    let known = before
        .iter()
        .position(|payment| payment.id.to_string() == id);
    let Some(at) = known else {
        let named: String = id.chars().take(20).collect();
        return fault(named, "there is no such payment in this transaction".into());
    };
    let empty = Map::new();
    let mut members = price.as_object().unwrap_or(&empty).clone();
    // A price without currency is in that of the payment.
    members
        .entry("currency")
        .or_insert_with(|| before[at].amount.currency.code().into());
    match amount(&members) {
        Err((member, message)) => fault(format!("{id}.{member}"), message),
        Ok(amount) if amount.currency != before[at].amount.currency => fault(
            format!("{id}.currency"),
            format!("must be {}", before[at].amount.currency),
        ),
        Ok(amount) if amount.minor > before[at].amount.minor => fault(
            format!("{id}.price"),
            format!("must not be more than {}", before[at].amount.minor),
        ),
        Ok(amount) => {
            changed[at].amount = amount;
            Ok(())
        }
    }
}
