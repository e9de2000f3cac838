//! Throttles, leases, the outbox, the audit trail, the sweep.

use protocol::{
    ids::{MailId, TraceId},
    secret::SessionId,
    time::Timestamp,
};
use store::{
    Advanced, Backend, Error,
    audit::{AuditRecord, find_audit_events, insert_audit_event},
    consents::insert_consent,
    families::insert_family,
    leases::{LeaseRecord, advance_lease, delete_lease, find_lease},
    outbox::{
        MailRecord, advance_mail_failed, advance_mail_sent, find_due_mails, find_newest_mails,
        insert_mail,
    },
    refresh_tokens::insert_refresh_token,
    sessions::{SessionRecord, upsert_session},
    sweep::{Swept, delete_expired},
    testing::{TestDatabase, on_each_database, text},
    throttles::{
        ThrottleRecord, advance_throttle, advance_throttle_blocked, delete_throttle, find_throttle,
    },
};
use tokio::task::JoinSet;

use crate::samples::{NOW, after, consent, digest, family, refresh_token};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn failures_at_the_same_time_are_all_counted() {
    on_each_database(async |db| {
        let mut guesses = JoinSet::new();
        for _ in 0..25 {
            let store = db.store.clone();
            guesses.spawn(async move {
                store
                    .write::<_, Error, _>(|tx| {
                        Box::pin(async move {
                            let known =
                                advance_throttle(tx, "login:ona", NOW, after(-60), after(600))
                                    .await?;
                            Ok(known.failures)
                        })
                    })
                    .await
                    .unwrap()
            });
        }
        let mut counts = guesses.join_all().await;
        counts.sort_unstable();
        assert_eq!(counts, (1..=25).collect::<Vec<_>>());
    })
    .await;
}

#[tokio::test]
async fn a_window_that_is_over_begins_anew() {
    on_each_database(async |db| {
        let count = async |now: Timestamp| -> ThrottleRecord {
            let since = Timestamp::from_seconds(now.seconds() - 60);
            let counted: Result<_, Error> = db
                .store
                .write(move |tx| {
                    Box::pin(async move {
                        advance_throttle(tx, "login:ona", now, since, after(600)).await
                    })
                })
                .await;
            counted.unwrap()
        };
        assert_eq!(count(NOW).await.failures, 1);
        assert_eq!(count(after(60)).await.failures, 2);
        let blocked: Result<_, Error> = db
            .store
            .write(|tx| {
                Box::pin(async move {
                    Ok((
                        advance_throttle_blocked(tx, "login:ona", after(90)).await?,
                        advance_throttle_blocked(tx, "login:jonas", after(90)).await?,
                    ))
                })
            })
            .await;
        assert_eq!(blocked, Ok((Advanced::Yes, Advanced::No)));
        let expected = ThrottleRecord {
            key: "login:ona".to_owned(),
            failures: 2,
            window_started_at: NOW,
            blocked_until: Some(after(90)),
            expires_at: after(600),
        };
        let found = find_throttle(db.store.reader(), "login:ona").await;
        assert_eq!(found, Ok(Some(expected.clone())));
        let anew = ThrottleRecord {
            failures: 1,
            window_started_at: after(61),
            blocked_until: None,
            ..expected
        };
        assert_eq!(count(after(61)).await, anew);
        let cleared: Result<(), Error> = db
            .store
            .write(|tx| Box::pin(async move { delete_throttle(tx, "login:ona").await }))
            .await;
        assert_eq!(cleared, Ok(()));
        assert_eq!(
            find_throttle(db.store.reader(), "login:ona").await,
            Ok(None)
        );
    })
    .await;
}

