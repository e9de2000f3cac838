//! Requests that this server sends to itself: the playground acts as an app would, and goes through
//! the very routes that apps call. No network lies between, so it works behind every proxy and
//! before any name is known.

use std::{future::Future, pin::Pin};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, StatusCode},
};
use endpoints::peer::Peer;
use engine::portal::playground::{Caller, WireRequest, WireResponse};
use tower::ServiceExt as _;

/// Largest answer that is read, in bytes.
const LARGEST: usize = 256 * 1024;

/// The endpoints of machines, called from within.
pub struct InHouse(Router);

impl InHouse {
    /// Calls these routes.
    pub fn new(machines: Router) -> Self {
        Self(machines)
    }

    async fn answer(&self, request: WireRequest) -> WireResponse {
        let mut builder = Request::builder().method(request.method).uri(request.path);
        for (name, value) in &request.headers {
            builder = builder.header(*name, value);
        }
        let Ok(mut sent) = builder.body(Body::from(request.body)) else {
            return failed("a request of the playground cannot be sent");
        };
        // Whoever guesses a secret here is counted as the one who does, not as the server.
        sent.extensions_mut().insert(Peer(request.from));
        let Ok(response) = self.0.clone().oneshot(sent).await;
        let (parts, body) = response.into_parts();
        let Ok(body) = to_bytes(body, LARGEST).await else {
            return failed("an answer to the playground is too large");
        };
        WireResponse {
            status: parts.status.as_u16(),
            headers: parts
                .headers
                .iter()
                .filter_map(|(name, value)| {
                    Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
                })
                .collect(),
            body: String::from_utf8_lossy(&body).into_owned(),
        }
    }
}

impl Caller for InHouse {
    fn call(
        &self,
        request: WireRequest,
    ) -> Pin<Box<dyn Future<Output = WireResponse> + Send + '_>> {
        Box::pin(self.answer(request))
    }
}

fn failed(reason: &str) -> WireResponse {
    tracing::error!(reason, "the playground");
    WireResponse {
        status: StatusCode::INTERNAL_SERVER_ERROR.as_u16(),
        headers: Vec::new(),
        body: String::new(),
    }
}
