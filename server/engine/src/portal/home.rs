//! The first page of a developer (D4): every app, how far it has come, and what waits for the team.

use std::collections::BTreeMap;

use protocol::{
    client::Environment,
    ids::{AppId, ClientId, TeamId},
    registration::{Field, Registration, Task, review::Stage},
};
use store::{
    apps::{AppRecord, find_apps_of_teams},
    clients::find_suspended_clients,
    registrations::find_registrations,
    review_cases::{CaseRecord, count_cases_before, find_newest_cases},
    teams::find_memberships_of_user,
};

use super::{apps::may_make, registration::Case, wall::Person};
use crate::{Engine, error::Result};

/// An app on the first page.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AppCard {
    /// Its id.
    pub id: AppId,
    /// What it is called.
    pub name: String,
    /// Its client for play money.
    pub sandbox_client: ClientId,
    /// Whether it has a client for real money.
    pub is_live: bool,
    /// Which of its clients the bank switched off.
    pub off: Vec<Environment>,
    /// How far it is on the way to real money.
    pub progress: Progress,
}

/// How far an app is on the way to real money.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Progress {
    /// The registration is being filled in.
    Draft {
        /// Tasks that are saved ...
        complete: usize,
        /// ... of so many.
        total: usize,
    },
    /// It waits for the bank.
    Sent {
        /// The first one in the queue is number 1.
        position: u64,
        /// Whether a reviewer works on it already.
        is_claimed: bool,
    },
    /// The bank asks for changes.
    NeedsChange {
        /// The fields that are not changed yet; when none is left it can be sent again.
        open: Vec<Field>,
    },
    /// It was let in.
    Approved,
    /// It was not let in.
    Refused,
}

/// The first page.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Home {
    /// Who is signed in.
    pub name: String,
    /// The apps of all their teams.
    pub apps: Vec<AppCard>,
    /// How long reviews take, in the middle.
    pub median_days: Option<u32>,
    /// Whether they may make an app.
    pub may_make: bool,
}

/// What is known of all the apps of a person, each read at once.
struct Known {
    registrations: BTreeMap<AppId, Registration>,
    cases: BTreeMap<AppId, CaseRecord>,
    off: Vec<ClientId>,
}

impl Engine {
    /// The apps of a person.
    ///
    /// # Errors
    /// When storage failed.
    pub async fn developer_home(&self, person: &Person) -> Result<Home> {
        let reader = self.env.store.reader();
        let memberships = find_memberships_of_user(reader, &person.user.id).await?;
        let teams: Vec<TeamId> = memberships
            .iter()
            .map(|membership| membership.team_id.clone())
            .collect();
        let apps = find_apps_of_teams(reader, &teams).await?;
        let mut known = self.known_of(&apps).await?;
        let mut cards = Vec::new();
        for app in apps {
            cards.push(self.card(app, &mut known).await?);
        }
        let is_waiting = |card: &AppCard| matches!(card.progress, Progress::Sent { .. });
        let median_days = match cards.iter().any(is_waiting) {
            true => self.median_review_days().await?,
            false => None,
        };
        Ok(Home {
            name: person.user.display_name.clone(),
            may_make: may_make(person, &memberships),
            median_days,
            apps: cards,
        })
    }

    async fn known_of(&self, apps: &[AppRecord]) -> Result<Known> {
        let reader = self.env.store.reader();
        let ids: Vec<AppId> = apps.iter().map(|app| app.id.clone()).collect();
        let clients = apps
            .iter()
            .flat_map(|app| app.live_client.iter().chain([&app.sandbox_client]));
        let clients: Vec<ClientId> = clients.cloned().collect();
        let registrations = find_registrations(reader, &ids).await?;
        Ok(Known {
            registrations: registrations
                .into_iter()
                .map(|record| (record.app_id, record.registration))
                .collect(),
            cases: find_newest_cases(reader, &ids).await?,
            off: find_suspended_clients(reader, &clients).await?,
        })
    }

    async fn card(&self, app: AppRecord, known: &mut Known) -> Result<AppCard> {
        let registration = known.registrations.remove(&app.id).unwrap_or_default();
        let is_off = |client: &ClientId| known.off.contains(client);
        let off = [
            (Environment::Live, app.live_client.as_ref()),
            (Environment::Sandbox, Some(&app.sandbox_client)),
        ];
        let off = off
            .into_iter()
            .filter(|(_, client)| client.is_some_and(is_off))
            .map(|(environment, _)| environment)
            .collect();
        let progress = match known.cases.remove(&app.id) {
            Some(case) => self.progress(case, &registration).await?,
            None => draft(&registration),
        };
        Ok(AppCard {
            id: app.id,
            name: app.name,
            sandbox_client: app.sandbox_client,
            is_live: app.live_client.is_some(),
            off,
            progress,
        })
    }

    async fn progress(&self, case: CaseRecord, registration: &Registration) -> Result<Progress> {
        Ok(match &case.stage {
            Stage::Draft | Stage::Withdrawn { .. } => draft(registration),
            Stage::Sent { claim, .. } => Progress::Sent {
                position: 1 + count_cases_before(self.env.store.reader(), &case).await?,
                is_claimed: claim.is_some(),
            },
            Stage::NeedsChange { .. } => {
                let changes = Case::from(case).changes(registration).into_iter();
                let open = changes.filter(|(_, _, made)| !made);
                Progress::NeedsChange {
                    open: open.map(|(field, _, _)| field).collect(),
                }
            }
            Stage::Approved { .. } => Progress::Approved,
            Stage::Rejected { .. } => Progress::Refused,
        })
    }
}

fn draft(registration: &Registration) -> Progress {
    let total = Task::ALL.len();
    Progress::Draft {
        complete: total - registration.missing().len(),
        total,
    }
}
