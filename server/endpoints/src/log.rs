//! Notes for the request log: when a request began and what sent it, and at its end what became of
//! it. A request of nobody that we know is not noted.

use engine::request_log::{Observation, Seen, Stopped};
use http::{HeaderMap, header, request::Parts};
use protocol::{
    client::GrantType,
    form::RawForm,
    ids::TraceId,
    time::Timestamp,
    token::ClientCredentials,
    trail::{Credentials, Endpoint, Masked, Way, agent_family},
};
use tokio::time::Instant;

use crate::Endpoints;

/// What is known when a request comes.
pub(crate) struct Beginning {
    at: Timestamp,
    begun: Instant,
    agent: &'static str,
    skew_millis: Option<i64>,
    way: Way,
}

/// What is known when it is answered.
pub(crate) struct Closing {
    pub endpoint: Endpoint,
    pub path: &'static str,
    pub status: u16,
    pub trace: TraceId,
    pub stopped: Option<Stopped>,
}

impl Beginning {
    pub(crate) fn of(endpoints: &Endpoints, parts: &Parts) -> Self {
        let at = endpoints.engine.env().now();
        Self {
            at,
            begun: Instant::now(),
            agent: agent_family(text(&parts.headers, header::USER_AGENT)),
            // RFC 9110 §6.6.1: a client that has a clock may say what it shows.
            skew_millis: text(&parts.headers, header::DATE)
                .and_then(Timestamp::from_http_date)
                .map(|told| told.ahead_of(at)),
            way: match parts.method {
                http::Method::POST => Way::Body,
                _ => Way::Query,
            },
        }
    }

    /// Notes the request if its client is known: the one that was seen, else the one it names.
    pub(crate) async fn close(
        self,
        endpoints: &Endpoints,
        closing: Closing,
        seen: &Seen,
        authorization: Option<&str>,
        form: RawForm,
    ) {
        let client = match seen.client() {
            Some(client) => Some(client.clone()),
            None if closing.endpoint == Endpoint::Authorize => None,
            None => named(endpoints, authorization, &form).await,
        };
        let Some(client) = client else {
            return;
        };
        let grant = match closing.endpoint {
            Endpoint::Token => grant(&form),
            _ => None,
        };
        endpoints.engine.note_request(Observation {
            at: self.at,
            took: self.begun.elapsed(),
            trace: closing.trace,
            endpoint: closing.endpoint,
            path: closing.path,
            client,
            grant,
            status: closing.status,
            stopped: closing.stopped,
            agent: self.agent,
            skew_millis: self.skew_millis,
            way: self.way,
            credentials: match authorization {
                Some(_) => Credentials::Header,
                None => Credentials::Parameters,
            },
            parameters: Masked::of(form),
        });
    }
}

/// The client that a request names which stopped before anybody looked for it.
async fn named(
    endpoints: &Endpoints,
    authorization: Option<&str>,
    form: &RawForm,
) -> Option<std::sync::Arc<engine::clients::CachedClient>> {
    let credentials = ClientCredentials::parse(authorization, form).ok()?;
    // Whoever cannot be looked up now is not worth a second failure.
    let found = endpoints.engine.client(&credentials.client_id).await;
    found.ok().flatten()
}

fn grant(form: &RawForm) -> Option<GrantType> {
    form.one("grant_type").ok().flatten()?.parse().ok()
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> Option<&str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}
