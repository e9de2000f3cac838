//! What an app's pages have in common: who is visiting, which posts are taken, the headers of a
//! careful site, the frame of a page.

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{Html, IntoResponse, Response},
    routing::get,
};
use maud::{DOCTYPE, Markup, html};
use reqwest::Url;
use sha2::{Digest as _, Sha256};

use crate::{Outside, sessions::Sessions};

/// How long a browser waits for what the app's server is doing.
const PATIENCE: Duration = Duration::from_secs(30);

/// Where an app lives, and what its visitors' browsers are told.
pub(crate) struct Front {
    /// The path of its home, for links and for the cookie.
    pub(crate) path: String,
    origin: String,
    is_https: bool,
    cookie: &'static str,
    policy: HeaderValue,
    /// The page for a form that another site sent.
    foreign: fn(&str) -> Page,
}

impl Front {
    /// The front of an app at the address `home`. Its forms lead to itself, and by redirect to the
    /// origins of `form_targets`: browsers hold every redirect after a form post against form-action.
    pub(crate) fn new(
        home: &str,
        form_targets: &[&str],
        cookie: &'static str,
        foreign: fn(&str) -> Page,
    ) -> Self {
        let place = |address: &str| Url::parse(address).ok();
        let origin_of = |address: &str| {
            place(address).map_or_else(String::new, |url| url.origin().ascii_serialization())
        };
        let targets: String = form_targets
            .iter()
            .map(|target| format!(" {}", origin_of(target)))
            .collect();
        let policy = format!(
            "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'{targets}; base-uri 'none'; frame-ancestors 'none'",
        );
        let origin = origin_of(home);
        Self {
            path: place(home).map_or_else(String::new, |url| {
                url.path().trim_end_matches('/').to_owned()
            }),
            is_https: origin.starts_with("https://"),
            origin,
            cookie,
            policy: HeaderValue::from_str(&policy).expect("origins are ASCII"),
            foreign,
        }
    }

    /// The value of the visitor's cookie.
    pub(crate) fn visitor<'a>(&self, headers: &'a HeaderMap) -> Option<&'a str> {
        headers
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .find_map(|line| {
                line.split(';')
                    .find_map(|pair| pair.trim().strip_prefix(self.cookie)?.strip_prefix('='))
            })
    }

    /// Lets `work` write down something of the visitor, who gets a session if there is none yet.
    /// A value that the app did not make, or has forgotten, never becomes a session.
    pub(crate) fn remember<T: Default>(
        &self,
        sessions: &Sessions<T>,
        outside: &Outside,
        headers: &HeaderMap,
        work: impl FnOnce(&mut T),
    ) -> Remembered {
        let now = outside.now();
        let known = self
            .visitor(headers)
            .filter(|id| sessions.with(id, now, |_| ()).is_some());
        let (id, cookie) = match known {
            Some(id) => (id.to_owned(), None),
            None => {
                let id = outside.token();
                sessions.open(id.clone(), now);
                let cookie = self.cookie(&id);
                (id, cookie)
            }
        };
        sessions.with(&id, now, work);
        Remembered { id, cookie }
    }

    fn cookie(&self, id: &str) -> Option<HeaderValue> {
        let secure = if self.is_https { "; Secure" } else { "" };
        let cookie = format!(
            "{}={id}; Path={}; HttpOnly; SameSite=Lax{secure}",
            self.cookie, self.path
        );
        HeaderValue::from_str(&cookie).ok()
    }

    /// Whether a post was sent by a page of the app. Current browsers say so in `Sec-Fetch-Site`,
    /// older ones in `Origin`.
    fn is_from_our_pages(&self, headers: &HeaderMap) -> bool {
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
            (None, Some(sender)) => sender == self.origin,
            // Neither: not a browser.
            (None, None) => true,
        }
    }
}

/// A visitor whom the app remembers.
pub(crate) struct Remembered {
    /// The session.
    pub(crate) id: String,
    /// For the header `Set-Cookie`, when the session is new.
    cookie: Option<HeaderValue>,
}

impl Remembered {
    /// The answer, with the cookie that the browser must be given.
    pub(crate) fn answer(self, mut response: Response) -> Response {
        if let Some(cookie) = self.cookie {
            response.headers_mut().insert(header::SET_COOKIE, cookie);
        }
        response
    }
}

/// What holds for every request: posts come from the app's own pages, answers carry the headers of
/// a careful site.
pub(crate) async fn guard(
    State(front): State<Arc<Front>>,
    request: Request,
    inner: Next,
) -> Response {
    let ours = request.method().is_safe() || front.is_from_our_pages(request.headers());
    let mut response = if ours {
        inner.run(request).await
    } else {
        (front.foreign)(&front.path).into_response()
    };
    let headers = response.headers_mut();
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    headers.insert(header::CONTENT_SECURITY_POLICY, front.policy.clone());
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

/// Does the talking in a task of its own, so that it comes to its end even when the visitor closes
/// the browser meanwhile. The browser waits for it, but not for ever: then the page says that it is
/// still under way.
pub(crate) async fn see_through(talk: impl Future<Output = ()> + Send + 'static) {
    match tokio::time::timeout(PATIENCE, tokio::spawn(talk)).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::error!(%error, "a sample app's task ended early"),
        Err(_) => tracing::warn!("a sample app's browser does not wait any longer"),
    }
}

/// A redirect that a browser follows with GET, whatever it sent before (RFC 9110 §15.4.4).
pub(crate) fn see_other(location: &str) -> Response {
    let location = HeaderValue::from_str(location).unwrap_or(HeaderValue::from_static("/"));
    (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response()
}

/// The files of an app, below its home.
pub(crate) fn files<S: Clone + Send + Sync + 'static>(
    style: &'static str,
    icon: &'static str,
) -> Router<S> {
    Router::new()
        .route(
            "/style.css",
            get(move || asset("text/css; charset=utf-8", style)),
        )
        .route("/icon.svg", get(move || asset("image/svg+xml", icon)))
}

/// A file of the app's; its address changes with the content, so it never gets stale.
async fn asset(content_type: &'static str, content: &'static str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, content_type),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    (headers, content).into_response()
}

/// What stands behind the addresses of an app's files: it changes with their content.
pub(crate) fn version(files: &[&str]) -> String {
    let mut hash = Sha256::new();
    files.iter().for_each(|file| hash.update(file));
    hash.finalize()
        .iter()
        .take(4)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// A page with its status.
pub(crate) struct Page {
    pub(crate) status: StatusCode,
    pub(crate) markup: Markup,
}

impl IntoResponse for Page {
    fn into_response(self) -> Response {
        (self.status, Html(self.markup.into_string())).into_response()
    }
}

/// What stands around the content of an app's pages.
pub(crate) struct Frame<'a> {
    pub(crate) path: &'a str,
    /// Of the app's files.
    pub(crate) version: &'a str,
    pub(crate) name: &'static str,
    /// Beside the name.
    pub(crate) motto: &'static str,
    pub(crate) footer: &'static str,
}

impl Frame<'_> {
    /// A whole page.
    pub(crate) fn around(&self, title: &str, body: &Markup) -> Markup {
        let Self { path, version, .. } = self;
        html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    title { (title) }
                    link rel="stylesheet" href={ (path) "/style.css?v=" (version) };
                    link rel="icon" type="image/svg+xml" href={ (path) "/icon.svg?v=" (version) };
                }
                body {
                    a .skip href="#main" { "Skip to the content" }
                    header { p { a href=(path) { (self.name) } } p { (self.motto) } }
                    main #main { (body) }
                    footer { p { (self.footer) } }
                }
            }
        }
    }
}
