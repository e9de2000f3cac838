//! `/v1/accounts/{id}/transactions`: what happened on an account, a page at a time.

use axum::{
    extract::{Path, RawQuery, State},
    response::Response,
};
use engine::{
    account_information::{LARGEST_PAGE, Statement, StatementRequest, WantedStatus},
    bank::{BankTransaction, PageMark},
};
use protocol::{form::RawForm, ids::AccountId, time::Date};
use serde_json::{Value, json};

use super::{
    account_information::{answer, manner, one, parameters, refused},
    tpp::{Refusal, ThirdParty},
};
use crate::{Endpoints, errors::Failure};

/// Parameters of the guidelines that this server does not know. Leaving them unanswered would mean
/// another list than was asked for.
const NOT_SUPPORTED: [&str; 2] = ["deltaList", "entryReferenceFrom"];

/// GET `/v1/accounts/{id}/transactions?bookingStatus&dateFrom&dateTo&limit&after`.
pub(super) async fn transactions(
    State(endpoints): State<Endpoints>,
    caller: ThirdParty,
    Path(id): Path<String>,
    RawQuery(text): RawQuery,
) -> Result<Response, Failure> {
    let refuse = |refusal| caller.refuse(refusal);
    let query = parameters(text.as_deref()).map_err(refuse)?;
    let request = read(&query).map_err(refuse)?;
    let statement = endpoints
        .engine
        .statement(
            &caller,
            &AccountId::new(id),
            &request,
            manner(&caller, false),
        )
        .await
        .map_err(|error| caller.failed(error))?
        .map_err(|refusal| caller.refuse(refused(refusal)))?;
    Ok(answer(&caller, body(&statement, &request)))
}

fn read(query: &RawForm) -> Result<StatementRequest, Refusal> {
    for name in NOT_SUPPORTED {
        if one(query, name)?.is_some() {
            return Err(Refusal::NotSupported { path: name });
        }
    }
    let status = match one(query, "bookingStatus")? {
        Some("booked") => WantedStatus::Booked,
        Some("pending") => WantedStatus::Pending,
        Some("both") => WantedStatus::Both,
        _ => {
            return Err(Refusal::Format {
                path: "bookingStatus",
                text: "bookingStatus is mandatory: booked, pending or both",
            });
        }
    };
    let after = match one(query, "after")? {
        None => None,
        Some(text) => {
            let fault = Refusal::Format {
                path: "after",
                text: "after comes from the link next of an earlier page",
            };
            Some(PageMark::parse(text).ok_or(fault)?)
        }
    };
    let limit = match one(query, "limit")? {
        None => LARGEST_PAGE,
        Some(text) => {
            let fault = Refusal::Format {
                path: "limit",
                text: "limit must be a number from 1 to 100",
            };
            text.parse()
                .ok()
                .filter(|limit| (1..=LARGEST_PAGE).contains(limit))
                .ok_or(fault)?
        }
    };
    Ok(StatementRequest {
        from: day(query, "dateFrom")?,
        to: day(query, "dateTo")?,
        status,
        after,
        limit,
    })
}

fn day(query: &RawForm, name: &'static str) -> Result<Option<Date>, Refusal> {
    let fault = Refusal::Format {
        path: name,
        text: "a date is written as 2026-11-22",
    };
    one(query, name)?
        .map(|text| text.parse().map_err(|_| fault))
        .transpose()
}

fn body(statement: &Statement, request: &StatementRequest) -> Value {
    let path = format!("/v1/accounts/{}", statement.account.id);
    let mut transactions = json!({ "_links": { "account": { "href": path } } });
    if let Some(booked) = &statement.booked {
        transactions["booked"] = booked.transactions.iter().map(booked_entry).collect();
        if let Some(next) = &booked.next {
            let href = next_page(&path, statement, request, next);
            transactions["_links"]["next"] = json!({ "href": href });
        }
    }
    if let Some(pending) = &statement.pending {
        transactions["pending"] = pending.transactions.iter().map(entry).collect();
    }
    json!({ "account": { "iban": statement.account.iban }, "transactions": transactions })
}

/// The same period from the mark on; what is pending came with the first page.
fn next_page(
    path: &str,
    statement: &Statement,
    request: &StatementRequest,
    next: &PageMark,
) -> String {
    let status = match request.status {
        WantedStatus::Booked => "booked",
        WantedStatus::Pending => "pending",
        WantedStatus::Both => "both",
    };
    format!(
        "{path}/transactions?bookingStatus={status}&dateFrom={}&dateTo={}&limit={}&after={next}",
        statement.from, statement.to, request.limit,
    )
}

fn booked_entry(transaction: &BankTransaction) -> Value {
    let mut entry = entry(transaction);
    let day = transaction.at.date().to_string();
    entry["bookingDate"] = day.as_str().into();
    entry["valueDate"] = day.into();
    if let Some(balance) = transaction.balance_after {
        entry["balanceAfterTransaction"] =
            json!({ "balanceAmount": balance, "balanceType": "interimBooked" });
    }
    entry
}

/// Amounts are signed: negative is money that went out. The other side is the creditor then.
fn entry(transaction: &BankTransaction) -> Value {
    let (name, account) = if transaction.amount.minor < 0 {
        ("creditorName", "creditorAccount")
    } else {
        ("debtorName", "debtorAccount")
    };
    let mut entry = json!({
        "transactionId": transaction.id,
        "transactionAmount": transaction.amount,
        name: transaction.party_name,
    });
    if let Some(iban) = &transaction.party_iban {
        entry[account] = json!({ "iban": iban });
    }
    if !transaction.reference.is_empty() {
        entry["remittanceInformationUnstructured"] = transaction.reference.as_str().into();
    }
    entry
}
