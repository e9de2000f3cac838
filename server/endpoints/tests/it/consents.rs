//! `/v1/consents` as a third party of NextGenPSD2 sees it, over the router.

use axum::body::Body;
use http::{Method, Request, header};
use protocol::{
    client::{AuthMethod, PkcePolicy},
    ids::AuthorizationId,
};
use serde_json::{Value, json};

use crate::{
    browser::{Browser, Person, parameter},
    door::{Answer, Door},
    house::{App, REDIRECT_URI, access_token, exchange_form},
    tpp::assert_tpp,
};

const REQUEST_ID: &str = "99391c7e-ad88-49ec-a2ad-99ddcb1f7721";

/// Ona with three accounts, and an app that reads accounts.
struct Scene {
    door: Door,
    app: App,
    ona: Person,
    own: String,
}

impl Scene {
    async fn open() -> Self {
        let door = Door::open().await;
        let app = door.house.reviewed_app("budget").await;
        let ona = door.house.enrol("ona").await;
        let own = own_token(&door, &app).await;
        Self {
            door,
            app,
            ona,
            own,
        }
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        token: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .header("x-request-id", REQUEST_ID);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::from(body.to_owned()));
        self.door.send(request.expect("a request")).await
    }

    async fn get(&self, path: &str, token: &str) -> Answer {
        self.send(Method::GET, path, token, &[], "").await
    }

    /// The id of a consent that was made as it should be.
    async fn made(&self, body: &Value) -> String {
        let answer = self.make(body).await.json();
        answer["consentId"].as_str().expect("an id").to_owned()
    }

    async fn make(&self, body: &Value) -> Answer {
        let json = [("content-type", "application/json")];
        let text = body.to_string();
        self.send(Method::POST, "/v1/consents", &self.own, &json, &text)
            .await
    }

    /// Ona agrees to a consent: the code.
    async fn agreed(&self, id: &str) -> String {
        let mut browser = Browser::new(&self.door.house);
        let scope = format!("AIS:{id}");
        let page: AuthorizationId = browser
            .arrive(&self.app, &[("scope", scope.as_str())])
            .await;
        browser.sign_in(&page, &self.ona).await;
        browser.allow(&page, &self.ona.accounts).await;
        parameter(&browser.confirm(&page, "").await, "code").expect("a code")
    }

    async fn token(&self, id: &str) -> String {
        let code = self.agreed(id).await;
        let form = exchange_form(&code);
        access_token(
            &self
                .door
                .house
                .token(&self.app, &form)
                .await
                .expect("tokens"),
        )
    }
}

async fn own_token(door: &Door, app: &App) -> String {
    let parameters = [("grant_type", "client_credentials"), ("scope", "ais")];
    access_token(&door.house.token(app, &parameters).await.expect("tokens"))
}

fn body() -> Value {
    json!({
        "access": { "accounts": [], "balances": [], "transactions": [] },
        "recurringIndicator": true, "validUntil": "9999-12-31", "frequencyPerDay": 4,
        "combinedServiceIndicator": false
    })
}

