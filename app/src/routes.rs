//! The document around every page, and which page stands at which address.

use std::future::Future;

use engine::Engine;
use http::request::Parts;
use leptos::{config::LeptosOptions, prelude::*};
use leptos_meta::{HashedStylesheet, Html, Link, MetaTags, provide_meta_context};
use leptos_router::{
    SsrMode,
    components::{Route, Router, Routes},
    hooks::{use_params_map, use_query_map},
    path,
};
use protocol::{
    authorization::{ProblemKind, ProblemView, Step},
    ids::AuthorizationId,
    locale::Locale,
};

mod connected;
mod credentials;
mod desk;
mod inspect;
mod portal;
mod register;

use connected::ConnectedRoutes;
use credentials::CredentialRoutes;
use desk::DeskRoutes;
use portal::PortalRoutes;
use register::RegisterRoutes;

use crate::{
    api::{self, developers::Place},
    components::preloads,
    islands::FreshPage,
    pages::{
        authorize::AuthorizePage,
        demo::{AuthenticatorPage, DemoPage, MailboxPage},
        developers::{
            AccountsPage, ErrorsPage, FoundPage, PaymentsPage, ScopesPage, StartPage, TokensPage,
            TutorialPage, WalletApiPage,
        },
        help::HelpPage,
        home::HomePage,
        privacy::PrivacyPage,
        problem::ProblemPage,
    },
    render::{announce, announce_problem},
    visitor,
};

/// The document around every page. Its only script starts the islands.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    view! {
        <!DOCTYPE html>
        <html>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <meta name="robots" content="noindex" />
                <HashedStylesheet options=options.clone() />
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <HydrationScripts options islands=true />
                <MetaTags />
            </head>
            <body>
                <App />
                <FreshPage />
            </body>
        </html>
    }
}

/// The page at the address that was asked for, or the one that says why it cannot be shown.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    match use_context::<Box<ProblemView>>() {
        Some(view) => problem(*view),
        None => view! { <Pages /> }.into_any(),
    }
}

/// The table of pages.
#[component]
fn Pages() -> impl IntoView {
    view! {
        <Router>
            <Routes fallback=not_found>
                <Route path=path!("/") view=home ssr=SsrMode::Async />
                <Route path=path!("/authorize/:id") view=authorize ssr=SsrMode::Async />
                <Route path=path!("/help") view=help ssr=SsrMode::Async />
                <Route path=path!("/privacy") view=privacy ssr=SsrMode::Async />
                <Route path=path!("/developers") view=developers ssr=SsrMode::Async />
                <Route path=path!("/developers/scopes") view=developers_scopes ssr=SsrMode::Async />
                <Route path=path!("/developers/errors") view=developers_errors ssr=SsrMode::Async />
                <Route path=path!("/developers/tokens") view=developers_tokens ssr=SsrMode::Async />
                <Route path=path!("/developers/payments") view=developers_payments ssr=SsrMode::Async />
                <Route path=path!("/developers/accounts") view=developers_accounts ssr=SsrMode::Async />
                <Route path=path!("/developers/tutorial") view=developers_tutorial ssr=SsrMode::Async />
                <Route path=path!("/developers/wallet-api") view=developers_wallet_api ssr=SsrMode::Async />
                <Route path=path!("/demo") view=demo ssr=SsrMode::Async />
                <Route path=path!("/demo/authenticator") view=demo_authenticator ssr=SsrMode::Async />
                <Route path=path!("/demo/mailbox") view=demo_mailbox ssr=SsrMode::Async />
                <PortalRoutes />
                <ConnectedRoutes />
                <CredentialRoutes />
                <RegisterRoutes />
                <DeskRoutes />
            </Routes>
        </Router>
    }
}

fn home() -> impl IntoView {
    later(async {
        match api::demo::is_shown().await {
            Ok(demo) => in_language(move || view! { <HomePage demo /> }),
            Err(error) => failed(&error),
        }
    })
}

fn help() -> impl IntoView {
    in_language(|| view! { <HelpPage /> })
}

fn privacy() -> impl IntoView {
    in_language(|| view! { <PrivacyPage /> })
}

/// The quick start, or what the query `q` finds in the documents.
fn developers() -> impl IntoView {
    let query = use_query_map()
        .read_untracked()
        .get("q")
        .unwrap_or_default();
    later(async move {
        if query.trim().is_empty() {
            documented(|place| view! { <StartPage place /> }).await
        } else {
            in_language(|| view! { <FoundPage query /> })
        }
    })
}

fn developers_scopes() -> impl IntoView {
    in_language(|| view! { <ScopesPage /> })
}

fn developers_errors() -> impl IntoView {
    later(documented(|place| view! { <ErrorsPage place /> }))
}

fn developers_tokens() -> impl IntoView {
    later(documented(|place| view! { <TokensPage place /> }))
}

fn developers_payments() -> impl IntoView {
    later(documented(|place| view! { <PaymentsPage place /> }))
}

