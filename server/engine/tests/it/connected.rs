//! A person looks at the apps that have their permission and stops one: what ends, what stays, and who comes in
//! to do so.

use engine::{
    Settings,
    portal::{ConnectedView, Ending, Place, Refusal},
};
use protocol::{
    account_consent::ConsentState,
    client::{DialectName, Environment},
    ids::{ConsentId, TransferId},
    scope::Cluster,
};
use store::{
    consents::find_consents_of_user,
    testing::{TestDatabase, on_each_database},
    users::{ANY_PASSWORD, Role, UserRecord, UserStatus, insert_user},
};

use crate::{
    account_consents::Scene,
    browser::{Browser, Person},
    house::{House, access_token, code_of, refresh_token, seconds, settings},
    portal_desk::Desk,
};

impl<'h> Desk<'h> {
    /// A customer who signed in at the common door.
    async fn of_customer(house: &'h House, person: &Person) -> Self {
        let mut desk = Self::new(house);
        let page = desk.log_in(&person.name, &person.password).await;
        assert_eq!(page, "/connected", "without a code");
        desk
    }

    async fn connected(&self) -> ConnectedView {
        let view = self.house.engine.connected_view(&self.visit()).await;
        view.expect("signed in").1
    }

    /// The page with the question; then its button is pressed.
    async fn stop(&mut self, id: &ConsentId) -> String {
        let token = self.token("stop-access");
        let engine = &self.house.engine;
        let answer = engine.stop_access(&self.visit(), &token, id).await;
        self.follow(answer)
    }

    async fn sandbox_log_in(&mut self, username: &str, password: &str) -> String {
        let token = self.token("login");
        let engine = &self.house.engine;
        let answer = engine
            .sandbox_log_in(&self.visit(), &token, "", username, password)
            .await;
        self.follow(answer)
    }
}

/// The permissions on the page, each with the name of its app.
fn held(view: &ConnectedView) -> Vec<(&str, &ConsentId)> {
    view.apps
        .iter()
        .flat_map(|app| {
            let name = app.app.name.as_str();
            app.permissions
                .iter()
                .map(move |permission| (name, &permission.id))
        })
        .collect()
}

#[tokio::test]
async fn stopped_on_the_page_an_app_is_refused_at_once_and_nobody_else_can_stop_it() {
    on_each_database(async |db| {
        let scene = Scene::on(db).await;
        let (house, ona) = (&scene.house, &scene.ona);
        let engine = &house.engine;
        let id = scene.offered().await.consent.id;
        let tokens = scene.tokens(&id, ona, &ona.accounts[..1]).await;
        let shop = house.app("shop").await;
        let of_shop = house.tokens(&shop, &ona.id, "wallet transferFunds").await;
        scene.good(&tokens).await;

        let mut desk = Desk::of_customer(house, ona).await;
        let view = desk.connected().await;
        assert_eq!(view.environment, Environment::Sandbox);
        assert_eq!(held(&view).len(), 2);
        let budget = view
            .apps
            .iter()
            .find(|app| app.permissions[0].id == id)
            .expect("the consent");
        let permission = &budget.permissions[0];
        assert_eq!(
            permission.can,
            [
                Cluster::AccountDetails,
                Cluster::AccountBalances,
                Cluster::AccountTransactions
            ]
        );
        let [account] = permission.accounts.as_slice() else {
            panic!("one account: {:?}", permission.accounts);
        };
        assert!(account.masked_iban.contains('•'), "{account:?}");
        assert_eq!(permission.last_used, Some(house.now()));
        assert!(view.ended.is_empty());

        // Somebody else's does not exist for jonas, nor does what nobody has.
        let mut jonas = Desk::of_customer(house, &scene.jonas).await;
        assert!(jonas.connected().await.apps.is_empty());
        for foreign in [&id, &ConsentId::new("none")] {
            let view = engine.stop_view(&jonas.visit(), foreign).await;
            assert!(matches!(view, Err(Refusal::NotFound)), "{view:?}");
            assert_eq!(jonas.stop(foreign).await, "problem not_found");
        }
        assert_eq!(scene.state(&id).await, ConsentState::Valid);
        // A form of another page, or of another browser, stops nothing.
        let answer = engine.stop_access(&desk.visit(), "forged", &id).await;
        assert_eq!(desk.follow(answer), Place::StopAccess(id.clone()).path());
        assert_eq!(desk.said(), ["send-again"]);
        assert_eq!(scene.state(&id).await, ConsentState::Valid);

        let asked = engine.stop_view(&desk.visit(), &id).await;
        assert_eq!(asked.expect("the question").1.permission.id, id);
        house.later(seconds(5));
        assert_eq!(desk.stop(&id).await, "/connected");
        assert_eq!(desk.said(), ["access-stopped"]);
        assert_eq!(scene.state(&id).await, ConsentState::RevokedByPsu);
        assert!(scene.access(&tokens).await.is_err());
        let refreshed = house.refresh(&scene.app, &refresh_token(&tokens)).await;
        assert_eq!(code_of(&refreshed), Some("invalid_grant"));
        assert!(house.is_active(&shop, &access_token(&of_shop)).await);

        // Sent twice, and opened in an old window.
        assert_eq!(desk.stop(&id).await, "/connected");
        assert_eq!(desk.said(), ["access-stopped"]);
        let old = engine.stop_view(&desk.visit(), &id).await.map(|_| ());
        let answer = engine.turn_away(&desk.visit(), old.expect_err("it is over"));
        assert_eq!(desk.follow(answer), "/connected");
        assert_eq!(desk.said(), ["access-over"]);
        let view = desk.connected().await;
        assert_eq!(held(&view).len(), 1);
        let [over] = view.ended.as_slice() else {
            panic!("one is over: {:?}", view.ended);
        };
        assert_eq!((&over.id, over.why), (&id, Ending::Stopped));
        assert_eq!(over.at, house.now());

        // The wallet's permission ends in the same way.
        let wallet = held(&view)[0].1.clone();
        assert_eq!(desk.stop(&wallet).await, "/connected");
        assert!(!house.is_active(&shop, &access_token(&of_shop)).await);
        assert!(!house.is_active(&shop, &refresh_token(&of_shop)).await);
        assert!(desk.connected().await.apps.is_empty());
    })
    .await;
}

