//! Account information behind a token (NextGenPSD2): accounts, balances and transactions of
//! the accounts that the person chose, and nothing of any other.
//!
//! The consent stands in the token: the scope `ais`, or `AIS:<consentId>` for a consent that was made
//! before. When it has run out or was withdrawn, the token is no good and never comes this far. What is
//! left to check here: that the consent covers this kind of data of this account, that it is not read too
//! often ([`crate::consents`]), and that nothing older than 90 days is read without the person.

use protocol::{
    account_consent::{FRESH, Kind, RECENT_DAYS},
    ids::{AccountId, ConsentId},
    time::{Date, Timestamp},
};

use crate::{
    Engine,
    access::Access,
    bank::{BankAccount, BookingStatus, PageMark, TransactionPage, TransactionQuery},
    consents::{ReadRefusal, Reading, may_read},
    error::Result,
};

/// Most transactions on one page.
pub const LARGEST_PAGE: u32 = 100;

/// Which transactions a third party asks for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StatementRequest {
    /// First day; the last 90 days when absent.
    pub from: Option<Date>,
    /// Last day; today when absent.
    pub to: Option<Date>,
    /// Booked, pending, or both.
    pub status: WantedStatus,
    /// Begin after this mark of an earlier page.
    pub after: Option<PageMark>,
    /// How many booked ones at most.
    pub limit: u32,
}

/// `bookingStatus`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum WantedStatus {
    /// What is final.
    Booked,
    /// What is still to be booked.
    Pending,
    /// All of it.
    Both,
}

/// A statement: one account, a period, a page of what happened in it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Statement {
    /// The account.
    pub account: BankAccount,
    /// First day of the period.
    pub from: Date,
    /// Last day of the period.
    pub to: Date,
    /// Booked transactions, if wanted, and where the next page begins.
    pub booked: Option<TransactionPage>,
    /// Pending transactions, if wanted; all on the first page.
    pub pending: Option<TransactionPage>,
}

/// An account as the consent shows it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ShownAccount {
    /// The account.
    pub account: BankAccount,
    /// Its balances may be read.
    pub balances: bool,
    /// Its transactions may be read.
    pub transactions: bool,
}

/// How a third party asks.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Manner {
    /// The person is there: the third party sent their address.
    pub attended: bool,
    /// With how much is on each account (`withBalance`).
    pub with_balance: bool,
}

/// Why there is no account information.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum InformationRefusal {
    /// No such account, or not one that the person chose. Nobody is told which.
    #[error("there is no such account in this consent")]
    UnknownAccount,
    /// The consent does not cover this kind of data of this account.
    #[error("the consent does not cover this of the account")]
    NotCovered,
    /// The period ends before it begins, or begins after today.
    #[error("the period must begin before it ends, and not after today")]
    Period,
    /// It begins before the last 90 days, and the person has not authenticated just now (Article 10a).
    #[error("transactions from before the last 90 days need strong authentication just before")]
    NotFresh,
    /// Read as often as the consent allows (Article 36(5)(b)).
    #[error("read as often as the consent allows")]
    TooOften,
}

impl From<ReadRefusal> for InformationRefusal {
    fn from(refusal: ReadRefusal) -> Self {
        match refusal {
            ReadRefusal::TooOften => Self::TooOften,
        }
    }
}

impl Engine {
    /// The accounts that the person chose.
    pub async fn account_list(
        &self,
        access: &Access,
        manner: Manner,
    ) -> Result<Result<Vec<ShownAccount>, InformationRefusal>> {
        let accounts: Vec<ShownAccount> = self
            .chosen_accounts(access)
            .await?
            .into_iter()
            .map(|account| shown(access, account))
            .collect();
        let mut what = vec![(None, Kind::List)];
        if manner.with_balance {
            let with_balance = accounts.iter().filter(|shown| shown.balances);
            what.extend(with_balance.map(|shown| (Some(shown.account.id.clone()), Kind::Balances)));
        }
        let reading = Reading {
            attended: manner.attended,
            what,
            next_page: false,
        };
        Ok(match self.read(access, &reading).await? {
            Ok(()) => Ok(accounts),
            Err(refusal) => Err(refusal.into()),
        })
    }

    /// One of the accounts that the person chose.
    pub async fn account_details(
        &self,
        access: &Access,
        id: &AccountId,
        manner: Manner,
    ) -> Result<Result<ShownAccount, InformationRefusal>> {
        let Some(account) = self.chosen_account(access, id).await? else {
            return Ok(Err(InformationRefusal::UnknownAccount));
        };
        let shown = shown(access, account);
        let mut what = vec![(Some(id.clone()), Kind::Details)];
        if manner.with_balance && shown.balances {
            what.push((Some(id.clone()), Kind::Balances));
        }
        let reading = Reading {
            attended: manner.attended,
            what,
            next_page: false,
        };
        Ok(match self.read(access, &reading).await? {
            Ok(()) => Ok(shown),
            Err(refusal) => Err(refusal.into()),
        })
    }

    /// How much is on one of the accounts that the person chose.
    pub async fn account_balances(
        &self,
        access: &Access,
        id: &AccountId,
        manner: Manner,
    ) -> Result<Result<BankAccount, InformationRefusal>> {
        let Some(account) = self.chosen_account(access, id).await? else {
            return Ok(Err(InformationRefusal::UnknownAccount));
        };
        if !covers(access, Kind::Balances, id) {
            return Ok(Err(InformationRefusal::NotCovered));
        }
        let reading = Reading {
            attended: manner.attended,
            what: vec![(Some(id.clone()), Kind::Balances)],
            next_page: false,
        };
        Ok(match self.read(access, &reading).await? {
            Ok(()) => Ok(account),
            Err(refusal) => Err(refusal.into()),
        })
    }

