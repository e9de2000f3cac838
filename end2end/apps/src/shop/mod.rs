//! A web shop that takes payments from the wallet and, if you like, shows your balances.
//!
//! It does what a shop that knows nothing but the public documentation would do: PKCE and a fresh
//! `state` for every try, `iss` compared with the wallet it asked, the code exchanged by its own
//! server, the transfer made with an idempotency key that belongs to the order.

use std::sync::{Arc, LazyLock};

use axum::{
    Router,
    extract::{Path, RawQuery, State},
    http::HeaderMap,
    middleware,
    response::{IntoResponse as _, Response},
    routing::{get, post},
};

use self::{
    errand::{Goal, Standing, Visitor},
    flow::{Callback, Next},
    wallet::Wallet,
};
use crate::{
    Outside,
    front::{self, Front, see_other},
    recorder::Exchange,
    sessions::Sessions,
};

mod errand;
mod flow;
mod goods;
mod pages;
mod trouble;
mod wallet;

/// What the shop was told when it was registered as an app, and where it lives.
#[derive(Clone)]
pub struct ShopConfig {
    /// The wallet's issuer, such as `https://wallet.example`: where browsers are sent, and what
    /// `iss` must say. Without a trailing slash.
    pub issuer: String,
    /// Where the shop's server reaches the wallet, when that is not the issuer's address (behind
    /// a proxy). Without a trailing slash.
    pub back_channel: Option<String>,
    /// Where the shop's own pages are, such as `https://wallet.example/demo/shop`. The router is
    /// to be nested at the path of this address. Without a trailing slash.
    pub home: String,
    /// The shop's client id.
    pub client_id: String,
    /// The shop's secret, for its server only.
    pub client_secret: String,
    /// The account number of "Countersign Coffee UAB", which is paid.
    pub creditor_iban: String,
    /// Time and chance: [`Outside::real`] in the demo.
    pub outside: Outside,
}

/// The running shop.
struct Shop {
    wallet: Wallet,
    home: String,
    front: Arc<Front>,
    creditor_iban: String,
    outside: Outside,
    sessions: Sessions<Visitor>,
}

/// Registered redirect URI of the shop, below its home.
pub const CALLBACK: &str = "/callback";

const STYLE: &str = include_str!("style.css");
const ICON: &str = include_str!("icon.svg");

const COOKIE: &str = "coffee_visitor";

/// The shop's routes, to be nested at the path of [`ShopConfig::home`]:
/// `Router::new().nest("/demo/shop", shop(config))`.
pub fn shop(config: ShopConfig) -> Router {
    let shop = Arc::new(Shop::new(config));
    Router::new()
        .route("/", get(product))
        .route(CALLBACK, get(callback))
        .merge(front::files(STYLE, ICON))
        .route("/orders", post(order))
        .route("/connections", post(connection))
        .route("/{folder}/{number}", get(errand))
        .route("/{folder}/{number}/again", post(again))
        .route("/orders/{number}/ask", post(ask))
        .route("/connections/{number}/end", post(end))
        .fallback(nowhere)
        .layer(middleware::from_fn_with_state(
            shop.front.clone(),
            front::guard,
        ))
        .with_state(shop)
}

impl Shop {
    fn new(config: ShopConfig) -> Self {
        Self {
            wallet: Wallet::new(&config),
            front: Arc::new(Front::new(
                &config.home,
                &[&config.issuer],
                COOKIE,
                pages::foreign,
            )),
            home: config.home,
            creditor_iban: config.creditor_iban,
            outside: config.outside,
            sessions: Sessions::new(),
        }
    }

    /// The registered redirect URI.
    fn redirect_uri(&self) -> String {
        format!("{}{CALLBACK}", self.home)
    }

    /// What the shop knows of the sender of a request.
    fn with_visitor<R>(
        &self,
        headers: &HeaderMap,
        work: impl FnOnce(&mut Visitor) -> R,
    ) -> Option<R> {
        self.sessions
            .with(self.front.visitor(headers)?, self.outside.now(), work)
    }

    fn address(&self, goal: Goal, number: &str) -> String {
        format!("{}/{}/{number}", self.front.path, goal.folder())
    }
}

/// The product page.
async fn product(State(shop): State<Arc<Shop>>, headers: HeaderMap) -> Response {
    let errands = shop
        .with_visitor(&headers, |visitor| {
            visitor.errands().map(pages::Line::of).collect::<Vec<_>>()
        })
        .unwrap_or_default();
    pages::product(&shop.front.path, &errands).into_response()
}

/// "Pay from your wallet": a new order.
async fn order(State(shop): State<Arc<Shop>>, headers: HeaderMap) -> Response {
    begin(&shop, &headers, Goal::Pay)
}

/// "Connect your accounts": a new connection.
async fn connection(State(shop): State<Arc<Shop>>, headers: HeaderMap) -> Response {
    begin(&shop, &headers, Goal::Connect)
}

