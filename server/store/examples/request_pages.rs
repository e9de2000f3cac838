//! How long a page of the request log takes among a million requests, by each filter, and how many
//! a second are stored. Fails when a page takes longer than 100 ms.
//!
//! ```text
//! cargo run --release -p store --example request_pages -- [requests]
//! ```
//!
//! The database is SQLite in a temporary folder; set `TMPDIR` to measure another disk.

use std::{
    process::ExitCode,
    time::{Duration, Instant},
};

use protocol::{
    ids::{ClientId, TraceId},
    time::Timestamp,
    trail::Endpoint,
};
use store::{
    Bookmark, Error, OpenOptions, Store,
    requests::{
        RequestFilter, RequestOutcome, RequestRecord, find_request_by_trace, find_requests, packed,
    },
    testing::TestDatabase,
};

/// The longest that a page may take.
const MARK: Duration = Duration::from_millis(100);

/// Requests of one call, as the job stores them.
const TOGETHER: u64 = 1_024;

/// Rows of a page.
const PAGE: u64 = 50;

#[tokio::main(worker_threads = 2)]
async fn main() -> ExitCode {
    let rows = std::env::args()
        .nth(1)
        .and_then(|text| text.parse().ok())
        .unwrap_or(1_000_000);
    match measure(rows).await {
        Ok(longest) if longest <= MARK => ExitCode::SUCCESS,
        Ok(longest) => {
            eprintln!("a page took {longest:?}");
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a measurement reads the real clock"
)]
async fn measure(rows: u64) -> Result<Duration, Error> {
    let database = TestDatabase::sqlite(OpenOptions::default()).await;
    let store = &database.store;
    let begun = Instant::now();
    for first in (0..rows).step_by(TOGETHER as usize) {
        let chunk = (first..rows.min(first + TOGETHER)).map(row);
        store.append_all(packed(chunk.collect())).await?;
    }
    let taken = begun.elapsed();
    println!(
        "{rows} requests: {:.0} a second",
        rows as f64 / taken.as_secs_f64()
    );

    let mut longest = Duration::ZERO;
    for (name, filter) in filters(rows) {
        let begun = Instant::now();
        let first = page(store, &filter, None).await?;
        let of_first = begun.elapsed();
        let middle = Bookmark {
            at: row(rows / 2).at,
            id: row(rows / 2).id,
        };
        let begun = Instant::now();
        let deep = page(store, &filter, Some(&middle)).await?;
        let of_deep = begun.elapsed();
        longest = longest.max(of_first).max(of_deep);
        println!(
            "{name:<34} first page {:>7.2} ms ({:>2} rows), in the middle {:>7.2} ms ({:>2} rows)",
            of_first.as_secs_f64() * 1000.0,
            first.len(),
            of_deep.as_secs_f64() * 1000.0,
            deep.len(),
        );
    }
    let begun = Instant::now();
    let found = find_request_by_trace(store.reader(), &[busy()], row(rows / 3 * 2).trace).await?;
    let taken = begun.elapsed();
    longest = longest.max(taken);
    println!(
        "by reference: {:.2} ms ({})",
        taken.as_secs_f64() * 1000.0,
        if found.is_some() {
            "found"
        } else {
            "not found"
        },
    );
    store.close().await;
    Ok(longest)
}

async fn page(
    store: &Store,
    filter: &RequestFilter,
    before: Option<&Bookmark>,
) -> Result<Vec<RequestRecord>, Error> {
    find_requests(store.reader(), &busy(), filter, before, PAGE).await
}

/// The client to which nine of ten rows belong.
fn busy() -> ClientId {
    ClientId::new("demo-shop")
}

fn filters(rows: u64) -> Vec<(&'static str, RequestFilter)> {
    let none = RequestFilter::default;
    let error = |error: &str| Some(error.to_owned());
    vec![
        ("all", none()),
        (
            "refused",
            RequestFilter {
                outcome: Some(RequestOutcome::Refused),
                ..none()
            },
        ),
        (
            "failed (there is none)",
            RequestFilter {
                outcome: Some(RequestOutcome::Failed),
                ..none()
            },
        ),
        (
            "introspect (one in a thousand)",
            RequestFilter {
                endpoint: Some(Endpoint::Introspect),
                ..none()
            },
        ),
        (
            "invalid_scope (one in a thousand)",
            RequestFilter {
                error: error("invalid_scope"),
                ..none()
            },
        ),
        (
            "token and refused",
            RequestFilter {
                endpoint: Some(Endpoint::Token),
                outcome: Some(RequestOutcome::Refused),
                ..none()
            },
        ),
        (
            "token, refused and invalid_scope",
            RequestFilter {
                endpoint: Some(Endpoint::Token),
                outcome: Some(RequestOutcome::Refused),
                error: error("invalid_scope"),
                ..none()
            },
        ),
        (
            "one hour",
            RequestFilter {
                from: Some(row(rows / 4).at),
                until: Some(row(rows / 4).at + Duration::from_secs(3_600)),
                ..none()
            },
        ),
        (
            "a reference",
            RequestFilter {
                trace: Some(row(rows / 3 * 2).trace),
                ..none()
            },
        ),
    ]
}

/// Ten rows a second: mostly good token requests, some refused, few of the rest.
fn row(number: u64) -> RequestRecord {
    let spread = (number + 1)
        .wrapping_mul(0x9e37_79b9_7f4a_7c15)
        .to_be_bytes();
    let at = Timestamp::from_millis(1_795_000_000_000 + number as i64 * 100);
    let refused = number.is_multiple_of(20);
    let error = match number {
        _ if number.is_multiple_of(1_000) => Some("invalid_scope"),
        _ if refused => Some("invalid_grant"),
        _ => None,
    };
    RequestRecord {
        id: format!("{number:032x}"),
        at,
        trace: TraceId::new(at, [spread[0], spread[1], spread[2], spread[3]]),
        client_id: match number % 10 {
            7 => ClientId::new(format!("client-{}", number % 10_000)),
            _ => busy(),
        },
        endpoint: match number % 1_000 {
            1 => Endpoint::Introspect,
            2..100 => Endpoint::Authorize,
            _ => Endpoint::Token,
        },
        outcome: if refused {
            RequestOutcome::Refused
        } else {
            RequestOutcome::Served
        },
        status: if refused { 400 } else { 200 },
        error: error.map(str::to_owned),
        duration_micros: 180,
        agent: "curl".to_owned(),
        detail: r#"{"g":"client_credentials","p":[{"n":"grant_type","v":"client_credentials"}]}"#
            .to_owned(),
        expires_at: at + Duration::from_secs(30 * 86_400),
    }
}
