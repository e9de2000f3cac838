//! What was expected above what came, with marks where they differ.

use leptos::prelude::*;

use super::{
    Fact,
    difference::{Run, runs},
};

/// What was expected and what came, each with its label and made harmless before, as two facts.
pub fn compared(
    expected: Option<(String, String)>,
    received: Option<(String, String)>,
) -> Vec<AnyView> {
    let marked = expected
        .as_ref()
        .zip(received.as_ref())
        .and_then(|((_, expected), (_, received))| runs(expected, received));
    let (of_expected, of_received) = marked.unzip();
    let expected = expected.map(|(label, text)| row(label, text, of_expected, false));
    let received = received.map(|(label, text)| row(label, text, of_received, true));
    expected.into_iter().chain(received).collect()
}

fn row(label: String, text: String, runs: Option<Vec<Run>>, extra: bool) -> AnyView {
    let runs = runs.unwrap_or_else(|| vec![Run { text, same: true }]);
    view! {
        <Fact label>
            <code class="c-code c-diff" translate="no" dir="ltr">
                {runs.into_iter().map(|run| mark(run, extra)).collect_view()}
            </code>
        </Fact>
    }
    .into_any()
}

/// What only the received text has is struck out, what only the expected one has underlined.
fn mark(run: Run, extra: bool) -> AnyView {
    match (run.same, extra) {
        (true, _) => run.text.into_any(),
        (false, true) => view! { <del>{run.text}</del> }.into_any(),
        (false, false) => view! { <ins>{run.text}</ins> }.into_any(),
    }
}
