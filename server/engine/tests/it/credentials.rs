//! Secrets of an app: added, used side by side, revoked; the one-time link; and who tries to get at them.

use engine::portal::{NewSecret, Place, Refusal, SecretLinkView, SecretState};
use protocol::{
    client::Environment::{self, Live, Sandbox},
    ids::{AppId, ClientId, SecretId},
};
use store::{
    apps::{AppRecord, advance_app},
    audit::find_audit_events,
    clients::{find_client, insert_client},
    secret_links::insert_secret_link,
    teams::{MembershipRecord, TeamRole, insert_membership},
    testing::on_each_database,
};

use crate::{
    house::{App, House, seconds},
    portal_desk::Desk,
};

const FORM: [(&str, &str); 1] = [("grant_type", "client_credentials")];

impl Desk<'_> {
    async fn add(&mut self, app: &AppId, environment: Environment, label: &str) -> String {
        let engine = &self.house.engine;
        let view = engine
            .add_secret_view(&self.visit(), app, environment)
            .await;
        let version = view.map_or(0, |(_, _, version)| version);
        self.add_at(app, environment, label, version).await
    }

    async fn add_at(
        &mut self,
        app: &AppId,
        environment: Environment,
        label: &str,
        version: u32,
    ) -> String {
        let new = NewSecret {
            label: label.to_owned(),
            days: String::new(),
            version: version.to_string(),
        };
        let (visit, token) = (self.visit(), self.token("add-secret"));
        let answer = self
            .house
            .engine
            .add_secret(&visit, &token, app, environment, new)
            .await;
        self.follow(answer)
    }

    async fn revoke(
        &mut self,
        app: &AppId,
        environment: Environment,
        secret: &SecretId,
        typed: &str,
    ) -> String {
        let (visit, token) = (self.visit(), self.token("revoke-secret"));
        let which = (app, environment, secret);
        let engine = &self.house.engine;
        let answer = engine.revoke_secret(&visit, &token, which, typed).await;
        self.follow(answer)
    }

    async fn use_link(&mut self, link: &str) -> String {
        let (visit, token) = (self.visit(), self.token("secret-link"));
        let answer = self
            .house
            .engine
            .use_secret_link(&visit, &token, link)
            .await;
        self.follow(answer)
    }

    async fn look(&self, link: &str) -> Result<SecretLinkView, Refusal> {
        let visit = self.visit();
        let view = self.house.engine.secret_link_view(&visit, link);
        view.await.map(|(_, view)| view)
    }

    /// The secret on this person's screen.
    async fn on_screen(&self, client: &ClientId) -> Option<App> {
        let shown = self.house.engine.shown_secret(client, &self.user()).await;
        shown.expect("an answer").map(|secret| App {
            id: client.clone(),
            secret: Some(secret.text),
        })
    }
}

impl House {
    /// The bank lets an app in: it has a live client, without a secret.
    async fn let_in(&self, app: &AppRecord) -> AppRecord {
        let reader = self.engine.env().store.reader();
        let sandbox = find_client(reader, &app.sandbox_client).await.unwrap();
        let mut client = sandbox.expect("the sandbox client");
        client.client.id = ClientId::new(format!("live_{}", app.id));
        client.client.environment = Live;
        let live = AppRecord {
            live_client: Some(client.client.id.clone()),
            ..app.clone()
        };
        let changed = live.clone();
        self.write(move |tx| {
            Box::pin(async move {
                insert_client(tx, &client).await?;
                advance_app(tx, &changed)
                    .await
                    .map(|done| assert!(done.is_yes()))
            })
        })
        .await;
        live
    }

    /// A link to the live secret of an app, as the letter of the approval holds it.
    async fn link_to(&self, app: &AppRecord) -> String {
        let live = app.live_client.as_ref().expect("a live client");
        let (record, address) = self.engine.secret_link(live, &app.id, self.now());
        self.write(move |tx| Box::pin(async move { insert_secret_link(tx, &record).await }))
            .await;
        let (_, link) = address
            .split_once("/developer/secret?token=")
            .expect("a link");
        link.to_owned()
    }

    async fn is_joined_by(&self, app: &AppRecord, desk: &Desk<'_>, role: TeamRole) {
        let membership = MembershipRecord {
            team_id: app.team_id.clone(),
            user_id: desk.user(),
            role,
            created_at: self.now(),
        };
        self.write(move |tx| Box::pin(async move { insert_membership(tx, &membership).await }))
            .await;
    }

    async fn works(&self, client: &App) -> bool {
        self.token(client, &FORM).await.is_ok()
    }
}

