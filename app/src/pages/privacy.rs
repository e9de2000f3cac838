use leptos::prelude::*;
use protocol::locale::Locale;

use super::help::Passage;
use crate::{
    components::{FocusShell, HeadBlock},
    i18n::Texts,
};

/// What is kept and why. Opened from the footer in a window of its own.
#[component]
pub fn PrivacyPage() -> AnyView {
    let t = Texts::of(expect_context::<Locale>());
    let passages = [
        ("request", "privacy-request-title", "privacy-request"),
        ("consent", "privacy-consent-title", "privacy-consent"),
        ("details", "privacy-details-title", "privacy-details"),
        ("app", "privacy-app-title", "privacy-app"),
        ("cookies", "privacy-cookies-title", "privacy-cookies"),
    ];
    view! {
        <FocusShell t title=t.say("privacy-title")>
            <HeadBlock heading=t.say("privacy-heading").into_any() />
            {passages.map(|(id, title, text)| view! { <Passage t id title text /> }).into_iter().collect_view()}
        </FocusShell>
    }
    .into_any()
}
