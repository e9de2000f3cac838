//! People, authenticators, recovery codes, sessions, devices.

use protocol::{
    client::Environment,
    ids::{AuthenticatorId, UserId},
    locale::Locale,
    secret::{RecoveryCode, SessionId},
};
use store::{
    Advanced, Error,
    authenticators::{
        AuthenticatorKind, AuthenticatorRecord, advance_authenticator_step,
        advance_recovery_code_used, delete_authenticators, delete_recovery_codes,
        find_authenticators, find_recovery_codes_left, insert_authenticator, insert_recovery_codes,
    },
    devices::{DeviceRecord, delete_devices, find_device, upsert_device},
    sessions::{
        SessionRecord, delete_session, delete_sessions_of_user, find_session, upsert_session,
    },
    testing::on_each_database,
    users::{
        UserRecord, UserStatus, advance_user_locale, advance_user_password, advance_user_status,
        find_user, find_user_by_name, insert_user,
    },
};

use crate::samples::{NOW, after, digest, user, with_users};

#[tokio::test]
async fn a_person_is_found_however_they_spell_their_name() {
    on_each_database(async |db| {
        let reader = db.store.reader();
        let zofija = UserRecord {
            username: "Žofija".to_owned(),
            ..user("zofija")
        };
        let live = UserRecord {
            environment: Environment::Live,
            id: UserId::new("user-live"),
            ..zofija.clone()
        };
        let rows = [zofija.clone(), live.clone()];
        let written: Result<(), Error> = db
            .store
            .write(move |tx| {
                Box::pin(async move {
                    for row in &rows {
                        insert_user(tx, row).await?;
                    }
                    Ok(())
                })
            })
            .await;
        assert_eq!(written, Ok(()));
        for spelling in ["Žofija", "žofija", " ŽOFIJA "] {
            let found = find_user_by_name(reader, Environment::Sandbox, spelling).await;
            assert_eq!(found, Ok(Some(zofija.clone())), "{spelling}");
        }
        let found = find_user_by_name(reader, Environment::Live, "žofija").await;
        assert_eq!(found, Ok(Some(live)));
        let found = find_user_by_name(reader, Environment::Live, "zofija").await;
        assert_eq!(found, Ok(None));
    })
    .await;
}

#[tokio::test]
async fn a_person_changes_only_from_what_was_seen() {
    on_each_database(async |db| {
        with_users(&db.store, &["ona"]).await;
        let changed: Result<_, Error> = db
            .store
            .write(|tx| {
                Box::pin(async move {
                    let UserRecord {
                        id, password_hash, ..
                    } = user("ona");
                    Ok([
                        advance_user_password(tx, &id, &password_hash, "new").await?,
                        advance_user_password(tx, &id, &password_hash, "newer").await?,
                        advance_user_locale(tx, &id, Locale::Ru).await?,
                        advance_user_status(tx, &id, UserStatus::Suspended).await?,
                        advance_user_status(tx, &id, UserStatus::Suspended).await?,
                        advance_user_status(tx, &UserId::new("x"), UserStatus::Active).await?,
                    ])
                })
            })
            .await;
        use Advanced::{No, Yes};
        assert_eq!(changed, Ok([Yes, No, Yes, Yes, No, No]));
        let expected = UserRecord {
            password_hash: "new".to_owned(),
            locale: Locale::Ru,
            status: UserStatus::Suspended,
            ..user("ona")
        };
        let found = find_user(db.store.reader(), &expected.id).await;
        assert_eq!(found, Ok(Some(expected)));
    })
    .await;
}

#[test]
fn a_password_hash_does_not_reach_a_log() {
    let shown = format!("{:?}", user("ona"));
    assert!(shown.contains("user-ona"));
    assert!(!shown.contains("argon2id"));
}

#[tokio::test]
async fn the_code_of_a_time_step_is_good_once() {
    on_each_database(async |db| {
        with_users(&db.store, &["ona"]).await;
        let authenticator = AuthenticatorRecord {
            id: AuthenticatorId::new("phone"),
            user_id: user("ona").id,
            kind: AuthenticatorKind::Totp,
            sealed_secret: vec![0, 255, 7],
            last_step: None,
            created_at: NOW,
        };
        let row = authenticator.clone();
        let accepted: Result<_, Error> = db
            .store
            .write(move |tx| {
                Box::pin(async move {
                    insert_authenticator(tx, &row).await?;
                    let mut accepted = Vec::new();
                    for step in [100, 100, 99, 101] {
                        accepted.push(
                            advance_authenticator_step(tx, &row.id, step)
                                .await?
                                .is_yes(),
                        );
                    }
                    Ok(accepted)
                })
            })
            .await;
        assert_eq!(accepted, Ok(vec![true, false, false, true]));
        let found = find_authenticators(db.store.reader(), &user("ona").id).await;
        let expected = AuthenticatorRecord {
            last_step: Some(101),
            ..authenticator
        };
        assert_eq!(found, Ok(vec![expected]));
        let deleted: Result<_, Error> = db
            .store
            .write(|tx| Box::pin(async move { delete_authenticators(tx, &user("ona").id).await }))
            .await;
        assert_eq!(deleted, Ok(1));
    })
    .await;
}

