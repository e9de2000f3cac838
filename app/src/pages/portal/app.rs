use engine::portal::{AppOverview, Place, apps::ShownSecret, test_people::TestPerson};
use leptos::prelude::*;
use protocol::{client::Environment, ids::AppId, locale::Locale};

use super::{off::SwitchedOff, register::summary, snippets};
use crate::{
    components::{
        Badge, CodeSample, ComplaintBox, Disclosure, Fact, Machine, PortalForm, PortalShell, Shape,
        Visitor, clock_time,
    },
    i18n::Texts,
    islands::CopyText,
    visitor::flash,
};

/// One app (D5): sandbox credentials, people to try it with, a first call.
#[component]
pub fn AppPage(
    /// Who looks.
    visitor: Visitor,
    /// The app.
    app: AppOverview,
) -> AnyView {
    let t = Texts::of(expect_context::<Locale>());
    let registration = summary(t, &app);
    let AppOverview {
        id,
        name,
        client,
        secret,
        people,
        may_change,
        snippet,
        suspensions,
        ..
    } = app;
    let log = Place::Log(id.clone(), Environment::Sandbox).path();
    let playground = Place::Playground(id.clone()).path();
    let has_secret = secret.is_some();
    let client_id = client.client_id.to_string();
    let uris = client
        .redirect_uris
        .into_iter()
        .map(|uri| view! { <li><Machine words=uri /></li> });
    let calls = snippets::all(&snippet);
    let credentials = Place::Credentials(id.clone(), Environment::Sandbox).path();
    let lead = match has_secret {
        true => t.say("app-first-call-lead"),
        false => t.say("app-first-call-hidden"),
    };
    view! {
        <PortalShell t title=name.clone() visitor sandbox=true>
            <h1><bdi>{name}</bdi></h1>
            <ComplaintBox t flash=flash("app") />
            <SwitchedOff t suspensions />
            <p class="d-badges">
                <a href=log>{t.say("log-title")}</a>
                <a href=playground>{t.say("playground-title")}</a>
            </p>
            {registration}
            <section class="d-block" aria-labelledby="credentials">
                <h2 id="credentials">{t.say("app-credentials")}</h2>
                <p class="d-badges">
                    <Badge tone="sandbox" shape=Shape::Check word=t.say("developer-sandbox-ready") />
                </p>
                <dl class="c-facts">
                    <Fact label=t.say("app-client-id")>
                        <span class="d-copy">
                            <Machine words=client_id.clone() />
                            <CopyText text=client_id label=t.say("copy") done=t.say("copied") />
                        </span>
                    </Fact>
                    <Fact label=t.say("app-secret")>
                        <Secret t secret />
                    </Fact>
                    <Fact label=t.say("app-scopes")>
                        <Machine words=client.scopes.join(" ") />
                    </Fact>
                    <Fact label=t.say("app-redirect-uris")>
                        <ul role="list">{uris.collect_view()}</ul>
                    </Fact>
                </dl>
                {may_change.then(|| view! { <Replace t id=id.clone() has_secret /> })}
                <p>
                    <a href=credentials>{t.say("app-to-credentials")}</a>
                </p>
            </section>
            <section class="d-block" aria-labelledby="first-call">
                <h2 id="first-call">{t.say("app-first-call")}</h2>
                <p>{lead}</p>
                {calls
                    .into_iter()
                    .map(|call| {
                        view! {
                            <Disclosure summary=call.language open=call.language == "curl">
                                <CodeSample t label=call.file code=call.text />
                            </Disclosure>
                        }
                    })
                    .collect_view()}
            </section>
            <section class="d-block" aria-labelledby="people">
                <h2 id="people">{t.say("app-people")}</h2>
                <p>{t.say("app-people-lead")}</p>
                <ul role="list" class="d-cards">
                    {people.into_iter().map(|person| view! { <TestUser t person /> }).collect_view()}
                </ul>
            </section>
        </PortalShell>
    }
    .into_any()
}

/// The secret while it can be seen, or the word that it cannot.
#[component]
fn Secret(t: Texts, secret: Option<ShownSecret>) -> AnyView {
    match secret {
        Some(ShownSecret { text, until }) => view! {
            <span class="d-copy">
                <Machine words=text.clone() />
                <CopyText text label=t.say("copy") done=t.say("copied") />
            </span>
            <p class="c-note">{t.rich("app-secret-until", [("time", clock_time(t, until))])}</p>
        }
        .into_any(),
        None => view! { <p>{t.say("app-secret-hidden")}</p> }.into_any(),
    }
}

/// The way to a secret that can be seen.
#[component]
fn Replace(t: Texts, id: AppId, has_secret: bool) -> AnyView {
    let words = match has_secret {
        true => t.say("app-replace"),
        false => t.say("app-replace-to-see"),
    };
    view! {
        <PortalForm form="replace-secret" action="/api/portal/replace_secret">
            <input type="hidden" name="app" value=id.to_string() />
            <p class="c-note">{t.say("app-replace-note")}</p>
            <button type="submit" class="c-button">
                {words}
            </button>
        </PortalForm>
    }
    .into_any()
}

/// One test user: how to sign in as them, and what they own.
#[component]
pub(super) fn TestUser(t: Texts, person: TestPerson) -> AnyView {
    let code = person.code.map(|code| {
        let seconds = t.with("demo-seconds", &[("seconds", person.seconds_left.into())]);
        view! {
            <Fact label=t.say("demo-code")>
                <Machine words=code />
                " "
                <span class="c-note">{seconds}</span>
            </Fact>
        }
    });
    let accounts = person.accounts.into_iter().map(|(iban, balance)| {
        view! {
            <li>
                <bdi translate="no">{iban}</bdi>
                " · "
                <span class="c-keep">{balance}</span>
            </li>
        }
    });
    view! {
        <li class="d-card">
            <h3>{person.display_name}</h3>
            <dl class="c-facts">
                <Fact label=t.say("demo-username")>
                    <Machine words=person.username />
                </Fact>
                <Fact label=t.say("demo-password")>
                    <Machine words=person.password />
                </Fact>
                {code}
                <Fact label=t.say("label-accounts")>
                    <ul role="list">{accounts.collect_view()}</ul>
                </Fact>
            </dl>
        </li>
    }
    .into_any()
}
