use engine::portal::{Place, RevokeView, SecretLinkView};
use leptos::prelude::*;
use protocol::{client::Environment, ids::AppId, locale::Locale};

use super::credentials::SecretFacts;
use crate::{
    components::{
        ComplaintBox, FieldKind, FormButtons, Machine, PortalForm, PortalShell, TextField, Visitor,
        minute, named, said_about,
    },
    i18n::Texts,
    visitor::flash,
};

/// After how many days a secret may end by itself, in words of the form.
const DAYS: [&str; 4] = ["30", "90", "180", "365"];

/// Another secret of an app.
#[component]
pub fn AddSecretPage(
    /// Who looks.
    visitor: Visitor,
    /// What the app is called.
    name: String,
    /// The version of its client.
    version: u32,
    /// The app.
    app: AppId,
    /// Play money or real money.
    environment: Environment,
) -> AnyView {
    let t = Texts::of(expect_context::<Locale>());
    let flash = flash("add-secret");
    let failed = !flash.complaints.is_empty();
    let error = said_about(t, &flash, "label");
    let label = flash.typed.get("label").to_owned();
    let chosen = flash.typed.get("days").to_owned();
    let days = DAYS.map(|days| {
        let words = t.with(
            "secret-days",
            &[("days", days.parse::<u32>().unwrap_or_default().into())],
        );
        let is_chosen = chosen == days;
        view! { <option value=days selected=is_chosen>{words}</option> }
    });
    let back = Place::Credentials(app.clone(), environment).path();
    let sandbox = environment == Environment::Sandbox;
    view! {
        <PortalShell
            t
            title=t.say("credentials-add")
            visitor
            sandbox
            failed
        >
            <h1>{t.say("credentials-add")}</h1>
            <p>{t.rich("secret-add-lead", [("app", named(&name))])}</p>
            <ComplaintBox t flash />
            <PortalForm form="add-secret" action="/api/portal/add_secret">
                <input type="hidden" name="app" value=app.to_string() />
                <input type="hidden" name="environment" value=environment.as_str() />
                <input type="hidden" name="version" value=version.to_string() />
                <TextField
                    t
                    name="label"
                    kind=FieldKind::Plain
                    label=t.say("secret-label")
                    hint=t.say("secret-label-hint")
                    value=label
                    error=error
                />
                <div class="c-field">
                    <label class="c-field__label" for="days">
                        {t.say("secret-days-label")}
                    </label>
                    <select class="c-input" id="days" name="days">
                        <option value="">{t.say("secret-no-end")}</option>
                        {days.into_iter().collect_view()}
                    </select>
                </div>
                <FormButtons t button=t.say("credentials-add") back />
            </PortalForm>
        </PortalShell>
    }
    .into_any()
}

/// Once more before a secret ends. Its last use comes first.
#[component]
pub fn RevokePage(
    /// Who looks.
    visitor: Visitor,
    /// The secret.
    view: RevokeView,
) -> AnyView {
    let t = Texts::of(expect_context::<Locale>());
    let RevokeView {
        app,
        name,
        environment,
        secret,
        in_use,
    } = view;
    let flash = flash("revoke-secret");
    let failed = !flash.complaints.is_empty();
    let error = said_about(t, &flash, "last_four");
    let warning = in_use.then(|| view! { <p><strong>{t.say("revoke-in-use")}</strong></p> });
    let field = in_use.then(|| {
        let hint = match secret.last_four.is_some() {
            true => t.say("revoke-last-four-hint"),
            false => t.say("revoke-label-hint"),
        };
        view! {
            <TextField
                t
                name="last_four"
                kind=FieldKind::Machine
                label=t.say("revoke-last-four")
                hint=hint
                error=error
            />
        }
    });
    let back = Place::Credentials(app.clone(), environment).path();
    let sandbox = environment == Environment::Sandbox;
    let secret_id = secret.id.to_string();
    let lead = t.rich(
        "revoke-lead",
        [("label", named(&secret.label)), ("app", named(&name))],
    );
    view! {
        <PortalShell
            t
            title=t.say("revoke-heading")
            visitor
            sandbox
            failed
        >
            <h1>{t.say("revoke-heading")}</h1>
            <ComplaintBox t flash />
            <section class="d-block">
                {warning}
                <p>{lead}</p>
                <SecretFacts t secret />
                <PortalForm form="revoke-secret" action="/api/portal/revoke_secret">
                    <input type="hidden" name="app" value=app.to_string() />
                    <input type="hidden" name="environment" value=environment.as_str() />
                    <input type="hidden" name="secret" value=secret_id />
                    {field}
                    <FormButtons t button=t.say("revoke-heading") back />
                </PortalForm>
            </section>
        </PortalShell>
    }
    .into_any()
}

/// The page behind a one-time link: looking at it uses nothing up.
#[component]
pub fn SecretLinkPage(
    /// Who looks.
    visitor: Visitor,
    /// What there is behind the link.
    view: SecretLinkView,
) -> AnyView {
    let t = Texts::of(expect_context::<Locale>());
    let to_table = |app: AppId| {
        let address = Place::Credentials(app, Environment::Live).path();
        view! { <p><a href=address>{t.say("secret-link-table")}</a></p> }.into_any()
    };
    let says = |key: &'static str| view! { <p>{t.say(key)}</p> };
    let body = match view {
        SecretLinkView::Good {
            app,
            client,
            until,
            link,
        } => view! {
            <p>{t.rich("secret-link-lead", [("app", named(&app)), ("time", minute(t, until))])}</p>
            <p><Machine words=client.to_string() /></p>
            <PortalForm form="secret-link" action="/api/portal/secret_link">
                <input type="hidden" name="token" value=link />
                <button type="submit" class="c-button c-button--primary">
                    {t.say("secret-link-button")}
                </button>
            </PortalForm>
        }
        .into_any(),
        SecretLinkView::Used { app, at, by_you } => {
            let key = if by_you {
                "secret-link-used-by-you"
            } else {
                "secret-link-used-by-other"
            };
            view! { <p>{t.rich(key, [("time", minute(t, at))])}</p> {to_table(app)} }.into_any()
        }
        SecretLinkView::Over { app } => {
            view! { {says("secret-link-over")} {to_table(app)} }.into_any()
        }
        SecretLinkView::NoRoom { app } => {
            view! { {says("credentials-full")} {to_table(app)} }.into_any()
        }
        SecretLinkView::Foreign => says("secret-link-foreign").into_any(),
        SecretLinkView::Unknown => says("secret-link-unknown").into_any(),
    };
    view! {
        <PortalShell t title=t.say("secret-link-heading") visitor>
            <h1>{t.say("secret-link-heading")}</h1>
            <section class="d-block">{body}</section>
        </PortalShell>
    }
    .into_any()
}
