//! The request log of an app: what its pages show.

use engine::portal::{
    Refusal,
    logs::{LogPage, LogQuery, RequestPage},
};
use protocol::{
    client::Environment,
    ids::{AppId, TraceId},
};

use super::portal::visited;
use crate::components::Visitor;

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

/// The way to a request by its reference alone: always elsewhere.
pub async fn by_reference(reference: Option<TraceId>) -> Refusal {
    let (engine, visit) = visited();
    match reference {
        Some(trace) => engine.go_by_reference(&visit, trace).await,
        None => Refusal::NotFound,
    }
}
