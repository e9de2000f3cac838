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

/// Each door without a language and with each of them.
pub(crate) fn routes() -> Routes {
    let doors = [
        (None, "/frontend/oauth", "/frontend/oauth/{key}"),
        (
            Some(Locale::En),
            "/frontend/en/oauth",
            "/frontend/en/oauth/{key}",
        ),
        (
            Some(Locale::Lt),
            "/frontend/lt/oauth",
            "/frontend/lt/oauth/{key}",
        ),
        (
            Some(Locale::Ru),
            "/frontend/ru/oauth",
            "/frontend/ru/oauth/{key}",
        ),
    ];
    doors
        .into_iter()
        .fold(Routes::new(), |routes, (locale, open, left)| {
            routes
                .get(open, move |endpoints, request| {
                    by_query(endpoints, request, locale)
                })
                .get(left, move |endpoints, path, request| {
                    by_key(endpoints, path, request, locale)
                })
        })
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
    };
    begin(&endpoints, parts, asking).await
}
