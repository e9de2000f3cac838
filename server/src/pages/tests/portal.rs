//! The developer portal over HTTP.

use axum::http::StatusCode;

use protocol::sca;

use super::{Browser, House, OWN, Reply};

const COOKIE: &str = "__Host-cs_portal";
const FORM: &str =
    "email=milda%40shop.example&name=Milda&new_password=correct+horse+battery&terms=yes";

impl Reply {
    pub(super) fn form_token(&self, action: &str) -> &str {
        let (_, form) = self
            .body
            .split_once(&format!("action=\"{action}\""))
            .unwrap_or_else(|| panic!("no form for {action} in {}", self.body));
        let (_, rest) = form.split_once("name=\"form_token\" value=\"").unwrap();
        rest.split('"').next().unwrap()
    }

    pub(super) fn leads_to(&self) -> &str {
        assert_eq!(self.status, StatusCode::SEE_OTHER, "{}", self.body);
        self.header("location")
    }
}

impl Browser {
    /// Fills in a form of a page: `fields` beside its token.
    pub(super) async fn fill(
        &mut self,
        house: &House,
        page: &str,
        action: &str,
        fields: &str,
    ) -> Reply {
        let shown = self.get(house, page).await;
        assert_eq!(
            shown.status,
            StatusCode::OK,
            "{page} {}",
            shown.header("location")
        );
        let token = shown.form_token(action);
        let body = match fields {
            "" => format!("form_token={token}"),
            fields => format!("form_token={token}&{fields}"),
        };
        self.post(house, action, &OWN, &body).await
    }

    /// From a stranger to the page of the first app.
    pub(super) async fn sign_up(&mut self, house: &House) -> String {
        self.sign_up_with(house, FORM).await
    }

    /// The same with another form.
    pub(super) async fn sign_up_with(&mut self, house: &House, form: &str) -> String {
        let sent = self
            .fill(house, "/signup", "/api/portal/signup", form)
            .await;
        assert_eq!(sent.leads_to(), "/signup/check-mail");
        let mailbox = house.get("/demo/mailbox").await;
        // The clock stands still: which of two letters is newer nobody knows, but whose it is.
        let address = form.split('&').find_map(|pair| pair.strip_prefix("email="));
        let address = address.expect("an address").replace("%40", "@");
        let (_, letter) = mailbox.body.split_once(&address).expect("a letter to them");
        let (_, letter) = letter.split_once("Your code is ").expect("a letter");
        let code = format!("code={}", &letter[..6]);
        let action = "/api/portal/check_mail";
        let sent = self.fill(house, "/signup/check-mail", action, &code).await;
        sent.leads_to().to_owned()
    }
}

#[tokio::test]
async fn a_stranger_becomes_a_developer_with_credentials_on_the_screen() {
    let house = House::new().await;
    let mut browser = Browser::default();
    let signup = browser.get(&house, "/signup").await;
    assert_eq!(signup.status, StatusCode::OK);
    let before = browser.cookies[COOKIE].clone();
    let address = browser.sign_up(&house).await;
    assert_ne!(browser.cookies[COOKIE], before, "a new id for a new person");
    // A reload is no loss.
    for _ in 0..2 {
        let page = browser.get(&house, &address).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.body.contains("cs_sk_") && page.body.contains("sbx_my-first-app_"));
        assert!(!page.body.contains(" style="));
        assert_eq!(page.header("cache-control"), "no-store");
    }
    // In another browser the page is a way to sign in and come back.
    let stranger = house.get(&address).await;
    assert!(stranger.leads_to().starts_with("/login?next="));
    let mut other = Browser::default();
    let login = stranger.leads_to().to_owned();
    let page = other.get(&house, &login).await;
    let next = page.after("name=\"next\" value=\"").to_owned();
    let fields =
        format!("next={next}&username=milda%40shop.example&password=correct+horse+battery");
    let sent = other
        .fill(&house, &login, "/api/portal/login", &fields)
        .await;
    assert_eq!(sent.leads_to(), address);
}

