//! The market's session of one visitor: orders, conversations, a token and a clock.

use std::sync::Arc;

use super::{
    clerk::{Event, Keyring},
    goods::Offer,
    trouble::Trouble,
    wallet::Receipt,
};
use crate::recorder::Exchange;

/// How many orders of one visitor are remembered; the oldest go first.
const MOST_ORDERS: usize = 10;

/// How many conversations of one visitor are remembered; the oldest go first.
const MOST_TALKS: usize = 8;

/// A day, in seconds.
pub(super) const DAY: u64 = 86_400;

/// The market's clock goes no further ahead than this, in seconds.
const FURTHEST: u64 = 365 * DAY;

/// What is known of a visitor.
#[derive(Default)]
pub(super) struct Visitor {
    orders: Vec<Order>,
    talks: Vec<Talk>,
    begun: u64,
    /// How far the market's clock is ahead for this visitor, in seconds.
    pub(super) ahead: u64,
    /// The token of this visitor's market.
    pub(super) keyring: Arc<Keyring>,
}

/// One order at one seller.
#[derive(Clone)]
pub(super) struct Order {
    /// Its number, in addresses and in talks with the market.
    pub(super) number: String,
    pub(super) offer: &'static Offer,
    /// The idempotency key: it belongs to the order, not to a try.
    pub(super) key: String,
    /// What the wallet last said of it; none while it is not written down there.
    pub(super) receipt: Option<Receipt>,
}

/// What a visitor can have done with an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Deed {
    /// Write it down.
    Write,
    /// Ask how it stands.
    Look,
    /// Make the access token worthless, and ask.
    Spoil,
    /// End the session, and ask.
    End,
    /// Set the market's clock ahead, and ask.
    Ahead,
}

impl Deed {
    /// The last part of a form's address.
    pub(super) fn of(word: &str) -> Option<Self> {
        let all = [Self::Write, Self::Look, Self::Spoil, Self::End, Self::Ahead];
        all.into_iter().find(|deed| deed.word() == word)
    }

    /// The last part of the form's address.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Write => "write",
            Self::Look => "look",
            Self::Spoil => "spoil",
            Self::End => "end",
            Self::Ahead => "ahead",
        }
    }
}

/// One conversation with the wallet.
pub(super) struct Talk {
    id: u64,
    /// The number of the order that it is about.
    order: String,
    pub(super) deed: Deed,
    pub(super) events: Vec<Event>,
    pub(super) trail: Vec<Exchange>,
    pub(super) outcome: Outcome,
}

/// How a conversation ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Running,
    Done,
    Failed(Trouble),
}

impl Visitor {
    /// All orders, newest first.
    pub(super) fn orders(&self) -> impl Iterator<Item = &Order> {
        self.orders.iter().rev()
    }

    /// The order with this number.
    pub(super) fn order(&self, number: &str) -> Option<&Order> {
        self.orders.iter().find(|order| order.number == number)
    }

    /// Remembers an order.
    pub(super) fn keep(&mut self, order: Order) {
        if self.orders.len() >= MOST_ORDERS {
            self.orders.remove(0);
        }
        self.orders.push(order);
    }

    /// The conversations about an order, newest first.
    pub(super) fn talks(&self, number: &str) -> impl Iterator<Item = &Talk> {
        self.talks
            .iter()
            .rev()
            .filter(move |talk| talk.order == number)
    }

    /// A conversation begins. Answers its id.
    pub(super) fn begin(&mut self, number: &str, deed: Deed) -> u64 {
        if deed == Deed::Ahead {
            self.ahead = (self.ahead + DAY).min(FURTHEST);
        }
        if self.talks.len() >= MOST_TALKS {
            self.talks.remove(0);
        }
        self.begun += 1;
        self.talks.push(Talk {
            id: self.begun,
            order: number.to_owned(),
            deed,
            events: Vec::new(),
            trail: Vec::new(),
            outcome: Outcome::Running,
        });
        self.begun
    }

    /// A conversation has ended: how, and what the wallet said of the order.
    pub(super) fn end(
        &mut self,
        id: u64,
        events: Vec<Event>,
        trail: Vec<Exchange>,
        outcome: Result<Receipt, Trouble>,
    ) {
        let Some(talk) = self.talks.iter_mut().find(|talk| talk.id == id) else {
            return;
        };
        (talk.events, talk.trail) = (events, trail);
        match outcome {
            Err(trouble) => talk.outcome = Outcome::Failed(trouble),
            Ok(receipt) => {
                talk.outcome = Outcome::Done;
                let mut orders = self.orders.iter_mut();
                if let Some(order) = orders.find(|order| order.number == talk.order) {
                    order.receipt = Some(receipt);
                }
            }
        }
    }
}
