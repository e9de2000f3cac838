//! The review of an app as its people live it: the team of the app, the admins Rita and Saulius, and
//! Tomas, who is an admin and a member of the team.

use std::time::Duration;

use protocol::{
    ids::UserId,
    registration::{
        Field, Registration, Risk, Submission,
        checks::{CheckKind, CheckOutcome, CheckResult, Override},
        review::{
            Approval, Change, ChangeCode, Reason, ReasonFault, Refusal, RejectCode, Reviewer,
            Stage, Verdict,
        },
    },
    scope::Scope,
    time::Timestamp,
};

use crate::{
    fixtures::*,
    registration::{registration_with, submission_with},
};

fn admin(name: &str) -> Reviewer {
    Reviewer {
        user: UserId::new(name),
        in_team: false,
    }
}

fn rita() -> Reviewer {
    admin("rita")
}

fn saulius() -> Reviewer {
    admin("saulius")
}

fn tomas() -> Reviewer {
    Reviewer {
        in_team: true,
        ..admin("tomas")
    }
}

fn later(minutes: u64) -> Timestamp {
    NOW + Duration::from_secs(60 * minutes)
}

fn reason() -> Reason {
    Reason::parse("The purpose does not say what the app does.").expect("a reason")
}

fn change() -> Verdict {
    Verdict::Change(Change {
        code: ChangeCode::Unclear,
        words: reason(),
        example: Some("Shows what you spend, month by month".to_owned()),
    })
}

/// A case that was sent a moment ago.
fn sent() -> Stage {
    let sent = Stage::Draft.send(&registration_with(&[]), None, NOW);
    sent.expect("a complete registration").0
}

/// The same, with Rita at work.
fn with_rita() -> Stage {
    sent().claim_for(&rita(), later(1)).expect("nobody else")
}

fn green() -> Vec<CheckResult> {
    let pass = |kind: &CheckKind| CheckResult {
        kind: *kind,
        outcome: CheckOutcome::Pass,
        overridden: None,
    };
    CheckKind::ALL.iter().map(pass).collect()
}

/// What an approval is decided on, to change one thing about.
struct Facts {
    submission: Submission,
    checks: Vec<CheckResult>,
    scope: Scope,
}

impl Facts {
    fn usual() -> Self {
        Self {
            submission: submission_with(&[]),
            checks: green(),
            scope: scope("ais"),
        }
    }

    /// An app that moves money, so that two admins must agree.
    fn high_risk() -> Self {
        Self {
            submission: high_risk().submission().expect("complete"),
            scope: scope("transferFunds wallet"),
            ..Self::usual()
        }
    }

    fn approve(&self, stage: Stage, reviewer: &Reviewer, now: Timestamp) -> Result<Stage, Refusal> {
        let risk = Risk::of(&self.scope, &self.checks, false);
        let approval = Approval {
            submission: &self.submission,
            checks: &self.checks,
            risk: &risk,
            scope: &self.scope,
        };
        stage.approve(reviewer, approval, now)
    }
}

/// The usual registration, of an app that asks for both kinds of the wallet.
fn high_risk() -> Registration {
    let form =
        protocol::form::RawForm::from_pairs([("scope", "transferFunds"), ("scope", "wallet")]);
    let mut registration = registration_with(&[]);
    let saved = registration.save(protocol::registration::Task::Permissions, &form);
    assert_eq!(saved, Ok(()));
    registration
}

#[test]
fn an_app_is_sent_claimed_and_approved() {
    assert!(Stage::Draft.is_editable() && !sent().is_editable());
    let stage = with_rita();
    assert_eq!(stage.claim().map(|claim| claim.since), Some(later(1)));
    let approved = Facts::usual()
        .approve(stage, &rita(), later(5))
        .expect("all is well");
    let expected = Stage::Approved {
        by: UserId::new("rita"),
        confirmed_by: None,
        scope: scope("ais"),
        at: later(5),
    };
    assert_eq!(approved, expected);
    assert!(approved.is_closed());
}

#[test]
fn nothing_incomplete_is_sent() {
    let mut registration = registration_with(&[]);
    registration.website = None;
    assert_eq!(
        Stage::Draft.send(&registration, None, NOW).err(),
        Some(Refusal::Incomplete)
    );
}

