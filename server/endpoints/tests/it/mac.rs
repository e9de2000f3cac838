//! The Paysera dialect over HTTP, as its client library speaks it.

use axum::body::Body;
use http::Request;
use serde_json::Value;

use crate::{
    door::{Answer, Door},
    house::{App, seconds},
    signing::Signing,
};

const TOKEN: &str = "/oauth/v1/token";

/// The redirect URI of the app, as a form has it.
const REDIRECT: &str = "https%3A%2F%2Fshop.example%2Fcallback";

/// A request as the library writes it: a form's media type and a length, whatever there is to send.
pub async fn call(
    door: &Door,
    signing: &Signing,
    method: &str,
    target: &str,
    body: &str,
) -> Answer {
    let header = signing.header(&door.house, method, target, body.as_bytes());
    send(door, method, target, body, Some(&header)).await
}

pub async fn send(
    door: &Door,
    method: &str,
    target: &str,
    body: &str,
    authorization: Option<&str>,
) -> Answer {
    let mut request = Request::builder()
        .method(method)
        .uri(target)
        .header("host", "127.0.0.1:3000")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("content-length", body.len().to_string());
    if let Some(authorization) = authorization {
        request = request.header("authorization", authorization);
    }
    door.send(
        request
            .body(Body::from(body.to_owned()))
            .expect("a request"),
    )
    .await
}

async fn code(door: &Door, app: &App, scope: &str) -> String {
    let person = door.house.person("ona").await;
    let change = |_: &mut _, code: &mut store::codes::CodeRecord| code.challenge = None;
    let grant = door.house.grant_with(app, &person, scope, change).await;
    grant.code
}

pub fn form(code: &str) -> String {
    format!("grant_type=authorization_code&code={code}&redirect_uri={REDIRECT}")
}

pub fn signing(answer: &Value) -> Signing {
    let text = |name: &str| answer[name].as_str().expect(name);
    Signing::new(text("access_token"), text("mac_key"))
}

#[tokio::test]
async fn the_documents_walk_code_token_resource_end() {
    let door = Door::open().await;
    let (app, own) = door.house.signing_app("wallet-app").await;
    let code = code(&door, &app, "wallet").await;
    let answer = call(&door, &own, "POST", TOKEN, &form(&code)).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    // Byte for byte: the library decodes nothing else.
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("pragma"), "no-cache");
    let granted = answer.json();
    assert_eq!(granted["token_type"], "mac");
    assert_eq!(granted["mac_algorithm"], "hmac-sha-256");
    assert_eq!(granted["expires_in"], 3600);
    assert!(granted["refresh_token"].is_string());
    let token = signing(&granted);
    let me = call(&door, &token, "GET", "/wallet/v1/me", "").await;
    assert_eq!(
        (me.status.as_u16(), &me.json()["username"]),
        (200, &"ona".into())
    );
    // The token itself, without a signature, is worth nothing.
    let bearer = format!("Bearer {}", token.id);
    let refused = send(&door, "GET", "/wallet/v1/me", "", Some(&bearer)).await;
    assert_eq!(refused.status, 401);
    let target = format!("{TOKEN}?access_token={}", token.id);
    let ended = call(&door, &own, "DELETE", &target, "").await;
    assert_eq!((ended.status.as_u16(), ended.text()), (200, "{}".into()));
    // The library refreshes at once: what was given back must not live again.
    let refresh = granted["refresh_token"].as_str().expect("one");
    let again = format!("grant_type=refresh_token&refresh_token={refresh}");
    let refused = call(&door, &own, "POST", TOKEN, &again).await;
    assert_eq!(refused.error(), "invalid_grant");
    let over = call(&door, &token, "GET", "/wallet/v1/me", "").await;
    assert_eq!(over.status, 400);
    assert_eq!(over.json()["error"], "invalid_grant");
    assert_eq!(over.json()["error_description"], "Token has expired");
    assert_eq!(over.header("content-type"), "application/json");
}

#[tokio::test]
async fn a_token_gives_itself_back() {
    let door = Door::open().await;
    let (app, own) = door.house.signing_app("wallet-app").await;
    let code = code(&door, &app, "wallet").await;
    let granted = call(&door, &own, "POST", TOKEN, &form(&code)).await.json();
    let token = signing(&granted);
    let unnamed = call(&door, &own, "DELETE", TOKEN, "").await;
    assert_eq!(
        (unnamed.status.as_u16(), unnamed.error()),
        (400, "invalid_request".into())
    );
    assert_eq!(call(&door, &token, "DELETE", TOKEN, "").await.status, 200);
    assert_eq!(call(&door, &token, "DELETE", TOKEN, "").await.status, 400);
}

