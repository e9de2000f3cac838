//! The demo's people, apps and history.

use engine::{
    Settings,
    demo::DemoError,
    personal::{Asker, Whom},
    settings::Profile,
};
use futures_util::future::join_all;
use protocol::{
    client::{AuthMethod, DialectName, Environment, PkcePolicy},
    ids::{ClientId, UserId},
    locale::Locale,
    sca,
};
use store::{
    clients::find_client,
    testing::{TestDatabase, on_each_database},
    users::{Role, find_user_by_name},
};

use crate::{
    browser::Browser,
    house::{App, House, REDIRECT_URI, seconds, settings},
    money::assert_balanced,
};

async fn counts(db: &TestDatabase) -> Vec<i64> {
    let mut counts = Vec::new();
    for table in [
        "users",
        "authenticators",
        "recovery_codes",
        "accounts",
        "transfers",
        "ledger_entries",
        "clients",
        "client_secrets",
    ] {
        counts.push(db.number(&format!("SELECT COUNT(*) FROM {table}")).await);
    }
    counts
}

#[tokio::test]
async fn it_is_seeded_once_and_its_books_are_balanced() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        assert!(!house.engine.holds_demo_data().await.expect("storage"));
        let sheet = house.engine.seed_demo().await.expect("the demo");
        assert!(house.engine.holds_demo_data().await.expect("storage"));
        let seeded = counts(db).await;
        // Nine accounts of people, two for clearing, and that of the app that signs.
        assert_eq!(
            (seeded[0], seeded[3], seeded[6], seeded[7]),
            (4, 9 + 2 + 1, 5, 4)
        );
        assert!(
            seeded[4] > 1_500 && seeded[5] == 2 * seeded[4],
            "{seeded:?}"
        );
        assert_balanced(db).await;

        house.later(seconds(86_400));
        assert_eq!(
            house.engine.seed_demo().await.expect("the demo"),
            sheet,
            "fixed, whenever it is told"
        );
        assert_eq!(counts(db).await, seeded);
    })
    .await;
}

#[tokio::test]
async fn two_nodes_that_seed_at_once_seed_once() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let neighbour = house.neighbour(&db.store, 8);
        for seeded in join_all([house.engine.seed_demo(), neighbour.engine.seed_demo()]).await {
            seeded.expect("the demo");
        }
        let seeded = counts(db).await;
        assert_eq!((seeded[0], seeded[6]), (4, 5));
        assert_balanced(db).await;
    })
    .await;
}

#[tokio::test]
async fn its_people_have_the_accounts_of_the_contract() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let sheet = house.engine.seed_demo().await.expect("the demo");
        let names: Vec<_> = sheet
            .people
            .iter()
            .map(|person| (person.username.as_str(), person.role.as_str()))
            .collect();
        assert_eq!(
            names,
            [
                ("ona", "user"),
                ("jonas", "user"),
                ("dev@shop.test", "developer"),
                ("admin@bank.test", "admin")
            ]
        );
        for (username, locale) in [("ona", Locale::En), ("jonas", Locale::Lt)] {
            let user = find_user_by_name(db.store.reader(), Environment::Sandbox, username)
                .await
                .expect("a read");
            let user = user.expect("a person");
            assert_eq!((user.role, user.locale), (Role::User, locale));
            let accounts = house
                .engine
                .env()
                .bank
                .accounts_of(&user.id)
                .await
                .expect("the bank");
            let seen: Vec<_> = accounts
                .iter()
                .map(|account| (account.kind.as_str(), account.currency.code()))
                .collect();
            assert_eq!(
                seen,
                [
                    ("wallet", "EUR"),
                    ("current", "EUR"),
                    ("savings", "EUR"),
                    ("current", "PLN")
                ]
            );
            assert!(
                accounts.iter().all(|account| account.available.minor > 0),
                "{username}"
            );
            for account in &accounts {
                let country = if account.currency.code() == "PLN" {
                    "PL"
                } else {
                    "LT"
                };
                assert!(account.iban.as_str().starts_with(country));
            }
        }
        let wallet = house
            .engine
            .env()
            .bank
            .accounts_of(&UserId::new("demo-ona"))
            .await
            .expect("the bank");
        assert_eq!(wallet[0].available.to_decimal(), "1000.00");
    })
    .await;
}

