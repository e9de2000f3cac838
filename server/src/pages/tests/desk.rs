//! Clients and the audit trail over HTTP.

use std::collections::BTreeSet;

use axum::http::StatusCode;

use super::{AUTHORIZE, Browser, House, OWN};

/// Every page of it.
const PAGES: [&str; 5] = [
    "/admin/clients",
    "/admin/clients/demo-shop",
    "/admin/clients/demo-shop/suspend",
    "/admin/clients/demo-shop/resume",
    "/admin/audit",
];

const SUSPEND: &str = "/admin/clients/demo-shop/suspend";
const REASON: &str = "Its+server+was+taken+over+by+somebody";

impl Browser {
    /// Somebody of the demo signs in at the portal, with a code of the demo's authenticator.
    async fn enter(&mut self, house: &House, username: &str, password: &str) -> String {
        let fields = format!(
            "username={}&password={password}",
            username.replace('@', "%40")
        );
        let sent = self
            .fill(house, "/login", "/api/portal/login", &fields)
            .await;
        assert_eq!(sent.leads_to(), "/login/code");
        let codes = house.get("/demo/authenticator").await;
        let (_, codes) = codes.body.split_once(username).expect("a person");
        let (_, code) = codes.split_once("<output").expect("a code");
        let (_, code) = code.split_once('>').expect("a code");
        let action = "/api/portal/login_code";
        let fields = format!("code={}", &code[..6]);
        let sent = self.fill(house, "/login/code", action, &fields).await;
        sent.leads_to().to_owned()
    }

    pub(super) async fn enter_as_admin(&mut self, house: &House) {
        self.enter(house, "admin@bank.test", "demo-admin").await;
    }
}

#[tokio::test]
async fn the_pages_are_whole_and_for_admins_alone() {
    let house = House::new().await;
    let (mut admin, mut developer) = (Browser::default(), Browser::default());
    admin.enter_as_admin(&house).await;
    developer
        .enter(&house, "dev@shop.test", "demo-developer")
        .await;
    for target in PAGES {
        let page = admin.get(&house, target).await;
        assert_eq!(page.status, StatusCode::OK, "{target}");
        assert_eq!(page.header("cache-control"), "no-store", "{target}");
        assert!(!page.body.contains(" style=") && !page.body.contains("cs_sk_"));
        let ids: Vec<&str> = page.body.split(" id=\"").skip(1).collect();
        let ids = ids
            .iter()
            .map(|rest| rest.split('"').next().unwrap_or_default());
        let mut known = BTreeSet::new();
        for id in ids {
            assert!(known.insert(id), "{target} has {id} twice");
        }
        let foreign = developer.get(&house, target).await;
        assert_eq!(foreign.status, StatusCode::NOT_FOUND, "{target}");
        assert_eq!(foreign.problem(), "not_found");
        let stranger = house.get(target).await;
        assert!(stranger.leads_to().starts_with("/login?next="), "{target}");
    }
    let missing = admin.get(&house, "/admin/clients/nobody").await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
    // What cannot be read is said beside its field, and the page is there.
    let odd = admin
        .get(&house, "/admin/audit?from=yesterday&actor=%00")
        .await;
    assert_eq!(odd.status, StatusCode::OK);
    assert!(odd.body.contains("id=\"from-error\"") && odd.body.contains("id=\"actor-error\""));
}

#[tokio::test]
async fn the_doors_of_admins_are_closed_to_everybody_else() {
    let house = House::new().await;
    let mut developer = Browser::default();
    developer
        .enter(&house, "dev@shop.test", "demo-developer")
        .await;
    let page = developer.get(&house, "/developer").await;
    let token = page.form_token("/api/portal/new_app").to_owned();
    for (action, fields) in [
        (
            "suspend",
            "client=demo-shop&version=0&mode=end&why=other&name=Countersign+Coffee",
        ),
        ("resume", "client=demo-shop&version=0"),
        ("audit_export", "format=csv"),
    ] {
        let action = format!("/api/admin/{action}");
        let body = format!("form_token={token}&{fields}");
        let sent = developer.post(&house, &action, &OWN, &body).await;
        assert_eq!(sent.status, StatusCode::NOT_FOUND, "{action}");
        let sent = Browser::default().post(&house, &action, &OWN, &body).await;
        assert!(sent.leads_to().starts_with("/login?next="), "{action}");
    }
    assert_eq!(
        Browser::default().get(&house, AUTHORIZE).await.status,
        StatusCode::SEE_OTHER,
        "the app works"
    );
}

