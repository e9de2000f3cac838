//! Who may ask for tokens, and how they prove who they are; tokens of apps that speak for nobody.

use std::{
    net::{IpAddr, Ipv4Addr},
    time::Duration,
};

use engine::client_authentication::{BackRequest, Refused};
use protocol::{
    client::{AuthMethod, ClientStatus, GrantType},
    form::RawForm,
    token::{TokenAnswer, TokenErrorCode},
};
use store::{OpenOptions, clients::advance_client_status, testing::on_each_database};

use crate::house::{App, House, access_token, basic, code_of, request, scope, seconds, served};

const CREDENTIALS: [(&str, &str); 1] = [("grant_type", "client_credentials")];

async fn ask(
    house: &House,
    pairs: &[(&str, &str)],
    header: Option<&str>,
) -> Result<TokenAnswer, Refused> {
    let form = RawForm::from_pairs(pairs.iter().copied());
    served(house.engine.token(&request(&form, header)).await)
}

fn secret(app: &App) -> &str {
    app.secret.as_deref().expect("a secret")
}

#[tokio::test]
async fn a_secret_may_stand_in_the_header_or_in_the_body() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        for (name, method) in [
            ("basic", AuthMethod::ClientSecretBasic),
            ("post", AuthMethod::ClientSecretPost),
        ] {
            let app = house
                .app_with(name, |record| record.client.auth_method = method)
                .await;
            let body = [
                ("grant_type", "client_credentials"),
                ("client_id", name),
                ("client_secret", secret(&app)),
            ];
            assert!(ask(&house, &body, None).await.is_ok(), "{name} in the body");
            let header = basic(name, secret(&app));
            assert!(
                ask(&house, &CREDENTIALS, Some(&header)).await.is_ok(),
                "{name} in the header"
            );
        }
    })
    .await;
}

#[tokio::test]
async fn row_29_a_confidential_client_never_passes_as_a_public_one() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let app = house.app("shop").await;
        let ona = house.person("ona").await;
        let nameless = [("grant_type", "client_credentials"), ("client_id", "shop")];
        assert_eq!(
            code_of(&ask(&house, &nameless, None).await),
            Some("invalid_client")
        );
        let grant = house.grant(&app, &ona, "wallet").await;
        let without = App {
            secret: None,
            ..app.clone()
        };
        assert_eq!(
            code_of(&house.exchange(&without, &grant).await),
            Some("invalid_client")
        );
        let tokens = house
            .exchange(&app, &grant)
            .await
            .expect("the code was not touched");
        let refreshed = house
            .refresh(&without, &crate::house::refresh_token(&tokens))
            .await;
        assert_eq!(code_of(&refreshed), Some("invalid_client"));
        // An empty secret is no secret; one in both places is refused, even if both are right.
        let header = basic("shop", "");
        assert_eq!(
            code_of(&ask(&house, &CREDENTIALS, Some(&header)).await),
            Some("invalid_client")
        );
        let header = basic("shop", secret(&app));
        let both = [
            ("grant_type", "client_credentials"),
            ("client_id", "shop"),
            ("client_secret", secret(&app)),
        ];
        assert_eq!(
            code_of(&ask(&house, &both, Some(&header)).await),
            Some("invalid_request")
        );
        let other = [("grant_type", "client_credentials"), ("client_id", "other")];
        assert_eq!(
            code_of(&ask(&house, &other, Some(&header)).await),
            Some("invalid_request")
        );
    })
    .await;
}

#[tokio::test]
async fn row_29_public_and_signing_clients_do_not_pass_with_a_secret() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let public = house.public_app("phone").await;
        let signing = house
            .app_with("signer", |record| {
                record.client.auth_method = AuthMethod::Mac
            })
            .await;
        let ona = house.person("ona").await;
        let grant = house.grant(&public, &ona, "wallet").await;
        let pretender = App {
            secret: Some("anything".to_owned()),
            ..public.clone()
        };
        assert_eq!(
            code_of(&house.exchange(&pretender, &grant).await),
            Some("invalid_client")
        );
        assert!(house.exchange(&public, &grant).await.is_ok());
        assert_eq!(
            code_of(&house.token(&signing, &CREDENTIALS).await),
            Some("invalid_client")
        );
        // A public client speaks for nobody but the person who approved it.
        assert_eq!(
            code_of(&house.token(&public, &CREDENTIALS).await),
            Some("unauthorized_client")
        );
    })
    .await;
}

