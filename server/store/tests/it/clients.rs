//! Clients and their secrets.

use protocol::{
    client::{ClientStatus, Environment},
    ids::{ClientId, UserId},
};
use store::{
    Advanced, Error,
    client_secrets::{
        ClientSecretRecord, advance_client_secret_exposed, advance_client_secret_revoked,
        advance_client_secrets_rotated, advance_client_secrets_used, find_client_secrets,
        find_client_secrets_by_digest, insert_client_secret,
    },
    clients::{
        ClientFilter, ClientRecord, advance_client, advance_client_status, find_client,
        find_client_names, find_client_with_secrets, find_clients, insert_client,
    },
    testing::{TestDatabase, on_each_database},
};

use crate::samples::{after, client, digest, secret};

async fn with_clients(db: &TestDatabase, ids: &'static [&'static str]) {
    let written: Result<(), Error> = db
        .store
        .write(move |tx| {
            Box::pin(async move {
                for id in ids {
                    insert_client(tx, &client(id)).await?;
                    for number in 1..4 {
                        insert_client_secret(tx, &secret(id, number)).await?;
                    }
                }
                Ok(())
            })
        })
        .await;
    written.unwrap();
}

#[tokio::test]
async fn a_client_comes_back_as_it_was_written() {
    on_each_database(async |db| {
        with_clients(db, &["shop", "other"]).await;
        let before = db.store.statements();
        let found = find_client_with_secrets(db.store.reader(), &ClientId::new("shop")).await;
        assert_eq!(db.store.statements() - before, 1);
        let secrets = [1, 2, 3].map(|number| secret("shop", number)).to_vec();
        assert_eq!(found, Ok(Some((client("shop"), secrets))));
        let found = find_client(db.store.reader(), &ClientId::new("shop")).await;
        assert_eq!(found, Ok(Some(client("shop"))));
        let found = find_client_with_secrets(db.store.reader(), &ClientId::new("none")).await;
        assert_eq!(found, Ok(None));
    })
    .await;
}

#[tokio::test]
async fn a_client_without_secrets_is_found_too() {
    on_each_database(async |db| {
        let bare = ClientRecord {
            owner: None,
            sealed_mac_key: None,
            ..client("bare")
        };
        let row = bare.clone();
        let written: Result<(), Error> = db
            .store
            .write(move |tx| Box::pin(async move { insert_client(tx, &row).await }))
            .await;
        assert_eq!(written, Ok(()));
        let found = find_client_with_secrets(db.store.reader(), &bare.client.id).await;
        assert_eq!(found, Ok(Some((bare, Vec::new()))));
    })
    .await;
}

#[tokio::test]
async fn of_two_who_change_a_client_the_second_is_told() {
    on_each_database(async |db| {
        with_clients(db, &["shop"]).await;
        let mut one = client("shop");
        one.client.name = "One".to_owned();
        one.client.scope = Default::default();
        one.owner = None;
        let mut two = client("shop");
        two.client.name = "Two".to_owned();
        let expected = ClientRecord {
            version: 1,
            ..one.clone()
        };
        let changed: Result<_, Error> = db
            .store
            .write(move |tx| {
                Box::pin(async move {
                    Ok((
                        advance_client(tx, &one).await?,
                        advance_client(tx, &two).await?,
                    ))
                })
            })
            .await;
        assert_eq!(changed, Ok((Advanced::Yes, Advanced::No)));
        let found = find_client(db.store.reader(), &ClientId::new("shop")).await;
        assert_eq!(found, Ok(Some(expected)));
    })
    .await;
}

#[tokio::test]
async fn suspending_counts_as_a_change() {
    on_each_database(async |db| {
        with_clients(db, &["shop"]).await;
        let changed: Result<_, Error> = db
            .store
            .write(|tx| {
                Box::pin(async move {
                    let shop = ClientId::new("shop");
                    Ok([
                        advance_client_status(tx, &shop, ClientStatus::Suspended).await?,
                        advance_client_status(tx, &shop, ClientStatus::Suspended).await?,
                        // Whoever looked before the suspension does not undo it.
                        advance_client(tx, &client("shop")).await?,
                    ])
                })
            })
            .await;
        assert_eq!(
            changed.map(|c| c.map(Advanced::is_yes)),
            Ok([true, false, false])
        );
        let found = find_client(db.store.reader(), &ClientId::new("shop")).await;
        let found = found.unwrap().unwrap();
        assert_eq!(
            (found.client.status, found.version),
            (ClientStatus::Suspended, 1)
        );
    })
    .await;
}

