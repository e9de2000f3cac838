use engine::portal::{CredentialsView, Place, SecretLine, SecretState, apps::ShownSecret};
use leptos::prelude::*;
use protocol::{client::Environment, ids::AppId, locale::Locale};

use super::{off::SwitchedOff, tutorial::TutorialBadge};
use crate::{
    components::{
        Badge, ComplaintBox, Fact, Machine, PortalForm, PortalShell, Shape, Visitor, clock_time,
        day, minute,
    },
    i18n::Texts,
    islands::CopyText,
    visitor::flash,
};

/// The credentials of an app in one environment (D7).
#[component]
pub fn CredentialsPage(
    /// Who looks.
    visitor: Visitor,
    /// What there is.
    view: CredentialsView,
) -> AnyView {
    let t = Texts::of(expect_context::<Locale>());
    let CredentialsView {
        app,
        name,
        environment,
        has_other,
        client_id,
        secrets,
        shown,
        may_change,
        has_room,
        may_ask_for_link,
        token_address,
        partner_addresses,
        speaks_tutorial,
        may_switch,
        suspension,
    } = view;
    let flash = flash("credentials");
    let failed = !flash.complaints.is_empty();
    let sandbox = environment == Environment::Sandbox;
    let client_id = client_id.to_string();
    let heading = match sandbox {
        true => t.say("credentials-heading-sandbox"),
        false => t.say("credentials-heading-live"),
    };
    let (other, other_words) = match sandbox {
        true => (Environment::Live, t.say("credentials-to-live")),
        false => (Environment::Sandbox, t.say("credentials-to-sandbox")),
    };
    let other = has_other.then(|| {
        let address = Place::Credentials(app.clone(), other).path();
        view! { <p><a href=address>{other_words}</a></p> }
    });
    let shown = shown.map(|secret| view! { <NewlyMade t secret app=app.clone() environment /> });
    let actions = may_change.then(|| {
        let add = match has_room {
            true => view! {
                <p>
                    <a class="c-button c-button--primary" href=Place::AddSecret(app.clone(), environment).path()>
                        {t.say("credentials-add")}
                    </a>
                </p>
            }
            .into_any(),
            false => view! { <p>{t.say("credentials-full")}</p> }.into_any(),
        };
        let link = (may_ask_for_link && has_room).then(|| view! { <AskForLink t app=app.clone() /> });
        view! { {add} {link} }
    });
    let switch = may_switch.then(|| {
        let address = Place::Tutorial(app.clone(), environment).path();
        view! { <p><a class="c-button" href=address>{t.say("tutorial-to-switch")}</a></p> }
    });
    let lines = secrets
        .into_iter()
        .map(|secret| view! { <Line t secret app=app.clone() environment may_change /> })
        .collect_view();
    view! {
        <PortalShell t title=heading.clone() visitor sandbox failed>
            <h1>{heading}</h1>
            <p>
                <a href=Place::App(app.clone()).path()>
                    <bdi>{name}</bdi>
                </a>
            </p>
            <ComplaintBox t flash />
            <SwitchedOff t suspensions=suspension.into_iter().collect() />
            {shown}
            <section class="d-block" aria-labelledby="client">
                <h2 id="client">{t.say("app-client-id")}</h2>
                <p class="d-copy">
                    <Machine words=client_id.clone() />
                    <CopyText text=client_id label=t.say("copy") done=t.say("copied") />
                </p>
                {other}
            </section>
            <section class="d-block" aria-labelledby="secrets">
                <h2 id="secrets">{t.say("credentials-secrets")}</h2>
                <ul role="list" class="d-cards">
                    {lines}
                </ul>
                {actions}
            </section>
            <TokenAddresses t standard=token_address partner=partner_addresses />
            <section class="d-block" aria-labelledby="tutorial">
                <h2 id="tutorial">{t.say("tutorial-heading")}</h2>
                <p class="d-badges">
                    <TutorialBadge t is_on=speaks_tutorial />
                </p>
                <p>
                    {match speaks_tutorial {
                        true => t.prose("tutorial-on-note", &[]),
                        false => t.prose("tutorial-off-note", &[]),
                    }}
                </p>
                {switch}
            </section>
        </PortalShell>
    }
    .into_any()
}

/// Where the app asks for tokens, and in whose words.
#[component]
fn TokenAddresses(t: Texts, standard: String, partner: Vec<String>) -> AnyView {
    let partner = match partner.is_empty() {
        true => view! { <p class="c-note">{t.prose("addresses-no-partner", &[])}</p> }.into_any(),
        false => {
            let lines = partner
                .into_iter()
                .map(|address| view! { <li><Machine words=address /></li> })
                .collect_view();
            view! {
                <h3>{t.say("addresses-partner")}</h3>
                <p>{t.prose("addresses-partner-note", &[])}</p>
                <ul role="list">{lines}</ul>
            }
            .into_any()
        }
    };
    view! {
        <section class="d-block" aria-labelledby="addresses">
            <h2 id="addresses">{t.say("addresses-heading")}</h2>
            <p><Machine words=standard /></p>
            {partner}
        </section>
    }
    .into_any()
}

