use engine::portal::{CodeView, Place};
use leptos::prelude::*;
use protocol::locale::Locale;

use crate::{
    components::{
        Block, CodeField, ComplaintBox, Enhancements, FocusShell, HeadBlock, PortalForm, Primary,
        RecoveryField, SignBlock, named, said_about,
    },
    i18n::Texts,
    visitor::flash,
};

/// The code of the authenticator app: after the password, or once more before something that matters.
#[component]
pub fn CodePage(
    /// What is asked.
    view: CodeView,
    /// Ask for a recovery code.
    recovery: bool,
) -> AnyView {
    let t = Texts::of(expect_context::<Locale>());
    let flash = flash("code");
    let failed = !flash.complaints.is_empty();
    let error = said_about(t, &flash, if recovery { "recovery_code" } else { "code" });
    let (page, action, heading) = match view.again {
        true => (
            Place::Confirm,
            "/api/portal/step_up",
            t.say("portal-confirm-heading"),
        ),
        false => (
            Place::LogInCode,
            "/api/portal/login_code",
            t.say("portal-code-heading"),
        ),
    };
    let next = view
        .again
        .then(|| view! { <input type="hidden" name="next" value=view.next.clone() /> });
    let query = match (view.again, recovery) {
        (true, false) => format!("?next={}&recovery=1", view.next),
        (true, true) => format!("?next={}", view.next),
        (false, false) => "?recovery=1".to_owned(),
        (false, true) => String::new(),
    };
    let other = match recovery {
        true => t.say("confirm-use-app"),
        false => t.say("confirm-use-recovery"),
    };
    let field = match recovery {
        true => view! { <RecoveryField t error autofocus=!failed /> }.into_any(),
        false => view! { <CodeField t error autofocus=!failed /> }.into_any(),
    };
    view! {
        <FocusShell t title=heading.clone() failed>
            <HeadBlock heading=heading.into_any()>
                <p class="p-lead">{t.rich("portal-code-lead", [("username", named(&view.username))])}</p>
                <ComplaintBox t flash />
            </HeadBlock>
            <PortalForm form="code" id="code-form" action>
                {next}
                <Block label=t.say("label-code")>
                    {field}
                    <p class="p-links">
                        <a href=format!("{}{query}", page.path())>{other}</a>
                    </p>
                    <Enhancements t form="code-form" />
                </Block>
                <SignBlock answers=1>
                    <Primary words=t.say("confirm-button") />
                </SignBlock>
            </PortalForm>
        </FocusShell>
    }
    .into_any()
}
