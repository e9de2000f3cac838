//! The tutorial's wallet: from its request to its tokens, and the switch that lets an app speak so.

use engine::{
    begin::Began,
    client_authentication::BackRequest,
    portal::{Place, Refusal},
    visit::Go,
};
use protocol::{
    authorization::ProblemKind,
    client::{DialectName, Environment::Sandbox},
    dialects::token_door,
    form::RawForm,
    ids::{AppId, ClientId},
    token::{TokenAnswer, TokenErrorCode},
};
use store::{
    audit::find_audit_events,
    clients::find_client,
    teams::{MembershipRecord, TeamRole, insert_membership},
    testing::on_each_database,
};

use crate::{
    browser::{Browser, Person, parameter, problem},
    house::{App, House, REDIRECT_URI, basic, request, seconds, served},
    portal_desk::Desk,
};

/// The request of the tutorial, without the secret.
fn asked(app: &App) -> Vec<(&str, &str)> {
    vec![
        ("client_id", app.id.as_str()),
        ("scope", "transferFunds,wallet"),
        ("callbackURL", REDIRECT_URI),
    ]
}

impl House {
    async fn tutorial_app(&self) -> App {
        self.app_with("amazon", |record| {
            record.client.dialects = vec![DialectName::Tutorial];
        })
        .await
    }

    /// The exchange in the tutorial's words.
    async fn swap(&self, app: &App, form: &[(&str, &str)]) -> Result<TokenAnswer, TokenErrorCode> {
        let form = RawForm::from_pairs(form.to_vec());
        let secret = app.secret.as_deref().expect("a secret");
        let header = basic(app.id.as_str(), secret);
        let request = BackRequest {
            door: token_door("/oauth/token", &form).expect("a door"),
            ..request(&form, Some(&header))
        };
        let answer = served(self.engine.token(&request).await);
        answer.map_err(|refused| refused.error.code)
    }
}

impl Browser<'_> {
    /// The person approves with one wallet; answers the way back.
    async fn approve(&mut self, app: &App, person: &Person, more: &[(&str, &str)]) -> Go {
        let mut request = asked(app);
        request.extend_from_slice(more);
        let id = match self.arrive_with(&request).await {
            Began::Interact { id, .. } => id,
            other => panic!("{other:?}"),
        };
        self.sign_in(&id, person).await;
        self.allow(&id, &person.accounts[..1]).await;
        let code = self.house.code_of(person);
        self.confirm(&id, &code).await
    }
}

#[tokio::test]
async fn an_authorization_token_is_good_once_for_a_short_time_for_its_own_app() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let app = house.tutorial_app().await;
        let ona = house.enrol("ona").await;
        let back = Browser::new(&house)
            .approve(&app, &ona, &[("state", "s1")])
            .await;
        assert_eq!(parameter(&back, "state").as_deref(), Some("s1"));
        assert_eq!(parameter(&back, "code"), None);
        let token = parameter(&back, "authorizationToken").expect("a token");
        let own = [("authorizationToken", token.as_str())];

        let elsewhere = [own[0], ("callbackURL", "https://evil.example/")];
        assert_eq!(
            house.swap(&app, &elsewhere).await.err(),
            Some(TokenErrorCode::InvalidGrant)
        );
        let both = [own[0], ("code", token.as_str())];
        assert_eq!(
            house.swap(&app, &both).await.err(),
            Some(TokenErrorCode::InvalidRequest)
        );
        let answer = house.swap(&app, &own).await.expect("tokens");
        assert_eq!(answer.scope.to_string(), "transferFunds wallet");
        let access = house.engine.access(&answer.access_token).await.unwrap();
        let access = access.expect("good");
        let consent = access.consent.as_ref().expect("a consent");
        assert_eq!(consent.accounts, ona.accounts[..1], "the chosen wallet");
        assert_eq!(access.dialect, DialectName::Tutorial);
        // A second time ends it all.
        let again = house.swap(&app, &own).await.err();
        assert_eq!(again, Some(TokenErrorCode::InvalidGrant));
        let ended = house.engine.access(&answer.access_token).await.unwrap();
        assert!(ended.is_err());

        // Every code of an authenticator is good once.
        house.later(seconds(30));
        let back = Browser::new(&house).approve(&app, &ona, &[]).await;
        assert_eq!(parameter(&back, "state"), None);
        let token = parameter(&back, "authorizationToken").expect("a token");
        house.later(seconds(61));
        let late = house.swap(&app, &[("authorizationToken", &token)]).await;
        assert_eq!(late.err(), Some(TokenErrorCode::InvalidGrant));
    })
    .await;
}

#[tokio::test]
async fn only_an_app_that_speaks_the_dialect_may_use_its_words() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let shop = house.app("shop").await;
        let token = [("authorizationToken", "cs_ac_x")];
        let refused = house.swap(&shop, &token).await.err();
        assert_eq!(refused, Some(TokenErrorCode::UnauthorizedClient));
        // callbackURL means nothing there: the only registered address holds, and PKCE is missing.
        let began = Browser::new(&house).arrive_with(&asked(&shop)).await;
        assert!(!matches!(began, Began::Interact { .. }), "{began:?}");
    })
    .await;
}

