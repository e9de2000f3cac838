use engine::{
    portal::{Flash, Place},
    review::{CaseView, Deciding},
};
use leptos::prelude::*;
use protocol::{locale::Locale, registration::review::RejectCode, scope::ScopeToken};

use super::parts::{Ties, risk_badge, risk_reasons, scope_words};
use crate::{
    components::{
        CodeField, ComplaintBox, PortalForm, PortalShell, TextArea, Visitor, minute, named,
        said_about,
    },
    i18n::Texts,
    pages::portal::register::permission,
    visitor::flash,
};

/// The decision on a case (A3).
#[component]
pub fn DecidePage(
    /// Who looks.
    visitor: Visitor,
    /// The case.
    view: CaseView,
) -> AnyView {
    let t = Texts::of(expect_context::<Locale>());
    let flash = flash("decide");
    let failed = !flash.complaints.is_empty();
    let name = view.case.submission.look.app_name.clone();
    let stage = t.say(&format!("admin-word-stage-{}", view.case.stage.name()));
    let back = Place::Case(view.case.id.clone()).path();
    let body = match view.is_mine() {
        true => form(t, &view, &flash),
        false => kept(t, &flash),
    };
    let risk = view.risk.clone();
    view! {
        <PortalShell t title=t.say("admin-decide") visitor here=Place::Queue failed>
            <p>
                <a href=back>{t.say("admin-back-to-case")}</a>
            </p>
            <h1>
                {t.say("admin-decide")} ": " <bdi>{name}</bdi>
            </h1>
            <ComplaintBox t flash />
            <section class="d-block" aria-labelledby="decide-state">
                <h2 id="decide-state">{stage}</h2>
                <p class="d-badges">{risk_badge(t, risk.level())}</p>
                {risk_reasons(t, &risk)}
                {in_the_way(t, &view)}
                {body}
            </section>
        </PortalShell>
    }
    .into_any()
}

/// What was typed on an old page is not lost, even when nothing can be decided any more.
fn kept(t: Texts, flash: &Flash) -> AnyView {
    let reason = flash.typed.get("reason").to_owned();
    let typed = (!reason.is_empty()).then(|| {
        view! {
            <p>{t.say("admin-typed")}</p>
            <p class="d-remark d-answer">
                <bdi>{reason}</bdi>
            </p>
        }
    });
    view! { <p>{t.say("admin-not-yours")}</p> {typed} }.into_any()
}

/// What stands in the way of approval, and what a first admin proposed.
fn in_the_way(t: Texts, view: &CaseView) -> AnyView {
    let open = view.open.iter().map(|kind| {
        let probe = t.say(&format!("probe-{kind}"));
        view! { <li>{t.with("admin-check-open", &[("check", probe.into())])}</li> }
    });
    let open: Vec<_> = open.collect();
    let changes = view.case.stage.verdicts().into_iter();
    let changes = changes
        .flat_map(|verdicts| verdicts.changes())
        .map(|(field, _)| {
            let name = t.say(&format!("field-{field}"));
            view! { <li>{t.with("admin-change-open", &[("field", name.into())])}</li> }
        });
    let changes: Vec<_> = changes.collect();
    let reasons = (!open.is_empty() || !changes.is_empty())
        .then(|| view! { <ul class="d-remark d-remark--list">{open} {changes}</ul> });
    let proposal = view.case.stage.proposal().map(|proposal| {
        let key = match view.is_my_proposal() {
            true => "admin-proposed-by-you",
            false => "admin-proposed",
        };
        let words = t.rich(
            key,
            [
                ("name", named(&view.name(&proposal.by))),
                ("scope", scope_words(&proposal.scope)),
                ("time", minute(t, proposal.at)),
            ],
        );
        view! { <p class="d-remark">{words}</p> }
    });
    view! {
        {reasons}
        {proposal}
    }
    .into_any()
}

