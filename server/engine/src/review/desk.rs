//! What an admin does before deciding: claim the case, say something about fields, note something for
//! the others, take responsibility for a check.

use protocol::{
    ids::CaseId,
    registration::{
        Field,
        checks::{CheckKind, Override},
        review::{Change, ChangeCode, Reason, Refusal as NotTaken, Verdict},
    },
};
use serde_json::json;
use store::{
    Advanced,
    audit::insert_audit_event,
    review_notes::{NoteRecord, insert_note},
};

use super::step::Step;
use crate::{
    Engine,
    error::Error,
    portal::{Complaint, Flash, Place, PortalAnswer, PortalGo, PortalVisit, Refusal, Typed},
};

/// Name of the forms of the page of a case.
pub(super) const FORM: &str = "case";

/// Longest note, in characters.
const LONGEST_NOTE: usize = 2_000;

/// Longest example of a value, in characters.
const LONGEST_EXAMPLE: usize = 300;

/// What an admin does with the case as a whole.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CaseAct {
    /// Begins to work on it.
    Claim,
    /// Takes it over from another admin.
    TakeOver,
    /// Leaves it to others.
    Release,
}

/// What was typed about a field.
#[derive(Clone, Debug, Default)]
pub struct FieldForm {
    /// The version of the case that the page showed.
    pub version: u32,
    /// Which field.
    pub field: String,
    /// It must change; otherwise it is fine.
    pub change: bool,
    /// What is wrong, in one word.
    pub code: String,
    /// The reviewer's own words.
    pub words: String,
    /// A value that would be accepted.
    pub example: String,
}

/// What was typed to take responsibility for a check.
#[derive(Clone, Debug, Default)]
pub struct OverrideForm {
    /// The version of the case that the page showed.
    pub version: u32,
    /// Which check.
    pub kind: String,
    /// Why.
    pub reason: String,
    /// A code, when the last one is too long ago.
    pub code: String,
}

impl Engine {
    /// The admin claims a case, takes it over, or leaves it.
    pub async fn act_on_case(
        &self,
        visit: &PortalVisit,
        form_token: &str,
        case: &CaseId,
        version: u32,
        act: CaseAct,
    ) -> PortalAnswer {
        let tried = self.try_act(visit, form_token, case, version, act).await;
        self.portal_answer(visit, tried)
    }

    async fn try_act(
        &self,
        visit: &PortalVisit,
        form_token: &str,
        case: &CaseId,
        version: u32,
        act: CaseAct,
    ) -> Result<PortalAnswer, Refusal> {
        let page = Place::Case(case.clone());
        let bench = self.bench(visit, case, &page).await?;
        if !self.is_portal_form(visit, FORM, form_token) {
            return Ok(self.send_again(visit, &page, FORM, Typed::default()));
        }
        if bench.case.version != version {
            return Ok(self.changed(visit, &page, Typed::default()));
        }
        let (now, stage) = (self.env.now(), bench.case.stage.clone());
        let (next, action) = match act {
            CaseAct::Claim => (stage.claim_for(&bench.reviewer, now), "review.claimed"),
            CaseAct::TakeOver => (stage.take_over(&bench.reviewer, now), "review.taken_over"),
            CaseAct::Release => (stage.release(&bench.reviewer), "review.released"),
        };
        let stage = match next {
            Ok(stage) => stage,
            Err(why) => return Ok(self.not_taken(visit, &page, FORM, why, Typed::default())),
        };
        let before = bench.case.stage.claim().map(|claim| claim.by.clone());
        let event = self.event(
            bench.person.actor(),
            action,
            bench.object(),
            &json!({ "before": before }),
        );
        let mut case = bench.case;
        case.stage = stage;
        Ok(match self.write_step(Step::new(case, event)).await? {
            Advanced::Yes => PortalAnswer::to(&page),
            Advanced::No => self.changed(visit, &page, Typed::default()),
        })
    }

