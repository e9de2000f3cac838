//! The built-in bank: double entry on our own store.
//!
//! Money that leaves an account arrives at another one in the same transaction. Who banks elsewhere is
//! paid through the clearing account of the currency and environment, an account of the bank
//! itself and the only kind that may be below zero; so the sum over all accounts of one currency
//! and environment is always zero.

mod holding;

use std::sync::Arc;

use protocol::{
    client::Environment,
    iban::Iban,
    ids::{AccountId, ReservationId, TransferId, UserId},
    money::{Currency, Money},
};
use store::{
    Bookmark, Store, Tx,
    accounts::{
        AccountKind, AccountRecord, find_account, find_account_by_iban, find_accounts_of_user,
        insert_account_if_absent,
    },
    ledger::{
        Funds, Posted, Posting, StatementLine, count_statement, find_statement,
        find_statement_stretch, post_transfer,
    },
    transfers::{
        TransferRecord, TransferStatus, advance_transfer_payee, advance_transfer_rejected,
        find_pending_transfers_of_account, find_transfer, insert_transfer,
    },
};

use super::{
    AppAccount, Bank, BankAccount, BankTransaction, BookingStatus, CaptureOrder, CaptureOutcome,
    PageMark, Pending, Rejection, ReleaseOutcome, ReserveOrder, ReserveOutcome, Stretch,
    StretchQuery, TransactionPage, TransactionQuery, TransferOrder, TransferOutcome,
};
use crate::{
    env::{Chance, Clock, new_id},
    error::{Error, Result},
};

/// The built-in ledger.
#[derive(Clone)]
pub struct Ledger {
    store: Store,
    clock: Arc<dyn Clock>,
    chance: Arc<dyn Chance>,
}

impl Ledger {
    /// A ledger on this store.
    pub fn new(store: Store, clock: Arc<dyn Clock>, chance: Arc<dyn Chance>) -> Self {
        Self {
            store,
            clock,
            chance,
        }
    }

    /// One try to execute an order, in one transaction.
    async fn try_execute(&self, order: TransferOrder) -> Result<TransferOutcome, store::Error> {
        let now = self.clock.now();
        let entries = [self.id(), self.id()];
        self.store
            .write(move |tx| {
                Box::pin(async move {
                    let known = find_transfer(tx, &order.id).await?;
                    if let Some(outcome) = known.as_ref().and_then(outcome) {
                        return Ok(outcome);
                    }
                    let Some(payer) = find_account(tx, &order.from).await? else {
                        return reject(tx, &order.id, known.as_ref(), Rejection::AccountClosed)
                            .await;
                    };
                    match &known {
                        None => insert_transfer(tx, &pending(&order, &payer, now)).await?,
                        Some(known) => check_same(known, &order)?,
                    }
                    let payee =
                        find_account_by_iban(tx, payer.environment, &order.creditor_iban).await?;
                    if let Some(rejection) = rejection(&order, &payer, payee.as_ref()) {
                        return reject(tx, &order.id, known.as_ref(), rejection).await;
                    }
                    let credit = match payee {
                        Some(payee) => {
                            let _not_if_another_call_has_booked_it =
                                advance_transfer_payee(tx, &order.id, &payee.id).await?;
                            payee.id
                        }
                        None => clearing(tx, payer.environment, order.amount.currency, now).await?,
                    };
                    let [debit_entry, credit_entry] = entries;
                    let posting = Posting {
                        transfer: order.id.clone(),
                        debit: payer.id,
                        credit,
                        amount: order.amount,
                        funds: Funds::Available,
                        debit_entry,
                        credit_entry,
                        at: now,
                    };
                    match post_transfer(tx, &posting).await? {
                        Posted::Booked { .. } => Ok(TransferOutcome::Booked { at: now }),
                        Posted::TooLittle => {
                            reject(tx, &order.id, known.as_ref(), Rejection::TooLittleMoney).await
                        }
                        Posted::NoPayee => Err(store::Error::Broken(format!(
                            "transfer {}: the payee vanished",
                            order.id
                        ))),
                        // Another call with the same id was faster and has committed by now.
                        Posted::NotPending => settled(tx, &order.id).await,
                    }
                })
            })
            .await
    }

