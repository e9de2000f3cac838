//! The code of the authenticator app: the second step of signing in, and once more before something
//! that matters (step-up). Never skipped at the portal, in no environment.

use protocol::{ids::UserId, time::Timestamp};
use store::{
    Advanced,
    users::{UserRecord, find_user, folded},
};

use super::{
    form::{Complaint, Typed},
    place::Place,
    session::{PortalAnswer, PortalChange, PortalVisit, Standing},
    sign_in::{paused, wrong},
    wall::{Person, Refusal, may_enter},
};
use crate::{
    Engine,
    error::Error,
    mails,
    proof::Found,
    throttle::{Budget, Guess},
    visit::Proof,
};

/// Name of the form.
const FORM: &str = "code";

/// What the page asks.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CodeView {
    /// Whom.
    pub username: String,
    /// The person is signed in already, and proves it once more.
    pub again: bool,
    /// Where they go on, sealed; for the hidden field.
    pub next: String,
}

/// Somebody of whom a code is asked.
struct Asked {
    user: UserRecord,
    authenticated_at: Timestamp,
    next: Place,
    /// Where the form stands.
    page: Place,
}

/// A person who gave a code within the last minutes.
pub(crate) struct Proven {
    /// The visit as it goes on.
    pub visit: PortalVisit,
    /// The code came with this form.
    renewed: bool,
}

impl Proven {
    /// The answer, with a new session id when something was proved (session fixation).
    pub fn carry(&self, mut answer: PortalAnswer) -> PortalAnswer {
        if self.renewed {
            answer.change = match answer.change {
                PortalChange::Remember(state) => PortalChange::Renew(state),
                PortalChange::Keep => {
                    PortalChange::Renew(Box::new(self.visit.session.state.clone()))
                }
                other => other,
            };
        }
        answer
    }
}

impl Engine {
    /// What the page that asks for a code shows. `next` as in the address of the page.
    ///
    /// # Errors
    /// When no code can be asked for.
    pub async fn code_view(
        &self,
        visit: &PortalVisit,
        page: Place,
        next: &str,
    ) -> Result<CodeView, Refusal> {
        let asked = self.asked(visit, page, next).await?;
        Ok(CodeView {
            username: asked.user.username,
            again: asked.page == Place::Confirm,
            next: next.to_owned(),
        })
    }

    /// The person typed a code, on `page`, on the way to `next` (sealed).
    pub async fn portal_code(
        &self,
        visit: &PortalVisit,
        form_token: &str,
        page: Place,
        next: &str,
        proof: Proof,
    ) -> PortalAnswer {
        let tried = self
            .try_portal_code(visit, form_token, page, next, proof)
            .await;
        self.portal_answer(visit, tried)
    }

    async fn try_portal_code(
        &self,
        visit: &PortalVisit,
        form_token: &str,
        page: Place,
        next: &str,
        proof: Proof,
    ) -> Result<PortalAnswer, Refusal> {
        let asked = self.asked(visit, page, next).await?;
        let again = |complaint: Complaint| {
            let mut answer = self.mend(visit, &asked.page, FORM, Typed::default(), vec![complaint]);
            answer.go = self.same_page(&asked, &proof);
            Ok(answer)
        };
        if !self.is_portal_form(visit, FORM, form_token) {
            let mut answer = self.send_again(visit, &asked.page, FORM, Typed::default());
            answer.go = self.same_page(&asked, &proof);
            return Ok(answer);
        }
        if let Some(complaint) = self.wrong_with_proof(visit, &asked.user, &proof).await? {
            return again(complaint);
        }
        let standing = Standing::SignedIn {
            user: asked.user.id,
            authenticated_at: asked.authenticated_at,
            sca_at: Some(self.env.now()),
        };
        let state = visit.state_with(|state| {
            state.standing = standing;
            state.flash = state.held.take();
        });
        Ok(PortalAnswer::to(&asked.next).renewing(state))
    }

    /// Uses up what a person gave to prove that it is them; answers what is wrong with it, if
    /// anything is.
    async fn wrong_with_proof(
        &self,
        visit: &PortalVisit,
        user: &UserRecord,
        proof: &Proof,
    ) -> Result<Option<Complaint>, Error> {
        let budget = self
            .budget(
                visit.guesser(),
                Guess::Code,
                user.environment,
                &folded(&user.username),
                Some(&user.id),
            )
            .await?;
        if let Some(until) = self.paused(&budget).await? {
            return Ok(Some(paused(until)));
        }
        if proof.is_empty() {
            return Ok(Some(Complaint::about(proof.field(), &missing(proof))));
        }
        let passed = match self.find_proof(&user.id, proof).await? {
            Some(found) => self.use_up_proof(&user.id, found).await?,
            None => false,
        };
        if !passed {
            return Ok(Some(self.missed_portal_code(user, &budget, proof).await?));
        }
        self.forget_misses(&budget).await?;
        Ok(None)
    }

