//! What the developer of an app finds in the request log: for each fault the step at which the
//! request stopped, and never anything secret.

use engine::request_log::{Outcome, RequestDetail, RequestFilter};
use protocol::{
    ids::{ClientId, TraceId},
    trail::{Endpoint, Step, Value, Verdict},
};
use store::requests::RequestOutcome;

use crate::{
    door::{Answer, Door},
    house::{App, CHALLENGE, REDIRECT_URI, VERIFIER, basic, refresh_token, seconds},
};

impl Door {
    /// What the log says of an answered request, asked by the reference in its headers.
    async fn logged(&self, app: &App, answer: &Answer) -> RequestDetail {
        self.house.engine.flush_requests().await.expect("a log");
        let trace = TraceId::parse(answer.header("x-trace-id")).expect("a reference");
        let clients = [app.id.clone()];
        let found = self.house.engine.request_detail(&clients, trace).await;
        found
            .expect("storage")
            .unwrap_or_else(|| panic!("{trace} is not in the log: {}", answer.text()))
    }

    /// How many requests of an app the log holds.
    async fn lines(&self, app: &App, filter: RequestFilter) -> usize {
        let clients = [app.id.clone()];
        let found = self.house.engine.requests(&clients, &filter, None, 1_000);
        found.await.expect("storage").len()
    }

    /// The step at which a token request stops, and the fault.
    async fn stops(&self, app: &App, form: &str) -> (Option<Step>, String) {
        let answer = self.post_as(app, "/oauth/token", form).await;
        stop(&self.logged(app, &answer).await)
    }
}

/// Where it stopped, after a look at all steps.
fn stop(logged: &RequestDetail) -> (Option<Step>, String) {
    let failed = logged
        .steps
        .iter()
        .position(|taken| taken.verdict == Verdict::Failed);
    for (place, taken) in logged.steps.iter().enumerate() {
        let expected = match failed {
            Some(at) if place == at => Verdict::Failed,
            Some(at) if place > at => Verdict::Stopped,
            _ => Verdict::Passed,
        };
        assert_eq!(taken.verdict, expected, "{:?}", logged.steps);
    }
    let fault = logged.detail.fault.clone().unwrap_or_default();
    if !fault.is_empty() {
        assert!(logged.fix.is_some(), "{fault} has no fix");
        assert!(logged.detail.reason.is_some(), "{fault} has no reason");
        assert!(logged.line.error.is_some(), "{fault} has no code");
    }
    (failed.map(|at| logged.steps[at].step), fault)
}

fn exchange(code: &str, change: &[(&str, &str)]) -> String {
    let mut pairs = vec![
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", REDIRECT_URI),
        ("code_verifier", VERIFIER),
    ];
    for (name, value) in change {
        pairs.retain(|(known, _)| known != name);
        pairs.push((name, value));
    }
    let pairs = pairs.iter().filter(|(_, value)| !value.is_empty());
    let pairs: Vec<String> = pairs
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    pairs.join("&")
}

#[tokio::test]
async fn an_exchange_is_told_step_by_step() {
    let door = Door::open().await;
    let app = door.house.app("shop").await;
    let ona = door.house.person("ona").await;
    let grant = door.house.grant(&app, &ona, "wallet").await;
    let header = basic("shop", app.secret.as_deref().expect("a secret"));
    let headers = [
        ("authorization", header.as_str()),
        ("user-agent", "curl/8.14.1"),
        // A clock that is ten seconds behind ours.
        ("date", "Sun, 22 Nov 2026 11:59:50 GMT"),
    ];
    let answer = door
        .post("/oauth/token", &headers, &exchange(&grant.code, &[]))
        .await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let logged = door.logged(&app, &answer).await;
    assert_eq!(stop(&logged), (None, String::new()));
    assert_eq!(logged.steps.len(), 17);
    let line = &logged.line;
    assert_eq!(line.endpoint, Endpoint::Token);
    assert_eq!((line.outcome, line.status), (Outcome::Served, 200));
    assert_eq!((line.agent.as_str(), line.error.as_deref()), ("curl", None));
    assert_eq!(line.at, door.house.now());
    assert_eq!(logged.detail.skew_millis, Some(-10_000));
    let shown: Vec<_> = logged
        .detail
        .parameters
        .iter()
        .map(|parameter| (parameter.name.as_str(), parameter.value.clone()))
        .collect();
    let clear = |text: &str| Value::Clear(text.to_owned());
    assert_eq!(
        shown,
        [
            ("grant_type", clear("authorization_code")),
            ("code", Value::Length(grant.code.len())),
            ("redirect_uri", clear(REDIRECT_URI)),
            ("code_verifier", Value::Length(VERIFIER.len())),
        ]
    );
    assert!(logged.curl.contains("code=\"$CODE\""), "{}", logged.curl);
}

