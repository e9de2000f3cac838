//! People, accounts and clients come into being.

use std::time::Duration;

use engine::{
    register::{NewAccount, NewClient, NewUser, RegisterError},
    seal::Purpose,
};
use protocol::{
    client::{
        AuthMethod, ClientProfile, ClientStatus, DialectName, Environment, GrantType, PkcePolicy,
    },
    ids::ClientId,
    lifetimes::LifetimeOverrides,
    locale::Locale,
    sca,
};
use serde_json::json;
use store::{
    audit::find_audit_events,
    authenticators::{advance_recovery_code_used, find_authenticators, find_recovery_codes_left},
    clients::find_client,
    testing::on_each_database,
    users::{Role, find_user_by_name},
};

use crate::{
    house::{App, House, code_of, seconds},
    money::{assert_balanced, iban},
};

fn ona() -> NewUser {
    NewUser {
        username: "ona".to_owned(),
        password: "correct horse".to_owned(),
        email: None,
        display_name: None,
        role: Role::User,
        environment: Environment::Sandbox,
        locale: Locale::Lt,
    }
}

fn account(username: &str, number: u64) -> NewAccount {
    NewAccount {
        username: username.to_owned(),
        environment: None,
        iban: iban(number).groups().to_lowercase(),
        currency: "EUR".to_owned(),
        balance: "1234.56".to_owned(),
        name: None,
        kind: None,
    }
}

fn client(dialect: DialectName) -> NewClient {
    NewClient {
        id: None,
        name: "Coffee Shop".to_owned(),
        environment: Environment::Sandbox,
        dialect,
        scope: "wallet transferFunds".to_owned(),
        grants: vec![GrantType::AuthorizationCode, GrantType::RefreshToken],
        redirect_uris: vec!["https://coffee.test/callback".to_owned()],
        auth: None,
        pkce: None,
        lifetimes: LifetimeOverrides::default(),
        profile: ClientProfile::default(),
        owner: None,
    }
}

fn sentence<T: std::fmt::Debug>(outcome: Result<T, RegisterError>) -> String {
    match outcome.expect_err("a refusal") {
        RegisterError::Refused(sentence) => sentence,
        RegisterError::Failed(error) => panic!("the server failed: {error}"),
    }
}

#[tokio::test]
async fn a_person_gets_a_seed_and_recovery_codes_that_work() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let added = house.engine.add_user(ona()).await.expect("a person");
        let told = serde_json::to_value(&added).expect("JSON");
        let members: Vec<_> = told
            .as_object()
            .expect("an object")
            .keys()
            .cloned()
            .collect();
        assert_eq!(
            members,
            ["recovery_codes", "totp_secret", "user_id", "username"]
        );
        assert_eq!(added.recovery_codes.len(), 10);
        assert!(!format!("{added:?}").contains(&added.totp_secret));

        let reader = db.store.reader();
        let user = find_user_by_name(reader, Environment::Sandbox, " ONA ")
            .await
            .expect("a read")
            .expect("a person");
        assert_eq!(
            (user.display_name.as_str(), user.locale),
            ("ona", Locale::Lt)
        );
        let passwords = &house.engine.env().passwords;
        assert!(
            passwords
                .verify("correct horse".to_owned(), Some(user.password_hash.clone()))
                .await
                .expect("a hash")
        );
        let known = find_authenticators(reader, &user.id).await.expect("a read");
        let seed = house
            .engine
            .env()
            .seal
            .open(Purpose::TotpSeed, &known[0].sealed_secret)
            .expect("it opens");
        assert_eq!(sca::base32(&seed).as_str(), added.totp_secret);
        assert_eq!(seed.len(), 20);

        assert_eq!(
            find_recovery_codes_left(reader, &user.id)
                .await
                .expect("a read"),
            10
        );
        let code = sca::read_recovery_code(&added.recovery_codes[3].to_lowercase())
            .expect("a code")
            .digest();
        let (id, now) = (user.id.clone(), house.now());
        let used = house
            .write(move |tx| {
                Box::pin(async move { advance_recovery_code_used(tx, &id, &code, now).await })
            })
            .await;
        assert!(used.is_yes());
        let events = find_audit_events(reader, &format!("user:{}", user.id), 9)
            .await
            .expect("a read");
        assert_eq!(
            events
                .iter()
                .map(|event| event.action.as_str())
                .collect::<Vec<_>>(),
            ["user.added"]
        );
    })
    .await;
}

