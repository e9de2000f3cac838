//! What is logged by everything in this binary, at debug level; and row 58: no secret among it.

use std::{
    io,
    sync::{Arc, Mutex, OnceLock},
};

use tracing_subscriber::fmt::MakeWriter;

use crate::{
    door::Door,
    house::{REDIRECT_URI, VERIFIER},
};

/// Everything that was logged so far.
#[derive(Clone, Default)]
pub struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().expect("a log")).into_owned()
    }

    pub fn lines_with(&self, word: &str) -> Vec<String> {
        assert!(!word.is_empty());
        self.text()
            .lines()
            .filter(|line| line.contains(word))
            .map(str::to_owned)
            .collect()
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("a log").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// Begins to log, if nobody has yet.
pub fn captured() -> &'static Log {
    static LOG: OnceLock<Log> = OnceLock::new();
    LOG.get_or_init(|| {
        let log = Log::default();
        tracing_subscriber::fmt()
            .with_max_level(tracing::Level::DEBUG)
            .with_ansi(false)
            .with_writer(log.clone())
            .init();
        log
    })
}

#[tokio::test]
async fn row_58_no_secret_that_was_issued_or_sent_reaches_a_log() {
    let log = captured();
    let door = Door::open().await;
    let app = door.house.app("shop").await;
    let (ona, secret) = (
        door.house.person("ona").await,
        app.secret.clone().expect("a secret"),
    );
    let mut secrets = vec![secret.clone(), VERIFIER.to_owned()];
    let collect = |secrets: &mut Vec<String>, answer: &crate::door::Answer| {
        for name in ["access_token", "refresh_token"] {
            secrets.extend(answer.json()[name].as_str().map(str::to_owned));
        }
    };

    // A whole life: exchange, refresh, repetition, theft, replay.
    let grant = door.house.grant(&app, &ona, "wallet").await;
    secrets.push(grant.code.clone());
    let exchange = format!(
        "grant_type=authorization_code&code={}&redirect_uri={REDIRECT_URI}&code_verifier={VERIFIER}",
        grant.code
    );
    let first = door.post_as(&app, "/oauth/token", &exchange).await;
    collect(&mut secrets, &first);
    let refresh = format!(
        "grant_type=refresh_token&refresh_token={}",
        first.json()["refresh_token"]
            .as_str()
            .expect("a refresh token")
    );
    for seconds in [0, 5, 60] {
        door.house.later(std::time::Duration::from_secs(seconds));
        let answer = door.post_as(&app, "/oauth/token", &refresh).await;
        collect(&mut secrets, &answer);
    }
    door.post_as(&app, "/oauth/token", &exchange)
        .await
        .assert_error(400, "invalid_grant");

    // Mistakes: tokens where they do not belong, guesses, asking and giving back.
    let token = door
        .house
        .tokens(&app, &ona, "wallet")
        .await
        .access_token
        .expose()
        .to_owned();
    secrets.push(token.clone());
    door.post_as(
        &app,
        &format!("/oauth/token?access_token={token}"),
        "grant_type=x",
    )
    .await;
    door.get(&format!(
        "/oauth/authorize?client_id=nobody&code={}",
        grant.code
    ))
    .await;
    door.post(
        "/oauth/token",
        &[],
        &format!("grant_type=client_credentials&client_id=x&client_secret={secret}"),
    )
    .await;
    door.post(
        "/oauth/token",
        &[("authorization", &format!("Bearer {token}"))],
        "grant_type=x",
    )
    .await;
    door.post_as(&app, "/oauth/introspect", &format!("token={token}"))
        .await;
    door.post_as(&app, "/oauth/revoke", &format!("token={token}"))
        .await;
    // Where a developer may put them by mistake.
    for form in [
        format!("grant_type={secret}"),
        format!("grant_type=refresh_token&scope={token}"),
        format!("{token}={secret}"),
        format!("grant_type=client_credentials&redirect_uri=https://a/?t={token}"),
        format!("grant_type=client_credentials&state={secret}&code={token}"),
    ] {
        door.post_as(&app, "/oauth/token", &form).await;
    }
    let query = format!(
        "client_id=shop&scope={token}&prompt={secret}&state={}",
        grant.code
    );
    door.get(&format!("/oauth/authorize?{query}")).await;
    let query = format!("client_id=shop&redirect_uri=https://a.example/?t={token}");
    door.get(&format!("/oauth/authorize?{query}")).await;
    let basic = crate::house::basic("shop", &secret);
    secrets.push(basic.trim_start_matches("Basic ").to_owned());

    let text = log.text();
    assert!(
        text.contains("a request was refused"),
        "the log was captured"
    );
    door.house.engine.flush_requests().await.expect("a log");
    let mut rows = String::new();
    for sql in [
        "SELECT group_concat(id || agent || COALESCE(error, '') || detail, char(10)) FROM request_log",
        "SELECT group_concat(id || lines, char(10)) FROM served_requests",
    ] {
        let found = store::testing::text(door.house.store.reader(), sql).await;
        rows += &found.expect("rows");
    }
    assert!(rows.contains("grant_type"), "requests were logged: {rows}");
    let text = text + &rows;
    assert!(secrets.len() >= 9, "{}", secrets.len());
    for secret in &secrets {
        assert!(
            !text.contains(secret),
            "a secret in the log: {}...",
            &secret[..10]
        );
    }
}
