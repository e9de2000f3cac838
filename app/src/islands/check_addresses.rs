use std::{cell::Cell, rc::Rc, time::Duration};

use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*};
use protocol::{
    client::Environment,
    redirect_uri::RegisteredRedirectUri,
    registration::{FaultKind, Field},
};
use web_sys::HtmlFormElement;

use super::dom::{by_id, listen, values};

/// How long typing rests before it is looked at.
const REST: Duration = Duration::from_millis(400);

/// Tells, while callback addresses are typed, which ones will not be taken and why: by the very
/// function that the server asks when they are sent.
#[island]
pub fn CheckAddresses(
    /// Id of the form with the addresses.
    form: String,
    /// What stands before the words on one address, with `{row}` in it.
    row: String,
    /// The words on each fault, by its key.
    words: Vec<(String, String)>,
) -> impl IntoView {
    let found = RwSignal::new(Vec::<(usize, FaultKind)>::new());
    Effect::new(move || {
        let Some(form) = by_id::<HtmlFormElement>(&form) else {
            return;
        };
        let waiting = Rc::new(Cell::new(None::<TimeoutHandle>));
        listen(&form.clone(), "input", move |_| {
            if let Some(waiting) = waiting.take() {
                waiting.clear();
            }
            let form = form.clone();
            let look = move || found.set(faults(&values(&form, Field::RedirectUri.as_str())));
            waiting.set(set_timeout_with_handle(look, REST).ok());
        });
    });
    let line = move |(at, kind): (usize, FaultKind)| {
        let mut all = words.iter();
        let (_, words) = all.find(|(key, _)| key == kind.key())?;
        let row = row.replace("{row}", &(at + 1).to_string());
        Some(view! { <p class="c-field__error">{format!("{row}: {words}")}</p> })
    };
    view! {
        <div class="d-live" role="status">{move || found.get().into_iter().filter_map(&line).collect_view()}</div>
    }
}

/// The faults of these rows, by the number of the row on the page. Empty rows are none, as on the server.
fn faults(rows: &[String]) -> Vec<(usize, FaultKind)> {
    let (mut good, mut found) = (Vec::new(), Vec::new());
    for (at, row) in rows.iter().enumerate() {
        let row = row.trim();
        if row.is_empty() {
            continue;
        }
        match RegisteredRedirectUri::parse(row, Environment::Live) {
            Ok(address) if good.contains(&address) => found.push((at, FaultKind::Repeated)),
            Ok(address) => good.push(address),
            Err(fault) => found.push((at, fault.into())),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_is_told_at_the_row_where_it_stands() {
        let told = |rows: &[&str]| {
            let rows: Vec<String> = rows.iter().map(|row| (*row).to_owned()).collect();
            faults(&rows)
        };
        assert!(told(&["", " "]).is_empty());
        assert!(told(&["https://shop.example/callback", ""]).is_empty());
        let rows = [
            "https://shop.example/callback",
            "",
            "https://shop.example/#done",
            "http://shop.example/callback",
            "https://shop.example/callback",
        ];
        let expected = [
            (2, FaultKind::RedirectFragment),
            (3, FaultKind::RedirectPlainHttp),
            (4, FaultKind::Repeated),
        ];
        assert_eq!(told(&rows), expected);
    }
}
