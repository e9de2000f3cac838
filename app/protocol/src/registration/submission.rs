//! A registration while it is filled in, and a complete one as it was sent.

use serde::{Deserialize, Serialize};

use super::{
    Business, Callbacks, Field, Look, Permissions, Purpose, Task, Website, faults::Faults,
};
use crate::{
    client::{ClientProfile, DialectName, GrantType},
    form::RawForm,
    redirect_uri::RegisteredRedirectUri,
    scope::Scope,
    time::Timestamp,
};

/// A registration: the tasks that are complete so far.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Registration {
    /// Who runs the app.
    pub business: Option<Business>,
    /// What it is for.
    pub purpose: Option<Purpose>,
    /// Where people find it.
    pub website: Option<Website>,
    /// What it may ask for.
    pub permissions: Option<Permissions>,
    /// How people see it.
    pub look: Option<Look>,
    /// How it asks for tokens, and where people are sent back to.
    pub callbacks: Option<Callbacks>,
}

/// A complete registration, as a reviewer sees it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Submission {
    /// Who runs the app.
    pub business: Business,
    /// What it is for.
    pub purpose: Purpose,
    /// Where people find it.
    pub website: Website,
    /// What it may ask for.
    pub permissions: Permissions,
    /// How people see it.
    pub look: Look,
    /// How it asks for tokens, and where people are sent back to.
    pub callbacks: Callbacks,
}

/// One filled-in field.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct FieldValue {
    /// The task whose form has it.
    pub task: Task,
    /// The field.
    pub field: Field,
    /// Its value; the rows of a field that repeats, one a line.
    pub value: String,
}

/// One field that differs between two submissions.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct FieldChange {
    /// The field.
    pub field: Field,
    /// What it was; `None` when it was empty.
    pub before: Option<String>,
    /// What it is; `None` when it is empty.
    pub after: Option<String>,
}

/// What approval makes of a submission.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ClientParts {
    /// The name that people see.
    pub name: String,
    /// Where people may be sent back to.
    pub redirect_uris: Vec<RegisteredRedirectUri>,
    /// What the app may ask for.
    pub scope: Scope,
    /// The ways of speaking it may use.
    pub dialects: Vec<DialectName>,
    /// The grants it may use.
    pub grants: Vec<GrantType>,
    /// Who runs it.
    pub profile: ClientProfile,
}

/// A scope that is empty or holds more than was asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("an approved scope holds at least one permission and only such as were asked for")]
pub struct ScopeWidened;

impl Registration {
    /// Saves one task from its form; a form with faults leaves the registration as it was.
    pub fn save(&mut self, task: Task, form: &RawForm) -> Result<(), Faults> {
        match task {
            Task::Business => self.business = Some(Business::parse(form)?),
            Task::Purpose => self.purpose = Some(Purpose::parse(form)?),
            Task::Website => self.website = Some(Website::parse(form)?),
            Task::Permissions => self.permissions = Some(Permissions::parse(form)?),
            Task::Look => self.look = Some(Look::parse(form)?),
            Task::Callbacks => self.callbacks = Some(Callbacks::parse(form)?),
        }
        Ok(())
    }

    /// Whether the task is complete.
    pub const fn has(&self, task: Task) -> bool {
        match task {
            Task::Business => self.business.is_some(),
            Task::Purpose => self.purpose.is_some(),
            Task::Website => self.website.is_some(),
            Task::Permissions => self.permissions.is_some(),
            Task::Look => self.look.is_some(),
            Task::Callbacks => self.callbacks.is_some(),
        }
    }

    /// The tasks that are not complete, in the order of the task list.
    pub fn missing(&self) -> Vec<Task> {
        let tasks = Task::ALL.iter().copied();
        tasks.filter(|task| !self.has(*task)).collect()
    }

