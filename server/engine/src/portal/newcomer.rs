//! What a developer begins with: an account, a team of one, one app, and people to try it with.

use protocol::{client::Environment, ids::UserId, locale::Locale};
use serde_json::json;
use store::{
    Tx,
    audit::{AuditRecord, insert_audit_event},
    signups::SignUpRecord,
    users::{Role, UserRecord, UserStatus, insert_user},
};

use super::{apps::NewApp, teams::NewTeam};
use crate::{Engine, error::Error};

/// Everything that comes into being when an address is confirmed.
pub(super) struct Newcomer {
    pub user: UserRecord,
    pub app: NewApp,
    team: NewTeam,
    event: AuditRecord,
}

impl Newcomer {
    /// Writes all of it.
    pub async fn write(&self, tx: &Tx) -> Result<(), store::Error> {
        insert_user(tx, &self.user).await?;
        self.team.write(tx).await?;
        self.app.write(tx).await?;
        insert_audit_event(tx, &self.event).await
    }
}

impl Engine {
    /// What the sign-up makes. Nothing is written yet.
    pub(super) async fn newcomer(&self, sign_up: &SignUpRecord) -> Result<Newcomer, Error> {
        let user = UserRecord {
            id: UserId::new(self.env.id()),
            // A real person: in the sandbox anybody could take the name first.
            environment: Environment::Live,
            username: sign_up.email.clone(),
            email: Some(sign_up.email.clone()),
            password_hash: sign_up.password_hash.clone(),
            display_name: sign_up.name.clone(),
            role: Role::Developer,
            locale: sign_up.locale,
            status: UserStatus::Active,
            created_at: self.env.now(),
        };
        let team = self
            .new_team(&user.id, &user.display_name, user.locale)
            .await?;
        let app = self.new_app(&team.team.id, &user.id, first_app(user.locale))?;
        let event = self.event(
            format!("user:{}", user.id),
            "developer.signed_up",
            format!("user:{}", user.id),
            &json!({ "team": team.team.id, "app": app.app.id }),
        );
        Ok(Newcomer {
            user,
            app,
            team,
            event,
        })
    }
}

/// The name of the first app until it gets a better one.
fn first_app(locale: Locale) -> &'static str {
    match locale {
        Locale::En => "My first app",
        Locale::Lt => "Mano pirmoji programėlė",
        Locale::Ru => "Моё первое приложение",
    }
}
