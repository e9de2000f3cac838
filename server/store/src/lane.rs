//! The writer lane of SQLite: one task, one connection, many callers.
//!
//! SQLite lets one writer in at a time, and a durable `COMMIT` waits for the disk. So the lane takes
//! whatever waits, runs it in one transaction and commits once: while the disk works, the next batch
//! gathers. A caller has its answer only after the `COMMIT` that holds its writes.
//!
//! ```text
//!  callers ──> queue ──> BEGIN IMMEDIATE
//!                          SAVEPOINT  closure of caller 1  RELEASE
//!                          SAVEPOINT  closure of caller 2  ROLLBACK TO   (its error, only its writes)
//!                          INSERT ... VALUES (row of caller 3), (row of caller 4), ...
//!                        COMMIT ──> answers for everybody
//! ```
//!
//! - A closure that fails or panics takes back its own writes and nobody else's.
//! - When `COMMIT` fails, nothing was stored and every caller of the batch is told so.
//! - A caller that went away does not matter: a job that has begun is finished, one that has not is skipped.
//! - The command line writes to the same file from another process. `BEGIN IMMEDIATE` then waits for
//!   the lock; a job that waited longer than its patience is answered [`Error::Busy`].

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError, RwLock},
    time::Duration,
};

use sea_orm::{
    ConnectOptions, Database, DatabaseConnection, DatabaseTransaction, SqliteTransactionMode,
    TransactionOptions, TransactionTrait,
};
use tokio::{
    sync::{mpsc, oneshot},
    task::JoinHandle,
    time::Instant,
};

use crate::{
    Error, Tx,
    append::{self, Append, Row},
    job::{Job, Verdict},
    link::Meter,
    open,
};

/// A batch ends when it ran so many closures ...
const MOST_JOBS: usize = 256;
/// ... or holds so many appended rows ...
const MOST_ROWS: usize = 1024;
/// ... or has kept its first caller waiting for so long.
const LONGEST_BATCH: Duration = Duration::from_millis(10);
/// How many jobs may wait. One more is answered [`Error::Busy`] at once: the lane is hopelessly behind.
const LONGEST_QUEUE: usize = 8192;
/// Between two tries for the lock of the file, so that a lock that is refused at once is not asked for in a circle.
const BREATH: Duration = Duration::from_millis(2);

/// The callers' side of the lane.
#[derive(Debug)]
pub(crate) struct Lane {
    orders: RwLock<Option<mpsc::Sender<Order>>>,
    task: Mutex<Option<JoinHandle<()>>>,
}

/// One thing to do, and since when it waits.
#[derive(Debug)]
struct Order {
    since: Instant,
    what: What,
}

enum What {
    Write(Box<dyn Job>),
    Append(Append),
}

impl std::fmt::Debug for What {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Write(_) => "Write",
            Self::Append(_) => "Append",
        })
    }
}

impl Lane {
    /// Starts the task. `patience` is how long a job waits for the lock of another process.
    pub(crate) fn start(writer: Writer, meter: Arc<Meter>, patience: Duration) -> Self {
        let (orders, queue) = mpsc::channel(LONGEST_QUEUE);
        let worker = Worker {
            queue,
            waiting: VecDeque::new(),
            writer,
            meter,
            patience,
        };
        Self {
            orders: RwLock::new(Some(orders)),
            task: Mutex::new(Some(tokio::spawn(worker.run()))),
        }
    }

    /// Puts a write into the queue.
    pub(crate) fn write(&self, job: Box<dyn Job>) -> Result<(), Error> {
        self.put(What::Write(job))
    }

    /// Puts rows into the queue and waits until they are stored.
    pub(crate) async fn append(&self, rows: Vec<Row>) -> Result<(), Error> {
        let (caller, answer) = oneshot::channel();
        self.put(What::Append(Append::new(rows, caller)))?;
        answer.await.unwrap_or(Err(Error::Shutdown))
    }

