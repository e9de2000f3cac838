//! Stories of the market: a token of its own, fetched, used, renewed.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use axum::http::{Method, StatusCode};
use rand::{Rng as _, SeedableRng as _, rngs::StdRng};
use sample_apps::{MarketConfig, Outside, market};
use serde_json::{Value, json};

use crate::{
    browser::{Browser, Page},
    fake_wallet::{Asked, FakeWallet, nobody},
};

const HOME: &str = "/demo/pincode";
const TOKEN: &str = "/olympus/im/v1/oauth/token";
const REVOKE: &str = "/oauth/revoke";
const ORDERS: &str = "/wallet/v1/pending-transfers";
const ORDER: &str = "/wallet/v1/pending-transfers/t-1";

/// Half past eleven.
const NOW: u64 = 1_795_347_000;
const HOUR: u64 = 3_600;

/// A market with a browser in front of it and a wallet of paper behind it.
struct Visit {
    browser: Browser,
    wallet: FakeWallet,
    clock: Arc<AtomicU64>,
}

impl Visit {
    async fn new() -> Self {
        Self::with_patience(Duration::from_secs(60)).await
    }

    async fn with_patience(patience: Duration) -> Self {
        let wallet = FakeWallet::default();
        let address = wallet.listen().await;
        Self::at(address, wallet, patience)
    }

    fn at(address: String, wallet: FakeWallet, patience: Duration) -> Self {
        let clock = Arc::new(AtomicU64::new(NOW));
        let (now, chance) = (clock.clone(), Mutex::new(StdRng::seed_from_u64(1)));
        let config = MarketConfig {
            wallet: address,
            home: "https://market.test/demo/pincode".to_owned(),
            client_id: "testid".to_owned(),
            client_secret: "test".to_owned(),
            patience,
            outside: Outside::new(
                move || now.load(Ordering::SeqCst),
                move |bytes| chance.lock().unwrap().fill_bytes(bytes),
            ),
        };
        Self {
            browser: Browser::new(HOME, market(config)),
            wallet,
            clock,
        }
    }

    /// Presses a button and answers the page that the browser ends on, with its address.
    async fn press(&mut self, path: &str, form: &str) -> (String, Page) {
        let page = self.browser.press(path, form).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{path}: {}", page.html);
        let place = page.location();
        let page = self.browser.get(&place).await;
        assert_eq!(page.status, StatusCode::OK);
        (place, page)
    }

    async fn orders_honey(&mut self) -> (String, Page) {
        self.press("/demo/pincode/orders", "offer=honey").await
    }

    /// An order that is written down with the token `a1` and the refresh token `r1`.
    async fn with_an_order(&mut self) -> String {
        self.wallet.answers(TOKEN, 200, self.token(1));
        self.wallet.answers(ORDERS, 201, pending());
        let (place, page) = self.orders_honey().await;
        page.says("The order is written down");
        place
    }

    /// The token door's answer at this moment.
    fn token(&self, number: u8) -> Value {
        let now = self.clock.load(Ordering::SeqCst);
        json!({
            "access_token": access(number), "refresh_token": refresh(number),
            "token_type": "O-Bearer", "expires_in": HOUR,
            "issued_at": now * 1000, "expires_at": (now + HOUR) * 1000
        })
    }

    /// The requests since the first `known` ones.
    fn since(&self, known: usize) -> Vec<Asked> {
        self.wallet.asked().split_off(known)
    }

    /// The wallet refuses a call, then gives token `number`, then answers the same call.
    fn wallet_wants_another_token(&self, status: u16, number: u8) {
        self.wallet.answers(ORDER, status, over());
        self.wallet.answers(TOKEN, 200, self.token(number));
        self.wallet.answers(ORDER, 200, pending());
    }
}

fn access(number: u8) -> String {
    format!("cs_at_the-access-token-number-{number}")
}

fn refresh(number: u8) -> String {
    format!("cs_rt_the-refresh-token-number-{number}")
}

/// The body of a renewal: the sample's fields in the sample's order, the table's grant type.
fn renewal_of(number: u8) -> String {
    format!(
        "client_secret=test&client_id=testid&grant_type=refresh_token&token={}&refresh_token={}",
        access(number),
        refresh(number)
    )
}

const FIRST: &str = "client_secret=test&client_id=testid&grant_type=client_credentials";