#[tokio::test]
async fn a_recovery_code_is_good_once_and_for_its_owner() {
    on_each_database(async |db| {
        with_users(&db.store, &["ona", "jonas"]).await;
        let used: Result<_, Error> = db
            .store
            .write(|tx| {
                Box::pin(async move {
                    let (ona, jonas) = (user("ona").id, user("jonas").id);
                    let code = digest::<RecoveryCode>;
                    insert_recovery_codes(tx, &ona, &[code(1), code(2), code(3)]).await?;
                    Ok([
                        advance_recovery_code_used(tx, &jonas, &code(1), NOW).await?,
                        advance_recovery_code_used(tx, &ona, &code(1), NOW).await?,
                        advance_recovery_code_used(tx, &ona, &code(1), NOW).await?,
                        advance_recovery_code_used(tx, &ona, &code(9), NOW).await?,
                    ])
                })
            })
            .await;
        assert_eq!(
            used.map(|u| u.map(Advanced::is_yes)),
            Ok([false, true, false, false])
        );
        let left = find_recovery_codes_left(db.store.reader(), &user("ona").id).await;
        assert_eq!(left, Ok(2));
        let deleted: Result<_, Error> = db
            .store
            .write(|tx| Box::pin(async move { delete_recovery_codes(tx, &user("ona").id).await }))
            .await;
        assert_eq!(deleted, Ok(3));
    })
    .await;
}

fn session(number: u64, user: Option<UserId>) -> SessionRecord {
    SessionRecord {
        digest: digest::<SessionId>(number),
        user_id: user,
        data: r#"{"language":"lt"}"#.to_owned(),
        created_at: NOW,
        expires_at: after(600),
    }
}

#[tokio::test]
async fn a_session_is_written_again_and_ended() {
    on_each_database(async |db| {
        let ona = user("ona").id;
        let signed_in = SessionRecord {
            user_id: Some(ona.clone()),
            data: "{}".to_owned(),
            expires_at: after(900),
            ..session(1, None)
        };
        let row = signed_in.clone();
        let ended: Result<_, Error> = db
            .store
            .write(move |tx| {
                Box::pin(async move {
                    upsert_session(tx, &session(1, None)).await?;
                    let later = SessionRecord {
                        created_at: after(5),
                        ..row
                    };
                    upsert_session(tx, &later).await?;
                    for number in 2..6 {
                        upsert_session(tx, &session(number, Some(ona.clone()))).await?;
                    }
                    upsert_session(tx, &session(7, Some(user("jonas").id))).await?;
                    delete_session(tx, &digest(2)).await?;
                    let but_one = delete_sessions_of_user(tx, &ona, Some(&digest(1))).await?;
                    Ok((
                        but_one,
                        delete_sessions_of_user(tx, &user("jonas").id, None).await?,
                    ))
                })
            })
            .await;
        assert_eq!(ended, Ok((3, 1)));
        let found = find_session(db.store.reader(), &digest(1)).await;
        assert_eq!(found, Ok(Some(signed_in)), "its beginning stays");
        assert_eq!(find_session(db.store.reader(), &digest(2)).await, Ok(None));
        assert_eq!(db.number("SELECT COUNT(*) FROM sessions").await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_device_is_remembered() {
    on_each_database(async |db| {
        with_users(&db.store, &["ona"]).await;
        let device = DeviceRecord {
            digest: [7; 32],
            user_id: user("ona").id,
            created_at: NOW,
            last_seen_at: NOW,
            expires_at: after(100),
        };
        let again = DeviceRecord {
            created_at: after(50),
            last_seen_at: after(50),
            expires_at: after(150),
            ..device.clone()
        };
        let rows = [device.clone(), again];
        let written: Result<(), Error> = db
            .store
            .write(move |tx| {
                Box::pin(async move {
                    for row in &rows {
                        upsert_device(tx, row).await?;
                    }
                    Ok(())
                })
            })
            .await;
        assert_eq!(written, Ok(()));
        let expected = DeviceRecord {
            last_seen_at: after(50),
            expires_at: after(150),
            ..device
        };
        assert_eq!(
            find_device(db.store.reader(), &[7; 32]).await,
            Ok(Some(expected))
        );
        assert_eq!(find_device(db.store.reader(), &[8; 32]).await, Ok(None));
        let deleted: Result<_, Error> = db
            .store
            .write(|tx| Box::pin(async move { delete_devices(tx, &user("ona").id).await }))
            .await;
        assert_eq!(deleted, Ok(1));
    })
    .await;
}
