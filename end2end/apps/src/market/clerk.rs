//! One conversation with the wallet: a call, with a token that is renewed when it must be.
//!
//! ```text
//! token there and fresh? ── no: first token, or renew ──┐
//!          │ yes                                        │
//!          └────────────── call <───────────────────────┘
//!                           │ 401 or 412
//!                         renew (refused: first token) ── the same call once more
//! ```

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{
    Market,
    token::Token,
    trouble::{Said, Trouble},
    wallet::{Api, Receipt, Which, receipt},
};
use crate::{http::Answered, recorder::Exchange};

/// The token of one visitor's market.
#[derive(Default)]
pub(super) struct Keyring {
    /// Whoever renews holds it, so that nobody renews the same token at the same time.
    flight: tokio::sync::Mutex<()>,
    held: Mutex<Held>,
}

/// What is known of the token.
#[derive(Clone, Default)]
pub(super) struct Held {
    pub(super) token: Option<Token>,
    /// How many times a token was asked for with the credentials alone.
    pub(super) begun: u32,
    /// How many times one was renewed.
    pub(super) renewed: u32,
}

impl Keyring {
    /// As it is now.
    pub(super) fn held(&self) -> Held {
        self.lock().clone()
    }

    fn lock(&self) -> MutexGuard<'_, Held> {
        // Nothing inside the lock can be left half done.
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What happened, in the order in which it did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Event {
    /// The access token was given back.
    Spoilt,
    /// The refresh token was given back.
    SessionEnded,
    /// The market's clock stands so many days ahead.
    Ahead(u64),
    /// There was no token.
    NoTokenYet,
    /// By the market's clock the token was nearly over, or over.
    NearlyOver,
    /// A token for the credentials alone.
    Begun,
    /// Renewed.
    Renewed,
    /// The wallet refused to renew.
    NotRenewed,
    /// Somebody else renewed meanwhile.
    RenewedElsewhere,
    /// The wallet's status to the call.
    Answered(u16),
    /// The wallet's status to the same call with the new token.
    AnsweredAgain(u16),
}

/// The market's clerk for one conversation.
pub(super) struct Clerk<'a> {
    pub(super) market: &'a Market,
    pub(super) keyring: &'a Keyring,
    /// How far the market's clock is ahead, in seconds.
    pub(super) ahead: u64,
    pub(super) events: Vec<Event>,
    pub(super) trail: Vec<Exchange>,
}

impl Clerk<'_> {
    /// Gives a token back, as a fault that is made on purpose.
    pub(super) async fn give_back(&mut self, which: Which) -> Result<(), Trouble> {
        let Some(token) = self.keyring.held().token else {
            return Ok(());
        };
        let wallet = &self.market.wallet;
        wallet.revoke(&mut self.trail, &token, which).await?;
        self.events.push(match which {
            Which::Access => Event::Spoilt,
            Which::Refresh => Event::SessionEnded,
        });
        Ok(())
    }

    /// Makes the call and reads the answer about an order.
    pub(super) async fn order(&mut self, api: &Api) -> Result<Receipt, Trouble> {
        receipt(&self.ask(api).await?)
    }

    /// Makes the call. At 401 and 412 renews the token and makes it once more.
    async fn ask(&mut self, api: &Api) -> Result<Answered, Trouble> {
        let wallet = &self.market.wallet;
        let token = self.token(None).await?;
        let answer = wallet.call(&mut self.trail, &token, api).await?;
        self.events.push(Event::Answered(answer.status));
        if !is_over(&answer) {
            return Ok(answer);
        }
        let token = self.token(Some(&token)).await?;
        let answer = wallet.call(&mut self.trail, &token, &api.again()).await?;
        self.events.push(Event::AnsweredAgain(answer.status));
        if is_over(&answer) {
            return Err(Trouble::RefusedAgain(Said::of(&answer)));
        }
        Ok(answer)
    }

    /// A token that is fresh, and not the one that the wallet has just refused.
    async fn token(&mut self, refused: Option<&Token>) -> Result<Token, Trouble> {
        if let Some(token) = self.usable(refused) {
            return Ok(token);
        }
        let keyring = self.keyring;
        let Ok(_flight) = tokio::time::timeout(self.market.patience, keyring.flight.lock()).await
        else {
            return Err(Trouble::Busy);
        };
        if let Some(token) = self.usable(refused) {
            self.events.push(Event::RenewedElsewhere);
            return Ok(token);
        }
        let Some(old) = keyring.held().token else {
            self.events.push(Event::NoTokenYet);
            return self.begin().await;
        };
        if refused.is_none() {
            self.events.push(Event::NearlyOver);
        }
        let market = self.market;
        let ahead = self.ahead;
        let renewed = market
            .wallet
            .refresh(&mut self.trail, &old, || market.clock(ahead))
            .await;
        match renewed {
            Ok(token) => {
                let mut held = keyring.lock();
                held.renewed += 1;
                held.token = Some(token.clone());
                self.events.push(Event::Renewed);
                Ok(token)
            }
            Err(trouble) if trouble.is_end_of_session() => {
                self.events.push(Event::NotRenewed);
                self.begin().await
            }
            Err(trouble) => Err(trouble),
        }
    }

    /// A token for the credentials alone. Only while holding the flight.
    async fn begin(&mut self) -> Result<Token, Trouble> {
        let market = self.market;
        let ahead = self.ahead;
        let token = market
            .wallet
            .first(&mut self.trail, || market.clock(ahead))
            .await?;
        let mut held = self.keyring.lock();
        held.begun += 1;
        held.token = Some(token.clone());
        self.events.push(Event::Begun);
        Ok(token)
    }

    fn usable(&self, refused: Option<&Token>) -> Option<Token> {
        let now = self.market.clock(self.ahead);
        let token = self.keyring.held().token?;
        let is_refused = refused.is_some_and(|refused| refused.access_token == token.access_token);
        (token.is_fresh(now) && !is_refused).then_some(token)
    }
}

/// "Upon receiving a 401/412 status code (i.e. token/session expired)".
fn is_over(answer: &Answered) -> bool {
    matches!(answer.status, 401 | 412)
}
