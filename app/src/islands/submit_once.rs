use std::time::Duration;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlFormElement, SubmitEvent};

use super::dom::{BUSY, by_id, listen, submit_buttons};

/// After this long a form can be sent again: the answer may have gone to an app on the device,
/// which leaves this page standing. The server takes a repeated form for what it is.
const RELEASE: Duration = Duration::from_secs(10);

/// Sends a form once per press: further presses are ignored while the answer is under way, and
/// nothing is sent while the device is offline.
#[island]
pub fn SubmitOnce(
    /// Id of the form.
    form: String,
    /// The pressed button's words while the answer is under way.
    busy: String,
    /// Says that the device is offline and nothing was sent.
    offline: String,
) -> impl IntoView {
    let is_offline = RwSignal::new(false);
    Effect::new(move || {
        let Some(form) = by_id::<HtmlFormElement>(&form) else {
            return;
        };
        let busy = busy.clone();
        listen(&form.clone(), "submit", move |event| {
            let offline = !window().navigator().on_line();
            is_offline.set(offline);
            if offline || form.has_attribute(BUSY) {
                event.prevent_default();
                return;
            }
            let pressed = event
                .dyn_ref::<SubmitEvent>()
                .and_then(SubmitEvent::submitter);
            hold(&form, pressed, &busy);
        });
        listen(&window(), "offline", move |_| is_offline.set(true));
        listen(&window(), "online", move |_| is_offline.set(false));
    });
    view! {
        <p class="offline" role="status">
            {move || is_offline.get().then(|| offline.clone())}
        </p>
    }
}

/// Marks the form and its buttons as busy, and releases them after a while.
fn hold(form: &HtmlFormElement, pressed: Option<HtmlElement>, busy: &str) {
    let _ = form.set_attribute(BUSY, "");
    let buttons = submit_buttons(form);
    for button in &buttons {
        // Not `disabled`: that would take the pressed button's value out of what is sent, and the focus away.
        let _ = button.set_attribute("aria-disabled", "true");
    }
    // Cancelling is not checking anything.
    let pressed = pressed.filter(|button| button.get_attribute("value").as_deref() != Some("deny"));
    let words = pressed.as_ref().and_then(|button| button.text_content());
    if let Some(button) = &pressed {
        button.set_text_content(Some(busy));
    }
    let form = form.clone();
    set_timeout(
        move || {
            let _ = form.remove_attribute(BUSY);
            for button in &buttons {
                let _ = button.remove_attribute("aria-disabled");
            }
            if let Some(button) = &pressed {
                button.set_text_content(words.as_deref());
            }
        },
        RELEASE,
    );
}
