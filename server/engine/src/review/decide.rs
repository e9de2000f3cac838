//! The decision on a case: ask for changes, approve, reject.

use protocol::{
    ids::CaseId,
    registration::review::{Approval, Reason, Refusal as NotTaken, RejectCode, Stage},
    scope::{Scope, ScopeToken},
};
use serde_json::{Value, json};
use store::Advanced;

use super::{
    desk::{FORM as CASE_FORM, case_changed},
    step::{Bench, Step},
};
use crate::{
    Engine,
    caches::Thing,
    mails::{Mail, review as letters},
    portal::{Complaint, Flash, Place, PortalAnswer, PortalVisit, Refusal, Typed},
};

/// Name of the form.
const FORM: &str = "decide";

/// What an admin decides.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Deciding {
    /// The app is let in.
    Approve,
    /// The team is to change what was named.
    RequestChanges,
    /// The app is not let in.
    Reject,
}

impl Deciding {
    /// Its word in forms and texts.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Approve => "approve",
            Self::RequestChanges => "request_changes",
            Self::Reject => "reject",
        }
    }

    /// The decision of this word.
    pub fn of(word: &str) -> Option<Self> {
        [Self::Approve, Self::RequestChanges, Self::Reject]
            .into_iter()
            .find(|known| known.as_str() == word)
    }
}

/// What was sent to decide.
#[derive(Clone, Debug, Default)]
pub struct DecisionForm {
    /// The version of the case that the page showed.
    pub version: u32,
    /// The word of a [`Deciding`].
    pub decision: String,
    /// The permissions that were ticked, to approve.
    pub scopes: Vec<String>,
    /// The reasons that were ticked, to reject.
    pub codes: Vec<String>,
    /// The reason in words, to reject.
    pub reason: String,
    /// A code, when the last one is too long ago.
    pub code: String,
}

/// What becomes of the case, before it is written.
struct Outcome {
    stage: Stage,
    action: &'static str,
    /// The text that the queue shows afterwards.
    note: &'static str,
    detail: Value,
}

impl Engine {
    /// The admin decides.
    pub async fn decide_case(
        &self,
        visit: &PortalVisit,
        form_token: &str,
        case: &CaseId,
        form: DecisionForm,
    ) -> PortalAnswer {
        let tried = self.try_decide(visit, form_token, case, &form).await;
        self.portal_answer(visit, tried)
    }

    async fn try_decide(
        &self,
        visit: &PortalVisit,
        form_token: &str,
        case: &CaseId,
        form: &DecisionForm,
    ) -> Result<PortalAnswer, Refusal> {
        let page = Place::Decide(case.clone());
        let bench = self.bench(visit, case, &page).await?;
        let typed = Typed::default()
            .with("decision", &form.decision)
            .with("scopes", &form.scopes.join(" "))
            .with("codes", &form.codes.join(" "))
            .with("reason", &form.reason);
        if !self.is_portal_form(visit, FORM, form_token) {
            return Ok(self.send_again(visit, &page, FORM, typed));
        }
        let again = |visit: &PortalVisit, complaint: Complaint| {
            self.mend(visit, &page, FORM, typed.clone(), vec![complaint])
        };
        // A page from before somebody else's step, or the same form once more.
        if bench.case.version != form.version {
            return Ok(again(visit, case_changed()));
        }
        // Whoever may not decide is not asked for a code.
        if let Err(why) = bench.claimed() {
            return Ok(again(visit, Complaint::general(why.as_str())));
        }
        let outcome = match self.outcome(&bench, form).await? {
            Ok(outcome) => outcome,
            Err(complaint) => return Ok(again(visit, complaint)),
        };
        let proven = match self.prove_in_form(visit, &bench.person, &form.code).await? {
            Ok(proven) => proven,
            Err(complaint) => return Ok(again(visit, complaint)),
        };
        let (note, admin) = (outcome.note, bench.reviewer.user.clone());
        let answer = match self.write_outcome(bench, outcome).await? {
            Advanced::Yes => {
                let (next, flash) = match self.next_case(&admin, case).await? {
                    // On the page of another case the note says that it is about the one before.
                    Some(next) => {
                        let note = format!("{note}-next");
                        let flash = Flash::note(CASE_FORM, &note, Typed::default());
                        (Place::Case(next), flash)
                    }
                    None => (Place::Queue, Flash::note("queue", note, Typed::default())),
                };
                self.leave(&proven.visit, &next, flash)
            }
            Advanced::No => again(&proven.visit, case_changed()),
        };
        Ok(proven.carry(answer))
    }

