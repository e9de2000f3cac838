use engine::portal::{CheckRow, registration::CHECK_FORM};
use leptos::prelude::*;
use protocol::{
    ids::AppId,
    registration::{
        Task,
        checks::{CheckOutcome, Finding},
    },
};

use crate::{
    components::{Badge, Fact, Machine, Shape, minute},
    i18n::{FluentValue, Texts},
    visitor::form_token,
};

/// The automatic checks that are about a task: what was found, when, when again.
#[component]
pub(super) fn Checks(
    t: Texts,
    app: AppId,
    task: Task,
    checks: Vec<CheckRow>,
    may_ask: bool,
) -> AnyView {
    let none = checks
        .is_empty()
        .then(|| view! { <p>{t.say("register-checks-none")}</p> });
    let row = |check: CheckRow| {
        let ask = (may_ask && check.may_ask).then(|| ask(t, &app, task, &check));
        view! { <li class="d-card">{facts(t, check)} {ask}</li> }
    };
    let rows = checks.into_iter().map(row).collect_view();
    view! {
        <section class="d-block" aria-labelledby="checks">
            <h2 id="checks">{t.say("register-checks")}</h2>
            {none}
            <ul role="list" class="d-cards">{rows}</ul>
        </section>
    }
    .into_any()
}

/// One check: name, outcome, evidence, times.
pub(crate) fn facts(t: Texts, check: CheckRow) -> AnyView {
    let target =
        (!check.target.is_empty()).then(|| view! { <p><Machine words=check.target.clone() /></p> });
    let mandatory = check
        .kind
        .is_mandatory()
        .then(|| view! { <p class="c-note">{t.say("register-check-mandatory")}</p> });
    let found = match check.found.is_empty() {
        true => t.say("register-check-nothing").into_any(),
        false => {
            let lines = check
                .found
                .iter()
                .map(|found| view! { <li>{finding(t, found)}</li> });
            view! { <ul role="list">{lines.collect_view()}</ul> }.into_any()
        }
    };
    let checked = match check.checked_at {
        Some(at) => minute(t, at),
        None => t.say("register-check-never").into_any(),
    };
    let next = match check.next_at {
        Some(at) => minute(t, at),
        None => t.say("register-check-no-next").into_any(),
    };
    view! {
        <h3>{t.say(&format!("probe-{}", check.kind))}</h3>
        {target}
        <p class="d-badges">{outcome(t, check.outcome)}</p>
        {mandatory}
        <dl class="c-facts">
            <Fact label=t.say("register-check-found")>{found}</Fact>
            <Fact label=t.say("register-check-at")>{checked}</Fact>
            <Fact label=t.say("register-check-next")>{next}</Fact>
        </dl>
    }
    .into_any()
}

fn outcome(t: Texts, outcome: CheckOutcome) -> AnyView {
    let (tone, shape) = match outcome {
        CheckOutcome::Pass => ("ok", Shape::Check),
        CheckOutcome::Warn | CheckOutcome::Unreachable => ("warn", Shape::Warning),
        CheckOutcome::Fail => ("warn", Shape::Cross),
        CheckOutcome::Pending => ("sandbox", Shape::Info),
    };
    view! { <Badge tone shape word=t.say(&format!("outcome-{outcome}")) /> }.into_any()
}

/// One sentence of the evidence.
fn finding(t: Texts, found: &Finding) -> String {
    let values: Vec<(&str, FluentValue<'_>)> = found
        .variables
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str().into()))
        .collect();
    t.with(&found.key, &values)
}

/// The button for another look, named by what it looks at.
fn ask(t: Texts, app: &AppId, task: Task, check: &CheckRow) -> AnyView {
    let name = format!(
        "{}: {} {}",
        t.say("register-check-now"),
        t.say(&format!("probe-{}", check.kind)),
        check.target
    );
    view! {
        <form method="post" action="/api/portal/check_now">
            <input type="hidden" name="form_token" value=form_token(CHECK_FORM) />
            <input type="hidden" name="app" value=app.to_string() />
            <input type="hidden" name="task" value=task.as_str() />
            <input type="hidden" name="check" value=check.id.to_string() />
            <button type="submit" class="c-button" aria-label=name>
                {t.say("register-check-now")}
            </button>
        </form>
    }
    .into_any()
}
