use engine::portal::{Place, Saved, Setup, TaskRow, TaskState, registration::SETUP_FORM};
use leptos::prelude::*;
use protocol::{ids::AppId, locale::Locale, registration::review::Stage};

use crate::{
    components::{Badge, ComplaintBox, PortalShell, Shape, Visitor, minute, named},
    i18n::Texts,
    visitor::flash,
};

/// The tasks of a registration, and how far each is.
#[component]
pub fn SetupPage(
    /// Who looks.
    visitor: Visitor,
    /// The tasks.
    setup: Setup,
) -> AnyView {
    let t = Texts::of(expect_context::<Locale>());
    let progress = t.with(
        "register-progress",
        &[
            ("complete", setup.complete().into()),
            ("total", setup.tasks.len().into()),
        ],
    );
    let heading = t.rich("register-heading", [("app", named(&setup.name))]);
    let app = setup.app.clone();
    let rows = setup
        .tasks
        .into_iter()
        .map(|row| line(t, &app, row))
        .collect_view();
    let status = (setup.stage != Stage::Draft).then(|| {
        view! {
            <p><a href=Place::Review(app.clone()).path()>{t.say("register-to-status")}</a></p>
        }
    });
    view! {
        <PortalShell t title=t.say("register-title") visitor>
            <p><a href=Place::App(app.clone()).path()>{t.say("register-app")}</a></p>
            <h1>{heading}</h1>
            <ComplaintBox t flash=flash(SETUP_FORM) />
            <p class="p-lead">{t.say("register-lead")}</p>
            {status}
            <section class="d-block" aria-label=t.say("register-title")>
                <p>{progress}</p>
                {saved(t, setup.saved)}
                <ul role="list" class="d-tasks">{rows}</ul>
            </section>
            <p>
                <a class="c-button c-button--primary" href=Place::CheckAnswers(app.clone()).path()>
                    {t.say("register-to-answers")}
                </a>
            </p>
        </PortalShell>
    }
    .into_any()
}

/// Who saved something last, and when.
pub(super) fn saved(t: Texts, saved: Option<Saved>) -> Option<AnyView> {
    let Saved { at, by } = saved?;
    let words = t.rich(
        "register-last-saved",
        [
            ("person", view! { <bdi>{by}</bdi> }.into_any()),
            ("time", minute(t, at)),
        ],
    );
    Some(view! { <p class="c-note">{words}</p> }.into_any())
}

/// How far a task is, as shape, word and colour.
pub(super) fn state(t: Texts, state: TaskState) -> AnyView {
    let (tone, shape, key) = match state {
        TaskState::NotStarted => ("warn", Shape::Info, "state-not-started"),
        TaskState::Complete => ("ok", Shape::Check, "state-complete"),
        TaskState::NeedsChange => ("warn", Shape::Warning, "state-needs-change"),
        TaskState::Locked => ("sandbox", Shape::Info, "state-locked"),
    };
    view! { <Badge tone shape word=t.say(key) /> }.into_any()
}

fn line(t: Texts, app: &AppId, row: TaskRow) -> AnyView {
    view! {
        <li>
            <a href=Place::Task(app.clone(), row.task).path()>{t.say(&format!("task-{}", row.task))}</a>
            {state(t, row.state)}
        </li>
    }
    .into_any()
}