#[test]
fn a_change_is_asked_for_made_and_looked_at_again() {
    let first = submission_with(&[]);
    let judge = |stage: Stage, field, verdict| {
        stage
            .judge(&rita(), &first, field, verdict)
            .expect("Rita's case")
    };
    let stage = judge(with_rita(), Field::Organization, Verdict::Ok);
    let stage = judge(stage, Field::AppName, Verdict::Ok);
    assert_eq!(
        stage.clone().request_changes(&rita(), NOW),
        Err(Refusal::NoChangeNamed)
    );
    let stage = judge(stage, Field::PurposeEn, change());
    assert_eq!(
        Facts::usual().approve(stage.clone(), &rita(), NOW),
        Err(Refusal::ChangeOpen)
    );
    let stage = stage
        .request_changes(&rita(), later(10))
        .expect("a change was named");
    assert!(stage.is_editable() && stage.claim().is_none());
    assert_eq!(stage.clone().claim_for(&rita(), NOW), Err(Refusal::NotDue));

    // The team rewrites the sentence, and on the way the name too.
    let registration = registration_with(&[
        (
            "purpose_en",
            "Sorts what you spend from your accounts into groups",
        ),
        ("app_name", "Biudžetas Pro"),
    ]);
    let (stage, second) = stage
        .send(&registration, Some(&first), later(20))
        .expect("complete");
    let verdicts = stage.verdicts().expect("sent");
    assert_eq!(verdicts.get(Field::Organization), Some(&Verdict::Ok));
    assert_eq!(
        verdicts.get(Field::AppName),
        None,
        "the name is another one"
    );
    assert_eq!(verdicts.get(Field::PurposeEn), None);
    assert!(!verdicts.has_changes());

    let stage = stage.claim_for(&saulius(), later(30)).expect("free");
    let facts = Facts {
        submission: second,
        ..Facts::usual()
    };
    assert_eq!(
        facts
            .approve(stage, &saulius(), later(31))
            .map(|stage| stage.name()),
        Ok("approved")
    );
}

#[test]
fn a_change_that_was_not_made_stays_open() {
    let first = submission_with(&[]);
    let stage = with_rita()
        .judge(&rita(), &first, Field::PurposeEn, change())
        .expect("Rita's");
    let stage = stage
        .request_changes(&rita(), later(2))
        .expect("a change was named");
    let (stage, _) = stage
        .send(&registration_with(&[]), Some(&first), later(3))
        .expect("complete");
    let stage = stage.claim_for(&rita(), later(4)).expect("free");
    assert_eq!(
        stage.verdicts().map(|verdicts| verdicts.changes().count()),
        Some(1)
    );
    assert_eq!(
        Facts::usual().approve(stage.clone(), &rita(), later(5)),
        Err(Refusal::ChangeOpen)
    );
    // The team explained itself, Rita is satisfied.
    let stage = stage
        .judge(&rita(), &first, Field::PurposeEn, Verdict::Ok)
        .expect("Rita's");
    assert!(Facts::usual().approve(stage, &rita(), later(5)).is_ok());
}

#[test]
fn an_empty_field_can_be_asked_for_and_not_be_fine() {
    let submission = submission_with(&[]);
    let ok = with_rita().judge(&rita(), &submission, Field::PurposeRu, Verdict::Ok);
    assert_eq!(ok, Err(Refusal::NoSuchField));
    assert!(
        with_rita()
            .judge(&rita(), &submission, Field::PurposeRu, change())
            .is_ok()
    );
}

#[test]
fn one_admin_works_on_a_case_at_a_time() {
    let stage = with_rita();
    assert_eq!(
        stage.clone().claim_for(&rita(), later(9)),
        Ok(stage.clone())
    );
    assert_eq!(
        stage.clone().claim_for(&saulius(), later(9)),
        Err(Refusal::ClaimedByOther)
    );
    assert_eq!(
        stage.clone().release(&saulius()),
        Err(Refusal::ClaimedByOther)
    );
    let taken = stage
        .clone()
        .take_over(&saulius(), later(9))
        .expect("any admin may");
    assert_eq!(taken.clone().release(&rita()), Err(Refusal::ClaimedByOther));
    let free = taken.release(&saulius()).expect("his");
    assert_eq!(free.release(&saulius()), Err(Refusal::NotClaimed));

    // Whoever does not hold the case changes nothing about it.
    let submission = submission_with(&[]);
    for (stage, refusal) in [
        (stage, Refusal::ClaimedByOther),
        (sent(), Refusal::NotClaimed),
    ] {
        let by = saulius();
        let tries = [
            stage
                .clone()
                .judge(&by, &submission, Field::City, Verdict::Ok),
            stage.clone().request_changes(&by, NOW),
            stage
                .clone()
                .reject(&by, vec![RejectCode::Other], reason(), NOW),
            Facts::usual().approve(stage, &by, NOW),
        ];
        assert!(
            tries.iter().all(|result| *result == Err(refusal)),
            "{refusal}"
        );
    }
}

