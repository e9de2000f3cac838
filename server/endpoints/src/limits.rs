//! How much a request may bring: the size of its body, the number of its parameters.
//!
//! Both come from the settings, and so does how long a request may take.

use std::time::Duration;

use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
};
use http::{StatusCode, header};
use protocol::api_error::ApiErrorCode;

use crate::{Endpoints, errors::Failure};

/// How much a request may bring, and how long it may take.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Largest body, in bytes; more is answered with 413.
    pub body_bytes: usize,
    /// How long a request may take, from its head to our answer; slow bodies end here, with 408.
    pub time: Duration,
}

impl Default for Limits {
    /// 64 KiB and 30 seconds.
    fn default() -> Self {
        Self {
            body_bytes: 64 * 1024,
            time: Duration::from_secs(30),
        }
    }
}

/// The raw body, of at most [`Limits::body_bytes`]; more is answered with 413.
pub struct Body(pub Bytes);

impl FromRequest<Endpoints> for Body {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &Endpoints) -> Result<Self, Failure> {
        let announced = request
            .headers()
            .get(header::CONTENT_LENGTH)
            .and_then(|value| value.to_str().ok());
        if announced
            .and_then(|text| text.parse::<usize>().ok())
            .is_some_and(|length| length > state.limits.body_bytes)
        {
            return Err(too_large(state.limits));
        }
        match Bytes::from_request(request, state).await {
            Ok(bytes) => Ok(Self(bytes)),
            Err(rejection) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => {
                Err(too_large(state.limits))
            }
            Err(rejection) => Err(Failure::invalid_request("the body could not be read")
                .because(rejection.to_string())),
        }
    }
}

fn too_large(limits: Limits) -> Failure {
    let sentence = format!("the body is larger than {} KB", limits.body_bytes / 1024);
    Failure::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        ApiErrorCode::InvalidRequest,
        sentence,
    )
}