#[tokio::test]
async fn what_is_wrong_with_a_person_is_said_in_one_sentence() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        house.engine.add_user(ona()).await.expect("a person");
        let live = |password: &str| NewUser {
            environment: Environment::Live,
            password: password.to_owned(),
            ..ona()
        };
        for (new, words) in [
            (
                NewUser {
                    username: "Ona".to_owned(),
                    ..ona()
                },
                "there is a user Ona in sandbox already",
            ),
            (
                NewUser {
                    username: String::new(),
                    ..ona()
                },
                "the username must be one line",
            ),
            (
                NewUser {
                    username: "o\nna".to_owned(),
                    ..ona()
                },
                "the username must be one line",
            ),
            (
                NewUser {
                    display_name: Some(" x".to_owned()),
                    ..ona()
                },
                "the display name must be one line",
            ),
            (
                NewUser {
                    password: String::new(),
                    ..ona()
                },
                "the password must have",
            ),
            (
                NewUser {
                    email: Some("ona".to_owned()),
                    ..ona()
                },
                "must look like name@example.org",
            ),
            (live("seven77"), "at least 8 characters"),
        ] {
            let said = sentence(house.engine.add_user(new).await);
            assert!(said.contains(words) && !said.contains('\n'), "{said}");
        }
        // The two environments do not know of each other.
        house
            .engine
            .add_user(live("eight888"))
            .await
            .expect("a live person of the same name");
        assert_eq!(db.number("SELECT COUNT(*) FROM users").await, 2);
        assert_eq!(db.number("SELECT COUNT(*) FROM authenticators").await, 2);
    })
    .await;
}

#[tokio::test]
async fn an_account_begins_with_money_that_is_in_the_books() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        house.engine.add_user(ona()).await.expect("a person");
        let added = house
            .engine
            .add_account(account("ona", 1))
            .await
            .expect("an account");
        let told = serde_json::to_value(&added).expect("JSON");
        assert_eq!(
            told,
            json!({ "account_id": added.account_id, "iban": iban(1).as_str(), "currency": "EUR" })
        );
        assert_eq!(house.available(&added.account_id).await, 1_234_56);
        let empty = NewAccount {
            balance: "0".to_owned(),
            currency: "JPY".to_owned(),
            ..account("ona", 2)
        };
        let empty = house.engine.add_account(empty).await.expect("an account");
        assert_eq!(house.available(&empty.account_id).await, 0);
        assert_balanced(db).await;
    })
    .await;
}

#[tokio::test]
async fn what_is_wrong_with_an_account_is_said_in_one_sentence() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        house.engine.add_user(ona()).await.expect("a person");
        house
            .engine
            .add_account(account("ona", 1))
            .await
            .expect("an account");
        let wrong = |change: fn(&mut NewAccount)| {
            let mut new = account("ona", 2);
            change(&mut new);
            new
        };
        for (new, words) in [
            (account("ona", 1), "already"),
            (account("jonas", 2), "there is no user jonas"),
            (
                wrong(|new| new.environment = Some(Environment::Live)),
                "there is no user ona in live",
            ),
            (wrong(|new| new.iban = "LT12 3".to_owned()), "length"),
            (
                wrong(|new| new.iban.replace_range(2..4, "00")),
                "check digits",
            ),
            (
                wrong(|new| new.currency = "EURO".to_owned()),
                "currency EURO",
            ),
            (wrong(|new| new.balance = "1,5".to_owned()), "balance 1,5"),
            (
                wrong(|new| new.balance = "1.555".to_owned()),
                "more decimals",
            ),
            (wrong(|new| new.balance = "-1".to_owned()), "less than zero"),
            (
                wrong(|new| new.name = Some(String::new())),
                "the name must be",
            ),
        ] {
            let said = sentence(house.engine.add_account(new).await);
            assert!(said.contains(words) && !said.contains('\n'), "{said}");
        }
        house
            .engine
            .add_user(NewUser {
                environment: Environment::Live,
                ..ona()
            })
            .await
            .expect("a namesake");
        assert!(
            sentence(house.engine.add_account(account("ona", 2)).await).contains("--environment")
        );
        assert_eq!(
            db.number("SELECT COUNT(*) FROM accounts WHERE kind <> 'system'")
                .await,
            1
        );
        assert_balanced(db).await;
    })
    .await;
}

