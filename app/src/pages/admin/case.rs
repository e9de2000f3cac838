use engine::{portal::Place, review::CaseView};
use leptos::prelude::*;
use protocol::{locale::Locale, registration::review::Stage};

use super::{
    checks::Checks,
    fields::fields,
    parts::{Ties, is_with_us, keys, risk_badge, risk_reasons, scope_words, stage_badge},
    preview::preview,
};
use crate::{
    components::{
        ComplaintBox, Fact, Machine, PortalForm, PortalShell, TextArea, Visitor, minute, named,
        said_about,
    },
    i18n::Texts,
    visitor::flash,
};

/// One case (A2): where it is, what machines found, what was sent, what people
/// would read, what was noted and what happened.
#[component]
pub fn CasePage(
    /// Who looks.
    visitor: Visitor,
    /// The case.
    view: CaseView,
    /// The language in which the page for people is shown.
    people: Locale,
) -> AnyView {
    let t = Texts::of(expect_context::<Locale>());
    let flash = flash("case");
    let failed = !flash.complaints.is_empty();
    let name = view.case.submission.look.app_name.clone();
    let decide = || {
        let address = Place::Decide(view.case.id.clone()).path();
        let words = t.say("admin-decide");
        view.is_mine().then(|| {
            view! {
                <p>
                    <a class="c-button c-button--primary" href=address>
                        {words}
                    </a>
                </p>
            }
        })
    };
    let (first, last) = (decide(), decide());
    let sent = fields(t, &flash, &view);
    let keys = keys(t, ".d-field", keys_of(view.is_mine()));
    let notes = notes(
        t,
        &view,
        flash.typed.get("note").to_owned(),
        said_about(t, &flash, "note"),
    );
    let timeline = timeline(t, &view);
    let preview = preview(t, &view, people);
    let state = state(t, &view);
    let checks_flash = flash.clone();
    view! {
        <PortalShell t title=name.clone() visitor here=Place::Queue failed>
            <p>
                <a href=Place::Queue.path()>{t.say("admin-queue")}</a>
            </p>
            <h1>
                <bdi>{name}</bdi>
            </h1>
            <ComplaintBox t flash />
            <section class="d-block" aria-labelledby="state">
                {state} {first}
            </section>
            <div class="d-two">
                <Checks t view=view.clone() flash=checks_flash />
                <section class="d-block" aria-labelledby="fields">
                    <h2 id="fields">{t.say("admin-fields")}</h2>
                    {keys}
                    {sent}
                </section>
            </div>
            {preview}
            {notes}
            {timeline}
            {last}
        </PortalShell>
    }
    .into_any()
}

/// What keys do, for whoever works on the case and for whoever looks on.
const fn keys_of(is_mine: bool) -> &'static [(&'static str, &'static str)] {
    match is_mine {
        true => &[
            ("j", "admin-key-next"),
            ("k", "admin-key-previous"),
            ("o", "admin-field-ok"),
            ("c", "admin-field-change"),
        ],
        false => &[("j", "admin-key-next"), ("k", "admin-key-previous")],
    }
}

/// Where the case is, who works on it, and what can be done with it as a whole.
fn state(t: Texts, view: &CaseView) -> AnyView {
    let case = &view.case;
    let kind = t.say(&format!("admin-word-kind-{}", case.kind));
    let sender = view! { <bdi>{view.name(&case.sent_by)}</bdi> }.into_any();
    let reasons = risk_reasons(t, &view.risk);
    let organization = case.submission.business.organization.clone();
    let domain = case.submission.website.domain();
    let sent = minute(t, case.sent_at);
    let client = view.live_client.clone().map(|client| {
        view! {
            <Fact label=t.say("admin-live-client")>
                <Machine words=client.to_string() />
            </Fact>
        }
    });
    view! {
        <h2 id="state">{t.say("admin-state")}</h2>
        <p class="d-badges">
            {stage_badge(t, case.stage.name())} {risk_badge(t, view.risk.level())}
        </p>
        {decided(t, view)}
        <dl class="c-facts">
            <Fact label=t.say("admin-kind")>{kind}</Fact>
            <Fact label=t.say("field-organization")>
                <bdi>{organization}</bdi>
            </Fact>
            <Fact label=t.say("field-website")>
                <Machine words=domain />
            </Fact>
            <Fact label=t.say("admin-sent")>
                {sent} ", " {sender}
            </Fact>
            {client}
            {reasons.map(|reasons| view! { <Fact label=t.say("admin-risk")>{reasons}</Fact> })}
        </dl>
        {proposed(t, view)}
        {claimed(t, view)}
        {acts(t, view)}
    }
    .into_any()
}

/// What the first of two admins proposed.
fn proposed(t: Texts, view: &CaseView) -> Option<AnyView> {
    let proposal = view.case.stage.proposal()?;
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
    Some(view! { <p class="d-remark">{words}</p> }.into_any())
}

