use engine::portal::{
    AppName, ConnectedAccount, ConnectedApp, ConnectedView, Connection, EndedAccess, Place,
    StopView,
};
use leptos::prelude::*;
use protocol::{client::Environment, locale::Locale, scope::Cluster};

use crate::{
    components::{
        AmountCard, Badge, ComplaintBox, Fact, Iban, PortalForm, PortalShell, Shape, Visitor,
        account_kind, day, permission_key,
    },
    i18n::Texts,
    visitor::flash,
};

/// The apps that have the person's permission (U6).
#[component]
pub fn ConnectedPage(
    /// Who looks.
    visitor: Visitor,
    /// What there is.
    view: ConnectedView,
) -> AnyView {
    let t = Texts::of(expect_context::<Locale>());
    let ConnectedView {
        environment,
        apps,
        ended,
    } = view;
    let sandbox = environment == Environment::Sandbox;
    let nothing = apps.is_empty().then(|| {
        view! {
            <section class="d-block">
                <p>{t.say("connected-empty")}</p>
                <p class="c-note">{t.say("connected-empty-note")}</p>
            </section>
        }
    });
    let apps = apps
        .into_iter()
        .enumerate()
        .map(|(at, app)| view! { <App t app at /> })
        .collect_view();
    let over = (!ended.is_empty()).then(|| {
        let lines = ended
            .into_iter()
            .map(|over| view! { <Over t over /> })
            .collect_view();
        view! {
            <section class="d-block" aria-labelledby="ended">
                <h2 id="ended">{t.say("connected-ended")}</h2>
                <p>{t.say("connected-ended-lead")}</p>
                <ul role="list" class="d-cards">{lines}</ul>
            </section>
        }
    });
    view! {
        <PortalShell t title=t.say("connected-title") visitor sandbox here=Place::Connected>
            <h1>{t.say("connected-heading")}</h1>
            <ComplaintBox t flash=flash("connected") />
            <p class="p-lead">{t.say("connected-lead")}</p>
            {nothing}
            {apps}
            {over}
        </PortalShell>
    }
    .into_any()
}

/// The question before an app's access is stopped (U8).
#[component]
pub fn StopPage(
    /// Who looks.
    visitor: Visitor,
    /// What would end.
    view: StopView,
) -> AnyView {
    let t = Texts::of(expect_context::<Locale>());
    let StopView {
        app,
        environment,
        permission,
    } = view;
    let name = || view! { <bdi>{app.name.clone()}</bdi> }.into_any();
    let heading = t.rich("stop-heading", [("app", name())]);
    let lead = t.rich("stop-lead", [("app", name())]);
    let moves = permission.payment.is_some() || permission.can.contains(&Cluster::MoveMoney);
    let paid = moves.then(|| view! { <p class="c-note">{t.say("stop-paid")}</p> });
    let id = permission.id.to_string();
    view! {
        <PortalShell t title=t.say("stop-title") visitor sandbox={environment == Environment::Sandbox}>
            <p><a href=Place::Connected.path()>{t.say("connected-title")}</a></p>
            <h1>{heading}</h1>
            <ComplaintBox t flash=flash("stop-access") />
            <section class="d-block">
                <p>{lead}</p>
                <Allowed t permission />
                <p class="c-note">{t.say("stop-kept")}</p>
                {paid}
                <PortalForm form="stop-access" action="/api/portal/stop_access">
                    <input type="hidden" name="consent" value=id />
                    <div class="d-buttons">
                        <button type="submit" class="c-button c-button--stop">
                            {t.say("stop-button")}
                        </button>
                        <a class="c-button" href=Place::Connected.path()>
                            {t.say("stop-keep")}
                        </a>
                    </div>
                </PortalForm>
            </section>
        </PortalShell>
    }
    .into_any()
}

/// One app: who it is, and each permission with the way to stop it.
#[component]
fn App(t: Texts, app: ConnectedApp, at: usize) -> AnyView {
    let ConnectedApp { app, permissions } = app;
    let id = format!("app-{}", at + 1);
    let labelled = id.clone();
    let name = app.name.clone();
    let cards = permissions
        .into_iter()
        .map(|permission| {
            let stop = Place::StopAccess(permission.id.clone()).path();
            let since = permission.since;
            let date = t.locale().date(since.date());
            let whose = format!("{name}, {date}");
            view! {
                <li class="d-card">
                    <h3>{t.rich("connected-since", [("date", day(t, since))])}</h3>
                    <Allowed t permission />
                    <p>
                        <a class="c-button" href=stop>
                            {t.say("connected-stop")}
                            <span class="l-aside">": " {whose}</span>
                        </a>
                    </p>
                </li>
            }
        })
        .collect_view();
    view! {
        <section class="d-block" aria-labelledby=labelled>
            <h2 id=id><bdi>{app.name.clone()}</bdi></h2>
            <Who t app />
            <ul role="list" class="d-cards">{cards}</ul>
        </section>
    }
    .into_any()
}

