use engine::portal::{Place, SecurityView, security::SettingUp};
use leptos::prelude::*;
use protocol::locale::Locale;

use crate::{
    components::{
        CodeField, ComplaintBox, Machine, PortalForm, PortalShell, QrCode, Visitor, day, said_about,
    },
    i18n::Texts,
    islands::CopyText,
    visitor::flash,
};

/// Authenticator app and recovery codes (U10).
#[component]
pub fn SecurityPage(
    /// Who looks.
    visitor: Visitor,
    /// What there is.
    view: SecurityView,
) -> AnyView {
    let t = Texts::of(expect_context::<Locale>());
    let flash = flash("security");
    let failed = !flash.complaints.is_empty();
    let error = said_about(t, &flash, "code");
    let state = match view.since {
        Some(since) => t
            .rich("security-app-since", [("day", day(t, since))])
            .into_any(),
        None => t.say("security-app-none").into_any(),
    };
    let enrolled = view.since.is_some();
    let app = match view.setting_up {
        Some(setting_up) => view! { <SetUp t setting_up error /> }.into_any(),
        None => view! { <Act t act="begin" words=begin_words(t, enrolled) primary=!enrolled /> }
            .into_any(),
    };
    let codes = match (view.new_codes.is_empty(), enrolled) {
        (false, _) => view! { <NewCodes t codes=view.new_codes /> }.into_any(),
        (true, true) => view! {
            <p>{t.with("security-codes-left", &[("codes", view.codes_left.into())])}</p>
            <Act t act="renew" words=t.say("security-codes-renew") primary=false />
        }
        .into_any(),
        (true, false) => view! { <p>{t.say("security-codes-none")}</p> }.into_any(),
    };
    view! {
        <PortalShell t title=t.say("security-title") visitor here=Place::Security failed>
            <h1>{t.say("security-heading")}</h1>
            <ComplaintBox t flash />
            <section class="d-block" aria-labelledby="app">
                <h2 id="app">{t.say("security-app")}</h2>
                <p>{state}</p>
                {app}
            </section>
            <section class="d-block" aria-labelledby="codes">
                <h2 id="codes">{t.say("security-codes")}</h2>
                {codes}
            </section>
        </PortalShell>
    }
    .into_any()
}

fn begin_words(t: Texts, enrolled: bool) -> String {
    match enrolled {
        true => t.say("security-app-replace"),
        false => t.say("security-app-begin"),
    }
}

/// A form that is one button.
#[component]
fn Act(t: Texts, act: &'static str, words: String, primary: bool) -> AnyView {
    let class = match primary {
        true => "c-button c-button--primary",
        false => "c-button",
    };
    let note = (act == "put_away").then(|| view! { <p>{t.say("security-codes-saved-note")}</p> });
    view! {
        <PortalForm form="security" id=act action="/api/portal/security">
            {note}
            <button type="submit" class=class name="do" value=act>
                {words}
            </button>
        </PortalForm>
    }
    .into_any()
}

/// QR code, secret and link of the new app, and the field for its first code.
#[component]
fn SetUp(t: Texts, setting_up: SettingUp, error: Option<String>) -> AnyView {
    let SettingUp { secret, uri } = setting_up;
    view! {
        <ol class="d-steps">
            <li>
                <p>{t.say("security-scan")}</p>
                <QrCode text=uri.clone() label=t.say("security-qr") />
                <p>{t.say("security-secret")}</p>
                <p class="d-copy">
                    <Machine words=secret.clone() />
                    <CopyText text=secret label=t.say("copy") done=t.say("copied") />
                </p>
                <p>
                    <a href=uri>{t.say("security-open-app")}</a>
                </p>
            </li>
            <li>
                <PortalForm form="security" id="enrol" action="/api/portal/security">
                    <CodeField t error hint="security-code-hint" />
                    <div class="d-buttons">
                        <button type="submit" class="c-button c-button--primary">
                            {t.say("security-app-confirm")}
                        </button>
                        <button type="submit" class="c-button" name="do" value="put_away">
                            {t.say("cancel")}
                        </button>
                    </div>
                </PortalForm>
            </li>
        </ol>
    }
    .into_any()
}

/// Recovery codes to be written down now.
#[component]
fn NewCodes(t: Texts, codes: Vec<String>) -> AnyView {
    let all = codes.join("\n");
    view! {
        <p>{t.say("security-codes-new")}</p>
        <ul role="list" class="d-codes" translate="no">
            {codes.into_iter().map(|code| view! { <li><Machine words=code /></li> }).collect_view()}
        </ul>
        <CopyText text=all label=t.say("copy") done=t.say("copied") />
        <Act t act="put_away" words=t.say("security-codes-saved") primary=true />
    }
    .into_any()
}
