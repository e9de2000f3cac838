use engine::{
    portal::{
        Place,
        logs::{LogPage, LogQuery, MOST_EXPORTED},
    },
    request_log::{Outcome, RequestLine},
};
use leptos::prelude::*;
use protocol::{
    client::Environment,
    ids::{AppId, ClientId},
    locale::Locale,
    trail::Endpoint,
};

use crate::{
    components::{
        Badge, CodeSample, ComplaintBox, FieldKind, FilterForm, Machine, PickOne, PortalForm,
        PortalShell, RecordTable, Shape, TextField, Visitor, moment,
    },
    i18n::Texts,
    visitor::flash,
};

/// The request log of an app (D9), newest first.
#[component]
pub fn LogPageView(
    /// Who looks.
    visitor: Visitor,
    /// The page.
    page: LogPage,
) -> AnyView {
    let t = Texts::of(expect_context::<Locale>());
    let LogPage {
        app,
        name,
        environment,
        client,
        query,
        unreadable,
        lines,
        next,
        kept,
        base,
    } = page;
    let here = Place::Log(app.clone(), environment);
    let flash = flash("log-export");
    let filters = query.clone();
    let days = kept.as_secs() / 86_400;
    let others = Environment::ALL.iter().map(|other| {
        let current = (*other == environment).then_some("page");
        let words = match other {
            Environment::Sandbox => t.say("sandbox"),
            Environment::Live => t.say("developer-live"),
        };
        view! {
            <li>
                <a href=Place::Log(app.clone(), *other).path() aria-current=current>
                    {words}
                </a>
            </li>
        }
    });
    let others = others.collect_view();
    let path = here.path();
    let is_later = !query.before.is_empty();
    let newest = LogQuery {
        before: String::new(),
        ..query.clone()
    };
    let newest = is_later.then(|| format!("{path}{}", newest.address()));
    let older = next.map(|next| format!("{path}{}", next.address()));
    let has_lines = !lines.is_empty();
    let list = match (&client, lines.is_empty()) {
        (None, _) => view! { <p>{t.say("log-not-live")}</p> }.into_any(),
        (Some(_), false) => view! { <Lines t app=app.clone() environment lines /> }.into_any(),
        (Some(_), true) if query.is_filtered() || is_later => {
            view! { <p>{t.say("log-none")}</p> }.into_any()
        }
        (Some(client), true) => view! {
            <p>{t.say("log-empty")}</p>
            <CodeSample t label="curl" code=first_call(&base, client) />
        }
        .into_any(),
    };
    let export = has_lines.then(|| view! { <Export t app=app.clone() environment query /> });
    let back = Place::App(app).path();
    let app_name = name.clone();
    let sandbox = environment == Environment::Sandbox;
    view! {
        <PortalShell t title=t.say("log-title") visitor sandbox>
            <p>
                <a href=back>
                    <bdi>{app_name}</bdi>
                </a>
            </p>
            <h1>{t.say("log-title")}</h1>
            <nav class="d-nav" aria-label=t.say("log-environment")>
                <ul role="list">{others}</ul>
            </nav>
            <p>{t.say("log-lead")} " " {t.with("log-kept", &[("days", days.into())])}</p>
            <ComplaintBox t flash />
            <Filters t path query=filters unreadable />
            {list}
            {export}
            <p class="d-badges">
                {newest.map(|address| view! { <a href=address>{t.say("log-newest")}</a> })}
                {older.map(|address| view! { <a href=address rel="next">{t.say("log-older")}</a> })}
            </p>
        </PortalShell>
    }
    .into_any()
}

/// The requests of the filter that is set, as a file.
#[component]
fn Export(t: Texts, app: AppId, environment: Environment, query: LogQuery) -> AnyView {
    let fields = query
        .fields()
        .into_iter()
        .filter(|(name, value)| *name != "before" && !value.is_empty())
        .map(|(name, value)| {
            let value = value.to_owned();
            view! { <input type="hidden" name=name value=value /> }
        })
        .collect_view();
    // Read alike in all our languages.
    let most = format!("{}\u{202f}000", MOST_EXPORTED / 1000);
    view! {
        <PortalForm form="log-export" action="/api/portal/log_export">
            <input type="hidden" name="app" value=app.to_string() />
            <input type="hidden" name="environment" value=environment.as_str() />
            {fields}
            <button type="submit" class="c-button">
                {t.say("log-export")}
            </button>
            <p class="c-note">{t.with("log-export-note", &[("most", most.into())])}</p>
        </PortalForm>
    }
    .into_any()
}

