//! The apps that have a person's permission: what the pages show, and the form that stops one.

use axum::response::Response;
use engine::portal::{ConnectedView, Refusal, StopView};
use leptos::prelude::*;
use protocol::ids::ConsentId;

use super::{
    Form,
    portal::{answered, visited},
};
use crate::{components::Visitor, problem::Problem};

/// All of them (U6).
pub async fn connected() -> Result<(Visitor, ConnectedView), Refusal> {
    let (engine, visit) = visited();
    let (person, view) = engine.connected_view(&visit).await?;
    Ok((Visitor::of(&person), view))
}

/// The question before one is stopped (U8).
pub async fn stopping(id: ConsentId) -> Result<(Visitor, StopView), Refusal> {
    let (engine, visit) = visited();
    let (person, view) = engine.stop_view(&visit, &id).await?;
    Ok((Visitor::of(&person), view))
}

/// One is stopped.
#[server(prefix = "/api", endpoint = "portal/stop_access", protocol = Form, input_derive = (serde::Deserialize,))]
pub async fn stop_access(form_token: String, consent: ConsentId) -> Result<Response, Problem> {
    let (engine, visit) = visited();
    let answer = engine.stop_access(&visit, &form_token, &consent).await;
    answered(&engine, answer)
}
