use leptos::prelude::*;
use protocol::{authorization::DeveloperDetail, error_catalogue, text::shown};

use super::{
    Disclosure, Fact, Machine,
    difference::{Run, runs},
};
use crate::i18n::Texts;

/// What the developer of the app needs to read, closed until opened. Sentences are English; what
/// came in the request is shown and never linked.
#[component]
pub fn DeveloperDetails(
    /// The texts.
    t: Texts,
    /// The details.
    detail: DeveloperDetail,
) -> AnyView {
    let addresses = addresses(t, detail.received, detail.registered);
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
        </Disclosure>
    }
    .into_any()
}

/// The section of the docs about an error, in a window of its own: the page stays where it is.
fn explanation(t: Texts, anchor: &str) -> AnyView {
    let href = format!("{}#{anchor}", error_catalogue::PATH);
    view! {
        <a href=href target="_blank" rel="noopener">
            <Machine words=anchor />
            <span class="l-aside">" ("{t.say("new-tab")}")"</span>
        </a>
    }
    .into_any()
}

/// The registered and the received address, with marks where they differ.
fn addresses(t: Texts, received: Option<String>, registered: Option<String>) -> Vec<AnyView> {
    let received = received.map(|address| shown(&address));
    let registered = registered.map(|address| shown(&address));
    let marked = registered
        .as_ref()
        .zip(received.as_ref())
        .and_then(|(registered, received)| runs(registered, received));
    let (of_registered, of_received) = marked.unzip();
    let registered =
        registered.map(|address| row(t.say("developer-registered"), address, of_registered, false));
    let received =
        received.map(|address| row(t.say("developer-received"), address, of_received, true));
    registered.into_iter().chain(received).collect()
}

fn row(label: String, address: String, runs: Option<Vec<Run>>, extra: bool) -> AnyView {
    let runs = runs.unwrap_or_else(|| {
        vec![Run {
            text: address,
            same: true,
        }]
    });
    view! {
        <Fact label>
            <code class="c-code c-diff" translate="no" dir="ltr">
                {runs.into_iter().map(|run| mark(run, extra)).collect_view()}
            </code>
        </Fact>
    }
    .into_any()
}

/// What only the received address has is struck out, what only the registered one has underlined.
fn mark(run: Run, extra: bool) -> AnyView {
    match (run.same, extra) {
        (true, _) => run.text.into_any(),
        (false, true) => view! { <del>{run.text}</del> }.into_any(),
        (false, false) => view! { <ins>{run.text}</ins> }.into_any(),
    }
}
