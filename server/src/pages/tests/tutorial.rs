//! The tutorial's wallet over HTTP: an app that exposes its secret, the whole walk of one that was
//! switched into the dialect, and the switch.

use std::time::Duration;

use axum::{body::Body, http::Request, http::StatusCode, http::header};
use protocol::{ids::ClientId, sca};
use serde_json::{Value, json};

use super::{Browser, House, OWN, Reply, hidden};

pub(super) const TUTORIAL: &str = "demo-tutorial";
const CALLBACK: &str = "https%3A%2F%2Fid.bank.example%2Fdemo%2Ftutorial%2Fcallback";

pub(super) fn authorize(client: &str, secret: Option<&str>) -> String {
    let secret = secret.map_or_else(String::new, |secret| format!("&client_secret={secret}"));
    format!(
        "/oauth/authorize?client_id={client}{secret}&scope=transferFunds,wallet&callbackURL={CALLBACK}"
    )
}

impl House {
    /// What an operator gives to the app for its back channel.
    pub(super) async fn back_channel_secret(&self, client: &str) -> String {
        let id = ClientId::new(client);
        let rotated = self.engine.rotate_secret(&id, None, Duration::ZERO).await;
        rotated.unwrap().client_secret.expect("a secret")
    }

    /// The secret that everybody knows.
    async fn demo_secret(&self, client: &str) -> String {
        let sheet = self.engine.demo_sheet();
        let mut clients = sheet.clients.into_iter();
        let client = clients.find(|known| known.client_id.as_str() == client);
        client
            .and_then(|known| known.client_secret)
            .expect("a secret")
    }

    /// A form of a program.
    pub(super) async fn call(&self, target: &str, body: &str) -> (StatusCode, Value) {
        let request = Request::post(target)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(body.to_owned()))
            .unwrap();
        let reply = self.send(request).await;
        (reply.status, serde_json::from_str(&reply.body).unwrap())
    }

    pub(super) async fn exchange(&self, secret: &str, code: &str) -> (StatusCode, Value) {
        let body = format!("client_id={TUTORIAL}&client_secret={secret}&{code}");
        self.call("/oauth/token", &body).await
    }

    async fn code_of(&self, person: &str) -> String {
        let codes = self.get("/demo/authenticator").await;
        let (_, codes) = codes.body.split_once(person).expect("a person");
        let (_, code) = codes.split_once("<output").expect("a code");
        let (_, code) = code.split_once('>').expect("a code");
        code[..6].to_owned()
    }

    pub(super) async fn read(&self, target: &str, token: &str) -> (StatusCode, Value) {
        let request = Request::get(target)
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .body(Body::empty())
            .unwrap();
        let reply = self.send(request).await;
        (reply.status, serde_json::from_str(&reply.body).unwrap())
    }
}

impl Browser {
    /// The person signs in and comes to the consent page.
    pub(super) async fn sign_in_as_ona(&mut self, house: &House, address: &str) -> Reply {
        let page = self.get(house, address).await;
        let body = format!("{}&username=ona&password=demo-ona", hidden(&page));
        self.post(house, "/api/authorize/login", &OWN, &body).await;
        self.get(house, address).await
    }

    /// The person allows with the account `account` and confirms; answers where the browser goes.
    pub(super) async fn allow_wallet(
        &mut self,
        house: &House,
        address: &str,
        account: &str,
    ) -> String {
        let consent = self.get(house, address).await;
        let body = format!("{}&account={account}&decision=allow", hidden(&consent));
        self.post(house, "/api/authorize/consent", &OWN, &body)
            .await;
        let confirm = self.get(house, address).await;
        let code = house.code_of("ona").await;
        let body = format!("{}&code={code}&decision=confirm", hidden(&confirm));
        let reply = self
            .post(house, "/api/authorize/confirm", &OWN, &body)
            .await;
        reply.leads_to().to_owned()
    }
}

/// A parameter of an address; none of them needs decoding.
pub(super) fn parameter<'a>(address: &'a str, name: &str) -> Option<&'a str> {
    let (_, query) = address.split_once('?')?;
    query
        .split('&')
        .find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
}

