//! POST `/oauth/token` (RFC 6749 §3.2), and later the doors of other dialects.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use protocol::{client::DialectName, dialects, trail::Endpoint};

use crate::{Endpoints, back_channel::BackChannel, errors::Failure};

/// The standard door.
pub(crate) async fn standard(
    State(endpoints): State<Endpoints>,
    request: BackChannel,
) -> Result<Response, Failure> {
    answer(&endpoints, request, DialectName::Bearer).await
}

async fn answer(
    endpoints: &Endpoints,
    request: BackChannel,
    door: DialectName,
) -> Result<Response, Failure> {
    let dialect =
        dialects::dialect(door).ok_or_else(|| Failure::broken(format!("nobody speaks {door}")))?;
    let served = match request.request(door) {
        Ok(asked) => endpoints.engine.token(&asked).await,
        Err(unread) => Err(unread),
    };
    let answer = request
        .close(endpoints, Endpoint::Token, door, served)
        .await?;
    Ok(Json(dialect.answer(&answer, endpoints.engine.env().now())).into_response())
}
