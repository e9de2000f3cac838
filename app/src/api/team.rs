//! Teams at the portal (D12): what the pages show, and their forms.

use axum::response::Response;
use engine::portal::{InviteView, Refusal, TeamAudit, TeamView};
use leptos::prelude::*;
use protocol::ids::{InviteId, TeamId, UserId};
use serde::Deserialize;

use super::{
    Form, SecretField,
    portal::{answered, visited},
};
use crate::{components::Visitor, problem::Problem};

/// A team; the first one when none is named.
pub async fn team(team: Option<TeamId>) -> Result<(Visitor, TeamView), Refusal> {
    let (engine, visit) = visited();
    let (person, view) = engine.team_view(&visit, team).await?;
    Ok((Visitor::of(&person), view))
}

/// What happened in a team.
pub async fn audit(team: Option<TeamId>) -> Result<(Visitor, TeamAudit), Refusal> {
    let (engine, visit) = visited();
    let (person, view) = engine.team_audit(&visit, team).await?;
    Ok((Visitor::of(&person), view))
}

/// The page behind an invitation.
pub async fn invited(token: String) -> Result<(Visitor, InviteView), Refusal> {
    let (engine, visit) = visited();
    let (person, view) = engine.invite_view(&visit, &token).await?;
    Ok((Visitor::of(&person), view))
}

/// Another role.
#[server(prefix = "/api", endpoint = "portal/team_role", protocol = Form, input_derive = (Deserialize,))]
pub async fn change_role(
    form_token: String,
    team: TeamId,
    user: UserId,
    #[server(default)] role: String,
) -> Result<Response, Problem> {
    let (engine, visit) = visited();
    let answer = engine
        .change_team_role(&visit, &form_token, &team, &user, &role)
        .await;
    answered(&engine, answer)
}

/// Out of the team.
#[server(prefix = "/api", endpoint = "portal/team_remove", protocol = Form, input_derive = (Deserialize,))]
pub async fn remove(form_token: String, team: TeamId, user: UserId) -> Result<Response, Problem> {
    let (engine, visit) = visited();
    let answer = engine
        .remove_from_team(&visit, &form_token, &team, &user)
        .await;
    answered(&engine, answer)
}

/// An invitation.
#[server(prefix = "/api", endpoint = "portal/team_invite", protocol = Form, input_derive = (Deserialize,))]
pub async fn invite(
    form_token: String,
    team: TeamId,
    #[server(default)] email: String,
    #[server(default)] role: String,
) -> Result<Response, Problem> {
    let (engine, visit) = visited();
    let answer = engine
        .invite_to_team(&visit, &form_token, &team, &email, &role)
        .await;
    answered(&engine, answer)
}

/// An invitation taken back.
#[server(prefix = "/api", endpoint = "portal/team_uninvite", protocol = Form, input_derive = (Deserialize,))]
pub async fn uninvite(
    form_token: String,
    team: TeamId,
    invite: InviteId,
) -> Result<Response, Problem> {
    let (engine, visit) = visited();
    let answer = engine
        .take_invite_back(&visit, &form_token, &team, &invite)
        .await;
    answered(&engine, answer)
}

/// An invitation accepted.
#[server(prefix = "/api", endpoint = "portal/accept_invite", protocol = Form, input_derive = (Deserialize,))]
pub async fn accept(form_token: String, token: SecretField) -> Result<Response, Problem> {
    let (engine, visit) = visited();
    let answer = engine
        .accept_invite(&visit, &form_token, token.expose())
        .await;
    answered(&engine, answer)
}
