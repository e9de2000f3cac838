//! POST `/oauth/introspect` (RFC 7662).

use axum::{Json, extract::State};
use protocol::{dialects::bearer, token::Introspection, trail::Endpoint};

use crate::{Endpoints, back_channel::BackChannel, errors::Failure};

/// What the asker may know of the token.
pub(crate) async fn standard(
    State(endpoints): State<Endpoints>,
    request: BackChannel,
) -> Result<Json<Introspection>, Failure> {
    let door = &bearer::INTROSPECT;
    let served = match request.request(door) {
        Ok(asked) => endpoints.engine.introspect(&asked).await,
        Err(unread) => Err(unread),
    };
    request
        .close(&endpoints, Endpoint::Introspect, door, served)
        .await
        .map(Json)
}
