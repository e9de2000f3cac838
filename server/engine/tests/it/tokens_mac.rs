//! Signed requests: whose key it was, that none is served twice, and tokens that come with a key.

use std::net::{IpAddr, Ipv4Addr};

use engine::{
    client_authentication::{Raw, Refused},
    signed::{SignedRequest, Signer},
};
use protocol::{
    dialects::mac::{self, MacHeader, SignFault},
    form::RawForm,
    ids::TraceId,
    token::{TokenAnswer, TokenErrorCode},
};
use store::testing::on_each_database;

use crate::{
    house::{App, House, refresh_token, request, seconds, served},
    signing::Signing,
};

const TOKEN: &str = "/oauth/v1/token";

fn sent<'a>(header: &'a MacHeader, target: &'a str, body: &'a [u8]) -> SignedRequest<'a> {
    SignedRequest {
        header,
        method: if body.is_empty() { "GET" } else { "POST" },
        target,
        host: Some("127.0.0.1:3000"),
        body,
        address: IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1)),
    }
}

async fn looks(house: &House, signing: &Signing) -> Result<Signer, SignFault> {
    let header = signing.signed(house, "GET", "/rest/v1/user/me", b"");
    again(house, &header).await
}

async fn again(house: &House, header: &MacHeader) -> Result<Signer, SignFault> {
    let request = sent(header, "/rest/v1/user/me", b"");
    house.engine.signer(&request).await.expect("storage")
}

/// A token request, signed.
async fn token(
    house: &House,
    signing: &Signing,
    parameters: &[(&str, &str)],
) -> Result<TokenAnswer, Refused> {
    let form = RawForm::from_pairs(parameters.iter().copied());
    let body = parameters
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect::<Vec<_>>()
        .join("&");
    let header = signing.header(house, "POST", TOKEN, body.as_bytes());
    let mut asked = request(&form, Some(&header));
    asked.door = &mac::TOKEN;
    asked.raw = Raw {
        method: "POST",
        target: TOKEN,
        host: Some("127.0.0.1:3000"),
        body: body.as_bytes(),
        certificate: None,
    };
    served(house.engine.token(&asked).await)
}

async fn granted(house: &House, app: &App, signing: &Signing, scope: &str) -> TokenAnswer {
    let person = house.person("ona").await;
    let grant = house
        .grant_with(app, &person, scope, |_, code| code.challenge = None)
        .await;
    let parameters = [("grant_type", "authorization_code"), ("code", &*grant.code)];
    token(house, signing, &parameters).await.expect("a token")
}

#[tokio::test]
async fn a_code_brings_a_token_with_a_key_that_signs_for_the_person() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let (app, signing) = house.signing_app("wallet-app").await;
        let answer = granted(&house, &app, &signing, "wallet").await;
        let own = Signing::with_token(&answer);
        let signer = looks(&house, &own).await.expect("a good signature");
        assert_eq!(signer.client.client.id, app.id);
        let access = signer.access.expect("a person's token");
        assert_eq!(access.username.as_deref(), Some("ona"));
        // The key of the one is not that of the other.
        let crossed = Signing::new(&own.id, &signing.key);
        assert_eq!(
            looks(&house, &crossed).await.err(),
            Some(SignFault::WrongSignature)
        );
        let signer = looks(&house, &signing).await.expect("the client itself");
        assert!(signer.access.is_none());
        // What is stored is sealed: the key stands nowhere in the database.
        let sealed = "SELECT COUNT(*) FROM access_tokens WHERE sealed_mac_key IS NOT NULL";
        assert_eq!(db.number(sealed).await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_refresh_brings_a_new_key_and_a_lost_answer_the_same_again() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let (app, signing) = house.signing_app("wallet-app").await;
        let one = granted(&house, &app, &signing, "transferFunds wallet").await;
        let refresh = refresh_token(&one);
        let parameters = [
            ("grant_type", "refresh_token"),
            ("refresh_token", &*refresh),
            ("scope", "wallet"),
        ];
        let two = token(&house, &signing, &parameters)
            .await
            .expect("a new pair");
        assert_eq!(two.scope.to_string(), "wallet");
        assert_ne!(one.mac_key, two.mac_key);
        let lost = token(&house, &signing, &parameters)
            .await
            .expect("the same pair");
        assert_eq!(two.mac_key, lost.mac_key);
        assert_eq!(two.access_token.expose(), lost.access_token.expose());
        assert!(looks(&house, &Signing::with_token(&two)).await.is_ok());
        house.later(seconds(3_601));
        let over = looks(&house, &Signing::with_token(&two)).await.err();
        assert_eq!(over, Some(SignFault::TokenEnded));
    })
    .await;
}

#[tokio::test]
async fn attack_37_a_request_is_served_once() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let (_, signing) = house.signing_app("wallet-app").await;
        let header = signing.signed(&house, "GET", "/rest/v1/user/me", b"");
        assert!(again(&house, &header).await.is_ok());
        for _ in 0..2 {
            assert_eq!(
                again(&house, &header).await.err(),
                Some(SignFault::Replayed)
            );
        }
        // To the very end of the time in which its timestamp is accepted.
        house.later(seconds(300));
        assert_eq!(
            again(&house, &header).await.err(),
            Some(SignFault::Replayed)
        );
        house.later(seconds(1));
        assert_eq!(again(&house, &header).await.err(), Some(SignFault::TooOld));
    })
    .await;
}

