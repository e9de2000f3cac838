//! Transactions of the Wallet API, reservations, callbacks and signing keys as rows.

use protocol::{
    client::Environment,
    ids::{AccountId, CallbackId, ClientId, ReservationId, TransactionKey, UserId},
    money::Currency,
    time::Timestamp,
    wallet_api::transaction::{
        AcceptedBy, CallbackTo, Reserve, Terms, TransactionPayment, TransactionStatus,
    },
};
use serde_json::json;
use store::{
    Advanced, Error,
    callbacks::{
        CallbackRecord, advance_callback_failed, advance_callback_sent, find_due_callbacks,
        insert_callback,
    },
    signing_keys::{SigningKeyRecord, find_newest_signing_key, insert_signing_key},
    sweep::delete_expired,
    testing::{TestDatabase, on_each_database},
    wallet_transactions::{
        Step, WalletTransactionRecord, advance_wallet_transaction,
        find_overdue_wallet_transactions, find_unfinished_wallet_transactions,
        find_wallet_transaction, insert_wallet_transaction,
    },
};
use tokio::task::JoinSet;

use crate::samples::{NOW, after, euros, iban};

fn record(key: &str) -> WalletTransactionRecord {
    WalletTransactionRecord {
        key: TransactionKey::new(key),
        client_id: ClientId::new("shop"),
        environment: Environment::Sandbox,
        currency: Currency::EUR,
        payments: vec![TransactionPayment {
            id: 2_987,
            description: "Order 7".to_owned(),
            amount: euros(20_00),
            parameters: Some(json!({ "orderid": 7 })),
        }],
        terms: Terms {
            reserve: Reserve::Until(after(500)),
            auto_confirm: true,
            use_allowance: true,
            suggest_allowance: false,
            redirect_uri: Some("https://shop.example/back".to_owned()),
            callback: CallbackTo::Address("https://shop.example/events".to_owned()),
            user_email: Some("ona@mail.test".to_owned()),
            project: Some("7".to_owned()),
            location: None,
        },
        payee_name: "Shop UAB".to_owned(),
        payee_iban: iban(3),
        status: TransactionStatus::New,
        step: None,
        accepted_by: None,
        user_id: None,
        account_id: None,
        wallet_number: None,
        reservation_id: None,
        version: 0,
        created_at: NOW,
        confirmed_at: None,
        valid_until: after(60),
        expires_at: after(600),
    }
}

fn in_hand(key: &str) -> WalletTransactionRecord {
    WalletTransactionRecord {
        status: TransactionStatus::Waiting,
        step: Some((Step::Reserving, after(5))),
        accepted_by: Some(AcceptedBy::Page),
        user_id: Some(UserId::new("ona")),
        account_id: Some(AccountId::new("account-1")),
        wallet_number: Some(3),
        reservation_id: Some(ReservationId::new("r")),
        ..record(key)
    }
}

async fn write<T: Send + 'static>(
    db: &TestDatabase,
    closure: impl for<'t> FnOnce(&'t store::Tx) -> store::Work<'t, T, Error> + Send + 'static,
) -> Result<T, Error> {
    db.store.write(closure).await
}

#[tokio::test]
async fn a_transaction_reads_as_it_was_written_and_moves_by_its_version() {
    on_each_database(async |db| {
        write(db, |tx| {
            Box::pin(async move { insert_wallet_transaction(tx, &record("k")).await })
        })
        .await
        .expect("written");
        let key = TransactionKey::new("k");
        let find = async || {
            let found = find_wallet_transaction(db.store.reader(), &key).await;
            found.expect("storage").expect("found")
        };
        assert_eq!(find().await, record("k"));
        let advance = async |record: WalletTransactionRecord| {
            write(db, |tx| {
                Box::pin(async move { advance_wallet_transaction(tx, &record).await })
            })
            .await
        };
        assert_eq!(advance(in_hand("k")).await, Ok(Advanced::Yes));
        let expected = WalletTransactionRecord {
            version: 1,
            ..in_hand("k")
        };
        assert_eq!(find().await, expected);
        assert_eq!(
            advance(in_hand("k")).await,
            Ok(Advanced::No),
            "an old version"
        );
        assert_eq!(advance(in_hand("other")).await, Ok(Advanced::No));
        let again = write(db, |tx| {
            Box::pin(async move { insert_wallet_transaction(tx, &record("k")).await })
        });
        assert!(matches!(again.await, Err(Error::Conflict { .. })));
    })
    .await;
}