fn pending() -> Value {
    json!({
        "transfer_id": "t-1", "status": "pending", "amount": "9.50", "currency": "EUR",
        "to": { "iban": "LT431000011101005001", "name": "Bičių Daržas MB" },
        "reference": "Linden honey, 700 g",
        "created_at": "2026-11-22T11:30:00Z", "expires_at": "2026-11-23T11:30:00Z"
    })
}

/// A refused call.
fn over() -> Value {
    json!({ "success": false, "code": "AUTHORIZATION_FAILED", "error": "invalid_token", "trace_id": "7K3M-9QXT" })
}

/// A refused renewal.
fn not_renewed() -> Value {
    json!({ "code": "INVALID_GRANT", "errorCode": "OIM000", "error": "invalid_grant", "error_description": "the refresh token is no longer valid" })
}

/// Method, path and body of each request; the Authorization header instead of a body where there is one.
fn lines(asked: &[Asked]) -> Vec<String> {
    let line = |asked: &Asked| {
        let proof = match asked.authorization.as_str() {
            "" => &asked.body,
            authorization => authorization,
        };
        format!("{} {} {proof}", asked.method, asked.path)
    };
    asked.iter().map(line).collect()
}

#[tokio::test]
async fn the_first_order_fetches_a_token_as_the_documentation_writes_it() {
    let mut visit = Visit::new().await;
    let page = visit.browser.get(HOME).await;
    page.says("Write the order").says("None yet");
    assert!(visit.browser.cookie.is_none(), "looking needs no cookie");

    visit.wallet.answers(TOKEN, 200, visit.token(1));
    visit.wallet.answers(ORDERS, 201, pending());
    let (place, page) = visit.orders_honey().await;
    page.says("The order is written down")
        .says("The market had no token")
        .says("2026-11-22 11:30:00 UTC")
        .says("2026-11-22 12:30:00 UTC")
        .says("<dd data-fact=\"renewed\">not yet</dd>")
        .says("Good until")
        .says("LT43 1000 0111 0100 5001");

    let asked = visit.wallet.asked();
    assert_eq!(
        lines(&asked),
        [
            format!("POST {TOKEN} {FIRST}"),
            format!("POST {ORDERS} O-Bearer {}", access(1)),
        ]
    );
    let header = |asked: &Asked, name: &str| asked.headers[name].to_str().unwrap().to_owned();
    assert_eq!(header(&asked[0], "accept"), "application/json");
    assert_eq!(
        header(&asked[0], "content-type"),
        "application/x-www-form-urlencoded"
    );
    assert_eq!(header(&asked[1], "accept"), "application/json");
    assert_eq!(header(&asked[1], "content-type"), "application/json");
    let body: Value = serde_json::from_str(&asked[1].body).unwrap();
    assert_eq!(
        body,
        json!({
            "amount": "9.50", "currency": "EUR", "reference": "Linden honey, 700 g",
            "to": { "iban": "LT431000011101005001", "name": "Bičių Daržas MB" }
        })
    );
    for secret in [access(1), refresh(1), "=test&".to_owned()] {
        page.says_nothing_of(&secret);
    }
    page.says("O-Bearer cs_at_t…(24 more)");
    visit.browser.get(HOME).await.says(&place).says("pending");
}

#[tokio::test]
async fn the_token_is_kept_for_the_next_call() {
    let mut visit = Visit::new().await;
    let place = visit.with_an_order().await;
    visit.wallet.answers(ORDER, 200, pending());
    let (_, page) = visit.press(&format!("{place}/look"), "").await;
    page.says("So it stands");
    visit.wallet.answers(ORDERS, 201, pending());
    visit.orders_honey().await;
    let asked = visit.wallet.asked();
    assert_eq!(asked.iter().filter(|asked| asked.path == TOKEN).count(), 1);
    let keys: Vec<_> = asked
        .iter()
        .filter_map(|asked| asked.idempotency_key.clone())
        .collect();
    assert_eq!(keys.len(), 2);
    assert_ne!(keys[0], keys[1], "two orders, two keys");
}

