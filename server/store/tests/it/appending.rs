//! Rows that only need an INSERT: many callers, few statements, each refused alone.

use store::{
    Error, Row, access_tokens::insert_access_token, audit::AuditRecord, testing::on_each_database,
    users::insert_user,
};
use tokio::task::JoinSet;

use crate::samples::{NOW, machine_token, user};

const COUNT_USERS: &str = "SELECT COUNT(*) FROM users";
const COUNT_TOKENS: &str = "SELECT COUNT(*) FROM access_tokens";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn appended_rows_fail_alone() {
    on_each_database(async |db| {
        let mut callers = JoinSet::new();
        // 200 callers, of whom the last 20 bring a token that somebody else brings too.
        for number in 0..200 {
            let store = db.store.clone();
            let token = machine_token(if number < 180 { number } else { number - 180 });
            callers.spawn(async move { store.append(Row::AccessToken(token)).await });
        }
        let outcomes = callers.join_all().await;
        let what = "access_tokens_pkey".to_owned();
        let refused = outcomes
            .iter()
            .filter(|o| **o == Err(Error::Conflict { what: what.clone() }))
            .count();
        assert_eq!(refused, 20);
        assert_eq!(outcomes.iter().filter(|o| o.is_ok()).count(), 180);
        assert_eq!(db.number(COUNT_TOKENS).await, 180);
    })
    .await;
}

#[tokio::test]
async fn rows_appended_together_are_stored_all_or_none() {
    on_each_database(async |db| {
        let rows = |number: u64, event: &str| {
            vec![
                Row::AccessToken(machine_token(number)),
                Row::AuditEvent(AuditRecord {
                    id: event.to_owned(),
                    at: NOW,
                    actor: "client:shop".to_owned(),
                    action: "token.issued".to_owned(),
                    object: "client:shop".to_owned(),
                    detail: "{}".to_owned(),
                    trace: None,
                }),
            ]
        };
        assert_eq!(db.store.append_all(rows(1, "event-1")).await, Ok(()));
        // The token would be new, the event is not.
        let (good, bad) = tokio::join!(
            db.store.append_all(rows(2, "event-2")),
            db.store.append_all(rows(3, "event-1")),
        );
        assert_eq!(good, Ok(()));
        let what = "audit_events_pkey".to_owned();
        assert_eq!(bad, Err(Error::Conflict { what }));
        assert_eq!(db.number(COUNT_TOKENS).await, 2);
        assert_eq!(db.number("SELECT COUNT(*) FROM audit_events").await, 2);
        assert_eq!(db.store.append_all(Vec::new()).await, Ok(()));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn appends_and_closures_share_a_batch() {
    on_each_database(async |db| {
        let mut callers = JoinSet::new();
        for number in 0..40 {
            let store = db.store.clone();
            callers
                .spawn(async move { store.append(Row::AccessToken(machine_token(number))).await });
            let store = db.store.clone();
            callers.spawn(async move {
                store
                    .write(move |tx| {
                        Box::pin(async move {
                            insert_access_token(tx, &machine_token(1000 + number)).await?;
                            insert_user(tx, &user(&format!("person-{}", number / 2))).await
                        })
                    })
                    .await
            });
        }
        let outcomes = callers.join_all().await;
        // Every second person is there already: its token is taken back with it.
        assert_eq!(outcomes.iter().filter(|o| o.is_err()).count(), 20);
        assert_eq!(db.number(COUNT_TOKENS).await, 60);
        assert_eq!(db.number(COUNT_USERS).await, 20);
    })
    .await;
}
