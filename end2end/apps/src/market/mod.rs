//! A market that writes orders to its sellers into the wallet, with a token of its own.
//!
//! It does what the partner's documentation tells a client to do: fetch a token, keep it, send it with
//! every call, renew it when the wallet answers 401 or 412, and before it is over. Each visitor has a
//! market of their own, with its own token and its own clock, and can make it hard for it.

use std::{
    sync::{Arc, LazyLock},
    time::Duration,
};

use axum::{
    Form, Router,
    extract::{Path, State, rejection::FormRejection},
    http::HeaderMap,
    middleware,
    response::{IntoResponse as _, Response},
    routing::{get, post},
};
use serde::Deserialize;

use self::{
    clerk::{Clerk, Event},
    visitor::{DAY, Deed, Order, Visitor},
    wallet::{Api, Wallet, Which},
};
use crate::{
    Outside,
    front::{self, Front, see_other},
    sessions::Sessions,
};

mod clerk;
mod goods;
mod pages;
mod token;
mod trouble;
mod visitor;
mod wallet;

/// What the market was told when it was registered as an app, and where it lives.
#[derive(Clone)]
pub struct MarketConfig {
    /// Where the market's server reaches the wallet, such as `https://wallet.example`. Without a
    /// trailing slash.
    pub wallet: String,
    /// Where the market's own pages are, such as `https://wallet.example/demo/pincode`. The router is
    /// to be nested at the path of this address. Without a trailing slash.
    pub home: String,
    /// The market's client id.
    pub client_id: String,
    /// The market's secret, for its server only.
    pub client_secret: String,
    /// For how long one tab of a visitor waits while another one renews the token.
    pub patience: Duration,
    /// Time and chance: [`Outside::real`] in the demo.
    pub outside: Outside,
}

/// The running market.
struct Market {
    wallet: Wallet,
    front: Arc<Front>,
    patience: Duration,
    outside: Outside,
    sessions: Sessions<Visitor>,
}

const STYLE: &str = include_str!("style.css");
const ICON: &str = include_str!("icon.svg");

const COOKIE: &str = "market_visitor";

/// The market's routes, to be nested at the path of [`MarketConfig::home`]:
/// `Router::new().nest("/demo/pincode", market(config))`.
pub fn market(config: MarketConfig) -> Router {
    let market = Arc::new(Market::new(config));
    Router::new()
        .route("/", get(stalls))
        .merge(front::files(STYLE, ICON))
        .route("/orders", post(write))
        .route("/orders/{number}", get(order))
        .route("/orders/{number}/{deed}", post(act))
        .fallback(nowhere)
        .layer(middleware::from_fn_with_state(
            market.front.clone(),
            front::guard,
        ))
        .with_state(market)
}

impl Market {
    fn new(config: MarketConfig) -> Self {
        Self {
            wallet: Wallet::new(&config),
            front: Arc::new(Front::new(&config.home, &[], COOKIE, pages::foreign)),
            patience: config.patience,
            outside: config.outside,
            sessions: Sessions::new(),
        }
    }

    /// The market's clock for a visitor who set it ahead, in seconds since the Unix epoch.
    fn clock(&self, ahead: u64) -> u64 {
        self.outside.now() + ahead
    }

    fn with_visitor<R>(
        &self,
        headers: &HeaderMap,
        work: impl FnOnce(&mut Visitor) -> R,
    ) -> Option<R> {
        self.sessions
            .with(self.front.visitor(headers)?, self.outside.now(), work)
    }

    fn address(&self, number: &str) -> String {
        format!("{}/orders/{number}", self.front.path)
    }

    fn unknown(&self) -> Response {
        pages::unknown(&self.front.path).into_response()
    }
}

/// All stalls, and the visit so far.
async fn stalls(State(market): State<Arc<Market>>, headers: HeaderMap) -> Response {
    let (path, now) = (&market.front.path, market.outside.now());
    market
        .with_visitor(&headers, |visitor| pages::stalls(path, visitor, now))
        .unwrap_or_else(|| pages::stalls(path, &Visitor::default(), now))
        .into_response()
}

