//! `countersign audit verify|export`

use std::io::{self, BufWriter, Write as _};

use clap::{Args, Subcommand, ValueEnum};
use engine::{
    Engine,
    audit::{AuditFilter, CSV_HEADER, Checkpoint, bookmark, csv_line, json_line},
};
use protocol::{
    ids::TraceId,
    time::{Date, Timestamp},
};
use serde::Serialize;

use super::{Failure, Outcome, engine, print};
use crate::settings::Settings;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Walk along the chain; the status says whether every event is there and unchanged
    Verify {
        /// Print one JSON object
        #[arg(long)]
        json: bool,
    },
    /// Write events to standard output, oldest first
    Export(Export),
}

#[derive(Debug, Args)]
pub(super) struct Export {
    /// csv, or json for one object a line
    #[arg(long)]
    format: Format,
    /// Only by this actor, such as user:ID
    #[arg(long)]
    actor: Option<String>,
    /// Only of this kind, such as consent.given
    #[arg(long)]
    action: Option<String>,
    /// Only to this thing, such as client:ID
    #[arg(long)]
    object: Option<String>,
    /// Only of the request with this reference
    #[arg(long)]
    trace: Option<String>,
    /// From the beginning of this day (UTC), such as 2026-11-22
    #[arg(long, value_name = "DAY")]
    from: Option<Date>,
    /// Before the beginning of this day (UTC)
    #[arg(long, value_name = "DAY")]
    until: Option<Date>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    Csv,
    Json,
}

/// What `verify --json` prints.
#[derive(Serialize)]
struct Shown {
    seals: i64,
    chain_hash: String,
    verified_up_to: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    broken: Option<ShownBreak>,
}

#[derive(Serialize)]
struct ShownBreak {
    kind: &'static str,
    seq: Option<i64>,
    event: String,
    at: String,
}

/// Events in one question to the database.
const PAGE: u64 = 1_000;

pub(super) async fn run(settings: &Settings, command: Command) -> Outcome {
    let engine = engine(settings).await?;
    let outcome = match command {
        Command::Verify { json } => verify(&engine, json).await,
        Command::Export(export) => write(&engine, export).await,
    };
    engine.env().store.close().await;
    outcome
}

async fn verify(engine: &Engine, json: bool) -> Outcome {
    let verified = engine.verify_audit(Checkpoint::default()).await?;
    let checkpoint = verified.checkpoint;
    let shown = Shown {
        seals: checkpoint.seq,
        chain_hash: hexadecimal(&checkpoint.chain_hash),
        verified_up_to: checkpoint.up_to.map(|at| at.to_string()),
        broken: verified.broken.map(|broken| ShownBreak {
            kind: broken.kind.as_str(),
            seq: broken.seq,
            event: broken.event,
            at: broken.at.to_string(),
        }),
    };
    if json || shown.broken.is_none() {
        print(json, &shown, || match &shown.verified_up_to {
            Some(up_to) => format!(
                "Verified up to {up_to}: {} events, chain hash {}.",
                shown.seals, shown.chain_hash
            ),
            None => "No event was sealed yet.".to_owned(),
        })?;
    }
    match shown.broken {
        None => Ok(()),
        Some(broken) => Err(Failure::new(format!(
            "The audit trail is broken: event {} of {} ({}).",
            broken.event, broken.at, broken.kind
        ))),
    }
}

async fn write(engine: &Engine, export: Export) -> Outcome {
    let filter = filter(&export)?;
    let mut out = BufWriter::new(io::stdout().lock());
    let unwritten = |error: io::Error| Failure::new(format!("It could not be written: {error}."));
    if let Format::Csv = export.format {
        out.write_all(CSV_HEADER.as_bytes()).map_err(unwritten)?;
    }
    let mut after = None;
    loop {
        let page = engine.audit_export(&filter, after.as_ref(), PAGE).await?;
        let Some(last) = page.last() else {
            return out.flush().map_err(unwritten);
        };
        after = Some(bookmark(last));
        for event in &page {
            let line = match export.format {
                Format::Csv => csv_line(event),
                Format::Json => json_line(event),
            };
            out.write_all(line.as_bytes()).map_err(unwritten)?;
        }
    }
}

fn filter(export: &Export) -> Result<AuditFilter, Failure> {
    let trace = match &export.trace {
        None => None,
        Some(text) => Some(TraceId::parse(text).ok_or_else(|| {
            Failure::new("--trace is malformed: expected a reference such as 7K3M-9QXT.")
        })?),
    };
    let midnight = |day: Option<Date>| -> Option<Timestamp> { day.map(Date::midnight) };
    Ok(AuditFilter {
        actor: export.actor.clone(),
        action: export.action.clone(),
        object: export.object.clone(),
        trace,
        from: midnight(export.from),
        until: midnight(export.until),
    })
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
