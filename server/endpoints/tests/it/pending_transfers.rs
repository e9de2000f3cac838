//! `/wallet/v1/pending-transfers` as an app sees it, up to the payment.

use axum::body::Body;
use http::{Request, header};
use protocol::{ids::AccountId, payment::Payment};
use serde_json::{Value, json};
use store::accounts::AccountKind;

use crate::{
    door::{Answer, Door},
    house::{App, CHALLENGE, REDIRECT_URI, access_token, seconds},
    money::{iban, payment},
};

const PENDING: &str = "/wallet/v1/pending-transfers";

/// Ona's wallet (100.00 EUR), Jonas's wallet (0.00 EUR), and an app that the bank has reviewed.
struct Scene {
    door: Door,
    app: App,
    ona: protocol::ids::UserId,
    wallet: AccountId,
    jonas: AccountId,
}

impl Scene {
    async fn open() -> Self {
        let door = Door::open().await;
        let house = &door.house;
        let ona = house.person("ona").await;
        house.person("jonas").await;
        let app = house.reviewed_app("shop").await;
        let wallet = house
            .account_of("ona", AccountKind::Wallet, &iban(1), "EUR", "100.00")
            .await;
        let jonas = house
            .account_of("jonas", AccountKind::Wallet, &iban(3), "EUR", "0.00")
            .await;
        Self {
            app,
            ona,
            wallet,
            jonas,
            door,
        }
    }

    /// A token of the app's own.
    async fn own(&self, app: &App, scope: &str) -> String {
        let parameters = [("grant_type", "client_credentials"), ("scope", scope)];
        access_token(
            &self
                .door
                .house
                .token(app, &parameters)
                .await
                .expect("a token"),
        )
    }

    /// A token that Ona gave, for one payment or without.
    async fn given(&self, scope: &str, payment: Option<Payment>) -> String {
        let wallet = self.wallet.clone();
        let house = &self.door.house;
        let grant = house
            .grant_with(&self.app, &self.ona, scope, |consent, _| {
                consent.accounts = vec![wallet];
                consent.payment = payment;
            })
            .await;
        access_token(&house.exchange(&self.app, &grant).await.expect("tokens"))
    }

    async fn get(&self, path: &str, token: &str) -> Answer {
        let request = Request::get(path).header(header::AUTHORIZATION, format!("Bearer {token}"));
        self.door
            .send(request.body(Body::empty()).expect("a request"))
            .await
    }

    async fn post(&self, path: &str, token: &str, key: Option<&str>, body: &Value) -> Answer {
        let mut request = Request::post(path)
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .header(header::CONTENT_TYPE, "application/json");
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        self.door
            .send(
                request
                    .body(Body::from(body.to_string()))
                    .expect("a request"),
            )
            .await
    }
}

fn order(amount: &str) -> Value {
    json!({
        "amount": amount, "currency": "EUR",
        "to": { "iban": iban(3).groups(), "name": "Somebody" }, "reference": "for lunch"
    })
}

fn id_of(answer: &Answer) -> String {
    let id = answer.json()["transfer_id"].as_str().map(str::to_owned);
    id.unwrap_or_else(|| panic!("no transfer_id: {}", answer.text()))
}

#[tokio::test]
async fn an_app_without_a_person_writes_a_payment_down_and_still_cannot_pay() {
    let scene = Scene::open().await;
    let own = scene.own(&scene.app, "transferFunds").await;
    let made = scene.post(PENDING, &own, Some("k"), &order("20.00")).await;
    assert_eq!(made.status, 201, "{}", made.text());
    assert_eq!(made.header("cache-control"), "no-store");
    let id = id_of(&made);
    let expected = json!({
        "transfer_id": id, "status": "pending", "amount": "20.00", "currency": "EUR",
        "to": { "iban": iban(3).as_str(), "name": "Somebody" }, "reference": "for lunch",
        "created_at": "2026-11-22T12:00:00Z", "expires_at": "2026-11-23T12:00:00Z"
    });
    assert_eq!(made.json(), expected);
    scene.door.house.later(seconds(5));
    let again = scene.post(PENDING, &own, Some("k"), &order("20.0")).await;
    assert_eq!((again.status, again.body), (made.status, made.body));
    scene
        .post(PENDING, &own, Some("k"), &order("20.01"))
        .await
        .assert_error(409, "idempotency_key_used");
    let seen = scene.get(&format!("{PENDING}/{id}"), &own).await;
    assert_eq!((seen.status.as_u16(), seen.json()), (200, expected));
    scene
        .post("/wallet/v1/transfers", &own, None, &order("20.00"))
        .await
        .assert_error(403, "insufficient_scope");
}