#[tokio::test]
async fn a_signature_covers_the_body_of_every_resource() {
    let door = Door::open().await;
    let (app, own) = door.house.signing_app("wallet-app").await;
    let code = code(&door, &app, "transferFunds wallet").await;
    let granted = call(&door, &own, "POST", TOKEN, &form(&code)).await.json();
    let token = signing(&granted);
    let path = "/wallet/v1/pending-transfers";
    let header = token.header(&door.house, "POST", path, b"{\"amount\":\"1.00\"}");
    let swapped = send(&door, "POST", path, "{\"amount\":\"9.00\"}", Some(&header)).await;
    assert_eq!(
        (swapped.status.as_u16(), swapped.error()),
        (401, "unauthorized".into())
    );
    assert_eq!(swapped.header("www-authenticate"), "MAC");
    let client = call(&door, &own, "GET", "/wallet/v1/me", "").await;
    assert_eq!(client.status, 401, "a client's key has no person behind it");
}

#[tokio::test]
async fn errors_of_signed_requests_have_the_documented_codes() {
    let door = Door::open().await;
    let (_, own) = door.house.signing_app("wallet-app").await;
    let body = form("nothing");
    let early = Signing {
        ahead: 400,
        ..own.clone()
    };
    let late = Signing {
        ahead: -400,
        ..own.clone()
    };
    let stranger = Signing::new("nobody", "a key");
    for (signing, status, error, sentence) in [
        (&early, 401, "invalid_timestamp", "Timestamp is in future"),
        (
            &late,
            401,
            "invalid_timestamp",
            "Timestamp lifetime exceeded",
        ),
        (&stranger, 401, "unauthorized", ""),
        (&own, 400, "invalid_grant", ""),
    ] {
        let answer = call(&door, signing, "POST", TOKEN, &body).await;
        assert_eq!((answer.status.as_u16(), &*answer.error()), (status, error));
        assert_eq!(answer.header("content-type"), "application/json");
        let told = answer.json()["error_description"]
            .as_str()
            .map(str::to_owned);
        assert!(told.is_some_and(|told| sentence.is_empty() || told == sentence));
    }
    let unsigned = send(&door, "POST", TOKEN, &body, None).await;
    assert_eq!(
        (unsigned.status.as_u16(), unsigned.error()),
        (401, "unauthorized".into())
    );
    assert_eq!(unsigned.header("www-authenticate"), "MAC");
    let unreadable = send(&door, "DELETE", TOKEN, "", Some("MAC id=\"a\"")).await;
    assert_eq!(unreadable.error(), "unauthorized");
    door.house.later(seconds(1));
    let long = format!("MAC {}", "a=\"\",".repeat(12_000));
    let refused = send(&door, "DELETE", TOKEN, "", Some(&long)).await;
    assert_eq!(refused.status, 401);
}

#[tokio::test]
async fn what_is_not_offered_is_not_found_in_the_documented_shape() {
    let door = Door::open().await;
    let (_, own) = door.house.signing_app("wallet-app").await;
    for method in ["GET", "POST", "PUT", "DELETE"] {
        let answer = call(&door, &own, method, "/rest/v1/payment/10145", "").await;
        assert_eq!(
            (answer.status.as_u16(), answer.error()),
            (404, "not_found".into())
        );
        let unsigned = send(&door, method, "/rest/v1/payment/10145", "", None).await;
        assert_eq!(unsigned.status, 401);
    }
}

#[tokio::test]
async fn a_browser_comes_with_the_key_of_a_request_that_was_left() {
    let door = Door::open().await;
    let (_, own) = door.house.signing_app("wallet-app").await;
    let request = format!(
        "response_type=code&client_id=wallet-app&scope=wallet&redirect_uri={REDIRECT}&state=YrRWD4mpZRIc9OXV\
         &user%5Bemail%5D=ona%40example.com"
    );
    let left = call(&door, &own, "POST", "/oauth/v1/session", &request).await;
    assert_eq!(left.status, 200, "{}", left.text());
    let key = left.json()["key"].as_str().expect("a key").to_owned();
    for path in ["/frontend/oauth", "/frontend/lt/oauth"] {
        let came = door.get(&format!("{path}/{key}")).await;
        assert_eq!(came.status, 303, "{}", came.text());
        assert!(came.header("location").starts_with("/authorize/"));
    }
    let unknown = door.get("/frontend/oauth/cs_rk_nothing").await;
    assert_eq!(unknown.status, 400);
    // What could not be accepted is refused before a browser is sent.
    let wrong = request.replace("scope=wallet", "scope=ais%20nothing");
    let refused = call(&door, &own, "POST", "/oauth/v1/session", &wrong).await;
    assert_eq!(
        (refused.status.as_u16(), refused.error()),
        (400, "invalid_request".into())
    );
    let other = request.replace("wallet-app", "somebody");
    let refused = call(&door, &own, "POST", "/oauth/v1/session", &other).await;
    assert_eq!(
        (refused.status.as_u16(), refused.error()),
        (400, "invalid_request".into())
    );
    door.house.later(seconds(1_801));
    assert_eq!(
        door.get(&format!("/frontend/oauth/{key}")).await.status,
        400
    );
}