/// What the list can be narrowed by.
#[component]
fn Filters(t: Texts, path: String, query: LogQuery, unreadable: Vec<&'static str>) -> AnyView {
    let error = move |name: &str| {
        let wrong = unreadable.contains(&name);
        wrong.then(|| t.say("log-unreadable"))
    };
    let any = move || ("", t.say("log-any"));
    let outcomes = Outcome::ALL
        .iter()
        .map(move |outcome| (outcome.as_str(), outcome_words(t, *outcome)));
    let endpoints = Endpoint::ALL
        .iter()
        .map(|endpoint| (endpoint.as_str(), endpoint.path().to_owned()));
    let clear = query.is_filtered().then(|| path.clone());
    view! {
        <FilterForm t path clear>
            <PickOne
                t
                name="outcome"
                label=t.say("log-outcome")
                choices=std::iter::once(any()).chain(outcomes).collect()
                picked=query.outcome.clone()
                error=error("outcome")
            />
            <PickOne
                t
                name="endpoint"
                label=t.say("log-endpoint")
                choices=std::iter::once(any()).chain(endpoints).collect()
                picked=query.endpoint.clone()
                error=error("endpoint")
            />
            <TextField t name="error" kind=FieldKind::Machine label=t.say("log-error") value=query.error.clone() error=error("error") />
            <TextField
                t
                name="reference"
                kind=FieldKind::Machine
                label=t.say("label-reference")
                value=query.reference.clone()
                error=error("reference")
            />
            <TextField t name="from" kind=FieldKind::Moment label=t.say("log-from") value=query.from.clone() error=error("from") />
            <TextField t name="until" kind=FieldKind::Moment label=t.say("log-until") value=query.until.clone() error=error("until") />
        </FilterForm>
    }
    .into_any()
}

/// The requests as a table; on a phone each is a list of labels and values.
#[component]
fn Lines(t: Texts, app: AppId, environment: Environment, lines: Vec<RequestLine>) -> AnyView {
    let heads = [
        t.say("log-time"),
        t.say("log-endpoint"),
        t.say("log-outcome"),
        t.say("log-status"),
        t.say("log-error"),
        t.say("log-agent"),
        t.say("label-reference"),
    ];
    let row = |line: RequestLine| {
        let [time, endpoint, outcome, status, error, agent, reference] = heads.clone();
        let address = Place::Request(app.clone(), environment, line.trace).path();
        view! {
            <tr role="row">
                <td role="cell" data-label=time>{moment(line.at)}</td>
                <td role="cell" data-label=endpoint><Machine words=line.endpoint.path() /></td>
                <td role="cell" data-label=outcome><OutcomeBadge t outcome=line.outcome /></td>
                <td role="cell" data-label=status>{line.status}</td>
                <td role="cell" data-label=error>
                    {line.error.map(|error| view! { <Machine words=error /> })}
                </td>
                <td role="cell" data-label=agent translate="no">{line.agent}</td>
                <td role="cell" data-label=reference>
                    <a class="c-reference" translate="no" href=address>{line.trace.to_string()}</a>
                </td>
            </tr>
        }
    };
    let rows = lines.into_iter().map(row).collect_view();
    view! {
        <RecordTable caption=t.say("log-title") heads=heads.to_vec()>
            {rows}
        </RecordTable>
    }
    .into_any()
}

/// What became of a request, as shape, word and colour.
#[component]
pub(super) fn OutcomeBadge(t: Texts, outcome: Outcome) -> AnyView {
    let (tone, shape) = match outcome {
        Outcome::Served => ("ok", Shape::Check),
        Outcome::Refused => ("warn", Shape::Warning),
        Outcome::Failed => ("warn", Shape::Cross),
    };
    view! { <Badge tone shape word=outcome_words(t, outcome) /> }.into_any()
}

fn outcome_words(t: Texts, outcome: Outcome) -> String {
    match outcome {
        Outcome::Served => t.say("log-served"),
        Outcome::Refused => t.say("log-refused"),
        Outcome::Failed => t.say("log-failed"),
    }
}

/// A request that leaves a line here.
fn first_call(base: &str, client: &ClientId) -> String {
    format!(
        "curl -u {client}:\"$CLIENT_SECRET\" \\\n  -d grant_type=client_credentials -d scope=wallet \\\n  {base}{}",
        Endpoint::Token.path()
    )
}