    /// Whether a form that matters must bring a code along: the last one is too long ago.
    pub fn needs_code(&self, person: &Person) -> bool {
        let now = self.env.now();
        person
            .sca_at
            .is_none_or(|at| now >= at + self.env.settings.step_up)
    }

    /// Makes sure of the person by the code that a form brought along, when one is needed.
    ///
    /// # Errors
    /// When they have no authenticator, or storage failed.
    pub(crate) async fn prove_in_form(
        &self,
        visit: &PortalVisit,
        person: &Person,
        code: &str,
    ) -> Result<Result<Proven, Complaint>, Refusal> {
        let mut proven = Proven {
            visit: visit.clone(),
            renewed: false,
        };
        if !self.needs_code(person) {
            return Ok(Ok(proven));
        }
        if !self.has_authenticator(&person.user).await? {
            return Err(Refusal::Enrol);
        }
        let proof = Proof::Code(code.to_owned());
        if let Some(complaint) = self.wrong_with_proof(visit, &person.user, &proof).await? {
            return Ok(Err(complaint));
        }
        proven.renewed = true;
        proven.visit.session.state.standing = Standing::SignedIn {
            user: person.user.id.clone(),
            authenticated_at: person.authenticated_at,
            sca_at: Some(self.env.now()),
        };
        Ok(Ok(proven))
    }

    /// Who is asked. Whoever need not be asked is sent on.
    async fn asked(&self, visit: &PortalVisit, page: Place, next: &str) -> Result<Asked, Refusal> {
        let (user, authenticated_at, next, page) = match &visit.session.state.standing {
            Standing::Nobody => return Err(Refusal::SignIn(Place::Home)),
            // Without the first code nobody comes to the second.
            Standing::CodeDue {
                user,
                authenticated_at,
                next,
            } => (user, *authenticated_at, next.clone(), Place::LogInCode),
            Standing::SignedIn { .. } if page != Place::Confirm => {
                return Err(PortalAnswer::to(&Place::Home).into());
            }
            Standing::SignedIn {
                user,
                authenticated_at,
                ..
            } => (user, *authenticated_at, self.opened_place(next), page),
        };
        match find_user(self.env.store.reader(), user).await? {
            Some(user) if may_enter(&user) => {
                if !self.has_authenticator(&user).await? {
                    // It was taken away meanwhile: the password alone is not enough any more to go on.
                    return Err(match page {
                        Place::Confirm => Refusal::Enrol,
                        _ => Refusal::SignIn(Place::Home),
                    });
                }
                Ok(Asked {
                    user,
                    authenticated_at,
                    next,
                    page,
                })
            }
            _ => Err(Refusal::SignIn(Place::Home)),
        }
    }

    /// The page of the form once more.
    fn same_page(&self, asked: &Asked, proof: &Proof) -> super::session::PortalGo {
        let mut address = match asked.page {
            Place::Confirm => self.on_the_way_to(&asked.page, &asked.next),
            _ => asked.page.path(),
        };
        if matches!(proof, Proof::RecoveryCode(_)) {
            address.push_str(if address.contains('?') { "&" } else { "?" });
            address.push_str("recovery=1");
        }
        PortalAnswer::to_address(address).go
    }

    /// Uses up what was found; no when it was used before, or is nobody's recovery code.
    pub(super) async fn use_up_proof(&self, user: &UserId, found: Found) -> Result<bool, Error> {
        let (user, now) = (user.clone(), self.env.now());
        let used: Advanced = self
            .env
            .store
            .write::<_, Error, _>(move |tx| {
                Box::pin(async move { Ok(found.use_up(tx, &user, now).await?) })
            })
            .await?;
        Ok(used.is_yes())
    }

    /// Counts the miss; the words are the same for old, used and mistyped codes.
    async fn missed_portal_code(
        &self,
        user: &UserRecord,
        budget: &Budget,
        proof: &Proof,
    ) -> Result<Complaint, Error> {
        let missed = self.count_miss(budget).await?;
        if let Some(until) = missed.paused_until {
            if missed.just_paused {
                self.tell(mails::sign_in_paused(user, until)).await?;
            }
            return Ok(paused(until));
        }
        Ok(Complaint {
            number: missed.tries_left,
            ..Complaint::about(proof.field(), wrong("code-wrong", missed.tries_left))
        })
    }
}

fn missing(proof: &Proof) -> String {
    format!("{}-missing", proof.field().replace('_', "-"))
}
