//! The pages of a registration, put together.

use protocol::registration::Task;
use store::{
    registrations::{RegistrationRecord, find_registration},
    users::find_user,
};

use super::{
    mark,
    views::{CheckAnswers, ProofRecord, ReviewStatus, Saved, Setup, TaskRow, TaskView},
};
use crate::{Engine, error::Result, portal::wall::Member};

impl Engine {
    /// The task list.
    ///
    /// # Errors
    /// When storage failed.
    pub async fn setup_view(&self, member: &Member) -> Result<Setup> {
        let record = self.registration_of(member).await?;
        let case = self.case_for_team(&member.app.id).await?;
        let row = |task: &Task| TaskRow {
            task: *task,
            state: case.state_of(&record.registration, *task),
        };
        Ok(Setup {
            app: member.app.id.clone(),
            name: member.app.name.clone(),
            tasks: Task::ALL.iter().map(row).collect(),
            saved: self.last_saved(member).await?,
            stage: case.stage,
            may_change: member.may_change(),
        })
    }

    /// One task with its form.
    ///
    /// # Errors
    /// When storage failed.
    pub async fn task_view(&self, member: &Member, task: Task) -> Result<TaskView> {
        let record = self.registration_of(member).await?;
        let case = self.case_for_team(&member.app.id).await?;
        let changes = case.changes(&record.registration).into_iter();
        let of_task = changes.filter(|(field, _, _)| field.task() == task);
        let business = record.registration.business.as_ref();
        Ok(TaskView {
            app: member.app.id.clone(),
            name: member.app.name.clone(),
            task,
            state: case.state_of(&record.registration, task),
            seen: mark(&record.registration, task),
            saved: self.last_saved(member).await?,
            changes: of_task.map(|(field, change, _)| (field, change)).collect(),
            checks: self.check_rows(&member.app.id, Some(task)).await?,
            proof: ProofRecord::of(&record).filter(|_| task == Task::Website),
            licence: business.map_or(protocol::registration::LicenceKind::None, |business| {
                business.licence_kind()
            }),
            may_change: member.may_change(),
            registration: record.registration,
        })
    }

    /// All answers once more, before they are sent.
    ///
    /// # Errors
    /// When storage failed.
    pub async fn check_answers(&self, member: &Member) -> Result<CheckAnswers> {
        let record = self.registration_of(member).await?;
        let case = self.case_for_team(&member.app.id).await?;
        let changes = case.changes(&record.registration).into_iter();
        Ok(CheckAnswers {
            app: member.app.id.clone(),
            name: member.app.name.clone(),
            answers: record.registration.fields(),
            missing: record.registration.missing(),
            open_changes: changes
                .filter(|(_, _, made)| !made)
                .map(|(field, _, _)| field)
                .collect(),
            checks: self.check_rows(&member.app.id, None).await?,
            median_days: self.median_review_days().await?,
            may_change: member.may_change(),
            stage: case.stage,
        })
    }

    /// Where the review of an app is.
    ///
    /// # Errors
    /// When storage failed.
    pub async fn review_status(&self, member: &Member) -> Result<ReviewStatus> {
        let record = self.registration_of(member).await?;
        let case = self.case_for_team(&member.app.id).await?;
        let checks = self.check_rows(&member.app.id, None).await?;
        let green = checks.iter().filter(|check| check.outcome.is_green());
        Ok(ReviewStatus {
            app: member.app.id.clone(),
            name: member.app.name.clone(),
            green: (green.count(), checks.len()),
            changes: case.changes(&record.registration),
            sent_at: case.sent_at,
            stage: case.stage,
            median_days: self.median_review_days().await?,
            is_live: member.app.live_client.is_some(),
            may_change: member.may_change(),
        })
    }

    /// Who saved something last, if anybody did.
    async fn last_saved(&self, member: &Member) -> Result<Option<Saved>> {
        let reader = self.env.store.reader();
        let Some(RegistrationRecord {
            updated_at,
            updated_by,
            ..
        }) = find_registration(reader, &member.app.id).await?
        else {
            return Ok(None);
        };
        let user = find_user(reader, &updated_by).await?;
        Ok(Some(Saved {
            at: updated_at,
            by: user.map(|user| user.display_name).unwrap_or_default(),
        }))
    }
}
