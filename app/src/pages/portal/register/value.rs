//! What was filled in, in the words of whoever reads it.

use leptos::prelude::*;
use protocol::{
    registration::{Field, FieldValue},
    scope::{Permission, ScopeToken},
};

use crate::{
    components::{Machine, permission_key},
    i18n::Texts,
};

/// The rows of a field: chosen words in the language of the page, addresses as they are.
pub(crate) fn value(t: Texts, filled_in: &FieldValue) -> Vec<AnyView> {
    let field = filled_in.field;
    filled_in.rows().map(|text| row(t, field, text)).collect()
}

/// One row, or what a field was before, as a whole.
pub(crate) fn row(t: Texts, field: Field, text: &str) -> AnyView {
    match field {
        Field::Register | Field::Licence | Field::Audience | Field::Speech => {
            view! { <p>{t.say(&format!("choice-{text}"))}</p> }.into_any()
        }
        Field::Scope => view! { <p>{permission(t, text)}</p> }.into_any(),
        Field::RedirectUri | Field::Website | Field::PrivacyUrl | Field::TermsUrl => {
            view! { <p><Machine words=text.to_owned() /></p> }.into_any()
        }
        _ => view! { <p class="d-answer"><bdi>{text.to_owned()}</bdi></p> }.into_any(),
    }
}

/// A permission and what people will read; stands within a line.
pub(crate) fn permission(t: Texts, word: &str) -> AnyView {
    let token = ScopeToken::parse(word).ok();
    let read: Vec<String> = token
        .and_then(|token| Permission::of(&token))
        .map(|permission| {
            let clusters = permission.clusters().iter();
            clusters
                .map(|cluster| t.say(&permission_key(cluster.key())))
                .collect()
        })
        .unwrap_or_default();
    let read = (!read.is_empty()).then(|| view! { <span class="c-note">{read.join(" · ")}</span> });
    view! { <Machine words=word.to_owned() /> " " {read} }.into_any()
}
