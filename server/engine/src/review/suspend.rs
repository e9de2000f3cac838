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
    apps::{AppRecord, find_app_of_client},
    audit::insert_audit_event,
    clients::{ClientRecord, advance_client, find_client},
    consents::{EndReason, advance_consents_ended_of_client},
    families::{RevokeReason, advance_families_revoked_of_client},
    holdings::count_holdings,
    outbox::{MailRecord, insert_mail},
    teams::{find_membership, find_memberships_of_team},
    users::{UserRecord, find_users},
};

use super::suspension::{RESUMED, SUSPENDED, Said};
use crate::{
    Engine,
    caches::Thing,
    error::{Error, Result},
    mails::{Mail, review as letters},
    portal::{Complaint, Flash, Person, Place, PortalAnswer, PortalVisit, Refusal, Typed},
};

/// Name of the form that switches off.
const SUSPEND: &str = "suspend";

/// Name of the form that switches on.
const RESUME: &str = "resume";

/// The page of the client, where it says what was done.
const CLIENT: &str = "client";

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

/// What was sent to resume a client.
#[derive(Clone, Debug, Default)]
pub struct ResumeForm {
    /// The version of the client that the page showed.
    pub version: u32,
    /// Why, in words.
    pub reason: String,
    /// A code, when the last one is too long ago.
    pub code: String,
}

/// An admin in front of a client.
pub(super) struct AtClient {
    /// Who.
    pub person: Person,
    /// The client.
    pub record: ClientRecord,
    /// Its app; a client that an operator registered has none.
    pub app: Option<AppRecord>,
    /// Whether it is of an app whose team the admin belongs to.
    pub is_own: bool,
}

/// What is to be written.
struct Switch {
    client: ClientRecord,
    mode: Option<SuspendMode>,
    action: &'static str,
    detail: Value,
    letters: Vec<MailRecord>,
}

