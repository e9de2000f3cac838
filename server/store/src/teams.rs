//! Teams: people who look after apps together.

use std::collections::BTreeMap;

use protocol::{
    ids::{TeamId, UserId},
    time::Timestamp,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::{
    Advanced, Error, Reads, Tx,
    entities::{
        team_members::{Column, Entity, Model},
        teams,
    },
    values::{all, insert, parse, words},
};

words! {
    /// What a person may do in a team.
    TeamRole {
        /// Everything, the team itself included.
        Owner "owner",
        /// Everything about apps.
        Developer "developer",
        /// Look.
        Read "read",
    }
}

/// One team.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TeamRecord {
    /// Its id.
    pub id: TeamId,
    /// What it is called.
    pub name: String,
    /// Since when.
    pub created_at: Timestamp,
}

/// One person in one team.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MembershipRecord {
    /// The team.
    pub team_id: TeamId,
    /// The person.
    pub user_id: UserId,
    /// What they may do there.
    pub role: TeamRole,
    /// Since when.
    pub created_at: Timestamp,
}

impl TryFrom<Model> for MembershipRecord {
    type Error = Error;

    fn try_from(row: Model) -> Result<Self, Error> {
        Ok(Self {
            team_id: TeamId::new(row.team_id),
            user_id: UserId::new(row.user_id),
            role: parse(&row.role, "team_members.role")?,
            created_at: Timestamp::from_millis(row.created_at),
        })
    }
}

/// Writes a new team.
///
/// # Errors
/// [`Error::Conflict`] `teams_pkey` when the id was used.
pub async fn insert_team(tx: &Tx, team: &TeamRecord) -> Result<(), Error> {
    let row = teams::Model {
        id: team.id.as_str().to_owned(),
        name: team.name.clone(),
        created_at: team.created_at.millis(),
    };
    insert(&tx.0, row).await
}

/// The team with this id.
///
/// # Errors
/// Why it could not be read.
pub async fn find_team(db: &impl Reads, team: &TeamId) -> Result<Option<TeamRecord>, Error> {
    let row = teams::Entity::find_by_id(team.as_str())
        .one(db.link())
        .await?;
    Ok(row.map(|row| TeamRecord {
        id: TeamId::new(row.id),
        name: row.name,
        created_at: Timestamp::from_millis(row.created_at),
    }))
}

/// The names of several teams, in one statement: for lists that mention them.
///
/// # Errors
/// Why they could not be read.
pub async fn find_team_names(
    db: &impl Reads,
    teams: impl IntoIterator<Item = &TeamId>,
) -> Result<BTreeMap<TeamId, String>, Error> {
    let ids: Vec<&str> = teams.into_iter().map(TeamId::as_str).collect();
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows = teams::Entity::find()
        .filter(teams::Column::Id.is_in(ids))
        .all(db.link())
        .await?;
    let names = rows.into_iter().map(|row| (TeamId::new(row.id), row.name));
    Ok(names.collect())
}

/// Takes a person into a team.
///
/// # Errors
/// [`Error::Conflict`] `team_members_pkey` when they belong to it already.
pub async fn insert_membership(tx: &Tx, membership: &MembershipRecord) -> Result<(), Error> {
    let row = Model {
        team_id: membership.team_id.as_str().to_owned(),
        user_id: membership.user_id.as_str().to_owned(),
        role: membership.role.to_string(),
        created_at: membership.created_at.millis(),
    };
    insert(&tx.0, row).await
}

/// The teams of a person, the first one first.
///
/// # Errors
/// Why they could not be read.
pub async fn find_memberships_of_user(
    db: &impl Reads,
    user: &UserId,
) -> Result<Vec<MembershipRecord>, Error> {
    let rows = Entity::find()
        .filter(Column::UserId.eq(user.as_str()))
        .order_by_asc(Column::CreatedAt)
        .order_by_asc(Column::TeamId)
        .all(db.link())
        .await?;
    all(rows)
}

/// The people of a team, the first one first.
///
/// # Errors
/// Why they could not be read.
pub async fn find_memberships_of_team(
    db: &impl Reads,
    team: &TeamId,
) -> Result<Vec<MembershipRecord>, Error> {
    let rows = Entity::find()
        .filter(Column::TeamId.eq(team.as_str()))
        .order_by_asc(Column::CreatedAt)
        .order_by_asc(Column::UserId)
        .all(db.link())
        .await?;
    all(rows)
}

/// What a person is in a team, if they belong to it.
///
/// # Errors
/// Why it could not be read.
pub async fn find_membership(
    db: &impl Reads,
    team: &TeamId,
    user: &UserId,
) -> Result<Option<MembershipRecord>, Error> {
    let key = (team.as_str().to_owned(), user.as_str().to_owned());
    let row = Entity::find_by_id(key).one(db.link()).await?;
    row.map(MembershipRecord::try_from).transpose()
}

/// A team always has an owner: where that is somebody else than the person $2 is asked here.
const HAS_ANOTHER_OWNER: &str = "EXISTS (SELECT 1 FROM team_members others \
     WHERE others.team_id = $1 AND others.user_id <> $2 AND others.role = 'owner')";

/// Gives a member another role; `No` when they do not belong to the team, or when the team would be left
/// without an owner.
///
/// # Errors
/// Why it could not be written.
pub async fn advance_membership_role(
    tx: &Tx,
    team: &TeamId,
    user: &UserId,
    role: TeamRole,
) -> Result<Advanced, Error> {
    one_at_a_time(tx, team).await?;
    let sql = format!(
        "UPDATE team_members SET role = $3 WHERE team_id = $1 AND user_id = $2 \
         AND (role <> 'owner' OR $3 = 'owner' OR {HAS_ANOTHER_OWNER})"
    );
    let values = [
        team.as_str().into(),
        user.as_str().into(),
        role.to_string().into(),
    ];
    Ok(Advanced::of(tx.0.change(&sql, values).await?))
}

/// Takes a member out of a team; `No` when they do not belong to it, or when the team would be left without
/// an owner.
///
/// # Errors
/// Why it could not be deleted.
pub async fn delete_membership(tx: &Tx, team: &TeamId, user: &UserId) -> Result<Advanced, Error> {
    one_at_a_time(tx, team).await?;
    let sql = format!(
        "DELETE FROM team_members WHERE team_id = $1 AND user_id = $2 \
         AND (role <> 'owner' OR {HAS_ANOTHER_OWNER})"
    );
    let values = [team.as_str().into(), user.as_str().into()];
    Ok(Advanced::of(tx.0.change(&sql, values).await?))
}

/// Two owners who demote each other at the same moment change different rows. Both change the row of
/// the team first, so that the second one sees what the first one did.
async fn one_at_a_time(tx: &Tx, team: &TeamId) -> Result<(), Error> {
    let sql = "UPDATE teams SET name = name WHERE id = $1";
    tx.0.change(sql, [team.as_str().into()]).await?;
    Ok(())
}
