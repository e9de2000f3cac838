//! Money that the ledger has set aside: once for each id, and given back or paid out once. What it does to
//! the account is in `ledger`; both are written in one transaction.

use protocol::{
    ids::{AccountId, ReservationId},
    money::{Currency, Money},
    time::Timestamp,
};
use sea_orm::EntityTrait;

use crate::{
    Advanced, Error, Reads, Tx,
    entities::reservations::{Entity, Model},
    values::{insert, instant, millis, parse, words},
};

words! {
    /// What became of a reservation.
    ReservationStatus {
        /// The money is set aside.
        Held "held",
        /// It was paid out, all or a part; what was left over is back.
        Captured "captured",
        /// It is back.
        Released "released",
        /// It was never set aside.
        Rejected "rejected",
    }
}

/// One reservation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReservationRecord {
    /// Its id.
    pub id: ReservationId,
    /// Whose money.
    pub account_id: AccountId,
    /// How much; more than zero.
    pub amount: Money,
    /// What became of it.
    pub status: ReservationStatus,
    /// Why it was rejected, as one word.
    pub reason: Option<String>,
    /// Since when.
    pub created_at: Timestamp,
    /// When it was paid out, given back or rejected.
    pub settled_at: Option<Timestamp>,
}

impl TryFrom<Model> for ReservationRecord {
    type Error = Error;

    fn try_from(row: Model) -> Result<Self, Error> {
        let currency: Currency = parse(&row.currency, "reservations.currency")?;
        Ok(Self {
            id: ReservationId::new(row.id),
            account_id: AccountId::new(row.account_id),
            amount: Money::new(row.amount_minor, currency),
            status: parse(&row.status, "reservations.status")?,
            reason: row.reason,
            created_at: Timestamp::from_millis(row.created_at),
            settled_at: instant(row.settled_at),
        })
    }
}

/// Writes a new reservation.
///
/// # Errors
/// [`Error::Conflict`] when the id was used or there is no such account.
pub async fn insert_reservation(tx: &Tx, reservation: &ReservationRecord) -> Result<(), Error> {
    let row = Model {
        id: reservation.id.as_str().to_owned(),
        account_id: reservation.account_id.as_str().to_owned(),
        amount_minor: reservation.amount.minor,
        currency: reservation.amount.currency.code().to_owned(),
        status: reservation.status.to_string(),
        reason: reservation.reason.clone(),
        created_at: reservation.created_at.millis(),
        settled_at: millis(reservation.settled_at),
    };
    insert(&tx.0, row).await
}

/// The reservation with this id.
///
/// # Errors
/// Why it could not be read.
pub async fn find_reservation(
    db: &impl Reads,
    reservation: &ReservationId,
) -> Result<Option<ReservationRecord>, Error> {
    let row = Entity::find_by_id(reservation.as_str())
        .one(db.link())
        .await?;
    row.map(ReservationRecord::try_from).transpose()
}

/// From held to what became of it; `No` when it is not held. Of any number of callers one gets `Yes`.
///
/// # Errors
/// Why it could not be written.
pub async fn advance_reservation(
    tx: &Tx,
    reservation: &ReservationId,
    to: ReservationStatus,
    reason: Option<&str>,
    at: Timestamp,
) -> Result<Advanced, Error> {
    let sql = "UPDATE reservations SET status = $2, reason = $3, settled_at = $4 \
               WHERE id = $1 AND status = 'held'";
    let values = [
        reservation.as_str().into(),
        to.as_str().into(),
        reason.into(),
        at.millis().into(),
    ];
    Ok(Advanced::of(tx.0.change(sql, values).await?))
}
