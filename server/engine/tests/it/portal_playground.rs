//! The playground: what is sent, what is kept, and who may do so.

use std::{future::Future, pin::Pin, sync::Mutex};

use engine::portal::{
    Refusal,
    playground::{Api, Caller, Came, Fault, PlaygroundView, WireRequest, WireResponse},
};
use protocol::{ids::AppId, pkce::CodeVerifier};
use store::testing::on_each_database;

use crate::{
    house::{House, seconds},
    portal_desk::Desk,
};

/// Answers as it is told, and remembers what was sent.
struct Wire {
    status: u16,
    body: &'static str,
    sent: Mutex<Vec<WireRequest>>,
}

impl Wire {
    fn saying(status: u16, body: &'static str) -> Self {
        Self {
            status,
            body,
            sent: Mutex::default(),
        }
    }

    fn last(&self) -> WireRequest {
        let sent = self.sent.lock().expect("a lock");
        sent.last().expect("something was sent").clone()
    }
}

impl Caller for Wire {
    fn call(
        &self,
        request: WireRequest,
    ) -> Pin<Box<dyn Future<Output = WireResponse> + Send + '_>> {
        self.sent.lock().expect("a lock").push(request);
        let answer = WireResponse {
            status: self.status,
            headers: Vec::new(),
            body: self.body.to_owned(),
        };
        Box::pin(async move { answer })
    }
}

impl Desk<'_> {
    async fn playground(&self, app: &AppId) -> PlaygroundView {
        let found = self.house.engine.playground(&self.visit(), app).await;
        found.expect("a page").1
    }

    async fn begin(&mut self, app: &AppId, scope: &str, fault: Fault) -> String {
        let token = self.token("playground");
        let answer = self
            .house
            .engine
            .playground_begin(&self.visit(), &token, app, scope, fault)
            .await;
        self.follow(answer)
    }

    async fn come_back(&mut self, code: &str, state: &str) {
        let came = Came {
            code: Some(code.to_owned()),
            state: Some(state.to_owned()),
            ..Came::default()
        };
        let refusal = self
            .house
            .engine
            .playground_callback(&self.visit(), came)
            .await;
        let Refusal::Answer(answer) = refusal else {
            panic!("{refusal:?}");
        };
        self.follow(*answer);
    }

    async fn exchange(&mut self, wire: &Wire, app: &AppId, secret: &str) -> String {
        let token = self.token("playground");
        let answer = self
            .house
            .engine
            .playground_exchange(&self.visit(), wire, &token, app, secret)
            .await;
        self.follow(answer)
    }
}

fn parameter(address: &str, name: &str) -> String {
    let query = address.split('?').nth(1).expect("a query");
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let found = pairs.find(|(known, _)| *known == name);
    found.expect(name).1.to_owned()
}

#[tokio::test]
async fn a_run_lies_sealed_in_the_session() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let mut desk = Desk::new(&house);
        let app = desk.arrive("milda@shop.example").await;
        let page = format!("/developer/apps/{app}/sandbox/playground");
        // The secret of the new app is out of sight: it must be pasted.
        house.later(seconds(601));
        assert_eq!(desk.begin(&app, "wallet", Fault::None).await, page);
        let view = desk.playground(&app).await;
        assert!(view.is_registered && view.needs_secret);
        let run = view.run.expect("a run");
        let verifier = CodeVerifier::parse(&run.verifier).expect("a verifier");
        assert_eq!(
            parameter(&run.address, "code_challenge"),
            verifier.challenge().to_string()
        );
        let state = parameter(&run.address, "state");
        desk.come_back("cs_ac_code", &state).await;
        let wire = Wire::saying(200, r#"{"access_token":"cs_at_token","expires_in":600}"#);
        assert_eq!(desk.exchange(&wire, &app, "").await, page);
        assert_eq!(desk.said(), ["playground-secret"]);
        desk.exchange(&wire, &app, " cs_sk_pasted ").await;
        let body = wire.last().body;
        assert!(
            body.contains("code=cs_ac_code") && body.contains(&run.verifier),
            "{body}"
        );
        let kept = serde_json::to_string(&desk.state).expect("a session");
        for secret in ["cs_sk_", "cs_at_", "cs_ac_", &run.verifier, &state] {
            assert!(!kept.contains(secret), "{secret} in {kept}");
        }
        let view = desk.playground(&app).await;
        assert!(!view.needs_secret && view.run.expect("a run").has_token);

        let token = desk.token("playground");
        let visit = desk.visit();
        let call = house
            .engine
            .playground_call(&visit, &wire, &token, &app, Api::Balance);
        assert_eq!(desk.follow(call.await), page);
        let request = wire.last();
        assert_eq!(request.path, "/wallet/v1/balance");
        assert!(
            request
                .headers
                .contains(&("authorization", "Bearer cs_at_token".to_owned()))
        );

        // The next run needs no secret; one that turns out wrong is forgotten.
        desk.begin(&app, "wallet ais", Fault::None).await;
        let run = desk.playground(&app).await.run.expect("a run");
        assert!(!run.has_code && run.exchanges.is_empty());
        desk.come_back("cs_ac_next", &parameter(&run.address, "state"))
            .await;
        let refusing = Wire::saying(401, r#"{"error":"invalid_client"}"#);
        desk.exchange(&refusing, &app, "").await;
        let view = desk.playground(&app).await;
        assert!(view.needs_secret && !view.run.expect("a run").has_token);
    })
    .await;
}

#[tokio::test]
async fn a_wrong_address_is_sent_when_it_is_asked_for() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let mut desk = Desk::new(&house);
        let app = desk.arrive("milda@shop.example").await;
        desk.begin(&app, "wallet", Fault::WrongRedirect).await;
        let run = desk.playground(&app).await.run.expect("a run");
        assert!(parameter(&run.address, "redirect_uri").ends_with("callback%2F"));
        desk.begin(&app, "everything", Fault::None).await;
        assert_eq!(desk.said(), ["playground-scope"]);
        let run = desk.playground(&app).await.run.expect("the run before");
        assert_eq!(run.fault, Fault::WrongRedirect);
    })
    .await;
}

#[tokio::test]
async fn nobody_else_goes_on_with_it() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let mut desk = Desk::new(&house);
        let app = desk.arrive("milda@shop.example").await;
        desk.begin(&app, "wallet", Fault::None).await;
        let mut other = Desk::at(&house, "192.0.2.99");
        let theirs = other.arrive("jonas@other.example").await;
        assert_eq!(
            other.begin(&app, "wallet", Fault::None).await,
            "problem not_found"
        );
        let wire = Wire::saying(200, "{}");
        assert_eq!(other.exchange(&wire, &app, "x").await, "problem not_found");
        // A run that got into somebody else's session is nobody's.
        other.state.sealed = desk.state.sealed.clone();
        assert_eq!(other.playground(&theirs).await.run, None);
        // A form of another site does nothing.
        desk.same_origin = false;
        desk.begin(&app, "wallet", Fault::Denied).await;
        assert_eq!(desk.said(), ["send-again"]);
        assert!(wire.sent.lock().expect("a lock").is_empty());
    })
    .await;
}
