use engine::portal::{Flash, Place, ProofRecord, TaskState, TaskView, registration::form_of};
use leptos::prelude::*;
use protocol::{
    locale::Locale,
    registration::{FaultKind, Field, Task},
};

use super::{
    checks::Checks,
    fields::{Shown, fault_words, id_of},
    setup::{saved, state},
};
use crate::{
    components::{
        CodeSample, ComplaintBox, Icon, Machine, PortalForm, PortalShell, Shape, Visitor,
    },
    i18n::Texts,
    islands::{CheckAddresses, LivePreview},
    visitor,
};

/// One task of a registration: its form, and the checks that are about it.
#[component]
pub fn TaskPage(
    /// Who looks.
    visitor: Visitor,
    /// The task.
    view: TaskView,
) -> AnyView {
    let t = Texts::of(expect_context::<Locale>());
    let task = view.task;
    let form = form_of(task);
    let flash = left_for(&view, visitor::flash(form));
    let failed = !flash.faults.is_empty() || !flash.complaints.is_empty();
    let shown = Shown {
        t,
        view: &view,
        flash: &flash,
    };
    let fields = task.fields().map(|field| shown.field(field)).collect_view();
    let save = view.is_open().then(|| {
        view! {
            <button type="submit" class="c-button c-button--primary">
                {t.say("register-save")}
            </button>
        }
    });
    // After "Save", so that the enter key saves.
    let more = (view.is_open() && task == Task::Callbacks).then(|| {
        view! {
            <button type="submit" class="c-button" name="do" value="add_row">
                {t.say("register-add-row")}
            </button>
        }
    });
    let closed = match (view.state == TaskState::Locked, view.may_change) {
        (true, _) => Some(t.say("register-locked-note")),
        (_, false) => Some(t.say("register-read-note")),
        _ => None,
    };
    let closed = closed.map(|words| view! { <p class="d-remark">{words}</p> });
    let help = match task {
        Task::Callbacks if view.is_open() => Some(address_help(t, form)),
        Task::Purpose => Some(preview(t, form, &shown)),
        _ => None,
    };
    let proof = (task == Task::Website).then(|| proof(t, view.proof.clone()));
    let (app, seen) = (view.app.to_string(), view.seen.clone());
    let checks = view.checks.clone();
    let may_ask = view.may_change;
    let title = t.say(&format!("task-{task}"));
    view! {
        <PortalShell t title=title.clone() visitor failed>
            <p><a href=Place::Setup(view.app.clone()).path()>{t.say("register-back")}</a></p>
            <h1>{title}</h1>
            <p class="d-badges">{state(t, view.state)}</p>
            {faults(t, &flash)}
            <ComplaintBox t flash=flash.clone() />
            <p class="p-lead">{t.say(&format!("task-{task}-lead"))}</p>
            {closed}
            {saved(t, view.saved.clone())}
            <section class="d-block" aria-label=t.say("register-title")>
                <PortalForm form action="/api/portal/save_task">
                    <input type="hidden" name="app" value=app />
                    <input type="hidden" name="task" value=task.as_str() />
                    <input type="hidden" name="seen" value=seen />
                    {fields}
                    {help}
                    <p class="d-buttons">{save} {more}</p>
                </PortalForm>
            </section>
            {proof}
            <Checks t app=view.app.clone() task checks may_ask />
        </PortalShell>
    }
    .into_any()
}

/// What is wrong with an address, while it is typed.
fn address_help(t: Texts, form: &'static str) -> AnyView {
    let words = FaultKind::OF_CALLBACKS.iter().map(|kind| {
        // Told as plain text: the marks of code are left out.
        let words = t.say(kind.key()).replace('`', "");
        (kind.key().to_owned(), words)
    });
    let row = t.with("register-row", &[("row", "{row}".into())]);
    view! { <CheckAddresses form=form.to_owned() row words=words.collect() /> }.into_any()
}

