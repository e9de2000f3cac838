use engine::{
    portal::{Flash, Place},
    review::CaseView,
};
use leptos::prelude::*;
use protocol::{
    locale::Locale,
    registration::{
        FieldChange, FieldValue,
        review::{ChangeCode, Verdict},
    },
};

use crate::{
    components::{
        ComplaintBox, Disclosure, Fact, Machine, PortalForm, PortalShell, Visitor, minute,
    },
    i18n::Texts,
    visitor::{flash, form_token},
};

/// What every form of the page sends along.
#[component]
fn Ties(case: String, version: u32) -> AnyView {
    view! {
        <input type="hidden" name="case" value=case />
        <input type="hidden" name="version" value=version />
    }
    .into_any()
}

/// One case (A2): what was sent, what machines found, what was noted.
#[component]
pub fn CasePage(
    /// Who looks.
    visitor: Visitor,
    /// The case.
    view: CaseView,
) -> AnyView {
    let t = Texts::of(expect_context::<Locale>());
    let flash = flash("case");
    let failed = !flash.complaints.is_empty();
    let mine = view.is_mine();
    let (id, version) = (view.case.id.to_string(), view.case.version);
    let name = view.case.submission.look.app_name.clone();
    let stage = t.say(&format!("admin-word-stage-{}", view.case.stage.name()));
    let acts: &[&str] = match (view.case.stage.claim(), mine) {
        (_, true) => &["release"],
        (Some(_), false) => &["take_over"],
        (None, false) => &["claim"],
    };
    let act = |act: &&'static str| {
        let words = t.say(&format!("admin-word-act-{act}"));
        view! {
            <button type="submit" class="c-button" name="do" value=*act>
                {words}
            </button>
        }
    };
    let acts = acts.iter().map(act).collect_view();
    let claimed = view.case.stage.claim().map(|claim| {
        let name = view.names.get(&claim.by).cloned().unwrap_or_default();
        view! { <p>{t.with("admin-claimed", &[("name", name.into())])}</p> }
    });
    let decide = mine.then(|| {
        let address = Place::Decide(view.case.id.clone()).path();
        view! {
            <p>
                <a class="c-button c-button--primary" href=address>
                    {t.say("admin-decide")}
                </a>
            </p>
        }
    });
    let fields = view.case.submission.fields().into_iter().map(|field| {
        let before = view
            .changes
            .iter()
            .find(|change| change.field == field.field);
        let verdicts = view.case.stage.verdicts();
        let verdict = verdicts
            .and_then(|verdicts| verdicts.get(field.field))
            .cloned();
        field_view(
            t,
            &flash,
            field,
            before.cloned(),
            verdict,
            mine.then(|| (id.clone(), version)),
        )
    });
    let fields = fields.collect_view();
    let checks = view.checks.iter().map(|check| {
        let found = check.evidence.iter().map(|finding| {
            let variables: Vec<_> = finding
                .variables
                .iter()
                .map(|(name, value)| (name.as_str(), value.clone().into()))
                .collect();
            view! { <li>{t.with(&finding.key, &variables)}</li> }
        });
        let outcome = t.say(&format!("admin-word-outcome-{}", check.outcome));
        view! {
            <li>
                <Machine words=check.kind.as_str() />
                " "
                <strong>{outcome}</strong>
                " "
                {check.checked_at.map(|at| minute(t, at))}
                <ul>{found.collect_view()}</ul>
            </li>
        }
    });
    let checks = checks.collect_view();
    let notes = view.notes.iter().map(|note| {
        let name = view.names.get(&note.author).cloned().unwrap_or_default();
        view! {
            <li>
                <bdi>{name}</bdi>
                ", "
                {minute(t, note.written_at)}
                ": "
                {note.body.clone()}
            </li>
        }
    });
    let notes = notes.collect_view();
    let timeline = view.timeline.iter().map(|event| {
        view! {
            <li>
                {minute(t, event.at)}
                " "
                <Machine words=event.action.clone() />
                " "
                <Machine words=event.actor.clone() />
            </li>
        }
    });
    let timeline = timeline.collect_view();
    let typed_note = flash.typed.get("note").to_owned();
    let (for_act, for_note) = (id.clone(), id);
    view! {
        <PortalShell t title=name.clone() visitor here=Place::Queue failed>
            <h1>
                <bdi>{name}</bdi>
            </h1>
            <ComplaintBox t flash />
            <section class="d-block" aria-labelledby="state">
                <h2 id="state">{stage}</h2>
                {claimed}
                <PortalForm form="case" id="act" action="/api/admin/case">
                    <Ties case=for_act version />
                    {acts}
                </PortalForm>
                {decide}
            </section>
            <section class="d-block" aria-labelledby="checks">
                <h2 id="checks">{t.say("admin-checks")}</h2>
                <ul role="list">{checks}</ul>
            </section>
            <section class="d-block" aria-labelledby="fields">
                <h2 id="fields">{t.say("admin-fields")}</h2>
                <dl class="c-facts">{fields}</dl>
            </section>
            <section class="d-block" aria-labelledby="notes">
                <h2 id="notes">{t.say("admin-notes")}</h2>
                <ul role="list">{notes}</ul>
                <PortalForm form="case" id="note-form" action="/api/admin/note">
                    <input type="hidden" name="case" value=for_note />
                    <label for="note">{t.say("admin-note")}</label>
                    <textarea class="c-input" id="note" name="note" rows="3">
                        {typed_note}
                    </textarea>
                    <button type="submit" class="c-button">
                        {t.say("admin-note-button")}
                    </button>
                </PortalForm>
            </section>
            <section class="d-block" aria-labelledby="timeline">
                <h2 id="timeline">{t.say("admin-timeline")}</h2>
                <ol role="list">{timeline}</ol>
            </section>
        </PortalShell>
    }
    .into_any()
}

