//! The open directory of the sandbox, and everybody who must never come near it.

use engine::{
    Settings,
    account_information::Manner,
    personal::{Asker, Whom},
    visit::Go,
};
use futures_util::future::join_all;
use protocol::{
    authorization::{Notice, ScaMethod, Step},
    client::Environment,
    ids::AuthorizationId,
};
use store::{
    consents::find_consents_of_user,
    testing::{TestDatabase, on_each_database},
    users::{ANY_PASSWORD, UserRecord, find_user_by_name, insert_user},
};

use crate::{
    browser::{Browser, notice, parameter},
    house::{App, House, seconds, settings},
    money::assert_balanced,
};

fn open(db: &TestDatabase) -> House {
    House::with(
        &db.store,
        Settings {
            sandbox_open: true,
            ..settings()
        },
    )
}

async fn found(house: &House, environment: Environment, name: &str) -> Option<UserRecord> {
    let found = find_user_by_name(house.store.reader(), environment, name).await;
    found.expect("storage")
}

impl Browser<'_> {
    /// Somebody signs in for account information with this name and password.
    async fn comes(&mut self, app: &App, name: &str, password: &str) -> AuthorizationId {
        let page = self.arrive(app, &[("scope", "ais")]).await;
        self.log_in(&page, name, password).await;
        page
    }

    async fn is_in(&self, page: &AuthorizationId) -> bool {
        !matches!(self.page(page).await, Step::LogIn(_))
    }
}

#[tokio::test]
async fn a_name_that_nobody_has_gets_a_person_with_accounts_and_any_password_opens_it() {
    on_each_database(async |db| {
        let house = open(db);
        let app = house.reviewed_app("budget").await;
        let mut browser = Browser::new(&house);
        let page = browser.comes(&app, " Somebody New ", "whatever").await;
        let Step::Consent(view) = browser.page(&page).await else {
            panic!("signed in");
        };
        assert_eq!(view.accounts.len(), 3);
        let ids: Vec<_> = view
            .accounts
            .iter()
            .map(|account| account.id.clone())
            .collect();
        browser.allow(&page, &ids).await;
        let Step::Confirm(view) = browser.page(&page).await else {
            panic!("the code is asked for");
        };
        assert!(view.code_optional && view.sandbox_code);
        let code = parameter(&browser.confirm(&page, "").await, "code").expect("a code");
        let form = crate::house::exchange_form(&code);
        let tokens = house.token(&app, &form).await.expect("tokens");
        let access = house.engine.access(&tokens.access_token).await;
        let access = access.expect("storage").expect("good");
        let list = house.engine.account_list(&access, Manner::default()).await;
        let list = list.expect("storage").expect("accounts");
        assert!(
            list.iter()
                .all(|shown| shown.account.available.is_positive())
        );
        assert!(
            list.iter()
                .all(|shown| shown.account.owner_name == "Somebody New")
        );
        assert_balanced(db).await;

        // Another browser, another password, another spelling: the same person.
        let mut other = Browser::new(&house);
        let page = other.comes(&app, "SOMEBODY new", "something else").await;
        let Step::Consent(view) = other.page(&page).await else {
            panic!("signed in");
        };
        assert_eq!(
            view.accounts
                .iter()
                .map(|account| &account.id)
                .collect::<Vec<_>>(),
            ids.iter().collect::<Vec<_>>()
        );
    })
    .await;
}

#[tokio::test]
async fn an_empty_code_passes_and_a_filled_one_is_checked() {
    on_each_database(async |db| {
        let house = open(db);
        let app = house.reviewed_app("budget").await;
        for (typed, passes) in [
            ("", true),
            ("123456", true),
            ("123 456", true),
            ("654321", false),
            ("12345", false),
            ("abc", false),
        ] {
            let mut browser = Browser::new(&house);
            let page = browser.comes(&app, "newcomer", "x").await;
            let Step::Consent(view) = browser.page(&page).await else {
                panic!("signed in");
            };
            browser.allow(&page, &[view.accounts[0].id.clone()]).await;
            let go = browser.confirm(&page, typed).await;
            assert_eq!(parameter(&go, "code").is_some(), passes, "{typed:?}");
            if !passes {
                assert!(
                    matches!(
                        notice(&browser.page(&page).await),
                        Some(Notice::WrongCode { .. })
                    ),
                    "{typed:?}"
                );
            }
        }
        let user = found(&house, Environment::Sandbox, "newcomer")
            .await
            .expect("made");
        let consents = find_consents_of_user(house.store.reader(), &user.id, 10)
            .await
            .expect("storage");
        let methods: Vec<_> = consents
            .iter()
            .map(|consent| consent.confirmed_by)
            .collect();
        assert!(
            methods.contains(&ScaMethod::SandboxSkipped)
                && methods.contains(&ScaMethod::SandboxCode)
        );
    })
    .await;
}

