//! GET and POST `/oauth/authorize` (RFC 6749 §3.1): a browser arrives with an app's request.

use axum::{
    extract::{FromRequest as _, FromRequestParts as _, Request, State},
    response::{IntoResponse, Response},
};
use engine::{
    begin::{Arrival, Began},
    request_log::Seen,
    visit::Language,
};
use http::{HeaderMap, HeaderValue, StatusCode, Uri, header, request::Parts};
use protocol::{
    authorization::{ProblemKind, ProblemView},
    authorize,
    form::{self, FormFault, RawForm},
    ids::TraceId,
    locale::Locale,
    trail::Endpoint,
};

use crate::{
    Endpoints, cookies,
    limits::Body,
    log::{Beginning, Closing},
    peer::Peer,
    redirect,
    trace::{Trace, X_TRACE_ID},
};

/// GET: the parameters stand in the query.
pub(crate) async fn by_query(State(endpoints): State<Endpoints>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let form = RawForm::parse(parts.uri.query().unwrap_or_default().as_bytes());
    begin(&endpoints, parts, Asking::plain(form)).await
}

/// POST: the parameters stand in the body. A query beside it counts only when a secret stands in it,
/// which is exposed there as anywhere.
pub(crate) async fn by_form(State(endpoints): State<Endpoints>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let request = Request::from_parts(parts.clone(), body);
    match Body::from_request(request, &endpoints).await {
        Ok(Body(bytes)) => {
            let mut parameters = bytes.to_vec();
            let query = parts.uri.query().unwrap_or_default().as_bytes();
            if RawForm::parse(query).is_ok_and(|query| authorize::holds_secret(&query)) {
                parameters.push(b'&');
                parameters.extend_from_slice(query);
            }
            begin(
                &endpoints,
                parts,
                Asking::plain(RawForm::parse(&parameters)),
            )
            .await
        }
        Err(failure) => failure.into_response(),
    }
}

/// What a browser asks for, at whichever door.
pub(crate) struct Asking {
    /// The authorize request.
    pub form: Result<RawForm, FormFault>,
    /// The language of the door.
    pub locale: Option<Locale>,
    /// The name under which the app expects its person to sign in.
    pub username: Option<String>,
    /// The transaction that the person is to accept, and whether the request follows it.
    pub transaction: Option<(String, bool)>,
}

impl Asking {
    fn plain(form: Result<RawForm, FormFault>) -> Self {
        Self {
            form,
            locale: None,
            username: None,
            transaction: None,
        }
    }
}

/// Begins an authorization. A door with a language of its own outranks what the browser says; an app
/// that names one itself outranks the door.
pub(crate) async fn begin(endpoints: &Endpoints, mut parts: Parts, asking: Asking) -> Response {
    let Asking {
        form,
        locale,
        username,
        transaction,
    } = asking;
    let form = form.map(|form| in_language(form, locale));
    let beginning = Beginning::of(endpoints, &parts);
    let Ok(Trace(trace)) = Trace::from_request_parts(&mut parts, endpoints).await;
    let Ok(peer) = Peer::from_request_parts(&mut parts, endpoints).await;
    let signed_in = (endpoints.is_signed_in)(&parts).await;
    let language = language(&parts.headers);
    let arrival = Arrival {
        cookie_names: cookies::sent(&parts.headers)
            .map(|(name, _)| name.to_owned())
            .collect(),
        language: Language {
            chosen: locale.or(language.chosen),
            ..language
        },
        signed_in,
        username,
        address: Some(peer.0),
        trace: Some(trace),
        seen: Seen::default(),
    };
    let began = match form {
        Ok(form) => {
            let engine = &endpoints.engine;
            let began = match &transaction {
                None => engine.begin(&form, &arrival).await,
                Some((key, authorizes)) => {
                    let then = authorizes.then(|| parts.uri.query().unwrap_or_default());
                    engine.begin_transaction(key, then, &arrival).await
                }
            };
            let closing = Closing {
                endpoint: Endpoint::Authorize,
                path: Endpoint::Authorize.path(),
                status: status(&began),
                trace,
                stopped: arrival.seen.stopped().cloned(),
            };
            beginning
                .close(endpoints, closing, &arrival.seen, None, form)
                .await;
            began
        }
        Err(fault) => {
            tracing::info!(reason = %fault, "an authorize request cannot be read");
            Began::Problem(Box::new(unreadable(endpoints, trace, &arrival)))
        }
    };
    match began {
        Began::Interact { id, cookies } => {
            // A clean address, whatever stood in this one. As every answer here it is not stored, and
            // tells nobody where the browser came from.
            let mut response = (
                StatusCode::SEE_OTHER,
                [(header::LOCATION, format!("/authorize/{id}"))],
            )
                .into_response();
            let https = endpoints.engine.env().settings.is_https();
            for cookie in cookies
                .iter()
                .filter_map(|change| cookies::set(change, https))
            {
                response.headers_mut().append(header::SET_COOKIE, cookie);
            }
            response
        }
        Began::Redirect(to) => redirect::to_client(&to),
        Began::Problem(view) => problem(endpoints, *view, parts).await,
    }
}

/// The request with the language of the door, as if the app had asked for it (`ui_locales`, OpenID
/// Connect Core §3.1.2.1).
fn in_language(form: RawForm, locale: Option<Locale>) -> RawForm {
    match locale {
        Some(locale) if !form.has("ui_locales") => {
            let said = ("ui_locales", locale.as_str());
            RawForm::from_pairs(form.pairs().chain([said]))
        }
        _ => form,
    }
}

/// The status with which the browser is answered.
fn status(began: &Began) -> u16 {
    match began {
        Began::Interact { .. } | Began::Redirect(_) => StatusCode::SEE_OTHER.as_u16(),
        Began::Problem(view) => view.kind.status(),
    }
}

/// The page's own reference is also the one in the headers. A secret in the address is taken out
/// before the page can see it: its links lead to where the browser is.
async fn problem(endpoints: &Endpoints, view: ProblemView, mut parts: Parts) -> Response {
    parts.uri = without_secret(&parts.uri);
    let trace = HeaderValue::from_str(&view.trace.to_string());
    let mut response = (endpoints.problem_page)(view, parts).await;
    if let Ok(trace) = trace {
        response.headers_mut().insert(X_TRACE_ID, trace.clone());
        response.headers_mut().insert("x-error-ref", trace);
    }
    response
}

/// The address without the value of a secret: whoever follows it comes to the same page.
fn without_secret(uri: &Uri) -> Uri {
    let Some(query) = uri.query() else {
        return uri.clone();
    };
    let blanked = form::blanked(query, "client_secret");
    // Less of what made an address makes an address; were it otherwise, none is better than this one.
    format!("{}?{blanked}", uri.path())
        .parse()
        .unwrap_or_default()
}

/// Parameters that are no form data at all.
fn unreadable(endpoints: &Endpoints, trace: TraceId, arrival: &Arrival) -> ProblemView {
    ProblemView {
        kind: ProblemKind::Incomplete,
        trace,
        at: endpoints.engine.env().now(),
        locale: arrival.language.resolve(),
        app: None,
        way_back: None,
        until: None,
        developer: None,
    }
}

fn language(headers: &HeaderMap) -> Language {
    let chosen = cookies::sent(headers)
        .find(|(name, _)| *name == "lang")
        .and_then(|(_, value)| value.parse().ok());
    let accepted = headers
        .get(header::ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok());
    Language {
        chosen,
        accepted: accepted.map(str::to_owned),
    }
}
