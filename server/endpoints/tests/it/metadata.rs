//! What the server says about itself.

use axum::body::Body;
use http::{Method, Request};
use protocol::token::ServerMetadata;
use serde_json::json;

use crate::{
    door::{Door, endpoints},
    house::{House, settings},
};

#[tokio::test]
async fn row_19_the_issuer_of_the_metadata_is_the_public_url() {
    let door = Door::open().await;
    let answer = door.get("/.well-known/oauth-authorization-server").await;
    assert_eq!(answer.status, 200);
    let metadata: ServerMetadata = serde_json::from_slice(&answer.body).expect("RFC 8414 metadata");
    assert_eq!(metadata.issuer, door.house.engine.env().settings.public_url);
    assert!(metadata.authorization_response_iss_parameter_supported);
    // What it names is there.
    for address in [
        &metadata.token_endpoint,
        &metadata.revocation_endpoint,
        &metadata.introspection_endpoint,
    ] {
        let path = address
            .strip_prefix(&metadata.issuer)
            .expect("under the issuer");
        assert_eq!(door.get(path).await.header("allow"), "POST", "{path}");
    }
    let path = metadata
        .jwks_uri
        .strip_prefix(&metadata.issuer)
        .expect("under the issuer");
    assert_eq!(door.get(path).await.json(), json!({"keys": []}));
    let path = metadata
        .authorization_endpoint
        .strip_prefix(&metadata.issuer)
        .expect("under the issuer");
    assert_eq!(
        door.request(Method::PUT, path).await.header("allow"),
        "GET,HEAD,POST"
    );
}

#[tokio::test]
async fn row_54_no_header_of_a_request_changes_an_address_of_ours() {
    let door = Door::open().await;
    let plain = door.get("/.well-known/oauth-authorization-server").await;
    for (name, value) in [
        ("host", "evil.example"),
        ("x-forwarded-host", "evil.example"),
        ("x-forwarded-proto", "https"),
        ("forwarded", "host=evil.example;proto=https"),
        ("x-original-host", "evil.example"),
    ] {
        for path in ["/.well-known/oauth-authorization-server", "/openapi.json"] {
            let request = Request::get(path)
                .header(name, value)
                .body(Body::empty())
                .expect("a request");
            let answer = door.send(request).await;
            assert!(!answer.text().contains("evil"), "{name} {path}");
        }
        let answer = door
            .post(
                "/oauth/token",
                &[(name, value)],
                "grant_type=nonsense&client_id=x",
            )
            .await;
        answer.assert_error(401, "invalid_client");
        let request = Request::get("/.well-known/oauth-authorization-server").header(name, value);
        let answer = door
            .send(request.body(Body::empty()).expect("a request"))
            .await;
        assert_eq!(answer.body, plain.body);
    }
}

#[tokio::test]
async fn row_54_the_issuer_comes_from_the_settings() {
    let door = Door::open().await;
    let mut other = settings();
    other.public_url = "https://id.bank.example".to_owned();
    let house = House::with(&door.db.store, other);
    let router = endpoints::router(endpoints(&house));
    let request = Request::get("/.well-known/oauth-authorization-server")
        .body(Body::empty())
        .expect("a request");
    let metadata = crate::door::send(&router, request).await.json();
    assert_eq!(metadata["issuer"], "https://id.bank.example");
    assert_eq!(
        metadata["token_endpoint"],
        "https://id.bank.example/oauth/token"
    );
}

#[tokio::test]
async fn health_says_alive_and_ready() {
    let door = Door::open().await;
    assert_eq!(
        door.get("/healthz").await.json(),
        json!({"status": "alive"})
    );
    assert_eq!(door.get("/readyz").await.json(), json!({"status": "ready"}));
    assert_eq!(door.request(Method::HEAD, "/readyz").await.status, 200);
    door.db.store.close().await;
    assert_eq!(door.get("/healthz").await.status, 200);
    let answer = door.get("/readyz").await;
    answer.assert_error(503, "temporarily_unavailable");
    assert!(!answer.header("retry-after").is_empty());
}
