//! Which page of a registration stands at which address.

use leptos::prelude::*;
use leptos_router::{
    SsrMode, any_nested_route::IntoAnyNestedRoute, components::Route, hooks::use_params_map, path,
};
use protocol::ids::AppId;

use super::portal::behind_the_wall;
use crate::{
    api,
    pages::portal::register::{AnswersPage, SetupPage, StatusPage, TaskPage},
};

/// The pages of a registration.
#[component(transparent)]
pub(super) fn RegisterRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <Route path=path!("/developer/apps/:app/setup") view=setup ssr=SsrMode::Async />
        <Route path=path!("/developer/apps/:app/setup/review") view=answers ssr=SsrMode::Async />
        <Route path=path!("/developer/apps/:app/setup/:task") view=task ssr=SsrMode::Async />
        <Route path=path!("/developer/apps/:app/review") view=status ssr=SsrMode::Async />
    }
    .into_inner()
    .into_any_nested_route()
}

fn parameter(name: &str) -> String {
    let parameters = use_params_map().read_untracked();
    parameters.get(name).unwrap_or_default()
}

fn app() -> AppId {
    AppId::new(parameter("app"))
}

fn setup() -> impl IntoView {
    behind_the_wall(
        api::register::setup(app()),
        |(visitor, setup)| view! { <SetupPage visitor setup /> },
    )
}

fn task() -> impl IntoView {
    behind_the_wall(
        api::register::task(app(), parameter("task")),
        |(visitor, view)| view! { <TaskPage visitor view /> },
    )
}

fn answers() -> impl IntoView {
    behind_the_wall(
        api::register::answers(app()),
        |(visitor, answers)| view! { <AnswersPage visitor answers /> },
    )
}

fn status() -> impl IntoView {
    behind_the_wall(
        api::register::status(app()),
        |(visitor, status)| view! { <StatusPage visitor status /> },
    )
}
