//! Payments that wait for a person, and become a transfer once.

use protocol::{
    ids::{ClientId, ConsentId, TransferId},
    payment::Payment,
    time::Timestamp,
};
use store::{
    Advanced, Error,
    pending_transfers::{
        PendingTransferRecord, advance_pending_transfer_approved,
        advance_pending_transfer_executed, advance_pending_transfer_released,
        find_pending_transfer, insert_pending_transfer,
    },
    sweep::delete_expired,
    testing::{TestDatabase, on_each_database},
};
use tokio::task::JoinSet;

use crate::samples::{NOW, after, euros, iban};

fn pending(id: &str) -> PendingTransferRecord {
    PendingTransferRecord {
        id: TransferId::new(id),
        client_id: ClientId::new("shop"),
        payment: Payment::new(euros(20_00), "UAB Elektra", iban(3), Some("Invoice 7")).unwrap(),
        approved_by: None,
        executed_by: None,
        created_at: NOW,
        valid_until: after(60),
        expires_at: after(600),
    }
}

async fn with_pending(db: &TestDatabase, ids: &'static [&'static str]) {
    let written: Result<(), Error> = db
        .store
        .write(move |tx| {
            Box::pin(async move {
                for id in ids {
                    insert_pending_transfer(tx, &pending(id)).await?;
                }
                Ok(())
            })
        })
        .await;
    assert_eq!(written, Ok(()));
}

/// Tries to execute it for `client` as `transfer`.
async fn execute(
    db: &TestDatabase,
    id: &str,
    client: &str,
    transfer: &str,
    now: Timestamp,
) -> Result<Advanced, Error> {
    let (id, client, transfer) = (
        TransferId::new(id),
        ClientId::new(client),
        TransferId::new(transfer),
    );
    db.store
        .write(move |tx| {
            Box::pin(async move {
                advance_pending_transfer_executed(tx, &id, &client, &transfer, now).await
            })
        })
        .await
}

async fn found(db: &TestDatabase, id: &str) -> Option<PendingTransferRecord> {
    find_pending_transfer(db.store.reader(), &TransferId::new(id))
        .await
        .unwrap()
}

#[tokio::test]
async fn it_is_read_as_it_was_written_and_its_id_is_used_once() {
    on_each_database(async |db| {
        with_pending(db, &["one"]).await;
        assert_eq!(found(db, "one").await, Some(pending("one")));
        assert_eq!(found(db, "two").await, None);
        let twice: Result<(), Error> = db
            .store
            .write(|tx| Box::pin(async move { insert_pending_transfer(tx, &pending("one")).await }))
            .await;
        assert!(matches!(twice, Err(Error::Conflict { .. })), "{twice:?}");
    })
    .await;
}

