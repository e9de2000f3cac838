//! The request log: one row for each authorize and back-channel request of a known client.
//!
//! Rows come in by `Store::append_all`, many at a time, and leave by the sweep.

use protocol::{
    ids::{ClientId, TraceId},
    time::Timestamp,
    trail::Endpoint,
};
use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QueryResult, Value,
};

use crate::{
    Bookmark, Error, Reads,
    entities::request_log::{Column, Entity, Model},
    values::{parse, words},
};

words! {
    /// What became of a request: the class of its status, and whether a redirect carried an error.
    RequestOutcome {
        /// Good.
        Served "served",
        /// The client or the person stopped it.
        Refused "refused",
        /// We failed.
        Failed "failed",
    }
}

/// One logged request.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RequestRecord {
    /// Its own id; ids of later rows are greater.
    pub id: String,
    /// When it came.
    pub at: Timestamp,
    /// Its reference.
    pub trace: TraceId,
    /// Whose request it was, or said to be.
    pub client_id: ClientId,
    /// Where.
    pub endpoint: Endpoint,
    /// What became of it.
    pub outcome: RequestOutcome,
    /// The HTTP status.
    pub status: u16,
    /// The error code on the wire.
    pub error: Option<String>,
    /// How long it took.
    pub duration_micros: u64,
    /// The family of the client's user agent.
    pub agent: String,
    /// `protocol::trail::Detail` as JSON, without secrets.
    pub detail: String,
    /// When the sweep may delete the row.
    pub expires_at: Timestamp,
}

pub(crate) const COLUMNS: [&str; 12] = [
    "id",
    "at",
    "trace",
    "client_id",
    "endpoint",
    "outcome",
    "status",
    "error",
    "duration_micros",
    "agent",
    "detail",
    "expires_at",
];

impl RequestRecord {
    /// In the order of [`COLUMNS`].
    pub(crate) fn values(&self) -> Vec<Value> {
        vec![
            self.id.as_str().into(),
            self.at.millis().into(),
            self.trace.to_string().into(),
            self.client_id.as_str().into(),
            self.endpoint.as_str().into(),
            self.outcome.as_str().into(),
            i64::from(self.status).into(),
            self.error.clone().into(),
            i64::try_from(self.duration_micros)
                .unwrap_or(i64::MAX)
                .into(),
            self.agent.as_str().into(),
            self.detail.as_str().into(),
            self.expires_at.millis().into(),
        ]
    }
}

impl TryFrom<Model> for RequestRecord {
    type Error = Error;

    fn try_from(row: Model) -> Result<Self, Error> {
        let trace = TraceId::parse(&row.trace);
        Ok(Self {
            id: row.id,
            at: Timestamp::from_millis(row.at),
            trace: trace.ok_or_else(|| Error::unreadable("request_log.trace"))?,
            client_id: ClientId::new(row.client_id),
            endpoint: parse(&row.endpoint, "request_log.endpoint")?,
            outcome: parse(&row.outcome, "request_log.outcome")?,
            status: u16::try_from(row.status)
                .map_err(|_| Error::unreadable("request_log.status"))?,
            error: row.error,
            duration_micros: u64::try_from(row.duration_micros).unwrap_or(0),
            agent: row.agent,
            detail: row.detail,
            expires_at: Timestamp::from_millis(row.expires_at),
        })
    }
}

/// Which requests of a client are asked for. The default is all of them.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct RequestFilter {
    /// At this endpoint.
    pub endpoint: Option<Endpoint>,
    /// With this outcome.
    pub outcome: Option<RequestOutcome>,
    /// With this error code.
    pub error: Option<String>,
    /// With this reference.
    pub trace: Option<TraceId>,
    /// Not before this instant.
    pub from: Option<Timestamp>,
    /// Before this instant.
    pub until: Option<Timestamp>,
}

/// Requests of one client, newest first, older than `before`, at most `limit`.
///
/// Each filter has an index that is walked in the order of the page. Of several filters the one
/// that leaves least is walked; the others are written so that no index fits (`|| ''`), lest the
/// database pick the longer walk.
///
/// # Errors
/// Why they could not be read.
pub async fn find_requests(
    db: &impl Reads,
    client: &ClientId,
    filter: &RequestFilter,
    before: Option<&Bookmark>,
    limit: u64,
) -> Result<Vec<RequestRecord>, Error> {
    let mut asked = Asked::default();
    let mut walked = false;
    if let Some(trace) = filter.trace {
        // Few rows share a reference: whose they are is looked at afterwards.
        asked.filter("trace = ", trace.to_string());
        asked.filter("client_id || '' = ", client.as_str());
        walked = true;
    } else {
        asked.filter("client_id = ", client.as_str());
    }
    for (column, word) in [
        ("error", filter.error.as_deref()),
        ("outcome", filter.outcome.map(RequestOutcome::as_str)),
        ("endpoint", filter.endpoint.map(Endpoint::as_str)),
    ] {
        if let Some(word) = word {
            let compared = if walked { " || '' = " } else { " = " };
            asked.filter(&format!("{column}{compared}"), word);
            walked = true;
        }
    }
    if let Some(from) = filter.from {
        asked.filter("at >= ", from.millis());
    }
    if let Some(until) = filter.until {
        asked.filter("at < ", until.millis());
    }
    if let Some(Bookmark { at, id }) = before {
        asked.filter("at <= ", at.millis());
        let earlier = asked.place(at.millis());
        let lower = asked.place(id.as_str());
        asked
            .conditions
            .push(format!("(at < {earlier} OR id < {lower})"));
    }
    let most = asked.place(i64::try_from(limit).unwrap_or(i64::MAX));
    let sql = format!(
        "SELECT {} FROM request_log WHERE {} ORDER BY at DESC, id DESC LIMIT {most}",
        COLUMNS.join(", "),
        asked.conditions.join(" AND ")
    );
    let rows = db.link().rows(&sql, asked.values).await?;
    rows.iter().map(request).collect()
}

fn request(row: &QueryResult) -> Result<RequestRecord, Error> {
    Model::from_query_result(row, "")?.try_into()
}

/// Conditions with their values, numbered in the order in which they come.
#[derive(Default)]
struct Asked {
    conditions: Vec<String>,
    values: Vec<Value>,
}

impl Asked {
    fn place(&mut self, value: impl Into<Value>) -> String {
        self.values.push(value.into());
        format!("${}", self.values.len())
    }

    fn filter(&mut self, left: &str, value: impl Into<Value>) {
        let place = self.place(value);
        self.conditions.push(format!("{left}{place}"));
    }
}

/// The newest request with this reference among those of `clients`.
///
/// # Errors
/// Why it could not be read.
pub async fn find_request_by_trace(
    db: &impl Reads,
    clients: &[ClientId],
    trace: TraceId,
) -> Result<Option<RequestRecord>, Error> {
    let rows = Entity::find()
        .filter(Column::Trace.eq(trace.to_string()))
        .order_by_desc(Column::At)
        .order_by_desc(Column::Id)
        .all(db.link())
        .await?;
    // Only few can share a reference, so whose they are is looked at here.
    let own = rows.into_iter().find(|row| {
        clients
            .iter()
            .any(|client| client.as_str() == row.client_id)
    });
    own.map(RequestRecord::try_from).transpose()
}

#[cfg(test)]
mod tests {
    use sea_orm::{Iterable, sea_query::Iden};

    use super::*;

    #[test]
    fn an_appended_row_has_every_column() {
        let columns: Vec<String> = Column::iter().map(|c| c.unquoted().to_owned()).collect();
        assert_eq!(columns, COLUMNS);
    }
}
