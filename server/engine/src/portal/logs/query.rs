//! The filters of the log as they stand in its address. Everything in there was typed by somebody:
//! what cannot be read is told and left out.

use protocol::ids::TraceId;
use serde::{Deserialize, Serialize};
use store::Bookmark;

use crate::{
    query::{self, bookmark, field, instant},
    request_log::RequestFilter,
};

/// Longest error code that anybody looks for.
const LONGEST_ERROR: usize = 60;

/// What is asked for, as it was typed: the fields of the form, by their names.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct LogQuery {
    /// What became of the requests.
    pub outcome: String,
    /// Where they were sent.
    pub endpoint: String,
    /// The error code on the wire.
    pub error: String,
    /// The reference.
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
    pub filter: RequestFilter,
    pub before: Option<Bookmark>,
    pub unreadable: Vec<&'static str>,
}

impl LogQuery {
    /// Whether anything but the place is asked for.
    pub fn is_filtered(&self) -> bool {
        query::is_filtered(self.fields(), "before")
    }

    /// Names and values, in the order of the form.
    pub fn fields(&self) -> [(&'static str, &str); 7] {
        [
            ("outcome", &self.outcome),
            ("endpoint", &self.endpoint),
            ("error", &self.error),
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

    /// The same, from this line on.
    pub(super) fn after(&self, last: &Bookmark) -> Self {
        Self {
            before: query::place(last),
            ..self.clone()
        }
    }

    /// What it means.
    pub(super) fn read(&self) -> Read {
        let mut unreadable = Vec::new();
        let filter = RequestFilter {
            outcome: field("outcome", &self.outcome, &mut unreadable, |word| {
                word.parse().ok()
            }),
            endpoint: field("endpoint", &self.endpoint, &mut unreadable, |word| {
                word.parse().ok()
            }),
            error: field("error", &self.error, &mut unreadable, error_code),
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

/// RFC 6749 §5.2: codes are printable ASCII; ours are words.
fn error_code(typed: &str) -> Option<String> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    (typed.len() <= LONGEST_ERROR && typed.bytes().all(plain)).then(|| typed.to_lowercase())
}

#[cfg(test)]
mod tests {
    use protocol::{time::Timestamp, trail::Endpoint};

    use super::*;
    use crate::request_log::Outcome;

    #[test]
    fn a_query_means_what_was_typed() {
        let query = LogQuery {
            outcome: "refused".into(),
            endpoint: "token".into(),
            error: " Invalid_Grant ".into(),
            reference: "7k3m9qxt".into(),
            from: "2026-11-22T11:42".into(),
            until: "2026-11-23".into(),
            before: String::new(),
        };
        let read = query.read();
        assert!(read.unreadable.is_empty());
        let filter = read.filter;
        assert_eq!(filter.outcome, Some(Outcome::Refused));
        assert_eq!(filter.endpoint, Some(Endpoint::Token));
        assert_eq!(filter.error.as_deref(), Some("invalid_grant"));
        assert_eq!(filter.trace, TraceId::parse("7K3M-9QXT"));
        let shown = |at: Option<Timestamp>| at.map(|at| at.to_string());
        assert_eq!(shown(filter.from).as_deref(), Some("2026-11-22T11:42:00Z"));
        assert_eq!(shown(filter.until).as_deref(), Some("2026-11-23T00:00:00Z"));
    }

    #[test]
    fn what_cannot_be_read_is_named_and_left_out() {
        let query = LogQuery {
            outcome: "perhaps".into(),
            endpoint: "teapot".into(),
            error: "a b".into(),
            reference: "xyz".into(),
            from: "yesterday".into(),
            until: "2026-11-22T25:00".into(),
            before: "now".into(),
        };
        let read = query.read();
        assert_eq!(read.filter, RequestFilter::default());
        assert_eq!(read.unreadable, query.fields().map(|(name, _)| name));
    }

    #[test]
    fn a_bookmark_survives_the_address() {
        let last = Bookmark {
            at: Timestamp::from_millis(1_795_348_800_123),
            id: "0193f2".into(),
        };
        let query = LogQuery {
            error: "invalid_grant".into(),
            ..LogQuery::default()
        }
        .after(&last);
        assert_eq!(
            query.address(),
            "?error=invalid_grant&before=1795348800123_0193f2"
        );
        let before = query.read().before.expect("a bookmark");
        assert_eq!((before.at, before.id), (last.at, last.id));
        assert!(query.is_filtered());
        assert!(!LogQuery::default().after(&before_of()).is_filtered());
    }

    fn before_of() -> Bookmark {
        Bookmark {
            at: Timestamp::from_millis(1),
            id: "a".into(),
        }
    }
}
