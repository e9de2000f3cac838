//! An app that was let in is switched off, in one of two modes, and on again.

use protocol::{
    client::ClientStatus,
    ids::ClientId,
    registration::review::{Reason, Refusal as NotTaken, SuspendCode, SuspendMode},
};
use serde_json::{Value, json};
use store::{
    Advanced,
    access_tokens::advance_access_tokens_revoked_of_client,
    apps::find_app_of_client,
    audit::insert_audit_event,
    clients::{ClientRecord, advance_client, find_client},
    consents::{EndReason, advance_consents_ended_of_client, count_live_consents_of_client},
    families::{RevokeReason, advance_families_revoked_of_client},
    outbox::insert_mail,
    teams::find_membership,
    users::find_user,
};

use crate::{
    Engine,
    caches::Thing,
    error::{Error, Result},
    mails::{Mail, review as letters},
    portal::{Complaint, Flash, Person, Place, PortalAnswer, PortalVisit, Refusal, Typed},
};

/// Name of the form.
const FORM: &str = "client";

/// What was sent to suspend a client.
#[derive(Clone, Debug, Default)]
pub struct SuspendForm {
    /// The version of the client that the page showed.
    pub version: u32,
    /// The word of a [`SuspendMode`].
    pub mode: String,
    /// The word of a [`SuspendCode`].
    pub why: String,
    /// Why, in words.
    pub reason: String,
    /// The name of the app, typed to be sure.
    pub name: String,
    /// A code, when the last one is too long ago.
    pub code: String,
}

/// How many people an app speaks for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Reach {
    /// People who allow it something.
    pub people: u64,
    /// What they allow it, one by one.
    pub permissions: u64,
}

/// What is to be written.
struct Switch {
    client: ClientRecord,
    mode: Option<SuspendMode>,
    action: &'static str,
    detail: Value,
    mail: Option<Mail>,
}

impl Engine {
    /// How many people an app speaks for now: for whoever is about to suspend it.
    ///
    /// # Errors
    /// When storage failed.
    pub async fn reach_of_client(&self, client: &ClientId) -> Result<Reach> {
        let now = self.env.now();
        let (people, permissions) =
            count_live_consents_of_client(self.env.store.reader(), client, now).await?;
        Ok(Reach {
            people,
            permissions,
        })
    }

    /// The admin switches a client off. Its tokens are refused from now on; in the mode
    /// [`SuspendMode::End`] everything that people allowed ends for good.
    pub async fn suspend_app(
        &self,
        visit: &PortalVisit,
        form_token: &str,
        client: &ClientId,
        form: SuspendForm,
    ) -> PortalAnswer {
        let tried = self.try_suspend(visit, form_token, client, &form).await;
        self.portal_answer(visit, tried)
    }

    async fn try_suspend(
        &self,
        visit: &PortalVisit,
        form_token: &str,
        client: &ClientId,
        form: &SuspendForm,
    ) -> Result<PortalAnswer, Refusal> {
        let page = Place::Client(client.clone());
        let (person, mut record) = self.admin_of(visit, client, &page).await?;
        let typed = Typed::default()
            .with("mode", &form.mode)
            .with("why", &form.why)
            .with("reason", &form.reason)
            .with("name", &form.name);
        if !self.is_portal_form(visit, FORM, form_token) {
            return Ok(self.send_again(visit, &page, FORM, typed));
        }
        let again = |visit: &PortalVisit, complaint: Complaint| {
            self.mend(visit, &page, FORM, typed.clone(), vec![complaint])
        };
        if record.version != form.version || record.client.status == ClientStatus::Suspended {
            return Ok(again(visit, Complaint::general("client-changed")));
        }
        if self.is_own_app(&person, client).await? {
            return Ok(again(visit, Complaint::general(NotTaken::OwnApp.as_str())));
        }
        let Ok(mode) = form.mode.parse::<SuspendMode>() else {
            return Ok(again(
                visit,
                Complaint::about("mode", "suspend-mode-missing"),
            ));
        };
        let Ok(code) = form.why.parse::<SuspendCode>() else {
            return Ok(again(visit, Complaint::about("why", "suspend-why-missing")));
        };
        let Ok(reason) = Reason::parse(&form.reason) else {
            return Ok(again(visit, Complaint::about("reason", "reason-length")));
        };
        if form.name.trim() != record.client.name {
            return Ok(again(visit, Complaint::about("name", "app-name-differs")));
        }
        let proven = match self.prove_in_form(visit, &person, &form.code).await? {
            Ok(proven) => proven,
            Err(complaint) => return Ok(again(visit, complaint)),
        };
        let reach = self.reach_of_client(client).await?;
        let name = record.client.name.clone();
        let developer = self.owner_of(&record).await?;
        record.client.status = ClientStatus::Suspended;
        let switch = Switch {
            client: record,
            mode: Some(mode),
            action: "client.suspended",
            detail: json!({
                "mode": mode, "code": code, "reason": reason.as_str(),
                "people": reach.people, "permissions": reach.permissions,
            }),
            mail: developer.map(|user| letters::suspended(&user, &name, mode, &reason)),
        };
        let answer = match self.switch(&person, switch).await? {
            Advanced::Yes => {
                let flash = Flash::note(FORM, "client-suspended", Typed::default());
                self.leave(&proven.visit, &page, flash)
            }
            Advanced::No => again(&proven.visit, Complaint::general("client-changed")),
        };
        Ok(proven.carry(answer))
    }