    /// The admin says that a field is fine, or what is to change.
    pub async fn judge_field(
        &self,
        visit: &PortalVisit,
        form_token: &str,
        case: &CaseId,
        form: FieldForm,
    ) -> PortalAnswer {
        let tried = self.try_judge(visit, form_token, case, &form).await;
        let mut answer = self.portal_answer(visit, tried);
        // Back to the field, not to the top of a long page.
        if let (PortalGo::To(address), Ok(field)) = (&mut answer.go, form.field.parse::<Field>())
            && *address == Place::Case(case.clone()).path()
        {
            address.push_str(&format!("#field-{field}"));
        }
        answer
    }

    async fn try_judge(
        &self,
        visit: &PortalVisit,
        form_token: &str,
        case: &CaseId,
        form: &FieldForm,
    ) -> Result<PortalAnswer, Refusal> {
        let page = Place::Case(case.clone());
        let bench = self.bench(visit, case, &page).await?;
        let typed = Typed::default()
            .with("field", &form.field)
            .with("code", &form.code)
            .with("words", &form.words)
            .with("example", &form.example);
        if !self.is_portal_form(visit, FORM, form_token) {
            return Ok(self.send_again(visit, &page, FORM, typed));
        }
        let Ok(field) = form.field.parse::<Field>() else {
            return Err(Refusal::NotFound);
        };
        if bench.case.version != form.version {
            return Ok(self.changed(visit, &page, typed));
        }
        let verdict = match verdict(form) {
            Ok(verdict) => verdict,
            Err(complaint) => return Ok(self.mend(visit, &page, FORM, typed, vec![complaint])),
        };
        let detail = json!({ "field": field, "verdict": verdict });
        let stage = bench.case.stage.clone();
        let submission = &bench.case.submission;
        let stage = match stage.judge(&bench.reviewer, submission, field, verdict) {
            Ok(stage) => stage,
            Err(why) => return Ok(self.not_taken(visit, &page, FORM, why, typed)),
        };
        let event = self.event(
            bench.person.actor(),
            "review.field_judged",
            bench.object(),
            &detail,
        );
        let mut case = bench.case;
        case.stage = stage;
        Ok(match self.write_step(Step::new(case, event)).await? {
            Advanced::Yes => PortalAnswer::to(&page),
            Advanced::No => self.changed(visit, &page, typed),
        })
    }

    /// The admin takes responsibility for a check that is not green.
    pub async fn override_check(
        &self,
        visit: &PortalVisit,
        form_token: &str,
        case: &CaseId,
        form: OverrideForm,
    ) -> PortalAnswer {
        let tried = self.try_override(visit, form_token, case, &form).await;
        self.portal_answer(visit, tried)
    }

    async fn try_override(
        &self,
        visit: &PortalVisit,
        form_token: &str,
        case: &CaseId,
        form: &OverrideForm,
    ) -> Result<PortalAnswer, Refusal> {
        let page = Place::Case(case.clone());
        let bench = self.bench(visit, case, &page).await?;
        let typed = Typed::default()
            .with("kind", &form.kind)
            .with("reason", &form.reason);
        if !self.is_portal_form(visit, FORM, form_token) {
            return Ok(self.send_again(visit, &page, FORM, typed));
        }
        let Ok(kind) = form.kind.parse::<CheckKind>() else {
            return Err(Refusal::NotFound);
        };
        if bench.case.version != form.version {
            return Ok(self.changed(visit, &page, typed));
        }
        if let Err(why) = bench.claimed() {
            return Ok(self.not_taken(visit, &page, FORM, why, typed));
        }
        let reason = match Reason::parse(&form.reason) {
            Ok(reason) => reason,
            Err(_) => {
                let complaint = Complaint::about("reason", "reason-length");
                return Ok(self.mend(visit, &page, FORM, typed, vec![complaint]));
            }
        };
        let proven = match self.prove_in_form(visit, &bench.person, &form.code).await? {
            Ok(proven) => proven,
            Err(complaint) => return Ok(self.mend(visit, &page, FORM, typed, vec![complaint])),
        };
        let event = self.event(
            bench.person.actor(),
            "review.check_overridden",
            bench.object(),
            &json!({ "check": kind, "reason": reason.as_str() }),
        );
        let mut case = bench.case;
        let overridden = Override {
            by: bench.reviewer.user,
            reason,
            at: self.env.now(),
        };
        case.overrides.insert(kind, overridden);
        case.risk = self.risk_of(&case).await?;
        let answer = match self.write_step(Step::new(case, event)).await? {
            Advanced::Yes => PortalAnswer::to(&page),
            Advanced::No => self.changed(&proven.visit, &page, typed),
        };
        Ok(proven.carry(answer))
    }

