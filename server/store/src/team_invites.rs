//! Invitations to teams: an address and a role, until the person of that address accepts.

use protocol::{
    ids::{InviteId, TeamId, UserId},
    secret::{Digest, InviteLink},
    time::Timestamp,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::{
    Advanced, Error, Reads, Tx,
    entities::team_invites::{Column, Entity, Model},
    teams::TeamRole,
    values::{all, digest, insert, instant, millis, parse},
};

/// One invitation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct InviteRecord {
    /// Its id.
    pub id: InviteId,
    /// To which team.
    pub team_id: TeamId,
    /// The address it went to.
    pub email: String,
    /// What the person will be in the team.
    pub role: TeamRole,
    /// SHA-256 of what the link in the letter holds.
    pub link_digest: Digest<InviteLink>,
    /// Who invited.
    pub invited_by: UserId,
    /// Since when.
    pub created_at: Timestamp,
    /// Until when it can be accepted.
    pub expires_at: Timestamp,
    /// When it was accepted.
    pub accepted_at: Option<Timestamp>,
}

impl TryFrom<Model> for InviteRecord {
    type Error = Error;

    fn try_from(row: Model) -> Result<Self, Error> {
        Ok(Self {
            id: InviteId::new(row.id),
            team_id: TeamId::new(row.team_id),
            email: row.email,
            role: parse(&row.role, "team_invites.role")?,
            link_digest: digest(&row.link_digest, "team_invites.link_digest")?,
            invited_by: UserId::new(row.invited_by),
            created_at: Timestamp::from_millis(row.created_at),
            expires_at: Timestamp::from_millis(row.expires_at),
            accepted_at: instant(row.accepted_at),
        })
    }
}

/// Writes a new invitation.
///
/// # Errors
/// [`Error::Conflict`] when the id or the link was used, or there is no such team.
pub async fn insert_invite(tx: &Tx, invite: &InviteRecord) -> Result<(), Error> {
    let row = Model {
        id: invite.id.as_str().to_owned(),
        team_id: invite.team_id.as_str().to_owned(),
        email: invite.email.clone(),
        role: invite.role.to_string(),
        link_digest: invite.link_digest.as_bytes().to_vec(),
        invited_by: invite.invited_by.as_str().to_owned(),
        created_at: invite.created_at.millis(),
        expires_at: invite.expires_at.millis(),
        accepted_at: millis(invite.accepted_at),
    };
    insert(&tx.0, row).await
}

/// The invitation whose letter held this link, also when its time is over.
///
/// # Errors
/// Why it could not be read.
pub async fn find_invite_by_link(
    db: &impl Reads,
    link: &Digest<InviteLink>,
) -> Result<Option<InviteRecord>, Error> {
    let row = Entity::find()
        .filter(Column::LinkDigest.eq(link.as_bytes().to_vec()))
        .one(db.link())
        .await?;
    row.map(InviteRecord::try_from).transpose()
}

/// The invitations of a team that nobody accepted yet, also when their time is over, oldest first.
///
/// # Errors
/// Why they could not be read.
pub async fn find_open_invites(db: &impl Reads, team: &TeamId) -> Result<Vec<InviteRecord>, Error> {
    let rows = Entity::find()
        .filter(Column::TeamId.eq(team.as_str()))
        .filter(Column::AcceptedAt.is_null())
        .order_by_asc(Column::CreatedAt)
        .order_by_asc(Column::Id)
        .all(db.link())
        .await?;
    all(rows)
}

/// Accepts an invitation; `No` when it was accepted or taken back before.
///
/// # Errors
/// Why it could not be written.
pub async fn advance_invite_accepted(
    tx: &Tx,
    invite: &InviteId,
    now: Timestamp,
) -> Result<Advanced, Error> {
    let sql = "UPDATE team_invites SET accepted_at = $2 WHERE id = $1 AND accepted_at IS NULL";
    let values = [invite.as_str().into(), now.millis().into()];
    Ok(Advanced::of(tx.0.change(sql, values).await?))
}

/// Takes an invitation of a team back that nobody accepted; `No` when there is none.
///
/// # Errors
/// Why it could not be deleted.
pub async fn delete_invite(tx: &Tx, team: &TeamId, invite: &InviteId) -> Result<Advanced, Error> {
    let sql = "DELETE FROM team_invites WHERE id = $1 AND team_id = $2 AND accepted_at IS NULL";
    let values = [invite.as_str().into(), team.as_str().into()];
    Ok(Advanced::of(tx.0.change(sql, values).await?))
}
