use leptos::prelude::*;
use web_sys::{Element, HtmlFormElement};

use super::dom::{by_id, listen, values};

/// Shows what is typed into a form where people will read it. The page shows what is saved until then.
#[island]
pub fn LivePreview(
    /// Id of the form.
    form: String,
    /// Names of fields, and the ids of the elements that show what stands in them.
    shown: Vec<(String, String)>,
    /// What is shown when neither the field nor the first one has anything in it.
    nothing: String,
) -> impl IntoView {
    Effect::new(move || {
        let Some(form) = by_id::<HtmlFormElement>(&form) else {
            return;
        };
        let (shown, nothing, target) = (shown.clone(), nothing.clone(), form.clone());
        let show = move || {
            let typed = |field: &str| {
                let value = values(&form, field).into_iter().next();
                value
                    .map(|value| value.trim().to_owned())
                    .unwrap_or_default()
            };
            let first = shown.first().map(|(field, _)| typed(field));
            let first = first
                .filter(|first| !first.is_empty())
                .unwrap_or_else(|| nothing.clone());
            for (field, id) in &shown {
                let own = typed(field);
                let text = if own.is_empty() { &first } else { &own };
                if let Some(element) = by_id::<Element>(id) {
                    element.set_text_content(Some(text));
                }
            }
        };
        // What the browser kept through a reload.
        show();
        listen(&target, "input", move |_| show());
    });
}