#[tokio::test]
async fn what_a_form_leaves_is_shown_once() {
    let house = House::new().await;
    let mut browser = Browser::default();
    let fields = "email=milda%40shop.example&name=&new_password=too-short";
    let sent = browser
        .fill(&house, "/signup", "/api/portal/signup", fields)
        .await;
    assert_eq!(sent.leads_to(), "/signup");
    // Another page of the same browser does not take it.
    browser.get(&house, "/login").await;
    let page = browser.get(&house, "/signup").await;
    assert!(page.body.contains("role=\"alert\"") && page.body.contains("<title>Error: "));
    assert!(page.body.contains("value=\"milda@shop.example\""));
    assert!(!page.body.contains("too-short"));
    let page = browser.get(&house, "/signup").await;
    assert!(!page.body.contains("role=\"alert\""));
    assert!(!page.body.contains("milda@shop.example"));
}

#[tokio::test]
async fn who_is_not_signed_in_is_sent_to_where_they_can() {
    let house = House::new().await;
    for (target, leads_to) in [
        ("/developer", "/login"),
        ("/login/code", "/login"),
        ("/developer/confirm", "/login"),
        ("/signup/check-mail", "/signup"),
        ("/signup/confirm?token=cs_su_nonsense", "/signup"),
    ] {
        assert_eq!(house.get(target).await.leads_to(), leads_to, "{target}");
    }
    for target in ["/security", "/developer/apps/demo-shop"] {
        let reply = house.get(target).await;
        assert!(reply.leads_to().starts_with("/login?next="), "{target}");
    }
}

#[tokio::test]
async fn a_form_of_another_site_does_nothing() {
    let house = House::new().await;
    let mut browser = Browser::default();
    let page = browser.get(&house, "/signup").await;
    let body = format!(
        "form_token={}&{FORM}",
        page.form_token("/api/portal/signup")
    );
    for headers in [
        [
            ("origin", "https://evil.example"),
            ("sec-fetch-site", "cross-site"),
        ],
        [("origin", "null"), ("sec-fetch-site", "same-site")],
    ] {
        let sent = browser
            .post(&house, "/api/portal/signup", &headers, &body)
            .await;
        assert_eq!(sent.leads_to(), "/signup");
    }
    let page = browser.get(&house, "/signup").await;
    assert!(page.body.contains("please send it again"));
    assert!(page.body.contains("value=\"milda@shop.example\""));
    // The page once more, with a token of now.
    let sent = browser
        .fill(&house, "/signup", "/api/portal/signup", FORM)
        .await;
    assert_eq!(sent.leads_to(), "/signup/check-mail");
}

