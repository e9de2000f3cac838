//! Pages of the demo: whom one can sign in as, the codes of the moment, the mails.

mod authenticator;
mod index;
mod mailbox;

pub use authenticator::AuthenticatorPage;
pub use index::DemoPage;
use leptos::prelude::*;
pub use mailbox::MailboxPage;

use crate::{
    components::{Icon, Shape},
    i18n::Texts,
};

/// A role in words.
fn role(t: Texts, role: &str) -> String {
    match role {
        "admin" => t.say("demo-role-admin"),
        "developer" => t.say("demo-role-developer"),
        _ => t.say("demo-role-user"),
    }
}

/// The link back to the demo's first page.
#[component]
fn Back(t: Texts) -> AnyView {
    view! {
        <p class="p-below p-links">
            <a class="c-with-icon" href="/demo">
                <Icon shape=Shape::Back />
                {t.say("demo-back")}
            </a>
        </p>
    }
    .into_any()
}
