//! How long the lists of the review desk take among ten thousand apps and a million audit events:
//! clients, the queue, the trail. Fails when a page takes longer than 100 ms.
//!
//! ```text
//! cargo run --release -p store --example list_pages -- [apps] [events]
//! ```
//!
//! The database is SQLite in a temporary folder; set `TMPDIR` to measure another disk. The log of
//! requests has a measurement of its own, `request_pages`.

#[path = "../tests/it/samples.rs"]
#[expect(dead_code, reason = "stories need more of it")]
mod samples;
#[path = "../tests/it/submitted.rs"]
mod submitted;

use std::{
    process::ExitCode,
    time::{Duration, Instant},
};

use protocol::{
    client::{ClientStatus, Environment},
    ids::{AppId, CaseId, ClientId, TeamId, TraceId, UserId},
    registration::{
        Risk, Submission,
        review::{Claim, Stage, Verdicts},
    },
};
use samples::{after, client, scope};
use store::{
    Bookmark, Error, OpenOptions, Row, Store,
    apps::{AppRecord, find_apps_of_clients, insert_app},
    audit::{AuditFilter, AuditRecord, find_audit_actions, find_newest_audit_events},
    clients::{ClientFilter, ClientRecord, find_clients, insert_client},
    holdings::count_people_of_clients,
    review_cases::{
        CaseFilter, CaseKind, CaseRecord, Overrides, count_cases, find_cases, find_waiting_times,
        insert_case,
    },
    teams::{TeamRecord, find_team_names, insert_team},
    testing::TestDatabase,
};

/// The longest that a list may take.
const MARK: Duration = Duration::from_millis(100);

/// Rows of one transaction.
const TOGETHER: u64 = 500;

/// Rows of a page.
const PAGE: u64 = 50;

