use leptos::prelude::*;

use crate::{i18n::Texts, islands::CopyText};

/// A text for machines: scrolls on its own, can be copied whole.
#[component]
pub fn CodeBlock(
    /// The texts.
    t: Texts,
    /// What it is, for those who do not see it.
    label: String,
    /// The text.
    text: String,
) -> AnyView {
    view! {
        <div class="c-code-block">
            <CopyText text=text.clone() label=t.say("copy") done=t.say("copied") />
            <pre tabindex="0" role="region" aria-label=label translate="no">
                <code>{text}</code>
            </pre>
        </div>
    }
    .into_any()
}
