//! What the use cases tell the log while they work.

use std::sync::{Arc, OnceLock};

use protocol::{
    authorize::{AuthorizeError, PageFault},
    client::Client,
    redirect_uri::{Explanation, explain},
    token::TokenFault,
    trail::{Evidence, Step},
};

use crate::{clients::CachedClient, error::Error};

/// What was seen of one request so far: whose it is, and for authorize requests what stopped it.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    client: OnceLock<Arc<CachedClient>>,
    stopped: OnceLock<Stopped>,
}

/// Where and why a request stopped.
#[derive(Clone, Debug)]
pub struct Stopped {
    /// The check that failed; none when we failed.
    pub step: Option<Step>,
    /// The name of the fault: the key of `protocol::trail::fix`.
    pub fault: &'static str,
    /// The error code on the wire.
    pub error: &'static str,
    /// The section of the docs.
    pub anchor: &'static str,
    /// The true reason, in a sentence for the developer.
    pub reason: String,
    /// What was expected and what came.
    pub evidence: Option<Box<Evidence>>,
}

impl Seen {
    /// The client, once it was found.
    pub fn client(&self) -> Option<&Arc<CachedClient>> {
        self.client.get()
    }

    /// What stopped an authorize request.
    pub fn stopped(&self) -> Option<&Stopped> {
        self.stopped.get()
    }

    pub(crate) fn found(&self, client: &Arc<CachedClient>) {
        // The first one counts: a request has one client.
        let _ = self.client.set(Arc::clone(client));
    }

    /// An authorize request that stays on our page. `requested` is the address that was asked for.
    pub(crate) fn page(&self, fault: &PageFault, client: Option<&Client>, requested: Option<&str>) {
        let evidence = match (fault, client, requested) {
            (PageFault::RedirectUriMismatch { .. }, Some(client), Some(requested)) => {
                explain(&client.redirect_uris, requested).map(of_address)
            }
            _ => None,
        };
        let _ = self.stopped.set(Stopped {
            step: Some(fault.step()),
            fault: fault.slug(),
            error: fault.code(),
            anchor: fault.anchor(),
            reason: fault.developer(),
            evidence: evidence.map(Box::new),
        });
    }

    /// A request that failed because we did.
    pub(crate) fn failed(&self, error: &Error) {
        let _ = self.stopped.set(ours(error));
    }

    /// An authorize request that is told to the app.
    pub(crate) fn error(&self, error: &AuthorizeError, client: &Client, received: Option<&str>) {
        let _ = self.stopped.set(Stopped {
            step: error.step(),
            fault: error.anchor(),
            error: error.code(),
            anchor: error.anchor(),
            reason: error.developer(),
            evidence: super::evidence::of_error(error, client, received),
        });
    }
}

/// What the log says of a request that failed because we did.
pub(super) fn ours(error: &Error) -> Stopped {
    let fault = match error {
        Error::Busy(_) => TokenFault::Busy,
        Error::Broken(_) | Error::Conflict(_) => TokenFault::Ours,
    };
    let told = fault.error();
    Stopped {
        step: None,
        fault: fault.slug(),
        error: told.code.as_str(),
        anchor: told.code.anchor(),
        reason: fault.to_string(),
        evidence: None,
    }
}

/// The registered address that is closest, and what differs.
pub(super) fn of_address(explanation: Explanation) -> Evidence {
    Evidence {
        about: "redirect_uri".to_owned(),
        expected: explanation.closest,
        received: explanation.requested,
        differences: explanation.differences,
    }
}
