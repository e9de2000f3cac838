use engine::portal::{Complaint, Flash};
use leptos::prelude::*;

use super::{Icon, Shape};
use crate::i18n::Texts;

/// What is wrong, in words.
fn sentence(t: Texts, complaint: &Complaint) -> String {
    let mut values = Vec::new();
    if let Some(until) = complaint.until {
        let time = t.with("utc", &[("time", t.locale().clock_time(until).into())]);
        values.push(("time", time.into()));
    }
    if let Some(number) = complaint.number {
        values.push(("number", number.into()));
    }
    t.with(&format!("complaint-{}", complaint.what), &values)
}

/// What is wrong with the field of this name, if anything.
pub fn said_about(t: Texts, flash: &Flash, field: &str) -> Option<String> {
    let about = |complaint: &&Complaint| complaint.field.as_deref() == Some(field);
    flash
        .complaints
        .iter()
        .find(about)
        .map(|found| sentence(t, found))
}

/// What a form left for this page: what is to be mended, or something to know. Nothing when it left
/// nothing.
#[component]
pub fn ComplaintBox(
    /// The texts.
    t: Texts,
    /// What was left.
    flash: Flash,
) -> AnyView {
    if let Some(note) = &flash.note {
        return view! {
            <div class="c-notice" role="status">
                <Icon shape=Shape::Info />
                <p>
                    <span class="c-notice__word">{t.say("note")}": "</span>
                    {t.say(&format!("flash-{note}"))}
                </p>
            </div>
        }
        .into_any();
    }
    if flash.complaints.is_empty() {
        return ().into_any();
    }
    let line = |complaint: &Complaint| {
        let words = sentence(t, complaint);
        match complaint.field.clone() {
            Some(field) => view! { <p><a href=format!("#{field}")>{words}</a></p> }.into_any(),
            None => view! { <p><strong>{words}</strong></p> }.into_any(),
        }
    };
    view! {
        <div class="c-summary" role="alert" tabindex="-1" autofocus=true aria-labelledby="summary-title">
            <h2 class="c-summary__title" id="summary-title">
                <Icon shape=Shape::Warning />
                {t.say("summary-title")}
            </h2>
            {flash.complaints.iter().map(line).collect_view()}
        </div>
    }
    .into_any()
}
