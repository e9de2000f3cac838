//! Sandbox people that a team may sign in as, with their passwords, sealed.

use std::fmt;

use protocol::{
    ids::{TeamId, UserId},
    time::Timestamp,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::{
    Error, Reads, Tx,
    entities::test_users::{Column, Entity, Model},
    values::insert,
};

/// One test user of one team.
#[derive(Clone, PartialEq, Eq)]
pub struct TestUserRecord {
    /// Whose it is.
    pub team_id: TeamId,
    /// The person in the sandbox.
    pub user_id: UserId,
    /// The password, sealed.
    pub sealed_password: Vec<u8>,
    /// Since when.
    pub created_at: Timestamp,
}

/// Without the password, even sealed.
impl fmt::Debug for TestUserRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TestUserRecord")
            .field("team_id", &self.team_id)
            .field("user_id", &self.user_id)
            .finish_non_exhaustive()
    }
}

/// Gives a team a test user.
///
/// # Errors
/// [`Error::Conflict`] when it has them already, or when there is no such team or person.
pub async fn insert_test_user(tx: &Tx, test_user: &TestUserRecord) -> Result<(), Error> {
    let row = Model {
        team_id: test_user.team_id.as_str().to_owned(),
        user_id: test_user.user_id.as_str().to_owned(),
        sealed_password: test_user.sealed_password.clone(),
        created_at: test_user.created_at.millis(),
    };
    insert(&tx.0, row).await
}

/// The test users of a team, the first one first.
///
/// # Errors
/// Why they could not be read.
pub async fn find_test_users(db: &impl Reads, team: &TeamId) -> Result<Vec<TestUserRecord>, Error> {
    let rows = Entity::find()
        .filter(Column::TeamId.eq(team.as_str()))
        .order_by_asc(Column::CreatedAt)
        .order_by_asc(Column::UserId)
        .all(db.link())
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| TestUserRecord {
            team_id: TeamId::new(row.team_id),
            user_id: UserId::new(row.user_id),
            sealed_password: row.sealed_password,
            created_at: Timestamp::from_millis(row.created_at),
        })
        .collect())
}
