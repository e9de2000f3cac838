//! A web shop that takes payments from the wallet and, if you like, shows your balances.
//!
//! It does what a shop that knows nothing but the public documentation would do: PKCE and a fresh
//! `state` for every try, `iss` compared with the wallet it asked, the code exchanged by its own
//! server, the transfer made with an idempotency key that belongs to the order.

use std::sync::{Arc, LazyLock};

use axum::{
    Router,
    extract::{Path, RawQuery, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    middleware::{self, Next as Inner},
    response::{IntoResponse as _, Response},
    routing::{get, post},
};
use reqwest::Url;
use sha2::{Digest as _, Sha256};

use self::{
    errand::{Goal, Standing, Visitor},
    flow::{Callback, Next},
    wallet::Wallet,
};
use crate::{Outside, sessions::Sessions};

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
    /// Path of `home`, for links and for the cookie.
    path: String,
    origin: String,
    creditor_iban: String,
    outside: Outside,
    sessions: Sessions<Visitor>,
    /// Value of the header `Content-Security-Policy`.
    policy: String,
    is_https: bool,
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
        .route(
            "/style.css",
            get(|| asset("text/css; charset=utf-8", STYLE)),
        )
        .route("/icon.svg", get(|| asset("image/svg+xml", ICON)))
        .route("/orders", post(order))
        .route("/connections", post(connection))
        .route("/{folder}/{number}", get(errand))
        .route("/{folder}/{number}/again", post(again))
        .route("/orders/{number}/ask", post(ask))
        .route("/connections/{number}/end", post(end))
        .fallback(nowhere)
        .layer(middleware::from_fn_with_state(shop.clone(), guard))
        .with_state(shop)
}

