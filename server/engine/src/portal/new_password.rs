//! A forgotten password: a letter with a link, and another password behind it.
//!
//! Whether the address is known or not, the page says the same after the same work; only who reads the
//! mail learns more. The link works once and not for long, the newest one alone. It stands for the
//! password and for nothing else: whoever has an authenticator app still needs its code to come in.

use protocol::{
    ids::UserId,
    secret::{Digest, ResetLink},
};
use serde_json::json;
use store::{
    Advanced,
    audit::insert_audit_event,
    outbox::insert_mail,
    password_resets::{
        ResetRecord, advance_reset_used, delete_open_resets, find_reset, insert_reset,
    },
    sessions::delete_sessions_of_user,
    users::{UserRecord, advance_user_password, find_user, folded},
};

use super::{
    form::{Complaint, Flash, Typed},
    place::Place,
    session::{PortalAnswer, PortalVisit, Standing},
    sign_in::{self, fresh},
    sign_up::PASSWORD,
    wall::{Refusal, may_enter},
};
use crate::{Engine, error::Error, log_in::LONGEST, mails, seal::Purpose, throttle::Guess};

/// Name of the form that asks for the letter.
const ASK_FORM: &str = "forgot";

/// Name of the form with the new password.
const FORM: &str = "new-password";

/// For how long a link is kept after its time, so that its page can say that it is over.
const KEPT: std::time::Duration = std::time::Duration::from_secs(24 * 3600);

/// What the page behind the link shows.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewPasswordView {
    /// Whose password it is, for password managers.
    pub username: String,
    /// The link, sealed; for the hidden field.
    pub link: String,
}

/// A link that can be used.
struct Good {
    user: UserRecord,
    digest: Digest<ResetLink>,
    sealed: String,
}

/// How the transaction with the new password went.
enum Race {
    /// The link was used by somebody else, or the password changed meanwhile.
    Late,
    Failed(Error),
}

impl From<store::Error> for Race {
    fn from(error: store::Error) -> Self {
        Self::Failed(error.into())
    }
}

impl Engine {
    /// Somebody forgot the password of this account.
    pub async fn ask_for_new_password(
        &self,
        visit: &PortalVisit,
        form_token: &str,
        email: &str,
    ) -> PortalAnswer {
        let tried = self.try_ask(visit, form_token, email.trim()).await;
        self.portal_answer(visit, tried)
    }

    /// The page behind the link. `text` as in its address.
    ///
    /// # Errors
    /// When the link is no longer good.
    pub async fn new_password_view(
        &self,
        visit: &PortalVisit,
        text: &str,
    ) -> Result<NewPasswordView, Refusal> {
        let good = self.good_reset(visit, text).await?;
        Ok(NewPasswordView {
            username: good.user.username,
            link: good.sealed,
        })
    }

    /// The person thought up another password.
    pub async fn set_new_password(
        &self,
        visit: &PortalVisit,
        form_token: &str,
        text: &str,
        password: String,
    ) -> PortalAnswer {
        let tried = self.try_set(visit, form_token, text, password).await;
        self.portal_answer(visit, tried)
    }

    async fn try_ask(
        &self,
        visit: &PortalVisit,
        form_token: &str,
        email: &str,
    ) -> Result<PortalAnswer, Refusal> {
        let typed = Typed::default().with("email", email);
        if !self.is_portal_form(visit, ASK_FORM, form_token) {
            return Ok(self.send_again(visit, &Place::Forgot, ASK_FORM, typed));
        }
        if email.is_empty() || email.len() > LONGEST {
            let complaint = Complaint::about("email", "username-missing");
            return Ok(self.mend(visit, &Place::Forgot, ASK_FORM, typed, vec![complaint]));
        }
        // Too many letters: the page says nothing of it, and none is sent.
        let paused = self.mail_asked_for(visit, email).await?.is_some();
        let known = self.find_portal_user(&folded(email)).await?;
        let user = known.filter(|user| may_enter(user) && user.email.is_some() && !paused);
        let now = self.env.now();
        let link = self.env.mint::<ResetLink>();
        let record = ResetRecord {
            digest: link.digest(),
            user_id: user.as_ref().map(|user| user.id.clone()),
            created_at: now,
            expires_at: now + self.env.settings.password_reset_lifetime + KEPT,
            used_at: None,
        };
        let letter = user.and_then(|user| {
            let base = &self.env.settings.public_url;
            let address = format!("{base}/login/new-password?token={}", link.expose());
            let minutes = self.env.settings.password_reset_lifetime.as_secs() / 60;
            self.letter(mails::new_password(&user, &address, minutes))
        });
        self.env
            .store
            .write::<_, Error, _>(move |tx| {
                Box::pin(async move {
                    delete_open_resets(tx, record.user_id.as_ref()).await?;
                    insert_reset(tx, &record).await?;
                    if let Some(letter) = &letter {
                        insert_mail(tx, letter).await?;
                    }
                    Ok(())
                })
            })
            .await?;
        Ok(PortalAnswer::to(&Place::ForgotSent))
    }

