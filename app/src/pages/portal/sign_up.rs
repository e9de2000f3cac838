use leptos::prelude::*;
use protocol::locale::Locale;

use crate::{
    components::{
        Block, ComplaintBox, Enhancements, FieldKind, FocusShell, HeadBlock, PortalForm, Primary,
        SignBlock, TextField, Tick, said_about,
    },
    i18n::Texts,
    visitor::flash,
};

/// The address of the other page, with the same way on.
pub(super) fn with_next(page: &str, next: &str) -> String {
    match next.is_empty() {
        true => page.to_owned(),
        false => format!("{page}?next={next}"),
    }
}

/// Sign up (D2): address, name, password, terms. Nothing else is asked.
#[component]
pub fn SignUpPage(
    /// Where the person goes on, sealed.
    #[prop(optional)]
    next: String,
) -> AnyView {
    let t = Texts::of(expect_context::<Locale>());
    let flash = flash("signup");
    let failed = !flash.complaints.is_empty();
    let [email_error, name_error, password_error, terms_error] =
        ["email", "name", "new_password", "terms"].map(|field| said_about(t, &flash, field));
    let [email, name] = ["email", "name"].map(|field| flash.typed.get(field).to_owned());
    let agreed = flash.typed.get("terms") == "yes";
    let log_in = with_next("/login", &next);
    let terms = view! { <a href="/privacy" target="_blank" rel="noopener">{t.say("signup-terms-link")}</a> };
    let terms = t
        .rich("signup-terms", [("link", terms.into_any())])
        .into_any();
    view! {
        <FocusShell t title=t.say("signup-title") failed>
            <HeadBlock heading=t.say("signup-heading").into_any()>
                <p class="p-lead">{t.say("signup-lead")}</p>
                <ComplaintBox t flash />
            </HeadBlock>
            <PortalForm form="signup" action="/api/portal/signup">
                <input type="hidden" name="next" value=next />
                <Block label=t.say("label-you")>
                    <TextField
                        t
                        name="email"
                        kind=FieldKind::Email
                        label=t.say("signup-email")
                        hint=t.say("signup-email-hint")
                        value=email
                        error=email_error
                        autofocus=!failed
                    />
                    <TextField
                        t
                        name="name"
                        kind=FieldKind::Name
                        label=t.say("signup-name")
                        value=name
                        error=name_error
                    />
                    <TextField
                        t
                        name="new_password"
                        kind=FieldKind::NewPassword
                        label=t.say("signup-password")
                        hint=t.say("signup-password-hint")
                        error=password_error
                    />
                    <Tick
                        t
                        name="terms"
                        label=terms
                        checked=agreed
                        error=terms_error
                    />
                    <Enhancements t form="signup" />
                </Block>
                <SignBlock answers=1>
                    <Primary words=t.say("signup-button") />
                </SignBlock>
            </PortalForm>
            <p class="p-below">
                {t.say("signup-known")} " " <a href=log_in>{t.say("signup-known-link")}</a>
            </p>
        </FocusShell>
    }
    .into_any()
}
