//! Which page of credentials and teams stands at which address.

use engine::portal::Refusal;
use leptos::prelude::*;
use leptos_router::{
    SsrMode, any_nested_route::IntoAnyNestedRoute, components::Route, hooks::use_params_map, path,
};
use protocol::{
    client::Environment,
    ids::{AppId, SecretId, TeamId},
};

use super::portal::{behind_the_wall, query};
use crate::{
    api,
    pages::portal::{
        AddSecretPage, CredentialsPage, InvitePage, RevokePage, SecretLinkPage, TeamAuditPage,
        TeamPage, TutorialPage,
    },
};

/// The pages of credentials and teams.
#[component(transparent)]
pub(super) fn CredentialRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <Route
            path=path!("/developer/apps/:app/:environment/credentials")
            view=credentials
            ssr=SsrMode::Async
        />
        <Route
            path=path!("/developer/apps/:app/:environment/credentials/add")
            view=add
            ssr=SsrMode::Async
        />
        <Route
            path=path!("/developer/apps/:app/:environment/credentials/tutorial")
            view=tutorial
            ssr=SsrMode::Async
        />
        <Route
            path=path!("/developer/apps/:app/:environment/credentials/:secret/revoke")
            view=revoke
            ssr=SsrMode::Async
        />
        <Route path=path!("/developer/secret") view=secret_link ssr=SsrMode::Async />
        <Route path=path!("/developer/team") view=team ssr=SsrMode::Async />
        <Route path=path!("/developer/team/audit") view=audit ssr=SsrMode::Async />
        <Route path=path!("/developer/invite") view=invite ssr=SsrMode::Async />
    }
    .into_inner()
    .into_any_nested_route()
}

/// A part of the address.
fn part(name: &str) -> String {
    use_params_map()
        .read_untracked()
        .get(name)
        .unwrap_or_default()
}

/// App and environment of the address; there is no page for a word that is none of the environments.
fn which() -> (AppId, Result<Environment, Refusal>) {
    let environment = part("environment").parse().map_err(|_| Refusal::NotFound);
    (AppId::new(part("app")), environment)
}

fn credentials() -> impl IntoView {
    let (app, environment) = which();
    behind_the_wall(
        async move { api::credentials::credentials(app, environment?).await },
        |(visitor, view)| view! { <CredentialsPage visitor view /> },
    )
}

fn add() -> impl IntoView {
    let (app, environment) = which();
    behind_the_wall(
        async move {
            let environment = environment?;
            let (visitor, name, version) =
                api::credentials::adding(app.clone(), environment).await?;
            Ok((visitor, name, version, app, environment))
        },
        |(visitor, name, version, app, environment)| {
            view! { <AddSecretPage visitor name version app environment /> }
        },
    )
}

fn revoke() -> impl IntoView {
    let (app, environment) = which();
    let secret = SecretId::new(part("secret"));
    behind_the_wall(
        async move { api::credentials::revoking(app, environment?, secret).await },
        |(visitor, view)| view! { <RevokePage visitor view /> },
    )
}

fn tutorial() -> impl IntoView {
    let (app, environment) = which();
    behind_the_wall(
        async move { api::credentials::switching(app, environment?).await },
        |(visitor, view)| view! { <TutorialPage visitor view /> },
    )
}

fn secret_link() -> impl IntoView {
    behind_the_wall(
        api::credentials::linked(query("token").unwrap_or_default()),
        |(visitor, view)| view! { <SecretLinkPage visitor view /> },
    )
}

fn team() -> impl IntoView {
    behind_the_wall(
        api::team::team(query("team").map(TeamId::new)),
        |(visitor, view)| view! { <TeamPage visitor view /> },
    )
}

fn audit() -> impl IntoView {
    behind_the_wall(
        api::team::audit(query("team").map(TeamId::new)),
        |(visitor, audit)| view! { <TeamAuditPage visitor audit /> },
    )
}

fn invite() -> impl IntoView {
    behind_the_wall(
        api::team::invited(query("token").unwrap_or_default()),
        |(visitor, view)| view! { <InvitePage visitor view /> },
    )
}
