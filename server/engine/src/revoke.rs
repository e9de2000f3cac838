//! Revocation (RFC 7009): a client gives back a token of its own.
//!
//! An access token ends by itself; a refresh token ends everything that came out of its grant. The
//! person's consent stays as it is: only the person, or its end date, ends that. With one exception: a consent
//! to account information that no good token is left of is given back with the last one, as if the app had
//! deleted it. Unknown tokens and those of others are answered like revoked ones (§2.2).

use protocol::{
    account_consent::ConsentEvent,
    client::GrantType,
    ids::{ClientId, ConsentId, TraceId},
    secret::{AccessToken, Digest, RefreshToken},
    time::Timestamp,
    token::PresentedToken,
};
use serde_json::json;
use store::{
    Tx,
    access_tokens::{advance_access_token_revoked, find_access_token},
    audit::insert_audit_event,
    families::{RevokeReason, advance_family_revoked, has_good_family_of_consent},
    refresh_tokens::find_refresh_token,
};

use crate::{
    Engine,
    caches::Thing,
    client_authentication::{BackRequest, Unserved},
    clients::CachedClient,
    consents::Told,
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
                self.revoke_access(&client, request.trace, token.digest(), false)
                    .await?
            }
            PresentedToken::Refresh(token) => {
                self.revoke_refresh(&client, request, token.digest())
                    .await?
            }
            PresentedToken::Unknown => {}
        }
        Ok(())
    }

    /// Ends an access token of a client; one of somebody else's is left alone. With `ends_grant` the refresh
    /// token of the same grant ends with it.
    pub(crate) async fn revoke_access(
        &self,
        client: &CachedClient,
        trace: TraceId,
        token: Digest<AccessToken>,
        ends_grant: bool,
    ) -> Result<()> {
        let found = find_access_token(self.env.store.reader(), &token).await?;
        let Some(found) = found.filter(|found| is_own(client, &found.token.client_id)) else {
            return Ok(());
        };
        let now = self.env.now();
        // Where nothing refreshes it, the access token is all there is of the grant.
        let whole_grant = found
            .consent
            .as_ref()
            .filter(|consent| consent.scope.is_account_information())
            .filter(|consent| !consent.recurring || !client.client.allows(GrantType::RefreshToken))
            .map(|consent| consent.id.clone())
            .zip(found.token.family_id.clone());
        let object = format!("token:{}", &token.to_hex()[..16]);
        let detail = json!({"family": found.token.family_id});
        let event = self.client_event(client, trace, "token.revoked", object, &detail);
        let family = found.token.family_id.clone().filter(|_| ends_grant);
        let ended = family.clone();
        let (engine, owner) = (self.clone(), client.client.id.clone());
        let told = self
            .env
            .store
            .write::<_, Error, _>(move |tx| {
                Box::pin(async move {
                    if let Some(family) = &family {
                        let asked = RevokeReason::ClientAsked;
                        let _revoked_before =
                            advance_family_revoked(tx, family, asked, now).await?;
                    }
                    if advance_access_token_revoked(tx, &token, now)
                        .await?
                        .is_yes()
                    {
                        insert_audit_event(tx, &event).await?;
                    }
                    let Some((consent, family)) = whole_grant else {
                        return Ok(Told::default());
                    };
                    let asked = RevokeReason::ClientAsked;
                    let _revoked_before = advance_family_revoked(tx, &family, asked, now).await?;
                    engine.give_back(tx, &consent, &owner, now).await
                })
            })
            .await?;
        self.env.caches.changed(Thing::Token(&token));
        if let Some(family) = &ended {
            self.env.caches.changed(Thing::Family(family));
        }
        self.forget(&told);
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
        let consent = found
            .consent
            .filter(|consent| consent.scope.is_account_information());
        let (engine, owner) = (self.clone(), client.client.id.clone());
        let told = self
            .env
            .store
            .write::<_, Error, _>(move |tx| {
                Box::pin(async move {
                    if advance_family_revoked(tx, &id, RevokeReason::ClientAsked, now)
                        .await?
                        .is_yes()
                    {
                        insert_audit_event(tx, &event).await?;
                    }
                    match consent {
                        Some(consent) => engine.give_back(tx, &consent.id, &owner, now).await,
                        None => Ok(Told::default()),
                    }
                })
            })
            .await?;
        self.env.caches.changed(Thing::Family(&family));
        self.forget(&told);
        Ok(())
    }

    /// Ends a consent to account information that has no good tokens any more: what nobody can use must not
    /// look valid to the person.
    async fn give_back(
        &self,
        tx: &Tx,
        consent: &ConsentId,
        client: &ClientId,
        now: Timestamp,
    ) -> Result<Told> {
        if has_good_family_of_consent(tx, consent, now).await? {
            return Ok(Told::default());
        }
        let actor = format!("client:{client}");
        let moved = self
            .move_consent_in(tx, consent, ConsentEvent::Deleted, actor)
            .await?;
        // Ended before: then there is nothing to end.
        Ok(moved.map_or_else(|_| Told::default(), |moved| moved.told))
    }
}

fn is_own(client: &CachedClient, owner: &ClientId) -> bool {
    client.client.id == *owner
}
