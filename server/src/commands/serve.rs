//! `countersign serve [--demo] [--no-migrate]`

use std::{future::Future, io::Write as _, net::SocketAddr, sync::Arc};

use clap::Args;
use engine::{Engine, demo::DemoSheet};
use tokio::{net::TcpListener, sync::watch};

use super::{Failure, Outcome};
use crate::{
    jobs::Jobs,
    listening::{self, Limits, Signals},
    lock::Lock,
    log,
    mail::Mailer,
    metrics_page,
    probe::{self, Probe},
    settings::Settings,
    system,
    wiring::{self, Options},
};

mod sheet;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Add the demo's people, money and apps if they are not there yet, and serve its pages
    #[arg(long)]
    demo: bool,
    /// Leave the tables as they are; refuse to start when they are not up to date
    #[arg(long)]
    no_migrate: bool,
}

/// Connections to the address for Prometheus.
const METRICS_CONNECTIONS: usize = 16;

pub(super) fn run(settings: Settings, arguments: Arguments) -> Outcome {
    if arguments.demo && settings.is_production() {
        return Err(Failure::new(
            "Demo data is refused because COUNTERSIGN_PROFILE is production: its passwords and secrets are public.",
        ));
    }
    log::start(&settings.log);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::new(format!("The system gives no resources: {error}.")))?;
    runtime.block_on(serve(settings, arguments))
}

async fn serve(mut settings: Settings, arguments: Arguments) -> Outcome {
    let mut signals = Signals::listen()
        .map_err(|error| Failure::new(format!("Signals cannot be received: {error}.")))?;
    // First what fails fast: a port that is taken, a folder that another server works in.
    let listener = bind(settings.listen, "COUNTERSIGN_LISTEN").await?;
    let metrics_listener = match settings.metrics_listen {
        Some(address) => Some(bind(address, "COUNTERSIGN_METRICS_LISTEN").await?),
        None => None,
    };
    let bound = listener.local_addr().unwrap_or(settings.listen);
    settings.follow_bound(bound);
    let mailer = Mailer::new(&settings)
        .map_err(|error| Failure::new(format!("COUNTERSIGN_SMTP_URL cannot be used: {error}.")))?;
    let prober = Probe::new(&probe::Options::from(&settings))
        .map_err(|error| Failure::new(error.to_string()))?;
    let messenger = Probe::new(&probe::Options::for_callbacks(&settings))
        .map_err(|error| Failure::new(error.to_string()))?;
    let metrics = metrics_listener
        .is_some()
        .then(metrics_page::start)
        .transpose();
    let metrics =
        metrics.map_err(|error| Failure::new(format!("Numbers cannot be gathered: {error}.")))?;

    let (engine, _lock) = ground(&settings, arguments.no_migrate).await?;
    let demo = demo(&engine, &settings, arguments.demo).await?;
    let mut options = Options::of(&settings);
    if !options.site.exists() {
        tracing::warn!(
            folder = %options.site.folder().display(),
            "the site folder is missing: pages will have no style; build it, or name it in COUNTERSIGN_SITE_DIR",
        );
    }
    if let Some(demo) = &demo {
        options.shop = sheet::shop(demo, &settings, bound);
        options.market = sheet::market(demo, &settings, bound);
    }

    let node = node_name();
    let jobs = Jobs::start(
        &engine,
        &settings,
        Arc::new(mailer),
        Arc::new(prober),
        Arc::new(messenger),
        metrics.clone(),
        &node,
    );
    let (stop, _) = watch::channel(false);
    let router = wiring::router(engine.clone(), options);
    let mut serving = tokio::spawn(listening::serve(
        listener,
        router,
        limits(&settings),
        stopped(&stop),
    ));
    let serving_metrics = metrics_listener.zip(metrics).map(|(listener, handle)| {
        let limits = Limits {
            connections: METRICS_CONNECTIONS,
            ..limits(&settings)
        };
        let router = metrics_page::router(handle, engine.clone());
        tokio::spawn(listening::serve(listener, router, limits, stopped(&stop)))
    });
    tracing::info!(address = %bound, public_url = settings.public_url.as_str(), node, "ready");
    announce(&settings, bound, demo.as_ref());

    signals.next().await;
    tracing::info!("stopping: requests under way are finished first");
    stop.send_replace(true);
    tokio::select! {
        ended = &mut serving => if let Err(error) = ended {
            tracing::error!(%error, "the listener ended badly");
        },
        () = signals.next() => tracing::warn!("a second signal: requests under way are cut off"),
    }
    if let Some(metrics) = serving_metrics {
        metrics.abort();
    }
    jobs.stop(settings.shutdown_seconds.0).await;
    engine.env().store.close().await;
    tracing::info!("stopped");
    Ok(())
}

async fn bind(address: SocketAddr, variable: &str) -> Result<TcpListener, Failure> {
    TcpListener::bind(address).await.map_err(|error| {
        Failure::new(format!(
            "{variable} {address} cannot be listened on: {error}."
        ))
    })
}

/// The engine on a database that is up to date, and the lock of an embedded one.
async fn ground(settings: &Settings, no_migrate: bool) -> Result<(Engine, Option<Lock>), Failure> {
    let lock = match settings.database_url.sqlite_file() {
        Some(_) => {
            wiring::make_data_folder(settings)?;
            Some(Lock::take(&settings.data_dir)?)
        }
        None => None,
    };
    let ground = wiring::open(settings).await?;
    if no_migrate {
        if !ground.store.is_migrated().await? {
            return Err(Failure::new(
                "The database is not up to date; run 'countersign migrate', or serve without --no-migrate.",
            ));
        }
    } else if !ground.store.is_migrated().await? {
        ground.store.migrate().await?;
    }
    Ok((wiring::engine(settings, ground)?, lock))
}

/// The demo's data, added if it is not there; none when it is not wanted.
async fn demo(
    engine: &Engine,
    settings: &Settings,
    wanted: bool,
) -> Result<Option<DemoSheet>, Failure> {
    if settings.is_production() && engine.holds_demo_data().await? {
        return Err(Failure::new(
            "The database holds demo data, whose passwords and secrets are public: COUNTERSIGN_PROFILE \
             cannot be production with it.",
        ));
    }
    match wanted {
        true => engine
            .seed_demo()
            .await
            .map(Some)
            .map_err(|error| Failure::new(format!("The demo data cannot be added: {error}."))),
        false => Ok(None),
    }
}

fn limits(settings: &Settings) -> Limits {
    Limits {
        connections: settings.connections.usize(),
        head: settings.request_seconds.0,
        shutdown: settings.shutdown_seconds.0,
    }
}

fn stopped(stop: &watch::Sender<bool>) -> impl Future<Output = ()> + Send + 'static {
    let mut stop = stop.subscribe();
    async move {
        // An error means that nobody can say "stop" any more, which is the same.
        let _ = stop.wait_for(|stop| *stop).await;
    }
}

/// Tells this process from others on the same database.
fn node_name() -> String {
    let random: String = system::seed()[..4]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("{}-{random}", std::process::id())
}

/// Where to click, for the person at the terminal.
fn announce(settings: &Settings, bound: SocketAddr, demo: Option<&DemoSheet>) {
    let text = match demo {
        Some(demo) => sheet::text(demo, bound),
        None => format!(
            "Countersign listens on {bound}; its public URL is {}.\n",
            settings.public_url.as_str()
        ),
    };
    let mut out = std::io::stdout();
    // Whoever started us may not listen: that is no reason to stop.
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}
