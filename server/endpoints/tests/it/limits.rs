//! Row 59: requests that bring too much or take too long.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use axum::body::{Body, Bytes, HttpBody};
use http::{Request, header};

use crate::door::Door;

/// A body that never comes.
struct Never;

impl HttpBody for Never {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<Bytes>, Self::Error>>> {
        Poll::Pending
    }
}

#[tokio::test]
async fn row_59_a_body_over_64_kb_is_refused_with_413() {
    let door = Door::open().await;
    let app = door.house.app("shop").await;
    for path in ["/oauth/token", "/oauth/revoke", "/oauth/introspect"] {
        let most = format!("a={}", "x".repeat(64 * 1024 - 2));
        let answer = door.post_as(&app, path, &most).await;
        assert_eq!(answer.status, 400, "64 KB are read: {path}");
        let answer = door.post_as(&app, path, &format!("{most}x")).await;
        answer.assert_error(413, "invalid_request");
        // Announced: refused before it comes.
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::CONTENT_LENGTH, "65537")
            .body(Body::new(Never))
            .expect("a request");
        door.send(request)
            .await
            .assert_error(413, "invalid_request");
    }
    let answer = door
        .post("/oauth/authorize", &[], &"a".repeat(64 * 1024 + 1))
        .await;
    assert_eq!(answer.status, 413);
}

#[tokio::test]
async fn row_59_a_body_that_does_not_come_is_given_up_with_408() {
    let door = Door::open().await;
    // From here on the runtime's clock runs ahead when everybody waits.
    tokio::time::pause();
    let request = Request::post("/oauth/token")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::new(Never))
        .expect("a request");
    let begun = tokio::time::Instant::now();
    let answer = door.send(request).await;
    answer.assert_error(408, "invalid_request");
    assert_eq!(begun.elapsed().as_secs(), 30);
}

#[tokio::test]
async fn row_59_more_than_a_hundred_parameters_are_refused_with_400() {
    let door = Door::open().await;
    let app = door.house.app("shop").await;
    let parameters =
        |count: usize| -> String { (0..count).map(|number| format!("&p{number}=1")).collect() };
    let most = format!("grant_type=client_credentials{}", parameters(99));
    assert_eq!(door.post_as(&app, "/oauth/token", &most).await.status, 200);
    let over = format!("grant_type=client_credentials{}", parameters(100));
    door.post_as(&app, "/oauth/token", &over)
        .await
        .assert_error(400, "invalid_request");
    let answer = door
        .get(&format!(
            "/oauth/authorize?client_id=shop{}",
            parameters(100)
        ))
        .await;
    assert_eq!(answer.status, 400);
    assert_eq!(answer.json()["kind"], "incomplete");
}
