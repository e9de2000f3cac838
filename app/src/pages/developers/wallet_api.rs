use engine::personal::{LIFETIME, MOST_A_DAY, MOST_PER_ADDRESS, StatementRange};
use leptos::prelude::*;
use protocol::{
    account_consent::RECENT_DAYS, scope::Personal, wallet_api::transaction::USUAL_RESERVE_HOURS,
};

use super::{Head, Page, Shell, duration, samples, texts};
use crate::{
    api::developers::Place,
    components::{CodeSample, DocumentSection, Machine, permission_key},
    i18n::Texts,
};

/// The Paysera Wallet API: how an app signs and is paid, what it can know of people and their wallets, and how
/// it vouches for their addresses.
#[component]
pub fn WalletApiPage(
    /// This server.
    place: Place,
) -> AnyView {
    let t = texts();
    let signed = samples::signed(&place);
    let clock = [("skew", duration(t, place.lifetimes.clock_skew).into())];
    let reserved = [("days", (USUAL_RESERVE_HOURS / 24).into())];
    let scopes = Personal::ALL
        .iter()
        .map(|what| scope(t, *what))
        .collect_view();
    let statements = [
        ("limit", StatementRange::LARGEST.into()),
        ("usual", StatementRange::USUAL.into()),
        ("days", RECENT_DAYS.into()),
    ];
    let tokens = [
        ("lifetime", duration(t, LIFETIME).into()),
        ("client", MOST_A_DAY.into()),
        ("address", MOST_PER_ADDRESS.into()),
    ];
    view! {
        <Shell t title=t.say("docs-wallet") page=Page::WalletApi>
            <Head heading=t.say("docs-wallet-heading") lead=t.prose("docs-wallet-lead", &[]) />
            <DocumentSection id="signing" heading=t.say("docs-wallet-signing").into_any()>
                <p>{t.prose("docs-wallet-signing-text", &[])}</p>
                <p>{t.prose("docs-wallet-signing-lines", &[])}</p>
                <p>{t.prose("docs-wallet-signing-once", &clock)}</p>
                <CodeSample t label=t.say("docs-sample-signed") code=signed />
            </DocumentSection>
            <DocumentSection id="people" heading=t.say("docs-wallet-people").into_any()>
                <p>{t.prose("docs-wallet-people-text", &[])}</p>
                <CodeSample t label=t.say("docs-sample-signed-person") code=samples::signed_person() />
                <p>{t.prose("docs-wallet-people-tokens", &[])}</p>
            </DocumentSection>
            <DocumentSection id="transactions" heading=t.say("docs-wallet-paid").into_any()>
                <p>{t.prose("docs-wallet-paid-text", &[])}</p>
                <CodeSample t label=t.say("docs-sample-signed-payment") code=samples::signed_payment() />
                <p>{t.prose("docs-wallet-paid-reserved", &reserved)}</p>
                <p>{t.prose("docs-wallet-paid-callbacks", &[])}</p>
            </DocumentSection>
            <DocumentSection id="personal-scopes" heading=t.say("docs-wallet-scopes").into_any()>
                <p>{t.prose("docs-wallet-scopes-text", &[])}</p>
                <ul class="p-help">{scopes}</ul>
            </DocumentSection>
            <DocumentSection id="suffixes" heading=t.say("docs-wallet-suffixes").into_any()>
                <p>{t.prose("docs-wallet-suffixes-offline", &[])}</p>
                <p>{t.prose("docs-wallet-suffixes-optional", &[])}</p>
            </DocumentSection>
            <DocumentSection id="people-and-wallets" heading=t.say("docs-wallet-resources").into_any()>
                <p>{t.prose("docs-wallet-resources-text", &[])}</p>
                <p>{t.prose("docs-wallet-resources-statements", &statements)}</p>
                <p>{t.prose("docs-wallet-resources-refused", &[])}</p>
            </DocumentSection>
            <DocumentSection id="contact-tokens" heading=t.say("docs-wallet-contact").into_any()>
                <p>{t.prose("docs-wallet-contact-text", &[])}</p>
                <p>{t.prose("docs-wallet-contact-limits", &tokens)}</p>
                <p>{t.prose("docs-wallet-contact-status", &[])}</p>
            </DocumentSection>
        </Shell>
    }
    .into_any()
}

/// A scope, what people read that it allows, and whether it is also there without a token.
fn scope(t: Texts, what: Personal) -> AnyView {
    let lines = what.clusters().iter();
    let read: Vec<String> = lines
        .map(|cluster| t.say(&permission_key(cluster.key())))
        .collect();
    let offline = what
        .knows_offline()
        .then(|| view! { " · " <Machine words="_offline".to_owned() /> });
    view! {
        <li>
            <Machine words=what.as_str().to_owned() />
            <br />
            <span class="c-note">{read.join(" · ")} {offline}</span>
        </li>
    }
    .into_any()
}
