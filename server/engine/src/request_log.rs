//! The request log: what became of each authorize and back-channel request of a known client, for
//! the people who look after the app.
//!
//! No request waits for it. What was seen goes into a bounded buffer in memory, already without
//! secrets; a job stores it once a second, or as soon as there is enough, many rows in one statement,
//! and once more at shutdown. A process that dies takes at most that second with it; a flood pushes
//! out the oldest entries, which a counter tells. What nobody proved to have sent can be written into
//! a client's log only so often.

mod buffer;
mod evidence;
mod read;
mod seen;

use std::{sync::Arc, time::Duration};

use protocol::{
    authorize::AuthorizeError,
    client::{AuthMethod, Environment, GrantType},
    ids::TraceId,
    time::Timestamp,
    trail::{Credentials, Detail, Endpoint, Evidence, Masked, Step, Way},
};
use store::requests::{RequestOutcome, RequestRecord, packed};

use crate::{
    Engine, client_authentication::Unserved, clients::CachedClient, env::new_id, error::Result,
    settings::Settings,
};

pub(crate) use buffer::Buffer;
pub(crate) use evidence::{address, code_age, parameter, scope};
pub use read::{RequestDetail, RequestLine};
pub use seen::{Seen, Stopped};
pub use store::requests::{RequestFilter, RequestOutcome as Outcome};

/// Requests in one turn through the writer: short enough that no token waits for them.
const TOGETHER: usize = 1_024;

/// One request as it was answered. Cheap to make: nothing is copied, nothing is turned into text.
#[derive(Debug)]
pub struct Observation {
    /// When it came.
    pub at: Timestamp,
    /// How long it took.
    pub took: Duration,
    /// Its reference.
    pub trace: TraceId,
    /// Where.
    pub endpoint: Endpoint,
    /// Under which path it was called.
    pub path: &'static str,
    /// Whose it was, or said to be.
    pub client: Arc<CachedClient>,
    /// For which grant.
    pub grant: Option<GrantType>,
    /// The HTTP status.
    pub status: u16,
    /// What stopped it.
    pub stopped: Option<Stopped>,
    /// The family of the client's user agent.
    pub agent: &'static str,
    /// By how many milliseconds the client's clock is ahead.
    pub skew_millis: Option<i64>,
    /// How its parameters were sent.
    pub way: Way,
    /// How the client said who it is.
    pub credentials: Credentials,
    /// Its parameters, masked.
    pub parameters: Masked,
}

impl Observation {
    /// Whether it is proved that the client has sent it. One without a secret only names itself;
    /// what it proves it with is the code or the refresh token that was good.
    fn is_proved(&self) -> bool {
        if self.client.client.auth_method == AuthMethod::None {
            return self.endpoint == Endpoint::Token && self.stopped.is_none();
        }
        let before_proof = [
            Step::Readable,
            Step::ClientNamed,
            Step::ClientFound,
            Step::ClientActive,
            Step::ClientAuthentication,
        ];
        let step = self.stopped.as_ref().and_then(|stopped| stopped.step);
        self.endpoint != Endpoint::Authorize
            && !step.is_some_and(|step| before_proof.contains(&step))
    }

    fn outcome(&self) -> RequestOutcome {
        match &self.stopped {
            _ if self.status >= 500 => RequestOutcome::Failed,
            Some(_) => RequestOutcome::Refused,
            None => RequestOutcome::Served,
        }
    }

    fn record(self, id: String, kept: Duration) -> RequestRecord {
        let outcome = self.outcome();
        let mut detail = Detail {
            path: (self.path != self.endpoint.path()).then(|| self.path.to_owned()),
            grant: self.grant,
            way: self.way,
            credentials: self.credentials,
            skew_millis: self.skew_millis,
            parameters: self.parameters.parameters(),
            ..Detail::default()
        };
        let mut error = None;
        if let Some(stopped) = self.stopped {
            error = Some(stopped.error.to_owned());
            detail.stopped = stopped.step;
            detail.fault = Some(stopped.fault.to_owned());
            detail.reason = Some(stopped.reason);
            detail.anchor = Some(stopped.anchor.to_owned());
            detail.evidence = stopped.evidence.map(|evidence| *evidence);
        }
        RequestRecord {
            id,
            at: self.at,
            trace: self.trace,
            client_id: self.client.client.id.clone(),
            endpoint: self.endpoint,
            outcome,
            status: self.status,
            error,
            duration_micros: u64::try_from(self.took.as_micros()).unwrap_or(u64::MAX),
            agent: self.agent.to_owned(),
            // Only plain texts and numbers are in there: it cannot fail.
            detail: serde_json::to_string(&detail).unwrap_or_else(|_| "{}".to_owned()),
            expires_at: self.at + kept,
        }
    }
}

