use engine::portal::Place;
use leptos::prelude::*;
use protocol::locale::Locale;

use super::sign_up::with_next;
use crate::{
    components::{
        Block, ComplaintBox, Enhancements, FocusShell, HeadBlock, PasswordField, PortalForm,
        Primary, SignBlock, UsernameField, said_about, site_host,
    },
    i18n::Texts,
    visitor::flash,
};

/// Sign in to the portal (D3).
#[component]
pub fn PortalLogInPage(
    /// Where the person goes on, sealed.
    next: String,
) -> AnyView {
    let t = Texts::of(expect_context::<Locale>());
    let flash = flash("login");
    let failed = !flash.complaints.is_empty();
    let [username_error, password_error] =
        ["username", "password"].map(|field| said_about(t, &flash, field));
    let username = flash.typed.get("username").to_owned();
    let with_password = !username.is_empty();
    let sign_up = with_next("/signup", &next);
    let host = site_host().unwrap_or_default();
    view! {
        <FocusShell t title=t.say("portal-login-title") failed>
            <HeadBlock heading=t.say("portal-login-heading").into_any()>
                <p class="p-lead">{t.say("portal-login-lead")}</p>
                <ComplaintBox t flash />
            </HeadBlock>
            <PortalForm form="login" action="/api/portal/login">
                <input type="hidden" name="next" value=next />
                <Block label=t.say("label-you")>
                    <UsernameField
                        t
                        value=username
                        error=username_error
                        autofocus=!failed && !with_password
                    />
                    <PasswordField
                        t
                        app=host
                        error=password_error
                        autofocus=!failed && with_password
                        hint=false
                    />
                    <p class="p-links">
                        <a href=Place::Forgot.path()>{t.say("portal-login-forgot")}</a>
                    </p>
                    <Enhancements t form="login" />
                </Block>
                <SignBlock answers=1>
                    <Primary words=t.say("login-continue") />
                </SignBlock>
            </PortalForm>
            <p class="p-below">
                {t.say("portal-login-new")} " " <a href=sign_up>{t.say("portal-login-new-link")}</a>
            </p>
        </FocusShell>
    }
    .into_any()
}
