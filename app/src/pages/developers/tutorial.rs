use leptos::prelude::*;

use super::{Head, Page, Shell, duration, samples, texts};
use crate::{
    api::developers::Place,
    components::{CodeSample, DocumentSection},
};

/// The tutorial's dialect: what an app says in it, what it gets, and what became of its secret.
#[component]
pub fn TutorialPage(
    /// This server.
    place: Place,
) -> AnyView {
    let t = texts();
    let code = duration(t, place.lifetimes.code);
    let ask = samples::tutorial_ask(&place);
    let exchange = samples::tutorial_exchange(&place);
    let answer = samples::tutorial_answer();
    view! {
        <Shell t title=t.say("docs-tutorial") page=Page::Tutorial>
            <Head
                heading=t.say("docs-tutorial-heading")
                lead=t.prose("docs-tutorial-lead", &[])
            />
            <DocumentSection id="asking" heading=t.say("docs-tutorial-ask").into_any()>
                <p>{t.prose("docs-tutorial-ask-text", &[])}</p>
                <CodeSample t label=t.say("docs-sample-tutorial-ask") code=ask />
                <p>{t.prose("docs-tutorial-ask-back", &[])}</p>
            </DocumentSection>
            <DocumentSection id="exchanging" heading=t.say("docs-tutorial-exchange").into_any()>
                <p>{t.prose("docs-tutorial-exchange-text", &[("code", code.into())])}</p>
                <CodeSample t label=t.say("docs-sample-tutorial-exchange") code=exchange />
                <CodeSample t label=t.say("docs-sample-tutorial-answer") code=answer />
                <p>{t.prose("docs-tutorial-exchange-errors", &[])}</p>
            </DocumentSection>
            <DocumentSection id="secret" heading=t.say("docs-tutorial-secret").into_any()>
                <p>{t.prose("docs-tutorial-secret-text", &[])}</p>
            </DocumentSection>
            <DocumentSection id="leaving" heading=t.say("docs-tutorial-leaving").into_any()>
                <p>{t.prose("docs-tutorial-leaving-text", &[])}</p>
            </DocumentSection>
        </Shell>
    }
    .into_any()
}
