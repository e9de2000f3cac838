//! Secrets in the address of the authorize endpoint, and the tutorial's answers, over the real router.

use std::collections::BTreeSet;

use protocol::{
    client::DialectName,
    secret::{ClientSecret, Secret},
};
use store::clients::ClientRecord;

use crate::{
    door::{Answer, Door},
    house::{App, CHALLENGE, REDIRECT_URI},
    logs::captured,
};

/// A secret that is none, but looks like one of ours.
fn wrong() -> String {
    Secret::<ClientSecret>::mint([77; 32]).expose().to_owned()
}

fn into_the_dialect(record: &mut ClientRecord) {
    record.client.dialects.push(DialectName::Tutorial);
}

/// Everything that a browser could tell two answers apart by, but for references and random ids.
fn appearance(answer: &Answer) -> String {
    let names: BTreeSet<&str> = answer.headers.keys().map(|name| name.as_str()).collect();
    let location = answer.header("location");
    let location = match location.strip_prefix("/authorize/") {
        Some(id) => format!("/authorize/<{}>", id.len()),
        None => location.to_owned(),
    };
    let cookie = answer.header("set-cookie");
    let body = answer.text();
    let trace = answer.header("x-trace-id");
    let body = match trace {
        "" => body,
        trace => body.replace(trace, "<trace>"),
    };
    format!(
        "{} {names:?} {location} {} {body}",
        answer.status,
        cookie.len()
    )
}

impl Door {
    async fn arrive(&self, app: &App, secret: Option<&str>, words: &str) -> Answer {
        let secret = secret.map_or_else(String::new, |secret| format!("client_secret={secret}&"));
        let id = &app.id;
        self.get(&format!("/oauth/authorize?client_id={id}&{secret}{words}"))
            .await
    }

    /// Everything that lies in the folder of the database, as text.
    fn on_disk(&self) -> String {
        let folder = self.db.folder().expect("a folder");
        let mut text = String::new();
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let bytes = std::fs::read(entry.expect("a file").path()).expect("a file");
            text += &String::from_utf8_lossy(&bytes);
        }
        text
    }
}

fn standard() -> String {
    format!(
        "response_type=code&redirect_uri={REDIRECT_URI}&scope=wallet&code_challenge={CHALLENGE}\
         &code_challenge_method=S256"
    )
}

fn own() -> String {
    format!("scope=transferFunds,wallet&callbackURL={REDIRECT_URI}")
}

#[tokio::test]
async fn an_exposed_secret_is_a_page_that_tells_right_from_wrong_to_nobody() {
    let door = Door::open().await;
    let app = door.house.app("shop").await;
    let right = app.secret.clone().expect("a secret");
    let mut seen = BTreeSet::new();
    for words in [standard(), own(), String::new()] {
        for secret in [
            wrong(),
            right.clone(),
            right.clone(),
            "amazon123".to_owned(),
        ] {
            let answer = door.arrive(&app, Some(&secret), &words).await;
            assert_eq!(answer.status, 400, "{}", answer.text());
            assert_eq!(answer.header("location"), "", "never a redirect");
            assert_eq!(answer.header("set-cookie"), "");
            assert_eq!(answer.header("cache-control"), "no-store");
            assert_eq!(answer.header("referrer-policy"), "no-referrer");
            assert!(answer.text().contains("secret_exposed"));
            seen.insert(appearance(&answer));
        }
    }
    assert_eq!(seen.len(), 1, "{seen:#?}");
    // By POST too, wherever in the request the secret stands.
    for (path, body) in [
        (
            "/oauth/authorize".to_owned(),
            format!("client_id=shop&client_secret={right}"),
        ),
        (
            format!("/oauth/authorize?client_secret={right}"),
            "client_id=shop".to_owned(),
        ),
    ] {
        let answer = door.post(&path, &[], &body).await;
        assert_eq!(answer.status, 400, "{}", answer.text());
        seen.insert(appearance(&answer));
    }
    assert_eq!(seen.len(), 1, "{seen:#?}");
    door.post_as(
        &app,
        "/oauth/token",
        "grant_type=client_credentials&scope=wallet",
    )
    .await
    .assert_error(401, "invalid_client");
}

