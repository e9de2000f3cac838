//! Booked transactions by number, for a bank that has only pages.

use protocol::{ids::AccountId, time::Timestamp};

use super::{Bank, BankTransaction, BookingStatus, TransactionQuery};
use crate::error::Result;

/// Which booked transactions are wanted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StretchQuery {
    /// Booked at or after this.
    pub from: Timestamp,
    /// Booked before this.
    pub until: Timestamp,
    /// How many of the newest are left out.
    pub offset: u32,
    /// How many at most.
    pub limit: u32,
}

/// Some of the transactions of a period.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Stretch {
    /// Newest first.
    pub transactions: Vec<BankTransaction>,
    /// How many there are in the period.
    pub total: u64,
}

/// Transactions that are read at once.
const PAGE: u32 = 500;

/// Walks through all transactions of the period and keeps those that are wanted.
pub(super) async fn walked<B: Bank + ?Sized>(
    bank: &B,
    account: &AccountId,
    query: &StretchQuery,
) -> Result<Stretch> {
    let mut stretch = Stretch::default();
    let mut pages = TransactionQuery {
        from: query.from.date(),
        to: query.until.date(),
        status: BookingStatus::Booked,
        after: None,
        limit: PAGE,
    };
    let wanted = u64::from(query.offset)..u64::from(query.offset) + u64::from(query.limit);
    loop {
        let page = bank.transactions(account, &pages).await?;
        for transaction in page.transactions {
            if (query.from..query.until).contains(&transaction.at) {
                if wanted.contains(&stretch.total) {
                    stretch.transactions.push(transaction);
                }
                stretch.total += 1;
            }
        }
        match page.next {
            Some(next) => pages.after = Some(next),
            None => return Ok(stretch),
        }
    }
}
