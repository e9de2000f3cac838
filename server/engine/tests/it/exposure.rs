//! Secrets of clients that came through a browser: they end, the right people hear of it, and nobody
//! learns or breaks anything with requests of that kind.

use engine::{begin::Began, portal::SecretState};
use protocol::{
    authorization::ProblemKind,
    client::{DialectName, Environment::Sandbox},
    ids::ClientId,
    secret::{ClientSecret, Secret},
    trail::Step,
};
use store::{
    audit::{AuditRecord, find_audit_events},
    client_secrets::{ClientSecretRecord, find_client_secrets},
    clients::{ClientRecord, find_client},
    testing::on_each_database,
};

use crate::{
    browser::{Browser, request_of},
    house::{App, House, seconds},
    portal_desk::Desk,
};

const OWN_TOKEN: [(&str, &str); 1] = [("grant_type", "client_credentials")];

/// A secret that looks like one of ours.
fn made_up(seed: u8) -> String {
    Secret::<ClientSecret>::mint([seed; 32]).expose().to_owned()
}

/// What the person sees of a request with this secret.
async fn seen(browser: &mut Browser<'_>, app: &App, secret: Option<&str>) -> String {
    let mut request = request_of(app);
    request.extend(secret.map(|secret| ("client_secret", secret)));
    match browser.arrive_with(&request).await {
        Began::Problem(view) => {
            assert_eq!(view.kind, ProblemKind::SecretExposed);
            let mut view = *view;
            view.trace = protocol::ids::TraceId::from_entropy([0; 5]);
            format!("{view:?}")
        }
        other => panic!("{other:?}"),
    }
}

impl House {
    async fn holds(&self, app: &App) -> bool {
        self.token(app, &OWN_TOKEN).await.is_ok()
    }

    async fn events_of(&self, client: &ClientId) -> Vec<AuditRecord> {
        let object = format!("client:{client}");
        find_audit_events(self.store.reader(), &object, 100)
            .await
            .expect("events")
    }

    async fn secrets_of(&self, client: &ClientId) -> Vec<ClientSecretRecord> {
        find_client_secrets(self.store.reader(), client)
            .await
            .expect("secrets")
    }

    async fn owned_app(&self, id: &str, owner: &str) -> App {
        let owner = self.developer(owner).await;
        self.app_with(id, |record| record.owner = Some(owner)).await
    }
}

#[tokio::test]
async fn an_exposed_secret_ends_everywhere_and_its_developer_is_told_once() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let app = house.owned_app("shop", "dev").await;
        let other = house.another_secret(&app, None).await;
        assert!(house.holds(&app).await && house.holds(&other).await);
        let mut browser = Browser::new(&house);
        let first = seen(&mut browser, &app, app.secret.as_deref()).await;
        assert!(!house.holds(&app).await, "at once, the caches included");
        assert!(house.holds(&other).await, "the other one is the way on");
        // Again: the same page, and nobody is told twice.
        assert_eq!(first, seen(&mut browser, &app, app.secret.as_deref()).await);

        let secrets = house.secrets_of(&app.id).await;
        let exposed: Vec<_> = secrets.iter().map(|secret| secret.exposed_at).collect();
        assert_eq!(exposed, [Some(house.now()), None]);
        let events = house.events_of(&app.id).await;
        assert_eq!(events.len(), 1, "{events:?}");
        assert_eq!(events[0].action, "client.secret_exposed");
        assert!(events[0].detail.contains("\"ended\":true"));
        let letters = house.engine.mailbox(10).await.expect("letters");
        assert_eq!(letters.len(), 1);
        assert_eq!(letters[0].recipient, "dev@mail.test");
        assert_eq!(
            letters[0].subject,
            "A secret of The shop was exposed and has ended"
        );
        let secret = app.secret.as_deref().expect("a secret");
        assert!(!format!("{letters:?} {events:?} {first}").contains(secret));
    })
    .await;
}

