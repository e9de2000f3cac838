//! The pages over HTTP: what is rendered, what is posted, what lies there as a file.

use std::{sync::Arc, time::Duration};

use app::{
    answer::{Cookies, Stopped, see_other, set_cookies},
    api::playground::SharedCaller,
    visitor::{self, LANGUAGE_COOKIE},
};
use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    http::{
        HeaderMap, HeaderValue, Method, StatusCode,
        header::{ACCEPT, ALLOW, CACHE_CONTROL, CONTENT_TYPE, REFERER},
        request::Parts,
    },
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::post,
};
use engine::{Engine, visit::CookieChange};
use leptos::config::LeptosOptions;
use leptos_axum::{LeptosRoutes, generate_route_list, handle_server_fns_with_context};
use protocol::{
    authorization::{ProblemKind, ProblemView},
    locale::Locale,
};
use tower::ServiceExt as _;
use tower_http::services::ServeDir;

use crate::{
    headers::{self, Transport},
    origin::{self, Edge},
};

/// For how long a chosen language is remembered.
const LANGUAGE_LIFETIME: Duration = Duration::from_secs(365 * 24 * 3600);

/// What pages are made with.
#[derive(Clone)]
pub struct Pages {
    engine: Engine,
    options: LeptosOptions,
    files: ServeDir,
    caller: Option<SharedCaller>,
}

impl Pages {
    /// Pages of this engine. `options` say where the site's files are.
    pub fn new(engine: Engine, options: LeptosOptions) -> Self {
        // Compressed when the site was made, never here: a page with secrets is not compressed.
        let files = ServeDir::new(options.site_root.as_ref())
            .append_index_html_on_directories(false)
            .precompressed_br()
            .precompressed_gzip();
        Self {
            engine,
            options,
            files,
            caller: None,
        }
    }

    /// The same, with somebody who sends the requests of the playground.
    pub fn calling(self, caller: SharedCaller) -> Self {
        Self {
            caller: Some(caller),
            ..self
        }
    }

    /// The page that says why something cannot go on.
    pub async fn problem(&self, parts: Parts, view: ProblemView) -> Response {
        let address = parts.uri.to_string();
        self.stop(
            parts,
            Stopped {
                view: Box::new(view),
                status: None,
                address,
            },
        )
        .await
    }

    /// How cookies of the pages are set.
    pub fn cookies(&self) -> Cookies {
        if self.engine.env().settings.is_https() {
            Cookies::Secure
        } else {
            Cookies::Plain
        }
    }

    async fn stop(&self, parts: Parts, stopped: Stopped) -> Response {
        app::problem_response(self.engine.clone(), self.options.clone(), parts, stopped).await
    }

    /// A problem that has no authorization behind it.
    fn view(&self, headers: &HeaderMap, kind: ProblemKind) -> ProblemView {
        let trace = self.engine.env().trace();
        tracing::info!(trace_id = %trace, problem = kind.key(), "a page cannot be shown");
        ProblemView {
            kind,
            trace,
            at: self.engine.env().now(),
            locale: visitor::language(headers).resolve(),
            app: None,
            way_back: None,
            until: None,
            developer: None,
        }
    }
}

/// Everything that belongs to the pages. Takes what no other route takes.
pub fn router(pages: Pages) -> Router {
    let routes = generate_route_list(app::App);
    Router::new()
        .route("/api/{*form}", post(form).fallback(not_found))
        .leptos_routes_with_handler(routes, page)
        .fallback(file)
        .with_state(pages)
}

// `leptos_routes_with_handler` wants to find the options in the state.
impl axum::extract::FromRef<Pages> for LeptosOptions {
    fn from_ref(pages: &Pages) -> Self {
        pages.options.clone()
    }
}

/// What stands before the handlers of the whole server, pages and endpoints alike, outermost first:
/// headers, a page where an error would be blank, who calls, which language was chosen.
pub fn surround(router: Router, pages: &Pages, edge: Edge) -> Router {
    let is_https = pages.engine.env().settings.is_https();
    let transport = if is_https {
        Transport::Https
    } else {
        Transport::Http
    };
    router
        .layer(from_fn_with_state(pages.cookies(), switch_language))
        .layer(from_fn_with_state(Arc::new(edge), origin::recognise))
        .layer(from_fn_with_state(Arc::new(pages.clone()), never_blank))
        .layer(from_fn_with_state(transport, headers::secure))
}

