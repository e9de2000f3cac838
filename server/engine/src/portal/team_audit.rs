//! What happened in a team, to its apps and to their clients, newest first (D12).

use protocol::{
    ids::{AppId, TeamId, UserId},
    time::Timestamp,
};
use store::{
    apps::find_apps_of_teams,
    audit::{AuditRecord, find_audit_events_of},
    review_cases::find_cases_of_apps,
    users::{Role, find_user},
};

use super::{
    place::Place,
    session::PortalVisit,
    team::InTeam,
    wall::{Person, Refusal},
};
use crate::Engine;

/// How many events the page shows.
const SHOWN: u64 = 100;

/// The page.
#[derive(Clone, Debug)]
pub struct TeamAudit {
    /// The team.
    pub id: TeamId,
    /// What it is called.
    pub name: String,
    /// Newest first.
    pub events: Vec<TeamEvent>,
}

/// Something that happened.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TeamEvent {
    /// When.
    pub at: Timestamp,
    /// Who: the name of a developer, or an id; none for people of the bank and its customers.
    pub actor: Option<String>,
    /// What, as one word.
    pub action: String,
    /// To what: the name of an app, or an id with its kind.
    pub object: String,
}

/// Of a review, what the team did and what it was told: what reviewers do among themselves is theirs.
const OF_REVIEW: [&str; 5] = [
    "review.sent",
    "review.withdrawn",
    "review.changes_requested",
    "review.approved",
    "review.rejected",
];

fn is_for_the_team(event: &AuditRecord) -> bool {
    !event.action.starts_with("review.") || OF_REVIEW.contains(&event.action.as_str())
}

impl Engine {
    /// What happened in a team of the visitor; in the first one when none is named.
    ///
    /// # Errors
    /// When nobody is signed in, or it is not a team of theirs.
    pub async fn team_audit(
        &self,
        visit: &PortalVisit,
        team: Option<TeamId>,
    ) -> Result<(Person, TeamAudit), Refusal> {
        let here = Place::TeamAudit(team.clone());
        let InTeam { person, team, .. } = self.in_team(visit, team, &here).await?;
        let reader = self.env.store.reader();
        let mut objects = vec![(format!("team:{}", team.id), team.name.clone())];
        let apps = find_apps_of_teams(reader, std::slice::from_ref(&team.id)).await?;
        let ids: Vec<AppId> = apps.iter().map(|app| app.id.clone()).collect();
        for (case, of) in find_cases_of_apps(reader, &ids).await? {
            let app = apps.iter().find(|app| app.id == of);
            let name = app.map(|app| app.name.clone()).unwrap_or_default();
            objects.push((format!("case:{case}"), name));
        }
        for app in apps {
            objects.push((format!("app:{}", app.id), app.name));
            objects.push((
                format!("client:{}", app.sandbox_client),
                app.sandbox_client.to_string(),
            ));
            if let Some(live) = app.live_client {
                objects.push((format!("client:{live}"), live.to_string()));
            }
        }
        let ids: Vec<&str> = objects.iter().map(|(id, _)| id.as_str()).collect();
        let found = find_audit_events_of(reader, &ids, SHOWN).await?;
        let mut events = Vec::new();
        for event in found.into_iter().filter(is_for_the_team) {
            let object = objects.iter().find(|(id, _)| *id == event.object);
            let actor = self.actor_name(&event.actor).await?;
            events.push(TeamEvent {
                at: event.at,
                actor,
                action: event.action,
                object: object.map_or(event.object.clone(), |(_, name)| name.clone()),
            });
        }
        let audit = TeamAudit {
            id: team.id,
            name: team.name,
            events,
        };
        Ok((person, audit))
    }

    /// The name of whoever acted, if it is for the team to know.
    async fn actor_name(&self, actor: &str) -> Result<Option<String>, Refusal> {
        let Some(id) = actor.strip_prefix("user:") else {
            return Ok(Some(actor.to_owned()));
        };
        let user = find_user(self.env.store.reader(), &UserId::new(id)).await?;
        Ok(user
            .filter(|user| user.role == Role::Developer)
            .map(|user| user.display_name))
    }
}
