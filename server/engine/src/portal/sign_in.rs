//! Signing in to the portal (D3): password, then always the code where there is an authenticator.
//!
//! Customers sign in here too, to see and stop what they allowed: with the password alone, for stopping an app
//! must be easy and nothing else is behind that door. People of the sandbox whom any password lets in have a
//! door of their own: at the common one, letting them in would tell whether somebody real has that name.

use protocol::{authorization::Notice, client::Environment};
use store::users::{Role, UserRecord, find_user_by_name, folded};

use super::{
    form::{Complaint, Flash, SEND_AGAIN, Typed},
    place::Place,
    session::{PortalAnswer, PortalChange, PortalVisit, SessionState, Standing},
    wall::{Refusal, may_enter},
};
use crate::{
    Engine,
    log_in::LONGEST,
    throttle::{Budget, Guess},
    visit::CookieChange,
};

/// Name of the form.
pub(super) const FORM: &str = "login";

/// Which door somebody comes to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Entrance {
    /// The one for everybody who has a password.
    Common,
    /// The one for people of the open sandbox.
    Sandbox,
}

impl Entrance {
    const fn place(self) -> Place {
        match self {
            Self::Common => Place::LogIn,
            Self::Sandbox => Place::SandboxLogIn,
        }
    }
}

impl Engine {
    /// The person typed login id and password. `next` is where they go on, sealed.
    pub async fn portal_log_in(
        &self,
        visit: &PortalVisit,
        form_token: &str,
        next: &str,
        username: &str,
        password: &str,
    ) -> PortalAnswer {
        let tried = self
            .try_portal_log_in(
                visit,
                form_token,
                Entrance::Common,
                next,
                (username, password),
            )
            .await;
        self.portal_answer(visit, tried)
    }

    /// The same at the door of the open sandbox.
    pub async fn sandbox_log_in(
        &self,
        visit: &PortalVisit,
        form_token: &str,
        next: &str,
        username: &str,
        password: &str,
    ) -> PortalAnswer {
        let tried = match self.is_sandbox_open() {
            true => {
                let typed = (username, password);
                self.try_portal_log_in(visit, form_token, Entrance::Sandbox, next, typed)
                    .await
            }
            false => Err(Refusal::NotFound),
        };
        self.portal_answer(visit, tried)
    }

    /// Whether there are people whom any password lets in.
    pub fn is_sandbox_open(&self) -> bool {
        self.env.settings.sandbox_open
    }

    async fn try_portal_log_in(
        &self,
        visit: &PortalVisit,
        form_token: &str,
        entrance: Entrance,
        next: &str,
        (username, password): (&str, &str),
    ) -> Result<PortalAnswer, Refusal> {
        let next = self.opened_place(next);
        let typed = Typed::default().with("username", username);
        let leave = |flash| Ok(self.leave_on_the_way(visit, &entrance.place(), &next, flash));
        let again = |complaint| leave(Flash::refused(FORM, typed.clone(), vec![complaint]));
        if !self.is_portal_form(visit, FORM, form_token) {
            return leave(Flash::note(FORM, SEND_AGAIN, typed));
        }
        for (field, value) in [("username", username.trim()), ("password", password)] {
            if value.is_empty() {
                return again(Complaint::about(field, &format!("{field}-missing")));
            }
        }
        let folded = folded(username);
        let user = self.find_who(entrance, &folded).await?;
        if let Some(open) = user.as_ref().filter(|user| user.is_open()) {
            // Only the door of the sandbox finds somebody like this.
            return Ok(self.let_in(open.clone(), next, None));
        }
        let environment = user
            .as_ref()
            .map_or(Environment::Live, |user| user.environment);
        let budget = self
            .budget(
                visit.guesser(),
                Guess::Password,
                environment,
                &folded,
                user.as_ref().map(|user| &user.id),
            )
            .await?;
        if let Some(until) = self.paused(&budget).await? {
            return again(paused(until));
        }
        let hash = user.as_ref().map(|user| user.password_hash.clone());
        let is_right = username.len() <= LONGEST
            && password.len() <= LONGEST
            && self.env.passwords.verify(password.to_owned(), hash).await?;
        match user.filter(|user| is_right && (may_enter(user) || self.is_customer(user))) {
            Some(user) => self.portal_password_right(visit, user, next, &budget).await,
            None => match self.missed_password(&budget, environment, &folded).await? {
                Notice::Paused { until } => again(paused(until)),
                Notice::WrongDetails { tries_left } => again(Complaint {
                    number: tries_left,
                    ..Complaint::about("username", wrong("details-wrong", tries_left))
                }),
                _ => again(Complaint::about("username", "details-wrong")),
            },
        }
    }

