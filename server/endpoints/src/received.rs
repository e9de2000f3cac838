//! A signed request as it came over the wire, for those who check signatures: nothing is decoded or put
//! in order.

use axum::{
    body::{Body as Stream, Bytes},
    extract::{FromRequest as _, Request, State},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use engine::client_authentication::Raw;
use http::{HeaderMap, Method, header, request::Parts};
use protocol::dialects::mac::header::is_signed;

use crate::{Endpoints, limits::Body, peer::Certificate};

/// What a signature is checked against.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    method: Method,
    target: String,
    host: Option<String>,
    certificate: Option<Certificate>,
    /// The bytes of the body.
    pub body: Bytes,
}

impl Received {
    fn of(parts: &Parts, body: Bytes) -> Self {
        let host = parts
            .headers
            .get(header::HOST)
            .and_then(|value| value.to_str().ok())
            // HTTP/2 has it in the target.
            .or(parts.uri.authority().map(|authority| authority.as_str()));
        Self {
            method: parts.method.clone(),
            target: parts
                .uri
                .path_and_query()
                .map_or("/", |target| target.as_str())
                .to_owned(),
            host: host.map(str::to_owned),
            certificate: parts.extensions.get().copied(),
            body,
        }
    }

    pub(crate) fn as_raw(&self) -> Raw<'_> {
        Raw {
            method: self.method.as_str(),
            target: &self.target,
            host: self.host.as_deref(),
            body: &self.body,
            certificate: self.certificate.as_ref().map(|known| &known.0),
        }
    }
}

/// Reads the body of a signed request, or of one with a certificate, before anybody judges the signature, and leaves a [`Received`]
/// in its extensions. Other requests pass as they are.
pub(crate) async fn layer(
    State(endpoints): State<Endpoints>,
    request: Request,
    next: Next,
) -> Response {
    let has_certificate = request.extensions().get::<Certificate>().is_some();
    if !has_certificate && !claims_signature(request.headers()) {
        return next.run(request).await;
    }
    let (mut parts, body) = request.into_parts();
    let request = Request::from_parts(parts.clone(), body);
    match Body::from_request(request, &endpoints).await {
        Ok(Body(bytes)) => {
            let received = Received::of(&parts, bytes.clone());
            parts.extensions.insert(received);
            next.run(Request::from_parts(parts, Stream::from(bytes)))
                .await
        }
        Err(failure) => failure.into_response(),
    }
}

fn claims_signature(headers: &HeaderMap) -> bool {
    headers
        .get_all(header::AUTHORIZATION)
        .iter()
        .any(|value| value.to_str().is_ok_and(is_signed))
}
