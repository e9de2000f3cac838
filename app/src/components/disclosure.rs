use leptos::prelude::*;

use super::{Icon, Shape};

/// A line that opens to more. Native, so that it needs no script and prints opened.
#[component]
pub fn Disclosure(
    /// The line.
    #[prop(into)]
    summary: String,
    /// Before the line.
    #[prop(optional)]
    sign: Option<AnyView>,
    /// After the line.
    #[prop(optional_no_strip)]
    badge: Option<AnyView>,
    /// Opened already: something in it is to be seen at once.
    #[prop(optional)]
    open: bool,
    children: Children,
) -> AnyView {
    view! {
        <details class="c-disclosure" open=open>
            <summary>
                {sign}
                <span>{summary}</span>
                {badge}
                <Icon shape=Shape::Down class="c-disclosure__turn" />
            </summary>
            <div class="c-disclosure__body">{children()}</div>
        </details>
    }
    .into_any()
}
