//! Introspection (RFC 7662): a client asks about a token of its own.
//!
//! Whatever is not active, unknown or somebody else's gets the same answer, so nobody learns by
//! asking. An access token costs one indexed read, or none when it was looked at a moment ago.

use protocol::{
    client::DialectName,
    dialects,
    ids::ClientId,
    scope::Permission,
    secret::{Digest, RefreshToken},
    token::{Introspection, PresentedToken},
};
use store::{refresh_tokens::find_refresh_token, users::UserStatus};

use crate::{
    Engine,
    access::{Access, holds},
    client_authentication::{BackRequest, Unserved},
    clients::CachedClient,
    error::Result,
};

impl Engine {
    /// Answers an introspection request.
    pub async fn introspect(&self, request: &BackRequest<'_>) -> Result<Introspection, Unserved> {
        let client = self.authenticate_with_secret(request).await?;
        let answer = match PresentedToken::parse(request.form)
            .map_err(|fault| Unserved::refused(&client, fault, ""))?
        {
            PresentedToken::Access(token) => {
                self.introspect_access(&client, &token.digest()).await?
            }
            PresentedToken::Refresh(token) => {
                self.introspect_refresh(&client, &token.digest()).await?
            }
            PresentedToken::Unknown => None,
        };
        Ok(answer.unwrap_or_else(Introspection::inactive))
    }

    async fn introspect_access(
        &self,
        asker: &CachedClient,
        token: &Digest<protocol::secret::AccessToken>,
    ) -> Result<Option<Introspection>> {
        let Ok(access) = self.look_up(token).await? else {
            return Ok(None);
        };
        if !may_learn(asker, &access.client) {
            return Ok(None);
        }
        // Whoever asks has the token in hand, so its answer was not lost on the way.
        self.note_first_use(&access).await?;
        Ok(Some(self.describe(&access)))
    }

    fn describe(&self, access: &Access) -> Introspection {
        let issuer = &self.env.settings.public_url;
        let may_know_name = access.scope.allows(&Permission::Wallet);
        Introspection {
            active: true,
            scope: Some(access.scope.clone()),
            client_id: Some(access.client.clone()),
            username: access.username.clone().filter(|_| may_know_name),
            token_type: word(access.dialect).map(str::to_owned),
            sub: Some(match &access.user {
                Some(user) => user.to_string(),
                None => Introspection::subject_of_client(&access.client),
            }),
            aud: Some(issuer.clone()),
            iss: Some(issuer.clone()),
            consent_id: access.consent.as_ref().map(|consent| consent.id.clone()),
            authorization_details: access
                .consent
                .as_ref()
                .and_then(|consent| consent.payment.as_ref())
                .map(|payment| payment.to_authorization_details()),
            ..Introspection::inactive()
        }
        .with_times(access.issued_at, access.expires_at)
    }

    async fn introspect_refresh(
        &self,
        asker: &CachedClient,
        token: &Digest<RefreshToken>,
    ) -> Result<Option<Introspection>> {
        let now = self.env.now();
        let Some(found) = find_refresh_token(self.env.store.reader(), token).await? else {
            return Ok(None);
        };
        let (token, family) = (&found.token, &found.family);
        let consent_holds = family.consent_id.is_none()
            || found
                .consent
                .as_ref()
                .is_some_and(|consent| holds(consent, now));
        let person_may = family.user_id.is_none()
            || found
                .user
                .as_ref()
                .is_some_and(|user| user.status == UserStatus::Active);
        let active = now < token.expires_at
            && token.used.is_none()
            && token.revoked_at.is_none()
            && family.revoked.is_none()
            && consent_holds
            && person_may;
        if !active || !may_learn(asker, &family.client_id) {
            return Ok(None);
        }
        let issuer = &self.env.settings.public_url;
        let answer = Introspection {
            active: true,
            scope: Some(token.scope.clone()),
            client_id: Some(family.client_id.clone()),
            sub: family.user_id.as_ref().map(ToString::to_string),
            iss: Some(issuer.clone()),
            consent_id: family.consent_id.clone(),
            ..Introspection::inactive()
        };
        Ok(Some(answer.with_times(token.issued_at, token.expires_at)))
    }
}

/// A client learns about its own tokens only. A resource server that may ask about the tokens of
/// others would be let in here.
fn may_learn(asker: &CachedClient, owner: &ClientId) -> bool {
    asker.client.id == *owner
}

/// `token_type` of the dialect in which the token is presented.
fn word(dialect: DialectName) -> Option<&'static str> {
    dialects::dialect(dialect).map(|dialect| dialect.token_type())
}
