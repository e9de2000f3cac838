//! Whole numbers for people and wallets.

use std::collections::BTreeSet;

use store::{
    Error, Store,
    numbers::{Numbered, find_number, find_numbered, number_of},
    testing::on_each_database,
};

async fn numbered(store: &Store, kind: Numbered, id: &str) -> i64 {
    let id = id.to_owned();
    let number: Result<_, Error> = store
        .write(move |tx| Box::pin(async move { number_of(tx, kind, &id).await }))
        .await;
    number.unwrap()
}

#[tokio::test]
async fn a_number_is_given_once_and_leads_back() {
    on_each_database(async |db| {
        let reader = db.store.reader();
        assert_eq!(find_number(reader, Numbered::Person, "ona").await, Ok(None));
        let ona = numbered(&db.store, Numbered::Person, "ona").await;
        let jonas = numbered(&db.store, Numbered::Person, "jonas").await;
        assert_ne!(ona, jonas);
        assert!(ona > 0 && jonas > 0);
        assert_eq!(numbered(&db.store, Numbered::Person, "ona").await, ona);
        let found = find_number(reader, Numbered::Person, "ona").await;
        assert_eq!(found, Ok(Some(ona)));
        let found = find_numbered(reader, Numbered::Person, jonas).await;
        assert_eq!(found, Ok(Some("jonas".to_owned())));
        for nobody in [0, -1, jonas + 1, i64::MAX] {
            let found = find_numbered(reader, Numbered::Person, nobody).await;
            assert_eq!(found, Ok(None), "{nobody}");
        }
    })
    .await;
}

#[tokio::test]
async fn wallets_count_on_their_own() {
    on_each_database(async |db| {
        let person = numbered(&db.store, Numbered::Person, "the same id").await;
        let wallet = numbered(&db.store, Numbered::Wallet, "another id").await;
        assert_eq!(person, wallet);
        let found = find_numbered(db.store.reader(), Numbered::Wallet, wallet).await;
        assert_eq!(found, Ok(Some("another id".to_owned())));
        assert_eq!(
            find_number(db.store.reader(), Numbered::Wallet, "the same id").await,
            Ok(None)
        );
    })
    .await;
}

#[tokio::test]
async fn many_at_once_get_different_numbers_and_the_same_id_gets_the_same() {
    on_each_database(async |db| {
        let tasks: Vec<_> = (0..40)
            .map(|at| {
                let store = db.store.clone();
                let id = format!("person-{}", at % 20);
                tokio::spawn(async move { numbered(&store, Numbered::Person, &id).await })
            })
            .collect();
        let mut numbers = Vec::new();
        for task in tasks {
            numbers.push(task.await.unwrap());
        }
        assert_eq!(numbers[..20], numbers[20..]);
        let different: BTreeSet<i64> = numbers.into_iter().collect();
        assert_eq!(different.len(), 20);
    })
    .await;
}