#[tokio::test]
async fn at_401_and_at_412_the_token_is_renewed_and_the_call_made_once_more() {
    for status in [401, 412] {
        let mut visit = Visit::new().await;
        let place = visit.with_an_order().await;
        visit.wallet_wants_another_token(status, 2);
        let (_, page) = visit.press(&format!("{place}/look"), "").await;
        assert_eq!(
            lines(&visit.since(2)),
            [
                format!("GET {ORDER} O-Bearer {}", access(1)),
                format!("POST {TOKEN} {}", renewal_of(1)),
                format!("GET {ORDER} O-Bearer {}", access(2)),
            ]
        );
        page.says(&format!("<b>{status}</b>"))
            .says("got a new token for its refresh token")
            .says("<dd data-fact=\"renewed\">once</dd>")
            .says_nothing_of(&refresh(1));
        // From then on the new pair is the one that is renewed.
        visit.wallet_wants_another_token(status, 3);
        let (_, page) = visit.press(&format!("{place}/look"), "").await;
        assert_eq!(visit.since(5)[1].body, renewal_of(2));
        page.says("<dd data-fact=\"renewed\">twice</dd>");
    }
}

#[tokio::test]
async fn an_order_that_met_an_expired_token_is_written_once() {
    let mut visit = Visit::new().await;
    visit.with_an_order().await;
    visit.wallet.answers(ORDERS, 401, over());
    visit.wallet.answers(TOKEN, 200, visit.token(2));
    visit.wallet.answers(ORDERS, 201, pending());
    let (_, page) = visit.orders_honey().await;
    page.says("The order is written down");
    let asked = visit.since(2);
    assert_eq!(asked.len(), 3);
    assert!(asked[0].idempotency_key.is_some());
    assert_eq!(asked[0].idempotency_key, asked[2].idempotency_key);
    assert_eq!(asked[0].body, asked[2].body);
}

#[tokio::test]
async fn a_spoilt_token_is_renewed() {
    let mut visit = Visit::new().await;
    let place = visit.with_an_order().await;
    visit.wallet.answers(REVOKE, 200, json!({}));
    visit.wallet_wants_another_token(401, 2);
    let (_, page) = visit.press(&format!("{place}/spoil"), "").await;
    page.says("A spoilt token, and the call came through")
        .says("The access token was given back")
        .says_nothing_of(&access(1));
    let asked = visit.since(2);
    assert_eq!(
        asked[0].body,
        format!(
            "client_secret=test&client_id=testid&token={}&token_type_hint=access_token",
            access(1)
        )
    );
    assert_eq!(asked[2].body, renewal_of(1));
}

#[tokio::test]
async fn an_ended_session_is_begun_again_with_the_credentials() {
    let mut visit = Visit::new().await;
    let place = visit.with_an_order().await;
    visit.wallet.answers(REVOKE, 200, json!({}));
    visit.wallet.answers(ORDER, 412, over());
    visit.wallet.answers(TOKEN, 400, not_renewed());
    visit.wallet.answers(TOKEN, 200, visit.token(2));
    visit.wallet.answers(ORDER, 200, pending());
    let (_, page) = visit.press(&format!("{place}/end"), "").await;
    assert_eq!(
        lines(&visit.since(2)),
        [
            format!(
                "POST {REVOKE} client_secret=test&client_id=testid&token={}&token_type_hint=refresh_token",
                refresh(1)
            ),
            format!("GET {ORDER} O-Bearer {}", access(1)),
            format!("POST {TOKEN} {}", renewal_of(1)),
            format!("POST {TOKEN} {FIRST}"),
            format!("GET {ORDER} O-Bearer {}", access(2)),
        ]
    );
    page.says("An ended session, and the call came through")
        .says("<b>412</b>")
        .says("The wallet refused to renew")
        .says("<dd data-fact=\"begun\">twice</dd>")
        .says("<dd data-fact=\"renewed\">not yet</dd>");
}

#[tokio::test]
async fn a_token_that_is_nearly_over_is_renewed_before_the_call() {
    let mut visit = Visit::new().await;
    let place = visit.with_an_order().await;
    // A minute and a second before the end it is used.
    visit.clock.fetch_add(HOUR - 61, Ordering::SeqCst);
    visit.wallet.answers(ORDER, 200, pending());
    visit.press(&format!("{place}/look"), "").await;
    assert_eq!(visit.since(2).len(), 1);
    // A minute before it is not.
    visit.clock.fetch_add(1, Ordering::SeqCst);
    visit.wallet.answers(TOKEN, 200, visit.token(2));
    visit.wallet.answers(ORDER, 200, pending());
    let (_, page) = visit.press(&format!("{place}/look"), "").await;
    assert_eq!(
        lines(&visit.since(3)),
        [
            format!("POST {TOKEN} {}", renewal_of(1)),
            format!("GET {ORDER} O-Bearer {}", access(2)),
        ]
    );
    page.says("renewed before the call")
        .says_nothing_of("<b>401</b>");
}

