//! Sending what waits in the outbox.
//!
//! A letter is a row, written in the transaction of what it tells about; so it is told if and only
//! if it happened. One node at a time takes the rows that are due to the [`Postman`] and notes the
//! outcome. A letter that could not be delivered is tried again, later and later, for some days; one
//! that nobody will ever take is given up at once. If the process ends between delivery and note, the
//! letter goes out once more, under the same id.

use std::{fmt, future::Future, pin::Pin, time::Duration};

use protocol::time::Timestamp;
use store::{
    Advanced,
    outbox::{
        MailRecord, advance_mail_failed, advance_mail_sent, find_due_mails, find_newest_mails,
    },
};

use crate::{Engine, delivery::wait, error::Result};

pub use crate::delivery::Delivered;

/// Name of the lease; one node holds it.
pub(crate) const LEASE: &str = "outbox";

/// For how long a node that fell silent keeps the others from delivering. Longer than one delivery.
const LEASE_LIFETIME: Duration = Duration::from_secs(120);

/// Letters in one round.
const ROUND: u64 = 50;

/// After how long a letter that still waits is given up (RFC 5321 §4.5.4.1: four to five days).
const GIVEN_UP_AFTER: Duration = Duration::from_secs(5 * 24 * 3600);

/// Takes letters to where people read them.
pub trait Postman: Send + Sync {
    /// Delivers one letter. Takes less than a minute, or gives up. Delivering the same id twice is
    /// the same as delivering it once, as far as the way allows.
    fn deliver<'a>(&'a self, letter: &'a MailRecord) -> Delivery<'a>;
}

/// A letter that is on its way.
pub type Delivery<'a> = Pin<Box<dyn Future<Output = Result<(), Undelivered>> + Send + 'a>>;

/// Why a letter could not be delivered, for the log and the operator. Without its content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Undelivered {
    /// It may go better another time.
    Yet(String),
    /// Nobody will ever take it: there is no such mailbox.
    Ever(String),
}

impl Undelivered {
    /// The reason.
    pub fn reason(&self) -> &str {
        match self {
            Self::Yet(reason) | Self::Ever(reason) => reason,
        }
    }
}

impl fmt::Display for Undelivered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.reason())
    }
}

impl std::error::Error for Undelivered {}

impl Engine {
    /// Delivers the letters that are due, if no other node is at it. `node` tells this process from
    /// others on the same database.
    pub async fn deliver_mails(&self, postman: &dyn Postman, node: &str) -> Result<Delivered> {
        let mut delivered = Delivered::default();
        let due = find_due_mails(self.env.store.reader(), self.env.now(), ROUND).await?;
        for letter in due {
            if self.hold_lease(LEASE, node, LEASE_LIFETIME).await? == Advanced::No {
                break;
            }
            match postman.deliver(&letter).await {
                Ok(()) => {
                    self.note_sent(&letter).await?;
                    delivered.sent += 1;
                }
                Err(reason) => match self.next_try(&letter, &reason) {
                    Some(next) => {
                        tracing::warn!(mail = %letter.id, %reason, "a letter could not be delivered");
                        self.note_failed(&letter, &reason, next).await?;
                        delivered.failed += 1;
                    }
                    None => {
                        tracing::error!(mail = %letter.id, %reason, "a letter was given up");
                        // Not due before it is swept.
                        self.note_failed(&letter, &reason, letter.expires_at)
                            .await?;
                        delivered.given_up += 1;
                    }
                },
            }
        }
        Ok(delivered)
    }

    /// The newest letters, whoever they are for. For the mailbox of the demo, nothing else.
    pub async fn mailbox(&self, limit: u64) -> Result<Vec<MailRecord>> {
        Ok(find_newest_mails(self.env.store.reader(), None, limit).await?)
    }

    async fn note_sent(&self, letter: &MailRecord) -> Result<()> {
        let (id, now) = (letter.id.clone(), self.env.now());
        // `No` means that it is noted already: nothing is left to do.
        let noted: Result<Advanced> = self
            .env
            .store
            .write(move |tx| Box::pin(async move { Ok(advance_mail_sent(tx, &id, now).await?) }))
            .await;
        noted.map(drop)
    }

    /// When to try again, if ever.
    fn next_try(&self, letter: &MailRecord, reason: &Undelivered) -> Option<Timestamp> {
        let next = self.env.now() + wait(letter.attempts);
        let in_time = next < letter.created_at + GIVEN_UP_AFTER;
        (matches!(reason, Undelivered::Yet(_)) && in_time).then_some(next)
    }

    async fn note_failed(
        &self,
        letter: &MailRecord,
        reason: &Undelivered,
        next: Timestamp,
    ) -> Result<()> {
        let (id, reason) = (letter.id.clone(), reason.reason().to_owned());
        let noted: Result<Advanced> = self
            .env
            .store
            .write(move |tx| {
                Box::pin(async move { Ok(advance_mail_failed(tx, &id, &reason, next).await?) })
            })
            .await;
        noted.map(drop)
    }
}
