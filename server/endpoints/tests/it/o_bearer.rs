//! The doors of PhonePe and Pincode over HTTP, as the partner's documents call them.

use protocol::client::{DialectName, GrantType};
use serde_json::Value;

use crate::{
    door::{Answer, Door},
    house::{App, seconds},
};

const PINCODE: &str = "/olympus/im/v1/oauth/token";
const SANDBOX: &str = "/apis/pg-sandbox/v1/oauth/token";

async fn partner(door: &Door) -> App {
    door.house
        .app_with("testid", |record| {
            record.client.dialects = vec![DialectName::OBearer];
            record.client.grants = GrantType::ALL.to_vec();
            record.client.lifetimes.access_token_seconds = Some(86_400);
        })
        .await
}

/// The request of the documents: credentials first, in the body.
async fn ask(door: &Door, app: &App, path: &str, more: &str) -> Answer {
    let secret = app.secret.as_deref().expect("a secret");
    let body = format!(
        "client_secret={secret}&client_id={}&grant_type=client_credentials{more}",
        app.id
    );
    door.post(path, &[("accept", "application/json")], &body)
        .await
}

async fn call(door: &Door, scheme: &str, token: &Value) -> Answer {
    let value = format!("{scheme} {}", token.as_str().expect("a token"));
    let request = http::Request::get("/wallet/v1/pending-transfers/none")
        .header("authorization", value)
        .body(axum::body::Body::empty())
        .expect("a request");
    door.send(request).await
}

/// 404 for a transfer that there is not: the token was good.
const GOOD: u16 = 404;

#[tokio::test]
async fn the_documents_walk_first_token_use_refresh() {
    let door = Door::open().await;
    let app = partner(&door).await;
    let answer = ask(&door, &app, PINCODE, "").await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.header("cache-control"), "no-store");
    let one = answer.json();
    assert_eq!(
        (&one["token_type"], &one["expires_in"]),
        (&"O-Bearer".into(), &86_400.into())
    );
    assert_eq!(one["issued_at"], door.house.now().millis());
    assert_eq!(one["expires_at"], door.house.now().millis() + 86_400_000);
    for scheme in ["O-Bearer", "o-bearer", "Bearer"] {
        assert_eq!(call(&door, scheme, &one["access_token"]).await.status, GOOD);
    }
    let text = |name: &str| one[name].as_str().expect(name).to_owned();
    let more = format!(
        "&token={}&refresh_token={}",
        text("access_token"),
        text("refresh_token")
    );
    door.house.later(seconds(86_400));
    let expired = call(&door, "O-Bearer", &one["access_token"]).await;
    assert_eq!(expired.status, 401);
    let two = ask(&door, &app, PINCODE, &more).await.json();
    assert_eq!(
        call(&door, "O-Bearer", &two["access_token"]).await.status,
        GOOD
    );
}

#[tokio::test]
async fn the_gateways_door_counts_seconds_and_has_no_refresh_token() {
    let door = Door::open().await;
    let app = partner(&door).await;
    let told = ask(&door, &app, SANDBOX, "&client_version=1").await.json();
    assert_eq!(told["issued_at"], door.house.now().seconds());
    assert_eq!(told["expires_at"], door.house.now().seconds() + 86_400);
    assert!(told.get("refresh_token").is_none());
    // The same client gets what standard libraries understand at the standard door.
    let standard = ask(&door, &app, "/oauth/token", "").await.json();
    assert_eq!(standard["token_type"], "Bearer");
    assert!(standard.get("issued_at").is_none());
    assert_eq!(
        call(&door, "O-Bearer", &standard["access_token"])
            .await
            .status,
        401
    );
    assert_eq!(
        call(&door, "Bearer", &standard["access_token"])
            .await
            .status,
        GOOD
    );
}

#[tokio::test]
async fn errors_have_the_documented_shape_and_the_reference_of_the_log() {
    let door = Door::open().await;
    let app = partner(&door).await;
    let wrong = format!(
        "client_id={}&client_secret=test&grant_type=client_credentials",
        app.id
    );
    for path in [PINCODE, SANDBOX] {
        let answer = door.post(path, &[], &wrong).await;
        assert_eq!(answer.status, 401);
        let told = answer.json();
        assert_eq!(told["code"], "INVALID_CLIENT");
        assert_eq!(told["errorCode"], "OIM004");
        assert_eq!(
            told["context"]["error_description"],
            "Client authentication failure"
        );
        let tracking = format!(
            "Unauthorized: Invalid Client, trackingId: {}",
            answer.header("x-trace-id")
        );
        assert_eq!(told["message"], tracking);
    }
    let half = ask(&door, &app, PINCODE, "&token=x").await;
    assert_eq!(
        (half.status.as_u16(), half.error().as_str()),
        (400, "invalid_request")
    );
    assert_eq!(half.json()["errorCode"], "OIM000");
    let get = door.get(PINCODE).await;
    assert_eq!(get.status, 405);
}

#[tokio::test]
async fn a_session_that_was_ended_is_412_and_a_token_that_is_over_401() {
    let door = Door::open().await;
    let app = partner(&door).await;
    let told = ask(&door, &app, PINCODE, "").await.json();
    let text = |name: &str| told[name].as_str().expect(name).to_owned();
    let revoked = door
        .post_as(
            &app,
            "/oauth/revoke",
            &format!("token={}", text("refresh_token")),
        )
        .await;
    assert_eq!(revoked.status, 200);
    let ended = call(&door, "O-Bearer", &told["access_token"]).await;
    assert_eq!(ended.status, 412, "{}", ended.text());
    // Under the word that libraries write by themselves it is the same answer.
    let as_bearer = call(&door, "Bearer", &told["access_token"]).await;
    assert_eq!(as_bearer.status, 412, "{}", as_bearer.text());
    assert_eq!(as_bearer.json()["code"], "AUTHORIZATION_FAILED");
    let body = ended.json();
    assert_eq!(
        (&body["success"], &body["code"]),
        (&false.into(), &"AUTHORIZATION_FAILED".into())
    );
    assert!(ended.header("www-authenticate").starts_with("O-Bearer "));

    let told = ask(&door, &app, PINCODE, "").await.json();
    let token = told["access_token"].as_str().expect("a token");
    door.post_as(&app, "/oauth/revoke", &format!("token={token}"))
        .await;
    assert_eq!(
        call(&door, "O-Bearer", &told["access_token"]).await.status,
        401
    );

    let told = ask(&door, &app, PINCODE, "").await.json();
    door.house
        .engine
        .suspend_client(&app.id)
        .await
        .expect("suspended");
    assert_eq!(
        call(&door, "O-Bearer", &told["access_token"]).await.status,
        412
    );
}
