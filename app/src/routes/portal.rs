//! Which page of the portal stands at which address. Every page asks the wall first: whoever may not
//! come in goes where the engine says.

use std::future::Future;

use engine::{
    portal::{Place, PortalGo, Refusal},
    review::{QueueQuery, Tab},
};
use leptos::prelude::*;
use leptos_router::{
    SsrMode,
    any_nested_route::IntoAnyNestedRoute,
    components::Route,
    hooks::{use_params_map, use_query_map},
    path,
};
use protocol::{
    ids::{AppId, CaseId},
    locale::Locale,
};

use super::{in_language, inspect::InspectRoutes, later, problem};
use crate::{
    api,
    pages::admin::{CasePage, DecidePage, QueuePage},
    pages::portal::{
        AppPage, CheckMailPage, CodePage, ConfirmAddressPage, DeveloperPage, ForgotPage,
        ForgotSentPage, NewPasswordPage, PortalLogInPage, SandboxLogInPage, SecurityPage,
        SignUpPage, VouchedPage, WelcomePage,
    },
    render::say_redirect,
};

/// The pages of the portal.
#[component(transparent)]
pub(super) fn PortalRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <Route path=path!("/signup") view=sign_up ssr=SsrMode::Async />
        <Route path=path!("/signup/welcome") view=welcome ssr=SsrMode::Async />
        <Route path=path!("/signup/check-mail") view=check_mail ssr=SsrMode::Async />
        <Route path=path!("/signup/confirm") view=confirm_address ssr=SsrMode::Async />
        <Route path=path!("/login") view=log_in ssr=SsrMode::Async />
        <Route path=path!("/login/sandbox") view=sandbox_log_in ssr=SsrMode::Async />
        <Route path=path!("/login/code") view=log_in_code ssr=SsrMode::Async />
        <Route path=path!("/login/forgot") view=forgot ssr=SsrMode::Async />
        <Route path=path!("/login/forgot/sent") view=forgot_sent ssr=SsrMode::Async />
        <Route path=path!("/login/new-password") view=new_password ssr=SsrMode::Async />
        <Route path=path!("/security") view=security ssr=SsrMode::Async />
        <Route path=path!("/developer") view=home ssr=SsrMode::Async />
        <Route path=path!("/developer/confirm") view=step_up ssr=SsrMode::Async />
        <Route path=path!("/developer/apps/:app") view=app ssr=SsrMode::Async />
        <InspectRoutes />
        <Route path=path!("/admin/queue") view=queue ssr=SsrMode::Async />
        <Route path=path!("/admin/cases/:case") view=case ssr=SsrMode::Async />
        <Route path=path!("/admin/cases/:case/decide") view=decide ssr=SsrMode::Async />
    }
    .into_inner()
    .into_any_nested_route()
}

/// A page of what was found behind the wall, or wherever the wall sends the visitor.
pub(super) fn behind_the_wall<T: 'static, V: IntoView + 'static>(
    found: impl Future<Output = Result<T, Refusal>> + Send + 'static,
    page: impl FnOnce(T) -> V + Send + 'static,
) -> impl IntoView {
    later(async move {
        match found.await {
            Ok(found) => in_language(move || page(found)),
            Err(refusal) => refused(refusal),
        }
    })
}

/// Where somebody goes who does not come in.
pub(super) fn refused(refusal: Refusal) -> AnyView {
    let answer = api::portal::refused(refusal);
    match answer.go {
        PortalGo::To(address) => {
            say_redirect(&address, answer.change);
            ().into_any()
        }
        PortalGo::Problem(view) => problem(*view),
    }
}

/// A parameter of the address.
pub(super) fn query(name: &str) -> Option<String> {
    use_query_map().read_untracked().get(name)
}

/// A developer signs up, or a person for whom an app vouches.
fn sign_up() -> impl IntoView {
    match query("contact_token") {
        Some(token) => behind_the_wall(
            api::portal::vouched(token),
            |view| view! { <VouchedPage view /> },
        )
        .into_any(),
        None => {
            let next = query("next").unwrap_or_default();
            in_language(move || view! { <SignUpPage next /> }).into_any()
        }
    }
}

