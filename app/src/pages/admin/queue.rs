use engine::{portal::Place, review::CaseLine};
use leptos::prelude::*;
use protocol::locale::Locale;

use crate::{
    api::review::Queue,
    components::{ComplaintBox, PortalShell, Visitor, minute},
    i18n::Texts,
    visitor::flash,
};

/// The cases that wait for a reviewer (A1), oldest first.
#[component]
pub fn QueuePage(
    /// Who looks.
    visitor: Visitor,
    /// What waits.
    queue: Queue,
) -> AnyView {
    let t = Texts::of(expect_context::<Locale>());
    let tab = |word: &'static str, words: String| {
        let current = (queue.tab == word).then_some("page");
        view! {
            <li>
                <a href=format!("/admin/queue?tab={word}") aria-current=current>
                    {words}
                </a>
            </li>
        }
    };
    let tabs = [
        tab("mine", t.say("admin-queue-mine")),
        tab("waiting", t.say("admin-queue-waiting")),
        tab("all", t.say("admin-queue-all")),
    ];
    let next = queue.next.map(|next| {
        let address = format!("/admin/queue?tab={}&after={next}", queue.tab);
        view! {
            <p>
                <a href=address>{t.say("admin-next")}</a>
            </p>
        }
    });
    let cases = match queue.lines.is_empty() {
        true => view! { <p class="p-lead">{t.say("admin-queue-empty")}</p> }.into_any(),
        false => view! {
            <ul role="list" class="d-cards">
                {queue.lines.into_iter().map(|line| view! { <Line t line /> }).collect_view()}
            </ul>
        }
        .into_any(),
    };
    view! {
        <PortalShell t title=t.say("admin-queue") visitor here=Place::Queue>
            <h1>{t.say("admin-queue")}</h1>
            <ComplaintBox t flash=flash("queue") />
            <nav class="d-nav" aria-label=t.say("admin-queue")>
                <ul role="list">{tabs.collect_view()}</ul>
            </nav>
            {cases}
            {next}
        </PortalShell>
    }
    .into_any()
}

/// One case at a glance.
#[component]
fn Line(t: Texts, line: CaseLine) -> AnyView {
    let kind = t.say(&format!("admin-word-kind-{}", line.kind));
    let stage = t.say(&format!("admin-word-stage-{}", line.stage));
    let risk = t.say(&format!("admin-word-risk-{}", line.risk));
    view! {
        <li class="d-card">
            <h2 class="d-card__name">
                <a href=Place::Case(line.id).path()>
                    <bdi>{line.app_name}</bdi>
                </a>
            </h2>
            <p>
                <bdi>{line.organization}</bdi>
            </p>
            <p>{kind} " · " {stage} " · " {risk}</p>
            <p>{minute(t, line.sent_at)}</p>
        </li>
    }
    .into_any()
}
