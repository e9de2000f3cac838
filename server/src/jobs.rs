//! What runs beside requests: sweeping, mails, callbacks, checks of apps, transfers and transactions that a
//! stop interrupted or whose time is over,
//! new seal keys, the request log, the chain over the audit trail.
//!
//! Each job is a loop with a pause. On several nodes the store's leases make sure that only one of
//! them sweeps and sends. A job that fails says so in the log and tries again after its pause.

use std::{fs, future::Future, path::PathBuf, sync::Arc, time::Duration, time::SystemTime};

use engine::{
    Engine, audit::Sealed, callbacks::Messenger, checks::Prober, outbox::Postman, sweep::Round,
};
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::{sync::watch, task::JoinSet};

use crate::settings::{Settings, seal_keys};

/// Between two looks at transfers that are still pending.
const TRANSFERS_PAUSE: Duration = Duration::from_secs(30);
/// A transfer that is pending for longer was left by a process that ended: a request takes less.
const TRANSFERS_IDLE: Duration = Duration::from_secs(60);
/// Transfers in one round.
const TRANSFERS_BATCH: u64 = 200;
/// Between two looks at transactions whose time is over.
const EXPIRY_PAUSE: Duration = Duration::from_secs(5);
/// Between two looks at callbacks that are due.
const CALLBACKS_PAUSE: Duration = Duration::from_secs(1);
/// Between two times that it is written down when client secrets were last used.
const SECRET_USES_PAUSE: Duration = Duration::from_secs(60);
/// Between two times that answered requests are written down, if they do not become many before.
/// What a process that dies takes with it.
const REQUESTS_PAUSE: Duration = Duration::from_secs(1);
/// Between two rounds that seal audit events ...
const AUDIT_PAUSE: Duration = Duration::from_secs(1);
/// ... and that look for late ones and verify the chain.
const AUDIT_WATCH_PAUSE: Duration = Duration::from_secs(60);
/// Between two looks at the file of seal keys.
const KEYS_PAUSE: Duration = Duration::from_secs(1);
/// Between two times that gathered numbers are put into their buckets.
const METRICS_PAUSE: Duration = Duration::from_secs(5);

/// The jobs of this process.
pub struct Jobs {
    stop: watch::Sender<bool>,
    tasks: JoinSet<()>,
    engine: Engine,
    node: Arc<str>,
}

impl Jobs {
    /// Starts all jobs. `node` tells this process from others on the same database.
    pub fn start(
        engine: &Engine,
        settings: &Settings,
        postman: Arc<dyn Postman>,
        prober: Arc<dyn Prober>,
        messenger: Arc<dyn Messenger>,
        metrics: Option<PrometheusHandle>,
        node: &str,
    ) -> Self {
        let (stop, _) = watch::channel(false);
        let node: Arc<str> = node.into();
        let mut jobs = Self {
            stop,
            tasks: JoinSet::new(),
            engine: engine.clone(),
            node: node.clone(),
        };

        let batch = settings.sweep_batch_rows.u32();
        let (sweeper, sweeping_node) = (engine.clone(), node.clone());
        jobs.every(settings.sweep_interval_seconds.0, move || {
            sweep(sweeper.clone(), sweeping_node.clone(), batch)
        });

        let (sender, sending_node) = (engine.clone(), node);
        jobs.every(settings.mail_interval_seconds.0, move || {
            deliver(sender.clone(), sending_node.clone(), postman.clone())
        });

        let checker = engine.clone();
        jobs.every(settings.checks_interval_seconds.0, move || {
            check(checker.clone(), prober.clone())
        });

        let payer = engine.clone();
        jobs.every(TRANSFERS_PAUSE, move || resume_transfers(payer.clone()));
        let timekeeper = engine.clone();
        jobs.every(EXPIRY_PAUSE, move || {
            expire_transactions(timekeeper.clone())
        });
        let (teller, telling_node) = (engine.clone(), jobs.node.clone());
        jobs.every(CALLBACKS_PAUSE, move || {
            tell(teller.clone(), telling_node.clone(), messenger.clone())
        });

        let keeper = engine.clone();
        jobs.every(SECRET_USES_PAUSE, move || note_secret_uses(keeper.clone()));

        let clerk = engine.clone();
        let counter = engine.clone();
        jobs.every_or(
            REQUESTS_PAUSE,
            move || {
                let counter = counter.clone();
                async move { counter.many_requests_noted().await }
            },
            move || flush_requests(clerk.clone()),
        );

        let (sealer, sealing_node) = (engine.clone(), jobs.node.clone());
        jobs.every(AUDIT_PAUSE, move || {
            seal_audit(sealer.clone(), sealing_node.clone())
        });
        let (watcher, watching_node) = (engine.clone(), jobs.node.clone());
        jobs.every(AUDIT_WATCH_PAUSE, move || {
            watch_audit(watcher.clone(), watching_node.clone())
        });

        if settings.seal_key.is_none() {
            let (seal, path) = (engine.env().seal.clone(), settings.seal_key_path());
            let mut seen = changed_at(&path);
            jobs.every(KEYS_PAUSE, move || {
                let found = changed_at(&path);
                let is_new = found != seen;
                seen = found;
                let (seal, path) = (seal.clone(), path.clone());
                async move {
                    if is_new {
                        read_keys(&seal, path);
                    }
                }
            });
        }
        if let Some(handle) = metrics {
            jobs.every(METRICS_PAUSE, move || {
                handle.run_upkeep();
                std::future::ready(())
            });
        }
        jobs
    }