    /// One try to set money aside, in one transaction.
    async fn try_reserve(&self, order: ReserveOrder) -> Result<ReserveOutcome, store::Error> {
        let now = self.clock.now();
        self.store
            .write(move |tx| Box::pin(async move { holding::reserve(tx, &order, now).await }))
            .await
    }

    fn id(&self) -> String {
        new_id(self.clock.now(), &*self.chance)
    }
}

impl Bank for Ledger {
    fn accounts_of<'a>(&'a self, user: &'a UserId) -> Pending<'a, Vec<BankAccount>> {
        Box::pin(async move {
            let accounts = find_accounts_of_user(self.store.reader(), user).await?;
            Ok(accounts.into_iter().map(described).collect())
        })
    }

    fn account<'a>(&'a self, account: &'a AccountId) -> Pending<'a, Option<BankAccount>> {
        Box::pin(async move {
            let account = find_account(self.store.reader(), account).await?;
            Ok(account
                .filter(|account| !is_of_the_house(account.kind))
                .map(described))
        })
    }

    fn transactions<'a>(
        &'a self,
        account: &'a AccountId,
        query: &'a TransactionQuery,
    ) -> Pending<'a, TransactionPage> {
        Box::pin(async move {
            let from = query.from.midnight();
            let until = query.to.plus_days(1).midnight();
            let before = query.after.as_ref().map(bookmark);
            // One more than asked for tells whether there is another page.
            let limit = u64::from(query.limit) + 1;
            let reader = self.store.reader();
            let found: Vec<BankTransaction> = match query.status {
                BookingStatus::Booked => {
                    let lines =
                        find_statement(reader, account, from, until, before.as_ref(), limit)
                            .await?;
                    lines.into_iter().map(booked).collect()
                }
                BookingStatus::Pending => {
                    let transfers = find_pending_transfers_of_account(
                        reader,
                        account,
                        from,
                        until,
                        before.as_ref(),
                        limit,
                    )
                    .await?;
                    transfers.into_iter().map(ordered).collect()
                }
            };
            Ok(page(found, query.limit))
        })
    }

    fn stretch<'a>(
        &'a self,
        account: &'a AccountId,
        query: &'a StretchQuery,
    ) -> Pending<'a, Stretch> {
        Box::pin(async move {
            let reader = self.store.reader();
            let total = count_statement(reader, account, query.from, query.until).await?;
            let lines = find_statement_stretch(
                reader,
                account,
                query.from,
                query.until,
                query.offset,
                query.limit,
            )
            .await?;
            Ok(Stretch {
                transactions: lines.into_iter().map(booked).collect(),
                total,
            })
        })
    }

    fn execute(&self, order: TransferOrder) -> Pending<'_, TransferOutcome> {
        Box::pin(async move {
            if !order.amount.is_positive() {
                return Err(Error::Broken(format!(
                    "transfer {}: an order moves more than zero",
                    order.id
                )));
            }
            match self.try_execute(order.clone()).await {
                // Two first calls at once: the slower one finds the row of the faster one now.
                Err(store::Error::Conflict { what }) if what == "transfers_pkey" => {
                    Ok(self.try_execute(order).await?)
                }
                outcome => Ok(outcome?),
            }
        })
    }

    fn reserve(&self, order: ReserveOrder) -> Pending<'_, ReserveOutcome> {
        Box::pin(async move {
            if !order.amount.is_positive() {
                return Err(Error::Broken(format!(
                    "reservation {}: more than zero is set aside",
                    order.id
                )));
            }
            match self.try_reserve(order.clone()).await {
                // Two first calls at once, as with `execute`.
                Err(store::Error::Conflict { what }) if what == "reservations_pkey" => {
                    Ok(self.try_reserve(order).await?)
                }
                outcome => Ok(outcome?),
            }
        })
    }

    fn capture(&self, order: CaptureOrder) -> Pending<'_, CaptureOutcome> {
        Box::pin(async move {
            if order.payments.is_empty() {
                return Err(Error::Broken(format!(
                    "reservation {}: paying out is paying something",
                    order.id
                )));
            }
            let now = self.clock.now();
            let entries = order.payments.iter().map(|_| [self.id(), self.id()]);
            let entries: Vec<[String; 2]> = entries.collect();
            let outcome: Result<CaptureOutcome, store::Error> = self
                .store
                .write(move |tx| {
                    Box::pin(async move { holding::capture(tx, &order, entries, now).await })
                })
                .await;
            Ok(outcome?)
        })
    }

    fn release<'a>(&'a self, reservation: &'a ReservationId) -> Pending<'a, ReleaseOutcome> {
        Box::pin(async move {
            let (id, now) = (reservation.clone(), self.clock.now());
            let outcome: Result<ReleaseOutcome, store::Error> = self
                .store
                .write(move |tx| Box::pin(async move { holding::release(tx, &id, now).await }))
                .await;
            Ok(outcome?)
        })
    }

    fn app_account<'a>(&'a self, app: &'a AppAccount) -> Pending<'a, BankAccount> {
        Box::pin(async move {
            let (app, now) = (app.clone(), self.clock.now());
            let account: Result<AccountRecord, store::Error> = self
                .store
                .write(move |tx| Box::pin(async move { holding::app_account(tx, &app, now).await }))
                .await;
            Ok(described(account?))
        })
    }
}