#[tokio::test]
async fn a_sandbox_secret_is_rotated_without_a_gap() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let mut desk = Desk::new(&house);
        let app = desk.arrive("milda@shop.example").await;
        let client = desk.member(&app).await.unwrap().app.sandbox_client;
        let old = desk.on_screen(&client).await.expect("the first secret");
        house.later(seconds(60));
        let page = format!("/developer/apps/{app}/sandbox/credentials");
        assert_eq!(desk.add(&app, Sandbox, "server two").await, page);
        assert_eq!(desk.said(), ["secret-added"]);
        let new = desk.on_screen(&client).await.expect("the new secret");
        assert!(house.works(&old).await && house.works(&new).await, "no gap");
        // There is room for two.
        assert_eq!(desk.add(&app, Sandbox, "third").await, page);
        assert_eq!(desk.said(), ["two-secrets"]);

        let visit = desk.visit();
        let view = house.engine.credentials_view(&visit, &app, Sandbox).await;
        let view = view.expect("a page");
        let [second, first] = &view.secrets[..] else {
            panic!("two secrets: {:?}", view.secrets);
        };
        assert_eq!(second.label, "server two");
        assert_eq!(second.created_by.as_deref(), Some("Milda"));
        let four = first.last_four.clone().expect("known");
        assert!(old.secret.as_ref().unwrap().ends_with(&four));
        assert_ne!(Some(&four), second.last_four.as_ref());

        // The first one is in use: it says so, and asks for more than a button.
        let asked = house
            .engine
            .revoke_view(&visit, &app, Sandbox, &first.id)
            .await;
        assert!(asked.expect("a page").1.in_use);
        let again = format!("{page}/{}/revoke", first.id);
        for typed in ["", "nope", &second.last_four.clone().unwrap()] {
            assert_eq!(desk.revoke(&app, Sandbox, &first.id, typed).await, again);
            assert_eq!(desk.said(), ["secret-last-four"]);
        }
        assert!(house.works(&old).await);
        house.later(seconds(1));
        assert_eq!(desk.revoke(&app, Sandbox, &first.id, &four).await, page);
        assert_eq!(desk.said(), ["secret-revoked"]);
        assert!(!house.works(&old).await, "at once, the caches included");
        assert!(house.works(&new).await);
        // The same form again.
        assert_eq!(desk.revoke(&app, Sandbox, &first.id, &four).await, page);
        assert_eq!(desk.said(), ["secret-has-ended"]);

        let events = find_audit_events(db.store.reader(), &format!("client:{client}"), 10).await;
        let actions: Vec<_> = events.unwrap().into_iter().map(|e| e.action).collect();
        assert_eq!(actions, ["client.secret_revoked", "client.secret_added"]);
        let letters = house.engine.mailbox(20).await.expect("letters");
        let subjects: Vec<_> = letters.iter().map(|l| l.subject.as_str()).collect();
        assert!(
            subjects.contains(&"A secret of My first app was revoked"),
            "{subjects:?}"
        );
        assert!(subjects.contains(&"My first app has a new secret"));
        for secret in [&old, &new] {
            let text = secret.secret.as_deref().unwrap();
            assert!(letters.iter().all(|l| !l.body_text.contains(text)));
        }
    })
    .await;
}

#[tokio::test]
async fn a_form_that_is_sent_twice_makes_one_secret() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let mut desk = Desk::new(&house);
        let app = desk.arrive("milda@shop.example").await;
        let view = house
            .engine
            .add_secret_view(&desk.visit(), &app, Sandbox)
            .await;
        let (_, _, version) = view.expect("a form");
        desk.add_at(&app, Sandbox, "one", version).await;
        assert_eq!(desk.said(), ["secret-added"]);
        desk.add_at(&app, Sandbox, "one", version).await;
        assert_eq!(desk.said(), ["secret-changed-meanwhile"]);
        let token = "of another browser";
        let new = NewSecret::default();
        let visit = desk.visit();
        let answer = house
            .engine
            .add_secret(&visit, token, &app, Sandbox, new)
            .await;
        desk.follow(answer);
        assert_eq!(desk.said(), ["send-again"]);
    })
    .await;
}

#[tokio::test]
async fn the_link_makes_one_secret_for_one_person_of_the_team() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let mut milda = Desk::new(&house);
        let app = milda.arrive("milda@shop.example").await;
        let record = milda.member(&app).await.unwrap().app;
        let record = house.let_in(&record).await;
        let live = record.live_client.clone().unwrap();
        let link = house.link_to(&record).await;

        // Nobody, somebody without an authenticator, somebody else, somebody who may only look.
        let nobody = Desk::at(&house, "198.51.100.9");
        assert!(matches!(nobody.look(&link).await, Err(Refusal::SignIn(_))));
        assert!(matches!(milda.look(&link).await, Err(Refusal::Enrol)));
        assert_eq!(milda.use_link(&link).await, "/security");
        let mut petras = Desk::at(&house, "198.51.100.7");
        petras.arrive("petras@other.example").await;
        petras.enrol().await;
        assert_eq!(petras.look(&link).await.unwrap(), SecretLinkView::Foreign);
        house.is_joined_by(&record, &petras, TeamRole::Read).await;
        assert_eq!(petras.look(&link).await.unwrap(), SecretLinkView::Foreign);
        petras.use_link(&link).await;
        assert!(petras.on_screen(&live).await.is_none());

        milda.enrol().await;
        // Programs that read mail look as often as they like.
        for _ in 0..3 {
            let looked = milda.look(&link).await.unwrap();
            assert!(matches!(looked, SecretLinkView::Good { .. }), "{looked:?}");
        }
        let page = format!("/developer/apps/{app}/live/credentials");
        assert_eq!(milda.use_link(&link).await, page);
        assert_eq!(milda.said(), ["secret-added"]);
        let secret = milda.on_screen(&live).await.expect("on the screen");
        assert!(house.works(&secret).await);
        // Once.
        let again = milda.use_link(&link).await;
        assert!(again.starts_with("/developer/secret?token="), "{again}");
        let looked = milda.look(&link).await.unwrap();
        assert!(matches!(looked, SecretLinkView::Used { by_you: true, .. }));
        let visit = milda.visit();
        let view = house
            .engine
            .credentials_view(&visit, &app, Live)
            .await
            .unwrap();
        assert_eq!(view.secrets.len(), 1);
        // The colleague who looks sees the table, without the secret and without buttons.
        let visit = petras.visit();
        let view = house
            .engine
            .credentials_view(&visit, &app, Live)
            .await
            .unwrap();
        assert_eq!(view.secrets.len(), 1);
        assert!(view.shown.is_none() && !view.may_change && !view.may_ask_for_link);
    })
    .await;
}