/// One field with what it was, what was said, and the forms to say something.
fn field_view(
    t: Texts,
    flash: &Flash,
    field: FieldValue,
    change: Option<FieldChange>,
    verdict: Option<Verdict>,
    ties: Option<(String, u32)>,
) -> AnyView {
    let word = field.field.as_str();
    let before = change.map(|change| {
        let before = change.before.unwrap_or_default();
        view! { <p>{t.say("admin-before")} " " <del>{before}</del></p> }
    });
    let said = verdict.map(|verdict| match verdict {
        Verdict::Ok => view! { <p><strong>{t.say("admin-field-ok")}</strong></p> }.into_any(),
        Verdict::Change(change) => {
            let code = t.say(&format!("admin-word-change-{}", change.code));
            view! { <p><strong>{code}</strong> ": " {change.words.as_str().to_owned()}</p> }
                .into_any()
        }
    });
    let again = flash.typed.get("field") == word;
    let typed = |name: &str| match again {
        true => flash.typed.get(name).to_owned(),
        false => String::new(),
    };
    let (words, example) = (typed("words"), typed("example"));
    let forms = ties.map(|(case, version)| {
        let other = case.clone();
        let codes = ChangeCode::ALL.iter().map(|code| {
            let words = t.say(&format!("admin-word-change-{code}"));
            view! { <option value=code.as_str()>{words}</option> }
        });
        let codes = codes.collect_view();
        view! {
            <PortalForm form="case" id=word action="/api/admin/field">
                <Ties case version />
                <input type="hidden" name="field" value=word />
                <button type="submit" class="c-button" name="verdict" value="ok">
                    {t.say("admin-field-ok")}
                </button>
            </PortalForm>
            <Disclosure summary=t.say("admin-field-change")>
                <form class="l-form" method="post" action="/api/admin/field" novalidate=true>
                    <input type="hidden" name="form_token" value=form_token("case") />
                    <Ties case=other version />
                    <input type="hidden" name="field" value=word />
                    <label for=format!("code-{word}")>{t.say("admin-field-code")}</label>
                    <select class="c-input" id=format!("code-{word}") name="code">
                        {codes}
                    </select>
                    <label for=format!("words-{word}")>{t.say("admin-field-words")}</label>
                    <textarea class="c-input" id=format!("words-{word}") name="words" rows="3">
                        {words}
                    </textarea>
                    <label for=format!("example-{word}")>{t.say("admin-field-example")}</label>
                    <input class="c-input" id=format!("example-{word}") name="example" value=example />
                    <button type="submit" class="c-button" name="verdict" value="change">
                        {t.say("admin-field-change")}
                    </button>
                </form>
            </Disclosure>
        }
    });
    let rows: Vec<_> = field
        .rows()
        .map(|row| view! { <p>{row.to_owned()}</p> })
        .collect();
    view! {
        <Fact label=word>
            <div id=format!("field-{word}")>{rows}</div>
            {before}
            {said}
            {forms}
        </Fact>
    }
    .into_any()
}
