//! How much a request may bring: the size of its body, the number of its parameters.
//!
//! How long it may take is [`crate::trace::TIME_LIMIT`].

use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
};
use http::{StatusCode, header};

use crate::{Endpoints, errors::Failure};

/// Largest body, in bytes.
pub const BODY_LIMIT: usize = 64 * 1024;

/// The raw body, of at most [`BODY_LIMIT`] bytes; more is answered with 413.
pub struct Body(pub Bytes);

impl FromRequest<Endpoints> for Body {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &Endpoints) -> Result<Self, Failure> {
        let announced = request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok());
        if announced.and_then(|text| text.parse::<usize>().ok()).is_some_and(|length| length > BODY_LIMIT) {
            return Err(too_large());
        }
        match Bytes::from_request(request, state).await {
            Ok(bytes) => Ok(Self(bytes)),
            Err(rejection) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => Err(too_large()),
            Err(rejection) => Err(Failure::invalid_request("the body could not be read").because(rejection.to_string())),
        }
    }
}

fn too_large() -> Failure {
    Failure::new(StatusCode::PAYLOAD_TOO_LARGE, "invalid_request", "the body is larger than 64 KB")
}
