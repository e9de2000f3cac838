use leptos::prelude::*;

/// One line of a list of facts: what it is, and what it says. Stands in a `<dl class="c-facts">`.
#[component]
pub fn Fact(
    /// What it is.
    #[prop(into)]
    label: String,
    children: Children,
) -> AnyView {
    view! {
        <div>
            <dt>{label}</dt>
            <dd>{children()}</dd>
        </div>
    }
    .into_any()
}

/// A machine's words: a code, a password, an address. Never translated.
#[component]
pub fn Machine(
    /// The words.
    #[prop(into)]
    words: String,
) -> AnyView {
    view! {
        <code class="c-code" translate="no">
            {words}
        </code>
    }
    .into_any()
}
