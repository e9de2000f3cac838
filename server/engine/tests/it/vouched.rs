//! An app vouches for a person's address, and the person signs up with it.

use engine::{
    personal::{
        Asker, ContactRequest, MOST_A_DAY, MOST_PER_ADDRESS, MadeContactToken, PersonalRefusal,
    },
    portal::PersonSignUp,
};
use protocol::{
    client::{ClientStatus, Environment},
    ids::UserId,
    scope::Personal,
};
use store::{
    audit::find_audit_events_of,
    authenticators::{find_authenticators, find_recovery_codes_left},
    clients::advance_client_status,
    privileges::Privilege,
    testing::{TestDatabase, on_each_database},
    users::{Role, find_user_by_name},
};

use crate::{
    house::{App, House, seconds},
    portal_desk::{Desk, PASSWORD},
};

const ADDRESS: &str = "Rasa@mail.test";

/// A house with an app that may vouch.
struct Scene {
    house: House,
    app: App,
}

impl Scene {
    async fn on(db: &TestDatabase) -> Self {
        let house = House::on(&db.store);
        let app = house.app("wallet-app").await;
        let scene = Self { house, app };
        scene.allow(true).await;
        scene
    }

    async fn allow(&self, granted: bool) {
        let engine = &self.house.engine;
        let facts = engine
            .set_privilege(&self.app.id, Privilege::ContactToken, granted)
            .await
            .expect("a client");
        assert_eq!(facts.privileges.is_empty(), !granted);
    }

    async fn ask(
        &self,
        email: Option<&str>,
        phone: Option<&str>,
    ) -> Result<MadeContactToken, PersonalRefusal> {
        let engine = &self.house.engine;
        let client = engine
            .client(&self.app.id)
            .await
            .expect("storage")
            .expect("a client");
        let asker = Asker {
            client: &client.client,
            access: None,
        };
        let request = ContactRequest {
            email: email.map(str::to_owned),
            phone: phone.map(str::to_owned),
        };
        engine
            .make_contact_token(&asker, &request)
            .await
            .expect("storage")
    }

    async fn token(&self) -> String {
        let made = self.ask(Some(ADDRESS), Some("+370 612 34567")).await;
        made.expect("a token").token
    }

    async fn person(
        &self,
        environment: Environment,
        name: &str,
    ) -> Option<store::users::UserRecord> {
        find_user_by_name(self.house.store.reader(), environment, name)
            .await
            .expect("storage")
    }
}

/// What Rasa types.
fn rasa(token: &str) -> PersonSignUp {
    PersonSignUp {
        contact_token: token.to_owned(),
        address: "rasa@MAIL.test".to_owned(),
        name: "Rasa".to_owned(),
        password: PASSWORD.to_owned(),
        terms: true,
    }
}

impl Desk<'_> {
    async fn sign_up_vouched(&mut self, new: PersonSignUp) -> String {
        let token = self.token("signup-vouched");
        let engine = &self.house.engine;
        let answer = engine.sign_up_vouched(&self.visit(), &token, new).await;
        self.follow(answer)
    }
}

const OVER: &str = "/signup?contact_token=";

#[tokio::test]
async fn a_person_for_whom_an_app_vouches_signs_up_without_a_letter() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let token = scene.token().await;
        let engine = &scene.house.engine;
        // Looking at the page uses nothing up.
        for _ in 0..3 {
            let page = engine.vouched_view(&token).await.expect("a page");
            let open = page.open.expect("a token that is good");
            assert_eq!(
                (open.app.as_str(), open.name.as_str(), open.by_phone),
                ("The wallet-app", ADDRESS, false)
            );
        }
        let mut desk = Desk::new(&scene.house);
        assert_eq!(desk.sign_up_vouched(rasa(&token)).await, "/signup/welcome");
        assert!(engine.mailbox(1).await.unwrap().is_empty(), "no letter");
        let person = scene
            .person(Environment::Sandbox, ADDRESS)
            .await
            .expect("a person");
        assert_eq!(person.role, Role::User);
        assert_eq!(person.email.as_deref(), Some(ADDRESS));
        assert_eq!(person.display_name, "Rasa");
        let reader = scene.house.store.reader();
        assert_eq!(
            find_authenticators(reader, &person.id).await.unwrap().len(),
            1
        );
        assert_eq!(
            find_recovery_codes_left(reader, &person.id).await.unwrap(),
            10
        );
        let accounts = engine.env().bank.accounts_of(&person.id).await.unwrap();
        assert!(!accounts.is_empty(), "the sandbox gives sample accounts");
        // What is to be written down is there, for a while, in this browser alone.
        let welcome = engine.welcome_view(&desk.visit()).expect("a welcome");
        assert_eq!(welcome.codes.len(), 10);
        assert_eq!(welcome.username, ADDRESS);
        assert!(welcome.setting_up.uri.starts_with("otpauth://totp/"));
        assert!(!format!("{:?}", desk.state).contains(&welcome.codes[0]));
        assert!(
            engine
                .welcome_view(&Desk::at(&scene.house, "198.51.100.7").visit())
                .is_err()
        );
        scene
            .house
            .later(engine.env().settings.shown_secret_lifetime);
        assert!(engine.welcome_view(&desk.visit()).is_err());
        // The phone number counts as confirmed.
        let known = engine_phone(&scene, &person.id).await;
        assert_eq!(known, Some("37061234567".to_owned()));
        // A customer signs in to see what they allowed, and to nothing else of the portal.
        assert_eq!(desk.log_in(ADDRESS, PASSWORD).await, "/connected");
        let objects = [
            format!("client:{}", scene.app.id),
            format!("user:{}", person.id),
        ];
        let objects: Vec<&str> = objects.iter().map(String::as_str).collect();
        let events = find_audit_events_of(reader, &objects, 10).await.unwrap();
        let actions: Vec<&str> = events.iter().map(|event| event.action.as_str()).collect();
        for action in [
            "client.privilege_granted",
            "contact.vouched",
            "user.signed_up",
        ] {
            assert!(actions.contains(&action), "{action}: {actions:?}");
        }
        let told = format!("{events:?}").to_lowercase();
        assert!(!told.contains("mail.test") && !told.contains(&token.to_lowercase()));
    })
    .await;
}