#[tokio::test]
async fn of_many_at_once_one_is_served() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let (_, signing) = house.signing_app("wallet-app").await;
        let header = signing.signed(&house, "GET", "/rest/v1/user/me", b"");
        let tries = (0..20).map(|_| again(&house, &header));
        let served = futures_util::future::join_all(tries).await;
        assert_eq!(served.iter().filter(|signer| signer.is_ok()).count(), 1);
    })
    .await;
}

/// What was served before a restart, or by another node, is not served again.
#[tokio::test]
async fn a_restart_and_a_second_node_forget_nothing() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let (_, signing) = house.signing_app("wallet-app").await;
        let now = signing.signed(&house, "GET", "/rest/v1/user/me", b"");
        let ahead = Signing {
            ahead: 200,
            ..signing.clone()
        };
        let later = ahead.signed(&house, "GET", "/rest/v1/user/me", b"");
        assert!(again(&house, &now).await.is_ok());
        assert!(again(&house, &later).await.is_ok());
        house.later(seconds(2));
        let restarted = house.neighbour(&db.store, 9);
        assert!(again(&restarted, &now).await.is_err());
        assert_eq!(
            again(&restarted, &later).await.err(),
            Some(SignFault::Replayed)
        );
        house.later(seconds(250));
        assert_eq!(
            again(&restarted, &later).await.err(),
            Some(SignFault::Replayed)
        );
        assert!(looks(&restarted, &signing).await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn whoever_cannot_sign_is_refused_and_slowed_down() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let (_, signing) = house.signing_app("wallet-app").await;
        house.app("shop").await;
        for (id, fault) in [
            ("nobody", SignFault::UnknownId),
            ("shop", SignFault::MayNotSign),
            ("cs_at_made-up", SignFault::TokenEnded),
        ] {
            let other = Signing::new(id, &signing.key);
            assert_eq!(looks(&house, &other).await.err(), Some(fault), "{id}");
        }
        let early = Signing {
            ahead: 301,
            ..signing.clone()
        };
        assert_eq!(looks(&house, &early).await.err(), Some(SignFault::InFuture));
        let late = Signing {
            ahead: -301,
            ..signing.clone()
        };
        assert_eq!(looks(&house, &late).await.err(), Some(SignFault::TooOld));
        let wrong = Signing::new(&signing.id, "a guess");
        let mut faults = Vec::new();
        for _ in 0..25 {
            faults.push(looks(&house, &wrong).await.expect_err("a wrong key"));
        }
        assert_eq!(faults[0], SignFault::WrongSignature);
        assert!(matches!(faults[24], SignFault::TooMany { wait } if !wait.is_zero()));
        // Whoever guesses slows nobody down but themselves.
        assert!(looks(&house, &signing).await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn a_body_must_be_the_one_that_was_signed() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let (_, signing) = house.signing_app("wallet-app").await;
        let check = async |header: &MacHeader, body: &[u8]| {
            let request = sent(header, "/rest/v1/transaction", body);
            house.engine.signer(&request).await.expect("storage").err()
        };
        let header = signing.signed(&house, "POST", "/rest/v1/transaction", b"[]");
        assert_eq!(check(&header, b"[1]").await, Some(SignFault::BodyDiffers));
        // What was refused was not served: the right body still is.
        assert_eq!(check(&header, b"[]").await, None);
        let stripped = MacHeader {
            ext: String::new(),
            ..signing.signed(&house, "POST", "/rest/v1/transaction", b"[]")
        };
        assert_eq!(
            check(&stripped, b"[]").await,
            Some(SignFault::WrongSignature)
        );
        let bodiless = signing.signed(&house, "POST", "/rest/v1/transaction", b"");
        assert_eq!(
            check(&bodiless, b"[]").await,
            Some(SignFault::BodyNotSigned)
        );
    })
    .await;
}

#[tokio::test]
async fn a_client_that_signs_gets_tokens_at_no_other_door() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let (app, signing) = house.signing_app("wallet-app").await;
        let grant = house
            .grant(&app, &house.person("jonas").await, "wallet")
            .await;
        let secret = app.secret.as_deref().expect("one that nobody registered");
        let parameters = [
            ("grant_type", "authorization_code"),
            ("code", &*grant.code),
            ("client_id", app.id.as_str()),
            ("client_secret", secret),
        ];
        let form = RawForm::from_pairs(parameters);
        let refused = served(house.engine.token(&request(&form, None)).await);
        let code = refused.expect_err("no secret").error.code;
        assert_eq!(code, TokenErrorCode::InvalidClient);
        // A token's key speaks for the person, not for the client.
        let answer = granted(&house, &app, &signing, "wallet").await;
        let refresh = refresh_token(&answer);
        let parameters = [
            ("grant_type", "refresh_token"),
            ("refresh_token", &*refresh),
        ];
        let refused = token(&house, &Signing::with_token(&answer), &parameters).await;
        assert_eq!(
            refused.expect_err("not the client").error.code,
            TokenErrorCode::InvalidClient
        );
    })
    .await;
}