/// One form with one button: which decision it is stands above, so that no key decides by accident.
fn form(t: Texts, view: &CaseView, flash: &Flash) -> AnyView {
    let typed = |name: &str| flash.typed.get(name).to_owned();
    let chosen = typed("decision");
    let decisions = [
        (Deciding::Approve, t.say("admin-approve"), t.say("admin-approve-note")),
        (
            Deciding::RequestChanges,
            t.say("admin-request-changes"),
            t.say("admin-request-changes-note"),
        ),
        (Deciding::Reject, t.say("admin-reject"), t.say("admin-reject-note")),
    ]
    .map(|(deciding, words, note)| {
        let word = deciding.as_str();
        let checked = chosen == word;
        view! {
            <label class="c-tick">
                <input type="radio" id=format!("decision-{word}") name="decision" value=word checked=checked />
                <span>
                    <strong>{words}</strong>
                    <span class="d-under c-note">{note}</span>
                </span>
            </label>
        }
    });
    let (case, version) = (view.case.id.to_string(), view.case.version);
    let error = said_about(t, flash, "reason");
    let code_error = said_about(t, flash, "code");
    let code = view
        .needs_code
        .then(|| view! { <CodeField t error=code_error sends=false /> });
    let reason = typed("reason");
    let (scopes, codes) = (scopes(t, view, flash), codes(t, flash));
    view! {
        <PortalForm form="decide" action="/api/admin/decide">
            <Ties case version />
            <fieldset class="d-choices">
                <legend class="c-field__label">{t.say("admin-decision")}</legend>
                {decisions.collect_view()}
            </fieldset>
            <fieldset class="d-choices">
                <legend class="c-field__label">{t.say("admin-decide-scope")}</legend>
                <p class="c-field__hint">{t.say("admin-decide-scope-hint")}</p>
                {scopes}
            </fieldset>
            <fieldset class="d-choices">
                <legend class="c-field__label">{t.say("admin-decide-why")}</legend>
                {codes}
            </fieldset>
            <TextArea
                t
                id="reason"
                name="reason"
                label=t.say("admin-decide-reason")
                hint=Some(t.say("admin-reason-hint"))
                value=reason
                error
                rows="5"
            />
            {code}
            <button type="submit" class="c-button c-button--primary">
                {t.say("admin-decide-button")}
            </button>
        </PortalForm>
    }
    .into_any()
}

/// The permissions that were asked for; ticked is what was chosen before, or proposed by the first admin.
fn scopes(t: Texts, view: &CaseView, flash: &Flash) -> AnyView {
    let before = flash.typed.get("scopes").to_owned();
    let was_sent = !flash.typed.is_empty();
    let proposal = view.case.stage.proposal();
    let is_ticked = |token: &ScopeToken| match (was_sent, proposal) {
        (true, _) => before.split(' ').any(|at| at == token.as_str()),
        (false, Some(proposal)) => proposal.scope.iter().any(|at| at == token),
        (false, None) => true,
    };
    let asked = &view.case.submission.permissions.scope;
    let boxes = asked.iter().map(|token| {
        let word = token.as_str().to_owned();
        let words = permission(t, &word);
        view! {
            <label class="c-tick">
                <input type="checkbox" name="scope" value=word checked=is_ticked(token) />
                <span>{words}</span>
            </label>
        }
    });
    boxes.collect_view().into_any()
}

/// Why an app is rejected, in single words.
fn codes(t: Texts, flash: &Flash) -> AnyView {
    let chosen = flash.typed.get("codes").to_owned();
    let boxes = RejectCode::ALL.iter().map(|code| {
        let words = t.say(&format!("admin-word-reject-{code}"));
        let checked = chosen.split(' ').any(|at| at == code.as_str());
        view! {
            <label class="c-tick">
                <input type="checkbox" name="codes" value=code.as_str() checked=checked />
                <span>{words}</span>
            </label>
        }
    });
    boxes.collect_view().into_any()
}
