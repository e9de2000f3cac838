//! The credentials of an app in one environment (D7): what everybody in the team sees of them, and what
//! every change of them has in common.

use std::collections::BTreeMap;

use protocol::{
    client::{AuthMethod, DialectName, Environment},
    ids::{AppId, ClientId, SecretId, UserId},
    time::Timestamp,
};
use serde_json::json;
use store::{
    audit::AuditRecord,
    client_secrets::{ClientSecretRecord, find_client_secrets},
    clients::{ClientRecord, find_client},
    outbox::MailRecord,
    shown_secrets::{delete_shown_secret, find_shown_secrets},
    teams::{TeamRole, find_memberships_of_team},
    users::find_user,
};

use super::{
    apps::ShownSecret,
    form::{Complaint, Flash, Typed},
    place::Place,
    session::{PortalAnswer, PortalVisit},
    wall::{Member, Refusal},
};
use crate::{
    Engine,
    error::{Error, Result},
    mails::{self, SecretEvent},
    review::Suspension,
};

/// Name of the forms of the page.
pub(super) const FORM: &str = "credentials";

/// Most secrets of one client that are good at the same time: the one in use, and the one that takes
/// its place.
pub const MOST_SECRETS: usize = 2;

/// What became of a secret.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SecretState {
    /// It is good.
    Active,
    /// Its time is over.
    Ended,
    /// Somebody revoked it.
    Revoked,
    /// It came through a browser, and ended because of that.
    Exposed,
}

/// One secret in the table.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SecretLine {
    /// Its id.
    pub id: SecretId,
    /// What it is called.
    pub label: String,
    /// Its last four characters, where they are known.
    pub last_four: Option<String>,
    /// Since when.
    pub created_at: Timestamp,
    /// The name of whoever made it, where that is known.
    pub created_by: Option<String>,
    /// When it was last used.
    pub last_used_at: Option<Timestamp>,
    /// Until when, if it ends by itself.
    pub expires_at: Option<Timestamp>,
    /// What became of it.
    pub state: SecretState,
}

/// The page.
#[derive(Clone, Debug)]
pub struct CredentialsView {
    /// The app.
    pub app: AppId,
    /// What it is called.
    pub name: String,
    /// Play money or real money.
    pub environment: Environment,
    /// Whether there is a page like this for the other environment.
    pub has_other: bool,
    /// RFC 6749 §2.2.
    pub client_id: ClientId,
    /// Its secrets, newest first.
    pub secrets: Vec<SecretLine>,
    /// A secret that the visitor may still see.
    pub shown: Option<ShownSecret>,
    /// Whether the visitor may change anything.
    pub may_change: bool,
    /// Whether there is room for another secret.
    pub has_room: bool,
    /// Whether the visitor may have another one-time link sent.
    pub may_ask_for_link: bool,
    /// Where it gets tokens.
    pub token_address: String,
    /// Where it gets them in the words of PhonePe and Pincode, if it may.
    pub partner_addresses: Vec<String>,
    /// Whether its client speaks the tutorial's dialect.
    pub speaks_tutorial: bool,
    /// Whether the visitor may change that.
    pub may_switch: bool,
    /// Why the bank switched the client off, when it did.
    pub suspension: Option<Suspension>,
}

/// What a change begins with.
pub(super) struct Keys {
    pub member: Member,
    pub client: ClientRecord,
    pub secrets: Vec<ClientSecretRecord>,
}

impl Keys {
    /// Secrets that are good at `now`.
    pub fn good(&self, now: Timestamp) -> usize {
        let is_good = |secret: &&ClientSecretRecord| state(secret, now) == SecretState::Active;
        self.secrets.iter().filter(is_good).count()
    }
}

/// What became of a secret by `now`.
pub(super) fn state(secret: &ClientSecretRecord, now: Timestamp) -> SecretState {
    if secret.exposed_at.is_some() {
        return SecretState::Exposed;
    }
    match (secret.revoked_at, secret.expires_at) {
        (Some(_), _) => SecretState::Revoked,
        (None, Some(until)) if until <= now => SecretState::Ended,
        _ => SecretState::Active,
    }
}

/// Several secrets as a table shows them, with the names of whoever made them.
pub(crate) fn lines_of_secrets(
    secrets: &[ClientSecretRecord],
    makers: &BTreeMap<UserId, String>,
    now: Timestamp,
) -> Vec<SecretLine> {
    let line = |secret: &ClientSecretRecord| {
        let maker = secret.created_by.as_ref().and_then(|user| makers.get(user));
        line_of_secret(secret, maker.cloned(), now)
    };
    secrets.iter().map(line).collect()
}

