//! The registration is sent to the bank, or taken back.

use protocol::{ids::AppId, registration::review};

use super::SETUP_FORM;
use crate::{
    Engine,
    portal::{
        form::{Complaint, Flash, Typed},
        place::Place,
        session::{PortalAnswer, PortalVisit},
        wall::Refusal,
    },
};

/// Name of the form.
pub const SEND_FORM: &str = "send-for-review";

/// Name of the form that takes it back.
pub const WITHDRAW_FORM: &str = "withdraw";

impl Engine {
    /// The person sends the registration to the bank. `truth`: they say that it is true.
    pub async fn send_registration(
        &self,
        visit: &PortalVisit,
        form_token: &str,
        app: &AppId,
        truth: bool,
    ) -> PortalAnswer {
        let tried = self
            .try_send_registration(visit, form_token, app, truth)
            .await;
        self.portal_answer(visit, tried)
    }

    async fn try_send_registration(
        &self,
        visit: &PortalVisit,
        form_token: &str,
        app: &AppId,
        truth: bool,
    ) -> Result<PortalAnswer, Refusal> {
        let page = Place::CheckAnswers(app.clone());
        let member = self.editor(visit, app, &page).await?;
        let none = Typed::default();
        if !self.is_portal_form(visit, SEND_FORM, form_token) {
            return Ok(self.send_again(visit, &page, SEND_FORM, none));
        }
        let again =
            |complaint| Ok(self.mend(visit, &page, SEND_FORM, Typed::default(), vec![complaint]));
        let answers = self.check_answers(&member).await?;
        if !answers.missing.is_empty() {
            return again(Complaint::general("register-incomplete"));
        }
        if !answers.open_changes.is_empty() {
            return again(Complaint::general("register-changes-open"));
        }
        if !truth {
            return again(Complaint::about("truth", "register-truth"));
        }
        match self.send_for_review(&member).await? {
            Ok(_) => {
                let flash = Flash::note(SETUP_FORM, "register-sent", none);
                Ok(self.leave(visit, &Place::Review(app.clone()), flash))
            }
            Err(review::Refusal::Incomplete) => again(Complaint::general("register-incomplete")),
            Err(_) => again(Complaint::general("register-not-now")),
        }
    }

    /// The person takes back what was sent, to change it.
    pub async fn withdraw_registration(
        &self,
        visit: &PortalVisit,
        form_token: &str,
        app: &AppId,
    ) -> PortalAnswer {
        let tried = self.try_withdraw(visit, form_token, app).await;
        self.portal_answer(visit, tried)
    }

    async fn try_withdraw(
        &self,
        visit: &PortalVisit,
        form_token: &str,
        app: &AppId,
    ) -> Result<PortalAnswer, Refusal> {
        let page = Place::Review(app.clone());
        let member = self.editor(visit, app, &page).await?;
        let none = Typed::default();
        if !self.is_portal_form(visit, WITHDRAW_FORM, form_token) {
            return Ok(self.send_again(visit, &page, SETUP_FORM, none));
        }
        let flash = match self.withdraw_case(&member).await? {
            Ok(()) => Flash::note(SETUP_FORM, "register-withdrawn", none),
            Err(_) => Flash::refused(
                SETUP_FORM,
                none,
                vec![Complaint::general("register-not-now")],
            ),
        };
        Ok(self.leave(visit, &page, flash))
    }
}
