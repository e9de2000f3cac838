//! The one-time link to the secret of a live client (D7). The letter that tells of an approval carries
//! it: a secret never travels by mail, and is made only when somebody of the team comes for it.
//!
//! Looking at the page uses nothing up, for programs that read mail look at every link. The button
//! does, once.

use protocol::{
    authorization::ProblemKind,
    client::Environment,
    ids::{AppId, ClientId},
    secret::SecretLink,
    time::Timestamp,
};
use serde_json::json;
use store::{
    apps::find_app,
    audit::insert_audit_event,
    outbox::insert_mail,
    secret_links::{
        SecretLinkRecord, delete_unused_secret_links, find_secret_link, insert_secret_link,
    },
    teams::{TeamRole, find_membership},
};

use super::{
    credentials::{FORM as PAGE_FORM, Keys, MOST_SECRETS, has_secrets},
    form::{Flash, Typed},
    place::Place,
    session::{PortalAnswer, PortalGo, PortalVisit},
    wall::{Member, Person, Refusal},
};
use crate::{Engine, error::Error, mails, seal::Purpose};

/// Name of the form.
const FORM: &str = "secret-link";

/// What the page behind a link says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum SecretLinkView {
    /// The secret can be made now.
    Good {
        /// The app.
        app: String,
        /// The client that the secret is for.
        client: ClientId,
        /// Until when.
        until: Timestamp,
        /// The link, sealed; for the hidden field.
        link: String,
    },
    /// Somebody used it.
    Used {
        /// The app.
        app: AppId,
        /// When.
        at: Timestamp,
        /// Whether it was the visitor.
        by_you: bool,
    },
    /// Its time is over.
    Over {
        /// The app.
        app: AppId,
    },
    /// The client has as many secrets as it can.
    NoRoom {
        /// The app.
        app: AppId,
    },
    /// It is for people of another team, or for those in the team who may change things.
    Foreign,
    /// We never made it, or it ran out long ago.
    Unknown,
}

/// A link that is good, and what it leads to.
struct Arrived {
    record: SecretLinkRecord,
    keys: Keys,
}

/// Whom a link does not lead on: to a page that says why.
enum Stopped {
    Says(Person, SecretLinkView),
    Refused(Refusal),
}

impl<E: Into<Refusal>> From<E> for Stopped {
    fn from(error: E) -> Self {
        Self::Refused(error.into())
    }
}

impl Engine {
    /// A new link to the secret of `client`, and its address for the letter. Nothing is written yet:
    /// the record goes into the transaction that writes the letter.
    pub fn secret_link(
        &self,
        client: &ClientId,
        app: &AppId,
        now: Timestamp,
    ) -> (SecretLinkRecord, String) {
        let link = self.env.mint::<SecretLink>();
        let here = &self.env.settings.public_url;
        // In the query: that part of an address is never logged.
        let address = format!("{here}/developer/secret?token={}", link.expose());
        let record = SecretLinkRecord {
            digest: link.digest(),
            client_id: client.clone(),
            app_id: app.clone(),
            created_at: now,
            expires_at: now + self.env.settings.secret_link_lifetime,
            used_at: None,
            used_by: None,
        };
        (record, address)
    }

    /// The page behind a link. `text` as in the address of the page.
    ///
    /// # Errors
    /// When nobody is signed in, or somebody who did not just prove who they are.
    pub async fn secret_link_view(
        &self,
        visit: &PortalVisit,
        text: &str,
    ) -> Result<(Person, SecretLinkView), Refusal> {
        match self.arrived(visit, text).await {
            Ok((link, Arrived { record, keys })) => {
                let view = SecretLinkView::Good {
                    app: keys.member.app.name,
                    client: record.client_id,
                    until: record.expires_at,
                    link,
                };
                Ok((keys.member.person, view))
            }
            Err(Stopped::Says(person, view)) => Ok((person, view)),
            Err(Stopped::Refused(refusal)) => Err(refusal),
        }
    }

    /// The person presses the button: the link is used up, and the secret is made and shown.
    pub async fn use_secret_link(
        &self,
        visit: &PortalVisit,
        form_token: &str,
        text: &str,
    ) -> PortalAnswer {
        let tried = self.try_use_link(visit, form_token, text).await;
        self.portal_answer(visit, tried)
    }

    /// An owner lost the link: another one takes its place, and goes to their own address.
    pub async fn send_secret_link(
        &self,
        visit: &PortalVisit,
        form_token: &str,
        app: &AppId,
    ) -> PortalAnswer {
        let tried = self.try_send_link(visit, form_token, app).await;
        self.portal_answer(visit, tried)
    }