#[tokio::test]
async fn a_client_gets_what_its_dialect_needs() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        for (dialect, auth, pkce) in [
            (
                DialectName::Bearer,
                AuthMethod::ClientSecretBasic,
                PkcePolicy::Required,
            ),
            (
                DialectName::OBearer,
                AuthMethod::ClientSecretPost,
                PkcePolicy::Required,
            ),
            (DialectName::Mac, AuthMethod::Mac, PkcePolicy::Optional),
            (
                DialectName::Tutorial,
                AuthMethod::ClientSecretPost,
                PkcePolicy::Optional,
            ),
        ] {
            let added = house
                .engine
                .add_client(client(dialect))
                .await
                .expect("a client");
            assert!(
                added.client_id.as_str().starts_with("sbx_coffee-shop_"),
                "{}",
                added.client_id
            );
            let told = serde_json::to_value(&added).expect("JSON");
            let credential = if dialect == DialectName::Mac {
                "mac_key"
            } else {
                "client_secret"
            };
            let mut members: Vec<_> = told
                .as_object()
                .expect("an object")
                .keys()
                .map(String::as_str)
                .collect();
            members.sort_unstable();
            let mut expected = [
                "client_id",
                credential,
                "dialect",
                "environment",
                "grants",
                "redirect_uris",
                "scopes",
            ];
            expected.sort_unstable();
            assert_eq!(members, expected);
            assert_eq!(told["scopes"], json!(["transferFunds", "wallet"]));
            assert_eq!(
                told["grants"],
                json!(["authorization_code", "refresh_token"])
            );
            assert_eq!(told["dialect"], dialect.as_str());

            let record = find_client(db.store.reader(), &added.client_id)
                .await
                .expect("a read")
                .expect("a client");
            assert_eq!(
                (record.client.auth_method, record.client.pkce),
                (auth, pkce),
                "{dialect}"
            );
            // As long as the dialect or the settings say.
            let own = record.client.lifetimes;
            assert_eq!(own, LifetimeOverrides::default(), "{dialect}");
            let key = record.sealed_mac_key.map(|sealed| {
                let key = house
                    .engine
                    .env()
                    .seal
                    .open(Purpose::MacKey, &sealed)
                    .expect("it opens");
                String::from_utf8(key.to_vec()).expect("text")
            });
            assert_eq!(key, added.mac_key);
        }
        // One's own lifetime is kept.
        let lifetimes = LifetimeOverrides {
            access_token_seconds: Some(60),
            ..LifetimeOverrides::default()
        };
        let added = house
            .engine
            .add_client(NewClient {
                lifetimes,
                ..client(DialectName::OBearer)
            })
            .await
            .expect("a client");
        let record = find_client(db.store.reader(), &added.client_id)
            .await
            .expect("a read")
            .expect("a client");
        assert_eq!(record.client.lifetimes.access_token_seconds, Some(60));
    })
    .await;
}

