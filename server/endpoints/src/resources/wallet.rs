//! `/wallet/v1`: who, how much, what was paid, and paying.

use axum::{
    Json,
    extract::{RawQuery, State},
    response::{IntoResponse, Response},
};
use engine::{
    access::Access,
    bank::{BankAccount, PageMark, Rejection},
    wallet::{NewTransfer, Transfer, TransferRefusal, Transfers},
};
use http::{HeaderMap, HeaderName, StatusCode};
use protocol::{
    api_error::ApiErrorCode,
    iban::Iban,
    ids::AccountId,
    money::{Currency, Money},
    payment::{Payment, PaymentFault},
    scope::{Permission, ScopeToken},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::query;
use crate::{
    Endpoints,
    errors::Failure,
    guard::{Guard, Requirement, TransferFunds, Wallet},
    limits::Body,
};

/// Transfers on a page when the app does not say.
const PAGE: u32 = 50;

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// GET `/wallet/v1/me`.
pub(super) async fn me(
    State(endpoints): State<Endpoints>,
    access: Guard<Wallet>,
) -> Result<Response, Failure> {
    let me = endpoints.engine.me(&access).await?;
    let body = json!({
        "user_id": me.user_id,
        "username": me.username,
        "display_name": me.display_name,
        "locale": me.locale,
    });
    Ok(Json(body).into_response())
}

/// GET `/wallet/v1/balance`: the accounts that the person chose.
pub(super) async fn balance(
    State(endpoints): State<Endpoints>,
    access: Guard<Wallet>,
) -> Result<Response, Failure> {
    let accounts = endpoints.engine.chosen_accounts(&access).await?;
    let accounts: Vec<Value> = accounts.iter().map(account).collect();
    Ok(Json(json!({ "accounts": accounts })).into_response())
}

/// GET `/wallet/v1/transfers?limit&after`: with `wallet`, what happened on the chosen accounts; with
/// `transferFunds` alone, what this app ordered.
pub(super) async fn transfers(
    State(endpoints): State<Endpoints>,
    access: Guard<WalletOrTransferFunds>,
    RawQuery(text): RawQuery,
) -> Result<Response, Failure> {
    let query = query(text.as_deref())?;
    let one = |name| {
        query
            .one(name)
            .map_err(|twice| Failure::invalid_request(twice.to_string()))
    };
    let limit = match one("limit")? {
        None => PAGE,
        Some(text) => text
            .parse()
            .ok()
            .filter(|limit| (1..=engine::wallet::LARGEST_PAGE).contains(limit))
            .ok_or_else(|| Failure::invalid_request("limit must be a number from 1 to 100"))?,
    };
    let after = match one("after")? {
        None => None,
        Some(text) => Some(PageMark::parse(text).ok_or_else(|| {
            Failure::invalid_request("after must be the value of next of an earlier page")
        })?),
    };
    let found = if access.scope.allows(&Permission::Wallet) {
        endpoints
            .engine
            .transfers(&access, after.as_ref(), limit)
            .await?
    } else {
        endpoints
            .engine
            .own_transfers(&access, after.as_ref(), limit)
            .await?
    };
    Ok(Json(page(&found)).into_response())
}

/// POST `/wallet/v1/transfers`: moves money, once per `Idempotency-Key`.
pub(super) async fn transfer(
    State(endpoints): State<Endpoints>,
    access: Guard<TransferFunds>,
    headers: HeaderMap,
    Body(body): Body,
) -> Result<Response, Failure> {
    let key = idempotency_key(&headers)?;
    let new = read(&body)?;
    match endpoints.engine.transfer(&access, &new, key).await? {
        Ok(transfer) => Ok((StatusCode::CREATED, Json(made(&transfer))).into_response()),
        Err(refusal) => Err(refused(&refusal, &access)),
    }
}

/// Scope `wallet` or scope `transferFunds`, for a person.
pub(super) enum WalletOrTransferFunds {}

impl Requirement for WalletOrTransferFunds {
    fn missing(access: &Access) -> Option<ScopeToken> {
        Wallet::missing(access).filter(|_| TransferFunds::missing(access).is_some())
    }
}

/// The body of a transfer. Members that are not known are refused: an app that sends them believes
/// that they do something.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TransferBody {
    amount: String,
    currency: String,
    to: Payee,
    reference: Option<String>,
    from_account: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Payee {
    iban: String,
    name: String,
}

/// The header `Idempotency-Key`, at most once.
pub(super) fn idempotency_key(headers: &HeaderMap) -> Result<Option<&str>, Failure> {
    let mut keys = headers.get_all(IDEMPOTENCY_KEY).iter();
    match (keys.next(), keys.next()) {
        (None, _) => Ok(None),
        (Some(key), None) => {
            let key = key
                .to_str()
                .map_err(|_| Failure::invalid_request(TransferRefusal::BadKey.to_string()))?;
            Ok(Some(key))
        }
        (Some(_), Some(_)) => Err(Failure::invalid_request(
            "the header Idempotency-Key may be sent once only",
        )),
    }
}

/// Reads the body and checks every part, in the order in which the sentences help most.
fn read(body: &[u8]) -> Result<NewTransfer, Failure> {
    let body: TransferBody = serde_json::from_slice(body).map_err(|error| {
        Failure::invalid_request(format!("the body is not a transfer in JSON: {error}"))
    })?;
    let payment = payment(
        &body.amount,
        &body.currency,
        &body.to,
        body.reference.as_deref(),
    )?;
    Ok(NewTransfer {
        payment,
        from: body.from_account.map(AccountId::new),
    })
}

/// A payment as it is written in a body.
pub(super) fn payment(
    amount: &str,
    currency: &str,
    to: &Payee,
    reference: Option<&str>,
) -> Result<Payment, Failure> {
    let refuse = |field: &str, fault: &dyn std::fmt::Display| {
        Failure::invalid_request(format!("{field}: {fault}"))
    };
    let currency: Currency = currency
        .parse()
        .map_err(|fault| refuse("currency", &fault))?;
    let amount =
        Money::parse_positive(amount, currency).map_err(|fault| refuse("amount", &fault))?;
    let iban = Iban::parse(&to.iban).map_err(|fault| refuse("to.iban", &fault))?;
    let reference = reference.filter(|reference| !reference.is_empty());
    Payment::new(amount, &to.name, iban, reference).map_err(|fault| match fault {
        PaymentFault::CreditorName => {
            refuse("to.name", &"must be one line of 1 to 70 visible characters")
        }
        PaymentFault::Reference => refuse(
            "reference",
            &"must be one line of at most 140 visible characters",
        ),
        other => refuse("transfer", &other),
    })
}

/// What an app hears when money is not moved.
pub(super) fn refused(refusal: &TransferRefusal, access: &Access) -> Failure {
    let (status, code) = match refusal {
        TransferRefusal::BadKey | TransferRefusal::NameAccount(_) => {
            (StatusCode::BAD_REQUEST, ApiErrorCode::InvalidRequest)
        }
        TransferRefusal::KeyUsed => (StatusCode::CONFLICT, ApiErrorCode::IdempotencyKeyUsed),
        TransferRefusal::AccountNotChosen => {
            (StatusCode::FORBIDDEN, ApiErrorCode::AccountNotAllowed)
        }
        TransferRefusal::PaymentDiffers(_) => (StatusCode::FORBIDDEN, ApiErrorCode::PaymentDiffers),
        TransferRefusal::PaymentUsed(_) => (StatusCode::CONFLICT, ApiErrorCode::PaymentUsed),
        TransferRefusal::PaymentExpired => (StatusCode::CONFLICT, ApiErrorCode::PaymentExpired),
        TransferRefusal::Rejected(rejection) => {
            (StatusCode::UNPROCESSABLE_ENTITY, code_of(*rejection))
        }
    };
    Failure::new(status, code, refusal.to_string())
        .because(format!("client {}: {refusal}", access.client))
}

/// The word on the wire is the one in storage; a test holds them together.
fn code_of(rejection: Rejection) -> ApiErrorCode {
    match rejection {
        Rejection::TooLittleMoney => ApiErrorCode::InsufficientFunds,
        Rejection::AccountClosed => ApiErrorCode::AccountClosed,
        Rejection::OtherCurrency => ApiErrorCode::OtherCurrency,
        Rejection::SameAccount => ApiErrorCode::SameAccount,
    }
}

fn account(account: &BankAccount) -> Value {
    json!({
        "account_id": account.id,
        "iban": account.iban,
        "currency": account.currency,
        "available": account.available.to_decimal(),
        "reserved": account.reserved.to_decimal(),
    })
}

/// The answer to a new transfer. The same for every retry, but for a status that has moved on.
fn made(transfer: &Transfer) -> Value {
    json!({
        "transfer_id": transfer.id,
        "status": transfer.status.as_str(),
        "amount": transfer.amount.to_decimal(),
        "currency": transfer.amount.currency,
        "to": { "iban": transfer.to_iban, "name": transfer.to_name },
        "reference": transfer.reference,
        "from_account": transfer.account,
        "created_at": transfer.created_at.to_string(),
    })
}

fn page(found: &Transfers) -> Value {
    let transfers: Vec<Value> = found
        .transfers
        .iter()
        .map(|transfer| {
            let mut listed = made(transfer);
            if let Some(members) = listed.as_object_mut() {
                members.remove("from_account");
            }
            listed["direction"] = transfer.direction.as_str().into();
            listed["account_id"] = json!(transfer.account);
            listed["from"] = json!({ "iban": transfer.from_iban, "name": transfer.from_name });
            listed["booked_at"] = json!(transfer.booked_at.map(|at| at.to_string()));
            if let Some(rejection) = transfer.rejection {
                listed["reason"] = rejection.as_str().into();
            }
            listed
        })
        .collect();
    json!({ "transfers": transfers, "next": found.next.as_ref().map(ToString::to_string) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rejected_transfer_has_one_word_everywhere() {
        for rejection in Rejection::ALL {
            assert_eq!(code_of(rejection).as_str(), rejection.as_str());
        }
    }
}
