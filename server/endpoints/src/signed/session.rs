//! POST `/oauth/v1/session`: an app leaves an authorize request, and gets the key for the browser.

use axum::{Json, extract::State};
use protocol::{
    dialects::mac,
    trail::Endpoint,
    wallet_api::{ErrorCode, WalletApiError},
};
use serde_json::{Value, json};

use crate::{Endpoints, back_channel::BackChannel, errors::Failure};

/// `{"key": "..."}`.
pub(crate) async fn leave(
    State(endpoints): State<Endpoints>,
    request: BackChannel,
) -> Result<Json<Value>, Failure> {
    let door = &mac::SESSION;
    let served = match request.request(door) {
        Ok(asked) => endpoints.engine.leave_request(&asked).await,
        Err(unread) => Err(unread),
    };
    let left = request
        .close(&endpoints, Endpoint::Session, door, served)
        .await?;
    match left {
        Ok(key) => Ok(Json(json!({ "key": key.expose() }))),
        Err(fault) => Err(WalletApiError::new(ErrorCode::InvalidRequest, fault.to_string()).into()),
    }
}
