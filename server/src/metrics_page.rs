//! Numbers for Prometheus, on an address of their own (`COUNTERSIGN_METRICS_LISTEN`).

use axum::{Router, response::IntoResponse, routing::get};
use engine::Engine;
use http::header;
use metrics_exporter_prometheus::{BuildError, PrometheusBuilder, PrometheusHandle};

/// Bounds of the request durations, in seconds.
const SECONDS: [f64; 11] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0,
];
/// Bounds of the number of writes that share a commit.
const BATCHES: [f64; 10] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 1024.0];

/// Begins to gather numbers. Once per process.
pub fn start() -> Result<PrometheusHandle, BuildError> {
    use metrics_exporter_prometheus::Matcher::Suffix;
    let builder = PrometheusBuilder::new()
        .set_buckets_for_metric(Suffix("_seconds".into()), &SECONDS)?
        .set_buckets_for_metric(Suffix("_batch".into()), &BATCHES)?;
    let handle = builder.install_recorder()?;
    describe();
    Ok(handle)
}

fn describe() {
    use metrics::{describe_counter, describe_histogram};
    describe_counter!(
        "countersign_requests_total",
        "Requests by route, method and status."
    );
    describe_histogram!(
        "countersign_request_seconds",
        "Time from the head of a request to its answer."
    );
    describe_counter!("countersign_store_statements_total", "SQL statements.");
    describe_counter!(
        "countersign_store_writes_total",
        "Writes that were asked for."
    );
    describe_histogram!(
        "countersign_writer_lane_batch",
        "Writes that shared one commit (SQLite)."
    );
    describe_counter!(
        "countersign_cache_lookups_total",
        "Look-ups of clients and tokens in memory."
    );
    describe_counter!(
        "countersign_swept_rows_total",
        "Expired rows that were deleted, by table."
    );
    describe_counter!("countersign_mails_total", "Mails, by outcome.");
    describe_counter!(
        "countersign_request_log_rows_total",
        "Requests that were logged."
    );
    describe_counter!(
        "countersign_request_log_dropped_total",
        "Requests that were not logged because there were too many."
    );
    describe_counter!(
        "countersign_audit_breaks_total",
        "Breaks of the audit chain that were found."
    );
}

/// The page `/metrics`.
pub fn router(handle: PrometheusHandle, engine: Engine) -> Router {
    Router::new().route(
        "/metrics",
        get(move || page(handle.clone(), engine.clone())),
    )
}

async fn page(handle: PrometheusHandle, engine: Engine) -> impl IntoResponse {
    let store = &engine.env().store;
    metrics::counter!("countersign_store_statements_total").absolute(store.statements());
    metrics::counter!("countersign_store_writes_total").absolute(store.writes());
    // Moves what was gathered meanwhile into the buckets, so that it does not pile up.
    handle.run_upkeep();
    (
        [(
            header::CONTENT_TYPE,
            "text/plain; version=0.0.4; charset=utf-8",
        )],
        handle.render(),
    )
}
