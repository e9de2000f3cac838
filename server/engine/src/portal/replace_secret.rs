//! The short way in the sandbox (D5): a secret that is no longer visible is replaced.

use protocol::ids::AppId;
use serde_json::json;
use store::{
    Advanced,
    audit::insert_audit_event,
    client_secrets::{advance_client_secrets_rotated, insert_client_secret},
    clients::{advance_client, find_client},
    shown_secrets::{delete_shown_secrets, insert_shown_secret},
};

use super::{
    form::{Flash, Typed},
    place::Place,
    session::{PortalAnswer, PortalVisit},
    wall::Refusal,
};
use crate::{Engine, caches::Thing, error::Error};

/// Name of the form.
const FORM: &str = "replace-secret";

impl Engine {
    /// The person wants to see a secret of the sandbox client: a new one takes the place of the old
    /// ones, which end at once.
    pub async fn replace_sandbox_secret(
        &self,
        visit: &PortalVisit,
        form_token: &str,
        app: &AppId,
    ) -> PortalAnswer {
        let tried = self.try_replace_secret(visit, form_token, app).await;
        self.portal_answer(visit, tried)
    }

    async fn try_replace_secret(
        &self,
        visit: &PortalVisit,
        form_token: &str,
        app: &AppId,
    ) -> Result<PortalAnswer, Refusal> {
        let page = Place::App(app.clone());
        let member = self.editor(visit, app, &page).await?;
        if !self.is_portal_form(visit, FORM, form_token) {
            let flash = Flash::note("app", super::form::SEND_AGAIN, Typed::default());
            return Ok(self.leave(visit, &page, flash));
        }
        let id = &member.app.sandbox_client;
        let Some(client) = find_client(self.env.store.reader(), id).await? else {
            return Err(Refusal::NotFound);
        };
        let credentials = self
            .credentials(id, client.client.auth_method, None)
            .map_err(Error::from)?;
        // Clients that prove themselves in another way have nothing to replace.
        let Some((secret, mut row)) = credentials.secret else {
            return Err(Refusal::NotFound);
        };
        let user = &member.person.user.id;
        row.created_by = Some(user.clone());
        let shown = self.shown_record(&row.id, id, user, secret.expose());
        let event = self.event(
            member.person.actor(),
            "client.credentials_rotated",
            format!("client:{id}"),
            &json!({ "keep_old_seconds": 0 }),
        );
        let now = self.env.now();
        let written: Advanced = self
            .env
            .store
            .write::<_, Error, _>(move |tx| {
                Box::pin(async move {
                    // The version moves with every change of credentials.
                    if advance_client(tx, &client).await? == Advanced::No {
                        return Ok(Advanced::No);
                    }
                    insert_client_secret(tx, &row).await?;
                    advance_client_secrets_rotated(tx, &row.client_id, &row.id, now).await?;
                    delete_shown_secrets(tx, &row.client_id).await?;
                    insert_shown_secret(tx, &shown).await?;
                    insert_audit_event(tx, &event).await?;
                    Ok(Advanced::Yes)
                })
            })
            .await?;
        self.env.caches.changed(Thing::Client(id));
        let note = match written {
            Advanced::Yes => "secret-replaced",
            Advanced::No => "changed-meanwhile",
        };
        Ok(self.leave(visit, &page, Flash::note("app", note, Typed::default())))
    }
}
