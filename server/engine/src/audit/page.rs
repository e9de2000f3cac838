//! The trail as admins read it (A6): page by page, with the names of people and the pages of things,
//! and the way out of it as a file.

use std::collections::BTreeMap;

use futures_util::stream::{Stream, try_unfold};
use protocol::{
    client::Environment,
    ids::{AppId, CaseId, ClientId, UserId},
};
use serde_json::{Value, json};
use store::{
    apps::{find_app, find_apps},
    audit::{AuditFilter, AuditRecord, find_audit_actions, insert_audit_event},
    clients::find_client,
    review_cases::find_case,
    users::{Role, find_user_by_name, find_users},
};

use super::{AuditQuery, CSV_HEADER, Verified, bookmark, csv_line, json_line};
use crate::{
    Engine,
    error::{Error, Result},
    portal::{Person, Place, PortalVisit, Refusal, Typed},
    register::OPERATOR,
};

/// Name of the form of the export.
const FORM: &str = "audit";

/// Events of one page of the list.
const PAGE: u64 = 50;

/// Events that an export reads at once.
const BATCH: u64 = 500;

/// One event, ready to be read by a person.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AuditLine {
    /// The event.
    pub event: AuditRecord,
    /// Who acted, where that is a person.
    pub actor: Option<Actor>,
    /// The page of what it was done to, where there is one.
    pub object_page: Option<Place>,
    /// What it says beside, by name.
    pub facts: Vec<(String, String)>,
}

/// A person who acted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Actor {
    /// The name that others see.
    pub name: String,
    /// What they may do here.
    pub role: Role,
}

/// A page of the trail.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AuditPage {
    /// What was asked for, as it was typed.
    pub query: AuditQuery,
    /// Fields of the query that cannot be read; they count for nothing.
    pub unreadable: Vec<&'static str>,
    /// The events, newest first.
    pub lines: Vec<AuditLine>,
    /// The query of the next page, if there is one.
    pub next: Option<AuditQuery>,
    /// Every kind of event that there is.
    pub actions: Vec<String>,
    /// How far the chain was verified; none before the first time.
    pub verified: Option<Verified>,
}

/// The format of an export.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ExportFormat {
    /// RFC 4180; fields that a spreadsheet would take for a formula are made harmless.
    Csv,
    /// One JSON object a line, exactly as it was written.
    JsonLines,
}

impl ExportFormat {
    /// The format of this word of the form.
    pub fn of(word: &str) -> Option<Self> {
        [Self::Csv, Self::JsonLines]
            .into_iter()
            .find(|known| known.as_str() == word)
    }

    /// Its word, and the ending of its files.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::JsonLines => "jsonl",
        }
    }

    fn line(self, event: &AuditRecord) -> String {
        match self {
            Self::Csv => csv_line(event),
            Self::JsonLines => json_line(event),
        }
    }
}

impl Engine {
    /// A page of the trail, for admins.
    ///
    /// # Errors
    /// For everybody who is no admin, and when storage failed.
    pub async fn audit_page(
        &self,
        visit: &PortalVisit,
        query: AuditQuery,
    ) -> Result<(Person, AuditPage), Refusal> {
        let person = self.admin(visit, &Place::Audit).await?;
        let read = query.read();
        let filter = self.resolved(read.filter).await?;
        // One more than is shown tells whether there is another page.
        let mut events = self
            .audit_events(&filter, read.before.as_ref(), PAGE + 1)
            .await?;
        let mut next = None;
        if events.len() as u64 > PAGE {
            events.truncate(PAGE as usize);
            next = events.last().map(|last| query.after(&bookmark(last)));
        }
        let page = AuditPage {
            lines: self.audit_lines(events).await?,
            next,
            actions: find_audit_actions(self.env.store.reader()).await?,
            verified: self.audit_verified(),
            unreadable: read.unreadable,
            query,
        };
        Ok((person, page))
    }

    /// The lines of a file with all events that `query` asks for, oldest first. Who takes the trail
    /// out of the house stands in the trail.
    ///
    /// # Errors
    /// For everybody who is no admin, when the form was not ours, and when storage failed.
    pub async fn export_audit(
        &self,
        visit: &PortalVisit,
        form_token: &str,
        query: &AuditQuery,
        format: ExportFormat,
    ) -> Result<impl Stream<Item = Result<String>> + Send + use<>, Refusal> {
        let person = self.admin(visit, &Place::Audit).await?;
        if !self.is_portal_form(visit, FORM, form_token) {
            return Err(self
                .send_again(visit, &Place::Audit, FORM, Typed::default())
                .into());
        }
        let mut filter = self.resolved(query.read().filter).await?;
        let detail =
            json!({ "format": format.as_str(), "filter": query.from_the_newest().address() });
        let event = self.event(
            person.actor(),
            "audit.exported",
            "audit".to_owned(),
            &detail,
        );
        // What happens from now on, this export included, is not part of it: so it comes to an end.
        let now = self.env.now();
        filter.until = Some(filter.until.map_or(now, |until| until.min(now)));
        self.env
            .store
            .write::<_, Error, _>(move |tx| {
                Box::pin(async move { Ok(insert_audit_event(tx, &event).await?) })
            })
            .await?;
        Ok(self.lines_of_export(filter, format))
    }