#[tokio::test]
async fn a_right_secret_looks_like_a_wrong_one_and_like_none_that_ever_was() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let app = house.owned_app("shop", "dev").await;
        let mut pages = Vec::new();
        let mut writes = Vec::new();
        for secret in [
            made_up(1),
            app.secret.clone().expect("a secret"),
            app.secret.clone().expect("a secret"),
            "amazon123".to_owned(),
        ] {
            let before = house.store.writes();
            pages.push(seen(&mut Browser::new(&house), &app, Some(&secret)).await);
            writes.push(house.store.writes() - before);
        }
        pages.dedup();
        assert_eq!(pages.len(), 1, "one page for all");
        writes.dedup();
        assert_eq!(writes, [1], "the same work for all");
        // An empty one is a secret parameter too, but there is nothing to look for.
        let empty = seen(&mut Browser::new(&house), &app, Some("")).await;
        assert_eq!([empty], pages[..]);
    })
    .await;
}

#[tokio::test]
async fn a_secret_ends_whoever_is_named_beside_it() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let shop = house.owned_app("shop", "dev").await;
        let bank = house.owned_app("bank", "other").await;
        let secret = bank.secret.as_deref();
        seen(&mut Browser::new(&house), &shop, secret).await;
        assert!(!house.holds(&bank).await && house.holds(&shop).await);
        let letters = house.engine.mailbox(10).await.expect("letters");
        let readers: Vec<_> = letters.iter().map(|l| l.recipient.as_str()).collect();
        assert_eq!(readers, ["other@mail.test"]);
        // Of a client that nobody knows, and of none at all.
        let again = house.another_secret(&shop, None).await;
        for request in [
            vec![
                ("client_id", "nobody"),
                ("client_secret", again.secret.as_deref().unwrap()),
            ],
            vec![("client_secret", shop.secret.as_deref().unwrap())],
        ] {
            let began = Browser::new(&house).arrive_with(&request).await;
            let Began::Problem(view) = began else {
                panic!("{began:?}");
            };
            assert_eq!((view.kind, view.app), (ProblemKind::SecretExposed, None));
        }
        assert!(!house.holds(&again).await && !house.holds(&shop).await);
    })
    .await;
}

#[tokio::test]
async fn a_flood_of_guesses_makes_one_event_no_letter_and_hides_no_exposure() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let app = house.owned_app("shop", "dev").await;
        let mut browser = Browser::new(&house);
        let before = house.store.writes();
        for number in 0..60 {
            seen(&mut browser, &app, Some(&format!("guess-{number}"))).await;
            seen(&mut browser, &app, Some(&made_up(number))).await;
        }
        assert!(house.store.writes() - before <= 20, "guesses write little");
        let events = house.events_of(&app.id).await;
        assert_eq!(events.len(), 1);
        assert!(events[0].detail.contains("\"ended\":false"));
        assert!(house.engine.mailbox(10).await.expect("letters").is_empty());
        assert!(
            house.holds(&app).await,
            "its own requests are not slowed down"
        );
        // In the middle of the flood the real one is still noticed.
        seen(&mut browser, &app, app.secret.as_deref()).await;
        assert!(!house.holds(&app).await);
        assert_eq!(house.engine.mailbox(10).await.expect("letters").len(), 1);
        // Guesses of the next day make one more event.
        house.later(seconds(25 * 3600));
        seen(&mut browser, &app, Some("guess")).await;
        seen(&mut browser, &app, Some("guess")).await;
        assert_eq!(house.events_of(&app.id).await.len(), 3);
    })
    .await;
}

