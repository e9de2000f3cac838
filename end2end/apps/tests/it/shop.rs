//! Stories of the coffee shop.

use std::sync::{
    Arc,
    atomic::{AtomicU8, AtomicU64, Ordering},
};

use axum::http::{Method, StatusCode};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use reqwest::Url;
use sample_apps::{Outside, ShopConfig, shop};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::{
    browser::{Browser, Page},
    fake_wallet::{FakeWallet, nobody},
};

const SECRET: &str = "cs_sk_very-secret-and-long-enough-to-be-cut";
const TOKEN: &str = "cs_at_a-token-that-nobody-may-see-in-full";
const IBAN: &str = "LT121000011101001000";

/// A shop with a browser in front of it and a wallet of paper behind it.
struct Visit {
    browser: Browser,
    wallet: FakeWallet,
    issuer: String,
    clock: Arc<AtomicU64>,
}

impl Visit {
    async fn new() -> Self {
        let wallet = FakeWallet::default();
        let address = wallet.listen().await;
        Self::with("https://wallet.test", Some(address), wallet)
    }

    fn with(issuer: &str, back_channel: Option<String>, wallet: FakeWallet) -> Self {
        let clock = Arc::new(AtomicU64::new(1_795_347_727));
        let (now, byte) = (clock.clone(), AtomicU8::new(0));
        let config = ShopConfig {
            issuer: issuer.to_owned(),
            back_channel,
            home: "https://shop.test/demo/shop".to_owned(),
            client_id: "demo-shop".to_owned(),
            client_secret: SECRET.to_owned(),
            creditor_iban: IBAN.to_owned(),
            outside: Outside::new(
                move || now.load(Ordering::SeqCst),
                move |bytes| bytes.fill_with(|| byte.fetch_add(1, Ordering::SeqCst)),
            ),
        };
        Self {
            browser: Browser::new("/demo/shop", shop(config)),
            wallet,
            issuer: issuer.to_owned(),
            clock,
        }
    }

    async fn get(&mut self, path: &str) -> Page {
        self.browser.get(path).await
    }

    async fn press(&mut self, path: &str) -> Page {
        self.browser.press(path, "").await
    }

    /// Presses a button that leads to the wallet; answers the parameters it was sent with.
    async fn leave(&mut self, path: &str) -> Vec<(String, String)> {
        let page = self.press(path).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER);
        let url = Url::parse(&page.location()).unwrap();
        assert!(
            page.location()
                .starts_with(&format!("{}/oauth/authorize?", self.issuer))
        );
        url.query_pairs().into_owned().collect()
    }

    /// The wallet's answer by redirect; the page that the browser ends on.
    async fn return_with(&mut self, parameters: &[(&str, &str)]) -> Page {
        let url =
            Url::parse_with_params("https://shop.test/demo/shop/callback", parameters).unwrap();
        let page = self
            .get(&format!("{}?{}", url.path(), url.query().unwrap()))
            .await;
        if page.status != StatusCode::SEE_OTHER {
            return page;
        }
        self.get(&page.location()).await
    }

    async fn approve(&mut self, sent: &[(String, String)]) -> Page {
        let issuer = self.issuer.clone();
        let answer = [
            ("code", "cs_ac_the-code-of-this-visit"),
            ("state", value(sent, "state")),
            ("iss", &issuer),
        ];
        self.return_with(&answer).await
    }

    fn gives_token(&self) {
        let token = json!({ "access_token": TOKEN, "token_type": "Bearer", "expires_in": 3600 });
        self.wallet.answers("/oauth/token", 200, token);
    }
}

#[track_caller]
fn value<'a>(parameters: &'a [(String, String)], name: &str) -> &'a str {
    let mut found = parameters.iter().filter(|(known, _)| known == name);
    let value = &found
        .next()
        .unwrap_or_else(|| panic!("{name} was not sent"))
        .1;
    assert!(found.next().is_none(), "{name} was sent twice");
    value
}

fn receipt() -> Value {
    json!({
        "transfer_id": "t-1", "status": "booked", "amount": "20.00", "currency": "EUR",
        "to": { "iban": IBAN, "name": "Countersign Coffee UAB" },
        "reference": "Guji, washed, 1 kg", "created_at": "2026-11-22T11:42:07Z"
    })
}

/// The number of the only errand, from the visitor's list.
async fn only_errand(visit: &mut Visit, folder: &str) -> String {
    let page = visit.get("/demo/shop").await;
    let folder = format!("/demo/shop/{folder}/");
    let mut found = page.html.split(&folder).skip(1);
    let number = found.next().unwrap().split('"').next().unwrap().to_owned();
    assert!(
        found.next().is_none(),
        "more than one errand: {}",
        page.html
    );
    number
}

