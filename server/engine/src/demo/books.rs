//! The rows of accounts and their history: both sides of every movement, with running balances.

use std::collections::{BTreeMap, btree_map::Entry};

use protocol::{
    client::Environment,
    ids::{AccountId, TransferId},
    money::{Currency, Money},
    time::Timestamp,
};
use store::{
    accounts::AccountRecord,
    ledger::EntryRecord,
    transfers::{TransferRecord, TransferStatus},
};

use super::{
    habits::Side,
    history::{Movement, balances},
    people::{ACCOUNTS, PEOPLE, Person, account_of},
};
use crate::{bank::clearing_account, error::Error};

/// The rows of accounts and their history.
pub(super) struct Books {
    pub accounts: Vec<AccountRecord>,
    pub clearing: Vec<AccountRecord>,
    pub transfers: Vec<TransferRecord>,
    pub entries: Vec<EntryRecord>,
}

impl Books {
    /// Both sides of every movement, with running balances.
    pub fn of(movements: &[Movement], now: Timestamp) -> Result<Self, Error> {
        let opened = movements.first().map_or(now, |movement| movement.at);
        let mut clearing = BTreeMap::<Currency, AccountRecord>::new();
        for movement in movements {
            if let Entry::Vacant(vacant) = clearing.entry(movement.currency) {
                vacant.insert(clearing_account(
                    Environment::Sandbox,
                    movement.currency,
                    opened,
                )?);
            }
        }
        let mut running = BTreeMap::<AccountId, i64>::new();
        let (mut transfers, mut entries) = (Vec::new(), Vec::new());
        for (number, movement) in movements.iter().enumerate() {
            let transfer = transfer_of(movement, number);
            for (side, sign) in [(movement.from, -1), (movement.to, 1)] {
                let account = match side {
                    Side::Here(purse) => account_of(purse).id(),
                    Side::Elsewhere(_) => clearing[&movement.currency].id.clone(),
                };
                let balance = running.entry(account.clone()).or_default();
                *balance += sign * movement.minor;
                entries.push(EntryRecord {
                    id: row_id(movement.at, number, if sign < 0 { 'd' } else { 'c' }),
                    transfer_id: transfer.id.clone(),
                    account_id: account,
                    amount: Money::new(sign * movement.minor, movement.currency),
                    balance_after: *balance,
                    booked_at: movement.at,
                });
            }
            transfers.push(transfer);
        }
        for account in clearing.values_mut() {
            account.balance.minor = running.get(&account.id).copied().unwrap_or(0);
        }
        let balances = balances(movements);
        let accounts = ACCOUNTS
            .iter()
            .zip(0u64..)
            .map(|(account, place)| AccountRecord {
                id: account.id(),
                user_id: account.owner.and_then(|owner| {
                    PEOPLE
                        .iter()
                        .find(|person| person.username == owner)
                        .map(Person::id)
                }),
                environment: Environment::Sandbox,
                kind: account.kind,
                name: account.name.to_owned(),
                iban: account.iban(),
                owner_name: account.owner_name.to_owned(),
                product: account.product.to_owned(),
                balance: Money::new(balances[&account.purse], account.purse.currency()),
                reserved_minor: 0,
                // A moment apart, because accounts are listed in the order of their making.
                created_at: opened + std::time::Duration::from_millis(place),
            });
        Ok(Self {
            accounts: accounts.collect(),
            clearing: clearing.into_values().collect(),
            transfers,
            entries,
        })
    }
}

fn transfer_of(movement: &Movement, number: usize) -> TransferRecord {
    let side = |side: Side| match side {
        Side::Here(purse) => {
            let account = account_of(purse);
            (Some(account.id()), account.iban(), account.owner_name)
        }
        Side::Elsewhere(party) => (None, party.iban(), party.name),
    };
    let (from_account, from_iban, from_name) = side(movement.from);
    let (to_account, to_iban, to_name) = side(movement.to);
    TransferRecord {
        id: TransferId::new(row_id(movement.at, number, 't')),
        from_account,
        to_account,
        from_iban,
        from_name: from_name.to_owned(),
        to_iban,
        to_name: to_name.to_owned(),
        amount: Money::new(movement.minor, movement.currency),
        reference: movement.reference.clone(),
        status: TransferStatus::Booked,
        reason: None,
        client_id: None,
        user_id: None,
        consent_id: None,
        created_at: movement.at,
        booked_at: Some(movement.at),
    }
}

/// An id that sorts like the instant and the place in the story.
fn row_id(at: Timestamp, number: usize, kind: char) -> String {
    format!("demo-{:013}-{number:05}-{kind}", at.millis())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::demo::history::movements;

    #[test]
    fn every_movement_is_booked_on_two_sides() {
        let now = Timestamp::from_seconds(1_795_347_727);
        let books = Books::of(&movements(now), now).unwrap();
        assert_eq!(books.entries.len(), 2 * books.transfers.len());
        for pair in books.entries.chunks(2) {
            assert_eq!(pair[0].amount.minor, -pair[1].amount.minor);
            assert_eq!(pair[0].transfer_id, pair[1].transfer_id);
        }
        for account in books.accounts.iter().chain(&books.clearing) {
            let entries = books
                .entries
                .iter()
                .filter(|entry| entry.account_id == account.id);
            assert_eq!(
                entries.clone().map(|entry| entry.amount.minor).sum::<i64>(),
                account.balance.minor
            );
            assert_eq!(
                entries.clone().next_back().map(|entry| entry.balance_after),
                Some(account.balance.minor)
            );
        }
        let ids: BTreeSet<&str> = books
            .entries
            .iter()
            .map(|entry| entry.id.as_str())
            .collect();
        assert_eq!(ids.len(), books.entries.len());
    }
}