/// Whether an account is none of a person's, so that nobody pays from it by this server.
fn is_of_the_house(kind: AccountKind) -> bool {
    matches!(kind, AccountKind::System | AccountKind::Settlement)
}

/// What became of a transfer, if that is decided.
fn outcome(transfer: &TransferRecord) -> Option<TransferOutcome> {
    match transfer.status {
        TransferStatus::Pending => None,
        TransferStatus::Booked => Some(TransferOutcome::Booked {
            at: transfer.booked_at.unwrap_or(transfer.created_at),
        }),
        TransferStatus::Rejected => {
            let reason = transfer.reason.as_deref().and_then(Rejection::of);
            Some(TransferOutcome::Rejected(
                reason.unwrap_or(Rejection::AccountClosed),
            ))
        }
    }
}

async fn settled(tx: &Tx, id: &TransferId) -> Result<TransferOutcome, store::Error> {
    let transfer = find_transfer(tx, id).await?;
    transfer
        .as_ref()
        .and_then(outcome)
        .ok_or_else(|| store::Error::Broken(format!("transfer {id}: neither pending nor settled")))
}

/// Remembers that nothing is moved. Without a row there is nothing to remember it in: an order from
/// an account that does not exist.
async fn reject(
    tx: &Tx,
    id: &TransferId,
    known: Option<&TransferRecord>,
    rejection: Rejection,
) -> Result<TransferOutcome, store::Error> {
    let advanced = advance_transfer_rejected(tx, id, rejection.as_str()).await?;
    if !advanced.is_yes() && known.is_some() {
        return settled(tx, id).await;
    }
    Ok(TransferOutcome::Rejected(rejection))
}

/// Why an order cannot be executed, whatever the balance.
fn rejection(
    order: &TransferOrder,
    payer: &AccountRecord,
    payee: Option<&AccountRecord>,
) -> Option<Rejection> {
    let other_currency =
        |account: &AccountRecord| account.balance.currency != order.amount.currency;
    if is_of_the_house(payer.kind) {
        Some(Rejection::AccountClosed)
    } else if order.creditor_iban == payer.iban {
        Some(Rejection::SameAccount)
    } else if other_currency(payer) || payee.is_some_and(other_currency) {
        Some(Rejection::OtherCurrency)
    } else {
        None
    }
}

/// An id belongs to one order: whoever uses it for another one has lost track.
fn check_same(known: &TransferRecord, order: &TransferOrder) -> Result<(), store::Error> {
    let same = known.from_account.as_ref() == Some(&order.from)
        && known.amount == order.amount
        && known.to_iban == order.creditor_iban;
    if same {
        Ok(())
    } else {
        Err(store::Error::Broken(format!(
            "transfer {}: the id was used for another order",
            order.id
        )))
    }
}

fn pending(
    order: &TransferOrder,
    payer: &AccountRecord,
    now: protocol::time::Timestamp,
) -> TransferRecord {
    TransferRecord {
        id: order.id.clone(),
        from_account: Some(payer.id.clone()),
        to_account: None,
        from_iban: payer.iban.clone(),
        from_name: payer.owner_name.clone(),
        to_iban: order.creditor_iban.clone(),
        to_name: order.creditor_name.clone(),
        amount: order.amount,
        reference: order.reference.clone(),
        status: TransferStatus::Pending,
        reason: None,
        client_id: None,
        user_id: payer.user_id.clone(),
        consent_id: None,
        created_at: now,
        booked_at: None,
    }
}