#[tokio::test]
async fn an_app_that_is_switched_off_says_why_to_its_team() {
    let house = House::new().await;
    let (mut admin, mut developer) = (Browser::default(), Browser::default());
    admin.enter_as_admin(&house).await;
    developer
        .enter(&house, "dev@shop.test", "demo-developer")
        .await;

    let page = admin.get(&house, SUSPEND).await;
    let version = page.after("name=\"version\" value=\"").to_owned();
    let begun = format!("client=demo-shop&version={version}&why=policy&reason={REASON}");
    let action = "/api/admin/suspend";
    let wrong = format!("{begun}&mode=pause&name=Another");
    let sent = admin.fill(&house, SUSPEND, action, &wrong).await;
    assert_eq!(sent.leads_to(), SUSPEND);
    let page = admin.get(&house, SUSPEND).await;
    assert!(page.body.contains("<title>Error: ") && page.body.contains("id=\"name-error\""));
    assert!(page.body.contains("Its server was taken over by somebody"));

    let right = format!("{begun}&mode=pause&name=Countersign+Coffee");
    let sent = admin.fill(&house, SUSPEND, action, &right).await;
    assert_eq!(sent.leads_to(), "/admin/clients/demo-shop");
    let stopped = Browser::default().get(&house, AUTHORIZE).await;
    assert_eq!(stopped.status, StatusCode::FORBIDDEN);
    assert_eq!(stopped.problem(), "app_off");
    let app = developer.get(&house, "/developer/apps/demo-shop").await;
    assert!(app.body.contains("id=\"off-sandbox\""));
    assert!(app.body.contains("Its server was taken over by somebody"));
    let mailbox = house.get("/demo/mailbox").await;
    assert!(mailbox.body.contains("is switched off"));

    // The same form once more: nothing more happens, the words are still there.
    let again = admin.get(&house, SUSPEND).await;
    assert!(
        !again.body.contains(action),
        "there is nothing to switch off"
    );
    let resume = "/admin/clients/demo-shop/resume";
    let page = admin.get(&house, resume).await;
    let version = page.after("name=\"version\" value=\"").to_owned();
    let fields = format!("client=demo-shop&version={version}&reason={REASON}");
    let sent = admin
        .fill(&house, resume, "/api/admin/resume", &fields)
        .await;
    assert_eq!(sent.leads_to(), "/admin/clients/demo-shop");
    let began = Browser::default().get(&house, AUTHORIZE).await;
    assert_eq!(began.status, StatusCode::SEE_OTHER);
    let app = developer.get(&house, "/developer/apps/demo-shop").await;
    assert!(!app.body.contains("id=\"off-sandbox\""));
}

#[tokio::test]
async fn the_trail_is_taken_along_as_a_file() {
    let house = House::new().await;
    let mut admin = Browser::default();
    admin.enter_as_admin(&house).await;
    let page = "/admin/audit?object=client%3Ademo-shop";
    let action = "/api/admin/audit_export";
    // The clock stands still, so nothing happened before this moment: what is in a file is told in
    // the engine's stories.
    for (format, kind, text) in [
        (
            "csv",
            "text/csv",
            "id,at,actor,action,object,detail,trace\r\n",
        ),
        ("jsonl", "application/jsonl", ""),
    ] {
        let fields = format!("object=client%3Ademo-shop&format={format}");
        let file = admin.fill(&house, page, action, &fields).await;
        assert_eq!(file.status, StatusCode::OK);
        assert!(file.header("content-type").starts_with(kind));
        assert!(file.header("content-disposition").starts_with("attachment"));
        assert_eq!(file.header("cache-control"), "no-store");
        assert_eq!(file.body, text);
    }
}
