//! One line and three numbers per request: what was asked, what was answered, how long it took.
//!
//! The line carries the request's reference (trace id), which the answer carries too. It never
//! carries the query or a header: codes, tokens and personal data travel there.

use std::{borrow::Cow, time::Duration};

use axum::{
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::Response,
};
use endpoints::trace::{Trace, X_TRACE_ID};
use engine::Engine;
use http::{HeaderValue, Method, StatusCode};
use tokio::time::Instant;

/// What the layer needs.
#[derive(Clone)]
pub struct AccessLog {
    /// Makes references.
    pub engine: Engine,
    /// Whether numbers are gathered: somebody reads them.
    pub with_metrics: bool,
}

/// The layer, outermost of all.
pub async fn layer(State(log): State<AccessLog>, mut request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let trace = log.engine.env().trace();
    request.extensions_mut().insert(Trace(trace));
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let route = log.with_metrics.then(|| route(&request));

    let mut response = next.run(request).await;

    // A page that tells of a problem has a reference of its own, which the log knows already.
    let reference = response.headers_mut().entry(X_TRACE_ID).or_insert_with(|| {
        HeaderValue::from_str(&trace.to_string())
            .unwrap_or_else(|_| HeaderValue::from_static("none"))
    });
    let reference = reference.to_str().unwrap_or("none").to_owned();
    let took = begun.elapsed();
    write(&reference, &method, &path, response.status(), took);
    if let Some(route) = route {
        count(route, &method, response.status(), took);
    }
    response
}

/// Pages, endpoints and failures are told at `info`. At `debug` is told what comes all the time and
/// says nothing when it is answered as it should be: the many small files of a page, those who ask
/// every second whether we live, and resource servers that introspect with every call of theirs.
fn write(trace_id: &str, method: &Method, path: &str, status: StatusCode, took: Duration) {
    let duration_ms = took.as_secs_f64() * 1000.0;
    let status_code = status.as_u16();
    if is_quiet(path, status) {
        tracing::debug!(trace_id, %method, path, status = status_code, duration_ms, "answered");
    } else {
        tracing::info!(trace_id, %method, path, status = status_code, duration_ms, "answered");
    }
}

fn is_quiet(path: &str, status: StatusCode) -> bool {
    match path {
        "/oauth/introspect" => status.is_success(),
        "/healthz" | "/readyz" => !status.is_server_error(),
        _ => {
            let is_file = ["/pkg/", "/fonts/", "/icons/", "/images/"]
                .iter()
                .any(|folder| path.starts_with(folder));
            is_file && !status.is_server_error()
        }
    }
}

/// The pattern of the route, so that the numbers do not grow with the addresses that are asked for.
fn route(request: &Request) -> Cow<'static, str> {
    match request.extensions().get::<MatchedPath>() {
        Some(matched) => Cow::Owned(matched.as_str().to_owned()),
        None => Cow::Borrowed("other"),
    }
}

fn count(route: Cow<'static, str>, method: &Method, status: StatusCode, took: Duration) {
    let labels = [
        ("route", route),
        ("method", Cow::Owned(method.as_str().to_owned())),
        ("status", Cow::Owned(status.as_str().to_owned())),
    ];
    metrics::counter!("countersign_requests_total", &labels).increment(1);
    metrics::histogram!("countersign_request_seconds", &labels[..1]).record(took.as_secs_f64());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_comes_all_the_time_and_is_answered_well_is_quiet() {
        let (ok, refused, broken) = (
            StatusCode::OK,
            StatusCode::UNAUTHORIZED,
            StatusCode::INTERNAL_SERVER_ERROR,
        );
        assert!(is_quiet("/oauth/introspect", ok));
        assert!(!is_quiet("/oauth/introspect", refused));
        assert!(!is_quiet("/oauth/token", ok));
        assert!(is_quiet("/healthz", ok));
        assert!(is_quiet("/pkg/site.css", StatusCode::NOT_FOUND));
        assert!(!is_quiet("/readyz", broken));
    }
}
