//! Driving many connections at once, and the two loads that machines make.

use std::{
    net::SocketAddr,
    process::Stdio,
    rc::Rc,
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    task::JoinSet,
};

use crate::{
    Failure,
    http::{self, Connection},
    report::{Rate, Report},
    server::Registered,
};

/// How much load, for how long.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Connections at the same time.
    pub connections: usize,
    /// How long each load is measured.
    pub lasting: Duration,
}

/// Before the measuring begins: caches fill, connections open.
const WARMING_UP: Duration = Duration::from_secs(1);

/// A worker that fails this often gives up: something is wrong, not slow.
const MOST_FAILURES: u64 = 20;

/// Runs `one` over and over with every worker, all at the same time.
pub async fn run<W, F>(size: Size, workers: Vec<W>, one: F) -> Result<Rate, Failure>
where
    W: 'static,
    F: AsyncFn(&mut W) -> Result<(), Failure> + 'static,
{
    let one = Rc::new(one);
    let begin = Instant::now() + WARMING_UP;
    let end = begin + size.lasting;
    let gathered = tokio::task::LocalSet::new()
        .run_until(async move {
            let mut tasks = JoinSet::new();
            for mut worker in workers {
                let one = Rc::clone(&one);
                tasks.spawn_local(async move {
                    let (mut latencies, mut failures) = (Vec::new(), 0);
                    while Instant::now() < end && failures < MOST_FAILURES {
                        let sent = Instant::now();
                        let outcome = one(&mut worker).await;
                        let answered = Instant::now();
                        match outcome {
                            Ok(()) if sent >= begin && answered <= end => {
                                latencies.push(answered - sent);
                            }
                            Ok(()) => {}
                            Err(error) => {
                                if failures == 0 {
                                    eprintln!("a request failed: {error}");
                                }
                                failures += 1;
                            }
                        }
                    }
                    (latencies, failures)
                });
            }
            tasks.join_all().await
        })
        .await;
    let failures = gathered.iter().map(|(_, failures)| failures).sum();
    let latencies = gathered
        .into_iter()
        .flat_map(|(latencies, _)| latencies)
        .collect();
    Ok(Rate::of(latencies, size.lasting, failures))
}

/// The same request again and again on every connection; anything but 200 is a failure.
async fn repeat(address: SocketAddr, size: Size, request: Vec<u8>) -> Result<Rate, Failure> {
    let mut connections = Vec::new();
    for _ in 0..size.connections {
        connections.push(Connection::open(address).await?);
    }
    run(
        size,
        connections,
        async move |connection: &mut Connection| match connection.drive(&request).await? {
            200 => Ok(()),
            status => Err(format!("answered with status {status}").into()),
        },
    )
    .await
}

/// Tokens per second: `client_credentials`, each committed before it is answered.
pub async fn client_credentials(
    address: SocketAddr,
    registered: &Registered,
    size: Size,
    report: &mut Report,
) -> Result<(), Failure> {
    let request = token_request(address, registered);
    report.rate("client_credentials", repeat(address, size, request).await?);
    Ok(())
}

/// What the request log costs a token request: in turns against a server that writes one and a server
/// that does not, four short rounds each; the best one counts for both.
pub async fn request_log(
    logging: (SocketAddr, &Registered),
    silent: (SocketAddr, &Registered),
    size: Size,
    report: &mut Report,
) -> Result<(), Failure> {
    let half = Size {
        lasting: size.lasting / 2,
        ..size
    };
    let mut best: Option<(Rate, Rate)> = None;
    for _ in 0..4 {
        let mut round = Vec::new();
        for (address, registered) in [logging, silent] {
            let request = token_request(address, registered);
            round.push(repeat(address, half, request).await?);
        }
        let [with, without] = <[Rate; 2]>::try_from(round).map_err(|_| "a round has two loads")?;
        best = Some(match best.take() {
            None => (with, without),
            Some((earlier_with, earlier_without)) => {
                (better(earlier_with, with), better(earlier_without, without))
            }
        });
    }
    if let Some((with, without)) = best {
        report.rate("tokens_with_request_log", with);
        report.rate("tokens_without_request_log", without);
    }
    Ok(())
}

fn token_request(address: SocketAddr, registered: &Registered) -> Vec<u8> {
    let authorization = http::basic(&registered.machine.id, &registered.machine.secret);
    http::post_form(
        address,
        "/oauth/token",
        &authorization,
        &[("grant_type", "client_credentials")],
    )
}

/// Introspections per second of one live token, in turns with an empty handler in a process of
/// its own that answers the same JSON: two rounds each, the better one counts for both.
pub async fn introspection(
    address: SocketAddr,
    registered: &Registered,
    size: Size,
    report: &mut Report,
) -> Result<(), Failure> {
    let mut connection = Connection::open(address).await?;
    let issued = connection
        .exchange(&token_request(address, registered))
        .await?;
    let answer: serde_json::Value = serde_json::from_slice(&issued.body)?;
    let token = answer["access_token"]
        .as_str()
        .ok_or("the answer has no access_token")?;
    let authorization = http::basic(&registered.machine.id, &registered.machine.secret);
    let request = http::post_form(
        address,
        "/oauth/introspect",
        &authorization,
        &[("token", token)],
    );
    let introspected = connection.exchange(&request).await?;
    let state: serde_json::Value = serde_json::from_slice(&introspected.body)?;
    if state["active"] != true {
        return Err("the token that was just issued is not active".into());
    }

    let empty = EmptyHandler::start(&introspected.body).await?;
    let half = Size {
        lasting: size.lasting / 2,
        ..size
    };
    let mut best: Option<(Rate, Rate)> = None;
    for _ in 0..2 {
        let bare = repeat(empty.address, half, request.clone()).await?;
        let ours = repeat(address, half, request.clone()).await?;
        best = Some(match best.take() {
            None => (bare, ours),
            Some((earlier_bare, earlier_ours)) => {
                (better(earlier_bare, bare), better(earlier_ours, ours))
            }
        });
    }
    if let Some((bare, ours)) = best {
        report.rate("empty_handler", bare);
        report.rate("introspection", ours);
    }
    Ok(())
}

fn better(one: Rate, other: Rate) -> Rate {
    let failures = one.failures + other.failures;
    let faster = if one.per_second >= other.per_second {
        one
    } else {
        other
    };
    Rate { failures, ..faster }
}

/// The empty handler's process; ended when dropped.
struct EmptyHandler {
    address: SocketAddr,
    _process: tokio::process::Child,
    _body: tempfile::NamedTempFile,
}

impl EmptyHandler {
    async fn start(body: &[u8]) -> Result<Self, Failure> {
        let file = tempfile::NamedTempFile::new()?;
        std::fs::write(file.path(), body)?;
        let mut process = tokio::process::Command::new(std::env::current_exe()?)
            .arg("empty-handler")
            .arg("--body")
            .arg(file.path())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let output = process
            .stdout
            .take()
            .ok_or("the empty handler has no output")?;
        let line = BufReader::new(output).lines().next_line().await?;
        let address = line.ok_or("the empty handler did not start")?.parse()?;
        Ok(Self {
            address,
            _process: process,
            _body: file,
        })
    }
}
