//! Requests that were served, many in one row.
//!
//! Nearly all requests are served, and of each of them there is little to say. One row for each
//! would cost more than the request itself, so those of one client at one endpoint that came within
//! a moment are packed: a line for each request, and one row for the lines. What was refused or
//! failed is searched for, and has rows of its own (`requests`).
//!
//! A pack spans at most [`LONGEST_SPAN`], so a walk along the index `(client_id, to_at)` meets the
//! requests almost in their order. There is no index by reference: a reference tells roughly
//! when its request came ([`TraceId::times`]), and the packs of that time are read.

use std::{collections::HashMap, time::Duration};

use protocol::{
    ids::{ClientId, TraceId},
    time::Timestamp,
    trail::Endpoint,
};
use sea_orm::{FromQueryResult, QueryResult, Value};

use crate::{
    Bookmark, Error, Reads, Row,
    entities::served_requests::Model,
    requests::{Asked, RequestFilter, RequestOutcome, RequestRecord},
    values::parse,
};

/// Requests in one row.
const MOST: usize = 128;

/// Between the first and the last request of a row.
const LONGEST_SPAN: Duration = Duration::from_secs(2);

/// Rows that are read at once: few at first, for a page is found in few; then more.
const FEW: u64 = 2;
const MANY: u64 = 32;

/// How much later than its reference a request may begin.
const AFTER_REFERENCE: Duration = Duration::from_secs(2);

pub(crate) const COLUMNS: [&str; 7] = [
    "id",
    "client_id",
    "endpoint",
    "from_at",
    "to_at",
    "lines",
    "expires_at",
];

/// Served requests of one client at one endpoint, in one row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ServedRequests {
    /// The id of the first; those of its requests are this and their place.
    id: String,
    client_id: ClientId,
    endpoint: Endpoint,
    from_at: Timestamp,
    to_at: Timestamp,
    /// One line for each request, see [`ServedRequests::push`].
    lines: String,
    count: usize,
    expires_at: Timestamp,
}

impl ServedRequests {
    fn begin(first: RequestRecord) -> Self {
        let mut pack = Self {
            id: first.id.clone(),
            client_id: first.client_id.clone(),
            endpoint: first.endpoint,
            from_at: first.at,
            to_at: first.at,
            lines: String::new(),
            count: 0,
            expires_at: first.expires_at,
        };
        pack.push(&first);
        pack
    }

    fn takes(&self, more: &RequestRecord) -> bool {
        let (from, to) = (self.from_at.min(more.at), self.to_at.max(more.at));
        self.count < MOST && to.since(from) <= LONGEST_SPAN
    }

    /// Fields between tabs: there is none in the JSON of the detail, nor in the name of an agent.
    fn push(&mut self, record: &RequestRecord) {
        use std::fmt::Write as _;
        // Writing into a String does not fail.
        let _ = writeln!(
            self.lines,
            "{}\t{}\t{}\t{}\t{}\t{}",
            record.at.millis(),
            record.trace,
            record.status,
            record.duration_micros,
            record.agent.replace(['\t', '\n'], " "),
            record.detail.replace(['\t', '\n'], " "),
        );
        self.count += 1;
        self.from_at = self.from_at.min(record.at);
        self.to_at = self.to_at.max(record.at);
        self.expires_at = self.expires_at.max(record.expires_at);
    }

    /// In the order of [`COLUMNS`].
    pub(crate) fn values(&self) -> Vec<Value> {
        vec![
            self.id.as_str().into(),
            self.client_id.as_str().into(),
            self.endpoint.as_str().into(),
            self.from_at.millis().into(),
            self.to_at.millis().into(),
            self.lines.as_str().into(),
            self.expires_at.millis().into(),
        ]
    }
}

/// The rows for these requests: served ones packed, the others each for itself.
pub fn packed(records: Vec<RequestRecord>) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut open: HashMap<(ClientId, Endpoint), ServedRequests> = HashMap::new();
    for record in records {
        if record.outcome != RequestOutcome::Served {
            rows.push(Row::Request(record));
            continue;
        }
        match open.get_mut(&(record.client_id.clone(), record.endpoint)) {
            Some(pack) if pack.takes(&record) => pack.push(&record),
            Some(pack) => {
                let full = std::mem::replace(pack, ServedRequests::begin(record));
                rows.push(Row::ServedRequests(full));
            }
            None => {
                let key = (record.client_id.clone(), record.endpoint);
                open.insert(key, ServedRequests::begin(record));
            }
        }
    }
    rows.extend(open.into_values().map(Row::ServedRequests));
    rows
}