#[tokio::test]
async fn with_its_clock_ahead_the_market_renews_before_the_call_and_only_then() {
    let mut visit = Visit::new().await;
    let place = visit.with_an_order().await;
    visit.wallet.answers(TOKEN, 200, visit.token(2));
    visit.wallet.answers(ORDER, 200, pending());
    let (_, page) = visit.press(&format!("{place}/ahead"), "").await;
    assert_eq!(
        lines(&visit.since(2)),
        [
            format!("POST {TOKEN} {}", renewal_of(1)),
            format!("GET {ORDER} O-Bearer {}", access(2)),
        ]
    );
    page.says("A day later")
        .says("2026-11-23 11:30:00 UTC")
        .says("one day ahead");
    // The wallet's clock has not moved, and the market does not renew at every call.
    visit.wallet.answers(ORDER, 200, pending());
    visit.press(&format!("{place}/look"), "").await;
    assert_eq!(visit.since(4).len(), 1);
}

#[tokio::test]
async fn two_tabs_never_renew_the_same_token_twice() {
    let mut visit = Visit::new().await;
    let place = visit.with_an_order().await;
    visit.clock.fetch_add(HOUR - 30, Ordering::SeqCst);
    let gate = visit.wallet.holds(TOKEN);
    visit.wallet.answers(TOKEN, 200, visit.token(2));
    for _ in 0..2 {
        visit.wallet.answers(ORDER, 200, pending());
    }
    let look = format!("{place}/look");
    let press = |mut tab: Browser, look: String| {
        tokio::spawn(async move { tab.press(&look, "").await.status })
    };
    let one = press(visit.browser.clone(), look.clone());
    visit.wallet.is_asked(3).await;
    visit
        .browser
        .get(&place)
        .await
        .says("One moment")
        .says("Still under way");
    let other = press(visit.browser.clone(), look);
    // The other tab gets as far as it can: to waiting for the first one.
    for _ in 0..50 {
        tokio::task::yield_now().await;
    }
    gate.add_permits(2);
    for tab in [one, other] {
        assert_eq!(tab.await.unwrap(), StatusCode::SEE_OTHER);
    }
    let asked = visit.since(2);
    assert_eq!(asked.iter().filter(|asked| asked.path == TOKEN).count(), 1);
    assert_eq!(asked.len(), 3);
    visit
        .browser
        .get(&place)
        .await
        .says("It was not renewed twice");
}

#[tokio::test]
async fn a_tab_does_not_wait_for_ever_for_another_ones_renewal() {
    let mut visit = Visit::with_patience(Duration::ZERO).await;
    let place = visit.with_an_order().await;
    visit.clock.fetch_add(HOUR - 30, Ordering::SeqCst);
    let gate = visit.wallet.holds(TOKEN);
    let look = format!("{place}/look");
    let mut tab = visit.browser.clone();
    let first = tokio::spawn({
        let look = look.clone();
        async move { tab.press(&look, "").await.status }
    });
    visit.wallet.is_asked(3).await;
    let (_, page) = visit.press(&look, "").await;
    page.says("Another of your tabs is renewing the token");
    assert_eq!(visit.wallet.asked().len(), 3);

    visit.wallet.answers(TOKEN, 200, visit.token(2));
    visit.wallet.answers(ORDER, 200, pending());
    gate.add_permits(1);
    first.await.unwrap();
    assert_eq!(visit.wallet.asked().len(), 4);
}

