//! The request log and the playground over HTTP, from the button to the line in the log.

use axum::http::StatusCode;

use super::{Browser, House, OWN, Reply, URL, hidden};

const BEGIN: &str = "/api/portal/playground_begin";
const EXCHANGE: &str = "/api/portal/playground_exchange";
const CALL: &str = "/api/portal/playground_call";

/// The first text that follows a label in a list of facts.
fn fact<'a>(page: &'a Reply, label: &str) -> &'a str {
    let (_, rest) = page
        .body
        .split_once(&format!("<dt>{label}</dt>"))
        .unwrap_or_else(|| panic!("no {label} in {}", page.body));
    let (value, _) = rest.split_once("</dd>").expect("a value");
    value
        .split('<')
        .filter_map(|piece| piece.split_once('>'))
        .map(|(_, text)| text.trim())
        .find(|text| !text.is_empty())
        .expect("a text")
}

/// The way to the endpoint on a page of the playground.
fn authorize_address(page: &Reply) -> String {
    let query = page.after(&format!("href=\"{URL}/oauth/authorize?"));
    format!("/oauth/authorize?{}", query.replace("&amp;", "&"))
}

impl Browser {
    /// A new run of the playground; answers its page.
    async fn play(&mut self, house: &House, app: &str, fault: &str) -> (String, Reply) {
        let page = format!("{app}/sandbox/playground");
        let id = app.rsplit('/').next().expect("an app");
        let fields = format!("app={id}&scope=wallet+ais&fault={fault}");
        let sent = self.fill(house, &page, BEGIN, &fields).await;
        assert_eq!(sent.leads_to(), page);
        let shown = self.get(house, &page).await;
        (page, shown)
    }

    /// Signs in as the first test user and allows everything; answers where that leads.
    async fn allow(&mut self, house: &House, playground: &Reply) -> String {
        let began = self.get(house, &authorize_address(playground)).await;
        let address = began.leads_to().to_owned();
        let page = self.get(house, &address).await;
        let user = fact(playground, "Login name");
        let password = fact(playground, "Password");
        let body = format!("{}&username={user}&password={password}", hidden(&page));
        self.post(house, "/api/authorize/login", &OWN, &body).await;
        let page = self.get(house, &address).await;
        let body = format!("{}&do=all", hidden(&page));
        self.post(house, "/api/authorize/consent", &OWN, &body)
            .await;
        let page = self.get(house, &address).await;
        let account = page.after("name=\"account\" value=\"");
        let body = format!("{}&account={account}&decision=allow", hidden(&page));
        self.post(house, "/api/authorize/consent", &OWN, &body)
            .await;
        let page = self.get(house, &address).await;
        let body = format!("{}&code=&decision=confirm", hidden(&page));
        let sent = self
            .post(house, "/api/authorize/confirm", &OWN, &body)
            .await;
        let back = sent.leads_to().to_owned();
        assert!(back.starts_with(&format!("{URL}/developer/playground/callback?code=")));
        back.replace(URL, "")
    }
}

/// A second developer, with a team of their own.
async fn stranger(house: &House) -> Browser {
    let mut browser = Browser::default();
    let form =
        "email=jonas%40other.example&name=Jonas&new_password=correct+horse+battery&terms=yes";
    browser.sign_up_with(house, form).await;
    browser
}

#[tokio::test]
async fn the_whole_flow_leaves_a_line_in_the_log() {
    let house = House::new().await;
    let mut browser = Browser::default();
    let app = browser.sign_up(&house).await;
    let id = app.rsplit('/').next().expect("an app").to_owned();
    let (page, shown) = browser.play(&house, &app, "none").await;
    let callback = browser.allow(&house, &shown).await;
    let back = browser.get(&house, &callback).await;
    assert_eq!(back.leads_to(), page, "the address with the code is left");
    let shown = browser.get(&house, &page).await;
    assert!(fact(&shown, "code").starts_with("cs_ac_"));
    assert_eq!(fact(&shown, "iss"), URL);
    assert!(shown.body.contains("It is the state that was sent"));
    // The secret of the new app can still be seen: nothing is to be pasted.
    assert!(!shown.body.contains("name=\"secret\""));
    let sent = browser
        .fill(&house, &page, EXCHANGE, &format!("app={id}"))
        .await;
    assert_eq!(sent.leads_to(), page);
    let shown = browser.get(&house, &page).await;
    assert!(shown.body.contains("HTTP/1.1 200"), "{}", shown.body);
    for secret in ["cs_at_", "cs_rt_", "cs_sk_"] {
        assert!(!shown.body.contains(secret), "{secret}");
    }
    for api in ["balance", "accounts"] {
        let fields = format!("app={id}&api={api}");
        browser.fill(&house, &page, CALL, &fields).await;
    }
    let shown = browser.get(&house, &page).await;
    let read: String = shown
        .body
        .split('<')
        .filter_map(|piece| piece.split_once('>'))
        .map(|(_, text)| text)
        .collect();
    assert_eq!(read.matches("HTTP/1.1 200").count(), 3, "{}", shown.body);

    // The line is there at once, and everything passed.
    let (_, rest) = shown
        .body
        .split_once(&format!("href=\"{app}/sandbox/logs/"))
        .expect("a line in the log");
    let reference = rest.split('"').next().expect("a reference").to_owned();
    let address = format!("{app}/sandbox/logs/{reference}");
    let detail = browser.get(&house, &address).await;
    assert_eq!(detail.status, StatusCode::OK);
    assert_eq!(fact(&detail, "grant_type"), "authorization_code");
    assert!(detail.body.contains("PKCE") && !detail.body.contains("stopped here"));
    assert!(detail.body.contains("$CLIENT_SECRET") && !detail.body.contains("cs_ac_"));
    let log = browser.get(&house, &format!("{app}/sandbox/logs")).await;
    assert!(log.body.contains(&format!("href=\"{address}\"")));
    let none = format!("{app}/sandbox/logs?endpoint=revoke");
    let log = browser.get(&house, &none).await;
    assert!(log.body.contains("No request fits these filters"));
    let live = browser.get(&house, &format!("{app}/live/logs")).await;
    assert!(live.body.contains("not live yet"));
    let nowhere = browser.get(&house, &format!("{app}/moon/logs")).await;
    assert_eq!(nowhere.status, StatusCode::NOT_FOUND);
}

