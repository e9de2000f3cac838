//! Pages as HTTP responses: rendered whole on the server, with the status and the headers that
//! belong to what they show. Nothing is streamed: every page is complete without JavaScript.

use std::sync::{Arc, Mutex, PoisonError};

use axum::{
    body::{Body, to_bytes},
    response::{IntoResponse as _, Response},
};
use engine::{Engine, portal::PortalChange};
use http::{HeaderName, HeaderValue, Request, StatusCode, header, request::Parts};
use leptos::{config::LeptosOptions, nonce::use_nonce, prelude::*};
use leptos_axum::ResponseOptions;
use protocol::{
    authorization::{Frame, Notice, ProblemView, Step},
    ids::TraceId,
    time::Timestamp,
};

use crate::{answer::Stopped, components::SiteHost, routes::shell};

/// What the headers of a page need to know of it; an extension of every response that is a page.
#[derive(Clone, Debug, Default)]
pub struct PageFacts {
    /// The nonce of the page's only script.
    pub nonce: String,
    /// Where its form may lead besides our own origin: the origin or scheme of the app that asked.
    pub form_origin: Option<String>,
    /// It shows what a form of the portal left for it; it will not again.
    pub shows_flash: bool,
    /// What becomes of the session of the portal, when the page says anything about it.
    pub change: Option<PortalChange>,
}

/// The facts of the page that is being rendered.
#[derive(Clone, Default)]
struct Facts(Arc<Mutex<PageFacts>>);

impl Facts {
    fn change(&self, change: impl FnOnce(&mut PageFacts)) {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }

    fn take(&self) -> PageFacts {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The page at the request's address.
pub async fn page(engine: Engine, options: LeptosOptions, request: Request<Body>) -> Response {
    render(engine, options, request, || {}).await
}

/// The page that says why something cannot go on, in place of whatever was asked for.
///
/// `parts` are those of the request: they decide what the links to other languages keep.
pub async fn problem_response(
    engine: Engine,
    options: LeptosOptions,
    mut parts: Parts,
    stopped: Stopped,
) -> Response {
    if let Ok(address) = stopped.address.parse() {
        parts.uri = address;
    }
    let status = stopped.status;
    let request = Request::from_parts(parts, Body::empty());
    let mut response = render(engine, options, request, move || {
        provide_context(stopped.view.clone())
    })
    .await;
    if let Some(status) = status {
        *response.status_mut() = status;
    }
    response
}

async fn render(
    engine: Engine,
    options: LeptosOptions,
    request: Request<Body>,
    context: impl Fn() + Clone + Send + Sync + 'static,
) -> Response {
    let facts = Facts::default();
    let provided = facts.clone();
    let handler = leptos_axum::render_app_async_with_context(
        move || {
            provided.change(|facts| {
                facts.nonce = use_nonce()
                    .map(|nonce| nonce.to_string())
                    .unwrap_or_default()
            });
            provide_context(provided.clone());
            provide_context(host_of(&engine.env().settings.public_url));
            provide_context(engine.clone());
            context();
        },
        move || shell(options.clone()),
    );
    let response = handler(request).await;
    let mut facts = facts.take();
    let mut response = mended(response, &facts.nonce).await;
    if let Some(change) = facts.change.take() {
        response.extensions_mut().insert(change);
    }
    response.extensions_mut().insert(facts);
    response
}

/// Leptos 0.8 writes the nonce into `crossorigin` of its two preloads, where it is no valid value
/// and can be read by style sheets, which browsers prevent for `nonce`; and it puts what its
/// scripts share behind the end of the document. This puts both right.
async fn mended(response: Response, nonce: &str) -> Response {
    let (parts, body) = response.into_parts();
    let Ok(html) = to_bytes(body, usize::MAX).await else {
        tracing::error!("a page could not be rendered to its end");
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let mut html = String::from_utf8_lossy(&html).replacen(
        &format!(" crossorigin=\"{nonce}\""),
        &format!(" crossorigin nonce=\"{nonce}\""),
        2,
    );
    if let Some(at) = html.rfind(END) {
        html.replace_range(at..at + END.len(), "");
        html.push_str(END);
    }
    Response::from_parts(parts, Body::from(html))
}

/// The end of every document.
const END: &str = "</body></html>";

/// The host of the configured public URL, never the one that the browser sent.
fn host_of(public_url: &str) -> SiteHost {
    SiteHost(
        public_url
            .split("://")
            .nth(1)
            .unwrap_or_default()
            .to_owned(),
    )
}

/// Says in status and headers what `step` shows. Called while it is rendered.
pub(crate) fn announce(step: &Step) {
    let frame = match step {
        Step::LogIn(view) => &view.frame,
        Step::Consent(view) => &view.frame,
        Step::Confirm(view) => &view.frame,
        Step::Details(view) => &view.frame,
        Step::PayFrom(view) => &view.frame,
        Step::Finished(view) => &view.frame,
        Step::Problem(view) => return announce_problem(view),
    };
    if let Some(facts) = use_context::<Facts>() {
        facts.change(|facts| facts.form_origin = Some(frame.form_origin.clone()));
    }
    if let Frame {
        notice: Some(Notice::Paused { until }),
        now,
        ..
    } = frame
    {
        say_status(StatusCode::TOO_MANY_REQUESTS);
        say_retry_after(*now, *until);
    }
}

/// The same for a page that cannot go on.
pub(crate) fn announce_problem(view: &ProblemView) {
    say_status(
        StatusCode::from_u16(view.kind.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
    );
    say_reference(view.trace);
    if let Some(until) = view.until {
        say_retry_after(view.at, until);
    }
}

/// The reference on the page, for the line in the log about this request.
fn say_reference(trace: TraceId) {
    if let (Some(response), Ok(value)) = (
        use_context::<ResponseOptions>(),
        HeaderValue::from_str(&trace.to_string()),
    ) {
        response.insert_header(HeaderName::from_static("x-trace-id"), value);
    }
}

/// The page shows what a form left for it.
pub(crate) fn say_flash_shown() {
    if let Some(facts) = use_context::<Facts>() {
        facts.change(|facts| facts.shows_flash = true);
    }
}

/// There is no page here: the browser goes elsewhere.
pub(crate) fn say_redirect(address: &str, change: PortalChange) {
    say_status(StatusCode::SEE_OTHER);
    if let (Some(response), Ok(value)) = (
        use_context::<ResponseOptions>(),
        HeaderValue::from_str(address),
    ) {
        response.insert_header(header::LOCATION, value);
    }
    if change != PortalChange::Keep
        && let Some(facts) = use_context::<Facts>()
    {
        facts.change(|facts| facts.change = Some(change));
    }
}

fn say_status(status: StatusCode) {
    if let Some(response) = use_context::<ResponseOptions>() {
        response.set_status(status);
    }
}

/// `Retry-After` in seconds (RFC 9110 §10.2.3), rounded up.
fn say_retry_after(now: Timestamp, until: Timestamp) {
    let seconds = until.since(now).as_millis().div_ceil(1000);
    if let (Some(response), Ok(value)) = (
        use_context::<ResponseOptions>(),
        HeaderValue::from_str(&seconds.to_string()),
    ) {
        response.insert_header(header::RETRY_AFTER, value);
    }
}
