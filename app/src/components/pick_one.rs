use leptos::prelude::*;

use super::field::{Labelled, described_by, invalid};
use crate::i18n::Texts;

/// One of a few words, in a list that opens.
#[component]
pub fn PickOne(
    /// The texts.
    t: Texts,
    /// Name and id.
    name: &'static str,
    /// The label.
    label: String,
    /// Values with their words, in order.
    choices: Vec<(&'static str, String)>,
    /// What browsers know it as.
    #[prop(optional_no_strip)]
    autocomplete: Option<&'static str>,
    /// The value that is picked already.
    #[prop(optional)]
    picked: String,
    /// What is wrong with it.
    #[prop(optional_no_strip)]
    error: Option<String>,
) -> AnyView {
    let wrong = error.is_some();
    let options = choices.into_iter().map(move |(value, words)| {
        let selected = value == picked;
        view! {
            <option value=value selected=selected>
                {words}
            </option>
        }
    });
    view! {
        <Labelled t id=name label error>
            <select
                class="c-input"
                id=name
                name=name
                autocomplete=autocomplete
                aria-invalid=invalid(wrong)
                aria-describedby=described_by(name, false, wrong)
            >
                {options.collect_view()}
            </select>
        </Labelled>
    }
    .into_any()
}
