//! The review desk: a case from sent to decided, and an app that is switched off and on.

use engine::{
    portal::{Place, Refusal as Turned},
    review::{CaseAct, CaseFilter, CaseRecord, DecisionForm, FieldForm, ResumeForm, SuspendForm},
};
use protocol::{
    client::{ClientStatus, Environment},
    form::RawForm,
    ids::{AppId, CheckId, ClientId},
    registration::{
        Registration, Task,
        checks::{CheckKind, CheckOutcome},
        domain_proof::ProofToken,
        review::{Refusal, Stage},
    },
};
use store::{
    Advanced, Error,
    app_checks::{CheckRecord, upsert_check},
    apps::find_app,
    audit::find_audit_events,
    clients::find_client,
    holdings::count_holdings,
    registrations::{
        RegistrationRecord, advance_registration, find_registration, insert_registration,
    },
    teams::{MembershipRecord, TeamRole, insert_membership},
    testing::on_each_database,
};

use crate::{
    house::{App, House, access_token, scope, seconds},
    portal_desk::Desk,
};

/// What a developer types into the forms.
const TYPED: [(&str, &str); 24] = [
    ("organization", "UAB Biudžetas"),
    ("register", "jar"),
    ("reg_no", "300060819"),
    ("addr1", "Žalgirio g. 1"),
    ("city", "Vilnius"),
    ("postcode", "LT-08217"),
    ("country", "lt"),
    ("licence", "bank"),
    ("licence_number", "LB002006"),
    ("licence_authority", "Bank of Lithuania"),
    ("security_contact", "security@biudzetas.lt"),
    ("phone", "+370 600 00000"),
    ("complaints_mail", "skundai@biudzetas.lt"),
    ("audience", "people"),
    (
        "purpose_en",
        "Shows what you spend from your accounts, month by month",
    ),
    (
        "purpose_lt",
        "Parodo, kam kas mėnesį išleidžiate pinigus iš savo sąskaitų",
    ),
    (
        "description",
        "A budget planner that sorts transactions into groups.",
    ),
    ("retention", "Two years"),
    ("shared_with", "Nobody"),
    ("website", "https://www.biudzetas.lt/"),
    ("privacy_url", "https://biudzetas.lt/privacy"),
    ("terms_url", "https://biudzetas.lt/terms"),
    ("app_name", "Biudžetas"),
    ("redirect_uri", "https://app.biudzetas.lt/callback"),
];

const REASON: &str = "The licence number is not in the register.";

/// A developer with an app whose registration is filled in, and who sends it.
struct Story<'h> {
    house: &'h House,
    team: Desk<'h>,
    app: AppId,
}

impl<'h> Story<'h> {
    async fn filled_in(house: &'h House, scopes: &[&str]) -> Self {
        let mut team = Desk::new(house);
        let app = team.arrive("milda@shop.example").await;
        let story = Self { house, team, app };
        story.write_registration(&[], scopes).await;
        story.all_green().await;
        story
    }

    /// Fills in the registration, or changes it.
    async fn write_registration(&self, changes: &[(&str, &str)], scopes: &[&str]) {
        let usual = TYPED.iter().copied();
        let kept = usual.filter(|(name, _)| changes.iter().all(|(changed, _)| changed != name));
        let scopes = scopes.iter().map(|scope| ("scope", *scope));
        let form = RawForm::from_pairs(kept.chain(changes.iter().copied()).chain(scopes));
        let mut registration = Registration::default();
        for task in Task::ALL {
            registration.save(*task, &form).expect("a good form");
        }
        let known = find_registration(self.house.store.reader(), &self.app).await;
        let known = known.expect("an answer");
        let record = RegistrationRecord {
            app_id: self.app.clone(),
            registration,
            proof_token: ProofToken::from_entropy([0; 26]),
            version: known.as_ref().map_or(0, |known| known.version),
            updated_at: self.house.now(),
            updated_by: self.team.user(),
        };
        let written: Result<Advanced, Error> = self
            .house
            .store
            .write(move |tx| {
                Box::pin(async move {
                    match known {
                        None => insert_registration(tx, &record).await,
                        Some(_) => advance_registration(tx, &record).await,
                    }
                })
            })
            .await;
        assert_eq!(written.expect("written"), Advanced::Yes);
    }

