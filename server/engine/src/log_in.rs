//! Signing in, in the middle of an authorization (U1).
//!
//! The answer to a wrong password is the same as to a name that nobody has: same words, same
//! status, same work. The first row of an authorization is written here.

use protocol::{
    authorization::{Due, Notice, ProblemKind, Stage},
    ids::UserId,
    secret::Device,
};
use store::{authorizations::AuthorizationRecord, devices::DeviceRecord, users::UserRecord};

use crate::{
    Engine,
    error::Result,
    interaction::{Interaction, KEPT_AFTER_EXPIRY, Stuck, binding_digest, may_sign_in},
    mails,
    sandbox::AtTheDoor,
    seal::Purpose,
    throttle::{Budget, Guess},
    visit::{Answer, CookieChange, Go, SessionChange, Visit},
};

/// Longest login id and password that are looked at, in bytes. Longer ones cannot be right.
pub(crate) const LONGEST: usize = 1024;

impl Engine {
    /// The person typed login id and password.
    pub async fn log_in(
        &self,
        visit: &Visit,
        form_token: &str,
        username: &str,
        password: &str,
    ) -> Answer {
        let tried = self.try_log_in(visit, form_token, username, password).await;
        self.answer(visit, tried)
    }

    async fn try_log_in(
        &self,
        visit: &Visit,
        form_token: &str,
        username: &str,
        password: &str,
    ) -> Result<Answer, Stuck> {
        let interaction = self.open(visit).await?;
        if interaction.due().is_some() {
            return Ok(self.next(&interaction));
        }
        let again = |notice: Notice| {
            let cookie = interaction.reseal(self, |sealed| {
                sealed.username = username.chars().take(200).collect();
                sealed.notice = Some(notice);
            });
            Ok(self.next(&interaction).with(cookie))
        };
        if !self.is_own_form(visit, &interaction, form_token) {
            return again(Notice::SendAgain);
        }
        for (field, value) in [("username", username.trim()), ("password", password)] {
            if value.is_empty() {
                return again(Notice::Missing {
                    field: field.into(),
                });
            }
        }
        let environment = interaction.client.client.environment;
        let folded = store::users::folded(username);
        let user =
            store::users::find_user_by_name(self.env.store.reader(), environment, &folded).await?;
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
            return again(Notice::Paused { until });
        }
        match self
            .at_the_open_door(visit, &interaction, username, password, user.as_ref())
            .await?
        {
            AtTheDoor::In(user) => {
                return self.signed_in(visit, &interaction, *user, &budget).await;
            }
            AtTheDoor::Paused(until) => return again(Notice::Paused { until }),
            AtTheDoor::Closed => {}
        }
        let is_right = username.len() <= LONGEST
            && password.len() <= LONGEST
            && self
                .env
                .passwords
                .verify(
                    password.to_owned(),
                    user.as_ref().map(|user| user.password_hash.clone()),
                )
                .await?;
        let Some(user) = user.filter(|user| is_right && may_sign_in(user, environment)) else {
            return again(self.missed_password(&budget, environment, &folded).await?);
        };
        self.signed_in(visit, &interaction, user, &budget).await
    }

    /// Counts the miss and finds the words for it. Tells the owner of the name when it is paused.
    pub(crate) async fn missed_password(
        &self,
        budget: &Budget,
        environment: protocol::client::Environment,
        folded: &str,
    ) -> Result<Notice> {
        let missed = self.count_miss(budget).await?;
        let Some(until) = missed.paused_until else {
            return Ok(Notice::WrongDetails {
                tries_left: missed.tries_left,
            });
        };
        if missed.just_paused
            && let Some(user) =
                store::users::find_user_by_name(self.env.store.reader(), environment, folded)
                    .await?
        {
            self.tell(mails::sign_in_paused(&user, until)).await?;
        }
        Ok(Notice::Paused { until })
    }

    /// The person is who they say: the authorization gets its row, the browser its session.
    async fn signed_in(
        &self,
        visit: &Visit,
        interaction: &Interaction,
        user: UserRecord,
        budget: &Budget,
    ) -> Result<Answer, Stuck> {
        if let Some(pinned) = interaction.row.as_ref().and_then(|row| row.stage.user())
            && *pinned != user.id
        {
            return Err(self.stuck(visit, ProblemKind::OtherPerson));
        }
        self.forget_misses(budget).await?;
        if interaction.row.is_none() {
            self.insert_row(interaction, &user).await?;
        } else {
            self.touch(interaction).await?;
        }
        let mut answer = self
            .next(interaction)
            .with(interaction.reseal(self, |sealed| {
                sealed.username.clear();
                sealed.notice = None;
            }));
        if let Some(device) = self.remember_device(visit.device.as_deref(), &user).await? {
            answer = answer.with(device);
        }
        answer.session = SessionChange::SignIn {
            user: user.id,
            at: interaction.now,
        };
        Ok(answer)
    }

    /// Writes the first row. When another tab or a second click was quicker, that row stands.
    pub(crate) async fn insert_row(
        &self,
        interaction: &Interaction,
        user: &UserRecord,
    ) -> Result<()> {
        let now = interaction.now;
        let stage = Stage::LoggedIn {
            user: user.id.clone(),
        };
        let challenge = match stage.due(interaction.plan) {
            Due::Confirm => Some(self.challenge(interaction, &user.id, &[])),
            Due::Consent | Due::Details | Due::PayFrom | Due::Nothing => None,
        };
        let record = AuthorizationRecord {
            id: interaction.id.clone(),
            binding: binding_digest(&interaction.sealed.binding),
            client_id: interaction.client.client.id.clone(),
            user_id: user.id.clone(),
            stage,
            request: interaction.sealed.request.clone(),
            authenticated_at: now,
            last_active_at: now,
            challenge_id: challenge.as_ref().map(|challenge| challenge.id.clone()),
            notice: None,
            sealed_redirect: None,
            created_at: interaction.sealed.created_at,
            expires_at: interaction.sealed.expires_at + KEPT_AFTER_EXPIRY,
        };
        let taken_up = interaction
            .asked()
            .map(|request| self.taken_up(request, &interaction.id));
        let written = self
            .env
            .store
            .write(move |tx| {
                Box::pin(async move {
                    if let Some(challenge) = challenge {
                        store::challenges::insert_challenge(tx, &challenge).await?;
                    }
                    if let Some(taken_up) = taken_up {
                        taken_up.write(tx).await?;
                    }
                    store::authorizations::insert_authorization(tx, &record).await
                })
            })
            .await;
        match written {
            Err(store::Error::Conflict { .. }) => Ok(()),
            other => Ok(other?),
        }
    }

    /// Notes that the person is still there, and that nothing is left to tell.
    pub(crate) async fn touch(&self, interaction: &Interaction) -> Result<()> {
        let (id, now) = (interaction.id.clone(), interaction.now);
        self.env
            .store
            .write(move |tx| {
                Box::pin(async move {
                    let _later =
                        store::authorizations::advance_authorization_active(tx, &id, now).await?;
                    Ok(())
                })
            })
            .await
    }

    /// Makes this browser known to the person. One browser may be known to several people; each
    /// row speaks of one of them.
    pub(crate) async fn remember_device(
        &self,
        device: Option<&str>,
        user: &UserRecord,
    ) -> Result<Option<CookieChange>> {
        let now = self.env.now();
        let max_age = self.env.settings.device_lifetime;
        let minted = device
            .is_none()
            .then(|| self.env.mint::<Device>().expose().to_owned());
        let Some(device) = device.or(minted.as_deref()) else {
            return Ok(None);
        };
        let digest = self.device_digest(device, &user.id);
        if minted.is_none()
            && let Some(known) =
                store::devices::find_device(self.env.store.reader(), &digest).await?
            && known.expires_at > now
        {
            return Ok(None);
        }
        let record = DeviceRecord {
            digest,
            user_id: user.id.clone(),
            created_at: now,
            last_seen_at: now,
            expires_at: now + max_age,
        };
        self.env
            .store
            .write::<_, crate::Error, _>(move |tx| {
                Box::pin(async move { Ok(store::devices::upsert_device(tx, &record).await?) })
            })
            .await?;
        let name = self.device_cookie();
        Ok(Some(CookieChange::Set {
            name,
            value: device.to_owned(),
            max_age,
        }))
    }

    /// Under which a browser is known to a person.
    pub(crate) fn device_digest(&self, device: &str, user: &UserId) -> [u8; 32] {
        self.env.seal.digest(
            Purpose::Device,
            &[device.as_bytes(), user.as_str().as_bytes()],
        )
    }

    /// To the step that is due now.
    pub(crate) fn next(&self, interaction: &Interaction) -> Answer {
        Answer::go(Go::Step(interaction.id.clone()))
    }

    /// Turns what became of a post into what the browser is told.
    pub(crate) fn answer(&self, visit: &Visit, tried: Result<Answer, Stuck>) -> Answer {
        match tried {
            Ok(answer) => answer,
            Err(Stuck::Problem(view)) => Answer::go(Go::Problem(view)),
            Err(Stuck::Failed(error)) => Answer::go(Go::Problem(Box::new(
                self.failed(visit.language.resolve(), &error),
            ))),
        }
    }
}
