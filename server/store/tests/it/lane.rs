//! Many writers at once: what each of them is told, and what is stored.

use std::time::Duration;

use protocol::{ids::UserId, locale::Locale};
use store::{
    Advanced, Error, OpenOptions, Row, Store,
    access_tokens::advance_access_token_used,
    testing::{TestDatabase, execute, number, on_each_database},
    users::{UserRecord, advance_user_locale, find_user, insert_user},
};
use tokio::{
    sync::oneshot,
    task::{JoinHandle, JoinSet},
};

use crate::samples::{NOW, digest, machine_token, user, with_users};

const COUNT_USERS: &str = "SELECT COUNT(*) FROM users";
const COUNT_TOKENS: &str = "SELECT COUNT(*) FROM access_tokens";

/// Writes one person, and nothing else.
async fn insert(store: Store, user: UserRecord) -> Result<(), Error> {
    store
        .write(move |tx| Box::pin(async move { insert_user(tx, &user).await }))
        .await
}

/// A write that has begun and waits, so that others queue up behind it.
struct Held {
    gate: oneshot::Sender<()>,
    task: JoinHandle<Result<(), Error>>,
}

impl Held {
    /// Comes back when the write has begun. It writes one person and then waits.
    async fn begin(store: &Store, name: &'static str) -> Self {
        let (begun, has_begun) = oneshot::channel();
        let (gate, opened) = oneshot::channel::<()>();
        let store = store.clone();
        let task = tokio::spawn(async move {
            store
                .write(move |tx| {
                    Box::pin(async move {
                        insert_user(tx, &user(name)).await?;
                        let _ = begun.send(());
                        let _ = opened.await;
                        Ok(())
                    })
                })
                .await
        });
        has_begun.await.unwrap();
        Self { gate, task }
    }