    /// The complete registration; `None` while a task is missing.
    pub fn submission(&self) -> Option<Submission> {
        Some(Submission {
            business: self.business.clone()?,
            purpose: self.purpose.clone()?,
            website: self.website.clone()?,
            permissions: self.permissions.clone()?,
            look: self.look.clone()?,
            callbacks: self.callbacks.clone()?,
        })
    }

    /// The filled-in fields in the order of the pages, to fill the forms again.
    pub fn fields(&self) -> Vec<FieldValue> {
        let all = Field::ALL.iter().copied();
        all.filter_map(|field| {
            let value = self.value(field)?;
            let task = field.task();
            Some(FieldValue { task, field, value })
        })
        .collect()
    }

    /// The value of a field; the rows of a field that repeats, one a line.
    pub fn value(&self, field: Field) -> Option<String> {
        match field.task() {
            Task::Business => self.business.as_ref()?.value(field),
            Task::Purpose => self.purpose.as_ref()?.value(field),
            Task::Website => self.website.as_ref()?.value(field),
            Task::Permissions => self.permissions.as_ref()?.value(field),
            Task::Look => self.look.as_ref()?.value(field),
            Task::Callbacks => self.callbacks.as_ref()?.value(field),
        }
    }
}

impl FieldValue {
    /// The rows of a field that repeats; one row for any other.
    pub fn rows(&self) -> impl Iterator<Item = &str> {
        let rows = if self.field.repeats() { usize::MAX } else { 1 };
        self.value.splitn(rows, '\n')
    }
}

impl From<Submission> for Registration {
    /// To go on from what was sent.
    fn from(submission: Submission) -> Self {
        Self {
            business: Some(submission.business),
            purpose: Some(submission.purpose),
            website: Some(submission.website),
            permissions: Some(submission.permissions),
            look: Some(submission.look),
            callbacks: Some(submission.callbacks),
        }
    }
}

impl Submission {
    /// The value of a field; the rows of a field that repeats, one a line.
    pub fn value(&self, field: Field) -> Option<String> {
        match field.task() {
            Task::Business => self.business.value(field),
            Task::Purpose => self.purpose.value(field),
            Task::Website => self.website.value(field),
            Task::Permissions => self.permissions.value(field),
            Task::Look => self.look.value(field),
            Task::Callbacks => self.callbacks.value(field),
        }
    }

    /// The filled-in fields in the order of the pages, for the case page.
    pub fn fields(&self) -> Vec<FieldValue> {
        let all = Field::ALL.iter().copied();
        all.filter_map(|field| {
            let value = self.value(field)?;
            let task = field.task();
            Some(FieldValue { task, field, value })
        })
        .collect()
    }

    /// What the live client gets when an admin approves with this scope, which may be narrower than
    /// what was asked for and never wider.
    pub fn approved_client_parts(
        &self,
        scope: Scope,
        now: Timestamp,
    ) -> Result<ClientParts, ScopeWidened> {
        if scope.is_empty() || !scope.is_within(&self.permissions.scope) {
            return Err(ScopeWidened);
        }
        Ok(ClientParts {
            name: self.look.app_name.clone(),
            redirect_uris: self.callbacks.redirect_uris.clone(),
            scope,
            dialects: self.callbacks.dialects(),
            grants: self.callbacks.grants(),
            profile: ClientProfile {
                legal_name: self.business.organization.clone(),
                registration_number: self.business.reg_no.clone(),
                licence: self.business.licence_in_words(),
                licensed: self.business.licence.clone(),
                domain: self.website.domain(),
                homepage: self.website.website.to_string(),
                purpose: self.purpose.sentences.clone(),
                reviewed_at: Some(now),
            },
        })
    }
}

/// The fields that differ, in the order of the pages.
pub fn difference(before: &Submission, after: &Submission) -> Vec<FieldChange> {
    let all = Field::ALL.iter().copied();
    let change = |field| FieldChange {
        field,
        before: before.value(field),
        after: after.value(field),
    };
    all.map(change)
        .filter(|change| change.before != change.after)
        .collect()
}
