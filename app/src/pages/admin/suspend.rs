use engine::{
    portal::{Flash, Place},
    review::ClientView,
};
use leptos::prelude::*;
use protocol::{
    client::ClientStatus,
    locale::Locale,
    registration::review::{SuspendCode, SuspendMode},
};

use super::client::{EnvironmentBadge, Held, Why};
use crate::{
    components::{
        CodeField, ComplaintBox, Fact, FieldKind, FormButtons, Machine, PickOne, PortalForm,
        PortalShell, ReasonField, TextField, Visitor, named, said_about,
    },
    i18n::Texts,
    visitor::flash,
};

/// A client is switched off (A5): what that does, and why. A page of its own, so that nobody does it
/// by the way.
#[component]
pub fn SuspendPage(
    /// Who looks.
    visitor: Visitor,
    /// The client.
    view: ClientView,
) -> AnyView {
    let t = Texts::of(expect_context::<Locale>());
    let flash = flash("suspend");
    let is_due = view.facts.status == ClientStatus::Active && !view.is_own;
    let needs_code = view.needs_code;
    let fields = is_due.then(|| {
        let code = needs_code.then(|| {
            let error = said_about(t, &flash, "code");
            view! { <CodeField t error /> }
        });
        let typed = |name: &str| flash.typed.get(name).to_owned();
        let codes = SuspendCode::ALL.iter().map(|code| {
            let words = t.say(&format!("admin-word-suspend-{code}"));
            (code.as_str(), words)
        });
        let choose = std::iter::once(("", t.say("suspend-choose")));
        let name = t.rich("suspend-name-hint", [("name", named(&view.facts.name))]);
        view! {
            <Modes t chosen=typed("mode") error=said_about(t, &flash, "mode") />
            <PickOne
                t
                name="why"
                label=t.say("suspend-why")
                choices=choose.chain(codes).collect()
                picked=typed("why")
                error=said_about(t, &flash, "why")
            />
            <ReasonField
                t
                label=t.say("suspend-reason")
                hint=t.say("suspend-reason-hint")
                value=typed("reason")
                error=said_about(t, &flash, "reason")
            />
            <p>{name}</p>
            <TextField
                t
                name="name"
                kind=FieldKind::Machine
                label=t.say("suspend-name")
                value=typed("name")
                error=said_about(t, &flash, "name")
            />
            {code}
        }
        .into_any()
    });
    let words = SwitchWords {
        form: "suspend",
        action: "/api/admin/suspend",
        heading: "suspend-heading",
        lead: "suspend-lead",
        button: t.say("suspend-button"),
        stops: true,
    };
    switch(t, visitor, view, flash, words, fields)
}

/// A client is switched on again: the same the other way round.
#[component]
pub fn ResumePage(
    /// Who looks.
    visitor: Visitor,
    /// The client.
    view: ClientView,
) -> AnyView {
    let t = Texts::of(expect_context::<Locale>());
    let flash = flash("resume");
    let is_due = view.facts.status == ClientStatus::Suspended && !view.is_own;
    let needs_code = view.needs_code;
    let fields = is_due.then(|| {
        let code = needs_code.then(|| {
            let error = said_about(t, &flash, "code");
            view! { <CodeField t error /> }
        });
        view! {
            <ReasonField
                t
                label=t.say("resume-reason")
                hint=t.say("suspend-reason-hint")
                value=flash.typed.get("reason").to_owned()
                error=said_about(t, &flash, "reason")
            />
            {code}
        }
        .into_any()
    });
    let lead = match view.suspension.as_ref().map(|suspension| suspension.mode) {
        Some(SuspendMode::End) => "resume-lead-end",
        _ => "resume-lead-pause",
    };
    let words = SwitchWords {
        form: "resume",
        action: "/api/admin/resume",
        heading: "resume-heading",
        lead,
        button: t.say("resume-button"),
        stops: false,
    };
    switch(t, visitor, view, flash, words, fields)
}

/// What the two pages call things.
struct SwitchWords {
    form: &'static str,
    action: &'static str,
    heading: &'static str,
    lead: &'static str,
    button: String,
    stops: bool,
}

