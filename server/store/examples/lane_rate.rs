//! How many access tokens per second the writer lane stores durably, one call per token: with `append`, as
//! the client credentials grant does it, and with `write`. Prints the rates and how long callers waited.
//!
//! ```text
//! cargo run -p store --example lane_rate -- [callers] [tokens]
//! ```
//!
//! The database is in a temporary folder; set `TMPDIR` to measure another disk.

use std::time::{Duration, Instant};

use protocol::{
    client::{DialectName, Environment},
    ids::ClientId,
    scope::Scope,
    secret::{AccessToken, Digest},
    time::Timestamp,
};
use store::{
    Error, OpenOptions, Row, Store,
    access_tokens::{AccessTokenRecord, insert_access_token},
    testing::TestDatabase,
};

#[tokio::main(worker_threads = 2)]
async fn main() -> Result<(), Error> {
    let mut arguments = std::env::args()
        .skip(1)
        .filter_map(|text| text.parse::<u64>().ok());
    let callers = arguments.next().unwrap_or(64).max(1);
    let tokens = arguments.next().unwrap_or(40_000);
    for way in [Way::Append, Way::Write] {
        measure(way, callers, tokens).await?;
    }
    Ok(())
}

/// How a token is stored.
#[derive(Clone, Copy, Debug)]
enum Way {
    /// As a row that shares a statement with others.
    Append,
    /// By a closure with a savepoint of its own, as every other grant does it.
    Write,
}

#[expect(
    clippy::disallowed_methods,
    reason = "a measurement reads the real clock"
)]
async fn measure(way: Way, callers: u64, tokens: u64) -> Result<(), Error> {
    let database = TestDatabase::sqlite(OpenOptions::default()).await;
    let begun = Instant::now();
    let tasks: Vec<_> = (0..callers)
        .map(|caller| {
            let store = database.store.clone();
            tokio::spawn(async move {
                let mut waits = Vec::new();
                for number in (caller..tokens).step_by(callers as usize) {
                    let asked = Instant::now();
                    keep(&store, way, token(number)).await?;
                    waits.push(asked.elapsed());
                }
                Ok::<_, Error>(waits)
            })
        })
        .collect();
    let mut waits: Vec<Duration> = Vec::new();
    for task in tasks {
        match task.await {
            Ok(of_caller) => waits.extend(of_caller?),
            Err(error) => return Err(Error::Broken(error.to_string())),
        }
    }
    let taken = begun.elapsed();

    waits.sort_unstable();
    let percentile = |percent: usize| {
        waits
            .get((waits.len() * percent / 100).min(waits.len().saturating_sub(1)))
            .copied()
            .unwrap_or_default()
            .as_secs_f64()
            * 1000.0
    };
    let stored = database.number("SELECT COUNT(*) FROM access_tokens").await;
    println!(
        "{way:?}: {stored} rows, {callers} callers: {:.0} rows/s, {:.1} rows per statement, \
         wait p50 {:.2} ms, p95 {:.2} ms, p99 {:.2} ms",
        stored as f64 / taken.as_secs_f64(),
        stored as f64 / database.store.statements() as f64,
        percentile(50),
        percentile(95),
        percentile(99),
    );
    database.store.close().await;
    Ok(())
}

async fn keep(store: &Store, way: Way, token: AccessTokenRecord) -> Result<(), Error> {
    match way {
        Way::Append => store.append(Row::AccessToken(token)).await,
        Way::Write => {
            store
                .write(move |tx| Box::pin(async move { insert_access_token(tx, &token).await }))
                .await
        }
    }
}

/// A token whose digest is spread over the index as a real one is.
fn token(number: u64) -> AccessTokenRecord {
    let mut bytes = [0; 32];
    for (place, chunk) in bytes.chunks_exact_mut(8).enumerate() {
        let spread = (number + 1)
            .wrapping_mul(0x9e37_79b9_7f4a_7c15)
            .rotate_left(17 * place as u32);
        chunk.copy_from_slice(&spread.to_be_bytes());
    }
    AccessTokenRecord {
        digest: Digest::<AccessToken>::from_bytes(&bytes)
            .unwrap_or_else(|| unreachable!("32 bytes are a digest")),
        family_id: None,
        client_id: ClientId::new("demo-shop"),
        user_id: None,
        consent_id: None,
        scope: Scope::parse("ais").unwrap_or_default(),
        environment: Environment::Sandbox,
        dialect: DialectName::Bearer,
        sender_constraint: None,
        sealed_mac_key: None,
        issued_at: Timestamp::from_seconds(1_800_000_000 + number as i64 / 8000),
        first_used_at: None,
        revoked_at: None,
        expires_at: Timestamp::from_seconds(1_800_003_600 + number as i64 / 8000),
    }
}
