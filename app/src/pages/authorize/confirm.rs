use leptos::prelude::*;
use protocol::{authorization::ConfirmView, ids::AuthorizationId, scope::Cluster, time::Timestamp};

use super::{named_with_site, signed_in};
use crate::{
    components::{
        AmountCard, Block, CodeField, Deny, Disclosure, Enhancements, Fact, FocusShell, HeadBlock,
        Iban, Icon, NoticeBox, Place, Primary, RecoveryField, Shape, SignBlock, StepForm, Ties,
        Top, countdown, day, plate,
    },
    i18n::Texts,
};

/// Strong customer authentication (U2), with sum and payee on the same page when it is a payment
/// (U4): what is confirmed and the code that confirms it are never apart.
#[component]
pub fn ConfirmPage(
    /// What is shown.
    view: ConfirmView,
) -> AnyView {
    let ConfirmView {
        frame,
        payment,
        can,
        accounts,
        until,
        code_optional,
        sandbox_code,
        recovery,
    } = view;
    let t = Texts::of(frame.locale);
    let ties = Ties::of(&frame);
    let countdown = countdown(t, &frame);
    let signed_in = signed_in(t, frame.signed_in_as.as_deref());
    let app = frame.app;
    let pays = payment.is_some();
    let place = if recovery {
        Place::Recovery { pays }
    } else {
        Place::Code { pays }
    };
    let top = frame
        .notice
        .as_ref()
        .map(|notice| Top::of(t, notice, place));
    let failed = top.as_ref().and_then(Top::trouble).is_some();
    let error = Top::error_of(
        top.as_ref(),
        if recovery { "recovery_code" } else { "code" },
    );
    // A payment is read from the top: the sum comes before the field.
    let autofocus = !failed && !pays;

    let (title, button, kind) = match &payment {
        Some(payment) => {
            let sum = || payment.display.clone().into();
            let title = t.with(
                "confirm-title-pay",
                &[("sum", sum()), ("app", app.name.clone().into())],
            );
            (
                title,
                t.with("confirm-pay", &[("sum", sum())]),
                t.say("kind-payment"),
            )
        }
        None => {
            let title = t.with("confirm-title", &[("app", app.name.clone().into())]);
            (title, t.say("confirm-button"), t.say("kind-access"))
        }
    };
    let heading = match (pays, recovery) {
        (true, _) => t.say("confirm-heading-pay"),
        (false, true) => t.say("confirm-heading-recovery"),
        (false, false) => t.say("confirm-heading"),
    };
    let by = app.name.clone();
    let pay = payment.map(|payment| {
        view! {
            <Block label=t.say("label-pay")>
                <AmountCard t payment by />
                <p class="c-note">{t.say("confirm-next-account")}</p>
            </Block>
        }
    });
    let can: Vec<Cluster> = can
        .into_iter()
        .filter(|cluster| !(pays && matches!(cluster, Cluster::ThisPayment)))
        .collect();
    let allowed = (!can.is_empty()).then(|| view! { <Allowed t can accounts until /> });
    let field = if recovery {
        view! { <RecoveryField t error autofocus /> }.into_any()
    } else {
        view! { <CodeField t error autofocus /> }.into_any()
    };
    let sandbox = match sandbox_code {
        true => "confirm-code-sandbox",
        false => "confirm-code-optional",
    };
    let other = other_way(t, &frame.interaction, recovery);

    view! {
        <FocusShell
            t
            title
            failed
            sandbox=app.sandbox
            kind
            until=Some(frame.expires_at)
            reference=frame.interaction.as_str()
        >
            {countdown}
            <HeadBlock heading=heading.into_any() margin=plate(&app.name)>
                <p class="p-lead">{named_with_site(&app)}</p>
                {signed_in}
            </HeadBlock>
            {top.map(|top| view! { <NoticeBox t top /> })}
            <StepForm ties id="confirm" action="/api/authorize/confirm">
                {pay}
                {allowed}
                <Block label=t.say("label-code")>
                    {field}
                    {code_optional.then(|| view! { <p class="p-sandbox">{t.say(sandbox)}</p> })}
                    {other}
                    <Enhancements t form="confirm" />
                </Block>
                <SignBlock>
                    <Primary words=button decision="confirm" />
                    <Deny t />
                </SignBlock>
            </StepForm>
            <div class="p-below">
                <Disclosure summary=t.say("confirm-not-me")>
                    <p>{t.say("confirm-not-me-body")}</p>
                </Disclosure>
            </div>
        </FocusShell>
    }
    .into_any()
}

/// What was allowed on the page before, once more in short.
#[component]
fn Allowed(
    t: Texts,
    can: Vec<Cluster>,
    accounts: Vec<String>,
    until: Option<Timestamp>,
) -> AnyView {
    let rights = can
        .into_iter()
        .map(|cluster| {
            view! {
                <li class="c-with-icon c-is-ok">
                    <Icon shape=Shape::Check />
                    {t.say(&cluster.key().replace('.', "-"))}
                </li>
            }
        })
        .collect_view();
    let accounts = accounts
        .into_iter()
        .map(|number| view! { <li><Iban groups=number /></li> }.into_any())
        .collect_view();
    let accounts = (!accounts.is_empty()).then(|| {
        view! {
            <Fact label=t.say("label-accounts")>
                <ul role="list">{accounts}</ul>
            </Fact>
        }
    });
    let until =
        until.map(|until| view! { <Fact label=t.say("label-until")>{day(t, until)}</Fact> });
    view! {
        <Block label=t.say("label-allow")>
            <ul role="list" class="p-short">
                {rights}
            </ul>
            <dl class="c-facts">{accounts} {until}</dl>
        </Block>
    }
    .into_any()
}

/// The other way to confirm, as a link: a recovery code has a page and a field of its own.
fn other_way(t: Texts, interaction: &AuthorizationId, recovery: bool) -> AnyView {
    let page = format!("/authorize/{interaction}");
    let (href, words) = if recovery {
        (page, t.say("confirm-use-app"))
    } else {
        (format!("{page}?recovery=1"), t.say("confirm-use-recovery"))
    };
    view! {
        <p class="p-links">
            <a href=href>{words}</a>
        </p>
    }
    .into_any()
}
