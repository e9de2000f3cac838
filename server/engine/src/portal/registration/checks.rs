//! The automatic checks of what was filled in, beside the task that they are about.

use protocol::{
    ids::{AppId, CheckId},
    registration::{Task, Website, checks::CheckKind, domain_proof::WELL_KNOWN_PATH},
};
use store::{
    app_checks::CheckRecord,
    apps::{AppRecord, find_live_names_of_others},
    registrations::RegistrationRecord,
};

use super::{
    form_of,
    views::{CheckRow, ProofRecord},
};
use crate::{
    Engine,
    checks::{CheckNow, Plan},
    error::Result,
    portal::{
        form::{Complaint, Flash, Typed},
        place::Place,
        session::{PortalAnswer, PortalVisit},
        wall::Refusal,
    },
};

/// Name of the form that asks for another look.
pub const CHECK_FORM: &str = "check-now";

/// The task whose page shows a check.
pub(super) const fn task_of(kind: CheckKind) -> Task {
    match kind {
        CheckKind::DomainProof | CheckKind::WebsiteTls | CheckKind::PolicyPages => Task::Website,
        CheckKind::CallbackTls | CheckKind::CallbackHygiene => Task::Callbacks,
        CheckKind::NameSimilarity => Task::Look,
        CheckKind::ScopeLicence => Task::Permissions,
        CheckKind::ScopePurpose => Task::Purpose,
    }
}

impl From<CheckRecord> for CheckRow {
    fn from(check: CheckRecord) -> Self {
        Self {
            may_ask: check.kind.is_remote() && !check.target.is_empty(),
            id: check.id,
            kind: check.kind,
            target: check.target,
            outcome: check.outcome,
            found: check.evidence,
            checked_at: check.checked_at,
            next_at: check.next_at,
        }
    }
}

impl ProofRecord {
    /// What the domain of the website is asked to publish.
    pub(super) fn of(record: &RegistrationRecord) -> Option<Self> {
        let domain = record.registration.website.as_ref().map(Website::domain)?;
        Some(Self {
            record: record.proof_token.record(),
            address: format!("https://{domain}{WELL_KNOWN_PATH}"),
            domain,
        })
    }
}

impl Engine {
    /// Plans the checks anew, because something was saved.
    pub(super) async fn plan_registration_checks(
        &self,
        app: &AppRecord,
        record: &RegistrationRecord,
    ) -> Result<()> {
        // Names matter only once everything is judged.
        let names = match record.registration.missing().is_empty() {
            true => find_live_names_of_others(self.env.store.reader(), &app.team_id).await?,
            false => Vec::new(),
        };
        let plan = Plan::of(&app.id, &record.registration, &record.proof_token, &names);
        self.plan_checks(plan).await?;
        Ok(())
    }

    /// The checks of an app, those of one task if one is named.
    pub(super) async fn check_rows(
        &self,
        app: &AppId,
        task: Option<Task>,
    ) -> Result<Vec<CheckRow>> {
        let wanted = |check: &CheckRecord| task.is_none_or(|task| task_of(check.kind) == task);
        let checks = self.checks(app).await?.into_iter().filter(wanted);
        Ok(checks.map(CheckRow::from).collect())
    }

    /// The person does not want to wait for the next look.
    pub async fn ask_for_check(
        &self,
        visit: &PortalVisit,
        form_token: &str,
        app: &AppId,
        task: Task,
        check: &CheckId,
    ) -> PortalAnswer {
        let tried = self
            .try_ask_for_check(visit, form_token, app, task, check)
            .await;
        self.portal_answer(visit, tried)
    }

    async fn try_ask_for_check(
        &self,
        visit: &PortalVisit,
        form_token: &str,
        app: &AppId,
        task: Task,
        check: &CheckId,
    ) -> Result<PortalAnswer, Refusal> {
        let (page, form) = (Place::Task(app.clone(), task), form_of(task));
        let member = self.editor(visit, app, &page).await?;
        if !self.is_portal_form(visit, CHECK_FORM, form_token) {
            return Ok(self.send_again(visit, &page, form, Typed::default()));
        }
        let flash = match self.check_now(&member.app.id, check).await? {
            CheckNow::Due => Flash::note(form, "register-check-due", Typed::default()),
            CheckNow::NotBefore(until) => {
                let complaint = Complaint {
                    until: Some(until),
                    ..Complaint::general("register-check-too-soon")
                };
                Flash::refused(form, Typed::default(), vec![complaint])
            }
            CheckNow::NoSuchCheck => return Err(Refusal::NotFound),
        };
        Ok(self.leave(visit, &page, flash))
    }
}
