use engine::portal::{CheckAnswers, Place, registration::SEND_FORM};
use leptos::prelude::*;
use protocol::{
    locale::Locale,
    registration::{FieldValue, Task, review::Stage},
};

use super::{checks::facts, status::median, value};
use crate::{
    components::{ComplaintBox, Fact, PortalForm, PortalShell, Tick, Visitor, said_about},
    i18n::Texts,
    visitor::flash,
};

/// All answers once more, with the checks that the reviewer will see.
#[component]
pub fn AnswersPage(
    /// Who looks.
    visitor: Visitor,
    /// The answers.
    answers: CheckAnswers,
) -> AnyView {
    let t = Texts::of(expect_context::<Locale>());
    let app = answers.app.clone();
    let section = |task: &Task| {
        let of_task = answers.answers.iter().filter(|answer| answer.task == *task);
        let lines = of_task.map(|answer| fact(t, answer)).collect_view();
        let empty = answers
            .missing
            .contains(task)
            .then(|| view! { <p>{t.say("answers-empty")}</p> });
        let name = t.say(&format!("task-{task}"));
        let change = format!("{}: {name}", t.say("answers-change"));
        let id = format!("task-{task}");
        let labelled = id.clone();
        view! {
            <section class="d-block" aria-labelledby=labelled>
                <h2 id=id>{name}</h2>
                {empty}
                <dl class="c-facts">{lines}</dl>
                <p><a href=Place::Task(app.clone(), *task).path()>{change}</a></p>
            </section>
        }
    };
    let sections = Task::ALL.iter().map(section).collect_view();
    let missing = (!answers.missing.is_empty()).then(|| {
        let names = answers.missing.iter().map(|task| {
            view! {
                <li>
                    <a href=Place::Task(app.clone(), *task).path()>{t.say(&format!("task-{task}"))}</a>
                </li>
            }
        });
        view! {
            <div class="d-remark">
                <p>{t.say("answers-missing")}</p>
                <ul>{names.collect_view()}</ul>
            </div>
        }
    });
    let open = (!answers.open_changes.is_empty()).then(|| {
        let names = answers.open_changes.iter().map(|field| {
            let page = Place::Task(app.clone(), field.task()).path();
            view! {
                <li>
                    <a href=format!("{page}#{field}")>{t.say(&format!("field-{field}"))}</a>
                </li>
            }
        });
        view! {
            <div class="d-remark">
                <p>{t.say("answers-open")}</p>
                <ul>{names.collect_view()}</ul>
            </div>
        }
    });
    let checks = answers
        .checks
        .iter()
        .map(|check| view! { <li class="d-card">{facts(t, check.clone())}</li> })
        .collect_view();
    let sent = matches!(answers.stage, Stage::Sent { .. })
        .then(|| view! { <p class="d-remark">{t.say("answers-sent")}</p> });
    let median = median(t, answers.median_days);
    let flash = flash(SEND_FORM);
    let failed = !flash.complaints.is_empty();
    let truth_error = said_about(t, &flash, "truth");
    let send = answers.is_ready().then(|| {
        let truth = t.say("answers-truth").into_any();
        let app = answers.app.to_string();
        view! {
            <section class="d-block" aria-labelledby="send">
                <h2 id="send">{t.say("answers-send")}</h2>
                <p>{t.say("answers-after")}</p>
                <PortalForm form=SEND_FORM action="/api/portal/send_for_review">
                    <input type="hidden" name="app" value=app />
                    <Tick t name="truth" label=truth error=truth_error />
                    <button type="submit" class="c-button c-button--primary">
                        {t.say("answers-send")}
                    </button>
                </PortalForm>
            </section>
        }
    });
    view! {
        <PortalShell t title=t.say("answers-title") visitor failed>
            <p><a href=Place::Setup(answers.app.clone()).path()>{t.say("register-back")}</a></p>
            <h1>{t.say("answers-heading")}</h1>
            <ComplaintBox t flash />
            {sent}
            {missing}
            {open}
            {sections}
            <section class="d-block" aria-labelledby="before">
                <h2 id="before">{t.say("answers-before")}</h2>
                <p>{t.say("answers-before-lead")}</p>
                <ul role="list" class="d-cards">{checks}</ul>
            </section>
            {median}
            {send}
        </PortalShell>
    }
    .into_any()
}

fn fact(t: Texts, answer: &FieldValue) -> AnyView {
    let rows = value(t, answer);
    view! { <Fact label=t.say(&format!("field-{}", answer.field))>{rows}</Fact> }.into_any()
}
