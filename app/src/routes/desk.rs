//! Which page of clients and of the audit trail stands at which address.

use engine::{audit::AuditQuery, portal::Place, review::ClientQuery};
use leptos::prelude::*;
use leptos_router::{
    SsrMode, any_nested_route::IntoAnyNestedRoute, components::Route, hooks::use_params_map, path,
};
use protocol::ids::ClientId;

use super::portal::{behind_the_wall, query};
use crate::{
    api,
    pages::admin::{AuditPageView, ClientPage, ClientsPageView, ResumePage, SuspendPage},
};

/// These pages.
#[component(transparent)]
pub(super) fn DeskRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <Route path=path!("/admin/clients") view=clients ssr=SsrMode::Async />
        <Route path=path!("/admin/clients/:client") view=client ssr=SsrMode::Async />
        <Route path=path!("/admin/clients/:client/suspend") view=suspend ssr=SsrMode::Async />
        <Route path=path!("/admin/clients/:client/resume") view=resume ssr=SsrMode::Async />
        <Route path=path!("/admin/audit") view=audit ssr=SsrMode::Async />
    }
    .into_inner()
    .into_any_nested_route()
}

fn field(name: &str) -> String {
    query(name).unwrap_or_default()
}

fn client_id() -> ClientId {
    let id = use_params_map().read_untracked().get("client");
    ClientId::new(id.unwrap_or_default())
}

fn clients() -> impl IntoView {
    let query = ClientQuery {
        q: field("q"),
        environment: field("environment"),
        state: field("state"),
        after: field("after"),
    };
    behind_the_wall(
        api::clients::clients(query),
        |(visitor, page)| view! { <ClientsPageView visitor page /> },
    )
}

fn client() -> impl IntoView {
    let id = client_id();
    behind_the_wall(
        api::clients::client(id.clone(), Place::Client(id)),
        |(visitor, view)| view! { <ClientPage visitor view /> },
    )
}

fn suspend() -> impl IntoView {
    let id = client_id();
    behind_the_wall(
        api::clients::client(id.clone(), Place::SuspendClient(id)),
        |(visitor, view)| view! { <SuspendPage visitor view /> },
    )
}

fn resume() -> impl IntoView {
    let id = client_id();
    behind_the_wall(
        api::clients::client(id.clone(), Place::ResumeClient(id)),
        |(visitor, view)| view! { <ResumePage visitor view /> },
    )
}

fn audit() -> impl IntoView {
    let query = AuditQuery {
        actor: field("actor"),
        action: field("action"),
        object: field("object"),
        reference: field("reference"),
        from: field("from"),
        until: field("until"),
        before: field("before"),
    };
    behind_the_wall(
        api::audit::page(query),
        |(visitor, page)| view! { <AuditPageView visitor page /> },
    )
}
