//! The system that holds accounts and moves money, seen through one trait.
//!
//! [`Ledger`] is the embedded default: double entry on our own store. A bank puts its core banking
//! system behind [`Bank`] instead, and nothing else in the house changes: the consent page lists
//! what [`Bank::accounts_of`] says, the wallet's API and account information read what
//! [`Bank::transactions`] says, and money moves by [`Bank::execute`] alone.
//!
//! What such a system must promise is written at each call. None of them is told who asks: whether
//! a person may see or use an account was decided before.

mod ledger;
mod reservation;
mod stretch;

use std::{future::Future, pin::Pin};

use protocol::{
    client::Environment,
    iban::Iban,
    ids::{AccountId, ReservationId, TransferId, UserId},
    money::{Currency, Money},
    time::{Date, Timestamp},
};

pub use ledger::Ledger;
pub(crate) use ledger::{bookmark, clearing, clearing_account};
pub use reservation::{
    AppAccount, CaptureOrder, CaptureOutcome, CapturePayment, ReleaseOutcome, ReserveOrder,
    ReserveOutcome,
};
pub use stretch::{Stretch, StretchQuery};

use crate::error::Result;

/// An answer that is on its way.
pub type Pending<'a, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>;

/// A bank's core, as far as this server needs it.
///
/// Every call answers [`crate::Error::Busy`] when the bank cannot be asked right now and
/// [`crate::Error::Broken`] when it said something that cannot be right. After either, nothing is
/// known about what the bank did; every call that changes something may then be made again with the
/// same order.
pub trait Bank: Send + Sync {
    /// The accounts of a person, in the order in which the person is used to see them. Account ids
    /// stay the same for as long as the account exists. Unknown persons have none.
    fn accounts_of<'a>(&'a self, user: &'a UserId) -> Pending<'a, Vec<BankAccount>>;

    /// One account; `None` when there is no such account.
    fn account<'a>(&'a self, account: &'a AccountId) -> Pending<'a, Option<BankAccount>>;

    /// What happened on an account, newest first, a page at a time. An account that does not exist
    /// has an empty page. The order is total and does not change: a page that begins after a mark
    /// continues exactly where the page that gave the mark ended, whatever was booked meanwhile.
    fn transactions<'a>(
        &'a self,
        account: &'a AccountId,
        query: &'a TransactionQuery,
    ) -> Pending<'a, TransactionPage>;

    /// What was booked on an account in a period, newest first, by number: how many there are, and those after
    /// the first `offset`. For interfaces that page like that; what is booked meanwhile moves the numbers.
    ///
    /// The default walks through [`Bank::transactions`]. A bank that can count does better.
    fn stretch<'a>(
        &'a self,
        account: &'a AccountId,
        query: &'a StretchQuery,
    ) -> Pending<'a, Stretch> {
        Box::pin(stretch::walked(self, account, query))
    }

    /// Moves money, once.
    ///
    /// The order's id is the idempotency key. Called again with the same id, at any later time, from
    /// any node, also while the first call runs, the bank answers with the outcome of the first
    /// call and moves nothing. [`TransferOutcome::Booked`] and [`TransferOutcome::Rejected`] are
    /// final: an order that was answered with one of them is answered with it for ever.
    ///
    /// The check that the payer can pay and the debit are one step: two orders at once never take
    /// what is there only once. Either both sides are booked or none. An order may not leave its
    /// account's environment.
    fn execute(&self, order: TransferOrder) -> Pending<'_, TransferOutcome>;

    /// Sets money aside, once: it stays on the account, and nothing else can spend it.
    ///
    /// The order's id is the idempotency key. Called again with the same id, at any later time, from
    /// any node, also while the first call runs, the bank answers with the outcome of the first call
    /// and sets nothing aside, also when the money was paid out or given back since. Both outcomes are
    /// final. The check that enough is available and the setting aside are one step.
    fn reserve(&self, order: ReserveOrder) -> Pending<'_, ReserveOutcome>;

    /// Pays out of what was set aside, once, and gives back what is left over.
    ///
    /// The reservation is the idempotency key: it is paid out once or never. Called again, the bank
    /// answers with the outcome of the call that settled it and moves nothing. All payments are booked
    /// and the rest is available again, in one step, or nothing happened. Of [`Bank::capture`] and
    /// [`Bank::release`] at the same moment exactly one does something, and both tell which.
    fn capture(&self, order: CaptureOrder) -> Pending<'_, CaptureOutcome>;

    /// Gives back what was set aside, once. Called again, the bank answers as before and gives nothing
    /// back. A reservation that the bank does not know, or rejected, counts as released: a call of
    /// [`Bank::reserve`] with that id must not come later, which is the caller's duty.
    fn release<'a>(&'a self, reservation: &'a ReservationId) -> Pending<'a, ReleaseOutcome>;

    /// The account on which an app is paid, one for each currency; made when it is asked for the first
    /// time. It is always the same one, whatever `owner_name` says later, and nobody pays from it
    /// through this server.
    fn app_account<'a>(&'a self, app: &'a AppAccount) -> Pending<'a, BankAccount>;
}