#[tokio::test]
async fn everybody_can_sign_in_and_confirm_with_what_the_sheet_says() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let sheet = house.engine.seed_demo().await.expect("the demo");
        for (person, code) in sheet.people.iter().zip(house.engine.demo_authenticator()) {
            assert_eq!(
                (&person.username, &person.password, &person.role),
                (&code.username, &code.password, &code.role)
            );
            let user = find_user_by_name(db.store.reader(), Environment::Sandbox, &person.username)
                .await
                .expect("a read");
            let hash = user.map(|user| user.password_hash);
            assert!(
                house
                    .engine
                    .env()
                    .passwords
                    .verify(person.password.clone(), hash)
                    .await
                    .expect("a hash")
            );
            let seed = sca::parse_base32(&person.totp_secret).expect("base32");
            assert_eq!(
                sca::totp(&seed, sca::step(house.now())).expose(),
                code.totp_code
            );
            assert_eq!(
                code.seconds_left,
                30 - u64::try_from(house.now().seconds()).unwrap() % 30
            );
        }
    })
    .await;
}

#[tokio::test]
async fn its_apps_have_the_dialects_of_the_contract_and_secrets_that_work() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let sheet = house.engine.seed_demo().await.expect("the demo");
        let expected = [
            (
                "demo-shop",
                DialectName::Bearer,
                AuthMethod::ClientSecretBasic,
                PkcePolicy::Required,
            ),
            (
                "demo-pincode",
                DialectName::OBearer,
                AuthMethod::ClientSecretPost,
                PkcePolicy::Required,
            ),
            (
                "demo-wallet-app",
                DialectName::Mac,
                AuthMethod::Mac,
                PkcePolicy::Optional,
            ),
            (
                "demo-tutorial",
                DialectName::Tutorial,
                AuthMethod::ClientSecretPost,
                PkcePolicy::Optional,
            ),
            (
                "demo-ais",
                DialectName::Bearer,
                AuthMethod::ClientSecretPost,
                PkcePolicy::Optional,
            ),
        ];
        assert_eq!(sheet.clients.len(), expected.len());
        for (told, (id, dialect, auth, pkce)) in sheet.clients.iter().zip(expected) {
            assert_eq!((told.client_id.as_str(), told.dialect), (id, dialect));
            assert_eq!(told.mac_key.is_some(), dialect == DialectName::Mac);
            let record = find_client(db.store.reader(), &told.client_id)
                .await
                .expect("a read")
                .expect("a client");
            let client = &record.client;
            assert_eq!(
                (client.environment, client.auth_method, client.pkce),
                (Environment::Sandbox, auth, pkce)
            );
            assert!(
                Locale::ALL
                    .iter()
                    .all(|locale| client.profile.purpose.contains_key(locale))
            );
            assert!(!client.profile.legal_name.is_empty() && client.profile.reviewed_at.is_some());
            assert_eq!(client.profile.domain, "127.0.0.1");
            assert!(record.owner.is_some());
        }
        let shop = find_client(db.store.reader(), &ClientId::new("demo-shop"))
            .await
            .expect("a read")
            .expect("a client");
        assert!(
            shop.client
                .redirect("http://127.0.0.1:3000/demo/shop/callback")
                .is_some()
        );

        // The shop's secret passes at the token endpoint: what is refused then is the code.
        let app = App {
            id: shop.client.id,
            secret: sheet.clients[0].client_secret.clone(),
        };
        let code = [
            ("grant_type", "authorization_code"),
            ("code", "none"),
            ("redirect_uri", REDIRECT_URI),
        ];
        assert_eq!(
            crate::house::code_of(&house.token(&app, &code).await),
            Some("invalid_grant")
        );
        let wrong = App {
            secret: sheet.clients[1].client_secret.clone(),
            ..app
        };
        assert_eq!(
            crate::house::code_of(&house.token(&wrong, &code).await),
            Some("invalid_client")
        );
    })
    .await;
}

