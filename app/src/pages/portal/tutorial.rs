use engine::portal::{Place, TutorialView};
use leptos::prelude::*;
use protocol::{client::Environment, locale::Locale};

use crate::{
    components::{Badge, ComplaintBox, FormButtons, PortalForm, PortalShell, Shape, Visitor},
    i18n::Texts,
    visitor::flash,
};

/// What is weak about the dialect, one sentence each, the worst first.
const WEAKNESSES: [&str; 3] = [
    "tutorial-weak-secret",
    "tutorial-weak-state",
    "tutorial-weak-pkce",
];

/// The switch into the tutorial's dialect: what it is weak in comes before the button.
#[component]
pub fn TutorialPage(
    /// Who looks.
    visitor: Visitor,
    /// The app and its state.
    view: TutorialView,
) -> AnyView {
    let t = Texts::of(expect_context::<Locale>());
    let TutorialView {
        app,
        name,
        environment,
        is_on,
    } = view;
    let flash = flash("tutorial");
    let failed = !flash.complaints.is_empty();
    let weaknesses = WEAKNESSES
        .map(|key| view! { <li>{t.prose(key, &[])}</li> })
        .collect_view();
    let (switch, button) = match is_on {
        true => ("off", t.say("tutorial-switch-off")),
        false => ("on", t.say("tutorial-switch-on")),
    };
    let back = Place::Credentials(app.clone(), environment).path();
    let sandbox = environment == Environment::Sandbox;
    let lead = t.prose("tutorial-lead", &[("app", name.into())]);
    let app = app.to_string();
    view! {
        <PortalShell t title=t.say("tutorial-heading") visitor sandbox failed>
            <h1>{t.say("tutorial-heading")}</h1>
            <ComplaintBox t flash />
            <section class="d-block">
                <p class="d-badges">
                    <TutorialBadge t is_on />
                </p>
                <p>{lead}</p>
                <h2>{t.say("tutorial-weak-heading")}</h2>
                <ul>{weaknesses}</ul>
                <p>{t.say("tutorial-in-flight")}</p>
                <PortalForm form="tutorial" action="/api/portal/tutorial">
                    <input type="hidden" name="app" value=app />
                    <input type="hidden" name="environment" value=environment.as_str() />
                    <input type="hidden" name="switch" value=switch />
                    <FormButtons t button back />
                </PortalForm>
            </section>
        </PortalShell>
    }
    .into_any()
}

/// Whether the dialect is on. On is what somebody should look at.
#[component]
pub fn TutorialBadge(
    /// The texts.
    t: Texts,
    /// Whether it is on.
    is_on: bool,
) -> AnyView {
    match is_on {
        true => view! { <Badge tone="warn" shape=Shape::Warning word=t.say("tutorial-is-on") /> }
            .into_any(),
        false => view! { <Badge tone="ok" shape=Shape::Check word=t.say("tutorial-is-off") /> }
            .into_any(),
    }
}