/// A page without what differs from answer to answer.
fn plain(reply: &Reply) -> String {
    let reference = reply.header("x-trace-id").to_owned();
    let nonce = reply.after("nonce=\"").to_owned();
    reply
        .body
        .replace(&reference, "REFERENCE")
        .replace(&nonce, "NONCE")
}

#[tokio::test]
async fn a_wrong_address_is_explained_to_its_own_developers_and_to_nobody_else() {
    let house = House::new().await;
    let mut browser = Browser::default();
    let app = browser.sign_up(&house).await;
    let (page, shown) = browser.play(&house, &app, "wrong_redirect").await;
    let problem = browser.get(&house, &authorize_address(&shown)).await;
    assert_eq!(problem.status, StatusCode::BAD_REQUEST);
    assert_eq!(problem.problem(), "wrong_redirect");
    let reference = problem.header("x-error-ref").to_owned();
    let short = format!("/developer/r/{reference}");
    assert!(problem.body.contains(&format!("href=\"{short}\"")));
    let way = browser.get(&house, &short).await;
    let address = format!("{app}/sandbox/logs/{reference}");
    assert_eq!(way.leads_to(), address);
    let detail = browser.get(&house, &address).await;
    assert!(
        detail.body.contains("callback<!><del>/</del>") || detail.body.contains("<del>/</del>")
    );
    assert!(detail.body.contains("only a slash at the end"));
    assert!(detail.body.contains("stopped here") && detail.body.contains("not looked at"));
    assert!(detail.body.contains("/developers/errors#"));
    let shown = browser.get(&house, &page).await;
    assert!(shown.body.contains("Nothing yet."), "the app sees nothing");

    // Nobody else learns that there is such a request.
    let unknown = "0000-0000";
    assert_ne!(unknown, reference);
    let mut other = stranger(&house).await;
    for (target, unheard_of) in [
        (short.clone(), format!("/developer/r/{unknown}")),
        (address.clone(), format!("{app}/sandbox/logs/{unknown}")),
    ] {
        let theirs = other.get(&house, &target).await;
        let nothing = other.get(&house, &unheard_of).await;
        assert_eq!(theirs.status, StatusCode::NOT_FOUND);
        assert_eq!(nothing.status, StatusCode::NOT_FOUND);
        let theirs = plain(&theirs).replace(&target, "TARGET");
        assert_eq!(theirs, plain(&nothing).replace(&unheard_of, "TARGET"));
    }
    for target in [format!("{app}/sandbox/logs"), page.clone()] {
        let reply = other.get(&house, &target).await;
        assert_eq!(reply.status, StatusCode::NOT_FOUND, "{target}");
    }
    let reply = house.get(&short).await;
    assert!(reply.leads_to().starts_with("/login?next="));
}

#[tokio::test]
async fn a_code_that_is_used_twice_ends_everything() {
    let house = House::new().await;
    let mut browser = Browser::default();
    let app = browser.sign_up(&house).await;
    let id = app.rsplit('/').next().expect("an app").to_owned();
    let (page, shown) = browser.play(&house, &app, "used_code").await;
    let callback = browser.allow(&house, &shown).await;
    browser.get(&house, &callback).await;
    browser
        .fill(&house, &page, EXCHANGE, &format!("app={id}"))
        .await;
    browser
        .fill(&house, &page, CALL, &format!("app={id}&api=balance"))
        .await;
    let shown = browser.get(&house, &page).await;
    assert!(shown.body.contains("HTTP/1.1 200") && shown.body.contains("HTTP/1.1 400"));
    assert!(shown.body.contains("invalid_grant") && shown.body.contains("HTTP/1.1 401"));
}

#[tokio::test]
async fn an_answer_of_somebody_else_is_shown_and_not_exchanged() {
    let house = House::new().await;
    let mut browser = Browser::default();
    let app = browser.sign_up(&house).await;
    let id = app.rsplit('/').next().expect("an app").to_owned();
    let early = browser
        .get(&house, "/developer/playground/callback?code=x")
        .await;
    assert_eq!(early.leads_to(), "/developer", "there is no run");
    let (page, _) = browser.play(&house, &app, "denied").await;
    let target = "/developer/playground/callback?code=cs_ac_evil&state=another";
    browser.get(&house, target).await;
    let shown = browser.get(&house, &page).await;
    assert!(shown.body.contains("an app must stop here"));
    let token = shown.form_token(BEGIN);
    let body = format!("form_token={token}&app={id}");
    let sent = browser.post(&house, EXCHANGE, &OWN, &body).await;
    assert_eq!(sent.leads_to(), page);
    let shown = browser.get(&house, &page).await;
    assert!(shown.body.contains("nothing to go on with"));
    assert!(!shown.body.contains("HTTP/1.1 4") && !shown.body.contains("HTTP/1.1 200"));
}
