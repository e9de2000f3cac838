//! The end of a secret (D7). One that is still in use says so first, and asks for more than a button.

use std::time::Duration;

use protocol::{
    client::Environment,
    ids::{AppId, SecretId},
    time::Timestamp,
};
use store::{
    Advanced,
    audit::insert_audit_event,
    client_secrets::{ClientSecretRecord, advance_client_secret_revoked},
    clients::advance_client,
    outbox::insert_mail,
    shown_secrets::delete_shown_secret,
};
use subtle::ConstantTimeEq as _;

use super::{
    credentials::{FORM as PAGE_FORM, Keys, SecretLine, SecretState, state},
    form::{Complaint, Flash, Typed},
    place::Place,
    session::{PortalAnswer, PortalVisit},
    wall::{Person, Refusal},
};
use crate::{Engine, caches::Thing, error::Error, mails::SecretEvent};

/// Name of the form.
const FORM: &str = "revoke-secret";

/// A secret that was used within this time is still in use.
const IN_USE: Duration = Duration::from_secs(24 * 3600);

/// The page that asks once more.
#[derive(Clone, Debug)]
pub struct RevokeView {
    /// The app.
    pub app: AppId,
    /// What it is called.
    pub name: String,
    /// Play money or real money.
    pub environment: Environment,
    /// The secret.
    pub secret: SecretLine,
    /// Whether it was used a short while ago, and the person must type what it ends with; its label,
    /// where that is not known.
    pub in_use: bool,
}

/// What the person types to show that they mean this one.
fn proof_of_intent(secret: &ClientSecretRecord) -> &str {
    secret.last_four.as_deref().unwrap_or(&secret.label)
}

fn is_in_use(secret: &ClientSecretRecord, now: Timestamp) -> bool {
    secret.last_used_at.is_some_and(|at| now < at + IN_USE)
}

impl Engine {
    /// The page that asks once more before a secret ends.
    ///
    /// # Errors
    /// When the visitor may not end it, did not just prove who they are, or it has ended already.
    pub async fn revoke_view(
        &self,
        visit: &PortalVisit,
        app: &AppId,
        environment: Environment,
        secret: &SecretId,
    ) -> Result<(Person, RevokeView), Refusal> {
        let here = Place::RevokeSecret(app.clone(), environment, secret.clone());
        let (keys, secret) = self
            .secret_to_revoke(visit, app, environment, secret, &here)
            .await?;
        let now = self.env.now();
        let view = RevokeView {
            app: app.clone(),
            name: keys.member.app.name,
            environment,
            in_use: is_in_use(&secret, now),
            secret: self.secret_line(&secret, now).await?,
        };
        Ok((keys.member.person, view))
    }

    /// The person ends a secret. `typed` is what it ends with, where that is asked.
    pub async fn revoke_secret(
        &self,
        visit: &PortalVisit,
        form_token: &str,
        (app, environment, secret): (&AppId, Environment, &SecretId),
        typed: &str,
    ) -> PortalAnswer {
        let here = Place::RevokeSecret(app.clone(), environment, secret.clone());
        let tried = async {
            let (keys, secret) = self
                .secret_to_revoke(visit, app, environment, secret, &here)
                .await?;
            self.try_revoke(visit, form_token, &here, keys, secret, typed)
                .await
        };
        self.portal_answer(visit, tried.await)
    }

    /// The secret that is to end, and everything about it.
    async fn secret_to_revoke(
        &self,
        visit: &PortalVisit,
        app: &AppId,
        environment: Environment,
        secret: &SecretId,
        here: &Place,
    ) -> Result<(Keys, ClientSecretRecord), Refusal> {
        // What was used a moment ago is written down first: the page is about that.
        self.note_secret_uses().await?;
        let keys = self.keys_to_change(visit, app, environment, here).await?;
        let found = keys.secrets.iter().find(|known| known.id == *secret);
        let found = found.cloned().ok_or(Refusal::NotFound)?;
        if state(&found, self.env.now()) != SecretState::Active {
            let page = Place::Credentials(app.clone(), environment);
            return Err(self.not_done(visit, &page, "secret-has-ended").into());
        }
        Ok((keys, found))
    }

    async fn try_revoke(
        &self,
        visit: &PortalVisit,
        form_token: &str,
        here: &Place,
        keys: Keys,
        secret: ClientSecretRecord,
        typed: &str,
    ) -> Result<PortalAnswer, Refusal> {
        if !self.is_portal_form(visit, FORM, form_token) {
            return Ok(self.send_again(visit, here, FORM, Typed::default()));
        }
        let now = self.env.now();
        let means_it: bool = {
            let (typed, asked) = (typed.trim().as_bytes(), proof_of_intent(&secret));
            typed.ct_eq(asked.as_bytes()).into()
        };
        if is_in_use(&secret, now) && !means_it {
            let complaint = Complaint::about("last_four", "secret-last-four");
            return Ok(self.mend(visit, here, FORM, Typed::default(), vec![complaint]));
        }
        let (event, letters) = self
            .secret_traces(&keys, &secret, SecretEvent::Revoked)
            .await?;
        let page = Place::Credentials(keys.member.app.id.clone(), keys.client.client.environment);
        let client = keys.client;
        let id = client.client.id.clone();
        let written: Advanced = self
            .env
            .store
            .write::<_, Error, _>(move |tx| {
                Box::pin(async move {
                    let client_id = &client.client.id;
                    if advance_client(tx, &client).await? == Advanced::No
                        || advance_client_secret_revoked(tx, client_id, &secret.id, now).await?
                            == Advanced::No
                    {
                        return Ok(Advanced::No);
                    }
                    delete_shown_secret(tx, &secret.id).await?;
                    for letter in &letters {
                        insert_mail(tx, letter).await?;
                    }
                    insert_audit_event(tx, &event).await?;
                    Ok(Advanced::Yes)
                })
            })
            .await?;
        self.env.caches.changed(Thing::Client(&id));
        Ok(match written {
            Advanced::Yes => {
                let flash = Flash::note(PAGE_FORM, "secret-revoked", Typed::default());
                self.leave(visit, &page, flash)
            }
            Advanced::No => self.not_done(visit, &page, "secret-changed-meanwhile"),
        })
    }
}
