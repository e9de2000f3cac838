//! The review desk: a case from sent to decided, and an app that is switched off and on.

use engine::{
    portal::{Place, PortalVisit, Refusal as Turned, SecretLinkView},
    review::{CaseAct, CaseFilter, DecisionForm, FieldForm, QueueQuery, ResumeForm, SuspendForm},
};
use protocol::{
    client::{ClientStatus, Environment},
    ids::{CheckId, TeamId},
    registration::{
        Field,
        checks::{CheckKind, CheckOutcome},
        review::{Refusal, Stage},
    },
};
use store::{
    apps::find_live_names_of_others, client_secrets::find_client_secrets, clients::find_client,
    holdings::count_holdings, testing::on_each_database,
};

use crate::{
    house::{App, House, access_token, scope, seconds},
    portal_desk::Desk,
    review_story::{MILDA, REASON, Story, approve, reject},
};

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
        // Other teams' names are compared with the one that people see.
        let names = find_live_names_of_others(db.store.reader(), &TeamId::new("others")).await;
        assert_eq!(names, Ok(vec!["Biudžetas Plius".to_owned()]));
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
        // The reviewer sees what was asked for beside what it was before.
        let [answer] = again.stage.answers() else {
            panic!("one field was changed: {:?}", again.stage);
        };
        assert_eq!(answer.field, Field::LicenceNumber);
        assert_eq!(answer.before.as_deref(), Some("LB002006"));
        assert_eq!(answer.asked.as_ref().unwrap().words.as_str(), REASON);

        // The team takes it back, once; what an admin has open is then too old.
        story.act(&mut ona, CaseAct::Claim).await;
        let version = story.case().await.version;
        let mut team = story.team;
        for said in ["register-withdrawn", "register-not-now"] {
            let token = team.token("withdraw");
            let engine = &house.engine;
            let answer = engine
                .withdraw_registration(&team.visit(), &token, &story.app)
                .await;
            assert_eq!(team.follow(answer), Place::Review(story.app.clone()).path());
            assert_eq!(team.said(), [said]);
        }
        let story = Story { team, ..story };
        assert!(story.case().await.stage.is_closed());
        let late = DecisionForm {
            version,
            ..approve(&["ais"])
        };
        assert_eq!(story.decide_on(&mut ona, late).await, ["case-changed"]);
    })
    .await;
}

#[tokio::test]
async fn high_risk_needs_two_admins_and_nobody_decides_on_an_app_of_their_own() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let story = Story::filled_in(&house, &["ais", "transferFunds"]).await;
        story.send().await.expect("sent");
        let (mut ona, _) = Desk::admin(&house, "ona").await;
        let (mut petras, _) = Desk::admin(&house, "petras").await;
        let mut own = story.own_admin("own").await;
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
async fn after_a_decision_the_desk_goes_on_with_the_next_case() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let first = Story::filled_in(&house, &["ais"]).await;
        first.send().await.expect("sent");
        house.later(seconds(4 * 24 * 3600));
        let second = Story::of(&house, "petras@shop.example", &["ais"]).await;
        second
            .check(CheckKind::PolicyPages, CheckOutcome::Fail)
            .await;
        let next = second.send().await.expect("sent").id;
        let (mut ona, _) = Desk::admin(&house, "ona").await;
        first.act(&mut ona, CaseAct::Claim).await;

        let queue = async |desk: &Desk<'_>, query: QueueQuery| {
            let view = house.engine.queue_view(&desk.visit(), query).await;
            view.expect("an admin")
        };
        let view = queue(&ona, QueueQuery::default()).await;
        let counts = view.counts.map(|(_, count)| count);
        assert_eq!(counts, [2, 0, 2]);
        let [old, new] = view.lines.as_slice() else {
            panic!("two cases wait: {:?}", view.lines);
        };
        assert_eq!((old.assignee.as_deref(), old.is_late), (Some("ona"), true));
        assert_eq!((new.assignee.as_deref(), new.is_late), (None, false));
        assert_eq!((new.tally.good, new.tally.bad), (7, 1));
        for (text, found) in [("BIUD", 2), ("%", 0), ("shop", 0)] {
            let query = QueueQuery {
                text: text.to_owned(),
                ..QueueQuery::default()
            };
            assert_eq!(queue(&ona, query).await.lines.len(), found, "{text}");
        }

        // Whoever belongs to a team does not even have its apps in front of them.
        let own = second.own_admin("own").await;
        let (petras, _) = Desk::admin(&house, "petras").await;
        for (admin, cases) in [(&own, 0), (&petras, 1)] {
            let view = queue(admin, QueueQuery::default()).await;
            assert_eq!(view.lines.len(), cases);
        }

        let version = first.case().await.version;
        let decision = DecisionForm {
            version,
            ..reject()
        };
        let went = first.decided(&mut ona, decision).await;
        assert_eq!(went, Place::Case(next).path());
        assert_eq!(ona.said(), ["case-rejected-next"]);
        second.act(&mut ona, CaseAct::Claim).await;
        let version = second.case().await.version;
        let decision = DecisionForm {
            version,
            ..reject()
        };
        let went = second.decided(&mut ona, decision).await;
        assert_eq!(went, Place::Queue.path());
        assert_eq!(ona.said(), ["case-rejected"]);
    })
    .await;
}