#[tokio::test]
async fn a_no_goes_back_as_access_denied() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let app = house.tutorial_app().await;
        let ona = house.enrol("ona").await;
        let mut browser = Browser::new(&house);
        let Began::Interact { id, .. } = browser.arrive_with(&asked(&app)).await else {
            panic!("the request is in order");
        };
        browser.sign_in(&id, &ona).await;
        let back = browser.deny(&id).await;
        assert_eq!(parameter(&back, "error").as_deref(), Some("access_denied"));
        assert_eq!(parameter(&back, "authorizationToken"), None);
        assert!(parameter(&back, "iss").is_some());
    })
    .await;
}

impl Desk<'_> {
    async fn switch(&mut self, app: &AppId, on: bool) -> String {
        let (visit, token) = (self.visit(), self.token("tutorial"));
        let engine = &self.house.engine;
        let answer = engine
            .switch_tutorial(&visit, &token, (app, Sandbox), on)
            .await;
        self.follow(answer)
    }

    async fn dialects(&self, client: &ClientId) -> Vec<DialectName> {
        let reader = self.house.engine.env().store.reader();
        let found = find_client(reader, client).await.unwrap();
        found.expect("the client").client.dialects
    }
}

#[tokio::test]
async fn an_owner_who_proved_it_switches_the_dialect_on_and_off() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let mut desk = Desk::new(&house);
        let app = desk.arrive("milda@shop.example").await;
        let record = desk.member(&app).await.unwrap().app;
        let client = record.sandbox_client.clone();
        let page = format!("/developer/apps/{app}/sandbox/credentials");
        // Without an authenticator there is no way to prove anything.
        assert_eq!(desk.switch(&app, true).await, "/security");
        let (seed, _) = desk.enrol().await;
        assert_eq!(desk.switch(&app, true).await, page);
        assert_eq!(desk.said(), ["tutorial-on"]);
        let before = [DialectName::Bearer, DialectName::OBearer];
        let with = [before.as_slice(), &[DialectName::Tutorial]].concat();
        assert_eq!(desk.dialects(&client).await, with);
        assert_eq!(desk.switch(&app, true).await, page, "sent twice");
        assert_eq!(desk.dialects(&client).await, with);
        let visit = desk.visit();
        let (_, view) = house
            .engine
            .tutorial_view(&visit, &app, Sandbox)
            .await
            .unwrap();
        assert!(view.is_on);

        // An hour later the code is asked for once more.
        house.later(seconds(3_600));
        let asked = desk.switch(&app, false).await;
        assert!(asked.starts_with("/developer/confirm?next="), "{asked}");
        let next = asked.split_once("next=").unwrap().1.to_owned();
        let code = house.totp(&seed);
        desk.type_code(Place::Confirm, &next, &code).await;
        assert_eq!(desk.switch(&app, false).await, page);
        assert_eq!(desk.said(), ["tutorial-off"]);
        assert_eq!(desk.dialects(&client).await, before);
        let events = find_audit_events(db.store.reader(), &format!("client:{client}"), 10).await;
        let actions: Vec<_> = events.unwrap().into_iter().map(|e| e.action).collect();
        assert_eq!(actions, ["client.dialect_removed", "client.dialect_added"]);

        // A colleague who is no owner, and a stranger.
        let mut petras = Desk::at(&house, "198.51.100.7");
        petras.arrive("petras@other.example").await;
        petras.enrol().await;
        let refused = house
            .engine
            .tutorial_view(&petras.visit(), &app, Sandbox)
            .await;
        assert!(matches!(refused, Err(Refusal::NotFound)), "{refused:?}");
        let membership = MembershipRecord {
            team_id: record.team_id.clone(),
            user_id: petras.user(),
            role: TeamRole::Developer,
            created_at: house.now(),
        };
        house
            .write(move |tx| Box::pin(async move { insert_membership(tx, &membership).await }))
            .await;
        assert_eq!(petras.switch(&app, true).await, page);
        assert_eq!(petras.said(), ["owners-only"]);
        assert_eq!(desk.dialects(&client).await, before);
    })
    .await;
}

#[tokio::test]
async fn switching_off_ends_what_people_have_on_screen() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let mut desk = Desk::new(&house);
        let app = desk.arrive("milda@shop.example").await;
        desk.enrol().await;
        desk.switch(&app, true).await;
        let client = desk.member(&app).await.unwrap().app.sandbox_client;
        let record = find_client(db.store.reader(), &client).await.unwrap();
        let callback = record.expect("the client").client.redirect_uris;
        let callback = callback.first().expect("an address").as_str().to_owned();
        let request = [
            ("client_id", client.as_str()),
            ("scope", "wallet"),
            ("callbackURL", callback.as_str()),
        ];
        let mut browser = Browser::new(&house);
        let Began::Interact { id, .. } = browser.arrive_with(&request).await else {
            panic!("the request is in order");
        };
        assert_eq!(problem(&browser.page(&id).await), None);
        desk.switch(&app, false).await;
        let page = browser.page(&id).await;
        assert_eq!(problem(&page), Some(ProblemKind::WrongRedirect), "{page:?}");
    })
    .await;
}
