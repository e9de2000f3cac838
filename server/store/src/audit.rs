//! The audit trail. Events are written and read; nothing changes or deletes them, the sweep neither.

use protocol::{ids::TraceId, time::Timestamp};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, Order, QueryFilter, QueryOrder, QuerySelect, Select, Value,
};

use crate::{
    Bookmark, Error, Reads, Tx,
    append::{self, Row},
    entities::audit_events::{self, Column, Entity},
    values::all,
};

/// Something that happened: who did what to what.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AuditRecord {
    /// Its own id.
    pub id: String,
    /// When.
    pub at: Timestamp,
    /// Who: an id with its kind, such as `user:...`, `client:...`, `system`.
    pub actor: String,
    /// What, as one word, such as `consent.given`.
    pub action: String,
    /// To what: an id with its kind.
    pub object: String,
    /// More, as JSON without secrets.
    pub detail: String,
    /// The request in which it happened; none for a job or the command line.
    pub trace: Option<TraceId>,
}

pub(crate) const COLUMNS: [&str; 7] = ["id", "at", "actor", "action", "object", "detail", "trace"];

impl AuditRecord {
    /// In the order of [`COLUMNS`].
    pub(crate) fn values(&self) -> Vec<Value> {
        vec![
            self.id.as_str().into(),
            self.at.millis().into(),
            self.actor.as_str().into(),
            self.action.as_str().into(),
            self.object.as_str().into(),
            self.detail.as_str().into(),
            self.trace.map(|trace| trace.to_string()).into(),
        ]
    }
}

impl TryFrom<audit_events::Model> for AuditRecord {
    type Error = Error;

    fn try_from(row: audit_events::Model) -> Result<Self, Error> {
        let trace = match row.trace {
            None => None,
            Some(text) => {
                Some(TraceId::parse(&text).ok_or_else(|| Error::unreadable("audit_events.trace"))?)
            }
        };
        Ok(Self {
            id: row.id,
            at: Timestamp::from_millis(row.at),
            actor: row.actor,
            action: row.action,
            object: row.object,
            detail: row.detail,
            trace,
        })
    }
}

/// Writes one event. Outside of a transaction, use [`Row::AuditEvent`] with `Store::append`.
///
/// # Errors
/// [`Error::Conflict`] when the id was used.
pub async fn insert_audit_event(tx: &Tx, event: &AuditRecord) -> Result<(), Error> {
    append::insert(&tx.0, &[&Row::AuditEvent(event.clone())]).await
}

/// What happened to one object, newest first.
///
/// # Errors
/// Why it could not be read.
pub async fn find_audit_events(
    db: &impl Reads,
    object: &str,
    limit: u64,
) -> Result<Vec<AuditRecord>, Error> {
    let rows = Entity::find()
        .filter(Column::Object.eq(object))
        .order_by_desc(Column::At)
        .order_by_desc(Column::Id)
        .limit(limit)
        .all(db.link())
        .await?;
    all(rows)
}

/// What happened to any of these objects, newest first.
///
/// # Errors
/// Why it could not be read.
pub async fn find_audit_events_of(
    db: &impl Reads,
    objects: &[&str],
    limit: u64,
) -> Result<Vec<AuditRecord>, Error> {
    let rows = Entity::find()
        .filter(Column::Object.is_in(objects.iter().copied()))
        .order_by_desc(Column::At)
        .order_by_desc(Column::Id)
        .limit(limit)
        .all(db.link())
        .await?;
    all(rows)
}

/// Which events are asked for. The default is all of them.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct AuditFilter {
    /// By this actor, such as `user:...`.
    pub actor: Option<String>,
    /// Of this kind, such as `consent.given`.
    pub action: Option<String>,
    /// To this thing, such as `client:...`.
    pub object: Option<String>,
    /// In the request with this reference.
    pub trace: Option<TraceId>,
    /// Not before this instant.
    pub from: Option<Timestamp>,
    /// Before this instant.
    pub until: Option<Timestamp>,
}

impl AuditFilter {
    fn query(&self) -> Select<Entity> {
        let mut query = Entity::find();
        for (column, text) in [
            (Column::Actor, &self.actor),
            (Column::Action, &self.action),
            (Column::Object, &self.object),
        ] {
            if let Some(text) = text {
                query = query.filter(column.eq(text.as_str()));
            }
        }
        if let Some(trace) = self.trace {
            query = query.filter(Column::Trace.eq(trace.to_string()));
        }
        if let Some(from) = self.from {
            query = query.filter(Column::At.gte(from.millis()));
        }
        if let Some(until) = self.until {
            query = query.filter(Column::At.lt(until.millis()));
        }
        query
    }
}

/// Events, newest first, older than `before`, at most `limit`: for lists.
///
/// # Errors
/// Why they could not be read.
pub async fn find_newest_audit_events(
    db: &impl Reads,
    filter: &AuditFilter,
    before: Option<&Bookmark>,
    limit: u64,
) -> Result<Vec<AuditRecord>, Error> {
    let mut query = filter.query();
    if let Some(Bookmark { at, id }) = before {
        // The first half is what an index can begin at.
        query = query.filter(Column::At.lte(at.millis())).filter(
            Condition::any()
                .add(Column::At.lt(at.millis()))
                .add(Column::Id.lt(id.as_str())),
        );
    }
    page(db, query, Order::Desc, limit).await
}

/// Events, oldest first, younger than `after`, at most `limit`: for exports.
///
/// # Errors
/// Why they could not be read.
pub async fn find_oldest_audit_events(
    db: &impl Reads,
    filter: &AuditFilter,
    after: Option<&Bookmark>,
    limit: u64,
) -> Result<Vec<AuditRecord>, Error> {
    let mut query = filter.query();
    if let Some(Bookmark { at, id }) = after {
        query = query.filter(Column::At.gte(at.millis())).filter(
            Condition::any()
                .add(Column::At.gt(at.millis()))
                .add(Column::Id.gt(id.as_str())),
        );
    }
    page(db, query, Order::Asc, limit).await
}

/// Every kind of event that ever happened, in the order of their words: for a list to choose from.
///
/// Walks the index of the actions from one word to the next, so that it reads as many entries as
/// there are words, however long the trail is.
///
/// # Errors
/// Why they could not be read.
pub async fn find_audit_actions(db: &impl Reads) -> Result<Vec<String>, Error> {
    let sql = "WITH RECURSIVE words (word) AS ( \
         SELECT MIN(action) FROM audit_events \
         UNION ALL \
         SELECT (SELECT MIN(e.action) FROM audit_events e WHERE e.action > words.word) \
         FROM words WHERE words.word IS NOT NULL) \
         SELECT word FROM words WHERE word IS NOT NULL";
    let rows = db.link().rows(sql, []).await?;
    rows.iter()
        .map(|row| Ok(row.try_get_by_index(0)?))
        .collect()
}

async fn page(
    db: &impl Reads,
    query: Select<Entity>,
    order: Order,
    limit: u64,
) -> Result<Vec<AuditRecord>, Error> {
    let rows = query
        .order_by(Column::At, order.clone())
        .order_by(Column::Id, order)
        .limit(limit)
        .all(db.link())
        .await?;
    all(rows)
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