    fn put(&self, what: What) -> Result<(), Error> {
        let since = Instant::now();
        let orders = self.orders.read().unwrap_or_else(PoisonError::into_inner);
        match orders.as_ref() {
            None => Err(Error::Shutdown),
            Some(orders) => {
                orders
                    .try_send(Order { since, what })
                    .map_err(|refused| match refused {
                        mpsc::error::TrySendError::Full(_) => Error::Busy,
                        mpsc::error::TrySendError::Closed(_) => Error::Shutdown,
                    })
            }
        }
    }

    /// Whether the lane takes orders.
    pub(crate) fn is_open(&self) -> bool {
        let orders = self.orders.read().unwrap_or_else(PoisonError::into_inner);
        orders.as_ref().is_some_and(|orders| !orders.is_closed())
    }

    /// Takes no more orders, finishes those that wait, and closes the connection.
    pub(crate) async fn close(&self) {
        // Without the sender the queue ends after its last order.
        self.orders
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        let task = self
            .task
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(task) = task
            && let Err(error) = task.await
        {
            tracing::error!(%error, "the writer lane did not end well");
        }
    }
}

/// The one connection that writes.
#[derive(Debug)]
pub(crate) struct Writer {
    options: ConnectOptions,
    connection: DatabaseConnection,
    /// The state of the connection is not known (a failed COMMIT, a full disk): the next batch opens a new one.
    distrusted: bool,
}

impl Writer {
    /// Opens the connection; `patience` is how long another process may be in the way.
    pub(crate) async fn open(options: ConnectOptions, patience: Duration) -> Result<Self, Error> {
        let connection = open::connect(options.clone(), patience).await?;
        Ok(Self {
            options,
            connection,
            distrusted: false,
        })
    }

    async fn begin(&mut self) -> Result<DatabaseTransaction, Error> {
        if self.distrusted {
            // The old one may be beyond a clean end; what it held was rolled back.
            let _ = self.connection.close_by_ref().await;
            self.connection = Database::connect(self.options.clone()).await?;
            self.distrusted = false;
        }
        let immediate = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        Ok(self.connection.begin_with_options(immediate).await?)
    }

    /// Notes when the connection can no longer be relied on.
    fn judge(&mut self, ended: &Result<(), Error>) {
        if let Err(error) = ended {
            tracing::warn!(%error, "a transaction did not end well; the writer connects again");
            self.distrusted = true;
        }
    }
}

/// The lane's own side.
struct Worker {
    queue: mpsc::Receiver<Order>,
    waiting: VecDeque<Order>,
    writer: Writer,
    meter: Arc<Meter>,
    patience: Duration,
}

impl Worker {
    async fn run(mut self) {
        while self.gather().await {
            match self.writer.begin().await {
                Ok(transaction) if self.is_single_write() => self.run_alone(transaction).await,
                Ok(transaction) => self.run_together(transaction).await,
                Err(Error::Busy) => {
                    self.refuse(Error::Busy, self.patience);
                    tokio::time::sleep(BREATH).await;
                }
                Err(error) => {
                    self.writer.distrusted = true;
                    self.refuse(error, Duration::ZERO);
                }
            }
        }
        if let Err(error) = self.writer.connection.close_by_ref().await {
            tracing::warn!(%error, "the writer connection did not close well");
        }
    }

    /// Waits for something to do; false when there will never be anything again.
    async fn gather(&mut self) -> bool {
        loop {
            if self.waiting.is_empty() {
                let Some(order) = self.queue.recv().await else {
                    return false;
                };
                self.waiting.push_back(order);
                // Tasks that were woken together (the callers of the last batch) get to put their
                // orders in: a full batch costs one wait for the disk, as a small one does.
                tokio::task::yield_now().await;
            }
            self.take_queue();
            self.waiting.retain(|order| order.what.is_wanted());
            if !self.waiting.is_empty() {
                return true;
            }
        }
    }

    fn take_queue(&mut self) {
        while self.waiting.len() < LONGEST_QUEUE
            && let Ok(order) = self.queue.try_recv()
        {
            self.waiting.push_back(order);
        }
    }

    fn is_single_write(&self) -> bool {
        matches!(
            (self.waiting.len(), self.waiting.front()),
            (
                1,
                Some(Order {
                    what: What::Write(_),
                    ..
                })
            )
        )
    }

