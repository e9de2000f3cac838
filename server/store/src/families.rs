//! Token families: all tokens that came out of one grant. Revoking the family revokes them all,
//! with one row written.

use protocol::{
    ids::{ClientId, ConsentId, FamilyId, UserId},
    time::Timestamp,
};
use sea_orm::{EntityTrait, FromQueryResult, QueryResult};

use crate::{
    Advanced, Error, Reads, Tx,
    entities::token_families::{self, Entity, Model},
    values::{insert, instant, millis, parse, words},
};

words! {
    /// Why a family was revoked.
    RevokeReason {
        /// The client asked for it (RFC 7009).
        ClientAsked "client_asked",
        /// The person withdrew the consent.
        ConsentEnded "consent_ended",
        /// An authorization code came twice (RFC 6749 section 4.1.2).
        CodeReplayed "code_replayed",
        /// A refresh token came again after its successor was used (RFC 9700 section 4.14).
        RefreshReplayed "refresh_replayed",
        /// The client was suspended.
        ClientSuspended "client_suspended",
        /// The person was suspended, or signed out everywhere.
        UserSuspended "user_suspended",
    }
}

/// All tokens that came out of one grant.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FamilyRecord {
    /// Its id.
    pub id: FamilyId,
    /// Who holds the tokens.
    pub client_id: ClientId,
    /// For whom they speak.
    pub user_id: Option<UserId>,
    /// What that person allowed.
    pub consent_id: Option<ConsentId>,
    /// Since when.
    pub created_at: Timestamp,
    /// When it was revoked and why, if it was.
    pub revoked: Option<(Timestamp, RevokeReason)>,
    /// When none of its tokens can be good any more; the sweep may then delete the row.
    pub expires_at: Timestamp,
}

impl FamilyRecord {
    /// From a join in which the table is `f`.
    pub(crate) fn of_row(row: &QueryResult) -> Result<Option<Self>, Error> {
        Model::from_query_result_optional(row, "f_")?
            .map(Self::try_from)
            .transpose()
    }
}

impl TryFrom<Model> for FamilyRecord {
    type Error = Error;

    fn try_from(row: Model) -> Result<Self, Error> {
        let revoked = match (instant(row.revoked_at), row.revoked_reason) {
            (None, None) => None,
            (Some(at), Some(reason)) => {
                Some((at, parse(&reason, "token_families.revoked_reason")?))
            }
            _ => return Err(Error::unreadable("token_families.revoked_at")),
        };
        Ok(Self {
            id: FamilyId::new(row.id),
            client_id: ClientId::new(row.client_id),
            user_id: row.user_id.map(UserId::new),
            consent_id: row.consent_id.map(ConsentId::new),
            created_at: Timestamp::from_millis(row.created_at),
            revoked,
            expires_at: Timestamp::from_millis(row.expires_at),
        })
    }
}

/// Writes a new family.
///
/// # Errors
/// [`Error::Conflict`] when the id was used.
pub async fn insert_family(tx: &Tx, family: &FamilyRecord) -> Result<(), Error> {
    let row = token_families::Model {
        id: family.id.as_str().to_owned(),
        client_id: family.client_id.as_str().to_owned(),
        user_id: family.user_id.as_ref().map(|id| id.as_str().to_owned()),
        consent_id: family.consent_id.as_ref().map(|id| id.as_str().to_owned()),
        created_at: family.created_at.millis(),
        revoked_at: millis(family.revoked.map(|(at, _)| at)),
        revoked_reason: family.revoked.map(|(_, reason)| reason.as_str().to_owned()),
        expires_at: family.expires_at.millis(),
    };
    insert(&tx.0, row).await
}

/// The family with this id.
///
/// # Errors
/// Why it could not be read.
pub async fn find_family(
    db: &impl Reads,
    family: &FamilyId,
) -> Result<Option<FamilyRecord>, Error> {
    let row = Entity::find_by_id(family.as_str()).one(db.link()).await?;
    row.map(FamilyRecord::try_from).transpose()
}

/// Lets the family live longer, as its newest refresh token does; never shorter.
///
/// # Errors
/// Why it could not be written.
pub async fn advance_family_expiry(
    tx: &Tx,
    family: &FamilyId,
    expires_at: Timestamp,
) -> Result<Advanced, Error> {
    let sql = "UPDATE token_families SET expires_at = $2 WHERE id = $1 AND expires_at < $2";
    let values = [family.as_str().into(), expires_at.millis().into()];
    Ok(Advanced::of(tx.0.change(sql, values).await?))
}

/// Revokes one family; `No` when it was revoked before or is not there.
///
/// # Errors
/// Why it could not be written.
pub async fn advance_family_revoked(
    tx: &Tx,
    family: &FamilyId,
    reason: RevokeReason,
    now: Timestamp,
) -> Result<Advanced, Error> {
    let revoked = revoke_where(tx, "id", family.as_str(), reason, now).await?;
    Ok(Advanced::of(revoked.len() as u64))
}

/// Revokes what came out of a consent; answers which families were good until now.
///
/// # Errors
/// Why it could not be written.
pub async fn advance_families_revoked_of_consent(
    tx: &Tx,
    consent: &ConsentId,
    reason: RevokeReason,
    now: Timestamp,
) -> Result<Vec<FamilyId>, Error> {
    revoke_where(tx, "consent_id", consent.as_str(), reason, now).await
}

/// Revokes all families of a client; answers which were good until now.
///
/// # Errors
/// Why it could not be written.
pub async fn advance_families_revoked_of_client(
    tx: &Tx,
    client: &ClientId,
    reason: RevokeReason,
    now: Timestamp,
) -> Result<Vec<FamilyId>, Error> {
    revoke_where(tx, "client_id", client.as_str(), reason, now).await
}

/// Revokes all families of a person; answers which were good until now.
///
/// # Errors
/// Why it could not be written.
pub async fn advance_families_revoked_of_user(
    tx: &Tx,
    user: &UserId,
    reason: RevokeReason,
    now: Timestamp,
) -> Result<Vec<FamilyId>, Error> {
    revoke_where(tx, "user_id", user.as_str(), reason, now).await
}

/// Whether a consent has tokens that are still good.
///
/// # Errors
/// Why it could not be read.
pub async fn has_good_family_of_consent(
    db: &impl Reads,
    consent: &ConsentId,
    now: Timestamp,
) -> Result<bool, Error> {
    let sql = "SELECT id FROM token_families \
               WHERE consent_id = $1 AND revoked_at IS NULL AND expires_at > $2 LIMIT 1";
    let values = [consent.as_str().into(), now.millis().into()];
    Ok(db.link().row(sql, values).await?.is_some())
}

async fn revoke_where(
    tx: &Tx,
    column: &'static str,
    id: &str,
    reason: RevokeReason,
    now: Timestamp,
) -> Result<Vec<FamilyId>, Error> {
    let sql = format!(
        "UPDATE token_families SET revoked_at = $2, revoked_reason = $3 \
         WHERE {column} = $1 AND revoked_at IS NULL RETURNING id"
    );
    let values = [id.into(), now.millis().into(), reason.as_str().into()];
    let rows = tx.0.rows(&sql, values).await?;
    rows.iter()
        .map(|row| Ok(FamilyId::new(row.try_get_by_index::<String>(0)?)))
        .collect()
}
