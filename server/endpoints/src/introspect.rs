//! POST `/oauth/introspect` (RFC 7662).

use axum::{Json, extract::State};
use protocol::{client::DialectName, token::Introspection};

use crate::{
    Endpoints,
    back_channel::{BackChannel, unserved},
    errors::Failure,
};

/// What the asker may know of the token.
pub(crate) async fn standard(
    State(endpoints): State<Endpoints>,
    request: BackChannel,
) -> Result<Json<Introspection>, Failure> {
    let door = DialectName::Bearer;
    endpoints
        .engine
        .introspect(&request.request(door))
        .await
        .map(Json)
        .map_err(unserved(&endpoints, door))
}
