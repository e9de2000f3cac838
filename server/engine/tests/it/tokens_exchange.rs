//! The exchange of an authorization code.

use engine::client_authentication::Refused;
use protocol::{
    client::GrantType,
    lifetimes::LifetimeOverrides,
    pkce::CodeChallenge,
    token::{TokenAnswer, TokenErrorCode},
};
use store::{
    OpenOptions,
    consents::{ConsentStatus, EndReason, advance_consent_ended, find_consent},
    testing::on_each_database,
};

use crate::house::{
    App, CHALLENGE, House, REDIRECT_URI, VERIFIER, access_token, code_of, exchange_form,
    refresh_token, seconds,
};

/// The exchange with one parameter changed (or left out).
async fn exchange_with(
    house: &House,
    app: &App,
    code: &str,
    name: &str,
    value: Option<&str>,
) -> Result<TokenAnswer, Refused> {
    let form = exchange_form(code);
    let mut form: Vec<_> = form
        .into_iter()
        .filter(|(known, _)| *known != name)
        .collect();
    form.extend(value.map(|value| (name, value)));
    house.token(app, &form).await
}

#[tokio::test]
async fn a_code_becomes_tokens_for_what_was_allowed() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let app = house.app("shop").await;
        let ona = house.person("ona").await;
        let grant = house.grant(&app, &ona, "wallet transferFunds").await;
        let answer = house.exchange(&app, &grant).await.expect("tokens");
        assert_eq!(answer.scope.to_string(), "transferFunds wallet");
        assert_eq!(answer.expires_in(house.now()), seconds(3_600));
        assert_eq!(answer.consent_id, Some(grant.consent.clone()));
        assert!(answer.refresh_token.is_some() && answer.payment.is_none());
        let access = house
            .engine
            .access(&answer.access_token)
            .await
            .expect("storage")
            .expect("a good token");
        assert_eq!(
            (&access.client, access.user.as_ref()),
            (&app.id, Some(&ona))
        );
        let consent = access.consent.as_ref().expect("the consent");
        assert_eq!(consent.id, grant.consent);
        assert_eq!(consent.accounts.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn row_06_a_code_with_a_challenge_needs_its_verifier_from_confidential_clients_too() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let app = house.app("shop").await;
        let ona = house.person("ona").await;
        let grant = house.grant(&app, &ona, "wallet").await;
        let answer = exchange_with(&house, &app, &grant.code, "code_verifier", None).await;
        assert_eq!(code_of(&answer), Some("invalid_grant"));
        let other = VERIFIER.replace('d', "e");
        let answer = exchange_with(&house, &app, &grant.code, "code_verifier", Some(&other)).await;
        assert_eq!(code_of(&answer), Some("invalid_grant"));
        assert!(
            house.exchange(&app, &grant).await.is_ok(),
            "whoever lacks the verifier cannot use the code up"
        );
    })
    .await;
}

#[tokio::test]
async fn row_07_a_code_issued_without_a_challenge_is_not_redeemed_with_a_verifier() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let app = house.app("shop").await;
        let ona = house.person("ona").await;
        let grant = house
            .grant_with(&app, &ona, "wallet", |_, code| code.challenge = None)
            .await;
        let answer = house.exchange(&app, &grant).await;
        assert_eq!(code_of(&answer), Some("invalid_grant"));
        // A client without a secret has nothing but PKCE.
        let public = house.public_app("phone").await;
        let grant = house
            .grant_with(&public, &ona, "wallet", |_, code| code.challenge = None)
            .await;
        let answer = exchange_with(&house, &public, &grant.code, "code_verifier", None).await;
        assert_eq!(code_of(&answer), Some("invalid_grant"));
    })
    .await;
}

