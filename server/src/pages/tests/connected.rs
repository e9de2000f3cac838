//! The apps that have a person's permission, over HTTP: from the sign-in to an app that is refused.

use axum::http::StatusCode;

use super::{
    Browser, House, OWN, Reply,
    tutorial::{TUTORIAL, authorize, parameter},
};

const STOP: &str = "/api/portal/stop_access";

impl Browser {
    /// Somebody with a password signs in at the common door.
    async fn enter_as(&mut self, house: &House, name: &str, password: &str) -> Reply {
        let fields = format!("username={name}&password={password}");
        self.fill(house, "/login", "/api/portal/login", &fields)
            .await
    }
}

/// Ona allows the tutorial's app something; its token.
async fn allowed(house: &House) -> String {
    let mut browser = Browser::default();
    let began = browser.get(house, &authorize(TUTORIAL, None)).await;
    let address = began.leads_to().to_owned();
    let consent = browser.sign_in_as_ona(house, &address).await;
    let account = consent.after("name=\"account\" value=\"");
    let account = account.split('"').next().expect("an account").to_owned();
    assert!(
        consent.body.contains("id.bank.example/connected"),
        "the page says where it can be stopped"
    );
    let back = browser.allow_wallet(house, &address, &account).await;
    let token = parameter(&back, "authorizationToken").expect("a token");
    let secret = house.back_channel_secret(TUTORIAL).await;
    let code = format!("authorizationToken={token}");
    let (status, tokens) = house.exchange(&secret, &code).await;
    assert_eq!(status, StatusCode::OK, "{tokens}");
    tokens["accessToken"].as_str().expect("a token").to_owned()
}

#[tokio::test]
async fn a_person_signs_in_reads_what_they_allowed_and_stops_it() {
    let house = House::new().await;
    let token = allowed(&house).await;
    let balance = "/wallet/v1/balance";
    assert_eq!(house.read(balance, &token).await.0, StatusCode::OK);

    let mut ona = Browser::default();
    let turned = ona.get(&house, "/connected").await;
    assert!(turned.leads_to().starts_with("/login?next="));
    let entered = ona.enter_as(&house, "ona", "demo-ona").await;
    assert_eq!(entered.leads_to(), "/connected");
    let page = ona.get(&house, "/connected").await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(page.header("cache-control"), "no-store");
    for said in [
        "Classroom Store",
        "Pay from your accounts",
        "••••",
        "Stop access",
    ] {
        assert!(page.body.contains(said), "{said} in {}", page.body);
    }
    let stop = page.after("href=\"/connected/").split('"').next();
    let stop = format!("/connected/{}", stop.expect("the way to stop it"));
    let id = stop.split('/').nth(2).expect("an id").to_owned();

    // For another person, and for a developer, it does not exist.
    let mut jonas = Browser::default();
    jonas.enter_as(&house, "jonas", "demo-jonas").await;
    let mut milda = Browser::default();
    milda.sign_up(&house).await;
    for other in [&mut jonas, &mut milda] {
        let list = other.get(&house, "/connected").await;
        assert_eq!(list.status, StatusCode::OK);
        assert!(list.body.contains("No app can see or use your accounts"));
        let page = other.get(&house, &stop).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND);
        let token = list.form_token("/api/portal/logout").to_owned();
        let body = format!("form_token={token}&consent={id}");
        let sent = other.post(&house, STOP, &OWN, &body).await;
        assert!(sent.status != StatusCode::OK, "{}", sent.body);
    }
    assert_eq!(house.read(balance, &token).await.0, StatusCode::OK);
    // The portal is not for customers.
    assert_eq!(ona.get(&house, "/developer").await.leads_to(), "/connected");
    for page in ["/security", "/developer/team", "/admin/queue"] {
        let page = ona.get(&house, page).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND);
    }

    let asked = ona.get(&house, &stop).await;
    assert!(asked.body.contains("Stop the access of"), "{}", asked.body);
    let sent = ona
        .fill(&house, &stop, STOP, &format!("consent={id}"))
        .await;
    assert_eq!(sent.leads_to(), "/connected");
    assert_eq!(
        house.read(balance, &token).await.0,
        StatusCode::UNAUTHORIZED
    );
    let page = ona.get(&house, "/connected").await;
    for said in ["The access has ended", "You stopped it"] {
        assert!(page.body.contains(said), "{said} in {}", page.body);
    }
    assert!(!page.body.contains(&stop));
    assert_eq!(ona.get(&house, &stop).await.leads_to(), "/connected");
}

#[tokio::test]
async fn the_page_speaks_every_language_and_without_permissions_says_so() {
    let house = House::new().await;
    for (language, said) in [
        ("en", "Apps with your permission"),
        ("lt", "Programėlės, turinčios jūsų leidimą"),
        ("ru", "Приложения с вашим разрешением"),
    ] {
        let mut jonas = Browser::default();
        jonas.cookies.insert("lang".to_owned(), language.to_owned());
        jonas.enter_as(&house, "jonas", "demo-jonas").await;
        let page = jonas.get(&house, "/connected").await;
        assert!(page.body.contains(said), "{}", page.body);
    }
}

#[tokio::test]
async fn a_made_up_person_comes_in_by_the_door_of_the_sandbox() {
    let house = House::new().await;
    let mut browser = Browser::default();
    let began = browser.get(&house, &authorize(TUTORIAL, None)).await;
    let address = began.leads_to().to_owned();
    let page = browser.get(&house, &address).await;
    let body = format!("{}&username=made-up&password=x", super::hidden(&page));
    browser
        .post(&house, "/api/authorize/login", &OWN, &body)
        .await;

    let mut made_up = Browser::default();
    let common = made_up.get(&house, "/login").await;
    assert!(common.body.contains("href=\"/login/sandbox\""));
    let turned = made_up.enter_as(&house, "made-up", "x").await;
    assert_eq!(turned.leads_to(), "/login");
    let action = "/api/portal/sandbox_login";
    let fields = "username=Made-Up&password=another";
    let entered = made_up.fill(&house, "/login/sandbox", action, fields).await;
    assert_eq!(entered.leads_to(), "/connected");
    let page = made_up.get(&house, "/connected").await;
    assert!(page.body.contains("No app can see or use your accounts"));
}
