//! Challenges of strong customer authentication: one question to one person about one thing.

use protocol::{
    ids::{AuthorizationId, ChallengeId, ClientId, UserId},
    time::Timestamp,
};
use sea_orm::EntityTrait;

use crate::{
    Advanced, Error, Reads, Tx,
    entities::sca_challenges::{Entity, Model},
    values::{bytes32, count, insert, parse, words},
};

words! {
    /// What a challenge is about.
    ChallengePurpose {
        /// Letting a client see or do something.
        Consent "consent",
        /// One payment: amount and payee.
        Payment "payment",
    }

    /// What became of a challenge.
    ChallengeStatus {
        /// Not answered yet.
        Open "open",
        /// Answered rightly, once.
        Passed "passed",
        /// Given up: too many failures, denied, or replaced.
        Void "void",
    }
}

/// One challenge.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ChallengeRecord {
    /// Its id.
    pub id: ChallengeId,
    /// What it is about.
    pub purpose: ChallengePurpose,
    /// Who is asked.
    pub user_id: UserId,
    /// On behalf of whom.
    pub client_id: ClientId,
    /// In which run through the pages.
    pub authorization_id: AuthorizationId,
    /// Digest of exactly what is confirmed (RTS Article 5, dynamic linking).
    pub subject_digest: [u8; 32],
    /// Wrong answers so far.
    pub failures: u32,
    /// What became of it.
    pub status: ChallengeStatus,
    /// Since when.
    pub created_at: Timestamp,
    /// Until when.
    pub expires_at: Timestamp,
}

impl TryFrom<Model> for ChallengeRecord {
    type Error = Error;

    fn try_from(row: Model) -> Result<Self, Error> {
        Ok(Self {
            id: ChallengeId::new(row.id),
            purpose: parse(&row.purpose, "sca_challenges.purpose")?,
            user_id: UserId::new(row.user_id),
            client_id: ClientId::new(row.client_id),
            authorization_id: AuthorizationId::new(row.authorization_id),
            subject_digest: bytes32(&row.subject_digest, "sca_challenges.subject_digest")?,
            failures: count(row.failures, "sca_challenges.failures")?,
            status: parse(&row.status, "sca_challenges.status")?,
            created_at: Timestamp::from_millis(row.created_at),
            expires_at: Timestamp::from_millis(row.expires_at),
        })
    }
}

/// Writes a new challenge.
///
/// # Errors
/// [`Error::Conflict`] when the id was used.
pub async fn insert_challenge(tx: &Tx, challenge: &ChallengeRecord) -> Result<(), Error> {
    let row = Model {
        id: challenge.id.as_str().to_owned(),
        purpose: challenge.purpose.to_string(),
        user_id: challenge.user_id.as_str().to_owned(),
        client_id: challenge.client_id.as_str().to_owned(),
        authorization_id: challenge.authorization_id.as_str().to_owned(),
        subject_digest: challenge.subject_digest.to_vec(),
        failures: challenge.failures.into(),
        status: challenge.status.to_string(),
        created_at: challenge.created_at.millis(),
        expires_at: challenge.expires_at.millis(),
    };
    insert(&tx.0, row).await
}

/// The challenge with this id.
///
/// # Errors
/// Why it could not be read.
pub async fn find_challenge(
    db: &impl Reads,
    challenge: &ChallengeId,
) -> Result<Option<ChallengeRecord>, Error> {
    let row = Entity::find_by_id(challenge.as_str())
        .one(db.link())
        .await?;
    row.map(ChallengeRecord::try_from).transpose()
}

/// Counts a wrong answer and says how many there were by now; `None` when the challenge is not open.
///
/// # Errors
/// Why it could not be written.
pub async fn advance_challenge_failed(
    tx: &Tx,
    challenge: &ChallengeId,
) -> Result<Option<u32>, Error> {
    let sql = "UPDATE sca_challenges SET failures = failures + 1 \
               WHERE id = $1 AND status = 'open' RETURNING failures";
    match tx.0.row(sql, [challenge.as_str().into()]).await? {
        None => Ok(None),
        Some(row) => Ok(Some(count(
            row.try_get_by_index(0)?,
            "sca_challenges.failures",
        )?)),
    }
}

/// From open to passed; `No` when it is not open.
///
/// # Errors
/// Why it could not be written.
pub async fn advance_challenge_passed(tx: &Tx, challenge: &ChallengeId) -> Result<Advanced, Error> {
    close(tx, challenge, ChallengeStatus::Passed).await
}

/// From open to void; `No` when it is not open.
///
/// # Errors
/// Why it could not be written.
pub async fn advance_challenge_void(tx: &Tx, challenge: &ChallengeId) -> Result<Advanced, Error> {
    close(tx, challenge, ChallengeStatus::Void).await
}

async fn close(
    tx: &Tx,
    challenge: &ChallengeId,
    status: ChallengeStatus,
) -> Result<Advanced, Error> {
    let sql = "UPDATE sca_challenges SET status = $2 WHERE id = $1 AND status = 'open'";
    let values = [challenge.as_str().into(), status.as_str().into()];
    Ok(Advanced::of(tx.0.change(sql, values).await?))
}
