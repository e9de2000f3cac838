use leptos::prelude::*;

use crate::{i18n::Texts, islands::CopyText};

/// A piece of code to copy. Long lines scroll in a box of their own that the keyboard reaches; the
/// text can be selected without any script.
#[component]
pub fn CodeSample(
    /// The texts.
    t: Texts,
    /// What it does.
    #[prop(into)]
    label: String,
    /// The code.
    #[prop(into)]
    code: String,
) -> AnyView {
    view! {
        <figure class="c-sample">
            <figcaption class="c-sample__head">
                <span>{label.clone()}</span>
                <CopyText text=code.clone() label=t.say("copy") done=t.say("copied") />
            </figcaption>
            <pre
                class="c-sample__code"
                data-scroll=""
                tabindex="0"
                role="group"
                aria-label=label
                translate="no"
                lang="en"
                dir="ltr"
            >
                <code>{code}</code>
            </pre>
        </figure>
    }
    .into_any()
}
