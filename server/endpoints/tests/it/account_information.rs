//! `/v1/accounts` as a third party of NextGenPSD2 sees it.

use axum::body::Body;
use engine::bank::{Bank as _, TransferOrder};
use http::{Request, header};
use protocol::ids::{AccountId, ConsentId, TransferId, UserId};
use serde_json::{Value, json};
use store::accounts::AccountKind;

use crate::{
    door::{Answer, Door},
    house::{App, access_token, seconds},
    money::{euros, iban},
    tpp::assert_tpp,
};

const REQUEST_ID: &str = "99391c7e-ad88-49ec-a2ad-99ddcb1f7721";

/// Ona with a current account (1,000.00 EUR) and savings, and an app that may read the current account.
struct Scene {
    door: Door,
    app: App,
    ona: UserId,
    current: AccountId,
    savings: AccountId,
}

impl Scene {
    async fn open() -> Self {
        let door = Door::open().await;
        let house = &door.house;
        let ona = house.person("ona").await;
        let app = house.app("budget").await;
        let current = house
            .account_of("ona", AccountKind::Current, &iban(1), "EUR", "1000.00")
            .await;
        let savings = house
            .account_of("ona", AccountKind::Savings, &iban(2), "EUR", "10.00")
            .await;
        Self {
            app,
            ona,
            current,
            savings,
            door,
        }
    }

    async fn token(&self, scope: &str) -> (String, ConsentId) {
        let current = self.current.clone();
        let house = &self.door.house;
        let grant = house
            .grant_with(&self.app, &self.ona, scope, |consent, _| {
                consent.accounts = vec![current];
                consent.valid_until = consent.created_at + seconds(600);
            })
            .await;
        let token = access_token(&house.exchange(&self.app, &grant).await.expect("tokens"));
        (token, grant.consent)
    }

    async fn ask(&self, path: &str, token: &str, headers: &[(&str, &str)]) -> Answer {
        let mut request =
            Request::get(path).header(header::AUTHORIZATION, format!("Bearer {token}"));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.door
            .send(request.body(Body::empty()).expect("a request"))
            .await
    }

    async fn get(&self, path: &str, token: &str) -> Answer {
        self.ask(path, token, &[("x-request-id", REQUEST_ID)]).await
    }

    async fn pay(&self, id: &str, from: &AccountId, minor: i64, to: u64) {
        let order = TransferOrder {
            id: TransferId::new(id),
            from: from.clone(),
            amount: euros(minor),
            creditor_name: "Rainy days".to_owned(),
            creditor_iban: iban(to),
            reference: format!("for {id}"),
        };
        self.door
            .house
            .ledger()
            .execute(order)
            .await
            .expect("an outcome");
    }
}

#[tokio::test]
async fn accounts_are_listed_as_the_guidelines_say() {
    let scene = Scene::open().await;
    let (token, _) = scene.token("ais").await;
    let id = &scene.current;
    let expected = json!({
        "resourceId": id, "iban": iban(1).as_str(), "currency": "EUR", "ownerName": "ona",
        "name": "Current account", "product": "Current account", "cashAccountType": "CACC",
        "status": "enabled", "usage": "PRIV",
        "_links": {
            "balances": { "href": format!("/v1/accounts/{id}/balances") },
            "transactions": { "href": format!("/v1/accounts/{id}/transactions") }
        }
    });
    let answer = scene.get("/v1/accounts", &token).await;
    assert_eq!(answer.header("x-request-id"), REQUEST_ID);
    assert_eq!(answer.json(), json!({ "accounts": [expected] }));
    let one = scene.get(&format!("/v1/accounts/{id}"), &token).await;
    assert_eq!(one.json(), json!({ "account": expected }));

    let balances = json!([
        { "balanceAmount": { "currency": "EUR", "amount": "1000.00" }, "balanceType": "interimAvailable", "referenceDate": "2026-11-22" },
        { "balanceAmount": { "currency": "EUR", "amount": "1000.00" }, "balanceType": "interimBooked", "referenceDate": "2026-11-22" }
    ]);
    let answer = scene
        .get("/v1/accounts?withBalance=true", &token)
        .await
        .json();
    assert_eq!(answer["accounts"][0]["balances"], balances);
    let answer = scene
        .get(&format!("/v1/accounts/{id}/balances"), &token)
        .await
        .json();
    assert_eq!(
        answer,
        json!({ "account": { "iban": iban(1).as_str() }, "balances": balances })
    );
    let answer = scene.get("/v1/accounts?withBalance=yes", &token).await;
    assert_tpp(&answer, 400, "FORMAT_ERROR");
    assert_eq!(answer.json()["tppMessages"][0]["path"], "withBalance");
}

