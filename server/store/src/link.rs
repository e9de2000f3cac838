//! One place through which every statement goes: it counts, and it remembers that a statement of a
//! transaction failed.

use std::sync::{
    Arc, OnceLock,
    atomic::{AtomicU64, Ordering},
};

use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, ExecResult,
    QueryResult, Statement, TransactionTrait, Value, prelude::async_trait::async_trait,
};

use crate::Error;

/// Something that can answer a question: [`Tx`], which sees its own writes, or a [`Reader`], which
/// sees what was committed.
pub trait Reads: Linked {}

/// Keeps [`Reads`] to the types of this crate.
pub trait Linked: Sync {
    #[doc(hidden)]
    fn link(&self) -> &Link;
}

/// Reads what was committed, each statement on its own. From `Store::reader`.
#[derive(Debug)]
pub struct Reader(pub(crate) Link);

/// A transaction under way. Only `Store::write` makes one; it commits when the closure answers `Ok`.
///
/// A statement that fails spoils the whole transaction, on both databases alike (PostgreSQL would
/// refuse to go on anyway): later statements answer with the same error, and nothing is stored,
/// whatever the closure answers. Where "there is one already" is an expected answer, use the
/// functions that report it as a value, such as `idempotency::insert_idempotency_key`.
#[derive(Debug)]
pub struct Tx(pub(crate) Link);

impl Reads for Reader {}
impl Reads for Tx {}

impl Linked for Reader {
    fn link(&self) -> &Link {
        &self.0
    }
}

impl Linked for Tx {
    fn link(&self) -> &Link {
        &self.0
    }
}

impl Tx {
    pub(crate) fn new(transaction: DatabaseTransaction, meter: &Arc<Meter>) -> Self {
        Self(Link::new(Source::Transaction(transaction), meter))
    }

    /// The first error of a statement of this transaction.
    pub(crate) fn spoiled(&self) -> Option<Error> {
        self.0.spoiled.get().cloned().map(Error::from)
    }

    /// Makes the writes last (or part of the transaction around this one).
    pub(crate) async fn commit(self) -> Result<(), Error> {
        match self.0.source {
            Source::Transaction(transaction) => Ok(transaction.commit().await?),
            Source::Pool(_) => Ok(()),
        }
    }

    /// Takes the writes back.
    pub(crate) async fn rollback(self) -> Result<(), Error> {
        match self.0.source {
            Source::Transaction(transaction) => Ok(transaction.rollback().await?),
            Source::Pool(_) => Ok(()),
        }
    }

    /// Begins a part of this transaction that can be taken back by itself.
    pub(crate) async fn savepoint(&self) -> Result<Self, Error> {
        match &self.0.source {
            Source::Transaction(transaction) => {
                Ok(Self::new(transaction.begin().await?, &self.0.meter))
            }
            Source::Pool(_) => Err(Error::Shutdown),
        }
    }

    /// Notes that a savepoint could not be taken back, so that nothing of this transaction may stay.
    pub(crate) fn spoil(&self, error: &Error) {
        let _ = self.0.spoiled.set(DbErr::Custom(error.to_string()));
    }

    /// For the migrations, which bring their own statements.
    pub(crate) fn transaction(&self) -> Option<&DatabaseTransaction> {
        match &self.0.source {
            Source::Transaction(transaction) => Some(transaction),
            Source::Pool(_) => None,
        }
    }
}

/// How many statements and writes there were since the store was opened.
#[derive(Debug, Default)]
pub(crate) struct Meter {
    statements: AtomicU64,
    writes: AtomicU64,
}

impl Meter {
    pub(crate) fn count_statement(&self) {
        self.statements.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn count_write(&self) {
        self.writes.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn statements(&self) -> u64 {
        self.statements.load(Ordering::Relaxed)
    }

    pub(crate) fn writes(&self) -> u64 {
        self.writes.load(Ordering::Relaxed)
    }
}

/// A pool or a transaction, with the counter.
#[derive(Debug)]
pub struct Link {
    source: Source,
    meter: Arc<Meter>,
    spoiled: OnceLock<DbErr>,
}

#[derive(Debug)]
pub(crate) enum Source {
    Pool(DatabaseConnection),
    Transaction(DatabaseTransaction),
}

impl Link {
    pub(crate) fn new(source: Source, meter: &Arc<Meter>) -> Self {
        Self {
            source,
            meter: Arc::clone(meter),
            spoiled: OnceLock::new(),
        }
    }

    pub(crate) fn backend(&self) -> DbBackend {
        match &self.source {
            Source::Pool(pool) => pool.get_database_backend(),
            Source::Transaction(transaction) => transaction.get_database_backend(),
        }
    }

    /// The rows that `sql` answers. Placeholders are `$1`, `$2` ... on both databases.
    pub(crate) async fn rows(
        &self,
        sql: &str,
        values: impl IntoIterator<Item = Value>,
    ) -> Result<Vec<QueryResult>, Error> {
        let statement = Statement::from_sql_and_values(self.backend(), sql, values);
        Ok(self.query_all_raw(statement).await?)
    }

    /// The one row that `sql` answers, if there is one.
    pub(crate) async fn row(
        &self,
        sql: &str,
        values: impl IntoIterator<Item = Value>,
    ) -> Result<Option<QueryResult>, Error> {
        // Reads to the end: an UPDATE ... RETURNING of SQLite is finished only then.
        Ok(self.rows(sql, values).await?.pop())
    }

    /// Runs `sql` and answers how many rows it changed.
    pub(crate) async fn change(
        &self,
        sql: &str,
        values: impl IntoIterator<Item = Value>,
    ) -> Result<u64, Error> {
        let statement = Statement::from_sql_and_values(self.backend(), sql, values);
        Ok(self.execute_raw(statement).await?.rows_affected())
    }

    /// Refuses to go on in a transaction that has failed.
    fn check(&self) -> Result<(), DbErr> {
        match (&self.source, self.spoiled.get()) {
            (Source::Transaction(_), Some(error)) => Err(error.clone()),
            _ => Ok(()),
        }
    }

    fn remember<T>(&self, outcome: Result<T, DbErr>) -> Result<T, DbErr> {
        if let (Source::Transaction(_), Err(error)) = (&self.source, &outcome) {
            // Only the first one counts; the ones after it are its consequences.
            let _ = self.spoiled.set(error.clone());
        }
        outcome
    }
}

#[async_trait]
impl ConnectionTrait for Link {
    fn get_database_backend(&self) -> DbBackend {
        self.backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.check()?;
        self.meter.count_statement();
        self.remember(match &self.source {
            Source::Pool(pool) => pool.execute_raw(statement).await,
            Source::Transaction(transaction) => transaction.execute_raw(statement).await,
        })
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.check()?;
        self.meter.count_statement();
        self.remember(match &self.source {
            Source::Pool(pool) => pool.execute_unprepared(sql).await,
            Source::Transaction(transaction) => transaction.execute_unprepared(sql).await,
        })
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.check()?;
        self.meter.count_statement();
        self.remember(match &self.source {
            Source::Pool(pool) => pool.query_one_raw(statement).await,
            Source::Transaction(transaction) => transaction.query_one_raw(statement).await,
        })
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.check()?;
        self.meter.count_statement();
        self.remember(match &self.source {
            Source::Pool(pool) => pool.query_all_raw(statement).await,
            Source::Transaction(transaction) => transaction.query_all_raw(statement).await,
        })
    }
}
