use leptos::prelude::*;
use protocol::{
    account_consent::{ConsentState, FRESH, MOST_PER_DAY, RECENT_DAYS, ScaState, WAITING},
    sca::SANDBOX_CODE,
};

use super::{Head, Page, Shell, duration, samples, texts};
use crate::{
    api::developers::Place,
    components::{CodeSample, DocumentSection, Machine},
    i18n::Texts,
};

/// The errors of the interface, with their statuses.
const CODES: [(&str, u16); 15] = [
    ("FORMAT_ERROR", 400),
    ("PERIOD_INVALID", 400),
    ("SESSIONS_NOT_SUPPORTED", 400),
    ("PARAMETER_NOT_SUPPORTED", 400),
    ("TOKEN_UNKNOWN", 401),
    ("TOKEN_INVALID", 401),
    ("TOKEN_EXPIRED", 401),
    ("CONSENT_INVALID", 401),
    ("CONSENT_EXPIRED", 401),
    ("CONSENT_UNKNOWN", 403),
    ("RESOURCE_UNKNOWN", 404),
    ("STATUS_INVALID", 409),
    ("ACCESS_EXCEEDED", 429),
    ("INTERNAL_SERVER_ERROR", 500),
    ("SERVICE_UNAVAILABLE", 503),
];

/// How an app reads accounts: a consent first, what it may read then, and what the sandbox lets pass.
#[component]
pub fn AccountsPage(
    /// This server.
    place: Place,
) -> AnyView {
    let t = texts();
    let consent = samples::consent(&place);
    let ask = samples::ask_for_consent(&place);
    let read = samples::read_accounts(&place);
    let give_back = samples::delete_consent(&place);
    let days = duration(t, place.consent);
    let waits = duration(t, WAITING);
    let fresh = duration(t, FRESH);
    view! {
        <Shell t title=t.say("docs-accounts") page=Page::Accounts>
            <Head heading=t.say("docs-accounts-heading") lead=t.prose("docs-accounts-lead", &[]) />
            <DocumentSection id="consent" heading=t.say("docs-accounts-consent").into_any()>
                <p>{t.prose("docs-accounts-consent-text", &[("days", days.into()), ("waits", waits.into())])}</p>
                <CodeSample t label=t.say("docs-sample-consent") code=consent />
                <p>{t.prose("docs-accounts-access-text", &[])}</p>
            </DocumentSection>
            <DocumentSection id="ask" heading=t.say("docs-accounts-ask").into_any()>
                <p>{t.prose("docs-accounts-ask-text", &[])}</p>
                <CodeSample t label=t.say("docs-sample-ask") code=ask />
                <p>{t.prose("docs-accounts-ais-text", &[])}</p>
            </DocumentSection>
            <DocumentSection id="read" heading=t.say("docs-accounts-read").into_any()>
                <p>{t.prose("docs-accounts-read-text", &[])}</p>
                <CodeSample t label=t.say("docs-sample-read") code=read />
            </DocumentSection>
            <DocumentSection id="limits" heading=t.say("docs-accounts-limits").into_any()>
                <ul class="p-help">
                    <li>{t.prose("docs-accounts-often", &[("times", MOST_PER_DAY.into())])}</li>
                    <li>
                        {t.prose(
                            "docs-accounts-old",
                            &[("days", RECENT_DAYS.into()), ("fresh", fresh.into())],
                        )}
                    </li>
                    <li>{t.prose("docs-accounts-once", &[])}</li>
                    <li>{t.prose("docs-accounts-one", &[])}</li>
                </ul>
            </DocumentSection>
            <DocumentSection id="end" heading=t.say("docs-accounts-end").into_any()>
                <p>{t.prose("docs-accounts-end-text", &[])}</p>
                <CodeSample t label=t.say("docs-sample-give-back") code=give_back />
                <States t />
            </DocumentSection>
            <DocumentSection id="codes" heading=t.say("docs-accounts-codes").into_any()>
                <p>{t.prose("docs-accounts-codes-text", &[])}</p>
                <Codes t />
            </DocumentSection>
            <DocumentSection id="sandbox" heading=t.say("docs-accounts-sandbox").into_any()>
                <ul class="p-help">
                    <li>{t.prose("docs-accounts-sandbox-people", &[])}</li>
                    <li>{t.prose("docs-accounts-sandbox-code", &[("code", SANDBOX_CODE.into())])}</li>
                    <li>{t.prose("docs-accounts-sandbox-known", &[])}</li>
                    <li>{t.prose("docs-accounts-sandbox-live", &[])}</li>
                </ul>
            </DocumentSection>
        </Shell>
    }
    .into_any()
}

/// What becomes of a consent and of an authorisation, each in a sentence.
#[component]
fn States(t: Texts) -> AnyView {
    let states = ConsentState::ALL.map(|state| (state.as_str(), format!("docs-state-{state}")));
    let steps = ScaState::ALL.map(|state| (state.as_str(), format!("docs-sca-{}", state.as_str())));
    view! {
        <h3>
            <Machine words="consentStatus" />
        </h3>
        <Words t words=states.to_vec() />
        <h3>
            <Machine words="scaStatus" />
        </h3>
        <Words t words=steps.to_vec() />
    }
    .into_any()
}

/// The errors, each in a sentence.
#[component]
fn Codes(t: Texts) -> AnyView {
    let facts = CODES.map(|(code, status)| {
        let key = format!("docs-code-{}", code.to_lowercase().replace('_', "-"));
        view! {
            <div>
                <dt>
                    <Machine words=code />
                    " " {status}
                </dt>
                <dd>{t.prose(&key, &[])}</dd>
            </div>
        }
    });
    view! { <dl class="c-facts c-facts--stacked">{facts.into_iter().collect_view()}</dl> }
        .into_any()
}

/// Words of the interface with what they mean.
#[component]
fn Words(t: Texts, words: Vec<(&'static str, String)>) -> AnyView {
    let facts = words.into_iter().map(|(word, key)| {
        view! {
            <div>
                <dt>
                    <Machine words=word />
                </dt>
                <dd>{t.say(&key)}</dd>
            </div>
        }
    });
    view! { <dl class="c-facts c-facts--stacked">{facts.collect_view()}</dl> }.into_any()
}