impl Engine {
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
        let page = Place::SuspendClient(client.clone());
        let at = self.at_client(visit, client, &page).await?;
        let typed = Typed::default()
            .with("mode", &form.mode)
            .with("why", &form.why)
            .with("reason", &form.reason)
            .with("name", &form.name);
        if !self.is_portal_form(visit, SUSPEND, form_token) {
            return Ok(self.send_again(visit, &page, SUSPEND, typed));
        }
        let again = |visit: &PortalVisit, complaints: Vec<Complaint>| {
            self.mend(visit, &page, SUSPEND, typed.clone(), complaints)
        };
        if let Some(complaint) = at.in_the_way(form.version, ClientStatus::Active) {
            return Ok(again(visit, vec![complaint]));
        }
        let parsed = (
            form.mode.parse::<SuspendMode>(),
            form.why.parse::<SuspendCode>(),
            Reason::parse(&form.reason),
        );
        let mut complaints = Vec::new();
        if parsed.0.is_err() {
            complaints.push(Complaint::about("mode", "suspend-mode-missing"));
        }
        if parsed.1.is_err() {
            complaints.push(Complaint::about("why", "suspend-why-missing"));
        }
        if parsed.2.is_err() {
            complaints.push(Complaint::about("reason", "reason-length"));
        }
        if form.name.trim() != at.record.client.name {
            complaints.push(Complaint::about("name", "app-name-differs"));
        }
        // Whoever has to write something else is not asked for a code yet: each works once.
        let (Ok(mode), Ok(code), Ok(reason), true) =
            (parsed.0, parsed.1, parsed.2, complaints.is_empty())
        else {
            return Ok(again(visit, complaints));
        };
        let proven = match self.prove_in_form(visit, &at.person, &form.code).await? {
            Ok(proven) => proven,
            Err(complaint) => return Ok(again(visit, vec![complaint])),
        };
        let now = self.env.now();
        let held = count_holdings(self.env.store.reader(), client, now).await?;
        let mut record = at.record;
        let letters = self
            .letters_about(&record, at.app.as_ref(), |user, page| {
                letters::suspended(user, &record.client, mode, &reason, page)
            })
            .await?;
        record.client.status = ClientStatus::Suspended;
        let said = Said {
            mode: Some(mode),
            code: Some(code),
            reason: Some(reason.as_str().to_owned()),
            people: held.people,
            permissions: held.permissions,
        };
        let switch = Switch {
            client: record,
            mode: Some(mode),
            action: SUSPENDED,
            detail: json!(said),
            letters,
        };
        let answer = match self.switch(&at.person, switch).await? {
            Advanced::Yes => {
                let flash = Flash::note(CLIENT, "client-suspended", Typed::default());
                self.leave(&proven.visit, &Place::Client(client.clone()), flash)
            }
            Advanced::No => again(&proven.visit, vec![changed()]),
        };
        Ok(proven.carry(answer))
    }

    /// The admin switches a client on again.
    pub async fn resume_app(
        &self,
        visit: &PortalVisit,
        form_token: &str,
        client: &ClientId,
        form: ResumeForm,
    ) -> PortalAnswer {
        let tried = self.try_resume(visit, form_token, client, &form).await;
        self.portal_answer(visit, tried)
    }

    async fn try_resume(
        &self,
        visit: &PortalVisit,
        form_token: &str,
        client: &ClientId,
        form: &ResumeForm,
    ) -> Result<PortalAnswer, Refusal> {
        let page = Place::ResumeClient(client.clone());
        let at = self.at_client(visit, client, &page).await?;
        let typed = Typed::default().with("reason", &form.reason);
        if !self.is_portal_form(visit, RESUME, form_token) {
            return Ok(self.send_again(visit, &page, RESUME, typed));
        }
        let again = |visit: &PortalVisit, complaint: Complaint| {
            self.mend(visit, &page, RESUME, typed.clone(), vec![complaint])
        };
        if let Some(complaint) = at.in_the_way(form.version, ClientStatus::Suspended) {
            return Ok(again(visit, complaint));
        }
        let Ok(reason) = Reason::parse(&form.reason) else {
            return Ok(again(visit, Complaint::about("reason", "reason-length")));
        };
        let proven = match self.prove_in_form(visit, &at.person, &form.code).await? {
            Ok(proven) => proven,
            Err(complaint) => return Ok(again(visit, complaint)),
        };
        let mut record = at.record;
        let letters = self
            .letters_about(&record, at.app.as_ref(), |user, page| {
                letters::resumed(user, &record.client, &reason, page)
            })
            .await?;
        record.client.status = ClientStatus::Active;
        let switch = Switch {
            client: record,
            mode: None,
            action: RESUMED,
            detail: json!({ "reason": reason.as_str() }),
            letters,
        };
        let answer = match self.switch(&at.person, switch).await? {
            Advanced::Yes => {
                let flash = Flash::note(CLIENT, "client-resumed", Typed::default());
                self.leave(&proven.visit, &Place::Client(client.clone()), flash)
            }
            Advanced::No => again(&proven.visit, changed()),
        };
        Ok(proven.carry(answer))
    }

    /// The admin in front of a client. For everybody else there is no client.
    pub(super) async fn at_client(
        &self,
        visit: &PortalVisit,
        client: &ClientId,
        here: &Place,
    ) -> Result<AtClient, Refusal> {
        let person = self.admin(visit, here).await?;
        let reader = self.env.store.reader();
        let Some(record) = find_client(reader, client).await? else {
            return Err(Refusal::NotFound);
        };
        let app = find_app_of_client(reader, client).await?;
        let is_own = match &app {
            Some(app) => {
                let membership = find_membership(reader, &app.team_id, &person.user.id).await?;
                membership.is_some()
            }
            None => record.owner.as_ref() == Some(&person.user.id),
        };
        Ok(AtClient {
            person,
            record,
            app,
            is_own,
        })
    }

    /// A letter to everybody in the team of a client; to its owner, when it has no app. `write` is given
    /// the address of the app's page.
    async fn letters_about(
        &self,
        client: &ClientRecord,
        app: Option<&AppRecord>,
        write: impl Fn(&UserRecord, Option<&str>) -> Mail,
    ) -> Result<Vec<MailRecord>> {
        let reader = self.env.store.reader();
        let people = match app {
            Some(app) => {
                let members = find_memberships_of_team(reader, &app.team_id).await?;
                find_users(reader, members.iter().map(|member| &member.user_id)).await?
            }
            None => find_users(reader, &client.owner).await?,
        };
        let page = app.map(|app| self.address_of(&Place::App(app.id.clone())));
        let letters = people.iter().map(|user| write(user, page.as_deref()));
        Ok(letters.filter_map(|mail| self.letter(mail)).collect())
    }

    /// Writes the new status with all that follows, and tells the caches.
    async fn switch(&self, person: &Person, switch: Switch) -> Result<Advanced> {
        let now = self.env.now();
        let id = switch.client.client.id.clone();
        let object = format!("client:{id}");
        let event = self.event(person.actor(), switch.action, object, &switch.detail);
        let Switch {
            client,
            mode,
            letters,
            ..
        } = switch;
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
                    for letter in &letters {
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

impl AtClient {
    /// Why this admin cannot act on the client, which is to be in this state: somebody was faster, the
    /// form comes a second time, or it is their own app.
    fn in_the_way(&self, version: u32, due: ClientStatus) -> Option<Complaint> {
        if self.record.version != version || self.record.client.status != due {
            return Some(changed());
        }
        self.is_own
            .then(|| Complaint::general(NotTaken::OwnApp.as_str()))
    }
}

fn changed() -> Complaint {
    Complaint::general("client-changed")
}
