//! Secrets and teams at the portal over HTTP.

use axum::http::StatusCode;

use super::{Browser, House, OWN};

/// The text of the client secret on a page.
fn secret_on(body: &str) -> Option<&str> {
    let (_, rest) = body.split_once("cs_sk_")?;
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_')?;
    Some(&rest[..end])
}

#[tokio::test]
async fn a_new_secret_stands_on_its_page_in_its_file_and_nowhere_else() {
    let house = House::new().await;
    let mut browser = Browser::default();
    let app = browser.sign_up(&house).await;
    let id = app.strip_prefix("/developer/apps/").unwrap().to_owned();
    let page = format!("{app}/sandbox/credentials");
    let which = format!("app={id}&environment=sandbox");
    let hidden = browser.get(&house, &format!("{page}/add")).await;
    let version = hidden.after("name=\"version\" value=\"").to_owned();
    // The first secret is put away, so that what is seen is the second one.
    let action = "/api/portal/secret_stored";
    let sent = browser.fill(&house, &page, action, &which).await;
    assert_eq!(sent.leads_to(), page);
    let shown = browser.get(&house, &page).await;
    assert_eq!(secret_on(&shown.body), None);

    let fields = format!("{which}&label=server+two&days=90&version={version}");
    let action = "/api/portal/add_secret";
    let sent = browser
        .fill(&house, &format!("{page}/add"), action, &fields)
        .await;
    assert_eq!(sent.leads_to(), page);
    assert_eq!(secret_on(&sent.body), None);
    let shown = browser.get(&house, &page).await;
    let secret = secret_on(&shown.body).expect("on its page").to_owned();
    assert_eq!(shown.header("cache-control"), "no-store");
    assert!(!shown.body.contains(" style="));
    for other in [
        "/developer",
        "/security",
        "/developer/team",
        "/developer/team/audit",
        "/demo/mailbox",
        &format!("{page}/add"),
    ] {
        let reply = browser.get(&house, other).await;
        assert_eq!(reply.status, StatusCode::OK, "{other}");
        assert!(!reply.body.contains(&secret), "{other}");
    }
    let file = browser
        .fill(&house, &page, "/api/portal/env_file", &which)
        .await;
    assert_eq!(file.status, StatusCode::OK);
    assert_eq!(
        file.header("content-disposition"),
        "attachment; filename=\"countersign.env\""
    );
    let line = format!("COUNTERSIGN_CLIENT_SECRET=cs_sk_{secret}\n");
    assert!(file.body.contains(&line));
    let action = "/api/portal/secret_stored";
    browser.fill(&house, &page, action, &which).await;
    let shown = browser.get(&house, &page).await;
    assert_eq!(secret_on(&shown.body), None);
    assert!(shown.body.contains("server two"));
}

#[tokio::test]
async fn pages_of_credentials_of_others_do_not_exist() {
    let house = House::new().await;
    let mut browser = Browser::default();
    let own = browser.sign_up(&house).await;
    for foreign in [
        "/developer/apps/demo-shop/sandbox/credentials",
        "/developer/apps/demo-shop/sandbox/credentials/add",
        "/developer/apps/demo-shop/live/credentials/x/revoke",
        &format!("{own}/live/credentials"),
        &format!("{own}/moon/credentials"),
        "/developer/team?team=other",
        "/developer/team/audit?team=other",
    ] {
        let reply = browser.get(&house, foreign).await;
        assert_eq!(reply.status, StatusCode::NOT_FOUND, "{foreign}");
    }
    let page = format!("{own}/sandbox/credentials");
    let shown = browser.get(&house, &page).await;
    let token = shown.form_token("/api/portal/env_file");
    let body = format!("form_token={token}&app=demo-shop&environment=sandbox");
    let sent = browser
        .post(&house, "/api/portal/env_file", &OWN, &body)
        .await;
    assert_eq!(sent.status, StatusCode::NOT_FOUND);
    for link in ["/developer/secret?token=x", "/developer/invite?token=x"] {
        let known = browser.get(&house, link).await;
        assert_eq!(known.status, StatusCode::OK, "{link}");
        let stranger = house.get(link).await;
        assert!(stranger.leads_to().starts_with("/login?next="), "{link}");
    }
}