#[tokio::test]
async fn what_is_wrong_with_a_client_is_said_in_one_sentence() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let named = NewClient {
            id: Some("my-app".to_owned()),
            ..client(DialectName::Bearer)
        };
        let added = house
            .engine
            .add_client(named.clone())
            .await
            .expect("a client");
        assert_eq!(added.client_id.as_str(), "my-app");
        let wrong = |change: fn(&mut NewClient)| {
            let mut new = client(DialectName::Bearer);
            change(&mut new);
            new
        };
        for (new, words) in [
            (named, "there is a client my-app already"),
            (
                wrong(|new| new.id = Some("a b".to_owned())),
                "the client id must have",
            ),
            (wrong(|new| new.name = "x".repeat(61)), "the name must be"),
            (
                wrong(|new| new.scope = "wallet root".to_owned()),
                "there is no scope root",
            ),
            (
                wrong(|new| new.scope = String::new()),
                "name at least one scope",
            ),
            (wrong(|new| new.grants.clear()), "name at least one grant"),
            (
                wrong(|new| new.grants = vec![GrantType::RefreshToken]),
                "needs another grant",
            ),
            (
                wrong(|new| new.redirect_uris.clear()),
                "at least one redirect URI",
            ),
            (
                wrong(|new| new.redirect_uris = vec!["http://coffee.test/cb".to_owned()]),
                "redirect URI http://coffee.test/cb",
            ),
            (
                wrong(|new| new.redirect_uris = vec!["https://a.test/*".to_owned()]),
                "wildcards",
            ),
            (
                wrong(|new| new.redirect_uris.push(new.redirect_uris[0].clone())),
                "named twice",
            ),
            (wrong(|new| new.auth = Some(AuthMethod::Mac)), "go together"),
            (
                wrong(|new| {
                    new.dialect = DialectName::Mac;
                    new.auth = Some(AuthMethod::None);
                }),
                "go together",
            ),
            (
                wrong(|new| {
                    new.auth = Some(AuthMethod::None);
                    new.pkce = Some(PkcePolicy::Optional);
                }),
                "must use PKCE",
            ),
            (
                wrong(|new| {
                    new.auth = Some(AuthMethod::None);
                    new.grants.push(GrantType::ClientCredentials);
                }),
                "can authenticate",
            ),
        ] {
            let said = sentence(house.engine.add_client(new).await);
            assert!(said.contains(words) && !said.contains('\n'), "{said}");
        }
        // http on localhost is for play money only.
        let local = |environment| NewClient {
            environment,
            redirect_uris: vec!["http://localhost:4000/cb".to_owned()],
            ..client(DialectName::Bearer)
        };
        house
            .engine
            .add_client(local(Environment::Sandbox))
            .await
            .expect("a client");
        assert!(
            sentence(house.engine.add_client(local(Environment::Live)).await).contains("https")
        );
        assert_eq!(db.number("SELECT COUNT(*) FROM clients").await, 2);
    })
    .await;
}

#[tokio::test]
async fn a_public_client_has_no_secret_and_gets_none() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let new = NewClient {
            auth: Some(AuthMethod::None),
            ..client(DialectName::Bearer)
        };
        let added = house.engine.add_client(new).await.expect("a client");
        assert_eq!((&added.client_secret, &added.mac_key), (&None, &None));
        let said = sentence(
            house
                .engine
                .rotate_secret(&added.client_id, None, Duration::ZERO)
                .await,
        );
        assert!(said.contains("has no secret"), "{said}");
    })
    .await;
}