    /// The automatic checks found nothing.
    async fn all_green(&self) {
        for kind in CheckKind::ALL {
            self.check(*kind, CheckOutcome::Pass).await;
        }
    }

    async fn check(&self, kind: CheckKind, outcome: CheckOutcome) {
        let now = self.house.now();
        let check = CheckRecord {
            id: CheckId::new(self.house.engine.env().id()),
            app_id: self.app.clone(),
            kind,
            target: String::new(),
            expected: None,
            outcome,
            evidence: Vec::new(),
            attempts: 0,
            checked_at: Some(now),
            asked_at: None,
            next_at: None,
            expires_at: now + seconds(400 * 24 * 3600),
        };
        let written: Result<(), Error> = self
            .house
            .store
            .write(move |tx| Box::pin(async move { upsert_check(tx, &check).await }))
            .await;
        written.expect("written");
    }

    async fn send(&self) -> Result<CaseRecord, Refusal> {
        let member = self.team.member(&self.app).await.expect("their own app");
        let sent = self.house.engine.send_for_review(&member).await;
        sent.expect("storage works")
    }

    async fn case(&self) -> CaseRecord {
        let case = self.house.engine.case_of_app(&self.app).await;
        case.expect("storage works").expect("a case")
    }

    async fn act(&self, desk: &mut Desk<'_>, act: CaseAct) -> Vec<String> {
        let case = self.case().await;
        self.act_on(desk, act, case.version).await
    }

    async fn act_on(&self, desk: &mut Desk<'_>, act: CaseAct, version: u32) -> Vec<String> {
        self.house.later(seconds(1));
        let case = self.case().await;
        let token = desk.token("case");
        let visit = desk.visit();
        let engine = &self.house.engine;
        let answer = engine
            .act_on_case(&visit, &token, &case.id, version, act)
            .await;
        desk.follow(answer);
        desk.said()
    }

    async fn judge(&self, desk: &mut Desk<'_>, form: FieldForm) -> Vec<String> {
        let case = self.case().await;
        let token = desk.token("case");
        let form = FieldForm {
            version: case.version,
            ..form
        };
        let engine = &self.house.engine;
        let answer = engine
            .judge_field(&desk.visit(), &token, &case.id, form)
            .await;
        desk.follow(answer);
        desk.said()
    }

    async fn decide(&self, desk: &mut Desk<'_>, form: DecisionForm) -> Vec<String> {
        let version = self.case().await.version;
        self.decide_on(desk, DecisionForm { version, ..form }).await
    }

    async fn decide_on(&self, desk: &mut Desk<'_>, form: DecisionForm) -> Vec<String> {
        let case = self.case().await;
        let token = desk.token("decide");
        let engine = &self.house.engine;
        let answer = engine
            .decide_case(&desk.visit(), &token, &case.id, form)
            .await;
        desk.follow(answer);
        desk.said()
    }

    async fn letters(&self) -> Vec<(String, String)> {
        let letters = self.house.engine.mailbox(50).await.expect("letters");
        letters
            .into_iter()
            .map(|letter| (letter.subject, letter.body_text))
            .collect()
    }

    async fn actions(&self) -> Vec<String> {
        let object = format!("case:{}", self.case().await.id);
        let events = find_audit_events(self.house.store.reader(), &object, 50).await;
        let events = events.expect("events");
        events.into_iter().map(|event| event.action).collect()
    }

    async fn live_client(&self) -> Option<ClientId> {
        let app = find_app(self.house.store.reader(), &self.app).await;
        app.expect("an answer").expect("the app").live_client
    }
}

fn approve(scopes: &[&str]) -> DecisionForm {
    DecisionForm {
        decision: "approve".to_owned(),
        scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
        ..DecisionForm::default()
    }
}

fn reject() -> DecisionForm {
    DecisionForm {
        decision: "reject".to_owned(),
        codes: vec!["unverified".to_owned()],
        reason: REASON.to_owned(),
        ..DecisionForm::default()
    }
}

