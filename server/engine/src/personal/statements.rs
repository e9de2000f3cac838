//! What happened in a wallet, newest first, a stretch at a time.

use std::time::Duration;

use protocol::{
    account_consent::RECENT_DAYS,
    iban::Iban,
    money::{Currency, Money},
    scope::Personal,
    time::Timestamp,
};
use sha2::{Digest as _, Sha256};

use super::{Answer, Asker, Whom};
use crate::{
    Engine,
    bank::{BankTransaction, StretchQuery},
    wallet::Direction,
};

/// Which entries of a statement are asked for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StatementRange {
    /// How many at most.
    pub limit: u32,
    /// How many of the newest are left out.
    pub offset: u32,
    /// Only these currencies; all when empty.
    pub currencies: Vec<Currency>,
    /// Not before.
    pub from: Option<Timestamp>,
    /// Not after.
    pub to: Option<Timestamp>,
}

impl StatementRange {
    /// Most entries of one answer.
    pub const LARGEST: u32 = 200;

    /// Entries of one answer when nobody says.
    pub const USUAL: u32 = 20;
}

/// A stretch of a statement.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Statements {
    /// Newest first.
    pub entries: Vec<StatementEntry>,
    /// How many there are in the period.
    pub total: u64,
}

/// One entry.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StatementEntry {
    /// A number that stays the same.
    pub id: i64,
    /// How much, more than zero.
    pub amount: Money,
    /// Which way.
    pub direction: Direction,
    /// When.
    pub at: Timestamp,
    /// What for.
    pub details: String,
    /// Who is on the other side.
    pub party_name: String,
    /// Their account, where the bank knows it.
    pub party_iban: Option<Iban>,
}

impl Engine {
    /// GET `/wallet/{id}/statements`. With `recent_statements` alone, the period begins no earlier than the
    /// last [`RECENT_DAYS`] days do.
    pub async fn wallet_statements(
        &self,
        asker: &Asker<'_>,
        whom: Whom,
        range: &StatementRange,
    ) -> Answer<Statements> {
        let either = [Personal::Statements, Personal::RecentStatements];
        let (rights, account) = match self.wallet_for(asker, whom, &either).await? {
            Ok(found) => found,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let now = self.env.now();
        let recent = now.date().plus_days(-RECENT_DAYS).midnight();
        let earliest = match rights.allow_of(Personal::Statements, &account.id) {
            true => Timestamp::from_millis(0),
            false => recent,
        };
        let query = StretchQuery {
            from: range.from.unwrap_or(earliest).max(earliest),
            // Seconds are what is asked for: the whole last one belongs to the period.
            until: range.to.unwrap_or(now).min(now) + Duration::from_secs(1),
            offset: range.offset,
            limit: range.limit.clamp(1, StatementRange::LARGEST),
        };
        let is_meant = range.currencies.is_empty() || range.currencies.contains(&account.currency);
        if !is_meant || query.from >= query.until {
            return Ok(Ok(Statements {
                entries: Vec::new(),
                total: 0,
            }));
        }
        let stretch = self.env.bank.stretch(&account.id, &query).await?;
        Ok(Ok(Statements {
            entries: stretch.transactions.into_iter().map(entry).collect(),
            total: stretch.total,
        }))
    }
}

fn entry(transaction: BankTransaction) -> StatementEntry {
    let is_out = transaction.amount.minor < 0;
    StatementEntry {
        id: number(&transaction.id),
        amount: Money::new(
            transaction.amount.minor.saturating_abs(),
            transaction.amount.currency,
        ),
        direction: if is_out {
            Direction::Out
        } else {
            Direction::In
        },
        at: transaction.at,
        details: transaction.reference,
        party_name: transaction.party_name,
        party_iban: transaction.party_iban,
    }
}

/// A whole number for an entry: 52 bits of a digest of its id, so that it stays the same wherever it is worked
/// out and every client can hold it (JavaScript's numbers have 53). A
/// statement would need tens of millions of entries before two of them are likely to share one.
fn number(id: &str) -> i64 {
    let digest = Sha256::digest(id);
    let (first, _) = digest.split_at(8);
    let bits = first
        .iter()
        .fold(0_i64, |bits, byte| (bits << 8) | i64::from(*byte));
    (bits >> 11) & ((1 << 52) - 1)
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn numbers_of_entries_stay_and_fit() {
        assert_eq!(number("019a"), number("019a"));
        assert_ne!(number("019a"), number("019b"));
        for at in 0..1_000 {
            let number = number(&at.to_string());
            assert!((0..1 << 52).contains(&number), "{number}");
        }
    }
}