#[tokio::test]
async fn row_30_guessing_is_slowed_down_and_never_locks_the_genuine_client_out() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let app = house.app("shop").await;
        let guess = App {
            secret: Some("cs_sk_guess".to_owned()),
            ..app.clone()
        };
        let mut slowed = None;
        for number in 0..100 {
            let refused = house
                .token(&guess, &CREDENTIALS)
                .await
                .expect_err("a wrong secret");
            if refused.error.code == TokenErrorCode::TooManyRequests {
                assert_eq!(refused.error.status(), 429);
                assert!(
                    refused
                        .retry_after
                        .is_some_and(|wait| wait > Duration::ZERO)
                );
                slowed.get_or_insert(number);
            } else {
                assert_eq!(refused.error.code, TokenErrorCode::InvalidClient);
                assert_eq!(
                    slowed, None,
                    "once slowed down it stays so while the clock stands still"
                );
            }
            // From the very address and under the very name.
            assert!(
                house.token(&app, &CREDENTIALS).await.is_ok(),
                "after {number} wrong ones"
            );
        }
        assert!(
            slowed.is_some_and(|number| number > 5),
            "a few typing errors are told as what they are"
        );
        // Names that do not exist count for their address, and one address not for another.
        let form = RawForm::from_pairs(CREDENTIALS);
        let header = basic("nobody", "x");
        let here = request(&form, Some(&header));
        let refused = served(house.engine.token(&here).await).expect_err("an unknown client");
        assert_eq!(refused.error.code, TokenErrorCode::TooManyRequests);
        let elsewhere = BackRequest {
            address: IpAddr::V4(Ipv4Addr::new(198, 51, 100, 9)),
            ..here
        };
        let refused = served(house.engine.token(&elsewhere).await).expect_err("an unknown client");
        assert_eq!(refused.error.code, TokenErrorCode::InvalidClient);
        house.later(seconds(60));
        assert_eq!(
            code_of(&house.token(&guess, &CREDENTIALS).await),
            Some("invalid_client")
        );
    })
    .await;
}

