//! `/rest/v1/server` and `/rest/v1/configuration`: what a client needs to know of the server.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse as _, Response},
};
use engine::personal::{LIFETIME, StatementRange};
use protocol::locale::Locale;
use serde_json::json;

use crate::{Endpoints, signed::Signed};

/// GET `/rest/v1/server`, without a signature: clients whose clock is wrong set it by this.
pub(super) async fn time(State(endpoints): State<Endpoints>) -> Response {
    let now = endpoints.engine.env().now().seconds();
    Json(json!({ "time": now })).into_response()
}

/// GET `/rest/v1/configuration`, for anybody who signs: the limits that hold. What the documented interface
/// answers here is not public.
pub(super) async fn configuration(State(endpoints): State<Endpoints>, _signed: Signed) -> Response {
    let settings = &endpoints.engine.env().settings;
    Json(json!({
        "locales": Locale::ALL,
        "timestamp_window": settings.lifetimes.clock_skew.as_secs(),
        "statements_limit": StatementRange::LARGEST,
        "contact_token_lifetime": LIFETIME.as_secs(),
    }))
    .into_response()
}
