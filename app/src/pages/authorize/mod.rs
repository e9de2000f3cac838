//! The pages on which a person approves an app. One page is due at a time; the engine says which.

mod confirm;
mod consent;
mod details;
mod finished;
mod log_in;
mod pay_from;

pub use confirm::ConfirmPage;
pub use consent::ConsentPage;
pub(crate) use consent::{Why, next};
pub use details::DetailsPage;
pub use finished::FinishedPage;
use leptos::prelude::*;
pub use log_in::LogInPage;
pub use pay_from::PayFromPage;
use protocol::authorization::{AppView, Step};

use super::problem::ProblemPage;
use crate::{components::named, i18n::Texts};

/// The step that is due.
#[component]
pub fn AuthorizePage(
    /// The step.
    step: Step,
) -> AnyView {
    match step {
        Step::LogIn(view) => view! { <LogInPage view /> }.into_any(),
        Step::Consent(view) => view! { <ConsentPage view /> }.into_any(),
        Step::Confirm(view) => view! { <ConfirmPage view /> }.into_any(),
        Step::Details(view) => view! { <DetailsPage view /> }.into_any(),
        Step::PayFrom(view) => view! { <PayFromPage view /> }.into_any(),
        Step::Finished(view) => view! { <FinishedPage view /> }.into_any(),
        Step::Problem(problem) => view! { <ProblemPage problem /> }.into_any(),
    }
}

/// The website that has been verified for the app, in brackets after its name.
fn site(app: &AppView) -> AnyView {
    match app.verified_domain.clone() {
        Some(host) => view! { " ("<bdi>{host}</bdi>")" }.into_any(),
        None => ().into_any(),
    }
}

/// The app's name with its website.
fn named_with_site(app: &AppView) -> AnyView {
    view! { {named(&app.name)} {site(app)} }.into_any()
}

/// "Signed in as …", once that is known.
fn signed_in(t: Texts, name: Option<&str>) -> Option<AnyView> {
    let name = named(name?);
    Some(view! { <p class="p-lead">{t.rich("signed-in", [("name", name)])}</p> }.into_any())
}