    /// Who has this name at a door. At the common one developers and admins come first, then customers, and
    /// real people before those of the sandbox: whom a name hides there has the other door.
    async fn find_who(
        &self,
        entrance: Entrance,
        folded: &str,
    ) -> Result<Option<UserRecord>, store::Error> {
        let reader = self.env.store.reader();
        if entrance == Entrance::Sandbox {
            return find_user_by_name(reader, Environment::Sandbox, folded).await;
        }
        if let Some(user) = self.find_portal_user(folded).await? {
            return Ok(Some(user));
        }
        for environment in [Environment::Live, Environment::Sandbox] {
            let found = find_user_by_name(reader, environment, folded).await?;
            if let Some(user) = found.filter(|user| !user.is_open()) {
                return Ok(Some(user));
            }
        }
        Ok(None)
    }

    /// Developers and admins by name: real ones first, then those of the sandbox. Customers are
    /// nobody to them.
    pub(super) async fn find_portal_user(
        &self,
        folded: &str,
    ) -> Result<Option<UserRecord>, store::Error> {
        for environment in [Environment::Live, Environment::Sandbox] {
            let found = find_user_by_name(self.env.store.reader(), environment, folded).await?;
            if let Some(user) = found.filter(|user| user.role != Role::User) {
                return Ok(Some(user));
            }
        }
        Ok(None)
    }

    /// In, or on to the code.
    async fn portal_password_right(
        &self,
        visit: &PortalVisit,
        user: UserRecord,
        next: Place,
        budget: &Budget,
    ) -> Result<PortalAnswer, Refusal> {
        self.forget_misses(budget).await?;
        let device = self.remember_device(visit.device.as_deref(), &user).await?;
        // Nothing of whoever was here before stays.
        if may_enter(&user) && self.has_authenticator(&user).await? {
            let standing = Standing::CodeDue {
                user: user.id,
                authenticated_at: self.env.now(),
                next,
            };
            return Ok(PortalAnswer::to(&Place::LogInCode)
                .renewing(fresh(standing))
                .with(device));
        }
        Ok(self.let_in(user, next, device))
    }

    /// In, without more ado.
    fn let_in(&self, user: UserRecord, next: Place, device: Option<CookieChange>) -> PortalAnswer {
        let is_theirs = matches!(next, Place::Connected | Place::StopAccess(_));
        let next = match user.role {
            Role::User if !is_theirs => Place::Connected,
            _ => next,
        };
        let standing = Standing::SignedIn {
            user: user.id,
            authenticated_at: self.env.now(),
            sca_at: None,
        };
        PortalAnswer::to(&next)
            .renewing(fresh(standing))
            .with(device)
    }

    /// The person leaves.
    pub fn portal_log_out(&self, visit: &PortalVisit, form_token: &str) -> PortalAnswer {
        if !self.is_portal_form(visit, "logout", form_token) {
            return PortalAnswer::to(&Place::Home);
        }
        PortalAnswer {
            change: PortalChange::End,
            ..PortalAnswer::to(&Place::LogIn)
        }
    }
}

/// A session in which nothing but this is remembered.
pub(super) fn fresh(standing: Standing) -> SessionState {
    SessionState {
        standing,
        ..SessionState::default()
    }
}

/// Guessing is paused.
pub(super) fn paused(until: protocol::time::Timestamp) -> Complaint {
    Complaint {
        until: Some(until),
        ..Complaint::general("paused")
    }
}

/// The word for something wrong, with or without the tries that are left.
pub(super) fn wrong(word: &'static str, tries_left: Option<u32>) -> &'static str {
    match (word, tries_left) {
        ("details-wrong", Some(_)) => "details-wrong-tries",
        ("code-wrong", Some(_)) => "code-wrong-tries",
        (word, _) => word,
    }
}
