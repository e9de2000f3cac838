//! What the bank knows of people, what single clients may do, and the tokens with which they vouch.

use protocol::{
    client::Environment,
    ids::{ClientId, UserId},
    secret::Digest,
};
use store::{
    Advanced::{No, Yes},
    Error,
    clients::insert_client,
    contact_tokens::{
        ContactTokenRecord, advance_contact_token_used, find_contact_token, insert_contact_token,
    },
    personal_data::{
        PersonalRecord, advance_personal_data, find_personal_data, upsert_personal_data,
    },
    privileges::{Privilege, delete_privilege, find_privileges, insert_privilege},
    sweep::delete_expired,
    testing::on_each_database,
};

use crate::samples::{NOW, after, client, digest, with_users};

#[tokio::test]
async fn what_is_known_of_a_person_takes_the_place_of_what_was() {
    on_each_database(async |db| {
        with_users(&db.store, &["ona"]).await;
        let ona = UserId::new("user-ona");
        let record = |sealed: &[u8], at| PersonalRecord {
            user_id: UserId::new("user-ona"),
            sealed: sealed.to_vec(),
            updated_at: after(at),
        };
        assert_eq!(find_personal_data(db.store.reader(), &ona).await, Ok(None));
        for (sealed, at) in [(b"first", 0), (b"other", 5)] {
            let row = record(sealed, at);
            let written: Result<(), Error> = db
                .store
                .write(move |tx| Box::pin(async move { upsert_personal_data(tx, &row).await }))
                .await;
            assert_eq!(written, Ok(()));
        }
        let found = find_personal_data(db.store.reader(), &ona).await;
        assert_eq!(found, Ok(Some(record(b"other", 5))));
        assert!(!format!("{:?}", record(b"first", 0)).contains("sealed:"));
    })
    .await;
}

#[tokio::test]
async fn personal_data_takes_the_place_of_what_was_read_or_of_nothing() {
    on_each_database(async |db| {
        with_users(&db.store, &["ona"]).await;
        let ona = UserId::new("user-ona");
        let record = |sealed: &[u8]| PersonalRecord {
            user_id: ona.clone(),
            sealed: sealed.to_vec(),
            updated_at: NOW,
        };
        let write = async |sealed: &[u8], before: Option<&[u8]>| {
            let (record, before) = (record(sealed), before.map(<[u8]>::to_vec));
            let written: Result<_, Error> = db
                .store
                .write(|tx| {
                    Box::pin(
                        async move { advance_personal_data(tx, &record, before.as_deref()).await },
                    )
                })
                .await;
            written.expect("storage")
        };
        assert_eq!(write(b"first", Some(b"something")).await, No);
        assert_eq!(write(b"first", None).await, Yes);
        assert_eq!(write(b"second", None).await, No);
        assert_eq!(write(b"second", Some(b"first")).await, Yes);
        assert_eq!(write(b"third", Some(b"first")).await, No);
        let found = find_personal_data(db.store.reader(), &ona).await;
        assert_eq!(found, Ok(Some(record(b"second"))));
    })
    .await;
}

#[tokio::test]
async fn a_privilege_is_granted_and_taken_back_once() {
    on_each_database(async |db| {
        let changed: Result<_, Error> = db
            .store
            .write(|tx| {
                Box::pin(async move {
                    insert_client(tx, &client("shop")).await?;
                    let (shop, privilege) = (ClientId::new("shop"), Privilege::ContactToken);
                    let granted = insert_privilege(tx, &shop, privilege, NOW).await?;
                    let again = insert_privilege(tx, &shop, privilege, NOW).await?;
                    let had = find_privileges(tx, &shop).await?;
                    let taken = delete_privilege(tx, &shop, privilege).await?;
                    let taken_again = delete_privilege(tx, &shop, privilege).await?;
                    let left = find_privileges(tx, &shop).await?;
                    Ok(((granted, again, taken, taken_again), had, left))
                })
            })
            .await;
        let expected = (
            (Yes, No, Yes, No),
            vec![Privilege::ContactToken],
            Vec::new(),
        );
        assert_eq!(changed, Ok(expected));
        let nobodys: Result<_, Error> = db
            .store
            .write(|tx| {
                Box::pin(async move {
                    insert_privilege(tx, &ClientId::new("nobody"), Privilege::ContactToken, NOW)
                        .await
                })
            })
            .await;
        assert!(
            matches!(nobodys, Err(Error::Conflict { .. })),
            "{nobodys:?}"
        );
    })
    .await;
}

#[tokio::test]
async fn a_contact_token_is_used_once_and_in_its_time() {
    on_each_database(async |db| {
        let record = |number: u64| ContactTokenRecord {
            digest: digest(number),
            client_id: ClientId::new("shop"),
            environment: Environment::Sandbox,
            sealed_contact: vec![1, 2, 3],
            created_at: NOW,
            valid_until: after(900),
            used_at: None,
            expires_at: after(1800),
        };
        let rows = [record(1), record(2)];
        let used: Result<_, Error> = db
            .store
            .write(move |tx| {
                Box::pin(async move {
                    for row in &rows {
                        insert_contact_token(tx, row).await?;
                    }
                    Ok([
                        advance_contact_token_used(tx, &digest(1), after(899)).await?,
                        advance_contact_token_used(tx, &digest(1), after(899)).await?,
                        advance_contact_token_used(tx, &digest(2), after(900)).await?,
                        advance_contact_token_used(tx, &digest(3), NOW).await?,
                    ])
                })
            })
            .await;
        assert_eq!(used, Ok([Yes, No, No, No]));
        let found = find_contact_token(db.store.reader(), &digest(1)).await;
        let expected = ContactTokenRecord {
            used_at: Some(after(899)),
            ..record(1)
        };
        assert_eq!(found, Ok(Some(expected)));
        let swept: Result<_, Error> = db
            .store
            .write(|tx| Box::pin(async move { delete_expired(tx, after(1800), 10).await }))
            .await;
        assert_eq!(swept.unwrap().rows, [("contact_tokens", 2)]);
        let found =
            find_contact_token(db.store.reader(), &Digest::from_bytes(&[0; 32]).unwrap()).await;
        assert_eq!(found, Ok(None));
    })
    .await;
}
