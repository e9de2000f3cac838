//! `/rest/v1/transaction...`: an app asks for payments, and confirms or takes back what a person accepted;
//! and the key with which it checks what it is told.

use axum::{
    Json,
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use engine::wallet_transactions::TransactionRefusal;
use http::header;
use protocol::ids::TransactionKey;
use serde_json::Value;

use crate::{
    Endpoints,
    errors::Failure,
    routes::Routes,
    signed::{Signed, broken},
    trace::Trace,
};

/// The routes of this file.
pub(super) fn routes() -> Routes {
    Routes::new()
        .post("/rest/v1/transaction", create)
        .get("/rest/v1/transaction/{key}", read)
        .delete("/rest/v1/transaction/{key}", revoke)
        .put("/rest/v1/transaction/{key}/confirm", confirm)
        .put("/rest/v1/transaction/{key}/reserve", reserve)
        .put(
            "/rest/v1/transaction/{key}/reserve/{wallet}",
            reserve_wallet,
        )
        .put("/rest/v1/transaction/{key}/flash/{wallet}", flash)
        .get("/rest/v1/transaction/{key}/type/{wallet}", types)
        .get(
            "/rest/v1/transaction/{key}/inquired-information",
            inquired_information,
        )
        .get("/publickey", public_key)
}

type Answer = Result<Json<Value>, Failure>;

/// POST `/rest/v1/transaction`.
async fn create(State(endpoints): State<Endpoints>, signed: Signed) -> Answer {
    let body = signed.json()?;
    let made = endpoints
        .engine
        .create_transaction(&signed.signer, &body)
        .await;
    told(made)
}

/// GET `/rest/v1/transaction/{key}`.
async fn read(
    State(endpoints): State<Endpoints>,
    Path(key): Path<String>,
    signed: Signed,
) -> Answer {
    let found = endpoints
        .engine
        .transaction(&signed.signer, &TransactionKey::new(key))
        .await;
    told(found)
}

/// DELETE `/rest/v1/transaction/{key}`.
async fn revoke(
    State(endpoints): State<Endpoints>,
    Path(key): Path<String>,
    Trace(trace): Trace,
    signed: Signed,
) -> Answer {
    let revoked = endpoints
        .engine
        .revoke_transaction(&signed.signer, &TransactionKey::new(key), trace)
        .await;
    told(revoked)
}

/// PUT `/rest/v1/transaction/{key}/confirm`.
async fn confirm(
    State(endpoints): State<Endpoints>,
    Path(key): Path<String>,
    Trace(trace): Trace,
    signed: Signed,
) -> Answer {
    let body = signed.json()?;
    let confirmed = endpoints
        .engine
        .confirm_transaction(&signed.signer, &TransactionKey::new(key), &body, trace)
        .await;
    told(confirmed)
}

/// PUT `/rest/v1/transaction/{key}/reserve`.
async fn reserve(
    State(endpoints): State<Endpoints>,
    Path(key): Path<String>,
    Trace(trace): Trace,
    signed: Signed,
) -> Answer {
    let body = signed.json()?;
    let reserved = endpoints
        .engine
        .reserve_transaction(
            &signed.signer,
            &TransactionKey::new(key),
            None,
            &body,
            trace,
        )
        .await;
    told(reserved)
}

/// PUT `/rest/v1/transaction/{key}/reserve/{wallet}`.
async fn reserve_wallet(
    State(endpoints): State<Endpoints>,
    Path((key, wallet)): Path<(String, String)>,
    Trace(trace): Trace,
    signed: Signed,
) -> Answer {
    let body = signed.json()?;
    let key = TransactionKey::new(key);
    let reserved = endpoints
        .engine
        .reserve_transaction(&signed.signer, &key, Some(&wallet), &body, trace)
        .await;
    told(reserved)
}

/// PUT `/rest/v1/transaction/{key}/flash/{wallet}`: not offered.
async fn flash(
    State(endpoints): State<Endpoints>,
    Path((key, _wallet)): Path<(String, String)>,
    signed: Signed,
) -> Answer {
    let sent = endpoints
        .engine
        .flash_transaction(&signed.signer, &TransactionKey::new(key))
        .await;
    told(sent)
}

/// GET `/rest/v1/transaction/{key}/type/{wallet}`.
async fn types(
    State(endpoints): State<Endpoints>,
    Path((key, wallet)): Path<(String, String)>,
    signed: Signed,
) -> Answer {
    let types = endpoints
        .engine
        .transaction_types(&signed.signer, &TransactionKey::new(key), &wallet)
        .await;
    Ok(Json(served(types)?.into()))
}

/// GET `/rest/v1/transaction/{key}/inquired-information`.
async fn inquired_information(
    State(endpoints): State<Endpoints>,
    Path(key): Path<String>,
    signed: Signed,
) -> Answer {
    let found = endpoints
        .engine
        .inquired_information(&signed.signer, &TransactionKey::new(key))
        .await;
    Ok(Json(served(found)?))
}

/// GET `/publickey`: the key with which callbacks are checked. For everybody.
async fn public_key(State(endpoints): State<Endpoints>) -> Result<Response, Failure> {
    let pem = endpoints
        .engine
        .callback_public_key()
        .await
        .map_err(broken)?;
    let headers = [
        (header::CONTENT_TYPE, "application/x-pem-file"),
        // Fetched with each callback: a new key must be seen at once.
        (header::CACHE_CONTROL, "no-cache"),
    ];
    Ok((headers, pem).into_response())
}

fn told(outcome: engine::wallet_transactions::Answered) -> Answer {
    Ok(Json(served(outcome)?.to_json()))
}

fn served<T>(outcome: Result<Result<T, TransactionRefusal>, engine::Error>) -> Result<T, Failure> {
    outcome
        .map_err(broken)?
        .map_err(|refusal| refusal.error().into())
}
