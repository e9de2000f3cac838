//! Developers come to the portal: from a stranger to an app with credentials, and who gets in where.

use engine::{
    portal::{Place, Refusal},
    register::NewUser,
};
use protocol::{
    client::Environment,
    ids::{AppId, TeamId},
    locale::Locale,
    sca,
};
use store::{
    teams::{MembershipRecord, TeamRole, insert_membership},
    testing::on_each_database,
    users::{Role, find_user, find_user_by_name},
};

use crate::{
    house::{App, House, seconds},
    portal_desk::{Desk, PASSWORD},
};

#[tokio::test]
async fn a_stranger_signs_up_and_the_first_call_works() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let mut desk = Desk::new(&house);
        let app = desk.arrive("milda@shop.example").await;
        assert_eq!(desk.renewals(), 1, "signing in gives the session a new id");
        let member = desk.member(&app).await.expect("their own app");
        assert_eq!(member.role, TeamRole::Owner);
        let overview = house
            .engine
            .app_overview(&desk.visit(), &member)
            .await
            .expect("a page");
        let user = find_user(db.store.reader(), &desk.user())
            .await
            .unwrap()
            .unwrap();
        assert_eq!(
            (user.role, user.environment),
            (Role::Developer, Environment::Live)
        );
        assert_eq!(overview.client.environment, Environment::Sandbox);
        assert!(overview.client.client_id.as_str().starts_with("sbx_"));
        assert_eq!(
            overview.client.redirect_uris,
            [
                "http://127.0.0.1/callback",
                "http://127.0.0.1:3000/developer/playground/callback",
            ],
        );
        let client = App {
            id: overview.client.client_id.clone(),
            secret: overview.secret.as_ref().map(|secret| secret.text.clone()),
        };
        let token = house
            .token(
                &client,
                &[("grant_type", "client_credentials"), ("scope", "wallet")],
            )
            .await
            .expect("a token with the secret on the page");
        assert!(house.is_active(&client, token.access_token.expose()).await);
        assert_eq!(overview.people.len(), 2);
        for person in &overview.people {
            assert_eq!(person.accounts.len(), 2);
            assert_eq!(person.code.as_deref().map(str::len), Some(6));
            let sandbox =
                find_user_by_name(db.store.reader(), Environment::Sandbox, &person.username);
            let user = sandbox.await.unwrap().expect("a person of the sandbox");
            let fits = house
                .engine
                .env()
                .passwords
                .verify(person.password.clone(), Some(user.password_hash));
            assert!(fits.await.expect("an answer"));
        }
    })
    .await;
}

#[tokio::test]
async fn a_secret_is_visible_for_ten_minutes_and_then_replaced() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let mut desk = Desk::new(&house);
        let app = desk.arrive("milda@shop.example").await;
        let client = desk.member(&app).await.unwrap().app.sandbox_client;
        let seen = async |desk: &Desk<'_>| {
            let shown = house.engine.shown_secret(&client, &desk.user()).await;
            shown.expect("an answer").map(|secret| secret.text)
        };
        let first = seen(&desk).await.expect("on the screen");
        house.later(seconds(599));
        assert_eq!(
            seen(&desk).await.as_ref(),
            Some(&first),
            "a reload is no loss"
        );
        house.later(seconds(1));
        assert_eq!(seen(&desk).await, None);
        let token = desk.token("replace-secret");
        let answer = house
            .engine
            .replace_sandbox_secret(&desk.visit(), &token, &app)
            .await;
        assert_eq!(desk.follow(answer), format!("/developer/apps/{app}"));
        let second = seen(&desk).await.expect("on the screen");
        assert_ne!(first, second);
        let form = [("grant_type", "client_credentials")];
        let with = |secret: &str| App {
            id: client.clone(),
            secret: Some(secret.to_owned()),
        };
        assert!(house.token(&with(&first), &form).await.is_err());
        assert!(house.token(&with(&second), &form).await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn guessing_a_password_is_paused_for_names_that_nobody_has_too() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        Desk::at(&house, "198.51.100.7")
            .arrive("milda@shop.example")
            .await;
        for name in ["milda@shop.example", "nobody@shop.example"] {
            let mut desk = Desk::new(&house);
            let mut said = Vec::new();
            for _ in 0..6 {
                assert_eq!(desk.log_in(name, "a guess").await, "/login");
                said.extend(desk.said());
            }
            let expected = [
                "details-wrong",
                "details-wrong",
                "details-wrong-tries",
                "details-wrong-tries",
                "paused",
                "paused",
            ];
            assert_eq!(said, expected, "{name}");
        }
    })
    .await;
}

