use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, KeyboardEvent};

use super::dom::{each, listen};

/// Where the browser keeps that somebody does not want these keys.
const KEPT: &str = "desk-keys";

/// What a key does. Enter, Tab and the space bar stay what they are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Act {
    /// To the next item.
    Next,
    /// To the one before.
    Previous,
    /// This item is fine.
    Fine,
    /// Something of this item is to change.
    Change,
}

impl Act {
    /// What is pressed: by the letter, or by its place on a keyboard that writes other letters.
    fn of(key: &str, code: &str) -> Option<Self> {
        let letter = match key.is_ascii() {
            true => key.to_owned(),
            false => code.strip_prefix("Key")?.to_ascii_lowercase(),
        };
        Some(match letter.as_str() {
            "j" => Self::Next,
            "k" => Self::Previous,
            "o" => Self::Fine,
            "c" => Self::Change,
            _ => return None,
        })
    }
}

/// Keys for those who go through many items: `j` and `k` to the next one and the one before, `o` and
/// `c` for what its forms do. They can be switched off (WCAG 2.1.4), and do nothing that the page does not
/// do without them.
#[island]
pub fn DeskKeys(
    /// What `j` and `k` go through, as a selector.
    items: String,
    /// The keys, each with what it does.
    keys: Vec<(String, String)>,
    /// The words of the switch.
    switch: String,
) -> impl IntoView {
    let ready = RwSignal::new(false);
    let on = RwSignal::new(true);
    Effect::new(move || {
        on.set(!is_switched_off());
        ready.set(true);
        let items = items.clone();
        listen(&document(), "keydown", move |event| {
            if on.get_untracked() {
                press(&items, &event);
            }
        });
    });
    let set = move |_| {
        on.update(|on| *on = !*on);
        keep(on.get_untracked());
    };
    let lines = keys.into_iter().map(|(key, words)| {
        view! {
            <li>
                <kbd>{key}</kbd>
                " "
                {words}
            </li>
        }
    });
    view! {
        <div class="keys" hidden=move || !ready.get()>
            <ul role="list">{lines.collect_view()}</ul>
            <label class="keys-switch">
                <input type="checkbox" prop:checked=move || on.get() on:change=set />
                {switch}
            </label>
        </div>
    }
}

/// Does what a key stands for, unless somebody types, holds another key, or means the browser.
fn press(items: &str, event: &Event) {
    let Some(key) = event.dyn_ref::<KeyboardEvent>() else {
        return;
    };
    let held = key.ctrl_key() || key.alt_key() || key.meta_key() || key.shift_key();
    if held || key.repeat() || key.is_composing() || key.default_prevented() || is_typing(event) {
        return;
    }
    let Some(act) = Act::of(&key.key(), &key.code()) else {
        return;
    };
    let Ok(list) = document().query_selector_all(items) else {
        return;
    };
    // What is folded away is not gone through.
    let shown: Vec<HtmlElement> = each::<HtmlElement>(&list)
        .filter(|item| !matches!(item.closest("details:not([open])"), Ok(Some(_))))
        .collect();
    let here = shown.iter().position(is_here);
    let done = match act {
        Act::Next | Act::Previous => {
            let to = step(here, shown.len(), act == Act::Next);
            to.is_some_and(|to| shown[to].focus().is_ok())
        }
        Act::Fine => here.is_some_and(|here| say_fine(&shown[here])),
        Act::Change => here.is_some_and(|here| open_change(&shown[here])),
    };
    if done {
        event.prevent_default();
    }
}

/// The item after or before `here` of so many; nothing at the ends.
fn step(here: Option<usize>, count: usize, forwards: bool) -> Option<usize> {
    match (here, forwards) {
        (None, true) => (count > 0).then_some(0),
        (None, false) => None,
        (Some(here), true) => Some(here + 1).filter(|next| *next < count),
        (Some(here), false) => here.checked_sub(1),
    }
}

/// Whether the focus is in the item; or, while it is nowhere, whether the address leads to it: so one
/// goes on where the last form ended.
fn is_here(item: &HtmlElement) -> bool {
    let focused = document().active_element();
    let somewhere = focused.filter(|element| element.tag_name() != "BODY");
    match somewhere {
        Some(element) => item.contains(Some(&element)),
        None => item.matches(":target").unwrap_or(false),
    }
}

fn is_typing(event: &Event) -> bool {
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|element| {
        let typed_into =
            "textarea, select, [contenteditable], input:not([type=checkbox], [type=radio])";
        element.matches(typed_into).unwrap_or(false)
    })
}

/// Presses the button that says that the item is fine, if there is one.
fn say_fine(item: &HtmlElement) -> bool {
    let button = item.query_selector("button[value=ok]").ok().flatten();
    let button = button.and_then(|button| button.dyn_into::<HtmlElement>().ok());
    if let Some(button) = &button {
        button.click();
    }
    button.is_some()
}

/// Opens the form that asks for a change, and goes into its first field.
fn open_change(item: &HtmlElement) -> bool {
    let Ok(Some(form)) = item.query_selector(".d-field__forms details") else {
        return false;
    };
    let _ = form.set_attribute("open", "");
    let first = form.query_selector("select, textarea").ok().flatten();
    let first = first.and_then(|first| first.dyn_into::<HtmlElement>().ok());
    first.is_some_and(|first| first.focus().is_ok())
}

/// Browsers without storage, and those that refuse it, begin with the keys on.
fn is_switched_off() -> bool {
    let storage = window().local_storage().ok().flatten();
    storage.is_some_and(|storage| matches!(storage.get_item(KEPT), Ok(Some(_))))
}

fn keep(on: bool) {
    let Ok(Some(storage)) = window().local_storage() else {
        return;
    };
    // What cannot be kept holds until the page is left.
    let _ = match on {
        true => storage.remove_item(KEPT),
        false => storage.set_item(KEPT, "off"),
    };
}

#[cfg(test)]
mod tests {
    use super::{Act, step};

    #[test]
    fn a_key_is_known_by_its_letter_or_by_its_place() {
        assert_eq!(Act::of("j", "KeyJ"), Some(Act::Next));
        assert_eq!(
            Act::of("о", "KeyJ"),
            Some(Act::Next),
            "on a Russian keyboard"
        );
        // On a Dvorak keyboard the letter counts, not the place.
        assert_eq!(Act::of("j", "KeyC"), Some(Act::Next));
        assert_eq!(Act::of("h", "KeyJ"), None);
        assert_eq!(Act::of("Enter", "Enter"), None);
        assert_eq!(Act::of("ė", "Digit4"), None);
    }

    #[test]
    fn the_way_through_the_items_has_ends() {
        assert_eq!(step(None, 3, true), Some(0));
        assert_eq!(step(None, 3, false), None);
        assert_eq!(step(None, 0, true), None);
        assert_eq!(step(Some(0), 3, true), Some(1));
        assert_eq!(step(Some(2), 3, true), None);
        assert_eq!(step(Some(2), 3, false), Some(1));
        assert_eq!(step(Some(0), 3, false), None);
    }
}
