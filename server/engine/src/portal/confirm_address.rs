//! Confirming the address: by the code, in the browser where it began, or by the link, anywhere. A
//! mail scanner that follows the link confirms nothing: only the button on its page does.

use protocol::{
    authorization::ProblemKind,
    sca::Typed as Code,
    secret::{Secret, SignUpLink},
    time::Timestamp,
};
use store::{
    Advanced,
    signups::{
        SignUpRecord, advance_sign_up_confirmed, advance_sign_up_failed, find_sign_up,
        find_sign_up_by_link,
    },
};
use subtle::ConstantTimeEq as _;

use super::{
    form::{Complaint, Flash, Typed},
    newcomer::Newcomer,
    place::Place,
    session::{PortalAnswer, PortalChange, PortalVisit, Standing},
    sign_in::{self, fresh},
    sign_up,
    wall::Refusal,
};
use crate::{Engine, error::Error};

/// Wrong codes before a sign-up is void.
const MOST_FAILURES: u32 = 5;

/// Name of the form with the code.
pub(super) const CODE_FORM: &str = "check-mail";

/// Name of the form behind the link.
const LINK_FORM: &str = "confirm-address";

/// A sign-up that waits for its confirmation, for the page.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Waiting {
    /// The address.
    pub email: String,
    /// Until when.
    pub until: Timestamp,
}

/// How the confirming transaction went.
enum Race {
    /// It was confirmed by somebody else, or the name is taken.
    Late,
    Failed(Error),
}

impl From<store::Error> for Race {
    fn from(error: store::Error) -> Self {
        match error {
            store::Error::Conflict { what } if what == "users_environment_username_folded_key" => {
                Self::Late
            }
            other => Self::Failed(other.into()),
        }
    }
}

impl Engine {
    /// The sign-up that was begun in this browser.
    ///
    /// # Errors
    /// When there is none that can still be confirmed.
    pub async fn waiting_sign_up(&self, visit: &PortalVisit) -> Result<Waiting, Refusal> {
        let record = self.sign_up_here(visit).await?;
        Ok(self.awaiting_confirmation(record))
    }

    /// The sign-up whose letter held this link.
    ///
    /// # Errors
    /// When there is none that can still be confirmed.
    pub async fn linked_sign_up(
        &self,
        visit: &PortalVisit,
        link: &str,
    ) -> Result<Waiting, Refusal> {
        let record = self.sign_up_of_link(visit, link).await?;
        Ok(self.awaiting_confirmation(record))
    }

    /// The person typed the code of the letter.
    pub async fn confirm_address_by_code(
        &self,
        visit: &PortalVisit,
        form_token: &str,
        code: &str,
    ) -> PortalAnswer {
        let tried = self.try_address_code(visit, form_token, code).await;
        self.portal_answer(visit, tried)
    }

    /// The person pressed the button behind the link.
    pub async fn confirm_address_by_link(
        &self,
        visit: &PortalVisit,
        form_token: &str,
        link: &str,
    ) -> PortalAnswer {
        let tried = self.try_address_link(visit, form_token, link).await;
        self.portal_answer(visit, tried)
    }

    async fn try_address_code(
        &self,
        visit: &PortalVisit,
        form_token: &str,
        code: &str,
    ) -> Result<PortalAnswer, Refusal> {
        if !self.is_portal_form(visit, CODE_FORM, form_token) {
            return Ok(self.send_again(visit, &Place::CheckMail, CODE_FORM, Typed::default()));
        }
        let record = self.sign_up_here(visit).await?;
        let again = |complaint| {
            let typed = Typed::default();
            Ok(self.mend(visit, &Place::CheckMail, CODE_FORM, typed, vec![complaint]))
        };
        let typed = match Code::read(code) {
            Code::Nothing => return again(Complaint::about("code", "code-missing")),
            Code::Code(typed) => Some(typed),
            Code::Malformed => None,
        };
        let is_right = typed.is_some_and(|typed| {
            let digest = self.sign_up_code_digest(&record.id, typed.expose());
            bool::from(digest.ct_eq(&record.code_digest))
        });
        if is_right {
            return self.make_newcomer(visit, record).await;
        }
        let id = record.id.clone();
        let counted: Advanced = self
            .env
            .store
            .write::<_, Error, _>(move |tx| {
                Box::pin(async move { Ok(advance_sign_up_failed(tx, &id, MOST_FAILURES).await?) })
            })
            .await?;
        // Others may have guessed at the same time: the row knows how many tries are left.
        let failures = record.failures + u32::from(counted.is_yes());
        match MOST_FAILURES.saturating_sub(failures) {
            0 => Err(self.sign_up_over(visit, Some(&record)).into()),
            left => again(Complaint {
                number: Some(left),
                ..Complaint::about("code", "mail-code-wrong")
            }),
        }
    }