async fn engine_phone(scene: &Scene, person: &UserId) -> Option<String> {
    let engine = &scene.house.engine;
    let access = scene
        .house
        .access(&scene.app, person, Personal::Phone.as_str(), &[])
        .await;
    let client = engine
        .client(&scene.app.id)
        .await
        .expect("storage")
        .expect("a client");
    let asker = Asker {
        client: &client.client,
        access: Some(&access),
    };
    let phone = engine
        .person_phone(&asker, engine::personal::Whom::Me)
        .await;
    phone
        .expect("storage")
        .ok()
        .map(|phone| phone.as_str().to_owned())
}

#[tokio::test]
async fn a_token_is_good_once_for_fifteen_minutes_and_for_its_address() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let token = scene.token().await;
        let mut desk = Desk::new(&scene.house);
        let other = PersonSignUp {
            address: "somebody@else.test".to_owned(),
            ..rasa(&token)
        };
        let here = format!("{OVER}{token}");
        assert_eq!(desk.sign_up_vouched(other).await, here);
        assert_eq!(desk.said(), ["contact-other-address"]);
        let nonsense = PersonSignUp {
            name: " ".to_owned(),
            password: "short".to_owned(),
            terms: false,
            ..rasa(&token)
        };
        assert_eq!(desk.sign_up_vouched(nonsense).await, here);
        assert_eq!(
            desk.said(),
            ["name-missing", "password-length", "terms-missing"]
        );
        assert_eq!(desk.sign_up_vouched(rasa(&token)).await, "/signup/welcome");
        // The second time, and in another browser.
        assert_eq!(desk.sign_up_vouched(rasa(&token)).await, OVER);
        assert_eq!(
            Desk::at(&scene.house, "198.51.100.7")
                .sign_up_vouched(rasa(&token))
                .await,
            OVER
        );
        // Another token for the same address: there is an account.
        let token = scene.token().await;
        assert_eq!(
            desk.sign_up_vouched(rasa(&token)).await,
            format!("{OVER}{token}")
        );
        assert_eq!(desk.said(), ["contact-address-known"]);
        // That try did not use it up, time does.
        scene.house.later(seconds(899));
        assert!(
            scene
                .house
                .engine
                .vouched_view(&token)
                .await
                .unwrap()
                .open
                .is_some()
        );
        scene.house.later(seconds(1));
        assert!(
            scene
                .house
                .engine
                .vouched_view(&token)
                .await
                .unwrap()
                .open
                .is_none()
        );
        assert_eq!(desk.sign_up_vouched(rasa(&token)).await, OVER);
        for text in ["", "cs_ct_", "cs_at_nothing", "x"] {
            assert_eq!(desk.sign_up_vouched(rasa(text)).await, OVER, "{text}");
        }
    })
    .await;
}

#[tokio::test]
async fn ten_at_once_make_one_person() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let token = scene.token().await;
        let tries = (0..10).map(|at| {
            let house = &scene.house;
            let token = token.clone();
            async move {
                let mut desk = Desk::at(house, &format!("198.51.100.{at}"));
                desk.sign_up_vouched(rasa(&token)).await
            }
        });
        let pages = futures_util::future::join_all(tries).await;
        let welcomes = pages
            .iter()
            .filter(|page| *page == "/signup/welcome")
            .count();
        assert_eq!(welcomes, 1, "{pages:?}");
    })
    .await;
}

#[tokio::test]
async fn a_form_of_elsewhere_signs_nobody_up() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let token = scene.token().await;
        let mut desk = Desk::new(&scene.house);
        desk.same_origin = false;
        assert_eq!(
            desk.sign_up_vouched(rasa(&token)).await,
            format!("{OVER}{token}")
        );
        assert_eq!(desk.said(), ["send-again"]);
        assert!(scene.person(Environment::Sandbox, ADDRESS).await.is_none());
    })
    .await;
}

