//! The back channel over HTTP.

use protocol::token::Introspection;
use serde_json::json;

use crate::{
    door::{Answer, Door},
    house::{REDIRECT_URI, VERIFIER, access_token, basic, refresh_token},
};

fn exchange_body(code: &str) -> String {
    format!(
        "grant_type=authorization_code&code={code}&redirect_uri={REDIRECT_URI}&code_verifier={VERIFIER}"
    )
}

fn assert_not_cached(answer: &Answer) {
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("pragma"), "no-cache");
}

#[tokio::test]
async fn a_code_a_refresh_and_a_revocation_over_http() {
    let door = Door::open().await;
    let app = door.house.app("shop").await;
    let ona = door.house.person("ona").await;
    let grant = door.house.grant(&app, &ona, "wallet").await;
    let answer = door
        .post_as(&app, "/oauth/token", &exchange_body(&grant.code))
        .await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.header("content-type"), "application/json");
    let tokens = answer.json();
    assert_eq!(tokens["token_type"], "Bearer");
    assert_eq!(tokens["expires_in"], 3600);
    assert_eq!(tokens["scope"], "wallet");
    let refresh = tokens["refresh_token"].as_str().expect("a refresh token");
    let answer = door
        .post_as(
            &app,
            "/oauth/token",
            &format!("grant_type=refresh_token&refresh_token={refresh}"),
        )
        .await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let access = answer.json()["access_token"]
        .as_str()
        .expect("an access token")
        .to_owned();
    let answer = door
        .post_as(&app, "/oauth/introspect", &format!("token={access}"))
        .await;
    assert_eq!(answer.json()["active"], true);
    let answer = door
        .post_as(&app, "/oauth/revoke", &format!("token={access}"))
        .await;
    assert_eq!((answer.status.as_u16(), answer.json()), (200, json!({})));
    let answer = door
        .post_as(&app, "/oauth/introspect", &format!("token={access}"))
        .await;
    assert_eq!(answer.json(), json!({"active": false}));
    let told: Introspection = serde_json::from_value(answer.json()).expect("the wire type");
    assert_eq!(told, Introspection::inactive());
}

#[tokio::test]
async fn row_10_and_11_a_replayed_code_over_http() {
    let door = Door::open().await;
    let app = door.house.app("shop").await;
    let ona = door.house.person("ona").await;
    let grant = door.house.grant(&app, &ona, "wallet").await;
    let first = door
        .post_as(&app, "/oauth/token", &exchange_body(&grant.code))
        .await
        .json();
    door.post_as(&app, "/oauth/token", &exchange_body(&grant.code))
        .await
        .assert_error(400, "invalid_grant");
    let access = first["access_token"].as_str().expect("an access token");
    let answer = door
        .post_as(&app, "/oauth/introspect", &format!("token={access}"))
        .await;
    assert_eq!(answer.json(), json!({"active": false}));
}

#[tokio::test]
async fn row_26_codes_tokens_and_secrets_in_the_url_are_refused() {
    let door = Door::open().await;
    let app = door.house.app("shop").await;
    let ona = door.house.person("ona").await;
    let grant = door.house.grant(&app, &ona, "wallet").await;
    for query in [
        format!("code={}", grant.code),
        "client_secret=x".to_owned(),
        "%63ode=x".to_owned(),
    ] {
        let path = format!("/oauth/token?{query}");
        door.post_as(&app, &path, &exchange_body(&grant.code))
            .await
            .assert_error(400, "invalid_request");
    }
    for path in ["/oauth/revoke?token=x", "/oauth/introspect?token=x"] {
        door.post_as(&app, path, "token=x")
            .await
            .assert_error(400, "invalid_request");
    }
    // By GET there is nothing at all.
    let answer = door
        .get(&format!("/oauth/token?{}", exchange_body(&grant.code)))
        .await;
    answer.assert_error(405, "invalid_request");
    assert_eq!(answer.header("allow"), "POST");
    let answer = door
        .post_as(&app, "/oauth/token", &exchange_body(&grant.code))
        .await;
    assert_eq!(answer.status, 200, "none of them has used the code up");
}

