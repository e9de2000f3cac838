//! Apps as their developers see them (D5), and how they make one.

use protocol::{
    client::{AuthMethod, ClientProfile, DialectName, Environment, GrantType, PkcePolicy},
    ids::{AppId, ClientId, SecretId, TeamId, UserId},
    lifetimes::LifetimeOverrides,
    redirect_uri::RegisteredRedirectUri,
    registration::review::Stage,
    time::Timestamp,
};
use serde_json::json;
use store::{
    Tx,
    apps::{AppRecord, find_apps_of_teams, insert_app},
    audit::{AuditRecord, insert_audit_event},
    client_secrets::{ClientSecretRecord, insert_client_secret},
    clients::{ClientRecord, insert_client},
    shown_secrets::{ShownSecretRecord, find_shown_secrets, insert_shown_secret},
    teams::{MembershipRecord, TeamRole, find_memberships_of_user},
    users::Role,
};

use super::{
    form::{Complaint, Flash, Typed},
    place::Place,
    session::{PortalAnswer, PortalVisit},
    test_people::TestPerson,
    wall::{Member, Person, Refusal},
};
use crate::{
    Engine,
    caches::Thing,
    error::{Error, Result},
    register::{ClientFacts, NewClient, is_line},
    review::Suspension,
    seal::Purpose,
};

/// Name of the form that makes an app.
const FORM: &str = "new-app";

/// Length of an app's name, in characters (D6, task 6).
const NAME: std::ops::RangeInclusive<usize> = 2..=40;

/// Most apps of one team.
const MOST_APPS: usize = 50;

/// What a sandbox client may ask for.
const SANDBOX_SCOPE: &str = "wallet transferFunds ais";

/// A native app gets a new port at each start, so any port will do (RFC 8252 §7.3).
const LOOPBACK: &str = "http://127.0.0.1/callback";

/// Where the playground catches codes.
pub const PLAYGROUND_CALLBACK: &str = "/developer/playground/callback";

/// One app with its sandbox credentials.
#[derive(Clone, Debug)]
pub struct AppOverview {
    /// Its id.
    pub id: AppId,
    /// What it is called.
    pub name: String,
    /// The sandbox client, without its secrets.
    pub client: ClientFacts,
    /// Whose it is.
    pub team: TeamId,
    /// Where the review of its registration is; none before anything was sent.
    pub stage: Option<Stage>,
    /// Whether it has a client for real money.
    pub is_live: bool,
    /// A secret that can still be seen.
    pub secret: Option<ShownSecret>,
    /// People to try it with.
    pub people: Vec<TestPerson>,
    /// Whether the visitor may change anything.
    pub may_change: bool,
    /// What a first call is made of.
    pub snippet: Snippet,
    /// Its clients that the bank switched off.
    pub suspensions: Vec<Suspension>,
}

/// A secret that can still be seen.
#[derive(Clone, PartialEq, Eq)]
pub struct ShownSecret {
    /// Its text.
    pub text: String,
    /// Until when it can be seen.
    pub until: Timestamp,
}

/// Without the secret.
impl std::fmt::Debug for ShownSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ShownSecret")
            .field("until", &self.until)
            .finish_non_exhaustive()
    }
}

/// What a first call is made of: the pages write it in several languages.
#[derive(Clone, PartialEq, Eq)]
pub struct Snippet {
    /// The issuer and base of all addresses.
    pub base: String,
    /// RFC 6749 §2.2.
    pub client_id: ClientId,
    /// RFC 6749 §2.3.1, while it can be seen.
    pub client_secret: Option<String>,
}

/// Without the secret.
impl std::fmt::Debug for Snippet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Snippet")
            .field("client_id", &self.client_id)
            .finish_non_exhaustive()
    }
}

/// A new app with its sandbox client, ready to be written.
pub(super) struct NewApp {
    pub app: AppRecord,
    client: ClientRecord,
    secret: ClientSecretRecord,
    shown: ShownSecretRecord,
    event: AuditRecord,
}