/// For how long requests of an environment are kept; zero when they are not logged.
fn kept(settings: &Settings, environment: Environment) -> Duration {
    match environment {
        Environment::Sandbox => settings.request_log_sandbox,
        Environment::Live => settings.request_log_live,
    }
}

impl Engine {
    /// Notes a request that was answered. It is stored by [`Engine::flush_requests`].
    pub fn note_request(&self, observation: Observation) {
        let environment = observation.client.client.environment;
        if !kept(&self.env.settings, environment).is_zero() {
            let proved = observation.is_proved();
            self.env.caches.requests.put(observation, proved);
        }
    }

    /// Notes that an authorize request which had been accepted ended on our pages, under the
    /// reference that the app or the person is told.
    pub(crate) fn note_ended(
        &self,
        client: &Arc<CachedClient>,
        error: &AuthorizeError,
        trace: TraceId,
    ) {
        let seen = Seen::default();
        seen.error(error, &client.client, None);
        self.note_request(Observation {
            at: self.env.now(),
            took: Duration::ZERO,
            trace,
            endpoint: Endpoint::Authorize,
            path: Endpoint::Authorize.path(),
            client: Arc::clone(client),
            grant: None,
            status: 303,
            stopped: seen.stopped().cloned(),
            agent: "pages",
            skew_millis: None,
            way: Way::Query,
            credentials: Credentials::Parameters,
            parameters: Masked::default(),
        });
    }

    /// Waits until so much was noted that it should be stored before its second is over.
    pub async fn many_requests_noted(&self) {
        self.env.caches.requests.filled().await;
    }

    /// Stores what was noted. For a job, about once a second, and once at the end. Answers how many
    /// requests there were. What could not be stored is noted again, as long as there is room.
    pub async fn flush_requests(&self) -> Result<usize> {
        let (mut waiting, dropped) = self.env.caches.requests.take();
        if dropped > 0 {
            metrics::counter!("countersign_request_log_dropped_total").increment(dropped);
            tracing::warn!(dropped, "the request log could not keep up");
        }
        let mut stored = 0;
        while !waiting.is_empty() {
            let rest = waiting.split_off(waiting.len().min(TOGETHER));
            let count = waiting.len();
            let records = waiting.into_iter().map(|seen| self.record(seen)).collect();
            if let Err(error) = self.env.store.append_all(packed(records)).await {
                let lost = u64::try_from(count).unwrap_or(u64::MAX);
                metrics::counter!("countersign_request_log_dropped_total").increment(lost);
                self.env.caches.requests.put_back(rest);
                return Err(error.into());
            }
            stored += count;
            waiting = rest;
        }
        Ok(stored)
    }

    fn record(&self, observation: Observation) -> RequestRecord {
        let id = new_id(observation.at, &*self.env.chance);
        let kept = kept(&self.env.settings, observation.client.client.environment);
        observation.record(id, kept)
    }
}

/// What the log says of a back-channel request that was not served.
pub fn stopped(unserved: &Unserved) -> Stopped {
    match unserved {
        Unserved::Refused(refused) => Stopped {
            step: refused.fault.step(),
            fault: refused.fault.slug(),
            error: refused.error.code.as_str(),
            anchor: refused.error.code.anchor(),
            reason: refused.fault.to_string(),
            evidence: refused.evidence.clone(),
        },
        Unserved::Failed(error) => seen::ours(error),
    }
}

/// Evidence for a refusal, where there is some.
pub(crate) type Proof = Option<Box<Evidence>>;
