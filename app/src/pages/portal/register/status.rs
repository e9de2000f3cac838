use engine::portal::{
    Place, ReviewStatus,
    registration::{SETUP_FORM, WITHDRAW_FORM},
};
use leptos::prelude::*;
use protocol::{
    client::Environment,
    ids::AppId,
    locale::Locale,
    registration::{
        Field,
        review::{Change, Stage},
    },
};

use crate::{
    components::{
        Badge, ComplaintBox, Machine, PortalForm, PortalShell, Shape, Visitor, minute, named,
    },
    i18n::Texts,
    visitor::flash,
};

/// Where the review of an app is (D8): the stages, what is asked for, and how long it takes.
#[component]
pub fn StatusPage(
    /// Who looks.
    visitor: Visitor,
    /// Where it is.
    status: ReviewStatus,
) -> AnyView {
    let t = Texts::of(expect_context::<Locale>());
    let heading = t.rich("status-heading", [("app", named(&status.name))]);
    let steps = steps(t, &status);
    let next = next(t, &status);
    let asked = (!status.changes.is_empty()).then(|| {
        let changes = status.changes.iter();
        let lines = changes.map(|(field, change, made)| one(t, &status.app, *field, change, *made));
        view! {
            <section class="d-block" aria-labelledby="changes">
                <h2 id="changes">{t.say("status-changes")}</h2>
                <ul role="list" class="d-cards">{lines.collect_view()}</ul>
            </section>
        }
    });
    view! {
        <PortalShell t title=t.say("status-title") visitor>
            <p><a href=Place::Setup(status.app.clone()).path()>{t.say("register-back")}</a></p>
            <h1>{heading}</h1>
            <ComplaintBox t flash=flash(SETUP_FORM) />
            {next}
            {asked}
            <section class="d-block" aria-labelledby="steps">
                <h2 id="steps">{t.say("status-steps")}</h2>
                <ol class="d-steps">{steps}</ol>
                {median(t, status.median_days)}
            </section>
        </PortalShell>
    }
    .into_any()
}

/// What the team does next.
fn next(t: Texts, status: &ReviewStatus) -> AnyView {
    let app = &status.app;
    let way = |place: Place, words: String| {
        view! {
            <p>
                <a class="c-button c-button--primary" href=place.path()>
                    {words}
                </a>
            </p>
        }
        .into_any()
    };
    let to_setup = || way(Place::Setup(app.clone()), t.say("status-to-tasks"));
    let (words, way) = match &status.stage {
        Stage::Draft => (t.say("status-draft-text"), Some(to_setup())),
        Stage::Sent { .. } => (t.say("status-next-sent"), None),
        Stage::NeedsChange { .. } if status.is_mended() => (
            t.say("status-next-mended"),
            Some(way(
                Place::CheckAnswers(app.clone()),
                t.say("register-to-answers"),
            )),
        ),
        Stage::NeedsChange { .. } => (t.say("status-next-change"), None),
        Stage::Approved { .. } if status.is_live => (
            t.say("status-next-approved"),
            Some(way(
                Place::Credentials(app.clone(), Environment::Live),
                t.say("status-to-live"),
            )),
        ),
        Stage::Approved { .. } => (t.say("status-approved-text"), None),
        Stage::Rejected { .. } => (t.say("status-rejected-text"), Some(to_setup())),
        Stage::Withdrawn { .. } => (t.say("status-withdrawn-text"), Some(to_setup())),
    };
    let withdraw = status.may_withdraw().then(|| {
        let app = app.to_string();
        view! {
            <PortalForm form=WITHDRAW_FORM action="/api/portal/withdraw">
                <input type="hidden" name="app" value=app />
                <p class="c-note">{t.say("status-withdraw-note")}</p>
                <button type="submit" class="c-button">
                    {t.say("status-withdraw")}
                </button>
            </PortalForm>
        }
    });
    view! {
        <section class="d-block" aria-labelledby="next">
            <h2 id="next">{t.say("status-next")}</h2>
            <p>{words}</p>
            {way}
            {withdraw}
        </section>
    }
    .into_any()
}

/// How long reviews take.
pub(in crate::pages::portal) fn median(t: Texts, days: Option<u32>) -> AnyView {
    let words = match days {
        Some(days) => t.with("status-median", &[("days", days.into())]),
        None => t.say("status-median-none"),
    };
    view! { <p class="c-note">{words}</p> }.into_any()
}

