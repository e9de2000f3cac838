//! Letters on their whole way: from a form to a mail server, and from the link in them back to a page.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use axum::http::StatusCode;
use engine::{
    Clock, Engine,
    outbox::Delivered,
    portal::{Member, Place, PortalSession, PortalVisit, SessionState, Standing},
    register::NewUser,
    review::{CaseAct, DecisionForm},
    visit::Language,
};
use protocol::{
    client::Environment,
    ids::{AppId, CheckId, UserId},
    locale::Locale,
    registration::{
        checks::{CheckKind, CheckOutcome},
        domain_proof::ProofToken,
    },
    sca,
    time::Timestamp,
};
use store::{
    app_checks::{CheckRecord, upsert_check},
    registrations::{RegistrationRecord, insert_registration},
    users::{Role, find_user_by_name},
};

use super::{
    Browser, House, URL,
    post_office::{Mood, PostOffice, Taken},
    submitted::registration,
};
use crate::{
    mail::Mailer,
    settings::{Settings, Sources},
};

const MILDA: &str = "milda@shop.example";

/// A clock that goes when it is told.
struct Hands(AtomicI64);

impl Clock for Hands {
    fn now(&self) -> Timestamp {
        Timestamp::from_seconds(self.0.load(Ordering::SeqCst))
    }
}

/// The bank, the mail server, and the way between them.
struct Street {
    house: House,
    office: PostOffice,
    mailer: Mailer,
    hands: Arc<Hands>,
}

impl Street {
    async fn new() -> Self {
        let hands = Arc::new(Hands(AtomicI64::new(1_795_348_800)));
        let house = House::at(hands.clone()).await;
        let office = PostOffice::open().await;
        let set = |name: &str, value: &str| (format!("COUNTERSIGN_{name}"), value.to_owned());
        let variables = [
            set("SMTP_URL", &format!("smtp://{}", office.address)),
            set("MAIL_FROM", "The Bank <no-reply@bank.example>"),
        ];
        let sources = Sources::merge(None, variables).expect("sources");
        let settings = Settings::load(&sources).expect("settings");
        let mailer = Mailer::new(&settings).expect("a mailer");
        let street = Self {
            house,
            office,
            mailer,
            hands,
        };
        // What the demo wrote goes out first.
        street.post().await;
        street
    }

    /// One round of the postman.
    async fn post(&self) -> Delivered {
        let round = self.house.engine.deliver_mails(&self.mailer, "node").await;
        round.expect("storage works")
    }

    fn later(&self, seconds: i64) {
        self.hands.0.fetch_add(seconds, Ordering::SeqCst);
    }

    /// The letters to Milda.
    fn letters(&self) -> Vec<Taken> {
        let taken = self.office.taken().into_iter();
        taken.filter(|letter| letter.to == MILDA).collect()
    }

    /// Milda asks for a letter.
    async fn sign_up(&self, browser: &mut Browser) {
        let form =
            "email=milda%40shop.example&name=Milda&new_password=correct+horse+battery&terms=yes";
        let sent = browser
            .fill(&self.house, "/signup", "/api/portal/signup", form)
            .await;
        assert_eq!(sent.leads_to(), "/signup/check-mail");
    }
}

/// The link in a letter, as a path of this server.
fn link(letter: &Taken) -> String {
    let mut words = letter.text.split_whitespace();
    let link = words.find_map(|word| word.strip_prefix(URL));
    link.unwrap_or_else(|| panic!("no link in {}", letter.text))
        .to_owned()
}

/// The value of `token` in a link, for the form behind it.
fn token(link: &str) -> String {
    link.split_once("?token=").expect("a token").1.to_owned()
}