#[tokio::test]
async fn every_door_stands_on_the_page_until_it_is_over_and_then_with_the_reason() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let ona = house.enrol("ona").await;
        let desk = Desk::of_customer(&house, &ona).await;
        let of = async |name: &str, dialect: DialectName| {
            let change = |record: &mut store::clients::ClientRecord| {
                record.client.dialects = vec![dialect];
            };
            house.app_with(name, change).await
        };
        let standard = of("a-standard", DialectName::Bearer).await;
        let tutorial = of("b-tutorial", DialectName::Tutorial).await;
        let market = of("c-market", DialectName::OBearer).await;
        let payer = of("d-payer", DialectName::Bearer).await;
        for app in [&standard, &tutorial, &market] {
            house.tokens(app, &ona.id, "wallet").await;
        }
        let pay = async || {
            let grant = house
                .grant_with(&payer, &ona.id, "transferFunds", |consent, _| {
                    consent.payment = Some(House::payment());
                    consent.recurring = false;
                    consent.valid_until = consent.created_at + seconds(3600);
                })
                .await;
            house.exchange(&payer, &grant).await.expect("tokens");
            grant.consent
        };
        let open = pay().await;
        let paid = pay().await;
        let transfer = TransferId::new("transfer-1");
        let used = paid.clone();
        let written = house
            .write(move |tx| {
                Box::pin(async move {
                    store::consents::advance_consent_payment_used(tx, &used, &transfer).await
                })
            })
            .await;
        assert!(written.is_yes());
        // Given out and not yet fetched: that takes a moment.
        let late = house.app("e-late").await;
        house.grant(&late, &ona.id, "wallet").await;

        let view = desk.connected().await;
        let names = ["a-standard", "b-tutorial", "c-market", "d-payer", "e-late"];
        let apps: Vec<_> = held(&view).into_iter().map(|(app, _)| app).collect();
        assert_eq!(apps, names.map(|id| name_of(&view, id)));
        let permission = &view.apps[3].permissions[0];
        assert_eq!(permission.id, open);
        assert!(permission.can.is_empty(), "nothing but the payment");
        let payment = permission.payment.as_ref().expect("still to be made");
        assert_eq!(payment.amount, "20.00");
        assert!(view.apps[0].permissions[0].payment.is_none());
        let whys: Vec<_> = view.ended.iter().map(|over| over.why).collect();
        assert_eq!(whys, [Ending::Paid]);

        // The app gives its tokens back; the payment's hour is over; a code was never fetched.
        let tokens = house.tokens(&standard, &ona.id, "wallet").await;
        assert_eq!(desk.connected().await.apps[0].permissions.len(), 2);
        let given_back = house.revoke(&standard, &refresh_token(&tokens)).await;
        given_back.expect("revoked");
        house.later(seconds(3601));
        let view = desk.connected().await;
        let apps: Vec<_> = held(&view).into_iter().map(|(app, _)| app).collect();
        assert_eq!(apps.len(), 3, "{apps:?}");
        let mut whys: Vec<_> = view.ended.iter().map(|over| over.why.as_str()).collect();
        whys.sort_unstable();
        assert_eq!(whys, ["no-keys", "no-keys", "paid", "ran-out"]);

        // Shortly before its end a permission says so.
        assert_eq!(view.apps[0].permissions[0].ends_in, None);
        let lifetime = house.engine.env().settings.consent_lifetime;
        house.later(lifetime - seconds(3601 + 2 * 86_400));
        let view = desk.connected().await;
        assert!(view.apps.iter().all(|app| {
            app.permissions
                .iter()
                .all(|permission| permission.ends_in == Some(2))
        }));
    })
    .await;
}

/// The name that the app with this id has.
fn name_of<'v>(view: &'v ConnectedView, id: &str) -> &'v str {
    let app = view.apps.iter().find(|app| app.app.name.contains(id));
    app.map_or("", |app| app.app.name.as_str())
}

