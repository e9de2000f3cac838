//! The playground: what its page shows, and its forms.

use std::sync::Arc;

use axum::response::Response;
use engine::portal::{
    Refusal,
    playground::{Api, Caller, Came, Fault, PlaygroundView},
};
use leptos::prelude::*;
use protocol::ids::AppId;
use serde::Deserialize;

use super::{
    Form, SecretField,
    portal::{answered, visited},
};
use crate::{components::Visitor, problem::Problem};

/// Who sends the requests of the playground; provided to every form.
pub type SharedCaller = Arc<dyn Caller>;

/// The page.
pub async fn page(app: AppId) -> Result<(Visitor, PlaygroundView), Refusal> {
    let (engine, visit) = visited();
    let (member, view) = engine.playground(&visit, &app).await?;
    Ok((Visitor::of(&member.person), view))
}

/// What came back from the pages: always elsewhere.
pub async fn callback(came: Came) -> Refusal {
    let (engine, visit) = visited();
    engine.playground_callback(&visit, came).await
}

/// A new run.
#[server(prefix = "/api", endpoint = "portal/playground_begin", protocol = Form, input_derive = (Deserialize,))]
pub async fn playground_begin(
    form_token: String,
    app: AppId,
    #[server(default)] scope: String,
    #[server(default)] fault: Fault,
) -> Result<Response, Problem> {
    let (engine, visit) = visited();
    let answer = engine
        .playground_begin(&visit, &form_token, &app, &scope, fault)
        .await;
    answered(&engine, answer)
}

/// The code for a token.
#[server(prefix = "/api", endpoint = "portal/playground_exchange", protocol = Form, input_derive = (Deserialize,))]
pub async fn playground_exchange(
    form_token: String,
    app: AppId,
    #[server(default)] secret: SecretField,
) -> Result<Response, Problem> {
    let (engine, visit) = visited();
    let caller = expect_context::<SharedCaller>();
    let answer = engine
        .playground_exchange(&visit, &*caller, &form_token, &app, secret.expose())
        .await;
    answered(&engine, answer)
}

/// A call of an API.
#[server(prefix = "/api", endpoint = "portal/playground_call", protocol = Form, input_derive = (Deserialize,))]
pub async fn playground_call(
    form_token: String,
    app: AppId,
    api: Api,
) -> Result<Response, Problem> {
    let (engine, visit) = visited();
    let caller = expect_context::<SharedCaller>();
    let answer = engine
        .playground_call(&visit, &*caller, &form_token, &app, api)
        .await;
    answered(&engine, answer)
}
