use leptos::prelude::*;

use super::{
    field::{Labelled, described_by, invalid},
    shell::escaped,
};
use crate::i18n::Texts;

/// Several lines of text.
#[component]
pub fn TextArea(
    /// The texts.
    t: Texts,
    /// Id of the control; several forms of a page may have a field of this name.
    #[prop(into)]
    id: String,
    /// Its name.
    name: &'static str,
    /// The label.
    label: String,
    /// What helps to fill it in.
    #[prop(optional_no_strip)]
    hint: Option<String>,
    /// As typed before.
    value: String,
    /// What is wrong with it.
    #[prop(optional_no_strip)]
    error: Option<String>,
    /// How many lines are seen.
    #[prop(default = "4")]
    rows: &'static str,
) -> AnyView {
    let wrong = error.is_some();
    let described = described_by(&id, hint.is_some(), wrong);
    // The text is no child: an empty one would become a blank, and a line of its own a line break.
    view! {
        <Labelled t id=id.clone() label hint error>
            <span class="c-field__row">
                <textarea
                    class="c-input"
                    id=id
                    name=name
                    rows=rows
                    autocomplete="off"
                    aria-invalid=invalid(wrong)
                    aria-describedby=described
                    inner_html=escaped(&value)
                ></textarea>
            </span>
        </Labelled>
    }
    .into_any()
}
