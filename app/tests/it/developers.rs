//! The public pages for developers: whole in every language, true to the enums that they list.

use std::{collections::BTreeSet, time::Duration};

use app::{
    api::developers::{ClientKeys, Place},
    pages::developers::{
        AccountsPage, ErrorsPage, FoundPage, Page, PaymentsPage, ScopesPage, StartPage, TokensPage,
        TutorialPage, WalletApiPage,
    },
};
use leptos::prelude::*;
use protocol::{
    api_error::ApiErrorCode,
    authorize::{AuthorizeError, PageFault},
    lifetimes::Lifetimes,
    locale::Locale,
    scope::{Permission, Scope},
    token::TokenErrorCode,
};

use crate::{
    markup::{find, inner, readable, tags, text, title, within},
    views::document,
};

const ISSUER: &str = "https://id.bank.example";

fn place() -> Place {
    Place {
        issuer: ISSUER.to_owned(),
        lifetimes: Lifetimes::default(),
        consent: Duration::from_secs(180 * 86_400),
        idempotency: Duration::from_secs(7 * 86_400),
        pending_transfer: Duration::from_secs(86_400),
        cache: Duration::from_millis(900),
        keys: None,
    }
}

/// The document of a page.
async fn shown(page: Page, locale: Locale) -> String {
    document(move || {
        provide_context(locale);
        match page {
            Page::Start => view! { <StartPage place=place() /> }.into_any(),
            Page::Scopes => view! { <ScopesPage /> }.into_any(),
            Page::Errors => view! { <ErrorsPage place=place() /> }.into_any(),
            Page::Tokens => view! { <TokensPage place=place() /> }.into_any(),
            Page::Payments => view! { <PaymentsPage place=place() /> }.into_any(),
            Page::Accounts => view! { <AccountsPage place=place() /> }.into_any(),
            Page::Tutorial => view! { <TutorialPage place=place() /> }.into_any(),
            Page::WalletApi => view! { <WalletApiPage place=place() /> }.into_any(),
        }
    })
    .await
}

async fn found(query: &'static str, locale: Locale) -> String {
    document(move || {
        provide_context(locale);
        view! { <FoundPage query=query.to_owned() /> }.into_any()
    })
    .await
}

/// Every document, what was found and what was not among them.
pub async fn documents(locale: Locale) -> Vec<String> {
    let mut documents = Vec::new();
    for page in Page::ALL {
        documents.push(shown(page, locale).await);
    }
    documents.push(found("wallet", locale).await);
    documents.push(found("nothing like that", locale).await);
    documents
}

fn ids(html: &str) -> Vec<String> {
    tags(html)
        .iter()
        .filter_map(|tag| tag.attribute("id").map(str::to_owned))
        .collect()
}

#[tokio::test]
async fn every_document_is_whole_in_every_language() {
    for locale in Locale::ALL {
        for html in documents(locale).await {
            let ids = ids(&html);
            let known: BTreeSet<&String> = ids.iter().collect();
            assert_eq!(ids.len(), known.len(), "an id stands twice: {ids:?}");
            let tags = tags(&html);
            assert_eq!(tags.iter().filter(|tag| tag.name == "h1").count(), 1);
            assert_eq!(tags.iter().filter(|tag| tag.name == "main").count(), 1);
            assert!(title(&html).ends_with("Countersign"), "{}", title(&html));
            let text = readable(&html);
            assert!(
                !text.contains("docs-") && !text.contains('\u{E000}'),
                "{text}"
            );
            for tag in &tags {
                for name in tag.attributes.keys() {
                    assert!(name != "style" && !name.starts_with("on"), "{tag:?}");
                }
            }
        }
    }
}

#[tokio::test]
async fn every_link_between_the_documents_leads_to_a_section_that_is_there() {
    let mut sections = BTreeSet::new();
    for page in Page::ALL {
        let html = shown(page, Locale::En).await;
        sections.insert(page.path().to_owned());
        sections.extend(ids(&html).iter().map(|id| format!("{}#{id}", page.path())));
        for (id, _) in page.sections() {
            assert!(sections.contains(&format!("{}#{id}", page.path())), "{id}");
        }
    }
    for html in documents(Locale::En).await {
        let tags = tags(&html);
        let links = tags
            .iter()
            .filter(|tag| tag.name == "a")
            .filter_map(|tag| tag.attribute("href"));
        for link in links.filter(|link| link.starts_with("/developers")) {
            assert!(sections.contains(link), "{link} leads nowhere");
        }
        let here: BTreeSet<String> = ids(&html).into_iter().collect();
        for tag in &tags {
            if let Some(id) = tag
                .attribute("href")
                .and_then(|href| href.strip_prefix('#'))
            {
                assert!(here.contains(id), "{tag:?} leads nowhere");
            }
        }
    }
}