#[tokio::test]
async fn an_app_of_another_team_is_not_found() {
    let house = House::new().await;
    let mut browser = Browser::default();
    let own = browser.sign_up(&house).await;
    let foreign = browser.get(&house, "/developer/apps/demo-shop").await;
    assert_eq!(foreign.status, StatusCode::NOT_FOUND);
    assert_eq!(foreign.problem(), "not_found");
    let page = browser.get(&house, &own).await;
    let token = page.form_token("/api/portal/replace_secret");
    let body = format!("form_token={token}&app=demo-shop");
    let sent = browser
        .post(&house, "/api/portal/replace_secret", &OWN, &body)
        .await;
    assert_eq!(sent.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn signing_out_ends_it_on_the_server_too() {
    let house = House::new().await;
    let mut browser = Browser::default();
    browser.sign_up(&house).await;
    let before = browser.cookies[COOKIE].clone();
    let sent = browser
        .fill(&house, "/developer", "/api/portal/logout", "")
        .await;
    assert_eq!(sent.leads_to(), "/login");
    assert_eq!(sent.header("clear-site-data"), "\"cache\"");
    assert!(!browser.cookies.contains_key(COOKIE));
    browser.cookies.insert(COOKIE.into(), before);
    assert_eq!(browser.get(&house, "/developer").await.leads_to(), "/login");
}

#[tokio::test]
async fn the_portal_and_the_approving_of_apps_know_nothing_of_each_other() {
    let house = House::new().await;
    let mut browser = Browser::default();
    browser.sign_up(&house).await;
    let (_, page) = browser.arrive(&house).await;
    assert!(
        page.body.contains("name=\"password\""),
        "signing in is asked for"
    );
}

#[tokio::test]
async fn a_new_authenticator_signs_the_person_out_everywhere_else() {
    let house = House::new().await;
    let (mut here, mut there) = (Browser::default(), Browser::default());
    here.sign_up(&house).await;
    let fields = "username=milda%40shop.example&password=correct+horse+battery";
    let sent = there
        .fill(&house, "/login", "/api/portal/login", fields)
        .await;
    assert_eq!(sent.leads_to(), "/developer");
    let action = "/api/portal/security";
    here.fill(&house, "/security", action, "do=begin").await;
    let page = here.get(&house, "/security").await;
    let seed = page.after("?secret=").split('&').next().unwrap().to_owned();
    let seed = sca::parse_base32(&seed).expect("base32");
    let step = sca::step(engine::Clock::now(&super::Noon));
    let code = format!("code={}", sca::totp(&seed, step).expose());
    let sent = here.fill(&house, "/security", action, &code).await;
    assert_eq!(sent.leads_to(), "/security");
    let page = here.get(&house, "/security").await;
    assert_eq!(
        page.body.matches("d-codes").count(),
        1,
        "recovery codes to write down"
    );
    assert_eq!(there.get(&house, "/developer").await.leads_to(), "/login");
    let mailbox = house.get("/demo/mailbox").await;
    assert!(mailbox.body.contains("How you prove it is you was changed"));
    // The next time the code is due.
    let sent = there
        .fill(&house, "/login", "/api/portal/login", fields)
        .await;
    assert_eq!(sent.leads_to(), "/login/code");
}

#[tokio::test]
async fn an_app_is_registered_task_by_task() {
    let house = House::new().await;
    let mut browser = Browser::default();
    let app = browser.sign_up(&house).await;
    let id = app.rsplit('/').next().unwrap().to_owned();
    let action = "/api/portal/save_task";
    let page = format!("{app}/setup/callbacks");
    let seen = browser.get(&house, &page).await;
    let seen = seen.after("name=\"seen\" value=\"").to_owned();
    let begun = format!("app={id}&task=callbacks&seen={seen}");

    // A mistake in the second row, told at that row; the first row is kept.
    let rows = "redirect_uri=https%3A%2F%2Fshop.example%2Fcb&redirect_uri=https%3A%2F%2Fshop.example%2F%23x";
    let sent = browser
        .fill(&house, &page, action, &format!("{begun}&{rows}"))
        .await;
    assert_eq!(sent.leads_to(), page);
    let shown = browser.get(&house, &page).await;
    assert!(shown.body.contains("<title>Error: "));
    assert!(shown.body.contains("id=\"redirect_uri-2-error\""));
    assert!(shown.body.contains("value=\"https://shop.example/cb\""));

    // One more row, without a script.
    let more = format!("{begun}&redirect_uri=https%3A%2F%2Fshop.example%2Fcb&do=add_row");
    let sent = browser.fill(&house, &page, action, &more).await;
    assert_eq!(sent.leads_to(), page);
    let shown = browser.get(&house, &page).await;
    assert!(shown.body.contains("id=\"redirect_uri-2\""));

    let right = format!("{begun}&redirect_uri=https%3A%2F%2Fshop.example%2Fcb&redirect_uri=");
    let sent = browser.fill(&house, &page, action, &right).await;
    assert_eq!(sent.leads_to(), format!("{app}/setup"));
    let list = browser.get(&house, &format!("{app}/setup")).await;
    assert!(
        list.body.contains("1 of 6 tasks are saved."),
        "{}",
        list.body
    );
    for rest in [
        "/setup/business",
        "/setup/purpose",
        "/setup/website",
        "/setup/review",
        "/review",
    ] {
        let reply = browser.get(&house, &format!("{app}{rest}")).await;
        assert_eq!(reply.status, StatusCode::OK, "{rest}");
        let stranger = Browser::default()
            .get(&house, &format!("{app}{rest}"))
            .await;
        assert!(stranger.leads_to().starts_with("/login?next="), "{rest}");
    }
    let nonsense = browser.get(&house, &format!("{app}/setup/nonsense")).await;
    assert_eq!(nonsense.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_task_with_a_field_that_no_page_has_is_refused() {
    let house = House::new().await;
    let mut browser = Browser::default();
    let app = browser.sign_up(&house).await;
    let id = app.rsplit('/').next().unwrap().to_owned();
    let page = format!("{app}/setup/look");
    let fields = format!("app={id}&task=look&seen=x&app_name=Shop&admin=yes");
    let sent = browser
        .fill(&house, &page, "/api/portal/save_task", &fields)
        .await;
    assert_eq!(sent.status, StatusCode::BAD_REQUEST);
}
