//! `/rest/v1/transaction...`: an app asks for payments, and confirms or takes back what a person accepted;
//! and the key with which it checks what it is told.

use axum::{
    Json,
    extract::{FromRequestParts, Path, State},
    response::{IntoResponse, Response},
};
use engine::{Engine, wallet_transactions::TransactionRefusal};
use http::{header, request::Parts};
use protocol::ids::{TraceId, TransactionKey};
use serde::Deserialize;
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
        .put("/rest/v1/transaction/{key}/reserve/{wallet}", reserve)
        .put("/rest/v1/transaction/{key}/flash/{wallet}", flash)
        .get("/rest/v1/transaction/{key}/type/{wallet}", types)
        .get(
            "/rest/v1/transaction/{key}/inquired-information",
            inquired_information,
        )
        .get("/publickey", public_key)
}

type Answer = Result<Json<Value>, Failure>;

/// A signed request about one transaction.
struct About {
    engine: Engine,
    signed: Signed,
    key: TransactionKey,
    /// The wallet in the address, where there is one.
    wallet: Option<String>,
    trace: TraceId,
}

/// What stands in the address.
#[derive(Deserialize)]
struct Named {
    key: String,
    wallet: Option<String>,
}

impl FromRequestParts<Endpoints> for About {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &Endpoints) -> Result<Self, Failure> {
        let signed = Signed::from_request_parts(parts, state).await?;
        let Ok(Trace(trace)) = Trace::from_request_parts(parts, state).await;
        let Path(Named { key, wallet }) = Path::from_request_parts(parts, state)
            .await
            .map_err(|_| Failure::from(TransactionRefusal::NotFound.error()))?;
        Ok(Self {
            engine: state.engine.clone(),
            signed,
            key: TransactionKey::new(key),
            wallet,
            trace,
        })
    }
}

/// POST `/rest/v1/transaction`.
async fn create(State(endpoints): State<Endpoints>, signed: Signed) -> Answer {
    let body = signed.json()?;
    let engine = &endpoints.engine;
    told(engine.create_transaction(&signed.signer, &body).await)
}

/// GET `/rest/v1/transaction/{key}`.
async fn read(about: About) -> Answer {
    let signer = &about.signed.signer;
    told(about.engine.transaction(signer, &about.key).await)
}

/// DELETE `/rest/v1/transaction/{key}`.
async fn revoke(about: About) -> Answer {
    let signer = &about.signed.signer;
    let revoked = about
        .engine
        .revoke_transaction(signer, &about.key, about.trace)
        .await;
    told(revoked)
}

/// PUT `/rest/v1/transaction/{key}/confirm`.
async fn confirm(about: About) -> Answer {
    let (signer, body) = (&about.signed.signer, about.signed.json()?);
    let confirmed = about
        .engine
        .confirm_transaction(signer, &about.key, &body, about.trace)
        .await;
    told(confirmed)
}

/// PUT `/rest/v1/transaction/{key}/reserve`, and `.../reserve/{wallet}`.
async fn reserve(about: About) -> Answer {
    let (signer, body) = (&about.signed.signer, about.signed.json()?);
    let wallet = about.wallet.as_deref();
    let reserved = about
        .engine
        .reserve_transaction(signer, &about.key, wallet, &body, about.trace)
        .await;
    told(reserved)
}

/// PUT `/rest/v1/transaction/{key}/flash/{wallet}`: not offered.
async fn flash(about: About) -> Answer {
    let signer = &about.signed.signer;
    told(about.engine.flash_transaction(signer, &about.key).await)
}

/// GET `/rest/v1/transaction/{key}/type/{wallet}`.
async fn types(about: About) -> Answer {
    let signer = &about.signed.signer;
    let wallet = about.wallet.as_deref().unwrap_or_default();
    let types = about
        .engine
        .transaction_types(signer, &about.key, wallet)
        .await;
    Ok(Json(served(types)?.into()))
}

/// GET `/rest/v1/transaction/{key}/inquired-information`.
async fn inquired_information(about: About) -> Answer {
    let signer = &about.signed.signer;
    let found = about.engine.inquired_information(signer, &about.key).await;
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
