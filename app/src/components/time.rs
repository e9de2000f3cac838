use leptos::prelude::*;
use protocol::time::Timestamp;

use crate::i18n::Texts;

/// A day in words, `22 November 2026`.
pub fn day(t: Texts, at: Timestamp) -> AnyView {
    view! { <time datetime=at.date().to_string()>{t.locale().date(at.date())}</time> }.into_any()
}

/// The time of day, `11:42 UTC`. The server does not know where the person is, so the zone is said.
pub fn clock_time(t: Texts, at: Timestamp) -> AnyView {
    let words = t.with("utc", &[("time", t.locale().clock_time(at).into())]);
    view! { <time datetime=at.to_string()>{words}</time> }.into_any()
}

/// Day and time of day.
pub fn minute(t: Texts, at: Timestamp) -> AnyView {
    view! { {day(t, at)} ", " {clock_time(t, at)} }.into_any()
}

/// To the second, in UTC, as logs write it.
pub fn moment(at: Timestamp) -> AnyView {
    let full = at.to_string();
    let words = full.trim_end_matches('Z').replace('T', " ");
    view! { <time class="c-keep" datetime=full>{words}</time> }.into_any()
}