/// Who works on it; everybody else sees that their hands are tied, and why.
fn claimed(t: Texts, view: &CaseView) -> Option<AnyView> {
    if view.reviewer.in_team {
        return Some(
            view! { <p class="d-remark">{t.say("complaint-review-own-app")}</p> }.into_any(),
        );
    }
    let claim = view.case.stage.claim()?;
    let key = match view.is_mine() {
        true => "admin-claimed-by-you",
        false => "admin-claimed",
    };
    let words = t.rich(
        key,
        [
            ("name", named(&view.name(&claim.by))),
            ("time", minute(t, claim.since)),
        ],
    );
    Some(view! { <p class="d-remark">{words}</p> }.into_any())
}

/// To begin, to take over, to leave it.
fn acts(t: Texts, view: &CaseView) -> Option<AnyView> {
    if view.reviewer.in_team || !is_with_us(&view.case.stage) {
        return None;
    }
    let (act, class) = match (view.case.stage.claim(), view.is_mine()) {
        (_, true) => ("release", "c-button"),
        (Some(_), false) => ("take_over", "c-button"),
        (None, false) => ("claim", "c-button c-button--primary"),
    };
    let words = t.say(&format!("admin-word-act-{act}"));
    let note = (act == "take_over")
        .then(|| view! { <p class="c-note">{t.say("admin-take-over-note")}</p> });
    let (case, version) = (view.case.id.to_string(), view.case.version);
    Some(
        view! {
            <PortalForm form="case" id="act" action="/api/admin/case">
                <Ties case version />
                {note}
                <button type="submit" class=class name="do" value=act>
                    {words}
                </button>
            </PortalForm>
        }
        .into_any(),
    )
}

/// Who decided what.
fn decided(t: Texts, view: &CaseView) -> Option<AnyView> {
    Some(match &view.case.stage {
        Stage::Approved {
            by,
            confirmed_by,
            scope,
            at,
        } => {
            let names: Vec<String> = std::iter::once(by)
                .chain(confirmed_by)
                .map(|admin| view.name(admin))
                .collect();
            view! {
                <p>
                    {minute(t, *at)} ", " <bdi>{names.join(", ")}</bdi> ": " {scope_words(scope)}
                </p>
            }
            .into_any()
        }
        Stage::Rejected {
            by,
            codes,
            reason,
            at,
        } => {
            let codes = codes
                .iter()
                .map(|code| view! { <li>{t.say(&format!("admin-word-reject-{code}"))}</li> });
            view! {
                <p>{minute(t, *at)} ", " <bdi>{view.name(by)}</bdi></p>
                <ul>{codes.collect_view()}</ul>
                <p class="d-remark">
                    <bdi>{reason.as_str().to_owned()}</bdi>
                </p>
            }
            .into_any()
        }
        Stage::Withdrawn { by, at } => {
            view! { <p>{minute(t, *at)} ", " <bdi>{view.name(by)}</bdi></p> }.into_any()
        }
        Stage::Draft | Stage::Sent { .. } | Stage::NeedsChange { .. } => return None,
    })
}

/// What admins note for each other.
fn notes(t: Texts, view: &CaseView, typed: String, error: Option<String>) -> AnyView {
    let lines = view.notes.iter().map(|note| {
        view! {
            <li class="d-note">
                <p class="c-note">
                    <bdi>{view.name(&note.author)}</bdi> ", " {minute(t, note.written_at)}
                </p>
                <p class="d-answer">{note.body.clone()}</p>
            </li>
        }
    });
    let lines = lines.collect_view();
    let case = view.case.id.to_string();
    let write = (!view.reviewer.in_team).then(|| {
        view! {
            <PortalForm form="case" id="note-form" action="/api/admin/note">
                <input type="hidden" name="case" value=case />
                <TextArea t id="note" name="note" label=t.say("admin-note") value=typed error rows="3" />
                <button type="submit" class="c-button">
                    {t.say("admin-note-button")}
                </button>
            </PortalForm>
        }
    });
    view! {
        <section class="d-block d-block--inside" aria-labelledby="notes">
            <h2 id="notes">{t.say("admin-notes")}</h2>
            <ul role="list">{lines}</ul>
            {write}
        </section>
    }
    .into_any()
}

/// What happened, newest first.
fn timeline(t: Texts, view: &CaseView) -> AnyView {
    let lines = view.timeline.iter().map(|event| {
        let what = match event.action.strip_prefix("review.") {
            Some(word) => t.say(&format!("admin-word-did-{word}")),
            None => event.action.clone(),
        };
        view! {
            <li>
                {what} ", " <bdi>{event.actor.clone()}</bdi> ", "
                <span class="c-note">{minute(t, event.at)}</span>
            </li>
        }
    });
    let lines = lines.collect_view();
    view! {
        <section class="d-block" aria-labelledby="timeline">
            <h2 id="timeline">{t.say("admin-timeline")}</h2>
            <ol role="list">{lines}</ol>
        </section>
    }
    .into_any()
}