#[tokio::test]
async fn a_link_that_ran_out_or_was_replaced_leads_nowhere() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let mut desk = Desk::new(&house);
        let app = desk.arrive("milda@shop.example").await;
        desk.enrol().await;
        let record = desk.member(&app).await.unwrap().app;
        let record = house.let_in(&record).await;
        let old = house.link_to(&record).await;
        house.later(seconds(1));
        let (visit, token) = (desk.visit(), desk.token("credentials"));
        let answer = house.engine.send_secret_link(&visit, &token, &app).await;
        assert_eq!(
            desk.follow(answer),
            format!("/developer/apps/{app}/live/credentials")
        );
        assert_eq!(desk.said(), ["secret-link-sent"]);
        assert_eq!(desk.look(&old).await.unwrap(), SecretLinkView::Unknown);
        let new = house.letter_to("milda@shop.example").await.link;
        let looked = desk.look(&new).await.unwrap();
        assert!(matches!(looked, SecretLinkView::Good { .. }), "{looked:?}");
        house.later(seconds(24 * 3600));
        let looked = desk.look(&new).await.unwrap();
        assert!(matches!(looked, SecretLinkView::Over { .. }), "{looked:?}");
        assert_eq!(desk.look("cs_sl_x").await.unwrap(), SecretLinkView::Unknown);
        assert_eq!(desk.look("AAAA").await.unwrap(), SecretLinkView::Unknown);
    })
    .await;
}

#[tokio::test]
async fn live_secrets_ask_for_a_fresh_code_and_other_teams_find_nothing() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let mut milda = Desk::new(&house);
        let app = milda.arrive("milda@shop.example").await;
        milda.enrol().await;
        let record = milda.member(&app).await.unwrap().app;
        let record = house.let_in(&record).await;
        let page = format!("/developer/apps/{app}/live/credentials");
        assert_eq!(milda.add(&app, Live, "first").await, page);
        let visit = milda.visit();
        let view = house
            .engine
            .credentials_view(&visit, &app, Live)
            .await
            .unwrap();
        let secret = view.secrets[0].id.clone();
        house.later(seconds(300));
        let stale = milda.add(&app, Live, "second").await;
        assert!(stale.starts_with("/developer/confirm?next="), "{stale}");
        let stale = milda.revoke(&app, Live, &secret, "").await;
        assert!(stale.starts_with("/developer/confirm?next="), "{stale}");

        let mut petras = Desk::at(&house, "198.51.100.7");
        let own = petras.arrive("petras@other.example").await;
        petras.enrol().await;
        for environment in [Sandbox, Live] {
            let visit = petras.visit();
            let seen = house
                .engine
                .credentials_view(&visit, &app, environment)
                .await;
            assert!(matches!(seen, Err(Refusal::NotFound)));
            assert_eq!(
                petras.add(&app, environment, "x").await,
                "problem not_found"
            );
        }
        // A secret of another team under an app of one's own.
        let foreign = petras.revoke(&own, Sandbox, &secret, "").await;
        assert_eq!(foreign, "problem not_found");
        house.is_joined_by(&record, &petras, TeamRole::Read).await;
        let read_only = format!("/developer/apps/{app}");
        assert_eq!(petras.add(&app, Live, "x").await, read_only);
        assert_eq!(petras.revoke(&app, Live, &secret, "").await, read_only);
        assert_eq!(petras.said(), ["read-only"]);
        let visit = milda.visit();
        let view = house
            .engine
            .credentials_view(&visit, &app, Live)
            .await
            .unwrap();
        assert_eq!(view.secrets.len(), 1);
        assert_eq!(view.secrets[0].state, SecretState::Active);
        let here = Place::Credentials(app, Live);
        assert!(house.engine.admin(&visit, &here).await.is_err());
    })
    .await;
}
