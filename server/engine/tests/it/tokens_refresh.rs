//! Refresh: rotation, repetition, theft.

use std::time::Duration;

use engine::{Settings, client_authentication::Refused};
use protocol::token::TokenAnswer;
use store::testing::{on_each_database, text};

use crate::house::{App, House, access_token, code_of, refresh_token, scope, seconds, settings};

async fn refresh_for(
    house: &House,
    app: &App,
    token: &str,
    scope: &str,
) -> Result<TokenAnswer, Refused> {
    house
        .token(
            app,
            &[
                ("grant_type", "refresh_token"),
                ("refresh_token", token),
                ("scope", scope),
            ],
        )
        .await
}

#[tokio::test]
async fn every_refresh_brings_a_new_pair() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let app = house.app("shop").await;
        let ona = house.person("ona").await;
        let first = house.tokens(&app, &ona, "wallet").await;
        house.later(seconds(600));
        let second = house
            .refresh(&app, &refresh_token(&first))
            .await
            .expect("a new pair");
        assert_ne!(access_token(&first), access_token(&second));
        assert_ne!(refresh_token(&first), refresh_token(&second));
        assert_eq!(second.scope, scope("wallet"));
        assert_eq!(second.consent_id, first.consent_id);
        assert!(
            house.is_active(&app, &access_token(&first)).await,
            "the old access token lives out its time"
        );
        assert!(house.is_active(&app, &access_token(&second)).await);
        assert!(!house.is_active(&app, &refresh_token(&first)).await);
        assert!(house.is_active(&app, &refresh_token(&second)).await);
    })
    .await;
}

#[tokio::test]
async fn row_14_a_refresh_token_used_again_after_the_window_ends_everything_and_alarms_both() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let developer = house.developer("dev").await;
        let app = house
            .app_with("shop", |record| record.owner = Some(developer))
            .await;
        let ona = house.person("ona").await;
        let first = house.tokens(&app, &ona, "wallet").await;
        let second = house
            .refresh(&app, &refresh_token(&first))
            .await
            .expect("a new pair");
        assert!(house.is_active(&app, &access_token(&second)).await);
        house.later(seconds(10));
        let stolen = house.refresh(&app, &refresh_token(&first)).await;
        assert_eq!(code_of(&stolen), Some("invalid_grant"));
        for token in [
            access_token(&first),
            access_token(&second),
            refresh_token(&second),
        ] {
            assert!(
                !house.is_active(&app, &token).await,
                "the whole family is revoked"
            );
        }
        assert_eq!(
            code_of(&house.refresh(&app, &refresh_token(&second)).await),
            Some("invalid_grant")
        );
        let recipients =
            "SELECT COUNT(*) FROM outbox WHERE recipient IN ('ona@mail.test', 'dev@mail.test')";
        assert_eq!(db.number(recipients).await, 2);
        let events = "SELECT COUNT(*) FROM audit_events WHERE action = 'family.revoked'";
        assert_eq!(db.number(events).await, 1);
        let reason = text(
            house.store.reader(),
            "SELECT revoked_reason FROM token_families",
        )
        .await;
        assert_eq!(reason.as_deref(), Ok("refresh_replayed"));
        // Once more: nothing new happens, nobody is told twice.
        assert_eq!(
            code_of(&house.refresh(&app, &refresh_token(&first)).await),
            Some("invalid_grant")
        );
        assert_eq!(db.number("SELECT COUNT(*) FROM outbox").await, 2);
    })
    .await;
}