#[tokio::main(worker_threads = 2)]
async fn main() -> ExitCode {
    let number = |place, or| {
        let argument = std::env::args().nth(place);
        argument.and_then(|text| text.parse().ok()).unwrap_or(or)
    };
    match measure(number(1, 10_000), number(2, 1_000_000)).await {
        Ok(longest) if longest <= MARK => ExitCode::SUCCESS,
        Ok(longest) => {
            eprintln!("a list took {longest:?}");
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn measure(apps: u64, events: u64) -> Result<Duration, Error> {
    let database = TestDatabase::sqlite(OpenOptions::default()).await;
    let store = &database.store;
    let submission = submitted::submission();
    for first in (0..apps).step_by(TOGETHER as usize) {
        put_apps(store, first..apps.min(first + TOGETHER), &submission).await?;
    }
    for first in (0..events).step_by(1_024) {
        let rows = (first..events.min(first + 1_024)).map(|number| Row::AuditEvent(event(number)));
        store.append_all(rows.collect()).await?;
    }
    println!("{apps} apps with a case each, {events} audit events");
    let clients = clients(store).await?;
    let queue = queue(store).await?;
    let trail = trail(store, events).await?;
    store.close().await;
    Ok(clients.max(queue).max(trail))
}

/// What a page of clients asks for, by each filter.
async fn clients(store: &Store) -> Result<Duration, Error> {
    let none = ClientFilter::default;
    let text = |text: &str| ClientFilter {
        text: Some(text.to_owned()),
        ..none()
    };
    let mut longest = Duration::ZERO;
    for (name, filter, begin) in [
        ("clients", none(), None),
        ("clients, in the middle", none(), Some("live-05")),
        (
            "clients that are live and switched off (there is none)",
            ClientFilter {
                environment: Some(Environment::Live),
                status: Some(ClientStatus::Suspended),
                ..none()
            },
            None,
        ),
        ("clients named like most", text("SHOP"), None),
        ("clients named like the last", text("sandbox-09999"), None),
        ("clients named like none", text("žalgiris"), None),
    ] {
        let (reader, begin) = (store.reader(), begin.map(ClientId::new));
        let took = Stopwatch::start();
        let found = find_clients(reader, &filter, begin.as_ref(), PAGE + 1).await?;
        let ids: Vec<ClientId> = found.iter().map(|found| found.client.id.clone()).collect();
        let apps = find_apps_of_clients(reader, &ids).await?;
        find_team_names(reader, apps.iter().map(|app| &app.team_id)).await?;
        count_people_of_clients(reader, &ids, after(0)).await?;
        longest = longest.max(took.tell(name, found.len()));
    }
    Ok(longest)
}

/// What a page of the queue asks for: the cases, and how many there are of each kind.
async fn queue(store: &Store) -> Result<Duration, Error> {
    let rasa = UserId::new("rasa");
    let mut longest = Duration::ZERO;
    for (name, filter, begin) in [
        ("cases to be decided", CaseFilter::needs(&rasa), None),
        (
            "cases to be decided, in the middle",
            CaseFilter::needs(&rasa),
            Some(5_000),
        ),
        ("all cases", CaseFilter::default(), None),
        (
            "cases of another's",
            CaseFilter {
                claimed_by: Some(UserId::new("petras")),
                ..CaseFilter::default()
            },
            None,
        ),
        (
            "cases named like none",
            CaseFilter {
                text: Some("žalgiris".to_owned()),
                ..CaseFilter::default()
            },
            None,
        ),
    ] {
        let reader = store.reader();
        let begin = begin.map(|number: i64| Bookmark {
            at: after(number),
            id: String::new(),
        });
        let took = Stopwatch::start();
        let found = find_cases(reader, &filter, begin.as_ref(), PAGE).await?;
        count_cases(reader, &CaseFilter::needs(&rasa)).await?;
        count_cases(reader, &CaseFilter::waiting()).await?;
        find_waiting_times(reader, after(0), 1_000).await?;
        longest = longest.max(took.tell(name, found.len()));
    }
    Ok(longest)
}

/// What a page of the audit trail asks for, by each filter.
async fn trail(store: &Store, events: u64) -> Result<Duration, Error> {
    let none = AuditFilter::default;
    let middle = event(events / 2);
    let mut longest = Duration::ZERO;
    for (name, filter) in [
        ("events", none()),
        (
            "events of an admin",
            AuditFilter {
                actor: Some("user:rasa".to_owned()),
                ..none()
            },
        ),
        (
            "events of a kind that most are of",
            AuditFilter {
                action: Some("tokens.issued".to_owned()),
                ..none()
            },
        ),
        (
            "events of a kind that few are of, by an admin",
            AuditFilter {
                actor: Some("user:rasa".to_owned()),
                action: Some("client.suspended".to_owned()),
                ..none()
            },
        ),
        (
            "events of a client",
            AuditFilter {
                object: Some("client:sandbox-00007".to_owned()),
                ..none()
            },
        ),
        (
            "events of a request",
            AuditFilter {
                trace: middle.trace,
                ..none()
            },
        ),
        (
            "events of an hour",
            AuditFilter {
                from: Some(middle.at),
                until: Some(middle.at + Duration::from_secs(3_600)),
                ..none()
            },
        ),
    ] {
        for begin in [
            None,
            Some(Bookmark {
                at: middle.at,
                id: middle.id.clone(),
            }),
        ] {
            let reader = store.reader();
            let name = match begin {
                None => name.to_owned(),
                Some(_) => format!("{name}, in the middle"),
            };
            let took = Stopwatch::start();
            let found = find_newest_audit_events(reader, &filter, begin.as_ref(), PAGE + 1).await?;
            find_audit_actions(reader).await?;
            longest = longest.max(took.tell(&name, found.len()));
        }
    }
    Ok(longest)
}

struct Stopwatch(Instant);

#[expect(
    clippy::disallowed_methods,
    reason = "a measurement reads the real clock"
)]
impl Stopwatch {
    fn start() -> Self {
        Self(Instant::now())
    }

    fn tell(self, name: &str, rows: usize) -> Duration {
        let taken = self.0.elapsed();
        println!(
            "{name:<60} {:>7.2} ms ({rows:>2} rows)",
            taken.as_secs_f64() * 1000.0
        );
        taken
    }
}

/// Apps of a team each, one of three with a live client too, each with a case.
async fn put_apps(
    store: &Store,
    numbers: std::ops::Range<u64>,
    submission: &Submission,
) -> Result<(), Error> {
    let submission = submission.clone();
    store
        .write(move |tx| {
            Box::pin(async move {
                for number in numbers.clone() {
                    let team = TeamRecord {
                        id: TeamId::new(format!("team-{number:05}")),
                        name: format!("Team {number}"),
                        created_at: after(0),
                    };
                    insert_team(tx, &team).await?;
                    let sandbox = of_app(&format!("sandbox-{number:05}"), Environment::Sandbox);
                    insert_client(tx, &sandbox).await?;
                    let live = number
                        .is_multiple_of(3)
                        .then(|| of_app(&format!("live-{number:05}"), Environment::Live));
                    if let Some(live) = &live {
                        insert_client(tx, live).await?;
                    }
                    let app = AppRecord {
                        id: AppId::new(format!("app-{number:05}")),
                        team_id: team.id.clone(),
                        name: format!("App {number}"),
                        sandbox_client: sandbox.client.id,
                        live_client: live.map(|live| live.client.id),
                        created_at: after(0),
                        version: 0,
                    };
                    insert_app(tx, &app).await?;
                    insert_case(tx, &case(number, &app, &submission)).await?;
                }
                Ok(())
            })
        })
        .await
}

fn of_app(id: &str, environment: Environment) -> ClientRecord {
    let mut record = client(id);
    record.client.environment = environment;
    record.owner = None;
    record
}

/// One of three is decided; of the others one of ten is somebody's.
fn case(number: u64, app: &AppRecord, submission: &Submission) -> CaseRecord {
    let at = after(number.cast_signed());
    let stage = if number.is_multiple_of(3) {
        Stage::Approved {
            by: UserId::new("rasa"),
            confirmed_by: None,
            scope: scope("ais"),
            at,
        }
    } else {
        Stage::Sent {
            at,
            claim: number.is_multiple_of(10).then(|| Claim {
                by: UserId::new("petras"),
                since: at,
            }),
            verdicts: Verdicts::default(),
            proposal: None,
            answers: Vec::new(),
        }
    };
    CaseRecord {
        id: CaseId::new(format!("case-{number:05}")),
        app_id: app.id.clone(),
        team_id: app.team_id.clone(),
        kind: CaseKind::New,
        decided_at: stage.is_closed().then_some(at),
        stage,
        submission: submission.clone(),
        approved_before: None,
        overrides: Overrides::new(),
        risk: Risk::default(),
        sent_by: UserId::new("milda"),
        sent_at: at,
        opened_at: at,
        version: 0,
    }
}

/// Mostly tokens; one in a thousand is something that an admin did.
fn event(number: u64) -> AuditRecord {
    let at = after(number.cast_signed());
    let (actor, action) = match number % 100_000 {
        1_000 => ("user:rasa", "client.suspended"),
        other if other.is_multiple_of(1_000) => ("user:rasa", "review.approved"),
        _ => ("system", "tokens.issued"),
    };
    AuditRecord {
        id: format!("{number:032x}"),
        at,
        actor: actor.to_owned(),
        action: action.to_owned(),
        object: format!("client:sandbox-{:05}", number % 10_000),
        detail: r#"{"scope":"ais"}"#.to_owned(),
        trace: Some(TraceId::new(at, (number as u32).to_be_bytes())),
    }
}
