use engine::{
    portal::Place,
    review::{CaseKind, QueueLine, QueueQuery, QueueView, Tab, Tally},
};
use leptos::prelude::*;
use protocol::locale::Locale;

use super::parts::{keys, risk_badge, stage_badge};
use crate::{
    components::{
        Badge, ComplaintBox, FieldKind, FilterForm, PickOne, PortalShell, Shape, TextField,
        Visitor, minute,
    },
    i18n::Texts,
    visitor::flash,
};

const HOUR: u64 = 3600;
const DAY: u64 = 24 * HOUR;

/// The cases that wait for a reviewer (A1), oldest first.
#[component]
pub fn QueuePage(
    /// Who looks.
    visitor: Visitor,
    /// What waits.
    queue: QueueView,
) -> AnyView {
    let t = Texts::of(expect_context::<Locale>());
    let QueueView {
        query,
        counts,
        lines,
        next,
        last_decision,
        ..
    } = queue;
    let tabs = counts.map(|(tab, count)| {
        let words = match tab {
            Tab::Mine => t.say("admin-queue-mine"),
            Tab::Waiting => t.say("admin-queue-waiting"),
            Tab::All => t.say("admin-queue-all"),
        };
        let current = (query.tab == tab).then_some("page");
        let whole = QueueQuery {
            tab,
            ..QueueQuery::default()
        };
        let address = whole.address();
        view! {
            <li>
                <a href=address aria-current=current>
                    {format!("{words} ({count})")}
                </a>
            </li>
        }
    });
    let next = next.map(|after| {
        let later = QueueQuery {
            after,
            ..query.clone()
        };
        let address = later.address();
        view! {
            <p>
                <a href=address rel="next">{t.say("admin-next")}</a>
            </p>
        }
    });
    let cases = match (lines.is_empty(), query.is_filtered()) {
        (false, _) => view! {
            {keys(t, ".d-card__name a", &[("j", "admin-key-next-case"), ("k", "admin-key-previous-case")])}
            <ul role="list" class="d-cards">
                {lines.into_iter().map(|line| view! { <Line t line /> }).collect_view()}
            </ul>
        }
        .into_any(),
        (true, true) => view! { <p class="p-lead">{t.say("admin-queue-none")}</p> }.into_any(),
        (true, false) => {
            let last = last_decision.map(|at| {
                view! { <p class="c-note">{t.rich("admin-queue-last", [("time", minute(t, at))])}</p> }
            });
            view! { <p class="p-lead">{t.say("admin-queue-empty")}</p> {last} }.into_any()
        }
    };
    view! {
        <PortalShell t title=t.say("admin-queue") visitor here=Place::Queue>
            <h1>{t.say("admin-queue")}</h1>
            <ComplaintBox t flash=flash("queue") />
            <nav class="d-nav" aria-label=t.say("admin-queue")>
                <ul role="list">{tabs.collect_view()}</ul>
            </nav>
            <Filters t query />
            {cases}
            {next}
        </PortalShell>
    }
    .into_any()
}

/// What the list can be narrowed by.
#[component]
fn Filters(t: Texts, query: QueueQuery) -> AnyView {
    let kinds = CaseKind::ALL
        .iter()
        .map(move |kind| (kind.as_str(), t.say(&format!("admin-word-kind-{kind}"))));
    let clear = query.is_filtered().then(|| {
        let all = QueueQuery {
            tab: query.tab,
            ..QueueQuery::default()
        };
        all.address()
    });
    let path = Place::Queue.path();
    let tab = query.tab.as_str();
    let picked = query.kind.map_or("", CaseKind::as_str).to_owned();
    view! {
        <FilterForm t path clear>
            <input type="hidden" name="tab" value=tab />
            <TextField t name="q" kind=FieldKind::Plain label=t.say("admin-queue-text") value=query.text />
            <PickOne
                t
                name="kind"
                label=t.say("admin-kind")
                choices=std::iter::once(("", t.say("log-any"))).chain(kinds).collect()
                picked
            />
        </FilterForm>
    }
    .into_any()
}

/// One case at a glance.
#[component]
fn Line(t: Texts, line: QueueLine) -> AnyView {
    let QueueLine {
        case,
        assignee,
        first_admin,
        tally,
        waited,
        is_late,
    } = line;
    let kind = t.say(&format!("admin-word-kind-{}", case.kind));
    let age = match waited.as_secs() {
        seconds if seconds < 2 * DAY => {
            t.with("admin-waited-hours", &[("hours", (seconds / HOUR).into())])
        }
        seconds => t.with("admin-waited-days", &[("days", (seconds / DAY).into())]),
    };
    let late = is_late.then(|| {
        view! { <Badge tone="warn" shape=Shape::Warning word=t.say("admin-late") /> }
    });
    let assignee = match assignee {
        Some(name) => {
            let name = view! { <bdi>{name}</bdi> }.into_any();
            t.rich("admin-assignee", [("name", name)]).into_any()
        }
        None => t.say("admin-free").into_any(),
    };
    let second = first_admin.map(|name| {
        let name = view! { <bdi>{name}</bdi> }.into_any();
        view! { <p>{t.rich("admin-second", [("name", name)])}</p> }
    });
    view! {
        <li class="d-card">
            <h2 class="d-card__name">
                <a href=Place::Case(case.id).path()>
                    <bdi>{case.app_name}</bdi>
                </a>
            </h2>
            <p>
                <bdi>{case.organization}</bdi> " · " {kind}
            </p>
            <p class="d-badges">
                {stage_badge(t, &case.stage)} {risk_badge(t, case.risk)} {late}
            </p>
            {checks(t, tally)}
            {second}
            <p>{assignee}</p>
            <p class="c-note">{age} ", " {minute(t, case.sent_at)}</p>
        </li>
    }
    .into_any()
}

/// How the checks ended.
fn checks(t: Texts, tally: Tally) -> AnyView {
    let Tally { good, remarks, bad } = tally;
    let words = t.with(
        "admin-tally",
        &[
            ("good", good.into()),
            ("remarks", remarks.into()),
            ("bad", bad.into()),
        ],
    );
    view! { <p>{words}</p> }.into_any()
}
