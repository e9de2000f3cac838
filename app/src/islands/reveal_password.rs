use leptos::prelude::*;
use web_sys::HtmlInputElement;

use super::dom::{by_id, listen};

/// A button that shows what was typed into a password field, and hides it again.
#[island]
pub fn RevealPassword(
    /// Id of the password field.
    input: String,
    /// The button's words while the password is hidden.
    show: String,
    /// The button's words while the password is shown.
    hide: String,
) -> impl IntoView {
    let ready = RwSignal::new(false);
    let shown = RwSignal::new(false);
    let field = StoredValue::new(input.clone());
    let set = move |show: bool| {
        if let Some(field) = field.with_value(|id| by_id::<HtmlInputElement>(id)) {
            field.set_type(if show { "text" } else { "password" });
            shown.set(show);
        }
    };
    Effect::new(move || {
        ready.set(true);
        // Password managers look at the field while the form is sent: it must be a password field then.
        let form = field
            .with_value(|id| by_id::<HtmlInputElement>(id))
            .and_then(|field| field.form());
        if let Some(form) = form {
            listen(&form, "submit", move |_| set(false));
        }
    });
    view! {
        <button
            type="button"
            class="reveal"
            hidden=move || !ready.get()
            aria-controls=input
            on:click=move |_| set(!shown.get_untracked())
        >
            {move || if shown.get() { hide.clone() } else { show.clone() }}
        </button>
    }
}