#[tokio::test]
async fn transactions_come_with_signs_names_and_links() {
    let scene = Scene::open().await;
    scene.door.house.later(seconds(60));
    scene.pay("rent", &scene.current, 400_00, 2).await;
    scene.door.house.later(seconds(60));
    scene.pay("interest", &scene.savings, 1_50, 1).await;
    let (token, _) = scene.token("ais").await;
    let path = format!("/v1/accounts/{}/transactions", scene.current);
    let whole = scene
        .get(&format!("{path}?bookingStatus=both"), &token)
        .await
        .json();
    assert_eq!(whole["account"], json!({ "iban": iban(1).as_str() }));
    assert_eq!(whole["transactions"]["pending"], json!([]));
    assert_eq!(
        whole["transactions"]["_links"],
        json!({ "account": { "href": format!("/v1/accounts/{}", scene.current) } })
    );
    let booked = whole["transactions"]["booked"].as_array().expect("a list");
    let (income, rent) = (&booked[0], &booked[1]);
    assert_eq!(income["debtorName"], "ona");
    assert_eq!(
        income["transactionAmount"],
        json!({ "currency": "EUR", "amount": "1.50" })
    );
    assert_eq!(
        rent,
        &json!({
            "transactionId": rent["transactionId"], "bookingDate": "2026-11-22", "valueDate": "2026-11-22",
            "transactionAmount": { "currency": "EUR", "amount": "-400.00" },
            "creditorName": "Rainy days", "creditorAccount": { "iban": iban(2).as_str() },
            "remittanceInformationUnstructured": "for rent",
            "balanceAfterTransaction": {
                "balanceAmount": { "currency": "EUR", "amount": "600.00" }, "balanceType": "interimBooked"
            }
        })
    );

    // Following the links gives the same list, a page at a time.
    let mut next = Some(format!(
        "{path}?bookingStatus=booked&limit=1&dateFrom=2026-11-22"
    ));
    let mut followed = Vec::new();
    while let Some(href) = next {
        let page = scene.get(&href, &token).await.json();
        followed.extend(
            page["transactions"]["booked"]
                .as_array()
                .cloned()
                .unwrap_or_default(),
        );
        assert!(page["transactions"].get("pending").is_none());
        next = page["transactions"]["_links"]["next"]["href"]
            .as_str()
            .map(str::to_owned);
    }
    assert_eq!(&followed, booked);
    let pending = scene
        .get(&format!("{path}?bookingStatus=pending"), &token)
        .await
        .json();
    assert_eq!(pending["transactions"].get("booked"), None::<&Value>);
}

