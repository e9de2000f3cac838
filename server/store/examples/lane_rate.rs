//! How many access tokens per second the writer lane stores durably, one `append` per token, as the client
//! credentials grant does it. Prints the rate and how long callers waited.
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
use store::{Error, OpenOptions, Row, access_tokens::AccessTokenRecord, testing::TestDatabase};

#[tokio::main(worker_threads = 2)]
#[expect(
    clippy::disallowed_methods,
    reason = "a measurement reads the real clock"
)]
async fn main() -> Result<(), Error> {
    let mut arguments = std::env::args()
        .skip(1)
        .filter_map(|text| text.parse::<u64>().ok());
    let callers = arguments.next().unwrap_or(64).max(1);
    let tokens = arguments.next().unwrap_or(40_000);

    let database = TestDatabase::sqlite(OpenOptions::default()).await;
    let begun = Instant::now();
    let tasks: Vec<_> = (0..callers)
        .map(|caller| {
            let store = database.store.clone();
            tokio::spawn(async move {
                let mut waits = Vec::new();
                for number in (caller..tokens).step_by(callers as usize) {
                    let asked = Instant::now();
                    store.append(Row::AccessToken(token(number))).await?;
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
        "{stored} rows, {callers} callers: {:.0} rows/s, {:.1} rows per statement, wait p50 {:.2} ms, p95 {:.2} ms, p99 {:.2} ms",
        stored as f64 / taken.as_secs_f64(),
        stored as f64 / database.store.statements() as f64,
        percentile(50),
        percentile(95),
        percentile(99),
    );
    database.store.close().await;
    Ok(())
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