#[tokio::test]
async fn approval_makes_one_live_client_and_one_letter() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let story = Story::filled_in(&house, &["ais", "wallet"]).await;
        let before = story.letters().await.len();
        let case = story.send().await.expect("sent");
        assert_eq!(story.send().await, Err(Refusal::NotDue), "a double click");
        let (mut ona, seed) = Desk::admin(&house, "ona").await;
        let queue = house
            .engine
            .review_queue(&CaseFilter::default(), None, 10)
            .await;
        assert_eq!(queue.expect("a queue")[0].id, case.id);

        let not_yet = story.decide(&mut ona, approve(&["ais"])).await;
        assert_eq!(not_yet, ["review-not-claimed"]);
        assert!(story.act(&mut ona, CaseAct::Claim).await.is_empty());
        let wider = story
            .decide(&mut ona, approve(&["ais", "transferFunds"]))
            .await;
        assert_eq!(wider, ["review-scope-widened"]);

        // Five minutes later a code is due.
        house.later(seconds(301));
        let version = story.case().await.version;
        assert_eq!(
            story.decide(&mut ona, approve(&["ais"])).await,
            ["code-missing"]
        );
        assert_eq!(story.live_client().await, None);
        let decision = DecisionForm {
            version,
            code: house.totp(&seed),
            ..approve(&["ais"])
        };
        let renewals = ona.renewals();
        let said = story.decide_on(&mut ona, decision.clone()).await;
        assert_eq!(said, ["case-approved"]);
        assert_eq!(ona.renewals(), renewals + 1);
        // The same form once more.
        assert_eq!(story.decide_on(&mut ona, decision).await, ["case-changed"]);

        let id = story.live_client().await.expect("a client");
        let record = find_client(db.store.reader(), &id).await.unwrap().unwrap();
        assert!(id.as_str().starts_with("live_"), "{id}");
        assert_eq!(record.client.environment, Environment::Live);
        assert_eq!(record.client.scope, scope("ais"), "narrowed");
        assert_eq!(record.client.profile.reviewed_at, Some(house.now()));
        assert_eq!(record.client.profile.legal_name, "UAB Biudžetas");
        let letters = story.letters().await;
        assert_eq!(letters.len(), before + 1);
        let (subject, text) = &letters[0];
        assert!(subject.contains("approved"), "{subject}");
        assert!(text.contains(id.as_str()) && text.contains("/developer/secret?token="));
        let actions = story.actions().await;
        assert_eq!(
            actions,
            ["review.approved", "review.claimed", "review.sent"]
        );
        let times = house
            .engine
            .review_times()
            .await
            .unwrap()
            .expect("one case");
        assert_eq!((times.decided, times.median), (1, seconds(302)));

        // A change of the app changes that very client.
        story
            .write_registration(&[("app_name", "Biudžetas Plius")], &["ais"])
            .await;
        let change = story.send().await.expect("a change");
        assert_ne!(change.id, case.id);
        assert!(change.approved_before.is_some());
        assert!(story.act(&mut ona, CaseAct::Claim).await.is_empty());
        let said = story.decide(&mut ona, approve(&["ais"])).await;
        assert_eq!(said, ["case-approved"]);
        assert_eq!(story.live_client().await.as_ref(), Some(&id));
        let record = find_client(db.store.reader(), &id).await.unwrap().unwrap();
        assert_eq!(record.client.name, "Biudžetas Plius");
        let letters = story.letters().await;
        assert_eq!(letters.len(), before + 2);
        assert!(!letters[0].1.contains("/developer/secret"), "no new secret");
    })
    .await;
}

#[tokio::test]
async fn one_admin_works_on_a_case_and_old_pages_decide_nothing() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let story = Story::filled_in(&house, &["ais"]).await;
        story.send().await.expect("sent");
        let (mut ona, _) = Desk::admin(&house, "ona").await;
        let (mut petras, _) = Desk::admin(&house, "petras").await;
        let version = story.case().await.version;
        let first = story.act_on(&mut ona, CaseAct::Claim, version).await;
        let second = story.act_on(&mut petras, CaseAct::Claim, version).await;
        assert_eq!((first, second), (vec![], vec!["case-changed".to_owned()]));
        let blocked = story.act(&mut petras, CaseAct::Claim).await;
        assert_eq!(blocked, ["review-claimed-by-other"]);
        let version = story.case().await.version;
        assert!(story.act(&mut petras, CaseAct::TakeOver).await.is_empty());
        assert_eq!(story.actions().await[0], "review.taken_over");

        // Ona's page is from before; what she typed is not lost.
        let stale = DecisionForm {
            version,
            ..reject()
        };
        let token = ona.token("decide");
        let case = story.case().await.id;
        let answer = house
            .engine
            .decide_case(&ona.visit(), &token, &case, stale)
            .await;
        assert_eq!(ona.follow(answer), Place::Decide(case).path());
        let flash = ona.state.flash.clone().expect("a flash");
        assert_eq!(flash.typed.get("reason"), REASON);
        assert_eq!(ona.said(), ["case-changed"]);
        let short = DecisionForm {
            reason: "no".to_owned(),
            ..reject()
        };
        assert_eq!(story.decide(&mut petras, short).await, ["reason-length"]);
        assert_eq!(story.decide(&mut petras, reject()).await, ["case-rejected"]);
        assert!(story.letters().await[0].1.contains(REASON));
        assert!(matches!(story.case().await.stage, Stage::Rejected { .. }));
    })
    .await;
}

