//! A router that remembers what it was given, so that the published description of the API can be
//! held against it.

use axum::{Router, handler::Handler, routing::MethodRouter};
use http::{Method, StatusCode};
use protocol::api_error::ApiErrorCode;

use crate::{Endpoints, errors::Failure};

/// Routes with the list of their methods and paths.
#[derive(Default)]
pub struct Routes {
    router: Router<Endpoints>,
    listed: Vec<(Method, &'static str)>,
}

impl Routes {
    /// No routes.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a handler of GET (and HEAD).
    pub fn get<H, T>(self, path: &'static str, handler: H) -> Self
    where
        H: Handler<T, Endpoints>,
        T: 'static,
    {
        self.add(Method::GET, path, axum::routing::get(handler))
    }

    /// Adds a handler of POST.
    pub fn post<H, T>(self, path: &'static str, handler: H) -> Self
    where
        H: Handler<T, Endpoints>,
        T: 'static,
    {
        self.add(Method::POST, path, axum::routing::post(handler))
    }

    /// Adds a handler of PUT.
    pub fn put<H, T>(self, path: &'static str, handler: H) -> Self
    where
        H: Handler<T, Endpoints>,
        T: 'static,
    {
        self.add(Method::PUT, path, axum::routing::put(handler))
    }

    /// Adds a handler of DELETE.
    pub fn delete<H, T>(self, path: &'static str, handler: H) -> Self
    where
        H: Handler<T, Endpoints>,
        T: 'static,
    {
        self.add(Method::DELETE, path, axum::routing::delete(handler))
    }

    /// Adds the routes of another list.
    pub fn and(mut self, other: Self) -> Self {
        self.listed.extend(other.listed);
        self.router = self.router.merge(other.router);
        self
    }

    /// Puts a change around all routes so far, such as a layer; around the answer to a wrong method
    /// too, so that what the layer lets through (a question before a script's request) gets through.
    pub fn within(mut self, change: impl FnOnce(Router<Endpoints>) -> Router<Endpoints>) -> Self {
        self.router = change(self.router.method_not_allowed_fallback(wrong_method));
        self
    }

    /// Methods and paths, in the order in which they were added.
    pub fn listed(&self) -> &[(Method, &'static str)] {
        &self.listed
    }

    /// The router.
    pub fn into_router(self) -> Router<Endpoints> {
        self.router
    }

    fn add(mut self, method: Method, path: &'static str, handler: MethodRouter<Endpoints>) -> Self {
        self.listed.push((method, path));
        self.router = self.router.route(path, handler);
        self
    }
}

/// axum adds `Allow` with the methods that there are.
pub(crate) async fn wrong_method() -> Failure {
    Failure::new(
        StatusCode::METHOD_NOT_ALLOWED,
        ApiErrorCode::InvalidRequest,
        "this address does not know the method",
    )
}
