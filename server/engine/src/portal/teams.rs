//! Teams: what a developer without one begins with.

use protocol::{
    ids::{TeamId, UserId},
    locale::Locale,
};
use store::{
    Tx,
    teams::{MembershipRecord, TeamRecord, TeamRole, insert_membership, insert_team},
};

use super::test_people::TestPeople;
use crate::{Engine, error::Result};

/// A team of one with people to try apps with, ready to be written.
pub(super) struct NewTeam {
    pub team: TeamRecord,
    owner: MembershipRecord,
    people: TestPeople,
}

impl NewTeam {
    /// Writes all of it. The owner is there already.
    pub async fn write(&self, tx: &Tx) -> Result<(), store::Error> {
        insert_team(tx, &self.team).await?;
        insert_membership(tx, &self.owner).await?;
        self.people.write(tx).await
    }
}

impl Engine {
    /// A team of one. Nothing is written yet.
    pub(super) async fn new_team(
        &self,
        owner: &UserId,
        name: &str,
        locale: Locale,
    ) -> Result<NewTeam> {
        let now = self.env.now();
        let team = TeamRecord {
            id: TeamId::new(self.env.id()),
            name: name.to_owned(),
            created_at: now,
        };
        Ok(NewTeam {
            owner: MembershipRecord {
                team_id: team.id.clone(),
                user_id: owner.clone(),
                role: TeamRole::Owner,
                created_at: now,
            },
            people: self.test_people(&team.id, locale).await?,
            team,
        })
    }
}
