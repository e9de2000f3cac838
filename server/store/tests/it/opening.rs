//! Opening, migrating, closing.

use std::time::Duration;

use store::{
    Backend, Error, OpenOptions, Row, Store,
    testing::{TestDatabase, execute, number, on_each_database, text, unmigrate},
    users::{find_user, insert_user},
};

use crate::samples::{machine_token, user, with_users};

#[tokio::test]
async fn sqlite_is_durable_and_shared_by_readers_and_writer() {
    let db = TestDatabase::sqlite(OpenOptions::default()).await;
    let reader = db.store.reader();
    assert_eq!(
        text(reader, "PRAGMA journal_mode").await,
        Ok("wal".to_owned())
    );
    assert_eq!(number(reader, "PRAGMA query_only").await, Ok(1));
    let of_writer: Result<_, Error> = db
        .store
        .write(|tx| {
            Box::pin(async move {
                Ok((
                    text(tx, "PRAGMA journal_mode").await?,
                    // 2 is FULL: the disk has it before COMMIT answers.
                    number(tx, "PRAGMA synchronous").await?,
                    number(tx, "PRAGMA foreign_keys").await?,
                    number(tx, "PRAGMA query_only").await?,
                ))
            })
        })
        .await;
    assert_eq!(of_writer, Ok(("wal".to_owned(), 2, 1, 0)));
    assert_eq!(db.store.backend(), Backend::Sqlite);
}

#[tokio::test]
async fn a_reader_of_sqlite_cannot_write() {
    let db = TestDatabase::sqlite(OpenOptions::default()).await;
    let written = number(
        db.store.reader(),
        "INSERT INTO leases (name, holder, expires_at) VALUES ('a', 'b', 1) RETURNING 1",
    )
    .await;
    assert!(matches!(written, Err(Error::Broken(_))), "{written:?}");
    assert_eq!(db.number("SELECT COUNT(*) FROM leases").await, 0);
}

#[cfg(unix)]
#[tokio::test]
async fn the_file_of_sqlite_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;

    let db = TestDatabase::sqlite(OpenOptions::default()).await;
    let folder = db.folder().unwrap();
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let mode = entry.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{:?}", entry.file_name());
    }
}

#[tokio::test]
async fn migrating_again_changes_nothing() {
    on_each_database(async |db| {
        with_users(&db.store, &["ona"]).await;
        assert_eq!(db.store.is_migrated().await, Ok(true));
        assert_eq!(db.store.migrate().await, Ok(()));
        assert_eq!(db.store.is_migrated().await, Ok(true));
        assert_eq!(db.number("SELECT COUNT(*) FROM users").await, 1);
    })
    .await;
}

#[tokio::test]
async fn migrations_can_be_taken_back() {
    on_each_database(async |db| {
        with_users(&db.store, &["ona"]).await;
        let back: Result<(), Error> = db
            .store
            .write(|tx| Box::pin(async move { unmigrate(tx).await }))
            .await;
        assert_eq!(back, Ok(()));
        assert_eq!(db.store.is_migrated().await, Ok(false));
        let users = number(db.store.reader(), "SELECT COUNT(*) FROM users").await;
        assert!(matches!(users, Err(Error::Broken(_))), "{users:?}");
        assert_eq!(db.store.migrate().await, Ok(()));
        assert_eq!(db.number("SELECT COUNT(*) FROM users").await, 0);
    })
    .await;
}

#[tokio::test]
async fn an_interrupted_migration_is_finished() {
    on_each_database(async |db| {
        with_users(&db.store, &["ona"]).await;
        // The tables of the last steps are there, but nobody noted it.
        forget(
            &db.store,
            "DELETE FROM seaql_migrations WHERE version > 'm20261122_000003'",
        )
        .await;
        assert_eq!(db.store.is_migrated().await, Ok(false));
        assert_eq!(db.store.migrate().await, Ok(()));
        assert_eq!(db.store.is_migrated().await, Ok(true));
        assert_eq!(db.number("SELECT COUNT(*) FROM users").await, 1);
    })
    .await;
}

