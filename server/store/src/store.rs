//! The store itself: open, migrate, read, write, append.

use std::sync::Arc;

use sea_orm::{ConnectionTrait, DatabaseConnection, TransactionTrait};

use crate::{
    Error, Reader, Tx,
    append::{self, Row},
    job::{self, Work, Write},
    lane::{Lane, Writer},
    link::{Link, Linked, Meter, Source},
    open::{self, OpenOptions, Place, Side},
};

/// Which database a store is on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Backend {
    /// The embedded default: a file in the data folder.
    Sqlite,
    /// A PostgreSQL server, for several nodes.
    Postgres,
}

/// The database. Cheap to clone; all clones share connections and the writer lane.
#[derive(Clone, Debug)]
pub struct Store {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    reader: Reader,
    pool: DatabaseConnection,
    writes: Writes,
    meter: Arc<Meter>,
}

#[derive(Debug)]
enum Writes {
    Lane(Lane),
    Pool,
}

impl Store {
    /// Opens the database at `url`: `sqlite://data/countersign.db` (the folder and the file are made
    /// when they are missing) or `postgres://...`. The tables come with [`Store::migrate`].
    ///
    /// # Errors
    /// [`Error::Broken`] when the URL is not understood or the database cannot be reached.
    pub async fn open(url: &str, options: OpenOptions) -> Result<Self, Error> {
        let meter = Arc::new(Meter::default());
        let patience = options.busy_timeout;
        let (pool, writes) = match Place::of_url(url)? {
            Place::Sqlite(file) => {
                open::create_file(&file)?;
                // The writer comes first: it turns the file into a WAL database, which readers may not.
                let writes = open::sqlite(&file, Side::Writes, &options);
                let writer = Writer::open(writes, patience).await?;
                let reads = open::sqlite(&file, Side::Reads, &options);
                let pool = open::connect(reads, patience).await?;
                let lane = Lane::start(writer, Arc::clone(&meter), patience);
                (pool, Writes::Lane(lane))
            }
            Place::Postgres(url) => {
                let pool = open::connect(open::postgres(&url, &options), patience).await?;
                (pool, Writes::Pool)
            }
        };
        let reader = Reader(Link::new(Source::Pool(pool.clone()), &meter));
        Ok(Self {
            inner: Arc::new(Inner {
                reader,
                pool,
                writes,
                meter,
            }),
        })
    }

    /// Brings the tables up to date, in one transaction: all of it or nothing. Several nodes may do it at once.
    ///
    /// # Errors
    /// [`Error::Broken`] when the database belongs to a newer version.
    pub async fn migrate(&self) -> Result<(), Error> {
        /// Any number, the same on all nodes.
        const LOCK: &str = "SELECT pg_advisory_xact_lock(7310579606273225573)";

        self.write(|tx| {
            Box::pin(async move {
                let Some(transaction) = tx.transaction() else {
                    return Err(Error::Shutdown);
                };
                if tx.link().backend() == sea_orm::DbBackend::Postgres {
                    transaction.execute_unprepared(LOCK).await?;
                }
                Ok(migrations::up(transaction).await?)
            })
        })
        .await
    }

    /// Whether the tables are up to date.
    ///
    /// # Errors
    /// [`Error::Broken`] when the database belongs to a newer version.
    pub async fn is_migrated(&self) -> Result<bool, Error> {
        Ok(migrations::is_current(&self.inner.pool).await?)
    }

    /// Asks the database for a sign of life.
    ///
    /// # Errors
    /// Why there is none.
    pub async fn ping(&self) -> Result<(), Error> {
        if let Writes::Lane(lane) = &self.inner.writes
            && !lane.is_open()
        {
            return Err(Error::Shutdown);
        }
        self.inner.reader.link().rows("SELECT 1", []).await?;
        Ok(())
    }

    /// Which database this is.
    pub fn backend(&self) -> Backend {
        match self.inner.writes {
            Writes::Lane(_) => Backend::Sqlite,
            Writes::Pool => Backend::Postgres,
        }
    }

    /// Reads what was committed, without waiting for writers.
    pub fn reader(&self) -> &Reader {
        &self.inner.reader
    }

