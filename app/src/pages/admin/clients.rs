use engine::{
    portal::Place,
    review::{ClientLine, ClientQuery, ClientsPage},
};
use leptos::prelude::*;
use protocol::{
    client::{ClientStatus, Environment},
    locale::Locale,
};

use super::client::{EnvironmentBadge, StatusBadge};
use crate::{
    components::{
        FieldKind, FilterForm, Machine, PickOne, PortalShell, RecordTable, TextField, Visitor, day,
        named,
    },
    i18n::Texts,
};

/// All clients (A4), in the order of their ids.
#[component]
pub fn ClientsPageView(
    /// Who looks.
    visitor: Visitor,
    /// The page.
    page: ClientsPage,
) -> AnyView {
    let t = Texts::of(expect_context::<Locale>());
    let ClientsPage {
        query,
        unreadable,
        lines,
        next,
    } = page;
    let path = Place::Clients.path();
    let first = (!query.after.is_empty()).then(|| {
        let address = format!("{path}{}", query.from_the_first().address());
        view! { <a href=address>{t.say("clients-first")}</a> }
    });
    let next = next.map(|next| {
        let address = format!("{path}{}", next.address());
        view! { <a href=address rel="next">{t.say("admin-next")}</a> }
    });
    let list = match (lines.is_empty(), query.is_filtered()) {
        (false, _) => view! { <Lines t lines /> }.into_any(),
        (true, true) => view! { <p class="p-lead">{t.say("clients-none")}</p> }.into_any(),
        (true, false) => view! { <p class="p-lead">{t.say("clients-empty")}</p> }.into_any(),
    };
    view! {
        <PortalShell t title=t.say("clients-title") visitor here=Place::Clients>
            <h1>{t.say("clients-title")}</h1>
            <Filters t query unreadable />
            {list}
            <p class="d-badges">{first} {next}</p>
        </PortalShell>
    }
    .into_any()
}

/// What the list can be narrowed by.
#[component]
fn Filters(t: Texts, query: ClientQuery, unreadable: Vec<&'static str>) -> AnyView {
    let path = Place::Clients.path();
    let error = move |name: &str| {
        let wrong = unreadable.contains(&name);
        wrong.then(|| t.say("log-unreadable"))
    };
    let any = || ("", t.say("log-any"));
    let environments = [
        any(),
        (Environment::Live.as_str(), t.say("developer-live")),
        (Environment::Sandbox.as_str(), t.say("sandbox")),
    ];
    let states = [
        any(),
        (ClientStatus::Active.as_str(), t.say("client-active")),
        (ClientStatus::Suspended.as_str(), t.say("client-suspended")),
    ];
    let clear = query.is_filtered().then(|| path.clone());
    view! {
        <FilterForm t path clear>
            <TextField t name="q" kind=FieldKind::Search label=t.say("clients-search") value=query.q error=error("q") />
            <PickOne
                t
                name="environment"
                label=t.say("log-environment")
                choices=environments.into()
                picked=query.environment
                error=error("environment")
            />
            <PickOne
                t
                name="state"
                label=t.say("client-state")
                choices=states.into()
                picked=query.state
                error=error("state")
            />
        </FilterForm>
    }
    .into_any()
}

/// The clients as a table; on a phone each is a list of labels and values.
#[component]
fn Lines(t: Texts, lines: Vec<ClientLine>) -> AnyView {
    let heads = [
        t.say("client-app-name"),
        t.say("app-client-id"),
        t.say("log-environment"),
        t.say("client-state"),
        t.say("team-heading"),
        t.say("client-people"),
        t.say("client-since"),
    ];
    let row = |line: ClientLine| {
        let [name, id, environment, state, team, people, since] = heads.clone();
        let address = Place::Client(line.id.clone()).path();
        view! {
            <tr role="row">
                <td role="cell" data-label=name>
                    <a href=address>
                        <bdi>{line.name}</bdi>
                    </a>
                </td>
                <td role="cell" data-label=id><Machine words=line.id.to_string() /></td>
                <td role="cell" data-label=environment>
                    <EnvironmentBadge t environment=line.environment />
                </td>
                <td role="cell" data-label=state><StatusBadge t status=line.status /></td>
                <td role="cell" data-label=team>{line.team.map(|team| named(&team))}</td>
                <td role="cell" data-label=people>{line.people}</td>
                <td role="cell" data-label=since>{day(t, line.since)}</td>
            </tr>
        }
    };
    let rows = lines.into_iter().map(row).collect_view();
    view! {
        <RecordTable caption=t.say("clients-title") heads=heads.to_vec()>
            {rows}
        </RecordTable>
    }
    .into_any()
}
