//! Opening a database: which one, with which settings.

use std::{
    path::{Path, PathBuf},
    str::FromStr,
    time::Duration,
};

use sea_orm::{ConnectOptions, Database, DatabaseConnection, sqlx::sqlite::SqliteConnectOptions};
use tokio::time::Instant;

use crate::Error;

/// How to open a store. The defaults fit one node with two to eight cores.
#[derive(Clone, Debug)]
pub struct OpenOptions {
    /// SQLite: how many connections read at the same time. Default 4.
    pub max_read_connections: u32,
    /// PostgreSQL: how many connections there are, for reading and writing. Default 16.
    pub max_connections: u32,
    /// How long to wait for a lock or a connection before the answer is [`Error::Busy`]. Default 5 seconds.
    pub busy_timeout: Duration,
    /// PostgreSQL: the schema that holds the tables, when it is not the one of the user.
    pub schema: Option<String>,
}

impl Default for OpenOptions {
    fn default() -> Self {
        Self {
            max_read_connections: 4,
            max_connections: 16,
            busy_timeout: Duration::from_secs(5),
            schema: None,
        }
    }
}

/// Where the database is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Place {
    /// The file of an SQLite database.
    Sqlite(PathBuf),
    /// The URL of a PostgreSQL database.
    Postgres(String),
}

impl Place {
    /// Reads `sqlite://data/countersign.db` or `postgres://user@host/name`.
    pub(crate) fn of_url(url: &str) -> Result<Self, Error> {
        if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            return Ok(Self::Postgres(url.to_owned()));
        }
        if !url.starts_with("sqlite:") {
            return Err(Error::Broken(
                "the database URL begins with sqlite: or postgres:".to_owned(),
            ));
        }
        if url.contains(":memory:") || url.contains("mode=memory") {
            return Err(Error::Broken(
                "a database in memory cannot be shared by several connections".to_owned(),
            ));
        }
        let options = SqliteConnectOptions::from_str(url)
            .map_err(|error| Error::Broken(format!("the database URL: {error}")))?;
        Ok(Self::Sqlite(options.get_filename().to_owned()))
    }
}

/// Makes the folder and an empty file that only its owner can read: the tables hold personal data.
pub(crate) fn create_file(file: &Path) -> Result<(), Error> {
    let broken = |error: std::io::Error| Error::Broken(format!("{}: {error}", file.display()));
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder).map_err(broken)?;
    }
    let mut options = std::fs::OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file).map_err(broken)?;
    Ok(())
}

/// Connects, and tries again while somebody else is in the way: when several processes make a new
/// database at once, SQLite refuses all but one of them without waiting.
pub(crate) async fn connect(
    options: ConnectOptions,
    patience: Duration,
) -> Result<DatabaseConnection, Error> {
    const BREATH: Duration = Duration::from_millis(5);

    let begun = Instant::now();
    loop {
        match Database::connect(options.clone())
            .await
            .map_err(Error::from)
        {
            Err(Error::Busy) if begun.elapsed() < patience => tokio::time::sleep(BREATH).await,
            Err(Error::Busy) => {
                return Err(Error::Broken("the database does not answer".to_owned()));
            }
            outcome => return outcome,
        }
    }
}

/// Which side of an SQLite database a connection is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Side {
    Reads,
    Writes,
}

/// One try for the lock of the file; the lane tries again until the patience of its callers ends.
const LOCK_SLICE: Duration = Duration::from_millis(250);

/// Opening a file counts as acquiring a connection; on a busy machine that takes its time, however short
/// the patience with locks is.
const SHORTEST_ACQUIRE: Duration = Duration::from_secs(2);

/// The lane shares its connection with nobody: it is there as soon as the last batch gave it back.
const OWN_CONNECTION: Duration = Duration::from_secs(30);

pub(crate) fn sqlite(file: &Path, side: Side, options: &OpenOptions) -> ConnectOptions {
    let file = file.to_owned();
    let (busy_timeout, acquire_timeout) = match side {
        Side::Reads => (
            options.busy_timeout,
            options.busy_timeout.max(SHORTEST_ACQUIRE),
        ),
        Side::Writes => (options.busy_timeout.min(LOCK_SLICE), OWN_CONNECTION),
    };
    // The name of the file comes below, so that it need not survive a URL.
    let mut connect = ConnectOptions::new("sqlite://countersign.db");
    connect
        .map_sqlx_sqlite_opts(move |sqlite| {
            let sqlite = sqlite
                .filename(&file)
                .busy_timeout(busy_timeout)
                // Readers do not wait for the writer, nor the writer for them.
                .pragma("journal_mode", "WAL")
                // A COMMIT is answered when it is on the disk.
                .pragma("synchronous", "FULL")
                .pragma("foreign_keys", "ON")
                .pragma("temp_store", "MEMORY");
            match side {
                // Negative: KiB of pages kept by each connection. Little, because the system keeps the
                // file in memory too, for all connections together.
                Side::Reads => sqlite
                    .pragma("cache_size", "-1024")
                    .pragma("query_only", "ON"),
                Side::Writes => sqlite
                    .pragma("cache_size", "-4096")
                    // Copy the log back every 16 MiB instead of every 4: fewer waits for the disk.
                    .pragma("wal_autocheckpoint", "4096")
                    // Give the room back after the log grew beyond this.
                    .pragma("journal_size_limit", "67108864")
                    // Appended rows have a prepared statement for each size that they are cut into.
                    .statement_cache_capacity(128),
            }
        })
        .acquire_timeout(acquire_timeout)
        // The connections are files: they do not go stale.
        .test_before_acquire(false)
        .idle_timeout(None)
        .max_lifetime(None)
        .min_connections(1)
        .max_connections(match side {
            Side::Reads => options.max_read_connections.max(1),
            Side::Writes => 1,
        })
        .sqlx_logging(false);
    connect
}

pub(crate) fn postgres(url: &str, options: &OpenOptions) -> ConnectOptions {
    /// A statement that runs longer stands behind a lock that nobody will let go.
    const LONGEST_STATEMENT: Duration = Duration::from_secs(30);
    /// A connection that was used a moment ago is not asked whether it lives.
    const TRUSTED_FOR: Duration = Duration::from_secs(30);

    let mut connect = ConnectOptions::new(url);
    connect
        .acquire_timeout(options.busy_timeout)
        .test_before_acquire_if_idle_for(TRUSTED_FOR)
        .statement_timeout(LONGEST_STATEMENT)
        .max_connections(options.max_connections.max(2))
        .set_application_name("countersign")
        .sqlx_logging(false);
    if let Some(schema) = &options.schema {
        connect.set_schema_search_path(schema);
    }
    connect
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_says_which_database() {
        let relative = Place::of_url("sqlite://data/countersign.db");
        assert_eq!(
            relative,
            Ok(Place::Sqlite(PathBuf::from("data/countersign.db")))
        );
        let absolute = Place::of_url("sqlite:///var/lib/countersign.db");
        assert_eq!(
            absolute,
            Ok(Place::Sqlite(PathBuf::from("/var/lib/countersign.db")))
        );
        let server = Place::of_url("postgres://someone@db/countersign");
        assert_eq!(
            server,
            Ok(Place::Postgres(
                "postgres://someone@db/countersign".to_owned()
            ))
        );
        for url in [
            "sqlite::memory:",
            "sqlite://x?mode=memory",
            "mysql://db/x",
            "x.db",
            "",
        ] {
            assert!(Place::of_url(url).is_err(), "{url}");
        }
    }
}