#[tokio::test]
async fn row_14_inside_the_window_too_once_the_new_tokens_were_used() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let app = house.app("shop").await;
        let ona = house.person("ona").await;
        // The new access token was used: by a resource request, or by asking about it.
        for by_resource in [true, false] {
            let first = house.tokens(&app, &ona, "wallet").await;
            let second = house
                .refresh(&app, &refresh_token(&first))
                .await
                .expect("a new pair");
            if by_resource {
                let access = house
                    .engine
                    .access(&second.access_token)
                    .await
                    .expect("storage");
                assert!(access.is_ok());
            } else {
                assert!(house.is_active(&app, &access_token(&second)).await);
            }
            assert_eq!(
                code_of(&house.refresh(&app, &refresh_token(&first)).await),
                Some("invalid_grant")
            );
            assert!(!house.is_active(&app, &access_token(&second)).await);
        }
        // The new refresh token was used.
        let first = house.tokens(&app, &ona, "wallet").await;
        let second = house
            .refresh(&app, &refresh_token(&first))
            .await
            .expect("a new pair");
        let third = house
            .refresh(&app, &refresh_token(&second))
            .await
            .expect("a new pair");
        assert_eq!(
            code_of(&house.refresh(&app, &refresh_token(&first)).await),
            Some("invalid_grant")
        );
        assert_eq!(
            code_of(&house.refresh(&app, &refresh_token(&third)).await),
            Some("invalid_grant")
        );
    })
    .await;
}

#[tokio::test]
async fn row_15_a_repeated_refresh_gets_the_same_pair_while_the_window_is_open() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let app = house.app("shop").await;
        let ona = house.person("ona").await;
        let first = house.tokens(&app, &ona, "wallet").await;
        let second = house
            .refresh(&app, &refresh_token(&first))
            .await
            .expect("a new pair");
        house.later(seconds(10) - Duration::from_millis(1));
        let again = house
            .refresh(&app, &refresh_token(&first))
            .await
            .expect("the same pair");
        assert_eq!(access_token(&again), access_token(&second));
        assert_eq!(refresh_token(&again), refresh_token(&second));
        assert_eq!(again.expires_at, second.expires_at);
        assert_eq!(again.expires_in(house.now()).as_secs(), 3_590);
        assert!(house.is_active(&app, &access_token(&again)).await);
        assert!(house.refresh(&app, &refresh_token(&again)).await.is_ok());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn row_15_parallel_refreshes_of_an_honest_client_all_get_the_same_pair() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let app = house.app("shop").await;
        let ona = house.person("ona").await;
        let first = house.tokens(&app, &ona, "wallet").await;
        let mut tries = Vec::new();
        for _ in 0..20 {
            let engine = house.engine.clone();
            let token = refresh_token(&first);
            let (form, header) =
                app.form(&[("grant_type", "refresh_token"), ("refresh_token", &token)]);
            tries.push(tokio::spawn(async move {
                crate::house::served(
                    engine
                        .token(&crate::house::request(&form, header.as_deref()))
                        .await,
                )
            }));
        }
        let mut pairs = Vec::new();
        for one in tries {
            let answer = one.await.expect("no panic").expect("a pair");
            pairs.push((access_token(&answer), refresh_token(&answer)));
        }
        pairs.dedup();
        assert_eq!(pairs.len(), 1);
        assert_eq!(
            db.number("SELECT COUNT(*) FROM refresh_tokens WHERE used_at IS NULL")
                .await,
            1
        );
        assert!(house.refresh(&app, &pairs[0].1).await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn row_16_a_refresh_may_ask_for_less_but_never_for_more() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let app = house.app("shop").await;
        let ona = house.person("ona").await;
        let first = house.tokens(&app, &ona, "wallet transferFunds").await;
        let wider = refresh_for(
            &house,
            &app,
            &refresh_token(&first),
            "wallet transferFunds ais",
        )
        .await;
        assert_eq!(code_of(&wider), Some("invalid_scope"));
        let narrow = refresh_for(&house, &app, &refresh_token(&first), "wallet")
            .await
            .expect("less");
        assert_eq!(narrow.scope, scope("wallet"));
        let access = house
            .engine
            .access(&narrow.access_token)
            .await
            .expect("storage")
            .expect("a good token");
        assert_eq!(access.scope, scope("wallet"));
        let whole = house
            .refresh(&app, &refresh_token(&narrow))
            .await
            .expect("the original is kept");
        assert_eq!(whole.scope, scope("wallet transferFunds"));
    })
    .await;
}

