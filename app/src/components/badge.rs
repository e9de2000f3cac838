use leptos::prelude::*;

use super::{Icon, Shape};

/// A state as shape, word and colour together.
#[component]
pub fn Badge(
    /// `ok`, `warn`, `danger` or `sandbox`.
    tone: &'static str,
    /// The shape.
    shape: Shape,
    /// The word.
    #[prop(into)]
    word: String,
) -> AnyView {
    view! {
        <span class=format!("c-badge c-badge--{tone}")>
            <Icon shape />
            {word}
        </span>
    }
    .into_any()
}
