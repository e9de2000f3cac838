use leptos::prelude::*;

use crate::i18n::Texts;

/// The end of a form of the portal: do it, or go back and leave everything as it is.
#[component]
pub fn FormButtons(
    /// The texts.
    t: Texts,
    /// What the button does.
    button: String,
    /// Whether it stops something for others.
    #[prop(optional)]
    stops: bool,
    /// Where the way back leads.
    back: String,
) -> AnyView {
    let class = match stops {
        true => "c-button c-button--stop",
        false => "c-button c-button--primary",
    };
    view! {
        <div class="d-buttons">
            <button type="submit" class=class>
                {button}
            </button>
            <a class="c-button" href=back>
                {t.say("cancel")}
            </a>
        </div>
    }
    .into_any()
}