/// The clearing account of a currency and environment; made when it is needed for the first time.
pub(crate) async fn clearing(
    tx: &Tx,
    environment: Environment,
    currency: Currency,
    now: protocol::time::Timestamp,
) -> Result<AccountId, store::Error> {
    let account = clearing_account(environment, currency, now)?;
    if find_account(tx, &account.id).await?.is_none() {
        let _made_by_us_or_at_the_same_moment_by_another =
            insert_account_if_absent(tx, &account).await?;
    }
    Ok(account.id)
}

/// The clearing account as it is in the beginning.
pub(crate) fn clearing_account(
    environment: Environment,
    currency: Currency,
    now: protocol::time::Timestamp,
) -> Result<AccountRecord, store::Error> {
    Ok(AccountRecord {
        id: AccountId::new(format!(
            "clearing-{environment}-{}",
            currency.code().to_lowercase()
        )),
        user_id: None,
        environment,
        kind: AccountKind::System,
        name: format!("Clearing {currency}"),
        iban: clearing_iban(environment, currency)
            .map_err(|fault| store::Error::Broken(format!("clearing account: {fault}")))?,
        owner_name: "Clearing".to_owned(),
        product: "System".to_owned(),
        balance: Money::new(0, currency),
        reserved_minor: 0,
        created_at: now,
    })
}

/// A number of the bank's own for each clearing account: bank code 99999, a digit for the
/// environment, the letters of the currency as in an IBAN (A is 10).
fn clearing_iban(
    environment: Environment,
    currency: Currency,
) -> Result<Iban, protocol::iban::IbanFault> {
    let place = match environment {
        Environment::Sandbox => 1,
        Environment::Live => 2,
    };
    let letters: String = currency
        .code()
        .chars()
        .map(|letter| format!("{:02}", letter.to_digit(36).unwrap_or(0)))
        .collect();
    Iban::with_check_digits("LT", &format!("99999{place}0000{letters}"))
}

fn described(account: AccountRecord) -> BankAccount {
    BankAccount {
        available: account.available(),
        reserved: account.reserved(),
        currency: account.balance.currency,
        id: account.id,
        environment: account.environment,
        kind: account.kind.to_string(),
        name: account.name,
        iban: account.iban,
        owner: account.user_id,
        owner_name: account.owner_name,
        product: account.product,
        eligible: Ok(()),
    }
}

fn booked(line: StatementLine) -> BankTransaction {
    BankTransaction {
        balance_after: Some(Money::new(
            line.entry.balance_after,
            line.entry.amount.currency,
        )),
        id: line.entry.id,
        amount: line.entry.amount,
        party_name: line.counterparty_name,
        party_iban: Some(line.counterparty_iban),
        reference: line.reference,
        at: line.entry.booked_at,
    }
}

/// A transfer that has not left the account yet.
fn ordered(transfer: TransferRecord) -> BankTransaction {
    BankTransaction {
        id: transfer.id.into_string(),
        amount: Money::new(-transfer.amount.minor, transfer.amount.currency),
        party_name: transfer.to_name,
        party_iban: Some(transfer.to_iban),
        reference: transfer.reference,
        at: transfer.created_at,
        balance_after: None,
    }
}

fn page(mut found: Vec<BankTransaction>, limit: u32) -> TransactionPage {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = found.len() > limit;
    found.truncate(limit);
    let last = found.last().filter(|_| more);
    let next = last.map(|last| PageMark {
        at: last.at,
        id: last.id.clone(),
    });
    TransactionPage {
        transactions: found,
        next,
    }
}

pub(crate) fn bookmark(mark: &PageMark) -> Bookmark {
    Bookmark {
        at: mark.at,
        id: mark.id.clone(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_clearing_account_has_a_number_of_its_own() {
        let mut numbers = BTreeSet::new();
        for environment in [Environment::Sandbox, Environment::Live] {
            for currency in [Currency::EUR, Currency::PLN, Currency::USD, Currency::JPY] {
                assert!(numbers.insert(clearing_iban(environment, currency).unwrap()));
            }
        }
    }
}