#[tokio::test]
async fn whoever_loses_the_privilege_or_is_switched_off_vouches_no_more() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let engine = &scene.house.engine;
        let token = scene.token().await;
        scene.allow(false).await;
        assert_eq!(
            scene.ask(Some(ADDRESS), None).await.err(),
            Some(PersonalRefusal::Forbidden)
        );
        assert!(engine.vouched_view(&token).await.unwrap().open.is_none());
        scene.allow(true).await;
        assert!(engine.vouched_view(&token).await.unwrap().open.is_some());
        let id = scene.app.id.clone();
        let off = scene
            .house
            .write(move |tx| {
                Box::pin(
                    async move { advance_client_status(tx, &id, ClientStatus::Suspended).await },
                )
            })
            .await;
        assert!(off.is_yes());
        scene.house.later(seconds(2));
        assert!(engine.vouched_view(&token).await.unwrap().open.is_none());
        let nobody = engine
            .set_privilege(
                &protocol::ids::ClientId::new("nobody"),
                Privilege::ContactToken,
                true,
            )
            .await;
        assert!(nobody.is_err());
    })
    .await;
}

#[tokio::test]
async fn a_live_app_makes_live_people_without_accounts() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let app = house
            .app_with("wallet-app", |record| {
                record.client.environment = Environment::Live
            })
            .await;
        let scene = Scene { house, app };
        scene.allow(true).await;
        let token = scene.token().await;
        let mut desk = Desk::new(&scene.house);
        assert_eq!(desk.sign_up_vouched(rasa(&token)).await, "/signup/welcome");
        assert!(scene.person(Environment::Sandbox, ADDRESS).await.is_none());
        let person = scene
            .person(Environment::Live, ADDRESS)
            .await
            .expect("a person");
        let accounts = scene
            .house
            .engine
            .env()
            .bank
            .accounts_of(&person.id)
            .await
            .unwrap();
        assert!(accounts.is_empty());
    })
    .await;
}

#[tokio::test]
async fn with_a_phone_number_alone_the_number_is_the_name() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let made = scene.ask(None, Some("370 612 34567")).await;
        let made = made.expect("a token");
        assert!(made.email.is_none() && made.phone.is_some());
        let page = scene.house.engine.vouched_view(&made.token).await.unwrap();
        let open = page.open.expect("a good token");
        assert_eq!((open.name.as_str(), open.by_phone), ("+37061234567", true));
        // Not for another name.
        let mut desk = Desk::new(&scene.house);
        let page = desk.sign_up_vouched(rasa(&made.token)).await;
        assert_eq!(page, format!("{OVER}{}", made.token));
        assert_eq!(desk.said(), ["contact-other-address"]);

        let new = PersonSignUp {
            address: open.name,
            ..rasa(&made.token)
        };
        assert_eq!(desk.sign_up_vouched(new).await, "/signup/welcome");
        let person = scene.person(Environment::Sandbox, "+370 612 34567").await;
        let person = person.expect("a person");
        assert_eq!(
            (person.username.as_str(), person.email),
            ("+37061234567", None)
        );
        let known = engine_phone(&scene, &person.id).await;
        assert_eq!(known, Some("37061234567".to_owned()));
        // However it is written, it is the same name, and it is taken.
        assert_eq!(
            desk.log_in("+370 (612) 34567", PASSWORD).await,
            "/connected"
        );
        let again = scene.ask(None, Some("+370-612-34567")).await;
        let again = PersonSignUp {
            address: "+37061234567".to_owned(),
            ..rasa(&again.expect("a token").token)
        };
        let mut other = Desk::new(&scene.house);
        other.sign_up_vouched(again).await;
        assert_eq!(other.said(), ["contact-address-known"]);
    })
    .await;
}

#[tokio::test]
async fn tokens_are_counted_per_address_and_per_client_and_day() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let too_often = |made: Result<MadeContactToken, PersonalRefusal>| {
            matches!(made, Err(PersonalRefusal::TooOften(_)))
        };
        for _ in 0..MOST_PER_ADDRESS {
            assert!(scene.ask(Some(ADDRESS), None).await.is_ok());
        }
        // However it is spelt, and also beside another one.
        assert!(too_often(scene.ask(Some("RASA@mail.test"), None).await));
        assert!(too_often(
            scene.ask(Some(ADDRESS), Some("37061234567")).await
        ));
        // What was refused was not counted for the phone number.
        for _ in 0..MOST_PER_ADDRESS {
            assert!(scene.ask(None, Some("37061234567")).await.is_ok());
        }
        assert!(too_often(scene.ask(None, Some("+370 612 34567")).await));
        // A day later it begins anew.
        scene.house.later(seconds(86_401));
        assert!(scene.ask(Some(ADDRESS), None).await.is_ok());
        for at in 1..MOST_A_DAY {
            let address = format!("person-{at}@mail.test");
            assert!(scene.ask(Some(&address), None).await.is_ok(), "{at}");
        }
        assert!(too_often(scene.ask(Some("one.more@mail.test"), None).await));
    })
    .await;
}
