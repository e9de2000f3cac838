//! Errors are told by kind, with the same name on both databases.

use protocol::ids::UserId;
use store::{
    Error,
    accounts::{AccountRecord, insert_account},
    authenticators::{AuthenticatorKind, AuthenticatorRecord, insert_authenticator},
    clients::insert_client,
    testing::{execute, number, on_each_database},
    users::{UserRecord, insert_user},
};

use crate::samples::{NOW, account, client, user, with_users};

fn conflict<T>(what: &str) -> Result<T, Error> {
    Err(Error::Conflict {
        what: what.to_owned(),
    })
}

#[tokio::test]
async fn a_conflict_names_the_constraint() {
    on_each_database(async |db| {
        with_users(&db.store, &["ona"]).await;
        let store = &db.store;

        let same_id: Result<(), Error> = store
            .write(|tx| {
                Box::pin(async move {
                    let other = UserRecord {
                        id: user("ona").id,
                        ..user("jonas")
                    };
                    insert_user(tx, &other).await
                })
            })
            .await;
        assert_eq!(same_id, conflict("users_pkey"));

        let same_number: Result<(), Error> = store
            .write(|tx| {
                Box::pin(async move {
                    insert_account(tx, &account(1, Some("ona"), 0)).await?;
                    let other = AccountRecord {
                        iban: account(1, None, 0).iban,
                        ..account(2, Some("ona"), 0)
                    };
                    insert_account(tx, &other).await
                })
            })
            .await;
        assert_eq!(same_number, conflict("accounts_iban_key"));

        let below_zero: Result<(), Error> = store
            .write(|tx| {
                Box::pin(async move { insert_account(tx, &account(3, Some("ona"), -1)).await })
            })
            .await;
        assert_eq!(below_zero, conflict("accounts_solvent_check"));

        let of_nobody: Result<(), Error> = store
            .write(|tx| {
                Box::pin(async move {
                    let authenticator = AuthenticatorRecord {
                        id: protocol::ids::AuthenticatorId::new("a"),
                        user_id: UserId::new("nobody"),
                        kind: AuthenticatorKind::Totp,
                        sealed_secret: vec![1],
                        last_step: None,
                        created_at: NOW,
                    };
                    insert_authenticator(tx, &authenticator).await
                })
            })
            .await;
        assert_eq!(of_nobody, conflict("foreign_key"));
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_read_says_where() {
    on_each_database(async |db| {
        let written: Result<(), Error> = db
            .store
            .write(|tx| {
                Box::pin(async move {
                    insert_client(tx, &client("shop")).await?;
                    execute(tx, "UPDATE clients SET pkce = 'maybe'").await
                })
            })
            .await;
        assert_eq!(written, Ok(()));
        let found = store::clients::find_client(db.store.reader(), &client("shop").client.id).await;
        assert_eq!(
            found,
            Err(Error::Broken("unreadable value in clients.pkce".to_owned()))
        );
    })
    .await;
}

#[tokio::test]
async fn nonsense_is_broken() {
    on_each_database(async |db| {
        let answer = number(db.store.reader(), "SELECT nonsense FROM nowhere").await;
        assert!(matches!(answer, Err(Error::Broken(_))), "{answer:?}");
    })
    .await;
}