/// A secret that was just made.
#[component]
fn NewlyMade(t: Texts, secret: ShownSecret, app: AppId, environment: Environment) -> AnyView {
    let ShownSecret { text, until } = secret;
    let hidden = move || {
        view! {
            <input type="hidden" name="app" value=app.to_string() />
            <input type="hidden" name="environment" value=environment.as_str() />
        }
    };
    let file = hidden.clone()();
    let stored = hidden();
    view! {
        <section class="d-block" aria-labelledby="new-secret">
            <h2 id="new-secret">{t.say("credentials-new")}</h2>
            <p class="d-copy">
                <Machine words=text.clone() />
                <CopyText text label=t.say("copy") done=t.say("copied") />
            </p>
            <p>{t.rich("credentials-new-until", [("time", clock_time(t, until))])}</p>
            <PortalForm form="credentials" id="env-file" action="/api/portal/env_file">
                {file}
                <button type="submit" class="c-button">
                    {t.say("credentials-env-file")}
                </button>
            </PortalForm>
            <PortalForm form="credentials" id="stored" action="/api/portal/secret_stored">
                {stored}
                <button type="submit" class="c-button">
                    {t.say("credentials-stored")}
                </button>
            </PortalForm>
        </section>
    }
    .into_any()
}

/// The way of an owner to another one-time link.
#[component]
fn AskForLink(t: Texts, app: AppId) -> AnyView {
    view! {
        <PortalForm form="credentials" id="send-link" action="/api/portal/send_secret_link">
            <input type="hidden" name="app" value=app.to_string() />
            <p class="c-note">{t.say("credentials-link-note")}</p>
            <button type="submit" class="c-button">
                {t.say("credentials-link")}
            </button>
        </PortalForm>
    }
    .into_any()
}

/// One secret: what it is called, and what became of it.
#[component]
fn Line(
    t: Texts,
    secret: SecretLine,
    app: AppId,
    environment: Environment,
    may_change: bool,
) -> AnyView {
    let active = secret.state == SecretState::Active;
    let badge = match secret.state {
        SecretState::Active => {
            view! { <Badge tone="ok" shape=Shape::Check word=t.say("secret-active") /> }
        }
        SecretState::Ended => {
            view! { <Badge tone="warn" shape=Shape::Warning word=t.say("secret-ended") /> }
        }
        SecretState::Revoked => {
            view! { <Badge tone="warn" shape=Shape::Warning word=t.say("secret-revoked") /> }
        }
        SecretState::Exposed => {
            view! { <Badge tone="danger" shape=Shape::Warning word=t.say("secret-exposed") /> }
        }
    };
    let exposed = (secret.state == SecretState::Exposed)
        .then(|| view! { <p>{t.say("secret-exposed-note")}</p> });
    let revoke = (active && may_change).then(|| {
        let address = Place::RevokeSecret(app, environment, secret.id.clone()).path();
        view! {
            <p>
                <a class="c-button" href=address>
                    {t.say("secret-revoke")}
                    " "
                    <span class="l-aside">{secret.label.clone()}</span>
                </a>
            </p>
        }
    });
    view! {
        <li class="d-card">
            <h3>{secret.label.clone()}</h3>
            <p class="d-badges">{badge}</p>
            {exposed}
            <SecretFacts t secret />
            {revoke}
        </li>
    }
    .into_any()
}

/// What is known of a secret.
#[component]
pub fn SecretFacts(
    /// The texts.
    t: Texts,
    /// The secret.
    secret: SecretLine,
) -> AnyView {
    let last_four = match secret.last_four {
        Some(four) => view! { <Machine words=format!("…{four}") /> }.into_any(),
        None => t.say("secret-unknown").into_any(),
    };
    let by = secret.created_by.unwrap_or_else(|| t.say("secret-unknown"));
    let used = match secret.last_used_at {
        Some(at) => minute(t, at),
        None => t.say("secret-never").into_any(),
    };
    let until = match secret.expires_at {
        Some(at) => minute(t, at),
        None => t.say("secret-no-end").into_any(),
    };
    view! {
        <dl class="c-facts">
            <Fact label=t.say("secret-last-four")>{last_four}</Fact>
            <Fact label=t.say("secret-created")>
                {day(t, secret.created_at)} ", " <bdi>{by}</bdi>
            </Fact>
            <Fact label=t.say("secret-last-used")>{used}</Fact>
            <Fact label=t.say("secret-until")>{until}</Fact>
        </dl>
    }
    .into_any()
}