    /// The admin switches a client on again.
    pub async fn resume_app(
        &self,
        visit: &PortalVisit,
        form_token: &str,
        client: &ClientId,
        version: u32,
        code: &str,
    ) -> PortalAnswer {
        let tried = self
            .try_resume(visit, form_token, client, version, code)
            .await;
        self.portal_answer(visit, tried)
    }

    async fn try_resume(
        &self,
        visit: &PortalVisit,
        form_token: &str,
        client: &ClientId,
        version: u32,
        code: &str,
    ) -> Result<PortalAnswer, Refusal> {
        let page = Place::Client(client.clone());
        let (person, mut record) = self.admin_of(visit, client, &page).await?;
        if !self.is_portal_form(visit, FORM, form_token) {
            return Ok(self.send_again(visit, &page, FORM, Typed::default()));
        }
        let again = |visit: &PortalVisit, complaint: Complaint| {
            self.mend(visit, &page, FORM, Typed::default(), vec![complaint])
        };
        if record.version != version || record.client.status == ClientStatus::Active {
            return Ok(again(visit, Complaint::general("client-changed")));
        }
        if self.is_own_app(&person, client).await? {
            return Ok(again(visit, Complaint::general(NotTaken::OwnApp.as_str())));
        }
        let proven = match self.prove_in_form(visit, &person, code).await? {
            Ok(proven) => proven,
            Err(complaint) => return Ok(again(visit, complaint)),
        };
        let name = record.client.name.clone();
        let developer = self.owner_of(&record).await?;
        record.client.status = ClientStatus::Active;
        let switch = Switch {
            client: record,
            mode: None,
            action: "client.resumed",
            detail: json!({}),
            mail: developer.map(|user| letters::resumed(&user, &name)),
        };
        let answer = match self.switch(&person, switch).await? {
            Advanced::Yes => {
                let flash = Flash::note(FORM, "client-resumed", Typed::default());
                self.leave(&proven.visit, &page, flash)
            }
            Advanced::No => again(&proven.visit, Complaint::general("client-changed")),
        };
        Ok(proven.carry(answer))
    }

    async fn admin_of(
        &self,
        visit: &PortalVisit,
        client: &ClientId,
        page: &Place,
    ) -> Result<(Person, ClientRecord), Refusal> {
        let person = self.admin(visit, page).await?;
        match find_client(self.env.store.reader(), client).await? {
            Some(record) => Ok((person, record)),
            None => Err(Refusal::NotFound),
        }
    }

    /// Whether the client is of an app whose team the person belongs to.
    async fn is_own_app(&self, person: &Person, client: &ClientId) -> Result<bool> {
        let reader = self.env.store.reader();
        let Some(app) = find_app_of_client(reader, client).await? else {
            return Ok(false);
        };
        let membership = find_membership(reader, &app.team_id, &person.user.id).await?;
        Ok(membership.is_some())
    }

    async fn owner_of(&self, client: &ClientRecord) -> Result<Option<store::users::UserRecord>> {
        match &client.owner {
            Some(owner) => Ok(find_user(self.env.store.reader(), owner).await?),
            None => Ok(None),
        }
    }

    /// Writes the new status with all that follows, and tells the caches.
    async fn switch(&self, person: &Person, switch: Switch) -> Result<Advanced> {
        let now = self.env.now();
        let id = switch.client.client.id.clone();
        let object = format!("client:{id}");
        let event = self.event(person.actor(), switch.action, object, &switch.detail);
        let letter = switch.mail.and_then(|mail| self.letter(mail));
        let (client, mode) = (switch.client, switch.mode);
        let written = self
            .env
            .store
            .write::<_, Error, _>(move |tx| {
                Box::pin(async move {
                    if advance_client(tx, &client).await? == Advanced::No {
                        return Ok(Advanced::No);
                    }
                    let id = &client.client.id;
                    if mode == Some(SuspendMode::End) {
                        advance_consents_ended_of_client(tx, id, EndReason::Bank, now).await?;
                        let why = RevokeReason::ClientSuspended;
                        advance_families_revoked_of_client(tx, id, why, now).await?;
                        advance_access_tokens_revoked_of_client(tx, id, now).await?;
                    }
                    if let Some(letter) = &letter {
                        insert_mail(tx, letter).await?;
                    }
                    insert_audit_event(tx, &event).await?;
                    Ok(Advanced::Yes)
                })
            })
            .await?;
        // Every token of a client rests on it: none is answered from memory any more.
        self.env.caches.changed(Thing::Client(&id));
        Ok(written)
    }
}
