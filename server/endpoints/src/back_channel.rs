//! What the token, revocation and introspection endpoints have in common: a form in the body of a
//! POST, client credentials in the header or beside it, an answer, and a note for the request log.

use axum::extract::{FromRequest, FromRequestParts as _, Request};
use engine::{
    client_authentication::{BackRequest, Refused, Unserved},
    request_log::{self, Seen},
};
use http::{HeaderMap, header};
use protocol::{
    dialects::Door,
    form::RawForm,
    token::{ClientFault, TokenError, TokenErrorCode, TokenFault},
    trail::Endpoint,
};

use crate::{
    Endpoints,
    errors::Failure,
    limits::Body,
    log::{Beginning, Closing},
    peer::Peer,
    received::Received,
    trace::Trace,
};

/// Parameters that must never stand in a URL, where histories and logs keep them (RFC 6749 §2.3.1,
/// RFC 9700 §4.3).
const NOT_IN_URL: [&str; 9] = [
    "access_token",
    "client_assertion",
    "client_secret",
    "code",
    "code_verifier",
    "grant_type",
    "password",
    "refresh_token",
    "token",
];

/// A back-channel request, read but not understood.
pub(crate) struct BackChannel {
    beginning: Beginning,
    form: RawForm,
    raw: Option<Received>,
    unread: Option<Unread>,
    authorization: Option<String>,
    peer: Peer,
    trace: Trace,
    seen: Seen,
}

/// Why there is no form.
enum Unread {
    Fault(TokenFault),
    /// The body itself was refused, with an answer of its own.
    Body(Failure),
}

impl From<TokenFault> for Unread {
    fn from(fault: TokenFault) -> Self {
        Self::Fault(fault)
    }
}

impl BackChannel {
    /// What was sent, as far as it could be read.
    pub(crate) const fn form(&self) -> &RawForm {
        &self.form
    }

    /// For the engine, at this door.
    ///
    /// # Errors
    /// When the request could not even be read.
    pub(crate) fn request(&self, door: &'static Door) -> Result<BackRequest<'_>, Unserved> {
        match &self.unread {
            None => Ok(BackRequest {
                form: &self.form,
                raw: self.raw.as_ref().map(Received::as_raw).unwrap_or_default(),
                authorization: self.authorization.as_deref(),
                door,
                address: self.peer.0,
                trace: self.trace.0,
                seen: &self.seen,
            }),
            Some(Unread::Fault(fault)) => Err(fault.clone().into()),
            Some(Unread::Body(_)) => Err(TokenFault::BodyUnreadable.into()),
        }
    }

    /// Notes what became of the request, and turns what was not served into an answer at this door.
    pub(crate) async fn close<T>(
        mut self,
        endpoints: &Endpoints,
        endpoint: Endpoint,
        door: &'static Door,
        served: Result<T, Unserved>,
    ) -> Result<T, Failure> {
        let stopped = served.as_ref().err().map(request_log::stopped);
        let outcome = match (served, self.unread.take()) {
            (Err(_), Some(Unread::Body(failure))) => Err(failure),
            (served, _) => served.map_err(unserved(endpoints, door)),
        };
        // Resource servers introspect with every call of theirs: what was answered as it should be
        // would only push what developers look for out of the log.
        if endpoint == Endpoint::Introspect && outcome.is_ok() {
            return outcome;
        }
        let closing = Closing {
            endpoint,
            path: door.path,
            status: outcome
                .as_ref()
                .err()
                .map_or(200, |failure| failure.status.as_u16()),
            trace: self.trace.0,
            stopped,
        };
        let authorization = self.authorization.as_deref();
        self.beginning
            .close(endpoints, closing, &self.seen, authorization, self.form)
            .await;
        outcome
    }
}

impl FromRequest<Endpoints> for BackChannel {
    type Rejection = std::convert::Infallible;

    /// Reads the request as far as it can be read. What is wrong is told by [`BackChannel::close`],
    /// because a request that cannot be read has its place in the log too.
    async fn from_request(request: Request, state: &Endpoints) -> Result<Self, Self::Rejection> {
        let (mut parts, body) = request.into_parts();
        let beginning = Beginning::of(state, &parts);
        let Ok(peer) = Peer::from_request_parts(&mut parts, state).await;
        let Ok(trace) = Trace::from_request_parts(&mut parts, state).await;
        let query = parts.uri.query().unwrap_or_default().to_owned();
        let raw = parts.extensions.get::<Received>().cloned();
        let (authorization, header_fault) = match authorization(&parts.headers) {
            Ok(authorization) => (authorization, None),
            Err(fault) => (None, Some(TokenFault::from(fault))),
        };
        let faults = refuse_secrets_in_url(&query)
            .and_then(|()| require_form(&parts.headers))
            .err()
            .or(header_fault);
        let read = match faults {
            Some(fault) => Err(fault.into()),
            None => form(Request::from_parts(parts, body), state).await,
        };
        let (form, unread) = match read {
            Ok(form) => (form, None),
            Err(unread) => (RawForm::default(), Some(unread)),
        };
        Ok(Self {
            beginning,
            form,
            raw,
            unread,
            authorization,
            peer,
            trace,
            seen: Seen::default(),
        })
    }
}

async fn form(request: Request, state: &Endpoints) -> Result<RawForm, Unread> {
    let Body(bytes) = Body::from_request(request, state)
        .await
        .map_err(Unread::Body)?;
    RawForm::parse(&bytes).map_err(|fault| TokenFault::from(fault).into())
}

/// Turns what the engine did not serve into an answer at this door.
fn unserved(endpoints: &Endpoints, door: &'static Door) -> impl Fn(Unserved) -> Failure {
    let issuer = endpoints.engine.env().settings.public_url.clone();
    move |unserved| match unserved {
        Unserved::Refused(refused) => Failure::of_token_request(refused, door.dialect, &issuer),
        Unserved::Failed(error) => {
            let (code, fault) = match error {
                engine::Error::Busy(_) => {
                    (TokenErrorCode::TemporarilyUnavailable, TokenFault::Busy)
                }
                engine::Error::Broken(_) | engine::Error::Conflict(_) => {
                    (TokenErrorCode::ServerError, TokenFault::Ours)
                }
            };
            let plain = Failure::from(error);
            let told = TokenError {
                code,
                description: plain.description.clone(),
            };
            let refused = Refused {
                error: told,
                fault,
                reason: plain.reason.unwrap_or_default(),
                evidence: None,
                retry_after: None,
            };
            Failure::of_token_request(refused, door.dialect, &issuer)
        }
    }
}

fn refuse_secrets_in_url(query: &str) -> Result<(), TokenFault> {
    let Ok(query) = RawForm::parse(query.as_bytes()) else {
        return Err(TokenFault::QueryUnreadable);
    };
    if query.names().any(|name| NOT_IN_URL.contains(&name)) {
        return Err(TokenFault::InUrl);
    }
    Ok(())
}

/// RFC 6749 §3.2 and appendix B.
fn require_form(headers: &HeaderMap) -> Result<(), TokenFault> {
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let essence = kind.split(';').next().unwrap_or_default().trim();
    if essence.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        Ok(())
    } else {
        Err(TokenFault::NotAForm)
    }
}

/// At most one header; one that is not text proves nothing.
fn authorization(headers: &HeaderMap) -> Result<Option<String>, ClientFault> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let first = values.next();
    if values.next().is_some() {
        return Err(ClientFault::TwoHeaders);
    }
    first
        .map(|value| {
            value
                .to_str()
                .map(str::to_owned)
                .map_err(|_| ClientFault::Unnamed)
        })
        .transpose()
}