#[derive(Deserialize)]
struct Choice {
    offer: String,
}

/// "Write the order": a new order.
async fn write(
    State(market): State<Arc<Market>>,
    headers: HeaderMap,
    choice: Result<Form<Choice>, FormRejection>,
) -> Response {
    let offer = choice.ok().and_then(|choice| goods::offer(&choice.offer));
    let Some(offer) = offer else {
        return market.unknown();
    };
    let order = Order {
        number: market.outside.number(),
        offer,
        key: format!("order-{}", market.outside.token()),
        receipt: None,
    };
    let number = order.number.clone();
    let remembered =
        market
            .front
            .remember(&market.sessions, &market.outside, &headers, |visitor| {
                visitor.keep(order);
            });
    talk(&market, &remembered.id, &number, Deed::Write).await;
    remembered.answer(see_other(&market.address(&number)))
}

/// How an order stands, with everything that was said.
async fn order(
    State(market): State<Arc<Market>>,
    Path(number): Path<String>,
    headers: HeaderMap,
) -> Response {
    let (path, now) = (&market.front.path, market.outside.now());
    let page = market.with_visitor(&headers, |visitor| {
        let order = visitor.order(&number)?;
        Some(pages::order(path, visitor, order, now))
    });
    match page.flatten() {
        Some(page) => page.into_response(),
        None => market.unknown(),
    }
}

/// One of the buttons of an order.
async fn act(
    State(market): State<Arc<Market>>,
    Path((number, deed)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let known = market.with_visitor(&headers, |visitor| visitor.order(&number).is_some());
    match (Deed::of(&deed), market.front.visitor(&headers), known) {
        (Some(deed), Some(id), Some(true)) => {
            talk(&market, id, &number, deed).await;
            see_other(&market.address(&number))
        }
        _ => market.unknown(),
    }
}

/// Has a conversation with the wallet about an order, and writes down how it went.
async fn talk(market: &Arc<Market>, id: &str, number: &str, deed: Deed) {
    let begun = market.sessions.with(id, market.outside.now(), |visitor| {
        let order = visitor.order(number)?.clone();
        let talk = visitor.begin(number, deed);
        Some((talk, order, visitor.keyring.clone(), visitor.ahead))
    });
    let Some((talk, order, keyring, ahead)) = begun.flatten() else {
        return;
    };
    let (market, id) = (market.clone(), id.to_owned());
    front::see_through(async move {
        let mut clerk = Clerk {
            market: &market,
            keyring: &keyring,
            ahead,
            events: Vec::new(),
            trail: Vec::new(),
        };
        let outcome = act_on(&mut clerk, deed, &order).await;
        let Clerk { events, trail, .. } = clerk;
        market.sessions.with(&id, market.outside.now(), |visitor| {
            visitor.end(talk, events, trail, outcome);
        });
    })
    .await;
}

/// The fault that the visitor wants, if any; then the call that meets it.
async fn act_on(
    clerk: &mut Clerk<'_>,
    deed: Deed,
    order: &Order,
) -> Result<wallet::Receipt, trouble::Trouble> {
    match deed {
        Deed::Write | Deed::Look => {}
        Deed::Spoil => clerk.give_back(Which::Access).await?,
        Deed::End => clerk.give_back(Which::Refresh).await?,
        Deed::Ahead => clerk.events.push(Event::Ahead(clerk.ahead / DAY)),
    }
    let api = match &order.receipt {
        Some(receipt) if deed != Deed::Write => Api::look(&receipt.transfer_id),
        _ => Api::write(order.offer, &order.key),
    };
    clerk.order(&api).await
}

async fn nowhere(State(market): State<Arc<Market>>) -> Response {
    market.unknown()
}

/// What stands behind the addresses of the market's files: it changes with their content.
static VERSION: LazyLock<String> = LazyLock::new(|| front::version(&[STYLE, ICON]));
