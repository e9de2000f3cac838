use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::PageTransitionEvent;

use super::dom::listen;

/// Loads the page anew when the browser brings it back from its memory: what it shows may be over,
/// and the person may have signed out since.
#[island]
pub fn FreshPage() -> impl IntoView {
    Effect::new(move || {
        listen(&window(), "pageshow", |event| {
            if event
                .dyn_ref::<PageTransitionEvent>()
                .is_some_and(PageTransitionEvent::persisted)
            {
                let _ = window().location().reload();
            }
        });
    });
}
