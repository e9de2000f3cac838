//! The request log: each authorize and back-channel request of a known client.
//!
//! What was refused or failed has a row of its own, found by any of its features; what was served is
//! packed (`served_requests`). Rows come in by `Store::append_all`, many at a time, and leave by the
//! sweep.

use protocol::{
    ids::{ClientId, TraceId},
    time::Timestamp,
    trail::Endpoint,
};
use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QueryResult, Value,
};

pub use crate::served_requests::{ServedRequests, packed};
use crate::{
    Bookmark, Error, Reads,
    entities::request_log::{Column, Entity, Model},
    served_requests,
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
/// # Errors
/// Why they could not be read.
pub async fn find_requests(
    db: &impl Reads,
    client: &ClientId,
    filter: &RequestFilter,
    before: Option<&Bookmark>,
    limit: u64,
) -> Result<Vec<RequestRecord>, Error> {
    let mut found = find_rows(db, client, filter, before, limit).await?;
    let may_be_served = filter
        .outcome
        .is_none_or(|outcome| outcome == RequestOutcome::Served)
        && filter.error.is_none();
    if may_be_served {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let served = match filter.trace {
            Some(trace) => {
                let one = served_requests::find_by_trace(db, client, filter, trace).await?;
                let is_older = |one: &RequestRecord| {
                    before.is_none_or(|before| (one.at, &one.id) < (before.at, &before.id))
                };
                one.into_iter().filter(is_older).collect()
            }
            None => served_requests::find(db, client, filter, before, limit).await?,
        };
        found.extend(served);
        found.sort_by(|left, right| (right.at, &right.id).cmp(&(left.at, &left.id)));
        found.truncate(limit);
    }
    Ok(found)
}

/// Rows of the requests that stand alone.
///
/// Each filter has an index that is walked in the order of the page. Of several filters the one
/// that leaves least is walked; the others are written so that no index fits (`|| ''`), lest the
/// database pick the longer walk.
async fn find_rows(
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
        asked.condition(format!("(at < {earlier} OR id < {lower})"));
    }
    let most = asked.place(i64::try_from(limit).unwrap_or(i64::MAX));
    let sql = format!(
        "SELECT {} FROM request_log WHERE {} ORDER BY at DESC, id DESC LIMIT {most}",
        COLUMNS.join(", "),
        asked.conditions()
    );
    let rows = db.link().rows(&sql, asked.values()).await?;
    rows.iter().map(request).collect()
}

fn request(row: &QueryResult) -> Result<RequestRecord, Error> {
    Model::from_query_result(row, "")?.try_into()
}

/// Conditions with their values, numbered in the order in which they come.
#[derive(Default)]
pub(crate) struct Asked {
    conditions: Vec<String>,
    values: Vec<Value>,
}

impl Asked {
    /// Takes a value; where it stands in the text.
    pub(crate) fn place(&mut self, value: impl Into<Value>) -> String {
        self.values.push(value.into());
        format!("${}", self.values.len())
    }

    /// A condition of a left side and a value.
    pub(crate) fn filter(&mut self, left: &str, value: impl Into<Value>) {
        let place = self.place(value);
        self.condition(format!("{left}{place}"));
    }

    pub(crate) fn condition(&mut self, condition: String) {
        self.conditions.push(condition);
    }

    /// All of them must hold.
    pub(crate) fn conditions(&self) -> String {
        self.conditions.join(" AND ")
    }

    pub(crate) fn values(self) -> Vec<Value> {
        self.values
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
    let mut newest: Option<RequestRecord> = own.map(RequestRecord::try_from).transpose()?;
    for client in clients {
        let all = RequestFilter::default();
        let served = served_requests::find_by_trace(db, client, &all, trace).await?;
        newest = [newest, served]
            .into_iter()
            .flatten()
            .max_by(|left, right| (left.at, &left.id).cmp(&(right.at, &right.id)));
    }
    Ok(newest)
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
