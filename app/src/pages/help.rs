use leptos::prelude::*;
use protocol::locale::Locale;

use crate::{
    components::{FocusShell, HeadBlock},
    i18n::Texts,
};

/// Help for people who sign in and approve. Opened from the footer in a window of its own.
#[component]
pub fn HelpPage() -> AnyView {
    let t = Texts::of(expect_context::<Locale>());
    let questions = [
        ("sign-in", "help-password-title", "help-password"),
        ("code", "help-code-title", "help-code"),
        ("not-me", "help-phishing-title", "help-phishing"),
        ("stop", "help-stop-title", "help-stop"),
        ("reference", "help-reference-title", "help-reference"),
    ];
    view! {
        <FocusShell t title=t.say("help-title")>
            <HeadBlock heading=t.say("help-heading").into_any() />
            {questions.map(|(id, title, text)| view! { <Passage t id title text /> }).into_iter().collect_view()}
        </FocusShell>
    }
    .into_any()
}

/// A heading and a paragraph.
#[component]
pub(super) fn Passage(
    t: Texts,
    /// Where links lead.
    id: &'static str,
    /// Key of the heading.
    title: &'static str,
    /// Key of the paragraph.
    text: &'static str,
) -> AnyView {
    view! {
        <section class="l-block" id=id>
            <div class="l-block__body">
                <h2 class="p-question">{t.say(title)}</h2>
                <p>{t.say(text)}</p>
            </div>
        </section>
    }
    .into_any()
}
