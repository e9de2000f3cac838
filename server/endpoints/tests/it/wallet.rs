//! `/wallet/v1` as an app sees it.

use axum::body::Body;
use http::{Request, header};
use protocol::{ids::AccountId, payment::Payment};
use serde_json::{Value, json};
use store::accounts::AccountKind;

use crate::{
    door::{Answer, Door},
    house::{App, access_token, seconds},
    money::{iban, payment},
};

/// Ona's wallet (100.00 EUR) and savings (500.00 EUR), Jonas's wallet (50.00 EUR), and an app.
struct Scene {
    door: Door,
    app: App,
    wallet: AccountId,
    savings: AccountId,
    jonas: AccountId,
}

impl Scene {
    async fn open() -> Self {
        let door = Door::open().await;
        let house = &door.house;
        house.person("ona").await;
        house.person("jonas").await;
        let app = house.app("shop").await;
        let wallet = house
            .account_of("ona", AccountKind::Wallet, &iban(1), "EUR", "100.00")
            .await;
        let savings = house
            .account_of("ona", AccountKind::Savings, &iban(2), "EUR", "500.00")
            .await;
        let jonas = house
            .account_of("jonas", AccountKind::Wallet, &iban(3), "EUR", "50.00")
            .await;
        Self {
            app,
            wallet,
            savings,
            jonas,
            door,
        }
    }

    async fn token_for(&self, scope: &str, payment: Option<Payment>) -> String {
        let house = &self.door.house;
        let ona = house
            .engine
            .env()
            .bank
            .account(&self.wallet)
            .await
            .expect("the bank answers");
        assert!(ona.is_some());
        let user = store::users::find_user_by_name(
            house.store.reader(),
            protocol::client::Environment::Sandbox,
            "ona",
        )
        .await
        .expect("a read")
        .expect("Ona")
        .id;
        let wallet = self.wallet.clone();
        let grant = house
            .grant_with(&self.app, &user, scope, |consent, _| {
                consent.accounts = vec![wallet];
                consent.payment = payment;
            })
            .await;
        access_token(&house.exchange(&self.app, &grant).await.expect("tokens"))
    }

    async fn token(&self, scope: &str) -> String {
        self.token_for(scope, None).await
    }

    async fn get(&self, path: &str, token: &str) -> Answer {
        let request = Request::get(path).header(header::AUTHORIZATION, format!("Bearer {token}"));
        self.door
            .send(request.body(Body::empty()).expect("a request"))
            .await
    }

    async fn post(&self, token: &str, keys: &[&str], body: impl Into<Body>) -> Answer {
        let mut request = Request::post("/wallet/v1/transfers")
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .header(header::CONTENT_TYPE, "application/json");
        for key in keys {
            request = request.header("idempotency-key", *key);
        }
        self.door
            .send(request.body(body.into()).expect("a request"))
            .await
    }

    async fn pay(&self, token: &str, key: &str, body: &Value) -> Answer {
        self.post(token, &[key], body.to_string()).await
    }
}

fn order(amount: &str) -> Value {
    json!({
        "amount": amount, "currency": "EUR",
        "to": { "iban": iban(3).groups(), "name": "Jonas" }, "reference": "for lunch"
    })
}

#[tokio::test]
async fn me_and_balance_have_the_shapes_of_the_contract() {
    let scene = Scene::open().await;
    let token = scene.token("wallet").await;
    let me = scene.get("/wallet/v1/me", &token).await;
    assert_eq!(me.status, 200);
    assert_eq!(me.header("cache-control"), "no-store");
    let me = me.json();
    assert!(me["user_id"].as_str().is_some_and(|id| !id.is_empty()));
    assert_eq!(
        me,
        json!({ "user_id": me["user_id"], "username": "ona", "display_name": "ona", "locale": "en" })
    );
    assert_eq!(
        scene.get("/wallet/v1/balance", &token).await.json(),
        json!({ "accounts": [{
            "account_id": scene.wallet, "iban": iban(1).as_str(), "currency": "EUR",
            "available": "100.00", "reserved": "0.00"
        }] })
    );
}