    async fn try_set(
        &self,
        visit: &PortalVisit,
        form_token: &str,
        text: &str,
        password: String,
    ) -> Result<PortalAnswer, Refusal> {
        let good = self.good_reset(visit, text).await?;
        let page = Place::NewPassword(good.sealed.clone());
        if !self.is_portal_form(visit, FORM, form_token) {
            return Ok(self.send_again(visit, &page, FORM, Typed::default()));
        }
        if !PASSWORD.contains(&password.chars().count()) {
            let complaint = Complaint::about("new_password", "password-length");
            return Ok(self.mend(visit, &page, FORM, Typed::default(), vec![complaint]));
        }
        let hash = self.env.passwords.hash(password, self.env.bytes()).await?;
        let letter = self.letter(mails::password_changed(&good.user));
        let event = self.event(
            format!("user:{}", good.user.id),
            "user.password_reset",
            format!("user:{}", good.user.id),
            &json!({}),
        );
        let (user, digest, now) = (good.user.clone(), good.digest, self.env.now());
        let written: Result<(), Race> = self
            .env
            .store
            .write(move |tx| {
                Box::pin(async move {
                    let used = advance_reset_used(tx, &digest, now).await?;
                    let from = &user.password_hash;
                    if used == Advanced::No
                        || advance_user_password(tx, &user.id, from, &hash).await? == Advanced::No
                    {
                        return Err(Race::Late);
                    }
                    delete_open_resets(tx, Some(&user.id)).await?;
                    // Whoever knew the old password is out, in every browser.
                    delete_sessions_of_user(tx, &user.id, None).await?;
                    if let Some(letter) = &letter {
                        insert_mail(tx, letter).await?;
                    }
                    insert_audit_event(tx, &event).await?;
                    Ok(())
                })
            })
            .await;
        match written {
            Ok(()) => {}
            Err(Race::Late) => return Err(self.reset_over(visit).into()),
            Err(Race::Failed(error)) => return Err(error.into()),
        }
        self.forget_wrong_passwords(visit, &good.user).await?;
        // Nobody is signed in by a letter: the new password is typed once, and the code where one is due.
        let typed = Typed::default().with("username", &good.user.username);
        let mut state = fresh(Standing::Nobody);
        state.flash = Some(Flash::note(sign_in::FORM, "password-changed", typed));
        Ok(PortalAnswer::to(&Place::LogIn).renewing(state))
    }

    /// The link, if it can be used now.
    async fn good_reset(&self, visit: &PortalVisit, text: &str) -> Result<Good, Refusal> {
        let over = || Refusal::from(self.reset_over(visit));
        let reader = self.env.store.reader();
        let link = self.link::<ResetLink>(Purpose::ResetLink, text);
        let link = link.ok_or_else(over)?;
        let found = find_reset(reader, &link.digest()).await?.ok_or_else(over)?;
        let until = found.created_at + self.env.settings.password_reset_lifetime;
        if found.used_at.is_some() || self.env.now() >= until {
            return Err(over());
        }
        let user: UserId = found.user_id.ok_or_else(over)?;
        let user = find_user(reader, &user).await?.filter(may_enter);
        Ok(Good {
            user: user.ok_or_else(over)?,
            digest: found.digest,
            sealed: self.sealed_link(Purpose::ResetLink, &link),
        })
    }

    /// It was used, its time is over, a newer one was sent, or we never made it.
    fn reset_over(&self, visit: &PortalVisit) -> PortalAnswer {
        let complaints = vec![Complaint::general("reset-over")];
        self.mend(
            visit,
            &Place::Forgot,
            ASK_FORM,
            Typed::default(),
            complaints,
        )
    }

    /// Misses with the forgotten password do not keep its owner out.
    async fn forget_wrong_passwords(
        &self,
        visit: &PortalVisit,
        user: &UserRecord,
    ) -> Result<(), Error> {
        let budget = self
            .budget(
                visit.guesser(),
                Guess::Password,
                user.environment,
                &folded(&user.username),
                Some(&user.id),
            )
            .await?;
        self.forget_misses(&budget).await
    }
}