async fn page(State(pages): State<Pages>, request: Request) -> Response {
    app::page(pages.engine.clone(), pages.options.clone(), request).await
}

/// A form of a page: the server function whose address it is.
async fn form(State(pages): State<Pages>, request: Request) -> Response {
    let (mut parts, body) = request.into_parts();
    let known =
        leptos::server_fn::axum::get_server_fn_service(parts.uri.path(), parts.method.clone());
    if known.is_none() {
        return not_found(State(pages), Request::from_parts(parts, body)).await;
    }
    let original = parts.clone();
    // The function alone says where its form leads. With these headers Leptos would send the
    // browser back to where it came from whenever the function did not answer with a redirect.
    parts.headers.remove(ACCEPT);
    parts.headers.remove(REFERER);
    let (engine, caller) = (pages.engine.clone(), pages.caller.clone());
    let provide = move || {
        leptos::context::provide_context(engine.clone());
        if let Some(caller) = &caller {
            leptos::context::provide_context(caller.clone());
        }
    };
    let mut response = handle_server_fns_with_context(provide, Request::from_parts(parts, body))
        .await
        .into_response();
    match response.extensions_mut().remove::<Stopped>() {
        Some(stopped) => {
            let mut page = pages.stop(original, stopped).await;
            page.headers_mut()
                .extend(std::mem::take(response.headers_mut()));
            page.extensions_mut()
                .extend(std::mem::take(response.extensions_mut()));
            page
        }
        None => response,
    }
}

/// A file of the site, or the page that says there is none.
async fn file(State(pages): State<Pages>, request: Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return not_found(State(pages), request).await;
    }
    let (parts, _) = request.into_parts();
    let asked = Request::from_parts(parts.clone(), Body::empty());
    let found = match pages.files.clone().oneshot(asked).await {
        Ok(response) => response,
        Err(never) => match never {},
    };
    if found.status() == StatusCode::NOT_FOUND {
        return not_found(State(pages), Request::from_parts(parts, Body::empty())).await;
    }
    let mut response = found.map(Body::new);
    let caching = HeaderValue::from_static(caching(parts.uri.path()));
    response.headers_mut().insert(CACHE_CONTROL, caching);
    response
}

/// Names under `/pkg/` change with the content; all other names stay.
fn caching(path: &str) -> &'static str {
    let hashed = path
        .strip_prefix("/pkg/")
        .is_some_and(|name| name.split('.').count() >= 3);
    match hashed {
        true => "public, max-age=31536000, immutable",
        false if path.starts_with("/fonts/") => "public, max-age=2592000",
        false => "public, max-age=3600",
    }
}

async fn not_found(State(pages): State<Pages>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let view = pages.view(&parts.headers, ProblemKind::NotFound);
    pages.problem(parts, view).await
}