#[tokio::test]
async fn a_transfer_is_answered_with_201_and_the_same_again() {
    let scene = Scene::open().await;
    let token = scene.token("wallet transferFunds").await;
    let made = scene.pay(&token, "order-7", &order("20.00")).await;
    assert_eq!(made.status, 201, "{}", made.text());
    let body = made.json();
    assert_eq!(
        body,
        json!({
            "transfer_id": body["transfer_id"], "status": "booked", "amount": "20.00", "currency": "EUR",
            "to": { "iban": iban(3).as_str(), "name": "Jonas" }, "reference": "for lunch",
            "from_account": scene.wallet, "created_at": "2026-11-22T12:00:00Z"
        })
    );
    scene.door.house.later(seconds(5));
    let again = scene.pay(&token, "order-7", &order("20.0")).await;
    assert_eq!((again.status, again.body), (made.status, made.body));
    let balance = scene.get("/wallet/v1/balance", &token).await.json();
    assert_eq!(balance["accounts"][0]["available"], "80.00");
}

#[tokio::test]
async fn transfers_are_listed_in_pages() {
    let scene = Scene::open().await;
    let token = scene.token("wallet transferFunds").await;
    for number in 0..3 {
        scene.door.house.later(seconds(1));
        assert_eq!(
            scene
                .pay(&token, &format!("k{number}"), &order("1.00"))
                .await
                .status,
            201
        );
    }
    let first = scene
        .get("/wallet/v1/transfers?limit=3", &token)
        .await
        .json();
    let listed = first["transfers"].as_array().expect("a list");
    assert_eq!(listed.len(), 3);
    assert_eq!(
        listed[0],
        json!({
            "transfer_id": listed[0]["transfer_id"], "status": "booked", "amount": "1.00", "currency": "EUR",
            "direction": "out", "account_id": scene.wallet,
            "from": { "iban": iban(1).as_str(), "name": "ona" },
            "to": { "iban": iban(3).as_str(), "name": "Jonas" }, "reference": "for lunch",
            "created_at": "2026-11-22T12:00:03Z", "booked_at": "2026-11-22T12:00:03Z"
        })
    );
    let next = first["next"].as_str().expect("another page");
    let rest = scene
        .get(
            &format!("/wallet/v1/transfers?limit=3&after={next}"),
            &token,
        )
        .await
        .json();
    assert_eq!(rest["transfers"].as_array().map(Vec::len), Some(1));
    assert_eq!(rest["transfers"][0]["direction"], "in");
    assert_eq!(rest["next"], Value::Null);
    // An app that may only pay sees what it ordered.
    let token = scene.token("transferFunds").await;
    let own = scene.get("/wallet/v1/transfers", &token).await.json();
    assert_eq!(own["transfers"].as_array().map(Vec::len), Some(3));

    for bad in [
        "limit=0",
        "limit=101",
        "limit=x",
        "after=x",
        "limit=1&limit=2",
        "after=%zz",
    ] {
        let refused = scene
            .get(&format!("/wallet/v1/transfers?{bad}"), &token)
            .await;
        refused.assert_error(400, "invalid_request");
    }
}

