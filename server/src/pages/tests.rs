//! The pages over HTTP, through the router of the whole server.

mod connected;
mod credentials;
mod desk;
mod inspect;
mod letters;
mod partner;
mod portal;
mod post_office;
mod review;
#[path = "../../store/tests/it/submitted.rs"]
#[allow(dead_code, reason = "the store's stories use all of it")]
mod submitted;
mod tutorial;
mod vouched;

use std::{collections::BTreeMap, path::Path, sync::Arc, time::Duration};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Request, Response, StatusCode, header},
};
use engine::{
    Clock, Engine,
    env::ChaChaChance,
    seal::{Seal, SealKey},
};
use protocol::time::Timestamp;
use store::{OpenOptions, testing::TestDatabase};
use tower::ServiceExt as _;

use crate::{
    settings::value::{Networks, Value as _},
    wiring::{self, Ground, Ingredients, Site},
};

const URL: &str = "https://id.bank.example";

/// A clock that stands still.
struct Noon;

impl Clock for Noon {
    fn now(&self) -> Timestamp {
        Timestamp::from_seconds(1_795_348_800)
    }
}

/// The server with the demo's data, in memory but for its database and its site.
struct House {
    router: Router,
    engine: Engine,
    _database: TestDatabase,
    _site: tempfile::TempDir,
}

impl House {
    async fn new() -> Self {
        Self::at(Arc::new(Noon)).await
    }

    /// The same with a clock that goes as it is told.
    async fn at(clock: Arc<dyn Clock>) -> Self {
        let database = TestDatabase::sqlite(OpenOptions::default()).await;
        let site = tempfile::tempdir().unwrap();
        write_site(site.path());
        let settings = engine::Settings {
            public_url: URL.into(),
            argon2_memory_kib: 8,
            argon2_passes: 1,
            ..engine::Settings::default()
        };
        let seal = Seal::new(vec![SealKey {
            id: 1,
            key: [9; 32].into(),
        }])
        .unwrap();
        let ground = Ground {
            store: database.store.clone(),
            seal,
            is_new: true,
        };
        let chance = Arc::new(ChaChaChance::from_seed([7; 32]));
        let ingredients = Ingredients { clock, chance };
        let engine = wiring::engine_of(settings, ground, ingredients).unwrap();
        engine.seed_demo().await.unwrap();
        let options = wiring::Options {
            site: Site::at(site.path()),
            proxies: Networks::parse("").unwrap(),
            shop: None,
            market: None,
            limits: endpoints::Limits {
                body_bytes: 64 * 1024,
                time: Duration::from_secs(30),
            },
            with_metrics: false,
        };
        Self {
            router: wiring::router(engine.clone(), options),
            engine,
            _database: database,
            _site: site,
        }
    }

    async fn send(&self, request: Request<Body>) -> Reply {
        let response = self.router.clone().oneshot(request).await.unwrap();
        Reply::read(response).await
    }

    async fn get(&self, target: &str) -> Reply {
        Browser::default().get(self, target).await
    }
}

/// A built site in small: one style sheet with its compressed twin.
fn write_site(folder: &Path) {
    std::fs::create_dir(folder.join("pkg")).unwrap();
    std::fs::write(folder.join("hash.txt"), "js: 01\nwasm: 02\ncss: 03\n").unwrap();
    std::fs::write(folder.join("pkg/countersign.03.css"), "a{}").unwrap();
    std::fs::write(folder.join("pkg/countersign.03.css.br"), "compressed").unwrap();
    std::fs::write(folder.join("favicon.svg"), "<svg/>").unwrap();
}

struct Reply {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
}

impl Reply {
    async fn read(response: Response<Body>) -> Self {
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        let body = String::from_utf8_lossy(&body).into_owned();
        Self {
            status: parts.status,
            headers: parts.headers,
            body,
        }
    }

    fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    fn directive(&self, name: &str) -> &str {
        let policy = self.header("content-security-policy");
        policy
            .split("; ")
            .find_map(|directive| directive.strip_prefix(name))
            .unwrap_or_default()
            .trim()
    }

    /// The value of an attribute that follows `before`.
    fn after(&self, before: &str) -> &str {
        let (_, rest) = self
            .body
            .split_once(before)
            .unwrap_or_else(|| panic!("{before} is not in {}", self.body));
        rest.split('"').next().unwrap()
    }

    fn problem(&self) -> &str {
        self.after("data-err=\"")
    }
}

/// A browser that keeps cookies and says what browsers say.
#[derive(Default)]
struct Browser {
    cookies: BTreeMap<String, String>,
}