#[tokio::test]
async fn changes_are_asked_for_on_the_very_field() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let story = Story::filled_in(&house, &["ais"]).await;
        story.send().await.expect("sent");
        let (mut ona, _) = Desk::admin(&house, "ona").await;
        story.act(&mut ona, CaseAct::Claim).await;
        let ask = || DecisionForm {
            decision: "request_changes".to_owned(),
            ..DecisionForm::default()
        };
        let nothing = story.decide(&mut ona, ask()).await;
        assert_eq!(nothing, ["review-no-change-named"]);
        let fine = FieldForm {
            field: "organization".to_owned(),
            ..FieldForm::default()
        };
        assert!(story.judge(&mut ona, fine).await.is_empty());
        let change = FieldForm {
            field: "licence_number".to_owned(),
            change: true,
            code: "mismatch".to_owned(),
            words: REASON.to_owned(),
            example: "LB001234".to_owned(),
            ..FieldForm::default()
        };
        let wordless = FieldForm {
            words: String::new(),
            ..change.clone()
        };
        assert_eq!(story.judge(&mut ona, wordless).await, ["reason-length"]);
        assert!(story.judge(&mut ona, change).await.is_empty());
        let open = story.decide(&mut ona, approve(&["ais"])).await;
        assert_eq!(open, ["review-change-open"]);
        assert_eq!(
            story.decide(&mut ona, ask()).await,
            ["case-changes-requested"]
        );

        story
            .write_registration(&[("licence_number", "LB001234")], &["ais"])
            .await;
        let again = story.send().await.expect("sent again");
        let verdicts = again.stage.verdicts().expect("verdicts");
        assert!(!verdicts.has_changes());
        assert_eq!(again.submission.business.organization, "UAB Biudžetas");
        let member = story.team.member(&story.app).await.unwrap();
        assert_eq!(house.engine.withdraw_case(&member).await.unwrap(), Ok(()));
        assert!(story.case().await.stage.is_closed());
    })
    .await;
}

#[tokio::test]
async fn high_risk_needs_two_admins_and_nobody_decides_on_an_app_of_their_own() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let story = Story::filled_in(&house, &["ais", "transferFunds"]).await;
        let case = story.send().await.expect("sent");
        let (mut ona, _) = Desk::admin(&house, "ona").await;
        let (mut petras, _) = Desk::admin(&house, "petras").await;
        let (mut own, _) = Desk::admin(&house, "own").await;
        let membership = MembershipRecord {
            team_id: case.team_id.clone(),
            user_id: own.user(),
            role: TeamRole::Read,
            created_at: house.now(),
        };
        let joined: Result<(), Error> = db
            .store
            .write(move |tx| Box::pin(async move { insert_membership(tx, &membership).await }))
            .await;
        joined.unwrap();
        assert_eq!(
            story.act(&mut own, CaseAct::Claim).await,
            ["review-own-app"]
        );
        assert_eq!(story.decide(&mut own, reject()).await, ["review-own-app"]);

        story.act(&mut ona, CaseAct::Claim).await;
        let both = ["ais", "transferFunds"];
        let said = story.decide(&mut ona, approve(&both)).await;
        assert_eq!(said, ["case-proposed"]);
        assert_eq!(story.live_client().await, None);
        story.act(&mut ona, CaseAct::Claim).await;
        let alone = story.decide(&mut ona, approve(&both)).await;
        assert_eq!(alone, ["review-second-admin-needed"]);
        story.act(&mut petras, CaseAct::TakeOver).await;
        let said = story.decide(&mut petras, approve(&both)).await;
        assert_eq!(said, ["case-approved"]);
        assert!(story.live_client().await.is_some());

        // For developers there is no desk.
        let page = Place::Queue;
        let turned = house.engine.admin(&story.team.visit(), &page).await;
        assert!(matches!(turned, Err(Turned::NotFound)));
    })
    .await;
}

