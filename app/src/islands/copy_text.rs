use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen_futures::JsFuture;

use super::dom::has;

/// How long the button says that it copied.
const SAID: Duration = Duration::from_secs(4);

/// A button that copies a text.
#[island]
pub fn CopyText(
    /// What is copied.
    text: String,
    /// The button's words.
    label: String,
    /// The button's words after copying; also announced.
    done: String,
) -> impl IntoView {
    let ready = RwSignal::new(false);
    let copied = RwSignal::new(false);
    // Browsers give the clipboard to secure pages only.
    Effect::new(move || ready.set(has(&window().navigator(), "clipboard")));
    let copy = move |_| {
        let promise = window().navigator().clipboard().write_text(&text);
        spawn_local(async move {
            if JsFuture::from(promise).await.is_ok() {
                copied.set(true);
                set_timeout(move || copied.set(false), SAID);
            }
        });
    };
    let announced = done.clone();
    view! {
        <button type="button" class="copy" hidden=move || !ready.get() on:click=copy>
            {move || if copied.get() { done.clone() } else { label.clone() }}
        </button>
        <span class="l-aside" role="status">
            {move || copied.get().then(|| announced.clone())}
        </span>
    }
}