#[tokio::test]
async fn of_fifty_moves_from_one_version_one_happens() {
    on_each_database(async |db| {
        write(db, |tx| {
            Box::pin(async move { insert_wallet_transaction(tx, &record("k")).await })
        })
        .await
        .expect("written");
        let mut tries = JoinSet::new();
        for _ in 0..50 {
            let store = db.store.clone();
            tries.spawn(async move {
                let advanced: Result<Advanced, Error> = store
                    .write(|tx| {
                        Box::pin(async move { advance_wallet_transaction(tx, &in_hand("k")).await })
                    })
                    .await;
                advanced.expect("storage")
            });
        }
        let won = tries
            .join_all()
            .await
            .into_iter()
            .filter(|won| won.is_yes());
        assert_eq!(won.count(), 1);
    })
    .await;
}

#[tokio::test]
async fn what_is_unfinished_and_what_is_overdue_is_found() {
    on_each_database(async |db| {
        let rows = [
            record("new"),
            in_hand("in-hand"),
            WalletTransactionRecord {
                status: TransactionStatus::Reserved,
                valid_until: after(30),
                ..record("reserved")
            },
            WalletTransactionRecord {
                status: TransactionStatus::Confirmed,
                ..record("confirmed")
            },
        ];
        write(db, |tx| {
            Box::pin(async move {
                for row in &rows {
                    insert_wallet_transaction(tx, row).await?;
                }
                Ok(())
            })
        })
        .await
        .expect("written");
        let keys = |found: Result<Vec<WalletTransactionRecord>, Error>| -> Vec<String> {
            let found = found.expect("storage");
            found
                .into_iter()
                .map(|record| record.key.into_string())
                .collect()
        };
        let reader = db.store.reader();
        let unfinished =
            async |at: Timestamp| keys(find_unfinished_wallet_transactions(reader, at, 10).await);
        let overdue =
            async |at: Timestamp| keys(find_overdue_wallet_transactions(reader, at, 10).await);
        assert_eq!(unfinished(after(5)).await, [""; 0]);
        assert_eq!(unfinished(after(6)).await, ["in-hand"]);
        assert_eq!(overdue(after(29)).await, [""; 0]);
        assert_eq!(overdue(after(30)).await, ["reserved"]);
        assert_eq!(overdue(after(60)).await, ["reserved", "new"]);
        let swept = write(db, |tx| {
            Box::pin(async move { delete_expired(tx, after(600), 9).await })
        });
        assert_eq!(
            swept.await.expect("swept").rows,
            [("wallet_transactions", 4)]
        );
    })
    .await;
}

#[tokio::test]
async fn a_callback_waits_is_tried_and_is_sent_once() {
    on_each_database(async |db| {
        let callback = CallbackRecord {
            id: CallbackId::new("c"),
            client_id: ClientId::new("shop"),
            address: "https://shop.example/events".to_owned(),
            event: "{}".to_owned(),
            created_at: NOW,
            attempts: 0,
            next_attempt_at: NOW,
            sent_at: None,
            last_error: None,
            expires_at: after(600),
        };
        let row = callback.clone();
        write(db, |tx| {
            Box::pin(async move { insert_callback(tx, &row).await })
        })
        .await
        .expect("written");
        let due = async |at: Timestamp| {
            find_due_callbacks(db.store.reader(), at, 10)
                .await
                .expect("storage")
        };
        assert_eq!(due(NOW).await, std::slice::from_ref(&callback));
        let failed = write(db, |tx| {
            Box::pin(async move {
                advance_callback_failed(tx, &CallbackId::new("c"), "deaf", after(30)).await
            })
        });
        assert_eq!(failed.await, Ok(Advanced::Yes));
        assert_eq!(due(after(29)).await, []);
        let waits = due(after(30)).await;
        assert_eq!(
            (waits[0].attempts, waits[0].last_error.as_deref()),
            (1, Some("deaf"))
        );
        for expected in [Advanced::Yes, Advanced::No] {
            let sent = write(db, |tx| {
                Box::pin(async move {
                    advance_callback_sent(tx, &CallbackId::new("c"), after(40)).await
                })
            });
            assert_eq!(sent.await, Ok(expected));
        }
        assert_eq!(due(after(500)).await, []);
    })
    .await;
}

#[tokio::test]
async fn a_number_belongs_to_the_key_that_came_first() {
    on_each_database(async |db| {
        let key = |number, text: &str| SigningKeyRecord {
            number,
            sealed_private: text.as_bytes().to_vec(),
            public_pem: text.to_owned(),
            created_at: NOW,
        };
        let newest = async || {
            find_newest_signing_key(db.store.reader())
                .await
                .expect("storage")
        };
        assert_eq!(newest().await, None);
        for (row, expected) in [
            (key(1, "a"), Advanced::Yes),
            (key(1, "b"), Advanced::No),
            (key(2, "c"), Advanced::Yes),
        ] {
            let written = write(db, |tx| {
                Box::pin(async move { insert_signing_key(tx, &row).await })
            });
            assert_eq!(written.await, Ok(expected));
        }
        assert_eq!(newest().await, Some(key(2, "c")));
    })
    .await;
}