    /// Runs `job` now and then again after every pause, until the jobs stop.
    fn every<F: Future<Output = ()> + Send>(
        &mut self,
        pause: Duration,
        job: impl FnMut() -> F + Send + 'static,
    ) {
        self.every_or(pause, std::future::pending, job);
    }

    /// The same, and before the pause is over when `early` says so.
    fn every_or<E: Future<Output = ()> + Send, F: Future<Output = ()> + Send>(
        &mut self,
        pause: Duration,
        mut early: impl FnMut() -> E + Send + 'static,
        mut job: impl FnMut() -> F + Send + 'static,
    ) {
        let mut stop = self.stop.subscribe();
        self.tasks.spawn(async move {
            loop {
                job().await;
                tokio::select! {
                    _ = stop.wait_for(|stop| *stop) => return,
                    () = tokio::time::sleep(pause) => {}
                    () = early() => {}
                }
            }
        });
    }

    /// Lets every job finish its present run, but no longer than `grace`, and lets other nodes take
    /// over at once. A run that is cut off is no harm: whatever it was at is tried again.
    pub async fn stop(mut self, grace: Duration) {
        self.stop.send_replace(true);
        let ended = async {
            while let Some(ended) = self.tasks.join_next().await {
                if let Err(error) = ended {
                    tracing::error!(%error, "a job ended badly");
                }
            }
        };
        if tokio::time::timeout(grace, ended).await.is_err() {
            tracing::warn!("a job was cut off");
            self.tasks.shutdown().await;
        }
        // The last requests were answered after the last round.
        flush_requests(self.engine.clone()).await;
        note_secret_uses(self.engine.clone()).await;
        if let Err(error) = self.engine.give_back_leases(&self.node).await {
            tracing::warn!(%error, "the leases could not be given back; they run out by themselves");
        }
    }
}

async fn sweep(engine: Engine, node: Arc<str>, batch: u32) {
    match engine.sweep(&node, batch).await {
        Ok(Round::NotOurs) => {}
        Ok(Round::Swept(tables)) => {
            for (table, rows) in tables {
                tracing::info!(table, rows, "expired rows were deleted");
                metrics::counter!("countersign_swept_rows_total", "table" => table).increment(rows);
            }
        }
        Err(error) => tracing::error!(%error, "expired rows could not be deleted"),
    }
}

async fn deliver(engine: Engine, node: Arc<str>, postman: Arc<dyn Postman>) {
    match engine.deliver_mails(&*postman, &node).await {
        Ok(delivered) => {
            metrics::counter!("countersign_mails_total", "outcome" => "sent")
                .increment(delivered.sent);
            metrics::counter!("countersign_mails_total", "outcome" => "failed")
                .increment(delivered.failed);
            metrics::counter!("countersign_mails_total", "outcome" => "given_up")
                .increment(delivered.given_up);
        }
        Err(error) => tracing::error!(%error, "the outbox could not be worked on"),
    }
}

