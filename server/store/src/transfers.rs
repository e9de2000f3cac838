//! Transfers: what was ordered, by whom, and what became of it.

use protocol::{
    iban::Iban,
    ids::{AccountId, ClientId, ConsentId, TransferId, UserId},
    money::{Currency, Money},
    time::Timestamp,
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select, Value,
};

use crate::{
    Advanced, Bookmark, Error, Reads, Tx,
    append::insert_many,
    entities::transfers::{Column, Entity, Model},
    values::{all, instant, millis, parse, words},
};

words! {
    /// What became of a transfer.
    TransferStatus {
        /// Ordered; no money has moved.
        Pending "pending",
        /// Money has moved.
        Booked "booked",
        /// No money will move.
        Rejected "rejected",
    }
}

/// One transfer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TransferRecord {
    /// Its id.
    pub id: TransferId,
    /// The account it comes from, if that is one of ours.
    pub from_account: Option<AccountId>,
    /// The account it goes to, if that is one of ours.
    pub to_account: Option<AccountId>,
    /// The number it comes from.
    pub from_iban: Iban,
    /// The name of the payer.
    pub from_name: String,
    /// The number it goes to.
    pub to_iban: Iban,
    /// The name of the payee.
    pub to_name: String,
    /// How much; more than zero.
    pub amount: Money,
    /// What for; may be empty.
    pub reference: String,
    /// What became of it.
    pub status: TransferStatus,
    /// Why it was rejected, as one word.
    pub reason: Option<String>,
    /// The client that ordered it, if one did.
    pub client_id: Option<ClientId>,
    /// The person who ordered it, if one did.
    pub user_id: Option<UserId>,
    /// What that person allowed the client.
    pub consent_id: Option<ConsentId>,
    /// When it was ordered.
    pub created_at: Timestamp,
    /// When money moved, if it did.
    pub booked_at: Option<Timestamp>,
}

pub(crate) const COLUMNS: [&str; 17] = [
    "id",
    "from_account",
    "to_account",
    "from_iban",
    "from_name",
    "to_iban",
    "to_name",
    "amount_minor",
    "currency",
    "reference",
    "status",
    "reason",
    "client_id",
    "user_id",
    "consent_id",
    "created_at",
    "booked_at",
];

impl TransferRecord {
    /// In the order of [`COLUMNS`].
    fn values(&self) -> Vec<Value> {
        vec![
            self.id.as_str().into(),
            self.from_account.as_ref().map(AccountId::as_str).into(),
            self.to_account.as_ref().map(AccountId::as_str).into(),
            self.from_iban.as_str().into(),
            self.from_name.as_str().into(),
            self.to_iban.as_str().into(),
            self.to_name.as_str().into(),
            self.amount.minor.into(),
            self.amount.currency.code().into(),
            self.reference.as_str().into(),
            self.status.as_str().into(),
            self.reason.as_deref().into(),
            self.client_id.as_ref().map(ClientId::as_str).into(),
            self.user_id.as_ref().map(UserId::as_str).into(),
            self.consent_id.as_ref().map(ConsentId::as_str).into(),
            self.created_at.millis().into(),
            millis(self.booked_at).into(),
        ]
    }
}

impl TryFrom<Model> for TransferRecord {
    type Error = Error;

    fn try_from(row: Model) -> Result<Self, Error> {
        let currency: Currency = parse(&row.currency, "transfers.currency")?;
        Ok(Self {
            id: TransferId::new(row.id),
            from_account: row.from_account.map(AccountId::new),
            to_account: row.to_account.map(AccountId::new),
            from_iban: parse(&row.from_iban, "transfers.from_iban")?,
            from_name: row.from_name,
            to_iban: parse(&row.to_iban, "transfers.to_iban")?,
            to_name: row.to_name,
            amount: Money::new(row.amount_minor, currency),
            reference: row.reference,
            status: parse(&row.status, "transfers.status")?,
            reason: row.reason,
            client_id: row.client_id.map(ClientId::new),
            user_id: row.user_id.map(UserId::new),
            consent_id: row.consent_id.map(ConsentId::new),
            created_at: Timestamp::from_millis(row.created_at),
            booked_at: instant(row.booked_at),
        })
    }
}

/// Writes a new transfer.
///
/// # Errors
/// [`Error::Conflict`] when the id was used.
pub async fn insert_transfer(tx: &Tx, transfer: &TransferRecord) -> Result<(), Error> {
    insert_many(&tx.0, "transfers", &COLUMNS, [transfer.values()]).await
}

/// Writes many transfers, for demo data: a few statements for thousands.
///
/// # Errors
/// [`Error::Conflict`] when one of the ids was used.
pub async fn insert_transfers(tx: &Tx, transfers: &[TransferRecord]) -> Result<(), Error> {
    let rows = transfers.iter().map(TransferRecord::values);
    insert_many(&tx.0, "transfers", &COLUMNS, rows).await
}

/// The transfer with this id.
///
/// # Errors
/// Why it could not be read.
pub async fn find_transfer(
    db: &impl Reads,
    transfer: &TransferId,
) -> Result<Option<TransferRecord>, Error> {
    let row = Entity::find_by_id(transfer.as_str()).one(db.link()).await?;
    row.map(TransferRecord::try_from).transpose()
}

