use leptos::prelude::*;
use protocol::authorization::PayFromView;

use super::{named_with_site, signed_in};
use crate::{
    components::{
        AccountCard, AmountCard, Block, Deny, Enhancements, FocusShell, HeadBlock, NoticeBox, Pick,
        Place, Primary, SignBlock, StepForm, Ties, Top, countdown, plate,
    },
    i18n::Texts,
};

/// Which account pays (second page of U4). The payment was confirmed; no second code is asked for.
#[component]
pub fn PayFromPage(
    /// What is shown.
    view: PayFromView,
) -> AnyView {
    let PayFromView {
        frame,
        payment,
        accounts,
    } = view;
    let t = Texts::of(frame.locale);
    let ties = Ties::of(&frame);
    let countdown = countdown(t, &frame);
    let signed_in = signed_in(t, frame.signed_in_as.as_deref());
    let app = frame.app;
    let by = app.name.clone();
    let top = frame
        .notice
        .as_ref()
        .map(|notice| Top::of(t, notice, Place::PayFrom));
    let failed = top.as_ref().and_then(Top::trouble).is_some();
    let error = Top::error_of(top.as_ref(), "accounts");
    let wrong = error.is_some();
    let nothing_fits = accounts.iter().all(|account| account.ineligible.is_some());
    let sum = view! { <span class="c-keep">{payment.display.clone()}</span> }.into_any();
    let legend = if nothing_fits {
        vec![t.say("from-none").into_any()]
    } else {
        t.rich("from-legend", [("sum", sum)])
    };
    let button = t.with("confirm-pay", &[("sum", payment.display.clone().into())]);

    view! {
        <FocusShell
            t
            title=t.with("from-title", &[("app", app.name.clone().into())])
            failed
            sandbox=app.sandbox
            kind=t.say("kind-payment")
            until=Some(frame.expires_at)
            reference=frame.interaction.as_str()
        >
            {countdown}
            <HeadBlock heading=t.say("from-heading").into_any() margin=plate(&app.name)>
                <p class="p-lead">{named_with_site(&app)}</p>
                {signed_in}
            </HeadBlock>
            {top.map(|top| view! { <NoticeBox t top /> })}
            <StepForm ties id="pay-from" action="/api/authorize/pay_from">
                <Block label=t.say("label-pay")>
                    <AmountCard t payment by />
                </Block>
                <Block label=t.say("label-from")>
                    <fieldset
                        id="accounts"
                        tabindex="-1"
                        class=if wrong { "c-field--error" } else { "" }
                        aria-describedby=wrong.then_some("accounts-error")
                    >
                        <legend class="c-legend">{legend}</legend>
                        // The form's first button: Enter in a choice must not pay.
                        <button type="submit" class="c-button c-button--quiet l-aside" name="do" value="recalculate">
                            {t.say("consent-update")}
                        </button>
                        {error
                            .map(|error| {
                                view! {
                                    <p class="c-field__error" id="accounts-error">
                                        <span class="l-aside">{t.say("error-prefix")}" "</span>
                                        {error}
                                    </p>
                                }
                            })}
                        {accounts
                            .into_iter()
                            .map(|account| view! { <AccountCard t account pick=Pick::One /> })
                            .collect_view()}
                    </fieldset>
                    <Enhancements t form="pay-from" />
                </Block>
                <SignBlock answers=if nothing_fits { 1 } else { 2 }>
                    {(!nothing_fits).then(|| view! { <Primary words=button decision="allow" /> })}
                    <Deny t />
                </SignBlock>
            </StepForm>
        </FocusShell>
    }
    .into_any()
}
