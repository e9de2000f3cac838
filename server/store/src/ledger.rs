//! The double-entry ledger: money that leaves one account arrives at another, in one transaction.
//!
//! Each booked transfer has two entries whose sum is zero, and each entry says what was on the account after
//! it. Balances change only by conditional updates (`... where balance - reserved >= amount`), so that
//! no two transfers can spend the same money, whatever they read before.

use std::sync::LazyLock;

use protocol::{
    iban::Iban,
    ids::{AccountId, TransferId},
    money::{Currency, Money},
    time::Timestamp,
};
use sea_orm::{FromQueryResult, QueryResult, Value};

use crate::{
    Advanced, Bookmark, Error, Reads, Tx,
    append::insert_many,
    entities::ledger_entries::{Entity, Model},
    values::{parse, selected},
};

/// One side of a booked transfer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EntryRecord {
    /// Its id.
    pub id: String,
    /// The transfer.
    pub transfer_id: TransferId,
    /// The account.
    pub account_id: AccountId,
    /// What came in; below zero what went out.
    pub amount: Money,
    /// What was on the account afterwards, in minor units.
    pub balance_after: i64,
    /// When.
    pub booked_at: Timestamp,
}

/// A transfer to book.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Posting {
    /// The transfer, which must be pending.
    pub transfer: TransferId,
    /// The account that pays.
    pub debit: AccountId,
    /// The account that gets; one of the bank's when the payee has theirs elsewhere.
    pub credit: AccountId,
    /// How much; more than zero, in the currency of both accounts.
    pub amount: Money,
    /// Which money of the payer.
    pub funds: Funds,
    /// Id of the entry of the account that pays.
    pub debit_entry: String,
    /// Id of the entry of the account that gets.
    pub credit_entry: String,
    /// When.
    pub at: Timestamp,
}

/// Which money a posting takes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Funds {
    /// What can be spent.
    Available,
    /// What [`advance_account_reserved`] set aside before.
    Reserved,
}

/// What came of a posting. Unless it was booked, nothing was written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[must_use = "the money has moved only if it was booked"]
pub enum Posted {
    /// Money has moved. What is now on the two accounts, in minor units.
    Booked {
        /// Of the account that paid.
        debit_balance: i64,
        /// Of the account that got.
        credit_balance: i64,
    },
    /// The account that pays has too little, or is not there in this currency.
    TooLittle,
    /// The account that gets is not there in this currency.
    NoPayee,
    /// The transfer is not pending: it was booked or rejected before, or is not there.
    NotPending,
}

/// One line of an account statement.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StatementLine {
    /// The entry.
    pub entry: EntryRecord,
    /// Who is on the other side.
    pub counterparty_name: String,
    /// Their number.
    pub counterparty_iban: Iban,
    /// What for.
    pub reference: String,
}

impl StatementLine {
    /// From where the next page goes on.
    pub fn bookmark(&self) -> Bookmark {
        Bookmark {
            at: self.entry.booked_at,
            id: self.entry.id.clone(),
        }
    }
}

const COLUMNS: [&str; 7] = [
    "id",
    "transfer_id",
    "account_id",
    "amount_minor",
    "currency",
    "balance_after",
    "booked_at",
];

impl EntryRecord {
    /// In the order of [`COLUMNS`].
    fn values(&self) -> Vec<Value> {
        vec![
            self.id.as_str().into(),
            self.transfer_id.as_str().into(),
            self.account_id.as_str().into(),
            self.amount.minor.into(),
            self.amount.currency.code().into(),
            self.balance_after.into(),
            self.booked_at.millis().into(),
        ]
    }
}

impl TryFrom<Model> for EntryRecord {
    type Error = Error;

    fn try_from(row: Model) -> Result<Self, Error> {
        let currency: Currency = parse(&row.currency, "ledger_entries.currency")?;
        Ok(Self {
            id: row.id,
            transfer_id: TransferId::new(row.transfer_id),
            account_id: AccountId::new(row.account_id),
            amount: Money::new(row.amount_minor, currency),
            balance_after: row.balance_after,
            booked_at: Timestamp::from_millis(row.booked_at),
        })
    }
}

/// Books a pending transfer: takes the money from one account if there is enough, gives it to the
/// other, writes both entries, and turns the transfer to booked.
///
/// # Errors
/// Why it could not be written; [`Error::Conflict`] when the id of an entry was used.
pub async fn post_transfer(tx: &Tx, posting: &Posting) -> Result<Posted, Error> {
    if !posting.amount.is_positive() || posting.debit == posting.credit {
        return Err(Error::Broken(
            "a posting moves more than zero between two accounts".to_owned(),
        ));
    }
    let part = tx.savepoint().await?;
    let outcome = book(&part, posting).await;
    let ended = match &outcome {
        Ok(Posted::Booked { .. }) => part.commit().await,
        _ => part.rollback().await,
    };
    if let Err(error) = ended {
        tx.spoil(&error);
        return outcome.and(Err(error));
    }
    outcome
}