#[tokio::test]
async fn each_fault_of_an_exchange_stops_at_its_step() {
    let door = Door::open().await;
    let (app, other) = (door.house.app("shop").await, door.house.app("other").await);
    let ona = door.house.person("ona").await;
    let fresh = async || door.house.grant(&app, &ona, "wallet").await.code;
    let other_code = door.house.grant(&other, &ona, "wallet").await.code;
    let strange_verifier = VERIFIER.replace('d', "e");
    let unknown = "cs_ac_nonsense";
    let code = fresh().await;
    let table = [
        (
            exchange(&code, &[("x", "1"), ("code", &code)]) + "&x=2",
            Step::Parameters,
            "parameter_twice",
        ),
        (
            exchange(&code, &[("grant_type", "")]),
            Step::Parameters,
            "parameter_missing",
        ),
        (
            exchange(&code, &[("grant_type", "password")]),
            Step::GrantKnown,
            "grant_unknown",
        ),
        (
            exchange("", &[]),
            Step::GrantParameters,
            "parameter_missing",
        ),
        (
            exchange(&code, &[("code_verifier", "short")]),
            Step::GrantParameters,
            "verifier_malformed",
        ),
        (exchange(unknown, &[]), Step::CodeKnown, "code_unknown"),
        (
            exchange(&other_code, &[]),
            Step::CodeClient,
            "code_other_client",
        ),
        (
            exchange(&code, &[("redirect_uri", "")]),
            Step::RedirectUri,
            "code_redirect_missing",
        ),
        (
            exchange(&code, &[("redirect_uri", "https://shop.example/callback/")]),
            Step::RedirectUri,
            "code_redirect_differs",
        ),
        (
            exchange(&code, &[("code_verifier", "")]),
            Step::Pkce,
            "verifier_missing",
        ),
        (
            exchange(&code, &[("code_verifier", &strange_verifier)]),
            Step::Pkce,
            "verifier_wrong",
        ),
    ];
    for (form, step, fault) in table {
        assert_eq!(
            door.stops(&app, &form).await,
            (Some(step), fault.to_owned()),
            "{fault}"
        );
    }
    let form = exchange(&code, &[("redirect_uri", "http://shop.example/callback/")]);
    let answer = door.post_as(&app, "/oauth/token", &form).await;
    let evidence = door.logged(&app, &answer).await.detail.evidence;
    let evidence = evidence.expect("what differs");
    assert_eq!(evidence.expected, REDIRECT_URI);
    assert_eq!(evidence.differences.len(), 2, "{evidence:?}");

    assert_eq!(door.stops(&app, &exchange(&code, &[])).await.0, None);
    let used = door.stops(&app, &exchange(&code, &[])).await;
    assert_eq!(used, (Some(Step::CodeUnused), "code_used".to_owned()));
    let late = fresh().await;
    door.house.later(seconds(85));
    let answer = door
        .post_as(&app, "/oauth/token", &exchange(&late, &[]))
        .await;
    let logged = door.logged(&app, &answer).await;
    assert_eq!(
        stop(&logged),
        (Some(Step::CodeFresh), "code_expired".to_owned())
    );
    let evidence = logged.detail.evidence.expect("how old");
    assert_eq!(evidence.received, "exchanged 25 seconds too late");
}

#[tokio::test]
async fn each_fault_of_a_refresh_stops_at_its_step() {
    let door = Door::open().await;
    let (app, other) = (door.house.app("shop").await, door.house.app("other").await);
    let ona = door.house.person("ona").await;
    let token = refresh_token(&door.house.tokens(&app, &ona, "wallet").await);
    let foreign = refresh_token(&door.house.tokens(&other, &ona, "wallet").await);
    let form = |token: &str| format!("grant_type=refresh_token&refresh_token={token}");
    let table = [
        (
            "grant_type=refresh_token".to_owned(),
            Step::GrantParameters,
            "parameter_missing",
        ),
        (
            form("cs_rt_nonsense"),
            Step::RefreshKnown,
            "refresh_unknown",
        ),
        (form(&foreign), Step::RefreshClient, "refresh_other_client"),
        (
            form(&token) + "&scope=wallet+ais",
            Step::Scope,
            "scope_too_wide",
        ),
        (
            form(&token) + "&scope=%22",
            Step::GrantParameters,
            "scope_malformed",
        ),
    ];
    for (form, step, fault) in table {
        assert_eq!(
            door.stops(&app, &form).await,
            (Some(step), fault.to_owned()),
            "{fault}"
        );
    }
    assert_eq!(door.stops(&app, &form(&token)).await.0, None);
    door.house.later(seconds(60));
    let replayed = door.stops(&app, &form(&token)).await;
    assert_eq!(
        replayed,
        (
            Some(Step::RefreshUnused),
            "refresh_replayed_late".to_owned()
        )
    );
    let revoked = door.stops(&app, &form(&token)).await;
    assert_eq!(
        revoked,
        (Some(Step::RefreshAlive), "refresh_revoked".to_owned())
    );
}