#[tokio::test]
async fn the_token_of_the_person_pays_it_once_and_its_status_moves_on() {
    let scene = Scene::open().await;
    let own = scene.own(&scene.app, "transferFunds").await;
    let made = scene.post(PENDING, &own, None, &order("20.00")).await;
    let id = id_of(&made);
    let approved = Some(payment(20_00, &iban(3), Some("for lunch")));
    let token = scene.given(&format!("transferFunds:{id}"), approved).await;
    let path = format!("{PENDING}/{id}");
    // The token shows what it is for, but makes no more of them.
    assert_eq!(scene.get(&path, &token).await.status, 200);
    scene
        .post(PENDING, &token, None, &order("20.00"))
        .await
        .assert_error(403, "insufficient_scope");
    let pay = async |body: &Value| scene.post("/wallet/v1/transfers", &token, None, body).await;
    pay(&order("20.01"))
        .await
        .assert_error(403, "payment_differs");
    let paid = pay(&order("20.00")).await;
    assert_eq!(paid.status, 201, "{}", paid.text());
    let seen = scene.get(&path, &own).await.json();
    assert_eq!(seen["status"], "executed");
    assert_eq!(seen["executed_as"], id_of(&paid));
    pay(&order("20.00")).await.assert_error(409, "payment_used");
    assert_eq!(scene.door.house.available(&scene.jonas).await, 20_00);
}

#[tokio::test]
async fn when_its_time_is_over_its_token_pays_nothing() {
    let scene = Scene::open().await;
    let own = scene.own(&scene.app, "transferFunds").await;
    let id = id_of(&scene.post(PENDING, &own, None, &order("20.00")).await);
    scene.door.house.later(seconds(86_400 - 60));
    let approved = Some(payment(20_00, &iban(3), Some("for lunch")));
    let both = format!("wallet transferFunds:{id}");
    let token = scene.given(&both, approved).await;
    scene.door.house.later(seconds(60));
    scene
        .post("/wallet/v1/transfers", &token, None, &order("20.00"))
        .await
        .assert_error(409, "payment_expired");
    let seen = scene.get(&format!("{PENDING}/{id}"), &token).await;
    assert_eq!(seen.json()["status"], "expired");
}

#[tokio::test]
async fn others_find_nothing_and_a_wrong_body_is_explained() {
    let scene = Scene::open().await;
    let own = scene.own(&scene.app, "transferFunds").await;
    let id = id_of(&scene.post(PENDING, &own, None, &order("20.00")).await);
    let other = scene.door.house.app("other").await;
    let foreign = scene.own(&other, "transferFunds").await;
    let elsewhere = scene.given("transferFunds:another", None).await;
    for (path, token) in [
        (format!("{PENDING}/{id}"), &foreign),
        (format!("{PENDING}/{id}"), &elsewhere),
        (format!("{PENDING}/none"), &own),
        (format!("{PENDING}/%00"), &own),
        (format!("{PENDING}/%ff"), &own),
    ] {
        scene.get(&path, token).await.assert_error(404, "not_found");
    }
    let reads = scene.own(&scene.app, "wallet").await;
    scene
        .post(PENDING, &reads, None, &order("20.00"))
        .await
        .assert_error(403, "insufficient_scope");
    scene
        .get(&format!("{PENDING}/{id}"), &reads)
        .await
        .assert_error(403, "insufficient_scope");
    assert_eq!(scene.door.get(&format!("{PENDING}/{id}")).await.status, 401);

    let mut named = order("20.00");
    named["from_account"] = json!(scene.wallet);
    for (body, words) in [
        (named, "from_account"),
        (order("0.00"), "amount: the amount must be more than zero"),
        (json!([]), "JSON"),
    ] {
        let refused = scene.post(PENDING, &own, None, &body).await;
        refused.assert_error(400, "invalid_request");
        assert!(refused.text().contains(words), "{}", refused.text());
    }
}

#[tokio::test]
async fn the_app_sends_the_person_with_its_id() {
    let scene = Scene::open().await;
    let own = scene.own(&scene.app, "transferFunds").await;
    let id = id_of(&scene.post(PENDING, &own, None, &order("20.00")).await);
    let arrive = async |scope: &str| {
        let query = format!(
            "response_type=code&client_id={}&redirect_uri={REDIRECT_URI}&scope={}\
             &code_challenge={CHALLENGE}&code_challenge_method=S256",
            scene.app.id,
            scope.replace(' ', "+"),
        );
        let answer = scene.door.get(&format!("/oauth/authorize?{query}")).await;
        assert_eq!(answer.status, 303, "{}", answer.text());
        answer.header("location").to_owned()
    };
    let page = arrive(&format!("transferFunds:{id}")).await;
    assert!(page.starts_with("/authorize/"), "{page}");
    let back = arrive("transferFunds:none").await;
    assert!(back.contains("error=invalid_scope"), "{back}");
    assert!(back.contains("%23pending-transfer"), "{back}");
    let back = arrive(&format!("transferFunds:{id} transferFunds:other")).await;
    assert!(back.contains("error=invalid_request"), "{back}");
}
