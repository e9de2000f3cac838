//! POST `/oauth/revoke` (RFC 7009).

use axum::{Json, extract::State};
use protocol::client::DialectName;
use serde_json::{Value, json};

use crate::{
    Endpoints,
    back_channel::{BackChannel, unserved},
    errors::Failure,
};

/// 200 with `{}`, whether there was anything to revoke or not (§2.2).
pub(crate) async fn standard(
    State(endpoints): State<Endpoints>,
    request: BackChannel,
) -> Result<Json<Value>, Failure> {
    let door = DialectName::Bearer;
    endpoints
        .engine
        .revoke(&request.request(door))
        .await
        .map_err(unserved(&endpoints, door))?;
    Ok(Json(json!({})))
}