#[tokio::test]
async fn row_28_a_persons_password_is_no_grant() {
    let door = Door::open().await;
    let app = door.house.app("shop").await;
    let answer = door
        .post_as(
            &app,
            "/oauth/token",
            "grant_type=password&username=ona&password=x",
        )
        .await;
    answer.assert_error(400, "unsupported_grant_type");
}

#[tokio::test]
async fn row_29_a_secret_in_two_places_is_refused_and_a_401_names_the_scheme() {
    let door = Door::open().await;
    let app = door.house.app("shop").await;
    let secret = app.secret.clone().expect("a secret");
    let form = format!("grant_type=client_credentials&client_id=shop&client_secret={secret}");
    assert_eq!(door.post("/oauth/token", &[], &form).await.status, 200);
    door.post_as(&app, "/oauth/token", &form)
        .await
        .assert_error(400, "invalid_request");
    let answer = door
        .post(
            "/oauth/token",
            &[],
            "grant_type=client_credentials&client_id=shop",
        )
        .await;
    answer.assert_error(401, "invalid_client");
    assert!(
        answer
            .header("www-authenticate")
            .starts_with("Basic realm=")
    );
    let answer = door
        .post("/oauth/token", &[], "grant_type=client_credentials")
        .await;
    answer.assert_error(401, "invalid_client");
    let header = basic("shop", &secret);
    let headers = [
        ("authorization", header.as_str()),
        ("authorization", header.as_str()),
    ];
    let answer = door
        .post("/oauth/token", &headers, "grant_type=client_credentials")
        .await;
    answer.assert_error(400, "invalid_request");
}

#[tokio::test]
async fn row_30_too_many_wrong_secrets_are_answered_with_429_and_a_time_to_wait() {
    let door = Door::open().await;
    let app = door.house.app("shop").await;
    let wrong = basic("shop", "wrong");
    let mut last = None;
    for _ in 0..60 {
        let answer = door
            .post(
                "/oauth/token",
                &[("authorization", &wrong)],
                "grant_type=client_credentials",
            )
            .await;
        last = Some(answer);
    }
    let last = last.expect("an answer");
    assert_eq!(last.status, 429, "{}", last.text());
    assert!(
        last.header("retry-after")
            .parse::<u64>()
            .is_ok_and(|seconds| seconds > 0)
    );
    assert_not_cached(&last);
    let answer = door
        .post_as(&app, "/oauth/token", "grant_type=client_credentials")
        .await;
    assert_eq!(answer.status, 200, "the genuine client");
}

#[tokio::test]
async fn row_39_duplicate_parameters_are_refused() {
    let door = Door::open().await;
    let app = door.house.app("shop").await;
    let ona = door.house.person("ona").await;
    let grant = door.house.grant(&app, &ona, "wallet").await;
    let body = exchange_body(&grant.code);
    for twice in [
        "grant_type=authorization_code",
        "code=x",
        "code_verifier=x",
        "redirect_uri=x",
        "extra=1&extra=2",
    ] {
        let answer = door
            .post_as(&app, "/oauth/token", &format!("{body}&{twice}"))
            .await;
        answer.assert_error(400, "invalid_request");
    }
    let form = "grant_type=client_credentials&client_id=shop&client_id=shop";
    door.post("/oauth/token", &[], form)
        .await
        .assert_error(400, "invalid_request");
    for path in ["/oauth/revoke", "/oauth/introspect"] {
        door.post_as(&app, path, "token=a&token=b")
            .await
            .assert_error(400, "invalid_request");
        door.post_as(&app, path, "")
            .await
            .assert_error(400, "invalid_request");
    }
    let answer = door
        .post_as(&app, "/oauth/token", &format!("{body}&unknown=1"))
        .await;
    assert_eq!(
        answer.status, 200,
        "an unknown parameter is ignored (RFC 6749 section 3.2)"
    );
}

