//! The automatic checks of a case, and responsibility for those that are not green.

use engine::{
    portal::{CheckRow, Flash},
    review::CaseView,
};
use leptos::prelude::*;

use super::parts::Ties;
use crate::{
    components::{CodeField, Disclosure, PickOne, PortalForm, TextArea, minute, named, said_about},
    i18n::Texts,
    pages::portal::register::checks::facts,
    visitor::form_token,
};

/// What machines found: first what is not green.
#[component]
pub(super) fn Checks(t: Texts, view: CaseView, flash: Flash) -> AnyView {
    let (green, rest): (Vec<CheckRow>, Vec<CheckRow>) = view
        .checks
        .iter()
        .cloned()
        .partition(|check| check.outcome.is_green());
    let all_green = rest
        .is_empty()
        .then(|| view! { <p>{t.say("admin-checks-green")}</p> });
    let passed = (!green.is_empty()).then(|| {
        let summary = t.with("admin-checks-passed", &[("number", green.len().into())]);
        let lines = green
            .iter()
            .map(|check| line(t, &view, check))
            .collect_view();
        view! {
            <Disclosure summary>
                <ul role="list" class="d-cards">{lines}</ul>
            </Disclosure>
        }
    });
    let lines = rest
        .iter()
        .map(|check| line(t, &view, check))
        .collect_view();
    let take = override_form(t, &view, &flash);
    view! {
        <section class="d-block" aria-labelledby="checks">
            <h2 id="checks">{t.say("admin-checks")}</h2>
            {all_green}
            <ul role="list" class="d-cards">{lines}</ul>
            {passed}
            {take}
        </section>
    }
    .into_any()
}

/// One check with its evidence, who took responsibility for it, and the button for another look.
fn line(t: Texts, view: &CaseView, check: &CheckRow) -> AnyView {
    let overridden = view.case.overrides.get(&check.kind).map(|one| {
        let words = t.rich(
            "admin-overridden",
            [
                ("name", named(&view.name(&one.by))),
                ("time", minute(t, one.at)),
                (
                    "reason",
                    view! { <bdi>{one.reason.as_str().to_owned()}</bdi> }.into_any(),
                ),
            ],
        );
        view! { <p class="d-remark">{words}</p> }
    });
    let may_ask = check.may_ask && !view.reviewer.in_team && !view.case.stage.is_closed();
    let again = may_ask.then(|| {
        let probe = t.say(&format!("probe-{}", check.kind));
        let name = format!("{}: {probe} {}", t.say("admin-check-again"), check.target);
        view! {
            <form method="post" action="/api/admin/check">
                <input type="hidden" name="form_token" value=form_token("case") />
                <input type="hidden" name="case" value=view.case.id.to_string() />
                <input type="hidden" name="check" value=check.id.to_string() />
                <button type="submit" class="c-button" aria-label=name>
                    {t.say("admin-check-again")}
                </button>
            </form>
        }
    });
    view! { <li class="d-card">{facts(t, check.clone())} {overridden} {again}</li> }.into_any()
}

/// The form of an admin who takes responsibility for a check that stands in the way.
fn override_form(t: Texts, view: &CaseView, flash: &Flash) -> Option<AnyView> {
    if !view.is_mine() || view.open.is_empty() {
        return None;
    }
    let choices = view
        .open
        .iter()
        .map(|kind| (kind.as_str(), t.say(&format!("probe-{kind}"))))
        .collect();
    let (picked, reason) = (
        flash.typed.get("kind").to_owned(),
        flash.typed.get("reason").to_owned(),
    );
    let open = !picked.is_empty();
    let error = said_about(t, flash, "reason");
    let code_error = said_about(t, flash, "code");
    let code = view
        .needs_code
        .then(|| view! { <CodeField t error=code_error sends=false /> });
    let (case, version) = (view.case.id.to_string(), view.case.version);
    Some(
        view! {
            <Disclosure summary=t.say("admin-override") open>
                <p class="c-note">{t.say("admin-override-note")}</p>
                <PortalForm form="case" id="override" action="/api/admin/override">
                    <Ties case version />
                    <PickOne t name="kind" label=t.say("admin-override-which") choices picked />
                    <TextArea
                        t
                        id="reason"
                        name="reason"
                        label=t.say("admin-override-reason")
                        hint=Some(t.say("admin-reason-hint"))
                        value=reason
                        error
                    />
                    {code}
                    <button type="submit" class="c-button">
                        {t.say("admin-override-button")}
                    </button>
                </PortalForm>
            </Disclosure>
        }
        .into_any(),
    )
}