#[tokio::test]
async fn whoever_cannot_prove_who_they_are_is_logged_with_the_client_they_name() {
    let door = Door::open().await;
    let app = door.house.app("shop").await;
    let own = "grant_type=client_credentials";
    let wrong = basic("shop", "wrong");
    let right = basic("shop", app.secret.as_deref().expect("a secret"));
    let both = format!("{own}&client_secret=x");
    let two = format!("{own}&client_id=other");
    let named = format!("{own}&client_id=shop");
    let table = [
        (
            vec![("authorization", wrong.as_str())],
            own,
            Step::ClientAuthentication,
            "client_wrong_secret",
        ),
        (
            vec![],
            named.as_str(),
            Step::ClientAuthentication,
            "client_wrong_method",
        ),
    ];
    for (headers, form, step, fault) in table {
        let answer = door.post("/oauth/token", &headers, form).await;
        assert_eq!(answer.status, 401);
        let logged = door.logged(&app, &answer).await;
        assert_eq!(stop(&logged), (Some(step), fault.to_owned()));
        assert_eq!(logged.line.outcome, Outcome::Refused);
    }
    let answer = door
        .post("/oauth/token?code=x", &[("authorization", &right)], own)
        .await;
    let logged = door.logged(&app, &answer).await;
    assert_eq!(
        stop(&logged),
        (Some(Step::Readable), "parameters_in_url".to_owned())
    );
    // Nobody can say whose these are.
    for form in [both, two] {
        let answer = door
            .post("/oauth/token", &[("authorization", &right)], &form)
            .await;
        assert_eq!(answer.status, 400);
    }
    let nobody = door
        .post(
            "/oauth/token",
            &[("authorization", &basic("nobody", "x"))],
            own,
        )
        .await;
    assert_eq!(nobody.status, 401);
    door.house.engine.flush_requests().await.expect("a log");
    assert_eq!(door.lines(&app, RequestFilter::default()).await, 3);
}

#[tokio::test]
async fn revocation_and_introspection_are_logged_too() {
    let door = Door::open().await;
    let app = door.house.app("shop").await;
    for (path, endpoint) in [
        ("/oauth/revoke", Endpoint::Revoke),
        ("/oauth/introspect", Endpoint::Introspect),
    ] {
        let served = door.post_as(&app, path, "token=x").await;
        door.house.engine.flush_requests().await.expect("a log");
        let lines = door.lines(&app, RequestFilter::default()).await;
        // Resource servers ask with every call of theirs: only what went wrong is worth a line.
        if endpoint == Endpoint::Introspect {
            assert_eq!(lines, 2, "those of revoking");
        } else {
            let logged = door.logged(&app, &served).await;
            assert_eq!(logged.line.endpoint, endpoint);
            assert_eq!(stop(&logged).0, None);
        }
        let answer = door.post_as(&app, path, "").await;
        let logged = door.logged(&app, &answer).await;
        assert_eq!(
            stop(&logged),
            (Some(Step::Parameters), "parameter_missing".to_owned())
        );
    }
}