#[tokio::test]
async fn a_lease_has_one_holder() {
    on_each_database(async |db| {
        let told: Result<_, Error> = db
            .store
            .write(|tx| {
                Box::pin(async move {
                    let taken = [
                        advance_lease(tx, "sweep", "one", NOW, after(10)).await?,
                        advance_lease(tx, "sweep", "two", after(5), after(15)).await?,
                        // Renewed by its holder; taken over once it has run out.
                        advance_lease(tx, "sweep", "one", after(5), after(20)).await?,
                        advance_lease(tx, "sweep", "two", after(19), after(30)).await?,
                        advance_lease(tx, "sweep", "two", after(20), after(30)).await?,
                        advance_lease(tx, "sweep", "one", after(25), after(40)).await?,
                    ];
                    // Who no longer has it cannot give it back.
                    delete_lease(tx, "sweep", "one").await?;
                    Ok((taken.map(Advanced::is_yes), find_lease(tx, "sweep").await?))
                })
            })
            .await;
        let held = LeaseRecord {
            name: "sweep".to_owned(),
            holder: "two".to_owned(),
            expires_at: after(30),
        };
        assert_eq!(
            told,
            Ok(([true, false, true, false, true, false], Some(held)))
        );
        let given: Result<_, Error> = db
            .store
            .write(|tx| {
                Box::pin(async move {
                    delete_lease(tx, "sweep", "two").await?;
                    find_lease(tx, "sweep").await
                })
            })
            .await;
        assert_eq!(given, Ok(None));
    })
    .await;
}

fn mail(number: i64) -> MailRecord {
    MailRecord {
        id: MailId::new(format!("mail-{number}")),
        recipient: format!("person-{}@people.test", number % 2),
        subject: "Your app".to_owned(),
        body_text: "Its secret is below.".to_owned(),
        body_html: None,
        created_at: after(number),
        attempts: 0,
        next_attempt_at: after(number),
        sent_at: None,
        last_error: None,
        expires_at: after(10_000),
    }
}

#[tokio::test]
async fn a_mail_is_tried_until_it_is_sent() {
    on_each_database(async |db| {
        let told: Result<_, Error> = db
            .store
            .write(|tx| {
                Box::pin(async move {
                    for number in 1..6 {
                        insert_mail(tx, &mail(number)).await?;
                    }
                    let ids = [1, 2, 3].map(|number| mail(number).id);
                    Ok([
                        advance_mail_sent(tx, &ids[0], after(10)).await?,
                        advance_mail_sent(tx, &ids[0], after(11)).await?,
                        advance_mail_failed(tx, &ids[0], "late", after(12)).await?,
                        advance_mail_failed(tx, &ids[1], "no answer", after(100)).await?,
                        advance_mail_failed(tx, &ids[2], "no answer", after(3)).await?,
                    ])
                })
            })
            .await;
        let expected = [true, false, false, true, true];
        assert_eq!(told.map(|t| t.map(Advanced::is_yes)), Ok(expected));
        let failed = |number, at| MailRecord {
            attempts: 1,
            last_error: Some("no answer".to_owned()),
            next_attempt_at: after(at),
            ..mail(number)
        };
        let reader = db.store.reader();
        let due = find_due_mails(reader, after(4), 9).await;
        assert_eq!(due, Ok(vec![failed(3, 3), mail(4)]));
        let due = find_due_mails(reader, after(100), 1).await;
        assert_eq!(due, Ok(vec![failed(3, 3)]));
        let newest = find_newest_mails(reader, Some("person-0@people.test"), 9).await;
        assert_eq!(newest, Ok(vec![mail(4), failed(2, 100)]));
        let newest = find_newest_mails(reader, None, 5).await.unwrap();
        assert_eq!(newest[4].sent_at, Some(after(10)));
        assert!(!format!("{:?}", newest[4]).contains("secret"));
    })
    .await;
}

