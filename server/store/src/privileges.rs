//! What an operator allows single clients beyond their scopes.

use protocol::{ids::ClientId, time::Timestamp};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::{
    Advanced, Error, Reads, Tx,
    entities::client_privileges::{Column, Entity},
    values::{parse, words},
};

words! {
    /// Something that is not asked of people but granted by the operator.
    Privilege {
        /// To vouch for the addresses of people who sign up.
        ContactToken "contact_token",
    }
}

/// Grants a privilege; `No` when the client has it already.
///
/// # Errors
/// [`Error::Conflict`] when there is no such client.
pub async fn insert_privilege(
    tx: &Tx,
    client: &ClientId,
    privilege: Privilege,
    now: Timestamp,
) -> Result<Advanced, Error> {
    let sql = "INSERT INTO client_privileges (client_id, privilege, granted_at) \
               VALUES ($1, $2, $3) ON CONFLICT (client_id, privilege) DO NOTHING";
    let values = [
        client.as_str().into(),
        privilege.as_str().into(),
        now.millis().into(),
    ];
    Ok(Advanced::of(tx.0.change(sql, values).await?))
}

/// Takes a privilege back; `No` when the client does not have it.
///
/// # Errors
/// Why it could not be deleted.
pub async fn delete_privilege(
    tx: &Tx,
    client: &ClientId,
    privilege: Privilege,
) -> Result<Advanced, Error> {
    let sql = "DELETE FROM client_privileges WHERE client_id = $1 AND privilege = $2";
    let values = [client.as_str().into(), privilege.as_str().into()];
    Ok(Advanced::of(tx.0.change(sql, values).await?))
}

/// The privileges of a client.
///
/// # Errors
/// Why they could not be read.
pub async fn find_privileges(db: &impl Reads, client: &ClientId) -> Result<Vec<Privilege>, Error> {
    let rows = Entity::find()
        .filter(Column::ClientId.eq(client.as_str()))
        .order_by_asc(Column::Privilege)
        .all(db.link())
        .await?;
    rows.iter()
        .map(|row| parse(&row.privilege, "client_privileges.privilege"))
        .collect()
}
