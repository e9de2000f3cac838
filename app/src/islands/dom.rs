//! The few things that every island does with the page.

use leptos::prelude::document;
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Event, EventTarget, FormData, HtmlElement, HtmlFormElement, NodeList, RequestInit,
    RequestRedirect, Response, UrlSearchParams, js_sys,
};

/// Mark of a form whose answer is under way.
pub const BUSY: &str = "data-busy";

/// The element with this id, if it is of the expected type.
pub fn by_id<T: JsCast>(id: &str) -> Option<T> {
    document().get_element_by_id(id)?.dyn_into().ok()
}

/// Calls `on_event` at every `event` of `target` for as long as the page lives.
pub fn listen(target: &EventTarget, event: &str, on_event: impl FnMut(Event) + 'static) {
    let closure = Closure::<dyn FnMut(Event)>::new(on_event);
    // The only failure is a target that cannot listen, which an `EventTarget` can.
    let _ = target.add_event_listener_with_callback(event, closure.as_ref().unchecked_ref());
    closure.forget();
}

/// The elements of a list that are of type `T`.
pub fn each<T: JsCast>(list: &NodeList) -> impl Iterator<Item = T> + '_ {
    (0..list.length()).filter_map(|at| list.item(at)?.dyn_into().ok())
}

/// The buttons that submit this form.
pub fn submit_buttons(form: &HtmlFormElement) -> Vec<HtmlElement> {
    form.query_selector_all("button:not([type=button])")
        .map(|list| each(&list).collect())
        .unwrap_or_default()
}

/// The values of all fields of this name, in the order of the form.
pub fn values(form: &HtmlFormElement, name: &str) -> Vec<String> {
    let Ok(data) = FormData::new_with_form(form) else {
        return Vec::new();
    };
    let all = data.get_all(name).into_iter();
    all.filter_map(|value| value.as_string()).collect()
}

/// The browser's clock, in milliseconds.
pub fn now() -> f64 {
    js_sys::Date::now()
}

/// Sends form fields in the background, as the form itself would. `None` when the network or the
/// server refused.
pub async fn post(
    action: &str,
    fields: &UrlSearchParams,
    redirect: RequestRedirect,
) -> Option<Response> {
    let request = RequestInit::new();
    request.set_method("POST");
    request.set_body(fields);
    request.set_redirect(redirect);
    let promise = leptos::prelude::window().fetch_with_str_and_init(action, &request);
    JsFuture::from(promise).await.ok()?.dyn_into().ok()
}

/// The text of an answer.
pub async fn text(response: &Response) -> Option<String> {
    JsFuture::from(response.text().ok()?)
        .await
        .ok()?
        .as_string()
}

/// Whether `object` has a usable property `name`: browsers leave some out on insecure pages.
pub fn has(object: &JsValue, name: &str) -> bool {
    js_sys::Reflect::get(object, &JsValue::from_str(name))
        .is_ok_and(|value| !value.is_undefined() && !value.is_null())
}