#[tokio::test]
async fn it_is_executed_once_by_its_client_and_in_its_time() {
    on_each_database(async |db| {
        with_pending(db, &["one", "two"]).await;
        let refused = Ok(Advanced::No);
        assert_eq!(execute(db, "one", "other", "t-1", NOW).await, refused);
        assert_eq!(execute(db, "three", "shop", "t-1", NOW).await, refused);
        assert_eq!(execute(db, "one", "shop", "t-1", after(60)).await, refused);
        assert_eq!(found(db, "one").await, Some(pending("one")));
        let last = Timestamp::from_millis(after(60).millis() - 1);
        assert_eq!(
            execute(db, "one", "shop", "t-1", last).await,
            Ok(Advanced::Yes)
        );
        assert_eq!(execute(db, "one", "shop", "t-1", NOW).await, refused);
        assert_eq!(execute(db, "one", "shop", "t-2", NOW).await, refused);
        let executed = PendingTransferRecord {
            executed_by: Some(TransferId::new("t-1")),
            ..pending("one")
        };
        assert_eq!(found(db, "one").await, Some(executed));
        assert_eq!(found(db, "two").await, Some(pending("two")));
        // One transfer cannot stand for two of them.
        let twice = execute(db, "two", "shop", "t-1", NOW).await;
        let what = "pending_transfers_executed_by_key".to_owned();
        assert_eq!(twice, Err(Error::Conflict { what }));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_at_once_one_executes_it() {
    on_each_database(async |db| {
        with_pending(db, &["one"]).await;
        let mut tries = JoinSet::new();
        for number in 0..25 {
            let store = db.store.clone();
            tries.spawn(async move {
                let (id, transfer) = (TransferId::new("one"), format!("t-{number}"));
                store
                    .write::<_, Error, _>(move |tx| {
                        Box::pin(async move {
                            let (client, transfer) =
                                (ClientId::new("shop"), TransferId::new(transfer));
                            advance_pending_transfer_executed(tx, &id, &client, &transfer, NOW)
                                .await
                        })
                    })
                    .await
                    .unwrap()
            });
        }
        let won = tries.join_all().await;
        assert_eq!(won.into_iter().filter(|won| won.is_yes()).count(), 1);
    })
    .await;
}

#[tokio::test]
async fn what_came_to_nothing_is_given_back_by_its_transfer_alone() {
    on_each_database(async |db| {
        with_pending(db, &["one", "two"]).await;
        for (id, transfer) in [("one", "t-1"), ("two", "t-2")] {
            let executed = execute(db, id, "shop", transfer, NOW).await;
            assert_eq!(executed, Ok(Advanced::Yes));
        }
        let told: Result<_, Error> = db
            .store
            .write(|tx| {
                Box::pin(async move {
                    let [one, other] = ["t-1", "t-3"].map(TransferId::new);
                    Ok([
                        advance_pending_transfer_released(tx, &other).await?,
                        advance_pending_transfer_released(tx, &one).await?,
                        advance_pending_transfer_released(tx, &one).await?,
                    ])
                })
            })
            .await;
        let expected = [false, true, false];
        assert_eq!(told.map(|told| told.map(Advanced::is_yes)), Ok(expected));
        assert_eq!(found(db, "one").await, Some(pending("one")));
        assert!(found(db, "two").await.unwrap().executed_by.is_some());
        let again = execute(db, "one", "shop", "t-4", NOW).await;
        assert_eq!(again, Ok(Advanced::Yes));
    })
    .await;
}

#[tokio::test]
async fn it_is_approved_while_there_is_something_to_approve() {
    on_each_database(async |db| {
        with_pending(db, &["one"]).await;
        let approve = async |consent: &str, now| -> Result<Advanced, Error> {
            let consent = ConsentId::new(consent);
            db.store
                .write(move |tx| {
                    Box::pin(async move {
                        let id = TransferId::new("one");
                        advance_pending_transfer_approved(tx, &id, &consent, now).await
                    })
                })
                .await
        };
        assert_eq!(approve("late", after(60)).await, Ok(Advanced::No));
        assert_eq!(approve("first", NOW).await, Ok(Advanced::Yes));
        assert_eq!(approve("second", NOW).await, Ok(Advanced::Yes));
        let by = found(db, "one").await.unwrap().approved_by;
        assert_eq!(by, Some(ConsentId::new("second")));
        assert_eq!(
            execute(db, "one", "shop", "t-1", NOW).await,
            Ok(Advanced::Yes)
        );
        assert_eq!(approve("third", NOW).await, Ok(Advanced::No));
    })
    .await;
}

#[tokio::test]
async fn it_is_remembered_after_its_time_and_swept_later() {
    on_each_database(async |db| {
        with_pending(db, &["one"]).await;
        let sweep = async |now| {
            let swept: Result<_, Error> = db
                .store
                .write(move |tx| Box::pin(async move { delete_expired(tx, now, 9).await }))
                .await;
            swept.unwrap().rows
        };
        assert_eq!(sweep(after(599)).await, []);
        assert_eq!(sweep(after(600)).await, [("pending_transfers", 1)]);
        assert_eq!(found(db, "one").await, None);
    })
    .await;
}
