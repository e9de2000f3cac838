//! All clients, page by page, as an admin looks for one.

use std::collections::BTreeMap;

use protocol::{
    client::{ClientStatus, Environment},
    ids::{ClientId, TeamId},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};
use store::{
    apps::find_apps_of_clients,
    clients::{ClientFilter, find_clients},
    holdings::count_people_of_clients,
    teams::find_team_names,
};

use crate::{
    Engine,
    portal::{Person, Place, PortalVisit, Refusal},
    query::{self, field},
};

/// Clients of one page.
const PAGE: u64 = 50;

/// Longest text that anybody looks for.
const LONGEST: usize = 100;

/// What is asked for, as it was typed: the fields of the form, by their names.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ClientQuery {
    /// A part of the name or of the id.
    pub q: String,
    /// Play money or real money.
    pub environment: String,
    /// Active or switched off.
    pub state: String,
    /// Behind this client: where the last page ended.
    pub after: String,
}

/// A client at a glance.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ClientLine {
    /// Its id.
    pub id: ClientId,
    /// What it is called.
    pub name: String,
    /// Play money or real money.
    pub environment: Environment,
    /// Active or switched off.
    pub status: ClientStatus,
    /// What the team behind it is called, when it has one.
    pub team: Option<String>,
    /// How many people allow it something now.
    pub people: u64,
    /// Since when.
    pub since: Timestamp,
}

/// A page of the list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ClientsPage {
    /// What was asked for, as it was typed.
    pub query: ClientQuery,
    /// Fields of the query that cannot be read; they count for nothing.
    pub unreadable: Vec<&'static str>,
    /// The clients, in the order of their ids.
    pub lines: Vec<ClientLine>,
    /// The query of the next page, if there is one.
    pub next: Option<ClientQuery>,
}

impl ClientQuery {
    /// Whether anything but the place is asked for.
    pub fn is_filtered(&self) -> bool {
        query::is_filtered(self.fields(), "after")
    }

    /// The query string, with `?`; empty when nothing is asked for.
    pub fn address(&self) -> String {
        query::address(self.fields())
    }

    fn fields(&self) -> [(&'static str, &str); 4] {
        [
            ("q", &self.q),
            ("environment", &self.environment),
            ("state", &self.state),
            ("after", &self.after),
        ]
    }

    /// The same, from the beginning.
    pub fn from_the_first(&self) -> Self {
        Self {
            after: String::new(),
            ..self.clone()
        }
    }

    /// What it means, and the fields that mean nothing.
    fn read(&self) -> (ClientFilter, Option<ClientId>, Vec<&'static str>) {
        let mut unreadable = Vec::new();
        let filter = ClientFilter {
            text: field("q", &self.q, &mut unreadable, text),
            environment: field("environment", &self.environment, &mut unreadable, |word| {
                word.parse().ok()
            }),
            status: field("state", &self.state, &mut unreadable, |word| {
                word.parse().ok()
            }),
            owner: None,
        };
        let after = field("after", &self.after, &mut unreadable, text);
        (filter, after.map(ClientId::new), unreadable)
    }
}

fn text(typed: &str) -> Option<String> {
    let plain = typed.chars().count() <= LONGEST && !typed.contains(char::is_control);
    plain.then(|| typed.to_owned())
}

impl Engine {
    /// A page of the list of all clients, for admins: four statements, however many they are.
    ///
    /// # Errors
    /// For everybody who is no admin, and when storage failed.
    pub async fn clients_page(
        &self,
        visit: &PortalVisit,
        query: ClientQuery,
    ) -> Result<(Person, ClientsPage), Refusal> {
        let person = self.admin(visit, &Place::Clients).await?;
        let (filter, after, unreadable) = query.read();
        let reader = self.env.store.reader();
        // One more than is shown tells whether there is another page.
        let mut found = find_clients(reader, &filter, after.as_ref(), PAGE + 1).await?;
        let mut next = None;
        if found.len() as u64 > PAGE {
            found.truncate(PAGE as usize);
            next = found.last().map(|last| ClientQuery {
                after: last.client.id.to_string(),
                ..query.clone()
            });
        }
        let ids: Vec<ClientId> = found.iter().map(|found| found.client.id.clone()).collect();
        let apps = find_apps_of_clients(reader, &ids).await?;
        let names = find_team_names(reader, apps.iter().map(|app| &app.team_id)).await?;
        let mut teams: BTreeMap<&ClientId, &TeamId> = BTreeMap::new();
        for app in &apps {
            teams.insert(&app.sandbox_client, &app.team_id);
            teams.extend(app.live_client.iter().map(|live| (live, &app.team_id)));
        }
        let people = count_people_of_clients(reader, &ids, self.env.now()).await?;
        let lines = found.into_iter().map(|found| {
            let client = found.client;
            let team = teams.get(&client.id).and_then(|team| names.get(*team));
            ClientLine {
                team: team.cloned(),
                people: people.get(&client.id).copied().unwrap_or(0),
                id: client.id,
                name: client.name,
                environment: client.environment,
                status: client.status,
                since: client.created_at,
            }
        });
        let page = ClientsPage {
            lines: lines.collect(),
            query,
            unreadable,
            next,
        };
        Ok((person, page))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_means_what_was_typed() {
        let query = ClientQuery {
            q: " Shop ".into(),
            environment: "live".into(),
            state: "suspended".into(),
            after: "live_a".into(),
        };
        let (filter, after, unreadable) = query.read();
        assert!(unreadable.is_empty());
        assert_eq!(filter.text.as_deref(), Some("Shop"));
        assert_eq!(filter.environment, Some(Environment::Live));
        assert_eq!(filter.status, Some(ClientStatus::Suspended));
        assert_eq!(after, Some(ClientId::new("live_a")));
        assert_eq!(
            query.address(),
            "?q=Shop&environment=live&state=suspended&after=live_a"
        );
        assert!(query.is_filtered());
        assert_eq!(query.from_the_first().after, "");
    }

    #[test]
    fn what_cannot_be_read_is_named_and_left_out() {
        let query = ClientQuery {
            q: "x".repeat(101),
            environment: "moon".into(),
            state: "odd".into(),
            after: "a\0".into(),
        };
        let (filter, after, unreadable) = query.read();
        assert_eq!((filter, after), (ClientFilter::default(), None));
        assert_eq!(unreadable, ["q", "environment", "state", "after"]);
    }
}
