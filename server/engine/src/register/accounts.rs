//! Accounts, with the money that they begin with.

use protocol::{
    client::Environment,
    iban::Iban,
    ids::{AccountId, TransferId, UserId},
    money::{Currency, Money},
};
use serde::Serialize;
use serde_json::json;
use store::{
    Tx,
    accounts::{AccountKind, AccountRecord, insert_account},
    ledger::{Funds, Posted, Posting, post_transfer},
    transfers::{TransferRecord, TransferStatus, insert_transfer},
    users::{UserRecord, find_user_by_name},
};

use super::{RegisterError, is_line};
use crate::{
    Engine,
    bank::{clearing, clearing_account},
};

/// Longest name of an account, in characters.
const LONGEST_NAME: usize = 64;

/// What stands on the statement for the money that an account begins with.
const OPENING: &str = "Opening balance";

/// An account to be added, as typed.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// Whose it is, by the name to sign in with.
    pub username: String,
    /// In which environment; may be absent when the name is there in one only.
    pub environment: Option<Environment>,
    /// Its number; spaces are allowed.
    pub iban: String,
    /// What it holds, three letters.
    pub currency: String,
    /// What it begins with, such as `1234.56`.
    pub balance: String,
    /// The holder's own name for it.
    pub name: Option<String>,
    /// What it is; `None` is a current account.
    pub kind: Option<AccountKind>,
}

/// What was added. Serialized as the command line prints it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct AddedAccount {
    /// Its id.
    pub account_id: AccountId,
    /// Its number.
    pub iban: Iban,
    /// What it holds.
    pub currency: Currency,
}

impl Engine {
    /// Adds an account to a person. What it begins with comes from the clearing account by a transfer
    /// like any other, so the books stay balanced.
    ///
    /// # Errors
    /// [`RegisterError::Refused`] when there is no such person, when the number is taken or not one, or
    /// when the amount is not one.
    pub async fn add_account(&self, new: NewAccount) -> Result<AddedAccount, RegisterError> {
        let iban = Iban::parse(&new.iban)
            .map_err(|fault| RegisterError::refused(format!("IBAN {}: {fault}", new.iban)))?;
        let currency: Currency = new.currency.parse().map_err(|fault| {
            RegisterError::refused(format!("currency {}: {fault}", new.currency))
        })?;
        let balance = Money::parse_decimal(&new.balance, currency)
            .map_err(|fault| RegisterError::refused(format!("balance {}: {fault}", new.balance)))?;
        if balance.minor < 0 {
            return Err(RegisterError::refused(
                "the balance must not be less than zero",
            ));
        }
        let kind = new.kind.unwrap_or(AccountKind::Current);
        if matches!(kind, AccountKind::Settlement | AccountKind::System) {
            return Err(RegisterError::refused(
                "an account of a person is a wallet, a current or a savings account",
            ));
        }
        if new
            .name
            .as_ref()
            .is_some_and(|name| !is_line(name, LONGEST_NAME))
        {
            return Err(RegisterError::refused(
                "the name must be one line of 1 to 64 characters",
            ));
        }
        let owner = self.owner(&new.username, new.environment).await?;
        let account = AccountRecord {
            id: AccountId::new(self.env.id()),
            user_id: Some(owner.id.clone()),
            environment: owner.environment,
            kind,
            name: new.name.unwrap_or_else(|| default_name(kind).to_owned()),
            iban: iban.clone(),
            owner_name: owner.display_name.clone(),
            product: default_name(kind).to_owned(),
            balance: Money::new(0, currency),
            reserved_minor: 0,
            created_at: self.env.now(),
        };
        let added = AddedAccount {
            account_id: account.id.clone(),
            iban,
            currency,
        };
        self.write_account(account, balance, owner.id)
            .await
            .map_err(|error| match error {
                store::Error::Conflict { what } if what == "accounts_iban_key" => {
                    RegisterError::refused(format!("there is an account {} already", added.iban))
                }
                other => other.into(),
            })?;
        Ok(added)
    }

    async fn write_account(
        &self,
        account: AccountRecord,
        balance: Money,
        owner: UserId,
    ) -> Result<(), store::Error> {
        let ids = [self.env.id(), self.env.id(), self.env.id()];
        let event = self.operator_event(
            "account.added",
            format!("account:{}", account.id),
            &json!({ "user": owner, "currency": balance.currency }),
        );
        self.env
            .store
            .write::<_, store::Error, _>(move |tx| {
                Box::pin(async move {
                    insert_account(tx, &account).await?;
                    if balance.is_positive() {
                        open_with(tx, &account, balance, ids).await?;
                    }
                    store::audit::insert_audit_event(tx, &event).await
                })
            })
            .await
    }

    /// The person with this login name, in the environment that is meant.
    async fn owner(
        &self,
        username: &str,
        environment: Option<Environment>,
    ) -> Result<UserRecord, RegisterError> {
        let mut found = Vec::new();
        for candidate in [Environment::Live, Environment::Sandbox] {
            if environment.is_none_or(|wanted| wanted == candidate) {
                found
                    .extend(find_user_by_name(self.env.store.reader(), candidate, username).await?);
            }
        }
        match (found.pop(), found.pop(), environment) {
            (Some(owner), None, _) => Ok(owner),
            (Some(_), Some(_), _) => Err(RegisterError::refused(format!(
                "there is a user {username} in live and one in sandbox; say which with --environment"
            ))),
            (None, _, Some(environment)) => Err(RegisterError::refused(format!(
                "there is no user {username} in {environment}"
            ))),
            (None, _, None) => Err(RegisterError::refused(format!(
                "there is no user {username}"
            ))),
        }
    }
}

/// Moves the opening balance onto a new account.
pub(crate) async fn open_with(
    tx: &Tx,
    account: &AccountRecord,
    balance: Money,
    [transfer, debit_entry, credit_entry]: [String; 3],
) -> Result<(), store::Error> {
    let (environment, now) = (account.environment, account.created_at);
    let from = clearing(tx, environment, balance.currency, now).await?;
    let bank = clearing_account(environment, balance.currency, now)?;
    let transfer = TransferRecord {
        id: TransferId::new(transfer),
        from_account: None,
        to_account: Some(account.id.clone()),
        from_iban: bank.iban,
        from_name: OPENING.to_owned(),
        to_iban: account.iban.clone(),
        to_name: account.owner_name.clone(),
        amount: balance,
        reference: OPENING.to_owned(),
        status: TransferStatus::Pending,
        reason: None,
        client_id: None,
        user_id: None,
        consent_id: None,
        created_at: now,
        booked_at: None,
    };
    insert_transfer(tx, &transfer).await?;
    let posting = Posting {
        transfer: transfer.id,
        debit: from,
        credit: account.id.clone(),
        amount: balance,
        funds: Funds::Available,
        debit_entry,
        credit_entry,
        at: now,
    };
    match post_transfer(tx, &posting).await? {
        Posted::Booked { .. } => Ok(()),
        other => Err(store::Error::Broken(format!(
            "the opening balance was not booked: {other:?}"
        ))),
    }
}

fn default_name(kind: AccountKind) -> &'static str {
    match kind {
        AccountKind::Wallet => "Wallet",
        AccountKind::Savings => "Savings account",
        AccountKind::Current | AccountKind::Settlement | AccountKind::System => "Current account",
    }
}
