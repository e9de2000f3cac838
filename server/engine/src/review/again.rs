//! An admin has an automatic check run once more.

use protocol::{
    ids::{CaseId, CheckId},
    registration::review::Refusal as NotTaken,
};

use super::desk::FORM;
use crate::{
    Engine,
    checks::CheckNow,
    portal::{Complaint, Flash, Place, PortalAnswer, PortalVisit, Refusal, Typed},
};

impl Engine {
    /// The admin does not want to wait for the next look of a check. It is no decision, so it needs no
    /// claim; the next round looks.
    pub async fn check_case_again(
        &self,
        visit: &PortalVisit,
        form_token: &str,
        case: &CaseId,
        check: &CheckId,
    ) -> PortalAnswer {
        let tried = self.try_check_again(visit, form_token, case, check).await;
        self.portal_answer(visit, tried)
    }

    async fn try_check_again(
        &self,
        visit: &PortalVisit,
        form_token: &str,
        case: &CaseId,
        check: &CheckId,
    ) -> Result<PortalAnswer, Refusal> {
        let page = Place::Case(case.clone());
        let bench = self.bench(visit, case, &page).await?;
        if !self.is_portal_form(visit, FORM, form_token) {
            return Ok(self.send_again(visit, &page, FORM, Typed::default()));
        }
        if bench.reviewer.in_team {
            return Ok(self.not_taken(visit, &page, FORM, NotTaken::OwnApp, Typed::default()));
        }
        let flash = match self.check_now(&bench.case.app_id, check).await? {
            CheckNow::Due => Flash::note(FORM, "register-check-due", Typed::default()),
            CheckNow::NotBefore(until) => {
                let complaint = Complaint {
                    until: Some(until),
                    ..Complaint::general("register-check-too-soon")
                };
                Flash::refused(FORM, Typed::default(), vec![complaint])
            }
            CheckNow::NoSuchCheck => return Err(Refusal::NotFound),
        };
        Ok(self.leave(visit, &page, flash))
    }
}