impl Browser {
    fn request(&self, request: axum::http::request::Builder) -> axum::http::request::Builder {
        let cookies: Vec<_> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        request
            .header(header::ACCEPT, "text/html,*/*;q=0.8")
            .header(header::COOKIE, cookies.join("; "))
    }

    fn keep(&mut self, reply: &Reply) {
        for line in reply.headers.get_all(header::SET_COOKIE) {
            let line = line.to_str().unwrap();
            assert!(
                line.contains("Secure")
                    && line.contains("HttpOnly")
                    && line.contains("SameSite=Lax"),
                "{line}"
            );
            let (name, value) = line.split(';').next().unwrap().split_once('=').unwrap();
            match line.contains("Max-Age=0") {
                true => self.cookies.remove(name),
                false => self.cookies.insert(name.into(), value.into()),
            };
        }
    }

    async fn get(&mut self, house: &House, target: &str) -> Reply {
        let reply = house
            .send(
                self.request(Request::get(target))
                    .body(Body::empty())
                    .unwrap(),
            )
            .await;
        self.keep(&reply);
        reply
    }

    async fn post(
        &mut self,
        house: &House,
        target: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Reply {
        let mut request = self
            .request(Request::post(target))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let reply = house
            .send(request.body(Body::from(body.to_owned())).unwrap())
            .await;
        self.keep(&reply);
        reply
    }

    /// An app sends the browser; answers the page's address and the page.
    async fn arrive(&mut self, house: &House) -> (String, Reply) {
        let began = self.get(house, AUTHORIZE).await;
        assert_eq!(began.status, StatusCode::SEE_OTHER, "{}", began.body);
        let address = began.header("location").to_owned();
        let page = self.get(house, &address).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        (address, page)
    }
}

const AUTHORIZE: &str = "/oauth/authorize?response_type=code&client_id=demo-shop&scope=wallet&state=s\
    &redirect_uri=https%3A%2F%2Fid.bank.example%2Fdemo%2Fshop%2Fcallback\
    &code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256";

/// What browsers send with a form of our own page.
const OWN: [(&str, &str); 2] = [("origin", "null"), ("sec-fetch-site", "same-origin")];

/// The hidden fields of the first form of a page, ready to be sent.
fn hidden(page: &Reply) -> String {
    let interaction = page.after("name=\"interaction\" value=\"");
    let form_token = page.after("name=\"form_token\" value=\"");
    format!("interaction={interaction}&form_token={form_token}")
}

#[tokio::test]
async fn every_html_page_carries_the_security_headers() {
    let house = House::new().await;
    let (address, _) = Browser::default().arrive(&house).await;
    let pages = [
        ("/", 200),
        ("/help", 200),
        ("/privacy", 200),
        ("/demo", 200),
        ("/demo/authenticator", 200),
        ("/demo/mailbox", 200),
        ("/nowhere", 404),
        ("/api/authorize/login", 404),
        (address.as_str(), 400),
        ("/authorize/unheard-of", 400),
        ("/oauth/authorize?client_id=nobody", 400),
    ];
    for (target, status) in pages {
        let page = house.get(target).await;
        assert_eq!(page.status.as_u16(), status, "{target}");
        assert!(
            page.header("content-type").starts_with("text/html"),
            "{target}"
        );
        assert_eq!(page.header("x-frame-options"), "DENY", "{target}");
        assert_eq!(page.directive("frame-ancestors"), "'none'", "{target}");
        assert_eq!(page.directive("base-uri"), "'none'", "{target}");
        assert_eq!(page.directive("default-src"), "'none'", "{target}");
        assert_eq!(page.header("cache-control"), "no-store", "{target}");
        assert_eq!(page.header("referrer-policy"), "no-referrer", "{target}");
        assert_eq!(page.header("x-content-type-options"), "nosniff", "{target}");
        assert_eq!(
            page.header("cross-origin-opener-policy"),
            "same-origin",
            "{target}"
        );
        assert_eq!(
            page.header("strict-transport-security"),
            "max-age=31536000",
            "{target}"
        );
        assert!(!page.header("permissions-policy").is_empty(), "{target}");
        assert!(
            page.header("access-control-allow-origin").is_empty(),
            "{target}"
        );
    }
}

#[tokio::test]
async fn scripts_and_styles_of_a_page_are_those_that_the_policy_names() {
    let house = House::new().await;
    let (first, second) = (house.get("/help").await, house.get("/help").await);
    let nonce = first.after("nonce=\"").to_owned();
    assert_eq!(
        first.directive("script-src"),
        format!("'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'")
    );
    assert_ne!(
        first.directive("script-src"),
        second.directive("script-src")
    );
    let own = format!("nonce=\"{nonce}\"");
    for script in first.body.split("<script").skip(1) {
        assert!(
            script
                .split('>')
                .next()
                .is_some_and(|tag| tag.contains(&own))
        );
    }
    assert!(!first.body.contains(&format!("crossorigin=\"{nonce}\"")));
    for page in [first, second] {
        assert!(!page.body.contains(" style=") && !page.body.contains("<style"));
        assert!(!page.body.contains(" onclick=") && !page.body.contains(" onsubmit="));
        assert!(page.body.contains("href=\"/pkg/countersign.03.css\""));
    }
}

#[tokio::test]
async fn only_the_pages_of_an_authorization_may_lead_to_its_app() {
    let house = House::new().await;
    let (_, page) = Browser::default().arrive(&house).await;
    assert_eq!(
        page.directive("form-action"),
        "'self' https://id.bank.example"
    );
    assert_eq!(house.get("/").await.directive("form-action"), "'self'");
    assert_eq!(
        house
            .get("/authorize/unheard-of")
            .await
            .directive("form-action"),
        "'self'"
    );
}

#[tokio::test]
async fn a_form_that_no_page_of_ours_sends_is_refused_with_a_page() {
    let house = House::new().await;
    let login = "/api/authorize/login";
    let large = format!("interaction=a&form_token=b&username={}", "u".repeat(70_000));
    let table = [
        ("interaction=a", 400),
        ("interaction=a&form_token=b&admin=1", 400),
        ("interaction=a&interaction=b&form_token=b", 400),
        ("interaction=a&form_token=b&username=%zz", 400),
        ("interaction=a&form_token=b&username=%ff", 400),
        ("interaction=a&form_token=b&decision=perhaps", 400),
        (large.as_str(), 413),
    ];
    for (body, status) in table {
        let page = Browser::default().post(&house, login, &OWN, body).await;
        assert_eq!(
            page.status.as_u16(),
            status,
            "{}",
            &body[..40.min(body.len())]
        );
        assert_eq!(page.problem(), "incomplete");
        assert_eq!(page.header("location"), "");
    }
    let request = Request::post(login)
        .header(header::ACCEPT, "text/html")
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=x");
    let page = house.send(request.body(Body::from("--x--")).unwrap()).await;
    assert_eq!(page.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert_eq!(page.problem(), "incomplete");
}

#[tokio::test]
async fn a_form_leads_where_the_engine_says_and_never_to_the_referrer() {
    let house = House::new().await;
    let mut browser = Browser::default();
    let (address, page) = browser.arrive(&house).await;
    let body = format!("{}&username=ona&password=wrong", hidden(&page));
    let headers = [OWN[0], OWN[1], ("referer", "https://evil.example/")];
    let reply = browser
        .post(&house, "/api/authorize/login", &headers, &body)
        .await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER);
    assert_eq!(reply.header("location"), address);
    assert_eq!(reply.body, "");
    let page = browser.get(&house, &address).await;
    assert_eq!(
        page.after("name=\"username\" value=\""),
        "ona",
        "what was typed is kept"
    );
    assert!(!page.body.contains("wrong\""), "a password is not");
}

#[tokio::test]
async fn a_program_without_a_browsers_headers_gets_the_same_redirect() {
    let house = House::new().await;
    let mut browser = Browser::default();
    let (address, page) = browser.arrive(&house).await;
    let cookies: Vec<_> = browser
        .cookies
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    let request = Request::post("/api/authorize/login")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::COOKIE, cookies.join("; "))
        .body(Body::from(format!(
            "{}&username=ona&password=demo-ona",
            hidden(&page)
        )))
        .unwrap();
    let reply = house.send(request).await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER);
    assert_eq!(reply.header("location"), address);
    let session = reply
        .headers
        .get_all(header::SET_COOKIE)
        .iter()
        .any(|line| line.to_str().unwrap().starts_with("__Host-cs_session="));
    assert!(session);
}

