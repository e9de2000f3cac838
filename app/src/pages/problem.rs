use http::request::Parts;
use leptos::prelude::*;
use protocol::authorization::{ProblemKind, ProblemView};

use crate::{
    components::{DeveloperDetails, FocusShell, HeadBlock, SignBlock, clock_time, minute, named},
    i18n::Texts,
    islands::CopyText,
};

/// It cannot go on (U12): what happened, what did not happen, one way on, and a reference. What the
/// app's developer needs is closed below, the last stop of the page.
#[component]
pub fn ProblemPage(
    /// What is shown.
    problem: ProblemView,
) -> AnyView {
    let t = Texts::of(problem.locale);
    let key = problem.kind.key();
    let heading = t.say(&format!("problem-{key}-title"));
    let body = body(t, &problem);
    let until = problem.until.map(|until| {
        view! { <p>{t.rich("problem-until", [("time", clock_time(t, until))])}</p> }
    });
    let ways = ways(t, &problem);
    let nowhere = ways
        .is_empty()
        .then(|| view! { <p>{t.say("problem-close")}</p> });
    let ways = (!ways.is_empty()).then(|| view! { <Ways ways /> });
    let trace = problem.trace;
    let reference = trace.to_string();
    let developer = problem.developer.map(|detail| {
        view! {
            <div class="p-below">
                <DeveloperDetails t detail trace />
            </div>
        }
    });
    view! {
        <FocusShell t title=heading.clone() failed=true kind=t.say("kind-stopped") problem=key>
            <HeadBlock heading=heading.into_any()>
                <p>{body}</p>
                {until}
                {nowhere}
            </HeadBlock>
            {ways}
            <div class="p-below p-reference">
                <p>
                    {t.say("label-reference")}
                    " "
                    <strong class="c-reference" translate="no">
                        {reference.clone()}
                    </strong>
                    " · "
                    {minute(t, problem.at)}
                </p>
                <CopyText text=reference label=t.say("copy") done=t.say("copied") />
            </div>
            {developer}
        </FocusShell>
    }
    .into_any()
}

fn body(t: Texts, problem: &ProblemView) -> Vec<AnyView> {
    match (problem.kind, &problem.app) {
        (ProblemKind::WrongRedirect, Some(app)) => {
            t.rich("problem-wrong_redirect-body", [("app", named(app))])
        }
        (ProblemKind::WrongRedirect, None) => {
            vec![t.say("problem-wrong_redirect-body-unnamed").into_any()]
        }
        (ProblemKind::SecretExposed, Some(app)) => {
            t.rich("problem-secret_exposed-body", [("app", named(app))])
        }
        (ProblemKind::SecretExposed, None) => {
            vec![t.say("problem-secret_exposed-body-unnamed").into_any()]
        }
        (kind, _) => vec![t.say(&format!("problem-{}-body", kind.key())).into_any()],
    }
}

/// Address and words of a way on.
type Way = (String, String);

/// The ways on: trying again where that can help, back to the app where a trusted address is known.
fn ways(t: Texts, problem: &ProblemView) -> Vec<Way> {
    let here = match problem.kind {
        ProblemKind::Busy | ProblemKind::Broken | ProblemKind::Cookies => {
            Some((this_page(), t.say("problem-try-again")))
        }
        ProblemKind::NotFound => Some(("/".to_owned(), t.say("problem-home"))),
        _ => None,
    };
    let back = problem.way_back.clone().map(|address| {
        let words = match (&problem.app, problem.kind) {
            (
                Some(app),
                ProblemKind::Expired | ProblemKind::OtherPerson | ProblemKind::ConsentOver,
            ) => t.with("problem-start-again", &[("app", app.clone().into())]),
            (Some(app), _) => t.with("back-to", &[("app", app.clone().into())]),
            (None, _) => t.say("back-to-app"),
        };
        (address, words)
    });
    here.into_iter().chain(back).collect()
}

/// The address under which this page can be asked for again. The window may show that of a form,
/// which cannot be visited.
fn this_page() -> String {
    let target =
        use_context::<Parts>().and_then(|parts| Some(parts.uri.path_and_query()?.to_string()));
    target.unwrap_or_default()
}

/// The ways on as buttons, the first one in the colour of going on.
#[component]
fn Ways(ways: Vec<Way>) -> AnyView {
    let answers = if ways.len() == 2 { 2 } else { 1 };
    let button = |(at, (address, words)): (usize, Way)| {
        let class = if at == 0 {
            "c-button c-button--primary"
        } else {
            "c-button"
        };
        view! {
            <a class=class href=address>
                {words}
            </a>
        }
        .into_any()
    };
    let buttons = ways.into_iter().enumerate().map(button).collect_view();
    view! { <SignBlock answers>{buttons}</SignBlock> }.into_any()
}
