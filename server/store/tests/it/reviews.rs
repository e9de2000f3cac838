//! Cases at the review desk: one open case for an app, one admin who decides, a queue in the order of
//! arrival; and what reviewers note for each other.

use protocol::{
    ids::{AppId, CaseId, TeamId, UserId},
    registration::{
        Risk,
        review::{Claim, Stage, Verdicts},
    },
    time::Timestamp,
};
use store::{
    Advanced, Bookmark, Error,
    review_cases::{
        CaseFilter, CaseKind, CaseRecord, Overrides, advance_case, find_approved_case,
        find_approved_domain, find_case, find_cases, find_last_decision, find_newest_case,
        find_waiting_times, insert_case,
    },
    review_notes::{NoteRecord, find_notes, insert_note},
    testing::{TestDatabase, on_each_database},
};

use crate::{
    registrations::with_app,
    samples::{NOW, after, scope},
    submitted::submission,
};

fn sent(at: Timestamp, claimed_by: Option<&str>) -> Stage {
    Stage::Sent {
        at,
        claim: claimed_by.map(|by| Claim {
            by: UserId::new(by),
            since: at,
        }),
        verdicts: Verdicts::default(),
        proposal: None,
        answers: Vec::new(),
    }
}

fn approved(at: Timestamp) -> Stage {
    Stage::Approved {
        by: UserId::new("rasa"),
        confirmed_by: None,
        scope: scope("ais"),
        at,
    }
}

fn case(id: &str, at: Timestamp) -> CaseRecord {
    CaseRecord {
        id: CaseId::new(id),
        app_id: AppId::new("app"),
        team_id: TeamId::new("team"),
        kind: CaseKind::New,
        stage: sent(at, None),
        submission: submission(),
        approved_before: None,
        overrides: Overrides::new(),
        risk: Risk::default(),
        sent_by: UserId::new("milda"),
        sent_at: at,
        opened_at: at,
        decided_at: None,
        version: 0,
    }
}

/// Writes cases that are there from the beginning.
async fn put(db: &TestDatabase, cases: Vec<CaseRecord>) -> Result<(), Error> {
    db.store
        .write(move |tx| {
            Box::pin(async move {
                for case in &cases {
                    insert_case(tx, case).await?;
                }
                Ok(())
            })
        })
        .await
}

#[tokio::test]
async fn an_app_has_one_open_case_and_one_admin_decides_it() {
    on_each_database(async |db| {
        with_app(db).await;
        assert_eq!(put(db, vec![case("one", NOW)]).await, Ok(()));
        let second = put(db, vec![case("two", after(1))]).await;
        let open = "review_cases_open_app_id_key";
        assert!(matches!(second, Err(Error::Conflict { what }) if what == open));

        let claimed = CaseRecord {
            stage: sent(NOW, Some("rasa")),
            ..case("one", NOW)
        };
        let decided = CaseRecord {
            stage: approved(after(60)),
            decided_at: Some(after(60)),
            version: 1,
            ..case("one", NOW)
        };
        let (claim, late, decide) = (claimed.clone(), claimed, decided.clone());
        let told: Result<_, Error> = db
            .store
            .write(|tx| {
                Box::pin(async move {
                    Ok([
                        advance_case(tx, &claim).await?,
                        // Another admin has the page from before.
                        advance_case(tx, &late).await?,
                        advance_case(tx, &decide).await?,
                        advance_case(tx, &decide).await?,
                    ])
                })
            })
            .await;
        let expected = [Advanced::Yes, Advanced::No, Advanced::Yes, Advanced::No];
        assert_eq!(told, Ok(expected));
        let kept = CaseRecord {
            version: 2,
            ..decided
        };
        let reader = db.store.reader();
        let found = find_case(reader, &CaseId::new("one")).await;
        assert_eq!(found, Ok(Some(kept.clone())));

        // Closed: there is room for a change, and what was approved is still found.
        assert_eq!(put(db, vec![case("two", after(99))]).await, Ok(()));
        let app = AppId::new("app");
        let newest = find_newest_case(reader, &app).await.expect("an answer");
        assert_eq!(newest.expect("a case").id.as_str(), "two");
        assert_eq!(find_approved_case(reader, &app).await, Ok(Some(kept)));
        let domain = find_approved_domain(reader, "biudzetas.lt").await;
        assert_eq!(domain, Ok(true));
        assert_eq!(find_approved_domain(reader, "other.lt").await, Ok(false));
        assert_eq!(find_last_decision(reader).await, Ok(Some(after(60))));
        let waited = find_waiting_times(reader, NOW, 9).await;
        assert_eq!(waited, Ok(vec![60_000]));
        assert_eq!(find_waiting_times(reader, after(61), 9).await, Ok(vec![]));
    })
    .await;
}

