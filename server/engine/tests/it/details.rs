//! An app needs what the bank does not have: the person is asked on the way, and tells it once.

use engine::{
    personal::{Asker, PersonView, Whom},
    visit::Go,
};
use protocol::{
    authorization::{DetailsView, Notice, ProblemKind, Step},
    declared::{Declaration, Detail},
    ids::AuthorizationId,
    scope::Cluster,
};
use store::{
    audit::find_audit_events_of,
    personal_data::find_personal_data,
    testing::{TestDatabase, on_each_database},
};

use crate::{
    browser::{Browser, Person, notice, parameter, problem_of},
    flow::PAYMENT,
    house::{App, House, exchange_form, scope, seconds},
    papers::everything,
};

/// Tomas, of whom the bank knows nothing but name and accounts, and an app that may ask for much.
struct Scene {
    house: House,
    app: App,
    tomas: Person,
}

impl Scene {
    async fn on(db: &TestDatabase) -> Self {
        let house = House::on(&db.store);
        let all = "email phone address_offline dob full_name identity gender pep transferFunds";
        let app = house
            .app_with("shop", |record| record.client.scope = scope(all))
            .await;
        let tomas = house.enrol("tomas").await;
        Self { house, app, tomas }
    }

    /// Up to the page after the code.
    async fn confirmed(&self, browser: &mut Browser<'_>, asked: &[(&str, &str)]) -> Confirmed {
        let id = browser.arrive(&self.app, asked).await;
        if browser.session.is_none() {
            browser.sign_in(&id, &self.tomas).await;
        }
        browser.allow(&id, &[]).await;
        self.house.later(seconds(30));
        let go = browser.confirm(&id, &self.house.code_of(&self.tomas)).await;
        Confirmed { id, go }
    }

    /// What the app reads with the code that came back.
    async fn read(&self, back: &Go) -> PersonView {
        let code = parameter(back, "code").expect("a code");
        let tokens = self.house.token(&self.app, &exchange_form(&code)).await;
        let token = tokens.expect("tokens").access_token;
        let access = self.house.engine.access(&token).await.expect("storage");
        let access = access.expect("a good token");
        let client = self.house.engine.client(&self.app.id).await;
        let client = client.expect("storage").expect("a client");
        let asker = Asker {
            client: &client.client,
            access: Some(&access),
        };
        let view = self.house.engine.person_view(&asker, Whom::Me).await;
        view.expect("storage").expect("a person")
    }

    async fn is_known(&self) -> bool {
        let found = find_personal_data(self.house.store.reader(), &self.tomas.id).await;
        found.expect("storage").is_some()
    }
}

struct Confirmed {
    id: AuthorizationId,
    go: Go,
}

impl Browser<'_> {
    async fn asks(&self, id: &AuthorizationId) -> DetailsView {
        match self.page(id).await {
            Step::Details(view) => view,
            other => panic!("the page that asks, not {other:?}"),
        }
    }

    async fn tell(&mut self, id: &AuthorizationId, told: &Declaration) -> Go {
        let token = self.token(id).await;
        self.tell_with(id, &token, told).await
    }

    async fn tell_with(&mut self, id: &AuthorizationId, token: &str, told: &Declaration) -> Go {
        let engine = &self.house.engine;
        let answer = engine
            .tell_details(&self.visit(id), token, told.clone())
            .await;
        self.follow(answer)
    }
}

fn told() -> Declaration {
    Declaration {
        given_name: "Tomas".to_owned(),
        family_name: "Kazlauskas".to_owned(),
        birth_date: "1990-05-17".to_owned(),
        gender: "male".to_owned(),
        country: "LT".to_owned(),
        city: "Kaunas".to_owned(),
        street: "Laisvės al. 5".to_owned(),
        post_index: "44240".to_owned(),
        exposed: "no".to_owned(),
        ..Declaration::default()
    }
}