#[tokio::test]
async fn a_consent_is_made_seen_agreed_to_used_and_given_back() {
    let scene = Scene::open().await;
    let made = scene.make(&body()).await;
    assert_eq!(made.status, 201, "{}", made.text());
    assert_eq!(made.header("aspsp-sca-approach"), "REDIRECT");
    assert_eq!(made.header("x-request-id"), REQUEST_ID);
    let answer = made.json();
    let id = answer["consentId"].as_str().expect("an id").to_owned();
    let path = format!("/v1/consents/{id}");
    assert_eq!(made.header("location"), path);
    assert_eq!(answer["consentStatus"], "received");
    let links = &answer["_links"];
    assert_eq!(links["self"]["href"], path);
    assert_eq!(links["status"]["href"], format!("{path}/status"));
    let metadata = "http://127.0.0.1:3000/.well-known/oauth-authorization-server";
    assert_eq!(links["scaOAuth"]["href"], metadata);
    let sca = links["scaStatus"]["href"]
        .as_str()
        .expect("a link")
        .to_owned();
    assert!(sca.starts_with(&format!("{path}/authorisations/")), "{sca}");
    assert_eq!(
        scene.get(&sca, &scene.own).await.json(),
        json!({ "scaStatus": "received" })
    );

    let seen = scene.get(&path, &scene.own).await;
    assert_eq!(seen.header("x-request-id"), REQUEST_ID);
    let seen = seen.json();
    assert_eq!(seen["access"], body()["access"]);
    assert_eq!(seen["recurringIndicator"], true);
    // 180 days from the day on which the clock of the stories stands.
    assert_eq!(seen["validUntil"], "2027-05-21");
    assert_eq!(seen["frequencyPerDay"], 4);
    assert_eq!(seen["lastActionDate"], "2026-11-22");
    assert_eq!(seen["consentStatus"], "received");

    let token = scene.token(&id).await;
    let status = scene.get(&format!("{path}/status"), &scene.own).await;
    assert_eq!(status.json(), json!({ "consentStatus": "valid" }));
    assert_eq!(
        scene.get(&sca, &scene.own).await.json(),
        json!({ "scaStatus": "finalised" })
    );
    let listed = scene
        .get(&format!("{path}/authorisations"), &token)
        .await
        .json();
    let last = sca.rsplit('/').next();
    assert_eq!(listed["authorisationIds"].as_array().map(Vec::len), Some(1));
    assert_eq!(listed["authorisationIds"][0].as_str(), last);

    let accounts = scene.get("/v1/accounts", &token).await;
    assert_eq!(
        accounts.json()["accounts"].as_array().map(Vec::len),
        Some(3)
    );

    let gone = scene.send(Method::DELETE, &path, &scene.own, &[], "").await;
    assert_eq!((gone.status.as_u16(), gone.text().as_str()), (204, ""));
    assert_eq!(gone.header("x-request-id"), REQUEST_ID);
    let refused = scene.get("/v1/accounts", &token).await;
    assert_tpp(&refused, 401, "CONSENT_INVALID");
    let status = scene.get(&format!("{path}/status"), &scene.own).await;
    assert_eq!(status.json(), json!({ "consentStatus": "terminatedByTpp" }));
}

#[tokio::test]
async fn faulty_requests_name_the_member_and_write_nothing() {
    let scene = Scene::open().await;
    let with = |name: &str, value: Value| {
        let mut body = body();
        body[name] = value;
        body
    };
    for (body, code, path) in [
        (json!([]), "FORMAT_ERROR", "body"),
        (with("access", json!({})), "FORMAT_ERROR", "access"),
        (
            with("access", json!({ "balances": [{ "iban": "LT00" }] })),
            "FORMAT_ERROR",
            "access.balances[0].iban",
        ),
        (
            with("validUntil", json!("2026-11-21")),
            "PERIOD_INVALID",
            "validUntil",
        ),
        (
            with("frequencyPerDay", json!(0)),
            "FORMAT_ERROR",
            "frequencyPerDay",
        ),
        (
            with("recurringIndicator", json!(null)),
            "FORMAT_ERROR",
            "recurringIndicator",
        ),
        (
            with("combinedServiceIndicator", json!(true)),
            "SESSIONS_NOT_SUPPORTED",
            "combinedServiceIndicator",
        ),
    ] {
        let answer = scene.make(&body).await;
        assert_tpp(&answer, 400, code);
        assert_eq!(answer.json()["tppMessages"][0]["path"], path, "{body}");
        assert_eq!(answer.header("x-request-id"), REQUEST_ID);
    }
    assert_eq!(
        scene
            .door
            .db
            .number("SELECT COUNT(*) FROM consent_requests")
            .await,
        0
    );
}

