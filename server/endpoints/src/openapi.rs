//! GET `/openapi.json`: the machine-readable description of everything in this crate. The text is
//! kept by hand in `openapi.json`; a test holds it against the router.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use http::header;
use serde_json::Value;

use crate::{Endpoints, errors::Failure};

/// The document, without the address of the server.
pub const DOCUMENT: &str = include_str!("openapi.json");

/// The document with the address of this server.
pub(crate) async fn document(State(endpoints): State<Endpoints>) -> Result<Response, Failure> {
    let mut document: Value = serde_json::from_str(DOCUMENT)
        .map_err(|error| Failure::broken(format!("openapi.json: {error}")))?;
    document["servers"][0]["url"] = endpoints.engine.env().settings.public_url.as_str().into();
    Ok((
        [(header::CACHE_CONTROL, "public, max-age=300")],
        Json(document),
    )
        .into_response())
}