async fn check(engine: Engine, prober: Arc<dyn Prober>) {
    match engine.run_due_checks(&*prober).await {
        Ok(ran) => {
            for (outcome, checks) in [
                ("passed", ran.passed),
                ("failed", ran.failed),
                ("unreachable", ran.unreachable),
                ("overtaken", ran.overtaken),
            ] {
                metrics::counter!("countersign_checks_total", "outcome" => outcome)
                    .increment(checks);
            }
        }
        Err(error) => tracing::error!(%error, "the checks of apps could not be run"),
    }
}

async fn tell(engine: Engine, node: Arc<str>, messenger: Arc<dyn Messenger>) {
    match engine.deliver_callbacks(&*messenger, &node).await {
        Ok(delivered) => {
            metrics::counter!("countersign_callbacks_total", "outcome" => "sent")
                .increment(delivered.sent);
            metrics::counter!("countersign_callbacks_total", "outcome" => "failed")
                .increment(delivered.failed);
            metrics::counter!("countersign_callbacks_total", "outcome" => "given_up")
                .increment(delivered.given_up);
        }
        Err(error) => tracing::error!(%error, "callbacks could not be sent"),
    }
}

async fn expire_transactions(engine: Engine) {
    match engine.expire_wallet_transactions(TRANSFERS_BATCH).await {
        Ok(0) => {}
        Ok(transactions) => {
            tracing::info!(transactions, "transactions whose time is over were ended")
        }
        Err(error) => tracing::error!(%error, "transactions whose time is over could not be ended"),
    }
}

async fn resume_transfers(engine: Engine) {
    let resumed = engine
        .resume_wallet_transactions(TRANSFERS_IDLE, TRANSFERS_BATCH)
        .await;
    match resumed {
        Ok(0) => {}
        Ok(transactions) => tracing::info!(transactions, "interrupted transactions were finished"),
        Err(error) => tracing::error!(%error, "interrupted transactions could not be finished"),
    }
    match engine
        .resume_transfers(TRANSFERS_IDLE, TRANSFERS_BATCH)
        .await
    {
        Ok(0) => {}
        Ok(transfers) => tracing::info!(transfers, "interrupted transfers were finished"),
        Err(error) => tracing::error!(%error, "interrupted transfers could not be finished"),
    }
}

async fn note_secret_uses(engine: Engine) {
    if let Err(error) = engine.note_secret_uses().await {
        tracing::error!(%error, "when secrets were last used could not be written down");
    }
}

async fn flush_requests(engine: Engine) {
    match engine.flush_requests().await {
        Ok(rows) => {
            let rows = u64::try_from(rows).unwrap_or(u64::MAX);
            metrics::counter!("countersign_request_log_rows_total").increment(rows);
        }
        Err(error) => tracing::error!(%error, "the request log could not be written"),
    }
}

async fn seal_audit(engine: Engine, node: Arc<str>) {
    match engine.seal_audit(&node).await {
        Ok(Sealed::NotOurs | Sealed::Events(_)) => {}
        Err(error) => tracing::error!(%error, "audit events could not be sealed"),
    }
}

/// What breaks the chain is told by the engine.
async fn watch_audit(engine: Engine, node: Arc<str>) {
    if let Err(error) = engine.seal_late_audit(&node).await {
        tracing::error!(%error, "late audit events could not be sealed");
    }
    if let Err(error) = engine.watch_audit().await {
        tracing::error!(%error, "the audit trail could not be verified");
    }
}

fn changed_at(path: &PathBuf) -> Option<(SystemTime, u64)> {
    let found = fs::metadata(path).ok()?;
    Some((found.modified().ok()?, found.len()))
}

fn read_keys(seal: &engine::seal::Seal, path: PathBuf) {
    match seal_keys::read(&path) {
        Ok(keys) => {
            seal.replace(keys);
            tracing::info!(keys = ?seal.key_ids(), "the seal keys were read again");
        }
        // The keys in memory stay in use.
        Err(error) => tracing::error!(%error, "the seal keys could not be read again"),
    }
}