/// Served requests of one client, newest first, older than `before`, at most `limit`.
pub(crate) async fn find(
    db: &impl Reads,
    client: &ClientId,
    filter: &RequestFilter,
    before: Option<&Bookmark>,
    limit: usize,
) -> Result<Vec<RequestRecord>, Error> {
    let mut found = Vec::new();
    let mut last: Option<(Timestamp, String)> = None;
    let mut batch = FEW;
    loop {
        let packs = packs(db, client, filter, before, last.as_ref(), batch).await?;
        let is_end = (packs.len() as u64) < batch;
        for pack in &packs {
            for line in read(pack)? {
                let is_older = before.is_none_or(|Bookmark { at, id }| {
                    (line.at, line.id.as_str()) < (*at, id.as_str())
                });
                if is_older && fits(&line, filter) {
                    found.push(line);
                }
            }
        }
        found
            .sort_by(|left: &RequestRecord, right| (right.at, &right.id).cmp(&(left.at, &left.id)));
        found.truncate(limit);
        last = packs
            .last()
            .map(|pack| (Timestamp::from_millis(pack.to_at), pack.id.clone()));
        // Whatever comes later in the walk is not newer than this.
        let is_full = match (&last, found.get(limit.saturating_sub(1))) {
            (Some((reached, _)), Some(oldest)) => oldest.at > *reached,
            _ => false,
        };
        if is_end || is_full {
            return Ok(found);
        }
        batch = (batch * 2).min(MANY);
    }
}

fn fits(line: &RequestRecord, filter: &RequestFilter) -> bool {
    filter.trace.is_none_or(|trace| line.trace == trace)
        && filter.from.is_none_or(|from| line.at >= from)
        && filter.until.is_none_or(|until| line.at < until)
}

/// The next rows of the walk that may hold what is asked for.
async fn packs(
    db: &impl Reads,
    client: &ClientId,
    filter: &RequestFilter,
    before: Option<&Bookmark>,
    last: Option<&(Timestamp, String)>,
    limit: u64,
) -> Result<Vec<Model>, Error> {
    let mut asked = Asked::default();
    asked.filter("client_id = ", client.as_str());
    if let Some(endpoint) = filter.endpoint {
        asked.filter("endpoint = ", endpoint.as_str());
    }
    if let Some(from) = filter.from {
        asked.filter("to_at >= ", from.millis());
    }
    let newest = [before.map(|before| before.at), filter.until];
    if let Some(newest) = newest.into_iter().flatten().min() {
        asked.filter("to_at <= ", (newest + LONGEST_SPAN).millis());
        asked.filter("from_at <= ", newest.millis());
    }
    if let Some((to_at, id)) = last {
        asked.filter("to_at <= ", to_at.millis());
        let (earlier, lower) = (asked.place(to_at.millis()), asked.place(id.as_str()));
        asked.condition(format!("(to_at < {earlier} OR id < {lower})"));
    }
    let most = asked.place(i64::try_from(limit).unwrap_or(i64::MAX));
    let sql = format!(
        "SELECT {} FROM served_requests WHERE {} ORDER BY to_at DESC, id DESC LIMIT {most}",
        COLUMNS.join(", "),
        asked.conditions()
    );
    let rows = db.link().rows(&sql, asked.values()).await?;
    let model = |row: &QueryResult| Ok(Model::from_query_result(row, "")?);
    rows.iter().map(model).collect()
}

/// The newest served request of a client with this reference.
pub(crate) async fn find_by_trace(
    db: &impl Reads,
    client: &ClientId,
    filter: &RequestFilter,
    trace: TraceId,
) -> Result<Option<RequestRecord>, Error> {
    let sql = "SELECT MIN(to_at) AS from_at, MAX(to_at) AS to_at FROM served_requests WHERE client_id = $1";
    let rows = db.link().rows(sql, [client.as_str().into()]).await?;
    let Some(row) = rows.first() else {
        return Ok(None);
    };
    let ends: (Option<i64>, Option<i64>) = (row.try_get("", "from_at")?, row.try_get("", "to_at")?);
    let (Some(oldest), Some(newest)) = ends else {
        return Ok(None);
    };
    let oldest = Timestamp::from_millis(oldest);
    for (from, until) in trace.times(oldest, Timestamp::from_millis(newest)) {
        let until = until + AFTER_REFERENCE;
        let of_time = RequestFilter {
            trace: Some(trace),
            from: Some(filter.from.map_or(from, |asked| asked.max(from))),
            until: Some(filter.until.map_or(until, |asked| asked.min(until))),
            ..filter.clone()
        };
        let found = find(db, client, &of_time, None, 1).await?;
        if let Some(found) = found.into_iter().next() {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// The requests of a row.
fn read(pack: &Model) -> Result<Vec<RequestRecord>, Error> {
    let unreadable = || Error::unreadable("served_requests.lines");
    let client_id = ClientId::new(pack.client_id.as_str());
    let endpoint = parse(&pack.endpoint, "served_requests.endpoint")?;
    let expires_at = Timestamp::from_millis(pack.expires_at);
    let mut requests = Vec::new();
    for (place, line) in pack.lines.lines().enumerate() {
        let mut fields = line.splitn(6, '\t');
        let mut field = || fields.next().ok_or_else(unreadable);
        requests.push(RequestRecord {
            id: format!("{}{place:03}", pack.id),
            at: Timestamp::from_millis(field()?.parse().map_err(|_| unreadable())?),
            trace: TraceId::parse(field()?).ok_or_else(unreadable)?,
            client_id: client_id.clone(),
            endpoint,
            outcome: RequestOutcome::Served,
            status: field()?.parse().map_err(|_| unreadable())?,
            error: None,
            duration_micros: field()?.parse().map_err(|_| unreadable())?,
            agent: field()?.to_owned(),
            detail: field()?.to_owned(),
            expires_at,
        });
    }
    Ok(requests)
}
