//! An app is registered: what its pages show, and their forms.

use axum::response::Response;
use engine::portal::{CheckAnswers, Place, Refusal, ReviewStatus, SentTask, Setup, TaskView};
use leptos::prelude::*;
use protocol::{
    ids::{AppId, CheckId},
    registration::Task,
};
use serde::Deserialize;

use super::{
    Form, TaskFields,
    portal::{answered, visited},
};
use crate::{components::Visitor, problem::Problem};

/// The task list (D6).
pub async fn setup(id: AppId) -> Result<(Visitor, Setup), Refusal> {
    let (engine, visit) = visited();
    let member = engine
        .member(&visit, &id, &Place::Setup(id.clone()))
        .await?;
    let setup = engine.setup_view(&member).await?;
    Ok((Visitor::of(&member.person), setup))
}

/// One task.
pub async fn task(id: AppId, task: String) -> Result<(Visitor, TaskView), Refusal> {
    let (engine, visit) = visited();
    let task: Task = task.parse().map_err(|_| Refusal::NotFound)?;
    let here = Place::Task(id.clone(), task);
    let member = engine.member(&visit, &id, &here).await?;
    let view = engine.task_view(&member, task).await?;
    Ok((Visitor::of(&member.person), view))
}

/// All answers once more.
pub async fn answers(id: AppId) -> Result<(Visitor, CheckAnswers), Refusal> {
    let (engine, visit) = visited();
    let here = Place::CheckAnswers(id.clone());
    let member = engine.member(&visit, &id, &here).await?;
    let answers = engine.check_answers(&member).await?;
    Ok((Visitor::of(&member.person), answers))
}

/// Where the review is (D8).
pub async fn status(id: AppId) -> Result<(Visitor, ReviewStatus), Refusal> {
    let (engine, visit) = visited();
    let member = engine
        .member(&visit, &id, &Place::Review(id.clone()))
        .await?;
    let status = engine.review_status(&member).await?;
    Ok((Visitor::of(&member.person), status))
}

/// What the pressed button of a task is for (field `do`). Without one the task is saved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskDo {
    /// Keep what is filled in.
    #[default]
    Save,
    /// One more row.
    AddRow,
}

/// A task is saved.
#[server(prefix = "/api", endpoint = "portal/save_task", protocol = Form, input_derive = (Deserialize,))]
pub async fn save_task(
    form_token: String,
    app: AppId,
    task: Task,
    seen: String,
    #[server(default)]
    #[server(rename = "do")]
    act: TaskDo,
    #[server(flatten)] fields: TaskFields,
) -> Result<Response, Problem> {
    let (engine, visit) = visited();
    let sent = SentTask {
        form_token,
        task,
        seen,
        add_row: act == TaskDo::AddRow,
        form: fields.0,
    };
    answered(&engine, engine.save_task(&visit, &app, sent).await)
}

/// Another look, now.
#[server(prefix = "/api", endpoint = "portal/check_now", protocol = Form, input_derive = (Deserialize,))]
pub async fn check_now(
    form_token: String,
    app: AppId,
    task: Task,
    check: CheckId,
) -> Result<Response, Problem> {
    let (engine, visit) = visited();
    let answer = engine
        .ask_for_check(&visit, &form_token, &app, task, &check)
        .await;
    answered(&engine, answer)
}

/// Off to the bank.
#[server(prefix = "/api", endpoint = "portal/send_for_review", protocol = Form, input_derive = (Deserialize,))]
pub async fn send_for_review(
    form_token: String,
    app: AppId,
    #[server(default)] truth: Option<String>,
) -> Result<Response, Problem> {
    let (engine, visit) = visited();
    let answer = engine
        .send_registration(&visit, &form_token, &app, truth.is_some())
        .await;
    answered(&engine, answer)
}

/// Taken back, to be changed.
#[server(prefix = "/api", endpoint = "portal/withdraw", protocol = Form, input_derive = (Deserialize,))]
pub async fn withdraw(form_token: String, app: AppId) -> Result<Response, Problem> {
    let (engine, visit) = visited();
    let answer = engine
        .withdraw_registration(&visit, &form_token, &app)
        .await;
    answered(&engine, answer)
}
