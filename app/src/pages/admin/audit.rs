use engine::{
    audit::{AuditPage, AuditQuery, Checkpoint, Verified},
    portal::Place,
};
use leptos::prelude::*;
use protocol::locale::Locale;

use super::trail::Trail;
use crate::{
    components::{
        Badge, ComplaintBox, FieldKind, FilterForm, Machine, PortalForm, PortalShell, Shape,
        TextField, Visitor, minute,
    },
    i18n::Texts,
    visitor::flash,
};

/// The audit trail (A6), newest first. It can be read and taken along; nothing here changes it.
#[component]
pub fn AuditPageView(
    /// Who looks.
    visitor: Visitor,
    /// The page.
    page: AuditPage,
) -> AnyView {
    let t = Texts::of(expect_context::<Locale>());
    let AuditPage {
        query,
        unreadable,
        lines,
        next,
        actions,
        verified,
    } = page;
    let path = Place::Audit.path();
    let newest = (!query.before.is_empty()).then(|| {
        let address = format!("{path}{}", query.from_the_newest().address());
        view! { <a href=address>{t.say("audit-newest")}</a> }
    });
    let older = next.map(|next| {
        let address = format!("{path}{}", next.address());
        view! { <a href=address rel="next">{t.say("audit-older")}</a> }
    });
    let to_export = query.clone();
    view! {
        <PortalShell t title=t.say("audit-title") visitor here=Place::Audit>
            <h1>{t.say("audit-title")}</h1>
            <ComplaintBox t flash=flash("audit") />
            <Chain t verified />
            <Filters t query unreadable actions />
            <Trail t lines />
            <p class="d-badges">{newest} {older}</p>
            <Export t query=to_export />
        </PortalShell>
    }
    .into_any()
}

/// Whether the trail is what was written, and up to where that is known.
#[component]
fn Chain(t: Texts, verified: Option<Verified>) -> AnyView {
    let (tone, shape, word, more) = match verified {
        Some(Verified {
            broken: Some(broken),
            ..
        }) => (
            "danger",
            Shape::Warning,
            t.say("audit-broken"),
            view! {
                {t.rich("audit-broken-at", [("time", minute(t, broken.at))])}
                " "
                {t.say(&format!("admin-word-break-{}", broken.kind.as_str()))}
                " "
                <Machine words=broken.event />
            }
            .into_any(),
        ),
        Some(Verified {
            checkpoint:
                Checkpoint {
                    seq,
                    up_to: Some(up_to),
                    ..
                },
            ..
        }) => (
            "ok",
            Shape::Check,
            t.say("audit-verified"),
            view! {
                {t.rich("audit-verified-up-to", [("time", minute(t, up_to))])}
                " "
                {t.with("audit-verified-count", &[("count", seq.into())])}
            }
            .into_any(),
        ),
        // Before the first walk, or before anything was old enough to be sealed.
        _ => (
            "warn",
            Shape::Info,
            t.say("audit-unverified"),
            t.say("audit-unverified-text").into_any(),
        ),
    };
    view! {
        <div class="d-block" id="chain">
            <p class="d-badges">
                <Badge tone shape word />
            </p>
            <p>{more}</p>
        </div>
    }
    .into_any()
}

/// What the list can be narrowed by.
#[component]
fn Filters(
    t: Texts,
    query: AuditQuery,
    unreadable: Vec<&'static str>,
    actions: Vec<String>,
) -> AnyView {
    let path = Place::Audit.path();
    let error = move |name: &str| {
        let wrong = unreadable.contains(&name);
        wrong.then(|| t.say("log-unreadable"))
    };
    let clear = query.is_filtered().then(|| path.clone());
    // A word that no event has yet is kept: an address says what is asked for.
    let asked = query.action.clone();
    let is_new = !asked.is_empty() && !actions.contains(&asked);
    let words = actions.into_iter().chain(is_new.then(|| asked.clone()));
    let options = words.map(|word| {
        let selected = word == asked;
        view! {
            <option value=word.clone() selected=selected translate="no">
                {word.clone()}
            </option>
        }
    });
    let options = options.collect_view();
    view! {
        <FilterForm t path clear>
            <TextField
                t
                name="actor"
                kind=FieldKind::Machine
                label=t.say("audit-actor")
                hint=t.say("audit-actor-hint")
                value=query.actor
                error=error("actor")
            />
            <TextField
                t
                name="object"
                kind=FieldKind::Machine
                label=t.say("audit-object")
                hint=t.say("audit-object-hint")
                value=query.object
                error=error("object")
            />
            <div class="c-field">
                <label class="c-field__label" for="action">
                    {t.say("audit-action")}
                </label>
                <select class="c-input" id="action" name="action">
                    <option value="">{t.say("log-any")}</option>
                    {options}
                </select>
            </div>
            <TextField
                t
                name="reference"
                kind=FieldKind::Machine
                label=t.say("audit-reference")
                value=query.reference
                error=error("reference")
            />
            <TextField t name="from" kind=FieldKind::Moment label=t.say("log-from") value=query.from error=error("from") />
            <TextField t name="until" kind=FieldKind::Moment label=t.say("log-until") value=query.until error=error("until") />
        </FilterForm>
    }
    .into_any()
}

/// The way out as a file: what the filters leave, oldest first.
#[component]
fn Export(t: Texts, query: AuditQuery) -> AnyView {
    let fields = query.from_the_newest();
    let fields = fields.fields().map(|(name, value)| {
        // The place on the page is no part of what is asked for.
        (name != "before").then(|| {
            view! { <input type="hidden" name=name value=value.to_owned() /> }
        })
    });
    let fields = fields.into_iter().collect_view();
    view! {
        <section class="d-block" aria-labelledby="export">
            <h2 id="export">{t.say("audit-export")}</h2>
            <p>{t.say("audit-export-text")}</p>
            <PortalForm form="audit" action="/api/admin/audit_export">
                {fields}
                <div class="d-buttons">
                    <button type="submit" class="c-button" name="format" value="csv">
                        {t.say("audit-export-csv")}
                    </button>
                    <button type="submit" class="c-button" name="format" value="jsonl">
                        {t.say("audit-export-json")}
                    </button>
                </div>
            </PortalForm>
        </section>
    }
    .into_any()
}
