//! The request log of an app: what its pages show.

#![expect(
    clippy::too_many_arguments,
    reason = "a server function has one argument for each field of its form"
)]

use axum::response::Response;
use engine::portal::{
    Refusal,
    logs::{LogPage, LogQuery, RequestPage},
};
use leptos::prelude::*;
use protocol::{
    client::Environment,
    ids::{AppId, TraceId},
};
use serde::Deserialize;

use super::{
    Form,
    portal::{answered, visited},
};
use crate::{answer::download, components::Visitor, problem::Problem};

/// A page of the log. An environment that nobody knows has none.
pub async fn log(
    app: AppId,
    environment: Option<Environment>,
    query: LogQuery,
) -> Result<(Visitor, LogPage), Refusal> {
    let (engine, visit) = visited();
    let environment = environment.ok_or(Refusal::NotFound)?;
    let (member, page) = engine.log_page(&visit, &app, environment, query).await?;
    Ok((Visitor::of(&member.person), page))
}

/// One request of an app.
pub async fn request(
    app: AppId,
    environment: Option<Environment>,
    reference: Option<TraceId>,
) -> Result<(Visitor, RequestPage), Refusal> {
    let (engine, visit) = visited();
    let (environment, trace) = environment.zip(reference).ok_or(Refusal::NotFound)?;
    let (member, page) = engine
        .request_page(&visit, &app, environment, trace)
        .await?;
    Ok((Visitor::of(&member.person), page))
}

/// The requests that a filter finds, as a file.
#[server(prefix = "/api", endpoint = "portal/log_export", protocol = Form, input_derive = (Deserialize,))]
pub async fn log_export(
    form_token: String,
    app: AppId,
    environment: Environment,
    #[server(default)] outcome: String,
    #[server(default)] endpoint: String,
    #[server(default)] error: String,
    #[server(default)] reference: String,
    #[server(default)] from: String,
    #[server(default)] until: String,
) -> Result<Response, Problem> {
    let (engine, visit) = visited();
    let query = LogQuery {
        outcome,
        endpoint,
        error,
        reference,
        from,
        until,
        ..LogQuery::default()
    };
    match engine
        .log_export(&visit, &form_token, &app, environment, query)
        .await
    {
        Ok(text) => Ok(download(text, "text/csv; charset=utf-8", "requests.csv")),
        Err(refusal) => answered(&engine, engine.turn_away(&visit, refusal)),
    }
}

/// The way to a request by its reference alone: always elsewhere.
pub async fn by_reference(reference: Option<TraceId>) -> Refusal {
    let (engine, visit) = visited();
    match reference {
        Some(trace) => engine.go_by_reference(&visit, trace).await,
        None => Refusal::NotFound,
    }
}