async fn book(tx: &Tx, posting: &Posting) -> Result<Posted, Error> {
    let sql = "UPDATE transfers SET status = 'booked', booked_at = $2 \
               WHERE id = $1 AND status = 'pending'";
    let values = [posting.transfer.as_str().into(), posting.at.millis().into()];
    if tx.0.change(sql, values).await? == 0 {
        return Ok(Posted::NotPending);
    }
    // Always in the order of the ids, so that a transfer there and one back do not wait for each other.
    let (debit_balance, credit_balance) = if posting.debit < posting.credit {
        let debit_balance = debit(tx, posting).await?;
        (debit_balance, credit(tx, posting).await?)
    } else {
        let credit_balance = credit(tx, posting).await?;
        (debit(tx, posting).await?, credit_balance)
    };
    let Some(debit_balance) = debit_balance else {
        return Ok(Posted::TooLittle);
    };
    let Some(credit_balance) = credit_balance else {
        return Ok(Posted::NoPayee);
    };
    let entry = |id: &str, account: &AccountId, minor, balance_after| EntryRecord {
        id: id.to_owned(),
        transfer_id: posting.transfer.clone(),
        account_id: account.clone(),
        amount: Money::new(minor, posting.amount.currency),
        balance_after,
        booked_at: posting.at,
    };
    let minor = posting.amount.minor;
    insert_entries(
        tx,
        &[
            entry(&posting.debit_entry, &posting.debit, -minor, debit_balance),
            entry(
                &posting.credit_entry,
                &posting.credit,
                minor,
                credit_balance,
            ),
        ],
    )
    .await?;
    Ok(Posted::Booked {
        debit_balance,
        credit_balance,
    })
}

async fn debit(tx: &Tx, posting: &Posting) -> Result<Option<i64>, Error> {
    let sql = match posting.funds {
        Funds::Available => {
            "UPDATE accounts SET balance_minor = balance_minor - $2 \
             WHERE id = $1 AND currency = $3 \
             AND (kind = 'system' OR balance_minor - reserved_minor >= $2) \
             RETURNING balance_minor"
        }
        Funds::Reserved => {
            "UPDATE accounts SET balance_minor = balance_minor - $2, reserved_minor = reserved_minor - $2 \
             WHERE id = $1 AND currency = $3 \
             AND reserved_minor >= $2 AND (kind = 'system' OR balance_minor >= $2) \
             RETURNING balance_minor"
        }
    };
    balance(tx, sql, &posting.debit, posting.amount).await
}

async fn credit(tx: &Tx, posting: &Posting) -> Result<Option<i64>, Error> {
    let sql = "UPDATE accounts SET balance_minor = balance_minor + $2 \
               WHERE id = $1 AND currency = $3 RETURNING balance_minor";
    balance(tx, sql, &posting.credit, posting.amount).await
}

async fn balance(
    tx: &Tx,
    sql: &str,
    account: &AccountId,
    amount: Money,
) -> Result<Option<i64>, Error> {
    let row = tx.0.row(sql, of_account(account, amount)).await?;
    row.map(|row| Ok(row.try_get_by_index(0)?)).transpose()
}

fn of_account(account: &AccountId, amount: Money) -> [Value; 3] {
    [
        account.as_str().into(),
        amount.minor.into(),
        amount.currency.code().into(),
    ]
}

/// Sets money aside; `No` when there is too little, or no such account in this currency.
///
/// # Errors
/// Why it could not be written.
pub async fn advance_account_reserved(
    tx: &Tx,
    account: &AccountId,
    amount: Money,
) -> Result<Advanced, Error> {
    let sql = "UPDATE accounts SET reserved_minor = reserved_minor + $2 \
               WHERE id = $1 AND currency = $3 AND $2 > 0 \
               AND (kind = 'system' OR balance_minor - reserved_minor >= $2)";
    Ok(Advanced::of(
        tx.0.change(sql, of_account(account, amount)).await?,
    ))
}

/// Gives back money that was set aside; `No` when that much was not.
///
/// # Errors
/// Why it could not be written.
pub async fn advance_account_released(
    tx: &Tx,
    account: &AccountId,
    amount: Money,
) -> Result<Advanced, Error> {
    let sql = "UPDATE accounts SET reserved_minor = reserved_minor - $2 \
               WHERE id = $1 AND currency = $3 AND $2 > 0 AND reserved_minor >= $2";
    Ok(Advanced::of(
        tx.0.change(sql, of_account(account, amount)).await?,
    ))
}

