//! The chain over the audit trail: each event has one seal, made from the event and the seal before
//! it. Seals are only ever added, in one order, and so are events: nothing here changes or deletes.

use protocol::time::Timestamp;
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QueryResult,
    QuerySelect,
};

use crate::{
    Bookmark, Error, Reads, Tx,
    append::insert_many,
    audit::AuditRecord,
    entities::{
        audit_events::{self, Column as Event},
        audit_seals::{Column, Entity, Model},
    },
    values::{all, bytes32, selected},
};

/// One seal.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SealRecord {
    /// Its place in the chain, from 1, without gaps.
    pub seq: i64,
    /// Which event it seals.
    pub event_id: String,
    /// When that happened.
    pub event_at: Timestamp,
    /// SHA-256 of the event.
    pub event_digest: [u8; 32],
    /// SHA-256 of the chain hash before it and the event.
    pub chain_hash: [u8; 32],
}

impl TryFrom<Model> for SealRecord {
    type Error = Error;

    fn try_from(row: Model) -> Result<Self, Error> {
        Ok(Self {
            seq: row.seq,
            event_id: row.event_id,
            event_at: Timestamp::from_millis(row.event_at),
            event_digest: bytes32(&row.event_digest, "audit_seals.event_digest")?,
            chain_hash: bytes32(&row.chain_hash, "audit_seals.chain_hash")?,
        })
    }
}

/// The end of the chain.
///
/// # Errors
/// Why it could not be read.
pub async fn find_last_seal(db: &impl Reads) -> Result<Option<SealRecord>, Error> {
    let row = Entity::find()
        .order_by_desc(Column::Seq)
        .one(db.link())
        .await?;
    row.map(SealRecord::try_from).transpose()
}

/// The sealed event that happened last: after it, nothing was sealed yet.
///
/// # Errors
/// Why it could not be read.
pub async fn find_sealed_until(db: &impl Reads) -> Result<Option<Bookmark>, Error> {
    let row = Entity::find()
        .order_by_desc(Column::EventAt)
        .order_by_desc(Column::EventId)
        .one(db.link())
        .await?;
    Ok(row.map(|row| Bookmark {
        at: Timestamp::from_millis(row.event_at),
        id: row.event_id,
    }))
}

/// Events after `after` that happened by `until`, in the order in which they are sealed.
///
/// # Errors
/// Why they could not be read.
pub async fn find_events_to_seal(
    db: &impl Reads,
    after: Option<&Bookmark>,
    until: Timestamp,
    limit: u64,
) -> Result<Vec<AuditRecord>, Error> {
    let mut query = audit_events::Entity::find().filter(Event::At.lte(until.millis()));
    if let Some(Bookmark { at, id }) = after {
        query = query.filter(Event::At.gte(at.millis())).filter(
            Condition::any()
                .add(Event::At.gt(at.millis()))
                .add(Event::Id.gt(id.as_str())),
        );
    }
    let rows = query
        .order_by_asc(Event::At)
        .order_by_asc(Event::Id)
        .limit(limit)
        .all(db.link())
        .await?;
    all(rows)
}

/// Events that happened in `from..=until` and have no seal, oldest first: they were written late, or
/// by somebody who should not.
///
/// # Errors
/// Why they could not be read.
pub async fn find_unsealed_events(
    db: &impl Reads,
    from: Timestamp,
    until: Timestamp,
    limit: u64,
) -> Result<Vec<AuditRecord>, Error> {
    let sql = format!(
        "SELECT {} FROM audit_events e WHERE e.at >= $1 AND e.at <= $2 \
         AND NOT EXISTS (SELECT 1 FROM audit_seals s WHERE s.event_id = e.id) \
         ORDER BY e.at, e.id LIMIT $3",
        selected::<audit_events::Entity>("e")
    );
    let values = [
        from.millis().into(),
        until.millis().into(),
        i64::try_from(limit).unwrap_or(i64::MAX).into(),
    ];
    let rows = db.link().rows(&sql, values).await?;
    rows.iter().map(event).collect()
}

fn event(row: &QueryResult) -> Result<AuditRecord, Error> {
    audit_events::Model::from_query_result(row, "e_")?.try_into()
}

/// Seals after `seq` with their events, in the order of the chain; `None` where the event is gone.
///
/// # Errors
/// Why they could not be read.
pub async fn find_seals_with_events(
    db: &impl Reads,
    seq: i64,
    limit: u64,
) -> Result<Vec<(SealRecord, Option<AuditRecord>)>, Error> {
    let sql = format!(
        "SELECT {}, {} FROM audit_seals s LEFT JOIN audit_events e ON e.id = s.event_id \
         WHERE s.seq > $1 ORDER BY s.seq LIMIT $2",
        selected::<Entity>("s"),
        selected::<audit_events::Entity>("e")
    );
    let values = [seq.into(), i64::try_from(limit).unwrap_or(i64::MAX).into()];
    let rows = db.link().rows(&sql, values).await?;
    rows.iter().map(sealed).collect()
}

fn sealed(row: &QueryResult) -> Result<(SealRecord, Option<AuditRecord>), Error> {
    let seal = Model::from_query_result(row, "s_")?.try_into()?;
    let event = audit_events::Model::from_query_result_optional(row, "e_")?;
    Ok((seal, event.map(AuditRecord::try_from).transpose()?))
}

/// Puts seals at the end of the chain.
///
/// # Errors
/// [`Error::Conflict`] when somebody else was there first; then none of them was written.
pub async fn insert_seals(tx: &Tx, seals: &[SealRecord]) -> Result<(), Error> {
    const COLUMNS: [&str; 5] = ["seq", "event_id", "event_at", "event_digest", "chain_hash"];

    let rows = seals.iter().map(|seal| {
        vec![
            seal.seq.into(),
            seal.event_id.as_str().into(),
            seal.event_at.millis().into(),
            seal.event_digest.to_vec().into(),
            seal.chain_hash.to_vec().into(),
        ]
    });
    insert_many(&tx.0, "audit_seals", &COLUMNS, rows).await
}