#[tokio::test]
async fn in_the_dialect_right_wrong_and_no_secret_lead_to_the_same_clean_address() {
    let door = Door::open().await;
    let app = door.house.app_with("amazon", into_the_dialect).await;
    let right = app.secret.clone().expect("a secret");
    let working = door.house.another_secret(&app, None).await;
    let mut seen = BTreeSet::new();
    for secret in [
        None,
        Some("amazon123"),
        Some(right.as_str()),
        Some(right.as_str()),
        Some(&wrong()),
    ] {
        let answer = door.arrive(&app, secret, &own()).await;
        assert_eq!(answer.status, 303, "{}", answer.text());
        assert!(answer.header("location").starts_with("/authorize/"));
        assert_eq!(answer.header("cache-control"), "no-store");
        assert_eq!(answer.header("referrer-policy"), "no-referrer");
        seen.insert(appearance(&answer));
    }
    assert_eq!(seen.len(), 1, "{seen:#?}");
    let own_token = "grant_type=client_credentials&scope=wallet";
    let refused = door.post_as(&app, "/oauth/token", own_token).await;
    refused.assert_error(401, "invalid_client");
    let answer = door.post_as(&working, "/oauth/token", own_token).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
}

#[tokio::test]
async fn the_exchange_takes_the_secret_in_the_body_or_the_header_by_post_only() {
    let door = Door::open().await;
    let app = door.house.app_with("amazon", into_the_dialect).await;
    let secret = app.secret.clone().expect("a secret");
    let ona = door.house.person("ona").await;
    for in_header in [true, false] {
        let grant = door
            .house
            .grant_with(&app, &ona, "wallet", |_, code| code.challenge = None)
            .await;
        let form = format!("authorizationToken={}", grant.code);
        let path = "/oauth/token";
        let answer = door.get(&format!("{path}?{form}")).await;
        assert_eq!(answer.status, 405);
        let both = format!("{form}&code={}", grant.code);
        let answer = door.post_as(&app, path, &both).await;
        answer.assert_error(400, "invalid_request");
        assert_eq!(answer.json()["errorCode"], "invalid_request");
        assert_eq!(answer.json()["traceId"], answer.json()["trace_id"]);
        let answer = match in_header {
            true => door.post_as(&app, path, &form).await,
            false => {
                let body = format!("client_id=amazon&client_secret={secret}&{form}");
                door.post(path, &[], &body).await
            }
        };
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert_eq!(answer.header("cache-control"), "no-store");
        let tokens = answer.json();
        let names: BTreeSet<&str> = tokens
            .as_object()
            .expect("an object")
            .keys()
            .map(String::as_str)
            .collect();
        let expected = [
            "accessToken",
            "consentId",
            "expiresIn",
            "expiry",
            "refreshToken",
            "scope",
            "tokenType",
        ];
        assert_eq!(names, expected.into());
        let refresh = format!(
            "refreshToken={}",
            tokens["refreshToken"].as_str().expect("one")
        );
        let answer = door.post_as(&app, path, &refresh).await;
        assert!(
            answer.json()["accessToken"].is_string(),
            "{}",
            answer.text()
        );
    }
}

/// Rows 26 and 58: nothing of it in what is stored, logged or shown.
#[tokio::test]
async fn row_58_a_secret_in_the_address_is_in_no_log_no_row_and_no_page() {
    let log = captured();
    let door = Door::open().await;
    let shop = door.house.app("shop").await;
    let amazon = door.house.app_with("amazon", into_the_dialect).await;
    let mut secrets = vec!["hunter2-amazon123".to_owned(), wrong()];
    secrets.extend([&shop, &amazon].map(|app| app.secret.clone().expect("a secret")));
    let mut pages = String::new();
    for app in [&shop, &amazon] {
        for secret in &secrets {
            for words in [standard(), own(), "scope=everything".to_owned()] {
                let answer = door.arrive(app, Some(secret), &words).await;
                pages += &format!("{:?}{}", answer.headers, answer.text());
                // Written in another way, twice, and under a client that nobody knows.
                for query in [
                    format!("client_id={}&client%5Fsecret={secret}&{words}", app.id),
                    format!(
                        "client_id={}&client_secret={secret}&client_secret=x",
                        app.id
                    ),
                    format!("client_id=nobody&client_secret={secret}"),
                    format!("client_secret={secret}&client_id=%zz"),
                ] {
                    let answer = door.get(&format!("/oauth/authorize?{query}")).await;
                    pages += &format!("{:?}{}", answer.headers, answer.text());
                }
            }
        }
    }
    door.house.engine.flush_requests().await.expect("a log");
    let (log, disk) = (log.text(), door.on_disk());
    assert!(disk.contains("secret_exposed") && disk.contains("client.secret_exposed"));
    assert!(
        disk.contains("client_secret"),
        "its name is logged, and its length"
    );
    for secret in &secrets {
        for (place, text) in [("log", &log), ("database", &disk), ("page", &pages)] {
            assert!(
                !text.contains(secret.as_str()),
                "{}… in a {place}",
                &secret[..9]
            );
        }
    }
}
