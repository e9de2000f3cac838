use engine::portal::{NewPasswordView, Place};
use leptos::prelude::*;
use protocol::locale::Locale;

use crate::{
    components::{
        Block, ComplaintBox, Enhancements, FieldKind, FocusShell, HeadBlock, PortalForm, Primary,
        SignBlock, TextField, named, said_about,
    },
    i18n::Texts,
    visitor::flash,
};

/// A forgotten password (U11): the address to write to.
#[component]
pub fn ForgotPage() -> AnyView {
    let t = Texts::of(expect_context::<Locale>());
    let flash = flash("forgot");
    let failed = !flash.complaints.is_empty();
    let error = said_about(t, &flash, "email");
    let email = flash.typed.get("email").to_owned();
    view! {
        <FocusShell t title=t.say("forgot-title") failed>
            <HeadBlock heading=t.say("forgot-heading").into_any()>
                <p class="p-lead">{t.say("forgot-lead")}</p>
                <ComplaintBox t flash />
            </HeadBlock>
            <PortalForm form="forgot" action="/api/portal/forgot">
                <Block label=t.say("label-you")>
                    <TextField
                        t
                        name="email"
                        kind=FieldKind::Email
                        label=t.say("signup-email")
                        value=email
                        error
                        autofocus=!failed
                    />
                    <Enhancements t form="forgot" />
                </Block>
                <SignBlock answers=1>
                    <Primary words=t.say("forgot-button") />
                </SignBlock>
            </PortalForm>
            <p class="p-below">
                <a href=Place::LogIn.path()>{t.say("forgot-remembered")}</a>
            </p>
        </FocusShell>
    }
    .into_any()
}

/// The same for everybody who asked: whether there is such an account is in the letter alone.
#[component]
pub fn ForgotSentPage() -> AnyView {
    let t = Texts::of(expect_context::<Locale>());
    view! {
        <FocusShell t title=t.say("posted-title")>
            <HeadBlock heading=t.say("posted-heading").into_any()>
                <p class="p-lead">{t.say("forgot-sent-lead")}</p>
                <p>{t.say("posted-nothing")}</p>
            </HeadBlock>
            <p class="p-below d-buttons">
                <a class="c-button" href=Place::LogIn.path()>{t.say("portal-login-title")}</a>
                <a class="c-button" href=Place::Forgot.path()>{t.say("posted-other")}</a>
            </p>
        </FocusShell>
    }
    .into_any()
}

/// The page behind the link of the letter. Looking at it uses nothing up.
#[component]
pub fn NewPasswordPage(
    /// Whose password.
    view: NewPasswordView,
) -> AnyView {
    let t = Texts::of(expect_context::<Locale>());
    let flash = flash("new-password");
    let failed = !flash.complaints.is_empty();
    let error = said_about(t, &flash, "new_password");
    let lead = t.rich("new-password-lead", [("username", named(&view.username))]);
    view! {
        <FocusShell t title=t.say("new-password-title") failed>
            <HeadBlock heading=t.say("new-password-title").into_any()>
                <p class="p-lead">{lead}</p>
                <ComplaintBox t flash />
            </HeadBlock>
            <PortalForm form="new-password" action="/api/portal/new_password">
                <input type="hidden" name="token" value=view.link />
                // Password managers note the new password under this name.
                <input type="text" name="username" value=view.username autocomplete="username" readonly=true hidden=true />
                <Block label=t.say("label-you")>
                    <TextField
                        t
                        name="new_password"
                        kind=FieldKind::NewPassword
                        label=t.say("signup-password")
                        hint=t.say("signup-password-hint")
                        error
                        autofocus=!failed
                    />
                    <Enhancements t form="new-password" />
                </Block>
                <SignBlock answers=1>
                    <Primary words=t.say("new-password-button") />
                </SignBlock>
            </PortalForm>
        </FocusShell>
    }
    .into_any()
}