#[tokio::test]
async fn the_walk_of_the_tutorial_from_the_printed_request_to_moved_money() {
    let house = House::new().await;
    let published = house.demo_secret(TUTORIAL).await;
    let mut browser = Browser::default();
    let began = browser
        .get(&house, &authorize(TUTORIAL, Some(&published)))
        .await;
    let address = began.leads_to().to_owned();
    assert!(address.starts_with("/authorize/") && !address.contains('?'));
    assert_eq!(began.header("cache-control"), "no-store");
    assert_eq!(began.header("referrer-policy"), "no-referrer");

    let consent = browser.sign_in_as_ona(&house, &address).await;
    assert!(consent.body.contains("Classroom Store"));
    let accounts: Vec<&str> = consent
        .body
        .split("name=\"account\" value=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect();
    assert!(accounts.len() > 1, "there is a choice");
    let account = accounts[0].to_owned();
    let back = browser.allow_wallet(&house, &address, &account).await;
    assert!(back.starts_with("https://id.bank.example/demo/tutorial/callback?authorizationToken="));
    assert_eq!(
        parameter(&back, "iss"),
        Some("https%3A%2F%2Fid.bank.example")
    );
    assert_eq!(
        (parameter(&back, "code"), parameter(&back, "state")),
        (None, None)
    );
    let token = parameter(&back, "authorizationToken").expect("a token");
    let code = format!("authorizationToken={token}");

    // The secret that came through the browser is good for nothing any more.
    let (status, body) = house.exchange(&published, &code).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    assert_eq!(
        (&body["error"], &body["errorCode"]),
        (&json!("invalid_client"), &json!("invalid_client"))
    );
    let secret = house.back_channel_secret(TUTORIAL).await;
    let (status, body) = house
        .exchange(&secret, &format!("{code}&code={token}"))
        .await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert_eq!(body["errorCode"], "invalid_request");
    let (status, tokens) = house.exchange(&secret, &code).await;
    assert_eq!(status, StatusCode::OK, "{tokens}");
    assert_eq!(tokens["tokenType"], "Bearer");
    assert_eq!(tokens["scope"], "transferFunds wallet");
    assert_eq!(tokens["expiresIn"], 3600);
    assert_eq!(tokens["expiry"], "2026-11-22T13:00:00Z");
    assert_eq!(tokens["access_token"], Value::Null);
    let access = tokens["accessToken"].as_str().expect("a token");

    // The chosen wallet and no other; and money moves.
    let (_, before) = house.read("/wallet/v1/balance", access).await;
    assert_eq!(before["accounts"].as_array().map(Vec::len), Some(1));
    assert_eq!(before["accounts"][0]["account_id"], account);
    let order = json!({
        "amount": "20.00", "currency": before["accounts"][0]["currency"],
        "to": { "iban": "LT121000011101001000", "name": "Amazon" }, "reference": "order 1",
    });
    let request = Request::post("/wallet/v1/transfers")
        .header(header::AUTHORIZATION, format!("Bearer {access}"))
        .header(header::CONTENT_TYPE, "application/json")
        .header("idempotency-key", "order-1")
        .body(Body::from(order.to_string()))
        .unwrap();
    let paid = house.send(request).await;
    assert_eq!(paid.status, StatusCode::CREATED, "{}", paid.body);
    let (_, after) = house.read("/wallet/v1/balance", access).await;
    let available = |balance: &Value| {
        let text = balance["accounts"][0]["available"].as_str().unwrap();
        text.replace('.', "").parse::<i64>().unwrap()
    };
    assert_eq!(available(&before) - available(&after), 2_000);

    // The same token again ends what came out of it, as everywhere.
    let (status, body) = house.exchange(&secret, &code).await;
    assert_eq!(
        (status, &body["errorCode"]),
        (StatusCode::BAD_REQUEST, &json!("invalid_grant"))
    );
    let (status, _) = house.read("/wallet/v1/balance", access).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn an_app_that_exposes_its_secret_is_stopped_by_a_page_in_every_language() {
    let house = House::new().await;
    let secret = house.demo_secret("demo-shop").await;
    for (language, title) in [
        ("en", "This app exposed its secret"),
        ("lt", "Ši programėlė atskleidė savo raktą"),
        ("ru", "Приложение раскрыло свой секрет"),
    ] {
        let mut browser = Browser::default();
        browser
            .cookies
            .insert("lang".to_owned(), language.to_owned());
        for target in [
            authorize("demo-shop", Some(&secret)),
            format!("/oauth/authorize?client_secret={secret}"),
        ] {
            let page = browser.get(&house, &target).await;
            assert_eq!(page.status, StatusCode::BAD_REQUEST);
            assert_eq!(page.problem(), "secret_exposed");
            assert!(page.body.contains(title), "{}", page.body);
            assert_eq!(page.header("location"), "");
            assert_eq!(page.header("referrer-policy"), "no-referrer");
            assert_eq!(page.header("cache-control"), "no-store");
            assert!(!page.body.contains(&secret), "{}", page.body);
            // The language links lead back here, without the secret.
            assert!(page.body.contains("client_secret=&amp;"), "{}", page.body);
        }
    }
    // What the links lead to says the same.
    let page = house
        .get("/oauth/authorize?client_id=demo-shop&client_secret=")
        .await;
    assert_eq!(page.problem(), "secret_exposed");
    let mailbox = house.get("/demo/mailbox").await;
    assert!(
        mailbox
            .body
            .contains("A secret of Countersign Coffee was exposed and has ended")
    );
    assert!(!mailbox.body.contains(&secret));
}

#[tokio::test]
async fn the_owner_reads_what_is_weak_before_the_switch() {
    let house = House::new().await;
    let mut browser = Browser::default();
    let app = browser.sign_up(&house).await;
    let id = app.strip_prefix("/developer/apps/").unwrap().to_owned();
    let page = format!("{app}/sandbox/credentials");
    let switch = format!("{page}/tutorial");
    let shown = browser.get(&house, &page).await;
    assert!(shown.body.contains(&format!("href=\"{switch}\"")));
    // Not without an authenticator.
    assert_eq!(browser.get(&house, &switch).await.leads_to(), "/security");
    let action = "/api/portal/security";
    browser.fill(&house, "/security", action, "do=begin").await;
    let security = browser.get(&house, "/security").await;
    let seed = security
        .after("?secret=")
        .split('&')
        .next()
        .expect("a secret");
    let seed = sca::parse_base32(seed).expect("base32");
    let step = sca::step(house.engine.env().now());
    let code = format!("code={}", sca::totp(&seed, step).expose());
    browser.fill(&house, "/security", action, &code).await;

    let asked = browser.get(&house, &switch).await;
    for weakness in ["The secret is exposed.", "(CSRF)", "There is no PKCE."] {
        assert!(asked.body.contains(weakness), "{weakness}");
    }
    let fields = format!("app={id}&environment=sandbox&switch=on");
    let action = "/api/portal/tutorial";
    let sent = browser.fill(&house, &switch, action, &fields).await;
    assert_eq!(sent.leads_to(), page);
    let shown = browser.get(&house, &page).await;
    assert!(shown.body.contains("The tutorial’s dialect is on."));
    assert!(
        browser
            .get(&house, &switch)
            .await
            .body
            .contains("value=\"off\"")
    );

    // From now on the app may ask in its words; the secret that it sends is shown as exposed.
    let (_, secret) = shown
        .body
        .split_once("cs_sk_")
        .expect("the first secret is on screen");
    let secret = format!("cs_sk_{}", secret.split('<').next().unwrap());
    let client = shown
        .body
        .split("sbx_my-first-app_")
        .nth(1)
        .expect("a client");
    let client = format!(
        "sbx_my-first-app_{}",
        client.split(['<', '"']).next().unwrap()
    );
    let known = house.engine.client(&ClientId::new(client.clone())).await;
    let known = known.unwrap().expect("the client");
    let callback = known.client.redirect_uris.first().expect("an address");
    let callback = callback.as_str();
    let request = format!(
        "/oauth/authorize?client_id={client}&client_secret={secret}&scope=wallet&callbackURL={callback}"
    );
    let began = Browser::default().get(&house, &request).await;
    assert_eq!(began.status, StatusCode::SEE_OTHER, "{}", began.body);
    assert!(!began.leads_to().contains("client_secret"));
    let shown = browser.get(&house, &page).await;
    assert!(shown.body.contains("Exposed") && !shown.body.contains(&secret));
    for broken in ["switch=perhaps", ""] {
        let fields = format!("app={id}&environment=sandbox&{broken}");
        let sent = browser.fill(&house, &switch, action, &fields).await;
        assert_eq!(sent.status, StatusCode::BAD_REQUEST, "{broken}");
    }
}
