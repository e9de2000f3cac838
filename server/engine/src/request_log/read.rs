//! Looking at the log. Whose apps somebody looks after is known by whoever asks; here only the
//! clients that they name are ever read.

use protocol::{
    ids::{ClientId, TraceId},
    time::Timestamp,
    trail::{Detail, Endpoint, Taken, curl},
};
use store::{
    Bookmark,
    requests::{
        RequestFilter, RequestOutcome, RequestRecord, find_request_by_trace, find_requests,
    },
};

use crate::{
    Engine,
    error::{Error, Result},
};

/// One line of the list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RequestLine {
    /// Its id, for the bookmark of the next page.
    pub id: String,
    /// When it came.
    pub at: Timestamp,
    /// Its reference.
    pub trace: TraceId,
    /// Whose it was, or said to be.
    pub client: ClientId,
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
}

impl RequestLine {
    /// From here the next page goes on.
    pub fn bookmark(&self) -> Bookmark {
        Bookmark {
            at: self.at,
            id: self.id.clone(),
        }
    }
}

impl From<RequestRecord> for RequestLine {
    fn from(record: RequestRecord) -> Self {
        Self {
            id: record.id,
            at: record.at,
            trace: record.trace,
            client: record.client_id,
            endpoint: record.endpoint,
            outcome: record.outcome,
            status: record.status,
            error: record.error,
            duration_micros: record.duration_micros,
            agent: record.agent,
        }
    }
}

/// Everything about one request.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RequestDetail {
    /// Its line.
    pub line: RequestLine,
    /// The checks in order, with what became of each.
    pub steps: Vec<Taken>,
    /// The rest.
    pub detail: Detail,
    /// How to put it right, in English.
    pub fix: Option<&'static str>,
    /// The request as a curl command, masked.
    pub curl: String,
}

impl Engine {
    /// Requests of these clients, newest first, older than `before`, at most `limit`.
    pub async fn requests(
        &self,
        clients: &[ClientId],
        filter: &RequestFilter,
        before: Option<&Bookmark>,
        limit: u64,
    ) -> Result<Vec<RequestLine>> {
        let mut lines: Vec<RequestLine> = Vec::new();
        // One walk along an index for each client; an app has two of them.
        for client in clients {
            let db = self.env.store.reader();
            let found = find_requests(db, client, filter, before, limit).await?;
            lines.extend(found.into_iter().map(RequestLine::from));
        }
        lines.sort_by(|left, right| (right.at, &right.id).cmp(&(left.at, &left.id)));
        lines.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(lines)
    }

    /// The request with this reference, if it is one of these clients'. Somebody else's is answered
    /// like one that never was.
    pub async fn request_detail(
        &self,
        clients: &[ClientId],
        trace: TraceId,
    ) -> Result<Option<RequestDetail>> {
        let db = self.env.store.reader();
        let Some(record) = find_request_by_trace(db, clients, trace).await? else {
            return Ok(None);
        };
        let detail: Detail = serde_json::from_str(&record.detail)
            .map_err(|error| Error::Broken(format!("a logged request cannot be read: {error}")))?;
        let line = RequestLine::from(record);
        let issuer = &self.env.settings.public_url;
        Ok(Some(RequestDetail {
            steps: detail.steps(line.endpoint),
            fix: detail.fix(),
            curl: curl(issuer, line.endpoint, &line.client, &detail),
            detail,
            line,
        }))
    }
}
