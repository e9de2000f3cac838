use engine::{
    audit::AuditQuery,
    portal::{Place, SecretLine, SecretState},
    review::{AppOfClient, ClientView, Holdings, Suspension},
};
use leptos::prelude::*;
use protocol::{
    client::{ClientStatus, Environment},
    locale::Locale,
};

use super::trail::Trail;
use crate::{
    components::{
        Badge, ComplaintBox, Fact, Machine, PortalShell, Shape, Visitor, day, minute, named,
    },
    i18n::Texts,
    pages::portal::SecretFacts,
    visitor::flash,
};

/// One client (A4): what it is, whose, what it holds, what happened to it.
#[component]
pub fn ClientPage(
    /// Who looks.
    visitor: Visitor,
    /// The client.
    view: ClientView,
) -> AnyView {
    let t = Texts::of(expect_context::<Locale>());
    let ClientView {
        facts,
        app,
        secrets,
        has_key,
        held,
        suspension,
        history,
        is_own,
        ..
    } = view;
    let id = facts.client_id.clone();
    let name = facts.name.clone();
    let sandbox = facts.environment == Environment::Sandbox;
    let switch = match (is_own, &suspension) {
        (true, _) => view! { <p>{t.say("complaint-review-own-app")}</p> }.into_any(),
        (false, None) => view! {
            <p>
                <a class="c-button c-button--danger" href=Place::SuspendClient(id.clone()).path()>
                    {t.say("client-to-suspend")}
                </a>
            </p>
        }
        .into_any(),
        (false, Some(_)) => view! {
            <p>
                <a class="c-button c-button--primary" href=Place::ResumeClient(id.clone()).path()>
                    {t.say("client-to-resume")}
                </a>
            </p>
        }
        .into_any(),
    };
    let why = suspension.map(|suspension| view! { <Why t suspension /> });
    let words = |words: Vec<String>| view! { <Machine words=words.join(" ") /> };
    let dialects = facts.dialects.iter().map(ToString::to_string).collect();
    let grants = facts.grants.iter().map(ToString::to_string).collect();
    let uris = (!facts.redirect_uris.is_empty()).then(|| {
        let uris = facts.redirect_uris.into_iter();
        let uris = uris.map(|uri| view! { <li><Machine words=uri /></li> });
        let uris = uris.collect_view();
        view! {
            <Fact label=t.say("app-redirect-uris")>
                <ul role="list">{uris}</ul>
            </Fact>
        }
    });
    let status = facts.status;
    let app = match app {
        Some(app) => view! { <TheApp t app /> }.into_any(),
        None => view! { <p>{t.say("client-no-app")}</p> }.into_any(),
    };
    let secrets = match (secrets.is_empty(), has_key) {
        (true, true) => view! { <p>{t.say("client-has-key")}</p> }.into_any(),
        (true, false) => view! { <p>{t.say("client-no-secrets")}</p> }.into_any(),
        (false, _) => {
            let lines = secrets.into_iter();
            let lines = lines.map(|secret| view! { <Secret t secret /> });
            view! { <ul role="list" class="d-cards">{lines.collect_view()}</ul> }.into_any()
        }
    };
    let trail = AuditQuery::about(format!("client:{id}"));
    let trail = format!("{}{}", Place::Audit.path(), trail.address());
    view! {
        <PortalShell t title=name.clone() visitor here=Place::Clients sandbox>
            <p>
                <a href=Place::Clients.path()>{t.say("clients-title")}</a>
            </p>
            <h1>
                <bdi>{name}</bdi>
            </h1>
            <ComplaintBox t flash=flash("client") />
            <section class="d-block" aria-labelledby="state">
                <h2 id="state">{t.say("client-state")}</h2>
                <p class="d-badges">
                    <StatusBadge t status />
                    <EnvironmentBadge t environment=facts.environment />
                </p>
                {why}
                <Held t held off=status == ClientStatus::Suspended />
                {switch}
            </section>
            <section class="d-block" aria-labelledby="facts">
                <h2 id="facts">{t.say("client-facts")}</h2>
                <dl class="c-facts">
                    <Fact label=t.say("app-client-id")>{words(vec![id.to_string()])}</Fact>
                    <Fact label=t.say("client-since")>{day(t, facts.created_at)}</Fact>
                    <Fact label=t.say("app-scopes")>{words(facts.scopes)}</Fact>
                    <Fact label=t.say("client-dialects")>{words(dialects)}</Fact>
                    <Fact label=t.say("client-grants")>{words(grants)}</Fact>
                    <Fact label=t.say("client-auth")>{words(vec![facts.auth_method.to_string()])}</Fact>
                    <Fact label=t.say("client-pkce")>{words(vec![facts.pkce.to_string()])}</Fact>
                    {uris}
                </dl>
            </section>
            <section class="d-block" aria-labelledby="app">
                <h2 id="app">{t.say("client-app")}</h2>
                {app}
            </section>
            <section class="d-block" aria-labelledby="secrets">
                <h2 id="secrets">{t.say("credentials-secrets")}</h2>
                {secrets}
            </section>
            <section class="d-block" aria-labelledby="history">
                <h2 id="history">{t.say("client-history")}</h2>
                <Trail t lines=history />
                <p>
                    <a href=trail>{t.say("client-to-audit")}</a>
                </p>
            </section>
        </PortalShell>
    }
    .into_any()
}

