use leptos::prelude::*;
use leptos_meta::Title;

use super::{
    Icon, Shape,
    icon::Mark,
    shell::{Elsewhere, Languages, escaped},
};
use crate::i18n::Texts;

/// A link to a page, with the words for it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PageLink {
    /// Where to.
    pub href: &'static str,
    /// The words.
    pub words: String,
    /// Whether it is the page that is shown.
    pub is_here: bool,
}

/// The shell of public documents: a bar with the places of the site, the pages of the document
/// beside the sheet or, where there is no room, in a menu above it.
#[component]
pub fn DocumentShell(
    /// The texts.
    t: Texts,
    /// What the window is called.
    #[prop(into)]
    title: String,
    /// The places of the site.
    bar: Vec<PageLink>,
    /// The pages of the document.
    pages: Vec<PageLink>,
    /// Above the sheet, beside the pages.
    #[prop(into)]
    above: AnyView,
    children: Children,
) -> AnyView {
    let window = escaped(&t.with("title", &[("page", title.into())]));
    let menu = pages.clone();
    view! {
        <Title text=window />
        <a class="c-button l-skip l-aside" href="#main">
            {t.say("skip")}
        </a>
        <header>
            <div class="l-page l-page--wide l-header">
                <a class="c-mark" href="/">
                    <Mark />
                    "Countersign"
                </a>
                <nav class="c-bar" aria-label=t.say("docs-bar")>
                    {links(bar)}
                </nav>
                <Languages t />
            </div>
        </header>
        <div class="l-page l-page--wide l-docs">
            <nav class="l-docs__side" aria-label=t.say("docs-nav")>
                <ul role="list" class="c-contents">
                    {items(pages)}
                </ul>
            </nav>
            <nav class="l-docs__menu" aria-label=t.say("docs-nav")>
                <details class="c-disclosure">
                    <summary>
                        <span>{t.say("docs-nav")}</span>
                        <Icon shape=Shape::Down class="c-disclosure__turn" />
                    </summary>
                    <ul role="list" class="c-contents">
                        {items(menu)}
                    </ul>
                </details>
            </nav>
            <div>
                {above}
                <main class="l-sheet" id="main">
                    {children()}
                </main>
            </div>
        </div>
        <footer class="l-page l-page--wide l-footer">
            <Elsewhere t href="/help" words=t.say("footer-help") />
            <Elsewhere t href="/privacy" words=t.say("footer-privacy") />
        </footer>
    }
    .into_any()
}

/// A section of a document: its heading can be linked to.
#[component]
pub fn DocumentSection(
    /// Where links lead.
    #[prop(into)]
    id: String,
    /// The heading.
    #[prop(into)]
    heading: AnyView,
    children: Children,
) -> AnyView {
    view! {
        <section class="l-block" id=id>
            <div class="l-block__body">
                <h2>{heading}</h2>
                {children()}
            </div>
        </section>
    }
    .into_any()
}

fn links(links: Vec<PageLink>) -> Vec<AnyView> {
    let link = |link: PageLink| {
        view! {
            <a href=link.href aria-current=link.is_here.then_some("page")>
                {link.words}
            </a>
        }
        .into_any()
    };
    links.into_iter().map(link).collect()
}

fn items(pages: Vec<PageLink>) -> Vec<AnyView> {
    links(pages)
        .into_iter()
        .map(|link| view! { <li>{link}</li> }.into_any())
        .collect()
}
