//! Authorizations under way: from sign-in to the code. Before sign-in nothing is stored.

use protocol::{
    authorization::{Notice, Stage},
    authorize::AcceptedRecord,
    ids::{AuthorizationId, ChallengeId, ClientId, UserId},
    secret::{Binding, Digest},
    time::Timestamp,
};
use sea_orm::EntityTrait;

use crate::{
    Advanced, Error, Reads, Tx,
    entities::authorizations::{Entity, Model},
    values::{digest, from_json, insert, to_json},
};

/// One run through the authorization pages.
#[derive(Clone, PartialEq, Debug)]
pub struct AuthorizationRecord {
    /// Its id, as in the path of the page.
    pub id: AuthorizationId,
    /// SHA-256 of what binds it to one browser.
    pub binding: Digest<Binding>,
    /// Who asks.
    pub client_id: ClientId,
    /// Who is asked.
    pub user_id: UserId,
    /// How far it has come.
    pub stage: Stage,
    /// What was asked.
    pub request: AcceptedRecord,
    /// When the person signed in.
    pub authenticated_at: Timestamp,
    /// When the person last did something.
    pub last_active_at: Timestamp,
    /// The challenge that is open, if one is.
    pub challenge_id: Option<ChallengeId>,
    /// What the next page says on top.
    pub notice: Option<Notice>,
    /// Where the browser was sent at the end, sealed.
    pub sealed_redirect: Option<Vec<u8>>,
    /// Since when.
    pub created_at: Timestamp,
    /// Until when.
    pub expires_at: Timestamp,
}

impl TryFrom<Model> for AuthorizationRecord {
    type Error = Error;

    fn try_from(row: Model) -> Result<Self, Error> {
        Ok(Self {
            id: AuthorizationId::new(row.id),
            binding: digest(&row.binding_digest, "authorizations.binding_digest")?,
            client_id: ClientId::new(row.client_id),
            user_id: UserId::new(row.user_id),
            stage: from_json(&row.stage_data, "authorizations.stage_data")?,
            request: from_json(&row.request, "authorizations.request")?,
            authenticated_at: Timestamp::from_millis(row.authenticated_at),
            last_active_at: Timestamp::from_millis(row.last_active_at),
            challenge_id: row.challenge_id.map(ChallengeId::new),
            notice: row
                .notice
                .map(|notice| from_json(&notice, "authorizations.notice"))
                .transpose()?,
            sealed_redirect: row.sealed_redirect,
            created_at: Timestamp::from_millis(row.created_at),
            expires_at: Timestamp::from_millis(row.expires_at),
        })
    }
}

impl AuthorizationRecord {
    fn row(&self) -> Result<Model, Error> {
        Ok(Model {
            id: self.id.as_str().to_owned(),
            binding_digest: self.binding.as_bytes().to_vec(),
            client_id: self.client_id.as_str().to_owned(),
            user_id: self.user_id.as_str().to_owned(),
            stage: self.stage.name().to_owned(),
            stage_data: to_json(&self.stage)?,
            request: to_json(&self.request)?,
            authenticated_at: self.authenticated_at.millis(),
            last_active_at: self.last_active_at.millis(),
            challenge_id: self.challenge_id.as_ref().map(|id| id.as_str().to_owned()),
            notice: self.notice.as_ref().map(to_json).transpose()?,
            sealed_redirect: self.sealed_redirect.clone(),
            created_at: self.created_at.millis(),
            expires_at: self.expires_at.millis(),
        })
    }
}

/// Writes a new authorization, when the person has signed in.
///
/// # Errors
/// [`Error::Conflict`] when the id was used: the same form was sent twice.
pub async fn insert_authorization(
    tx: &Tx,
    authorization: &AuthorizationRecord,
) -> Result<(), Error> {
    insert(&tx.0, authorization.row()?).await
}

/// The authorization with this id.
///
/// # Errors
/// Why it could not be read.
pub async fn find_authorization(
    db: &impl Reads,
    authorization: &AuthorizationId,
) -> Result<Option<AuthorizationRecord>, Error> {
    let row = Entity::find_by_id(authorization.as_str())
        .one(db.link())
        .await?;
    row.map(AuthorizationRecord::try_from).transpose()
}

/// Writes the stage and everything else that changes on the way, if the stage still is the one called `from`
/// (see `Stage::name`); `No` when another tab or a second press was first. Binding, client, request and beginning stay.
///
/// # Errors
/// Why it could not be written.
pub async fn advance_authorization(
    tx: &Tx,
    from: &str,
    authorization: &AuthorizationRecord,
) -> Result<Advanced, Error> {
    let row = authorization.row()?;
    let sql = "UPDATE authorizations SET stage = $3, stage_data = $4, user_id = $5, \
               authenticated_at = $6, last_active_at = $7, challenge_id = $8, notice = $9, \
               sealed_redirect = $10, expires_at = $11 WHERE id = $1 AND stage = $2";
    let values = [
        row.id.into(),
        from.into(),
        row.stage.into(),
        row.stage_data.into(),
        row.user_id.into(),
        row.authenticated_at.into(),
        row.last_active_at.into(),
        row.challenge_id.into(),
        row.notice.into(),
        row.sealed_redirect.into(),
        row.expires_at.into(),
    ];
    Ok(Advanced::of(tx.0.change(sql, values).await?))
}

/// Notes that the person did something; `No` when something later was noted.
///
/// # Errors
/// Why it could not be written.
pub async fn advance_authorization_active(
    tx: &Tx,
    authorization: &AuthorizationId,
    now: Timestamp,
) -> Result<Advanced, Error> {
    let sql = "UPDATE authorizations SET last_active_at = $2 WHERE id = $1 AND last_active_at < $2";
    let values = [authorization.as_str().into(), now.millis().into()];
    Ok(Advanced::of(tx.0.change(sql, values).await?))
}

/// Sets what the next page says on top, or nothing, if the stage still is the one called `stage`.
///
/// # Errors
/// Why it could not be written.
pub async fn advance_authorization_notice(
    tx: &Tx,
    authorization: &AuthorizationId,
    stage: &str,
    notice: Option<&Notice>,
) -> Result<Advanced, Error> {
    let sql = "UPDATE authorizations SET notice = $3 WHERE id = $1 AND stage = $2";
    let notice = notice.map(to_json).transpose()?;
    let values = [authorization.as_str().into(), stage.into(), notice.into()];
    Ok(Advanced::of(tx.0.change(sql, values).await?))
}

/// Sets the challenge that is open, or none, if the stage still is the one called `stage`.
///
/// # Errors
/// Why it could not be written.
pub async fn advance_authorization_challenge(
    tx: &Tx,
    authorization: &AuthorizationId,
    stage: &str,
    challenge: Option<&ChallengeId>,
) -> Result<Advanced, Error> {
    let sql = "UPDATE authorizations SET challenge_id = $3 WHERE id = $1 AND stage = $2";
    let values = [
        authorization.as_str().into(),
        stage.into(),
        challenge.map(ChallengeId::as_str).into(),
    ];
    Ok(Advanced::of(tx.0.change(sql, values).await?))
}

/// Forgets an authorization.
///
/// # Errors
/// Why it could not be deleted.
pub async fn delete_authorization(tx: &Tx, authorization: &AuthorizationId) -> Result<(), Error> {
    let sql = "DELETE FROM authorizations WHERE id = $1";
    tx.0.change(sql, [authorization.as_str().into()]).await?;
    Ok(())
}