fn line_of_secret(
    secret: &ClientSecretRecord,
    created_by: Option<String>,
    now: Timestamp,
) -> SecretLine {
    SecretLine {
        id: secret.id.clone(),
        label: secret.label.clone(),
        last_four: secret.last_four.clone(),
        created_at: secret.created_at,
        created_by,
        last_used_at: secret.last_used_at,
        expires_at: secret.expires_at,
        state: state(secret, now),
    }
}

/// Whether clients of this kind have secrets at all.
pub(super) fn has_secrets(method: AuthMethod) -> bool {
    matches!(
        method,
        AuthMethod::ClientSecretBasic | AuthMethod::ClientSecretPost
    )
}

impl Member {
    /// The client of the app in this environment.
    ///
    /// # Errors
    /// When it has none yet.
    pub(super) fn client(&self, environment: Environment) -> Result<&ClientId, Refusal> {
        match environment {
            Environment::Sandbox => Ok(&self.app.sandbox_client),
            Environment::Live => self.app.live_client.as_ref().ok_or(Refusal::NotFound),
        }
    }
}

impl Engine {
    /// The credentials of an app in one environment.
    ///
    /// # Errors
    /// When the visitor may not see the app, or it has no client there.
    pub async fn credentials_view(
        &self,
        visit: &PortalVisit,
        app: &AppId,
        environment: Environment,
    ) -> Result<CredentialsView, Refusal> {
        let here = Place::Credentials(app.clone(), environment);
        let member = self.member(visit, app, &here).await?;
        let keys = self.keys(member, environment).await?;
        let (now, member) = (self.env.now(), &keys.member);
        let shown = match member.may_change() {
            true => {
                let client = &keys.client.client.id;
                self.shown_secret(client, &member.person.user.id).await?
            }
            false => None,
        };
        let mut secrets = Vec::new();
        for secret in keys.secrets.iter().rev() {
            secrets.push(self.secret_line(secret, now).await?);
        }
        Ok(CredentialsView {
            app: member.app.id.clone(),
            name: member.app.name.clone(),
            environment,
            has_other: member.app.live_client.is_some(),
            client_id: keys.client.client.id.clone(),
            suspension: self.suspension_of(&keys.client).await?,
            shown,
            may_change: member.may_change() && has_secrets(keys.client.client.auth_method),
            has_room: keys.good(now) < MOST_SECRETS,
            token_address: format!("{}/oauth/token", self.env.settings.public_url),
            partner_addresses: self.partner_addresses(&keys.client.client.dialects),
            speaks_tutorial: keys.client.client.speaks(DialectName::Tutorial),
            may_switch: has_secrets(keys.client.client.auth_method)
                && member.role == TeamRole::Owner,
            may_ask_for_link: environment == Environment::Live && member.role == TeamRole::Owner,
            secrets,
        })
    }

    /// The person stored the secret that is on screen: it goes away now.
    pub async fn put_secret_away(
        &self,
        visit: &PortalVisit,
        form_token: &str,
        app: &AppId,
        environment: Environment,
    ) -> PortalAnswer {
        let tried = self
            .try_put_secret_away(visit, form_token, app, environment)
            .await;
        self.portal_answer(visit, tried)
    }

    /// The text of a file with the client's id and the secret that is on screen, in the format that
    /// programs read their environment from.
    ///
    /// # Errors
    /// When there is none to be seen any more, or as [`Engine::editor`].
    pub async fn env_file(
        &self,
        visit: &PortalVisit,
        form_token: &str,
        app: &AppId,
        environment: Environment,
    ) -> Result<String, Refusal> {
        let here = Place::Credentials(app.clone(), environment);
        let member = self.form_of_editor(visit, form_token, app, &here).await?;
        let client = member.client(environment)?;
        let Some(secret) = self.shown_secret(client, &member.person.user.id).await? else {
            let gone = Flash::note(FORM, "secret-not-visible", Typed::default());
            return Err(self.leave(visit, &here, gone).into());
        };
        Ok(format!(
            "COUNTERSIGN_ISSUER={}\nCOUNTERSIGN_CLIENT_ID={client}\nCOUNTERSIGN_CLIENT_SECRET={}\n",
            self.env.settings.public_url, secret.text
        ))
    }