#[tokio::test]
async fn unknown_client_wrong_secret_and_wrong_method_sound_the_same() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let app = house.app("shop").await;
        let public = house.public_app("phone").await;
        let wrong = App {
            secret: Some("wrong".to_owned()),
            ..app.clone()
        };
        let unknown = App {
            id: protocol::ids::ClientId::new("nobody"),
            secret: Some("wrong".to_owned()),
        };
        let method = App {
            secret: Some("wrong".to_owned()),
            ..public
        };
        let mut errors = Vec::new();
        for app in [&wrong, &unknown, &method] {
            errors.push(
                house
                    .token(app, &CREDENTIALS)
                    .await
                    .expect_err("refused")
                    .error,
            );
        }
        errors.dedup();
        assert_eq!(errors.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn several_secrets_are_good_side_by_side_each_to_its_own_end() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let old = house.app("shop").await;
        let end = house.now() + seconds(3_600);
        let new = house.another_secret(&old, Some(end)).await;
        assert!(house.token(&old, &CREDENTIALS).await.is_ok());
        assert!(house.token(&new, &CREDENTIALS).await.is_ok());
        house.clock.set(end - Duration::from_millis(1));
        assert!(house.token(&new, &CREDENTIALS).await.is_ok());
        house.clock.set(end);
        assert_eq!(
            code_of(&house.token(&new, &CREDENTIALS).await),
            Some("invalid_client")
        );
        assert!(house.token(&old, &CREDENTIALS).await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn when_a_secret_was_used_is_written_down_now_and_then() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let app = house.app("shop").await;
        house.token(&app, &CREDENTIALS).await.expect("a token");
        let used = "SELECT COUNT(*) FROM client_secrets WHERE last_used_at IS NOT NULL";
        assert_eq!(db.number(used).await, 0, "no request waits for it");
        house.engine.note_secret_uses().await.expect("storage");
        assert_eq!(db.number(used).await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_suspended_client_gets_nothing_on_any_node_within_a_second() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let app = house.app("shop").await;
        let token = house.token(&app, &CREDENTIALS).await.expect("a token");
        assert!(
            house
                .engine
                .access(&token.access_token)
                .await
                .expect("storage")
                .is_ok()
        );
        // The command line does it in another process, which cannot reach into this node's memory.
        let command = house.neighbour(&db.open_again(OpenOptions::default()).await, 8);
        let id = app.id.clone();
        let done = command
            .write(move |tx| {
                Box::pin(
                    async move { advance_client_status(tx, &id, ClientStatus::Suspended).await },
                )
            })
            .await;
        assert!(done.is_yes());
        house.later(Duration::from_millis(999));
        assert_eq!(
            code_of(&house.token(&app, &CREDENTIALS).await),
            Some("invalid_client")
        );
        assert!(
            house
                .engine
                .access(&token.access_token)
                .await
                .expect("storage")
                .is_err()
        );
        // And back again.
        let id = app.id.clone();
        let done = command
            .write(move |tx| {
                Box::pin(async move { advance_client_status(tx, &id, ClientStatus::Active).await })
            })
            .await;
        assert!(done.is_yes());
        house.later(Duration::from_millis(999));
        assert!(house.token(&app, &CREDENTIALS).await.is_ok());
        assert!(
            house
                .engine
                .access(&token.access_token)
                .await
                .expect("storage")
                .is_ok()
        );
    })
    .await;
}

#[tokio::test]
async fn row_32_the_token_of_an_app_stands_for_the_app_and_nobody_else() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        // An app that is named like a person's id.
        let ona = house.person("ona").await;
        let app = house.app(ona.as_str()).await;
        let answer = house.token(&app, &CREDENTIALS).await.expect("a token");
        assert!(answer.refresh_token.is_none() && answer.consent_id.is_none());
        let told = house.introspect(&app, &access_token(&answer)).await;
        assert_eq!(told.sub.as_deref(), Some(format!("client:{ona}").as_str()));
        assert_eq!((told.username, told.consent_id), (None, None));
        let access = house
            .engine
            .access(&answer.access_token)
            .await
            .expect("storage")
            .expect("a good token");
        assert!(access.user.is_none() && access.consent.is_none());
    })
    .await;
}

#[tokio::test]
async fn row_43_an_app_gets_no_scope_that_was_not_approved_and_no_grant_either() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let app = house
            .app_with("ais", |record| record.client.scope = scope("ais"))
            .await;
        let ask_for = async |scope| {
            house
                .token(
                    &app,
                    &[("grant_type", "client_credentials"), ("scope", scope)],
                )
                .await
        };
        assert_eq!(
            ask_for("ais").await.map(|answer| answer.scope),
            Ok(scope("ais"))
        );
        assert_eq!(
            ask_for("").await.map(|answer| answer.scope),
            Ok(scope("ais"))
        );
        for wider in ["ais wallet", "transferFunds", "AIS:consent-1", "unknown"] {
            assert_eq!(
                code_of(&ask_for(wider).await),
                Some("invalid_scope"),
                "{wider}"
            );
        }
        let app = house
            .app_with("codes", |record| {
                record.client.grants = vec![GrantType::AuthorizationCode]
            })
            .await;
        assert_eq!(
            code_of(&house.token(&app, &CREDENTIALS).await),
            Some("unauthorized_client")
        );
        for grant in [
            "password",
            "implicit",
            "urn:ietf:params:oauth:grant-type:device_code",
        ] {
            let answer = house.token(&app, &[("grant_type", grant)]).await;
            assert_eq!(code_of(&answer), Some("unsupported_grant_type"), "{grant}");
        }
    })
    .await;
}
