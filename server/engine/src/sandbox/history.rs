//! What a person of the open directory owns: three accounts with seven months of a plain life, so that an
//! app finds something on every page, and something from before the last 90 days.

use std::time::Duration;

use protocol::{
    iban::Iban,
    ids::{AccountId, TransferId},
    money::{Currency, Money},
    time::Timestamp,
};
use store::{
    Tx,
    accounts::{AccountKind, AccountRecord, insert_account},
    ledger::{Funds, Posted, Posting, post_transfer},
    transfers::{TransferRecord, TransferStatus, insert_transfer},
    users::UserRecord,
};

use crate::{
    Engine,
    bank::clearing,
    error::{Error, Result},
};

/// How far back it goes, in days.
const DAYS: u64 = 210;

const DAY: Duration = Duration::from_secs(24 * 3600);

/// The accounts: kind, the holder's name for it, product.
const ACCOUNTS: [(AccountKind, &str, &str); 3] = [
    (AccountKind::Wallet, "Wallet", "Countersign Wallet"),
    (AccountKind::Current, "Everyday", "Current account"),
    (AccountKind::Savings, "Rainy days", "Savings account"),
];

const WALLET: usize = 0;
const CURRENT: usize = 1;
const SAVINGS: usize = 2;

/// Where money comes from or goes to.
#[derive(Clone, Copy)]
enum Side {
    /// One of the person's accounts.
    Own(usize),
    /// Somebody elsewhere, with the last digits of their number.
    Other(&'static str, u64),
}

/// Something that happens again and again: first after so many days, then every so many days.
struct Habit {
    first: u64,
    every: u64,
    from: Side,
    to: Side,
    /// In cents; each time a little more or less than the time before, up to `spread`.
    cents: i64,
    spread: i64,
    reference: &'static str,
}

const FORMER_BANK: Side = Side::Other("Former Bank", 700);
const EMPLOYER: Side = Side::Other("UAB Pavyzdys", 701);
const LANDLORD: Side = Side::Other("UAB Namai", 702);
const GROCER: Side = Side::Other("Daržovė", 703);
const CAFE: Side = Side::Other("Kavinė", 704);

#[rustfmt::skip]
#[allow(clippy::inconsistent_digit_grouping, reason = "amounts are written as euros_cents")]
const LIFE: [Habit; 8] = [
    Habit { first: 0, every: DAYS + 1, from: FORMER_BANK, to: Side::Own(CURRENT), cents: 1_850_00, spread: 0, reference: "Opening balance" },
    Habit { first: 0, every: DAYS + 1, from: FORMER_BANK, to: Side::Own(SAVINGS), cents: 900_00, spread: 0, reference: "Opening balance" },
    Habit { first: 1, every: 30, from: Side::Own(CURRENT), to: Side::Own(WALLET), cents: 120_00, spread: 0, reference: "Pocket money" },
    Habit { first: 4, every: 30, from: EMPLOYER, to: Side::Own(CURRENT), cents: 2_140_00, spread: 0, reference: "Salary" },
    Habit { first: 6, every: 30, from: Side::Own(CURRENT), to: LANDLORD, cents: 680_00, spread: 0, reference: "Rent" },
    Habit { first: 7, every: 30, from: Side::Own(CURRENT), to: Side::Own(SAVINGS), cents: 150_00, spread: 0, reference: "Savings" },
    Habit { first: 2, every: 11, from: Side::Own(CURRENT), to: GROCER, cents: 74_10, spread: 23_00, reference: "" },
    Habit { first: 3, every: 17, from: Side::Own(WALLET), to: CAFE, cents: 5_40, spread: 3_00, reference: "" },
];

/// Accounts and their history, ready to be written.
pub(crate) struct Belongings {
    accounts: Vec<AccountRecord>,
    movements: Vec<Movement>,
}

struct Movement {
    transfer: TransferRecord,
    entries: [String; 2],
}

impl Engine {
    /// What a new person owns.
    pub(crate) fn sample_accounts(&self, user: &UserRecord) -> Result<Belongings> {
        let opened = user.created_at - DAY * u32::try_from(DAYS).unwrap_or_default();
        let mut accounts = Vec::new();
        for (place, (kind, name, product)) in (0u64..).zip(ACCOUNTS) {
            accounts.push(AccountRecord {
                id: AccountId::new(self.env.id()),
                user_id: Some(user.id.clone()),
                environment: user.environment,
                kind,
                name: name.to_owned(),
                iban: self.test_iban()?,
                owner_name: user.display_name.clone(),
                product: product.to_owned(),
                balance: Money::new(0, Currency::EUR),
                reserved_minor: 0,
                // A moment apart, because accounts are listed in the order of their making.
                created_at: opened + Duration::from_millis(place),
            });
        }
        let mut movements = Vec::new();
        for (day, habit) in days() {
            let at = opened + DAY * day + Duration::from_secs(8 * 3600);
            if at < user.created_at {
                movements.push(self.movement(habit, day, at, &accounts)?);
            }
        }
        Ok(Belongings {
            accounts,
            movements,
        })
    }

