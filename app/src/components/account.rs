use leptos::prelude::*;
use protocol::authorization::AccountChoice;

use super::{Iban, Icon, Shape, permission_key};
use crate::i18n::Texts;

/// How an account is picked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Pick {
    /// Any number of them.
    Several,
    /// Exactly one.
    One,
    /// Not at all: the app named it.
    Fixed,
}

/// The kind of an account in words.
pub fn account_kind(t: Texts, kind: &str) -> String {
    match kind {
        "wallet" => t.say("account-wallet"),
        "current" => t.say("account-current"),
        "savings" => t.say("account-savings"),
        _ => t.say("account-other"),
    }
}

/// Why an account cannot be picked, in words.
fn reason(t: Texts, reason: &str) -> String {
    match reason {
        "kind" => t.say("ineligible-kind"),
        "joint" => t.say("ineligible-joint"),
        "blocked" => t.say("ineligible-blocked"),
        "currency" => t.say("ineligible-currency"),
        "balance" => t.say("ineligible-balance"),
        _ => t.say("ineligible-other"),
    }
}

/// One account to tick, to pick or to read. One that cannot be picked says why.
#[component]
pub fn AccountCard(
    /// The texts.
    t: Texts,
    /// The account.
    account: AccountChoice,
    /// How it is picked.
    pick: Pick,
) -> AnyView {
    let name = account
        .name
        .unwrap_or_else(|| account_kind(t, &account.kind));
    let sum = account.available.map(|available| {
        view! {
            <span class="c-choice__sum">
                {available} <span class="c-choice__number">{t.say("account-available")}</span>
            </span>
        }
    });
    let can = (!account.can.is_empty()).then(|| {
        let words: Vec<String> = account
            .can
            .iter()
            .map(|can| t.say(&permission_key(can.key())))
            .collect();
        view! { <span class="c-choice__number">{words.join(" · ")}</span> }
    });
    let about = view! {
        <span>
            <span class="c-choice__name"><bdi>{name}</bdi></span>
            <span class="c-choice__number">
                <Iban groups=account.masked_iban />
                " · "
                {account.currency}
            </span>
            {can}
        </span>
        {sum}
    };
    if pick == Pick::Fixed {
        return view! { <div class="c-choice c-choice--plain">{about}</div> }.into_any();
    }
    let kind = if pick == Pick::One {
        "radio"
    } else {
        "checkbox"
    };
    let id = account.id.into_string();
    let Some(why) = account.ineligible else {
        return view! {
            <label class="c-choice">
                <input type=kind name="account" value=id checked=account.chosen />
                {about}
            </label>
        }
        .into_any();
    };
    let why_id = format!("why-{id}");
    view! {
        <label class="c-choice c-choice--off">
            <input type=kind name="account" value=id disabled=true aria-describedby=why_id.clone() />
            {about}
            <span class="c-choice__why" id=why_id>
                <Icon shape=Shape::Info />
                {reason(t, &why)}
            </span>
        </label>
    }
    .into_any()
}
