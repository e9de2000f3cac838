use leptos::prelude::*;
use protocol::token::ServerMetadata;

use super::{Head, Page, Shell, samples, texts};
use crate::{
    api::developers::Place,
    components::{CodeSample, DocumentSection, Fact, Machine},
    i18n::Texts,
};

/// The first page: what this is, three steps to a first call, and the addresses.
#[component]
pub fn StartPage(
    /// This server.
    place: Place,
) -> AnyView {
    let t = texts();
    let paragraph = move |key: &'static str| view! { <p>{t.prose(key, &[])}</p> };
    let keys = match place.keys {
        Some(_) => "docs-step-keys-demo",
        None => "docs-step-keys-sign-up",
    };
    let set = samples::keys(&place);
    let check = samples::check(&place);
    let person = samples::person(&place);
    let call = samples::call(&place);
    view! {
        <Shell t title=t.say("docs-developers") page=Page::Start>
            <Head heading=t.say("docs-start-heading") lead=t.prose("docs-start-lead", &[]) />
            <DocumentSection id="quick-start" heading=t.say("docs-quick").into_any()>
                {paragraph("docs-quick-text")}
            </DocumentSection>
            <DocumentSection id="keys" heading=t.say("docs-step-keys").into_any()>
                {paragraph(keys)}
                <p class="p-links">
                    <a class="c-button" href="/signup">{t.say("docs-sign-up")}</a>
                    <a href="/login">{t.say("docs-log-in")}</a>
                </p>
                <CodeSample t label=t.say("docs-sample-keys") code=set />
                {paragraph("docs-step-keys-check")}
                <CodeSample t label=t.say("docs-sample-check") code=check />
            </DocumentSection>
            <DocumentSection id="person" heading=t.say("docs-step-person").into_any()>
                {paragraph("docs-step-person-text")}
                <CodeSample t label=t.say("docs-sample-person") code=person />
                {paragraph("docs-step-person-back")}
            </DocumentSection>
            <DocumentSection id="call" heading=t.say("docs-step-call").into_any()>
                {paragraph("docs-step-call-text")}
                <CodeSample t label=t.say("docs-sample-call") code=call />
            </DocumentSection>
            <Addresses t issuer=place.issuer />
        </Shell>
    }
    .into_any()
}

/// The addresses, from the very metadata that programs read.
#[component]
fn Addresses(t: Texts, issuer: String) -> AnyView {
    let metadata = ServerMetadata::new(&issuer);
    let endpoints = [
        (t.say("docs-issuer"), metadata.issuer),
        (
            t.say("docs-endpoint-authorize"),
            metadata.authorization_endpoint,
        ),
        (t.say("docs-endpoint-token"), metadata.token_endpoint),
        (t.say("docs-endpoint-revoke"), metadata.revocation_endpoint),
        (
            t.say("docs-endpoint-introspect"),
            metadata.introspection_endpoint,
        ),
    ];
    let facts = endpoints.map(|(label, words)| {
        view! {
            <Fact label>
                <Machine words />
            </Fact>
        }
    });
    view! {
        <DocumentSection id="addresses" heading=t.say("docs-addresses").into_any()>
            <ul role="list" class="p-index">
                <li>
                    <a href="/.well-known/oauth-authorization-server">{t.say("docs-metadata")}</a>
                    <p>{t.say("docs-metadata-note")}</p>
                </li>
                <li>
                    <a href="/openapi.json">{t.say("docs-openapi")}</a>
                    <p>{t.prose("docs-openapi-note", &[])}</p>
                </li>
            </ul>
            <dl class="c-facts">{facts.into_iter().collect_view()}</dl>
        </DocumentSection>
    }
    .into_any()
}
