//! Sign-ups, teams, apps, test users, secrets that are shown for a moment, links to secrets.

use protocol::{
    ids::{AppId, ClientId, SecretId, SignUpId, TeamId, UserId},
    locale::Locale,
};
use store::{
    Advanced, Error,
    apps::{AppRecord, advance_app, find_app, find_app_of_client, find_apps_of_teams, insert_app},
    clients::insert_client,
    secret_links::{
        SecretLinkRecord, advance_secret_link_used, delete_unused_secret_links, find_secret_link,
        insert_secret_link,
    },
    sessions::{
        SessionRecord, advance_session_data, advance_session_seen, delete_session, find_session,
        upsert_session,
    },
    shown_secrets::{
        ShownSecretRecord, delete_shown_secrets, find_shown_secrets, insert_shown_secret,
    },
    signups::{
        SignUpRecord, advance_sign_up_confirmed, advance_sign_up_failed, find_sign_up,
        find_sign_up_by_link, insert_sign_up,
    },
    sweep::delete_expired,
    teams::{
        MembershipRecord, TeamRecord, TeamRole, find_membership, find_memberships_of_team,
        find_memberships_of_user, find_team, insert_membership, insert_team,
    },
    test_users::{TestUserRecord, find_test_users, insert_test_user},
    testing::{TestDatabase, on_each_database},
};

use crate::samples::{NOW, after, client, digest, with_users};

fn sign_up(id: &str) -> SignUpRecord {
    SignUpRecord {
        id: SignUpId::new(id),
        email: "milda@shop.example".to_owned(),
        name: "Milda".to_owned(),
        password_hash: "hash".to_owned(),
        locale: Locale::Lt,
        code_digest: [3; 32],
        link_digest: digest(7),
        failures: 0,
        created_at: NOW,
        confirmed_at: None,
        expires_at: after(900),
        next_place: Some("sealed".to_owned()),
    }
}

fn membership(team: &str, user: &str, role: TeamRole) -> MembershipRecord {
    MembershipRecord {
        team_id: TeamId::new(team),
        user_id: UserId::new(user),
        role,
        created_at: NOW,
    }
}

fn app(id: &str, team: &str, sandbox: &str) -> AppRecord {
    AppRecord {
        id: AppId::new(id),
        team_id: TeamId::new(team),
        name: "Budgetly".to_owned(),
        sandbox_client: ClientId::new(sandbox),
        live_client: None,
        created_at: NOW,
        version: 0,
    }
}

/// Two teams, three clients.
async fn with_teams(db: &TestDatabase) {
    with_users(&db.store, &["milda", "petras"]).await;
    let written: Result<(), Error> = db
        .store
        .write(|tx| {
            Box::pin(async move {
                for id in ["one", "two"] {
                    let team = TeamRecord {
                        id: TeamId::new(id),
                        name: id.to_owned(),
                        created_at: NOW,
                    };
                    insert_team(tx, &team).await?;
                }
                for id in ["sandbox-1", "sandbox-2", "live-1"] {
                    insert_client(tx, &client(id)).await?;
                }
                Ok(())
            })
        })
        .await;
    assert_eq!(written, Ok(()));
}

#[tokio::test]
async fn a_sign_up_is_confirmed_once_and_not_after_too_many_wrong_codes() {
    on_each_database(async |db| {
        let told: Result<_, Error> = db
            .store
            .write(|tx| {
                Box::pin(async move {
                    let (good, void) = (SignUpId::new("good"), SignUpId::new("void"));
                    insert_sign_up(tx, &sign_up("good")).await?;
                    let other = SignUpRecord {
                        link_digest: digest(8),
                        ..sign_up("void")
                    };
                    insert_sign_up(tx, &other).await?;
                    Ok([
                        advance_sign_up_failed(tx, &good, 2).await?,
                        advance_sign_up_confirmed(tx, &good, 2, after(1)).await?,
                        advance_sign_up_confirmed(tx, &good, 2, after(2)).await?,
                        advance_sign_up_failed(tx, &good, 2).await?,
                        advance_sign_up_failed(tx, &void, 2).await?,
                        advance_sign_up_failed(tx, &void, 2).await?,
                        advance_sign_up_failed(tx, &void, 2).await?,
                        advance_sign_up_confirmed(tx, &void, 2, after(1)).await?,
                    ])
                })
            })
            .await;
        let expected = [true, true, false, false, true, true, false, false];
        assert_eq!(told.map(|told| told.map(Advanced::is_yes)), Ok(expected));
        let reader = db.store.reader();
        let confirmed = SignUpRecord {
            failures: 1,
            confirmed_at: Some(after(1)),
            ..sign_up("good")
        };
        let found = find_sign_up(reader, &SignUpId::new("good")).await;
        assert_eq!(found, Ok(Some(confirmed.clone())));
        assert_eq!(
            find_sign_up_by_link(reader, &digest(7)).await,
            Ok(Some(confirmed))
        );
        assert_eq!(find_sign_up_by_link(reader, &digest(9)).await, Ok(None));
    })
    .await;
}

