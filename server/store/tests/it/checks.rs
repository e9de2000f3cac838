//! Automatic checks of apps: taken by one, written once, asked for not too often.

use protocol::{
    ids::{AppId, CheckId},
    registration::checks::{CheckKind, CheckOutcome, Finding, Said},
};
use store::{
    Advanced, Error,
    app_checks::{
        CheckRecord, CheckResult, advance_check_asked, advance_check_result, advance_check_taken,
        delete_check, delete_checks, find_check, find_checks, find_due_checks, insert_check,
        upsert_check,
    },
    testing::{TestDatabase, on_each_database},
};
use tokio::task::JoinSet;

use crate::samples::{NOW, after};

fn check(number: i64) -> CheckRecord {
    CheckRecord {
        id: CheckId::new(format!("check-{number}")),
        app_id: AppId::new("app"),
        kind: CheckKind::PolicyPages,
        target: format!("https://shop.test/{number}"),
        expected: (number == 0).then(|| "t0ken".to_owned()),
        outcome: CheckOutcome::Pending,
        evidence: vec![Finding::of(Said::PageFails).with("status", 404)],
        attempts: 0,
        checked_at: None,
        asked_at: None,
        next_at: Some(after(number)),
        expires_at: after(1000),
    }
}

async fn with_checks(db: &TestDatabase, checks: Vec<CheckRecord>) {
    let written: Result<(), Error> = db
        .store
        .write(move |tx| {
            Box::pin(async move {
                for check in &checks {
                    assert_eq!(insert_check(tx, check).await?, Advanced::Yes);
                }
                Ok(())
            })
        })
        .await;
    written.unwrap();
}

fn result() -> CheckResult {
    CheckResult {
        outcome: CheckOutcome::Fail,
        evidence: vec![Finding::of(Said::PageEmpty).with("address", "https://shop.test/ž")],
        attempts: 3,
        checked_at: after(5),
        next_at: Some(after(65)),
        expires_at: after(2000),
    }
}

#[tokio::test]
async fn a_due_check_is_taken_by_exactly_one() {
    on_each_database(async |db| {
        let judged = CheckRecord {
            next_at: None,
            ..check(8)
        };
        with_checks(db, vec![check(2), check(0), check(9), judged]).await;
        let due = find_due_checks(db.store.reader(), after(2), 10).await;
        assert_eq!(due, Ok(vec![check(0), check(2)]));
        let first = find_due_checks(db.store.reader(), after(2), 1).await;
        assert_eq!(first, Ok(vec![check(0)]));

        let mut takers = JoinSet::new();
        for _ in 0..10 {
            let store = db.store.clone();
            takers.spawn(async move {
                store
                    .write::<_, Error, _>(|tx| {
                        Box::pin(async move {
                            advance_check_taken(tx, &CheckId::new("check-0"), NOW, after(60)).await
                        })
                    })
                    .await
                    .unwrap()
            });
        }
        let taken = takers.join_all().await;
        assert_eq!(taken.iter().filter(|taken| taken.is_yes()).count(), 1);
        let due = find_due_checks(db.store.reader(), after(2), 10).await;
        assert_eq!(due, Ok(vec![check(2)]));
        let due = find_due_checks(db.store.reader(), after(60), 10)
            .await
            .unwrap();
        assert_eq!(due.len(), 3, "what its taker left lying is due again");
    })
    .await;
}

#[tokio::test]
async fn a_result_counts_only_while_the_check_is_taken() {
    on_each_database(async |db| {
        with_checks(db, vec![check(0)]).await;
        let told: Result<_, Error> = db
            .store
            .write(|tx| {
                Box::pin(async move {
                    let id = CheckId::new("check-0");
                    let not_taken = advance_check_result(tx, &id, after(60), &result()).await?;
                    let _taken = advance_check_taken(tx, &id, NOW, after(60)).await?;
                    let written = advance_check_result(tx, &id, after(60), &result()).await?;
                    let again = advance_check_result(tx, &id, after(60), &result()).await?;
                    Ok(([not_taken, written, again], find_check(tx, &id).await?))
                })
            })
            .await;
        let expected = CheckRecord {
            outcome: CheckOutcome::Fail,
            evidence: result().evidence,
            attempts: 3,
            checked_at: Some(after(5)),
            next_at: Some(after(65)),
            expires_at: after(2000),
            ..check(0)
        };
        let answers = [Advanced::No, Advanced::Yes, Advanced::No];
        assert_eq!(told, Ok((answers, Some(expected))));
    })
    .await;
}

#[tokio::test]
async fn a_check_is_asked_for_not_too_often() {
    on_each_database(async |db| {
        let waiting = CheckRecord {
            attempts: 7,
            ..check(500)
        };
        let given_up = CheckRecord {
            next_at: None,
            ..check(8)
        };
        with_checks(db, vec![waiting, given_up]).await;
        let ask = async |check: &'static str, at: i64| -> Advanced {
            let asked: Result<_, Error> = db
                .store
                .write(move |tx| {
                    Box::pin(async move {
                        let check = CheckId::new(check);
                        advance_check_asked(tx, &check, after(at), after(at - 60)).await
                    })
                })
                .await;
            asked.unwrap()
        };
        assert_eq!(ask("no such check", 0).await, Advanced::No);
        for asked in ["check-8", "check-500"] {
            assert_eq!(ask(asked, 0).await, Advanced::Yes);
            let found = find_check(db.store.reader(), &CheckId::new(asked)).await;
            let found = found.unwrap().unwrap();
            assert_eq!((found.next_at, found.asked_at), (Some(NOW), Some(NOW)));
            assert_eq!(found.attempts, 0);
            assert_eq!(ask(asked, 59).await, Advanced::No);
            assert_eq!(ask(asked, 60).await, Advanced::Yes);
        }
    })
    .await;
}

#[tokio::test]
async fn an_app_has_one_check_of_a_kind_and_target() {
    on_each_database(async |db| {
        let other_app = CheckRecord {
            id: CheckId::new("other"),
            app_id: AppId::new("other"),
            ..check(1)
        };
        with_checks(db, vec![check(2), check(1), other_app.clone()]).await;
        let told: Result<_, Error> = db
            .store
            .write(|tx| {
                Box::pin(async move {
                    let twin = CheckRecord {
                        id: CheckId::new("twin"),
                        outcome: CheckOutcome::Warn,
                        next_at: None,
                        ..check(1)
                    };
                    let inserted = insert_check(tx, &twin).await?;
                    upsert_check(tx, &twin).await?;
                    Ok(inserted)
                })
            })
            .await;
        assert_eq!(told, Ok(Advanced::No));
        let app = AppId::new("app");
        let replaced = CheckRecord {
            outcome: CheckOutcome::Warn,
            next_at: None,
            ..check(1)
        };
        let found = find_checks(db.store.reader(), &app).await;
        assert_eq!(
            found,
            Ok(vec![replaced, check(2)]),
            "under the id that it had"
        );

        let gone: Result<_, Error> = db
            .store
            .write(move |tx| {
                Box::pin(async move {
                    delete_check(tx, &CheckId::new("check-1")).await?;
                    let left = find_checks(tx, &app).await?;
                    delete_checks(tx, &app).await?;
                    Ok((left, find_checks(tx, &app).await?))
                })
            })
            .await;
        assert_eq!(gone, Ok((vec![check(2)], Vec::new())));
        let others = find_checks(db.store.reader(), &AppId::new("other")).await;
        assert_eq!(others, Ok(vec![other_app]));
    })
    .await;
}