#[tokio::test]
async fn a_form_of_another_site_signs_nobody_in() {
    let house = House::new().await;
    for headers in [
        [
            ("origin", "https://evil.example"),
            ("sec-fetch-site", "cross-site"),
        ],
        [("origin", "null"), ("sec-fetch-site", "cross-site")],
        [("origin", "null"), ("x-nothing", "")],
    ] {
        let mut browser = Browser::default();
        let (_, page) = browser.arrive(&house).await;
        let body = format!("{}&username=ona&password=demo-ona", hidden(&page));
        browser
            .post(&house, "/api/authorize/login", &headers, &body)
            .await;
        assert!(
            !browser.cookies.contains_key("__Host-cs_session"),
            "{headers:?}"
        );
    }
    let mut browser = Browser::default();
    let (_, page) = browser.arrive(&house).await;
    let body = format!("{}&username=ona&password=demo-ona", hidden(&page));
    browser
        .post(&house, "/api/authorize/login", &OWN, &body)
        .await;
    assert!(browser.cookies.contains_key("__Host-cs_session"));
}

#[tokio::test]
async fn a_wrong_recovery_code_comes_back_to_its_own_page() {
    let house = House::new().await;
    let mut browser = Browser::default();
    let (address, page) = browser.arrive(&house).await;
    let body = format!("{}&username=ona&password=demo-ona", hidden(&page));
    browser
        .post(&house, "/api/authorize/login", &OWN, &body)
        .await;
    let consent = browser.get(&house, &address).await;
    let body = format!("{}&do=all", hidden(&consent));
    browser
        .post(&house, "/api/authorize/consent", &OWN, &body)
        .await;
    let consent = browser.get(&house, &address).await;
    let account = consent.after("name=\"account\" value=\"");
    let body = format!("{}&account={account}&decision=allow", hidden(&consent));
    browser
        .post(&house, "/api/authorize/consent", &OWN, &body)
        .await;
    let confirm = browser.get(&house, &format!("{address}?recovery=1")).await;
    assert!(
        confirm.body.contains("name=\"recovery_code\""),
        "{}",
        confirm.body
    );
    let body = format!(
        "{}&recovery_code=0000-0000&decision=confirm",
        hidden(&confirm)
    );
    let reply = browser
        .post(&house, "/api/authorize/confirm", &OWN, &body)
        .await;
    assert_eq!(reply.header("location"), format!("{address}?recovery=1"));
}

