//! What stands before resources.

use axum::{Router, body::Body, routing::get};
use endpoints::{
    Endpoints,
    guard::{AccountInformation, Guard, MakeConsent, OrderTransfer, TransferFunds, Wallet},
};
use http::Request;

use crate::{
    door::{Answer, Door, endpoints, send},
    house::{access_token, seconds},
};

/// One route per requirement; each answers with the person behind the token.
fn resources(door: &Door) -> Router {
    fn who<R>(access: &Guard<R>) -> String {
        access
            .user
            .as_ref()
            .map_or_else(|| "nobody".to_owned(), ToString::to_string)
    }
    let routes: Router<Endpoints> = Router::new()
        .route(
            "/wallet",
            get(|access: Guard<Wallet>| async move { who(&access) }),
        )
        .route(
            "/pay",
            get(|access: Guard<TransferFunds>| async move { who(&access) }),
        )
        .route(
            "/accounts",
            get(|access: Guard<AccountInformation>| async move { who(&access) }),
        )
        .route(
            "/consents",
            get(|access: Guard<MakeConsent>| async move { who(&access) }),
        )
        .route(
            "/orders",
            get(|access: Guard<OrderTransfer>| async move { who(&access) }),
        );
    endpoints::serve(routes, endpoints(&door.house))
}

async fn ask(router: &Router, path: &str, headers: &[&str]) -> Answer {
    let mut request = Request::get(path);
    for value in headers {
        request = request.header("authorization", *value);
    }
    send(router, request.body(Body::empty()).expect("a request")).await
}

#[tokio::test]
async fn a_good_token_opens_what_its_scope_names() {
    let door = Door::open().await;
    let router = resources(&door);
    let app = door.house.app("shop").await;
    let ona = door.house.person("ona").await;
    for (scope, open) in [
        ("wallet", vec!["/wallet"]),
        ("transferFunds", vec!["/pay", "/orders"]),
        ("transferFunds:transfer-1", vec!["/pay"]),
        ("ais", vec!["/accounts", "/consents"]),
        ("AIS:consent-1", vec!["/accounts"]),
        (
            "wallet transferFunds ais",
            vec!["/wallet", "/pay", "/accounts", "/consents", "/orders"],
        ),
    ] {
        let tokens = door.house.tokens(&app, &ona, scope).await;
        let header = format!("Bearer {}", access_token(&tokens));
        for path in ["/wallet", "/pay", "/accounts", "/consents", "/orders"] {
            let answer = ask(&router, path, &[&header]).await;
            if open.contains(&path) {
                assert_eq!(
                    (answer.status.as_u16(), answer.text()),
                    (200, ona.to_string()),
                    "{scope} {path}"
                );
            } else {
                answer.assert_error(403, "insufficient_scope");
                let challenge = answer.header("www-authenticate");
                assert!(
                    challenge.contains("error=\"insufficient_scope\"")
                        && challenge.contains("scope=\"")
                );
            }
        }
    }
}

#[tokio::test]
async fn a_token_without_a_person_opens_only_the_making_of_consents_and_orders() {
    let door = Door::open().await;
    let router = resources(&door);
    let app = door.house.app("shop").await;
    let own = door
        .house
        .token(&app, &[("grant_type", "client_credentials")])
        .await
        .expect("a token");
    let header = format!("Bearer {}", access_token(&own));
    for path in ["/wallet", "/pay", "/accounts"] {
        ask(&router, path, &[&header])
            .await
            .assert_error(403, "insufficient_scope");
    }
    for path in ["/consents", "/orders"] {
        assert_eq!(ask(&router, path, &[&header]).await.text(), "nobody");
    }
}

#[tokio::test]
async fn no_token_and_bad_tokens_get_the_challenge_of_their_dialect() {
    let door = Door::open().await;
    let router = resources(&door);
    let app = door.house.app("shop").await;
    let ona = door.house.person("ona").await;
    let tokens = door.house.tokens(&app, &ona, "wallet").await;
    let good = format!("Bearer {}", access_token(&tokens));
    let answer = ask(&router, "/wallet", &[]).await;
    assert_eq!(answer.status, 401);
    assert_eq!(
        answer.header("www-authenticate"),
        "Bearer realm=\"countersign\""
    );
    let unknown = format!("{}x", &good[..good.len() - 1]);
    for header in ["Bearer unknown", unknown.as_str()] {
        let answer = ask(&router, "/wallet", &[header]).await;
        answer.assert_error(401, "invalid_token");
        assert!(
            answer
                .header("www-authenticate")
                .contains("error=\"invalid_token\"")
        );
    }
    ask(&router, "/wallet", &["Bearer"])
        .await
        .assert_error(400, "invalid_request");
    ask(&router, "/wallet", &[&good, &good])
        .await
        .assert_error(400, "invalid_request");
    let refresh = format!("Bearer {}", crate::house::refresh_token(&tokens));
    ask(&router, "/wallet", &[&refresh])
        .await
        .assert_error(401, "invalid_token");
    assert_eq!(ask(&router, "/wallet", &[&good]).await.status, 200);
    door.house.later(seconds(3_600));
    ask(&router, "/wallet", &[&good])
        .await
        .assert_error(401, "invalid_token");
}

#[tokio::test]
async fn row_26_an_access_token_in_the_query_is_refused() {
    let door = Door::open().await;
    let router = resources(&door);
    let app = door.house.app("shop").await;
    let ona = door.house.person("ona").await;
    let token = access_token(&door.house.tokens(&app, &ona, "wallet").await);
    for query in [
        format!("access_token={token}"),
        format!("a=b&%61ccess_token={token}"),
    ] {
        let answer = ask(&router, &format!("/wallet?{query}"), &[]).await;
        answer.assert_error(400, "invalid_request");
        let with_header = ask(
            &router,
            &format!("/wallet?{query}"),
            &[&format!("Bearer {token}")],
        )
        .await;
        with_header.assert_error(400, "invalid_request");
    }
}