    fn movement(
        &self,
        habit: &Habit,
        day: u32,
        at: Timestamp,
        accounts: &[AccountRecord],
    ) -> Result<Movement> {
        let side = |side: Side| -> Result<(Option<AccountId>, Iban, String)> {
            Ok(match side {
                Side::Own(place) => {
                    let account = &accounts[place];
                    let id = Some(account.id.clone());
                    (id, account.iban.clone(), account.owner_name.clone())
                }
                Side::Other(name, number) => {
                    let iban = Iban::with_check_digits("LT", &format!("{:016}", 99_000 + number))
                        .map_err(|fault| Error::Broken(format!("a sample IBAN: {fault}")))?;
                    (None, iban, name.to_owned())
                }
            })
        };
        let (from_account, from_iban, from_name) = side(habit.from)?;
        let (to_account, to_iban, to_name) = side(habit.to)?;
        let cents = habit.cents + swing(i64::from(day), habit.spread);
        let transfer = TransferRecord {
            id: TransferId::new(self.env.id()),
            from_account,
            to_account,
            from_iban,
            from_name,
            to_iban,
            to_name,
            amount: Money::new(cents, Currency::EUR),
            reference: habit.reference.to_owned(),
            status: TransferStatus::Pending,
            reason: None,
            client_id: None,
            user_id: None,
            consent_id: None,
            created_at: at,
            booked_at: None,
        };
        Ok(Movement {
            transfer,
            entries: [self.env.id(), self.env.id()],
        })
    }
}

/// What happens on which day, in the order in which it happens.
fn days() -> Vec<(u32, &'static Habit)> {
    let mut days = Vec::new();
    for habit in &LIFE {
        let mut day = habit.first;
        while day <= DAYS {
            days.push((u32::try_from(day).unwrap_or(u32::MAX), habit));
            day += habit.every;
        }
    }
    // Stable: what happens on one day keeps the order of the table.
    days.sort_by_key(|(day, _)| *day);
    days
}

/// A little more or less, so that no two times are alike.
fn swing(day: i64, spread: i64) -> i64 {
    if spread == 0 {
        return 0;
    }
    (day * 379).rem_euclid(2 * spread) - spread
}

impl Belongings {
    /// Writes accounts and movements; the other side of everything is the clearing account, so the books
    /// stay balanced.
    pub async fn write(self, tx: &Tx) -> Result<(), store::Error> {
        let Some(first) = self.accounts.first() else {
            return Ok(());
        };
        let (environment, opened) = (first.environment, first.created_at);
        let elsewhere = clearing(tx, environment, Currency::EUR, opened).await?;
        for account in &self.accounts {
            insert_account(tx, account).await?;
        }
        for Movement { transfer, entries } in self.movements {
            let at = transfer.created_at;
            insert_transfer(tx, &transfer).await?;
            let [debit_entry, credit_entry] = entries;
            let posting = Posting {
                debit: transfer.from_account.unwrap_or_else(|| elsewhere.clone()),
                credit: transfer.to_account.unwrap_or_else(|| elsewhere.clone()),
                transfer: transfer.id,
                amount: transfer.amount,
                funds: Funds::Available,
                debit_entry,
                credit_entry,
                at,
            };
            match post_transfer(tx, &posting).await? {
                Posted::Booked { .. } => {}
                other => {
                    return Err(store::Error::Broken(format!(
                        "a sample movement was not booked: {other:?}"
                    )));
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_goes_below_zero_and_something_is_old() {
        let mut balances = [0_i64; ACCOUNTS.len()];
        for (day, habit) in days() {
            let cents = habit.cents + swing(i64::from(day), habit.spread);
            assert!(cents > 0);
            if let Side::Own(payee) = habit.to {
                balances[payee] += cents;
            }
            if let Side::Own(payer) = habit.from {
                balances[payer] -= cents;
                assert!(balances[payer] >= 0, "day {day}");
            }
        }
        assert!(balances.iter().all(|balance| *balance > 0));
        let old = days()
            .iter()
            .filter(|(day, _)| u64::from(*day) < DAYS - 90)
            .count();
        assert!(old > 20, "{old}");
        assert!(days().len() < 80, "making a person is one transaction");
    }
}
