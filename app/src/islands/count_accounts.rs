use std::{cell::RefCell, rc::Rc, time::Duration};

use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*, task::spawn_local};
use wasm_bindgen::JsValue;
use web_sys::{FormData, HtmlFormElement, HtmlInputElement, RequestRedirect, UrlSearchParams};

use super::dom::{BUSY, by_id, each, listen, post, text};

/// How long ticks rest before they are kept.
const REST: Duration = Duration::from_millis(500);

/// Says how many accounts are ticked, and keeps the ticks on the server while the person thinks,
/// so that they survive a reload.
#[island]
pub fn CountAccounts(
    /// Id of the form with the checkboxes `account`.
    form: String,
    /// The sentence, with `{chosen}` and `{total}` in it.
    template: String,
    /// Keep the ticks on the server.
    keep: bool,
) -> impl IntoView {
    let counted = RwSignal::new(None::<(usize, usize)>);
    Effect::new(move || {
        let Some(form) = by_id::<HtmlFormElement>(&form) else {
            return;
        };
        counted.set(count(&form));
        let waiting = Rc::new(RefCell::new(None::<TimeoutHandle>));
        listen(&form.clone(), "change", move |_| {
            counted.set(count(&form));
            if let Some(waiting) = waiting.borrow_mut().take() {
                waiting.clear();
            }
            if keep {
                let form = form.clone();
                *waiting.borrow_mut() =
                    set_timeout_with_handle(move || keep_ticks(&form), REST).ok();
            }
        });
    });
    view! {
        <p class="count" hidden=move || counted.get().is_none()>
            {move || counted.get().map(|counted| sentence(&template, counted))}
        </p>
    }
}

/// How many boxes are ticked, and how many there are.
fn count(form: &HtmlFormElement) -> Option<(usize, usize)> {
    let boxes = form
        .query_selector_all("input[type=checkbox][name=account]:not(:disabled)")
        .ok()?;
    let chosen = each::<HtmlInputElement>(&boxes)
        .filter(HtmlInputElement::checked)
        .count();
    Some((chosen, boxes.length() as usize))
}

fn sentence(template: &str, (chosen, total): (usize, usize)) -> String {
    template
        .replace("{chosen}", &chosen.to_string())
        .replace("{total}", &total.to_string())
}

/// Sends the ticks as the button "Update" would. The page that comes back is the one that is there.
fn keep_ticks(form: &HtmlFormElement) {
    if form.has_attribute(BUSY) {
        return;
    }
    let Ok(data) = FormData::new_with_form(form) else {
        return;
    };
    let Ok(fields) = UrlSearchParams::new_with_str_sequence_sequence(&JsValue::from(data)) else {
        return;
    };
    fields.append("do", "recalculate");
    let action = form.action();
    spawn_local(async move {
        // Read to its end: what is left unread would count as broken off when the person goes on.
        if let Some(page) = post(&action, &fields, RequestRedirect::Follow).await {
            let _ = text(&page).await;
        }
    });
}

#[cfg(test)]
mod tests {
    use super::sentence;

    #[test]
    fn the_sentence_is_the_translators() {
        assert_eq!(
            sentence("{chosen} of {total} accounts", (2, 5)),
            "2 of 5 accounts"
        );
        assert_eq!(
            sentence("Iš {total} pasirinkta {chosen}", (0, 1)),
            "Iš 1 pasirinkta 0"
        );
    }
}
