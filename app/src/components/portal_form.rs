use leptos::prelude::*;

use crate::visitor;

/// A form of the portal: plain HTML that needs no script, tied to the browser's session.
#[component]
pub fn PortalForm(
    /// What the engine calls it: its token is for this form alone.
    form: &'static str,
    /// The form's id, where its name is not enough.
    #[prop(optional, into)]
    id: Option<String>,
    /// Where it is sent.
    action: &'static str,
    children: Children,
) -> AnyView {
    view! {
        <form class="l-form" id=id.unwrap_or_else(|| form.to_owned()) method="post" action=action novalidate=true>
            <input type="hidden" name="form_token" value=visitor::form_token(form) />
            {children()}
        </form>
    }
    .into_any()
}
