use engine::portal::{AppCard, Home, Place};
use leptos::prelude::*;
use protocol::locale::Locale;

use crate::{
    components::{
        Badge, ComplaintBox, FieldKind, Machine, PortalForm, PortalShell, Shape, TextField,
        Visitor, said_about,
    },
    i18n::Texts,
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
    let apps = match home.apps.is_empty() {
        true => view! { <p class="p-lead">{t.say("developer-empty")}</p> }.into_any(),
        false => view! {
            <ul role="list" class="d-cards">
                {home.apps.into_iter().map(|app| view! { <Card t app /> }).collect_view()}
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

/// One app at a glance.
#[component]
fn Card(t: Texts, app: AppCard) -> AnyView {
    let live = match app.is_live {
        true => {
            view! { <Badge tone="ok" shape=Shape::Check word=t.say("developer-live") /> }.into_any()
        }
        false => ().into_any(),
    };
    view! {
        <li class="d-card">
            <h2 class="d-card__name">
                <a href=Place::App(app.id).path()>
                    <bdi>{app.name}</bdi>
                </a>
            </h2>
            <p class="d-badges">
                <Badge tone="sandbox" shape=Shape::Check word=t.say("developer-sandbox-ready") />
                {live}
            </p>
            <p><Machine words=app.sandbox_client.to_string() /></p>
        </li>
    }
    .into_any()
}
