//! A token for the app itself (RFC 6749 §4.4): nothing is read, one row is appended. Where a dialect's
//! documents promise a refresh token, the grant has a family like any other, in one transaction.

use protocol::{
    client::GrantType,
    grants::client_credentials::{Decision, Parameters, Refusal, check},
    ids::FamilyId,
    scope::Scope,
    secret::{AccessToken, RefreshToken, Secret},
    token::TokenAnswer,
};
use store::{
    Row,
    access_tokens::{AccessTokenRecord, insert_access_token},
    families::{FamilyRecord, insert_family},
    refresh_tokens::insert_refresh_token,
};

use super::refresh_token::unused;
use crate::{
    Engine,
    client_authentication::Unserved,
    error::{Error, Result},
    request_log,
    token::Granting,
};

impl Engine {
    pub(crate) async fn client_credentials(
        &self,
        granting: &Granting,
        presented: &Parameters,
    ) -> Result<TokenAnswer, Unserved> {
        let scope = approved(granting, presented)?;
        let refreshes = granting.dialect.refreshes_own_tokens(granting.door)
            && granting.client.client.allows(GrantType::RefreshToken);
        let issued = if refreshes {
            self.issue_with_refresh(granting, scope).await?
        } else {
            self.issue_alone(granting, scope).await?
        };
        Ok(issued)
    }

    async fn issue_alone(&self, granting: &Granting, scope: Scope) -> Result<TokenAnswer> {
        let answer = self.own_tokens(granting, scope, None);
        let record = self.own_record(granting, &answer, None);
        self.env.store.append(Row::AccessToken(record)).await?;
        Ok(answer)
    }

    async fn issue_with_refresh(&self, granting: &Granting, scope: Scope) -> Result<TokenAnswer> {
        let refresh_token = self.env.mint::<RefreshToken>();
        let (now, client) = (granting.now, &granting.client.client);
        let ends = self.ends(granting, now, None);
        let family = FamilyRecord {
            id: FamilyId::new(self.env.id()),
            client_id: client.id.clone(),
            user_id: None,
            consent_id: None,
            created_at: now,
            revoked: None,
            expires_at: ends.refresh_token.max(ends.access_token),
        };
        let refresh = unused(
            refresh_token.digest(),
            &family.id,
            &scope,
            now,
            ends.refresh_token,
        );
        let answer = self.own_tokens(granting, scope, Some(refresh_token));
        let access = self.own_record(granting, &answer, Some(family.id.clone()));
        self.env
            .store
            .write::<_, Error, _>(move |tx| {
                Box::pin(async move {
                    insert_family(tx, &family).await?;
                    insert_access_token(tx, &access).await?;
                    Ok(insert_refresh_token(tx, &refresh).await?)
                })
            })
            .await?;
        Ok(answer)
    }

    fn own_tokens(
        &self,
        granting: &Granting,
        scope: Scope,
        refresh_token: Option<Secret<RefreshToken>>,
    ) -> TokenAnswer {
        TokenAnswer {
            access_token: self.env.mint::<AccessToken>(),
            refresh_token,
            issued_at: granting.now,
            expires_at: self.ends(granting, granting.now, None).access_token,
            scope,
            consent_id: None,
            payment: None,
            mac_key: granting.dialect.signs().then(|| self.new_mac_key()),
        }
    }

    fn own_record(
        &self,
        granting: &Granting,
        answer: &TokenAnswer,
        family_id: Option<FamilyId>,
    ) -> AccessTokenRecord {
        let client = &granting.client.client;
        AccessTokenRecord {
            digest: answer.access_token.digest(),
            // An answer that was lost is asked for anew; nobody waits for the first use.
            first_used_at: family_id.as_ref().map(|_| granting.now),
            family_id,
            client_id: client.id.clone(),
            user_id: None,
            consent_id: None,
            scope: answer.scope.clone(),
            environment: client.environment,
            dialect: granting.dialect.name(),
            sender_constraint: None,
            sealed_mac_key: answer.mac_key.as_deref().map(|key| self.seal_mac_key(key)),
            issued_at: granting.now,
            revoked_at: None,
            expires_at: answer.expires_at,
        }
    }
}

/// What the client gets of what it asks for.
fn approved(granting: &Granting, presented: &Parameters) -> Result<Scope, Unserved> {
    let client = &granting.client.client;
    match check(presented, client) {
        Decision::Issue { scope } => Ok(scope),
        Decision::Refuse(refusal) => {
            let unserved = Unserved::refused(&granting.client, refusal, "");
            Err(match refusal {
                Refusal::ScopeNotApproved => unserved
                    .with_evidence(request_log::scope(&client.scope, presented.scope.as_ref())),
                _ => unserved,
            })
        }
    }
}