#[tokio::test]
async fn every_browser_door_speaks_its_language() {
    let door = Door::open().await;
    door.house.signing_app("wallet-app").await;
    for (path, word) in [
        ("/frontend/oauth", "en"),
        ("/frontend/en/oauth", "en"),
        ("/frontend/lt/oauth", "lt"),
        ("/frontend/ru/oauth", "ru"),
    ] {
        // Nobody is named: a page, in the language of the door.
        let page = door.get(path).await;
        assert_eq!(
            (page.status.as_u16(), &page.json()["locale"]),
            (400, &word.into()),
            "{path}"
        );
        let target = format!("{path}?response_type=code&client_id=wallet-app&scope=&state=x");
        let came = door.get(&target).await;
        assert_eq!(came.status, 303, "{path}: {}", came.text());
    }
    assert_eq!(door.get("/frontend/de/oauth").await.status, 404);
}

/// A client with a TLS certificate signs nothing; what would stand in `ext` comes in headers.
#[tokio::test]
async fn a_certificate_stands_for_the_clients_signature() {
    let door = Door::open().await;
    let (app, own) = door.house.signing_app("wallet-app").await;
    let digest = [7; 32];
    let certificate = |from: u64, to: u64| engine::register::NewCertificate {
        digest,
        subject: "CN=wallet-app".to_owned(),
        not_before: door.house.now() + seconds(from),
        not_after: door.house.now() + seconds(to),
    };
    let with = async |method: &str, target: &str, body: &str, authorization: Option<&str>| {
        let mut request = Request::builder()
            .method(method)
            .uri(target)
            .header("content-type", "application/x-www-form-urlencoded")
            .header("wallet-api-project-id", "42")
            .extension(endpoints::peer::Certificate(digest));
        if let Some(authorization) = authorization {
            request = request.header("authorization", authorization);
        }
        let body = Body::from(body.to_owned());
        door.send(request.body(body).expect("a request")).await
    };
    let engine = &door.house.engine;
    let unknown = with("DELETE", TOKEN, "", None).await;
    assert_eq!(
        (unknown.status.as_u16(), unknown.error()),
        (401, "unauthorized".into())
    );
    engine
        .add_certificate(&app.id, certificate(10, 20))
        .await
        .expect("a certificate");
    assert_eq!(with("DELETE", TOKEN, "", None).await.status, 401, "not yet");
    door.house.later(seconds(10));
    let body = form(&code(&door, &app, "wallet").await);
    let granted = with("POST", TOKEN, &body, None).await;
    assert_eq!(granted.status, 200, "{}", granted.text());
    let token = signing(&granted.json());
    // It speaks for the client alone: a person's token is still signed with.
    assert_eq!(with("GET", "/wallet/v1/me", "", None).await.status, 401);
    let me = call(&door, &token, "GET", "/wallet/v1/me", "").await;
    assert_eq!(me.status, 200);
    // Whoever signs beside it is judged by the signature.
    let forged = Signing::new(&own.id, "a guess").header(&door.house, "DELETE", TOKEN, b"");
    assert_eq!(with("DELETE", TOKEN, "", Some(&forged)).await.status, 401);
    let target = format!("{TOKEN}?access_token={}", token.id);
    assert_eq!(with("DELETE", &target, "", None).await.status, 200);
    // At the other doors a certificate is no client authentication.
    let standard = with("POST", "/oauth/token", &body, None).await;
    assert_eq!(standard.error(), "invalid_client");
    door.house.later(seconds(10));
    assert_eq!(with("DELETE", TOKEN, "", None).await.status, 401, "run out");
    let sha256 = "07".repeat(32);
    engine
        .remove_certificate(&app.id, &sha256)
        .await
        .expect("a certificate");
    assert!(engine.remove_certificate(&app.id, &sha256).await.is_err());
    let shop = door.house.app("shop").await;
    let refused = engine.add_certificate(&shop.id, certificate(0, 9)).await;
    assert!(refused.is_err(), "a client with a secret");
}