/// Active or switched off, as shape, word and colour.
#[component]
pub(super) fn StatusBadge(t: Texts, status: ClientStatus) -> AnyView {
    match status {
        ClientStatus::Active => {
            view! { <Badge tone="ok" shape=Shape::Check word=t.say("client-active") /> }
        }
        ClientStatus::Suspended => {
            view! { <Badge tone="warn" shape=Shape::Cross word=t.say("client-suspended") /> }
        }
    }
    .into_any()
}

/// Play money or real money.
#[component]
pub(super) fn EnvironmentBadge(t: Texts, environment: Environment) -> AnyView {
    match environment {
        Environment::Sandbox => {
            view! { <Badge tone="sandbox" shape=Shape::Info word=t.say("sandbox") /> }
        }
        Environment::Live => {
            view! { <Badge tone="ok" shape=Shape::Info word=t.say("developer-live") /> }
        }
    }
    .into_any()
}

/// Why a client is switched off.
#[component]
pub(super) fn Why(t: Texts, suspension: Suspension) -> AnyView {
    let Suspension {
        since,
        mode,
        code,
        reason,
        ..
    } = suspension;
    let since = since.map(|since| {
        view! { <Fact label=t.say("client-off-since")>{minute(t, since)}</Fact> }
    });
    let mode = t.say(&format!("admin-word-mode-{mode}"));
    let code = code.map(|code| t.say(&format!("admin-word-suspend-{code}")));
    let code = code.map(|code| view! { <Fact label=t.say("suspend-why")>{code}</Fact> });
    let reason = reason.unwrap_or_else(|| t.say("client-off-unsaid"));
    view! {
        <dl class="c-facts">
            {since}
            {code}
            <Fact label=t.say("suspend-reason")>
                <bdi class="d-answer">{reason}</bdi>
            </Fact>
            <Fact label=t.say("suspend-mode")>{mode}</Fact>
        </dl>
    }
    .into_any()
}

/// What a client holds: live counts.
#[component]
pub(super) fn Held(t: Texts, held: Holdings, off: bool) -> AnyView {
    let lead = match off {
        true => t.say("client-held-off"),
        false => t.say("client-held"),
    };
    let number = |number: u64| view! { <data value=number.to_string()>{number}</data> };
    view! {
        <h3>{lead}</h3>
        <dl class="c-facts" id="held">
            <Fact label=t.say("client-people")>{number(held.people)}</Fact>
            <Fact label=t.say("client-permissions")>{number(held.permissions)}</Fact>
            <Fact label=t.say("client-access-tokens")>{number(held.access_tokens)}</Fact>
            <Fact label=t.say("client-refresh-tokens")>{number(held.refresh_tokens)}</Fact>
        </dl>
    }
    .into_any()
}

/// The app of a client, its team, and how its last review stands.
#[component]
fn TheApp(t: Texts, app: AppOfClient) -> AnyView {
    let sibling = app.sibling.map(|sibling| {
        let address = Place::Client(sibling.clone()).path();
        view! {
            <Fact label=t.say("client-sibling")>
                <a href=address>
                    <Machine words=sibling.to_string() />
                </a>
            </Fact>
        }
    });
    let review = app.review.map(|(case, stage)| {
        let words = t.say(&format!("admin-word-stage-{}", stage.name()));
        view! {
            <Fact label=t.say("client-review")>
                <a href=Place::Case(case).path()>{words}</a>
            </Fact>
        }
    });
    let people = app.people.into_iter().map(|person| {
        let role = t.say(&format!("team-role-{}", person.role));
        let email = person
            .email
            .map(|email| view! { " " <Machine words=email /> });
        view! { <li><bdi>{person.name}</bdi>{email}<p class="c-note">{role}</p></li> }
    });
    let people = people.collect_view();
    view! {
        <dl class="c-facts">
            <Fact label=t.say("client-app-name")>{named(&app.name)}</Fact>
            {sibling}
            {review}
            <Fact label=t.say("team-heading")>{named(&app.team)}</Fact>
            <Fact label=t.say("team-people")>
                <ul role="list">{people}</ul>
            </Fact>
        </dl>
    }
    .into_any()
}

/// What is known of a secret; never the secret.
#[component]
fn Secret(t: Texts, secret: SecretLine) -> AnyView {
    let (tone, shape, word) = match secret.state {
        SecretState::Active => ("ok", Shape::Check, t.say("secret-active")),
        SecretState::Ended => ("warn", Shape::Warning, t.say("secret-ended")),
        SecretState::Revoked => ("warn", Shape::Warning, t.say("secret-revoked")),
        SecretState::Exposed => ("danger", Shape::Warning, t.say("secret-exposed")),
    };
    view! {
        <li class="d-card">
            <h3>
                <bdi>{secret.label.clone()}</bdi>
            </h3>
            <p class="d-badges">
                <Badge tone shape word />
            </p>
            <SecretFacts t secret />
        </li>
    }
    .into_any()
}
