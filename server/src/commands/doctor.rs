//! `countersign doctor`: is everything as it should be? The exit status says.

use std::time::Duration;

use clap::Args;
use engine::Clock as _;
use protocol::time::Timestamp;
use serde::Serialize;
use store::{
    Store,
    upkeep::{self, Depth},
};

use super::{Failure, Outcome, on_small_runtime, print};
use crate::{
    mail::Mailer,
    settings::{Settings, Sources, example, seal_keys},
    system::SystemClock,
};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Print the settings in force, with secrets masked, and check nothing
    #[arg(long)]
    print_settings: bool,
    /// Print the file .env.example, with every setting, its meaning and its default
    #[arg(long, conflicts_with = "print_settings")]
    print_example: bool,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// What one check found.
#[derive(Serialize)]
struct Finding {
    check: &'static str,
    ok: bool,
    /// One sentence.
    detail: String,
}

#[derive(Serialize)]
struct Report {
    ok: bool,
    checks: Vec<Finding>,
}

/// Nothing was released before this: a clock that says so is wrong (1 January 2026).
const EARLIEST: Timestamp = Timestamp::from_seconds(1_767_225_600);

/// How long the public URL may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);

pub(super) fn run(settings: &Settings, sources: &Sources, arguments: &Arguments) -> Outcome {
    if arguments.print_settings {
        print!("{}", example::in_force(settings, sources));
        return Ok(());
    }
    if arguments.print_example {
        print!("{}", example::environment_file());
        return Ok(());
    }
    on_small_runtime(examine(settings, arguments.json))
}

async fn examine(settings: &Settings, json: bool) -> Outcome {
    let mut checks = Vec::new();
    let mut note = |check, found: Result<String, String>| {
        let ok = found.is_ok();
        let (Ok(detail) | Err(detail)) = found;
        checks.push(Finding { check, ok, detail });
    };
    // Malformed settings do not get as far as this.
    note(
        "settings",
        Ok("every setting is known and well-formed".into()),
    );
    note("database", database(settings).await);
    note("clock", clock());
    note("keys", keys(settings));
    note("mail", mail(settings).await);
    note("public URL", public_url(settings).await);
    let report = Report {
        ok: checks.iter().all(|finding| finding.ok),
        checks,
    };
    print(json, &report, || lines(&report))?;
    let failed: Vec<_> = report.checks.iter().filter(|finding| !finding.ok).collect();
    match failed.as_slice() {
        [] => Ok(()),
        [first, rest @ ..] => {
            let more = if rest.is_empty() {
                String::new()
            } else {
                format!(", and {} more", rest.len())
            };
            Err(Failure::new(format!(
                "The check of the {} failed: {}{more}.",
                first.check, first.detail
            )))
        }
    }
}

fn lines(report: &Report) -> String {
    let line = |finding: &Finding| {
        let sign = if finding.ok { "ok    " } else { "FAILED" };
        format!("{sign}  {:<11} {}\n", finding.check, finding.detail)
    };
    report.checks.iter().map(line).collect()
}

async fn database(settings: &Settings) -> Result<String, String> {
    if settings
        .database_url
        .sqlite_file()
        .is_some_and(|file| !file.exists())
    {
        return Err("there is no database yet; 'countersign migrate' makes it".into());
    }
    let text = |error: store::Error| error.to_string();
    let store = Store::open(settings.database_url.expose(), Default::default())
        .await
        .map_err(text)?;
    let found = async {
        store.ping().await.map_err(text)?;
        if !store.is_migrated().await.map_err(text)? {
            return Err("the tables are not up to date; run 'countersign migrate'".into());
        }
        match upkeep::check(&store, Depth::Quick).await.map_err(text)? {
            None => Ok("reachable, up to date and sound".into()),
            Some(damage) => Err(format!("the file is damaged: {damage}")),
        }
    }
    .await;
    store.close().await;
    found
}

fn clock() -> Result<String, String> {
    let now = SystemClock.now();
    if now < EARLIEST {
        return Err(format!("the clock says {}, which is long past", now.date()));
    }
    Ok(format!(
        "the clock says {}, {} UTC",
        now.date(),
        protocol::locale::Locale::En.clock_time(now)
    ))
}

fn keys(settings: &Settings) -> Result<String, String> {
    let ids = seal_keys::list(settings)
        .map_err(|error| error.to_string().trim_end_matches('.').to_owned())?;
    match ids.last() {
        Some(newest) => Ok(format!(
            "{} seal key(s), the newest is number {newest}",
            ids.len()
        )),
        None => Err("there is no seal key".into()),
    }
}

async fn mail(settings: &Settings) -> Result<String, String> {
    let mailer = Mailer::new(settings).map_err(|error| error.to_string())?;
    mailer.test().await.map_err(|error| error.to_string())?;
    Ok(match settings.smtp_url {
        Some(_) => "the mail server answers".into(),
        None => format!("mails are written to {}", settings.outbox_dir().display()),
    })
}

async fn public_url(settings: &Settings) -> Result<String, String> {
    let url = format!("{}/healthz", settings.public_url.as_str());
    let unreachable = |error: reqwest::Error| {
        let mut reason = error.without_url().to_string();
        if reason.is_empty() {
            reason = "no answer".into();
        }
        format!("{url} cannot be reached ({reason}); is the server running?")
    };
    let client = reqwest::Client::builder()
        .timeout(PATIENCE)
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .map_err(unreachable)?;
    let answer = client.get(&url).send().await.map_err(unreachable)?;
    match answer.status().as_u16() {
        200 => Ok(format!("{} answers", settings.public_url.as_str())),
        status => Err(format!(
            "{url} answers with status {status}; does it lead to this server?"
        )),
    }
}
