//! `/rest/v1/wallet/{id}`: a wallet, how much is in it, and what happened there.

use axum::{
    Json,
    extract::{Path, RawQuery, State},
    response::{IntoResponse as _, Response},
};
use engine::personal::{Asker, StatementEntry, StatementRange, Statements};
use protocol::{
    form::RawForm,
    money::{Currency, Money},
    time::Timestamp,
    wallet_api::{ErrorCode, WalletApiError},
};
use serde_json::{Value, json};

use super::{answered, whom};
use crate::{Endpoints, errors::Failure, signed::Signed};

/// Documented filters that this server does not know. Leaving them out would answer something else than was
/// asked for.
const NOT_SUPPORTED: [&str; 4] = ["direction", "text", "after", "before"];

/// GET `/rest/v1/wallet/{id}`.
pub(super) async fn wallet(
    State(endpoints): State<Endpoints>,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let asker = Asker::from(&signed.signer);
    let wallet = answered(endpoints.engine.wallet_view(&asker, whom(&id)?).await)?;
    Ok(Json(wallet).into_response())
}

/// GET `/rest/v1/wallet/{id}/balance`: per currency; a wallet has one.
pub(super) async fn balance(
    State(endpoints): State<Endpoints>,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let asker = Asker::from(&signed.signer);
    let balance = answered(endpoints.engine.wallet_balance(&asker, whom(&id)?).await)?;
    let of_currency = json!({
        "at_disposal": balance.at_disposal.minor,
        "reserved": balance.reserved.minor,
        "at_disposal_decimal": balance.at_disposal.to_decimal(),
        "reserved_decimal": balance.reserved.to_decimal(),
    });
    Ok(Json(json!({ balance.currency().code(): of_currency })).into_response())
}

/// GET `/rest/v1/wallet/{id}/sufficient-amount?amount&currency`: whether so many cents can be spent.
pub(super) async fn sufficient_amount(
    State(endpoints): State<Endpoints>,
    signed: Signed,
    Path(id): Path<String>,
    RawQuery(text): RawQuery,
) -> Result<Response, Failure> {
    let whom = whom(&id)?;
    let query = parameters(text.as_deref())?;
    let minor = number(&query, "amount")?.filter(|amount: &i64| *amount > 0);
    let minor = minor.ok_or_else(|| fault("amount", "a number of cents, more than zero"))?;
    let currency = one(&query, "currency")?.and_then(|code| code.parse::<Currency>().ok());
    let currency = currency.ok_or_else(|| fault("currency", "a currency, such as EUR"))?;
    let asker = Asker::from(&signed.signer);
    let is_sufficient = answered(
        endpoints
            .engine
            .has_sufficient_amount(&asker, whom, Money::new(minor, currency))
            .await,
    )?;
    Ok(Json(json!({ "is_sufficient": is_sufficient })).into_response())
}

/// GET `/rest/v1/wallet/{id}/statements?limit&offset&currency&from&to`.
pub(super) async fn statements(
    State(endpoints): State<Endpoints>,
    signed: Signed,
    Path(id): Path<String>,
    RawQuery(text): RawQuery,
) -> Result<Response, Failure> {
    let whom = whom(&id)?;
    let range = range(&parameters(text.as_deref())?)?;
    let asker = Asker::from(&signed.signer);
    let found = answered(
        endpoints
            .engine
            .wallet_statements(&asker, whom, &range)
            .await,
    )?;
    Ok(Json(told(&found, &range)).into_response())
}

fn range(query: &RawForm) -> Result<StatementRange, Failure> {
    for name in NOT_SUPPORTED {
        if one(query, name)?.is_some() {
            return Err(fault(name, "this filter is not supported"));
        }
    }
    let limit = number(query, "limit")?.unwrap_or(StatementRange::USUAL);
    if !(1..=StatementRange::LARGEST).contains(&limit) {
        return Err(fault("limit", "a number from 1 to 200"));
    }
    let currencies = one(query, "currency")?.filter(|list| !list.is_empty());
    let currencies = currencies.map_or(Ok(Vec::new()), |list| {
        list.split(',')
            .map(|code| {
                code.parse().map_err(|_| {
                    fault(
                        "currency",
                        "currencies with commas between, such as EUR,USD",
                    )
                })
            })
            .collect()
    })?;
    let instant = |name| {
        let seconds = number::<u32>(query, name)?;
        Ok::<_, Failure>(seconds.map(|seconds| Timestamp::from_seconds(seconds.into())))
    };
    Ok(StatementRange {
        limit,
        offset: number(query, "offset")?.unwrap_or(0),
        currencies,
        from: instant("from")?,
        to: instant("to")?,
    })
}

fn told(found: &Statements, range: &StatementRange) -> Value {
    let entries: Vec<Value> = found.entries.iter().map(entry).collect();
    json!({
        "statements": entries,
        "_metadata": { "total": found.total, "offset": range.offset, "limit": range.limit },
    })
}

fn entry(entry: &StatementEntry) -> Value {
    let mut party = json!({ "name": entry.party_name, "display_name": entry.party_name });
    if let Some(iban) = &entry.party_iban {
        party["account_number"] = json!(iban);
        party["ibans"] = json!([iban]);
    }
    json!({
        "id": entry.id,
        "amount": entry.amount.minor,
        "currency": entry.amount.currency,
        "date": entry.at.seconds(),
        "details": entry.details,
        "direction": entry.direction.as_str(),
        "other_party": party,
    })
}

fn parameters(text: Option<&str>) -> Result<RawForm, Failure> {
    RawForm::parse(text.unwrap_or_default().as_bytes()).map_err(|unread| {
        let sentence = format!("the query cannot be read: {unread}");
        WalletApiError::new(ErrorCode::InvalidRequest, sentence).into()
    })
}

fn one<'q>(query: &'q RawForm, name: &'static str) -> Result<Option<&'q str>, Failure> {
    query
        .one(name)
        .map_err(|_| fault(name, "the parameter may be sent once only"))
}

/// A whole number that is written as one.
fn number<T: std::str::FromStr>(query: &RawForm, name: &'static str) -> Result<Option<T>, Failure> {
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    one(query, name)?
        .map(|text| {
            let number = Some(text).filter(|text| digits(text));
            let number = number.and_then(|text| text.parse().ok());
            number.ok_or_else(|| fault(name, "a whole number that is not too large"))
        })
        .transpose()
}

/// What is wrong with one parameter.
fn fault(name: &'static str, message: &'static str) -> Failure {
    WalletApiError::new(ErrorCode::InvalidParameters, format!("{name}: {message}"))
        .with_property(name, message)
        .into()
}