/// Gives a page to people whose request ended in an error without a word, such as a form that was
/// too slow. Programs get what they always get.
pub async fn never_blank(
    State(pages): State<Arc<Pages>>,
    request: Request,
    next: Next,
) -> Response {
    if !asks_for_html(request.headers()) {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let original = parts.clone();
    let response = next.run(Request::from_parts(parts, body)).await;
    let status = response.status();
    let silent = (status.is_client_error() || status.is_server_error())
        && response
            .headers()
            .get(CONTENT_TYPE)
            .is_none_or(|kind| kind.as_bytes().starts_with(b"text/plain"));
    if !silent {
        return response;
    }
    let kind = match status {
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => ProblemKind::NotFound,
        StatusCode::TOO_MANY_REQUESTS => ProblemKind::TooMany,
        StatusCode::SERVICE_UNAVAILABLE => ProblemKind::Busy,
        status if status.is_client_error() => ProblemKind::Incomplete,
        _ => ProblemKind::Broken,
    };
    let view = Box::new(pages.view(&original.headers, kind));
    // A form's own address cannot be asked for again.
    let address = if original.method == Method::GET {
        original.uri.to_string()
    } else {
        "/".into()
    };
    let mut page = pages
        .stop(
            original,
            Stopped {
                view,
                status: Some(status),
                address,
            },
        )
        .await;
    let allow = response.headers().get(ALLOW).cloned();
    page.headers_mut().extend(allow.map(|allow| (ALLOW, allow)));
    page
}

/// Whether a browser asks, to show what comes back.
fn asks_for_html(headers: &HeaderMap) -> bool {
    let accept = headers.get(ACCEPT).and_then(|accept| accept.to_str().ok());
    accept.is_some_and(|accept| accept.contains("text/html"))
}

/// `?lang=lt` on any page: remembers the choice and goes to the same address without it.
pub async fn switch_language(
    State(cookies): State<Cookies>,
    request: Request,
    next: Next,
) -> Response {
    match asked_language(&request) {
        Some((locale, address)) => {
            let mut response = see_other(&address);
            let cookie = CookieChange::Set {
                name: LANGUAGE_COOKIE.into(),
                value: locale.to_string(),
                max_age: LANGUAGE_LIFETIME,
            };
            set_cookies(response.headers_mut(), &[cookie], cookies);
            response
        }
        None => next.run(request).await,
    }
}

/// The language that a page was asked for in, and the address without it.
fn asked_language(request: &Request) -> Option<(Locale, String)> {
    let (path, query) = (request.uri().path(), request.uri().query()?);
    // `//host` and `/\host` lead to another site in a `Location` header.
    let elsewhere = path.starts_with("//") || path.contains('\\') || !path.starts_with('/');
    // Machines that ask for something else keep their parameters.
    let takes_html = request.headers().get(ACCEPT).is_none_or(|accept| {
        accept
            .to_str()
            .is_ok_and(|accept| accept.contains("text/html") || accept.contains("*/*"))
    });
    if request.method() != Method::GET || elsewhere || !takes_html {
        return None;
    }
    let tag = query
        .split('&')
        .find_map(|pair| pair.strip_prefix("lang="))?;
    let locale = tag.parse().ok()?;
    let rest = visitor::without_language(query);
    Some((
        locale,
        if rest.is_empty() {
            path.to_owned()
        } else {
            format!("{path}?{rest}")
        },
    ))
}

#[cfg(test)]
mod tests;

#[cfg(test)]
mod addresses {
    use super::*;

    fn get(target: &str) -> Request {
        Request::get(target)
            .header(ACCEPT, "text/html,*/*;q=0.8")
            .body(Body::empty())
            .unwrap()
    }

    #[test]
    fn a_language_is_taken_out_of_the_address() {
        let table = [
            ("/authorize/a?lang=lt", Some((Locale::Lt, "/authorize/a"))),
            (
                "/authorize/a?recovery=1&lang=ru&x=%2F",
                Some((Locale::Ru, "/authorize/a?recovery=1&x=%2F")),
            ),
            ("/authorize/a?lang=de", None),
            ("/authorize/a?language=lt", None),
            ("/authorize/a", None),
        ];
        for (target, expected) in table {
            let expected = expected.map(|(locale, address)| (locale, address.to_owned()));
            assert_eq!(asked_language(&get(target)), expected, "{target}");
        }
    }

    #[test]
    fn a_language_never_leads_to_another_site() {
        for target in ["//evil.example/?lang=lt", "/\\evil.example/?lang=lt"] {
            let Ok(uri) = target.parse() else { continue };
            let mut request = get("/");
            *request.uri_mut() = uri;
            assert_eq!(asked_language(&request), None, "{target}");
        }
    }

    #[test]
    fn only_reading_a_page_switches_the_language() {
        let mut request = get("/?lang=lt");
        *request.method_mut() = Method::POST;
        assert_eq!(asked_language(&request), None);
        let request = Request::get("/?lang=lt")
            .header(ACCEPT, "application/json")
            .body(Body::empty())
            .unwrap();
        assert_eq!(asked_language(&request), None);
    }

    #[test]
    fn names_that_change_with_the_content_are_kept_for_good() {
        assert!(caching("/pkg/countersign.0123456789abcdef.css").ends_with("immutable"));
        assert!(!caching("/pkg/countersign.css").ends_with("immutable"));
        assert!(!caching("/favicon.a.svg").ends_with("immutable"));
    }
}