#[tokio::test]
async fn the_link_of_the_letter_leads_the_team_to_the_secret_once_and_reviewers_nowhere() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let mut story = Story::filled_in(&house, &["ais"]).await;
        story.send().await.expect("sent");
        let (mut ona, _) = Desk::admin(&house, "ona").await;
        story.act(&mut ona, CaseAct::Claim).await;
        let said = story.decide(&mut ona, approve(&["ais"])).await;
        assert_eq!(said, ["case-approved"]);
        let link = house.letter_to(MILDA).await.link;
        let engine = &house.engine;

        // Who let the app in can neither take its secret nor look at it.
        let (_, view) = engine.secret_link_view(&ona.visit(), &link).await.unwrap();
        assert_eq!(view, SecretLinkView::Foreign);
        let token = ona.token("secret-link");
        let answer = engine.use_secret_link(&ona.visit(), &token, &link).await;
        ona.follow(answer);
        let client = story.live_client().await.expect("a client");
        let secrets = async || {
            find_client_secrets(db.store.reader(), &client)
                .await
                .unwrap()
        };
        assert!(secrets().await.is_empty());
        let app = story.app.clone();
        let keys = async |visit: PortalVisit| {
            engine
                .credentials_view(&visit, &app, Environment::Live)
                .await
        };
        assert!(matches!(keys(ona.visit()).await, Err(Turned::NotFound)));

        // Without an authenticator nobody comes to it.
        let team = &mut story.team;
        let turned = engine.secret_link_view(&team.visit(), &link).await;
        assert!(matches!(turned, Err(Turned::Enrol)), "{turned:?}");
        team.enrol().await;
        let (_, view) = engine.secret_link_view(&team.visit(), &link).await.unwrap();
        assert!(matches!(view, SecretLinkView::Good { .. }), "{view:?}");
        let token = team.token("secret-link");
        let answer = engine.use_secret_link(&team.visit(), &token, &link).await;
        let page = Place::Credentials(story.app.clone(), Environment::Live).path();
        assert_eq!(team.follow(answer), page);
        let shown = keys(team.visit())
            .await
            .unwrap()
            .shown
            .expect("the secret")
            .text;
        assert_eq!(secrets().await.len(), 1);
        let letters = story.letters().await;
        assert!(letters.iter().all(|(_, text)| !text.contains(&shown)));
        // The team's own trail tells of the decision, not of what reviewers do among themselves.
        let trail = engine
            .team_audit(&story.team.visit(), None)
            .await
            .unwrap()
            .1;
        let of_review = trail.events.iter().map(|event| event.action.as_str());
        let of_review: Vec<_> = of_review
            .filter(|word| word.starts_with("review."))
            .collect();
        assert_eq!(of_review, ["review.approved", "review.sent"]);
        let team = &mut story.team;
        let (_, view) = engine.secret_link_view(&team.visit(), &link).await.unwrap();
        assert!(matches!(view, SecretLinkView::Used { by_you: true, .. }));
        assert!(matches!(keys(ona.visit()).await, Err(Turned::NotFound)));
    })
    .await;
}

#[tokio::test]
async fn an_admin_has_a_check_run_again_once_a_minute() {
    on_each_database(async |db| {
        let house = House::on(&db.store);
        let story = Story::filled_in(&house, &["ais"]).await;
        let case = story.send().await.expect("sent").id;
        let checks = house.engine.checks(&story.app).await.expect("checks");
        let id = |kind| {
            let check = checks.iter().find(|check| check.kind == kind);
            check.expect("a check").id.clone()
        };
        let proof = id(CheckKind::DomainProof);
        let again = async |desk: &mut Desk<'_>, check: &CheckId| {
            let token = desk.token("case");
            let engine = &house.engine;
            let answer = engine
                .check_case_again(&desk.visit(), &token, &case, check)
                .await;
            (desk.follow(answer), desk.said())
        };
        let (mut ona, _) = Desk::admin(&house, "ona").await;
        for word in ["register-check-due", "register-check-too-soon"] {
            let (went, said) = again(&mut ona, &proof).await;
            assert_eq!(
                (went, said[0].as_str()),
                (Place::Case(case.clone()).path(), word)
            );
        }
        let (went, _) = again(&mut ona, &id(CheckKind::ScopeLicence)).await;
        assert_eq!(went, "problem not_found", "it is judged, not looked at");
        let mut own = story.own_admin("own").await;
        assert_eq!(again(&mut own, &proof).await.1, ["review-own-app"]);
        let mut team = story.team;
        assert_eq!(again(&mut team, &proof).await.0, "problem not_found");
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
