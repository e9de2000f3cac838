//! The resources of the Wallet API over HTTP, as the client libraries ask for them.

use protocol::ids::{AccountId, UserId};
use serde_json::{Value, json};
use store::{accounts::AccountKind, privileges::Privilege};

use crate::{
    door::{Answer, Door},
    house::{App, scope, seconds},
    mac::{call, form, send, signing},
    money::iban,
    papers::everything,
    signing::Signing,
};

const EVERYTHING: &str = "email_offline phone_confirmation phone_optional address identity dob gender \
    identification_level pep user_info wallet_list balance_offline statements check_has_sufficient_balance";

/// Ona, with a wallet, and an app that signs and may ask for everything.
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
        let ona = door.house.known_person("ona", Some(everything())).await;
        let wallet = door
            .house
            .account_of("ona", AccountKind::Wallet, &iban(1), "EUR", "12.34")
            .await;
        let (app, own) = door
            .house
            .signing_app_with("wallet-app", |client| client.scope = scope(EVERYTHING))
            .await;
        Self {
            door,
            app,
            own,
            ona,
            wallet,
        }
    }

    /// What signs for Ona after she allowed this.
    async fn token(&self, scope: &str) -> Signing {
        let accounts = vec![self.wallet.clone()];
        let grant = self
            .door
            .house
            .grant_with(&self.app, &self.ona, scope, |consent, code| {
                consent.accounts = accounts;
                code.challenge = None;
            })
            .await;
        let body = form(&grant.code);
        let answer = call(&self.door, &self.own, "POST", "/oauth/v1/token", &body).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        signing(&answer.json())
    }

    async fn get(&self, who: &Signing, target: &str) -> Answer {
        call(&self.door, who, "GET", &format!("/rest/v1{target}"), "").await
    }

    /// The body of a good answer.
    async fn told(&self, who: &Signing, target: &str) -> Value {
        let answer = self.get(who, target).await;
        assert_eq!(answer.status, 200, "{target}: {}", answer.text());
        // Byte for byte: the library decodes nothing else.
        assert_eq!(answer.header("content-type"), "application/json");
        assert_eq!(answer.header("cache-control"), "no-store");
        assert!(!answer.text().contains("null"), "{}", answer.text());
        answer.json()
    }

    async fn refused(&self, who: &Signing, target: &str) -> (u16, String) {
        let answer = self.get(who, target).await;
        assert_eq!(answer.header("content-type"), "application/json");
        (answer.status.as_u16(), answer.error())
    }
}

#[tokio::test]
async fn a_token_reads_its_person_in_the_documented_shapes() {
    let scene = Scene::open().await;
    let token = scene.token(EVERYTHING).await;
    let me = scene.told(&token, "/user/me").await;
    let id = me["id"].as_i64().expect("an integer");
    let wallet = scene.told(&token, "/wallet/me").await;
    let number = wallet["id"].as_i64().expect("an integer");
    let address = json!({ "country": "lt", "city": "Vilnius", "street": "Pilies g. 1", "post_index": "01124" });
    let identity = json!({
        "name": "Ona", "surname": "Petrauskaitė", "nationality": "lt", "code": "48001010000",
    });
    let pep = json!([{ "name": "Jonas", "relation": "spouse", "positions": ["mayor"] }]);
    let expected = json!({
        "id": id,
        "email": "ona@mail.test",
        "phone": "37061234567",
        "display_name": "The ona",
        "dob": "1980-01-01",
        "gender": "female",
        "address": address,
        "identity": identity,
        "wallets": [number],
        "type": "natural",
        "identification_level": "fully_identified",
        "locale": "lt",
        "pep": pep,
    });
    assert_eq!(me, expected);
    assert_eq!(scene.told(&token, &format!("/user/{id}")).await, expected);
    let number_of_account = iban(1).to_string();
    let account = json!({
        "number": number_of_account,
        "owner_title": "The ona",
        "owner_display_name": "The ona",
        "description": wallet["account"]["description"],
        "type": "wallet",
        "user_id": id,
        "ibans": [number_of_account],
        "main_iban": number_of_account,
    });
    let expected = json!({ "id": number, "owner": id, "account": account });
    assert_eq!(wallet, expected);
    for (target, part) in [
        ("/user/me/email", json!("ona@mail.test")),
        ("/user/me/phone", json!("37061234567")),
        ("/user/me/confirmed-phones", json!(["37061234567"])),
        ("/user/me/address", address),
        ("/user/me/identity", identity),
        ("/user/me/wallets", json!([expected])),
        ("/user/me/pes", pep),
        (
            "/wallet/me/balance",
            json!({ "EUR": {
                "at_disposal": 1234, "reserved": 0,
                "at_disposal_decimal": "12.34", "reserved_decimal": "0.00",
            } }),
        ),
        (
            "/wallet/me/sufficient-amount?amount=1234&currency=EUR",
            json!({ "is_sufficient": true }),
        ),
        (
            "/wallet/me/sufficient-amount?amount=1235&currency=EUR",
            json!({ "is_sufficient": false }),
        ),
    ] {
        assert_eq!(scene.told(&token, target).await, part, "{target}");
    }
    let balance = format!("/wallet/{number}/balance");
    assert_eq!(
        scene.told(&token, &balance).await,
        scene.told(&token, "/wallet/me/balance").await
    );
}