    /// Runs `closure` in a transaction and answers what it answers: `Ok` commits, `Err` rolls back. An answer
    /// `Ok` comes only after the commit, which is then on the disk.
    ///
    /// On SQLite the closure goes through the writer lane: closures run one after the other, each sees
    /// what the ones before it wrote, several share one commit. It must not wait for anything but the
    /// statements of its `tx`; everybody behind it waits too. A write inside a write is refused. If the caller goes away, a closure that has begun is finished.
    ///
    /// On PostgreSQL the closure has a transaction of its own (read committed). A deadlock or a
    /// serialization failure is [`Error::Busy`]. It is not tried again here, because the closure can run only
    /// once; the caller may. If the caller goes away, the transaction is rolled back.
    ///
    /// ```text
    /// store.write(|tx| Box::pin(async move { users::insert_user(tx, &user).await })).await?
    /// ```
    ///
    /// # Errors
    /// What the closure answers; and, made from [`Error`], why its writes could not be stored. A closure
    /// that panics is [`Error::Broken`]; so is an answer that ignored a failed statement (see [`Tx`]).
    pub async fn write<T, E, F>(&self, closure: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: for<'t> FnOnce(&'t Tx) -> Work<'t, T, E> + Send + 'static,
    {
        self.begin_write()?;
        match &self.inner.writes {
            Writes::Lane(lane) => {
                let (write, answer) = Write::new(closure);
                lane.write(Box::new(write))?;
                answer
                    .await
                    .unwrap_or_else(|_| Err(E::from(Error::Shutdown)))
            }
            Writes::Pool => {
                let transaction = self.inner.pool.begin().await.map_err(Error::from)?;
                let tx = Tx::new(transaction, &self.inner.meter);
                match job::perform(closure, &tx).await {
                    Ok(value) => {
                        tx.commit().await?;
                        Ok(value)
                    }
                    Err(error) => {
                        // The closure's error says more than a rollback that fails too; the
                        // connection is then closed by the pool.
                        let _ = tx.rollback().await;
                        Err(error)
                    }
                }
            }
        }
    }

    /// Stores one row that needs nothing but an INSERT. On SQLite the rows of many callers go into one
    /// statement and one commit: the fast way for access tokens.
    ///
    /// # Errors
    /// [`Error::Conflict`] when there is such a row already; only the caller who brought it is refused.
    pub async fn append(&self, row: Row) -> Result<(), Error> {
        self.append_all(vec![row]).await
    }

    /// Stores several rows as [`Store::append`] does, all or none.
    ///
    /// # Errors
    /// As [`Store::append`].
    pub async fn append_all(&self, rows: Vec<Row>) -> Result<(), Error> {
        self.begin_write()?;
        match &self.inner.writes {
            Writes::Lane(lane) => lane.append(rows).await,
            Writes::Pool if rows.len() == 1 => {
                let rows: Vec<&Row> = rows.iter().collect();
                append::insert(self.inner.reader.link(), &rows).await
            }
            Writes::Pool => {
                let tx = Tx::new(self.inner.pool.begin().await?, &self.inner.meter);
                let rows: Vec<&Row> = rows.iter().collect();
                match append::insert(tx.link(), &rows).await {
                    Ok(()) => tx.commit().await,
                    Err(error) => {
                        let _ = tx.rollback().await;
                        Err(error)
                    }
                }
            }
        }
    }

    fn begin_write(&self) -> Result<(), Error> {
        if job::is_inside_write() {
            return Err(Error::Broken(
                "a write inside a write would wait for itself".to_owned(),
            ));
        }
        self.inner.meter.count_write();
        Ok(())
    }

    /// How many SQL statements were run since the store was opened; `BEGIN`, `SAVEPOINT` and `COMMIT` are not
    /// counted. Rows appended together count as one statement.
    pub fn statements(&self) -> u64 {
        self.inner.meter.statements()
    }

    /// How many writes ([`Store::write`], [`Store::append`]) were asked for since the store was opened.
    pub fn writes(&self) -> u64 {
        self.inner.meter.writes()
    }

    /// Finishes the writes that wait, and closes all connections. Later calls answer [`Error::Shutdown`].
    pub async fn close(&self) {
        if let Writes::Lane(lane) = &self.inner.writes {
            lane.close().await;
        }
        if let Err(error) = self.inner.pool.close_by_ref().await {
            tracing::warn!(%error, "the connections did not close well");
        }
    }
}
