use leptos::prelude::*;
use protocol::error_catalogue::{Case, Section, Told, sections};

use super::{Head, Page, Shell, samples, texts};
use crate::{
    api::developers::Place,
    components::{CodeSample, DocumentSection, Machine},
    i18n::Texts,
};

/// Every error by its section: what `error_uri` points at.
#[component]
pub fn ErrorsPage(
    /// This server.
    place: Place,
) -> AnyView {
    let t = texts();
    let all = sections();
    let groups = Told::ALL.map(|told| {
        let of_group = all.iter().filter(|section| section.told() == Some(told));
        view! { <Group t told sections=of_group.cloned().collect() /> }
    });
    view! {
        <Shell t title=t.say("docs-errors") page=Page::Errors>
            <Head heading=t.say("docs-errors-heading") lead=t.prose("docs-errors-lead", &[]) />
            <DocumentSection id="answer" heading=t.say("docs-error-shape").into_any()>
                <p>{t.prose("docs-error-shape-text", &[])}</p>
                <CodeSample t label=t.say("docs-sample-error") code=samples::error_answer(&place) />
            </DocumentSection>
            {groups.into_iter().collect_view()}
        </Shell>
    }
    .into_any()
}

/// Where a group stands, its heading and its introduction.
const fn group(told: Told) -> (&'static str, &'static str, &'static str) {
    match told {
        Told::OnPage => ("on-our-page", "docs-told-page", "docs-told-page-text"),
        Told::ByRedirect => (
            "by-redirect",
            "docs-told-redirect",
            "docs-told-redirect-text",
        ),
        Told::ByTokenEndpoint => (
            "from-token-endpoint",
            "docs-told-token",
            "docs-told-token-text",
        ),
        Told::ByResource => ("from-apis", "docs-told-resource", "docs-told-resource-text"),
    }
}

/// The errors that are told in one place first.
#[component]
fn Group(t: Texts, told: Told, sections: Vec<Section>) -> AnyView {
    let (id, heading, text) = group(told);
    view! {
        <DocumentSection id heading=t.say(heading).into_any()>
            <p>{t.prose(text, &[])}</p>
            {sections.into_iter().map(|section| view! { <Explained t section /> }).collect_view()}
        </DocumentSection>
    }
    .into_any()
}

/// One section. Sentences are English, as they are sent.
#[component]
fn Explained(t: Texts, section: Section) -> AnyView {
    let anchor = section.anchor;
    view! {
        <section class="c-fault" id=anchor>
            <h3>
                <a href=format!("#{anchor}") aria-label=format!("{anchor}: {}", t.say("docs-link-here"))>
                    <Machine words=anchor />
                </a>
            </h3>
            {section.cases.into_iter().map(|case| view! { <Explanation t case /> }).collect_view()}
        </section>
    }
    .into_any()
}

/// Where and with which words an error is told, and what to do.
#[component]
fn Explanation(t: Texts, case: Case) -> AnyView {
    let statuses: Vec<String> = case.statuses.iter().map(u16::to_string).collect();
    let status = [("status", statuses.join(", ").into())];
    let place = match case.told {
        Told::OnPage => t.with("docs-case-page", &status),
        Told::ByRedirect => t.say("docs-case-redirect"),
        Told::ByTokenEndpoint => t.with("docs-case-token", &status),
        Told::ByResource => t.with("docs-case-resource", &status),
    };
    // The description is part of the sentence more often than not.
    let description = case
        .description
        .filter(|words| !case.developer.starts_with(words.as_str()))
        .map(|words| {
            view! {
                <p lang="en" class="c-fault__wire">
                    <q>{words}</q>
                </p>
            }
        });
    view! {
        <div class="c-fault__case">
            <p>
                <Machine words=case.code />
                " "
                <span class="c-note">{place}</span>
            </p>
            {description}
            <p lang="en">{case.developer}</p>
        </div>
    }
    .into_any()
}