#[tokio::test]
async fn the_same_ledger_stands_behind_every_interface() {
    let scene = Scene::open().await;
    let token = scene.token("balance statements").await;
    let wallet = scene.told(&token, "/wallet/me/balance").await;
    let account = scene
        .door
        .house
        .engine
        .env()
        .bank
        .account(&scene.wallet)
        .await;
    let account = account.expect("storage").expect("an account");
    assert_eq!(wallet["EUR"]["at_disposal"], account.available.minor);
    let statements = scene.told(&token, "/wallet/me/statements").await;
    let [deposit] = statements["statements"]
        .as_array()
        .expect("a list")
        .as_slice()
    else {
        panic!("one entry: {statements}");
    };
    assert_eq!(deposit["amount"], 1234);
    assert_eq!(deposit["currency"], "EUR");
    assert_eq!(deposit["direction"], "in");
    assert_eq!(deposit["date"], scene.door.house.now().seconds());
    assert!(deposit["id"].is_i64() && deposit["details"].is_string());
    assert!(deposit["other_party"]["name"].is_string());
    assert_eq!(
        statements["_metadata"],
        json!({ "total": 1, "offset": 0, "limit": 20 })
    );
}

#[tokio::test]
async fn statements_are_paged_and_what_is_wrong_with_a_parameter_is_told_with_its_name() {
    let scene = Scene::open().await;
    let token = scene.token("statements").await;
    let now = scene.door.house.now().seconds();
    for (query, total, shown) in [
        ("?limit=200&offset=0&currency=EUR%2CUSD", 1, 1),
        ("?limit=1&offset=1", 1, 0),
        ("?currency=PLN", 0, 0),
        ("?currency=", 1, 1),
        (&format!("?from={now}&to={now}"), 1, 1),
        (&format!("?to={}", now - 1), 0, 0),
        (&format!("?from={}", now + 1), 0, 0),
    ] {
        let target = format!("/wallet/me/statements{query}");
        let found = scene.told(&token, &target).await;
        assert_eq!(found["_metadata"]["total"], total, "{query}");
        assert_eq!(
            found["statements"].as_array().map(Vec::len),
            Some(shown),
            "{query}"
        );
    }
    for (query, name) in [
        ("?limit=0", "limit"),
        ("?limit=201", "limit"),
        ("?limit=many", "limit"),
        ("?limit=-1", "limit"),
        ("?limit=1&limit=2", "limit"),
        ("?offset=-1", "offset"),
        ("?offset=4294967296", "offset"),
        ("?currency=EUR,,USD", "currency"),
        ("?currency=euro", "currency"),
        ("?from=yesterday", "from"),
        ("?to=2026-11-22", "to"),
        ("?direction=in", "direction"),
        ("?text=rent", "text"),
    ] {
        let answer = scene
            .get(&token, &format!("/wallet/me/statements{query}"))
            .await;
        assert_eq!(answer.status, 400, "{query}");
        assert_eq!(answer.error(), "invalid_parameters", "{query}");
        let messages = &answer.json()["error_properties"][name];
        assert!(messages[0].is_string(), "{query}: {}", answer.text());
    }
    for query in [
        "",
        "?amount=10",
        "?amount=0&currency=EUR",
        "?amount=1.5&currency=EUR",
    ] {
        let target = format!("/wallet/me/sufficient-amount{query}");
        let refused = scene.refused(&token, &target).await;
        assert_eq!(refused, (400, "invalid_parameters".to_owned()), "{query}");
    }
}