#[tokio::test]
async fn a_chosen_language_is_remembered_and_kept_on_error_pages() {
    let house = House::new().await;
    let mut browser = Browser::default();
    let reply = browser.get(&house, "/help?a=b&lang=lt").await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER);
    assert_eq!(reply.header("location"), "/help?a=b");
    assert!(reply.header("set-cookie").contains("Max-Age=31536000"));
    for target in [
        "/help",
        "/nowhere",
        "/authorize/unheard-of",
        "/oauth/authorize?client_id=nobody",
    ] {
        let page = browser.get(&house, target).await;
        assert!(page.body.contains("<html lang=\"lt\""), "{target}");
    }
    let (address, page) = browser.arrive(&house).await;
    assert!(page.body.contains("<html lang=\"lt\""));
    assert!(page.body.contains(&format!("href=\"{address}?lang=ru\"")));
    let reply = browser
        .get(&house, "/oauth/authorize?client_id=nobody&lang=ru")
        .await;
    assert_eq!(
        reply.header("location"),
        "/oauth/authorize?client_id=nobody"
    );
}

#[tokio::test]
async fn files_of_the_site_are_kept_as_long_as_their_names_mean_the_same() {
    let house = House::new().await;
    let style = house.get("/pkg/countersign.03.css").await;
    assert_eq!(
        style.header("cache-control"),
        "public, max-age=31536000, immutable"
    );
    assert_eq!(style.header("content-type"), "text/css");
    assert_eq!(style.header("x-content-type-options"), "nosniff");
    let request = Request::get("/pkg/countersign.03.css").header(header::ACCEPT_ENCODING, "br");
    let compressed = house.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(compressed.header("content-encoding"), "br");
    assert_eq!(compressed.body, "compressed");
    assert_eq!(
        house.get("/favicon.svg").await.header("cache-control"),
        "public, max-age=3600"
    );
    for target in [
        "/pkg/countersign.04.css",
        "/pkg/",
        "/../Cargo.toml",
        "/%2e%2e/Cargo.toml",
    ] {
        assert_eq!(
            house.get(target).await.status,
            StatusCode::NOT_FOUND,
            "{target}"
        );
    }
}

#[tokio::test]
async fn an_error_without_words_gets_a_page_where_a_person_is_waiting() {
    let house = House::new().await;
    let page = Browser::default().post(&house, "/help", &OWN, "").await;
    assert_eq!(page.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(page.problem(), "not_found");
    let reply = house
        .send(Request::post("/help").body(Body::empty()).unwrap())
        .await;
    assert_eq!(reply.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(reply.body, "");
}