#[tokio::test]
async fn two_visitors_have_a_token_each() {
    let mut visit = Visit::new().await;
    visit.with_an_order().await;
    let ona = visit.browser.cookie.take();
    visit.browser.get(HOME).await.says("None yet");
    visit.wallet.answers(TOKEN, 200, visit.token(2));
    visit.wallet.answers(ORDERS, 201, pending());
    let (place, _) = visit.orders_honey().await;
    assert_eq!(visit.since(2)[0].body, FIRST);
    visit.browser.cookie = ona;
    assert_eq!(
        visit.browser.get(&place).await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn a_new_token_that_is_refused_too_is_the_end() {
    let mut visit = Visit::new().await;
    let place = visit.with_an_order().await;
    visit.wallet.answers(ORDER, 401, over());
    visit.wallet.answers(TOKEN, 200, visit.token(2));
    visit.wallet.answers(ORDER, 401, over());
    let (_, page) = visit.press(&format!("{place}/look"), "").await;
    page.says("The wallet refuses the new token too")
        .says("7K3M-9QXT");
    assert_eq!(visit.since(2).len(), 3, "it does not go on for ever");
}

#[tokio::test]
async fn refused_credentials_are_told_and_nothing_else_is_tried() {
    let refusal = json!({
        "code": "INVALID_CLIENT", "errorCode": "OIM004",
        "message": "Unauthorized: Invalid Client, trackingId: 363f6f5b1f17e0e5",
        "context": { "error_description": "Client authentication failure" }
    });
    let mut visit = Visit::new().await;
    visit.wallet.answers(TOKEN, 401, refusal.clone());
    let (place, page) = visit.orders_honey().await;
    page.says("The wallet does not know this market")
        .says("Write the order again")
        .says("None yet");
    assert_eq!(visit.wallet.asked().len(), 1);

    // The same order, the same key, once the credentials are right.
    visit.wallet.answers(TOKEN, 200, visit.token(1));
    visit.wallet.answers(ORDERS, 201, pending());
    let (_, page) = visit.press(&format!("{place}/write"), "").await;
    page.says("The order is written down");

    // An app that is switched off cannot renew either.
    visit.wallet.answers(ORDER, 412, over());
    visit.wallet.answers(TOKEN, 401, refusal);
    let (_, page) = visit.press(&format!("{place}/look"), "").await;
    page.says("The wallet does not know this market");
    assert_eq!(visit.since(3).len(), 2);
}

#[tokio::test]
async fn a_wallet_in_trouble_is_no_reason_to_begin_again() {
    let mut visit = Visit::new().await;
    let place = visit.with_an_order().await;
    for (status, words) in [(503, "a problem of its own"), (429, "asked too often")] {
        let known = visit.wallet.asked().len();
        visit.wallet.answers(ORDER, 401, over());
        let busy = json!({ "error": "temporarily_unavailable", "trace_id": "7K3M-9QXT" });
        visit.wallet.answers(TOKEN, status, busy);
        let (_, page) = visit.press(&format!("{place}/look"), "").await;
        page.says("The wallet gave no token").says(words);
        assert_eq!(visit.since(known).len(), 2);
    }
    // The pair is kept, and renewed when the wallet is well again.
    visit.wallet_wants_another_token(401, 2);
    let known = visit.wallet.asked().len();
    visit.press(&format!("{place}/look"), "").await;
    assert_eq!(visit.since(known)[1].body, renewal_of(1));
}

#[tokio::test]
async fn an_answer_that_is_not_as_documented_is_told_and_not_guessed() {
    let whole = Visit::new().await.token(1);
    let but = |member: &str, value: Value| {
        let mut answer = whole.clone();
        answer[member] = value;
        answer
    };
    let cases = [
        (but("token_type", json!("Bearer")), "token_type is Bearer"),
        (but("token_type", Value::Null), "token_type is missing"),
        (but("access_token", Value::Null), "access_token is missing"),
        (but("refresh_token", json!("")), "refresh_token is missing"),
        (but("expires_in", json!("3600")), "no whole number"),
        (but("issued_at", json!(NOW)), "issued_at is in seconds"),
        (
            but("expires_at", json!(NOW + HOUR)),
            "expires_at is in seconds",
        ),
        (json!(["O-Bearer"]), "no JSON object"),
    ];
    for (answer, words) in cases {
        let mut visit = Visit::new().await;
        visit.wallet.answers(TOKEN, 200, answer);
        let (_, page) = visit.orders_honey().await;
        page.says("The wallet’s answer is not as documented")
            .says(words)
            .says("None yet");
        assert_eq!(visit.wallet.asked().len(), 1, "{words}: it is not used");
    }
    let mut visit = Visit::new().await;
    visit
        .wallet
        .answers_text(TOKEN, 200, "<script>alert(1)</script>");
    let (_, page) = visit.orders_honey().await;
    page.says("no JSON object").says_nothing_of("<script");
}

#[tokio::test]
async fn an_order_without_a_clear_answer_can_be_asked_for_again() {
    let mut visit = Visit::new().await;
    visit.wallet.answers(TOKEN, 200, visit.token(1));
    visit
        .wallet
        .answers(ORDERS, 500, json!({ "error": "server_error" }));
    let (place, page) = visit.orders_honey().await;
    page.says("We do not know yet")
        .says("Write the order again");
    visit
        .wallet
        .answers(ORDERS, 201, json!({ "transfer_id": "t-1" }));
    let (_, page) = visit.press(&format!("{place}/write"), "").await;
    page.says("The wallet’s answer is not as documented");
    visit.wallet.answers(ORDERS, 201, pending());
    let (_, page) = visit.press(&format!("{place}/write"), "").await;
    page.says("The order is written down");
    let asked = visit.since(1);
    assert_eq!(asked.len(), 3);
    for try_ in &asked {
        assert_eq!(try_.idempotency_key, asked[0].idempotency_key);
        assert_eq!(try_.body, asked[0].body);
    }
}

#[tokio::test]
async fn a_refused_order_is_explained() {
    let mut visit = Visit::new().await;
    visit.wallet.answers(TOKEN, 200, visit.token(1));
    let refusal = json!({ "error": "insufficient_scope", "error_description": "<b>transferFunds</b>", "trace_id": "7K3M-9QXT" });
    visit.wallet.answers(ORDERS, 403, refusal);
    let (_, page) = visit.orders_honey().await;
    page.says("The market may not do that")
        .says("&lt;b&gt;transferFunds&lt;/b&gt;")
        .says("7K3M-9QXT");
}

#[tokio::test]
async fn a_wallet_that_is_down_is_not_a_blank_page() {
    let wallet = FakeWallet::default();
    let mut visit = Visit::at(nobody(), wallet, Duration::from_secs(60));
    let (place, page) = visit.orders_honey().await;
    page.says("The wallet cannot be reached")
        .says("no answer")
        .says("Write the order again");
    assert!(place.starts_with("/demo/pincode/orders/"));
}

#[tokio::test]
async fn a_fault_that_cannot_be_made_is_told() {
    let mut visit = Visit::new().await;
    let place = visit.with_an_order().await;
    visit
        .wallet
        .answers(REVOKE, 503, json!({ "error": "temporarily_unavailable" }));
    let (_, page) = visit.press(&format!("{place}/spoil"), "").await;
    page.says("a problem of its own")
        .says_nothing_of("came through");
    assert_eq!(visit.since(2).len(), 1);
}

#[tokio::test]
async fn only_the_markets_own_forms_are_taken() {
    let mut visit = Visit::new().await;
    let page = visit
        .browser
        .send(
            Method::POST,
            "/demo/pincode/orders",
            "cross-site",
            "offer=honey",
        )
        .await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    page.says("Nothing happened");
    for (path, form) in [
        ("/demo/pincode/orders", ""),
        ("/demo/pincode/orders", "offer=gold"),
        ("/demo/pincode/orders/NONE/look", ""),
    ] {
        let page = visit.browser.press(path, form).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{path} {form}");
    }
    let place = visit.with_an_order().await;
    let page = visit.browser.press(&format!("{place}/steal"), "").await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert_eq!(visit.wallet.asked().len(), 2);
}

#[tokio::test]
async fn what_is_remembered_of_a_visitor_is_bounded() {
    let mut visit = Visit::new().await;
    let first = visit.with_an_order().await;
    for _ in 0..10 {
        visit.wallet.answers(ORDERS, 201, pending());
        visit.orders_honey().await;
    }
    let forgotten = visit.browser.get(&first).await;
    assert_eq!(forgotten.status, StatusCode::NOT_FOUND);
    visit.clock.fetch_add(2 * HOUR, Ordering::SeqCst);
    visit.browser.get(HOME).await.says("None yet");
}

#[tokio::test]
async fn every_answer_carries_the_headers_of_a_careful_site() {
    let mut visit = Visit::new().await;
    let pages = [
        ("/demo/pincode", 200),
        ("/demo/pincode/orders/NONE", 404),
        ("/demo/pincode/a/b/c/d", 404),
        ("/demo/pincode/style.css", 200),
        ("/demo/pincode/icon.svg", 200),
    ];
    visit.browser.assert_careful(&pages, "'self'").await;
}
