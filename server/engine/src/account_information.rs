//! Account information behind a token (NextGenPSD2): accounts, balances and transactions of
//! the accounts that the person chose, and nothing of any other.
//!
//! The consent stands in the token: the scope `ais`, or `AIS:<consentId>` for a consent that was made
//! before. When it has run out or was withdrawn, the token is no good and never comes this far.

use protocol::{
    ids::{AccountId, ConsentId},
    time::{Date, Timestamp},
};

use crate::{
    Engine,
    access::Access,
    bank::{BankAccount, BookingStatus, PageMark, TransactionPage, TransactionQuery},
    error::Result,
};

/// Days of transactions that need no fresh strong authentication for as long as the consent holds
/// (Delegated Regulation (EU) 2018/389, Article 10a: the last 90 days).
pub const RECENT_DAYS: i64 = 90;

/// Most transactions on one page.
pub const LARGEST_PAGE: u32 = 100;

/// Which transactions a third party asks for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StatementRequest {
    /// First day; [`RECENT_DAYS`] back when absent.
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

/// Why there is no statement.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum StatementRefusal {
    /// No such account, or not one that the person chose. Nobody is told which.
    #[error("there is no such account in this consent")]
    UnknownAccount,
    /// The period ends before it begins, or begins after today.
    #[error("the period must begin before it ends, and not after today")]
    Period,
}

impl Engine {
    /// One of the accounts that the person chose.
    pub async fn chosen_account(
        &self,
        access: &Access,
        id: &AccountId,
    ) -> Result<Option<BankAccount>> {
        Ok(self
            .chosen_accounts(access)
            .await?
            .into_iter()
            .find(|account| account.id == *id))
    }

    /// What happened on one of the accounts that the person chose.
    pub async fn statement(
        &self,
        access: &Access,
        id: &AccountId,
        request: &StatementRequest,
    ) -> Result<Result<Statement, StatementRefusal>> {
        let Some(account) = self.chosen_account(access, id).await? else {
            return Ok(Err(StatementRefusal::UnknownAccount));
        };
        let now = self.env.now();
        let today = now.date();
        let to = request.to.unwrap_or(today);
        let from = request.from.unwrap_or_else(|| to.plus_days(-RECENT_DAYS));
        if from > to || from > today {
            return Ok(Err(StatementRefusal::Period));
        }
        if needs_fresh_authentication(from, confirmed_at(access), now) {
            // Told to nobody yet: the data is given, and the log says how often it would matter.
            tracing::debug!(client = %access.client, %from, "transactions older than 90 days were read");
        }
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
            statement.booked = Some(self.env.bank.transactions(id, &query).await?);
        }
        if request.status != WantedStatus::Booked {
            statement.pending = Some(match &request.after {
                None => {
                    self.env
                        .bank
                        .transactions(id, &wanted(BookingStatus::Pending, None))
                        .await?
                }
                Some(_) => TransactionPage::default(),
            });
        }
        Ok(Ok(statement))
    }

    /// The consent behind a token, as third parties name it.
    pub fn consent_id<'a>(&self, access: &'a Access) -> Option<&'a ConsentId> {
        access.consent.as_ref().map(|consent| &consent.id)
    }
}

/// When the person last proved who they are for this consent.
fn confirmed_at(access: &Access) -> Timestamp {
    access
        .consent
        .as_ref()
        .map_or(access.issued_at, |consent| consent.created_at)
}

/// Whether transactions from this day on may be read only shortly after strong authentication
/// (Article 10a: the exemption covers the last 90 days). The rule is here so that a bank can switch it
/// on; it is not enforced yet, because the answer to it (`SCA required`, then a new authorization) needs
/// the consents interface.
fn needs_fresh_authentication(from: Date, confirmed_at: Timestamp, now: Timestamp) -> bool {
    let recent = now.date().plus_days(-RECENT_DAYS);
    from < recent && confirmed_at.date() < now.date()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_old_transactions_need_fresh_authentication_and_only_later() {
        let day = |text: &str| text.parse::<Date>().unwrap();
        let now = day("2026-11-22").midnight();
        let earlier = day("2026-10-01").midnight();
        assert!(!needs_fresh_authentication(day("2026-08-24"), earlier, now));
        assert!(needs_fresh_authentication(day("2026-08-23"), earlier, now));
        assert!(!needs_fresh_authentication(day("2024-01-01"), now, now));
    }
}
