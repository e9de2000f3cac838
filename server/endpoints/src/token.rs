//! The token doors: POST `/oauth/token` (RFC 6749 §3.2) and those of the other dialects.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use protocol::{
    dialects::{self, token_door},
    trail::Endpoint,
};

use crate::{Endpoints, Routes, back_channel::BackChannel, errors::Failure};

/// One route per token door.
pub(crate) fn routes() -> Routes {
    dialects::token_paths()
        .into_iter()
        .fold(Routes::new(), |routes, path| {
            routes.post(path, move |endpoints, request| {
                answer(endpoints, request, path)
            })
        })
}

async fn answer(
    State(endpoints): State<Endpoints>,
    request: BackChannel,
    path: &'static str,
) -> Result<Response, Failure> {
    let nobody = || Failure::broken(format!("nobody speaks at {path}"));
    let door = token_door(path, request.form()).ok_or_else(nobody)?;
    let dialect = dialects::dialect(door.dialect).ok_or_else(nobody)?;
    let served = match request.request(door) {
        Ok(asked) => endpoints.engine.token(&asked).await,
        Err(unread) => Err(unread),
    };
    let answer = request
        .close(&endpoints, Endpoint::Token, door, served)
        .await?;
    let now = endpoints.engine.env().now();
    Ok(Json(dialect.answer(door, &answer, now)).into_response())
}