#[tokio::test]
async fn clients_are_listed_by_filter_and_page() {
    on_each_database(async |db| {
        with_clients(db, &["a", "b", "c", "d"]).await;
        let changed: Result<(), Error> = db
            .store
            .write(|tx| {
                Box::pin(async move {
                    let mut own = client("b");
                    own.owner = Some(UserId::new("user-else"));
                    let _ = advance_client(tx, &own).await?;
                    let mut live = client("d");
                    live.client.environment = Environment::Live;
                    let _ = advance_client(tx, &live).await?;
                    Ok(())
                })
            })
            .await;
        assert_eq!(changed, Ok(()));
        let list = async |filter: ClientFilter, after: Option<&str>, limit| {
            let after = after.map(ClientId::new);
            let found = find_clients(db.store.reader(), &filter, after.as_ref(), limit).await;
            let ids: Vec<String> = found
                .unwrap()
                .into_iter()
                .map(|found| found.client.id.into_string())
                .collect();
            ids.join(" ")
        };
        assert_eq!(list(ClientFilter::default(), None, 3).await, "a b c");
        assert_eq!(list(ClientFilter::default(), Some("c"), 3).await, "d");
        let sandbox = ClientFilter {
            environment: Some(Environment::Sandbox),
            owner: Some(UserId::new("user-dev")),
            status: Some(ClientStatus::Active),
            text: None,
        };
        assert_eq!(list(sandbox, None, 9).await, "a c");
        let named = |text: &str| ClientFilter {
            text: Some(text.to_owned()),
            ..ClientFilter::default()
        };
        assert_eq!(list(named("SHOP A"), None, 9).await, "a");
        assert_eq!(
            list(named("%"), None, 9).await,
            "",
            "no pattern of anybody's"
        );
        let names = find_client_names(db.store.reader(), &["a", "d", "x"].map(ClientId::new)).await;
        let names = names.unwrap();
        assert_eq!(names.len(), 2);
        assert_eq!(names[&ClientId::new("a")], "The shop a");
        let none = find_client_names(db.store.reader(), &[]).await;
        assert_eq!(none.map(|names| names.len()), Ok(0));
    })
    .await;
}

#[tokio::test]
async fn secrets_are_used_rotated_and_revoked() {
    on_each_database(async |db| {
        with_clients(db, &["shop", "other"]).await;
        let changed: Result<_, Error> = db
            .store
            .write(|tx| {
                Box::pin(async move {
                    let shop = ClientId::new("shop");
                    let [one, two, three] = [1, 2, 3].map(|number| secret("shop", number).id);
                    advance_client_secrets_used(
                        tx,
                        &[(one.clone(), after(20)), (two.clone(), after(10))],
                    )
                    .await?;
                    // An older note that arrives late changes nothing.
                    advance_client_secrets_used(tx, &[(one.clone(), after(15))]).await?;
                    let revoked = advance_client_secret_revoked(tx, &shop, &one, after(30)).await?;
                    let again = advance_client_secret_revoked(tx, &shop, &one, after(31)).await?;
                    let of_other = ClientId::new("other");
                    let foreign =
                        advance_client_secret_revoked(tx, &of_other, &two, after(30)).await?;
                    let rotated =
                        advance_client_secrets_rotated(tx, &shop, &three, after(100)).await?;
                    // A second rotation does not let them live longer.
                    let longer =
                        advance_client_secrets_rotated(tx, &shop, &three, after(200)).await?;
                    Ok((
                        [revoked, again, foreign].map(Advanced::is_yes),
                        rotated,
                        longer,
                    ))
                })
            })
            .await;
        assert_eq!(changed, Ok(([true, false, false], 1, 0)));
        let one = ClientSecretRecord {
            last_used_at: Some(after(20)),
            revoked_at: Some(after(30)),
            ..secret("shop", 1)
        };
        let two = ClientSecretRecord {
            last_used_at: Some(after(10)),
            expires_at: Some(after(100)),
            ..secret("shop", 2)
        };
        let shop = ClientId::new("shop");
        let all = find_client_secrets(db.store.reader(), &shop).await;
        assert_eq!(all, Ok(vec![one, two.clone(), secret("shop", 3)]));
        let found = find_client_with_secrets(db.store.reader(), &shop).await;
        let (_, working) = found.unwrap().unwrap();
        assert_eq!(working, [two, secret("shop", 3)]);
        let owners = find_client_secrets_by_digest(db.store.reader(), &digest(9)).await;
        assert_eq!(owners, Ok(Vec::new()));
        let owners = find_client_secrets_by_digest(db.store.reader(), &digest(3)).await;
        assert_eq!(owners, Ok(vec![secret("other", 3), secret("shop", 3)]));
    })
    .await;
}

