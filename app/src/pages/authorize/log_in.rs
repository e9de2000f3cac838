use leptos::prelude::*;
use protocol::authorization::{LogInView, Notice};

use super::site;
use crate::{
    components::{
        Block, Deny, Enhancements, FocusShell, HeadBlock, NoticeBox, PasswordField, Place, Primary,
        SignBlock, StepForm, Ties, Top, UsernameField, named, plate, site_host,
    },
    i18n::Texts,
};

/// Sign in (U1): who asks, name and password, and the way back.
#[component]
pub fn LogInPage(
    /// What is shown.
    view: LogInView,
) -> AnyView {
    let LogInView {
        frame,
        username,
        payment,
        open,
    } = view;
    let t = Texts::of(frame.locale);
    let ties = Ties::of(&frame);
    let app = frame.app;
    let top = frame
        .notice
        .as_ref()
        .map(|notice| Top::of(t, notice, Place::LogIn));
    let failed = top.as_ref().and_then(Top::trouble).is_some();
    let wrong_details = matches!(frame.notice, Some(Notice::WrongDetails { .. }));
    let username_error = Top::error_of(top.as_ref(), "username");
    let password_error = Top::error_of(top.as_ref(), "password");
    let starts_with_password = !username.is_empty();

    let kind = if payment.is_some() {
        t.say("kind-payment")
    } else {
        t.say("kind-access")
    };
    let asks = match payment {
        Some(payment) => {
            let sum = view! { <strong class="c-keep">{payment.display}</strong> }.into_any();
            let payee = named(&payment.creditor_name);
            t.rich(
                "login-pay",
                [
                    ("app", named(&app.name)),
                    ("site", site(&app)),
                    ("sum", sum),
                    ("payee", payee),
                ],
            )
        }
        None => t.rich(
            "login-access",
            [("app", named(&app.name)), ("site", site(&app))],
        ),
    };
    let back_to = app.name.clone();
    let address = site_host().map(|host| {
        let host = view! { <strong class="c-host">{host}</strong> }.into_any();
        view! { <p class="c-note">{t.rich("login-address", [("host", host)])}</p> }
    });

    view! {
        <FocusShell
            t
            title=t.with("login-title", &[("app", app.name.clone().into())])
            failed
            sandbox=app.sandbox
            kind
            until=Some(frame.expires_at)
            reference=frame.interaction.as_str()
        >
            <HeadBlock heading=t.say("login-heading").into_any() margin=plate(&app.name)>
                <p class="p-lead">{asks}</p>
            </HeadBlock>
            {top.map(|top| view! { <NoticeBox t top /> })}
            <StepForm ties id="login" action="/api/authorize/login">
                <Block label=t.say("label-you")>
                    <UsernameField
                        t
                        value=username
                        error=username_error
                        marked=wrong_details
                        autofocus=!failed && !starts_with_password
                    />
                    <PasswordField
                        t
                        app=app.name
                        error=password_error
                        marked=wrong_details
                        autofocus=!failed && starts_with_password
                    />
                    {open.then(|| view! { <p class="p-sandbox">{t.say("login-open")}</p> })}
                    {address}
                    <Enhancements t form="login" />
                </Block>
                <SignBlock>
                    <Primary words=t.say("login-continue") />
                    <Deny t back_to />
                </SignBlock>
            </StepForm>
            <p class="p-below">
                <a href="/help#sign-in" target="_blank" rel="noopener">
                    {t.say("login-trouble")}
                    <span class="l-aside">" ("{t.say("new-tab")}")"</span>
                </a>
            </p>
        </FocusShell>
    }
    .into_any()
}