#[tokio::test]
async fn a_visitor_pays_and_sees_what_was_said() {
    let mut visit = Visit::new().await;
    let page = visit.get("/demo/shop").await;
    page.says("Pay €20.00 from your wallet")
        .says("action=\"/demo/shop/orders\"");
    assert!(
        visit.browser.cookie.is_none(),
        "looking around needs no cookie"
    );

    let sent = visit.leave("/demo/shop/orders").await;
    assert_eq!(value(&sent, "response_type"), "code");
    assert_eq!(value(&sent, "client_id"), "demo-shop");
    assert_eq!(value(&sent, "scope"), "transferFunds");
    assert_eq!(
        value(&sent, "redirect_uri"),
        "https://shop.test/demo/shop/callback"
    );
    assert_eq!(value(&sent, "code_challenge_method"), "S256");
    let details: Value = serde_json::from_str(value(&sent, "authorization_details")).unwrap();
    assert_eq!(
        details,
        json!([{
            "type": "payment_initiation",
            "instructedAmount": { "currency": "EUR", "amount": "20.00" },
            "creditorName": "Countersign Coffee UAB",
            "creditorAccount": { "iban": IBAN },
            "remittanceInformationUnstructured": "Guji, washed, 1 kg"
        }])
    );

    visit.gives_token();
    visit.wallet.answers("/wallet/v1/transfers", 201, receipt());
    let page = visit.approve(&sent).await;
    page.says("Thank you, that is paid")
        .says("t-1")
        .says("20.00 EUR")
        .says("POST /oauth/token");

    let asked = visit.wallet.asked();
    assert_eq!(asked.len(), 2);
    assert!(asked[0].authorization.starts_with("Basic "));
    let form: Vec<(String, String)> = Url::parse(&format!("http://x/?{}", asked[0].body))
        .unwrap()
        .query_pairs()
        .into_owned()
        .collect();
    assert_eq!(value(&form, "code"), "cs_ac_the-code-of-this-visit");
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(value(&form, "code_verifier")));
    assert_eq!(challenge, value(&sent, "code_challenge"));
    assert_eq!(asked[1].authorization, format!("Bearer {TOKEN}"));
    assert!(asked[1].idempotency_key.is_some());
    let body: Value = serde_json::from_str(&asked[1].body).unwrap();
    assert_eq!(
        body,
        json!({
            "amount": "20.00", "currency": "EUR", "reference": "Guji, washed, 1 kg",
            "to": { "iban": IBAN, "name": "Countersign Coffee UAB" }
        })
    );

    for secret in [
        SECRET,
        TOKEN,
        "cs_ac_the-code-of-this-visit",
        value(&form, "code_verifier"),
    ] {
        assert!(!page.html.contains(secret), "{secret} is shown in full");
    }
    page.says("cs_at_a-to…(31 more)");
    page.says("&quot;creditorName&quot;: &quot;Countersign Coffee UAB&quot;");
}

#[tokio::test]
async fn the_same_answer_a_second_time_only_shows_the_order() {
    let mut visit = Visit::new().await;
    let sent = visit.leave("/demo/shop/orders").await;
    visit.gives_token();
    visit.wallet.answers("/wallet/v1/transfers", 201, receipt());
    visit.approve(&sent).await.says("Thank you, that is paid");
    visit.approve(&sent).await.says("Thank you, that is paid");
    assert_eq!(visit.wallet.asked().len(), 2, "a code is never sent twice");
}

#[tokio::test]
async fn an_answer_with_a_foreign_state_is_not_used() {
    let mut visit = Visit::new().await;
    let sent = visit.leave("/demo/shop/orders").await;
    let issuer = visit.issuer.clone();
    for state in [None, Some("forged"), Some("")] {
        let mut parameters = vec![("code", "c"), ("iss", issuer.as_str())];
        parameters.extend(state.map(|state| ("state", state)));
        let page = visit.return_with(&parameters).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST);
        page.says("does not belong to your visit");
    }
    // The right state in another browser is as foreign.
    let cookie = visit.browser.cookie.take();
    assert_eq!(visit.approve(&sent).await.status, StatusCode::BAD_REQUEST);
    visit.browser.cookie = cookie;
    // Twice in one answer: nobody knows which one counts.
    let state = value(&sent, "state").to_owned();
    let doubled = [
        ("code", "c"),
        ("code", "d"),
        ("state", &state),
        ("iss", &issuer),
    ];
    assert_eq!(
        visit.return_with(&doubled).await.status,
        StatusCode::BAD_REQUEST
    );
    assert!(visit.wallet.asked().is_empty());
}

