//! For whoever watches over the process: is it alive, can it serve.

use axum::{Json, extract::State, response::IntoResponse};
use serde_json::json;

use crate::{Endpoints, errors::Failure};

/// GET /healthz: the process answers.
pub(crate) async fn alive() -> impl IntoResponse {
    Json(json!({"status": "alive"}))
}

/// GET /readyz: the database is reachable and up to date; 503 otherwise.
pub(crate) async fn ready(
    State(endpoints): State<Endpoints>,
) -> Result<impl IntoResponse, Failure> {
    let store = &endpoints.engine.env().store;
    store
        .ping()
        .await
        .map_err(|error| Failure::busy(error.to_string()))?;
    match store.is_migrated().await {
        Ok(true) => Ok(Json(json!({"status": "ready"}))),
        Ok(false) => Err(Failure::busy(
            "the database is not migrated to the version of this program",
        )),
        Err(error) => Err(Failure::busy(error.to_string())),
    }
}
