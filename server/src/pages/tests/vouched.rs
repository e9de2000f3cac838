//! Signing up with the help of an app, over HTTP.

use axum::http::StatusCode;
use engine::personal::{Asker, ContactRequest};
use protocol::ids::ClientId;
use store::privileges::Privilege;

use super::{Browser, House};

const APP: &str = "demo-wallet-app";

impl House {
    /// What the app gets for this address.
    async fn contact_token(&self, email: &str) -> String {
        let id = ClientId::new(APP);
        let granted = self
            .engine
            .set_privilege(&id, Privilege::ContactToken, true)
            .await;
        granted.unwrap();
        let client = self.engine.client(&id).await.unwrap().unwrap();
        let asker = Asker {
            client: &client.client,
            access: None,
        };
        let request = ContactRequest {
            email: Some(email.to_owned()),
            phone: None,
        };
        let made = self.engine.make_contact_token(&asker, &request).await;
        made.unwrap().unwrap().token
    }
}

#[tokio::test]
async fn a_person_opens_an_account_from_an_app_that_vouches() {
    let house = House::new().await;
    let token = house.contact_token("rasa@people.example").await;
    let here = format!("/signup?contact_token={token}");
    let mut browser = Browser::default();
    let page = browser.get(&house, &here).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("rasa@people.example"));
    assert!(!page.body.contains(" style="));
    assert_eq!(page.header("cache-control"), "no-store");
    assert_eq!(page.header("referrer-policy"), "no-referrer");
    let action = "/api/portal/signup_vouched";
    let whole = format!(
        "contact_token={token}&address=rasa%40people.example&name=Rasa&new_password=correct+horse+battery&terms=yes"
    );
    // What is missing is said on the same page, and what was typed is kept.
    let fields = whole.replace("&terms=yes", "");
    let sent = browser.fill(&house, &here, action, &fields).await;
    assert_eq!(sent.leads_to(), here);
    let page = browser.get(&house, &here).await;
    assert!(page.body.contains("Tick the box to agree") && page.body.contains("value=\"Rasa\""));
    let sent = browser.fill(&house, &here, action, &whole).await;
    assert_eq!(sent.leads_to(), "/signup/welcome");
    // A reload is no loss; elsewhere there is nothing to see.
    for _ in 0..2 {
        let page = browser.get(&house, "/signup/welcome").await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.body.contains("otpauth://totp/") && page.body.contains("rasa@people.example"));
        assert_eq!(page.header("cache-control"), "no-store");
    }
    assert_eq!(
        house.get("/signup/welcome").await.leads_to(),
        "/signup?contact_token="
    );
    let over = house.get(&here).await;
    assert_eq!(over.status, StatusCode::OK);
    assert!(over.body.contains("This link is over") && !over.body.contains("<form"));
    // No letter was needed.
    let mailbox = house.get("/demo/mailbox").await;
    assert!(!mailbox.body.contains("rasa@people.example"));
}

#[tokio::test]
async fn the_pages_of_an_app_that_vouches_speak_three_languages() {
    let house = House::new().await;
    let token = house.contact_token("rasa@people.example").await;
    for (language, words) in [
        ("en", "has confirmed your address"),
        ("lt", "jau patvirtino jūsų adresą"),
        ("ru", "уже подтвердило ваш адрес"),
    ] {
        let mut browser = Browser::default();
        browser
            .cookies
            .insert("lang".to_owned(), language.to_owned());
        let page = browser
            .get(&house, &format!("/signup?contact_token={token}"))
            .await;
        assert!(page.body.contains(words), "{language}");
    }
}
