//! Consents to account information: written down, decided once, read so often.

use std::time::Duration;

use protocol::{
    account_consent::{AskedAccess, Kind},
    client::Environment,
    ids::{AccountId, AuthorizationId, ClientId, ConsentAuthorisationId, ConsentId},
};
use serde_json::json;
use store::{
    Advanced, Error,
    consent_authorisations::{
        ConsentAuthorisationRecord, Outcome, advance_consent_authorisation_begun,
        advance_consent_authorisation_ended, find_consent_authorisations,
        insert_consent_authorisation,
    },
    consent_reads::{
        ReadOf, advance_consent_read, advance_consent_read_complete, find_complete_reads,
        find_consent_read,
    },
    consent_requests::{
        ConsentRequestRecord, RequestStatus, advance_consent_request, find_consent_request,
        insert_consent_request,
    },
    consents::{advance_consent_confirmed, find_consent, insert_consent},
    sweep::delete_expired,
    testing::{TestDatabase, on_each_database},
};
use tokio::task::JoinSet;

use crate::samples::{NOW, after, consent};

fn request(id: &str) -> ConsentRequestRecord {
    let access = json!({ "balances": [{ "iban": "LT121000011101001000", "currency": "EUR" }] });
    ConsentRequestRecord {
        id: ConsentId::new(id),
        client_id: ClientId::new("budget"),
        environment: Environment::Sandbox,
        access: AskedAccess::parse(Some(&access)).unwrap(),
        recurring: true,
        frequency_per_day: 4,
        status: RequestStatus::Received,
        created_at: NOW,
        changed_at: NOW,
        waits_until: after(100),
        valid_until: after(1000),
        expires_at: after(500),
    }
}

async fn written(db: &TestDatabase, record: ConsentRequestRecord) {
    let written: Result<(), Error> = db
        .store
        .write(move |tx| Box::pin(async move { insert_consent_request(tx, &record).await }))
        .await;
    written.unwrap();
}

async fn decided(db: &TestDatabase, id: &str, to: RequestStatus, at: i64) -> Advanced {
    let id = ConsentId::new(id);
    db.store
        .write::<_, Error, _>(move |tx| {
            Box::pin(
                async move { advance_consent_request(tx, &id, to, after(at), after(900)).await },
            )
        })
        .await
        .unwrap()
}

fn read(account: &str) -> ReadOf {
    ReadOf {
        consent: ConsentId::new("c"),
        account: Some(AccountId::new(account)),
        kind: Kind::Balances,
    }
}

async fn reads(db: &TestDatabase, read: ReadOf, at: i64) -> Advanced {
    let window = Duration::from_secs(100);
    db.store
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move { advance_consent_read(tx, &read, 3, after(at), window).await })
        })
        .await
        .unwrap()
}

#[tokio::test]
async fn a_request_comes_back_as_it_was_written_and_is_decided_once() {
    on_each_database(async |db| {
        written(db, request("c")).await;
        let reader = db.store.reader();
        let find = async |id: &str| {
            find_consent_request(reader, &ConsentId::new(id))
                .await
                .unwrap()
        };
        assert_eq!(find("c").await, Some(request("c")));
        assert_eq!(find("other").await, None);
        let late = decided(db, "c", RequestStatus::Authorised, 100).await;
        assert_eq!(late, Advanced::No, "nobody came in time");
        assert_eq!(
            decided(db, "c", RequestStatus::Authorised, 99).await,
            Advanced::Yes
        );
        for status in [
            RequestStatus::Rejected,
            RequestStatus::Terminated,
            RequestStatus::Authorised,
        ] {
            assert_eq!(decided(db, "c", status, 99).await, Advanced::No);
        }
        let expected = ConsentRequestRecord {
            status: RequestStatus::Authorised,
            changed_at: after(99),
            expires_at: after(900),
            ..request("c")
        };
        assert_eq!(find("c").await, Some(expected));
    })
    .await;
}

#[tokio::test]
async fn the_same_person_confirms_again_and_nobody_else() {
    on_each_database(async |db| {
        let outcome = db
            .store
            .write::<_, Error, _>(|tx| {
                Box::pin(async move {
                    insert_consent(tx, &consent("c")).await?;
                    let mut again = consent("c");
                    again.accounts.truncate(1);
                    again.confirmed_at = after(50);
                    again.valid_until = after(3000);
                    again.expires_at = after(4000);
                    let own = advance_consent_confirmed(tx, &again).await?;
                    let mut foreign = again.clone();
                    foreign.user_id = protocol::ids::UserId::new("user-jonas");
                    let other = advance_consent_confirmed(tx, &foreign).await?;
                    let mut late = again.clone();
                    late.confirmed_at = after(3000);
                    let over = advance_consent_confirmed(tx, &late).await?;
                    Ok((own, other, over, again))
                })
            })
            .await;
        let (own, other, over, again) = outcome.unwrap();
        assert_eq!(
            (own, other, over),
            (Advanced::Yes, Advanced::No, Advanced::No)
        );
        let found = find_consent(db.store.reader(), &ConsentId::new("c"))
            .await
            .unwrap();
        assert_eq!(found, Some(again));
    })
    .await;
}

