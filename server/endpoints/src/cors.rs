//! Which endpoints a script of another origin may call (RFC 9700 §2.6 leaves it to the server).
//!
//! Those that a browser app needs to get and end its tokens, from any origin and never with
//! cookies. The authorize endpoint and the pages are for navigation only: there is nothing for them.

use std::time::Duration;

use http::{HeaderName, Method, header};
use tower_http::cors::{Any, CorsLayer};

use crate::trace::X_TRACE_ID;

/// Lets scripts of any origin call, without credentials, by `methods`.
pub(crate) fn layer<const N: usize>(methods: [Method; N]) -> CorsLayer {
    const ALLOWED: [HeaderName; 2] = [header::AUTHORIZATION, header::CONTENT_TYPE];
    const EXPOSED: [HeaderName; 3] = [header::WWW_AUTHENTICATE, header::RETRY_AFTER, X_TRACE_ID];
    CorsLayer::new()
        .allow_origin(Any)
        .allow_methods(methods)
        .allow_headers(ALLOWED)
        .expose_headers(EXPOSED)
        .max_age(Duration::from_secs(3_600))
}