    async fn try_put_secret_away(
        &self,
        visit: &PortalVisit,
        form_token: &str,
        app: &AppId,
        environment: Environment,
    ) -> Result<PortalAnswer, Refusal> {
        let here = Place::Credentials(app.clone(), environment);
        let member = self.form_of_editor(visit, form_token, app, &here).await?;
        let (client, user) = (member.client(environment)?, &member.person.user.id);
        let shown = find_shown_secrets(self.env.store.reader(), client, user).await?;
        self.env
            .store
            .write::<_, Error, _>(move |tx| {
                Box::pin(async move {
                    for secret in &shown {
                        delete_shown_secret(tx, &secret.secret_id).await?;
                    }
                    Ok(())
                })
            })
            .await?;
        Ok(PortalAnswer::to(&here))
    }

    /// The person behind a form of the page.
    pub(super) async fn form_of_editor(
        &self,
        visit: &PortalVisit,
        form_token: &str,
        app: &AppId,
        here: &Place,
    ) -> Result<Member, Refusal> {
        let member = self.editor(visit, app, here).await?;
        match self.is_portal_form(visit, FORM, form_token) {
            true => Ok(member),
            false => Err(self.send_again(visit, here, FORM, Typed::default()).into()),
        }
    }

    /// The client of the member's app and all its secrets, oldest first.
    pub(super) async fn keys(
        &self,
        member: Member,
        environment: Environment,
    ) -> Result<Keys, Refusal> {
        let reader = self.env.store.reader();
        let id = member.client(environment)?;
        // The client first: whoever changes its secrets afterwards moves its version.
        let client = find_client(reader, id).await?.ok_or(Refusal::NotFound)?;
        let secrets = find_client_secrets(reader, id).await?;
        Ok(Keys {
            member,
            client,
            secrets,
        })
    }

    /// What a change of secrets begins with: somebody who may, who just proved it where the money
    /// is real, of a client that has secrets.
    pub(super) async fn keys_to_change(
        &self,
        visit: &PortalVisit,
        app: &AppId,
        environment: Environment,
        here: &Place,
    ) -> Result<Keys, Refusal> {
        let member = self.editor(visit, app, here).await?;
        let keys = self.keys(member, environment).await?;
        if !has_secrets(keys.client.client.auth_method) {
            return Err(Refusal::NotFound);
        }
        if environment == Environment::Live {
            self.require_step_up(&keys.member.person, here).await?;
        }
        Ok(keys)
    }

    /// One secret as the table shows it.
    pub(super) async fn secret_line(
        &self,
        secret: &ClientSecretRecord,
        now: Timestamp,
    ) -> Result<SecretLine> {
        let created_by = match &secret.created_by {
            Some(user) => find_user(self.env.store.reader(), user)
                .await?
                .map(|user| user.display_name),
            None => None,
        };
        Ok(line_of_secret(secret, created_by, now))
    }

    /// What a change of a secret leaves behind: an event, and a letter to everybody in the team.
    pub(super) async fn secret_traces(
        &self,
        keys: &Keys,
        secret: &ClientSecretRecord,
        what: SecretEvent,
    ) -> Result<(AuditRecord, Vec<MailRecord>)> {
        let (client, member) = (&keys.client.client, &keys.member);
        let event = self.event(
            member.person.actor(),
            what.action(),
            format!("client:{}", client.id),
            &json!({ "secret": secret.id, "label": secret.label, "last_four": secret.last_four }),
        );
        let page = Place::Credentials(member.app.id.clone(), client.environment);
        let about = mails::AboutSecret {
            app: &member.app.name,
            client: client.id.as_str(),
            label: &secret.label,
            by: &member.person.user.display_name,
            page: &format!("{}{}", self.env.settings.public_url, page.path()),
        };
        let reader = self.env.store.reader();
        let mut letters = Vec::new();
        for membership in find_memberships_of_team(reader, &member.app.team_id).await? {
            if let Some(user) = find_user(reader, &membership.user_id).await? {
                letters.extend(self.letter(mails::secret_changed(&user, what, &about)));
            }
        }
        Ok((event, letters))
    }

    /// Back to the page, where it says why nothing was done.
    pub(super) fn not_done(&self, visit: &PortalVisit, here: &Place, why: &str) -> PortalAnswer {
        let complaints = vec![Complaint::general(why)];
        self.mend(visit, here, FORM, Typed::default(), complaints)
    }
}
