//! A stranger signs up (D2). Whether the address is known or not, the page is the same; only the letter
//! differs. Nothing but the sign-up itself exists before the address is confirmed.

use std::fmt;

use protocol::{
    ids::SignUpId,
    secret::{Secret, SignUpLink},
};
use store::{
    Advanced,
    outbox::insert_mail,
    signups::{SignUpRecord, advance_sign_up_keys, insert_sign_up},
    users::{find_user_by_name, folded},
};
use zeroize::Zeroizing;

use super::{
    confirm_address,
    form::{Complaint, Flash, SEND_AGAIN, Typed},
    place::Place,
    session::{PortalAnswer, PortalVisit},
    sign_in::paused,
    wall::Refusal,
};
use crate::{
    Engine,
    error::Error,
    mails::{self, Mail},
    register::{is_address, is_line},
    seal::Purpose,
    throttle::Guess,
};

/// Name of the form.
pub(super) const FORM: &str = "signup";

/// Length of a new password, in characters (OWASP ASVS 6.2.1, 6.2.9).
pub(super) const PASSWORD: std::ops::RangeInclusive<usize> = 12..=128;

/// Longest name, in characters.
pub(super) const LONGEST_NAME: usize = 64;

/// For how long a sign-up is kept after its time, so that the page can say that it is over.
const KEPT: std::time::Duration = std::time::Duration::from_secs(24 * 3600);

/// How long a person waits for a letter before they can ask for another.
const BETWEEN_LETTERS: std::time::Duration = std::time::Duration::from_secs(30);

/// What a stranger typed.
#[derive(Clone, Default)]
pub struct SignUp {
    /// The address, which is the name to sign in with.
    pub email: String,
    /// The name that others see.
    pub name: String,
    /// The password.
    pub password: String,
    /// Where they go on once the address is confirmed, sealed.
    pub next: String,
    /// Whether the terms are agreed to.
    pub terms: bool,
}

/// Without what they typed.
impl fmt::Debug for SignUp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignUp").finish_non_exhaustive()
    }
}

impl SignUp {
    fn typed(&self) -> Typed {
        Typed::default()
            .with("email", &self.email)
            .with("name", &self.name)
            .with("terms", if self.terms { "yes" } else { "" })
    }

    /// What is to be mended, in the order of the fields.
    fn complaints(&self) -> Vec<Complaint> {
        let mut found = Vec::new();
        if !is_address(self.email.trim()) {
            found.push(Complaint::about("email", "email-malformed"));
        }
        if !is_line(self.name.trim(), LONGEST_NAME) {
            found.push(Complaint::about("name", "name-missing"));
        }
        if !PASSWORD.contains(&self.password.chars().count()) {
            found.push(Complaint::about("new_password", "password-length"));
        }
        if !self.terms {
            found.push(Complaint::about("terms", "terms-missing"));
        }
        found
    }
}

/// A fresh code and link of a sign-up, for its letter and its row.
pub(super) struct Keys {
    pub code: Zeroizing<String>,
    pub code_digest: [u8; 32],
    pub link: Secret<SignUpLink>,
}

impl Engine {
    /// A stranger sends the form.
    pub async fn sign_up(
        &self,
        visit: &PortalVisit,
        form_token: &str,
        new: SignUp,
    ) -> PortalAnswer {
        let tried = self.try_sign_up(visit, form_token, new).await;
        self.portal_answer(visit, tried)
    }

    async fn try_sign_up(
        &self,
        visit: &PortalVisit,
        form_token: &str,
        new: SignUp,
    ) -> Result<PortalAnswer, Refusal> {
        let typed = new.typed();
        let next = self.opened_place(&new.next);
        let again = |flash| Ok(self.leave_on_the_way(visit, &Place::SignUp, &next, flash));
        if !self.is_portal_form(visit, FORM, form_token) {
            return again(Flash::note(FORM, SEND_AGAIN, typed));
        }
        let complaints = new.complaints();
        if !complaints.is_empty() {
            return again(Flash::refused(FORM, typed, complaints));
        }
        let email = new.email.trim().to_owned();
        if let Some(until) = self.mail_asked_for(visit, &email).await? {
            return again(Flash::refused(FORM, typed, vec![paused(until)]));
        }
        let now = self.env.now();
        let id = SignUpId::new(self.env.id());
        let known = self.is_known(&email).await?;
        let keys = self.sign_up_keys(&id, known);
        // A known address costs the same work.
        let password_hash = self
            .env
            .passwords
            .hash(new.password, self.env.bytes())
            .await?;
        let mail = self.sign_up_mail(visit, &email, known, &keys);
        let record = SignUpRecord {
            id: id.clone(),
            email,
            name: new.name.trim().to_owned(),
            password_hash,
            locale: visit.locale(),
            code_digest: keys.code_digest,
            link_digest: keys.link.digest(),
            failures: 0,
            created_at: now,
            confirmed_at: None,
            expires_at: now + self.env.settings.sign_up_lifetime + KEPT,
            next_place: (next != Place::Home).then(|| self.sealed_place(&next)),
        };
        let letter = self.letter(mail);
        self.env
            .store
            .write::<_, Error, _>(move |tx| {
                Box::pin(async move {
                    insert_sign_up(tx, &record).await?;
                    if let Some(letter) = &letter {
                        insert_mail(tx, letter).await?;
                    }
                    Ok(())
                })
            })
            .await?;
        let state = visit.state_with(|state| {
            state.sign_up = Some(id);
            state.flash = None;
        });
        Ok(PortalAnswer::to(&Place::CheckMail).remembering(state))
    }

