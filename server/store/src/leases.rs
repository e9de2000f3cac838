//! Leases: a job that only one node may do is done by the one that holds its lease.

use protocol::time::Timestamp;

use sea_orm::EntityTrait;

use crate::{
    Advanced, Error, Reads, Tx,
    entities::leases::{Entity, Model},
};

/// Who does a job, and until when nobody else does.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LeaseRecord {
    /// The job.
    pub name: String,
    /// The node that does it.
    pub holder: String,
    /// When it is free again, unless it is renewed.
    pub expires_at: Timestamp,
}

impl From<Model> for LeaseRecord {
    fn from(row: Model) -> Self {
        Self {
            name: row.name,
            holder: row.holder,
            expires_at: Timestamp::from_millis(row.expires_at),
        }
    }
}

/// Who has a lease, or had it last.
///
/// # Errors
/// Why it could not be read.
pub async fn find_lease(db: &impl Reads, name: &str) -> Result<Option<LeaseRecord>, Error> {
    let row = Entity::find_by_id(name).one(db.link()).await?;
    Ok(row.map(LeaseRecord::from))
}

/// Takes a lease that is free or has run out at `now`, or renews it for its holder; `No` when somebody else
/// holds it.
///
/// # Errors
/// Why it could not be written.
pub async fn advance_lease(
    tx: &Tx,
    name: &str,
    holder: &str,
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<Advanced, Error> {
    let sql = "INSERT INTO leases (name, holder, expires_at) VALUES ($1, $2, $4) \
               ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, expires_at = excluded.expires_at \
               WHERE leases.holder = $2 OR leases.expires_at <= $3";
    let values = [
        name.into(),
        holder.into(),
        now.millis().into(),
        expires_at.millis().into(),
    ];
    Ok(Advanced::of(tx.0.change(sql, values).await?))
}

/// Gives a lease back, if this holder has it.
///
/// # Errors
/// Why it could not be deleted.
pub async fn delete_lease(tx: &Tx, name: &str, holder: &str) -> Result<(), Error> {
    let sql = "DELETE FROM leases WHERE name = $1 AND holder = $2";
    tx.0.change(sql, [name.into(), holder.into()]).await?;
    Ok(())
}