/// Secrets that came from elsewhere may be short.
#[tokio::test]
async fn a_secret_that_somebody_chose_cannot_be_ended_by_trying_many() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let app = house.owned_app("shop", "dev").await;
        let chosen = ClientSecretRecord {
            digest: Secret::<ClientSecret>::presented("1234").digest(),
            id: protocol::ids::SecretId::new("chosen"),
            ..house.secrets_of(&app.id).await.remove(0)
        };
        house
            .write(move |tx| {
                Box::pin(
                    async move { store::client_secrets::insert_client_secret(tx, &chosen).await },
                )
            })
            .await;
        let chosen = App {
            id: app.id.clone(),
            secret: Some("1234".to_owned()),
        };
        assert!(house.holds(&chosen).await);
        let mut browser = Browser::new(&house);
        for guess in 1_200..1_300 {
            seen(&mut browser, &app, Some(&guess.to_string())).await;
        }
        assert!(house.holds(&chosen).await, "it was never looked at");
        // Whoever really sends it once exposes it.
        house.later(seconds(3600));
        seen(&mut browser, &app, Some("1234")).await;
        assert!(!house.holds(&chosen).await);
    })
    .await;
}

#[tokio::test]
async fn the_team_hears_of_it_and_sees_it_at_the_portal() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let mut desk = Desk::new(&house);
        let app = desk.arrive("milda@shop.example").await;
        let client = desk.member(&app).await.unwrap().app.sandbox_client;
        let shown = house.engine.shown_secret(&client, &desk.user()).await;
        let secret = shown.unwrap().expect("on the screen").text;
        let exposed = App {
            id: client.clone(),
            secret: Some(secret.clone()),
        };
        seen(&mut Browser::new(&house), &exposed, Some(&secret)).await;
        let shown = house.engine.shown_secret(&client, &desk.user()).await;
        assert!(shown.unwrap().is_none(), "nobody copies it any more");
        let visit = desk.visit();
        let view = house.engine.credentials_view(&visit, &app, Sandbox).await;
        let view = view.expect("a page");
        assert_eq!(view.secrets[0].state, SecretState::Exposed);
        assert!(view.has_room, "another one can be made");
        let letter = house.engine.mailbox(1).await.expect("letters").remove(0);
        assert_eq!(letter.recipient, "milda@shop.example");
        let page = format!("/developer/apps/{app}/sandbox/credentials");
        assert!(letter.body_text.contains(&page), "{}", letter.body_text);
        assert!(!letter.body_text.contains(&secret));
    })
    .await;
}

/// For an app in the dialect nothing stops, whatever the secret is.
#[tokio::test]
async fn in_the_dialect_a_secret_ends_and_the_request_goes_on_as_without_one() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let owner = house.developer("dev").await;
        let change = |record: &mut ClientRecord| {
            record.owner = Some(owner);
            record.client.dialects.push(DialectName::Tutorial);
        };
        let app = house.app_with("amazon", change).await;
        let working = house.another_secret(&app, None).await;
        let right = app.secret.clone().expect("a secret");
        for secret in [
            None,
            Some("amazon123"),
            Some(right.as_str()),
            Some(right.as_str()),
        ] {
            let mut request = vec![
                ("client_id", "amazon"),
                ("scope", "transferFunds"),
                ("callbackURL", crate::house::REDIRECT_URI),
            ];
            request.extend(secret.map(|secret| ("client_secret", secret)));
            let mut browser = Browser::new(&house);
            let began = browser.arrive_with(&request).await;
            let Began::Interact { cookies, .. } = began else {
                panic!("{began:?}");
            };
            assert_eq!(cookies.len(), 1);
            assert!(!format!("{cookies:?}").contains(&right));
        }
        assert!(!house.holds(&app).await && house.holds(&working).await);
        assert_eq!(house.engine.mailbox(10).await.expect("letters").len(), 1);
        let record = find_client(db.store.reader(), &app.id).await;
        assert_eq!(
            record.unwrap().expect("the client").version,
            0,
            "nothing else changed"
        );
    })
    .await;
}

/// The step stands in the request log, for the developer who looks there.
#[test]
fn the_request_log_knows_the_step() {
    let fault = protocol::authorize::PageFault::SecretExposed;
    assert_eq!(fault.step(), Step::NoSecret);
    assert!(protocol::trail::fix(fault.slug()).is_some());
}