#[tokio::test]
async fn a_token_is_given_back_by_its_client_or_by_itself() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let (app, signing) = house.signing_app("wallet-app").await;
        let (_, stranger) = house.signing_app("other-app").await;
        let trace = TraceId::from_entropy([3; 5]);
        let answer = granted(&house, &app, &signing, "wallet").await;
        let own = Signing::with_token(&answer);
        let ends = async |signing: &Signing, named: Option<&str>| {
            let signer = looks(&house, signing).await.expect("a good signature");
            house
                .engine
                .revoke_signed(&signer, named, trace)
                .await
                .expect("storage")
        };
        // Another client's token is left alone, and the answer does not tell.
        assert!(ends(&stranger, Some(&own.id)).await);
        assert!(looks(&house, &own).await.is_ok());
        assert!(!ends(&signing, None).await);
        assert!(ends(&own, None).await);
        assert_eq!(looks(&house, &own).await.err(), Some(SignFault::TokenEnded));
        assert!(
            ends(&signing, Some(&own.id)).await,
            "once more changes nothing"
        );
    })
    .await;
}

mod password {
    use engine::Settings;
    use engine::settings::Profile;
    use protocol::client::GrantType;

    use super::*;
    use crate::house::settings;

    async fn listed(house: &House) -> (App, Signing) {
        house
            .signing_app_with("wallet-app", |client| {
                client.grants.push(GrantType::Password);
            })
            .await
    }

    async fn types(
        house: &House,
        signing: &Signing,
        password: &str,
        scope: &str,
    ) -> Result<TokenAnswer, Refused> {
        let parameters = [
            ("grant_type", "password"),
            ("username", "ona"),
            ("password", password),
            ("scope", scope),
        ];
        token(house, signing, &parameters).await
    }

    fn code(refused: Result<TokenAnswer, Refused>) -> TokenErrorCode {
        refused.expect_err("a refusal").error.code
    }

    #[tokio::test]
    async fn a_listed_client_gets_a_token_for_a_name_and_a_password() {
        on_each_database(async |db| {
            let house = House::on(&db.store);
            let (_, signing) = listed(&house).await;
            house.person_with_password("ona", "right").await;
            let answer = types(&house, &signing, "right", "wallet").await;
            let answer = answer.expect("a token");
            let signer = looks(&house, &Signing::with_token(&answer)).await;
            let access = signer.expect("a good signature").access.expect("a token");
            assert_eq!(access.username.as_deref(), Some("ona"));
            assert!(answer.refresh_token.is_some());
            let consents = "SELECT COUNT(*) FROM consents WHERE confirmed_by LIKE '%assword%'";
            assert_eq!(db.number(consents).await, 1);
        })
        .await;
    }

    #[tokio::test]
    async fn it_is_for_listed_clients_and_for_what_needs_no_page() {
        on_each_database(async |db| {
            let house = House::on(&db.store);
            let (_, signing) = listed(&house).await;
            let (_, unlisted) = house.signing_app("other-app").await;
            house.person_with_password("ona", "right").await;
            let refused = types(&house, &unlisted, "right", "wallet").await;
            assert_eq!(code(refused), TokenErrorCode::UnauthorizedClient);
            for scope in ["transferFunds", "ais", "wallet nothing"] {
                let refused = types(&house, &signing, "right", scope).await;
                assert_eq!(code(refused), TokenErrorCode::InvalidScope, "{scope}");
            }
        })
        .await;
    }

    /// The counter is that of the pages: five misses, wherever, and signing in is paused everywhere.
    #[tokio::test]
    async fn misses_are_counted_with_those_of_the_pages() {
        on_each_database(async |db| {
            let house = House::on(&db.store);
            let (_, signing) = listed(&house).await;
            house.person_with_password("ona", "right").await;
            for _ in 0..4 {
                let refused = types(&house, &signing, "wrong", "wallet").await;
                assert_eq!(code(refused), TokenErrorCode::InvalidGrant);
            }
            for password in ["wrong", "right"] {
                let refused = types(&house, &signing, password, "wallet").await;
                assert_eq!(code(refused), TokenErrorCode::TooManyRequests);
            }
            let paused = "SELECT COUNT(*) FROM throttles WHERE blocked_until IS NOT NULL";
            assert_eq!(db.number(paused).await, 1);
            house.later(seconds(15 * 60 + 1));
            let answer = types(&house, &signing, "right", "wallet").await;
            assert!(answer.is_ok());
        })
        .await;
    }

    #[tokio::test]
    async fn in_production_it_is_off() {
        on_each_database(async |db| {
            let production = Settings {
                profile: Profile::Production,
                ..settings()
            };
            let house = House::with(&db.store, production);
            let (_, signing) = listed(&house).await;
            house.person_with_password("ona", "right").await;
            let refused = types(&house, &signing, "right", "wallet").await;
            assert_eq!(code(refused), TokenErrorCode::UnauthorizedClient);
        })
        .await;
    }
}