#[tokio::test]
async fn an_answer_of_another_issuer_is_not_used() {
    for iss in [
        None,
        Some("https://evil.test"),
        Some("https://wallet.test/"),
    ] {
        let mut visit = Visit::new().await;
        let sent = visit.leave("/demo/shop/orders").await;
        let mut parameters = vec![("code", "c"), ("state", value(&sent, "state"))];
        parameters.extend(iss.map(|iss| ("iss", iss)));
        visit
            .return_with(&parameters)
            .await
            .says("This answer is not from your wallet");
        assert!(visit.wallet.asked().is_empty());
    }
}

#[tokio::test]
async fn every_error_answer_has_words_and_a_way_on() {
    let table = [
        ("access_denied", None, "You said no"),
        (
            "access_denied",
            Some("interaction_expired"),
            "ran out of time",
        ),
        ("temporarily_unavailable", None, "has a problem of its own"),
        ("server_error", None, "has a problem of its own"),
        ("invalid_scope", None, "does not let this shop ask"),
        (
            "invalid_request",
            Some("<script>alert(1)</script>"),
            "&lt;script&gt;alert(1)&lt;/script&gt;",
        ),
        (
            "something_new",
            None,
            "did not accept what the shop asked for",
        ),
    ];
    for (error, description, words) in table {
        let mut visit = Visit::new().await;
        let sent = visit.leave("/demo/shop/orders").await;
        let issuer = visit.issuer.clone();
        let mut parameters = vec![
            ("error", error),
            ("state", value(&sent, "state")),
            ("iss", &issuer),
        ];
        parameters.extend(description.map(|description| ("error_description", description)));
        let page = visit.return_with(&parameters).await;
        page.says(words).says("money was taken").says("Try again");
        assert!(!page.html.contains("<script"), "{error}");
    }
}

#[tokio::test]
async fn a_refused_code_is_explained_with_the_wallets_reference() {
    let mut visit = Visit::new().await;
    let sent = visit.leave("/demo/shop/orders").await;
    let refusal = json!({ "error": "invalid_grant", "error_description": "the code is no longer valid", "trace_id": "7K3M-9QXT" });
    visit.wallet.answers("/oauth/token", 400, refusal);
    let page = visit.approve(&sent).await;
    page.says("did not give us a token")
        .says("used already, or it is too old")
        .says("7K3M-9QXT");
    assert_eq!(visit.wallet.asked().len(), 1);
}

#[tokio::test]
async fn a_token_of_another_type_is_not_used() {
    let mut visit = Visit::new().await;
    let sent = visit.leave("/demo/shop/orders").await;
    visit.wallet.answers(
        "/oauth/token",
        200,
        json!({ "access_token": TOKEN, "token_type": "mac" }),
    );
    visit
        .approve(&sent)
        .await
        .says("in a way that we do not understand");
    assert_eq!(visit.wallet.asked().len(), 1);
}

#[tokio::test]
async fn too_little_money_then_another_try_of_the_same_order() {
    let mut visit = Visit::new().await;
    let sent = visit.leave("/demo/shop/orders").await;
    visit.gives_token();
    let poor = json!({ "error": "insufficient_funds", "error_description": "the account holds too little", "trace_id": "0000-0001" });
    visit.wallet.answers("/wallet/v1/transfers", 422, poor);
    visit
        .approve(&sent)
        .await
        .says("too little money")
        .says("0000-0001");

    let number = only_errand(&mut visit, "orders").await;
    let again = visit
        .leave(&format!("/demo/shop/orders/{number}/again"))
        .await;
    assert_ne!(value(&again, "state"), value(&sent, "state"));
    assert_ne!(
        value(&again, "code_challenge"),
        value(&sent, "code_challenge")
    );
    // The old answer does not count any more.
    visit
        .approve(&sent)
        .await
        .says("The wallet is waiting for you");
    visit.gives_token();
    visit.wallet.answers("/wallet/v1/transfers", 201, receipt());
    visit.approve(&again).await.says("Thank you, that is paid");
    let keys: Vec<_> = visit
        .wallet
        .asked()
        .into_iter()
        .filter_map(|asked| asked.idempotency_key)
        .collect();
    assert_eq!(keys.len(), 2);
    assert_eq!(keys[0], keys[1], "one order, one key");
}

