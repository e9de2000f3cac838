use leptos::prelude::*;
use leptos_meta::Title;
use protocol::{locale::Locale, time::Timestamp};

use super::{clock_time, icon::Mark};
use crate::{i18n::Texts, visitor::language_link};

/// The host of the configured public URL, for "You are on …". Never what the browser sent: a page
/// that repeats a forged address would vouch for it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SiteHost(pub String);

/// The configured host, if the page is served by a configured server.
pub fn site_host() -> Option<String> {
    use_context::<SiteHost>().map(|SiteHost(host)| host)
}

/// The shell of pages on which a person decides: no navigation and no link that leaves the flow.
#[component]
pub fn FocusShell(
    /// The texts.
    t: Texts,
    /// What the window is called.
    #[prop(into)]
    title: String,
    /// The window's name begins with "Error:".
    #[prop(optional)]
    failed: bool,
    /// Play money only.
    #[prop(optional)]
    sandbox: bool,
    /// What kind of document the sheet is.
    #[prop(optional, into)]
    kind: Option<String>,
    /// Until when it can be answered.
    #[prop(optional_no_strip)]
    until: Option<Timestamp>,
    /// Reference in the footer.
    #[prop(optional, into)]
    reference: Option<String>,
    /// Name of the problem that the page is about.
    #[prop(optional)]
    problem: Option<&'static str>,
    /// The sheet is a receipt, torn off at the lower edge.
    #[prop(optional)]
    receipt: bool,
    children: Children,
) -> AnyView {
    let key = if failed { "title-error" } else { "title" };
    let window = escaped(&t.with(key, &[("page", title.into())]));
    let stripe = sandbox.then(|| {
        view! {
            <p class="c-stripe">
                <strong>{t.say("sandbox")}</strong>
                " "
                {t.say("sandbox-line")}
            </p>
        }
    });
    let letterhead = (kind.is_some() || until.is_some()).then(|| {
        view! {
            <div class="l-letterhead">
                <span>{kind}</span>
                {until.map(|until| view! { <span>{t.rich("finish-before", [("time", clock_time(t, until))])}</span> })}
            </div>
        }
    });
    let sheet = if receipt {
        "l-sheet p-receipt"
    } else {
        "l-sheet"
    };
    view! {
        <Title text=window />
        <a class="c-button l-skip l-aside" href="#main">
            {t.say("skip")}
        </a>
        <header>
            {stripe}
            <div class="l-page l-header">
                <span class="c-mark">
                    <Mark />
                    "Countersign"
                </span>
                <Languages t />
            </div>
        </header>
        <main class="l-page" id="main" data-err=problem>
            <div class=sheet>
                {letterhead}
                {children()}
            </div>
        </main>
        <footer class="l-page l-footer">
            <Elsewhere t href="/help" words=t.say("footer-help") />
            <Elsewhere t href="/privacy" words=t.say("footer-privacy") />
            {reference.map(|reference| view! { <ReferenceLine t reference /> })}
        </footer>
    }
    .into_any()
}

/// A text of others where HTML is expected: `leptos_meta` 0.8 puts the title into the document as it
/// is, and so does `inner_html`.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// The three languages as plain links; the request goes on in the chosen one.
#[component]
pub(super) fn Languages(
    /// The texts of the language of now.
    t: Texts,
) -> AnyView {
    language_links(t.say("languages"), t.locale(), language_link)
}

/// The three languages as plain links, each to the address where something stands in it.
pub(crate) fn language_links(
    label: String,
    now: Locale,
    address: impl Fn(Locale) -> String,
) -> AnyView {
    let link = |locale: Locale| {
        let name = match locale {
            Locale::En => "English",
            Locale::Lt => "Lietuvių",
            Locale::Ru => "Русский",
        };
        let tag = locale.as_str();
        let short = tag.to_uppercase();
        view! {
            <a
                href=address(locale)
                lang=tag
                hreflang=tag
                aria-label=format!("{short} – {name}")
                aria-current=(locale == now).then_some("true")
            >
                {short.clone()}
            </a>
        }
    };
    view! {
        <nav class="c-languages" aria-label=label>
            {Locale::ALL.map(link).into_iter().collect_view()}
        </nav>
    }
    .into_any()
}

/// A link out of the flow: opens a window of its own and says so.
#[component]
pub(super) fn Elsewhere(
    /// The texts.
    t: Texts,
    /// Where to.
    href: &'static str,
    /// The words.
    words: String,
) -> AnyView {
    view! {
        <a href=href target="_blank" rel="noopener">
            {words}
            <span class="l-aside">" ("{t.say("new-tab")}")"</span>
        </a>
    }
    .into_any()
}

/// What to dictate to support.
#[component]
pub fn ReferenceLine(
    /// The texts.
    t: Texts,
    /// The reference.
    reference: String,
) -> AnyView {
    let id = view! {
        <bdi class="c-reference" translate="no">
            {reference}
        </bdi>
    };
    view! { <span class="l-footer__end">{t.rich("reference", [("id", id.into_any())])}</span> }
        .into_any()
}
