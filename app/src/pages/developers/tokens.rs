use leptos::prelude::*;

use super::{Head, Page, Shell, duration, samples, texts};
use crate::{
    api::developers::Place,
    components::{CodeSample, DocumentSection, Fact},
};

/// How long tokens live, and how they are renewed, ended and asked about.
#[component]
pub fn TokensPage(
    /// This server.
    place: Place,
) -> AnyView {
    let t = texts();
    let lifetimes = [
        (t.say("docs-lifetime-code"), place.lifetimes.code),
        (t.say("docs-lifetime-access"), place.lifetimes.access_token),
        (
            t.say("docs-lifetime-refresh"),
            place.lifetimes.refresh_token,
        ),
        (t.say("docs-lifetime-consent"), place.consent),
        (
            t.say("docs-lifetime-interaction"),
            place.lifetimes.interaction,
        ),
    ];
    let lifetimes = lifetimes.map(|(label, lifetime)| {
        view! { <Fact label>{duration(t, lifetime)}</Fact> }
    });
    let grace = duration(t, place.lifetimes.refresh_grace);
    let cache = duration(t, place.cache);
    let refresh = samples::refresh(&place);
    let single_flight = samples::single_flight(&place);
    let revoke = samples::revoke(&place);
    let introspect = samples::introspect(&place);
    view! {
        <Shell t title=t.say("docs-tokens") page=Page::Tokens>
            <Head heading=t.say("docs-tokens-heading") lead=t.prose("docs-tokens-lead", &[]) />
            <DocumentSection id="lifetimes" heading=t.say("docs-lifetimes").into_any()>
                <p>{t.prose("docs-lifetimes-text", &[])}</p>
                <dl class="c-facts">{lifetimes.into_iter().collect_view()}</dl>
            </DocumentSection>
            <DocumentSection id="refreshing" heading=t.say("docs-refresh").into_any()>
                <p>{t.prose("docs-refresh-text", &[("grace", grace.into())])}</p>
                <CodeSample t label=t.say("docs-sample-refresh") code=refresh />
                <p>{t.prose("docs-refresh-flight", &[])}</p>
                <CodeSample t label=t.say("docs-sample-flight") code=single_flight />
            </DocumentSection>
            <DocumentSection id="revoking" heading=t.say("docs-revocation").into_any()>
                <p>{t.prose("docs-revocation-text", &[("cache", cache.into())])}</p>
                <CodeSample t label=t.say("docs-sample-revoke") code=revoke />
            </DocumentSection>
            <DocumentSection id="introspection" heading=t.say("docs-introspection").into_any()>
                <p>{t.prose("docs-introspection-text", &[])}</p>
                <CodeSample t label=t.say("docs-sample-introspect") code=introspect />
            </DocumentSection>
            <DocumentSection id="logging" heading=t.say("docs-logging").into_any()>
                <p>{t.prose("docs-logging-text", &[])}</p>
            </DocumentSection>
        </Shell>
    }
    .into_any()
}
