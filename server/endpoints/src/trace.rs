//! The outermost layer of every endpoint: the reference of the request, the last word on errors,
//! and the headers that every answer has.

use std::any::Any;

use axum::{
    extract::{FromRequestParts, Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderName, HeaderValue, Method, StatusCode, header, request::Parts};
use protocol::{api_error::ApiErrorCode, ids::TraceId};
use tower::ServiceExt as _;
use tower_http::catch_panic::CatchPanic;
use tracing::Instrument as _;

use crate::{
    Endpoints,
    errors::{Failure, Pending},
};

/// The reference as a header, on every answer.
pub const X_TRACE_ID: HeaderName = HeaderName::from_static("x-trace-id");

/// The reference of the request that is being answered.
#[derive(Clone, Copy, Debug)]
pub struct Trace(pub TraceId);

impl FromRequestParts<Endpoints> for Trace {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(
        parts: &mut Parts,
        state: &Endpoints,
    ) -> Result<Self, Self::Rejection> {
        let known = parts.extensions.get::<Self>().copied();
        Ok(known.unwrap_or_else(|| Self(state.engine.env().trace())))
    }
}

/// The layer.
pub(crate) async fn layer(
    State(endpoints): State<Endpoints>,
    mut request: Request,
    next: Next,
) -> Response {
    // The whole server's log may have given the request its reference already.
    let known = request.extensions().get::<Trace>().copied();
    let Trace(trace) = known.unwrap_or_else(|| Trace(endpoints.engine.env().trace()));
    request.extensions_mut().insert(Trace(trace));
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let span = tracing::info_span!("request", trace_id = %trace, %method, path);
    async move {
        let mut response =
            match tokio::time::timeout(endpoints.limits.time, catching(next, request)).await {
                Ok(response) => response,
                Err(_) => Failure::new(
                    StatusCode::REQUEST_TIMEOUT,
                    ApiErrorCode::InvalidRequest,
                    "the request took too long",
                )
                .into_response(),
            };
        if let Some(failure) = response
            .extensions_mut()
            .remove::<Pending>()
            .and_then(|pending| pending.take())
        {
            log(&failure);
            let headers = std::mem::take(response.headers_mut());
            response = failure.finish(&endpoints.engine.env().settings.public_url, trace);
            // Headers that layers in between have set, such as those of CORS and `Allow`.
            for (name, value) in &headers {
                if !response.headers().contains_key(name) && *name != header::CONTENT_LENGTH {
                    response.headers_mut().append(name, value.clone());
                }
            }
        }
        if method == Method::HEAD {
            *response.body_mut() = axum::body::Body::empty();
        }
        dress(&mut response, trace);
        response
    }
    .instrument(span)
    .await
}

/// Answers, whatever the handler does.
async fn catching(next: Next, request: Request) -> Response {
    match CatchPanic::custom(next, on_panic).oneshot(request).await {
        Ok(response) => response.map(axum::body::Body::new),
        Err(never) => match never {},
    }
}

/// A panic is our fault: it becomes an error like any other, with a reference.
fn on_panic(panic: Box<dyn Any + Send + 'static>) -> Response {
    let words = panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("without words");
    Failure::broken(format!("a handler panicked: {words}")).into_response()
}

/// Once per failed request.
fn log(failure: &Failure) {
    let status = failure.status.as_u16();
    let (error, description) = (failure.error(), failure.description.as_ref());
    let reason = failure.reason.as_deref().unwrap_or(description);
    if failure.status.is_server_error() {
        tracing::error!(status, error, reason, "a request failed");
    } else {
        tracing::info!(status, error, reason, "a request was refused");
    }
}

/// What every answer has. An answer that may be cached says so itself.
fn dress(response: &mut Response, trace: TraceId) {
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(&trace.to_string()) {
        headers.entry(X_TRACE_ID).or_insert(value);
    }
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(header::PRAGMA, HeaderValue::from_static("no-cache"));
    }
    headers
        .entry(header::X_CONTENT_TYPE_OPTIONS)
        .or_insert(HeaderValue::from_static("nosniff"));
    headers
        .entry(header::REFERRER_POLICY)
        .or_insert(HeaderValue::from_static("no-referrer"));
}
