//! `/v1/accounts`: the accounts that a person chose, as NextGenPSD2 shows them.

use axum::{
    Json,
    extract::{Path, RawQuery, State},
    response::{IntoResponse, Response},
};
use engine::{
    account_information::{InformationRefusal, Manner, ShownAccount},
    bank::BankAccount,
};
use protocol::{form::RawForm, ids::AccountId, money::Money, time::Timestamp};
use serde_json::{Map, Value, json};

use super::tpp::{Refusal, ThirdParty, X_REQUEST_ID};
use crate::{Endpoints, errors::Failure};

/// GET `/v1/accounts[?withBalance=true]`.
pub(super) async fn accounts(
    State(endpoints): State<Endpoints>,
    caller: ThirdParty,
    RawQuery(text): RawQuery,
) -> Result<Response, Failure> {
    let with_balance = with_balance(text.as_deref()).map_err(|refusal| caller.refuse(refusal))?;
    let found = endpoints
        .engine
        .account_list(&caller, manner(&caller, with_balance))
        .await
        .map_err(|error| caller.failed(error))?
        .map_err(|refusal| caller.refuse(refused(refusal)))?;
    let now = endpoints.engine.env().now();
    let accounts: Vec<Value> = found
        .iter()
        .map(|shown| details(shown, with_balance, now))
        .collect();
    Ok(answer(&caller, json!({ "accounts": accounts })))
}

/// GET `/v1/accounts/{id}[?withBalance=true]`.
pub(super) async fn account(
    State(endpoints): State<Endpoints>,
    caller: ThirdParty,
    Path(id): Path<String>,
    RawQuery(text): RawQuery,
) -> Result<Response, Failure> {
    let with_balance = with_balance(text.as_deref()).map_err(|refusal| caller.refuse(refusal))?;
    let shown = endpoints
        .engine
        .account_details(&caller, &AccountId::new(id), manner(&caller, with_balance))
        .await
        .map_err(|error| caller.failed(error))?
        .map_err(|refusal| caller.refuse(refused(refusal)))?;
    let details = details(&shown, with_balance, endpoints.engine.env().now());
    Ok(answer(&caller, json!({ "account": details })))
}

/// GET `/v1/accounts/{id}/balances`.
pub(super) async fn balances(
    State(endpoints): State<Endpoints>,
    caller: ThirdParty,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let account = endpoints
        .engine
        .account_balances(&caller, &AccountId::new(id), manner(&caller, false))
        .await
        .map_err(|error| caller.failed(error))?
        .map_err(|refusal| caller.refuse(refused(refusal)))?;
    let balances = balances_of(&account, endpoints.engine.env().now());
    Ok(answer(
        &caller,
        json!({ "account": { "iban": account.iban }, "balances": balances }),
    ))
}

/// How this third party asks.
pub(super) fn manner(caller: &ThirdParty, with_balance: bool) -> Manner {
    Manner {
        attended: caller.attended,
        with_balance,
    }
}

/// In the words of the interface. Foreign and unknown accounts are answered alike.
pub(super) fn refused(refusal: InformationRefusal) -> Refusal {
    match refusal {
        InformationRefusal::UnknownAccount => Refusal::ResourceUnknown,
        InformationRefusal::NotCovered => Refusal::NotCovered,
        InformationRefusal::Period => Refusal::Period,
        InformationRefusal::NotFresh => Refusal::NotFresh,
        InformationRefusal::TooOften => Refusal::TooOften,
    }
}

/// A good answer to a third party.
pub(super) fn answer<R>(caller: &ThirdParty<R>, body: Value) -> Response {
    ([(X_REQUEST_ID, caller.request_id.clone())], Json(body)).into_response()
}

/// The parameters of a query, for this interface.
pub(super) fn parameters(text: Option<&str>) -> Result<RawForm, Refusal> {
    RawForm::parse(text.unwrap_or_default().as_bytes()).map_err(|_| Refusal::Format {
        path: "query",
        text: "the query cannot be read",
    })
}

/// One parameter of a query; more than one of it is a fault.
pub(super) fn one<'a>(query: &'a RawForm, name: &'static str) -> Result<Option<&'a str>, Refusal> {
    query.one(name).map_err(|_| Refusal::Format {
        path: name,
        text: "the parameter may be sent once only",
    })
}

fn with_balance(text: Option<&str>) -> Result<bool, Refusal> {
    match one(&parameters(text)?, "withBalance")? {
        None | Some("false") => Ok(false),
        Some("true") => Ok(true),
        Some(_) => Err(Refusal::Format {
            path: "withBalance",
            text: "withBalance must be true or false",
        }),
    }
}

fn details(shown: &ShownAccount, with_balance: bool, now: Timestamp) -> Value {
    let account = &shown.account;
    let path = format!("/v1/accounts/{}", account.id);
    let mut details = json!({
        "resourceId": account.id,
        "iban": account.iban,
        "currency": account.currency,
        "ownerName": account.owner_name,
        "name": account.name,
        "product": account.product,
        "cashAccountType": cash_account_type(&account.kind),
        "status": "enabled",
        "usage": "PRIV",
    });
    let mut links = Map::new();
    for (name, allowed) in [
        ("balances", shown.balances),
        ("transactions", shown.transactions),
    ] {
        if allowed {
            links.insert(name.to_owned(), json!({ "href": format!("{path}/{name}") }));
        }
    }
    if !links.is_empty() {
        details["_links"] = links.into();
    }
    if with_balance && shown.balances {
        details["balances"] = balances_of(account, now).into();
    }
    details
}

/// ISO 20022, ExternalCashAccountType1Code.
fn cash_account_type(kind: &str) -> &'static str {
    if kind == "savings" { "SVGS" } else { "CACC" }
}

fn balances_of(account: &BankAccount, now: Timestamp) -> Vec<Value> {
    let balance = |kind: &str, amount: Money| json!({ "balanceAmount": amount, "balanceType": kind, "referenceDate": now.date().to_string() });
    vec![
        balance("interimAvailable", account.available),
        balance("interimBooked", account.booked()),
    ]
}