#[tokio::test]
async fn a_secret_that_was_exposed_ends_once_and_one_that_is_over_does_not() {
    on_each_database(async |db| {
        let exposed: Result<_, Error> = db
            .store
            .write(|tx| {
                Box::pin(async move {
                    insert_client(tx, &client("shop")).await?;
                    let over = ClientSecretRecord {
                        expires_at: Some(after(10)),
                        ..secret("shop", 2)
                    };
                    insert_client_secret(tx, &secret("shop", 1)).await?;
                    insert_client_secret(tx, &over).await?;
                    let (one, two) = (&secret("shop", 1).id, &over.id);
                    Ok([
                        advance_client_secret_exposed(tx, one, after(20)).await?,
                        advance_client_secret_exposed(tx, one, after(30)).await?,
                        advance_client_secret_exposed(tx, two, after(20)).await?,
                    ])
                })
            })
            .await;
        assert_eq!(exposed, Ok([Advanced::Yes, Advanced::No, Advanced::No]));
        let shop = ClientId::new("shop");
        let all = find_client_secrets(db.store.reader(), &shop).await.unwrap();
        let ends: Vec<_> = all
            .iter()
            .map(|secret| (secret.exposed_at, secret.revoked_at))
            .collect();
        let then = Some(after(20));
        assert_eq!(ends, [(then, then), (None, None)]);
        let found = find_client_with_secrets(db.store.reader(), &shop).await;
        let (_, working) = found.unwrap().unwrap();
        assert_eq!(working.len(), 1, "the exposed one is out of use");
    })
    .await;
}

#[tokio::test]
async fn a_text_is_found_in_names_and_ids_however_it_is_spelt() {
    on_each_database(async |db| {
        let written: Result<(), Error> = db
            .store
            .write(|tx| {
                Box::pin(async move {
                    // More than is looked through at once.
                    for number in 0..1_100 {
                        let mut record = client(&format!("app-{number:04}"));
                        record.client.name = match number {
                            7 | 1_050 => format!("ŽALIA Banga_{number}"),
                            _ => "Other".to_owned(),
                        };
                        insert_client(tx, &record).await?;
                    }
                    Ok(())
                })
            })
            .await;
        written.unwrap();
        let find = async |text: &str, after: Option<&str>, limit| -> Vec<String> {
            let filter = ClientFilter {
                text: Some(text.to_owned()),
                ..ClientFilter::default()
            };
            let after = after.map(ClientId::new);
            let found = find_clients(db.store.reader(), &filter, after.as_ref(), limit).await;
            let ids = found.unwrap().into_iter().map(|found| found.client.id);
            ids.map(ClientId::into_string).collect()
        };
        assert_eq!(find("žalia", None, 10).await, ["app-0007", "app-1050"]);
        assert_eq!(find("žalia", None, 1).await, ["app-0007"]);
        assert_eq!(find(" ŽALIA ", Some("app-0007"), 1).await, ["app-1050"]);
        assert_eq!(find("APP-105", None, 3).await.len(), 3);
        assert!(find("%", None, 3).await.is_empty(), "no pattern");
        assert_eq!(find("a_1050", None, 3).await, ["app-1050"]);
    })
    .await;
}
