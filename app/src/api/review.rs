//! The review desk: its forms.

#![expect(
    clippy::too_many_arguments,
    reason = "a server function has one argument for each field of its form"
)]

use axum::response::Response;
use engine::{
    portal::{Place, Refusal},
    review::{
        CaseAct, CaseFilter, CaseLine, CaseView, DecisionForm, FieldForm, OverrideForm, SuspendForm,
    },
};
use leptos::prelude::*;
use protocol::ids::{CaseId, ClientId};
use serde::Deserialize;

use super::{
    Form, SecretField,
    portal::{answered, visited},
};
use crate::{components::Visitor, problem::Problem};

/// Cases on one page.
const PAGE: u64 = 25;

/// One page of the queue.
#[derive(Clone, Debug)]
pub struct Queue {
    /// `mine`, `waiting` or `all`.
    pub tab: &'static str,
    /// The cases, oldest first.
    pub lines: Vec<CaseLine>,
    /// Where the next page begins.
    pub next: Option<String>,
}

/// The queue, as its address asks for it.
pub async fn queue(tab: String, after: String) -> Result<(Visitor, Queue), Refusal> {
    let (engine, visit) = visited();
    let person = engine.admin(&visit, &Place::Queue).await?;
    let (tab, filter) = match tab.as_str() {
        "waiting" => ("waiting", CaseFilter::waiting()),
        "all" => ("all", CaseFilter::default()),
        _ => ("mine", CaseFilter::needs(&person.user.id)),
    };
    let (lines, next) = engine.queue_page(&filter, &after, PAGE).await?;
    Ok((Visitor::of(&person), Queue { tab, lines, next }))
}

/// A case, for its page and for the page of its decision.
pub async fn case(id: CaseId, here: Place) -> Result<(Visitor, CaseView), Refusal> {
    let (engine, visit) = visited();
    let view = engine.case_view(&visit, &id, &here).await?;
    Ok((Visitor::of(&view.person), view))
}

/// What the pressed button does with a case (field `do`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Do {
    /// Begin to work on it.
    Claim,
    /// Take it over from another admin.
    TakeOver,
    /// Leave it to others.
    Release,
}

/// Claim a case, take it over, leave it (A1, A2).
#[server(prefix = "/api", endpoint = "admin/case", protocol = Form, input_derive = (Deserialize,))]
pub async fn act_on_case(
    form_token: String,
    case: CaseId,
    version: u32,
    #[server(rename = "do")] act: Do,
) -> Result<Response, Problem> {
    let (engine, visit) = visited();
    let act = match act {
        Do::Claim => CaseAct::Claim,
        Do::TakeOver => CaseAct::TakeOver,
        Do::Release => CaseAct::Release,
    };
    let answer = engine.act_on_case(&visit, &form_token, &case, version, act);
    answered(&engine, answer.await)
}

/// A word on a field: fine, or what is to change (A2).
#[server(prefix = "/api", endpoint = "admin/field", protocol = Form, input_derive = (Deserialize,))]
pub async fn judge_field(
    form_token: String,
    case: CaseId,
    version: u32,
    field: String,
    verdict: String,
    #[server(default)] code: String,
    #[server(default)] words: String,
    #[server(default)] example: String,
) -> Result<Response, Problem> {
    let (engine, visit) = visited();
    let form = FieldForm {
        version,
        field,
        change: verdict == "change",
        code,
        words,
        example,
    };
    let answer = engine.judge_field(&visit, &form_token, &case, form).await;
    answered(&engine, answer)
}

/// A note for other admins (A2).
#[server(prefix = "/api", endpoint = "admin/note", protocol = Form, input_derive = (Deserialize,))]
pub async fn note_on_case(
    form_token: String,
    case: CaseId,
    #[server(default)] note: String,
) -> Result<Response, Problem> {
    let (engine, visit) = visited();
    let answer = engine.note_on_case(&visit, &form_token, &case, &note).await;
    answered(&engine, answer)
}

/// Responsibility for a check that is not green (A2).
#[server(prefix = "/api", endpoint = "admin/override", protocol = Form, input_derive = (Deserialize,))]
pub async fn override_check(
    form_token: String,
    case: CaseId,
    version: u32,
    kind: String,
    #[server(default)] reason: String,
    #[server(default)] code: SecretField,
) -> Result<Response, Problem> {
    let (engine, visit) = visited();
    let form = OverrideForm {
        version,
        kind,
        reason,
        code: code.expose().to_owned(),
    };
    let answer = engine
        .override_check(&visit, &form_token, &case, form)
        .await;
    answered(&engine, answer)
}

/// The decision on a case (A3).
#[server(prefix = "/api", endpoint = "admin/decide", protocol = Form, input_derive = (Deserialize,))]
pub async fn decide_case(
    form_token: String,
    case: CaseId,
    version: u32,
    #[server(default)] decision: String,
    #[server(default)] scope: Vec<String>,
    #[server(default)] codes: Vec<String>,
    #[server(default)] reason: String,
    #[server(default)] code: SecretField,
) -> Result<Response, Problem> {
    let (engine, visit) = visited();
    let form = DecisionForm {
        version,
        decision,
        scopes: scope,
        codes,
        reason,
        code: code.expose().to_owned(),
    };
    let answer = engine.decide_case(&visit, &form_token, &case, form).await;
    answered(&engine, answer)
}

/// An app is switched off (A5).
#[server(prefix = "/api", endpoint = "admin/suspend", protocol = Form, input_derive = (Deserialize,))]
pub async fn suspend_app(
    form_token: String,
    client: ClientId,
    version: u32,
    #[server(default)] mode: String,
    #[server(default)] why: String,
    #[server(default)] reason: String,
    #[server(default)] name: String,
    #[server(default)] code: SecretField,
) -> Result<Response, Problem> {
    let (engine, visit) = visited();
    let form = SuspendForm {
        version,
        mode,
        why,
        reason,
        name,
        code: code.expose().to_owned(),
    };
    let answer = engine.suspend_app(&visit, &form_token, &client, form).await;
    answered(&engine, answer)
}

/// An app is switched on again (A5).
#[server(prefix = "/api", endpoint = "admin/resume", protocol = Form, input_derive = (Deserialize,))]
pub async fn resume_app(
    form_token: String,
    client: ClientId,
    version: u32,
    #[server(default)] reason: String,
    #[server(default)] code: SecretField,
) -> Result<Response, Problem> {
    let (engine, visit) = visited();
    let form = engine::review::ResumeForm {
        version,
        reason,
        code: code.expose().to_owned(),
    };
    let answer = engine.resume_app(&visit, &form_token, &client, form).await;
    answered(&engine, answer)
}
