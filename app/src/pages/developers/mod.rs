//! The public pages for developers: how to begin, what can be asked for, what goes wrong, tokens,
//! payments, account information, dialects, and a search over all of it.
//!
//! What they list is read off the enums of `protocol`, and sample code off this server's address: a
//! page cannot promise what the server does not do.

mod accounts;
mod errors;
mod payments;
mod samples;
mod scopes;
mod search;
mod start;
mod tokens;
mod tutorial;
mod wallet_api;

use std::time::Duration;

use leptos::prelude::*;
use protocol::locale::Locale;

use crate::{
    components::{DocumentShell, PageLink},
    i18n::Texts,
};

pub use accounts::AccountsPage;
pub use errors::ErrorsPage;
pub use payments::PaymentsPage;
pub use scopes::ScopesPage;
pub use search::FoundPage;
pub use start::StartPage;
pub use tokens::TokensPage;
pub use tutorial::TutorialPage;
pub use wallet_api::WalletApiPage;

/// The pages, in reading order.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Page {
    /// Quick start and addresses.
    Start,
    /// What an app can ask for.
    Scopes,
    /// What goes wrong.
    Errors,
    /// Lifetimes, refreshing, revoking.
    Tokens,
    /// One payment per request.
    Payments,
    /// Consents to account information.
    Accounts,
    /// The tutorial's dialect.
    Tutorial,
    /// The Paysera Wallet API.
    WalletApi,
}

impl Page {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Start,
        Self::Scopes,
        Self::Errors,
        Self::Tokens,
        Self::Payments,
        Self::Accounts,
        Self::Tutorial,
        Self::WalletApi,
    ];

    /// Its address.
    pub const fn path(self) -> &'static str {
        match self {
            Self::Start => "/developers",
            Self::Scopes => "/developers/scopes",
            Self::Errors => protocol::error_catalogue::PATH,
            Self::Tokens => "/developers/tokens",
            Self::Payments => "/developers/payments",
            Self::Accounts => "/developers/accounts",
            Self::Tutorial => "/developers/tutorial",
            Self::WalletApi => "/developers/wallet-api",
        }
    }

    /// Key of its name.
    const fn name(self) -> &'static str {
        match self {
            Self::Start => "docs-start",
            Self::Scopes => "docs-scopes",
            Self::Errors => "docs-errors",
            Self::Tokens => "docs-tokens",
            Self::Payments => "docs-payments",
            Self::Accounts => "docs-accounts",
            Self::Tutorial => "docs-tutorial",
            Self::WalletApi => "docs-wallet",
        }
    }

    /// Its sections: where links lead, and the key of the heading. Scopes and faults have sections
    /// of their own beside these.
    pub const fn sections(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Start => &[
                ("quick-start", "docs-quick"),
                ("keys", "docs-step-keys"),
                ("person", "docs-step-person"),
                ("call", "docs-step-call"),
                ("addresses", "docs-addresses"),
            ],
            Self::Scopes => &[],
            Self::Errors => &[
                ("answer", "docs-error-shape"),
                ("on-our-page", "docs-told-page"),
                ("by-redirect", "docs-told-redirect"),
                ("from-token-endpoint", "docs-told-token"),
                ("from-apis", "docs-told-resource"),
            ],
            Self::Tokens => &[
                ("lifetimes", "docs-lifetimes"),
                ("refreshing", "docs-refresh"),
                ("revoking", "docs-revocation"),
                ("introspection", "docs-introspection"),
                ("logging", "docs-logging"),
            ],
            Self::Payments => &[
                ("request", "docs-payment-request"),
                ("members", "docs-payment-fields"),
                ("transfer", "docs-payment-transfer"),
                ("failing", "docs-payment-faults"),
            ],
            Self::Accounts => &[
                ("consent", "docs-accounts-consent"),
                ("ask", "docs-accounts-ask"),
                ("read", "docs-accounts-read"),
                ("limits", "docs-accounts-limits"),
                ("end", "docs-accounts-end"),
                ("codes", "docs-accounts-codes"),
                ("sandbox", "docs-accounts-sandbox"),
            ],
            Self::Tutorial => &[
                ("asking", "docs-tutorial-ask"),
                ("exchanging", "docs-tutorial-exchange"),
                ("secret", "docs-tutorial-secret"),
                ("leaving", "docs-tutorial-leaving"),
            ],
            Self::WalletApi => &[
                ("signing", "docs-wallet-signing"),
                ("people", "docs-wallet-people"),
                ("transactions", "docs-wallet-paid"),
                ("personal-scopes", "docs-wallet-scopes"),
                ("suffixes", "docs-wallet-suffixes"),
                ("people-and-wallets", "docs-wallet-resources"),
                ("contact-tokens", "docs-wallet-contact"),
            ],
        }
    }
}

/// The texts of the language in which the page is shown.
fn texts() -> Texts {
    Texts::of(expect_context::<Locale>())
}

/// The shell around each of the pages, with the search above.
#[component]
fn Shell(
    /// The texts.
    t: Texts,
    /// What the window is called.
    #[prop(into)]
    title: String,
    /// Which page it is, unless it is what was found.
    #[prop(optional)]
    page: Option<Page>,
    /// What was searched for.
    #[prop(optional, into)]
    query: String,
    children: Children,
) -> AnyView {
    let link = |href, words, is_here| PageLink {
        href,
        words,
        is_here,
    };
    let bar = vec![
        link(
            Page::Start.path(),
            t.say("docs-developers"),
            page == Some(Page::Start),
        ),
        link("/login", t.say("docs-log-in"), false),
        link("/signup", t.say("docs-sign-up"), false),
    ];
    let pages = Page::ALL.map(|known| link(known.path(), t.say(known.name()), page == Some(known)));
    let above = view! { <search::SearchForm t query /> }.into_any();
    view! {
        <DocumentShell t title bar pages=pages.to_vec() above>
            {children()}
        </DocumentShell>
    }
    .into_any()
}

/// The first block of a page.
#[component]
fn Head(
    /// The heading.
    heading: String,
    /// What the page is about.
    lead: Vec<AnyView>,
) -> AnyView {
    view! {
        <div class="l-block">
            <div class="l-block__body p-title">
                <h1>{heading}</h1>
                <p class="p-lead">{lead}</p>
            </div>
        </div>
    }
    .into_any()
}

/// A duration in words: whole days, hours, minutes, or seconds, rounded up.
fn duration(t: Texts, duration: Duration) -> String {
    let seconds = duration.as_secs() + u64::from(duration.subsec_nanos() > 0);
    let (key, unit) = match seconds {
        seconds if seconds > 0 && seconds % 86_400 == 0 => ("docs-days", 86_400),
        seconds if seconds > 0 && seconds % 3_600 == 0 => ("docs-hours", 3_600),
        seconds if seconds > 0 && seconds % 60 == 0 => ("docs-minutes", 60),
        _ => ("docs-seconds", 1),
    };
    t.with(key, &[("count", (seconds / unit).into())])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_said_in_their_largest_whole_unit() {
        let t = Texts::of(Locale::En);
        for (millis, said) in [
            (900, "1 second"),
            (10_000, "10 seconds"),
            (60_000, "1 minute"),
            (90_000, "90 seconds"),
            (3_600_000, "1 hour"),
            (15_552_000_000, "180 days"),
            (0, "0 seconds"),
        ] {
            assert_eq!(duration(t, Duration::from_millis(millis)), said);
        }
    }
}