/// Who runs an app, as far as the bank knows.
#[component]
fn Who(t: Texts, app: AppName) -> AnyView {
    let off = app.is_off.then(|| {
        view! {
            <p class="d-badges">
                <Badge tone="warn" shape=Shape::Warning word=t.say("connected-off") />
            </p>
            <p class="c-note">{t.say("connected-off-note")}</p>
        }
    });
    let company = app.legal_name.map(|company| {
        view! { <Fact label=t.say("connected-company")><bdi>{company}</bdi></Fact> }
    });
    let website = app.domain.map(|domain| {
        view! { <Fact label=t.say("connected-website")><bdi class="c-host">{domain}</bdi></Fact> }
    });
    let about = match company.is_none() && website.is_none() {
        true => view! { <p class="c-note">{t.say("connected-unreviewed")}</p> }.into_any(),
        false => view! { <dl class="c-facts">{company} {website}</dl> }.into_any(),
    };
    view! { {off} {about} }.into_any()
}

/// What one permission is: what the app may do, with which accounts, until when.
#[component]
fn Allowed(t: Texts, permission: Connection) -> AnyView {
    let can = permission
        .can
        .iter()
        .map(|cluster| view! { <li>{t.say(&permission_key(cluster.key()))}</li> })
        .collect_view();
    let can = (!permission.can.is_empty()).then(|| view! { <ul>{can}</ul> });
    let payment = permission.payment.map(|payment| {
        view! {
            <p>{t.say("connected-payment")}</p>
            <AmountCard t payment />
        }
    });
    let once = permission.once.then(|| {
        view! { <Badge tone="sandbox" shape=Shape::Info word=t.say("connected-once") /> }
    });
    let soon = permission.ends_in.map(|days| {
        let word = t.with("connected-ends", &[("days", days.into())]);
        view! { <Badge tone="warn" shape=Shape::Warning word /> }
    });
    let badges =
        (once.is_some() || soon.is_some()).then(|| view! { <p class="d-badges">{once} {soon}</p> });
    let accounts = (!permission.accounts.is_empty()).then(|| {
        let lines = permission
            .accounts
            .into_iter()
            .map(|account| view! { <li><Account t account /></li> })
            .collect_view();
        view! {
            <Fact label=t.say("label-accounts")>
                <ul role="list">{lines}</ul>
            </Fact>
        }
    });
    let used = permission
        .last_used
        .map(|at| view! { <Fact label=t.say("connected-used")>{day(t, at)}</Fact> });
    view! {
        {badges}
        {can}
        {payment}
        <dl class="c-facts">
            {accounts}
            <Fact label=t.say("connected-until")>{day(t, permission.until)}</Fact>
            {used}
        </dl>
    }
    .into_any()
}

/// An account, told apart by kind, currency and the ends of its number.
#[component]
fn Account(t: Texts, account: ConnectedAccount) -> AnyView {
    let ConnectedAccount {
        kind,
        masked_iban,
        currency,
    } = account;
    view! {
        <p>{account_kind(t, &kind)} ", " {currency}</p>
        <p><Iban groups=masked_iban /></p>
    }
    .into_any()
}

/// One permission that is over, and why.
#[component]
fn Over(t: Texts, over: EndedAccess) -> AnyView {
    let could: Vec<String> = over
        .can
        .iter()
        .map(|cluster| t.say(&permission_key(cluster.key())))
        .collect();
    let could = (!could.is_empty()).then(|| {
        view! { <Fact label=t.say("connected-could")>{could.join(" · ")}</Fact> }
    });
    let payment = over.payment.map(|payment| {
        view! {
            <Fact label=t.say("pay-amount")>
                <data value=payment.amount>{payment.display}</data>
                " → "
                <bdi>{payment.creditor_name}</bdi>
            </Fact>
        }
    });
    let why = t.say(&format!("ended-{}", over.why.as_str()));
    view! {
        <li class="d-card">
            <h3><bdi>{over.app.name}</bdi></h3>
            <dl class="c-facts">
                <Fact label=t.say("connected-ended-why")>{why}</Fact>
                <Fact label=t.say("connected-ended-on")>{day(t, over.at)}</Fact>
                <Fact label=t.say("connected-allowed-on")>{day(t, over.since)}</Fact>
                {could}
                {payment}
            </dl>
        </li>
    }
    .into_any()
}