/// What the two pages have in common. Without `fields` there is nothing to be done: somebody was
/// faster, or it is the admin's own app. What was typed is not lost then.
fn switch(
    t: Texts,
    visitor: Visitor,
    view: ClientView,
    flash: Flash,
    words: SwitchWords,
    fields: Option<AnyView>,
) -> AnyView {
    let failed = !flash.complaints.is_empty();
    let typed = flash.typed.get("reason").to_owned();
    let facts = view.facts;
    let id = facts.client_id.to_string();
    let back = Place::Client(facts.client_id.clone()).path();
    let heading = t.rich(words.heading, [("app", named(&facts.name))]);
    let title = t.with(words.heading, &[("app", facts.name.clone().into())]);
    let off = facts.status == ClientStatus::Suspended;
    let why = view
        .suspension
        .map(|suspension| view! { <Why t suspension /> });
    let body = match fields {
        Some(fields) => {
            let (client, version) = (id.clone(), view.version);
            let back = back.clone();
            let button = words.button;
            view! {
                <p>{t.say(words.lead)}</p>
                <PortalForm form=words.form action=words.action>
                    <input type="hidden" name="client" value=client />
                    <input type="hidden" name="version" value=version />
                    {fields}
                    <FormButtons t button stops=words.stops back />
                </PortalForm>
            }
            .into_any()
        }
        None => {
            let why_not = match (view.is_own, off) {
                (true, _) => t.say("complaint-review-own-app"),
                (false, true) => t.say("suspend-is-off"),
                (false, false) => t.say("resume-is-on"),
            };
            let typed = (!typed.is_empty()).then(|| {
                view! {
                    <h3>{t.say("suspend-typed")}</h3>
                    <p class="d-remark">
                        <bdi class="d-answer">{typed}</bdi>
                    </p>
                }
            });
            view! { <p>{why_not}</p> {typed} }.into_any()
        }
    };
    let environment = facts.environment;
    let team = view
        .app
        .map(|app| view! { <Fact label=t.say("team-heading")>{named(&app.team)}</Fact> });
    view! {
        <PortalShell t title visitor here=Place::Clients failed>
            <p>
                <a href=back>
                    <bdi>{facts.name}</bdi>
                </a>
            </p>
            <h1>{heading}</h1>
            <ComplaintBox t flash />
            <section class="d-block" aria-labelledby="effect">
                <h2 id="effect">{t.say("suspend-effect")}</h2>
                <p class="d-badges">
                    <EnvironmentBadge t environment />
                </p>
                <dl class="c-facts">
                    <Fact label=t.say("app-client-id")>
                        <Machine words=id />
                    </Fact>
                    {team}
                </dl>
                <Held t held=view.held off />
                {why}
            </section>
            <section class="d-block">{body}</section>
        </PortalShell>
    }
    .into_any()
}

/// The two modes, each with what it means.
#[component]
fn Modes(t: Texts, chosen: String, error: Option<String>) -> AnyView {
    let wrong = error.is_some();
    let class = if wrong {
        "c-field c-field--error"
    } else {
        "c-field"
    };
    let described = wrong.then_some("mode-error");
    let modes = SuspendMode::ALL.iter().map(|mode| {
        let checked = chosen == mode.as_str();
        // The first one is what a complaint points at.
        let id = match mode {
            SuspendMode::Pause => "mode",
            SuspendMode::End => "mode-end",
        };
        let words = t.say(&format!("admin-word-mode-{mode}"));
        view! {
            <label class="c-tick">
                <input
                    type="radio"
                    id=id
                    name="mode"
                    value=mode.as_str()
                    checked=checked
                    aria-describedby=described
                />
                <span>{words}</span>
            </label>
        }
    });
    let modes = modes.collect_view();
    let error = error.map(|error| {
        view! {
            <p class="c-field__error" id="mode-error">
                <span class="l-aside">{t.say("error-prefix")}" "</span>
                {error}
            </p>
        }
    });
    view! {
        <div class=class>
            <fieldset class="d-choices">
                <legend class="c-field__label">{t.say("suspend-mode")}</legend>
                {error}
                {modes}
            </fieldset>
        </div>
    }
    .into_any()
}
