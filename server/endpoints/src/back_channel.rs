//! What the token, revocation and introspection endpoints have in common: a form in the body of a
//! POST, client credentials in the header or beside it.

use axum::extract::{FromRequest, FromRequestParts as _, Request};
use engine::client_authentication::{BackRequest, Refused, Unserved};
use http::{HeaderMap, header};
use protocol::{
    client::DialectName,
    form::RawForm,
    token::{TokenError, TokenErrorCode},
};

use crate::{Endpoints, errors::Failure, limits::Body, peer::Peer, trace::Trace};

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
    form: RawForm,
    authorization: Option<String>,
    peer: Peer,
    trace: Trace,
}

impl BackChannel {
    /// For the engine, at a door of `dialect`.
    pub(crate) fn request(&self, dialect: DialectName) -> BackRequest<'_> {
        BackRequest {
            form: &self.form,
            authorization: self.authorization.as_deref(),
            dialect,
            address: self.peer.0,
            trace: self.trace.0,
        }
    }
}

impl FromRequest<Endpoints> for BackChannel {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &Endpoints) -> Result<Self, Failure> {
        let (mut parts, body) = request.into_parts();
        let Ok(peer) = Peer::from_request_parts(&mut parts, state).await;
        let Ok(trace) = Trace::from_request_parts(&mut parts, state).await;
        let query = parts.uri.query().unwrap_or_default().to_owned();
        refuse_secrets_in_url(&query)
            .and_then(|()| require_form(&parts.headers))
            .map_err(refusal(state))?;
        let authorization = authorization(&parts.headers).map_err(refusal(state))?;
        let Body(bytes) = Body::from_request(Request::from_parts(parts, body), state).await?;
        let form = RawForm::parse(&bytes).map_err(|fault| refusal(state)(fault.into()))?;
        Ok(Self {
            form,
            authorization,
            peer,
            trace,
        })
    }
}

/// Turns what the engine did not serve into an answer at a door of `dialect`.
pub(crate) fn unserved(
    endpoints: &Endpoints,
    dialect: DialectName,
) -> impl Fn(Unserved) -> Failure {
    let issuer = endpoints.engine.env().settings.public_url.clone();
    move |unserved| match unserved {
        Unserved::Refused(refused) => Failure::of_token_request(refused, dialect, &issuer),
        Unserved::Failed(error) => {
            let code = match error {
                engine::Error::Busy(_) => TokenErrorCode::TemporarilyUnavailable,
                engine::Error::Broken(_) | engine::Error::Conflict(_) => {
                    TokenErrorCode::ServerError
                }
            };
            let plain = Failure::from(error);
            let told = TokenError {
                code,
                description: plain.description.clone(),
            };
            let refused = Refused {
                error: told,
                reason: plain.reason.unwrap_or_default(),
                retry_after: None,
            };
            Failure::of_token_request(refused, dialect, &issuer)
        }
    }
}

fn refusal(endpoints: &Endpoints) -> impl Fn(TokenError) -> Failure {
    let respond = unserved(endpoints, DialectName::Bearer);
    move |error| respond(Unserved::from(error))
}

fn refuse_secrets_in_url(query: &str) -> Result<(), TokenError> {
    let Ok(query) = RawForm::parse(query.as_bytes()) else {
        return Err(TokenError::invalid_request(
            "the query cannot be read; parameters belong in the body",
        ));
    };
    if query.names().any(|name| NOT_IN_URL.contains(&name)) {
        return Err(TokenError::invalid_request(
            "parameters belong in the body, never in the URL",
        ));
    }
    Ok(())
}

/// RFC 6749 §3.2 and appendix B.
fn require_form(headers: &HeaderMap) -> Result<(), TokenError> {
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let essence = kind.split(';').next().unwrap_or_default().trim();
    if essence.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        Ok(())
    } else {
        Err(TokenError::invalid_request(
            "the Content-Type must be application/x-www-form-urlencoded",
        ))
    }
}

/// At most one header; one that is not text proves nothing.
fn authorization(headers: &HeaderMap) -> Result<Option<String>, TokenError> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let first = values.next();
    if values.next().is_some() {
        return Err(TokenError::invalid_request(
            "there are two Authorization headers",
        ));
    }
    first
        .map(|value| {
            value
                .to_str()
                .map(str::to_owned)
                .map_err(|_| TokenError::invalid_client())
        })
        .transpose()
}
