//! Transactions of the Wallet API: what an app asked for, who accepted it, and what is being done about it
//! at the bank.
//!
//! A row is read, moved to its next state by a rule, and written back if nobody else wrote it meanwhile
//! ([`advance_wallet_transaction`]). So every move happens once, whoever tries it.

use protocol::{
    client::Environment,
    iban::Iban,
    ids::{AccountId, ClientId, ReservationId, TransactionKey, UserId},
    money::Currency,
    time::Timestamp,
    wallet_api::transaction::{AcceptedBy, Terms, TransactionPayment, TransactionStatus},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::{
    Advanced, Error, Reads, Tx,
    entities::wallet_transactions::{Column, Entity, Model},
    values::{all, count, from_json, insert, instant, millis, parse, to_json, words},
};

words! {
    /// What is being done at the bank. It was written down before the bank was asked, so that it is
    /// finished whatever happens.
    Step {
        /// Setting money aside.
        Reserving "reserving",
        /// Paying out what was set aside.
        Confirming "confirming",
        /// Giving it back, because the app took the transaction back.
        Revoking "revoking",
        /// Giving it back, because its time was over.
        Expiring "expiring",
    }
}

/// One transaction.
#[derive(Clone, PartialEq, Debug)]
pub struct WalletTransactionRecord {
    /// Its key.
    pub key: TransactionKey,
    /// The client that made it.
    pub client_id: ClientId,
    /// Sandbox or live money.
    pub environment: Environment,
    /// The currency of all payments.
    pub currency: Currency,
    /// Its payments, from the moment of confirming with their final prices.
    pub payments: Vec<TransactionPayment>,
    /// What the client said.
    pub terms: Terms,
    /// Who is paid.
    pub payee_name: String,
    /// The number of the account that is paid.
    pub payee_iban: Iban,
    /// What it is.
    pub status: TransactionStatus,
    /// What is being done at the bank, and since when.
    pub step: Option<(Step, Timestamp)>,
    /// How it was accepted.
    pub accepted_by: Option<AcceptedBy>,
    /// Who pays.
    pub user_id: Option<UserId>,
    /// From which account.
    pub account_id: Option<AccountId>,
    /// The number of that wallet.
    pub wallet_number: Option<i64>,
    /// What the bank knows the money by that is set aside, or that it is asked to set aside.
    pub reservation_id: Option<ReservationId>,
    /// How often it was written. Whoever writes it says the one that was read.
    pub version: u32,
    /// Since when.
    pub created_at: Timestamp,
    /// When the money moved.
    pub confirmed_at: Option<Timestamp>,
    /// Until when it can be accepted or, when it is reserved, confirmed.
    pub valid_until: Timestamp,
    /// When the sweep may delete the row: long after everything was decided.
    pub expires_at: Timestamp,
}

impl TryFrom<Model> for WalletTransactionRecord {
    type Error = Error;

    fn try_from(row: Model) -> Result<Self, Error> {
        let step = match (row.step, row.step_at) {
            (Some(step), Some(at)) => Some((
                parse(&step, "wallet_transactions.step")?,
                Timestamp::from_millis(at),
            )),
            _ => None,
        };
        let accepted_by = row.accepted_by.as_deref();
        Ok(Self {
            key: TransactionKey::new(row.key),
            client_id: ClientId::new(row.client_id),
            environment: parse(&row.environment, "wallet_transactions.environment")?,
            currency: parse(&row.currency, "wallet_transactions.currency")?,
            payments: from_json(&row.payments, "wallet_transactions.payments")?,
            terms: from_json(&row.terms, "wallet_transactions.terms")?,
            payee_name: row.payee_name,
            payee_iban: parse(&row.payee_iban, "wallet_transactions.payee_iban")?,
            status: parse(&row.status, "wallet_transactions.status")?,
            step,
            accepted_by: accepted_by
                .map(|word| parse(word, "wallet_transactions.accepted_by"))
                .transpose()?,
            user_id: row.user_id.map(UserId::new),
            account_id: row.account_id.map(AccountId::new),
            wallet_number: row.wallet_number,
            reservation_id: row.reservation_id.map(ReservationId::new),
            version: count(row.version, "wallet_transactions.version")?,
            created_at: Timestamp::from_millis(row.created_at),
            confirmed_at: instant(row.confirmed_at),
            valid_until: Timestamp::from_millis(row.valid_until),
            expires_at: Timestamp::from_millis(row.expires_at),
        })
    }
}

/// Writes a new transaction.
///
/// # Errors
/// [`Error::Conflict`] when the key was used.
pub async fn insert_wallet_transaction(
    tx: &Tx,
    record: &WalletTransactionRecord,
) -> Result<(), Error> {
    let row = Model {
        key: record.key.as_str().to_owned(),
        client_id: record.client_id.as_str().to_owned(),
        environment: record.environment.to_string(),
        currency: record.currency.code().to_owned(),
        payments: to_json(&record.payments)?,
        terms: to_json(&record.terms)?,
        payee_name: record.payee_name.clone(),
        payee_iban: record.payee_iban.as_str().to_owned(),
        status: record.status.to_string(),
        step: record.step.map(|(step, _)| step.to_string()),
        step_at: millis(record.step.map(|(_, at)| at)),
        accepted_by: record.accepted_by.map(|by| by.to_string()),
        user_id: record.user_id.as_ref().map(|id| id.as_str().to_owned()),
        account_id: record.account_id.as_ref().map(|id| id.as_str().to_owned()),
        wallet_number: record.wallet_number,
        reservation_id: record
            .reservation_id
            .as_ref()
            .map(|id| id.as_str().to_owned()),
        version: record.version.into(),
        created_at: record.created_at.millis(),
        confirmed_at: millis(record.confirmed_at),
        valid_until: record.valid_until.millis(),
        expires_at: record.expires_at.millis(),
    };
    insert(&tx.0, row).await
}

/// The transaction with this key, whosever it is.
///
/// # Errors
/// Why it could not be read.
pub async fn find_wallet_transaction(
    db: &impl Reads,
    key: &TransactionKey,
) -> Result<Option<WalletTransactionRecord>, Error> {
    let row = Entity::find_by_id(key.as_str()).one(db.link()).await?;
    row.map(WalletTransactionRecord::try_from).transpose()
}

/// Writes everything that can change, if the row still has `record.version`, and counts the version up; `No`
/// when somebody else wrote it meanwhile.
///
/// # Errors
/// Why it could not be written.
pub async fn advance_wallet_transaction(
    tx: &Tx,
    record: &WalletTransactionRecord,
) -> Result<Advanced, Error> {
    let sql = "UPDATE wallet_transactions SET payments = $3, status = $4, step = $5, step_at = $6, \
               accepted_by = $7, user_id = $8, account_id = $9, wallet_number = $10, \
               reservation_id = $11, confirmed_at = $12, valid_until = $13, expires_at = $14, \
               version = version + 1 WHERE key = $1 AND version = $2";
    let values = [
        record.key.as_str().into(),
        i64::from(record.version).into(),
        to_json(&record.payments)?.into(),
        record.status.as_str().into(),
        record.step.map(|(step, _)| step.as_str()).into(),
        millis(record.step.map(|(_, at)| at)).into(),
        record.accepted_by.map(AcceptedBy::as_str).into(),
        record.user_id.as_ref().map(UserId::as_str).into(),
        record.account_id.as_ref().map(AccountId::as_str).into(),
        record.wallet_number.into(),
        record
            .reservation_id
            .as_ref()
            .map(ReservationId::as_str)
            .into(),
        millis(record.confirmed_at).into(),
        record.valid_until.millis().into(),
        record.expires_at.millis().into(),
    ];
    Ok(Advanced::of(tx.0.change(sql, values).await?))
}

/// Transactions about which something was begun at the bank before `before` and not finished, oldest
/// first, at most `limit`.
///
/// # Errors
/// Why they could not be read.
pub async fn find_unfinished_wallet_transactions(
    db: &impl Reads,
    before: Timestamp,
    limit: u64,
) -> Result<Vec<WalletTransactionRecord>, Error> {
    let rows = Entity::find()
        .filter(Column::StepAt.lt(before.millis()))
        .order_by_asc(Column::StepAt)
        .order_by_asc(Column::Key)
        .limit(limit)
        .all(db.link())
        .await?;
    all(rows)
}

/// Transactions that are neither ended nor in hand and whose time is over, those that ran out first, at most
/// `limit`.
///
/// # Errors
/// Why they could not be read.
pub async fn find_overdue_wallet_transactions(
    db: &impl Reads,
    now: Timestamp,
    limit: u64,
) -> Result<Vec<WalletTransactionRecord>, Error> {
    let alive = TransactionStatus::ALL
        .iter()
        .filter(|status| !status.is_final())
        .map(|status| status.as_str());
    let rows = Entity::find()
        .filter(Column::Status.is_in(alive))
        .filter(Column::ValidUntil.lte(now.millis()))
        .filter(Column::StepAt.is_null())
        .order_by_asc(Column::ValidUntil)
        .order_by_asc(Column::Key)
        .limit(limit)
        .all(db.link())
        .await?;
    all(rows)
}
