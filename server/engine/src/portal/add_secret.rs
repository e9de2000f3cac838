//! Another secret of a client (D7): seen by whoever made it for a few minutes, and by nobody else.

use std::time::Duration;

use protocol::{
    client::Environment,
    ids::AppId,
    secret::{ClientSecret, Digest, SecretLink},
    time::Timestamp,
};
use store::{
    Advanced, audit::insert_audit_event, client_secrets::insert_client_secret,
    clients::advance_client, outbox::insert_mail, secret_links::advance_secret_link_used,
    shown_secrets::insert_shown_secret,
};

use super::{
    credentials::{FORM as PAGE_FORM, Keys, MOST_SECRETS},
    form::{Complaint, Flash, Typed},
    place::Place,
    session::{PortalAnswer, PortalVisit},
    wall::Refusal,
};
use crate::{Engine, caches::Thing, error::Error, mails::SecretEvent, register::is_line};

/// Name of the form.
const FORM: &str = "add-secret";

/// Longest label, in characters.
const LONGEST_LABEL: usize = 60;

/// After how many days a secret may end by itself. Others never do.
pub const DAYS: [u32; 4] = [30, 90, 180, 365];

/// What the person typed.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct NewSecret {
    /// What the secret is called.
    pub label: String,
    /// After how many days it ends, one of [`DAYS`]; empty: never.
    pub days: String,
    /// The version of the client when the page was shown, so that a form that is sent twice makes
    /// one secret.
    pub version: String,
}

impl NewSecret {
    fn typed(&self) -> Typed {
        Typed::default()
            .with("label", &self.label)
            .with("days", &self.days)
    }

    /// Until when it is good, if it ends by itself.
    fn expires_at(&self, now: Timestamp) -> Result<Option<Timestamp>, Complaint> {
        if self.days.is_empty() {
            return Ok(None);
        }
        let days = self.days.parse().ok().filter(|days| DAYS.contains(days));
        match days {
            Some(days) => Ok(Some(now + Duration::from_secs(u64::from(days) * 24 * 3600))),
            None => Err(Complaint::about("days", "secret-days")),
        }
    }
}

/// What became of the attempt to write a new secret.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Written {
    /// It is there.
    Yes,
    /// Somebody changed the client at the same moment.
    Changed,
    /// The link was used at the same moment.
    LinkUsed,
}

impl Engine {
    /// The version that the form of a new secret carries.
    ///
    /// # Errors
    /// When the visitor may not add one, or did not just prove who they are.
    pub async fn add_secret_view(
        &self,
        visit: &PortalVisit,
        app: &AppId,
        environment: Environment,
    ) -> Result<(super::Person, String, u32), Refusal> {
        let here = Place::AddSecret(app.clone(), environment);
        let keys = self.keys_to_change(visit, app, environment, &here).await?;
        let name = keys.member.app.name.clone();
        Ok((keys.member.person, name, keys.client.version))
    }

    /// The person adds a secret.
    pub async fn add_secret(
        &self,
        visit: &PortalVisit,
        form_token: &str,
        app: &AppId,
        environment: Environment,
        new: NewSecret,
    ) -> PortalAnswer {
        let tried = self
            .try_add_secret(visit, form_token, app, environment, new)
            .await;
        self.portal_answer(visit, tried)
    }

    async fn try_add_secret(
        &self,
        visit: &PortalVisit,
        form_token: &str,
        app: &AppId,
        environment: Environment,
        new: NewSecret,
    ) -> Result<PortalAnswer, Refusal> {
        let here = Place::AddSecret(app.clone(), environment);
        let keys = self.keys_to_change(visit, app, environment, &here).await?;
        if !self.is_portal_form(visit, FORM, form_token) {
            return Ok(self.send_again(visit, &here, FORM, new.typed()));
        }
        let again = |complaint| Ok(self.mend(visit, &here, FORM, new.typed(), vec![complaint]));
        let label = new.label.trim();
        if !is_line(label, LONGEST_LABEL) {
            return again(Complaint::about("label", "secret-label"));
        }
        let expires_at = match new.expires_at(self.env.now()) {
            Ok(expires_at) => expires_at,
            Err(complaint) => return again(complaint),
        };
        let page = Place::Credentials(app.clone(), environment);
        if new.version != keys.client.version.to_string() {
            return Ok(self.not_done(visit, &page, "secret-changed-meanwhile"));
        }
        if keys.good(self.env.now()) >= MOST_SECRETS {
            return Ok(self.not_done(visit, &page, "two-secrets"));
        }
        let written = self.write_secret(keys, label, expires_at, None).await?;
        Ok(self.secret_written(visit, &page, written))
    }

    /// What the page says after a new secret was written, or was not.
    pub(super) fn secret_written(
        &self,
        visit: &PortalVisit,
        page: &Place,
        written: Written,
    ) -> PortalAnswer {
        match written {
            Written::Yes => {
                let flash = Flash::note(PAGE_FORM, "secret-added", Typed::default());
                self.leave(visit, page, flash)
            }
            Written::Changed => self.not_done(visit, page, "secret-changed-meanwhile"),
            Written::LinkUsed => self.not_done(visit, page, "secret-link-used"),
        }
    }

    /// Makes a secret and lets its maker see it; where it was made for a one-time link, the link is used
    /// up with it.
    pub(super) async fn write_secret(
        &self,
        keys: Keys,
        label: &str,
        expires_at: Option<Timestamp>,
        link: Option<Digest<SecretLink>>,
    ) -> Result<Written, Error> {
        let (id, user) = (
            keys.client.client.id.clone(),
            keys.member.person.user.id.clone(),
        );
        let secret = self.env.mint::<ClientSecret>();
        let mut row = self.secret_record(&id, &secret, Some(label.to_owned()));
        row.expires_at = expires_at;
        row.created_by = Some(user.clone());
        let shown = self.shown_record(&row.id, &id, &user, secret.expose());
        let (event, letters) = self.secret_traces(&keys, &row, SecretEvent::Added).await?;
        let (client, now) = (keys.client, self.env.now());
        let written = self
            .env
            .store
            .write::<_, Error, _>(move |tx| {
                Box::pin(async move {
                    // The version moves with every change of credentials: of two who add the last
                    // secret that there is room for, one comes through.
                    if advance_client(tx, &client).await? == Advanced::No {
                        return Ok(Written::Changed);
                    }
                    if let Some(link) = &link
                        && advance_secret_link_used(tx, link, &user, now).await? == Advanced::No
                    {
                        return Ok(Written::LinkUsed);
                    }
                    insert_client_secret(tx, &row).await?;
                    insert_shown_secret(tx, &shown).await?;
                    for letter in &letters {
                        insert_mail(tx, letter).await?;
                    }
                    insert_audit_event(tx, &event).await?;
                    Ok(Written::Yes)
                })
            })
            .await?;
        self.env.caches.changed(Thing::Client(&id));
        Ok(written)
    }
}
