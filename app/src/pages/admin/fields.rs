//! What was sent, task by task: each field with what it was before, what was said, and the forms to say
//! something.

use engine::{portal::Flash, review::CaseView};
use leptos::prelude::*;
use protocol::registration::{
    Field, FieldValue, Task,
    review::{Answer, Change, ChangeCode, Verdict},
};

use super::parts::Ties;
use crate::{
    components::{Badge, Disclosure, Labelled, Shape, TextArea, described_by, invalid, said_about},
    i18n::Texts,
    pages::portal::register::{row, value},
    visitor::form_token,
};

/// All fields, grouped as the developer filled them in.
pub(super) fn fields(t: Texts, flash: &Flash, view: &CaseView) -> AnyView {
    let sheet = Sheet { t, flash, view };
    let tasks = Task::ALL.iter().map(|task| sheet.task(*task));
    tasks.collect_view().into_any()
}

#[derive(Clone, Copy)]
struct Sheet<'v> {
    t: Texts,
    flash: &'v Flash,
    view: &'v CaseView,
}

impl Sheet<'_> {
    fn task(self, task: Task) -> AnyView {
        let t = self.t;
        let id = format!("task-{task}");
        let labelled = id.clone();
        let (filled, empty): (Vec<_>, Vec<_>) = task
            .fields()
            .map(|field| (field, self.view.case.submission.value(field)))
            .partition(|(_, value)| value.is_some());
        let shown = filled
            .into_iter()
            .map(|(field, value)| self.field(field, value))
            .collect_view();
        // What was emptied, or is asked for, stands among the others.
        let (told, silent): (Vec<_>, Vec<_>) = empty
            .into_iter()
            .map(|(field, _)| field)
            .partition(|field| self.is_of_note(*field));
        let told = told
            .into_iter()
            .map(|field| self.field(field, None))
            .collect_view();
        let silent = (!silent.is_empty()).then(|| {
            let names: Vec<String> = silent
                .iter()
                .map(|field| t.say(&format!("field-{field}")))
                .collect();
            let summary = format!("{}: {}", t.say("answers-empty"), names.join(", "));
            match self.view.is_mine() {
                false => view! { <p class="c-note">{summary}</p> }.into_any(),
                true => {
                    let fields = silent
                        .into_iter()
                        .map(|field| self.field(field, None))
                        .collect_view();
                    view! { <Disclosure summary>{fields}</Disclosure> }.into_any()
                }
            }
        });
        view! {
            <section class="d-group" aria-labelledby=labelled>
                <h3 id=id>{t.say(&format!("task-{task}"))}</h3>
                {shown}
                {told}
                {silent}
            </section>
        }
        .into_any()
    }

    /// Whether there is something to see about an empty field.
    fn is_of_note(self, field: Field) -> bool {
        let changed = self.view.changes.iter().any(|change| change.field == field);
        changed
            || self.answer(field).is_some()
            || self.verdict(field).is_some()
            || self.typed(field)
    }

    fn answer(self, field: Field) -> Option<Answer> {
        let answers = self.view.case.stage.answers();
        answers.iter().find(|answer| answer.field == field).cloned()
    }

    fn verdict(self, field: Field) -> Option<Verdict> {
        let verdicts = self.view.case.stage.verdicts()?;
        verdicts.get(field).cloned()
    }

    /// Whether the form that was not taken was about this field.
    fn typed(self, field: Field) -> bool {
        self.flash.typed.get("field") == field.as_str()
    }

    fn field(self, field: Field, filled_in: Option<String>) -> AnyView {
        let t = self.t;
        let rows = match filled_in {
            Some(text) => {
                let filled_in = FieldValue {
                    task: field.task(),
                    field,
                    value: text,
                };
                value(t, &filled_in)
            }
            None => vec![view! { <p class="c-note">{t.say("answers-empty")}</p> }.into_any()],
        };
        let forms = self.view.is_mine().then(|| self.forms(field));
        view! {
            <div class="d-field" id=format!("field-{field}") tabindex="-1">
                <h4 class="d-field__name">{t.say(&format!("field-{field}"))}</h4>
                <div class="d-field__value">
                    {rows}
                    {self.before(field)}
                    {self.said(field)}
                </div>
                {forms}
            </div>
        }
        .into_any()
    }

    /// What the field was when the app was let in, or when it was sent the last time.
    fn before(self, field: Field) -> Vec<AnyView> {
        let t = self.t;
        let was = |label: String, before: Option<String>| {
            let rows: Vec<AnyView> = match before {
                None => vec![t.say("answers-empty").into_any()],
                Some(text) if field.repeats() => {
                    text.lines().map(|line| row(t, field, line)).collect()
                }
                Some(text) => vec![row(t, field, &text)],
            };
            view! { <div class="d-was"><p class="c-note">{label}</p> <del>{rows}</del></div> }
                .into_any()
        };
        let mut shown = Vec::new();
        if let Some(Answer { before, asked, .. }) = self.answer(field) {
            shown.push(was(t.say("admin-before-sent"), before));
            shown.extend(asked.map(|asked| words(t, t.say("admin-was-asked"), &asked)));
        }
        let changes = self.view.changes.iter();
        let approved = changes.filter(|change| change.field == field);
        shown.extend(
            approved.map(|change| was(t.say("admin-before-approved"), change.before.clone())),
        );
        shown
    }

    /// What was said about the field.
    fn said(self, field: Field) -> Option<AnyView> {
        let t = self.t;
        Some(match self.verdict(field)? {
            Verdict::Ok => {
                view! { <p><Badge tone="ok" shape=Shape::Check word=t.say("admin-field-ok") /></p> }
                    .into_any()
            }
            Verdict::Change(change) => words(t, t.say("admin-is-asked"), &change),
        })
    }

    /// The forms to say that a field is fine, and what is to change.
    fn forms(self, field: Field) -> AnyView {
        let t = self.t;
        let word = field.as_str();
        let name = t.say(&format!("field-{field}"));
        let (case, version) = (self.view.case.id.to_string(), self.view.case.version);
        let other = case.clone();
        let has_value = self.view.case.submission.value(field).is_some();
        let is_ok = self.verdict(field) == Some(Verdict::Ok);
        let fine = (has_value && !is_ok).then(|| {
            let label = format!("{}: {name}", t.say("admin-field-ok"));
            view! {
                <form method="post" action="/api/admin/field">
                    <input type="hidden" name="form_token" value=form_token("case") />
                    <Ties case version />
                    <input type="hidden" name="field" value=word />
                    <button type="submit" class="c-button--quiet" name="verdict" value="ok" aria-label=label>
                        {t.say("admin-field-ok")}
                    </button>
                </form>
            }
        });
        let typed = |part: &str| match self.typed(field) {
            true => self.flash.typed.get(part).to_owned(),
            false => String::new(),
        };
        let wrong = |part: &str| said_about(t, self.flash, &format!("{part}-{word}"));
        let picked = typed("code");
        let options = ChangeCode::ALL
            .iter()
            .map(|code| {
                let selected = picked == code.as_str();
                let words = t.say(&format!("admin-word-change-{code}"));
                view! { <option value=code.as_str() selected=selected>{words}</option> }
            })
            .collect_view();
        let [code_id, words_id, example_id] =
            ["code", "words", "example"].map(|part| format!("{part}-{word}"));
        let (code_error, words_error, example_error) =
            (wrong("code"), wrong("words"), wrong("example"));
        let (code_wrong, example_wrong) = (code_error.is_some(), example_error.is_some());
        let code_described = described_by(&code_id, false, code_wrong);
        let example_described = described_by(&example_id, false, example_wrong);
        let (typed_words, typed_example) = (typed("words"), typed("example"));
        let open = self.typed(field);
        // Said to those who do not see which field it stands at.
        let of_field = view! { <span class="l-aside">{name}</span> }.into_any();
        view! {
            <div class="d-field__forms">
                {fine}
                <Disclosure summary=t.say("admin-field-change") badge=Some(of_field) open>
                    <form class="l-form" method="post" action="/api/admin/field" novalidate=true>
                        <input type="hidden" name="form_token" value=form_token("case") />
                        <Ties case=other version />
                        <input type="hidden" name="field" value=word />
                        <Labelled t id=code_id.clone() label=t.say("admin-field-code") error=code_error>
                            <select
                                class="c-input"
                                id=code_id
                                name="code"
                                aria-invalid=invalid(code_wrong)
                                aria-describedby=code_described
                            >
                                <option value="">{t.say("register-choose")}</option>
                                {options}
                            </select>
                        </Labelled>
                        <TextArea
                            t
                            id=words_id
                            name="words"
                            label=t.say("admin-field-words")
                            hint=Some(t.say("admin-reason-hint"))
                            value=typed_words
                            error=words_error
                            rows="3"
                        />
                        <Labelled
                            t
                            id=example_id.clone()
                            label=t.say("admin-field-example")
                            error=example_error
                        >
                            <input
                                class="c-input"
                                id=example_id
                                type="text"
                                name="example"
                                value=typed_example
                                autocomplete="off"
                                aria-invalid=invalid(example_wrong)
                                aria-describedby=example_described
                            />
                        </Labelled>
                        <button type="submit" class="c-button" name="verdict" value="change">
                            {t.say("admin-field-change")}
                        </button>
                    </form>
                </Disclosure>
            </div>
        }
        .into_any()
    }
}

/// What is asked for in a field: the code, the words, the example.
fn words(t: Texts, label: String, change: &Change) -> AnyView {
    let code = t.say(&format!("admin-word-change-{}", change.code));
    let example = change.example.clone().map(|example| {
        let example = view! { <bdi>{example}</bdi> }.into_any();
        view! { <p>{t.rich("register-example", [("example", example)])}</p> }
    });
    view! {
        <div class="d-remark">
            <p>
                {label} " " <strong>{code}</strong>
            </p>
            <p class="d-answer">
                <bdi>{change.words.as_str().to_owned()}</bdi>
            </p>
            {example}
        </div>
    }
    .into_any()
}