#[tokio::test]
async fn each_fault_of_an_authorize_request_stops_at_its_step() {
    let door = Door::open().await;
    let app = door.house.reviewed_app("shop").await;
    let query = |change: &[(&str, &str)]| {
        let mut pairs = vec![
            ("client_id", "shop"),
            ("redirect_uri", REDIRECT_URI),
            ("response_type", "code"),
            ("scope", "wallet"),
            ("state", "0123456789"),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
        ];
        for (name, value) in change {
            pairs.retain(|(known, _)| known != name);
            pairs.push((name, value));
        }
        let pairs = pairs.iter().filter(|(_, value)| !value.is_empty());
        let pairs: Vec<String> = pairs
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        format!("/oauth/authorize?{}", pairs.join("&"))
    };
    let long = "x".repeat(1_025);
    /// A request's parameters, the step at which it stops, and the fault.
    type Case<'a> = (&'a [(&'a str, &'a str)], Step, &'a str);
    let table: [Case<'_>; 12] = [
        (
            &[("redirect_uri", "https://evil.example")],
            Step::RedirectUri,
            "redirect_mismatch",
        ),
        (&[("state", long.as_str())], Step::State, "state-malformed"),
        (&[("request", "x")], Step::RequestObject, "request-objects"),
        (&[("code_challenge", "")], Step::Pkce, "pkce-missing"),
        (
            &[("code_challenge_method", "plain")],
            Step::Pkce,
            "pkce-method",
        ),
        (&[("code_challenge", "short")], Step::Pkce, "pkce-malformed"),
        (
            &[("response_type", "token")],
            Step::ResponseType,
            "response-type",
        ),
        (
            &[("response_mode", "fragment")],
            Step::ResponseType,
            "response-mode",
        ),
        (
            &[("scope", "everything")],
            Step::Scope,
            "scope-not-approved",
        ),
        (
            &[("authorization_details", "x")],
            Step::Scope,
            "authorization-details",
        ),
        (&[("prompt", "none%20login")], Step::Prompt, "prompt"),
        (&[("prompt", "none")], Step::Pages, "prompt-none"),
    ];
    for (change, step, fault) in table {
        let answer = door.get(&query(change)).await;
        let logged = door.logged(&app, &answer).await;
        assert_eq!(stop(&logged), (Some(step), fault.to_owned()), "{change:?}");
        assert_eq!(logged.line.outcome, Outcome::Refused);
        // The reference that the app is told opens the same entry.
        let location = answer.header("location");
        assert!(location.is_empty() || location.contains(&logged.line.trace.to_string()));
    }
    let answer = door
        .get(&query(&[("code_challenge_method", "plain")]))
        .await;
    let evidence = door.logged(&app, &answer).await.detail.evidence;
    let evidence = evidence.expect("what was expected");
    assert_eq!(
        (evidence.expected.as_str(), evidence.received.as_str()),
        ("S256", "plain")
    );

    let answer = door.get(&query(&[])).await;
    let logged = door.logged(&app, &answer).await;
    assert_eq!(stop(&logged).0, None);
    assert_eq!(
        (logged.line.outcome, logged.line.status),
        (Outcome::Served, 303)
    );
    let state = logged
        .detail
        .parameters
        .iter()
        .find(|parameter| parameter.name == "state");
    assert_eq!(
        state.map(|state| state.value.clone()),
        Some(Value::Cut("0123".to_owned(), 10))
    );
    assert!(logged.curl.starts_with("curl -G"), "{}", logged.curl);
}

#[tokio::test]
async fn nobody_opens_the_requests_of_others() {
    let door = Door::open().await;
    let (app, other) = (door.house.app("shop").await, door.house.app("other").await);
    let answer = door
        .post_as(&app, "/oauth/token", "grant_type=client_credentials")
        .await;
    door.logged(&app, &answer).await;
    let trace = TraceId::parse(answer.header("x-trace-id")).expect("a reference");
    let engine = &door.house.engine;
    for clients in [vec![], vec![other.id.clone()], vec![ClientId::new("shop ")]] {
        let found = engine.request_detail(&clients, trace).await;
        assert_eq!(found.expect("storage"), None);
        let filter = RequestFilter {
            trace: Some(trace),
            ..RequestFilter::default()
        };
        let list = engine.requests(&clients, &filter, None, 10).await;
        assert_eq!(list.expect("storage"), []);
    }
    let list = engine
        .requests(
            &[other.id, app.id.clone()],
            &RequestFilter::default(),
            None,
            10,
        )
        .await
        .expect("storage");
    assert_eq!(list.len(), 1);
    assert_eq!(
        (&list[0].client, list[0].outcome),
        (&app.id, RequestOutcome::Served)
    );
}

/// An authorize link can be called by anybody: that must not fill a client's log.
#[tokio::test]
async fn strangers_write_only_so_much_into_a_log() {
    let door = Door::open().await;
    let app = door.house.app("shop").await;
    for _ in 0..60 {
        door.get("/oauth/authorize?client_id=shop").await;
        door.post_as(&app, "/oauth/token", "grant_type=client_credentials")
            .await;
    }
    door.house.engine.flush_requests().await.expect("a log");
    let count = async |app: &App, endpoint: Endpoint| {
        let filter = RequestFilter {
            endpoint: Some(endpoint),
            ..RequestFilter::default()
        };
        door.lines(app, filter).await
    };
    assert_eq!(count(&app, Endpoint::Authorize).await, 50);
    assert_eq!(count(&app, Endpoint::Token).await, 60);
    // Whoever has no secret is only a name.
    let phone = door.house.public_app("phone").await;
    for _ in 0..60 {
        door.post("/oauth/revoke", &[], "client_id=phone&token=x")
            .await;
    }
    door.house.engine.flush_requests().await.expect("a log");
    assert_eq!(count(&phone, Endpoint::Revoke).await, 50);
}