#[tokio::test]
async fn customers_come_in_by_their_password_and_to_nothing_else() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let ona = house.enrol_in(Environment::Live, "ona").await;
        let mut desk = Desk::new(&house);
        let engine = &house.engine;
        let visit = desk.visit();
        let nobody = engine.connected_view(&visit).await;
        assert!(matches!(nobody, Err(Refusal::SignIn(Place::Connected))));

        assert_eq!(desk.log_in("ona", "wrong").await, "/login");
        assert_eq!(desk.said(), ["details-wrong"]);
        let next = engine.sealed_place(&Place::Home);
        let page = desk.log_in_to(&next, "ona", &ona.password).await;
        assert_eq!(page, "/connected");
        assert_eq!(desk.renewals(), 1, "under a new session");
        let home = engine.person(&desk.visit(), &Place::Home).await;
        let answer = engine.turn_away(&desk.visit(), home.expect_err("not the portal"));
        assert_eq!(desk.follow(answer), "/connected");
        for place in [
            Place::Security,
            Place::Team(None),
            Place::Queue,
            Place::Audit,
        ] {
            let turned = engine.person(&desk.visit(), &place).await;
            assert!(matches!(turned, Err(Refusal::NotFound)), "{place:?}");
            let turned = engine.admin(&desk.visit(), &place).await;
            assert!(matches!(turned, Err(Refusal::NotFound)), "{place:?}");
        }

        // On the way to one permission they arrive there.
        let place = Place::StopAccess(ConsentId::new("c"));
        let next = engine.sealed_place(&place);
        let page = desk.log_in_to(&next, "ona", &ona.password).await;
        assert_eq!(page, place.path());

        // Developers and admins have permissions, too; with their code, as everywhere.
        let (admin, _) = Desk::admin(&house, "rita").await;
        assert!(admin.connected().await.apps.is_empty());
    })
    .await;
}

fn open(db: &TestDatabase) -> House {
    House::with(
        &db.store,
        Settings {
            sandbox_open: true,
            ..settings()
        },
    )
}

#[tokio::test]
async fn made_up_people_of_the_sandbox_have_a_door_of_their_own() {
    on_each_database(async |db| {
        let house = open(db);
        let app = house.reviewed_app("budget").await;
        let mut browser = Browser::new(&house);
        let page = browser.arrive(&app, &[("scope", "ais")]).await;
        browser.log_in(&page, "Made Up", "whatever").await;
        let found =
            store::users::find_user_by_name(house.store.reader(), Environment::Sandbox, "made up")
                .await;
        let user = found.expect("storage").expect("made on the spot");
        house.tokens(&app, &user.id, "ais").await;

        let mut desk = Desk::new(&house);
        assert_eq!(
            desk.log_in("Made Up", "whatever").await,
            "/login",
            "not at the common door"
        );
        assert_eq!(desk.said(), ["details-wrong"]);
        assert_eq!(desk.sandbox_log_in("Made Up", "").await, "/login/sandbox");
        assert_eq!(desk.said(), ["password-missing"]);
        assert_eq!(
            desk.sandbox_log_in("made up", "another").await,
            "/connected"
        );
        let id = held(&desk.connected().await)[0].1.clone();
        assert_eq!(desk.stop(&id).await, "/connected");
        let consents = find_consents_of_user(house.store.reader(), &user.id, 10).await;
        assert!(consents.expect("storage")[0].ended.is_some());

        // Nobody is made at this door, and whoever has a password needs it.
        let mut other = Desk::new(&house);
        assert_eq!(other.sandbox_log_in("Nobody", "x").await, "/login/sandbox");
        let ona = house.enrol("ona").await;
        assert_eq!(other.sandbox_log_in("ona", "x").await, "/login/sandbox");
        assert_eq!(
            other.sandbox_log_in("ona", &ona.password).await,
            "/connected"
        );
        house.enrol_in(Environment::Live, "live").await;
        assert_eq!(
            other.sandbox_log_in("live", "live's password").await,
            "/login/sandbox"
        );
    })
    .await;
}

#[tokio::test]
async fn once_the_directory_is_closed_its_door_is_too() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let record = UserRecord {
            id: protocol::ids::UserId::new("made-up"),
            environment: Environment::Sandbox,
            username: "made up".to_owned(),
            email: None,
            password_hash: ANY_PASSWORD.to_owned(),
            display_name: "made up".to_owned(),
            role: Role::User,
            locale: protocol::locale::Locale::En,
            status: UserStatus::Active,
            created_at: house.now(),
        };
        let user = record.id.clone();
        house
            .write(move |tx| Box::pin(async move { insert_user(tx, &record).await }))
            .await;
        let mut desk = Desk::new(&house);
        let page = desk.sandbox_log_in("made up", "any").await;
        assert_eq!(page, "problem not_found");
        // A session from before it was closed.
        desk.state.standing = engine::portal::Standing::SignedIn {
            user,
            authenticated_at: house.now(),
            sca_at: None,
        };
        let turned = house.engine.connected_view(&desk.visit()).await;
        assert!(matches!(turned, Err(Refusal::SignIn(Place::Connected))));
    })
    .await;
}
