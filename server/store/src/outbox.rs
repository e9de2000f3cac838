//! The outbox: a mail is a row, written in the transaction that causes it; a job sends it.

use std::fmt;

use protocol::{ids::MailId, time::Timestamp};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::{
    Advanced, Error, Reads, Tx,
    entities::outbox::{Column, Entity, Model},
    outgoing::{advance_failed, advance_sent},
    values::{all, count, insert, instant, millis},
};

/// One mail.
#[derive(Clone, PartialEq, Eq)]
pub struct MailRecord {
    /// Its id.
    pub id: MailId,
    /// To whom.
    pub recipient: String,
    /// What it is about.
    pub subject: String,
    /// What it says.
    pub body_text: String,
    /// The same for readers that show HTML.
    pub body_html: Option<String>,
    /// Since when.
    pub created_at: Timestamp,
    /// How often sending was tried in vain.
    pub attempts: u32,
    /// Before when it is not tried.
    pub next_attempt_at: Timestamp,
    /// When it was sent, if it was.
    pub sent_at: Option<Timestamp>,
    /// What went wrong last.
    pub last_error: Option<String>,
    /// When the sweep may delete the row.
    pub expires_at: Timestamp,
}

/// Without what it says, which may be a secret.
impl fmt::Debug for MailRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MailRecord")
            .field("id", &self.id)
            .field("attempts", &self.attempts)
            .field("sent_at", &self.sent_at)
            .finish_non_exhaustive()
    }
}

impl TryFrom<Model> for MailRecord {
    type Error = Error;

    fn try_from(row: Model) -> Result<Self, Error> {
        Ok(Self {
            id: MailId::new(row.id),
            recipient: row.recipient,
            subject: row.subject,
            body_text: row.body_text,
            body_html: row.body_html,
            created_at: Timestamp::from_millis(row.created_at),
            attempts: count(row.attempts, "outbox.attempts")?,
            next_attempt_at: Timestamp::from_millis(row.next_attempt_at),
            sent_at: instant(row.sent_at),
            last_error: row.last_error,
            expires_at: Timestamp::from_millis(row.expires_at),
        })
    }
}

/// Writes a new mail.
///
/// # Errors
/// [`Error::Conflict`] when the id was used.
pub async fn insert_mail(tx: &Tx, mail: &MailRecord) -> Result<(), Error> {
    let row = Model {
        id: mail.id.as_str().to_owned(),
        recipient: mail.recipient.clone(),
        subject: mail.subject.clone(),
        body_text: mail.body_text.clone(),
        body_html: mail.body_html.clone(),
        created_at: mail.created_at.millis(),
        attempts: mail.attempts.into(),
        next_attempt_at: mail.next_attempt_at.millis(),
        sent_at: millis(mail.sent_at),
        last_error: mail.last_error.clone(),
        expires_at: mail.expires_at.millis(),
    };
    insert(&tx.0, row).await
}

/// Mails that wait to be sent and may be tried at `now`, most patient first.
///
/// # Errors
/// Why they could not be read.
pub async fn find_due_mails(
    db: &impl Reads,
    now: Timestamp,
    limit: u64,
) -> Result<Vec<MailRecord>, Error> {
    let rows = Entity::find()
        .filter(Column::SentAt.is_null())
        .filter(Column::NextAttemptAt.lte(now.millis()))
        .order_by_asc(Column::NextAttemptAt)
        .order_by_asc(Column::Id)
        .limit(limit)
        .all(db.link())
        .await?;
    all(rows)
}

/// The newest mails, to one recipient or to all: for the mailbox of the demo.
///
/// # Errors
/// Why they could not be read.
pub async fn find_newest_mails(
    db: &impl Reads,
    recipient: Option<&str>,
    limit: u64,
) -> Result<Vec<MailRecord>, Error> {
    let mut query = Entity::find();
    if let Some(recipient) = recipient {
        query = query.filter(Column::Recipient.eq(recipient));
    }
    let rows = query
        .order_by_desc(Column::CreatedAt)
        .order_by_desc(Column::Id)
        .limit(limit)
        .all(db.link())
        .await?;
    all(rows)
}

/// Notes that a mail was sent; `No` when it was before.
///
/// # Errors
/// Why it could not be written.
pub async fn advance_mail_sent(tx: &Tx, mail: &MailId, now: Timestamp) -> Result<Advanced, Error> {
    advance_sent(tx, "outbox", mail.as_str(), now).await
}

/// Notes that sending failed, and when to try again.
///
/// # Errors
/// Why it could not be written.
pub async fn advance_mail_failed(
    tx: &Tx,
    mail: &MailId,
    error: &str,
    next_attempt_at: Timestamp,
) -> Result<Advanced, Error> {
    advance_failed(tx, "outbox", mail.as_str(), error, next_attempt_at).await
}