#[tokio::test]
async fn people_with_a_password_keep_it_and_their_own_codes() {
    on_each_database(async |db| {
        let house = open(db);
        let app = house.reviewed_app("budget").await;
        let ona = house.enrol("ona").await;
        let mut browser = Browser::new(&house);
        let page = browser.comes(&app, "ona", "any password").await;
        assert!(!browser.is_in(&page).await, "not with any password");
        assert!(matches!(
            notice(&browser.page(&page).await),
            Some(Notice::WrongDetails { .. })
        ));
        browser.sign_in(&page, &ona).await;
        assert!(browser.is_in(&page).await);
        browser.allow(&page, &ona.accounts[..1]).await;
        let Step::Confirm(view) = browser.page(&page).await else {
            panic!("the code is asked for");
        };
        assert!(view.code_optional && !view.sandbox_code);
        let go = browser.confirm(&page, "123456").await;
        assert!(
            parameter(&go, "code").is_none(),
            "the sandbox's code is not hers"
        );
        let go = browser.confirm(&page, &house.code_of(&ona)).await;
        assert!(parameter(&go, "code").is_some());
    })
    .await;
}

#[tokio::test]
async fn a_live_client_never_reaches_any_of_it() {
    on_each_database(async |db| {
        let house = open(db);
        let live = house
            .reviewed_app_with("live", |client| client.environment = Environment::Live)
            .await;
        let sandbox = house.reviewed_app("budget").await;
        let jonas = house.enrol_in(Environment::Live, "jonas").await;

        // A name that nobody has: refused, and nobody is made.
        let mut browser = Browser::new(&house);
        let page = browser.comes(&live, "stranger", "x").await;
        assert!(!browser.is_in(&page).await);
        let Step::LogIn(view) = browser.page(&page).await else {
            panic!("not signed in");
        };
        assert!(!view.open, "nothing is promised");
        for environment in [Environment::Live, Environment::Sandbox] {
            assert!(found(&house, environment, "stranger").await.is_none());
        }
        // An open person of the sandbox is nobody there.
        let mut play = Browser::new(&house);
        let page = play.comes(&sandbox, "stranger", "x").await;
        assert!(play.is_in(&page).await);
        let page = browser.comes(&live, "stranger", "x").await;
        assert!(!browser.is_in(&page).await);
        // Nor is that person's session.
        let page = play.arrive(&live, &[("scope", "ais")]).await;
        assert!(!play.is_in(&page).await);

        // A live person needs the password and the code, at the live client.
        let mut browser = Browser::new(&house);
        let page = browser.comes(&live, "jonas", "any").await;
        assert!(!browser.is_in(&page).await);
        browser.sign_in(&page, &jonas).await;
        browser.allow(&page, &jonas.accounts[..1]).await;
        for typed in ["", "123456"] {
            let go = browser.confirm(&page, typed).await;
            assert!(matches!(go, Go::Step(_)), "{typed:?} passed");
        }
        let go = browser.confirm(&page, &house.code_of(&jonas)).await;
        assert!(parameter(&go, "code").is_some());

        // And the sandbox makes another Jonas, who has nothing of his.
        let mut play = Browser::new(&house);
        let page = play.comes(&sandbox, "jonas", "any").await;
        let Step::Consent(view) = play.page(&page).await else {
            panic!("signed in");
        };
        assert!(
            view.accounts
                .iter()
                .all(|account| !jonas.accounts.contains(&account.id))
        );
    })
    .await;
}

#[tokio::test]
async fn a_live_person_without_a_password_cannot_be_written() {
    on_each_database(async |db| {
        let house = open(db);
        house.enrol_in(Environment::Live, "jonas").await;
        let mut jonas = found(&house, Environment::Live, "jonas")
            .await
            .expect("enrolled");
        jonas.id = protocol::ids::UserId::new("another");
        jonas.username = "another".to_owned();
        jonas.password_hash = ANY_PASSWORD.to_owned();
        assert!(!jonas.is_open());
        let written = house
            .store
            .write::<(), store::Error, _>(move |tx| {
                Box::pin(async move { insert_user(tx, &jonas).await })
            })
            .await;
        assert!(written.is_err());
    })
    .await;
}

