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
    children: Children,
) -> AnyView {
    view! {
        <details class="c-disclosure">
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