/// The sentences as people will read them on the consent page, each on a page of its language.
fn preview(t: Texts, form: &'static str, shown: &Shown<'_>) -> AnyView {
    let [english, lithuanian, russian] =
        [Field::PurposeEn, Field::PurposeLt, Field::PurposeRu].map(|field| shown.value(field));
    let nothing = "…".to_owned();
    let english = if english.is_empty() {
        nothing.clone()
    } else {
        english
    };
    let or_english = |text: String| {
        if text.is_empty() {
            english.clone()
        } else {
            text
        }
    };
    let name = shown.view.name.clone();
    let sheet = |(locale, text): (Locale, String)| {
        let theirs = Texts::of(locale);
        let app = view! { <bdi>{name.clone()}</bdi> }.into_any();
        view! {
            <li class="d-card" lang=locale.as_str()>
                <p class="d-preview__title">{theirs.rich("consent-title", [("app", app)])}</p>
                <p class="c-note">{theirs.say("label-why")}</p>
                <p><bdi id=preview_id(locale)>{text}</bdi></p>
            </li>
        }
    };
    let sheets = [
        (Locale::En, english.clone()),
        (Locale::Lt, or_english(lithuanian)),
        (Locale::Ru, or_english(russian)),
    ]
    .map(sheet);
    let typed = [
        (Field::PurposeEn, Locale::En),
        (Field::PurposeLt, Locale::Lt),
        (Field::PurposeRu, Locale::Ru),
    ];
    let typed = typed.map(|(field, locale)| (field.to_string(), preview_id(locale)));
    view! {
        <section class="d-preview" aria-labelledby="preview">
            <h2 class="d-preview__head" id="preview">{t.say("register-preview")}</h2>
            <p class="c-note">{t.say("register-preview-note")}</p>
            <ul role="list" class="d-cards">{sheets.into_iter().collect_view()}</ul>
            <LivePreview form=form.to_owned() shown=typed.to_vec() nothing />
        </section>
    }
    .into_any()
}

fn preview_id(locale: Locale) -> String {
    format!("preview-{locale}")
}

/// What a form left for this page, and not for the same task of another app.
fn left_for(view: &TaskView, flash: Flash) -> Flash {
    let of_app = flash.typed.get("app");
    match of_app.is_empty() || of_app == view.app.as_str() {
        true => flash,
        false => Flash::default(),
    }
}

/// What is to be mended, on top of the page.
fn faults(t: Texts, flash: &Flash) -> Option<AnyView> {
    if flash.faults.is_empty() {
        return None;
    }
    let line = |fault: &protocol::registration::Fault| {
        let href = format!("#{}", id_of(fault.field, fault.row));
        view! {
            <p>
                {t.say(&format!("field-{}", fault.field))}
                ": "
                <a href=href>{fault_words(t, fault)}</a>
            </p>
        }
    };
    let lines = flash.faults.iter().map(line).collect_view();
    Some(
        view! {
            <div class="c-summary" role="alert" tabindex="-1" autofocus=true aria-labelledby="faults-title">
                <h2 class="c-summary__title" id="faults-title">
                    <Icon shape=Shape::Warning />
                    {t.say("summary-title")}
                </h2>
                {lines}
            </div>
        }
        .into_any(),
    )
}

/// What the domain is asked to publish.
fn proof(t: Texts, proof: Option<ProofRecord>) -> AnyView {
    let Some(ProofRecord {
        domain,
        record,
        address,
    }) = proof
    else {
        return view! {
            <section class="d-block" aria-labelledby="proof">
                <h2 id="proof">{t.say("register-proof")}</h2>
                <p>{t.say("register-proof-later")}</p>
            </section>
        }
        .into_any();
    };
    let lead = t.rich(
        "register-proof-lead",
        [("domain", view! { <bdi>{domain}</bdi> }.into_any())],
    );
    view! {
        <section class="d-block" aria-labelledby="proof">
            <h2 id="proof">{t.say("register-proof")}</h2>
            <p>{lead}</p>
            <p>{t.say("register-proof-dns")}</p>
            <CodeSample t label=t.say("register-proof-dns") code=record />
            <p>
                {t.say("register-proof-file")} " " <Machine words=address /> " "
                {t.say("register-proof-content")}
            </p>
        </section>
    }
    .into_any()
}