#[tokio::test]
async fn row_17_a_refresh_token_is_good_for_its_own_client_only() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let (app, other) = (house.app("shop").await, house.app("other").await);
        let ona = house.person("ona").await;
        let tokens = house.tokens(&app, &ona, "wallet").await;
        assert_eq!(
            code_of(&house.refresh(&other, &refresh_token(&tokens)).await),
            Some("invalid_grant")
        );
        assert!(
            house.refresh(&app, &refresh_token(&tokens)).await.is_ok(),
            "the other one changed nothing"
        );
    })
    .await;
}

#[tokio::test]
async fn row_18_the_lifetime_of_a_grant_is_absolute_to_the_second() {
    on_each_database(async |db| {
        let mut short = settings();
        short.lifetimes.refresh_token = seconds(7_200);
        let house = House::with(&db.store, short);
        let app = house.app("shop").await;
        let ona = house.person("ona").await;
        let mut tokens = house.tokens(&app, &ona, "wallet").await;
        let unused = house.tokens(&app, &ona, "wallet").await;
        let end = house.now() + seconds(7_200);
        // However often it is rotated.
        for _ in 0..3 {
            house.later(seconds(2_000));
            tokens = house
                .refresh(&app, &refresh_token(&tokens))
                .await
                .expect("a new pair");
        }
        house.clock.set(end - Duration::from_millis(1));
        let last = house
            .refresh(&app, &refresh_token(&tokens))
            .await
            .expect("the last pair");
        house.clock.set(end);
        assert_eq!(
            code_of(&house.refresh(&app, &refresh_token(&last)).await),
            Some("invalid_grant")
        );
        assert_eq!(
            code_of(&house.refresh(&app, &refresh_token(&unused)).await),
            Some("invalid_grant")
        );
    })
    .await;
}

#[tokio::test]
async fn row_18_the_end_of_the_consent_ends_both_tokens_to_the_second() {
    on_each_database(async |db| {
        let month = Settings {
            consent_lifetime: seconds(30 * 86_400),
            ..settings()
        };
        let house = House::with(&db.store, month);
        let app = house.app("shop").await;
        let ona = house.person("ona").await;
        let end = house.now() + seconds(30 * 86_400);
        let tokens = house.tokens(&app, &ona, "wallet").await;
        house.clock.set(end - seconds(1_000));
        let last = house
            .refresh(&app, &refresh_token(&tokens))
            .await
            .expect("a new pair");
        assert_eq!(
            last.expires_in(house.now()),
            seconds(1_000),
            "never longer than the consent"
        );
        house.clock.set(end - Duration::from_millis(1));
        assert!(house.is_active(&app, &access_token(&last)).await);
        assert!(house.is_active(&app, &refresh_token(&last)).await);
        house.clock.set(end);
        assert!(!house.is_active(&app, &access_token(&last)).await);
        assert!(!house.is_active(&app, &refresh_token(&last)).await);
        assert_eq!(
            code_of(&house.refresh(&app, &refresh_token(&last)).await),
            Some("invalid_grant")
        );
    })
    .await;
}

#[tokio::test]
async fn the_successor_is_sealed_at_rest() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let app = house.app("shop").await;
        let ona = house.person("ona").await;
        let first = house.tokens(&app, &ona, "wallet").await;
        let second = house
            .refresh(&app, &refresh_token(&first))
            .await
            .expect("a new pair");
        let hex = if db.name == "sqlite" {
            "hex(sealed_successor)"
        } else {
            "upper(encode(sealed_successor, 'hex'))"
        };
        let query = format!("SELECT {hex} FROM refresh_tokens WHERE sealed_successor IS NOT NULL");
        let stored = text(house.store.reader(), &query).await.expect("a blob");
        let hex_of = |token: String| data_encoding::HEXUPPER.encode(token.as_bytes());
        assert!(stored.len() > 200);
        assert!(
            !stored.contains(&hex_of(access_token(&second)))
                && !stored.contains(&hex_of(refresh_token(&second)))
        );
    })
    .await;
}