#[tokio::test]
async fn row_08_plain_short_overlong_and_strange_verifiers_are_refused() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let app = house.app("shop").await;
        let ona = house.person("ona").await;
        let grant = house.grant(&app, &ona, "wallet").await;
        let verifiers = [
            CHALLENGE.to_owned(),
            "a".repeat(42),
            "a".repeat(129),
            format!("{}+", &VERIFIER[1..]),
            "ž".repeat(43),
        ];
        for verifier in &verifiers {
            let answer =
                exchange_with(&house, &app, &grant.code, "code_verifier", Some(verifier)).await;
            assert_eq!(code_of(&answer), Some("invalid_grant"), "{verifier}");
        }
        assert!(house.exchange(&app, &grant).await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn row_09_a_code_is_bound_to_client_redirect_uri_and_pkce() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let app = house.app("shop").await;
        let ona = house.person("ona").await;
        let grant = house.grant(&app, &ona, "wallet").await;
        for uri in [
            "https://shop.example/callback/",
            "https://shop.example/other",
            "HTTPS://shop.example/callback",
        ] {
            let answer = exchange_with(&house, &app, &grant.code, "redirect_uri", Some(uri)).await;
            assert_eq!(code_of(&answer), Some("invalid_grant"), "{uri}");
        }
        let answer = exchange_with(&house, &app, &grant.code, "redirect_uri", None).await;
        assert_eq!(
            code_of(&answer),
            Some("invalid_grant"),
            "it was in the authorize request"
        );
        // The code of another session of the same app: other challenge, so this verifier does not fit.
        let injected = house
            .grant_with(&app, &ona, "wallet", |_, code| {
                code.challenge = CodeChallenge::parse(&CHALLENGE.replace('E', "F")).ok();
            })
            .await;
        let answer = house.exchange(&app, &injected).await;
        assert_eq!(code_of(&answer), Some("invalid_grant"));
        assert!(house.exchange(&app, &grant).await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn row_10_a_second_use_of_a_code_is_refused_and_ends_what_the_first_one_gave() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let app = house.app("shop").await;
        let ona = house.person("ona").await;
        let grant = house.grant(&app, &ona, "wallet").await;
        let first = house.exchange(&app, &grant).await.expect("tokens");
        // In the cache of this node, to see that it is forgotten there.
        assert!(house.is_active(&app, &access_token(&first)).await);
        let second = house.exchange(&app, &grant).await;
        assert_eq!(code_of(&second), Some("invalid_grant"));
        assert!(!house.is_active(&app, &access_token(&first)).await);
        assert_eq!(
            code_of(&house.refresh(&app, &refresh_token(&first)).await),
            Some("invalid_grant")
        );
        let consent = find_consent(house.store.reader(), &grant.consent)
            .await
            .expect("storage")
            .expect("a consent");
        assert_eq!(consent.status, ConsentStatus::Ended);
        assert_eq!(
            consent.ended.map(|(_, reason)| reason),
            Some(EndReason::Misused)
        );
        // Also when the replay comes after the code's own end.
        let grant = house.grant(&app, &ona, "wallet").await;
        let first = house.exchange(&app, &grant).await.expect("tokens");
        house.later(seconds(120));
        assert_eq!(
            code_of(&house.exchange(&app, &grant).await),
            Some("invalid_grant")
        );
        assert!(!house.is_active(&app, &access_token(&first)).await);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn row_11_fifty_parallel_uses_of_a_code_on_three_nodes_give_tokens_once() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let app = house.app("shop").await;
        let ona = house.person("ona").await;
        let grant = house.grant(&app, &ona, "wallet").await;
        let second = house.neighbour(&db.open_again(OpenOptions::default()).await, 8);
        let third = house.neighbour(&db.open_again(OpenOptions::default()).await, 9);
        let nodes = [&house, &second, &third];
        let mut tries = Vec::new();
        for number in 0..50 {
            let (engine, code) = (nodes[number % 3].engine.clone(), grant.code.clone());
            let (form, header) = app.form(&exchange_form(&code));
            tries.push(tokio::spawn(async move {
                crate::house::served(
                    engine
                        .token(&crate::house::request(&form, header.as_deref()))
                        .await,
                )
            }));
        }
        let mut given = Vec::new();
        for one in tries {
            match one.await.expect("no panic") {
                Ok(answer) => given.push(answer),
                Err(refused) => assert_eq!(
                    refused.error.code,
                    TokenErrorCode::InvalidGrant,
                    "{}",
                    refused.reason
                ),
            }
        }
        assert_eq!(given.len(), 1);
        assert_eq!(db.number("SELECT COUNT(*) FROM token_families").await, 1);
        assert_eq!(db.number("SELECT COUNT(*) FROM access_tokens").await, 1);
        assert_eq!(db.number("SELECT COUNT(*) FROM refresh_tokens").await, 1);
        // The others were replays: what the one got is good for nothing now, on every node.
        house.later(seconds(1));
        for node in nodes {
            assert!(!node.is_active(&app, &access_token(&given[0])).await);
            assert_eq!(
                code_of(&node.refresh(&app, &refresh_token(&given[0])).await),
                Some("invalid_grant")
            );
        }
    })
    .await;
}

#[tokio::test]
async fn row_12_a_code_ends_after_sixty_seconds_of_the_servers_clock() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let app = house.app("shop").await;
        let ona = house.person("ona").await;
        let grant = house.grant(&app, &ona, "wallet").await;
        let late = house.grant(&app, &ona, "wallet").await;
        house.later(seconds(60) - std::time::Duration::from_millis(1));
        assert!(house.exchange(&app, &grant).await.is_ok());
        house.later(std::time::Duration::from_millis(1));
        assert_eq!(
            code_of(&house.exchange(&app, &late).await),
            Some("invalid_grant")
        );
    })
    .await;
}