#[tokio::test]
async fn the_audit_trail_is_read_by_object() {
    on_each_database(async |db| {
        let event = |number: i64| AuditRecord {
            id: format!("event-{number}"),
            at: after(number / 2),
            actor: "user:ona".to_owned(),
            action: "consent.given".to_owned(),
            object: format!("consent:{}", number % 3),
            detail: r#"{"scope":"wallet"}"#.to_owned(),
            trace: (number != 4).then(|| TraceId::from_entropy([number as u8; 5])),
        };
        let events: Vec<AuditRecord> = (0..9).map(event).collect();
        let written: Result<(), Error> = db
            .store
            .write(move |tx| {
                Box::pin(async move {
                    for event in &events {
                        insert_audit_event(tx, event).await?;
                    }
                    Ok(())
                })
            })
            .await;
        assert_eq!(written, Ok(()));
        let found = find_audit_events(db.store.reader(), "consent:1", 2).await;
        assert_eq!(found, Ok(vec![event(7), event(4)]));
    })
    .await;
}

#[tokio::test]
async fn the_sweep_deletes_what_is_over_in_small_batches() {
    on_each_database(async |db| {
        let written: Result<(), Error> = db
            .store
            .write(|tx| {
                Box::pin(async move {
                    for number in 0..25 {
                        let session = SessionRecord {
                            digest: digest::<SessionId>(number),
                            user_id: None,
                            data: String::new(),
                            created_at: NOW,
                            expires_at: after(number as i64),
                        };
                        upsert_session(tx, &session).await?;
                    }
                    insert_consent(tx, &consent("consent")).await?;
                    insert_family(tx, &family("family", "consent")).await?;
                    insert_refresh_token(tx, &refresh_token(1, "family")).await
                })
            })
            .await;
        assert_eq!(written, Ok(()));
        let sweep = async |now: Timestamp| -> Swept {
            let swept: Result<_, Error> = db
                .store
                .write(move |tx| Box::pin(async move { delete_expired(tx, now, 8).await }))
                .await;
            swept.unwrap()
        };
        let of_sessions = |rows, may_have_more| Swept {
            rows: vec![("sessions", rows)],
            may_have_more,
        };
        // At 19 seconds twenty are over: what expires now is over now.
        assert_eq!(sweep(after(19)).await, of_sessions(8, true));
        assert_eq!(
            db.number("SELECT CAST(MIN(expires_at) AS BIGINT) FROM sessions")
                .await,
            after(8).millis()
        );
        assert_eq!(sweep(after(19)).await, of_sessions(8, true));
        assert_eq!(sweep(after(19)).await, of_sessions(4, false));
        assert_eq!(sweep(after(19)).await, Swept::default());
        assert_eq!(db.number("SELECT COUNT(*) FROM sessions").await, 5);
        let all = sweep(after(100_000)).await;
        let expected = [
            ("refresh_tokens", 1),
            ("token_families", 1),
            ("consents", 1),
            ("sessions", 5),
        ];
        assert_eq!(all.rows, expected);
    })
    .await;
}

/// A table that is added with an `expires_at` must not grow for ever.
#[tokio::test]
async fn the_sweep_knows_every_table_that_can_die() {
    on_each_database(async |db| {
        let swept = include_str!("../../src/sweep.rs");
        // Kept on purpose: a lease is one row for each job, and a secret is part of its client.
        let kept = ["leases", "client_secrets"];
        for table in tables_with_expiry(db).await {
            let is_swept = swept.contains(&format!("(\"{table}\", "));
            assert!(is_swept != kept.contains(&table.as_str()), "{table}");
        }
    })
    .await;
}

async fn tables_with_expiry(db: &TestDatabase) -> Vec<String> {
    let sql = match db.store.backend() {
        Backend::Sqlite => {
            "SELECT group_concat(m.name) FROM sqlite_master m WHERE m.type = 'table' \
             AND EXISTS (SELECT 1 FROM pragma_table_info(m.name) WHERE name = 'expires_at')"
        }
        Backend::Postgres => {
            "SELECT string_agg(table_name, ',') FROM information_schema.columns \
             WHERE table_schema = current_schema() AND column_name = 'expires_at'"
        }
    };
    let names = text(db.store.reader(), sql).await.unwrap();
    let names: Vec<String> = names.split(',').map(str::to_owned).collect();
    assert!(names.len() >= 14, "{names:?}");
    names
}
