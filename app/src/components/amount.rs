use leptos::prelude::*;
use protocol::authorization::PaymentView;

use super::{Fact, named};
use crate::i18n::Texts;

/// An account number in its groups: it wraps between them and never inside one.
#[component]
pub fn Iban(
    /// The number with spaces between the groups.
    #[prop(into)]
    groups: String,
) -> AnyView {
    let groups: Vec<String> = groups.split(' ').map(str::to_owned).collect();
    let last = groups.len().saturating_sub(1);
    view! {
        <span class="c-iban" translate="no">
            {groups
                .into_iter()
                .enumerate()
                .map(|(at, group)| view! { <span>{if at < last { format!("{group} ") } else { group }}</span> })
                .collect_view()}
        </span>
    }
    .into_any()
}

/// A payment: the sum, to whom, into which account. Never shortened.
#[component]
pub fn AmountCard(
    /// The texts.
    t: Texts,
    /// What is paid.
    payment: PaymentView,
    /// The app that asks for it.
    #[prop(optional, into)]
    by: Option<String>,
) -> AnyView {
    let message = payment.reference.map(|message| {
        view! {
            <Fact label=t.say("pay-message")>
                <bdi>{message}</bdi>
            </Fact>
        }
    });
    let by = by.map(|app| {
        view! {
            <Fact label=t.say("pay-by")>
                <bdi>{app}</bdi>
            </Fact>
        }
    });
    let amount = payment.amount.clone();
    view! {
        <dl class="c-facts" data-amount=amount>
            <div class="c-amount">
                <dt class="l-aside">{t.say("pay-amount")}</dt>
                <dd class="c-amount__sum">
                    <data value=payment.amount>{payment.display}</data>
                </dd>
            </div>
            <Fact label=t.say("pay-to")>{named(&payment.creditor_name)}</Fact>
            <Fact label=t.say("pay-iban")>
                <Iban groups=payment.creditor_iban />
            </Fact>
            {message}
            {by}
        </dl>
    }
    .into_any()
}