/// What the reviewer says about a field: the code, the words, an example.
pub(super) fn asked(t: Texts, change: &Change) -> AnyView {
    let words = change.words.as_str().to_owned();
    let words = t.rich(
        "register-asked",
        [("words", view! { <bdi>{words}</bdi> }.into_any())],
    );
    let example = change.example.clone().map(|example| {
        let example = view! { <bdi>{example}</bdi> }.into_any();
        view! { <p>{t.rich("register-example", [("example", example)])}</p> }
    });
    view! {
        <div class="d-remark">
            <p><strong>{t.say(&format!("asked-{}", change.code))}</strong></p>
            <p>{words}</p>
            {example}
        </div>
    }
    .into_any()
}

/// One change that is asked for, and the way to its field.
fn one(t: Texts, app: &AppId, field: Field, change: &Change, made: bool) -> AnyView {
    let page = Place::Task(app.clone(), field.task()).path();
    let name = t.say(&format!("field-{field}"));
    let done = made.then(|| view! { <p>{t.say("status-done")}</p> });
    let fix = format!("{}: {name}", t.say("status-fix"));
    view! {
        <li class="d-card">
            <h3>{name}</h3>
            {asked(t, change)}
            {done}
            <p><a href=format!("{page}#{field}")>{fix}</a></p>
        </li>
    }
    .into_any()
}

/// The stages in their order; the one where it is now says so.
fn steps(t: Texts, status: &ReviewStatus) -> AnyView {
    let now =
        || view! { <Badge tone="sandbox" shape=Shape::Info word=t.say("status-now") /> }.into_any();
    let at = |when: Option<AnyView>| when.map(|when| view! { <p class="c-note">{when}</p> });
    let is_draft = matches!(status.stage, Stage::Draft);
    let is_sent = matches!(status.stage, Stage::Sent { .. });
    let (green, total) = status.green;
    let checks = t.with(
        "status-checks-text",
        &[("green", green.into()), ("total", total.into())],
    );
    let review = is_sent.then(|| match status.stage.claim() {
        Some(_) => t.say("status-claimed"),
        None => t.say("status-waiting"),
    });
    let decided = !is_draft && !is_sent;
    view! {
        <li>
            <p>{t.say("status-draft")} " " {is_draft.then(now)}</p>
            <p class="c-note">{t.say("status-draft-text")}</p>
        </li>
        <li>
            <p>{t.say("status-sent")}</p>
            {at(status.sent_at.map(|sent| minute(t, sent)))}
        </li>
        <li>
            <p>{t.say("status-checks")}</p>
            <p class="c-note">{checks}</p>
        </li>
        <li>
            <p>{t.say("status-reviewed")} " " {is_sent.then(now)}</p>
            {review.map(|words| view! { <p class="c-note">{words}</p> })}
        </li>
        <li>
            <p>{t.say("status-decision")} " " {decided.then(now)}</p>
            {decision(t, &status.stage)}
        </li>
    }
    .into_any()
}

/// What was decided.
fn decision(t: Texts, stage: &Stage) -> AnyView {
    match stage {
        Stage::Draft | Stage::Sent { .. } => ().into_any(),
        Stage::NeedsChange { since, .. } => view! {
            <p><strong>{t.say("status-needs-change")}</strong></p>
            <p class="c-note">{minute(t, *since)}</p>
        }
        .into_any(),
        Stage::Approved { scope, at, .. } => view! {
            <p><strong>{t.say("status-approved")}</strong></p>
            <p class="c-note">{minute(t, *at)}</p>
            <p>{t.say("status-approved-scope")} ": " <Machine words=scope.to_string() /></p>
        }
        .into_any(),
        Stage::Rejected {
            codes, reason, at, ..
        } => {
            let codes = codes
                .iter()
                .map(|code| view! { <li>{t.say(&format!("refused-{code}"))}</li> });
            view! {
                <p><strong>{t.say("status-rejected")}</strong></p>
                <p class="c-note">{minute(t, *at)}</p>
                <p>{t.say("status-reason")} ":"</p>
                <ul>{codes.collect_view()}</ul>
                <p><bdi>{reason.as_str().to_owned()}</bdi></p>
            }
            .into_any()
        }
        Stage::Withdrawn { at, .. } => view! {
            <p><strong>{t.say("status-withdrawn")}</strong></p>
            <p class="c-note">{minute(t, *at)}</p>
        }
        .into_any(),
    }
}
