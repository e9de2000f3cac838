//! Browser sessions, known by the digest of what the cookie carries.

use protocol::{
    ids::UserId,
    secret::{Digest, SessionId},
    time::Timestamp,
};
use sea_orm::EntityTrait;

use crate::{
    Advanced, Error, Reads, Tx,
    entities::sessions::{Entity, Model},
    values::digest,
};

/// One session.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SessionRecord {
    /// SHA-256 of the session id.
    pub digest: Digest<SessionId>,
    /// Who signed in, if somebody did.
    pub user_id: Option<UserId>,
    /// What the session remembers, in whatever form its owner writes.
    pub data: String,
    /// Since when.
    pub created_at: Timestamp,
    /// Until when.
    pub expires_at: Timestamp,
}

impl TryFrom<Model> for SessionRecord {
    type Error = Error;

    fn try_from(row: Model) -> Result<Self, Error> {
        Ok(Self {
            digest: digest(&row.digest, "sessions.digest")?,
            user_id: row.user_id.map(UserId::new),
            data: row.data,
            created_at: Timestamp::from_millis(row.created_at),
            expires_at: Timestamp::from_millis(row.expires_at),
        })
    }
}

/// Writes a session, or what changed in it; its beginning stays.
///
/// # Errors
/// Why it could not be written.
pub async fn upsert_session(tx: &Tx, session: &SessionRecord) -> Result<(), Error> {
    let sql = "INSERT INTO sessions (digest, user_id, data, created_at, expires_at) \
               VALUES ($1, $2, $3, $4, $5) ON CONFLICT (digest) DO UPDATE SET \
               user_id = excluded.user_id, data = excluded.data, expires_at = excluded.expires_at";
    let values = [
        session.digest.as_bytes().as_slice().into(),
        session.user_id.as_ref().map(UserId::as_str).into(),
        session.data.as_str().into(),
        session.created_at.millis().into(),
        session.expires_at.millis().into(),
    ];
    tx.0.change(sql, values).await?;
    Ok(())
}

/// The session with this digest, also when its time is over: the caller compares.
///
/// # Errors
/// Why it could not be read.
pub async fn find_session(
    db: &impl Reads,
    session: &Digest<SessionId>,
) -> Result<Option<SessionRecord>, Error> {
    let row = Entity::find_by_id(session.as_bytes().to_vec())
        .one(db.link())
        .await?;
    row.map(SessionRecord::try_from).transpose()
}

/// Ends a session.
///
/// # Errors
/// Why it could not be deleted.
pub async fn delete_session(tx: &Tx, session: &Digest<SessionId>) -> Result<(), Error> {
    let sql = "DELETE FROM sessions WHERE digest = $1";
    tx.0.change(sql, [session.as_bytes().as_slice().into()])
        .await?;
    Ok(())
}

/// Ends all sessions of a person but `keep`; answers how many.
///
/// # Errors
/// Why they could not be deleted.
pub async fn delete_sessions_of_user(
    tx: &Tx,
    user: &UserId,
    keep: Option<&Digest<SessionId>>,
) -> Result<u64, Error> {
    match keep {
        None => {
            let sql = "DELETE FROM sessions WHERE user_id = $1";
            tx.0.change(sql, [user.as_str().into()]).await
        }
        Some(keep) => {
            let sql = "DELETE FROM sessions WHERE user_id = $1 AND digest <> $2";
            let values = [user.as_str().into(), keep.as_bytes().as_slice().into()];
            tx.0.change(sql, values).await
        }
    }
}

/// Lets a session go on until `expires_at`, whatever else changes in it meanwhile; `No` when it was ended.
///
/// # Errors
/// Why it could not be written.
pub async fn advance_session_seen(
    tx: &Tx,
    session: &Digest<SessionId>,
    expires_at: Timestamp,
) -> Result<Advanced, Error> {
    let sql = "UPDATE sessions SET expires_at = $2 WHERE digest = $1";
    let values = [
        session.as_bytes().as_slice().into(),
        expires_at.millis().into(),
    ];
    Ok(Advanced::of(tx.0.change(sql, values).await?))
}

/// Writes what a session remembers; `No` when it was ended meanwhile, and it stays ended.
///
/// # Errors
/// Why it could not be written.
pub async fn advance_session_data(tx: &Tx, session: &SessionRecord) -> Result<Advanced, Error> {
    let sql = "UPDATE sessions SET user_id = $2, data = $3, expires_at = $4 WHERE digest = $1";
    let values = [
        session.digest.as_bytes().as_slice().into(),
        session.user_id.as_ref().map(UserId::as_str).into(),
        session.data.as_str().into(),
        session.expires_at.millis().into(),
    ];
    Ok(Advanced::of(tx.0.change(sql, values).await?))
}