#[tokio::test]
async fn people_belong_to_teams_with_a_role() {
    on_each_database(async |db| {
        with_teams(db).await;
        let rows = [
            membership("one", "user-milda", TeamRole::Owner),
            membership("one", "user-petras", TeamRole::Read),
            membership("two", "user-petras", TeamRole::Developer),
        ];
        let written: Result<(), Error> = {
            let rows = rows.clone();
            db.store
                .write(move |tx| {
                    Box::pin(async move {
                        for row in &rows {
                            insert_membership(tx, row).await?;
                        }
                        Ok(())
                    })
                })
                .await
        };
        assert_eq!(written, Ok(()));
        let reader = db.store.reader();
        let [milda, petras, developer] = rows;
        let (one, two) = (TeamId::new("one"), TeamId::new("two"));
        assert_eq!(
            find_memberships_of_user(reader, &UserId::new("user-petras")).await,
            Ok(vec![petras.clone(), developer])
        );
        assert_eq!(
            find_memberships_of_team(reader, &one).await,
            Ok(vec![milda.clone(), petras])
        );
        assert_eq!(
            find_membership(reader, &two, &UserId::new("user-milda")).await,
            Ok(None)
        );
        let found = find_membership(reader, &one, &UserId::new("user-milda")).await;
        assert_eq!(found, Ok(Some(milda.clone())));
        assert_eq!(find_team(reader, &one).await.unwrap().unwrap().name, "one");
        let twice: Result<(), Error> = db
            .store
            .write(move |tx| Box::pin(async move { insert_membership(tx, &milda).await }))
            .await;
        assert!(matches!(twice, Err(Error::Conflict { .. })), "{twice:?}");
    })
    .await;
}

#[tokio::test]
async fn an_app_is_found_by_either_of_its_clients_and_changes_by_version() {
    on_each_database(async |db| {
        with_teams(db).await;
        let told: Result<_, Error> = db
            .store
            .write(|tx| {
                Box::pin(async move {
                    insert_app(tx, &app("a", "one", "sandbox-1")).await?;
                    insert_app(tx, &app("b", "two", "sandbox-2")).await?;
                    let live = AppRecord {
                        live_client: Some(ClientId::new("live-1")),
                        ..app("a", "one", "sandbox-1")
                    };
                    Ok([advance_app(tx, &live).await?, advance_app(tx, &live).await?])
                })
            })
            .await;
        assert_eq!(told, Ok([Advanced::Yes, Advanced::No]));
        let reader = db.store.reader();
        let changed = AppRecord {
            live_client: Some(ClientId::new("live-1")),
            version: 1,
            ..app("a", "one", "sandbox-1")
        };
        for id in ["sandbox-1", "live-1"] {
            let found = find_app_of_client(reader, &ClientId::new(id)).await;
            assert_eq!(found, Ok(Some(changed.clone())), "{id}");
        }
        assert_eq!(
            find_app(reader, &AppId::new("a")).await,
            Ok(Some(changed.clone()))
        );
        let of_one = find_apps_of_teams(reader, &[TeamId::new("one")]).await;
        assert_eq!(of_one, Ok(vec![changed]));
        assert_eq!(find_apps_of_teams(reader, &[]).await, Ok(Vec::new()));
        let second: Result<(), Error> = db
            .store
            .write(|tx| {
                Box::pin(async move { insert_app(tx, &app("c", "two", "sandbox-1")).await })
            })
            .await;
        let conflict = Error::Conflict {
            what: "apps_sandbox_client_id_key".to_owned(),
        };
        assert_eq!(second, Err(conflict), "a client belongs to one app");
    })
    .await;
}

