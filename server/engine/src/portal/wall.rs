//! The wall: who may come in, and to whose app. There is no other way to a [`Person`] or a [`Member`].

use protocol::{
    authorization::{ProblemKind, ProblemView},
    ids::AppId,
    time::Timestamp,
};
use store::{
    apps::{AppRecord, find_app},
    authenticators::find_authenticators,
    teams::{TeamRole, find_membership},
    users::{Role, UserRecord, UserStatus, find_user},
};

use super::{
    form::{Flash, Typed},
    place::Place,
    session::{PortalAnswer, PortalGo, PortalVisit, Standing},
};
use crate::{Engine, error::Error};

/// Somebody who is signed in: a developer or an admin, and where [`Engine::resident`] let them in, a customer.
#[derive(Clone, Debug)]
pub struct Person {
    /// Who.
    pub user: UserRecord,
    /// When the password was given.
    pub authenticated_at: Timestamp,
    /// When the last code was given.
    pub sca_at: Option<Timestamp>,
}

impl Person {
    /// This one, in the session of this browser.
    pub(super) fn of(user: UserRecord, visit: &PortalVisit) -> Self {
        let (authenticated_at, sca_at) = match &visit.session.state.standing {
            Standing::SignedIn {
                authenticated_at,
                sca_at,
                ..
            } => (*authenticated_at, *sca_at),
            _ => (Timestamp::from_millis(0), None),
        };
        Self {
            user,
            authenticated_at,
            sca_at,
        }
    }

    /// Whether they are a customer: the portal is not for them, their own permissions are.
    pub fn is_customer(&self) -> bool {
        self.user.role == Role::User
    }

    /// Whether they review apps.
    pub fn is_admin(&self) -> bool {
        self.user.role == Role::Admin
    }

    /// Who acts, in the words of the audit trail.
    pub fn actor(&self) -> String {
        format!("user:{}", self.user.id)
    }
}

/// A person who belongs to the team of an app.
#[derive(Clone, Debug)]
pub struct Member {
    /// Who.
    pub person: Person,
    /// What they may do in the team.
    pub role: TeamRole,
    /// The app.
    pub app: AppRecord,
}

impl Member {
    /// Whether they may change the app.
    pub fn may_change(&self) -> bool {
        self.role != TeamRole::Read
    }
}

/// Why somebody does not come in, or a form was not taken.
#[derive(Debug)]
pub enum Refusal {
    /// They must sign in first, and come back here.
    SignIn(Place),
    /// Their password was right; the code is due.
    Code,
    /// The code must be given once more, and then they come back here.
    StepUp(Place),
    /// An authenticator must be set up first.
    Enrol,
    /// There is no such thing, or none that they may know of.
    NotFound,
    /// They may look, not touch.
    ReadOnly(AppId),
    /// An answer that is ready.
    Answer(Box<PortalAnswer>),
    /// Storage or we failed.
    Failed(Error),
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl From<store::Error> for Refusal {
    fn from(error: store::Error) -> Self {
        Self::Failed(error.into())
    }
}

impl From<PortalAnswer> for Refusal {
    fn from(answer: PortalAnswer) -> Self {
        Self::Answer(Box::new(answer))
    }
}

impl Engine {
    /// The developer or admin who is signed in. `here` is where they come back to.
    ///
    /// # Errors
    /// When nobody is, or when they are not all the way in.
    pub async fn person(&self, visit: &PortalVisit, here: &Place) -> Result<Person, Refusal> {
        let (user, authenticated_at, sca_at) = match &visit.session.state.standing {
            Standing::Nobody => return Err(Refusal::SignIn(here.clone())),
            Standing::CodeDue { .. } => return Err(Refusal::Code),
            Standing::SignedIn {
                user,
                authenticated_at,
                sca_at,
            } => (user, *authenticated_at, *sca_at),
        };
        // Whoever was switched off meanwhile is out with the next request.
        match find_user(self.env.store.reader(), user).await? {
            Some(user) if may_enter(&user) => Ok(Person {
                user,
                authenticated_at,
                sca_at,
            }),
            // A customer who came to the front door goes to what is theirs; the rest does not exist for them.
            Some(user) if self.is_customer(&user) => Err(match here {
                Place::Home => PortalAnswer::to(&Place::Connected).into(),
                _ => Refusal::NotFound,
            }),
            _ => Err(Refusal::SignIn(here.clone())),
        }
    }

    /// The person as somebody who may see this app. Apps of other teams do not exist for them.
    ///
    /// # Errors
    /// When nobody is signed in, or when it is not an app of theirs.
    pub async fn member(
        &self,
        visit: &PortalVisit,
        app: &AppId,
        here: &Place,
    ) -> Result<Member, Refusal> {
        let person = self.person(visit, here).await?;
        let reader = self.env.store.reader();
        let Some(app) = find_app(reader, app).await? else {
            return Err(Refusal::NotFound);
        };
        match find_membership(reader, &app.team_id, &person.user.id).await? {
            Some(membership) => Ok(Member {
                person,
                role: membership.role,
                app,
            }),
            None => Err(Refusal::NotFound),
        }
    }

