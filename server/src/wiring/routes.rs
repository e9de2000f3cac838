//! One router for everything: endpoints, pages, the demo's apps, and the layers around them.
//!
//! From the outside in, a request passes:
//!
//! | layer | for | why here |
//! |---|---|---|
//! | [`access_log`] | all | sees the final answer, and gives every request its reference |
//! | [`headers`](crate::headers) | all | fills in what nothing inside has set |
//! | `pages::never_blank` | all that ask for HTML | turns an error without words from further in into a page |
//! | [`origin`](crate::origin) | all | tells where the request came from; everything inside relies on it |
//! | `pages::switch_language` | all that take HTML | answers instead of the page, the endpoints' error pages too |
//! | a panic is caught | pages | the endpoints catch their own, with JSON |
//! | time limit | pages | covers slow bodies too; the endpoints have their own, with JSON |
//! | body limit | pages | likewise |
//! | [`sessions`] | pages | the store is asked only when there is a cookie |
//! | [`portal_sessions`] | pages of the portal | likewise; a session of its own |
//!
//! The endpoints of machines bring their own limits and error bodies (`endpoints::trace`) and know no
//! sessions, so that a token request costs nothing of what pages need.

use std::sync::Arc;

use axum::{Router, middleware, response::Redirect, routing::get};
use endpoints::{Endpoints, Limits, ProblemPage, SignedIn};
use engine::Engine;
use http::StatusCode;
use sample_apps::{MarketConfig, ShopConfig};
use tower_http::{
    catch_panic::CatchPanicLayer, limit::RequestBodyLimitLayer, timeout::TimeoutLayer,
};

use super::Site;
use crate::{
    access_log::{self, AccessLog},
    in_house::InHouse,
    origin::Edge,
    pages::{self, Pages},
    portal_sessions::{self, PortalSessions},
    sessions::{self, Sessions},
    settings::{Settings, value::Networks},
};

/// What a router is made with besides the engine. The default is that of the settings: no proxies, no
/// demo, the usual limits.
#[derive(Clone, Default)]
pub struct Options {
    /// The static files.
    pub site: Site,
    /// Who may say where a request came from.
    pub proxies: Networks,
    /// The sample shop; only in the demo.
    pub shop: Option<ShopConfig>,
    /// The sample market; only in the demo.
    pub market: Option<MarketConfig>,
    /// How much a request may bring, and how long it may take.
    pub limits: Limits,
    /// Whether numbers are gathered.
    pub with_metrics: bool,
}

impl Options {
    /// By the settings; without the demo.
    pub fn of(settings: &Settings) -> Self {
        Self {
            site: Site::find(settings),
            proxies: settings.trusted_proxies.clone(),
            shop: None,
            market: None,
            limits: Limits {
                body_bytes: settings.request_body_bytes.usize(),
                time: settings.request_seconds.0,
            },
            with_metrics: settings.metrics_listen.is_some(),
        }
    }
}

/// Everything that the server answers. Needs no network: tests call it in memory.
pub fn router(engine: Engine, options: Options) -> Router {
    let env = engine.env();
    let edge = Edge::new(&env.settings.public_url, options.proxies.clone());
    let pages = Pages::new(engine.clone(), options.site.leptos_options());
    let sessions = Sessions::new(
        env.store.clone(),
        Arc::clone(&env.clock),
        env.settings.lifetimes.idle,
        pages.cookies(),
    );
    let portal_sessions = PortalSessions::new(engine.clone(), pages.cookies());
    let log = AccessLog {
        engine: engine.clone(),
        with_metrics: options.with_metrics,
    };

    let machines = endpoints::router(Endpoints {
        problem_page: problem_page(&pages),
        is_signed_in: is_signed_in(&sessions),
        limits: options.limits,
        engine,
    });
    let caller = Arc::new(InHouse::new(machines.clone()));
    let people = pages::router(pages.clone().calling(caller))
        .layer(middleware::from_fn_with_state(
            portal_sessions,
            portal_sessions::carry,
        ))
        .layer(middleware::from_fn_with_state(
            sessions.clone(),
            sessions::carry,
        ))
        .layer(RequestBodyLimitLayer::new(options.limits.body_bytes))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::REQUEST_TIMEOUT,
            options.limits.time,
        ))
        .layer(CatchPanicLayer::new());
    let apps = [
        ("/demo/shop", options.shop.map(sample_apps::shop)),
        ("/demo/pincode", options.market.map(sample_apps::market)),
    ];
    let apps = apps
        .into_iter()
        .fold(Router::new(), |apps, (home, app)| match app {
            Some(app) => apps.nest(home, app).route(
                &format!("{home}/"),
                get(move || async move { Redirect::permanent(home) }),
            ),
            None => apps,
        });
    pages::surround(machines.merge(apps).merge(people), &pages, edge)
        .layer(middleware::from_fn_with_state(log, access_log::layer))
}

/// The page of an authorize request that cannot go on.
fn problem_page(pages: &Pages) -> ProblemPage {
    let pages = pages.clone();
    Arc::new(move |view, parts| {
        let pages = pages.clone();
        Box::pin(async move { pages.problem(parts, view).await })
    })
}

/// Whether somebody is signed in to the browser of an authorize request.
fn is_signed_in(sessions: &Sessions) -> SignedIn {
    let sessions = sessions.clone();
    Arc::new(move |parts| {
        let (sessions, headers) = (sessions.clone(), parts.headers.clone());
        Box::pin(async move { sessions.is_signed_in(&headers).await })
    })
}
