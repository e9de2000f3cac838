//! Errors: one shape, one reference everywhere, and never a panic page.

use axum::{Router, body::Body, routing::get};
use endpoints::{Endpoints, Failure};
use http::{Method, Request};

use crate::{
    door::{Door, endpoints, send},
    logs,
};

async fn panics() -> &'static str {
    panic!("a mistake in a handler")
}

async fn is_busy() -> Result<&'static str, Failure> {
    Err(Failure::busy("the database is locked"))
}

fn odd_routes(door: &Door) -> Router {
    let routes: Router<Endpoints> = Router::new()
        .route("/panics", get(panics))
        .route("/busy", get(is_busy));
    endpoints::serve(routes, endpoints(&door.house))
}

fn ask(path: &str) -> Request<Body> {
    Request::get(path).body(Body::empty()).expect("a request")
}

#[tokio::test]
async fn a_panic_is_an_answer_with_a_reference_that_stands_in_the_log() {
    let log = logs::captured();
    let door = Door::open().await;
    let answer = send(&odd_routes(&door), ask("/panics")).await;
    answer.assert_error(500, "server_error");
    assert!(
        !answer.text().contains("mistake"),
        "the reason is not for the caller"
    );
    let trace = answer.header("x-trace-id");
    let lines = log.lines_with(trace);
    assert!(
        lines
            .iter()
            .any(|line| line.contains("a mistake in a handler")),
        "{lines:?}"
    );
}

#[tokio::test]
async fn a_busy_store_is_a_503_that_says_when_to_come_again() {
    let door = Door::open().await;
    let answer = send(&odd_routes(&door), ask("/busy")).await;
    answer.assert_error(503, "temporarily_unavailable");
    assert_eq!(answer.header("retry-after"), "1");
    // Of the token endpoint too.
    let app = door.house.app("shop").await;
    door.db.store.close().await;
    let answer = door
        .post_as(&app, "/oauth/token", "grant_type=client_credentials")
        .await;
    answer.assert_error(503, "temporarily_unavailable");
}

#[tokio::test]
async fn the_reference_of_a_refusal_leads_to_the_true_reason_in_the_log() {
    let log = logs::captured();
    let door = Door::open().await;
    let app = door.house.app("shop").await;
    let ona = door.house.person("ona").await;
    let grant = door.house.grant(&app, &ona, "wallet").await;
    door.house.later(std::time::Duration::from_secs(61));
    let form = format!(
        "grant_type=authorization_code&code={}&redirect_uri={}&code_verifier={}",
        grant.code,
        crate::house::REDIRECT_URI,
        crate::house::VERIFIER
    );
    let answer = door.post_as(&app, "/oauth/token", &form).await;
    answer.assert_error(400, "invalid_grant");
    assert!(
        !answer.text().contains("the code has expired"),
        "eight causes, one sentence"
    );
    let lines = log.lines_with(answer.header("x-trace-id"));
    assert!(
        lines
            .iter()
            .any(|line| line.contains("client shop: the code has expired")),
        "{lines:?}"
    );
}

#[tokio::test]
async fn wrong_methods_are_refused_with_the_right_ones() {
    let door = Door::open().await;
    for (method, path, allowed) in [
        (Method::GET, "/oauth/token", "POST"),
        (Method::DELETE, "/oauth/token", "POST"),
        (Method::PUT, "/oauth/introspect", "POST"),
        (Method::GET, "/oauth/revoke", "POST"),
        (Method::POST, "/healthz", "GET,HEAD"),
        (
            Method::POST,
            "/.well-known/oauth-authorization-server",
            "GET,HEAD",
        ),
        (Method::OPTIONS, "/oauth/introspect", "POST"),
    ] {
        let answer = door.request(method.clone(), path).await;
        answer.assert_error(405, "invalid_request");
        assert_eq!(answer.header("allow"), allowed, "{method} {path}");
    }
    let answer = door.request(Method::HEAD, "/oauth/token").await;
    assert_eq!((answer.status.as_u16(), answer.body.len()), (405, 0));
}