#[tokio::test]
async fn the_queue_goes_by_arrival_and_by_who_works_on_what() {
    on_each_database(async |db| {
        with_app(db).await;
        // One app with a history; only its newest case is open.
        let done = |id: &str, at: Timestamp| CaseRecord {
            stage: approved(at),
            decided_at: Some(at),
            ..case(id, at)
        };
        let open = CaseRecord {
            stage: sent(after(30), Some("rasa")),
            kind: CaseKind::Change,
            ..case("c", after(30))
        };
        let cases = vec![done("b", after(20)), done("a", after(20)), open];
        assert_eq!(put(db, cases).await, Ok(()));
        let reader = db.store.reader();
        let ids = async |filter: CaseFilter, behind: Option<Bookmark>, limit: u64| {
            let lines = find_cases(reader, &filter, behind.as_ref(), limit).await;
            let lines = lines.expect("an answer").into_iter();
            lines.map(|line| line.id.to_string()).collect::<Vec<_>>()
        };
        let all = CaseFilter::default;
        assert_eq!(ids(all(), None, 9).await, ["a", "b", "c"]);
        assert_eq!(ids(all(), None, 2).await, ["a", "b"]);
        let bookmark = |at: Timestamp, id: &str| {
            let id = id.to_owned();
            Some(Bookmark { at, id })
        };
        assert_eq!(ids(all(), bookmark(after(20), "a"), 9).await, ["b", "c"]);
        let [rasa, jonas] = ["rasa", "jonas"].map(UserId::new);
        assert_eq!(ids(CaseFilter::needs(&rasa), None, 9).await, ["c"]);
        assert!(ids(CaseFilter::needs(&jonas), None, 9).await.is_empty());
        assert!(ids(CaseFilter::waiting(), None, 9).await.is_empty());
        let hers = CaseFilter {
            claimed_by: Some(rasa),
            ..all()
        };
        assert_eq!(ids(hers, None, 9).await, ["c"]);
        let new = CaseFilter {
            kind: Some(CaseKind::New),
            ..all()
        };
        assert_eq!(ids(new, None, 9).await, ["a", "b"]);
    })
    .await;
}

#[tokio::test]
async fn notes_stay_in_the_order_in_which_they_were_written() {
    on_each_database(async |db| {
        with_app(db).await;
        assert_eq!(put(db, vec![case("one", NOW)]).await, Ok(()));
        let note = |id: &str, case: &str, seconds: i64| NoteRecord {
            id: id.to_owned(),
            case_id: CaseId::new(case),
            author: UserId::new("rasa"),
            body: format!("Called them, {id}."),
            written_at: after(seconds),
        };
        let rows = [note("b", "one", 2), note("a", "one", 1)];
        let nowhere = note("c", "two", 1);
        let written: Result<(), Error> = {
            let rows = rows.clone();
            db.store
                .write(move |tx| {
                    Box::pin(async move {
                        for row in &rows {
                            insert_note(tx, row).await?;
                        }
                        Ok(())
                    })
                })
                .await
        };
        assert_eq!(written, Ok(()));
        let lost: Result<(), Error> = db
            .store
            .write(move |tx| Box::pin(async move { insert_note(tx, &nowhere).await }))
            .await;
        assert!(matches!(lost, Err(Error::Conflict { .. })), "{lost:?}");
        let [late, early] = rows;
        let found = find_notes(db.store.reader(), &CaseId::new("one")).await;
        assert_eq!(found, Ok(vec![early, late]));
    })
    .await;
}
