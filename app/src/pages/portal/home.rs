use engine::portal::{AppCard, Home, Place, Progress};
use leptos::prelude::*;
use protocol::{client::Environment, ids::AppId, locale::Locale, registration::Field};

use crate::{
    components::{
        Badge, ComplaintBox, FieldKind, Machine, PortalForm, PortalShell, Shape, TextField,
        Visitor, said_about,
    },
    i18n::Texts,
    pages::portal::register::median,
    visitor::flash,
};

/// All apps of a developer (D4).
#[component]
pub fn DeveloperPage(
    /// Who looks.
    visitor: Visitor,
    /// What there is.
    home: Home,
) -> AnyView {
    let t = Texts::of(expect_context::<Locale>());
    let flash = flash("new-app");
    let failed = !flash.complaints.is_empty();
    let value = flash.typed.get("name").to_owned();
    let error = said_about(t, &flash, "name");
    let median_days = home.median_days;
    let apps = match home.apps.is_empty() {
        true => view! { <p class="p-lead">{t.say("developer-empty")}</p> }.into_any(),
        false => view! {
            <ul role="list" class="d-cards">
                {home.apps.into_iter().map(|app| view! { <Card t app median_days /> }).collect_view()}
            </ul>
        }
        .into_any(),
    };
    let make = home.may_make.then(|| {
        view! {
            <section class="d-block" aria-labelledby="new">
                <h2 id="new">{t.say("developer-new")}</h2>
                <PortalForm form="new-app" action="/api/portal/new_app">
                    <TextField
                        t
                        name="name"
                        kind=FieldKind::Plain
                        label=t.say("developer-app-name")
                        hint=t.say("developer-app-name-hint")
                        value=value
                        error=error
                    />
                    <button type="submit" class="c-button c-button--primary">
                        {t.say("developer-new-button")}
                    </button>
                </PortalForm>
            </section>
        }
    });
    view! {
        <PortalShell t title=t.say("developer-title") visitor here=Place::Home failed>
            <h1>{t.say("developer-heading")}</h1>
            <ComplaintBox t flash />
            {apps}
            {make}
        </PortalShell>
    }
    .into_any()
}

/// One app at a glance: what it can do now, how far it is, and what waits for the team.
#[component]
fn Card(t: Texts, app: AppCard, median_days: Option<u32>) -> AnyView {
    let badge = |tone, shape, key: &str| view! { <Badge tone shape word=t.say(key) /> }.into_any();
    let is_off = |environment| app.off.contains(&environment);
    let sandbox = match is_off(Environment::Sandbox) {
        true => badge("warn", Shape::Cross, "developer-off-sandbox"),
        false => badge("sandbox", Shape::Check, "developer-sandbox-ready"),
    };
    let live = app.is_live.then(|| match is_off(Environment::Live) {
        true => badge("warn", Shape::Cross, "developer-off-live"),
        false => badge("ok", Shape::Check, "developer-live"),
    });
    let why_off = (!app.off.is_empty()).then(|| {
        let page = Place::App(app.id.clone()).path();
        view! { <p><a href=page>{t.say("developer-why-off")}</a></p> }
    });
    view! {
        <li class="d-card">
            <h2 class="d-card__name">
                <a href=Place::App(app.id.clone()).path()>
                    <bdi>{app.name}</bdi>
                </a>
            </h2>
            <p class="d-badges">{sandbox} {live} {review(t, &app.progress)}</p>
            <p><Machine words=app.sandbox_client.to_string() /></p>
            {why_off}
            {progress(t, &app.id, app.progress, median_days)}
        </li>
    }
    .into_any()
}

/// Where the review is, as shape, word and colour.
fn review(t: Texts, progress: &Progress) -> Option<AnyView> {
    let (tone, shape, key) = match progress {
        Progress::Draft { .. } => return None,
        Progress::Sent { .. } => ("sandbox", Shape::Info, "developer-in-review"),
        Progress::NeedsChange { .. } => ("warn", Shape::Warning, "status-needs-change"),
        Progress::Approved => ("ok", Shape::Check, "status-approved"),
        Progress::Refused => ("warn", Shape::Cross, "status-rejected"),
    };
    Some(view! { <Badge tone shape word=t.say(key) /> }.into_any())
}

/// What is known of the way to real money, and where it goes on.
fn progress(t: Texts, app: &AppId, progress: Progress, median_days: Option<u32>) -> AnyView {
    let way =
        |place: Place, key: &str| view! { <p><a href=place.path()>{t.say(key)}</a></p> }.into_any();
    let to_review = || way(Place::Review(app.clone()), "register-to-status");
    match progress {
        Progress::Draft { complete, total } => {
            let saved = [("complete", complete.into()), ("total", total.into())];
            let on = match complete == total {
                true => way(Place::CheckAnswers(app.clone()), "register-to-answers"),
                false => way(Place::Setup(app.clone()), "status-to-tasks"),
            };
            view! { <p>{t.with("developer-draft", &saved)}</p> {on} }.into_any()
        }
        Progress::Sent {
            position,
            is_claimed,
        } => {
            let where_it_is = match is_claimed {
                true => t.say("status-claimed"),
                false => t.with("developer-position", &[("position", position.into())]),
            };
            view! { <p>{where_it_is}</p> {median(t, median_days)} {to_review()} }.into_any()
        }
        Progress::NeedsChange { open } if open.is_empty() => {
            let on = way(Place::CheckAnswers(app.clone()), "register-to-answers");
            view! { <p>{t.say("status-next-mended")}</p> {on} }.into_any()
        }
        Progress::NeedsChange { open } => {
            let count = t.with("developer-needs-you", &[("count", open.len().into())]);
            let fields = open.into_iter().map(|field| fix(t, app, field));
            view! { <p>{count}</p> <ul>{fields.collect_view()}</ul> {to_review()} }.into_any()
        }
        Progress::Approved => way(
            Place::Credentials(app.clone(), Environment::Live),
            "status-to-live",
        ),
        Progress::Refused => {
            view! { <p>{t.say("status-rejected-text")}</p> {to_review()} }.into_any()
        }
    }
}

/// The way to the very field that the reviewer asks about.
fn fix(t: Texts, app: &AppId, field: Field) -> AnyView {
    let task = Place::Task(app.clone(), field.task()).path();
    view! { <li><a href=format!("{task}#{field}")>{t.say(&format!("field-{field}"))}</a></li> }
        .into_any()
}