#[tokio::test]
async fn ona_gives_the_shop_a_payment_with_the_demos_own_credentials() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let sheet = house.engine.seed_demo().await.expect("the demo");
        let ona = &sheet.people[0];
        let details = format!(
            r#"[{{"type":"payment_initiation","instructedAmount":{{"currency":"EUR","amount":"20.00"}},"creditorName":"Countersign Coffee UAB","creditorAccount":{{"iban":"{}"}},"remittanceInformationUnstructured":"Guji, washed, 1 kg"}}]"#,
            sheet.shop_iban
        );
        let app = App { id: ClientId::new("demo-shop"), secret: sheet.clients[0].client_secret.clone() };
        let mut browser = Browser::new(&house);
        let redirect_uri = "http://127.0.0.1:3000/demo/shop/callback";
        let id = browser
            .arrive(&app, &[("scope", "transferFunds"), ("redirect_uri", redirect_uri), ("authorization_details", &details)])
            .await;
        browser.log_in(&id, &ona.username, &ona.password).await;
        let page = browser.page(&id).await;
        assert!(matches!(&page, protocol::authorization::Step::Confirm(view) if view.payment.is_some()), "{page:?}");
    })
    .await;
}

#[tokio::test]
async fn the_apps_follow_when_the_public_address_changes() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        house.engine.seed_demo().await.expect("the demo");
        let moved = Settings {
            public_url: "https://bank.example".to_owned(),
            ..settings()
        };
        let elsewhere = House::with(&db.store, moved);
        for _ in 0..2 {
            elsewhere.engine.seed_demo().await.expect("the demo");
        }
        let shop = find_client(db.store.reader(), &ClientId::new("demo-shop"))
            .await
            .expect("a read")
            .expect("a client");
        let uris: Vec<_> = shop
            .client
            .redirect_uris
            .iter()
            .map(|uri| uri.as_str())
            .collect();
        assert_eq!(
            uris,
            [
                "http://127.0.0.1:3000/demo/shop/callback",
                "https://bank.example/demo/shop/callback"
            ],
            "whoever began at the old address comes back there"
        );
        assert_eq!(shop.client.profile.domain, "bank.example");
        assert_eq!(shop.version, 1);
    })
    .await;
}

#[tokio::test]
async fn it_is_refused_in_production_and_where_its_apps_could_not_be_called_back() {
    on_each_database(async |db| {
        let production = Settings {
            profile: Profile::Production,
            public_url: "https://bank.example".to_owned(),
            ..settings()
        };
        let house = House::with(&db.store, production);
        assert!(matches!(
            house.engine.seed_demo().await,
            Err(DemoError::Production)
        ));
        assert!(house.engine.demo_authenticator().is_empty());
        let plain = Settings {
            public_url: "http://bank.example".to_owned(),
            ..settings()
        };
        let refused = House::with(&db.store, plain).engine.seed_demo().await;
        assert!(matches!(refused, Err(DemoError::PublicUrl(_))));
        assert_eq!(counts(db).await.iter().sum::<i64>(), 0);
    })
    .await;
}

#[tokio::test]
async fn the_bank_knows_its_customers_and_nobody_else() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        house.engine.seed_demo().await.unwrap();
        // Once more: what is known stays.
        house.engine.seed_demo().await.unwrap();
        let client = house.engine.client(&ClientId::new("demo-wallet-app")).await;
        let client = client.unwrap().unwrap();
        let shop = house.app("shop").await;
        for (id, name, exposed) in [("demo-ona", "Ona", 0), ("demo-jonas", "Jonas", 1)] {
            let app = App {
                id: client.client.id.clone(),
                secret: None,
            };
            let user = UserId::new(id);
            house
                .grant(&app, &user, "identity_offline phone_offline")
                .await;
            let number = house.engine.person_number(&user).await.unwrap();
            let own = Asker {
                client: &client.client,
                access: None,
            };
            let seen = house.engine.person_view(&own, Whom::Number(number)).await;
            let seen = seen.unwrap().unwrap();
            assert_eq!(seen.identity.unwrap().name, name);
            assert!(seen.phone.is_some());
            // Only what was allowed so.
            assert_eq!((seen.pep, seen.email), (None, None));
            let access = house.access(&shop, &user, "pep", &[]).await;
            let asker = Asker {
                client: &client.client,
                access: Some(&access),
            };
            let known = house.engine.person_exposed(&asker, Whom::Me).await.unwrap();
            assert_eq!(known.map(|list| list.len()), Ok(exposed));
        }
        let rows = db.number("SELECT COUNT(*) FROM personal_data").await;
        assert_eq!(rows, 2, "nothing of those who work here");
    })
    .await;
}