    async fn end(self) -> Result<(), Error> {
        let _ = self.gate.send(());
        self.task.await.unwrap()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_a_hundred_writers_only_the_one_in_conflict_fails() {
    on_each_database(async |db| {
        let mut writers = JoinSet::new();
        for number in 0..100 {
            // Number 57 wants the name of number 56, in other letters.
            let user = match number {
                57 => UserRecord {
                    username: "PERSON-56".to_owned(),
                    ..user("person-57")
                },
                number => user(&format!("person-{number}")),
            };
            writers.spawn(insert(db.store.clone(), user));
        }
        let outcomes = writers.join_all().await;
        let refused: Vec<_> = outcomes.iter().filter_map(|o| o.clone().err()).collect();
        let what = "users_environment_username_folded_key".to_owned();
        assert_eq!(refused, [Error::Conflict { what }]);
        assert_eq!(db.number(COUNT_USERS).await, 99);
    })
    .await;
}

#[derive(Debug, PartialEq)]
enum Refused {
    ByRule,
    ByStore(Error),
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Self::ByStore(error)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_closure_that_fails_takes_back_its_own_writes_only() {
    on_each_database(async |db| {
        let mut writers = JoinSet::new();
        for number in 0..60 {
            let store = db.store.clone();
            writers.spawn(async move {
                store
                    .write(move |tx| {
                        Box::pin(async move {
                            insert_user(tx, &user(&format!("person-{number}"))).await?;
                            if number % 3 == 0 {
                                return Err(Refused::ByRule);
                            }
                            insert_user(tx, &user(&format!("friend-of-{number}"))).await?;
                            Ok(number)
                        })
                    })
                    .await
            });
        }
        let outcomes = writers.join_all().await;
        let refused = outcomes
            .iter()
            .filter(|o| **o == Err(Refused::ByRule))
            .count();
        let stored = outcomes.iter().filter(|o| o.is_ok()).count();
        assert_eq!((refused, stored), (20, 40));
        assert_eq!(db.number(COUNT_USERS).await, 80);
        let sql =
            "SELECT COUNT(*) FROM users WHERE username IN ('person-0', 'person-3', 'person-57')";
        assert_eq!(db.number(sql).await, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_closure_that_panics_takes_back_its_own_writes_only() {
    on_each_database(async |db| {
        let mut writers = JoinSet::new();
        for number in 0..20 {
            let store = db.store.clone();
            writers.spawn(async move {
                store
                    .write::<(), Error, _>(move |tx| {
                        Box::pin(async move {
                            insert_user(tx, &user(&format!("person-{number}"))).await?;
                            assert!(number % 5 != 0, "a story about a panic");
                            Ok(())
                        })
                    })
                    .await
            });
        }
        let outcomes = writers.join_all().await;
        let broken = outcomes.iter().filter(|o| {
            **o == Err(Error::Broken(
                "a write panicked: a story about a panic".into(),
            ))
        });
        assert_eq!(broken.count(), 4);
        assert_eq!(outcomes.iter().filter(|o| o.is_ok()).count(), 16);
        assert_eq!(db.number(COUNT_USERS).await, 16);

        // Also when it is alone, and before it has become a future.
        let alone = db
            .store
            .write::<(), Error, _>(|_| panic!("a story about an early panic"))
            .await;
        assert!(matches!(alone, Err(Error::Broken(_))));
        assert_eq!(insert(db.store.clone(), user("after")).await, Ok(()));
    })
    .await;
}

#[tokio::test]
async fn a_failed_statement_cannot_be_ignored() {
    on_each_database(async |db| {
        with_users(&db.store, &["ona"]).await;
        let outcome: Result<_, Error> = db
            .store
            .write(|tx| {
                Box::pin(async move {
                    insert_user(tx, &user("jonas")).await?;
                    // Somebody ignores the conflict and goes on.
                    let conflict = insert_user(tx, &user("ona")).await;
                    let later = find_user(tx, &user("jonas").id).await;
                    assert_eq!(later.err(), conflict.err());
                    Ok(())
                })
            })
            .await;
        // By its id or by its name: each database looks at its keys in its own order.
        assert!(
            matches!(outcome, Err(Error::Conflict { .. })),
            "{outcome:?}"
        );
        assert_eq!(db.number(COUNT_USERS).await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_write_inside_a_write_is_refused() {
    on_each_database(async |db| {
        let store = db.store.clone();
        let outcome: Result<_, Error> = db
            .store
            .write(move |tx| {
                Box::pin(async move {
                    insert_user(tx, &user("ona")).await?;
                    let token = Row::AccessToken(machine_token(1));
                    Ok((
                        insert(store.clone(), user("jonas")).await,
                        store.append(token).await,
                    ))
                })
            })
            .await;
        let (write, append) = outcome.unwrap();
        assert!(matches!(write, Err(Error::Broken(_))), "{write:?}");
        assert!(matches!(append, Err(Error::Broken(_))), "{append:?}");
        assert_eq!(db.number(COUNT_USERS).await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_transaction_sees_its_own_writes_and_others_do_not() {
    on_each_database(async |db| {
        let held = Held::begin(&db.store, "ona").await;
        assert_eq!(
            find_user(db.store.reader(), &user("ona").id).await,
            Ok(None)
        );
        assert_eq!(held.end().await, Ok(()));
        let ona = find_user(db.store.reader(), &user("ona").id).await;
        assert_eq!(ona, Ok(Some(user("ona"))));
        let seen: Result<_, Error> = db
            .store
            .write(|tx| {
                Box::pin(async move {
                    let ona = user("ona").id;
                    let changed = advance_user_locale(tx, &ona, Locale::Ru).await?;
                    let seen = find_user(tx, &ona).await?;
                    Ok((changed, seen.map(|ona| ona.locale)))
                })
            })
            .await;
        assert_eq!(seen, Ok((Advanced::Yes, Some(Locale::Ru))));
    })
    .await;
}

#[tokio::test]
async fn a_caller_that_goes_away_does_not_disturb_the_others() {
    on_each_database(async |db| {
        let held = Held::begin(&db.store, "gone").await;
        held.task.abort();
        assert!(held.task.await.unwrap_err().is_cancelled());
        let _ = held.gate.send(());
        assert_eq!(insert(db.store.clone(), user("next")).await, Ok(()));
        // The lane had begun it and finished it; the pool took it back.
        let expected = match db.store.backend() {
            store::Backend::Sqlite => 2,
            store::Backend::Postgres => 1,
        };
        assert_eq!(db.number(COUNT_USERS).await, expected);
    })
    .await;
}

#[tokio::test]
async fn a_caller_that_goes_away_before_its_turn_writes_nothing() {
    let db = TestDatabase::sqlite(OpenOptions::default()).await;
    let held = Held::begin(&db.store, "first").await;
    let waiting = tokio::spawn(insert(db.store.clone(), user("gone")));
    let append = tokio::spawn({
        let store = db.store.clone();
        async move { store.append(Row::AccessToken(machine_token(1))).await }
    });
    // Both are in the queue when they were polled once.
    tokio::task::yield_now().await;
    waiting.abort();
    append.abort();
    let _ = (waiting.await, append.await);
    assert_eq!(held.end().await, Ok(()));
    assert_eq!(insert(db.store.clone(), user("last")).await, Ok(()));
    assert_eq!(db.number(COUNT_USERS).await, 2);
    assert_eq!(db.number(COUNT_TOKENS).await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_fifty_that_use_something_once_exactly_one_does() {
    on_each_database(async |db| {
        db.store
            .append(Row::AccessToken(machine_token(1)))
            .await
            .unwrap();
        let mut users = JoinSet::new();
        for _ in 0..50 {
            let store = db.store.clone();
            users.spawn(async move {
                store
                    .write::<_, Error, _>(|tx| {
                        Box::pin(
                            async move { advance_access_token_used(tx, &digest(1), NOW).await },
                        )
                    })
                    .await
            });
        }
        let outcomes = users.join_all().await;
        let winners = outcomes.iter().filter(|o| **o == Ok(Advanced::Yes)).count();
        let losers = outcomes.iter().filter(|o| **o == Ok(Advanced::No)).count();
        assert_eq!((winners, losers), (1, 49), "{outcomes:?}");
    })
    .await;
}

#[tokio::test]
async fn appends_that_wait_together_are_one_statement() {
    let db = TestDatabase::sqlite(OpenOptions::default()).await;
    let held = Held::begin(&db.store, "first").await;
    let mut callers = JoinSet::new();
    for number in 0..64 {
        let store = db.store.clone();
        callers.spawn(async move { store.append(Row::AccessToken(machine_token(number))).await });
    }
    // They are in the queue when each was polled once.
    tokio::task::yield_now().await;
    let before = db.store.statements();
    assert_eq!(held.end().await, Ok(()));
    assert!(callers.join_all().await.iter().all(Result::is_ok));
    assert_eq!(db.store.statements() - before, 1);
    assert_eq!(db.number(COUNT_TOKENS).await, 64);
}

#[tokio::test]
async fn the_lane_waits_for_another_process() {
    let db = TestDatabase::sqlite(OpenOptions::default()).await;
    let command_line = db.open_again(OpenOptions::default()).await;
    let held = Held::begin(&command_line, "theirs").await;
    let ours = tokio::spawn(insert(db.store.clone(), user("ours")));
    tokio::task::yield_now().await;
    assert_eq!(held.end().await, Ok(()));
    assert_eq!(ours.await.unwrap(), Ok(()));
    assert_eq!(db.number(COUNT_USERS).await, 2);
}

#[tokio::test]
async fn the_lane_answers_busy_when_another_process_does_not_let_go() {
    let patience = OpenOptions {
        busy_timeout: Duration::from_millis(40),
        ..OpenOptions::default()
    };
    let db = TestDatabase::sqlite(patience).await;
    let command_line = db.open_again(OpenOptions::default()).await;
    let held = Held::begin(&command_line, "theirs").await;
    let (write, append) = tokio::join!(
        insert(db.store.clone(), user("refused")),
        db.store.append(Row::AccessToken(machine_token(1))),
    );
    assert_eq!((write, append), (Err(Error::Busy), Err(Error::Busy)));
    // Reading goes on meanwhile.
    assert_eq!(db.number(COUNT_USERS).await, 0);
    assert_eq!(held.end().await, Ok(()));
    assert_eq!(insert(db.store.clone(), user("later")).await, Ok(()));
    assert_eq!(db.number(COUNT_USERS).await, 2);
    assert_eq!(db.number(COUNT_TOKENS).await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_loses_nothing_that_was_answered() {
    let db = TestDatabase::sqlite(OpenOptions::default()).await;
    let limited: Result<(), Error> = db
        .store
        .write(|tx| {
            Box::pin(async move {
                let pages = number(tx, "PRAGMA page_count").await?;
                execute(tx, &format!("PRAGMA max_page_count = {}", pages + 8)).await
            })
        })
        .await;
    assert_eq!(limited, Ok(()));
    let mut writers = JoinSet::new();
    for number in 0..40 {
        // Each person takes more than a page.
        let user = UserRecord {
            display_name: "x".repeat(6000),
            ..user(&format!("person-{number}"))
        };
        let (store, id) = (db.store.clone(), user.id.clone());
        writers.spawn(async move { (id, insert(store, user).await) });
    }
    let outcomes: Vec<(UserId, Result<(), Error>)> = writers.join_all().await;
    let full = outcomes
        .iter()
        .filter(|(_, o)| *o == Err(Error::Full))
        .count();
    assert!(
        full > 0,
        "{:?}",
        outcomes.iter().map(|(_, o)| o).collect::<Vec<_>>()
    );
    for (id, outcome) in &outcomes {
        let stored = find_user(db.store.reader(), id).await.unwrap();
        assert_eq!(stored.is_some(), outcome.is_ok(), "{id}: {outcome:?}");
    }
    // Room again: the next connection knows no limit.
    assert_eq!(insert(db.store.clone(), user("later")).await, Ok(()));
}

#[tokio::test]
async fn closing_finishes_what_waits() {
    let db = TestDatabase::sqlite(OpenOptions::default()).await;
    let held = Held::begin(&db.store, "first").await;
    let waiting = tokio::spawn(insert(db.store.clone(), user("second")));
    tokio::task::yield_now().await;
    let closing = tokio::spawn({
        let store = db.store.clone();
        async move { store.close().await }
    });
    tokio::task::yield_now().await;
    assert_eq!(
        insert(db.store.clone(), user("late")).await,
        Err(Error::Shutdown)
    );
    assert_eq!(held.end().await, Ok(()));
    assert_eq!(waiting.await.unwrap(), Ok(()));
    closing.await.unwrap();
    let again = db.open_again(OpenOptions::default()).await;
    assert_eq!(number(again.reader(), COUNT_USERS).await, Ok(2));
}
