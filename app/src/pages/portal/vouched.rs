use engine::portal::{VouchedFor, VouchedView, WelcomeView};
use leptos::prelude::*;
use protocol::locale::Locale;

use crate::{
    components::{
        Block, ComplaintBox, Enhancements, FieldKind, FocusShell, HeadBlock, Machine, PortalForm,
        Primary, QrCode, SignBlock, TextField, Tick, named, said_about,
    },
    i18n::Texts,
    islands::CopyText,
    visitor::flash,
};

/// Sign up with a token of an app that vouches for the address.
#[component]
pub fn VouchedPage(
    /// What the token is good for.
    view: VouchedView,
) -> AnyView {
    let t = Texts::of(expect_context::<Locale>());
    let VouchedView { token, open } = view;
    match open {
        Some(whom) => view! { <VouchedForm t token whom /> }.into_any(),
        None => {
            let why = t.say("vouched-over").into_any();
            view! { <Over t title=t.say("vouched-over-title") why /> }.into_any()
        }
    }
}

#[component]
fn Over(t: Texts, title: String, why: AnyView) -> AnyView {
    view! {
        <FocusShell t title=title.clone()>
            <HeadBlock heading=title.into_any()>
                <p class="p-lead">{why}</p>
            </HeadBlock>
        </FocusShell>
    }
    .into_any()
}

/// Name, password, and that the privacy notice was read. The address is given.
#[component]
fn VouchedForm(t: Texts, token: String, whom: VouchedFor) -> AnyView {
    let VouchedFor {
        app,
        name: address,
        by_phone,
    } = whom;
    let [lead, label, note] = if by_phone {
        ["vouched-lead-phone", "vouched-phone", "vouched-phone-note"]
    } else {
        ["vouched-lead", "vouched-email", "vouched-email-note"]
    };
    let flash = flash("signup-vouched");
    let failed = !flash.complaints.is_empty();
    let [name_error, password_error, terms_error] =
        ["name", "new_password", "terms"].map(|field| said_about(t, &flash, field));
    let name = flash.typed.get("name").to_owned();
    let agreed = flash.typed.get("terms") == "yes";
    let notice = view! { <a href="/privacy" target="_blank" rel="noopener">{t.say("signup-terms-link")}</a> };
    let terms = t
        .rich("vouched-terms", [("link", notice.into_any())])
        .into_any();
    view! {
        <FocusShell t title=t.say("vouched-title") failed>
            <HeadBlock heading=t.say("vouched-heading").into_any()>
                <p class="p-lead">{t.rich(lead, [("app", named(&app))])}</p>
                <ComplaintBox t flash />
            </HeadBlock>
            <PortalForm form="signup-vouched" action="/api/portal/signup_vouched">
                <input type="hidden" name="contact_token" value=token />
                <input type="hidden" name="address" value=address.clone() />
                <Block label=t.say("label-you")>
                    <p>
                        {t.say(label)} ": " <bdi class="c-host">{address}</bdi> <br />
                        <span class="c-note">{t.say(note)}</span>
                    </p>
                    <TextField
                        t
                        name="name"
                        kind=FieldKind::Name
                        label=t.say("signup-name")
                        value=name
                        error=name_error
                        autofocus=!failed
                    />
                    <TextField
                        t
                        name="new_password"
                        kind=FieldKind::NewPassword
                        label=t.say("signup-password")
                        hint=t.say("signup-password-hint")
                        error=password_error
                    />
                    <Tick t name="terms" label=terms checked=agreed error=terms_error />
                    <Enhancements t form="signup-vouched" />
                </Block>
                <SignBlock answers=1>
                    <Primary words=t.say("vouched-button") />
                </SignBlock>
            </PortalForm>
        </FocusShell>
    }
    .into_any()
}

/// The account is there: the authenticator app to set up, the codes to write down, the way back.
#[component]
pub fn WelcomePage(
    /// What is shown only now.
    view: WelcomeView,
) -> AnyView {
    let t = Texts::of(expect_context::<Locale>());
    let WelcomeView {
        app,
        homepage,
        username,
        setting_up,
        codes,
    } = view;
    let all = codes.join("\n");
    let back = match homepage {
        Some(homepage) => view! { <a href=homepage rel="noreferrer">{app}</a> }.into_any(),
        None => named(&app),
    };
    let user = view! { <bdi class="c-host">{username}</bdi> }.into_any();
    view! {
        <FocusShell t title=t.say("welcome-title")>
            <HeadBlock heading=t.say("welcome-title").into_any()>
                <p class="p-lead">{t.rich("welcome-lead", [("username", user)])}</p>
            </HeadBlock>
            <Block label=t.say("welcome-app")>
                <p>{t.say("security-scan")}</p>
                <QrCode text=setting_up.uri.clone() label=t.say("security-qr") />
                <p>{t.say("security-secret")}</p>
                <p class="d-copy">
                    <Machine words=setting_up.secret.clone() />
                    <CopyText text=setting_up.secret label=t.say("copy") done=t.say("copied") />
                </p>
                <p>
                    <a href=setting_up.uri>{t.say("security-open-app")}</a>
                </p>
            </Block>
            <Block label=t.say("welcome-codes")>
                <p>{t.say("welcome-codes-note")}</p>
                <ul role="list" class="d-codes" translate="no">
                    {codes
                        .into_iter()
                        .map(|code| view! { <li><Machine words=code /></li> })
                        .collect_view()}
                </ul>
                <CopyText text=all label=t.say("copy") done=t.say("copied") />
            </Block>
            <p class="p-below">{t.rich("welcome-back", [("app", back)])}</p>
        </FocusShell>
    }
    .into_any()
}