#[tokio::test]
async fn a_new_secret_takes_over_at_once_or_after_a_while() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let grants = vec![GrantType::ClientCredentials];
        let new = NewClient {
            grants,
            scope: "ais".to_owned(),
            ..client(DialectName::Bearer)
        };
        let added = house.engine.add_client(new).await.expect("a client");
        let id = added.client_id.clone();
        let app = |secret: &Option<String>| App {
            id: id.clone(),
            secret: secret.clone(),
        };
        let works = async |secret: &Option<String>| {
            let answer = house
                .token(
                    &app(secret),
                    &[("grant_type", "client_credentials"), ("scope", "ais")],
                )
                .await;
            assert!(
                answer.is_ok() || code_of(&answer) == Some("invalid_client"),
                "{answer:?}"
            );
            answer.is_ok()
        };
        let first = added.client_secret;
        assert!(works(&first).await);

        let second = house
            .engine
            .rotate_secret(&id, Some("second".to_owned()), seconds(3_600))
            .await
            .expect("a secret")
            .client_secret;
        assert!(works(&first).await && works(&second).await);
        house.later(seconds(3_600));
        assert!(!works(&first).await && works(&second).await);

        let third = house
            .engine
            .rotate_secret(&id, None, Duration::ZERO)
            .await
            .expect("a secret")
            .client_secret;
        assert!(!works(&second).await && works(&third).await);
        let facts = house.engine.show_client(&id).await.expect("facts");
        assert_eq!(facts.secrets.len(), 3);
        let told = serde_json::to_string(&facts).expect("JSON");
        assert!(!told.contains(third.as_deref().expect("a secret")));

        // Three that are good are enough.
        for _ in 0..2 {
            house
                .engine
                .rotate_secret(&id, None, seconds(60))
                .await
                .expect("a secret");
        }
        assert!(
            sentence(house.engine.rotate_secret(&id, None, seconds(60)).await)
                .contains("3 secrets")
        );
        let nobody = ClientId::new("nobody");
        assert_eq!(
            sentence(
                house
                    .engine
                    .rotate_secret(&nobody, None, Duration::ZERO)
                    .await
            ),
            "there is no client nobody"
        );
    })
    .await;
}

#[tokio::test]
async fn a_new_mac_key_takes_the_place_of_the_old_one() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let added = house
            .engine
            .add_client(client(DialectName::Mac))
            .await
            .expect("a client");
        let rotated = house
            .engine
            .rotate_secret(&added.client_id, None, seconds(60))
            .await
            .expect("a key");
        assert!(rotated.mac_key.is_some() && rotated.mac_key != added.mac_key);
        let record = find_client(db.store.reader(), &added.client_id)
            .await
            .expect("a read")
            .expect("a client");
        let sealed = record.sealed_mac_key.expect("a key");
        let key = house
            .engine
            .env()
            .seal
            .open(Purpose::MacKey, &sealed)
            .expect("it opens");
        assert_eq!(
            Some(key.as_slice()),
            rotated.mac_key.as_ref().map(|key| key.as_bytes())
        );
    })
    .await;
}

#[tokio::test]
async fn a_suspended_client_can_do_nothing_until_it_is_resumed() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let app = house.app("shop").await;
        let ona = house.person("ona").await;
        let tokens = house.tokens(&app, &ona, "wallet").await;
        let is_good = async || {
            house
                .engine
                .access(&tokens.access_token)
                .await
                .expect("storage")
                .is_ok()
        };
        assert!(is_good().await);
        let facts = house.engine.suspend_client(&app.id).await.expect("facts");
        assert_eq!(facts.status, ClientStatus::Suspended);
        assert!(!is_good().await, "at once, on this node");
        house
            .engine
            .suspend_client(&app.id)
            .await
            .expect("twice is as good as once");
        house.engine.resume_client(&app.id).await.expect("facts");
        assert!(is_good().await);
        let events = find_audit_events(db.store.reader(), "client:shop", 9)
            .await
            .expect("a read");
        let mut actions: Vec<_> = events.iter().map(|event| event.action.as_str()).collect();
        actions.sort_unstable();
        assert_eq!(actions, ["client.resumed", "client.suspended"]);
        let nobody = ClientId::new("nobody");
        assert_eq!(
            sentence(house.engine.suspend_client(&nobody).await),
            "there is no client nobody"
        );
    })
    .await;
}

#[tokio::test]
async fn clients_are_listed_a_page_at_a_time() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        for id in ["c", "a", "b"] {
            house.app(id).await;
        }
        let engine = &house.engine;
        let first = engine
            .list_clients(Some(Environment::Sandbox), None, 2)
            .await
            .expect("storage");
        let rest = engine
            .list_clients(None, Some(&first[1].client_id), 2)
            .await
            .expect("storage");
        let ids: Vec<_> = first
            .iter()
            .chain(&rest)
            .map(|facts| facts.client_id.as_str())
            .collect();
        assert_eq!(ids, ["a", "b", "c"]);
        assert!(
            engine
                .list_clients(Some(Environment::Live), None, 2)
                .await
                .expect("storage")
                .is_empty()
        );
    })
    .await;
}