/// Whether a person may make apps: developers, and whoever looks after apps of a team.
pub(super) fn may_make(person: &Person, memberships: &[MembershipRecord]) -> bool {
    let looks_after = |membership: &MembershipRecord| membership.role != TeamRole::Read;
    memberships.iter().any(looks_after)
        || (memberships.is_empty() && person.user.role == Role::Developer)
}

impl NewApp {
    /// Writes all of it.
    pub async fn write(&self, tx: &Tx) -> Result<(), store::Error> {
        insert_client(tx, &self.client).await?;
        insert_client_secret(tx, &self.secret).await?;
        insert_app(tx, &self.app).await?;
        insert_shown_secret(tx, &self.shown).await?;
        insert_audit_event(tx, &self.event).await
    }
}

impl Engine {
    /// One app with its sandbox credentials and test users.
    ///
    /// # Errors
    /// When storage failed.
    pub async fn app_overview(&self, visit: &PortalVisit, member: &Member) -> Result<AppOverview> {
        let app = &member.app;
        let client = self.show_client(&app.sandbox_client).await?;
        let secret = self
            .shown_secret(&app.sandbox_client, &member.person.user.id)
            .await?;
        Ok(AppOverview {
            id: app.id.clone(),
            name: app.name.clone(),
            suspensions: self.suspensions_of_app(app).await?,
            team: app.team_id.clone(),
            stage: self.case_of_app(&app.id).await?.map(|case| case.stage),
            is_live: app.live_client.is_some(),
            people: self.test_persons(&app.team_id, visit.locale()).await?,
            may_change: member.may_change(),
            snippet: Snippet {
                base: self.env.settings.public_url.clone(),
                client_id: app.sandbox_client.clone(),
                client_secret: secret.as_ref().map(|secret| secret.text.clone()),
            },
            client,
            secret,
        })
    }

    /// The person makes an app.
    pub async fn make_app(
        &self,
        visit: &PortalVisit,
        form_token: &str,
        name: &str,
    ) -> PortalAnswer {
        let tried = self.try_make_app(visit, form_token, name).await;
        self.portal_answer(visit, tried)
    }

    async fn try_make_app(
        &self,
        visit: &PortalVisit,
        form_token: &str,
        name: &str,
    ) -> Result<PortalAnswer, Refusal> {
        let person = self.person(visit, &Place::Home).await?;
        let typed = Typed::default().with("name", name);
        if !self.is_portal_form(visit, FORM, form_token) {
            return Ok(self.send_again(visit, &Place::Home, FORM, typed));
        }
        let again = |complaint| Ok(self.mend(visit, &Place::Home, FORM, typed, vec![complaint]));
        let name = name.trim();
        if !NAME.contains(&name.chars().count()) || !is_line(name, *NAME.end()) {
            return again(Complaint::about("name", "app-name-length"));
        }
        let reader = self.env.store.reader();
        let memberships = find_memberships_of_user(reader, &person.user.id).await?;
        if !may_make(&person, &memberships) {
            return Err(Refusal::NotFound);
        }
        let user = &person.user;
        let known = memberships
            .iter()
            .find(|membership| membership.role != TeamRole::Read);
        let (team, new_team) = match known {
            Some(membership) => (membership.team_id.clone(), None),
            // Whom an operator added has no team yet.
            None => {
                let new = self
                    .new_team(&user.id, &user.display_name, user.locale)
                    .await?;
                (new.team.id.clone(), Some(new))
            }
        };
        let apps = find_apps_of_teams(reader, std::slice::from_ref(&team)).await?;
        if apps.len() >= MOST_APPS {
            return again(Complaint::general("too-many-apps"));
        }
        let new = self.new_app(&team, &person.user.id, name)?;
        let (app, client) = (new.app.id.clone(), new.app.sandbox_client.clone());
        self.env
            .store
            .write::<_, Error, _>(move |tx| {
                Box::pin(async move {
                    if let Some(team) = &new_team {
                        team.write(tx).await?;
                    }
                    Ok(new.write(tx).await?)
                })
            })
            .await?;
        self.env.caches.changed(Thing::Client(&client));
        let flash = Flash::note("app", "app-made", Typed::default());
        Ok(self.leave(visit, &Place::App(app), flash))
    }