#[tokio::test]
async fn for_customers_there_is_no_portal() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let ona = house.enrol("ona").await;
        let mut desk = Desk::new(&house);
        assert_eq!(desk.log_in("ona", &ona.password).await, "/connected");
        let app = Desk::new(&house).arrive("milda@shop.example").await;
        assert!(matches!(desk.member(&app).await, Err(Refusal::NotFound)));
    })
    .await;
}

#[tokio::test]
async fn the_code_is_always_asked_where_there_is_an_authenticator() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let mut desk = Desk::new(&house);
        let app = desk.arrive("milda@shop.example").await;
        let (seed, codes) = desk.enrol().await;
        assert_eq!(codes.len(), 10);
        house.later(seconds(30));
        let mut desk = Desk::new(&house);
        let next = house.engine.sealed_place(&Place::App(app.clone()));
        let token = desk.token("login");
        let answer = house
            .engine
            .portal_log_in(&desk.visit(), &token, &next, "milda@shop.example", PASSWORD)
            .await;
        assert_eq!(desk.follow(answer), "/login/code");
        // Half way in is not in.
        assert!(matches!(desk.member(&app).await, Err(Refusal::Code)));
        assert_eq!(
            desk.type_code(Place::LogInCode, "", "").await,
            "/login/code"
        );
        assert_eq!(desk.said(), ["code-missing"]);
        let code = house.totp(&seed);
        let before = desk.renewals();
        let page = desk.type_code(Place::LogInCode, "", &code).await;
        assert_eq!(page, format!("/developer/apps/{app}"));
        assert_eq!(desk.renewals(), before + 1);
        assert!(desk.member(&app).await.is_ok());
        // A code works once, in any browser.
        let mut other = Desk::new(&house);
        other.log_in("milda@shop.example", PASSWORD).await;
        assert_eq!(
            other.type_code(Place::LogInCode, "", &code).await,
            "/login/code"
        );
        assert_eq!(other.said(), ["code-wrong"]);
    })
    .await;
}

#[tokio::test]
async fn what_matters_asks_for_a_fresh_code() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let mut desk = Desk::new(&house);
        desk.arrive("milda@shop.example").await;
        let here = Place::Home;
        let person = house.engine.person(&desk.visit(), &here).await.unwrap();
        let refused = house.engine.require_step_up(&person, &here).await;
        assert!(
            matches!(refused, Err(Refusal::Enrol)),
            "there is nothing to prove it with"
        );
        let (seed, _) = desk.enrol().await;
        let person = house.engine.person(&desk.visit(), &here).await.unwrap();
        assert!(house.engine.require_step_up(&person, &here).await.is_ok());
        house.later(seconds(300));
        let refused = house.engine.require_step_up(&person, &here).await;
        let refused = refused.expect_err("too long ago");
        let address = desk.follow(house.engine.turn_away(&desk.visit(), refused));
        let next = address
            .strip_prefix("/developer/confirm?next=")
            .expect(&address)
            .to_owned();
        let code = house.totp(&seed);
        assert_eq!(
            desk.type_code(Place::Confirm, &next, &code).await,
            "/developer"
        );
        let person = house.engine.person(&desk.visit(), &here).await.unwrap();
        assert!(house.engine.require_step_up(&person, &here).await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn where_one_goes_on_is_never_taken_from_a_request() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        for forged in ["", "https://evil.example", "/admin", "AAAA"] {
            assert_eq!(house.engine.opened_place(forged), Place::Home, "{forged}");
        }
        let place = Place::App(AppId::new("a"));
        let sealed = house.engine.sealed_place(&place);
        assert_eq!(house.engine.opened_place(&sealed), place);
    })
    .await;
}

#[tokio::test]
async fn an_app_of_another_team_does_not_exist() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let mut milda = Desk::new(&house);
        let app = milda.arrive("milda@shop.example").await;
        let mut petras = Desk::at(&house, "198.51.100.7");
        let own = petras.arrive("petras@other.example").await;
        for foreign in [&app, &AppId::new("no-such-app")] {
            assert!(matches!(
                petras.member(foreign).await,
                Err(Refusal::NotFound)
            ));
            let token = petras.token("replace-secret");
            let answer = house
                .engine
                .replace_sandbox_secret(&petras.visit(), &token, foreign)
                .await;
            assert_eq!(petras.follow(answer), "problem not_found");
        }
        let person = house
            .engine
            .person(&petras.visit(), &Place::Home)
            .await
            .unwrap();
        let home = house.engine.developer_home(&person).await.unwrap();
        let ids: Vec<_> = home.apps.iter().map(|app| app.id.clone()).collect();
        assert_eq!(ids, [own]);
        // The secret on Milda's screen is on nobody else's.
        let client = milda.member(&app).await.unwrap().app.sandbox_client;
        let shown = house.engine.shown_secret(&client, &petras.user()).await;
        assert!(shown.expect("an answer").is_none());
        assert!(matches!(
            house.engine.admin(&petras.visit(), &Place::Home).await,
            Err(Refusal::NotFound)
        ));
    })
    .await;
}