fn welcome() -> impl IntoView {
    behind_the_wall(
        std::future::ready(api::portal::welcome()),
        |view| view! { <WelcomePage view /> },
    )
}

fn check_mail() -> impl IntoView {
    behind_the_wall(
        api::portal::waiting(),
        |waiting| view! { <CheckMailPage waiting /> },
    )
}

fn confirm_address() -> impl IntoView {
    let token = query("token").unwrap_or_default();
    behind_the_wall(
        api::portal::linked(token.clone()),
        move |waiting| view! { <ConfirmAddressPage waiting token /> },
    )
}

fn log_in() -> impl IntoView {
    let next = query("next").unwrap_or_default();
    let open = api::portal::is_sandbox_open();
    in_language(move || view! { <PortalLogInPage next open /> })
}

fn sandbox_log_in() -> impl IntoView {
    let next = query("next").unwrap_or_default();
    let open = match api::portal::is_sandbox_open() {
        true => Ok(()),
        false => Err(Refusal::NotFound),
    };
    behind_the_wall(
        async move { open },
        move |()| view! { <SandboxLogInPage next /> },
    )
}

fn forgot() -> impl IntoView {
    in_language(|| view! { <ForgotPage /> })
}

fn forgot_sent() -> impl IntoView {
    in_language(|| view! { <ForgotSentPage /> })
}

fn new_password() -> impl IntoView {
    behind_the_wall(
        api::portal::new_password(query("token").unwrap_or_default()),
        |view| view! { <NewPasswordPage view /> },
    )
}

fn log_in_code() -> impl IntoView {
    code(Place::LogInCode)
}

fn step_up() -> impl IntoView {
    code(Place::Confirm)
}

fn code(page: Place) -> impl IntoView {
    let recovery = query("recovery").is_some();
    let next = query("next").unwrap_or_default();
    behind_the_wall(
        api::portal::code_page(page, next),
        move |view| view! { <CodePage view recovery /> },
    )
}

fn security() -> impl IntoView {
    behind_the_wall(
        api::portal::security(),
        |(visitor, view)| view! { <SecurityPage visitor view /> },
    )
}

fn home() -> impl IntoView {
    behind_the_wall(
        api::portal::home(),
        |(visitor, home)| view! { <DeveloperPage visitor home /> },
    )
}

fn app() -> impl IntoView {
    let id = use_params_map().read_untracked().get("app");
    let id = AppId::new(id.unwrap_or_default());
    behind_the_wall(
        api::portal::app(id),
        |(visitor, app)| view! { <AppPage visitor app /> },
    )
}

fn queue() -> impl IntoView {
    let wanted = QueueQuery {
        tab: Tab::of(&query("tab").unwrap_or_default()),
        kind: query("kind").and_then(|kind| kind.parse().ok()),
        text: query("q").unwrap_or_default(),
        after: query("after").unwrap_or_default(),
    };
    behind_the_wall(
        api::review::queue(wanted),
        |(visitor, queue)| view! { <QueuePage visitor queue /> },
    )
}

fn case_id() -> CaseId {
    let id = use_params_map().read_untracked().get("case");
    CaseId::new(id.unwrap_or_default())
}

fn case() -> impl IntoView {
    let id = case_id();
    let people = query("people").and_then(|tag| Locale::of_tag(&tag));
    behind_the_wall(
        api::review::case(id.clone(), Place::Case(id)),
        move |(visitor, view)| {
            // Otherwise in the language in which the admin reads.
            let people = people.unwrap_or_else(expect_context::<Locale>);
            view! { <CasePage visitor view people /> }
        },
    )
}

fn decide() -> impl IntoView {
    let id = case_id();
    behind_the_wall(
        api::review::case(id.clone(), Place::Decide(id)),
        |(visitor, view)| view! { <DecidePage visitor view /> },
    )
}