#[tokio::test]
async fn the_letter_that_confirms_an_address_arrives_and_its_link_works() {
    let street = Street::new().await;
    let mut browser = Browser::default();
    street.sign_up(&mut browser).await;
    let round = street.post().await;
    assert_eq!((round.sent, round.failed, round.given_up), (1, 0, 0));
    let letters = street.letters();
    assert_eq!(letters.len(), 1);
    assert_eq!(letters[0].subject, "Confirm your address");
    assert!(letters[0].text.starts_with("Your code is "));
    // On the phone, where nobody began anything.
    let mut phone = Browser::default();
    let link = link(&letters[0]);
    let page = phone.get(&street.house, &link).await;
    assert_eq!(page.status, StatusCode::OK, "{link}");
    let field = format!("token={}", token(&link));
    let action = "/api/portal/confirm_address";
    let sent = phone.fill(&street.house, &link, action, &field).await;
    assert_eq!(sent.leads_to(), "/login");
    assert_eq!(street.post().await, Delivered::default(), "nothing twice");
}

#[tokio::test]
async fn a_letter_is_tried_again_given_up_and_never_sent_twice_once_taken() {
    let street = Street::new().await;
    let mut browser = Browser::default();
    street.sign_up(&mut browser).await;
    // Busy, then cut off: twice later, longer each time.
    street.office.be(&[Mood::IsBusy, Mood::HangsUp]);
    for wait in [30, 60] {
        let round = street.post().await;
        assert_eq!((round.sent, round.failed, round.given_up), (0, 1, 0));
        street.later(wait - 1);
        assert_eq!(street.post().await, Delivered::default(), "too early");
        street.later(1);
    }
    assert!(street.letters().is_empty());
    assert_eq!(street.post().await.sent, 1);
    for _ in 0..3 {
        street.later(6 * 3600);
        assert_eq!(street.post().await, Delivered::default());
    }
    assert_eq!(street.letters().len(), 1);
}

#[tokio::test]
async fn a_letter_that_was_taken_without_a_word_comes_again_under_the_same_id() {
    let street = Street::new().await;
    let mut browser = Browser::default();
    street.sign_up(&mut browser).await;
    street.office.be(&[Mood::SaysNothing]);
    assert_eq!(street.post().await.failed, 1, "nobody acknowledged it");
    street.later(30);
    assert_eq!(street.post().await.sent, 1);
    let letters = street.letters();
    assert_eq!(letters.len(), 2);
    assert_eq!(letters[0].id, letters[1].id, "a reader drops the second");
    assert_eq!(letters[0].text, letters[1].text);
}

#[tokio::test]
async fn an_address_that_nobody_has_is_written_to_once() {
    let street = Street::new().await;
    let mut browser = Browser::default();
    street.sign_up(&mut browser).await;
    street.office.be(&[Mood::Refuses]);
    let round = street.post().await;
    assert_eq!((round.sent, round.failed, round.given_up), (0, 0, 1));
    for _ in 0..3 {
        street.later(24 * 3600);
        assert_eq!(street.post().await, Delivered::default());
    }
    assert!(street.letters().is_empty());
    // Others still get theirs.
    let form =
        "email=petras%40shop.example&name=Petras&new_password=correct+horse+battery&terms=yes";
    let mut petras = Browser::default();
    petras
        .fill(&street.house, "/signup", "/api/portal/signup", form)
        .await;
    assert_eq!(street.post().await.sent, 1);
}

#[tokio::test]
async fn the_letter_of_approval_leads_to_the_secret_once() {
    let street = Street::new().await;
    let house = &street.house;
    let mut browser = Browser::default();
    let app = browser.sign_up(house).await;
    enrol(&street, &mut browser).await;
    street.post().await;
    approve(&house.engine, &app).await;
    assert_eq!(street.post().await.sent, 1);
    let letters = street.letters();
    let letter = letters.last().expect("a letter");
    assert_eq!(letter.subject, "Biudžetas is approved");
    assert!(letter.text.contains("live_") && !letter.text.contains("cs_sk_"));

    let link = link(letter);
    assert!(
        house
            .get(&link)
            .await
            .leads_to()
            .starts_with("/login?next=")
    );
    let page = browser.get(house, &link).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.header("location"));
    let field = format!("token={}", page.after("name=\"token\" value=\""));
    let action = "/api/portal/secret_link";
    let sent = browser.fill(house, &link, action, &field).await;
    assert_eq!(sent.leads_to(), format!("{app}/live/credentials"));
    let page = browser.get(house, sent.leads_to()).await;
    assert!(page.body.contains("cs_sk_"));
    // The second time it says so.
    let again = browser.get(house, &link).await;
    assert_eq!(again.status, StatusCode::OK);
    assert!(!again.body.contains(&format!("action=\"{action}\"")));
}