#[tokio::test]
async fn a_person_tells_once_what_is_missing_and_the_app_reads_it() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let mut browser = Browser::new(&scene.house);
        let asked = [("scope", "address_offline dob gender_optional phone")];
        let id = browser.arrive(&scene.app, &asked).await;
        browser.sign_in(&id, &scene.tomas).await;
        let Step::Consent(view) = browser.page(&id).await else {
            panic!("the page of the request");
        };
        // What can be told is told apart from what the bank must make sure of.
        assert_eq!(view.asked_for, [Cluster::DateOfBirth, Cluster::Address]);
        assert_eq!(view.absent, [Cluster::Phone]);
        browser.allow(&id, &[]).await;
        let go = browser
            .confirm(&id, &scene.house.code_of(&scene.tomas))
            .await;
        assert!(matches!(go, Go::Step(_)));
        let page = browser.asks(&id).await;
        assert_eq!(page.wanted, [Detail::DateOfBirth, Detail::Address]);
        assert_eq!(page.typed, Declaration::default());

        // Nothing is written while something is to be mended, and nothing that was typed is lost.
        let half = Declaration {
            birth_date: "2990-05-17".to_owned(),
            street: String::new(),
            ..told()
        };
        assert!(matches!(browser.tell(&id, &half).await, Go::Step(_)));
        let page = browser.page(&id).await;
        let fields = vec!["birth_date".to_owned(), "street".to_owned()];
        assert_eq!(notice(&page), Some(&Notice::Mend { fields }));
        assert_eq!(browser.asks(&id).await.typed, half);
        assert!(!scene.is_known().await);

        let back = browser.tell(&id, &told()).await;
        let seen = scene.read(&back).await;
        assert_eq!(seen.address.expect("an address").city, "Kaunas");
        assert_eq!(
            seen.dob.map(|day| day.to_string()).as_deref(),
            Some("1990-05-17")
        );
        assert!(seen.gender.is_none() && seen.identity.is_none());

        let objects = [format!("user:{}", scene.tomas.id)];
        let events = find_audit_events_of(scene.house.store.reader(), &[&objects[0]], 10).await;
        let events = events.expect("storage");
        let event = events
            .iter()
            .find(|event| event.action == "user.details_told")
            .expect("an event");
        assert!(event.detail.contains("address") && !event.detail.contains("Kaunas"));

        // What the bank has is not asked for again.
        let again = scene.confirmed(&mut browser, &asked).await;
        assert!(parameter(&again.go, "code").is_some());
    })
    .await;
}

#[tokio::test]
async fn a_persons_word_is_not_papers_and_what_is_known_stays() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let mut browser = Browser::new(&scene.house);
        let asked = [("scope", "identity pep gender")];
        let here = scene.confirmed(&mut browser, &asked).await;
        let page = browser.asks(&here.id).await;
        let wanted = [Detail::FullName, Detail::Gender, Detail::ExposedPersons];
        assert_eq!(page.wanted, wanted);
        let back = browser.tell(&here.id, &told()).await;
        let seen = scene.read(&back).await;
        let identity = seen.identity.expect("a name");
        assert_eq!(identity.surname, "Kazlauskas");
        assert!(identity.code.is_none() && identity.nationality.is_none());

        // Of whom the bank knows everything, nothing is asked.
        let ona = scene.house.known_person("ona", Some(everything())).await;
        let known = find_personal_data(scene.house.store.reader(), &ona).await;
        let mut other = Browser::new(&scene.house);
        let id = other.arrive(&scene.app, &asked).await;
        other.log_in(&id, "ona", "a good password").await;
        let Step::Consent(view) = other.page(&id).await else {
            panic!("the page of the request");
        };
        assert!(view.asked_for.is_empty() && view.absent.is_empty());
        let token = other.token(&id).await;
        other.tell_with(&id, &token, &told()).await;
        let still = find_personal_data(scene.house.store.reader(), &ona).await;
        assert_eq!(still, known, "not her step, and nothing to tell");
    })
    .await;
}

