use leptos::prelude::*;
use protocol::{authorization::DeveloperDetail, error_catalogue, ids::TraceId, text::shown};

use super::{Disclosure, Fact, Machine, compared::compared};
use crate::i18n::Texts;

/// What the developer of the app needs to read, closed until opened. Sentences are English; what
/// came in the request is shown and never linked.
#[component]
pub fn DeveloperDetails(
    /// The texts.
    t: Texts,
    /// The details.
    detail: DeveloperDetail,
    /// The reference of the request.
    trace: TraceId,
) -> AnyView {
    let labelled =
        |key: &str, address: Option<String>| address.map(|address| (t.say(key), shown(&address)));
    let addresses = compared(
        labelled("developer-registered", detail.registered),
        labelled("developer-received", detail.received),
    );
    let log = engine::portal::Place::Reference(trace).path();
    let differences = detail
        .differences
        .into_iter()
        .map(|words| view! { <li>{words}</li> }.into_any())
        .collect_view();
    let differences = (!differences.is_empty()).then(|| {
        view! {
            <Fact label=t.say("developer-differences")>
                <ol class="p-help" lang="en">
                    {differences}
                </ol>
            </Fact>
        }
    });
    view! {
        <Disclosure summary=t.say("developer-summary")>
            <dl class="c-facts c-facts--stacked">
                <Fact label=t.say("developer-error")>
                    <Machine words=detail.error />
                </Fact>
                <Fact label=t.say("developer-sentence")>
                    <span lang="en">{detail.sentence}</span>
                </Fact>
                {addresses}
                {differences}
                <Fact label=t.say("developer-anchor")>
                    {explanation(t, &detail.anchor)}
                </Fact>
            </dl>
            <p>
                <a href=log>{t.say("developer-open-log")}</a>
            </p>
        </Disclosure>
    }
    .into_any()
}

/// The section of the docs about an error, in a window of its own: the page stays where it is.
pub fn explanation(t: Texts, anchor: &str) -> AnyView {
    let href = format!("{}#{anchor}", error_catalogue::PATH);
    view! {
        <a href=href target="_blank" rel="noopener">
            <Machine words=anchor />
            <span class="l-aside">" ("{t.say("new-tab")}")"</span>
        </a>
    }
    .into_any()
}