#[tokio::test]
async fn names_are_bounded_and_making_people_is_throttled_by_address() {
    on_each_database(async |db| {
        let house = House::with(
            &db.store,
            Settings {
                sandbox_open: true,
                max_failures_per_address: 3,
                ..settings()
            },
        );
        let app = house.reviewed_app("budget").await;
        let mut browser = Browser::new(&house);
        for name in ["x".repeat(65), "a\u{0}b".to_owned(), "a\nb".to_owned()] {
            let page = browser.comes(&app, &name, "x").await;
            assert!(!browser.is_in(&page).await, "{name:?}");
        }
        let mut elsewhere = Browser::new(&house);
        elsewhere.address = "198.51.100.7".parse().expect("an address");
        for name in ["one", "two", "three"] {
            let mut browser = Browser::new(&house);
            browser.address = elsewhere.address;
            let page = browser.comes(&app, name, "x").await;
            assert!(browser.is_in(&page).await, "{name}");
        }
        let page = elsewhere.comes(&app, "four", "x").await;
        assert!(matches!(
            notice(&elsewhere.page(&page).await),
            Some(Notice::Paused { .. })
        ));
        assert!(found(&house, Environment::Sandbox, "four").await.is_none());
        // Whoever is there already comes in, and so does everybody from elsewhere, and later.
        let mut known = Browser::new(&house);
        known.address = elsewhere.address;
        let page = known.comes(&app, "one", "y").await;
        assert!(known.is_in(&page).await);
        let mut farther = Browser::new(&house);
        farther.address = "203.0.113.9".parse().expect("an address");
        let page = farther.comes(&app, "five", "x").await;
        assert!(farther.is_in(&page).await);
        house.later(seconds(1801));
        let page = elsewhere.comes(&app, "four", "x").await;
        assert!(elsewhere.is_in(&page).await);
    })
    .await;
}

#[tokio::test]
async fn of_many_who_take_a_name_at_once_one_is_made() {
    on_each_database(async |db| {
        let house = open(db);
        let app = house.reviewed_app("budget").await;
        let come = |_| {
            let (house, app) = (&house, &app);
            async move {
                let mut browser = Browser::new(house);
                let page = browser.comes(app, "twin", "x").await;
                browser.is_in(&page).await
            }
        };
        let all = join_all((0..4).map(come)).await;
        assert!(all.iter().all(|is_in| *is_in), "{all:?}");
        assert!(
            found(&house, Environment::Sandbox, "twin")
                .await
                .is_some_and(|user| user.is_open())
        );
    })
    .await;
}

#[tokio::test]
async fn a_closed_directory_lets_in_nobody_without_their_password() {
    on_each_database(async |db| {
        let house = open(db);
        let app = house.reviewed_app("budget").await;
        let mut browser = Browser::new(&house);
        let page = browser.comes(&app, "newcomer", "x").await;
        assert!(browser.is_in(&page).await);
        let closed = House::on(&db.store);
        for name in ["newcomer", "stranger"] {
            let mut browser = Browser::new(&closed);
            let page = browser.comes(&app, name, "*").await;
            assert!(!browser.is_in(&page).await, "{name}");
        }
        assert!(
            found(&house, Environment::Sandbox, "stranger")
                .await
                .is_none()
        );
    })
    .await;
}

#[tokio::test]
async fn of_a_person_made_on_the_spot_something_is_known() {
    on_each_database(async |db| {
        let house = open(db);
        let app = house.reviewed_app("budget").await;
        let mut browser = Browser::new(&house);
        browser.comes(&app, "Somebody New", "whatever").await;
        let person = found(&house, Environment::Sandbox, "Somebody New").await;
        let person = person.expect("a person");
        // No mail server answers for it.
        assert_eq!(person.email.as_deref(), Some("somebody.new@sandbox.test"));
        let scope = "phone address identity dob gender identification_level pep";
        let access = house.access(&app, &person.id, scope, &[]).await;
        let client = house.engine.client(&app.id).await.unwrap().unwrap();
        let asker = Asker {
            client: &client.client,
            access: Some(&access),
        };
        let seen = house
            .engine
            .person_view(&asker, Whom::Me)
            .await
            .unwrap()
            .unwrap();
        let identity = seen.identity.expect("an identity");
        assert_eq!(
            (identity.name.as_str(), identity.surname.as_str()),
            ("Somebody", "New")
        );
        assert!(seen.phone.is_some() && seen.address.is_some() && seen.dob.is_some());
        assert!(seen.gender.is_some() && seen.pep.is_some_and(|list| list.is_empty()));
    })
    .await;
}
