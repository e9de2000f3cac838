use std::{cell::RefCell, rc::Rc, time::Duration};

use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlElement, HtmlInputElement, InputEvent};

use super::dom::{BUSY, by_id, listen};

/// Digits of an authenticator app's code.
const DIGITS: usize = 6;

/// How long a typed code rests before it is sent, so that a slip can still be mended.
const REST: Duration = Duration::from_millis(400);

/// Helps with the one-time code: takes spaces and dashes out while it is typed, and sends the form
/// by itself once the code is complete. Each code is sent once; after an error the page is a new
/// one and nothing is sent before the field changes.
#[island]
pub fn CodeAssist(
    /// Id of the code field.
    input: String,
    /// Says that the form sends itself (WCAG 2.2, 3.2.2: told before it happens).
    note: String,
) -> impl IntoView {
    let ready = RwSignal::new(false);
    let note_id = format!("{input}-assist");
    Effect::new(move || {
        let Some(field) = by_id::<HtmlInputElement>(&input) else {
            return;
        };
        ready.set(true);
        let sender = Sender::default();
        listen(&field.clone(), "input", move |event| {
            sender.cancel();
            if is_composing(&event) {
                return;
            }
            tidy(&field);
            let code = field.value();
            if code.len() == DIGITS && code.bytes().all(|byte| byte.is_ascii_digit()) {
                let rest = if was_typed(&event) {
                    REST
                } else {
                    Duration::ZERO
                };
                sender.send_after(rest, field.clone(), code);
            }
        });
    });
    view! {
        <p class="hint code-assist" id=note_id hidden=move || !ready.get()>
            {note}
        </p>
    }
}

/// Sends a complete code, each one once.
#[derive(Clone, Default)]
struct Sender {
    sent: Rc<RefCell<Option<String>>>,
    waiting: Rc<RefCell<Option<TimeoutHandle>>>,
}

impl Sender {
    fn cancel(&self) {
        if let Some(waiting) = self.waiting.borrow_mut().take() {
            waiting.clear();
        }
    }

    fn send_after(&self, rest: Duration, field: HtmlInputElement, code: String) {
        if self.sent.borrow().as_ref() == Some(&code) {
            return;
        }
        let sent = Rc::clone(&self.sent);
        let send = move || {
            let Some(form) = field.form().filter(|form| !form.has_attribute(BUSY)) else {
                return;
            };
            let confirm = form
                .query_selector("button[name=decision][value=confirm]")
                .ok()
                .flatten();
            let confirm = confirm.and_then(|button| button.dyn_into::<HtmlElement>().ok());
            *sent.borrow_mut() = Some(code);
            // Old browsers cannot; there the person presses the button.
            let _ = form.request_submit_with_submitter(confirm.as_ref());
        };
        *self.waiting.borrow_mut() = set_timeout_with_handle(send, rest).ok();
    }
}

/// Takes everything out that people and apps put between digits, and leaves the caret where it was.
fn tidy(field: &HtmlInputElement) {
    let value = field.value();
    let wanted = |text: &str| {
        text.chars()
            .filter(|c| !is_separator(*c))
            .collect::<String>()
    };
    let tidied = wanted(&value);
    if tidied == value {
        return;
    }
    let caret = field.selection_start().ok().flatten().unwrap_or(u32::MAX) as usize;
    let before: String = value
        .encode_utf16()
        .take(caret)
        .map(|unit| char::from_u32(unit.into()).unwrap_or('x'))
        .collect();
    let caret = u32::try_from(wanted(&before).encode_utf16().count()).unwrap_or(u32::MAX);
    field.set_value(&tidied);
    let _ = field.set_selection_range(caret, caret);
}

fn is_separator(c: char) -> bool {
    c.is_whitespace() || matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

/// Whether it came key by key. Pasted and filled-in codes are complete at once.
fn was_typed(event: &Event) -> bool {
    event.dyn_ref::<InputEvent>().is_some_and(|event| {
        matches!(
            event.input_type().as_str(),
            "insertText" | "insertCompositionText"
        ) || event.input_type().starts_with("delete")
    })
}

/// Whether an input method is still at work on the field.
fn is_composing(event: &Event) -> bool {
    event
        .dyn_ref::<InputEvent>()
        .is_some_and(InputEvent::is_composing)
}
