//! What machines call: the OAuth endpoints, the resources behind the tokens, health.
//!
//! HTTP in, HTTP out. A handler reads the request, calls one use case of `engine` and shapes the
//! answer; it decides nothing. There is no SQL and no HTML here: the one page that an endpoint may
//! need, the error page of a bad authorize request, is handed in as [`ProblemPage`].
//!
//! | path | file |
//! |---|---|
//! | `/oauth/authorize` | [`authorize`], [`redirect`] |
//! | `/oauth/token` and the token doors of other dialects | [`token`] |
//! | `/frontend/...` | [`frontend`] |
//! | `/oauth/v1/...`, and what stands before the Wallet API | [`signed`] |
//! | `/rest/v1/...` | `rest/` |
//! | `/oauth/revoke` | [`revoke`] |
//! | `/oauth/introspect` | [`introspect`] |
//! | `/.well-known/...` | [`metadata`] |
//! | `/wallet/v1/...`, `/v1/...` | `resources/`, behind [`guard`] |
//! | `/healthz`, `/readyz` | [`health`] |
//! | `/openapi.json` | [`openapi`] |

mod authorize;
mod back_channel;
mod cookies;
mod cors;
pub mod errors;
mod frontend;
pub mod guard;
mod health;
mod introspect;
pub mod limits;
mod log;
mod metadata;
pub mod openapi;
pub mod peer;
mod received;
mod redirect;
mod resources;
mod rest;
mod revoke;
pub mod routes;
pub mod signed;
mod token;
pub mod trace;

use std::{future::Future, pin::Pin, sync::Arc};

use axum::{Router, extract::DefaultBodyLimit, middleware, response::Response};
use engine::Engine;
use http::{Method, request::Parts};
use protocol::authorization::ProblemView;

pub use crate::{errors::Failure, limits::Limits, redirect::to_client, routes::Routes};

/// Renders the error page of a browser request. `Parts` is the head of that request.
pub type ProblemPage =
    Arc<dyn Fn(ProblemView, Parts) -> Pin<Box<dyn Future<Output = Response> + Send>> + Send + Sync>;

/// Tells whether a person is signed in to the browser that sent a request with this head.
pub type SignedIn = Arc<dyn Fn(&Parts) -> Pin<Box<dyn Future<Output = bool> + Send>> + Send + Sync>;

/// What the handlers share. Cheap to clone.
#[derive(Clone)]
pub struct Endpoints {
    /// The use cases.
    pub engine: Engine,
    /// Renders the page of an authorize request that cannot be answered by a redirect.
    pub problem_page: ProblemPage,
    /// Knows whether a person is signed in to the browser that sends a request.
    pub is_signed_in: SignedIn,
    /// How much a request may bring, and how long it may take.
    pub limits: Limits,
}

/// All routes of this crate, to be merged with those of the pages.
pub fn router(endpoints: Endpoints) -> Router {
    serve(routes().into_router(), endpoints)
}

/// Puts around `routes` what every endpoint has: references, limits, errors that are answers.
pub fn serve(routes: Router<Endpoints>, endpoints: Endpoints) -> Router {
    let layer = middleware::from_fn_with_state(endpoints.clone(), trace::layer);
    let received = middleware::from_fn_with_state(endpoints.clone(), received::layer);
    routes
        .method_not_allowed_fallback(routes::wrong_method)
        .layer(received)
        .layer(DefaultBodyLimit::max(endpoints.limits.body_bytes))
        .layer(layer)
        .with_state(endpoints)
}

/// The routes with the list of what there is.
pub fn routes() -> Routes {
    let token = token::routes().post("/oauth/revoke", revoke::standard);
    let public = Routes::new()
        .get(
            "/.well-known/oauth-authorization-server",
            metadata::authorization_server,
        )
        .get("/.well-known/jwks.json", metadata::keys)
        .get("/openapi.json", openapi::document);
    Routes::new()
        .get("/oauth/authorize", authorize::by_query)
        .post("/oauth/authorize", authorize::by_form)
        .post("/oauth/introspect", introspect::standard)
        .and(token.within(|router| router.layer(cors::layer([Method::POST]))))
        .and(public.within(|router| router.layer(cors::layer([Method::GET]))))
        .post("/oauth/v1/session", signed::session::leave)
        .delete("/oauth/v1/token", signed::tokens::revoke)
        .and(frontend::routes())
        .and(resources::routes())
        .and(rest::routes())
        .get("/healthz", health::alive)
        .get("/readyz", health::ready)
}
