use engine::personal::{LIFETIME, MOST_A_DAY, MOST_PER_ADDRESS, StatementRange};
use leptos::prelude::*;
use protocol::{account_consent::RECENT_DAYS, scope::Personal};

use super::{Head, Page, Shell, duration, texts};
use crate::{
    components::{DocumentSection, Machine, permission_key},
    i18n::Texts,
};

/// The Paysera Wallet API: what an app that signs can know of people and their wallets, and how it vouches for
/// their addresses.
#[component]
pub fn WalletApiPage() -> AnyView {
    let t = texts();
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