#[tokio::test]
async fn several_nodes_may_migrate_at_once() {
    on_each_database(async |db| {
        forget(&db.store, "DROP TABLE leases").await;
        forget(
            &db.store,
            "DELETE FROM seaql_migrations WHERE version > 'm20261122_000009'",
        )
        .await;
        let other = db.open_again(OpenOptions::default()).await;
        let (one, two) = tokio::join!(db.store.migrate(), other.migrate());
        assert_eq!((one, two), (Ok(()), Ok(())));
        assert_eq!(db.number("SELECT COUNT(*) FROM leases").await, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn several_processes_may_make_a_new_database_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("new").join("countersign.db");
    let url = format!("sqlite://{}", file.display());
    let mut processes = tokio::task::JoinSet::new();
    for _ in 0..6 {
        let url = url.clone();
        processes.spawn(async move {
            let store = Store::open(&url, OpenOptions::default()).await?;
            store.migrate().await?;
            Ok::<_, Error>((store.is_migrated().await?, store))
        });
    }
    for outcome in processes.join_all().await {
        let (is_migrated, store) = outcome.unwrap();
        assert!(is_migrated);
        store.close().await;
    }
}

#[tokio::test]
async fn a_database_of_a_newer_version_is_refused() {
    on_each_database(async |db| {
        forget(
            &db.store,
            "INSERT INTO seaql_migrations VALUES ('m20991231_000001_future', 1)",
        )
        .await;
        assert!(matches!(
            db.store.is_migrated().await,
            Err(Error::Broken(_))
        ));
        assert!(matches!(db.store.migrate().await, Err(Error::Broken(_))));
    })
    .await;
}

async fn forget(store: &Store, sql: &'static str) {
    let done: Result<(), Error> = store
        .write(move |tx| Box::pin(async move { execute(tx, sql).await }))
        .await;
    done.unwrap();
}

#[tokio::test]
async fn a_url_that_cannot_be_opened_says_so() {
    for url in [
        "",
        "countersign.db",
        "mysql://localhost/countersign",
        "sqlite::memory:",
        "sqlite:///proc/no/such/folder/countersign.db",
        "postgres://nobody@127.0.0.1:1/nothing",
    ] {
        let options = OpenOptions {
            busy_timeout: Duration::from_millis(50),
            ..OpenOptions::default()
        };
        let opened = Store::open(url, options).await;
        assert!(matches!(opened, Err(Error::Broken(_))), "{url}: {opened:?}");
    }
}

#[tokio::test]
async fn another_process_sees_what_was_committed() {
    on_each_database(async |db| {
        let other = db.open_again(OpenOptions::default()).await;
        with_users(&db.store, &["ona"]).await;
        let ona = find_user(other.reader(), &user("ona").id).await;
        assert_eq!(ona, Ok(Some(user("ona"))));
        with_users(&other, &["jonas"]).await;
        let jonas = find_user(db.store.reader(), &user("jonas").id).await;
        assert_eq!(jonas, Ok(Some(user("jonas"))));
    })
    .await;
}

#[tokio::test]
async fn a_closed_store_answers_shutdown() {
    on_each_database(async |db| {
        let store = &db.store;
        assert_eq!(store.ping().await, Ok(()));
        store.close().await;
        assert_eq!(store.ping().await, Err(Error::Shutdown));
        let write: Result<(), Error> = store
            .write(|tx| Box::pin(async move { insert_user(tx, &user("ona")).await }))
            .await;
        assert_eq!(write, Err(Error::Shutdown));
        let append = store.append(Row::AccessToken(machine_token(1))).await;
        assert_eq!(append, Err(Error::Shutdown));
        let read = find_user(store.reader(), &user("ona").id).await;
        assert_eq!(read, Err(Error::Shutdown));
        // Once more does no harm.
        store.close().await;
        let again = db.open_again(OpenOptions::default()).await;
        assert_eq!(
            number(again.reader(), "SELECT COUNT(*) FROM users").await,
            Ok(0)
        );
    })
    .await;
}