#[tokio::test]
async fn a_lost_answer_is_asked_for_again_with_the_same_key() {
    let mut visit = Visit::new().await;
    let sent = visit.leave("/demo/shop/orders").await;
    visit.gives_token();
    visit.wallet.answers(
        "/wallet/v1/transfers",
        503,
        json!({ "error": "temporarily_unavailable" }),
    );
    visit.wallet.answers(
        "/wallet/v1/transfers",
        500,
        json!({ "error": "server_error" }),
    );
    visit
        .approve(&sent)
        .await
        .says("We do not know yet whether you paid")
        .says("you cannot pay twice");

    let number = only_errand(&mut visit, "orders").await;
    visit.wallet.answers("/wallet/v1/transfers", 201, receipt());
    let page = visit
        .press(&format!("/demo/shop/orders/{number}/ask"))
        .await;
    visit
        .get(&page.location())
        .await
        .says("Thank you, that is paid");
    let transfers: Vec<_> = visit
        .wallet
        .asked()
        .into_iter()
        .filter(|asked| asked.path == "/wallet/v1/transfers")
        .collect();
    assert_eq!(transfers.len(), 3);
    for transfer in &transfers {
        assert_eq!(transfer.idempotency_key, transfers[0].idempotency_key);
        assert_eq!(transfer.body, transfers[0].body);
    }
    // Asking when nothing is open changes nothing.
    visit
        .press(&format!("/demo/shop/orders/{number}/ask"))
        .await;
    assert_eq!(visit.wallet.asked().len(), 4);
}

#[tokio::test]
async fn a_wallet_that_is_down_is_not_a_blank_page() {
    let wallet = FakeWallet::default();
    let mut visit = Visit::with("https://wallet.test", Some(nobody()), wallet);
    let sent = visit.leave("/demo/shop/orders").await;
    visit
        .approve(&sent)
        .await
        .says("no answer came")
        .says("No money was taken")
        .says("Try again");
}

#[tokio::test]
async fn accounts_are_connected_shown_and_disconnected() {
    let mut visit = Visit::new().await;
    let sent = visit.leave("/demo/shop/connections").await;
    assert_eq!(value(&sent, "scope"), "wallet");
    assert!(sent.iter().all(|(name, _)| name != "authorization_details"));
    visit.gives_token();
    let me = json!({ "user_id": "u", "username": "ona", "display_name": "Ona <b>Onaitė</b>", "locale": "lt" });
    visit.wallet.answers("/wallet/v1/me", 200, me);
    let accounts = json!({ "accounts": [
        { "account_id": "a", "iban": IBAN, "currency": "EUR", "available": "980.00", "reserved": "0.00" },
        { "account_id": "b", "iban": "PL61109010140000071219812874", "currency": "PLN", "available": "5.00", "reserved": "1.00" }
    ]});
    visit.wallet.answers("/wallet/v1/balance", 200, accounts);
    let page = visit.approve(&sent).await;
    page.says("Ona &lt;b&gt;Onaitė&lt;/b&gt;")
        .says("LT12 1000 0111 0100 1000")
        .says("980.00")
        .says("reserved: 1.00 PLN");
    assert!(!page.html.contains("reserved: 0.00"));

    let number = only_errand(&mut visit, "connections").await;
    visit.wallet.answers("/oauth/revoke", 200, json!({}));
    let page = visit
        .press(&format!("/demo/shop/connections/{number}/end"))
        .await;
    visit
        .get(&page.location())
        .await
        .says("gave its token back");
    let last = visit.wallet.asked().pop().unwrap();
    assert!(last.body.contains(TOKEN) && last.authorization.starts_with("Basic "));
}

#[tokio::test]
async fn an_ended_permission_is_said_in_words() {
    let mut visit = Visit::new().await;
    let sent = visit.leave("/demo/shop/connections").await;
    visit.gives_token();
    visit
        .wallet
        .answers("/wallet/v1/me", 401, json!({ "error": "invalid_token" }));
    visit
        .approve(&sent)
        .await
        .says("Our permission has ended")
        .says("invalid_token");
}

#[tokio::test]
async fn a_post_from_another_site_does_nothing() {
    let mut visit = Visit::new().await;
    let page = visit
        .browser
        .send(Method::POST, "/demo/shop/orders", "cross-site", "")
        .await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    page.says("Nothing happened");
    assert!(visit.browser.cookie.is_none());
}

#[tokio::test]
async fn a_cookie_that_the_shop_did_not_make_never_becomes_a_session() {
    let mut visit = Visit::new().await;
    visit.browser.cookie = Some("coffee_visitor=planted".to_owned());
    visit.leave("/demo/shop/orders").await;
    assert_ne!(
        visit.browser.cookie.as_deref(),
        Some("coffee_visitor=planted")
    );
    visit.clock.fetch_add(4_000, Ordering::SeqCst);
    let forgotten = visit.get("/demo/shop").await;
    assert!(!forgotten.html.contains("Your visit so far"));
}

#[tokio::test]
async fn every_answer_carries_the_headers_of_a_careful_site() {
    let mut visit = Visit::new().await;
    let pages = [
        ("/demo/shop", 200),
        ("/demo/shop/callback", 400),
        ("/demo/shop/orders/NONE", 404),
        ("/demo/shop/a/b/c/d", 404),
        ("/demo/shop/style.css", 200),
        ("/demo/shop/icon.svg", 200),
    ];
    visit
        .browser
        .assert_careful(&pages, "'self' https://wallet.test")
        .await;
}