#[tokio::test]
async fn a_missing_scope_is_403_and_missing_data_404_and_a_stranger_is_like_nobody() {
    let scene = Scene::open().await;
    let jonas = scene
        .door
        .house
        .known_person("jonas", Some(everything()))
        .await;
    let engine = &scene.door.house.engine;
    let number = engine.person_number(&jonas).await.expect("a number");
    let token = scene.token("phone_optional address_optional").await;
    let forbidden = (403, "forbidden".to_owned());
    let not_found = (404, "not_found".to_owned());
    for target in [
        "/user/me/email",
        "/user/me/identity",
        "/wallet/me/balance",
        "/user/me/wallets",
    ] {
        assert_eq!(scene.refused(&token, target).await, forbidden, "{target}");
    }
    // Somebody else and nobody: the same answer to the letter, but for its reference.
    let told = async |target: &str| {
        let answer = scene.get(&token, target).await;
        let mut body = answer.json();
        body.as_object_mut().expect("an object").remove("trace_id");
        (answer.status.as_u16(), body)
    };
    for rest in ["", "/email", "/phone", "/wallets"] {
        let somebody = told(&format!("/user/{number}{rest}")).await;
        let nobody = told(&format!("/user/987654{rest}")).await;
        assert_eq!(somebody, nobody, "{rest}");
        assert_eq!(somebody.0, 403);
    }
    for target in [
        "/user/ona",
        "/user/0",
        "/user/01",
        "/user/-1",
        "/wallet/abc/balance",
    ] {
        assert_eq!(scene.refused(&token, target).await, not_found, "{target}");
    }
    // Jonas's data is gone: what he may be asked for is not there.
    let nothing = scene.door.house.known_person("rasa", None).await;
    let other = Scene {
        ona: nothing,
        ..scene
    };
    let token = other
        .token("phone_optional address_optional identity dob")
        .await;
    for target in ["/user/me/phone", "/user/me/address", "/user/me/identity"] {
        assert_eq!(other.refused(&token, target).await, not_found, "{target}");
    }
    let me = other.told(&token, "/user/me").await;
    assert_eq!(me.as_object().map(serde_json::Map::len), Some(1), "{me}");
}

#[tokio::test]
async fn a_client_reads_with_its_own_key_what_was_allowed_offline() {
    let scene = Scene::open().await;
    let token = scene.token("email_offline phone balance_offline").await;
    let id = scene.told(&token, "/user/me").await["id"].clone();
    let wallet = scene.told(&token, "/wallet/me").await["id"].clone();
    // Without the token, and long after it.
    scene.door.house.later(seconds(7 * 86_400));
    let email = scene.told(&scene.own, &format!("/user/{id}/email")).await;
    assert_eq!(email, "ona@mail.test");
    let balance = scene
        .told(&scene.own, &format!("/wallet/{wallet}/balance"))
        .await;
    assert_eq!(balance["EUR"]["at_disposal"], 1234);
    let forbidden = (403, "forbidden".to_owned());
    for target in [
        format!("/user/{id}/phone"),
        format!("/wallet/{wallet}/statements"),
        "/user/me".to_owned(),
        "/wallet/me".to_owned(),
    ] {
        assert_eq!(
            scene.refused(&scene.own, &target).await,
            forbidden,
            "{target}"
        );
    }
    let (_, stranger) = scene.door.house.signing_app("stranger").await;
    let target = format!("/user/{id}/email");
    assert_eq!(scene.refused(&stranger, &target).await, forbidden);
}

