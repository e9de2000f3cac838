//! POST `/oauth/revoke` (RFC 7009).

use axum::{Json, extract::State};
use protocol::{dialects::bearer, trail::Endpoint};
use serde_json::{Value, json};

use crate::{Endpoints, back_channel::BackChannel, errors::Failure};

/// 200 with `{}`, whether there was anything to revoke or not (§2.2).
pub(crate) async fn standard(
    State(endpoints): State<Endpoints>,
    request: BackChannel,
) -> Result<Json<Value>, Failure> {
    let door = &bearer::REVOKE;
    let served = match request.request(door) {
        Ok(asked) => endpoints.engine.revoke(&asked).await,
        Err(unread) => Err(unread),
    };
    request
        .close(&endpoints, Endpoint::Revoke, door, served)
        .await?;
    Ok(Json(json!({})))
}
