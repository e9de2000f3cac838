//! Telling apps what became of their transactions: callbacks, signed (RSA-SHA256), from an outbox.
//!
//! A callback is a row, written in the transaction of what it tells; so it is told if and only if it
//! happened. One node at a time takes the rows that are due to the [`Messenger`] and notes the outcome.
//!
//! | what | choice |
//! |---|---|
//! | the request | `POST`, a form with `event` (JSON) and `sign` (base64 of RSASSA-PKCS1-v1_5 with SHA-256 over the text of `event`) |
//! | where | the transaction's `callback_uri`: registered hosts, ports 80 and 443, never an address that is not public |
//! | the key | the newest one, when it is sent; `GET /publickey` answers the same one |
//! | delivered | any answer 2xx |
//! | tried again | after 30 s, 1 min, 2 min ... up to 6 h; redirects are failures and are not followed |
//! | given up | after 3 days; the app can still ask for the transaction |
//! | twice | possible, when a process ends between delivery and note: the event is the same text |
//! | order | by when they are due; a later one may overtake one that failed |

mod key;

use std::{fmt, future::Future, pin::Pin, time::Duration};

use protocol::time::Timestamp;
use store::{
    Advanced,
    callbacks::{
        CallbackRecord, advance_callback_failed, advance_callback_sent, find_due_callbacks,
    },
};

use crate::{
    Engine,
    delivery::{Delivered, wait},
    error::Result,
};

/// Name of the lease; one node holds it.
pub(crate) const LEASE: &str = "callbacks";

/// For how long a node that fell silent keeps the others from delivering. Longer than one delivery.
const LEASE_LIFETIME: Duration = Duration::from_secs(60);

/// Callbacks in one round.
const ROUND: u64 = 50;

/// After how long a callback that still waits is given up.
const GIVEN_UP_AFTER: Duration = Duration::from_secs(3 * 24 * 3600);

/// For how long a callback is kept: long enough to see why an app was not told.
pub(crate) const KEPT_CALLBACK: Duration = Duration::from_secs(30 * 24 * 3600);

/// Takes callbacks to where apps hear them. It reaches no address of our own network, and follows no
/// redirect.
pub trait Messenger: Send + Sync {
    /// Posts a form. Takes less than half a minute, or gives up.
    fn post<'a>(&'a self, address: &'a str, form: &'a [(&'static str, String)]) -> Posting<'a>;
}

/// A message that is on its way.
pub type Posting<'a> = Pin<Box<dyn Future<Output = Result<(), NotTaken>> + Send + 'a>>;

/// Why a callback was not taken, for the log and the developer: a few words, nothing of what was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotTaken(pub String);

impl fmt::Display for NotTaken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for NotTaken {}

impl Engine {
    /// Delivers the callbacks that are due, if no other node is at it. `node` tells this process from
    /// others on the same database.
    ///
    /// # Errors
    /// When storage failed.
    pub async fn deliver_callbacks(
        &self,
        messenger: &dyn Messenger,
        node: &str,
    ) -> Result<Delivered> {
        let mut delivered = Delivered::default();
        let due = find_due_callbacks(self.env.store.reader(), self.env.now(), ROUND).await?;
        for callback in due {
            if self.hold_lease(LEASE, node, LEASE_LIFETIME).await? == Advanced::No {
                break;
            }
            let form = [
                ("event", callback.event.clone()),
                ("sign", self.sign_event(&callback.event).await?),
            ];
            match messenger.post(&callback.address, &form).await {
                Ok(()) => {
                    self.note_callback_sent(&callback).await?;
                    delivered.sent += 1;
                }
                Err(reason) => {
                    let next = self.next_callback_try(&callback);
                    // Not due before it is swept.
                    self.note_callback_failed(
                        &callback,
                        &reason,
                        next.unwrap_or(callback.expires_at),
                    )
                    .await?;
                    if next.is_some() {
                        tracing::warn!(callback = %callback.id, client = %callback.client_id, %reason, "a callback was not taken");
                        delivered.failed += 1;
                    } else {
                        tracing::error!(callback = %callback.id, client = %callback.client_id, %reason, "a callback was given up");
                        delivered.given_up += 1;
                    }
                }
            }
        }
        Ok(delivered)
    }

    async fn note_callback_sent(&self, callback: &CallbackRecord) -> Result<()> {
        let (id, now) = (callback.id.clone(), self.env.now());
        // `No` means that it is noted already: nothing is left to do.
        let noted: Result<Advanced> = self
            .env
            .store
            .write(move |tx| {
                Box::pin(async move { Ok(advance_callback_sent(tx, &id, now).await?) })
            })
            .await;
        noted.map(drop)
    }

    /// When to try again, if ever.
    fn next_callback_try(&self, callback: &CallbackRecord) -> Option<Timestamp> {
        let next = self.env.now() + wait(callback.attempts);
        (next < callback.created_at + GIVEN_UP_AFTER).then_some(next)
    }

    async fn note_callback_failed(
        &self,
        callback: &CallbackRecord,
        reason: &NotTaken,
        next: Timestamp,
    ) -> Result<()> {
        let (id, reason) = (callback.id.clone(), reason.0.clone());
        let noted: Result<Advanced> = self
            .env
            .store
            .write(move |tx| {
                Box::pin(async move { Ok(advance_callback_failed(tx, &id, &reason, next).await?) })
            })
            .await;
        noted.map(drop)
    }
}