#[tokio::test]
async fn another_clients_consent_is_unknown_like_one_that_is_not() {
    let scene = Scene::open().await;
    let id = scene.made(&body()).await;
    let other = scene.door.house.reviewed_app("other").await;
    let own = own_token(&scene.door, &other).await;
    for id in [id.as_str(), "nothing", "%00", "a%22b"] {
        let path = format!("/v1/consents/{id}");
        for path in ["", "/status", "/authorisations", "/authorisations/x"]
            .map(|rest| format!("{path}{rest}"))
        {
            assert_tpp(&scene.get(&path, &own).await, 403, "CONSENT_UNKNOWN");
        }
        let deleted = scene.send(Method::DELETE, &path, &own, &[], "").await;
        assert_tpp(&deleted, 403, "CONSENT_UNKNOWN");
        let started = scene
            .send(
                Method::POST,
                &format!("{path}/authorisations"),
                &own,
                &[],
                "",
            )
            .await;
        assert_tpp(&started, 403, "CONSENT_UNKNOWN");
    }
    let status = scene
        .get(&format!("/v1/consents/{id}/status"), &scene.own)
        .await;
    assert_eq!(status.json()["consentStatus"], "received");
    let sca = scene
        .get(
            &format!("/v1/consents/{id}/authorisations/none"),
            &scene.own,
        )
        .await;
    assert_tpp(&sca, 404, "RESOURCE_UNKNOWN");
}

#[tokio::test]
async fn who_may_make_one_and_what_ends_is_not_ended_twice() {
    let scene = Scene::open().await;
    let json = [("content-type", "application/json")];
    let text = body().to_string();
    let none = scene
        .send(Method::POST, "/v1/consents", "cs_at_nonsense", &json, &text)
        .await;
    assert_tpp(&none, 401, "TOKEN_UNKNOWN");
    let house = &scene.door.house;
    let other = house
        .reviewed_app_with("wallet", |client| {
            client.scope = crate::house::scope("transferFunds")
        })
        .await;
    let parameters = [
        ("grant_type", "client_credentials"),
        ("scope", "transferFunds"),
    ];
    let token = access_token(&house.token(&other, &parameters).await.expect("tokens"));
    let refused = scene
        .send(Method::POST, "/v1/consents", &token, &json, &text)
        .await;
    assert_tpp(&refused, 403, "CONSENT_UNKNOWN");

    let id = scene.made(&body()).await;
    let path = format!("/v1/consents/{id}");
    let started = scene
        .send(
            Method::POST,
            &format!("{path}/authorisations"),
            &scene.own,
            &[],
            "",
        )
        .await;
    assert_eq!(started.status, 201, "{}", started.text());
    let answer = started.json();
    assert_eq!(answer["scaStatus"], "received");
    assert_eq!(
        answer["_links"]["scaStatus"]["href"],
        started.header("location")
    );
    let mut browser = Browser::new(house);
    let scope = format!("AIS:{id}");
    let page = browser
        .arrive(&scene.app, &[("scope", scope.as_str())])
        .await;
    browser.sign_in(&page, &scene.ona).await;
    browser.deny(&page).await;
    let status = scene.get(&format!("{path}/status"), &scene.own).await;
    assert_eq!(status.json()["consentStatus"], "rejected");
    let sca = scene.get(started.header("location"), &scene.own).await;
    assert_eq!(sca.json()["scaStatus"], "failed");
    for (method, path) in [
        (Method::DELETE, path.clone()),
        (Method::POST, format!("{path}/authorisations")),
    ] {
        let refused = scene.send(method, &path, &scene.own, &[], "").await;
        assert_tpp(&refused, 409, "STATUS_INVALID");
    }
}

#[tokio::test]
async fn rts_article_36_5_too_often_without_the_person_is_429_and_with_them_it_is_not() {
    let scene = Scene::open().await;
    let id = scene.made(&body()).await;
    let token = scene.token(&id).await;
    let path = format!("/v1/accounts/{}/balances", scene.ona.accounts[0]);
    for _ in 0..4 {
        assert_eq!(scene.get(&path, &token).await.status, 200);
    }
    let refused = scene.get(&path, &token).await;
    assert_tpp(&refused, 429, "ACCESS_EXCEEDED");
    let attended = [("psu-ip-address", "192.0.2.10")];
    let answer = scene.send(Method::GET, &path, &token, &attended, "").await;
    assert_eq!(answer.status, 200);
    for wrong in ["", "nowhere", "192.0.2.256"] {
        let attended = [("psu-ip-address", wrong)];
        let answer = scene.send(Method::GET, &path, &token, &attended, "").await;
        assert_tpp(&answer, 400, "FORMAT_ERROR");
        assert_eq!(answer.json()["tppMessages"][0]["path"], "PSU-IP-Address");
    }
}