#[tokio::test]
async fn every_error_that_the_server_sends_has_its_section() {
    let mut anchors: Vec<&str> = Vec::new();
    anchors.extend(PageFault::examples().iter().map(PageFault::anchor));
    anchors.extend(
        AuthorizeError::examples()
            .iter()
            .map(AuthorizeError::anchor),
    );
    anchors.extend(TokenErrorCode::ALL.map(TokenErrorCode::anchor));
    anchors.extend(ApiErrorCode::ALL.map(ApiErrorCode::anchor));
    for locale in Locale::ALL {
        let ids = ids(&shown(Page::Errors, locale).await);
        for anchor in &anchors {
            assert!(ids.iter().any(|id| id == anchor), "no section {anchor}");
        }
    }
}

#[tokio::test]
async fn sentences_about_errors_stay_english_and_say_so() {
    let html = shown(Page::Errors, Locale::Lt).await;
    let tags = tags(&html);
    let section = find(&tags, "section", "id", "pkce-missing").expect("the section");
    let inside = inner(&html, section);
    let sentence = crate::markup::tags(inside)
        .into_iter()
        .find(|tag| tag.name == "p" && tag.is("lang", "en"))
        .expect("a sentence");
    assert!(text(inner(inside, &sentence)).contains("PKCE with S256 is required"));
    for error in AuthorizeError::examples() {
        assert!(readable(&html).contains(&error.developer()), "{error:?}");
    }
}

#[tokio::test]
async fn scopes_are_told_in_the_words_of_the_consent_page() {
    for locale in Locale::ALL {
        let t = app::i18n::Texts::of(locale);
        let html = shown(Page::Scopes, locale).await;
        let tags = tags(&html);
        for token in Permission::OFFERED {
            let section = find(&tags, "section", "id", token).expect("a section per scope");
            let read = text(inner(&html, section));
            let scope = Scope::parse(token).expect("a scope");
            for cluster in scope.clusters(None) {
                let key = cluster.key().replace('.', "-");
                assert!(read.contains(&t.say(&key)), "{token} {key}");
                assert!(
                    read.contains(&t.say(&format!("{key}-details"))),
                    "{token} {key}"
                );
            }
            for cannot in scope.cannot() {
                let words = t.say(&cannot.key().replace('.', "-"));
                assert!(read.contains(&words), "{token}: {words}");
            }
        }
    }
}

#[tokio::test]
async fn samples_are_of_this_server_and_scroll_in_a_box_of_their_own() {
    for page in [
        Page::Start,
        Page::Errors,
        Page::Tokens,
        Page::Payments,
        Page::Accounts,
    ] {
        let html = shown(page, Locale::Ru).await;
        let boxes: Vec<_> = tags(&html)
            .into_iter()
            .filter(|tag| tag.name == "pre")
            .collect();
        assert!(!boxes.is_empty());
        let mut labels = BTreeSet::new();
        for sample in boxes {
            assert!(sample.is("tabindex", "0") && sample.attribute("data-scroll").is_some());
            assert!(sample.is("lang", "en") && sample.is("translate", "no"));
            let label = sample
                .attribute("aria-label")
                .unwrap_or_default()
                .to_owned();
            assert!(!label.is_empty() && labels.insert(label));
            let code = text(inner(&html, &sample));
            assert!(
                code.contains(ISSUER) || code.contains("CLIENT_SECRET='"),
                "{code}"
            );
            assert!(!code.contains("127.0.0.1:3000"), "{code}");
            assert!(!code.starts_with(char::is_whitespace) && !code.ends_with('\n'));
        }
    }
}

#[tokio::test]
async fn keys_stand_in_the_samples_only_where_everybody_knows_them() {
    let html = shown(Page::Start, Locale::En).await;
    assert!(readable(&html).contains("Sign up and an app in the sandbox"));
    assert!(readable(&html).contains("CLIENT_ID='your client_id'"));
    let html = document(|| {
        provide_context(Locale::En);
        let keys = Some(ClientKeys {
            id: "demo-app".to_owned(),
            secret: "known-to-all".to_owned(),
        });
        view! { <StartPage place=Place { keys, ..place() } /> }.into_any()
    })
    .await;
    assert!(readable(&html).contains("CLIENT_ID='demo-app' CLIENT_SECRET='known-to-all'"));
}

#[tokio::test]
async fn lifetimes_are_those_of_the_server() {
    let html = document(|| {
        provide_context(Locale::En);
        let mut place = place();
        place.lifetimes.access_token = Duration::from_secs(7_200);
        place.lifetimes.refresh_grace = Duration::from_secs(25);
        view! { <TokensPage place /> }.into_any()
    })
    .await;
    let text = readable(&html);
    for said in [
        "2 hours",
        "within 25 seconds",
        "within 1 second",
        "180 days",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
}

#[tokio::test]
async fn what_is_searched_for_stays_in_the_field_and_is_only_text() {
    let evil = "\"><script>alert(1)</script>";
    let html = found(evil, Locale::En).await;
    assert!(!html.contains("<script"));
    let tags = tags(&html);
    let form = find(&tags, "form", "role", "search").expect("a search");
    assert!(form.is("method", "get") && form.is("action", "/developers"));
    let fields = within(&html, form);
    assert!(find(&fields, "input", "name", "q").is_some_and(|field| field.is("value", evil)));
    for section in ["scopes", "errors"] {
        assert!(
            find(&tags, "section", "id", section).is_some(),
            "the list of {section}"
        );
    }
}
