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

/// Sign in (D3): developers and admins to the portal, customers to the apps that have their permission.
#[component]
pub fn PortalLogInPage(
    /// Where the person goes on, sealed.
    next: String,
    /// There is a door for people whom any password lets in.
    open: bool,
) -> AnyView {
    let t = Texts::of(expect_context::<Locale>());
    let sign_up = with_next("/signup", &next);
    let sandbox = with_next(&Place::SandboxLogIn.path(), &next);
    let sandbox = open.then(|| {
        view! { <p class="p-below"><a href=sandbox>{t.say("sandbox-login-link")}</a></p> }
    });
    let forgot = view! {
        <p class="p-links">
            <a href=Place::Forgot.path()>{t.say("portal-login-forgot")}</a>
        </p>
    };
    view! {
        <Door
            t
            next
            action="/api/portal/login"
            heading=t.say("portal-login-heading")
            lead=t.say("portal-login-lead")
            help=forgot.into_any()
        >
            <p class="p-below">
                {t.say("portal-login-new")} " " <a href=sign_up>{t.say("portal-login-new-link")}</a>
            </p>
            {sandbox}
        </Door>
    }
    .into_any()
}

/// Sign in as somebody of the open sandbox.
#[component]
pub fn SandboxLogInPage(
    /// Where the person goes on, sealed.
    next: String,
) -> AnyView {
    let t = Texts::of(expect_context::<Locale>());
    let back = with_next(&Place::LogIn.path(), &next);
    view! {
        <Door
            t
            next
            sandbox=true
            action="/api/portal/sandbox_login"
            heading=t.say("sandbox-login-heading")
            lead=t.say("sandbox-login-lead")
            help=().into_any()
        >
            <p class="p-below"><a href=back>{t.say("sandbox-login-back")}</a></p>
        </Door>
    }
    .into_any()
}

/// The form with name and password, whichever door it is for.
#[component]
fn Door(
    t: Texts,
    next: String,
    #[prop(optional)] sandbox: bool,
    action: &'static str,
    heading: String,
    lead: String,
    help: AnyView,
    children: Children,
) -> AnyView {
    let flash = flash("login");
    let failed = !flash.complaints.is_empty();
    let [username_error, password_error] =
        ["username", "password"].map(|field| said_about(t, &flash, field));
    let username = flash.typed.get("username").to_owned();
    let with_password = !username.is_empty();
    let host = site_host().unwrap_or_default();
    view! {
        <FocusShell t title=t.say("portal-login-title") failed sandbox>
            <HeadBlock heading=heading.into_any()>
                <p class="p-lead">{lead}</p>
                <ComplaintBox t flash />
            </HeadBlock>
            <PortalForm form="login" action=action>
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
                    {help}
                    <Enhancements t form="login" />
                </Block>
                <SignBlock answers=1>
                    <Primary words=t.say("login-continue") />
                </SignBlock>
            </PortalForm>
            {children()}
        </FocusShell>
    }
    .into_any()
}
