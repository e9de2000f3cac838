//! The front channel's first step over HTTP.

use http::Method;

use crate::{
    door::Door,
    house::{CHALLENGE, REDIRECT_URI},
};

fn query(change: impl FnOnce(&mut Vec<(&str, String)>)) -> String {
    let mut pairs = vec![
        ("client_id", "shop".to_owned()),
        ("redirect_uri", REDIRECT_URI.to_owned()),
        ("response_type", "code".to_owned()),
        ("scope", "wallet".to_owned()),
        ("state", "s%20t".to_owned()),
        ("code_challenge", CHALLENGE.to_owned()),
        ("code_challenge_method", "S256".to_owned()),
    ];
    change(&mut pairs);
    pairs
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect::<Vec<_>>()
        .join("&")
}

fn set(pairs: &mut Vec<(&str, String)>, name: &str, value: &str) {
    for pair in pairs.iter_mut().filter(|(known, _)| *known == name) {
        pair.1 = value.to_owned();
    }
}

#[tokio::test]
async fn an_accepted_request_goes_to_its_page_with_a_cookie_and_writes_nothing() {
    let door = Door::open().await;
    door.house.app("shop").await;
    let writes = door.house.store.writes();
    for number in 0..3 {
        let answer = if number == 0 {
            door.get(&format!("/oauth/authorize?{}", query(|_| {})))
                .await
        } else {
            door.post("/oauth/authorize", &[], &query(|_| {})).await
        };
        assert_eq!(answer.status, 303, "{}", answer.text());
        let id = answer
            .header("location")
            .strip_prefix("/authorize/")
            .expect("a page of ours");
        let cookie = answer.header("set-cookie");
        assert!(cookie.starts_with(&format!("cs_i_{id}=")), "{cookie}");
        assert!(
            cookie.contains("; HttpOnly; SameSite=Lax; Max-Age="),
            "{cookie}"
        );
        assert_eq!(answer.header("cache-control"), "no-store");
        assert_eq!(answer.header("referrer-policy"), "no-referrer");
    }
    assert_eq!(door.house.store.writes(), writes);
}

#[tokio::test]
async fn row_19_every_error_that_goes_back_carries_iss_and_state() {
    let door = Door::open().await;
    door.house
        .app_with("shop", |record| {
            record.client.profile.reviewed_at = Some(crate::house::START)
        })
        .await;
    for (name, value, error) in [
        ("response_type", "token", "unsupported_response_type"),
        ("scope", "everything", "invalid_scope"),
        ("code_challenge_method", "plain", "invalid_request"),
        ("code_challenge", "", "invalid_request"),
    ] {
        let answer = door
            .get(&format!(
                "/oauth/authorize?{}",
                query(|pairs| set(pairs, name, value))
            ))
            .await;
        assert_eq!(answer.status, 303, "{name}: {}", answer.text());
        let location = answer.header("location");
        assert!(
            location.starts_with(&format!("{REDIRECT_URI}?error={error}")),
            "{location}"
        );
        assert!(
            location.contains("iss=http%3A%2F%2F127.0.0.1%3A3000"),
            "{location}"
        );
        assert!(
            location.contains("state=s%20t") || location.contains("state=s+t"),
            "{location}"
        );
        assert!(
            !location.contains('#') || location.contains("%23"),
            "{location}"
        );
    }
}

#[tokio::test]
async fn row_01_an_address_that_is_not_registered_gets_a_page_and_never_a_redirect() {
    let door = Door::open().await;
    door.house.app("shop").await;
    for uri in [
        "https://shop.example/callback/",
        "https://shop.example/callbac",
        "https://shop.example/callback/../x",
        "https://shop.example@evil.example/callback",
        "https://shop.example%252Fcallback",
        "https://SHOP.example/callback",
        "https://shop.example:443/callback",
        "https://evil.shop.example/callback",
        "javascript:alert(1)",
        "/callback",
    ] {
        let answer = door
            .get(&format!(
                "/oauth/authorize?{}",
                query(|pairs| set(pairs, "redirect_uri", uri))
            ))
            .await;
        assert_eq!(answer.status, 400, "{uri}");
        assert!(answer.header("location").is_empty(), "{uri}");
        let view = answer.json();
        assert_eq!(view["kind"], "wrong_redirect", "{uri}");
        assert_eq!(
            answer.header("x-trace-id"),
            view["trace"],
            "the page's reference is the header's"
        );
        assert_eq!(answer.header("x-error-ref"), view["trace"]);
    }
    let answer = door.get("/oauth/authorize").await;
    assert_eq!(
        (answer.status.as_u16(), answer.json()["kind"].as_str()),
        (400, Some("incomplete"))
    );
    let answer = door.get("/oauth/authorize?client_id=%ff").await;
    assert_eq!(
        (answer.status.as_u16(), answer.json()["kind"].as_str()),
        (400, Some("incomplete"))
    );
    assert_eq!(
        door.request(Method::DELETE, "/oauth/authorize")
            .await
            .status,
        405
    );
}

#[tokio::test]
async fn row_39_duplicate_parameters_of_an_authorize_request_are_refused() {
    let door = Door::open().await;
    door.house
        .app_with("shop", |record| {
            record.client.profile.reviewed_at = Some(crate::house::START)
        })
        .await;
    let answer = door
        .get(&format!(
            "/oauth/authorize?{}&client_id=other",
            query(|_| {})
        ))
        .await;
    assert_eq!(answer.status, 400);
    let answer = door
        .get(&format!(
            "/oauth/authorize?{}&redirect_uri={REDIRECT_URI}",
            query(|_| {})
        ))
        .await;
    assert_eq!(answer.status, 400);
    for twice in ["scope=wallet", "code_challenge=x", "response_type=code"] {
        let answer = door
            .get(&format!("/oauth/authorize?{}&{twice}", query(|_| {})))
            .await;
        assert_eq!(answer.status, 303, "{twice}");
        assert!(
            answer.header("location").contains("error=invalid_request"),
            "{twice}"
        );
    }
}