#[tokio::test]
async fn rts_article_10a_old_transactions_without_a_fresh_code_are_refused() {
    let scene = Scene::open().await;
    let id = scene.made(&body()).await;
    let token = scene.token(&id).await;
    let path = format!(
        "/v1/accounts/{}/transactions?bookingStatus=booked&dateFrom=2026-01-01",
        scene.ona.accounts[0]
    );
    assert_eq!(scene.get(&path, &token).await.status, 200);
    scene.door.house.later(crate::house::seconds(900));
    let refused = scene.get(&path, &token).await;
    assert_tpp(&refused, 400, "PERIOD_INVALID");
    assert_eq!(refused.json()["tppMessages"][0]["path"], "dateFrom");
}

#[tokio::test]
async fn what_the_consent_does_not_cover_is_not_linked_and_not_read() {
    let scene = Scene::open().await;
    let mut body = body();
    body["access"] = json!({ "availableAccountsWithBalance": "allAccounts" });
    let id = scene.made(&body).await;
    let token = scene.token(&id).await;
    let list = scene
        .get("/v1/accounts?withBalance=true", &token)
        .await
        .json();
    let first = &list["accounts"][0];
    assert!(first["balances"].is_array());
    assert_eq!(
        first["_links"].as_object().map(|links| links.len()),
        Some(1),
        "{first}"
    );
    let path = format!(
        "/v1/accounts/{}/transactions?bookingStatus=booked",
        scene.ona.accounts[0]
    );
    let refused = scene.get(&path, &token).await;
    assert_tpp(&refused, 401, "CONSENT_INVALID");
    assert!(refused.header("www-authenticate").starts_with("Bearer"));
}

/// The walk of the bank's page: authorize with `scope=ais`, then the form with the credentials in the body, and
/// the headers that it shows.
#[tokio::test]
async fn the_token_request_of_the_source_with_credentials_in_the_body_gets_the_headers_of_the_source()
 {
    let door = Door::open().await;
    let app = door
        .house
        .app_with("demo-ais", |record| {
            record.client.auth_method = AuthMethod::ClientSecretPost;
            record.client.pkce = PkcePolicy::Optional;
            record.client.scope = crate::house::scope("ais");
        })
        .await;
    let ona = door.house.enrol("ona").await;
    let mut browser = Browser::new(&door.house);
    let began = browser
        .arrive_with(&[
            ("response_type", "code"),
            ("client_id", "demo-ais"),
            ("redirect_uri", REDIRECT_URI),
            ("scope", "ais"),
            ("state", "xcoiv98y2kd22vusuye3kch"),
        ])
        .await;
    let engine::begin::Began::Interact { id: page, .. } = began else {
        panic!("the request of the source is in order: {began:?}");
    };
    browser.sign_in(&page, &ona).await;
    browser.allow(&page, &ona.accounts).await;
    let go = browser.confirm(&page, "").await;
    assert_eq!(
        parameter(&go, "state").as_deref(),
        Some("xcoiv98y2kd22vusuye3kch")
    );
    let code = parameter(&go, "code").expect("a code");
    let form = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("grant_type", "authorization_code")
        .append_pair("code", &code)
        .append_pair("redirect_uri", REDIRECT_URI)
        .append_pair("client_id", "demo-ais")
        .append_pair("client_secret", app.secret.as_deref().expect("a secret"))
        .finish();
    let answer = door.post("/oauth/token", &[], &form).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("pragma"), "no-cache");
    let tokens = answer.json();
    assert_eq!(
        (&tokens["token_type"], &tokens["scope"]),
        (&json!("Bearer"), &json!("ais"))
    );
    assert!(tokens["consent_id"].is_string() && tokens["refresh_token"].is_string());
    let request = Request::get("/v1/accounts").header(
        header::AUTHORIZATION,
        format!(
            "Bearer {}",
            tokens["access_token"].as_str().expect("a token")
        ),
    );
    let accounts = door
        .send(request.body(Body::empty()).expect("a request"))
        .await;
    assert_eq!(
        accounts.json()["accounts"].as_array().map(Vec::len),
        Some(3)
    );
}
