//! The pages of the portal, as places to go to. An address of the portal is never a text that a
//! request brought along: it is one of these, and between two requests it travels sealed.

use protocol::{
    client::Environment,
    ids::{AppId, CaseId, ClientId, ConsentId, SecretId, TeamId, TraceId},
    registration::Task,
};
use serde::{Deserialize, Serialize};

use crate::{Engine, seal::Purpose};

/// A page of the portal.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// Sign up.
    SignUp,
    /// Sign up with a token of an app that vouches for the address; empty when it is over.
    Vouched(String),
    /// What a person who signed up like that must write down.
    Welcome,
    /// "Check your mail", with the field for the code.
    CheckMail,
    /// Sign in.
    LogIn,
    /// Sign in as somebody of the open sandbox.
    SandboxLogIn,
    /// Sign in, second step: the code.
    LogInCode,
    /// The apps that have the person's permission.
    Connected,
    /// The question before one of them loses it.
    StopAccess(ConsentId),
    /// The password is forgotten: asking for a letter.
    Forgot,
    /// The letter is on its way, if there is somebody to write to.
    ForgotSent,
    /// The page behind the link of that letter; with the sealed link.
    NewPassword(String),
    /// The code once more, before something that matters.
    Confirm,
    /// Authenticator and recovery codes.
    Security,
    /// All apps.
    Home,
    /// One app.
    App(AppId),
    /// The credentials of an app in one environment.
    Credentials(AppId, Environment),
    /// Another secret of it.
    AddSecret(AppId, Environment),
    /// The end of one of its secrets.
    RevokeSecret(AppId, Environment, SecretId),
    /// The switch into the tutorial's dialect.
    Tutorial(AppId, Environment),
    /// The page behind the one-time link to a secret; with the sealed link.
    SecretLink(String),
    /// A team; without an id the first one of the person.
    Team(Option<TeamId>),
    /// What happened in a team.
    TeamAudit(Option<TeamId>),
    /// The page behind an invitation to a team; with the sealed link.
    Invite(String),
    /// The request log of an app.
    Log(AppId, Environment),
    /// One request in the log of an app.
    Request(AppId, Environment, TraceId),
    /// A request, by its reference alone.
    Reference(TraceId),
    /// The playground of an app.
    Playground(AppId),
    /// The tasks of an app's registration.
    Setup(AppId),
    /// One task of it.
    Task(AppId, Task),
    /// All answers once more, before they are sent.
    CheckAnswers(AppId),
    /// How far the review has come.
    Review(AppId),
    /// The cases that wait for a reviewer.
    Queue,
    /// One case.
    Case(CaseId),
    /// The decision on a case.
    Decide(CaseId),
    /// The clients, for reviewers.
    Clients,
    /// One client, for reviewers.
    Client(ClientId),
    /// The form that switches a client off.
    SuspendClient(ClientId),
    /// The form that switches it on again.
    ResumeClient(ClientId),
    /// The audit trail.
    Audit,
}

impl Place {
    /// Its address on this server.
    pub fn path(&self) -> String {
        match self {
            Self::SignUp => "/signup".to_owned(),
            Self::Vouched(token) => format!("/signup?contact_token={token}"),
            Self::Welcome => "/signup/welcome".to_owned(),
            Self::CheckMail => "/signup/check-mail".to_owned(),
            Self::LogIn => "/login".to_owned(),
            Self::SandboxLogIn => "/login/sandbox".to_owned(),
            Self::Connected => "/connected".to_owned(),
            Self::StopAccess(consent) => format!("/connected/{consent}/stop"),
            Self::LogInCode => "/login/code".to_owned(),
            Self::Forgot => "/login/forgot".to_owned(),
            Self::ForgotSent => "/login/forgot/sent".to_owned(),
            Self::NewPassword(link) => format!("/login/new-password?token={link}"),
            Self::Confirm => "/developer/confirm".to_owned(),
            Self::Security => "/security".to_owned(),
            Self::Home => "/developer".to_owned(),
            Self::App(app) => format!("/developer/apps/{app}"),
            Self::Credentials(app, environment) => {
                format!("/developer/apps/{app}/{environment}/credentials")
            }
            Self::AddSecret(app, environment) => {
                format!("/developer/apps/{app}/{environment}/credentials/add")
            }
            Self::RevokeSecret(app, environment, secret) => {
                format!("/developer/apps/{app}/{environment}/credentials/{secret}/revoke")
            }
            Self::Tutorial(app, environment) => {
                format!("/developer/apps/{app}/{environment}/credentials/tutorial")
            }
            Self::SecretLink(link) => format!("/developer/secret?token={link}"),
            Self::Team(team) => with_team("/developer/team", team.as_ref()),
            Self::TeamAudit(team) => with_team("/developer/team/audit", team.as_ref()),
            Self::Invite(link) => format!("/developer/invite?token={link}"),
            Self::Log(app, environment) => format!("/developer/apps/{app}/{environment}/logs"),
            Self::Request(app, environment, trace) => {
                format!("/developer/apps/{app}/{environment}/logs/{trace}")
            }
            Self::Reference(trace) => format!("/developer/r/{trace}"),
            Self::Playground(app) => format!("/developer/apps/{app}/sandbox/playground"),
            Self::Setup(app) => format!("/developer/apps/{app}/setup"),
            Self::Task(app, task) => format!("/developer/apps/{app}/setup/{task}"),
            Self::CheckAnswers(app) => format!("/developer/apps/{app}/setup/review"),
            Self::Review(app) => format!("/developer/apps/{app}/review"),
            Self::Queue => "/admin/queue".to_owned(),
            Self::Case(case) => format!("/admin/cases/{case}"),
            Self::Decide(case) => format!("/admin/cases/{case}/decide"),
            Self::Clients => "/admin/clients".to_owned(),
            Self::Client(client) => format!("/admin/clients/{client}"),
            Self::SuspendClient(client) => format!("/admin/clients/{client}/suspend"),
            Self::ResumeClient(client) => format!("/admin/clients/{client}/resume"),
            Self::Audit => "/admin/audit".to_owned(),
        }
    }
}

fn with_team(page: &str, team: Option<&TeamId>) -> String {
    match team {
        Some(team) => format!("{page}?team={team}"),
        None => page.to_owned(),
    }
}

impl Engine {
    /// The address of `page`, from which the person goes on to `next`.
    pub fn on_the_way_to(&self, page: &Place, next: &Place) -> String {
        format!("{}?next={}", page.path(), self.sealed_place(next))
    }

    /// A place, sealed for the way through a browser.
    pub fn sealed_place(&self, place: &Place) -> String {
        // A place is made of words and ids: it always has a JSON text.
        let text = serde_json::to_vec(place).unwrap_or_default();
        let sealed = self.env.seal.seal(Purpose::Place, self.env.bytes(), &text);
        data_encoding::BASE64URL_NOPAD.encode(&sealed)
    }

    /// The place that we sealed; the home of the portal when there is none, or it is not ours.
    pub fn opened_place(&self, sealed: &str) -> Place {
        let open = || {
            let blob = data_encoding::BASE64URL_NOPAD
                .decode(sealed.as_bytes())
                .ok()?;
            let text = self.env.seal.open(Purpose::Place, &blob).ok()?;
            serde_json::from_slice(&text).ok()
        };
        open().unwrap_or(Place::Home)
    }
}