#[tokio::test]
async fn faulty_requests_get_the_codes_of_the_guidelines() {
    let scene = Scene::open().await;
    let (token, _) = scene.token("ais").await;
    let path = format!("/v1/accounts/{}/transactions", scene.current);
    for (query, code, at) in [
        ("", "FORMAT_ERROR", "bookingStatus"),
        ("bookingStatus=information", "FORMAT_ERROR", "bookingStatus"),
        (
            "bookingStatus=booked&bookingStatus=booked",
            "FORMAT_ERROR",
            "bookingStatus",
        ),
        (
            "bookingStatus=booked&dateFrom=22.11.2026",
            "FORMAT_ERROR",
            "dateFrom",
        ),
        (
            "bookingStatus=booked&dateTo=2026-02-30",
            "FORMAT_ERROR",
            "dateTo",
        ),
        (
            "bookingStatus=booked&dateFrom=2026-11-22&dateTo=2026-11-21",
            "PERIOD_INVALID",
            "dateFrom",
        ),
        (
            "bookingStatus=booked&dateFrom=2026-11-23",
            "PERIOD_INVALID",
            "dateFrom",
        ),
        ("bookingStatus=booked&limit=0", "FORMAT_ERROR", "limit"),
        ("bookingStatus=booked&after=x", "FORMAT_ERROR", "after"),
        (
            "bookingStatus=booked&deltaList=true",
            "PARAMETER_NOT_SUPPORTED",
            "deltaList",
        ),
    ] {
        let answer = scene.get(&format!("{path}?{query}"), &token).await;
        assert_tpp(&answer, 400, code);
        assert_eq!(answer.json()["tppMessages"][0]["path"], at, "{query}");
        assert_eq!(answer.header("x-request-id"), REQUEST_ID);
    }
    for account in ["nobody's", scene.savings.as_str(), "%00"] {
        for path in ["", "/balances", "/transactions?bookingStatus=booked"] {
            let answer = scene
                .get(&format!("/v1/accounts/{account}{path}"), &token)
                .await;
            assert_tpp(&answer, 404, "RESOURCE_UNKNOWN");
        }
    }
}

#[tokio::test]
async fn the_request_id_is_a_uuid_and_comes_back() {
    let scene = Scene::open().await;
    let (token, _) = scene.token("ais").await;
    let none = scene.ask("/v1/accounts", &token, &[]).await;
    assert_eq!(none.status, 200);
    assert_eq!(
        none.header("x-request-id").len(),
        36,
        "apps that send none get one"
    );
    for ids in [
        &[("x-request-id", "7")][..],
        &[("x-request-id", REQUEST_ID), ("x-request-id", REQUEST_ID)],
    ] {
        let answer = scene.ask("/v1/accounts", &token, ids).await;
        assert_tpp(&answer, 400, "FORMAT_ERROR");
    }
}

#[tokio::test]
async fn the_consent_is_the_tokens_own_and_must_hold() {
    let scene = Scene::open().await;
    let (token, consent) = scene.token("ais").await;
    let own = scene
        .ask("/v1/accounts", &token, &[("consent-id", consent.as_str())])
        .await;
    assert_eq!(own.status, 200);
    let other = scene
        .ask("/v1/accounts", &token, &[("consent-id", "another")])
        .await;
    assert_tpp(&other, 403, "CONSENT_UNKNOWN");

    scene.door.house.later(seconds(600));
    let answer = scene.get("/v1/accounts", &token).await;
    assert_tpp(&answer, 401, "CONSENT_EXPIRED");
    assert!(answer.header("www-authenticate").starts_with("Bearer"));
    assert_eq!(answer.header("x-request-id"), REQUEST_ID);
}

#[tokio::test]
async fn tokens_that_are_no_good_get_the_codes_of_the_guidelines() {
    let scene = Scene::open().await;
    let (wallet, _) = scene.token("wallet").await;
    assert_tpp(
        &scene.get("/v1/accounts", &wallet).await,
        403,
        "CONSENT_UNKNOWN",
    );
    assert_eq!(
        scene.get("/v1/accounts", &wallet).await.error(),
        "insufficient_scope"
    );
    let nobody = scene
        .door
        .house
        .token(
            &scene.app,
            &[("grant_type", "client_credentials"), ("scope", "ais")],
        )
        .await
        .expect("a token");
    assert_tpp(
        &scene.get("/v1/accounts", &access_token(&nobody)).await,
        403,
        "CONSENT_UNKNOWN",
    );

    let (revoked, _) = scene.token("ais").await;
    scene
        .door
        .house
        .revoke(&scene.app, &revoked)
        .await
        .expect("revoked");
    assert_tpp(
        &scene.get("/v1/accounts", &revoked).await,
        401,
        "TOKEN_INVALID",
    );
    assert_tpp(
        &scene.get("/v1/accounts", "cs_at_nonsense").await,
        401,
        "TOKEN_UNKNOWN",
    );
    let none = scene.door.get("/v1/accounts").await;
    assert_tpp(&none, 401, "TOKEN_INVALID");
    assert!(none.header("www-authenticate").starts_with("Bearer"));
}