/// An account as the bank describes it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BankAccount {
    /// Its id; never shown to people.
    pub id: AccountId,
    /// Play money or real money.
    pub environment: Environment,
    /// `wallet`, `current` or `savings`: a key of the translation files.
    pub kind: String,
    /// The holder's own name for it.
    pub name: String,
    /// Its number.
    pub iban: Iban,
    /// What it holds.
    pub currency: Currency,
    /// The person whose it is; nobody when that is nobody who signs in here.
    pub owner: Option<UserId>,
    /// The name of whose it is.
    pub owner_name: String,
    /// What the bank calls this kind of account.
    pub product: String,
    /// What can be paid out now.
    pub available: Money,
    /// What is set aside and cannot be paid out.
    pub reserved: Money,
    /// Whether apps may be given access, and if not, why (a text key).
    pub eligible: Result<(), &'static str>,
}

impl BankAccount {
    /// Everything that is booked: available and reserved.
    pub fn booked(&self) -> Money {
        Money::new(
            self.available.minor.saturating_add(self.reserved.minor),
            self.currency,
        )
    }
}

/// Which transactions are wanted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TransactionQuery {
    /// First day, in UTC.
    pub from: Date,
    /// Last day, in UTC, included.
    pub to: Date,
    /// Booked or still to be booked.
    pub status: BookingStatus,
    /// Begin after this mark, which came with an earlier page.
    pub after: Option<PageMark>,
    /// How many at most.
    pub limit: u32,
}

/// Whether a movement is final.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum BookingStatus {
    /// It is.
    Booked,
    /// It was ordered and is not booked yet.
    Pending,
}

/// Where a page ended: the instant and the id of its last row. Keyset paging: what comes in
/// meanwhile neither repeats nor hides a row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PageMark {
    /// When the last row of the page happened.
    pub at: Timestamp,
    /// Its id.
    pub id: String,
}

impl PageMark {
    /// Reads the text of a mark, `1795347727000.019a...`. `None` when it is not one.
    pub fn parse(text: &str) -> Option<Self> {
        let (at, id) = text.split_once('.')?;
        let plain = !id.is_empty()
            && id.len() <= 64
            && id
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
        plain.then_some(Self {
            at: Timestamp::from_millis(at.parse().ok()?),
            id: id.to_owned(),
        })
    }
}

impl std::fmt::Display for PageMark {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.at.millis(), self.id)
    }
}

/// A page of transactions.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct TransactionPage {
    /// Newest first.
    pub transactions: Vec<BankTransaction>,
    /// Where the next page begins; `None` when this was the last one.
    pub next: Option<PageMark>,
}

/// One movement on one account.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BankTransaction {
    /// Its id, unique on the account.
    pub id: String,
    /// Negative when money went out.
    pub amount: Money,
    /// Who is on the other side.
    pub party_name: String,
    /// Their account, where the bank knows it.
    pub party_iban: Option<Iban>,
    /// What it was for.
    pub reference: String,
    /// When it was booked or, as long as it is not, when it was ordered.
    pub at: Timestamp,
    /// The account's booked balance after it; only for booked ones.
    pub balance_after: Option<Money>,
}

/// An order to move money.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TransferOrder {
    /// The idempotency key, see [`Bank::execute`].
    pub id: TransferId,
    /// The account that pays.
    pub from: AccountId,
    /// How much, more than zero.
    pub amount: Money,
    /// Who is paid.
    pub creditor_name: String,
    /// Where to.
    pub creditor_iban: Iban,
    /// What the payee reads; may be empty.
    pub reference: String,
}

/// What became of an order.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TransferOutcome {
    /// Both sides are booked. Final.
    Booked {
        /// When.
        at: Timestamp,
    },
    /// The bank has taken the order and will book or reject it later. Asking again with the same
    /// order tells when it did.
    Accepted,
    /// Nothing was moved and nothing will be. Final.
    Rejected(Rejection),
}

/// Why a bank does not move money.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, thiserror::Error)]
pub enum Rejection {
    /// Less is available than is to be paid.
    #[error("the account holds too little money")]
    TooLittleMoney,
    /// The paying account is gone, closed or blocked.
    #[error("the account cannot pay")]
    AccountClosed,
    /// The amount is in another currency than one of the two accounts.
    #[error("the amount is in another currency than the account")]
    OtherCurrency,
    /// Payer and payee are the same account.
    #[error("the money would go back to the same account")]
    SameAccount,
}

impl Rejection {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::TooLittleMoney,
        Self::AccountClosed,
        Self::OtherCurrency,
        Self::SameAccount,
    ];

    /// The word for it, in storage and on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TooLittleMoney => "insufficient_funds",
            Self::AccountClosed => "account_closed",
            Self::OtherCurrency => "other_currency",
            Self::SameAccount => "same_account",
        }
    }

    /// The reason with this word.
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.as_str() == word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_reads_as_it_was_written() {
        let mark = PageMark {
            at: Timestamp::from_millis(1_795_347_727_123),
            id: "019a-x_7".into(),
        };
        assert_eq!(PageMark::parse(&mark.to_string()), Some(mark));
        for text in [
            "",
            "1",
            "1.",
            ".a",
            "x.a",
            "1.a b",
            "1.a'--",
            &format!("1.{}", "a".repeat(65)),
        ] {
            assert_eq!(PageMark::parse(text), None, "{text}");
        }
    }

    #[test]
    fn every_rejection_has_its_own_word() {
        for rejection in Rejection::ALL {
            assert_eq!(Rejection::of(rejection.as_str()), Some(rejection));
        }
    }
}