#[tokio::test]
async fn a_body_that_is_no_transfer_is_refused_with_a_sentence() {
    let scene = Scene::open().await;
    let token = scene.token("transferFunds").await;
    let wrong = |change: fn(&mut Value)| {
        let mut body = order("20.00");
        change(&mut body);
        body.to_string()
    };
    for (body, words) in [
        (String::new(), "JSON"),
        ("amount=20.00&currency=EUR".to_owned(), "JSON"),
        ("[]".to_owned(), "JSON"),
        (wrong(|body| body["amount"] = json!(20.0)), "string"),
        (
            wrong(|body| body["amount"] = json!("0.00")),
            "amount: the amount must be more than zero",
        ),
        (
            wrong(|body| body["amount"] = json!("-1.00")),
            "more than zero",
        ),
        (
            wrong(|body| body["amount"] = json!("1.005")),
            "more decimals",
        ),
        (
            wrong(|body| body["amount"] = json!("1e3")),
            "written as 20.00",
        ),
        (
            wrong(|body| body["amount"] = json!("99999999999999999999")),
            "too large",
        ),
        (wrong(|body| body["currency"] = json!("eur")), "currency"),
        (
            wrong(|body| body["to"]["iban"] = json!("LT0012")),
            "to.iban",
        ),
        (wrong(|body| body["to"]["name"] = json!("")), "to.name"),
        (
            wrong(|body| body["to"]["name"] = json!("x\u{202e}y")),
            "to.name",
        ),
        (
            wrong(|body| body["reference"] = json!("r".repeat(141))),
            "reference",
        ),
        (wrong(|body| body["urgent"] = json!(true)), "urgent"),
        (wrong(|body| body["to"]["bic"] = json!("X")), "bic"),
        (
            wrong(|body| drop(body.as_object_mut().map(|members| members.remove("to")))),
            "to",
        ),
        (
            order("1.00")
                .to_string()
                .replace("\"currency\"", "\"amount\":\"2.00\",\"currency\""),
            "duplicate",
        ),
    ] {
        let refused = scene.post(&token, &[], body.clone()).await;
        refused.assert_error(400, "invalid_request");
        let said = refused.json()["error_description"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        assert!(said.contains(words), "{body}: {said}");
    }
    scene
        .post(&token, &["a", "b"], order("1.00").to_string())
        .await
        .assert_error(400, "invalid_request");
    scene
        .post(&token, &[""], order("1.00").to_string())
        .await
        .assert_error(400, "invalid_request");
    scene
        .post(&token, &[], vec![b' '; 65 * 1024])
        .await
        .assert_error(413, "invalid_request");
    let balance = scene.door.house.available(&scene.wallet).await;
    assert_eq!(balance, 100_00);
}

#[tokio::test]
async fn what_cannot_be_paid_has_a_status_of_its_own() {
    let scene = Scene::open().await;
    let token = scene.token("transferFunds").await;
    assert_eq!(scene.pay(&token, "k", &order("20.00")).await.status, 201);
    scene
        .pay(&token, "k", &order("21.00"))
        .await
        .assert_error(409, "idempotency_key_used");
    scene
        .pay(&token, "l", &order("80.01"))
        .await
        .assert_error(422, "insufficient_funds");
    for account in [&scene.savings, &scene.jonas, &AccountId::new("nobody's")] {
        let mut body = order("1.00");
        body["from_account"] = json!(account);
        scene
            .pay(&token, "m", &body)
            .await
            .assert_error(403, "account_not_allowed");
    }
    let mut zloty = order("1.00");
    zloty["currency"] = json!("PLN");
    scene
        .pay(&token, "n", &zloty)
        .await
        .assert_error(400, "invalid_request");
    let mut back = order("1.00");
    back["to"]["iban"] = json!(iban(1).as_str());
    scene
        .pay(&token, "o", &back)
        .await
        .assert_error(422, "same_account");
}

#[tokio::test]
async fn a_payment_token_pays_once_and_exactly() {
    let scene = Scene::open().await;
    let approved = payment(20_00, &iban(3), Some("for lunch"));
    let token = scene.token_for("transferFunds", Some(approved)).await;
    let mut right = order("20.00");
    right["to"]["name"] = json!("Somebody");
    let mut other = right.clone();
    other["amount"] = json!("20.01");
    scene
        .pay(&token, "k", &other)
        .await
        .assert_error(403, "payment_differs");
    let made = scene.pay(&token, "k", &right).await;
    assert_eq!(made.status, 201, "{}", made.text());
    assert_eq!(scene.pay(&token, "k", &right).await.body, made.body);
    let refused = scene.pay(&token, "l", &right).await;
    refused.assert_error(409, "payment_used");
    let id = made.json()["transfer_id"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    assert!(
        refused.text().contains(&id),
        "which transfer it was is told"
    );
}

#[tokio::test]
async fn the_scope_and_a_person_are_needed() {
    let scene = Scene::open().await;
    let reads = scene.token("wallet").await;
    let pays = scene.token("transferFunds").await;
    let informs = scene.token("ais").await;
    scene
        .post(&reads, &["k"], order("1.00").to_string())
        .await
        .assert_error(403, "insufficient_scope");
    for (path, token) in [
        ("/wallet/v1/me", &pays),
        ("/wallet/v1/balance", &pays),
        ("/wallet/v1/me", &informs),
        ("/wallet/v1/transfers", &informs),
    ] {
        scene
            .get(path, token)
            .await
            .assert_error(403, "insufficient_scope");
    }
    let own = [
        ("grant_type", "client_credentials"),
        ("scope", "wallet transferFunds"),
    ];
    let tokens = scene
        .door
        .house
        .token(&scene.app, &own)
        .await
        .expect("a token of the app's own");
    let nobody = access_token(&tokens);
    scene
        .get("/wallet/v1/me", &nobody)
        .await
        .assert_error(403, "insufficient_scope");
    scene
        .post(&nobody, &[], order("1.00").to_string())
        .await
        .assert_error(403, "insufficient_scope");
    let none = scene.door.get("/wallet/v1/me").await;
    assert_eq!(none.status, 401);
    assert!(none.header("www-authenticate").starts_with("Bearer"));
    let unknown = scene.get("/wallet/v1/me", "cs_at_nonsense").await;
    unknown.assert_error(401, "invalid_token");
}