    /// The person as somebody who may change this app.
    ///
    /// # Errors
    /// As [`Engine::member`], and when they may only look.
    pub async fn editor(
        &self,
        visit: &PortalVisit,
        app: &AppId,
        here: &Place,
    ) -> Result<Member, Refusal> {
        let member = self.member(visit, app, here).await?;
        if member.may_change() {
            Ok(member)
        } else {
            Err(Refusal::ReadOnly(member.app.id))
        }
    }

    /// The admin who is signed in. For everybody else the page does not exist.
    ///
    /// # Errors
    /// When nobody is signed in, or somebody who is no admin.
    pub async fn admin(&self, visit: &PortalVisit, here: &Place) -> Result<Person, Refusal> {
        let person = self.person(visit, here).await?;
        if person.is_admin() {
            Ok(person)
        } else {
            Err(Refusal::NotFound)
        }
    }

    /// Makes sure that the person gave a code within the last minutes, before something that matters.
    /// They come back to `here` afterwards.
    ///
    /// # Errors
    /// When they did not, or have no authenticator to do so.
    pub async fn require_step_up(&self, person: &Person, here: &Place) -> Result<(), Refusal> {
        let now = self.env.now();
        let fresh = person
            .sca_at
            .is_some_and(|at| now < at + self.env.settings.step_up);
        if fresh {
            return Ok(());
        }
        if self.has_authenticator(&person.user).await? {
            Err(Refusal::StepUp(here.clone()))
        } else {
            Err(Refusal::Enrol)
        }
    }

    /// The same before a form is taken; what was typed waits for them while they give the code.
    ///
    /// # Errors
    /// As [`Engine::require_step_up`].
    pub(super) async fn require_step_up_for(
        &self,
        visit: &PortalVisit,
        person: &Person,
        here: &Place,
        form: &str,
        typed: Typed,
    ) -> Result<(), Refusal> {
        match self.require_step_up(person, here).await {
            Err(Refusal::StepUp(here)) => {
                let held = Flash::note(form, "code-given", typed);
                let state = visit.state_with(|state| state.held = Some(held));
                let address = self.on_the_way_to(&Place::Confirm, &here);
                Err(PortalAnswer::to_address(address).remembering(state).into())
            }
            other => other,
        }
    }

    /// Whether the person has an authenticator app.
    pub(crate) async fn has_authenticator(&self, user: &UserRecord) -> Result<bool, store::Error> {
        let found = find_authenticators(self.env.store.reader(), &user.id).await?;
        Ok(!found.is_empty())
    }

    /// What the browser is told about a refusal.
    pub fn turn_away(&self, visit: &PortalVisit, refusal: Refusal) -> PortalAnswer {
        match refusal {
            Refusal::SignIn(Place::Home) => PortalAnswer::to(&Place::LogIn),
            Refusal::SignIn(here) => {
                PortalAnswer::to_address(self.on_the_way_to(&Place::LogIn, &here))
            }
            Refusal::Code => PortalAnswer::to(&Place::LogInCode),
            Refusal::StepUp(here) => {
                PortalAnswer::to_address(self.on_the_way_to(&Place::Confirm, &here))
            }
            Refusal::Enrol => {
                let flash = Flash::note("security", "enrol-first", super::Typed::default());
                self.leave(visit, &Place::Security, flash)
            }
            Refusal::NotFound => self.problem_answer(visit, ProblemKind::NotFound),
            Refusal::ReadOnly(app) => {
                let flash = Flash::note("app", "read-only", super::Typed::default());
                self.leave(visit, &Place::App(app), flash)
            }
            Refusal::Answer(answer) => *answer,
            Refusal::Failed(error) => stopped(self.failed(visit.locale(), &error)),
        }
    }

    /// Turns what became of a form into what the browser is told.
    pub fn portal_answer(
        &self,
        visit: &PortalVisit,
        tried: Result<PortalAnswer, Refusal>,
    ) -> PortalAnswer {
        tried.unwrap_or_else(|refusal| self.turn_away(visit, refusal))
    }

    fn problem_answer(&self, visit: &PortalVisit, kind: ProblemKind) -> PortalAnswer {
        stopped(self.problem(visit.locale(), kind))
    }
}

/// Whether the portal is for them at all.
pub(super) fn may_enter(user: &UserRecord) -> bool {
    user.status == UserStatus::Active && matches!(user.role, Role::Developer | Role::Admin)
}

fn stopped(view: ProblemView) -> PortalAnswer {
    PortalAnswer {
        go: PortalGo::Problem(Box::new(view)),
        ..PortalAnswer::to(&Place::Home)
    }
}
