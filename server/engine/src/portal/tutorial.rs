//! The switch into the tutorial's dialect: an owner lets an app be talked to in words that expose its
//! secret, after reading what that means and proving who they are.

use protocol::{
    client::{Client, DialectName, Environment},
    ids::AppId,
};
use serde_json::json;
use store::{
    Advanced,
    audit::insert_audit_event,
    clients::{ClientRecord, advance_client},
    teams::TeamRole,
};

use super::{
    credentials::{FORM as PAGE_FORM, Keys, has_secrets},
    form::{Flash, Typed},
    place::Place,
    session::{PortalAnswer, PortalVisit},
    wall::{Person, Refusal},
};
use crate::{Engine, caches::Thing, error::Error};

/// Name of the form.
const FORM: &str = "tutorial";

/// The page with the switch.
#[derive(Clone, Debug)]
pub struct TutorialView {
    /// The app.
    pub app: AppId,
    /// What it is called.
    pub name: String,
    /// Play money or real money.
    pub environment: Environment,
    /// Whether its client speaks the dialect.
    pub is_on: bool,
}

impl Engine {
    /// The page with the switch.
    ///
    /// # Errors
    /// When the visitor may not switch, did not just prove who they are, or the client has no secrets:
    /// without one nothing would be left that proves the app.
    pub async fn tutorial_view(
        &self,
        visit: &PortalVisit,
        app: &AppId,
        environment: Environment,
    ) -> Result<(Person, TutorialView), Refusal> {
        let here = Place::Tutorial(app.clone(), environment);
        let keys = self.keys_to_switch(visit, app, environment, &here).await?;
        let view = TutorialView {
            app: app.clone(),
            name: keys.member.app.name,
            environment,
            is_on: keys.client.client.speaks(DialectName::Tutorial),
        };
        Ok((keys.member.person, view))
    }

    /// The person switches. A form that comes twice switches once.
    pub async fn switch_tutorial(
        &self,
        visit: &PortalVisit,
        form_token: &str,
        (app, environment): (&AppId, Environment),
        on: bool,
    ) -> PortalAnswer {
        let tried = self
            .try_switch_tutorial(visit, form_token, app, environment, on)
            .await;
        self.portal_answer(visit, tried)
    }

    async fn try_switch_tutorial(
        &self,
        visit: &PortalVisit,
        form_token: &str,
        app: &AppId,
        environment: Environment,
        on: bool,
    ) -> Result<PortalAnswer, Refusal> {
        let here = Place::Tutorial(app.clone(), environment);
        let keys = self.keys_to_switch(visit, app, environment, &here).await?;
        if !self.is_portal_form(visit, FORM, form_token) {
            return Ok(self.send_again(visit, &here, FORM, Typed::default()));
        }
        let page = Place::Credentials(app.clone(), environment);
        if keys.client.client.speaks(DialectName::Tutorial) != on
            && self.write_switch(keys, on).await? == Advanced::No
        {
            return Ok(self.not_done(visit, &page, "secret-changed-meanwhile"));
        }
        let word = if on { "tutorial-on" } else { "tutorial-off" };
        let flash = Flash::note(PAGE_FORM, word, Typed::default());
        Ok(self.leave(visit, &page, flash))
    }

    async fn write_switch(&self, keys: Keys, on: bool) -> Result<Advanced, Error> {
        let id = keys.client.client.id.clone();
        let action = match on {
            true => "client.dialect_added",
            false => "client.dialect_removed",
        };
        let event = self.event(
            keys.member.person.actor(),
            action,
            format!("client:{id}"),
            &json!({ "dialect": DialectName::Tutorial }),
        );
        let changed = ClientRecord {
            client: switched(keys.client.client, on),
            ..keys.client
        };
        let written = self
            .env
            .store
            .write::<_, Error, _>(move |tx| {
                Box::pin(async move {
                    let advanced = advance_client(tx, &changed).await?;
                    if advanced == Advanced::Yes {
                        insert_audit_event(tx, &event).await?;
                    }
                    Ok(advanced)
                })
            })
            .await?;
        self.env.caches.changed(Thing::Client(&id));
        Ok(written)
    }

    /// What the switch begins with: an owner who just proved it, of a client that has secrets.
    async fn keys_to_switch(
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
        if keys.member.role != TeamRole::Owner {
            let page = Place::Credentials(app.clone(), environment);
            return Err(self.not_done(visit, &page, "owners-only").into());
        }
        self.require_step_up(&keys.member.person, here).await?;
        Ok(keys)
    }
}

/// The client with the dialect, or without. One that speaks nothing else is left with the standard.
fn switched(mut client: Client, on: bool) -> Client {
    client
        .dialects
        .retain(|dialect| *dialect != DialectName::Tutorial);
    if on {
        client.dialects.push(DialectName::Tutorial);
    } else if client.dialects.is_empty() {
        client.dialects.push(DialectName::Bearer);
    }
    client
}