#[tokio::test]
async fn a_check_that_is_not_green_stands_in_the_way() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let story = Story::filled_in(&house, &["ais"]).await;
        story.send().await.expect("sent");
        story
            .check(CheckKind::DomainProof, CheckOutcome::Fail)
            .await;
        let (mut ona, _) = Desk::admin(&house, "ona").await;
        story.act(&mut ona, CaseAct::Claim).await;
        let said = story.decide(&mut ona, approve(&["ais"])).await;
        assert_eq!(said, ["review-check-open"]);
        let form = engine::review::OverrideForm {
            version: story.case().await.version,
            kind: "domain_proof".to_owned(),
            reason: "The owner of the domain wrote to us on paper.".to_owned(),
            code: String::new(),
        };
        let (token, case) = (ona.token("case"), story.case().await.id);
        let answer = house
            .engine
            .override_check(&ona.visit(), &token, &case, form)
            .await;
        assert_eq!(ona.follow(answer), Place::Case(case).path());
        assert!(ona.said().is_empty());
        // Somebody took responsibility: now a second one must agree.
        let said = story.decide(&mut ona, approve(&["ais"])).await;
        assert_eq!(said, ["case-proposed"]);
    })
    .await;
}

#[tokio::test]
async fn suspending_stops_tokens_and_resuming_brings_them_back_if_it_was_a_pause() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let (mut ona, _) = Desk::admin(&house, "ona").await;
        for (mode, comes_back) in [("pause", true), ("end", false)] {
            let app: App = house.reviewed_app(&format!("shop-{mode}")).await;
            let other: App = house.reviewed_app(&format!("other-{mode}")).await;
            let person = house.person(&format!("jonas-{mode}")).await;
            let token = access_token(&house.tokens(&app, &person, "wallet").await);
            assert!(house.is_active(&app, &token).await);
            let bystander = access_token(&house.tokens(&other, &person, "wallet").await);
            let held = count_holdings(db.store.reader(), &app.id, house.now());
            let held = held.await.unwrap();
            assert_eq!((held.people, held.permissions), (1, 1));
            let record = find_client(db.store.reader(), &app.id)
                .await
                .unwrap()
                .unwrap();
            let form = SuspendForm {
                version: record.version,
                mode: mode.to_owned(),
                why: "security".to_owned(),
                reason: REASON.to_owned(),
                name: "another".to_owned(),
                code: String::new(),
            };
            let form_token = ona.token("suspend");
            let engine = &house.engine;
            let answer = engine
                .suspend_app(&ona.visit(), &form_token, &app.id, form.clone())
                .await;
            ona.follow(answer);
            assert_eq!(ona.said(), ["app-name-differs"]);
            let form = SuspendForm {
                name: record.client.name.clone(),
                ..form
            };
            let answer = engine
                .suspend_app(&ona.visit(), &form_token, &app.id, form.clone())
                .await;
            ona.follow(answer);
            assert_eq!(ona.said(), ["client-suspended"]);
            let answer = engine
                .suspend_app(&ona.visit(), &form_token, &app.id, form)
                .await;
            ona.follow(answer);
            assert_eq!(ona.said(), ["client-changed"], "the same form once more");
            assert!(!house.is_active(&other, &token).await);
            assert!(
                house.is_active(&other, &bystander).await,
                "another app goes on"
            );
            let record = find_client(db.store.reader(), &app.id)
                .await
                .unwrap()
                .unwrap();
            assert_eq!(record.client.status, ClientStatus::Suspended);
            let form_token = ona.token("resume");
            let form = ResumeForm {
                version: record.version,
                reason: "The licence number was found.".to_owned(),
                code: String::new(),
            };
            let answer = engine
                .resume_app(&ona.visit(), &form_token, &app.id, form)
                .await;
            ona.follow(answer);
            assert_eq!(ona.said(), ["client-resumed"]);
            assert_eq!(house.is_active(&app, &token).await, comes_back, "{mode}");
            let held = count_holdings(db.store.reader(), &app.id, house.now());
            assert_eq!(held.await.unwrap().people, u64::from(comes_back));
        }
    })
    .await;
}
