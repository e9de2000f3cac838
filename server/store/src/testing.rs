//! A fresh database for each story, so that stories run side by side and on both databases from one body.
//!
//! SQLite is always there. PostgreSQL takes part when `COUNTERSIGN_TEST_POSTGRES_URL` names a server; with
//! `COUNTERSIGN_TEST_POSTGRES=required` a story fails when it does not, so that nobody believes that it ran.
//!
//! ```text
//! #[tokio::test]
//! async fn a_person_is_found_by_name() {
//!     on_each_database(async |db| {
//!         db.store.write(...).await ...
//!     })
//!     .await;
//! }
//! ```

use std::{
    path::PathBuf,
    sync::atomic::{AtomicU64, Ordering},
};

use sea_orm::{ConnectionTrait, Database};
use tempfile::TempDir;

use crate::{Error, OpenOptions, Reads, Store, Tx};

/// The server on which schemas for stories are made.
const URL: &str = "COUNTERSIGN_TEST_POSTGRES_URL";
/// Whether it must be there.
const REQUIRED: &str = "COUNTERSIGN_TEST_POSTGRES";

/// A database with all tables and no rows. It is gone when this is dropped.
#[derive(Debug)]
pub struct TestDatabase {
    /// `sqlite` or `postgres`, for the messages of a story that fails.
    pub name: &'static str,
    /// The store on it.
    pub store: Store,
    url: String,
    ground: Ground,
}

/// What is removed in the end.
#[derive(Debug)]
enum Ground {
    Folder(TempDir),
    Schema { server: String, name: String },
}

/// One fresh database of each kind.
///
/// # Panics
/// When a database cannot be made: a story without database cannot be told.
pub async fn databases() -> Vec<TestDatabase> {
    let mut databases = vec![TestDatabase::sqlite(OpenOptions::default()).await];
    match std::env::var(URL) {
        Ok(server) if !server.is_empty() => {
            databases.push(TestDatabase::postgres(&server).await);
        }
        _ => assert!(
            std::env::var(REQUIRED).as_deref() != Ok("required"),
            "{REQUIRED}=required, but {URL} does not say where"
        ),
    }
    databases
}

/// Tells a story on one fresh database of each kind.
///
/// # Panics
/// When a database cannot be made.
pub async fn on_each_database(story: impl AsyncFn(&TestDatabase)) {
    for database in databases().await {
        // Shown only when the story fails.
        println!("on {}", database.name);
        story(&database).await;
    }
}

impl TestDatabase {
    /// A fresh SQLite database in a folder of its own, opened with these options.
    ///
    /// # Panics
    /// When it cannot be made.
    pub async fn sqlite(options: OpenOptions) -> Self {
        let folder = tempfile::tempdir().unwrap_or_else(|error| panic!("a folder: {error}"));
        // The folder below does not exist: opening makes it.
        let file = folder.path().join("data").join("countersign.db");
        let url = format!("sqlite://{}", file.display());
        let store = open(&url, options).await;
        Self {
            name: "sqlite",
            store,
            url,
            ground: Ground::Folder(folder),
        }
    }

    async fn postgres(server: &str) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);

        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("story_{}_{number}", std::process::id());
        // A process that had this id before may have left something behind.
        run(
            server,
            &[
                &format!("DROP SCHEMA IF EXISTS {name} CASCADE"),
                &format!("CREATE SCHEMA {name}"),
            ],
        )
        .await
        .unwrap_or_else(|error| panic!("a schema: {error}"));
        let options = OpenOptions {
            schema: Some(name.clone()),
            // Many stories run side by side on one server.
            max_connections: 6,
            ..OpenOptions::default()
        };
        Self {
            name: "postgres",
            store: open(server, options).await,
            url: server.to_owned(),
            ground: Ground::Schema {
                server: server.to_owned(),
                name,
            },
        }
    }

    /// Opens the same database once more, as another process would.
    ///
    /// # Panics
    /// When it cannot be opened.
    pub async fn open_again(&self, options: OpenOptions) -> Store {
        let schema = match &self.ground {
            Ground::Folder(_) => None,
            Ground::Schema { name, .. } => Some(name.clone()),
        };
        let options = OpenOptions { schema, ..options };
        Store::open(&self.url, options)
            .await
            .unwrap_or_else(|error| panic!("{}: {error}", self.url))
    }

    /// The folder of the SQLite file, if this is SQLite.
    pub fn folder(&self) -> Option<PathBuf> {
        match &self.ground {
            Ground::Folder(folder) => Some(folder.path().join("data")),
            Ground::Schema { .. } => None,
        }
    }

    /// The one number that a query answers.
    ///
    /// # Panics
    /// When it does not answer one number.
    pub async fn number(&self, sql: &str) -> i64 {
        number(self.store.reader(), sql)
            .await
            .unwrap_or_else(|error| panic!("{sql}: {error}"))
    }
}

/// The one number that a query answers.
///
/// # Errors
/// What the database says.
pub async fn number(db: &impl Reads, sql: &str) -> Result<i64, Error> {
    let row = db.link().row(sql, []).await?;
    let row = row.ok_or_else(|| Error::Broken("no row".to_owned()))?;
    Ok(row.try_get_by_index(0)?)
}

/// The one text that a query answers.
///
/// # Errors
/// What the database says.
pub async fn text(db: &impl Reads, sql: &str) -> Result<String, Error> {
    let row = db.link().row(sql, []).await?;
    let row = row.ok_or_else(|| Error::Broken("no row".to_owned()))?;
    Ok(row.try_get_by_index(0)?)
}

/// Runs any SQL inside a transaction.
///
/// # Errors
/// What the database says.
pub async fn execute(tx: &Tx, sql: &str) -> Result<(), Error> {
    tx.0.execute_unprepared(sql).await?;
    Ok(())
}

/// Takes all tables away again, as the migrations say.
///
/// # Errors
/// What the database says.
pub async fn unmigrate(tx: &Tx) -> Result<(), Error> {
    let transaction = tx.transaction().ok_or(Error::Shutdown)?;
    Ok(migrations::down(transaction).await?)
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let Ground::Schema { server, name } = &self.ground else {
            return;
        };
        let (server, sql) = (
            server.clone(),
            format!("SET lock_timeout = '5s'; DROP SCHEMA IF EXISTS {name} CASCADE"),
        );
        // A thread of its own, because a story may end in the middle of a runtime.
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            runtime.map(|runtime| runtime.block_on(run(&server, &[&sql])))
        });
        // A schema that stays behind spoils no other story.
        if !matches!(dropped.join(), Ok(Ok(Ok(())))) {
            eprintln!("the schema {name} stays behind");
        }
    }
}

async fn open(url: &str, options: OpenOptions) -> Store {
    let opened = async {
        let store = Store::open(url, options).await?;
        store.migrate().await?;
        Ok::<_, Error>(store)
    };
    opened
        .await
        .unwrap_or_else(|error| panic!("{url}: {error}"))
}

async fn run(server: &str, statements: &[&str]) -> Result<(), Error> {
    let connection = Database::connect(server).await?;
    for statement in statements {
        connection.execute_unprepared(statement).await?;
    }
    Ok(connection.close().await?)
}