#[tokio::test]
async fn who_may_look_may_not_touch() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let mut milda = Desk::new(&house);
        let app = milda.arrive("milda@shop.example").await;
        let mut petras = Desk::at(&house, "198.51.100.7");
        petras.arrive("petras@other.example").await;
        let team: TeamId = milda.member(&app).await.unwrap().app.team_id;
        let membership = MembershipRecord {
            team_id: team,
            user_id: petras.user(),
            role: TeamRole::Read,
            created_at: house.now(),
        };
        house
            .write(move |tx| Box::pin(async move { insert_membership(tx, &membership).await }))
            .await;
        assert!(!petras.member(&app).await.expect("may look").may_change());
        let token = petras.token("replace-secret");
        let answer = house
            .engine
            .replace_sandbox_secret(&petras.visit(), &token, &app)
            .await;
        assert_eq!(petras.follow(answer), format!("/developer/apps/{app}"));
        assert_eq!(petras.said(), ["read-only"]);
    })
    .await;
}

#[tokio::test]
async fn a_second_app_has_credentials_of_its_own() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let mut desk = Desk::new(&house);
        let first = desk.arrive("milda@shop.example").await;
        let token = desk.token("new-app");
        let answer = house.engine.make_app(&desk.visit(), &token, " x ").await;
        assert_eq!(desk.follow(answer), "/developer");
        assert_eq!(desk.said(), ["app-name-length"]);
        let answer = house
            .engine
            .make_app(&desk.visit(), &token, "Second shop")
            .await;
        let page = desk.follow(answer);
        let second = AppId::new(page.strip_prefix("/developer/apps/").expect(&page));
        assert_ne!(first, second);
        let member = desk.member(&second).await.expect("their own app");
        let secret = house
            .engine
            .shown_secret(&member.app.sandbox_client, &desk.user())
            .await;
        assert!(secret.expect("an answer").is_some());
    })
    .await;
}

#[tokio::test]
async fn a_developer_whom_an_operator_added_gets_a_team_with_the_first_app() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let added = house
            .engine
            .add_user(NewUser {
                username: "milda".to_owned(),
                password: PASSWORD.to_owned(),
                email: None,
                display_name: None,
                role: Role::Developer,
                environment: Environment::Live,
                locale: Locale::En,
            })
            .await
            .expect("a person");
        let seed = sca::parse_base32(&added.totp_secret).expect("base32");
        let mut desk = Desk::new(&house);
        desk.log_in("milda", PASSWORD).await;
        let code = house.totp(&seed);
        assert_eq!(
            desk.type_code(Place::LogInCode, "", &code).await,
            "/developer"
        );
        let token = desk.token("new-app");
        let answer = house.engine.make_app(&desk.visit(), &token, "Shop").await;
        let page = desk.follow(answer);
        let app = AppId::new(page.strip_prefix("/developer/apps/").expect(&page));
        let member = desk.member(&app).await.expect("their own app");
        assert_eq!(member.role, TeamRole::Owner);
        let people = house
            .engine
            .test_persons(&member.app.team_id, Locale::En)
            .await;
        assert_eq!(people.expect("people").len(), 2);
    })
    .await;
}

#[tokio::test]
async fn the_developer_of_the_demo_owns_its_apps() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        house.engine.seed_demo().await.expect("a demo");
        house.engine.seed_demo().await.expect("the same demo");
        let codes = house.engine.demo_authenticator();
        let mut desk = Desk::new(&house);
        let milda = codes
            .iter()
            .find(|code| code.username == "dev@shop.test")
            .unwrap();
        assert_eq!(
            desk.log_in(&milda.username, &milda.password).await,
            "/login/code"
        );
        let page = desk.type_code(Place::LogInCode, "", &milda.totp_code).await;
        assert_eq!(page, "/developer");
        let member = desk.member(&AppId::new("demo-shop")).await.expect("an app");
        let overview = house
            .engine
            .app_overview(&desk.visit(), &member)
            .await
            .unwrap();
        let names: Vec<_> = overview
            .people
            .iter()
            .map(|person| person.username.as_str())
            .collect();
        assert_eq!(names, ["jonas", "ona"]);
        let rasa = codes
            .iter()
            .find(|code| code.username == "admin@bank.test")
            .unwrap();
        let mut desk = Desk::new(&house);
        desk.log_in(&rasa.username, &rasa.password).await;
        desk.type_code(Place::LogInCode, "", &rasa.totp_code).await;
        assert!(
            house
                .engine
                .admin(&desk.visit(), &Place::Home)
                .await
                .is_ok()
        );
        assert!(matches!(
            desk.member(&AppId::new("demo-shop")).await,
            Err(Refusal::NotFound)
        ));
    })
    .await;
}
