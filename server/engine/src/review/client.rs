//! One client as an admin sees it: what it is, whose, what it holds, what happened to it.

use std::collections::BTreeMap;

use protocol::{
    ids::{AppId, CaseId, ClientId, TeamId},
    registration::review::Stage,
};
use store::{
    apps::AppRecord,
    audit::find_audit_events_of,
    client_secrets::find_client_secrets,
    holdings::{Holdings, count_holdings},
    review_cases::find_newest_case,
    teams::{TeamRole, find_memberships_of_team, find_team_names},
    users::find_users,
};

use super::suspension::Suspension;
use crate::{
    Engine,
    audit::AuditLine,
    error::Result,
    portal::{Person, Place, PortalVisit, Refusal, SecretLine, credentials::lines_of_secrets},
    register::{ClientFacts, facts_of_client},
};

/// Events that are shown, newest first; the rest is in the trail.
const HISTORY: u64 = 20;

/// The page of a client. It holds nothing that lets anybody speak for it.
#[derive(Clone, Debug)]
pub struct ClientView {
    /// The admin who looks.
    pub person: Person,
    /// What it is.
    pub facts: ClientFacts,
    /// How often it was changed, for the forms.
    pub version: u32,
    /// Its app and team; a client that an operator registered has none.
    pub app: Option<AppOfClient>,
    /// What is known of its secrets, newest first.
    pub secrets: Vec<SecretLine>,
    /// Whether it has a key to sign with.
    pub has_key: bool,
    /// What it holds now, or would if it were on.
    pub held: Holdings,
    /// Why it is switched off, when it is.
    pub suspension: Option<Suspension>,
    /// What happened to it and to its app, newest first.
    pub history: Vec<AuditLine>,
    /// Whether it is of an app whose team the admin belongs to: then somebody else acts.
    pub is_own: bool,
    /// Whether a form that matters must bring a code along.
    pub needs_code: bool,
}

/// The app of a client.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AppOfClient {
    /// Its id.
    pub id: AppId,
    /// What it is called.
    pub name: String,
    /// The client of the same app in the other environment.
    pub sibling: Option<ClientId>,
    /// What its team is called.
    pub team: String,
    /// Whom to talk to.
    pub people: Vec<Contact>,
    /// The last review, and how it stands.
    pub review: Option<(CaseId, Stage)>,
}

/// Somebody of a team.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Contact {
    /// The name that others see.
    pub name: String,
    /// Where letters go.
    pub email: Option<String>,
    /// What they may do in the team.
    pub role: TeamRole,
}

impl Engine {
    /// A client as an admin sees it. `here` is the page that shows it.
    ///
    /// # Errors
    /// For everybody who is no admin, and when there is no such client.
    pub async fn client_view(
        &self,
        visit: &PortalVisit,
        client: &ClientId,
        here: &Place,
    ) -> Result<ClientView, Refusal> {
        let at = self.at_client(visit, client, here).await?;
        let (reader, now) = (self.env.store.reader(), self.env.now());
        let mut secrets = find_client_secrets(reader, client).await?;
        secrets.reverse();
        let makers = secrets
            .iter()
            .filter_map(|secret| secret.created_by.as_ref());
        let makers = find_users(reader, makers).await?;
        let makers: BTreeMap<_, _> = makers
            .into_iter()
            .map(|user| (user.id, user.display_name))
            .collect();
        let app = match at.app {
            Some(app) => Some(self.app_of_client(app, client).await?),
            None => None,
        };
        let objects = [
            Some(format!("client:{client}")),
            app.as_ref().map(|app| format!("app:{}", app.id)),
        ];
        let objects: Vec<&str> = objects.iter().flatten().map(String::as_str).collect();
        let history = find_audit_events_of(reader, &objects, HISTORY).await?;
        Ok(ClientView {
            needs_code: self.needs_code(&at.person),
            person: at.person,
            version: at.record.version,
            app,
            secrets: lines_of_secrets(&secrets, &makers, now),
            has_key: at.record.sealed_mac_key.is_some(),
            held: count_holdings(reader, client, now).await?,
            suspension: self.suspension_of(&at.record).await?,
            history: self.audit_lines(history).await?,
            is_own: at.is_own,
            facts: facts_of_client(at.record.client),
        })
    }

    async fn app_of_client(&self, app: AppRecord, client: &ClientId) -> Result<AppOfClient> {
        let reader = self.env.store.reader();
        let members = find_memberships_of_team(reader, &app.team_id).await?;
        let users = find_users(reader, members.iter().map(|member| &member.user_id)).await?;
        let contact = |member: &store::teams::MembershipRecord| {
            let user = users.iter().find(|user| user.id == member.user_id)?;
            Some(Contact {
                name: user.display_name.clone(),
                email: user.email.clone(),
                role: member.role,
            })
        };
        let people = members.iter().filter_map(contact).collect();
        let names: BTreeMap<TeamId, String> = find_team_names(reader, [&app.team_id]).await?;
        let review = find_newest_case(reader, &app.id).await?;
        let sibling = app
            .live_client
            .into_iter()
            .chain([app.sandbox_client])
            .find(|other| other != client);
        Ok(AppOfClient {
            team: names.get(&app.team_id).cloned().unwrap_or_default(),
            id: app.id,
            name: app.name,
            sibling,
            people,
            review: review.map(|case| (case.id, case.stage)),
        })
    }
}
