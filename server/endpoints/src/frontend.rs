//! The browser doors of the Paysera Wallet dialect, with the language in the address.

use axum::{
    extract::{Path, Request, State},
    response::{IntoResponse as _, Response},
};
use engine::signed::Left;
use protocol::{form::RawForm, locale::Locale};

use crate::{
    Endpoints, Routes,
    authorize::{Asking, begin},
    errors::Failure,
};

/// The doors under a path: an authorize request, one that was left, a transaction.
macro_rules! doors {
    ($base:literal) => {
        [
            concat!($base, "/oauth"),
            concat!($base, "/oauth/{key}"),
            concat!($base, "/wallet/confirm/{key}"),
        ]
    };
}

/// Each door without a language and with each of them.
pub(crate) fn routes() -> Routes {
    let doors = [
        (None, doors!("/frontend")),
        (Some(Locale::En), doors!("/frontend/en")),
        (Some(Locale::Lt), doors!("/frontend/lt")),
        (Some(Locale::Ru), doors!("/frontend/ru")),
    ];
    let routes = Routes::new().get(
        "/frontend/transaction/confirm-with-oauth/{transaction_key}",
        |endpoints, path, request| accept(endpoints, path, request, None, true),
    );
    doors
        .into_iter()
        .fold(routes, |routes, (locale, [open, left, confirm])| {
            routes
                .get(open, move |endpoints, request| {
                    by_query(endpoints, request, locale)
                })
                .get(left, move |endpoints, path, request| {
                    by_key(endpoints, path, request, locale)
                })
                .get(confirm, move |endpoints, path, request| {
                    accept(endpoints, path, request, locale, false)
                })
        })
}

/// A person is to accept a transaction, and then perhaps to authorize the app by the request in the query.
async fn accept(
    State(endpoints): State<Endpoints>,
    Path(key): Path<String>,
    request: Request,
    locale: Option<Locale>,
    authorizes: bool,
) -> Response {
    let (parts, _) = request.into_parts();
    let form = RawForm::parse(parts.uri.query().unwrap_or_default().as_bytes());
    let asking = Asking {
        form,
        locale,
        username: None,
        transaction: Some((key, authorizes)),
    };
    begin(&endpoints, parts, asking).await
}

/// An authorize request in the query.
async fn by_query(
    State(endpoints): State<Endpoints>,
    request: Request,
    locale: Option<Locale>,
) -> Response {
    let (parts, _) = request.into_parts();
    let form = RawForm::parse(parts.uri.query().unwrap_or_default().as_bytes());
    let asking = Asking {
        form,
        locale,
        username: None,
        transaction: None,
    };
    begin(&endpoints, parts, asking).await
}

/// An authorize request that the app left beforehand. What stands in the query beside the key is not
/// the app's word, and does not count.
async fn by_key(
    State(endpoints): State<Endpoints>,
    Path(key): Path<String>,
    request: Request,
    locale: Option<Locale>,
) -> Response {
    let (parts, _) = request.into_parts();
    let left = match endpoints.engine.left_request(&key).await {
        // A key that is unknown or over: the page for a request that does not say what it wants.
        Ok(left) => left.unwrap_or_else(|| Left {
            form: RawForm::default(),
            email: None,
        }),
        Err(error) => return Failure::from(error).into_response(),
    };
    let asking = Asking {
        form: Ok(left.form),
        locale,
        username: left.email,
        transaction: None,
    };
    begin(&endpoints, parts, asking).await
}
