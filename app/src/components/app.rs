use leptos::prelude::*;
use protocol::authorization::AppView;

use super::{Icon, Shape, day};
use crate::i18n::Texts;

/// A name that somebody else chose, in bold and set apart from the direction of our text.
pub fn named(name: &str) -> AnyView {
    view! { <strong><bdi>{name.to_owned()}</bdi></strong> }.into_any()
}

/// The app's monogram on its plate, which is light in both modes.
pub fn plate(name: &str) -> AnyView {
    let letter = name
        .chars()
        .find(|c| c.is_alphanumeric())
        .map(|c| c.to_uppercase().to_string());
    view! {
        <span class="c-plate" aria-hidden="true">
            {letter.unwrap_or_else(|| "·".to_owned())}
        </span>
    }
    .into_any()
}

/// Who asks: what has been verified comes first and larger than what the app says of itself.
#[component]
pub fn Identity(
    /// The texts.
    t: Texts,
    /// The app.
    app: AppView,
) -> AnyView {
    let unreviewed = app.legal_name.is_none();
    let name = app.legal_name.unwrap_or_else(|| app.name.clone());
    let company = app
        .company_number
        .map(|number| t.with("app-company", &[("number", number.into())]));
    let licence = match (app.licensed, app.licence) {
        (Some(licence), _) => {
            let kind = t.say(&format!("choice-{}", licence.kind));
            let given = |fact: String| view! { <bdi>{fact}</bdi> }.into_any();
            let (number, authority) = (given(licence.number), given(licence.authority));
            let facts = [
                ("kind", kind.into_any()),
                ("number", number),
                ("authority", authority),
            ];
            Some(t.rich("app-licence", facts))
        }
        (None, Some(words)) => {
            let words = view! { <bdi>{words}</bdi> }.into_any();
            Some(t.rich("app-licence-words", [("licence", words)]))
        }
        (None, None) => None,
    };
    let licence = licence.map(|licence| view! { <p>{licence}</p> });
    let website = match app.verified_domain {
        Some(host) => {
            let host = view! { <span class="c-host">{host}</span> }.into_any();
            view! {
                <p class="c-with-icon c-is-ok">
                    <Icon shape=Shape::Check />
                    <span>{t.rich("app-verified", [("host", host)])}</span>
                </p>
            }
            .into_any()
        }
        None => warning(t.say("app-unverified")),
    };
    view! {
        <div class="c-identity">
            <h3 class="c-identity__name"><bdi>{name}</bdi></h3>
            {company.map(|company| view! { <p>{company}</p> })}
            {licence}
            {website}
            {unreviewed.then(|| warning(t.say("app-unreviewed")))}
            <p class="c-note">{t.rich("app-since", [("date", day(t, app.since))])}</p>
        </div>
    }
    .into_any()
}

fn warning(words: String) -> AnyView {
    view! {
        <p class="c-with-icon c-is-warn">
            <Icon shape=Shape::Warning />
            <span>{words}</span>
        </p>
    }
    .into_any()
}