/// Transfers from or to these accounts, newest first, older than `before`, at most `limit`.
///
/// # Errors
/// Why they could not be read.
pub async fn find_transfers_of_accounts(
    db: &impl Reads,
    accounts: &[AccountId],
    before: Option<&Bookmark>,
    limit: u64,
) -> Result<Vec<TransferRecord>, Error> {
    let ids: Vec<&str> = accounts.iter().map(AccountId::as_str).collect();
    let query = Entity::find().filter(
        Condition::any()
            .add(Column::FromAccount.is_in(ids.iter().copied()))
            .add(Column::ToAccount.is_in(ids.iter().copied())),
    );
    newest_first(db, query, before, limit).await
}

/// From pending to rejected; `No` when it is not pending. From pending to booked goes `ledger::post_transfer`.
///
/// # Errors
/// Why it could not be written.
pub async fn advance_transfer_rejected(
    tx: &Tx,
    transfer: &TransferId,
    reason: &str,
) -> Result<Advanced, Error> {
    let sql = "UPDATE transfers SET status = 'rejected', reason = $2 \
               WHERE id = $1 AND status = 'pending'";
    let values = [transfer.as_str().into(), reason.into()];
    Ok(Advanced::of(tx.0.change(sql, values).await?))
}

/// Notes which of our accounts a pending transfer goes to; `No` when it is not pending.
///
/// # Errors
/// Why it could not be written.
pub async fn advance_transfer_payee(
    tx: &Tx,
    transfer: &TransferId,
    to: &AccountId,
) -> Result<Advanced, Error> {
    let sql = "UPDATE transfers SET to_account = $2 WHERE id = $1 AND status = 'pending'";
    let values = [transfer.as_str().into(), to.as_str().into()];
    Ok(Advanced::of(tx.0.change(sql, values).await?))
}

/// From pending to booked by a bank that keeps its own ledger; `No` when it is not pending. Ours goes
/// through `ledger::post_transfer`.
///
/// # Errors
/// Why it could not be written.
pub async fn advance_transfer_booked(
    tx: &Tx,
    transfer: &TransferId,
    at: Timestamp,
) -> Result<Advanced, Error> {
    let sql = "UPDATE transfers SET status = 'booked', booked_at = $2 \
               WHERE id = $1 AND status = 'pending'";
    let values = [transfer.as_str().into(), at.millis().into()];
    Ok(Advanced::of(tx.0.change(sql, values).await?))
}

/// Transfers that were ordered before `before` and are still pending, oldest first, at most `limit`.
///
/// # Errors
/// Why they could not be read.
pub async fn find_pending_transfers(
    db: &impl Reads,
    before: Timestamp,
    limit: u64,
) -> Result<Vec<TransferRecord>, Error> {
    let rows = Entity::find()
        .filter(Column::Status.eq(TransferStatus::Pending.as_str()))
        .filter(Column::CreatedAt.lt(before.millis()))
        .order_by_asc(Column::CreatedAt)
        .order_by_asc(Column::Id)
        .limit(limit)
        .all(db.link())
        .await?;
    all(rows)
}

/// Transfers from one account that are still pending and were ordered at or after `from` and before
/// `until`, newest first, older than `before`, at most `limit`.
///
/// # Errors
/// Why they could not be read.
pub async fn find_pending_transfers_of_account(
    db: &impl Reads,
    account: &AccountId,
    from: Timestamp,
    until: Timestamp,
    before: Option<&Bookmark>,
    limit: u64,
) -> Result<Vec<TransferRecord>, Error> {
    let query = Entity::find()
        .filter(Column::FromAccount.eq(account.as_str()))
        .filter(Column::Status.eq(TransferStatus::Pending.as_str()))
        .filter(Column::CreatedAt.gte(from.millis()))
        .filter(Column::CreatedAt.lt(until.millis()));
    newest_first(db, query, before, limit).await
}

/// What one client ordered for one person, newest first, older than `before`, at most `limit`.
///
/// # Errors
/// Why they could not be read.
pub async fn find_transfers_of_client(
    db: &impl Reads,
    client: &ClientId,
    user: &UserId,
    before: Option<&Bookmark>,
    limit: u64,
) -> Result<Vec<TransferRecord>, Error> {
    let query = Entity::find()
        .filter(Column::ClientId.eq(client.as_str()))
        .filter(Column::UserId.eq(user.as_str()));
    newest_first(db, query, before, limit).await
}

async fn newest_first(
    db: &impl Reads,
    mut query: Select<Entity>,
    before: Option<&Bookmark>,
    limit: u64,
) -> Result<Vec<TransferRecord>, Error> {
    if let Some(before) = before {
        let at = before.at.millis();
        query = query.filter(
            Condition::any().add(Column::CreatedAt.lt(at)).add(
                Condition::all()
                    .add(Column::CreatedAt.eq(at))
                    .add(Column::Id.lt(before.id.as_str())),
            ),
        );
    }
    let rows = query
        .order_by_desc(Column::CreatedAt)
        .order_by_desc(Column::Id)
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
    fn an_inserted_row_has_every_column() {
        let columns: Vec<String> = Column::iter().map(|c| c.unquoted().to_owned()).collect();
        assert_eq!(columns, COLUMNS);
    }
}
