use engine::portal::Place as Destination;
use leptos::prelude::*;
use protocol::authorization::{FinishedView, Outcome};

use crate::{
    components::{AmountCard, Block, FocusShell, HeadBlock, SignBlock, day, minute, named, plate},
    i18n::Texts,
};

/// It is over (U5): what was decided, and a real link back. Seen when the browser could not go on
/// by itself, or when the person came back.
#[component]
pub fn FinishedPage(
    /// What is shown.
    view: FinishedView,
) -> AnyView {
    let FinishedView {
        frame,
        outcome,
        way_back,
    } = view;
    let t = Texts::of(frame.locale);
    let name = frame.app.name.clone();
    let approved = matches!(outcome, Outcome::Approved { .. });
    let (heading, body, payment) = match outcome {
        Outcome::Approved { accounts: 0, until } => {
            let body = t.rich(
                "done-approved-plain",
                [("app", named(&name)), ("date", day(t, until))],
            );
            (t.say("done-approved"), body, None)
        }
        Outcome::Approved { accounts, until } => {
            // A date is read in one piece.
            let date = t.locale().date(until.date()).replace(' ', "\u{a0}");
            let values = [
                ("app", name.clone().into()),
                ("accounts", accounts.into()),
                ("date", date.into()),
            ];
            (
                t.say("done-approved"),
                vec![t.with("done-approved-accounts", &values).into_any()],
                None,
            )
        }
        Outcome::Paid { payment } => (
            t.say("done-paid"),
            t.rich("done-paid-body", [("app", named(&name))]),
            Some(payment),
        ),
        Outcome::Denied => (
            t.say("done-denied"),
            vec![t.say("done-denied-body").into_any()],
            None,
        ),
    };
    let paid = payment.map(|payment| {
        let by = name.clone();
        view! {
            <Block label=t.say("label-pay")>
                <AmountCard t payment by />
            </Block>
        }
    });
    let words = t.with("back-to", &[("app", name.clone().into())]);
    let back = match way_back {
        Some(address) => view! {
            <SignBlock answers=1>
                <a class="c-button c-button--primary" href=address>
                    {words}
                </a>
            </SignBlock>
        }
        .into_any(),
        None => view! {
            <p class="p-below">{t.rich("done-go-back", [("app", named(&name))])} " " {t.say("done-close")}</p>
        }
        .into_any(),
    };
    let connected = approved.then(|| {
        view! {
            <p class="p-below">
                <a href=Destination::Connected.path()>{t.say("connected-link")}</a>
            </p>
        }
    });
    view! {
        <FocusShell
            t
            title=t.with("done-title", &[("app", name.clone().into())])
            sandbox=frame.app.sandbox
            kind=t.say("kind-receipt")
            reference=frame.interaction.as_str()
            receipt=true
        >
            <HeadBlock heading=heading.into_any() margin=plate(&name)>
                <p>{body}</p>
                <p class="c-note">{minute(t, frame.now)}</p>
            </HeadBlock>
            {paid}
            {back}
            {connected}
        </FocusShell>
    }
    .into_any()
}