    async fn try_use_link(
        &self,
        visit: &PortalVisit,
        form_token: &str,
        text: &str,
    ) -> Result<PortalAnswer, Refusal> {
        let Arrived { record, keys } = match self.arrived(visit, text).await {
            Ok((_, arrived)) => arrived,
            // The page itself says it best.
            Err(Stopped::Says(..)) => {
                return Ok(PortalAnswer::to(&Place::SecretLink(text.to_owned())));
            }
            Err(Stopped::Refused(refusal)) => return Err(refusal),
        };
        if !self.is_portal_form(visit, FORM, form_token) {
            return Ok(PortalAnswer {
                go: PortalGo::Problem(Box::new(self.problem(visit.locale(), ProblemKind::Forged))),
                ..PortalAnswer::to(&Place::Home)
            });
        }
        let page = Place::Credentials(record.app_id, Environment::Live);
        let label = format!("made on {}", self.env.now().date());
        let written = self
            .write_secret(keys, &label, None, Some(record.digest))
            .await?;
        Ok(self.secret_written(visit, &page, written))
    }

    /// Who came with a link, as far as it leads on: a good link, of an app that they may change, and
    /// a code of a moment ago. Answers the link sealed, too.
    async fn arrived(&self, visit: &PortalVisit, text: &str) -> Result<(String, Arrived), Stopped> {
        let Some(link) = self.link::<SecretLink>(Purpose::SecretLink, text) else {
            let here = Place::SecretLink(String::new());
            let person = self.person(visit, &here).await?;
            return Err(Stopped::Says(person, SecretLinkView::Unknown));
        };
        let sealed = self.sealed_link(Purpose::SecretLink, &link);
        let here = Place::SecretLink(sealed.clone());
        let person = self.person(visit, &here).await?;
        let reader = self.env.store.reader();
        let Some(record) = find_secret_link(reader, &link.digest()).await? else {
            return Err(Stopped::Says(person, SecretLinkView::Unknown));
        };
        let Some(app) = find_app(reader, &record.app_id).await? else {
            return Err(Stopped::Says(person, SecretLinkView::Unknown));
        };
        let role = find_membership(reader, &app.team_id, &person.user.id)
            .await?
            .map(|membership| membership.role)
            .filter(|role| *role != TeamRole::Read);
        let Some(role) = role else {
            return Err(Stopped::Says(person, SecretLinkView::Foreign));
        };
        let now = self.env.now();
        if let Some(at) = record.used_at {
            let by_you = record.used_by.as_ref() == Some(&person.user.id);
            let app = record.app_id;
            return Err(Stopped::Says(
                person,
                SecretLinkView::Used { app, at, by_you },
            ));
        }
        // The app may have got another live client meanwhile: that one has its own link.
        let is_current = app.live_client.as_ref() == Some(&record.client_id);
        if record.expires_at <= now || !is_current {
            let app = record.app_id;
            return Err(Stopped::Says(person, SecretLinkView::Over { app }));
        }
        let member = Member { person, role, app };
        let keys = self.keys(member, Environment::Live).await?;
        if !has_secrets(keys.client.client.auth_method) {
            return Err(Stopped::Says(keys.member.person, SecretLinkView::Unknown));
        }
        if keys.good(now) >= MOST_SECRETS {
            let app = record.app_id;
            return Err(Stopped::Says(
                keys.member.person,
                SecretLinkView::NoRoom { app },
            ));
        }
        self.require_step_up(&keys.member.person, &here).await?;
        Ok((sealed, Arrived { record, keys }))
    }

    async fn try_send_link(
        &self,
        visit: &PortalVisit,
        form_token: &str,
        app: &AppId,
    ) -> Result<PortalAnswer, Refusal> {
        let here = Place::Credentials(app.clone(), Environment::Live);
        let member = self.form_of_editor(visit, form_token, app, &here).await?;
        if member.role != TeamRole::Owner {
            return Ok(self.not_done(visit, &here, "owners-only"));
        }
        self.require_step_up(&member.person, &here).await?;
        let keys = self.keys(member, Environment::Live).await?;
        if !has_secrets(keys.client.client.auth_method) {
            return Err(Refusal::NotFound);
        }
        let now = self.env.now();
        if keys.good(now) >= MOST_SECRETS {
            return Ok(self.not_done(visit, &here, "two-secrets"));
        }
        let id = keys.client.client.id;
        let (record, address) = self.secret_link(&id, app, now);
        let (person, app) = (&keys.member.person, &keys.member.app);
        let Some(letter) = self.letter(mails::secret_link(&person.user, &app.name, &address))
        else {
            return Ok(self.not_done(visit, &here, "no-address"));
        };
        let event = self.event(
            person.actor(),
            "client.secret_link_sent",
            format!("client:{id}"),
            &json!({ "app": app.id }),
        );
        self.env
            .store
            .write::<_, Error, _>(move |tx| {
                Box::pin(async move {
                    delete_unused_secret_links(tx, &record.client_id).await?;
                    insert_secret_link(tx, &record).await?;
                    insert_mail(tx, &letter).await?;
                    insert_audit_event(tx, &event).await?;
                    Ok(())
                })
            })
            .await?;
        let flash = Flash::note(PAGE_FORM, "secret-link-sent", Typed::default());
        Ok(self.leave(visit, &here, flash))
    }
}