#[tokio::test]
async fn nothing_is_told_before_the_code_from_elsewhere_or_after_a_no() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let mut browser = Browser::new(&scene.house);
        let asked = [("scope", "address_offline")];
        // Whoever knows the password alone writes nothing.
        let id = browser.arrive(&scene.app, &asked).await;
        browser.sign_in(&id, &scene.tomas).await;
        browser.tell(&id, &told()).await;
        browser.allow(&id, &[]).await;
        browser.tell(&id, &told()).await;
        assert!(!scene.is_known().await);

        scene.house.later(seconds(30));
        let code = scene.house.code_of(&scene.tomas);
        browser.confirm(&id, &code).await;
        // A form that no page of this authorization made, and one from another site.
        browser.tell_with(&id, "made up", &told()).await;
        assert_eq!(notice(&browser.page(&id).await), Some(&Notice::SendAgain));
        browser.same_origin = false;
        browser.tell(&id, &told()).await;
        browser.same_origin = true;
        // Another browser has not even the page.
        let mut other = Browser::new(&scene.house);
        let go = other.tell_with(&id, "made up", &told()).await;
        assert_eq!(problem_of(&go), Some(ProblemKind::Cookies));
        assert!(!scene.is_known().await);

        let back = browser.deny(&id).await;
        assert_eq!(parameter(&back, "error").as_deref(), Some("access_denied"));
        assert!(!scene.is_known().await);
    })
    .await;
}

#[tokio::test]
async fn two_pages_that_ask_the_same_are_answered_once() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let asked = [("scope", "address_offline")];
        let mut desk = Browser::new(&scene.house);
        let first = scene.confirmed(&mut desk, &asked).await.id;
        let mut phone = Browser::new(&scene.house);
        let second = scene.confirmed(&mut phone, &asked).await.id;
        assert_eq!(phone.asks(&second).await.wanted, [Detail::Address]);
        let token = desk.token(&first).await;

        let back = desk.tell(&first, &told()).await;
        assert!(parameter(&back, "code").is_some());
        // The second click has the result of the first.
        let twice = desk.tell_with(&first, &token, &told()).await;
        assert_eq!(parameter(&twice, "code"), parameter(&back, "code"));
        assert!(matches!(desk.page(&first).await, Step::Finished(_)));

        // The other page says that all is there; what it was sent with changes nothing.
        assert_eq!(phone.asks(&second).await.wanted, []);
        let late = Declaration {
            city: "Klaipėda".to_owned(),
            ..told()
        };
        let back = phone.tell(&second, &late).await;
        let seen = scene.read(&back).await;
        assert_eq!(seen.address.expect("an address").city, "Kaunas");
    })
    .await;
}

#[tokio::test]
async fn with_a_payment_the_account_is_chosen_after_the_details() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let mut browser = Browser::new(&scene.house);
        let asked = [
            ("scope", "transferFunds address_offline"),
            ("authorization_details", PAYMENT),
        ];
        let here = scene.confirmed(&mut browser, &asked).await;
        assert_eq!(browser.asks(&here.id).await.wanted, [Detail::Address]);
        assert!(matches!(browser.tell(&here.id, &told()).await, Go::Step(_)));
        assert!(matches!(browser.page(&here.id).await, Step::PayFrom(_)));
        let back = browser.pay_from(&here.id, &scene.tomas.accounts[0]).await;
        assert!(parameter(&back, "code").is_some());
    })
    .await;
}

#[tokio::test]
async fn what_was_typed_never_makes_the_cookie_too_large_for_browsers() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let mut browser = Browser::new(&scene.house);
        let state = "s".repeat(1_024);
        let asked = [("scope", "address_offline pep"), ("state", state.as_str())];
        let here = scene.confirmed(&mut browser, &asked).await;
        let long = Declaration {
            city: "Ž".repeat(100),
            street: "Ž".repeat(1_000),
            ..told()
        };
        for (typed, is_kept) in [
            (
                Declaration {
                    city: String::new(),
                    ..told()
                },
                true,
            ),
            (long, false),
        ] {
            browser.tell(&here.id, &typed).await;
            let name = scene.house.engine.interaction_cookie(&here.id);
            let size = name.len() + browser.cookies[&name].len();
            assert!(size < 3_900, "{size} bytes");
            let page = browser.asks(&here.id).await;
            assert!(matches!(page.frame.notice, Some(Notice::Mend { .. })));
            assert_eq!(page.typed == typed, is_kept);
            assert_eq!(page.typed == Declaration::default(), !is_kept);
        }
        let back = browser.tell(&here.id, &told()).await;
        assert_eq!(parameter(&back, "state"), Some(state));
    })
    .await;
}