#[test]
fn nobody_decides_on_an_app_of_the_own_team() {
    let by = tomas();
    assert_eq!(sent().claim_for(&by, NOW), Err(Refusal::OwnApp));
    assert_eq!(sent().take_over(&by, NOW), Err(Refusal::OwnApp));
    // Tomas joins the team while he holds the case.
    let stage = sent()
        .claim_for(&admin("tomas"), NOW)
        .expect("not yet a member");
    let submission = submission_with(&[]);
    let tries = [
        stage
            .clone()
            .judge(&by, &submission, Field::City, Verdict::Ok),
        stage.clone().request_changes(&by, NOW),
        stage
            .clone()
            .reject(&by, vec![RejectCode::Other], reason(), NOW),
        stage.clone().release(&by),
        Facts::usual().approve(stage, &by, NOW),
    ];
    assert!(tries.iter().all(|result| *result == Err(Refusal::OwnApp)));
}

#[test]
fn approval_needs_every_mandatory_check() {
    for kind in CheckKind::ALL {
        let mut facts = Facts::usual();
        let at = facts
            .checks
            .iter()
            .position(|check| check.kind == *kind)
            .expect("all kinds");
        let approve = |facts: &Facts| {
            facts
                .approve(with_rita(), &rita(), later(5))
                .map(|stage| stage.name())
        };
        let refused = Err(Refusal::CheckOpen);
        facts.checks[at].outcome = CheckOutcome::Pending;
        assert_eq!(
            approve(&facts),
            if kind.is_mandatory() {
                refused
            } else {
                Ok("approved")
            },
            "{kind}"
        );
        let missing = facts.checks.remove(at);
        assert_eq!(
            approve(&facts),
            if kind.is_mandatory() {
                refused
            } else {
                Ok("approved")
            },
            "{kind}"
        );
        if kind.is_mandatory() {
            // Overridden, it no longer stands in the way, but a second admin must agree.
            let by = UserId::new("rita");
            let overridden = Some(Override {
                by,
                reason: reason(),
                at: later(1),
            });
            facts.checks.push(CheckResult {
                overridden,
                ..missing
            });
            assert_eq!(approve(&facts), Ok("sent"), "{kind}");
        }
    }
}

#[test]
fn scopes_are_only_narrowed() {
    let facts = |text| Facts {
        scope: scope(text),
        ..Facts::high_risk()
    };
    let narrowed = facts("wallet").approve(with_rita(), &rita(), NOW);
    assert_eq!(
        narrowed.map(|stage| stage.name()),
        Ok("approved"),
        "without moving money one admin will do"
    );
    for wider in ["", "ais", "ais wallet", "ais transferFunds wallet"] {
        let result = facts(wider).approve(with_rita(), &rita(), NOW);
        assert_eq!(result, Err(Refusal::ScopeWidened), "{wider}");
    }
}

#[test]
fn high_risk_needs_two_different_admins() {
    let facts = Facts::high_risk();
    let proposed = facts
        .approve(with_rita(), &rita(), later(5))
        .expect("a proposal");
    assert_eq!(proposed.name(), "sent");
    assert_eq!(
        proposed.proposal().map(|proposal| proposal.by.as_str()),
        Some("rita")
    );
    assert_eq!(proposed.claim(), None, "free for the second one");

    let again = proposed.clone().claim_for(&rita(), later(6)).expect("free");
    assert_eq!(
        facts.approve(again, &rita(), later(7)),
        Err(Refusal::SecondAdminNeeded)
    );

    let second = proposed.claim_for(&saulius(), later(6)).expect("free");
    let approved = facts
        .approve(second.clone(), &saulius(), later(7))
        .expect("two agree");
    let expected = Stage::Approved {
        by: UserId::new("rita"),
        confirmed_by: Some(UserId::new("saulius")),
        scope: scope("transferFunds wallet"),
        at: later(7),
    };
    assert_eq!(approved, expected);

    // The second one may disagree in every other way too.
    let rejected =
        second
            .clone()
            .reject(&saulius(), vec![RejectCode::Security], reason(), later(7));
    assert_eq!(rejected.map(|stage| stage.name()), Ok("rejected"));
    let judged = second.judge(&saulius(), &facts.submission, Field::AppName, change());
    assert_eq!(judged.expect("his").proposal(), None);
}

#[test]
fn the_second_admin_may_narrow_and_not_widen() {
    let money_only = Facts {
        scope: scope("transferFunds"),
        ..Facts::high_risk()
    };
    let all = Facts::high_risk();
    let proposed = |facts: &Facts| {
        let stage = facts
            .approve(with_rita(), &rita(), later(5))
            .expect("a proposal");
        stage.claim_for(&saulius(), later(6)).expect("free")
    };
    let wider = all.approve(proposed(&money_only), &saulius(), later(7));
    assert_eq!(wider, Err(Refusal::WiderThanProposed));
    let narrower = money_only
        .approve(proposed(&all), &saulius(), later(7))
        .expect("narrower");
    assert!(
        matches!(narrower, Stage::Approved { scope: granted, .. } if granted == scope("transferFunds"))
    );
}