#[tokio::test]
async fn the_time_is_told_to_anybody_and_the_configuration_to_whoever_signs() {
    let scene = Scene::open().await;
    let time = send(&scene.door, "GET", "/rest/v1/server", "", None).await;
    assert_eq!(time.status, 200);
    assert_eq!(time.header("content-type"), "application/json");
    assert_eq!(
        time.json(),
        json!({ "time": scene.door.house.now().seconds() })
    );
    let configuration = scene.told(&scene.own, "/configuration").await;
    assert_eq!(configuration["locales"], json!(["en", "lt", "ru"]));
    assert_eq!(configuration["statements_limit"], 200);
    let unsigned = send(&scene.door, "GET", "/rest/v1/configuration", "", None).await;
    assert_eq!(
        (unsigned.status.as_u16(), unsigned.error()),
        (401, "unauthorized".into())
    );
}

#[tokio::test]
async fn a_trusted_client_vouches_for_an_address_and_others_do_not() {
    let scene = Scene::open().await;
    let path = "/rest/v1/contact-token";
    let body = r#"{"email":"rasa@mail.test","phone":"37061234567"}"#;
    let refused = call(&scene.door, &scene.own, "POST", path, body).await;
    assert_eq!(
        (refused.status.as_u16(), refused.error()),
        (403, "forbidden".into())
    );
    let engine = &scene.door.house.engine;
    let granted = engine
        .set_privilege(&scene.app.id, Privilege::ContactToken, true)
        .await;
    granted.expect("a privilege");
    let made = call(&scene.door, &scene.own, "POST", path, body).await;
    assert_eq!(made.status, 200, "{}", made.text());
    let made = made.json();
    assert_eq!(made["email"], "rasa@mail.test");
    assert_eq!(made["phone"], "37061234567");
    assert_eq!(made["status"], "active");
    assert_eq!(made["expires_at"], scene.door.house.now().seconds() + 900);
    assert!(
        made["token"]
            .as_str()
            .is_some_and(|token| token.starts_with("cs_ct_"))
    );
    for (body, field) in [
        ("{}", "email"),
        ("[]", "email"),
        ("", "email"),
        (r#"{"email":"rasa"}"#, "email"),
        (r#"{"email":7}"#, "email"),
        (r#"{"phone":"+1"}"#, "phone"),
        (r#"{"email":"rasa@mail.test","phone":"x"}"#, "phone"),
    ] {
        let answer = call(&scene.door, &scene.own, "POST", path, body).await;
        assert_eq!(answer.error(), "invalid_parameters", "{body}");
        assert!(
            answer.json()["error_properties"][field][0].is_string(),
            "{body}"
        );
    }
    // Not for a person: a token of somebody vouches for nobody.
    let token = scene.token("email").await;
    let refused = call(&scene.door, &token, "POST", path, body).await;
    assert_eq!(
        (refused.status.as_u16(), refused.error()),
        (403, "forbidden".into())
    );
    // Four more for the same address, then it is enough for a day.
    for _ in 0..4 {
        let made = call(&scene.door, &scene.own, "POST", path, body).await;
        assert_eq!(made.status, 200);
    }
    let refused = call(&scene.door, &scene.own, "POST", path, body).await;
    assert_eq!(
        (refused.status.as_u16(), refused.error()),
        (429, "rate_limit_exceeded".into())
    );
    let wait = refused.headers["retry-after"].to_str().expect("a text");
    assert_eq!(wait, "86400", "a day after the first of them");
    let other = call(
        &scene.door,
        &scene.own,
        "POST",
        path,
        r#"{"email":"other@mail.test"}"#,
    )
    .await;
    assert_eq!(other.status, 200);
    assert!(other.json().get("phone").is_none());
}
