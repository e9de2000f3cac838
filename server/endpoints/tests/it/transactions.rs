//! Transactions of the Wallet API over HTTP, as the client library speaks it.

use axum::body::Body;
use http::Request;
use protocol::ids::{AccountId, TraceId, TransactionKey, UserId};
use serde_json::{Value, json};

use crate::{
    door::{Answer, Door},
    house::App,
    signing::Signing,
};

const TRANSACTION: &str = "/rest/v1/transaction";

/// The body of the client library's example, slashes escaped as PHP does.
const EXAMPLE: &str = r#"{"payments":[{"description":"d","price_decimal":"5","currency":"EUR"}],"use_allowance":true,"suggest_allowance":false,"redirect_uri":"https:\/\/shop.example\/callback"}"#;

struct Scene {
    door: Door,
    app: App,
    own: Signing,
    ona: UserId,
    wallet: AccountId,
}

impl Scene {
    async fn open() -> Self {
        let door = Door::open().await;
        let (app, mut own) = door.house.signing_app("wallet-app").await;
        own.parameters = [("project_id", "123"), ("location_id", "9")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into();
        let ona = door.house.person("ona").await;
        let wallet = door
            .house
            .engine
            .add_account(engine::register::NewAccount {
                username: "ona".to_owned(),
                environment: None,
                iban: "LT121000011101001000".to_owned(),
                currency: "EUR".to_owned(),
                balance: "100.00".to_owned(),
                name: None,
                kind: Some(store::accounts::AccountKind::Wallet),
            })
            .await
            .expect("an account")
            .account_id;
        Self {
            door,
            app,
            own,
            ona,
            wallet,
        }
    }

    /// As the library writes it: with a length, also where there is nothing to send.
    async fn call(&self, method: &str, target: &str, body: &str) -> Answer {
        self.call_as(&self.own, method, target, body).await
    }

    async fn call_as(&self, signing: &Signing, method: &str, target: &str, body: &str) -> Answer {
        let header = signing.header(&self.door.house, method, target, body.as_bytes());
        let request = Request::builder()
            .method(method)
            .uri(target)
            .header("host", "127.0.0.1:3000")
            .header("content-type", "application/x-www-form-urlencoded")
            .header("content-length", body.len().to_string())
            .header("authorization", header);
        self.door
            .send(
                request
                    .body(Body::from(body.to_owned()))
                    .expect("a request"),
            )
            .await
    }

    async fn made(&self) -> String {
        let made = self.call("POST", TRANSACTION, EXAMPLE).await;
        assert_eq!(made.status, 200, "{}", made.text());
        made.json()["transaction_key"]
            .as_str()
            .expect("a key")
            .to_owned()
    }

    /// The person accepts it on our page.
    async fn accepted(&self) -> String {
        let key = self.made().await;
        let accepted = self
            .door
            .house
            .engine
            .accept_transaction(
                &TransactionKey::new(key.as_str()),
                &self.ona,
                &self.wallet,
                TraceId::from_entropy([1; 5]),
            )
            .await;
        accepted.expect("storage").expect("accepted");
        key
    }
}

/// Everything that the library can decode: exactly this media type, and a body.
fn assert_readable(answer: &Answer, status: u16) -> Value {
    assert_eq!(answer.status.as_u16(), status, "{}", answer.text());
    assert_eq!(answer.header("content-type"), "application/json");
    answer.json()
}

#[tokio::test]
async fn a_transaction_is_made_read_accepted_and_confirmed() {
    let scene = Scene::open().await;
    let made = scene.call("POST", TRANSACTION, EXAMPLE).await;
    let made = assert_readable(&made, 200);
    assert_eq!(made["status"], "new");
    assert_eq!(
        (&made["project_id"], &made["location_id"]),
        (&json!(123), &json!(9))
    );
    assert_eq!(made["payments"][0]["price"], 500);
    assert_eq!(made["redirect_uri"], "https://shop.example/callback");
    assert!(!made.to_string().contains("null"), "{made}");

    let key = scene.accepted().await;
    let path = format!("{TRANSACTION}/{key}");
    let read = assert_readable(&scene.call("GET", &path, "").await, 200);
    assert_eq!(
        (&read["status"], &read["type"]),
        (&json!("reserved"), &json!("page"))
    );
    let wallet = read["wallet"].as_i64().expect("a number");
    assert_eq!(read["payments"][0]["wallet"], wallet);

    let confirmed = scene.call("PUT", &format!("{path}/confirm"), "[]").await;
    let confirmed = assert_readable(&confirmed, 200);
    assert_eq!(confirmed["status"], "confirmed");
    assert!(confirmed["confirmed_at"].is_i64());
    // Sent again, as after an answer that was lost.
    let again = scene.call("PUT", &format!("{path}/confirm"), "[]").await;
    assert_eq!(assert_readable(&again, 200), confirmed);
    let late = scene.call("DELETE", &path, "").await;
    assert_eq!(assert_readable(&late, 409)["error"], "invalid_state");
}

#[tokio::test]
async fn a_lower_price_is_taken_and_a_higher_one_is_named() {
    let scene = Scene::open().await;
    let key = scene.accepted().await;
    let path = format!("{TRANSACTION}/{key}");
    let read = scene.call("GET", &path, "").await.json();
    let id = read["payments"][0]["id"].to_string();
    let prices =
        |cents: i64| json!({ id.as_str(): { "price": cents, "currency": "EUR" } }).to_string();
    let refused = scene
        .call("PUT", &format!("{path}/confirm"), &prices(501))
        .await;
    let refused = assert_readable(&refused, 400);
    assert_eq!(refused["error"], "invalid_parameters");
    assert!(refused["error_properties"][format!("{id}.price")][0].is_string());
    let confirmed = scene
        .call("PUT", &format!("{path}/confirm"), &prices(450))
        .await;
    assert_eq!(confirmed.json()["payments"][0]["price_decimal"], "4.50");
    let account = scene
        .door
        .house
        .engine
        .env()
        .bank
        .account(&scene.wallet)
        .await;
    let account = account.expect("an answer").expect("an account");
    assert_eq!(
        (account.available.minor, account.reserved.minor),
        (95_50, 0)
    );
}

#[tokio::test]
async fn a_transaction_is_taken_back() {
    let scene = Scene::open().await;
    for key in [scene.made().await, scene.accepted().await] {
        let path = format!("{TRANSACTION}/{key}");
        let revoked = assert_readable(&scene.call("DELETE", &path, "").await, 200);
        assert_eq!(revoked["status"], "revoked");
        let again = assert_readable(&scene.call("DELETE", &path, "").await, 409);
        assert_eq!(again["error"], "invalid_state");
        let confirmed = scene.call("PUT", &format!("{path}/confirm"), "[]").await;
        assert_eq!(assert_readable(&confirmed, 409)["error"], "invalid_state");
    }
}

#[tokio::test]
async fn what_is_wrong_is_told_in_the_documented_words() {
    let scene = Scene::open().await;
    let own = &scene.own;
    let wrong = json!({ "payments": [{ "price": 0, "currency": "EUR" }], "callback_uri": "http://169.254.169.254/" });
    let answer = scene.call("POST", TRANSACTION, &wrong.to_string()).await;
    let answer = assert_readable(&answer, 400);
    assert_eq!(answer["error"], "invalid_parameters");
    let named: Vec<_> = answer["error_properties"]
        .as_object()
        .expect("fields")
        .keys()
        .collect();
    assert_eq!(
        named,
        [
            "callback_uri",
            "payments[0].description",
            "payments[0].price"
        ]
    );
    for body in ["", "[]", "{", "7"] {
        let answer = scene.call("POST", TRANSACTION, body).await;
        assert_eq!(
            assert_readable(&answer, 400)["error"],
            "invalid_request",
            "{body}"
        );
    }
    let unknown = scene
        .call("GET", &format!("{TRANSACTION}/nothing"), "")
        .await;
    assert_eq!(assert_readable(&unknown, 404)["error"], "not_found");

    let key = scene.made().await;
    let path = format!("{TRANSACTION}/{key}");
    for (method, tail, status, error) in [
        ("PUT", "/confirm", 409, "invalid_state"),
        ("PUT", "/reserve", 403, "forbidden"),
        ("PUT", "/reserve/1", 403, "forbidden"),
        ("PUT", "/flash/1", 403, "forbidden"),
    ] {
        let answer = scene.call(method, &format!("{path}{tail}"), "[]").await;
        assert_eq!(assert_readable(&answer, status)["error"], error, "{tail}");
    }
    let types = scene.call("GET", &format!("{path}/type/1"), "").await;
    assert_eq!(assert_readable(&types, 200), json!(["page"]));
    let asked = scene
        .call("GET", &format!("{path}/inquired-information"), "")
        .await;
    assert_eq!(assert_readable(&asked, 200), json!({ "items": [] }));

    let (_, other) = scene.door.house.signing_app("other-app").await;
    let hidden = scene.call_as(&other, "GET", &path, "").await;
    assert_eq!(assert_readable(&hidden, 404)["error"], "not_found");
    let forged = Signing::new(&own.id, "another key");
    let refused = scene.call_as(&forged, "DELETE", &path, "").await;
    assert_eq!(assert_readable(&refused, 401)["error"], "unauthorized");
    let unsigned = scene.door.get(&path).await;
    assert_eq!(unsigned.status, 401);
    assert_eq!(scene.call("GET", &path, "").await.json()["status"], "new");
}

#[tokio::test]
async fn a_token_that_may_move_money_sets_it_aside() {
    let scene = Scene::open().await;
    let house = &scene.door.house;
    let wallet = scene.wallet.clone();
    let grant = house
        .grant_with(
            &scene.app,
            &scene.ona,
            "transferFunds wallet",
            |consent, code| {
                consent.accounts = vec![wallet];
                code.challenge = None;
            },
        )
        .await;
    let form = format!(
        "grant_type=authorization_code&code={}&redirect_uri=https%3A%2F%2Fshop.example%2Fcallback",
        grant.code
    );
    let granted = scene.call("POST", "/oauth/v1/token", &form).await.json();
    let text = |name: &str| granted[name].as_str().expect(name);
    let token = Signing::new(text("access_token"), text("mac_key"));
    let path = format!("{TRANSACTION}/{}", scene.made().await);
    let types = scene
        .call_as(&token, "GET", &format!("{path}/type/me"), "")
        .await;
    assert_eq!(types.json(), json!(["automatic", "page"]));
    let reserved = scene
        .call_as(&token, "PUT", &format!("{path}/reserve/me"), "[]")
        .await;
    let reserved = assert_readable(&reserved, 200);
    assert_eq!(
        (&reserved["status"], &reserved["type"]),
        (&json!("reserved"), &json!("automatic"))
    );
    // A token does not confirm: that is the client's own business.
    let confirmed = scene
        .call_as(&token, "PUT", &format!("{path}/confirm"), "[]")
        .await;
    assert_eq!(assert_readable(&confirmed, 403)["error"], "forbidden");
    let dear =
        json!({ "payments": [{ "description": "Piano", "price": 95_01, "currency": "EUR" }] });
    let dear = scene
        .call("POST", TRANSACTION, &dear.to_string())
        .await
        .json();
    let dear = dear["transaction_key"].as_str().expect("a key");
    let poor = scene
        .call_as(
            &token,
            "PUT",
            &format!("{TRANSACTION}/{dear}/reserve/me"),
            "[]",
        )
        .await;
    assert_eq!(assert_readable(&poor, 409)["error"], "not_enough_funds");
}

#[tokio::test]
async fn the_key_for_callbacks_is_for_everybody_and_stays() {
    let door = Door::open().await;
    let key = door.get("/publickey").await;
    assert_eq!(key.status, 200);
    assert!(key.text().starts_with("-----BEGIN PUBLIC KEY-----\n"));
    assert!(key.text().trim_end().ends_with("-----END PUBLIC KEY-----"));
    assert_eq!(door.get("/publickey").await.text(), key.text());
}

#[tokio::test]
async fn a_client_that_does_not_sign_has_no_transactions() {
    let door = Door::open().await;
    let app = door.house.app("shop").await;
    let basic = crate::house::basic(app.id.as_str(), app.secret.as_deref().expect("a secret"));
    let answer = door
        .post(TRANSACTION, &[("authorization", basic.as_str())], EXAMPLE)
        .await;
    assert_eq!(
        (answer.status.as_u16(), answer.error()),
        (401, "unauthorized".to_owned())
    );
}