fn begin(shop: &Shop, headers: &HeaderMap, goal: Goal) -> Response {
    let mut errand = shop.errand(goal);
    let away = shop.send_away(&mut errand);
    let remembered = shop
        .front
        .remember(&shop.sessions, &shop.outside, headers, |visitor| {
            visitor.begin(errand)
        });
    remembered.answer(see_other(&away))
}

/// The registered redirect URI: the browser is back from the wallet.
async fn callback(
    State(shop): State<Arc<Shop>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let query = query.unwrap_or_default();
    let Some(callback) = Callback::parse(&query) else {
        return pages::stranger(&shop.front.path).into_response();
    };
    match shop.with_visitor(&headers, |visitor| {
        shop.come_back(visitor, callback, &query)
    }) {
        None | Some(Next::Stranger) => pages::stranger(&shop.front.path).into_response(),
        Some(Next::Show { goal, number }) => see_other(&shop.address(goal, &number)),
        Some(Next::Finish(approved)) => {
            let address = shop.address(approved.goal, &approved.number);
            let number = approved.number.clone();
            settle(&shop, &headers, number, {
                let shop = shop.clone();
                async move { shop.finish(&approved).await }
            })
            .await;
            see_other(&address)
        }
    }
}

/// How an errand stands, with everything that was said.
async fn errand(
    State(shop): State<Arc<Shop>>,
    Path((folder, number)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let page = shop.with_visitor(&headers, |visitor| {
        let errand = visitor
            .errand(&number)
            .filter(|errand| errand.goal.folder() == folder)?;
        Some(pages::errand(&shop.front.path, errand))
    });
    match page.flatten() {
        Some(page) => page.into_response(),
        None => pages::unknown(&shop.front.path).into_response(),
    }
}

/// Another try: the same order, a new authorization.
async fn again(
    State(shop): State<Arc<Shop>>,
    Path((folder, number)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let away = shop.with_visitor(&headers, |visitor| {
        let errand = visitor
            .errand(&number)
            .filter(|errand| errand.goal.folder() == folder)?;
        match errand.standing {
            Standing::Failed(_) | Standing::Away { .. } | Standing::Ended => {
                Some(shop.send_away(errand))
            }
            _ => Some(shop.address(errand.goal, &errand.number)),
        }
    });
    match away.flatten() {
        Some(away) => see_other(&away),
        None => pages::unknown(&shop.front.path).into_response(),
    }
}

/// Asks once more what became of a transfer: the same token, the same key.
async fn ask(
    State(shop): State<Arc<Shop>>,
    Path(number): Path<String>,
    headers: HeaderMap,
) -> Response {
    let open = shop.with_visitor(&headers, |visitor| {
        let errand = visitor.errand(&number)?;
        let Standing::Open { token } = &errand.standing else {
            return None;
        };
        let open = (token.clone(), errand.key.clone());
        errand.standing = Standing::Asking;
        Some(open)
    });
    if let Some((token, key)) = open.flatten() {
        settle(&shop, &headers, number.clone(), {
            let shop = shop.clone();
            async move {
                let mut trail = Vec::new();
                (shop.pay(&mut trail, token, &key).await, trail)
            }
        })
        .await;
    }
    see_other(&shop.address(Goal::Pay, &number))
}

/// "Disconnect": the token goes back.
async fn end(
    State(shop): State<Arc<Shop>>,
    Path(number): Path<String>,
    headers: HeaderMap,
) -> Response {
    let connected = shop.with_visitor(&headers, |visitor| {
        let errand = visitor.errand(&number)?;
        let Standing::Connected { token, .. } = &errand.standing else {
            return None;
        };
        let token = token.clone();
        errand.standing = Standing::Asking;
        Some(token)
    });
    if let Some(token) = connected.flatten() {
        settle(&shop, &headers, number.clone(), {
            let shop = shop.clone();
            async move {
                let mut trail = Vec::new();
                let standing = match shop.wallet.revoke(&mut trail, &token).await {
                    Ok(()) => Standing::Ended,
                    Err(trouble) => Standing::Failed(trouble),
                };
                (standing, trail)
            }
        })
        .await;
    }
    see_other(&shop.address(Goal::Connect, &number))
}

/// Does the talking and writes down how the errand stands then.
async fn settle(
    shop: &Arc<Shop>,
    headers: &HeaderMap,
    number: String,
    talk: impl Future<Output = (Standing, Vec<Exchange>)> + Send + 'static,
) {
    let Some(id) = shop.front.visitor(headers).map(str::to_owned) else {
        return;
    };
    let shop = shop.clone();
    front::see_through(async move {
        let (standing, trail) = talk.await;
        shop.sessions.with(&id, shop.outside.now(), |visitor| {
            if let Some(errand) = visitor.errand(&number) {
                errand.trail.extend(trail);
                errand.standing = standing;
            }
        });
    })
    .await;
}

async fn nowhere(State(shop): State<Arc<Shop>>) -> Response {
    pages::unknown(&shop.front.path).into_response()
}

/// What stands behind the addresses of the shop's files: it changes with their content.
static VERSION: LazyLock<String> = LazyLock::new(|| front::version(&[STYLE, ICON]));
