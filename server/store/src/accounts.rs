//! Accounts of people and of the bank. Amounts are integers in minor units; what moves them is in `ledger`.

use protocol::{
    client::Environment,
    iban::Iban,
    ids::{AccountId, UserId},
    money::{Currency, Money},
    time::Timestamp,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::{
    Advanced, Error, Reads, Tx,
    entities::accounts::{Column, Entity, Model},
    values::{all, insert, parse, words},
};

words! {
    /// What an account is.
    AccountKind {
        /// The wallet of a person.
        Wallet "wallet",
        /// A current account.
        Current "current",
        /// A savings account.
        Savings "savings",
        /// The account of an app, on which it is paid. Nobody pays from it here.
        Settlement "settlement",
        /// An account of the bank itself, through which money comes and goes; it alone may be below zero.
        System "system",
    }
}

/// One account.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AccountRecord {
    /// Its id.
    pub id: AccountId,
    /// Whose it is; nobody's for an account of the bank.
    pub user_id: Option<UserId>,
    /// Sandbox or live money.
    pub environment: Environment,
    /// What it is.
    pub kind: AccountKind,
    /// What its owner calls it.
    pub name: String,
    /// Its number.
    pub iban: Iban,
    /// The name of its owner, as counterparties see it.
    pub owner_name: String,
    /// What the bank calls it.
    pub product: String,
    /// What is on it.
    pub balance: Money,
    /// How much of that is set aside, in minor units of the same currency.
    pub reserved_minor: i64,
    /// Since when.
    pub created_at: Timestamp,
}

impl AccountRecord {
    /// What can be spent: the balance without what is set aside.
    pub fn available(&self) -> Money {
        Money::new(
            self.balance.minor.saturating_sub(self.reserved_minor),
            self.balance.currency,
        )
    }

    /// What is set aside.
    pub fn reserved(&self) -> Money {
        Money::new(self.reserved_minor, self.balance.currency)
    }
}

impl TryFrom<Model> for AccountRecord {
    type Error = Error;

    fn try_from(row: Model) -> Result<Self, Error> {
        let currency: Currency = parse(&row.currency, "accounts.currency")?;
        Ok(Self {
            id: AccountId::new(row.id),
            user_id: row.user_id.map(UserId::new),
            environment: parse(&row.environment, "accounts.environment")?,
            kind: parse(&row.kind, "accounts.kind")?,
            name: row.name,
            iban: parse(&row.iban, "accounts.iban")?,
            owner_name: row.owner_name,
            product: row.product,
            balance: Money::new(row.balance_minor, currency),
            reserved_minor: row.reserved_minor,
            created_at: Timestamp::from_millis(row.created_at),
        })
    }
}

/// Writes a new account with the balance it begins with.
///
/// # Errors
/// [`Error::Conflict`] `accounts_iban_key` when the number is taken, `accounts_pkey` when the id was
/// used, `accounts_solvent_check` when it would begin below zero.
pub async fn insert_account(tx: &Tx, account: &AccountRecord) -> Result<(), Error> {
    let row = Model {
        id: account.id.as_str().to_owned(),
        user_id: account.user_id.as_ref().map(|id| id.as_str().to_owned()),
        environment: account.environment.to_string(),
        kind: account.kind.to_string(),
        name: account.name.clone(),
        iban: account.iban.as_str().to_owned(),
        currency: account.balance.currency.code().to_owned(),
        owner_name: account.owner_name.clone(),
        product: account.product.clone(),
        balance_minor: account.balance.minor,
        reserved_minor: account.reserved_minor,
        created_at: account.created_at.millis(),
    };
    insert(&tx.0, row).await
}

/// The account with this id.
///
/// # Errors
/// Why it could not be read.
pub async fn find_account(
    db: &impl Reads,
    account: &AccountId,
) -> Result<Option<AccountRecord>, Error> {
    let row = Entity::find_by_id(account.as_str()).one(db.link()).await?;
    row.map(AccountRecord::try_from).transpose()
}

/// Those of these accounts that exist, oldest first.
///
/// # Errors
/// Why they could not be read.
pub async fn find_accounts(
    db: &impl Reads,
    accounts: &[AccountId],
) -> Result<Vec<AccountRecord>, Error> {
    let rows = Entity::find()
        .filter(Column::Id.is_in(accounts.iter().map(AccountId::as_str)))
        .order_by_asc(Column::CreatedAt)
        .order_by_asc(Column::Id)
        .all(db.link())
        .await?;
    all(rows)
}

/// All accounts of a person, oldest first.
///
/// # Errors
/// Why they could not be read.
pub async fn find_accounts_of_user(
    db: &impl Reads,
    user: &UserId,
) -> Result<Vec<AccountRecord>, Error> {
    let rows = Entity::find()
        .filter(Column::UserId.eq(user.as_str()))
        .order_by_asc(Column::CreatedAt)
        .order_by_asc(Column::Id)
        .all(db.link())
        .await?;
    all(rows)
}

/// The account with this number, if it is one of ours in this environment.
///
/// # Errors
/// Why it could not be read.
pub async fn find_account_by_iban(
    db: &impl Reads,
    environment: Environment,
    iban: &Iban,
) -> Result<Option<AccountRecord>, Error> {
    let row = Entity::find()
        .filter(Column::Iban.eq(iban.as_str()))
        .filter(Column::Environment.eq(environment.as_str()))
        .one(db.link())
        .await?;
    row.map(AccountRecord::try_from).transpose()
}

/// Writes an account of the bank itself unless there is one with that id or number; `No` when there
/// is. Waits for another transaction that is about to write the same.
///
/// # Errors
/// Why it could not be written.
pub async fn insert_account_if_absent(tx: &Tx, account: &AccountRecord) -> Result<Advanced, Error> {
    let sql = "INSERT INTO accounts (id, user_id, environment, kind, name, iban, currency, owner_name, \
               product, balance_minor, reserved_minor, created_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT DO NOTHING";
    let values = [
        account.id.as_str().into(),
        account.user_id.as_ref().map(UserId::as_str).into(),
        account.environment.as_str().into(),
        account.kind.as_str().into(),
        account.name.as_str().into(),
        account.iban.as_str().into(),
        account.balance.currency.code().into(),
        account.owner_name.as_str().into(),
        account.product.as_str().into(),
        account.balance.minor.into(),
        account.reserved_minor.into(),
        account.created_at.millis().into(),
    ];
    Ok(Advanced::of(tx.0.change(sql, values).await?))
}