    /// What happened on one of the accounts that the person chose.
    pub async fn statement(
        &self,
        access: &Access,
        id: &AccountId,
        request: &StatementRequest,
        manner: Manner,
    ) -> Result<Result<Statement, InformationRefusal>> {
        let Some(account) = self.chosen_account(access, id).await? else {
            return Ok(Err(InformationRefusal::UnknownAccount));
        };
        if !covers(access, Kind::Transactions, id) {
            return Ok(Err(InformationRefusal::NotCovered));
        }
        let now = self.env.now();
        let today = now.date();
        let to = request.to.unwrap_or(today);
        let from = request.from.unwrap_or_else(|| to.plus_days(-RECENT_DAYS));
        if from > to || from > today {
            return Ok(Err(InformationRefusal::Period));
        }
        if needs_fresh_authentication(from, confirmed_at(access), now) {
            return Ok(Err(InformationRefusal::NotFresh));
        }
        let reading = Reading {
            attended: manner.attended,
            what: vec![(Some(id.clone()), Kind::Transactions)],
            next_page: request.after.is_some(),
        };
        if let Err(refusal) = self.count_read(access, &reading).await? {
            return Ok(Err(refusal.into()));
        }
        let statement = self.period(account, from, to, request).await?;
        let booked = statement.booked.as_ref();
        if booked.is_none_or(|page| page.next.is_none()) {
            self.read_done(access, &reading).await?;
        }
        Ok(Ok(statement))
    }

    /// One of the accounts that the person chose, unread.
    async fn chosen_account(&self, access: &Access, id: &AccountId) -> Result<Option<BankAccount>> {
        Ok(self
            .chosen_accounts(access)
            .await?
            .into_iter()
            .find(|account| account.id == *id))
    }

    /// Counts a read that comes in one piece.
    async fn read(
        &self,
        access: &Access,
        reading: &Reading,
    ) -> Result<std::result::Result<(), ReadRefusal>> {
        let counted = self.count_read(access, reading).await?;
        if counted.is_ok() {
            self.read_done(access, reading).await?;
        }
        Ok(counted)
    }

    /// A page of what happened in a period.
    async fn period(
        &self,
        account: BankAccount,
        from: Date,
        to: Date,
        request: &StatementRequest,
    ) -> Result<Statement> {
        let id = account.id.clone();
        let wanted = |status, after| TransactionQuery {
            from,
            to,
            status,
            after,
            limit: request.limit.clamp(1, LARGEST_PAGE),
        };
        let mut statement = Statement {
            account,
            from,
            to,
            booked: None,
            pending: None,
        };
        if request.status != WantedStatus::Pending {
            let query = wanted(BookingStatus::Booked, request.after.clone());
            statement.booked = Some(self.env.bank.transactions(&id, &query).await?);
        }
        if request.status != WantedStatus::Booked {
            statement.pending = Some(match &request.after {
                None => {
                    self.env
                        .bank
                        .transactions(&id, &wanted(BookingStatus::Pending, None))
                        .await?
                }
                Some(_) => TransactionPage::default(),
            });
        }
        Ok(statement)
    }

    /// The consent behind a token, as third parties name it.
    pub fn consent_id<'a>(&self, access: &'a Access) -> Option<&'a ConsentId> {
        access.consent.as_ref().map(|consent| &consent.id)
    }
}

/// Whether the consent covers this kind of data of an account.
fn covers(access: &Access, kind: Kind, account: &AccountId) -> bool {
    access
        .consent
        .as_ref()
        .is_some_and(|consent| may_read(consent, kind, account))
}

fn shown(access: &Access, account: BankAccount) -> ShownAccount {
    ShownAccount {
        balances: covers(access, Kind::Balances, &account.id),
        transactions: covers(access, Kind::Transactions, &account.id),
        account,
    }
}

/// When the person last proved who they are for this consent.
fn confirmed_at(access: &Access) -> Timestamp {
    access
        .consent
        .as_ref()
        .map_or(access.issued_at, |consent| consent.confirmed_at)
}

/// Whether transactions from this day on may be read only shortly after strong authentication, and it is not
/// shortly after (Article 10a: the exemption covers the last 90 days).
fn needs_fresh_authentication(from: Date, confirmed_at: Timestamp, now: Timestamp) -> bool {
    let recent = now.date().plus_days(-RECENT_DAYS);
    from < recent && now >= confirmed_at + FRESH
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn rts_article_10a_only_old_transactions_need_fresh_authentication_and_only_later() {
        let day = |text: &str| text.parse::<Date>().unwrap();
        let now = day("2026-11-22").midnight();
        let earlier = day("2026-10-01").midnight();
        assert!(!needs_fresh_authentication(day("2026-08-24"), earlier, now));
        assert!(needs_fresh_authentication(day("2026-08-23"), earlier, now));
        assert!(!needs_fresh_authentication(day("2024-01-01"), now, now));
        let end = now + FRESH;
        let before = end - Duration::from_millis(1);
        assert!(!needs_fresh_authentication(day("2024-01-01"), now, before));
        assert!(needs_fresh_authentication(day("2024-01-01"), now, end));
    }
}
