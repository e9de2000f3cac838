//! The pages of a registration, whatever they look like.

use app::pages::portal::register::{AnswersPage, SetupPage, StatusPage, TaskPage};
use engine::portal::{
    CheckAnswers, Flash, ReviewStatus, Setup, TaskRow, TaskState, TaskView, Typed,
    registration::form_of,
};
use leptos::prelude::*;
use protocol::{
    form::RawForm,
    ids::AppId,
    locale::Locale,
    registration::{LicenceKind, Registration, Task, review::Stage},
};

use crate::{
    markup::{readable, tags},
    portal::{shown, visitor},
};

fn task(task: Task) -> TaskView {
    TaskView {
        app: AppId::new("app-1"),
        name: "Budgetly".to_owned(),
        task,
        state: TaskState::NotStarted,
        registration: Registration::default(),
        seen: "mark".to_owned(),
        saved: None,
        changes: Vec::new(),
        checks: Vec::new(),
        proof: None,
        licence: LicenceKind::None,
        may_change: true,
    }
}

/// What is left of an empty form.
fn empty(of: Task) -> Option<Flash> {
    let faults = Registration::default()
        .save(of, &RawForm::default())
        .err()?;
    let typed = Typed::default().with("app", "app-1");
    Some(Flash::faulty(form_of(of), typed, faults.faults))
}

pub async fn registration_pages(locale: Locale) -> Vec<String> {
    let setup = || {
        let row = |task: &Task| TaskRow {
            task: *task,
            state: TaskState::NotStarted,
        };
        let setup = Setup {
            app: AppId::new("app-1"),
            name: "Budgetly".to_owned(),
            tasks: Task::ALL.iter().map(row).collect(),
            saved: None,
            stage: Stage::Draft,
            may_change: true,
        };
        view! { <SetupPage visitor=visitor() setup /> }.into_any()
    };
    let answers = || {
        let answers = CheckAnswers {
            app: AppId::new("app-1"),
            name: "Budgetly".to_owned(),
            answers: Vec::new(),
            missing: Task::ALL.to_vec(),
            open_changes: Vec::new(),
            checks: Vec::new(),
            median_days: Some(2),
            stage: Stage::Draft,
            may_change: true,
        };
        view! { <AnswersPage visitor=visitor() answers /> }.into_any()
    };
    let status = || {
        let status = ReviewStatus {
            app: AppId::new("app-1"),
            name: "Budgetly".to_owned(),
            stage: Stage::Draft,
            sent_at: None,
            green: (1, 3),
            changes: Vec::new(),
            median_days: None,
            is_live: false,
            may_change: true,
        };
        view! { <StatusPage visitor=visitor() status /> }.into_any()
    };
    let mut pages = vec![
        shown(locale, None, setup).await,
        shown(locale, None, answers).await,
        shown(locale, None, status).await,
    ];
    for of in Task::ALL.iter().copied() {
        let page = move || view! { <TaskPage visitor=visitor() view=task(of) /> }.into_any();
        pages.push(shown(locale, None, page).await);
        pages.push(shown(locale, empty(of), page).await);
    }
    pages
}

#[tokio::test]
async fn every_field_is_on_its_page_and_every_fault_leads_to_one() {
    for of in Task::ALL.iter().copied() {
        let page = move || view! { <TaskPage visitor=visitor() view=task(of) /> }.into_any();
        let html = shown(Locale::Lt, empty(of), page).await;
        let tags = tags(&html);
        for field in of.fields() {
            let is_it = |name: Option<&str>| name == Some(field.as_str());
            assert!(
                tags.iter().any(|tag| is_it(tag.attribute("name"))),
                "{field}"
            );
        }
        let links = tags
            .iter()
            .filter_map(|tag| tag.attribute("href")?.strip_prefix('#'));
        for id in links {
            assert!(
                tags.iter().any(|tag| tag.attribute("id") == Some(id)),
                "{id}"
            );
        }
        let text = readable(&html);
        for start in ["fault-", "field-", "hint-", "task-", "choice-"] {
            assert!(!text.contains(start), "{of}: {start}");
        }
    }
}
