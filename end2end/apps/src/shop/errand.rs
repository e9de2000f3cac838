//! What a visitor does in the shop: an order that is paid, or accounts that are connected.

use serde::Deserialize;

use super::trouble::Trouble;
use crate::recorder::Exchange;

/// How many errands of one visitor are remembered; the oldest go first.
const MOST: usize = 10;

/// The shop's session of one visitor.
#[derive(Default)]
pub(super) struct Visitor {
    errands: Vec<Errand>,
}

impl Visitor {
    /// All errands, newest first.
    pub(super) fn errands(&self) -> impl Iterator<Item = &Errand> {
        self.errands.iter().rev()
    }

    /// The errand with this number.
    pub(super) fn errand(&mut self, number: &str) -> Option<&mut Errand> {
        self.errands
            .iter_mut()
            .find(|errand| errand.number == number)
    }

    /// The errand whose browser was sent to the wallet with this state, now or earlier.
    pub(super) fn sent_with(&mut self, state: &str) -> Option<&mut Errand> {
        self.errands
            .iter_mut()
            .find(|errand| errand.states.iter().any(|known| known == state))
    }

    /// Remembers an errand.
    pub(super) fn begin(&mut self, errand: Errand) {
        if self.errands.len() >= MOST {
            self.errands.remove(0);
        }
        self.errands.push(errand);
    }
}

/// One order, or one connection.
pub(super) struct Errand {
    /// Its number, in addresses and in talks with the shop.
    pub(super) number: String,
    /// What for.
    pub(super) goal: Goal,
    /// The idempotency key of the transfer: it belongs to the order, not to a try.
    pub(super) key: String,
    /// Every state that a browser was sent away with for it; the last one is the current one.
    pub(super) states: Vec<String>,
    /// Every request so far.
    pub(super) trail: Vec<Exchange>,
    /// How it stands.
    pub(super) standing: Standing,
}

/// What an errand is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Goal {
    /// Pay once.
    Pay,
    /// See balances.
    Connect,
}

impl Goal {
    /// Where errands of this kind live.
    pub(super) fn folder(self) -> &'static str {
        match self {
            Self::Pay => "orders",
            Self::Connect => "connections",
        }
    }
}

/// How an errand stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// The browser is at the wallet.
    Away {
        /// Proves at the exchange that it is the shop that asked (RFC 7636).
        verifier: String,
    },
    /// The shop's server talks to the wallet right now.
    Asking,
    /// Paid.
    Paid(Receipt),
    /// Connected.
    Connected {
        /// The access token.
        token: String,
        /// Who allowed it.
        holder: Holder,
        /// What they chose.
        accounts: Vec<Account>,
    },
    /// The token was given back.
    Ended,
    /// It is open whether the transfer was made: the token is kept to ask again.
    Open {
        /// The access token.
        token: String,
    },
    /// It did not work.
    Failed(Trouble),
}

/// The wallet's answer to a transfer.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(super) struct Receipt {
    pub(super) transfer_id: String,
    pub(super) status: String,
    pub(super) amount: String,
    pub(super) currency: String,
    pub(super) created_at: String,
}

/// Who allowed it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(super) struct Holder {
    pub(super) display_name: String,
}

/// One account, as far as the shop may see it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(super) struct Account {
    pub(super) iban: String,
    pub(super) currency: String,
    pub(super) available: String,
    pub(super) reserved: String,
}
