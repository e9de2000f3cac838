use leptos::prelude::*;

use super::{
    field::{Labelled, described_by, invalid},
    shell::escaped,
};
use crate::i18n::Texts;

/// Words that an admin owes (table B0.4 of the design): several lines, never corrected.
#[component]
pub fn ReasonField(
    /// The texts.
    t: Texts,
    /// The label.
    label: String,
    /// Who reads it, and how long it is.
    hint: String,
    /// As typed before.
    value: String,
    /// What is wrong with it.
    error: Option<String>,
) -> AnyView {
    let wrong = error.is_some();
    // Not a child: an empty one would become a blank, and a line of its own a line break.
    view! {
        <Labelled t id="reason" label hint=Some(hint) error>
            <span class="c-field__row">
                <textarea
                    class="c-input"
                    id="reason"
                    name="reason"
                    rows="5"
                    autocomplete="off"
                    aria-invalid=invalid(wrong)
                    aria-describedby=described_by("reason", true, wrong)
                    inner_html=escaped(&value)
                ></textarea>
            </span>
        </Labelled>
    }
    .into_any()
}