    /// Batch by batch, so that an export never has to fit into memory.
    fn lines_of_export(
        &self,
        filter: AuditFilter,
        format: ExportFormat,
    ) -> impl Stream<Item = Result<String>> + Send + use<> {
        let engine = self.clone();
        let head = match format {
            ExportFormat::Csv => CSV_HEADER,
            ExportFormat::JsonLines => "",
        };
        let begin = Some((head.to_owned(), None));
        try_unfold(begin, move |place| {
            let (engine, filter) = (engine.clone(), filter.clone());
            async move {
                let Some((mut text, after)) = place else {
                    return Ok(None);
                };
                let events = engine.audit_export(&filter, after.as_ref(), BATCH).await?;
                for event in &events {
                    text.push_str(&format.line(event));
                }
                let is_full = events.len() as u64 == BATCH;
                let last = events.last().filter(|_| is_full);
                let next = last.map(|last| (String::new(), Some(bookmark(last))));
                Ok(Some((text, next)))
            }
        })
    }

    /// Events with the names of people and the pages of things: two statements, however many they are.
    pub(crate) async fn audit_lines(&self, events: Vec<AuditRecord>) -> Result<Vec<AuditLine>> {
        let reader = self.env.store.reader();
        let ids = |kind: &str, texts: &mut dyn Iterator<Item = &str>| -> Vec<String> {
            let of_kind = texts.filter_map(|text| text.strip_prefix(kind));
            let mut ids: Vec<String> = of_kind.map(str::to_owned).collect();
            ids.sort();
            ids.dedup();
            ids
        };
        let users = ids(
            "user:",
            &mut events.iter().map(|event| event.actor.as_str()),
        );
        let users: Vec<UserId> = users.into_iter().map(UserId::new).collect();
        let people: BTreeMap<UserId, Actor> = find_users(reader, &users)
            .await?
            .into_iter()
            .map(|user| {
                let (name, role) = (user.display_name, user.role);
                (user.id, Actor { name, role })
            })
            .collect();
        let apps = ids(
            "app:",
            &mut events.iter().map(|event| event.object.as_str()),
        );
        let apps: Vec<AppId> = apps.into_iter().map(AppId::new).collect();
        let clients: BTreeMap<AppId, ClientId> = find_apps(reader, &apps)
            .await?
            .into_iter()
            .map(|app| (app.id, app.live_client.unwrap_or(app.sandbox_client)))
            .collect();
        let page_of = |object: &str| {
            let (kind, id) = object.split_once(':')?;
            match kind {
                "client" => Some(Place::Client(ClientId::new(id))),
                "case" => Some(Place::Case(CaseId::new(id))),
                "app" => clients.get(&AppId::new(id)).cloned().map(Place::Client),
                _ => None,
            }
        };
        let line = |event: AuditRecord| {
            let user = event.actor.strip_prefix("user:").map(UserId::new);
            AuditLine {
                actor: user.and_then(|user| people.get(&user).cloned()),
                object_page: page_of(&event.object),
                facts: facts(&event.detail),
                event,
            }
        };
        Ok(events.into_iter().map(line).collect())
    }

    /// A filter whose actor and object have their kinds: people type names and bare ids.
    async fn resolved(&self, mut filter: AuditFilter) -> Result<AuditFilter> {
        if let Some(actor) = filter
            .actor
            .take_if(|actor| is_bare(actor) && actor != OPERATOR)
        {
            filter.actor = Some(self.actor_of(actor).await?);
        }
        if let Some(object) = filter.object.take_if(|object| is_bare(object)) {
            filter.object = Some(self.object_of(object).await?);
        }
        Ok(filter)
    }

    async fn actor_of(&self, name: String) -> Result<String> {
        let reader = self.env.store.reader();
        for environment in [Environment::Live, Environment::Sandbox] {
            if let Some(user) = find_user_by_name(reader, environment, &name).await? {
                return Ok(format!("user:{}", user.id));
            }
        }
        let client = ClientId::new(name.as_str());
        Ok(match find_client(reader, &client).await? {
            Some(_) => format!("client:{client}"),
            None => name,
        })
    }

    async fn object_of(&self, id: String) -> Result<String> {
        let reader = self.env.store.reader();
        let text = id.as_str();
        let kind = if find_client(reader, &ClientId::new(text)).await?.is_some() {
            "client"
        } else if find_app(reader, &AppId::new(text)).await?.is_some() {
            "app"
        } else if find_case(reader, &CaseId::new(text)).await?.is_some() {
            "case"
        } else {
            return Ok(id);
        };
        Ok(format!("{kind}:{id}"))
    }
}

/// Whether a word has no kind before it.
fn is_bare(word: &str) -> bool {
    !word.contains(':')
}

/// The fields of an event's detail, as texts.
fn facts(detail: &str) -> Vec<(String, String)> {
    let Ok(Value::Object(fields)) = serde_json::from_str(detail) else {
        return Vec::new();
    };
    let text = |value: Value| match value {
        Value::String(text) => Some(text),
        Value::Null => None,
        other => Some(other.to_string()),
    };
    fields
        .into_iter()
        .filter_map(|(name, value)| Some((name, text(value)?)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_are_what_the_detail_says() {
        let pair = |name: &str, text: &str| (name.to_owned(), text.to_owned());
        assert_eq!(
            facts(r#"{"reason":"Two\nlines","people":3,"code":null,"scope":["ais"]}"#),
            [
                pair("people", "3"),
                pair("reason", "Two\nlines"),
                pair("scope", r#"["ais"]"#),
            ]
        );
        assert!(facts("{}").is_empty());
        assert!(facts("no JSON").is_empty());
    }

    #[test]
    fn formats_are_known_by_their_words() {
        assert_eq!(ExportFormat::of("csv"), Some(ExportFormat::Csv));
        assert_eq!(ExportFormat::of("jsonl"), Some(ExportFormat::JsonLines));
        assert_eq!(ExportFormat::of("xlsx"), None);
    }
}
