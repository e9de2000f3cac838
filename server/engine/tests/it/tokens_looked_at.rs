//! Tokens that are shown, asked about and given back.

use std::time::Duration;

use engine::{access::Inactive, caches::Thing};
use protocol::{ids::UserId, token::Introspection};
use store::{
    OpenOptions,
    consents::{EndReason, advance_consent_ended},
    testing::on_each_database,
    users::{UserStatus, advance_user_status},
};

use crate::house::{App, House, access_token, code_of, refresh_token, seconds};

#[tokio::test]
async fn introspection_tells_what_the_token_is() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let app = house.app("shop").await;
        let ona = house.person("ona").await;
        let tokens = house.tokens(&app, &ona, "wallet").await;
        let told = house.introspect(&app, &access_token(&tokens)).await;
        let now = house.now().seconds();
        let issuer = Some("http://127.0.0.1:3000".to_owned());
        let expected = Introspection {
            active: true,
            scope: Some(tokens.scope.clone()),
            client_id: Some(app.id.clone()),
            username: Some("ona".to_owned()),
            token_type: Some("Bearer".to_owned()),
            exp: Some(now + 3_600),
            iat: Some(now),
            sub: Some(ona.to_string()),
            aud: issuer.clone(),
            iss: issuer,
            consent_id: tokens.consent_id.clone(),
            authorization_details: None,
        };
        assert_eq!(told, expected);
        let told = house.introspect(&app, &refresh_token(&tokens)).await;
        assert!(told.active && told.token_type.is_none() && told.exp > Some(now + 3_600));
        // The name is part of what the permission `wallet` shows; others do not come with it.
        let tokens = house.tokens(&app, &ona, "transferFunds").await;
        assert_eq!(
            house
                .introspect(&app, &access_token(&tokens))
                .await
                .username,
            None
        );
    })
    .await;
}

#[tokio::test]
async fn row_49_a_client_learns_only_about_its_own_tokens() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let (app, other) = (house.app("shop").await, house.app("other").await);
        let ona = house.person("ona").await;
        let tokens = house.tokens(&app, &ona, "wallet").await;
        let unknown = house.introspect(&other, "what is this").await;
        assert_eq!(unknown, Introspection::inactive());
        // In the cache or not makes no difference to a stranger.
        for _ in 0..2 {
            for token in [access_token(&tokens), refresh_token(&tokens)] {
                assert_eq!(house.introspect(&other, &token).await, unknown);
            }
            assert!(house.is_active(&app, &access_token(&tokens)).await);
        }
        // Nor can it end them, nor hear that they are there.
        for token in [
            access_token(&tokens),
            refresh_token(&tokens),
            "cs_at_x".to_owned(),
        ] {
            assert_eq!(house.revoke(&other, &token).await, Ok(()));
        }
        assert!(house.is_active(&app, &access_token(&tokens)).await);
        assert!(house.is_active(&app, &refresh_token(&tokens)).await);
    })
    .await;
}

#[tokio::test]
async fn row_49_asking_needs_a_secret() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let (app, public) = (house.app("shop").await, house.public_app("phone").await);
        let ona = house.person("ona").await;
        let tokens = house.tokens(&public, &ona, "wallet").await;
        for app in [
            &public,
            &App {
                secret: None,
                ..app.clone()
            },
            &App {
                secret: Some("x".to_owned()),
                ..app
            },
        ] {
            let (form, header) = app.form(&[("token", &access_token(&tokens))]);
            let answer = crate::house::served(
                house
                    .engine
                    .introspect(&crate::house::request(&form, header.as_deref()))
                    .await,
            );
            assert_eq!(code_of(&answer), Some("invalid_client"), "{}", app.id);
        }
        // But a public client may give its own tokens back.
        assert_eq!(house.revoke(&public, &access_token(&tokens)).await, Ok(()));
        assert_eq!(
            house
                .engine
                .access(&tokens.access_token)
                .await
                .expect("storage")
                .err(),
            Some(Inactive::Revoked)
        );
    })
    .await;
}

#[tokio::test]
async fn a_revoked_access_token_ends_alone_and_a_revoked_refresh_token_with_its_family() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let app = house.app("shop").await;
        let ona = house.person("ona").await;
        let tokens = house.tokens(&app, &ona, "wallet").await;
        assert!(house.is_active(&app, &access_token(&tokens)).await);
        assert_eq!(house.revoke(&app, &access_token(&tokens)).await, Ok(()));
        assert!(
            !house.is_active(&app, &access_token(&tokens)).await,
            "at once, though it was in the cache"
        );
        let next = house
            .refresh(&app, &refresh_token(&tokens))
            .await
            .expect("the chain goes on");
        assert!(house.is_active(&app, &access_token(&next)).await);
        assert_eq!(house.revoke(&app, &refresh_token(&next)).await, Ok(()));
        assert!(!house.is_active(&app, &access_token(&next)).await);
        assert!(!house.is_active(&app, &refresh_token(&next)).await);
        assert_eq!(
            code_of(&house.refresh(&app, &refresh_token(&next)).await),
            Some("invalid_grant")
        );
        // Giving tokens back is not withdrawing a consent, and doing it again is fine.
        assert_eq!(
            db.number("SELECT COUNT(*) FROM consents WHERE status = 'valid'")
                .await,
            1
        );
        assert_eq!(house.revoke(&app, &refresh_token(&next)).await, Ok(()));
        assert_eq!(
            db.number("SELECT COUNT(*) FROM audit_events WHERE action LIKE '%.revoked'")
                .await,
            2
        );
    })
    .await;
}