#[tokio::test]
async fn row_49_a_strangers_token_looks_like_an_unknown_one() {
    let door = Door::open().await;
    let (app, other) = (door.house.app("shop").await, door.house.app("other").await);
    let ona = door.house.person("ona").await;
    let tokens = door.house.tokens(&app, &ona, "wallet").await;
    let unknown = door
        .post_as(&other, "/oauth/introspect", "token=unknown")
        .await;
    for token in [access_token(&tokens), refresh_token(&tokens)] {
        let answer = door
            .post_as(&other, "/oauth/introspect", &format!("token={token}"))
            .await;
        assert_eq!(
            (answer.status, answer.body),
            (unknown.status, unknown.body.clone())
        );
    }
    door.post(
        "/oauth/introspect",
        &[],
        &format!("token={}", access_token(&tokens)),
    )
    .await
    .assert_error(401, "invalid_client");
    let public = door.house.public_app("phone").await;
    let form = format!("client_id={}&token=x", public.id);
    door.post("/oauth/introspect", &[], &form)
        .await
        .assert_error(401, "invalid_client");
    assert_eq!(door.post("/oauth/revoke", &[], &form).await.status, 200);
}

#[tokio::test]
async fn row_56_answers_with_tokens_or_about_them_are_never_cached() {
    let door = Door::open().await;
    let app = door.house.app("shop").await;
    for (path, form, status) in [
        ("/oauth/token", "grant_type=client_credentials", 200),
        ("/oauth/token", "grant_type=nonsense", 400),
        ("/oauth/introspect", "token=x", 200),
        ("/oauth/revoke", "token=x", 200),
    ] {
        let answer = door.post_as(&app, path, form).await;
        assert_eq!(answer.status.as_u16(), status, "{path} {form}");
        assert_not_cached(&answer);
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("referrer-policy"), "no-referrer");
        assert_eq!(answer.header("x-trace-id").len(), 9);
    }
}

#[tokio::test]
async fn only_forms_are_read() {
    let door = Door::open().await;
    let app = door.house.app("shop").await;
    let header = basic("shop", app.secret.as_deref().expect("a secret"));
    for kind in ["application/json", "text/plain", "multipart/form-data", ""] {
        let request = http::Request::post("/oauth/token")
            .header("content-type", kind)
            .header("authorization", &header)
            .body(axum::body::Body::from("grant_type=client_credentials"))
            .expect("a request");
        door.send(request)
            .await
            .assert_error(400, "invalid_request");
    }
    let request = http::Request::post("/oauth/token")
        .header(
            "content-type",
            "Application/X-WWW-Form-Urlencoded; charset=UTF-8",
        )
        .header("authorization", &header)
        .body(axum::body::Body::from("grant_type=client_credentials"))
        .expect("a request");
    assert_eq!(door.send(request).await.status, 200);
    for body in ["grant_type=%", "grant_type=%ff"] {
        door.post_as(&app, "/oauth/token", body)
            .await
            .assert_error(400, "invalid_request");
    }
}

#[tokio::test]
async fn row_55_scripts_of_any_origin_may_get_tokens_but_never_with_cookies() {
    let door = Door::open().await;
    let preflight = |path: &str| {
        http::Request::options(path)
            .header("origin", "https://spa.example")
            .header("access-control-request-method", "POST")
            .body(axum::body::Body::empty())
            .expect("a request")
    };
    for path in ["/oauth/token", "/oauth/revoke"] {
        let answer = door.send(preflight(path)).await;
        assert_eq!(answer.header("access-control-allow-origin"), "*", "{path}");
        assert!(
            !answer
                .headers
                .contains_key("access-control-allow-credentials"),
            "{path}"
        );
        let refused = door
            .post(path, &[("origin", "https://spa.example")], "token=x")
            .await;
        assert_eq!(
            refused.header("access-control-allow-origin"),
            "*",
            "errors can be read too: {path}"
        );
    }
    for path in [
        "/.well-known/oauth-authorization-server",
        "/.well-known/jwks.json",
    ] {
        let request = http::Request::get(path).header("origin", "https://spa.example");
        let answer = door
            .send(request.body(axum::body::Body::empty()).expect("a request"))
            .await;
        assert_eq!(answer.header("access-control-allow-origin"), "*", "{path}");
    }
    for path in ["/oauth/authorize", "/oauth/introspect"] {
        let answer = door.send(preflight(path)).await;
        assert_eq!(answer.status, 405, "{path}");
        assert!(
            !answer.headers.contains_key("access-control-allow-origin"),
            "{path}"
        );
    }
}
