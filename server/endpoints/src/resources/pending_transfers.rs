//! `/wallet/v1/pending-transfers`: a payment that an app writes down before it sends a person to it.

use axum::{
    Json,
    extract::{Path, State, rejection::PathRejection},
    response::{IntoResponse, Response},
};
use engine::{access::Access, wallet::WaitingTransfer};
use http::{HeaderMap, StatusCode};
use protocol::{
    ids::TransferId,
    scope::{Permission, ScopeToken},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::wallet::{Payee, idempotency_key, payment, refused};
use crate::{
    Endpoints,
    errors::Failure,
    guard::{Guard, OrderTransfer, Requirement},
    limits::Body,
};

/// POST `/wallet/v1/pending-transfers`: writes a payment down, once per `Idempotency-Key`.
pub(super) async fn make(
    State(endpoints): State<Endpoints>,
    access: Guard<OrderTransfer>,
    headers: HeaderMap,
    Body(body): Body,
) -> Result<Response, Failure> {
    let key = idempotency_key(&headers)?;
    let body: PendingBody = serde_json::from_slice(&body).map_err(|error| {
        Failure::invalid_request(format!(
            "the body is not a pending transfer in JSON: {error}"
        ))
    })?;
    let payment = payment(
        &body.amount,
        &body.currency,
        &body.to,
        body.reference.as_deref(),
    )?;
    let engine = &endpoints.engine;
    match engine.make_pending_transfer(&access, &payment, key).await? {
        Ok(made) => Ok((StatusCode::CREATED, Json(shown(&made))).into_response()),
        Err(refusal) => Err(refused(&refusal, &access)),
    }
}

/// GET `/wallet/v1/pending-transfers/{transfer_id}`: what became of it.
pub(super) async fn see(
    State(endpoints): State<Endpoints>,
    access: Guard<SeePendingTransfer>,
    id: Result<Path<String>, PathRejection>,
) -> Result<Response, Failure> {
    // What cannot stand in a scope is no id of ours.
    let id = match id {
        Ok(Path(id)) if ScopeToken::parse(&id).is_ok() => TransferId::new(id),
        _ => return Err(unknown()),
    };
    // A token that a person gave for one of them shows that one.
    let may_see = access.scope.allows(&Permission::TransferFunds)
        || access.scope.pending_transfers().any(|named| named == id);
    if !may_see {
        return Err(unknown());
    }
    match endpoints.engine.pending_transfer(&access, &id).await? {
        Some(found) => Ok(Json(shown(&found)).into_response()),
        None => Err(unknown()),
    }
}

/// Scope `transferFunds` or `transferFunds:<transferId>`, with or without a person.
pub(super) enum SeePendingTransfer {}

impl Requirement for SeePendingTransfer {
    fn missing(access: &Access) -> Option<ScopeToken> {
        OrderTransfer::missing(access).filter(|_| access.scope.pending_transfers().next().is_none())
    }
}

/// The body. As that of a transfer, but the account that pays is the person's choice.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PendingBody {
    amount: String,
    currency: String,
    to: Payee,
    reference: Option<String>,
}

/// The same whether there is none or it is another app's.
fn unknown() -> Failure {
    Failure::not_found("this client has no such pending transfer")
}

fn shown(pending: &WaitingTransfer) -> Value {
    let mut shown = json!({
        "transfer_id": pending.id,
        "status": pending.state.as_str(),
        "amount": pending.payment.amount.to_decimal(),
        "currency": pending.payment.amount.currency,
        "to": { "iban": pending.payment.creditor_iban, "name": pending.payment.creditor_name },
        "reference": pending.payment.reference,
        "created_at": pending.created_at.to_string(),
        "expires_at": pending.valid_until.to_string(),
    });
    if let Some(transfer) = &pending.executed_as {
        shown["executed_as"] = json!(transfer);
    }
    shown
}
