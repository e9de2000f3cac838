//! The team of the demo's developer: owns the demo's apps, may sign in as the demo's customers.

use protocol::ids::{AppId, ClientId, TeamId};
use store::{
    apps::{AppRecord, insert_app},
    teams::{MembershipRecord, TeamRecord, TeamRole, find_team, insert_membership, insert_team},
    test_users::{TestUserRecord, insert_test_user},
    users::Role,
};

use super::{
    DemoError,
    apps::APPS,
    people::{DEVELOPER, PEOPLE, Person},
};
use crate::{Engine, error::Error};

/// Id of the team.
const TEAM: &str = "demo-team";

impl Engine {
    /// Team, apps and test users, in one transaction, if the team is not there.
    pub(super) async fn seed_team(&self) -> Result<(), DemoError> {
        let id = TeamId::new(TEAM);
        if find_team(self.env.store.reader(), &id).await?.is_some() {
            return Ok(());
        }
        let now = self.env.now();
        let team = TeamRecord {
            id: id.clone(),
            name: "Demo team".to_owned(),
            created_at: now,
        };
        let membership = MembershipRecord {
            team_id: id.clone(),
            user_id: DEVELOPER.id(),
            role: TeamRole::Owner,
            created_at: now,
        };
        let apps: Vec<AppRecord> = APPS
            .iter()
            .map(|app| AppRecord {
                id: AppId::new(app.id),
                team_id: id.clone(),
                name: app.name.to_owned(),
                sandbox_client: ClientId::new(app.id),
                live_client: None,
                created_at: now,
                version: 0,
            })
            .collect();
        let is_customer = |person: &&Person| person.role == Role::User;
        let people: Vec<TestUserRecord> = PEOPLE
            .iter()
            .filter(is_customer)
            .map(|person| TestUserRecord {
                team_id: id.clone(),
                user_id: person.id(),
                sealed_password: self.sealed_test_password(person.password),
                created_at: now,
            })
            .collect();
        self.env
            .store
            .write::<_, Error, _>(move |tx| {
                Box::pin(async move {
                    insert_team(tx, &team).await?;
                    insert_membership(tx, &membership).await?;
                    for app in &apps {
                        insert_app(tx, app).await?;
                    }
                    for person in &people {
                        insert_test_user(tx, person).await?;
                    }
                    Ok(())
                })
            })
            .await?;
        Ok(())
    }
}
