//! A person's name and password, typed into the app itself (RFC 6749 §4.3). What it may be used for, and
//! that it is off in production, is decided in `protocol::grants::password`; misses are counted on the
//! same counters as those of the sign-in pages.

use std::net::IpAddr;

use protocol::{
    authorization::{Notice, ScaMethod},
    grants::password::{Parameters, Refusal, check},
    ids::ConsentId,
    time::Timestamp,
    token::TokenAnswer,
};
use store::{
    access_tokens::insert_access_token,
    audit::insert_audit_event,
    consents::{ConsentRecord, ConsentStatus, insert_consent},
    families::insert_family,
    refresh_tokens::insert_refresh_token,
    users::{UserRecord, find_user_by_name, folded},
};

use crate::{
    Engine,
    client_authentication::Unserved,
    error::Error,
    finish::HISTORY,
    grants::authorization_code::Granted,
    interaction::may_sign_in,
    log_in::LONGEST,
    settings::Profile,
    throttle::{Guess, Guesser},
    token::Granting,
};

impl Engine {
    pub(crate) async fn password(
        &self,
        granting: &Granting,
        presented: Parameters,
        address: IpAddr,
    ) -> Result<TokenAnswer, Unserved> {
        let refuse = |refusal: Refusal| Unserved::refused(&granting.client, refusal, "");
        if self.env.settings.profile == Profile::Production {
            return Err(refuse(Refusal::SwitchedOff));
        }
        check(&presented, &granting.client.client).map_err(refuse)?;
        let user = self
            .person_of(granting, &presented, address)
            .await?
            .map_err(refuse)?;
        let consent = self
            .consent_by_password(granting, &presented, &user)
            .await?;
        let issue = self.prepare_tokens(
            granting,
            &Granted {
                user: &user.id,
                scope: &consent.scope,
            },
            &consent,
        );
        let answer = self
            .env
            .store
            .write::<_, Error, _>(move |tx| {
                Box::pin(async move {
                    insert_consent(tx, &consent).await?;
                    insert_family(tx, &issue.family).await?;
                    insert_access_token(tx, &issue.access).await?;
                    if let Some(refresh) = &issue.refresh {
                        insert_refresh_token(tx, refresh).await?;
                    }
                    insert_audit_event(tx, &issue.event).await?;
                    Ok(issue.answer)
                })
            })
            .await?;
        Ok(answer)
    }

    /// The person with this name and password.
    async fn person_of(
        &self,
        granting: &Granting,
        presented: &Parameters,
        address: IpAddr,
    ) -> Result<Result<UserRecord, Refusal>, Error> {
        let environment = granting.client.client.environment;
        let name = folded(&presented.username);
        let user = find_user_by_name(self.env.store.reader(), environment, &name).await?;
        let guesser = Guesser {
            device: None,
            address,
        };
        let id = user.as_ref().map(|user| &user.id);
        let budget = self
            .budget(guesser, Guess::Password, environment, &name, id)
            .await?;
        let now = self.env.now();
        let paused = |until: Timestamp| Refusal::Paused {
            wait: until.since(now),
        };
        if let Some(until) = self.paused(&budget).await? {
            return Ok(Err(paused(until)));
        }
        let is_right = presented.username.len() <= LONGEST
            && presented.password.len() <= LONGEST
            && self
                .env
                .passwords
                .verify(
                    presented.password.to_string(),
                    user.as_ref().map(|user| user.password_hash.clone()),
                )
                .await?;
        let Some(user) = user.filter(|user| is_right && may_sign_in(user, environment)) else {
            let missed = self.missed_password(&budget, environment, &name).await?;
            return Ok(Err(match missed {
                Notice::Paused { until } => paused(until),
                _ => Refusal::WrongDetails,
            }));
        };
        self.forget_misses(&budget).await?;
        Ok(Ok(user))
    }

    /// What the person agreed to by typing the password: the scope, with all accounts that an app may see.
    async fn consent_by_password(
        &self,
        granting: &Granting,
        presented: &Parameters,
        user: &UserRecord,
    ) -> Result<ConsentRecord, Error> {
        let now = granting.now;
        let client = &granting.client.client;
        let accounts = self.env.bank.accounts_of(&user.id).await?;
        let valid_until = now + self.env.settings.consent_lifetime;
        Ok(ConsentRecord {
            id: ConsentId::new(self.env.id()),
            client_id: client.id.clone(),
            user_id: user.id.clone(),
            environment: client.environment,
            scope: presented.scope.clone(),
            accounts: accounts
                .into_iter()
                .filter(|account| {
                    account.environment == client.environment && account.eligible.is_ok()
                })
                .map(|account| account.id)
                .collect(),
            access: None,
            payment: None,
            payment_used_by: None,
            recurring: true,
            frequency_per_day: protocol::account_consent::MOST_PER_DAY,
            status: ConsentStatus::Valid,
            confirmed_by: ScaMethod::PasswordAlone,
            created_at: now,
            confirmed_at: now,
            valid_until,
            ended: None,
            expires_at: valid_until + HISTORY,
        })
    }
}
