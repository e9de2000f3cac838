use leptos::prelude::*;

use crate::i18n::Texts;

/// The place where one signs: the two answers, of one size, side by side where there is room. It
/// stays in view while a longer sheet is read: how to get out is never a search.
#[component]
pub fn SignBlock(
    /// How many answers stand in it.
    #[prop(default = 2)]
    answers: u8,
    children: Children,
) -> AnyView {
    let decision = if answers == 2 {
        "c-decision c-decision--two"
    } else {
        "c-decision"
    };
    view! {
        <div class="l-block p-sign">
            <div class="l-block__body">
                <div class=decision>{children()}</div>
            </div>
        </div>
    }
    .into_any()
}

/// The answer that grants or pays; its words name the act.
#[component]
pub fn Primary(
    /// The words.
    #[prop(into)]
    words: String,
    /// Value of the field `decision`; none where pressing it decides nothing yet.
    #[prop(optional)]
    decision: Option<&'static str>,
) -> AnyView {
    view! {
        <button type="submit" class="c-button c-button--primary" name=decision.map(|_| "decision") value=decision>
            {words}
        </button>
    }
    .into_any()
}

/// The way out, of the same kind and size: back to the app with a plain no.
#[component]
pub fn Deny(
    /// The texts.
    t: Texts,
    /// The app's name, on pages where it is not said elsewhere where this leads.
    #[prop(optional, into)]
    back_to: Option<String>,
) -> AnyView {
    let words = match back_to {
        Some(app) => t.with("cancel-return", &[("app", app.into())]),
        None => t.say("cancel"),
    };
    view! {
        <button type="submit" class="c-button" name="decision" value="deny" formnovalidate=true>
            {words}
        </button>
    }
    .into_any()
}