#[test]
fn an_override_after_the_proposal_needs_two_admins_again() {
    let mut facts = Facts::high_risk();
    let proposed = facts
        .approve(with_rita(), &rita(), later(5))
        .expect("a proposal");
    let by = UserId::new("saulius");
    facts.checks[0].outcome = CheckOutcome::Fail;
    facts.checks[0].overridden = Some(Override {
        by,
        reason: reason(),
        at: later(6),
    });
    let stage = proposed.claim_for(&saulius(), later(6)).expect("free");
    let stage = facts
        .approve(stage, &saulius(), later(7))
        .expect("a proposal of his own");
    assert_eq!(
        stage.proposal().map(|proposal| proposal.by.as_str()),
        Some("saulius")
    );
    let stage = stage.claim_for(&rita(), later(8)).expect("free");
    assert_eq!(
        facts
            .approve(stage, &rita(), later(9))
            .map(|stage| stage.name()),
        Ok("approved")
    );
}

#[test]
fn rejection_says_why() {
    let none = with_rita().reject(&rita(), Vec::new(), reason(), NOW);
    assert_eq!(none, Err(Refusal::NoReasonChosen));
    let rejected = with_rita().reject(&rita(), vec![RejectCode::NoLicence], reason(), later(5));
    assert!(rejected.expect("Rita's").is_closed());
    let table = [
        ("", Some(ReasonFault::TooShort)),
        ("nineteen characters", Some(ReasonFault::TooShort)),
        (
            "                 no                 ",
            Some(ReasonFault::TooShort),
        ),
        ("exactly 20 character", None),
        ("Two lines are\r\nfine as well.", None),
        (
            "This reason hides a \u{202e}turn.",
            Some(ReasonFault::HiddenCharacter),
        ),
    ];
    for (typed, fault) in table {
        assert_eq!(Reason::parse(typed).err(), fault, "{typed}");
    }
    assert!(Reason::parse(&"ž".repeat(2_000)).is_ok());
    assert_eq!(Reason::parse(&"ž".repeat(2_001)), Err(ReasonFault::TooLong));
}

#[test]
fn a_team_takes_back_what_is_not_decided() {
    let by = || UserId::new("dev");
    assert_eq!(Stage::Draft.withdraw(by(), NOW), Err(Refusal::NotDue));
    let withdrawn = with_rita().withdraw(by(), later(2)).expect("not decided");
    // Rita's page is old now.
    assert_eq!(
        Facts::usual().approve(withdrawn.clone(), &rita(), later(3)),
        Err(Refusal::NotDue)
    );
    assert_eq!(withdrawn.withdraw(by(), NOW), Err(Refusal::NotDue));
    let approved = Facts::usual()
        .approve(with_rita(), &rita(), later(3))
        .expect("all is well");
    assert_eq!(approved.withdraw(by(), NOW), Err(Refusal::NotDue));
}

#[test]
fn a_decided_case_stays_decided() {
    let rejected = with_rita().reject(&rita(), vec![RejectCode::Other], reason(), NOW);
    let approved = Facts::usual().approve(with_rita(), &rita(), NOW);
    for stage in [rejected.expect("Rita's"), approved.expect("all is well")] {
        let tries = [
            stage.clone().claim_for(&rita(), NOW),
            stage.clone().take_over(&rita(), NOW),
            stage.clone().request_changes(&rita(), NOW),
            stage
                .clone()
                .reject(&rita(), vec![RejectCode::Other], reason(), NOW),
            stage
                .clone()
                .send(&registration_with(&[]), None, NOW)
                .map(|(stage, _)| stage),
            Facts::usual().approve(stage, &rita(), NOW),
        ];
        assert!(tries.iter().all(|result| *result == Err(Refusal::NotDue)));
    }
}

#[test]
fn every_stage_is_kept_as_json_under_its_name() {
    let submission = submission_with(&[]);
    let judged = with_rita()
        .judge(&rita(), &submission, Field::PurposeEn, change())
        .expect("Rita's");
    let proposed = Facts::high_risk()
        .approve(with_rita(), &rita(), NOW)
        .expect("a proposal");
    let stages = [
        Stage::Draft,
        judged.clone(),
        proposed,
        judged.request_changes(&rita(), NOW).expect("a change"),
        Facts::usual()
            .approve(with_rita(), &rita(), NOW)
            .expect("all is well"),
        with_rita()
            .reject(&rita(), vec![RejectCode::Other], reason(), NOW)
            .expect("Rita's"),
        sent()
            .withdraw(UserId::new("dev"), NOW)
            .expect("not decided"),
    ];
    for stage in stages {
        let json = serde_json::to_value(&stage).expect("JSON");
        assert_eq!(json["stage"], stage.name());
        assert_eq!(serde_json::from_value::<Stage>(json).ok(), Some(stage));
    }
}
