//! The only place that answers with an address of a client.

use axum::response::{IntoResponse, Response};
use engine::visit::ClientRedirect;
use http::{HeaderValue, StatusCode, header};

use crate::errors::Failure;

/// 303 to the client (RFC 9700 §4.12: never 307, which would send the form along), not cached, and
/// without telling the client's page where the browser came from.
pub fn to_client(redirect: &ClientRedirect) -> Response {
    let Ok(location) = HeaderValue::from_str(redirect.location()) else {
        return Failure::broken("a redirect URI does not fit into a header").into_response();
    };
    let headers = [
        (header::LOCATION, location),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::PRAGMA, HeaderValue::from_static("no-cache")),
        (
            header::REFERRER_POLICY,
            HeaderValue::from_static("no-referrer"),
        ),
    ];
    (StatusCode::SEE_OTHER, headers).into_response()
}