    async fn try_address_link(
        &self,
        visit: &PortalVisit,
        form_token: &str,
        link: &str,
    ) -> Result<PortalAnswer, Refusal> {
        let record = self.sign_up_of_link(visit, link).await?;
        if !self.is_portal_form(visit, LINK_FORM, form_token) {
            return Ok(PortalAnswer {
                go: super::session::PortalGo::Problem(Box::new(
                    self.problem(visit.locale(), ProblemKind::Forged),
                )),
                ..PortalAnswer::to(&Place::LogIn)
            });
        }
        self.make_newcomer(visit, record).await
    }

    /// The person exists from now on, with a team, an app and people to try it with.
    async fn make_newcomer(
        &self,
        visit: &PortalVisit,
        record: SignUpRecord,
    ) -> Result<PortalAnswer, Refusal> {
        let newcomer = self.newcomer(&record).await?;
        let (user, app) = (newcomer.user.clone(), newcomer.app.app.id.clone());
        let (id, now) = (record.id.clone(), self.env.now());
        let written = self
            .env
            .store
            .write(move |tx| {
                Box::pin(async move {
                    let confirmed = advance_sign_up_confirmed(tx, &id, MOST_FAILURES, now).await?;
                    if confirmed == Advanced::No {
                        return Err(Race::Late);
                    }
                    Newcomer::write(&newcomer, tx).await?;
                    Ok(())
                })
            })
            .await;
        match written {
            Ok(()) => {}
            Err(Race::Late) => return Err(self.sign_up_done(visit, &record).into()),
            Err(Race::Failed(error)) => return Err(error.into()),
        }
        // Elsewhere than where it began the password was not typed: a link that was sent on signs
        // nobody in.
        if visit.session.state.sign_up.as_ref() != Some(&record.id) {
            return Ok(self.sign_up_done(visit, &record));
        }
        let device = self.remember_device(visit.device.as_deref(), &user).await?;
        let state = fresh(Standing::SignedIn {
            user: user.id,
            authenticated_at: now,
            sca_at: None,
        });
        let next = match record.next_place {
            Some(_) => self.after(&record),
            None => Place::App(app),
        };
        Ok(PortalAnswer::to(&next).renewing(state).with(device))
    }

    pub(super) async fn sign_up_here(&self, visit: &PortalVisit) -> Result<SignUpRecord, Refusal> {
        let Some(id) = &visit.session.state.sign_up else {
            return Err(PortalAnswer::to(&Place::SignUp).into());
        };
        let found = find_sign_up(self.env.store.reader(), id).await?;
        self.still_open(visit, found)
    }

    async fn sign_up_of_link(
        &self,
        visit: &PortalVisit,
        link: &str,
    ) -> Result<SignUpRecord, Refusal> {
        let found = match Secret::<SignUpLink>::parse(link) {
            Some(link) => find_sign_up_by_link(self.env.store.reader(), &link.digest()).await?,
            None => None,
        };
        self.still_open(visit, found)
    }

    /// Whether it can be confirmed now.
    fn still_open(
        &self,
        visit: &PortalVisit,
        found: Option<SignUpRecord>,
    ) -> Result<SignUpRecord, Refusal> {
        let Some(record) = found else {
            return Err(self.sign_up_over(visit, None).into());
        };
        if record.confirmed_at.is_some() {
            return Err(self.sign_up_done(visit, &record).into());
        }
        let until = record.created_at + self.env.settings.sign_up_lifetime;
        if record.failures >= MOST_FAILURES || self.env.now() >= until {
            return Err(self.sign_up_over(visit, Some(&record)).into());
        }
        Ok(record)
    }

    fn awaiting_confirmation(&self, record: SignUpRecord) -> Waiting {
        Waiting {
            email: record.email,
            until: record.created_at + self.env.settings.sign_up_lifetime,
        }
    }

    /// Where the person was going when they signed up: the row knows it in every browser.
    fn after(&self, record: &SignUpRecord) -> Place {
        let sealed = record.next_place.as_deref();
        sealed.map_or(Place::Home, |sealed| self.opened_place(sealed))
    }

    /// It is too late, or there were too many wrong codes: begin anew.
    fn sign_up_over(&self, visit: &PortalVisit, record: Option<&SignUpRecord>) -> PortalAnswer {
        let complaints = vec![Complaint::general("sign-up-over")];
        let flash = Flash::refused(sign_up::FORM, Typed::default(), complaints);
        let next = record.map_or(Place::Home, |record| self.after(record));
        Self::without_sign_up(self.leave_on_the_way(visit, &Place::SignUp, &next, flash))
    }

    /// The account is there: whoever has the password signs in, or is signed in.
    fn sign_up_done(&self, visit: &PortalVisit, record: &SignUpRecord) -> PortalAnswer {
        let next = self.after(record);
        if matches!(visit.session.state.standing, Standing::SignedIn { .. }) {
            return PortalAnswer::to(&next);
        }
        let flash = Flash::note(sign_in::FORM, "address-confirmed", Typed::default());
        Self::without_sign_up(self.leave_on_the_way(visit, &Place::LogIn, &next, flash))
    }

    /// The session forgets the sign-up that was begun in this browser.
    fn without_sign_up(mut answer: PortalAnswer) -> PortalAnswer {
        if let PortalChange::Remember(state) = &mut answer.change {
            state.sign_up = None;
        }
        answer
    }
}
