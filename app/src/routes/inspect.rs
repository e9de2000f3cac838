//! The request log and the playground: which page stands at which address.

use engine::portal::{logs::LogQuery, playground::Came};
use leptos::prelude::*;
use leptos_router::{
    SsrMode, any_nested_route::IntoAnyNestedRoute, components::Route, hooks::use_params_map, path,
};
use protocol::{
    client::Environment,
    ids::{AppId, TraceId},
};

use super::{
    later,
    portal::{behind_the_wall, query, refused},
};
use crate::{
    api,
    pages::portal::{LogPageView, PlaygroundPage, RequestPageView},
};

/// These pages.
#[component(transparent)]
pub(super) fn InspectRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <Route path=path!("/developer/apps/:app/sandbox/playground") view=playground ssr=SsrMode::Async />
        <Route path=path!("/developer/playground/callback") view=callback ssr=SsrMode::Async />
        <Route path=path!("/developer/apps/:app/:environment/logs") view=log ssr=SsrMode::Async />
        <Route path=path!("/developer/apps/:app/:environment/logs/:reference") view=request ssr=SsrMode::Async />
        <Route path=path!("/developer/r/:reference") view=by_reference ssr=SsrMode::Async />
    }
    .into_inner()
    .into_any_nested_route()
}

/// A part of the path.
fn part(name: &str) -> String {
    let part = use_params_map().read_untracked().get(name);
    part.unwrap_or_default()
}

fn app() -> AppId {
    AppId::new(part("app"))
}

fn environment() -> Option<Environment> {
    part("environment").parse().ok()
}

fn reference() -> Option<TraceId> {
    TraceId::parse(&part("reference"))
}

fn log() -> impl IntoView {
    let field = |name: &str| query(name).unwrap_or_default();
    let query = LogQuery {
        outcome: field("outcome"),
        endpoint: field("endpoint"),
        error: field("error"),
        reference: field("reference"),
        from: field("from"),
        until: field("until"),
        before: field("before"),
    };
    behind_the_wall(
        api::logs::log(app(), environment(), query),
        |(visitor, page)| view! { <LogPageView visitor page /> },
    )
}

fn request() -> impl IntoView {
    behind_the_wall(
        api::logs::request(app(), environment(), reference()),
        |(visitor, page)| view! { <RequestPageView visitor page /> },
    )
}

fn by_reference() -> impl IntoView {
    let reference = reference();
    later(async move { refused(api::logs::by_reference(reference).await) })
}

fn playground() -> impl IntoView {
    behind_the_wall(
        api::playground::page(app()),
        |(visitor, page)| view! { <PlaygroundPage visitor page /> },
    )
}

/// The browser of a person comes back from the pages: what it brings is kept, and it goes on.
fn callback() -> impl IntoView {
    let came = Came {
        code: query("code"),
        state: query("state"),
        iss: query("iss"),
        error: query("error"),
        error_description: query("error_description"),
        error_uri: query("error_uri"),
    };
    later(async move { refused(api::playground::callback(came).await) })
}
