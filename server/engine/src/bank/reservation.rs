//! Money that is set aside before it is paid: what is asked of a bank, and what it may answer.

use protocol::{
    client::Environment,
    iban::Iban,
    ids::{AccountId, ClientId, ReservationId, TransferId},
    money::{Currency, Money},
    time::Timestamp,
};

use super::Rejection;

/// An order to set money aside.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReserveOrder {
    /// The idempotency key, see [`super::Bank::reserve`].
    pub id: ReservationId,
    /// Whose money.
    pub account: AccountId,
    /// How much, more than zero.
    pub amount: Money,
    /// Who is going to be paid.
    pub creditor_iban: Iban,
}

/// What became of an order to set money aside.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ReserveOutcome {
    /// The money was set aside. Final, also when it was paid out or given back since.
    Reserved,
    /// Nothing was set aside and nothing will be. Final.
    Rejected(Rejection),
}

/// An order to pay out money that was set aside, and to give back what is left over.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CaptureOrder {
    /// The reservation; it is the idempotency key, see [`super::Bank::capture`].
    pub id: ReservationId,
    /// What is paid: at least one payment, together no more than was set aside.
    pub payments: Vec<CapturePayment>,
}

/// One payment out of money that was set aside.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CapturePayment {
    /// The id of the movement.
    pub id: TransferId,
    /// How much, more than zero.
    pub amount: Money,
    /// Who is paid.
    pub creditor_name: String,
    /// Where to.
    pub creditor_iban: Iban,
    /// What the payee reads; may be empty.
    pub reference: String,
}

/// What became of an order to pay out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CaptureOutcome {
    /// Everything is booked. Final.
    Captured {
        /// When.
        at: Timestamp,
    },
    /// The money is not set aside: it was given back, or never was. Nothing was moved. Final.
    NotHeld,
}

/// What became of an order to give money back.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ReleaseOutcome {
    /// Nothing of it is set aside any more, and nothing was paid out of it. Final.
    Released,
    /// It was paid out before. Final.
    Captured {
        /// When.
        at: Timestamp,
    },
}

/// The account on which an app is paid.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AppAccount {
    /// The app.
    pub client: ClientId,
    /// Play money or real money: that of the app.
    pub environment: Environment,
    /// Its currency.
    pub currency: Currency,
    /// Whose it is, as payers see it.
    pub owner_name: String,
}
