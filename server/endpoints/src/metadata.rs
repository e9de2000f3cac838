//! What clients may find out by themselves: RFC 8414 metadata and the public keys.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use http::header;
use protocol::token::ServerMetadata;
use serde_json::json;

use crate::Endpoints;

/// For how long others may keep these documents, in seconds.
const KEPT: &str = "public, max-age=300";

/// GET `/.well-known/oauth-authorization-server`. Every address in it is made from the public URL of
/// the settings, never from the request.
pub(crate) async fn authorization_server(State(endpoints): State<Endpoints>) -> Response {
    let metadata = ServerMetadata::new(&endpoints.engine.env().settings.public_url);
    ([(header::CACHE_CONTROL, KEPT)], Json(metadata)).into_response()
}

/// GET `/.well-known/jwks.json` (RFC 7517 §5). Tokens are opaque and nothing is signed, so the set
/// is empty.
pub(crate) async fn keys() -> Response {
    ([(header::CACHE_CONTROL, KEPT)], Json(json!({"keys": []}))).into_response()
}
