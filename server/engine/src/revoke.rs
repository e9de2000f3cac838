//! Revocation (RFC 7009): a client gives back a token of its own.
//!
//! An access token ends by itself; a refresh token ends everything that came out of its grant. The
//! person's consent stays as it is: only the person, or its end date, ends that. Unknown tokens and
//! those of others are answered like revoked ones (§2.2).

use protocol::{
    ids::ClientId,
    secret::{AccessToken, Digest, RefreshToken},
    token::PresentedToken,
};
use serde_json::json;
use store::{
    access_tokens::{advance_access_token_revoked, find_access_token},
    audit::insert_audit_event,
    families::{RevokeReason, advance_family_revoked},
    refresh_tokens::find_refresh_token,
};

use crate::{
    Engine,
    caches::Thing,
    client_authentication::{BackRequest, Unserved},
    clients::CachedClient,
    error::{Error, Result},
};

impl Engine {
    /// Answers a revocation request. `Ok` says that the token is good for nothing now, or that it is not
    /// the client's business.
    pub async fn revoke(&self, request: &BackRequest<'_>) -> Result<(), Unserved> {
        let client = self.authenticate(request).await?;
        match PresentedToken::parse(request.form)
            .map_err(|fault| Unserved::refused(&client, fault, ""))?
        {
            PresentedToken::Access(token) => {
                self.revoke_access(&client, request, token.digest()).await?
            }
            PresentedToken::Refresh(token) => {
                self.revoke_refresh(&client, request, token.digest())
                    .await?
            }
            PresentedToken::Unknown => {}
        }
        Ok(())
    }

    async fn revoke_access(
        &self,
        client: &CachedClient,
        request: &BackRequest<'_>,
        token: Digest<AccessToken>,
    ) -> Result<()> {
        let found = find_access_token(self.env.store.reader(), &token).await?;
        let Some(found) = found.filter(|found| is_own(client, &found.token.client_id)) else {
            return Ok(());
        };
        let now = self.env.now();
        let object = format!("token:{}", &token.to_hex()[..16]);
        let detail = json!({"family": found.token.family_id});
        let event = self.client_event(client, request.trace, "token.revoked", object, &detail);
        self.env
            .store
            .write::<_, Error, _>(move |tx| {
                Box::pin(async move {
                    if advance_access_token_revoked(tx, &token, now)
                        .await?
                        .is_yes()
                    {
                        insert_audit_event(tx, &event).await?;
                    }
                    Ok(())
                })
            })
            .await?;
        self.env.caches.changed(Thing::Token(&token));
        Ok(())
    }

    async fn revoke_refresh(
        &self,
        client: &CachedClient,
        request: &BackRequest<'_>,
        token: Digest<RefreshToken>,
    ) -> Result<()> {
        let found = find_refresh_token(self.env.store.reader(), &token).await?;
        let Some(found) = found.filter(|found| is_own(client, &found.family.client_id)) else {
            return Ok(());
        };
        let now = self.env.now();
        let family = found.family.id;
        let event = self.client_event(
            client,
            request.trace,
            "family.revoked",
            format!("family:{family}"),
            &json!({"reason": RevokeReason::ClientAsked, "consent": found.family.consent_id}),
        );
        let id = family.clone();
        self.env
            .store
            .write::<_, Error, _>(move |tx| {
                Box::pin(async move {
                    if advance_family_revoked(tx, &id, RevokeReason::ClientAsked, now)
                        .await?
                        .is_yes()
                    {
                        insert_audit_event(tx, &event).await?;
                    }
                    Ok(())
                })
            })
            .await?;
        self.env.caches.changed(Thing::Family(&family));
        Ok(())
    }
}

fn is_own(client: &CachedClient, owner: &ClientId) -> bool {
    client.client.id == *owner
}
