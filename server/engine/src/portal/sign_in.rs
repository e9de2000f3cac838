//! Signing in to the portal (D3): password, then always the code where there is an authenticator.

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
};

/// Name of the form.
pub(super) const FORM: &str = "login";

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
            .try_portal_log_in(visit, form_token, next, username, password)
            .await;
        self.portal_answer(visit, tried)
    }

    async fn try_portal_log_in(
        &self,
        visit: &PortalVisit,
        form_token: &str,
        next: &str,
        username: &str,
        password: &str,
    ) -> Result<PortalAnswer, Refusal> {
        let next = self.opened_place(next);
        let typed = Typed::default().with("username", username);
        let leave = |flash| Ok(self.leave_on_the_way(visit, &Place::LogIn, &next, flash));
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
        let user = self.find_portal_user(&folded).await?;
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
        match user.filter(|user| is_right && may_enter(user)) {
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

    /// Developers and admins by name: real ones first, then those of the sandbox. Customers are
    /// nobody here.
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
        let now = self.env.now();
        // Nothing of whoever was here before stays.
        if self.has_authenticator(&user).await? {
            let standing = Standing::CodeDue {
                user: user.id,
                authenticated_at: now,
                next,
            };
            return Ok(PortalAnswer::to(&Place::LogInCode)
                .renewing(fresh(standing))
                .with(device));
        }
        let standing = Standing::SignedIn {
            user: user.id,
            authenticated_at: now,
            sca_at: None,
        };
        Ok(PortalAnswer::to(&next)
            .renewing(fresh(standing))
            .with(device))
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