    /// Answers those who have waited at least `patience`.
    fn refuse(&mut self, error: Error, patience: Duration) {
        let now = Instant::now();
        let (refused, patient): (VecDeque<_>, VecDeque<_>) = self
            .waiting
            .drain(..)
            .partition(|order| now.duration_since(order.since) >= patience);
        self.waiting = patient;
        for order in refused {
            order.what.answer(Err(error.clone()));
        }
    }

    /// One closure with the transaction to itself: no savepoint.
    async fn run_alone(&mut self, transaction: DatabaseTransaction) {
        let Some(Order {
            what: What::Write(mut job),
            ..
        }) = self.waiting.pop_front()
        else {
            return;
        };
        record_batch(1);
        let tx = Tx::new(transaction, &self.meter);
        let stored = match job.run(&tx).await {
            Verdict::Keep => {
                let stored = tx.commit().await;
                self.writer.judge(&stored);
                stored
            }
            Verdict::Undo => {
                self.writer.judge(&tx.rollback().await);
                // Not stored, and rightly so: the caller gets its own error.
                Ok(())
            }
        };
        job.answer(stored);
    }

    /// Everything that waits, and what comes meanwhile, in one transaction.
    async fn run_together(&mut self, transaction: DatabaseTransaction) {
        let begun = Instant::now();
        let mut jobs: Vec<Box<dyn Job>> = Vec::new();
        let mut appends: Vec<Append> = Vec::new();
        let mut rows = 0;
        let mut outcome = Ok(());
        while let Some(order) = self.next() {
            match order.what {
                What::Write(mut job) => {
                    outcome = run_in_savepoint(&transaction, &self.meter, job.as_mut()).await;
                    jobs.push(job);
                }
                What::Append(append) => {
                    rows += append.rows().len();
                    appends.push(append);
                }
            }
            let is_full = jobs.len() >= MOST_JOBS || rows >= MOST_ROWS;
            if outcome.is_err() || is_full || begun.elapsed() >= LONGEST_BATCH {
                break;
            }
        }
        if outcome.is_ok() {
            outcome = append::insert_all(&transaction, &self.meter, &mut appends).await;
        }
        let stored = match outcome {
            Ok(()) => transaction.commit().await.map_err(Error::from),
            Err(error) => {
                // SQLite may have rolled back already; then this fails, and the connection is replaced.
                let _ = transaction.rollback().await;
                Err(error)
            }
        };
        self.writer.judge(&stored);
        record_batch(jobs.len() + appends.len());
        for job in jobs {
            job.answer(stored.clone());
        }
        for append in appends {
            append.answer(stored.clone());
        }
    }

    fn next(&mut self) -> Option<Order> {
        loop {
            let order = self
                .waiting
                .pop_front()
                .or_else(|| self.queue.try_recv().ok())?;
            if order.what.is_wanted() {
                return Some(order);
            }
        }
    }
}

impl What {
    fn is_wanted(&self) -> bool {
        match self {
            Self::Write(job) => job.is_wanted(),
            Self::Append(append) => append.is_wanted(),
        }
    }

    fn answer(self, stored: Result<(), Error>) {
        match self {
            Self::Write(job) => job.answer(stored),
            Self::Append(append) => append.answer(stored),
        }
    }
}

/// How many callers shared a commit, for whoever watches the server.
fn record_batch(callers: usize) {
    metrics::histogram!("countersign_writer_lane_batch")
        .record(u32::try_from(callers).unwrap_or(u32::MAX));
}

/// Runs one closure of a batch.
///
/// # Errors
/// When the transaction around it is lost, and with it the whole batch. A closure that fails by
/// itself is no error here.
async fn run_in_savepoint(
    transaction: &DatabaseTransaction,
    meter: &Arc<Meter>,
    job: &mut dyn Job,
) -> Result<(), Error> {
    let savepoint = Tx::new(transaction.begin().await?, meter);
    match job.run(&savepoint).await {
        Verdict::Keep => savepoint.commit().await,
        Verdict::Undo => {
            let cause = savepoint.spoiled();
            savepoint
                .rollback()
                .await
                // There is no savepoint any more: SQLite rolled everything back, for this cause.
                .map_err(|error| cause.unwrap_or(error))
        }
    }
}
