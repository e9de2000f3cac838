use engine::{
    audit::{AuditLine, AuditQuery},
    portal::Place,
};
use leptos::prelude::*;

use crate::{
    components::{Machine, RecordTable, moment},
    i18n::Texts,
};

/// Events of the audit trail, newest first, as a table; on a phone each is a list of labels and values.
#[component]
pub(super) fn Trail(
    /// The texts.
    t: Texts,
    /// The events.
    lines: Vec<AuditLine>,
) -> AnyView {
    if lines.is_empty() {
        return view! { <p>{t.say("audit-none")}</p> }.into_any();
    }
    let heads = [
        t.say("log-time"),
        t.say("audit-actor"),
        t.say("audit-action"),
        t.say("audit-object"),
        t.say("audit-detail"),
        t.say("audit-reference"),
    ];
    let row = |line: AuditLine| {
        let [time, actor, action, object, detail, reference] = heads.clone();
        let AuditLine {
            event,
            actor: person,
            object_page,
            facts,
        } = line;
        let by = filtered(AuditQuery::by(event.actor.as_str()));
        let who = match person {
            Some(person) => {
                let role = t.say(&format!("admin-word-role-{}", person.role));
                view! { <a href=by><bdi>{person.name}</bdi></a> ", " {role} }.into_any()
            }
            None => view! { <a href=by><Machine words=event.actor /></a> }.into_any(),
        };
        let about = filtered(AuditQuery::about(event.object.as_str()));
        let page = object_page.map(|page| {
            view! { <br /> <a href=page.path()>{t.say("audit-open")}</a> }
        });
        let facts = facts.into_iter().map(|(name, text)| {
            view! { <li><Machine words=name /> ": " <bdi class="d-answer">{text}</bdi></li> }
        });
        let facts = facts.collect_view();
        view! {
            <tr role="row">
                <td role="cell" data-label=time>{moment(event.at)}</td>
                <td role="cell" data-label=actor>
                    <div>{who}</div>
                </td>
                <td role="cell" data-label=action>
                    <span class="c-keep"><Machine words=event.action /></span>
                </td>
                <td role="cell" data-label=object>
                    <div><a href=about><Machine words=event.object /></a>{page}</div>
                </td>
                <td role="cell" data-label=detail><ul role="list">{facts}</ul></td>
                <td role="cell" data-label=reference>
                    {event
                        .trace
                        .map(|trace| {
                            view! { <span class="c-reference" translate="no">{trace.to_string()}</span> }
                        })}
                </td>
            </tr>
        }
    };
    let rows = lines.into_iter().map(row).collect_view();
    view! {
        <RecordTable caption=t.say("audit-title") heads=heads.to_vec()>
            {rows}
        </RecordTable>
    }
    .into_any()
}

/// The address of the trail with this filter.
fn filtered(query: AuditQuery) -> String {
    format!("{}{}", Place::Audit.path(), query.address())
}