#[tokio::test]
async fn a_wrong_hint_about_the_kind_of_token_changes_nothing() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let app = house.app("shop").await;
        let ona = house.person("ona").await;
        let tokens = house.tokens(&app, &ona, "wallet").await;
        for hint in ["refresh_token", "nonsense"] {
            let token = access_token(&tokens);
            let (form, header) = app.form(&[("token", &token), ("token_type_hint", hint)]);
            let request = crate::house::request(&form, header.as_deref());
            assert!(
                house
                    .engine
                    .introspect(&request)
                    .await
                    .expect("an answer")
                    .active,
                "{hint}"
            );
        }
    })
    .await;
}

#[tokio::test]
async fn a_disconnect_is_seen_on_every_node_within_a_second() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let second = house.neighbour(&db.open_again(OpenOptions::default()).await, 8);
        let app = house.app("shop").await;
        let ona = house.person("ona").await;
        let tokens = house.tokens(&app, &ona, "wallet").await;
        for node in [&house, &second] {
            assert!(node.is_active(&app, &access_token(&tokens)).await);
        }
        let (consent, now) = (tokens.consent_id.clone().expect("a consent"), house.now());
        let id = consent.clone();
        let ended = house
            .write(move |tx| {
                Box::pin(
                    async move { advance_consent_ended(tx, &id, EndReason::Withdrawn, now).await },
                )
            })
            .await;
        assert!(ended.is_yes());
        house.engine.env().caches.changed(Thing::Consent(&consent));
        assert!(
            !house.is_active(&app, &access_token(&tokens)).await,
            "at once where it was done"
        );
        house.later(Duration::from_millis(999));
        assert!(!second.is_active(&app, &access_token(&tokens)).await);
        for token in [refresh_token(&tokens)] {
            assert!(!second.is_active(&app, &token).await);
            assert_eq!(
                code_of(&second.refresh(&app, &token).await),
                Some("invalid_grant")
            );
        }
    })
    .await;
}

#[tokio::test]
async fn what_a_suspended_person_allowed_does_not_work_meanwhile() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let app = house.app("shop").await;
        let ona = house.person("ona").await;
        let grant = house.grant(&app, &ona, "wallet").await;
        let tokens = house.tokens(&app, &ona, "wallet").await;
        set_status(&house, &ona, UserStatus::Suspended).await;
        let access = house
            .engine
            .access(&tokens.access_token)
            .await
            .expect("storage");
        assert_eq!(access.err(), Some(Inactive::UserOff));
        assert!(!house.is_active(&app, &refresh_token(&tokens)).await);
        assert_eq!(
            code_of(&house.refresh(&app, &refresh_token(&tokens)).await),
            Some("invalid_grant")
        );
        assert_eq!(
            code_of(&house.exchange(&app, &grant).await),
            Some("invalid_grant")
        );
        set_status(&house, &ona, UserStatus::Active).await;
        assert!(house.is_active(&app, &access_token(&tokens)).await);
        assert!(house.exchange(&app, &grant).await.is_ok());
    })
    .await;
}

async fn set_status(house: &House, user: &UserId, status: UserStatus) {
    let id = user.clone();
    let done = house
        .write(move |tx| Box::pin(async move { advance_user_status(tx, &id, status).await }))
        .await;
    assert!(done.is_yes());
    house.engine.env().caches.changed(Thing::User(user));
}

#[tokio::test]
async fn an_access_token_ends_at_its_very_millisecond_in_the_cache_too() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let app = house.app("shop").await;
        let ona = house.person("ona").await;
        let tokens = house.tokens(&app, &ona, "wallet").await;
        house.later(seconds(3_600) - Duration::from_millis(1));
        assert!(
            house
                .engine
                .access(&tokens.access_token)
                .await
                .expect("storage")
                .is_ok()
        );
        house.later(Duration::from_millis(1));
        let access = house
            .engine
            .access(&tokens.access_token)
            .await
            .expect("storage");
        assert_eq!(access.err(), Some(Inactive::Expired));
    })
    .await;
}