#[tokio::test]
async fn row_13_a_code_in_the_hands_of_another_client_is_void() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let (app, thief) = (house.app("shop").await, house.app("thief").await);
        let ona = house.person("ona").await;
        let grant = house.grant(&app, &ona, "wallet").await;
        assert_eq!(
            code_of(&house.exchange(&thief, &grant).await),
            Some("invalid_grant")
        );
        assert_eq!(
            code_of(&house.exchange(&app, &grant).await),
            Some("invalid_grant"),
            "it was invalidated"
        );
        assert_eq!(db.number("SELECT COUNT(*) FROM access_tokens").await, 0);
        // What was exchanged before is not the thief's to end.
        let grant = house.grant(&app, &ona, "wallet").await;
        let tokens = house.exchange(&app, &grant).await.expect("tokens");
        assert_eq!(
            code_of(&house.exchange(&thief, &grant).await),
            Some("invalid_grant")
        );
        assert!(house.is_active(&app, &access_token(&tokens)).await);
    })
    .await;
}

#[tokio::test]
async fn a_payment_gets_no_refresh_token_and_its_details_come_with_the_answer() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let app = house.app("shop").await;
        let ona = house.person("ona").await;
        let grant = house
            .grant_with(&app, &ona, "transferFunds", |consent, _| {
                consent.payment = Some(House::payment());
                consent.valid_until = consent.created_at + seconds(900);
            })
            .await;
        let answer = house.exchange(&app, &grant).await.expect("tokens");
        assert!(answer.refresh_token.is_none());
        assert_eq!(answer.payment, Some(House::payment()));
        assert_eq!(
            answer.expires_in(house.now()),
            seconds(900),
            "never longer than the consent"
        );
        let details = house
            .introspect(&app, &access_token(&answer))
            .await
            .authorization_details;
        assert_eq!(details, Some(House::payment().to_authorization_details()));
    })
    .await;
}

#[tokio::test]
async fn only_clients_with_that_grant_get_a_refresh_token() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let app = house
            .app_with("shop", |record| {
                record.client.grants = vec![GrantType::AuthorizationCode]
            })
            .await;
        let ona = house.person("ona").await;
        let answer = house.tokens(&app, &ona, "wallet").await;
        assert!(answer.refresh_token.is_none());
        let other = house
            .app_with("other", |record| {
                record.client.grants = vec![GrantType::RefreshToken]
            })
            .await;
        let grant = house.grant(&other, &ona, "wallet").await;
        assert_eq!(
            code_of(&house.exchange(&other, &grant).await),
            Some("unauthorized_client")
        );
    })
    .await;
}

#[tokio::test]
async fn a_client_may_have_its_own_lifetimes() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let lifetimes = LifetimeOverrides {
            access_token_seconds: Some(86_400),
            ..LifetimeOverrides::default()
        };
        let app = house
            .app_with("pincode", |record| record.client.lifetimes = lifetimes)
            .await;
        let ona = house.person("ona").await;
        let answer = house.tokens(&app, &ona, "wallet").await;
        assert_eq!(answer.expires_in(house.now()), seconds(86_400));
        house.later(seconds(86_400) - std::time::Duration::from_millis(1));
        assert!(house.is_active(&app, &access_token(&answer)).await);
        house.later(std::time::Duration::from_millis(1));
        assert!(!house.is_active(&app, &access_token(&answer)).await);
    })
    .await;
}

#[tokio::test]
async fn a_consent_that_was_ended_gives_nothing_and_leaves_nothing_behind() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let app = house.app("shop").await;
        let ona = house.person("ona").await;
        let grant = house.grant(&app, &ona, "wallet").await;
        let (consent, now) = (grant.consent.clone(), house.now());
        let _ = house
            .write(move |tx| {
                Box::pin(async move {
                    advance_consent_ended(tx, &consent, EndReason::Withdrawn, now).await
                })
            })
            .await;
        assert_eq!(
            code_of(&house.exchange(&app, &grant).await),
            Some("invalid_grant")
        );
        for table in [
            "token_families",
            "access_tokens",
            "refresh_tokens",
            "audit_events",
        ] {
            assert_eq!(
                db.number(&format!("SELECT COUNT(*) FROM {table}")).await,
                0,
                "{table}"
            );
        }
    })
    .await;
}

#[tokio::test]
async fn a_redirect_uri_that_was_not_sent_need_not_be_repeated() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let app = house.app("shop").await;
        let ona = house.person("ona").await;
        for uri in [None, Some(REDIRECT_URI)] {
            let grant = house
                .grant_with(&app, &ona, "wallet", |_, code| code.redirect_uri = None)
                .await;
            assert!(
                exchange_with(&house, &app, &grant.code, "redirect_uri", uri)
                    .await
                    .is_ok(),
                "{uri:?}"
            );
        }
    })
    .await;
}
