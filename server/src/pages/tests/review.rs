//! The review desk over HTTP: who comes to it, and where its people do not come.

use axum::http::StatusCode;

use super::{Browser, House, OWN};

#[tokio::test]
async fn for_developers_there_is_no_desk() {
    let house = House::new().await;
    let mut browser = Browser::default();
    browser.sign_up(&house).await;
    for page in [
        "/admin/queue",
        "/admin/queue?tab=all",
        "/admin/cases/x",
        "/admin/cases/x/decide",
    ] {
        let reply = browser.get(&house, page).await;
        assert_eq!(reply.status, StatusCode::NOT_FOUND, "{page}");
        let stranger = house.get(page).await;
        assert!(
            stranger.leads_to().starts_with("/login?next="),
            "{page} {}",
            stranger.leads_to()
        );
    }
    // A token of their own does not open a form either.
    let home = browser.get(&house, "/developer").await;
    let token = home.form_token("/api/portal/logout").to_owned();
    for (form, fields) in [
        ("case", "version=0&do=claim"),
        ("field", "version=0&field=organization&verdict=ok"),
        ("note", "note=x"),
        ("check", "check=x"),
        ("override", "version=0&kind=domain_proof&reason=x"),
        ("decide", "version=0&decision=approve&scope=wallet"),
    ] {
        let action = format!("/api/admin/{form}");
        let body = format!("form_token={token}&case=x&{fields}");
        let sent = browser.post(&house, &action, &OWN, &body).await;
        assert_eq!(sent.status, StatusCode::NOT_FOUND, "{form}");
    }
}

#[tokio::test]
async fn who_reviews_apps_does_not_come_to_the_pages_of_their_teams() {
    let house = House::new().await;
    let mut developer = Browser::default();
    let app = developer.sign_up(&house).await;
    let shown = developer.get(&house, &app).await;
    assert!(shown.body.contains("cs_sk_"));
    let mut admin = Browser::default();
    admin.enter_as_admin(&house).await;
    let queue = admin.get(&house, "/admin/queue").await;
    assert_eq!(queue.status, StatusCode::OK);
    assert_eq!(queue.header("cache-control"), "no-store");
    for page in [
        "",
        "/setup",
        "/setup/business",
        "/setup/review",
        "/review",
        "/sandbox/credentials",
        "/sandbox/credentials/add",
        "/live/credentials",
        "/sandbox/logs",
    ] {
        let reply = admin.get(&house, &format!("{app}{page}")).await;
        assert_eq!(reply.status, StatusCode::NOT_FOUND, "{page}");
    }
    let id = app.rsplit('/').next().unwrap();
    let token = queue.form_token("/api/portal/logout").to_owned();
    for (form, fields) in [
        ("env_file", "environment=sandbox"),
        ("replace_secret", ""),
        ("send_for_review", "truth=yes"),
        ("withdraw", ""),
    ] {
        let body = format!("form_token={token}&app={id}&{fields}");
        let body = body.trim_end_matches('&');
        let sent = admin
            .post(&house, &format!("/api/portal/{form}"), &OWN, body)
            .await;
        assert_eq!(sent.status, StatusCode::NOT_FOUND, "{form}");
        assert!(!sent.body.contains("cs_sk_"), "{form}");
    }
}

#[tokio::test]
async fn the_address_of_the_queue_holds_its_filters() {
    let house = House::new().await;
    let mut admin = Browser::default();
    admin.enter_as_admin(&house).await;
    let page = "/admin/queue?tab=all&kind=change&q=%22shop%22&after=nonsense";
    let queue = admin.get(&house, page).await;
    assert_eq!(queue.status, StatusCode::OK);
    assert!(queue.body.contains("value=\"&quot;shop&quot;\""));
    assert!(queue.body.contains("No case fits this filter."));
    assert!(queue.body.contains("<option value=\"change\" selected"));
    let nothing = admin.get(&house, "/admin/queue?tab=nonsense").await;
    assert!(nothing.body.contains("Nothing is waiting."));
}