/// Milda sets up an authenticator app.
async fn enrol(street: &Street, browser: &mut Browser) {
    let (house, action) = (&street.house, "/api/portal/security");
    browser.fill(house, "/security", action, "do=begin").await;
    let page = browser.get(house, "/security").await;
    let secret = page.after("?secret=").split('&').next().expect("a secret");
    let seed = sca::parse_base32(secret).expect("base32");
    let step = sca::step(street.hands.now());
    let code = format!("code={}", sca::totp(&seed, step).expose());
    let sent = browser.fill(house, "/security", action, &code).await;
    assert_eq!(sent.leads_to(), "/security");
}

/// A browser in which this person gave password and code a moment ago.
fn visit_of(engine: &Engine, user: UserId) -> PortalVisit {
    let now = engine.env().now();
    let standing = Standing::SignedIn {
        user,
        authenticated_at: now,
        sca_at: Some(now),
    };
    let state = SessionState {
        standing,
        ..SessionState::default()
    };
    PortalVisit {
        session: PortalSession {
            binding: [1; 32],
            state,
        },
        device: None,
        address: [192, 0, 2, 1].into(),
        language: Language::default(),
        same_origin: true,
    }
}

/// The app at this address is registered, all checks are green, and a reviewer lets it in.
async fn approve(engine: &Engine, app: &str) {
    let member = registered(engine, app).await;
    let case = engine.send_for_review(&member).await;
    let case = case.expect("storage works").expect("a case");
    let reviewer = NewUser {
        username: "rasa".to_owned(),
        password: "correct horse battery".to_owned(),
        email: None,
        display_name: None,
        role: Role::Admin,
        environment: Environment::Live,
        locale: Locale::En,
    };
    let reviewer = engine.add_user(reviewer).await.expect("a reviewer").user_id;
    let visit = visit_of(engine, reviewer);
    let claimed = engine.portal_form_token(&visit, "case");
    engine
        .act_on_case(&visit, &claimed, &case.id, case.version, CaseAct::Claim)
        .await;
    let form = DecisionForm {
        version: case.version + 1,
        decision: "approve".to_owned(),
        scopes: vec!["ais".to_owned()],
        ..DecisionForm::default()
    };
    let decided = engine.portal_form_token(&visit, "decide");
    engine.decide_case(&visit, &decided, &case.id, form).await;
}

async fn registered(engine: &Engine, app: &str) -> Member {
    let store = &engine.env().store;
    let live = Environment::Live;
    let milda = find_user_by_name(store.reader(), live, MILDA).await;
    let milda = milda.expect("an answer").expect("Milda").id;
    let app = AppId::new(app.rsplit('/').next().expect("an id"));
    let now = engine.env().now();
    let record = RegistrationRecord {
        app_id: app.clone(),
        registration: registration(),
        proof_token: ProofToken::from_entropy([0; 26]),
        version: 0,
        updated_at: now,
        updated_by: milda.clone(),
    };
    let checks: Vec<CheckRecord> = CheckKind::ALL
        .iter()
        .map(|kind| CheckRecord {
            id: CheckId::new(engine.env().id()),
            app_id: app.clone(),
            kind: *kind,
            target: String::new(),
            expected: None,
            outcome: CheckOutcome::Pass,
            evidence: Vec::new(),
            attempts: 0,
            checked_at: Some(now),
            asked_at: None,
            next_at: None,
            expires_at: now + Duration::from_secs(400 * 24 * 3600),
        })
        .collect();
    let written: Result<(), store::Error> = store
        .write(move |tx| {
            Box::pin(async move {
                let begun = insert_registration(tx, &record).await?;
                assert!(begun.is_yes());
                for check in &checks {
                    upsert_check(tx, check).await?;
                }
                Ok(())
            })
        })
        .await;
    written.expect("written");
    let visit = visit_of(engine, milda);
    let here = Place::App(app.clone());
    let member = engine.member(&visit, &app, &here).await;
    member.expect("her own app")
}
