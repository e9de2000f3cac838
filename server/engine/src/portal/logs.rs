//! The request log as the people of an app see it (D9): page by page, one request in all its steps,
//! and the short way by a reference.
//!
//! The wall is that of the app. A reference of somebody else's app is answered like one that never
//! was: whoever asks learns nothing of it.

mod export;
mod query;

use std::time::Duration;

use protocol::{
    client::Environment,
    ids::{AppId, ClientId, TeamId, TraceId},
};
use store::{
    apps::{AppRecord, find_apps_of_teams},
    teams::find_memberships_of_user,
};

use super::{
    place::Place,
    session::{PortalAnswer, PortalVisit},
    wall::{Member, Person, Refusal},
};
use crate::{
    Engine,
    request_log::{RequestDetail, RequestLine},
};

pub use export::MOST_EXPORTED;
pub use query::LogQuery;

/// Lines of one page.
const PAGE: u64 = 50;

/// A page of the log of an app in one environment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LogPage {
    /// The app.
    pub app: AppId,
    /// What it is called.
    pub name: String,
    /// Of which of its clients.
    pub environment: Environment,
    /// That client; none before the app is live.
    pub client: Option<ClientId>,
    /// What was asked for, as it was typed.
    pub query: LogQuery,
    /// Fields of the query that cannot be read; they count for nothing.
    pub unreadable: Vec<&'static str>,
    /// The requests, newest first.
    pub lines: Vec<RequestLine>,
    /// The query of the next page, if there is one.
    pub next: Option<LogQuery>,
    /// For how long requests are kept.
    pub kept: Duration,
    /// Where the first request can be sent.
    pub base: String,
}

/// One request with everything that is known of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RequestPage {
    /// The app.
    pub app: AppId,
    /// What it is called.
    pub name: String,
    /// Of which of its clients.
    pub environment: Environment,
    /// The request.
    pub request: RequestDetail,
}

impl Engine {
    /// A page of the log of an app.
    ///
    /// # Errors
    /// When the visitor does not belong to the app's team, or storage failed.
    pub async fn log_page(
        &self,
        visit: &PortalVisit,
        app: &AppId,
        environment: Environment,
        query: LogQuery,
    ) -> Result<(Member, LogPage), Refusal> {
        let here = Place::Log(app.clone(), environment);
        let member = self.member(visit, app, &here).await?;
        let client = client_of(&member.app, environment);
        let read = query.read();
        let mut lines = Vec::new();
        if let Some(client) = &client {
            let clients = std::slice::from_ref(client);
            let before = read.before.as_ref();
            // One more than is shown tells whether there is another page.
            lines = self
                .requests(clients, &read.filter, before, PAGE + 1)
                .await?;
        }
        let mut next = None;
        if lines.len() as u64 > PAGE {
            lines.truncate(PAGE as usize);
            next = lines.last().map(|last| query.after(&last.bookmark()));
        }
        let settings = &self.env.settings;
        let page = LogPage {
            app: member.app.id.clone(),
            name: member.app.name.clone(),
            environment,
            client,
            query,
            unreadable: read.unreadable,
            lines,
            next,
            kept: match environment {
                Environment::Sandbox => settings.request_log_sandbox,
                Environment::Live => settings.request_log_live,
            },
            base: settings.public_url.clone(),
        };
        Ok((member, page))
    }

    /// One request of an app.
    ///
    /// # Errors
    /// When the visitor does not belong to the app's team, when the app has no such request, or when
    /// storage failed.
    pub async fn request_page(
        &self,
        visit: &PortalVisit,
        app: &AppId,
        environment: Environment,
        trace: TraceId,
    ) -> Result<(Member, RequestPage), Refusal> {
        let here = Place::Request(app.clone(), environment, trace);
        let member = self.member(visit, app, &here).await?;
        let client = client_of(&member.app, environment);
        let clients: Vec<ClientId> = client.into_iter().collect();
        let Some(request) = self.fresh_detail(&clients, trace).await? else {
            return Err(Refusal::NotFound);
        };
        let page = RequestPage {
            app: member.app.id.clone(),
            name: member.app.name.clone(),
            environment,
            request,
        };
        Ok((member, page))
    }

    /// The page of the request with this reference, among all apps of the person who is signed in.
    ///
    /// # Errors
    /// When nobody is signed in, when no app of theirs has such a request, or when storage failed.
    pub async fn find_by_reference(
        &self,
        visit: &PortalVisit,
        trace: TraceId,
    ) -> Result<Place, Refusal> {
        let person = self.person(visit, &Place::Reference(trace)).await?;
        let clients = self.clients_of(&person).await?;
        let ids: Vec<ClientId> = clients.iter().map(|own| own.client.clone()).collect();
        let Some(found) = self.fresh_detail(&ids, trace).await? else {
            return Err(Refusal::NotFound);
        };
        clients
            .into_iter()
            .find(|own| own.client == found.line.client)
            .map(|own| Place::Request(own.app, own.environment, trace))
            .ok_or(Refusal::NotFound)
    }

    /// The answer for the short address of a request: always elsewhere.
    pub async fn go_by_reference(&self, visit: &PortalVisit, trace: TraceId) -> Refusal {
        match self.find_by_reference(visit, trace).await {
            Ok(place) => PortalAnswer::to(&place).into(),
            Err(refusal) => refusal,
        }
    }

    /// A request that may have been answered a moment ago. What waits in memory is stored at once
    /// when it is looked for: that costs no more than storing it a second later.
    async fn fresh_detail(
        &self,
        clients: &[ClientId],
        trace: TraceId,
    ) -> Result<Option<RequestDetail>, Refusal> {
        if let Some(found) = self.request_detail(clients, trace).await? {
            return Ok(Some(found));
        }
        if self.flush_requests().await? == 0 {
            return Ok(None);
        }
        Ok(self.request_detail(clients, trace).await?)
    }

    /// All clients of all apps that a person looks after.
    async fn clients_of(&self, person: &Person) -> Result<Vec<OwnClient>, Refusal> {
        let reader = self.env.store.reader();
        let memberships = find_memberships_of_user(reader, &person.user.id).await?;
        let teams: Vec<TeamId> = memberships
            .into_iter()
            .map(|membership| membership.team_id)
            .collect();
        let apps = find_apps_of_teams(reader, &teams).await?;
        let mut clients = Vec::new();
        for app in apps {
            for environment in Environment::ALL {
                clients.extend(client_of(&app, *environment).map(|client| OwnClient {
                    app: app.id.clone(),
                    environment: *environment,
                    client,
                }));
            }
        }
        Ok(clients)
    }
}

/// A client of an app of theirs.
struct OwnClient {
    app: AppId,
    environment: Environment,
    client: ClientId,
}

/// The client of an app in one environment.
fn client_of(app: &AppRecord, environment: Environment) -> Option<ClientId> {
    match environment {
        Environment::Sandbox => Some(app.sandbox_client.clone()),
        Environment::Live => app.live_client.clone(),
    }
}
