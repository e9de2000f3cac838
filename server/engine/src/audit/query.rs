//! The filters of the trail as they stand in the address of its page.

use protocol::ids::TraceId;
use serde::{Deserialize, Serialize};
use store::{Bookmark, audit::AuditFilter};

use crate::query::{self, bookmark, field, instant};

/// Longest word that anybody looks for.
const LONGEST: usize = 200;

/// What is asked for, as it was typed: the fields of the form, by their names.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct AuditQuery {
    /// Who: an id with its kind, or the name with which a person signs in.
    pub actor: String,
    /// What, as one word.
    pub action: String,
    /// To what: an id, with or without its kind.
    pub object: String,
    /// The reference of a request.
    pub reference: String,
    /// Not before this moment.
    pub from: String,
    /// Before this moment.
    pub until: String,
    /// Older than this line: where the last page ended.
    pub before: String,
}

/// What was understood of a query.
pub(super) struct Read {
    pub filter: AuditFilter,
    pub before: Option<Bookmark>,
    pub unreadable: Vec<&'static str>,
}

impl AuditQuery {
    /// Everything that happened to one thing, given as in the trail.
    pub fn about(object: impl Into<String>) -> Self {
        Self {
            object: object.into(),
            ..Self::default()
        }
    }

    /// Everything that somebody did.
    pub fn by(actor: impl Into<String>) -> Self {
        Self {
            actor: actor.into(),
            ..Self::default()
        }
    }

    /// Whether anything but the place is asked for.
    pub fn is_filtered(&self) -> bool {
        query::is_filtered(self.fields(), "before")
    }

    /// Names and values, in the order of the form.
    pub fn fields(&self) -> [(&'static str, &str); 7] {
        [
            ("actor", &self.actor),
            ("action", &self.action),
            ("object", &self.object),
            ("reference", &self.reference),
            ("from", &self.from),
            ("until", &self.until),
            ("before", &self.before),
        ]
    }

    /// The query string, with `?`; empty when nothing is asked for.
    pub fn address(&self) -> String {
        query::address(self.fields())
    }

    /// The same, from the newest event on.
    pub fn from_the_newest(&self) -> Self {
        Self {
            before: String::new(),
            ..self.clone()
        }
    }

    /// The same, from this event on.
    pub(super) fn after(&self, last: &Bookmark) -> Self {
        Self {
            before: query::place(last),
            ..self.clone()
        }
    }

    /// What it means.
    pub(super) fn read(&self) -> Read {
        let mut unreadable = Vec::new();
        let filter = AuditFilter {
            actor: field("actor", &self.actor, &mut unreadable, word),
            action: field("action", &self.action, &mut unreadable, word),
            object: field("object", &self.object, &mut unreadable, word),
            trace: field(
                "reference",
                &self.reference,
                &mut unreadable,
                TraceId::parse,
            ),
            from: field("from", &self.from, &mut unreadable, instant),
            until: field("until", &self.until, &mut unreadable, instant),
        };
        Read {
            filter,
            before: field("before", &self.before, &mut unreadable, bookmark),
            unreadable,
        }
    }
}

fn word(typed: &str) -> Option<String> {
    let plain = typed.chars().count() <= LONGEST && !typed.contains(char::is_control);
    plain.then(|| typed.to_owned())
}

#[cfg(test)]
mod tests {
    use protocol::time::Timestamp;

    use super::*;

    #[test]
    fn a_query_means_what_was_typed() {
        let query = AuditQuery {
            actor: " user:1 ".into(),
            action: "client.suspended".into(),
            object: "client:shop".into(),
            reference: "7k3m9qxt".into(),
            from: "2026-11-22T11:42".into(),
            until: "2026-11-23".into(),
            before: String::new(),
        };
        let read = query.read();
        assert!(read.unreadable.is_empty());
        assert_eq!(read.filter.actor.as_deref(), Some("user:1"));
        assert_eq!(read.filter.action.as_deref(), Some("client.suspended"));
        assert_eq!(read.filter.object.as_deref(), Some("client:shop"));
        assert_eq!(read.filter.trace, TraceId::parse("7K3M-9QXT"));
        let shown = |at: Option<Timestamp>| at.map(|at| at.to_string());
        let range = (shown(read.filter.from), shown(read.filter.until));
        let expected = ("2026-11-22T11:42:00Z", "2026-11-23T00:00:00Z");
        assert_eq!(range, (Some(expected.0.into()), Some(expected.1.into())));
    }

    #[test]
    fn what_cannot_be_read_is_named_and_left_out() {
        let query = AuditQuery {
            actor: "a\0".into(),
            action: "x".repeat(201),
            object: "o\u{7}".into(),
            reference: "xyz".into(),
            from: "yesterday".into(),
            until: "2026-13-01".into(),
            before: "now".into(),
        };
        let read = query.read();
        assert_eq!(read.filter, AuditFilter::default());
        assert_eq!(read.unreadable, query.fields().map(|(name, _)| name));
    }

    #[test]
    fn the_address_of_the_next_page_keeps_the_filters() {
        let last = Bookmark {
            at: Timestamp::from_millis(1_795_348_800_123),
            id: "0193f2".into(),
        };
        let query = AuditQuery::about("client:shop").after(&last);
        assert_eq!(
            query.address(),
            "?object=client%3Ashop&before=1795348800123_0193f2"
        );
        assert_eq!(query.read().before, Some(last));
        assert_eq!(query.from_the_newest(), AuditQuery::about("client:shop"));
        assert_eq!(AuditQuery::default().address(), "");
    }
}