/// Writes many entries as they are, for demo data: a few statements for thousands. Whoever writes them
/// sees to it that they add up.
///
/// # Errors
/// [`Error::Conflict`] when one of the ids was used, or a transfer or account is not there.
pub async fn insert_entries(tx: &Tx, entries: &[EntryRecord]) -> Result<(), Error> {
    let rows = entries.iter().map(EntryRecord::values);
    insert_many(&tx.0, "ledger_entries", &COLUMNS, rows).await
}

/// Lines of a statement; what follows orders and cuts them.
static LINES: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT {}, t.from_name, t.from_iban, t.to_name, t.to_iban, t.reference \
         FROM ledger_entries e JOIN transfers t ON t.id = e.transfer_id \
         WHERE e.account_id = $1 AND e.booked_at >= $2 AND e.booked_at < $3",
        selected::<Entity>("e"),
    )
});

/// How many entries an account has that were booked at or after `from` and before `until`.
///
/// # Errors
/// Why they could not be counted.
pub async fn count_statement(
    db: &impl Reads,
    account: &AccountId,
    from: Timestamp,
    until: Timestamp,
) -> Result<u64, Error> {
    let sql = "SELECT COUNT(*) FROM ledger_entries \
               WHERE account_id = $1 AND booked_at >= $2 AND booked_at < $3";
    let values = [
        account.as_str().into(),
        from.millis().into(),
        until.millis().into(),
    ];
    let row = db.link().row(sql, values).await?;
    let count: i64 = row.map_or(Ok(0), |row| row.try_get_by_index(0))?;
    u64::try_from(count).map_err(|_| Error::unreadable("ledger_entries"))
}

/// The same lines as [`find_statement`], by number: at most `limit` after the newest `offset`.
///
/// # Errors
/// Why they could not be read.
pub async fn find_statement_stretch(
    db: &impl Reads,
    account: &AccountId,
    from: Timestamp,
    until: Timestamp,
    offset: u32,
    limit: u32,
) -> Result<Vec<StatementLine>, Error> {
    static STRETCH: LazyLock<String> = LazyLock::new(|| {
        format!(
            "{} ORDER BY e.booked_at DESC, e.id DESC LIMIT $4 OFFSET $5",
            *LINES
        )
    });
    let values = [
        account.as_str().into(),
        from.millis().into(),
        until.millis().into(),
        i64::from(limit).into(),
        i64::from(offset).into(),
    ];
    let rows = db.link().rows(&STRETCH, values).await?;
    rows.iter().map(line).collect()
}

/// The statement of an account: what was booked at or after `from` and before `until`, newest first, older than
/// `before`, at most `limit` lines.
///
/// # Errors
/// Why it could not be read.
pub async fn find_statement(
    db: &impl Reads,
    account: &AccountId,
    from: Timestamp,
    until: Timestamp,
    before: Option<&Bookmark>,
    limit: u64,
) -> Result<Vec<StatementLine>, Error> {
    static FIRST: LazyLock<String> =
        LazyLock::new(|| format!("{} ORDER BY e.booked_at DESC, e.id DESC LIMIT $4", *LINES));
    static LATER: LazyLock<String> = LazyLock::new(|| {
        format!(
            "{} AND (e.booked_at < $5 OR (e.booked_at = $5 AND e.id < $6)) \
             ORDER BY e.booked_at DESC, e.id DESC LIMIT $4",
            *LINES
        )
    });
    let mut values: Vec<Value> = vec![
        account.as_str().into(),
        from.millis().into(),
        until.millis().into(),
        i64::try_from(limit).unwrap_or(i64::MAX).into(),
    ];
    let rows = match before {
        None => db.link().rows(&FIRST, values).await?,
        Some(before) => {
            values.extend([before.at.millis().into(), before.id.as_str().into()]);
            db.link().rows(&LATER, values).await?
        }
    };
    rows.iter().map(line).collect()
}

fn line(row: &QueryResult) -> Result<StatementLine, Error> {
    let entry: EntryRecord = Model::from_query_result(row, "e_")?.try_into()?;
    // What went out went to the payee; what came in came from the payer.
    let (name, iban) = if entry.amount.minor < 0 {
        ("to_name", "to_iban")
    } else {
        ("from_name", "from_iban")
    };
    let counterparty_iban: String = row.try_get("", iban)?;
    Ok(StatementLine {
        entry,
        counterparty_name: row.try_get("", name)?,
        counterparty_iban: parse(&counterparty_iban, "transfers.iban")?,
        reference: row.try_get("", "reference")?,
    })
}

#[cfg(test)]
mod tests {
    use sea_orm::{Iterable, sea_query::Iden};

    use super::*;
    use crate::entities::ledger_entries::Column;

    #[test]
    fn an_inserted_row_has_every_column() {
        let columns: Vec<String> = Column::iter().map(|c| c.unquoted().to_owned()).collect();
        assert_eq!(columns, COLUMNS);
    }
}
