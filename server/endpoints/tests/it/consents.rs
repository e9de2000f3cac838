//! `/v1/consents` as a third party of NextGenPSD2 sees it, over the router.

use axum::body::Body;
use http::{Method, Request, header};
use protocol::ids::AuthorizationId;
use serde_json::{Value, json};

use crate::{
    browser::{Browser, Person, parameter},
    door::{Answer, Door},
    house::{App, access_token, exchange_form},
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
