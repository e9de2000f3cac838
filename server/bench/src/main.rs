//! Load test and measures of the built server, on one machine, within about two minutes.
//!
//! `bench` starts `target/release/countersign serve --demo` itself, on a free port and a throw-away
//! data folder, drives it over 64 kept-alive connections from one thread, and prints a table with
//! the marks that we want to reach. The same numbers go to `target/bench.json`.
//!
//! What is measured, and how:
//!
//! | measure | how |
//! |---|---|
//! | cold start | from spawning the process to the first 200 of `/readyz`; database migrated and seeded before |
//! | client_credentials | `POST /oauth/token` with HTTP Basic; every token is committed durably before its answer |
//! | request log | `client_credentials` again, two new servers in turns, one of which logs no requests |
//! | introspection | `POST /oauth/introspect` of one live token, in turns with an empty axum handler that answers the same JSON |
//! | signed requests | `GET /rest/v1/configuration`, signed by MAC, each with a nonce of its own |
//! | code flow | authorize, consent, confirm, way back, token exchange; every connection signs in once and keeps its session, so that no password is hashed |
//! | sign-in | authorize, page, form post with the right password; against bare argon2id of the same cost on as many threads |
//! | memory | `VmRSS` when ready and after each load, `VmHWM` (the peak) after those of tokens, and after all; the password hashes of sign-ins need 19 MiB for each thread that makes them, 38 MiB by default |
//! | first visit | what a browser fetches for the sign-in page, in bytes as brotli |
//!
//! All traffic stays on the loopback interface.

#![expect(
    clippy::disallowed_methods,
    reason = "a program that measures reads the real clock"
)]

mod empty_handler;
mod first_visit;
mod flow;
mod form;
mod http;
mod load;
mod report;
mod server;
mod signed;

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use clap::{Parser, Subcommand};

/// Whatever went wrong, told to the person at the terminal.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Measures the built server.
#[derive(Parser)]
#[command(name = "bench", about = "Measures the built server on this machine")]
struct Arguments {
    /// The server to measure
    #[arg(long, default_value = "target/release/countersign")]
    binary: PathBuf,
    /// Where the numbers go
    #[arg(long, default_value = "target/bench.json")]
    out: PathBuf,
    /// Seconds that each load lasts, after one second of warming up
    #[arg(long, default_value_t = 8, value_parser = clap::value_parser!(u64).range(1..=60))]
    seconds: u64,
    /// Connections at the same time
    #[arg(long, default_value_t = 64, value_parser = clap::value_parser!(u64).range(1..=1024))]
    connections: u64,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Serves one JSON text with nothing behind it, to compare with (prints its address)
    EmptyHandler {
        /// File with the JSON text
        #[arg(long)]
        body: PathBuf,
    },
}

fn main() -> std::process::ExitCode {
    let arguments = Arguments::parse();
    let outcome = match &arguments.command {
        Some(Command::EmptyHandler { body }) => empty_handler::serve(body),
        None => measure(&arguments),
    };
    match outcome {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error}");
            std::process::ExitCode::FAILURE
        }
    }
}

/// One thread for the generator: the server shares the machine and needs the rest of it.
#[tokio::main(flavor = "current_thread")]
async fn measure(arguments: &Arguments) -> Result<(), Failure> {
    let size = load::Size {
        connections: usize::try_from(arguments.connections)?,
        lasting: Duration::from_secs(arguments.seconds),
    };
    let mut report = report::Report::new(size);

    let place = arguments
        .out
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let place = std::path::absolute(place.unwrap_or(Path::new(".")))?;
    let mut house = server::House::new(&arguments.binary, &place)?;
    report.number("binary_bytes", std::fs::metadata(&arguments.binary)?.len());
    let seeding = house.start().await?;
    report.number("first_start_ms", millis(seeding));
    house.stop().await?;
    let mut starts = Vec::new();
    for _ in 0..5 {
        starts.push(house.start().await?);
        report.number("idle_rss_kib", house.memory("VmRSS")?);
        house.stop().await?;
    }
    starts.sort();
    report.number("cold_start_ms", millis(starts[starts.len() / 2]));
    report.number("cold_start_slowest_ms", millis(starts[starts.len() - 1]));

    house.start().await?;
    let people = house.register().await?;
    first_visit::measure(house.address(), &people, &mut report).await?;
    load::client_credentials(house.address(), &people, size, &mut report).await?;
    report.number("rss_after_client_credentials_kib", house.memory("VmRSS")?);
    load::introspection(house.address(), &people, size, &mut report).await?;
    report.number("rss_after_introspection_kib", house.memory("VmRSS")?);
    signed::requests(house.address(), &people.signer, size, &mut report).await?;
    report.number("rss_after_signed_requests_kib", house.memory("VmRSS")?);
    report.number("token_peak_rss_kib", house.memory("VmHWM")?);
    flow::code_flows(house.address(), &people, size, &mut report).await?;
    report.number("rss_after_code_flow_kib", house.memory("VmRSS")?);
    flow::sign_ins(house.address(), &people, size, &mut report).await?;
    report.number("rss_after_sign_in_kib", house.memory("VmRSS")?);
    report.number("sign_in_peak_rss_kib", house.memory("VmHWM")?);
    house.stop().await?;
    // Two new ones: in tables that have grown every token costs more.
    let mut logging = server::House::new(&arguments.binary, &place)?;
    let mut silent = server::House::new(&arguments.binary, &place)?.without_request_log();
    let mut machines = Vec::new();
    for house in [&mut logging, &mut silent] {
        house.start().await?;
        machines.push(house.register().await?);
    }
    load::request_log(
        (logging.address(), &machines[0]),
        (silent.address(), &machines[1]),
        size,
        &mut report,
    )
    .await?;
    logging.stop().await?;
    silent.stop().await?;
    flow::bare_argon2id(size, &mut report)?;

    print!("{}", report.table());
    report.write(&arguments.out)?;
    println!("\nThe same as JSON: {}", arguments.out.display());
    report.verdict()
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