    /// A new app with a sandbox client and its secret. Nothing is written yet.
    pub(super) fn new_app(
        &self,
        team: &TeamId,
        owner: &UserId,
        name: &str,
    ) -> Result<NewApp, Error> {
        let now = self.env.now();
        let mut client = self.client_of(&self.sandbox_client(owner, name))?;
        // A developer who needs the partner's way of speaking tries it without asking anybody.
        client.dialects.push(DialectName::OBearer);
        let credentials = self.credentials(&client.id, client.auth_method, None)?;
        let Some((secret, mut row)) = credentials.secret else {
            return Err(Error::Broken("a sandbox client without a secret".into()));
        };
        row.created_by = Some(owner.clone());
        let app = AppRecord {
            id: AppId::new(self.env.id()),
            team_id: team.clone(),
            name: name.to_owned(),
            sandbox_client: client.id.clone(),
            live_client: None,
            created_at: now,
            version: 0,
        };
        let event = self.event(
            format!("user:{owner}"),
            "app.made",
            format!("app:{}", app.id),
            &json!({ "team": team, "client": client.id }),
        );
        Ok(NewApp {
            shown: self.shown_record(&row.id, &client.id, owner, secret.expose()),
            app,
            client: ClientRecord {
                client,
                owner: Some(owner.clone()),
                sealed_mac_key: None,
                version: 0,
            },
            secret: row,
            event,
        })
    }

    /// What every app may do with play money, from its first minute.
    fn sandbox_client(&self, owner: &UserId, name: &str) -> NewClient {
        let playground = format!("{}{PLAYGROUND_CALLBACK}", self.env.settings.public_url);
        // On a server without https that is not this machine the playground has no address.
        let is_allowed =
            |uri: &String| RegisteredRedirectUri::parse(uri, Environment::Sandbox).is_ok();
        NewClient {
            id: None,
            name: name.to_owned(),
            environment: Environment::Sandbox,
            dialect: DialectName::Bearer,
            scope: SANDBOX_SCOPE.to_owned(),
            grants: vec![
                GrantType::AuthorizationCode,
                GrantType::RefreshToken,
                GrantType::ClientCredentials,
            ],
            redirect_uris: [LOOPBACK.to_owned(), playground]
                .into_iter()
                .filter(is_allowed)
                .collect(),
            auth: Some(AuthMethod::ClientSecretBasic),
            pkce: Some(PkcePolicy::Required),
            lifetimes: LifetimeOverrides::default(),
            profile: ClientProfile::default(),
            owner: Some(owner.clone()),
        }
    }

    /// Keeps a new secret in sight of the person who made it.
    pub(super) fn shown_record(
        &self,
        secret: &SecretId,
        client: &ClientId,
        user: &UserId,
        text: &str,
    ) -> ShownSecretRecord {
        ShownSecretRecord {
            secret_id: secret.clone(),
            client_id: client.clone(),
            user_id: user.clone(),
            sealed_secret: self
                .env
                .seal
                .seal(Purpose::Shown, self.env.bytes(), text.as_bytes()),
            expires_at: self.env.now() + self.env.settings.shown_secret_lifetime,
        }
    }

    /// The newest secret of a client that this person may still see.
    ///
    /// # Errors
    /// When storage failed.
    pub async fn shown_secret(
        &self,
        client: &ClientId,
        user: &UserId,
    ) -> Result<Option<ShownSecret>> {
        let now = self.env.now();
        let found = find_shown_secrets(self.env.store.reader(), client, user).await?;
        let Some(newest) = found.into_iter().find(|shown| now < shown.expires_at) else {
            return Ok(None);
        };
        let text = self.opened(Purpose::Shown, &newest.sealed_secret)?;
        Ok(Some(ShownSecret {
            text: String::from_utf8_lossy(&text).into_owned(),
            until: newest.expires_at,
        }))
    }
}