    /// What the rules make of the decision.
    async fn outcome(
        &self,
        bench: &Bench,
        form: &DecisionForm,
    ) -> Result<Result<Outcome, Complaint>, Refusal> {
        let (now, stage) = (self.env.now(), bench.case.stage.clone());
        let said = |why: NotTaken| Complaint::general(why.as_str());
        Ok(match Deciding::of(&form.decision) {
            None => Err(Complaint::general("decision-missing")),
            Some(Deciding::RequestChanges) => stage
                .request_changes(&bench.reviewer, now)
                .map_err(said)
                .map(|stage| Outcome {
                    detail: json!({ "fields": changed_fields(&stage) }),
                    stage,
                    action: "review.changes_requested",
                    note: "case-changes-requested",
                }),
            Some(Deciding::Reject) => {
                let codes: Vec<RejectCode> = form
                    .codes
                    .iter()
                    .filter_map(|code| code.parse().ok())
                    .collect();
                match Reason::parse(&form.reason) {
                    Err(_) => Err(Complaint::about("reason", "reason-length")),
                    Ok(reason) => stage
                        .reject(&bench.reviewer, codes.clone(), reason.clone(), now)
                        .map_err(said)
                        .map(|stage| Outcome {
                            stage,
                            action: "review.rejected",
                            note: "case-rejected",
                            detail: json!({ "codes": codes, "reason": reason.as_str() }),
                        }),
                }
            }
            Some(Deciding::Approve) => {
                let scope = scope_of(&form.scopes);
                let checks = self.results_of(&bench.case).await?;
                let risk = self.risk_of(&bench.case).await?;
                let approval = Approval {
                    submission: &bench.case.submission,
                    checks: &checks,
                    risk: &risk,
                    scope: &scope,
                };
                let detail = json!({ "scope": scope, "risk": risk });
                let approved = stage.approve(&bench.reviewer, approval, now);
                approved.map_err(said).map(|stage| {
                    let (action, note) = match stage {
                        Stage::Approved { .. } => ("review.approved", "case-approved"),
                        _ => ("review.approval_proposed", "case-proposed"),
                    };
                    Outcome {
                        stage,
                        action,
                        note,
                        detail,
                    }
                })
            }
        })
    }

    /// Writes the decision with everything that follows from it.
    async fn write_outcome(&self, bench: Bench, outcome: Outcome) -> Result<Advanced, Refusal> {
        let object = bench.object();
        let Bench {
            person,
            mut case,
            app,
            ..
        } = bench;
        case.stage = outcome.stage;
        if case.stage.is_closed() {
            case.decided_at = Some(self.env.now());
        }
        case.risk = self.risk_of(&case).await?;
        let developer = self.developer_of(&case).await?;
        let name = case.submission.look.app_name.clone();
        let mut live = None;
        let mail: Option<Mail> = match (&case.stage, &developer) {
            (Stage::Approved { scope, .. }, _) => {
                let submission = &case.submission;
                let change = self.live_change(&app, submission, scope.clone(), developer.as_ref());
                let (change, mail) = change.await?;
                live = Some(change);
                mail
            }
            (Stage::NeedsChange { verdicts, .. }, Some(user)) => {
                let address = self.address_of(&Place::App(app.id.clone()));
                let count = verdicts.changes().count();
                Some(letters::changes_requested(user, &name, count, &address))
            }
            (Stage::Rejected { reason, .. }, Some(user)) => {
                Some(letters::rejected(user, &name, reason))
            }
            _ => None,
        };
        let client = live.as_ref().map(|live| live.client().clone());
        let mut detail = outcome.detail;
        if let Some(client) = &client {
            detail["client"] = json!(client);
        }
        let event = self.event(person.actor(), outcome.action, object, &detail);
        let step = Step {
            letter: mail.and_then(|mail| self.letter(mail)),
            live,
            ..Step::new(case, event)
        };
        let written = self.write_step(step).await?;
        if let Some(client) = &client {
            self.env.caches.changed(Thing::Client(client));
        }
        Ok(written)
    }
}

fn changed_fields(stage: &Stage) -> Vec<&'static str> {
    let verdicts = stage.verdicts().into_iter();
    verdicts
        .flat_map(|verdicts| verdicts.changes())
        .map(|(field, _)| field.as_str())
        .collect()
}

/// What was ticked. A word that is no permission makes the scope wider than what was asked for, which
/// the rules refuse.
fn scope_of(ticked: &[String]) -> Scope {
    ticked
        .iter()
        .filter_map(|token| ScopeToken::parse(token).ok())
        .collect()
}
