//! A token for the app itself (RFC 6749 §4.4): nothing is read, one row is appended.

use protocol::{
    grants::client_credentials::{Decision, Parameters, Refusal, check},
    token::TokenAnswer,
};
use store::{Row, access_tokens::AccessTokenRecord};

use crate::{Engine, client_authentication::Unserved, request_log, token::Granting};

impl Engine {
    pub(crate) async fn client_credentials(
        &self,
        granting: &Granting,
        presented: &Parameters,
    ) -> Result<TokenAnswer, Unserved> {
        let client = &granting.client.client;
        let scope = match check(presented, client) {
            Decision::Issue { scope } => scope,
            Decision::Refuse(refusal) => {
                let unserved = Unserved::refused(&granting.client, refusal, "");
                return Err(match refusal {
                    Refusal::ScopeNotApproved => unserved
                        .with_evidence(request_log::scope(&client.scope, presented.scope.as_ref())),
                    _ => unserved,
                });
            }
        };
        let lifetimes = self.env.settings.lifetimes.with(&client.lifetimes);
        let access_token = self.env.mint();
        let expires_at = granting.now + lifetimes.access_token;
        let record = AccessTokenRecord {
            digest: access_token.digest(),
            family_id: None,
            client_id: client.id.clone(),
            user_id: None,
            consent_id: None,
            scope: scope.clone(),
            environment: client.environment,
            dialect: granting.dialect,
            sender_constraint: None,
            sealed_mac_key: None,
            issued_at: granting.now,
            first_used_at: None,
            revoked_at: None,
            expires_at,
        };
        self.env.store.append(Row::AccessToken(record)).await?;
        Ok(TokenAnswer {
            access_token,
            refresh_token: None,
            issued_at: granting.now,
            expires_at,
            scope,
            consent_id: None,
            payment: None,
        })
    }
}