#[tokio::test]
async fn test_users_and_shown_secrets_are_found_by_whose_they_are() {
    on_each_database(async |db| {
        with_teams(db).await;
        let person = TestUserRecord {
            team_id: TeamId::new("one"),
            user_id: UserId::new("user-petras"),
            sealed_password: vec![1, 2],
            created_at: NOW,
        };
        let shown = |secret: &str, user: &str, seconds| ShownSecretRecord {
            secret_id: SecretId::new(secret),
            client_id: ClientId::new("sandbox-1"),
            user_id: UserId::new(user),
            sealed_secret: vec![3],
            expires_at: after(seconds),
        };
        let rows = [
            shown("s1", "user-milda", 1),
            shown("s2", "user-milda", 2),
            shown("s3", "user-petras", 3),
        ];
        let written: Result<(), Error> = {
            let (person, rows) = (person.clone(), rows.clone());
            db.store
                .write(move |tx| {
                    Box::pin(async move {
                        insert_test_user(tx, &person).await?;
                        for row in &rows {
                            insert_shown_secret(tx, row).await?;
                        }
                        Ok(())
                    })
                })
                .await
        };
        assert_eq!(written, Ok(()));
        let reader = db.store.reader();
        let found = find_test_users(reader, &TeamId::new("one")).await;
        assert_eq!(found, Ok(vec![person]));
        assert_eq!(
            find_test_users(reader, &TeamId::new("two")).await,
            Ok(Vec::new())
        );
        let [first, second, _] = rows;
        let client = ClientId::new("sandbox-1");
        let found = find_shown_secrets(reader, &client, &UserId::new("user-milda")).await;
        assert_eq!(found, Ok(vec![second, first]), "the newest first");
        let deleted: Result<u64, Error> = db
            .store
            .write(move |tx| Box::pin(async move { delete_shown_secrets(tx, &client).await }))
            .await;
        assert_eq!(deleted, Ok(3));
    })
    .await;
}

#[tokio::test]
async fn a_session_that_was_ended_is_not_brought_back() {
    on_each_database(async |db| {
        let session = SessionRecord {
            digest: digest(1),
            user_id: None,
            data: "{}".to_owned(),
            created_at: NOW,
            expires_at: after(10),
        };
        let told: Result<_, Error> = {
            let session = session.clone();
            db.store
                .write(move |tx| {
                    Box::pin(async move {
                        upsert_session(tx, &session).await?;
                        let seen = advance_session_seen(tx, &session.digest, after(20)).await?;
                        let changed = SessionRecord {
                            data: "more".to_owned(),
                            expires_at: after(30),
                            ..session.clone()
                        };
                        let written = advance_session_data(tx, &changed).await?;
                        let between = find_session(tx, &session.digest).await?;
                        delete_session(tx, &session.digest).await?;
                        let late = [
                            advance_session_seen(tx, &session.digest, after(20)).await?,
                            advance_session_data(tx, &changed).await?,
                        ];
                        Ok((seen, written, between == Some(changed), late))
                    })
                })
                .await
        };
        let expected = (Advanced::Yes, Advanced::Yes, true, [Advanced::No; 2]);
        assert_eq!(told, Ok(expected));
        assert_eq!(
            find_session(db.store.reader(), &session.digest).await,
            Ok(None)
        );
    })
    .await;
}

#[tokio::test]
async fn a_link_to_a_secret_is_used_once() {
    on_each_database(async |db| {
        with_teams(db).await;
        let link = |number: u64| SecretLinkRecord {
            digest: digest(number),
            client_id: ClientId::new("live-1"),
            app_id: AppId::new("app"),
            created_at: NOW,
            expires_at: after(10),
            used_at: None,
            used_by: None,
        };
        let user = UserId::new("user-milda");
        let told: Result<_, Error> = {
            let (links, user) = ([link(1), link(2)], user.clone());
            db.store
                .write(move |tx| {
                    Box::pin(async move {
                        insert_app(tx, &app("app", "one", "sandbox-1")).await?;
                        for link in &links {
                            insert_secret_link(tx, link).await?;
                        }
                        let first = digest(1);
                        Ok((
                            advance_secret_link_used(tx, &first, &user, after(1)).await?,
                            advance_secret_link_used(tx, &first, &user, after(2)).await?,
                            advance_secret_link_used(tx, &digest(3), &user, after(2)).await?,
                            delete_unused_secret_links(tx, &ClientId::new("live-1")).await?,
                        ))
                    })
                })
                .await
        };
        let expected = (Advanced::Yes, Advanced::No, Advanced::No, 1);
        assert_eq!(told, Ok(expected), "the other link was not used yet");
        let used = SecretLinkRecord {
            used_at: Some(after(1)),
            used_by: Some(user),
            ..link(1)
        };
        let reader = db.store.reader();
        assert_eq!(find_secret_link(reader, &digest(1)).await, Ok(Some(used)));
        assert_eq!(find_secret_link(reader, &digest(2)).await, Ok(None));
        let swept: Result<_, Error> = db
            .store
            .write(|tx| Box::pin(async move { delete_expired(tx, after(10), 10).await }))
            .await;
        assert_eq!(swept.map(|swept| swept.rows), Ok(vec![("secret_links", 1)]));
    })
    .await;
}
