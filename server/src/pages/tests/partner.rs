//! A partner of PhonePe and Pincode over HTTP: an O-Bearer token minutes after the sign-up, and the registration
//! that a reviewer will read.

use axum::http::StatusCode;

use super::{Browser, House};

#[tokio::test]
async fn the_page_of_credentials_tells_the_partners_addresses_and_they_answer() {
    let house = House::new().await;
    let mut browser = Browser::default();
    let app = browser.sign_up(&house).await;
    let page = browser
        .get(&house, &format!("{app}/sandbox/credentials"))
        .await;
    let first = "/olympus/im/v1/oauth/token";
    for path in [
        first,
        "/apis/identity-manager/v1/oauth/token",
        "/apis/pg-sandbox/v1/oauth/token",
        "/apis/apphub/v1/oauth/token",
    ] {
        let address = format!("https://id.bank.example{path}");
        assert!(page.body.contains(&address), "{address} in {}", page.body);
    }
    let secret = page.after("cs_sk_").split('<').next().expect("a secret");
    let id = page.after(">sbx_").split('<').next().expect("an id");
    let own = format!("client_id=sbx_{id}&client_secret=cs_sk_{secret}");
    let asked = format!("{own}&grant_type=client_credentials");
    let (status, token) = house.call(first, &asked).await;
    assert_eq!(status, StatusCode::OK, "{token}");
    assert_eq!(token["token_type"], "O-Bearer");
    assert_eq!(token["expires_in"], 86_400);
    let refresh = format!(
        "{own}&grant_type=refresh_token&token={}&refresh_token={}",
        token["access_token"].as_str().expect("a token"),
        token["refresh_token"].as_str().expect("a token"),
    );
    let (status, renewed) = house.call(first, &refresh).await;
    assert_eq!(status, StatusCode::OK, "{renewed}");
    assert_ne!(renewed["access_token"], token["access_token"]);
}

#[tokio::test]
async fn a_partner_says_so_in_the_registration_and_may_leave_the_callbacks_empty() {
    let house = House::new().await;
    let mut browser = Browser::default();
    let app = browser.sign_up(&house).await;
    let id = app.strip_prefix("/developer/apps/").expect("an app");
    let task = format!("{app}/setup/callbacks");
    let fields = |page: &super::Reply, speech: &str| {
        let seen = page.after("name=\"seen\" value=\"").split('"').next();
        let seen = seen.expect("what was seen");
        format!("app={id}&task=callbacks&seen={seen}&speech={speech}&redirect_uri=")
    };
    let action = "/api/portal/save_task";
    let page = browser.get(&house, &task).await;
    assert!(page.body.contains("PhonePe and Pincode"), "{}", page.body);
    let sent = browser
        .fill(&house, &task, action, &fields(&page, "standard"))
        .await;
    assert_eq!(
        sent.leads_to(),
        task,
        "without an address nobody comes back"
    );
    let page = browser.get(&house, &task).await;
    let sent = browser
        .fill(&house, &task, action, &fields(&page, "phonepe"))
        .await;
    assert_eq!(sent.leads_to(), format!("{app}/setup"));
    let answers = browser.get(&house, &format!("{app}/setup/review")).await;
    assert!(answers.body.contains("PhonePe and Pincode"));
}
