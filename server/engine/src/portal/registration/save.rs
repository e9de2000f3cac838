//! A task is saved: all of its form, or nothing.

use protocol::{
    form::RawForm,
    ids::AppId,
    registration::{Field, Registration, Task, domain_proof::ProofToken, review::Stage},
};
use serde_json::json;
use store::{
    Advanced, Tx,
    audit::{AuditRecord, insert_audit_event},
    registrations::{
        RegistrationRecord, advance_registration, find_registration, insert_registration,
    },
    review_cases::find_newest_case,
};

use super::{SETUP_FORM, form_of, mark};
use crate::{
    Engine,
    error::Error,
    portal::{
        form::{Flash, SEND_AGAIN, Typed},
        place::Place,
        session::{PortalAnswer, PortalVisit},
        wall::{Member, Refusal},
    },
};

/// How often a save begins again because a colleague saved another task at the same moment.
const TRIES: u32 = 4;

/// The form of a task as it was sent.
#[derive(Clone, Debug)]
pub struct SentTask {
    /// What ties it to the browser.
    pub form_token: String,
    /// Which task.
    pub task: Task,
    /// [`TaskView::seen`](super::TaskView::seen) of the page that it was on.
    pub seen: String,
    /// Not to be saved: the person wants one more row.
    pub add_row: bool,
    /// The fields.
    pub form: RawForm,
}

/// What was filled in, for the page that is shown again.
fn typed(app: &AppId, task: Task, form: &RawForm) -> Typed {
    let begun = Typed::default().with("app", app.as_str());
    task.fields().fold(begun, |typed, field: Field| {
        let name = field.as_str();
        if field.repeats() {
            typed.with_rows(name, form.many(name))
        } else {
            typed.with(name, form.many(name).next().unwrap_or_default())
        }
    })
}

/// How an attempt to write ended.
enum Written {
    Yes(Box<RegistrationRecord>),
    /// A colleague saved something at the same moment.
    Overtaken,
    /// The bank looks at it meanwhile.
    Locked,
}

impl Engine {
    /// The person saves a task.
    pub async fn save_task(
        &self,
        visit: &PortalVisit,
        app: &AppId,
        sent: SentTask,
    ) -> PortalAnswer {
        let tried = self.try_save_task(visit, app, sent).await;
        self.portal_answer(visit, tried)
    }

    async fn try_save_task(
        &self,
        visit: &PortalVisit,
        app: &AppId,
        sent: SentTask,
    ) -> Result<PortalAnswer, Refusal> {
        let (task, form) = (sent.task, form_of(sent.task));
        let page = Place::Task(app.clone(), task);
        let member = self.editor(visit, app, &page).await?;
        let typed = typed(app, task, &sent.form);
        let again = |word: &str, typed| {
            let flash = Flash::note(form, word, typed);
            Ok(self.leave(visit, &page, flash))
        };
        if !self.is_portal_form(visit, form, &sent.form_token) {
            return again(SEND_AGAIN, typed);
        }
        if sent.add_row {
            let repeating = task.fields().find(|field| field.repeats());
            let name = repeating.map_or("", Field::as_str);
            let rows = sent.form.many(name).chain([""]);
            let flash = Flash::faulty(form, typed.with_rows(name, rows), Vec::new());
            return Ok(self.leave(visit, &page, flash));
        }
        for _ in 0..TRIES {
            let record = self.registration_of(&member).await?;
            let mut filled_in = record.registration.clone();
            if let Err(faults) = filled_in.save(task, &sent.form) {
                let flash = Flash::faulty(form, typed, faults.faults);
                return Ok(self.leave(visit, &page, flash));
            }
            if filled_in == record.registration {
                return Ok(self.saved(visit, app, task));
            }
            if mark(&record.registration, task) != sent.seen {
                return again("register-conflict", typed);
            }
            match self.write_task(&member, task, record, filled_in).await? {
                Written::Yes(record) => {
                    self.plan_registration_checks(&member.app, &record).await?;
                    return Ok(self.saved(visit, app, task));
                }
                Written::Locked => return again("register-locked", typed),
                Written::Overtaken => {}
            }
        }
        again("changed-meanwhile", typed)
    }

    /// Where somebody goes on who saved a task: the website's page shows what is to be published.
    fn saved(&self, visit: &PortalVisit, app: &AppId, task: Task) -> PortalAnswer {
        let (page, form) = match task {
            Task::Website => (Place::Task(app.clone(), task), form_of(task)),
            _ => (Place::Setup(app.clone()), SETUP_FORM),
        };
        let flash = Flash::note(form, "register-saved", Typed::default());
        self.leave(visit, &page, flash)
    }

    /// The registration of an app; an empty one, not written yet, when nothing was filled in.
    pub(super) async fn registration_of(
        &self,
        member: &Member,
    ) -> Result<RegistrationRecord, Error> {
        let found = find_registration(self.env.store.reader(), &member.app.id).await?;
        Ok(found.unwrap_or_else(|| RegistrationRecord {
            app_id: member.app.id.clone(),
            registration: Registration::default(),
            proof_token: ProofToken::from_entropy(self.env.bytes()),
            version: 0,
            updated_at: self.env.now(),
            updated_by: member.person.user.id.clone(),
        }))
    }

    async fn write_task(
        &self,
        member: &Member,
        task: Task,
        old: RegistrationRecord,
        filled_in: Registration,
    ) -> Result<Written, Error> {
        // Names of fields only: the trail is read by more people than the values.
        let changed: Vec<Field> = task
            .fields()
            .filter(|field| old.registration.value(*field) != filled_in.value(*field))
            .collect();
        let event = self.event(
            member.person.actor(),
            "registration.saved",
            format!("app:{}", member.app.id),
            &json!({ "task": task, "fields": changed }),
        );
        let new = RegistrationRecord {
            registration: filled_in,
            updated_at: self.env.now(),
            updated_by: member.person.user.id.clone(),
            ..old
        };
        self.env
            .store
            .write(move |tx| Box::pin(async move { write(tx, new, &event).await }))
            .await
    }
}

/// Writes what was filled in, unless somebody was faster.
async fn write(tx: &Tx, new: RegistrationRecord, event: &AuditRecord) -> Result<Written, Error> {
    let case = find_newest_case(tx, &new.app_id).await?;
    if case.is_some_and(|case| matches!(case.stage, Stage::Sent { .. })) {
        return Ok(Written::Locked);
    }
    let mut advanced = advance_registration(tx, &new).await?;
    if advanced == Advanced::No {
        advanced = insert_registration(tx, &new).await?;
    }
    if advanced == Advanced::No {
        return Ok(Written::Overtaken);
    }
    insert_audit_event(tx, event).await?;
    Ok(Written::Yes(Box::new(new)))
}
