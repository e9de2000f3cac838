//! Which page about the apps with a person's permission stands at which address.

use leptos::prelude::*;
use leptos_router::{
    SsrMode, any_nested_route::IntoAnyNestedRoute, components::Route, hooks::use_params_map, path,
};
use protocol::ids::ConsentId;

use super::portal::behind_the_wall;
use crate::{
    api,
    pages::portal::{ConnectedPage, StopPage},
};

/// The pages about the apps with a person's permission.
#[component(transparent)]
pub(super) fn ConnectedRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <Route path=path!("/connected") view=connected ssr=SsrMode::Async />
        <Route path=path!("/connected/:consent/stop") view=stop ssr=SsrMode::Async />
    }
    .into_inner()
    .into_any_nested_route()
}

fn connected() -> impl IntoView {
    behind_the_wall(
        api::connected::connected(),
        |(visitor, view)| view! { <ConnectedPage visitor view /> },
    )
}

fn stop() -> impl IntoView {
    let id = use_params_map().read_untracked().get("consent");
    behind_the_wall(
        api::connected::stopping(ConsentId::new(id.unwrap_or_default())),
        |(visitor, view)| view! { <StopPage visitor view /> },
    )
}