#[tokio::test]
async fn reads_take_slots_that_come_free_one_after_the_other() {
    on_each_database(async |db| {
        for at in [0, 10, 20] {
            assert_eq!(reads(db, read("a"), at).await, Advanced::Yes, "{at}");
        }
        assert_eq!(reads(db, read("a"), 99).await, Advanced::No);
        assert_eq!(
            reads(db, read("b"), 99).await,
            Advanced::Yes,
            "another account"
        );
        assert_eq!(
            reads(db, read("a"), 100).await,
            Advanced::Yes,
            "the first is old"
        );
        assert_eq!(reads(db, read("a"), 109).await, Advanced::No);
        assert_eq!(reads(db, read("a"), 110).await, Advanced::Yes);
        let reader = db.store.reader();
        assert!(
            find_consent_read(reader, &read("a"), after(109))
                .await
                .unwrap()
        );
        assert!(
            !find_consent_read(reader, &read("a"), after(110))
                .await
                .unwrap()
        );
    })
    .await;
}

#[tokio::test]
async fn of_many_reads_at_once_as_many_as_allowed_get_a_slot() {
    on_each_database(async |db| {
        let mut tasks = JoinSet::new();
        for _ in 0..12 {
            let store = db.store.clone();
            tasks.spawn(async move {
                let write = store.write::<_, Error, _>(|tx| {
                    Box::pin(async move {
                        let window = Duration::from_secs(100);
                        advance_consent_read(tx, &read("a"), 3, NOW, window).await
                    })
                });
                write.await.unwrap()
            });
        }
        let outcomes = tasks.join_all().await;
        let passed = outcomes.iter().filter(|outcome| outcome.is_yes()).count();
        assert_eq!(passed, 3);
    })
    .await;
}

#[tokio::test]
async fn what_was_read_to_its_end_is_remembered_until_it_is_read_anew() {
    on_each_database(async |db| {
        assert_eq!(reads(db, read("a"), 0).await, Advanced::Yes);
        let complete = db
            .store
            .write::<_, Error, _>(|tx| {
                Box::pin(async move {
                    let first = advance_consent_read_complete(tx, &read("a")).await?;
                    Ok((first, advance_consent_read_complete(tx, &read("b")).await?))
                })
            })
            .await;
        assert_eq!(complete.unwrap(), (Advanced::Yes, Advanced::No));
        let done = find_complete_reads(db.store.reader(), &ConsentId::new("c"))
            .await
            .unwrap();
        assert_eq!(done, [(AccountId::new("a"), "balances".to_owned())]);
    })
    .await;
}

#[tokio::test]
async fn a_browser_takes_up_the_newest_attempt_and_ends_its_own_once() {
    on_each_database(async |db| {
        let attempt = |id: &str, at| ConsentAuthorisationRecord {
            id: ConsentAuthorisationId::new(id),
            consent_id: ConsentId::new("c"),
            authorization_id: None,
            outcome: None,
            created_at: after(at),
            expires_at: after(500),
        };
        let (older, newer) = (attempt("older", 0), attempt("newer", 1));
        let moved = db
            .store
            .write::<_, Error, _>(move |tx| {
                Box::pin(async move {
                    let (consent, browser) = (ConsentId::new("c"), AuthorizationId::new("b"));
                    insert_consent_authorisation(tx, &older).await?;
                    insert_consent_authorisation(tx, &newer).await?;
                    let mut moved = Vec::new();
                    for name in ["b", "b2", "b3"] {
                        let browser = AuthorizationId::new(name);
                        moved.push(
                            advance_consent_authorisation_begun(tx, &consent, &browser).await?,
                        );
                    }
                    for outcome in [Outcome::Finalised, Outcome::Failed] {
                        let until = after(900);
                        moved.push(
                            advance_consent_authorisation_ended(
                                tx, &consent, &browser, outcome, until,
                            )
                            .await?,
                        );
                    }
                    Ok(moved.into_iter().map(Advanced::is_yes).collect::<Vec<_>>())
                })
            })
            .await;
        assert_eq!(moved.unwrap(), [true, true, false, true, false]);
        let found = find_consent_authorisations(db.store.reader(), &ConsentId::new("c"))
            .await
            .unwrap();
        let told: Vec<_> = found
            .iter()
            .map(|found| {
                (
                    found.id.as_str(),
                    found.authorization_id.as_ref().map(AuthorizationId::as_str),
                    found.outcome,
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                ("older", Some("b2"), None),
                ("newer", Some("b"), Some(Outcome::Finalised))
            ]
        );
    })
    .await;
}

#[tokio::test]
async fn the_sweep_takes_what_is_over_and_nothing_else() {
    on_each_database(async |db| {
        written(db, request("c")).await;
        assert_eq!(reads(db, read("a"), 0).await, Advanced::Yes);
        let swept = |at| async move {
            let batch = db.store.write::<_, Error, _>(move |tx| {
                Box::pin(async move { delete_expired(tx, after(at), 10).await })
            });
            batch.await.unwrap().rows
        };
        assert_eq!(swept(99).await, []);
        assert_eq!(swept(100).await, [("consent_reads", 1)]);
        assert_eq!(swept(500).await, [("consent_requests", 1)]);
    })
    .await;
}