fn developers_accounts() -> impl IntoView {
    later(documented(|place| view! { <AccountsPage place /> }))
}

fn developers_tutorial() -> impl IntoView {
    later(documented(|place| view! { <TutorialPage place /> }))
}

fn developers_wallet_api() -> impl IntoView {
    later(documented(|place| view! { <WalletApiPage place /> }))
}

/// A document for developers about this server.
async fn documented<V: IntoView + 'static>(page: impl FnOnce(Place) -> V) -> AnyView {
    match api::developers::place().await {
        Ok(place) => in_language(|| page(place)),
        Err(error) => failed(&error),
    }
}

fn demo() -> impl IntoView {
    later(async {
        shown(
            api::demo::accounts().await,
            |accounts| view! { <DemoPage accounts /> },
        )
    })
}

fn demo_authenticator() -> impl IntoView {
    later(async {
        shown(
            api::demo::accounts().await,
            |accounts| view! { <AuthenticatorPage accounts /> },
        )
    })
}

fn demo_mailbox() -> impl IntoView {
    later(async {
        shown(
            api::demo::mails().await,
            |mails| view! { <MailboxPage mails /> },
        )
    })
}

/// A page of what was found, if there is such a page.
fn shown<T, V: IntoView + 'static>(
    found: Result<Option<T>, engine::Error>,
    page: impl FnOnce(T) -> V,
) -> AnyView {
    match found {
        Ok(Some(found)) => in_language(|| page(found)),
        Ok(None) => not_found(),
        Err(error) => failed(&error),
    }
}

/// A page that belongs to no authorization, in the language of the browser.
fn in_language<V: IntoView + 'static>(page: impl FnOnce() -> V) -> AnyView {
    let locale = spoken();
    let page = page();
    view! {
        <Head locale />
        {page}
    }
    .into_any()
}

/// Whatever step is due.
fn authorize() -> impl IntoView {
    let interaction = AuthorizationId::new(
        use_params_map()
            .read_untracked()
            .get("id")
            .unwrap_or_default(),
    );
    let recovery = use_query_map().read_untracked().get("recovery").is_some();
    later(async move {
        let step = api::authorize::step(interaction, recovery).await;
        announce(&step);
        let locale = locale_of(&step);
        provide_context(locale);
        view! {
            <Head locale />
            <AuthorizePage step />
        }
    })
}

fn locale_of(step: &Step) -> Locale {
    match step {
        Step::LogIn(view) => view.frame.locale,
        Step::Consent(view) => view.frame.locale,
        Step::Confirm(view) => view.frame.locale,
        Step::Details(view) => view.frame.locale,
        Step::PayFrom(view) => view.frame.locale,
        Step::Finished(view) => view.frame.locale,
        Step::Problem(view) => view.locale,
    }
}

/// No page has this address, or it has none that this visitor may know of.
fn not_found() -> AnyView {
    refuse(ProblemKind::NotFound, "there is no such page")
}

/// What a page needs could not be read.
fn failed(error: &engine::Error) -> AnyView {
    let kind = match error {
        engine::Error::Busy(_) => ProblemKind::Busy,
        engine::Error::Broken(_) | engine::Error::Conflict(_) => ProblemKind::Broken,
    };
    refuse(kind, &error.to_string())
}

fn refuse(kind: ProblemKind, reason: &str) -> AnyView {
    // Without an engine the routes are only being listed.
    let Some(engine) = use_context::<Engine>() else {
        return ().into_any();
    };
    let view = ProblemView {
        kind,
        trace: engine.env().trace(),
        at: engine.env().now(),
        locale: spoken(),
        app: None,
        way_back: None,
        until: None,
        developer: None,
    };
    tracing::info!(trace_id = %view.trace, problem = kind.key(), reason, "a page cannot be shown");
    problem(view)
}

fn problem(view: ProblemView) -> AnyView {
    announce_problem(&view);
    let locale = view.locale;
    provide_context(locale);
    view! {
        <Head locale />
        <ProblemPage problem=view />
    }
    .into_any()
}

/// The language of a page that belongs to no authorization; provided to what it is made of.
fn spoken() -> Locale {
    let locale = use_context::<Parts>()
        .map(|parts| visitor::language(&parts.headers).resolve())
        .unwrap_or_default();
    provide_context(locale);
    locale
}

/// The language of the document, and the fonts that it needs first.
#[component]
fn Head(
    /// The language of the page.
    locale: Locale,
) -> impl IntoView {
    let fonts = preloads(locale)
        .map(|href| view! { <Link rel="preload" href as_="font" type_="font/woff2" crossorigin="anonymous" /> });
    view! {
        <Html {..} lang=locale.as_str() />
        {fonts}
    }
}

/// A view that is still being prepared. The document waits for it: there is no fallback to be seen.
fn later<V: IntoView + 'static>(view: impl Future<Output = V> + Send + 'static) -> impl IntoView {
    view! { <Suspense>{Suspend::new(view)}</Suspense> }
}