impl Shop {
    fn new(config: ShopConfig) -> Self {
        let wallet = Wallet::new(&config);
        let place = |address: &str| Url::parse(address).ok();
        let origin_of = |address: &str| {
            place(address).map_or_else(String::new, |url| url.origin().ascii_serialization())
        };
        let origin = origin_of(&config.home);
        // Browsers hold every redirect after a form post against form-action, so the wallet's
        // origin must be named beside our own.
        let policy = format!(
            "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self' {}; base-uri 'none'; frame-ancestors 'none'",
            origin_of(&config.issuer),
        );
        Self {
            wallet,
            path: place(&config.home).map_or_else(String::new, |url| {
                url.path().trim_end_matches('/').to_owned()
            }),
            is_https: origin.starts_with("https://"),
            origin,
            home: config.home,
            creditor_iban: config.creditor_iban,
            outside: config.outside,
            sessions: Sessions::new(),
            policy,
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
            .with(cookie(headers)?, self.outside.now(), work)
    }

    /// A redirect that a browser follows with GET, whatever it sent before (RFC 9110 §15.4.4).
    fn see_other(&self, location: &str) -> Response {
        let location = HeaderValue::from_str(location).unwrap_or(HeaderValue::from_static("/"));
        (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response()
    }

    fn address(&self, goal: Goal, number: &str) -> String {
        format!("{}/{}/{number}", self.path, goal.folder())
    }
}

/// The product page.
async fn product(State(shop): State<Arc<Shop>>, headers: HeaderMap) -> Response {
    let errands = shop
        .with_visitor(&headers, |visitor| {
            visitor.errands().map(pages::Line::of).collect::<Vec<_>>()
        })
        .unwrap_or_default();
    pages::product(&shop.path, &errands).into_response()
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
    let known = cookie(headers).map(str::to_owned);
    let mut errand = Some(errand);
    let mut keep = |id: &str| {
        shop.sessions.with(id, shop.outside.now(), |visitor| {
            if let Some(errand) = errand.take() {
                visitor.begin(errand);
            }
        })
    };
    let mut response = shop.see_other(&away);
    if known.as_deref().and_then(&mut keep).is_none() {
        // A value that the shop did not make, or has forgotten, never becomes a session.
        let id = shop.outside.token();
        shop.sessions.open(id.clone(), shop.outside.now());
        keep(&id);
        let secure = if shop.is_https { "; Secure" } else { "" };
        let cookie = format!(
            "{COOKIE}={id}; Path={}; HttpOnly; SameSite=Lax{secure}",
            shop.path
        );
        if let Ok(cookie) = HeaderValue::from_str(&cookie) {
            response.headers_mut().insert(header::SET_COOKIE, cookie);
        }
    }
    response
}

/// The registered redirect URI: the browser is back from the wallet.
async fn callback(
    State(shop): State<Arc<Shop>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let query = query.unwrap_or_default();
    let Some(callback) = Callback::parse(&query) else {
        return pages::stranger(&shop.path).into_response();
    };
    match shop.with_visitor(&headers, |visitor| {
        shop.come_back(visitor, callback, &query)
    }) {
        None | Some(Next::Stranger) => pages::stranger(&shop.path).into_response(),
        Some(Next::Show { goal, number }) => shop.see_other(&shop.address(goal, &number)),
        Some(Next::Finish(approved)) => {
            let address = shop.address(approved.goal, &approved.number);
            let number = approved.number.clone();
            settle(&shop, &headers, number, {
                let shop = shop.clone();
                async move { shop.finish(&approved).await }
            })
            .await;
            shop.see_other(&address)
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
        Some(pages::errand(&shop.path, errand))
    });
    match page.flatten() {
        Some(page) => page.into_response(),
        None => pages::unknown(&shop.path).into_response(),
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
        Some(away) => shop.see_other(&away),
        None => pages::unknown(&shop.path).into_response(),
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
    shop.see_other(&shop.address(Goal::Pay, &number))
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
    shop.see_other(&shop.address(Goal::Connect, &number))
}

/// Does the talking in a task of its own, so that it comes to its end even when the visitor closes
/// the browser meanwhile, and writes down how the errand stands then.
async fn settle(
    shop: &Arc<Shop>,
    headers: &HeaderMap,
    number: String,
    talk: impl Future<Output = (Standing, Vec<crate::recorder::Exchange>)> + Send + 'static,
) {
    let Some(id) = cookie(headers).map(str::to_owned) else {
        return;
    };
    let shop = shop.clone();
    let task = tokio::spawn(async move {
        let (standing, trail) = talk.await;
        shop.sessions.with(&id, shop.outside.now(), |visitor| {
            if let Some(errand) = visitor.errand(&number) {
                errand.trail.extend(trail);
                errand.standing = standing;
            }
        });
    });
    if let Err(error) = task.await {
        tracing::error!(%error, "the sample shop's task ended early");
    }
}

/// A file of the shop's; its address changes with the content, so it never gets stale.
async fn asset(content_type: &'static str, content: &'static str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, content_type),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    (headers, content).into_response()
}

async fn nowhere(State(shop): State<Arc<Shop>>) -> Response {
    pages::unknown(&shop.path).into_response()
}

/// What holds for every request: posts come from the shop's own pages, answers carry the headers
/// of a careful site.
async fn guard(State(shop): State<Arc<Shop>>, request: Request, inner: Inner) -> Response {
    let ours = request.method().is_safe() || is_from_our_pages(&shop.origin, request.headers());
    let mut response = if ours {
        inner.run(request).await
    } else {
        pages::foreign(&shop.path).into_response()
    };
    let headers = response.headers_mut();
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    if let Ok(policy) = HeaderValue::from_str(&shop.policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    // Not `no-referrer`: with it browsers send `Origin: null` with our own forms.
    headers.insert(
        header::REFERRER_POLICY,
        HeaderValue::from_static("same-origin"),
    );
    response
}

/// Whether a post was sent by a page of the shop. Current browsers say so in `Sec-Fetch-Site`,
/// older ones in `Origin`.
fn is_from_our_pages(origin: &str, headers: &HeaderMap) -> bool {
    let text = |name: HeaderName| {
        headers
            .get(name)
            .map(|value| value.to_str().unwrap_or_default())
    };
    match (
        text(HeaderName::from_static("sec-fetch-site")),
        text(header::ORIGIN),
    ) {
        (Some(site), _) => site == "same-origin",
        (None, Some(sender)) => sender == origin,
        // Neither: not a browser.
        (None, None) => true,
    }
}

/// Value of the shop's cookie.
fn cookie(headers: &HeaderMap) -> Option<&str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .find_map(|line| {
            line.split(';')
                .find_map(|pair| pair.trim().strip_prefix(COOKIE)?.strip_prefix('='))
        })
}

/// What stands behind the addresses of the shop's files: it changes with their content.
static VERSION: LazyLock<String> = LazyLock::new(|| {
    let digest = Sha256::new()
        .chain_update(STYLE)
        .chain_update(ICON)
        .finalize();
    digest
        .iter()
        .take(4)
        .map(|byte| format!("{byte:02x}"))
        .collect()
});
