use engine::portal::Waiting;
use leptos::prelude::*;
use protocol::locale::Locale;

use crate::{
    components::{
        Block, CodeField, ComplaintBox, Enhancements, FocusShell, HeadBlock, PortalForm, Primary,
        SignBlock, clock_time, named, said_about,
    },
    i18n::Texts,
    visitor::flash,
};

/// "Check your mail": the same whether the address was known or not.
#[component]
pub fn CheckMailPage(
    /// What waits.
    waiting: Waiting,
) -> AnyView {
    let t = Texts::of(expect_context::<Locale>());
    let flash = flash("check-mail");
    let failed = !flash.complaints.is_empty();
    let error = said_about(t, &flash, "code");
    let lead = t.rich(
        "posted-lead",
        [
            ("email", named(&waiting.email)),
            ("time", clock_time(t, waiting.until)),
        ],
    );
    view! {
        <FocusShell t title=t.say("posted-title") failed>
            <HeadBlock heading=t.say("posted-heading").into_any()>
                <p class="p-lead">{lead}</p>
                <ComplaintBox t flash />
            </HeadBlock>
            <PortalForm form="check-mail" action="/api/portal/check_mail">
                <Block label=t.say("label-code")>
                    <CodeField t error autofocus=!failed hint="posted-code-hint" />
                    <Enhancements t form="check-mail" />
                </Block>
                <SignBlock answers=1>
                    <Primary words=t.say("posted-button") />
                </SignBlock>
            </PortalForm>
            <div class="p-below">
                <PortalForm form="resend" action="/api/portal/resend">
                    <p>{t.say("posted-nothing")}</p>
                    <div class="d-buttons">
                        <button type="submit" class="c-button">
                            {t.say("posted-resend")}
                        </button>
                        <a class="c-button" href="/signup">
                            {t.say("posted-other")}
                        </a>
                    </div>
                </PortalForm>
            </div>
        </FocusShell>
    }
    .into_any()
}

/// The page behind the link of the letter: looking at it confirms nothing, for programs look too.
#[component]
pub fn ConfirmAddressPage(
    /// What waits.
    waiting: Waiting,
    /// The token of the link.
    token: String,
) -> AnyView {
    let t = Texts::of(expect_context::<Locale>());
    let lead = t.rich("confirm-address-lead", [("email", named(&waiting.email))]);
    view! {
        <FocusShell t title=t.say("confirm-address-title")>
            <HeadBlock heading=t.say("confirm-address-heading").into_any()>
                <p class="p-lead">{lead}</p>
            </HeadBlock>
            <PortalForm form="confirm-address" action="/api/portal/confirm_address">
                <input type="hidden" name="token" value=token />
                <SignBlock answers=1>
                    <Primary words=t.say("confirm-address-button") />
                </SignBlock>
            </PortalForm>
        </FocusShell>
    }
    .into_any()
}