    /// The admin notes something for the other admins. Developers never see it.
    pub async fn note_on_case(
        &self,
        visit: &PortalVisit,
        form_token: &str,
        case: &CaseId,
        body: &str,
    ) -> PortalAnswer {
        let tried = self.try_note(visit, form_token, case, body).await;
        self.portal_answer(visit, tried)
    }

    async fn try_note(
        &self,
        visit: &PortalVisit,
        form_token: &str,
        case: &CaseId,
        body: &str,
    ) -> Result<PortalAnswer, Refusal> {
        let page = Place::Case(case.clone());
        let bench = self.bench(visit, case, &page).await?;
        let typed = Typed::default().with("note", body);
        if !self.is_portal_form(visit, FORM, form_token) {
            return Ok(self.send_again(visit, &page, FORM, typed));
        }
        if bench.reviewer.in_team {
            return Ok(self.not_taken(visit, &page, FORM, NotTaken::OwnApp, typed));
        }
        let body = body.trim().replace("\r\n", "\n");
        if body.is_empty() || body.chars().count() > LONGEST_NOTE {
            let complaint = Complaint::about("note", "note-length");
            return Ok(self.mend(visit, &page, FORM, typed, vec![complaint]));
        }
        let note = NoteRecord {
            id: self.env.id(),
            case_id: bench.case.id.clone(),
            author: bench.person.user.id.clone(),
            body,
            written_at: self.env.now(),
        };
        let detail = json!({ "note": note.id });
        let event = self.event(
            bench.person.actor(),
            "review.noted",
            bench.object(),
            &detail,
        );
        self.env
            .store
            .write::<_, Error, _>(move |tx| {
                Box::pin(async move {
                    insert_note(tx, &note).await?;
                    Ok(insert_audit_event(tx, &event).await?)
                })
            })
            .await?;
        Ok(PortalAnswer::to(&page))
    }

    /// Back to the page of a case that somebody else changed meanwhile, with what was typed.
    fn changed(&self, visit: &PortalVisit, page: &Place, typed: Typed) -> PortalAnswer {
        self.leave(
            visit,
            page,
            Flash::refused(FORM, typed, vec![case_changed()]),
        )
    }

    /// Back to the page, with what the rules say.
    pub(super) fn not_taken(
        &self,
        visit: &PortalVisit,
        page: &Place,
        form: &str,
        why: NotTaken,
        typed: Typed,
    ) -> PortalAnswer {
        let complaint = Complaint::general(why.as_str());
        self.mend(visit, page, form, typed, vec![complaint])
    }
}

/// The page is older than the case.
pub(super) fn case_changed() -> Complaint {
    Complaint::general("case-changed")
}

fn verdict(form: &FieldForm) -> Result<Verdict, Complaint> {
    if !form.change {
        return Ok(Verdict::Ok);
    }
    let about = |part: &str, what| Complaint::about(&format!("{part}-{}", form.field), what);
    let code = form.code.parse::<ChangeCode>();
    let code = code.map_err(|_| about("code", "change-code-missing"))?;
    let words = Reason::parse(&form.words).map_err(|_| about("words", "reason-length"))?;
    let example = form.example.trim();
    if example.chars().count() > LONGEST_EXAMPLE {
        return Err(about("example", "example-length"));
    }
    Ok(Verdict::Change(Change {
        code,
        words,
        example: (!example.is_empty()).then(|| example.to_owned()),
    }))
}