    /// The letter did not come: another one, with another code and link.
    pub async fn resend_letter(&self, visit: &PortalVisit, form_token: &str) -> PortalAnswer {
        let tried = self.try_resend_letter(visit, form_token).await;
        self.portal_answer(visit, tried)
    }

    async fn try_resend_letter(
        &self,
        visit: &PortalVisit,
        form_token: &str,
    ) -> Result<PortalAnswer, Refusal> {
        let form = confirm_address::CODE_FORM;
        let typed = Typed::default();
        if !self.is_portal_form(visit, "resend", form_token) {
            return Ok(self.send_again(visit, &Place::CheckMail, form, typed));
        }
        let mut record = self.sign_up_here(visit).await?;
        let now = self.env.now();
        let next = record.created_at + BETWEEN_LETTERS;
        let until = match now < next {
            true => Some(next),
            false => self.mail_asked_for(visit, &record.email).await?,
        };
        if let Some(until) = until {
            let complaint = Complaint {
                until: Some(until),
                ..Complaint::general("letter-too-soon")
            };
            return Ok(self.mend(visit, &Place::CheckMail, form, typed, vec![complaint]));
        }
        let known = self.is_known(&record.email).await?;
        let keys = self.sign_up_keys(&record.id, known);
        let letter = self.letter(self.sign_up_mail(visit, &record.email, known, &keys));
        record.code_digest = keys.code_digest;
        record.link_digest = keys.link.digest();
        record.created_at = now;
        record.expires_at = now + self.env.settings.sign_up_lifetime + KEPT;
        self.env
            .store
            .write::<_, Error, _>(move |tx| {
                Box::pin(async move {
                    if advance_sign_up_keys(tx, &record).await? == Advanced::Yes
                        && let Some(letter) = &letter
                    {
                        insert_mail(tx, letter).await?;
                    }
                    Ok(())
                })
            })
            .await?;
        let flash = Flash::note(form, "mail-sent-again", typed);
        Ok(self.leave(visit, &Place::CheckMail, flash))
    }

    /// Until when no more letters go to this address or at the wish of this network; counts this one
    /// otherwise.
    pub(super) async fn mail_asked_for(
        &self,
        visit: &PortalVisit,
        email: &str,
    ) -> Result<Option<protocol::time::Timestamp>, Error> {
        let environment = protocol::client::Environment::Live;
        let budget = self
            .budget(
                visit.guesser(),
                Guess::Mail,
                environment,
                &folded(email),
                None,
            )
            .await?;
        let until = self.paused(&budget).await?;
        if until.is_none() {
            self.count_miss(&budget).await?;
        }
        Ok(until)
    }

    /// Whether somebody has this address as login name, as a customer or at the portal.
    async fn is_known(&self, email: &str) -> Result<bool, store::Error> {
        let live = protocol::client::Environment::Live;
        let customer = find_user_by_name(self.env.store.reader(), live, email).await?;
        Ok(customer.is_some() || self.find_portal_user(&folded(email)).await?.is_some())
    }

    /// For a known address no code fits: it gets none, and nobody hits one by luck.
    fn sign_up_keys(&self, id: &SignUpId, known: bool) -> Keys {
        let number = u64::from_be_bytes(self.env.bytes()) % 1_000_000;
        let code = Zeroizing::new(format!("{number:06}"));
        Keys {
            code_digest: match known {
                true => self.env.bytes(),
                false => self.sign_up_code_digest(id, &code),
            },
            code,
            link: self.env.mint::<SignUpLink>(),
        }
    }

    /// Under the server's key: six digits are soon guessed from a plain digest.
    pub(super) fn sign_up_code_digest(&self, id: &SignUpId, code: &str) -> [u8; 32] {
        self.env.seal.digest(
            Purpose::SignUpCode,
            &[id.as_str().as_bytes(), code.as_bytes()],
        )
    }

    fn sign_up_mail(&self, visit: &PortalVisit, email: &str, known: bool, keys: &Keys) -> Mail {
        let here = &self.env.settings.public_url;
        let locale = visit.locale();
        if known {
            let sign_in = format!("{here}{}", Place::LogIn.path());
            mails::already_known(email, locale, &sign_in)
        } else {
            let link = format!("{here}/signup/confirm?token={}", keys.link.expose());
            mails::confirm_address(email, locale, &keys.code, &link)
        }
    }
}
