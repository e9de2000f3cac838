//! Exchange of a code (RFC 6749 §4.1.3): one read, one write transaction.
//!
//! Of any number of requests with the same code exactly one gets tokens: the one whose conditional
//! update finds the code unused. Any later one revokes what came out of it (§4.1.2), in a
//! transaction that commits.

use protocol::{
    client::GrantType,
    grants::authorization_code::{Decision, Parameters, Record, Refusal, check},
    ids::{ConsentId, FamilyId, UserId},
    scope::Scope,
    secret::{AuthorizationCode, Digest, RefreshToken},
    token::TokenAnswer,
};
use serde_json::json;
use store::{
    Advanced, Tx,
    access_tokens::{AccessTokenRecord, insert_access_token},
    audit::{AuditRecord, insert_audit_event},
    codes::{CodeFound, CodeRecord, advance_code_used, find_code},
    consents::ConsentRecord,
    families::{FamilyRecord, RevokeReason, find_family, insert_family},
    refresh_tokens::{RefreshTokenRecord, insert_refresh_token},
    users::UserStatus,
};

use super::refresh_token::unused;
use crate::{
    Engine,
    access::holds,
    caches::Thing,
    client_authentication::Unserved,
    error::{Error, Result},
    request_log,
    token::Granting,
};

/// For whom tokens are made, and for what.
pub(crate) struct Granted<'a> {
    pub user: &'a UserId,
    pub scope: &'a Scope,
}

/// Everything that an exchange writes, prepared before the transaction.
pub(crate) struct Issue {
    pub answer: TokenAnswer,
    pub family: FamilyRecord,
    pub access: AccessTokenRecord,
    pub refresh: Option<RefreshTokenRecord>,
    pub event: AuditRecord,
}

/// What was revoked because a code came twice.
struct Revoked {
    family: FamilyId,
    consent: Option<ConsentId>,
}

impl Engine {
    pub(crate) async fn exchange(
        &self,
        granting: &Granting,
        presented: Parameters,
    ) -> Result<TokenAnswer, Unserved> {
        let digest = presented.code.digest();
        let found = find_code(self.env.store.reader(), &digest).await?;
        let Some(CodeFound {
            code,
            consent,
            user,
        }) = found
        else {
            return Err(Unserved::refused(&granting.client, Refusal::Unknown, ""));
        };
        match check(
            &record(&code, granting),
            &presented,
            &granting.client.client,
            granting.now,
        ) {
            Decision::Exchange => {}
            Decision::Refuse(refusal) => {
                let evidence = self.evidence(refusal, &code, &presented, granting);
                let unserved = Unserved::refused(&granting.client, refusal, "");
                return Err(unserved.with_evidence(evidence));
            }
            Decision::RefuseAndVoid(refusal) => {
                self.void(granting, digest).await?;
                let more = "; the code is void";
                return Err(Unserved::refused(&granting.client, refusal, more));
            }
            Decision::RevokeFamily(_) => return Err(self.replayed(granting, digest).await),
        }
        let person_may = user.is_some_and(|user| user.status == UserStatus::Active);
        let Some(consent) = consent.filter(|consent| person_may && holds(consent, granting.now))
        else {
            return Err(Unserved::refused(
                &granting.client,
                Refusal::ConsentEnded,
                "",
            ));
        };
        let granted = Granted {
            user: &code.user_id,
            scope: &code.scope,
        };
        let issue = self.prepare_tokens(granting, &granted, &consent);
        match self.issue(granting, digest, issue).await? {
            Ok(answer) => Ok(answer),
            Err(revoked) => Err(self.told_of_replay(granting, revoked)),
        }
    }

    /// The transaction. Whoever comes second revokes in the same transaction in which it notices.
    async fn issue(
        &self,
        granting: &Granting,
        digest: Digest<AuthorizationCode>,
        issue: Issue,
    ) -> Result<Result<TokenAnswer, Option<Revoked>>> {
        let (engine, granting) = (self.clone(), granting.clone());
        self.env
            .store
            .write::<_, Error, _>(move |tx| {
                Box::pin(async move {
                    if advance_code_used(tx, &digest, Some(&issue.family.id), granting.now).await?
                        == Advanced::No
                    {
                        return Ok(Err(engine.end_replayed(tx, &granting, &digest).await?));
                    }
                    insert_family(tx, &issue.family).await?;
                    insert_access_token(tx, &issue.access).await?;
                    if let Some(refresh) = &issue.refresh {
                        insert_refresh_token(tx, refresh).await?;
                    }
                    insert_audit_event(tx, &issue.event).await?;
                    Ok(Ok(issue.answer))
                })
            })
            .await
    }

    /// The tokens for what the person allowed. A refresh token goes to clients that may use it; a
    /// payment, or one look at accounts, is good once, so there is nothing to refresh.
    pub(crate) fn prepare_tokens(
        &self,
        granting: &Granting,
        granted: &Granted<'_>,
        consent: &ConsentRecord,
    ) -> Issue {
        let now = granting.now;
        let client = &granting.client.client;
        let ends = self.ends(granting, now, Some(consent.valid_until));
        let refreshes = client.allows(GrantType::RefreshToken)
            && consent.payment.is_none()
            && consent.recurring;
        let access_token = self.env.mint();
        let mac_key = granting.dialect.signs().then(|| self.new_mac_key());
        let refresh_token = refreshes.then(|| self.env.mint::<RefreshToken>());
        let family = FamilyRecord {
            id: FamilyId::new(self.env.id()),
            client_id: client.id.clone(),
            user_id: Some(granted.user.clone()),
            consent_id: Some(consent.id.clone()),
            created_at: now,
            revoked: None,
            expires_at: if refreshes {
                ends.refresh_token.max(ends.access_token)
            } else {
                ends.access_token
            },
        };
        let access = AccessTokenRecord {
            digest: access_token.digest(),
            family_id: Some(family.id.clone()),
            client_id: client.id.clone(),
            user_id: Some(granted.user.clone()),
            consent_id: Some(consent.id.clone()),
            scope: granted.scope.clone(),
            environment: client.environment,
            dialect: granting.dialect.name(),
            sender_constraint: None,
            sealed_mac_key: mac_key.as_deref().map(|key| self.seal_mac_key(key)),
            issued_at: now,
            // An exchange is never answered twice, so nobody waits for the first use of its token.
            first_used_at: Some(now),
            revoked_at: None,
            expires_at: ends.access_token,
        };
        let refresh = refresh_token.as_ref().map(|token| {
            unused(
                token.digest(),
                &family.id,
                granted.scope,
                now,
                ends.refresh_token,
            )
        });
        let event = self.client_event(
            &granting.client,
            granting.trace,
            "tokens.issued",
            format!("consent:{}", consent.id),
            &json!({"family": family.id, "scope": granted.scope}),
        );
        let answer = TokenAnswer {
            access_token,
            refresh_token,
            issued_at: now,
            expires_at: ends.access_token,
            scope: granted.scope.clone(),
            consent_id: Some(consent.id.clone()),
            payment: consent.payment.clone(),
            mac_key,
        };
        Issue {
            answer,
            family,
            access,
            refresh,
            event,
        }
    }

    /// Ends a code that is in the wrong hands.
    async fn void(&self, granting: &Granting, digest: Digest<AuthorizationCode>) -> Result<()> {
        let now = granting.now;
        let event = self.client_event(
            &granting.client,
            granting.trace,
            "code.void",
            format!("code:{}", &digest.to_hex()[..16]),
            &json!({"reason": "presented by another client"}),
        );
        self.env
            .store
            .write::<_, Error, _>(move |tx| {
                Box::pin(async move {
                    if advance_code_used(tx, &digest, None, now).await?.is_yes() {
                        insert_audit_event(tx, &event).await?;
                    }
                    Ok(())
                })
            })
            .await
    }

    /// Ends what came out of a code that comes again.
    async fn replayed(&self, granting: &Granting, digest: Digest<AuthorizationCode>) -> Unserved {
        let (engine, within) = (self.clone(), granting.clone());
        let ended = self
            .env
            .store
            .write::<_, Error, _>(move |tx| {
                Box::pin(async move { engine.end_replayed(tx, &within, &digest).await })
            })
            .await;
        match ended {
            Ok(revoked) => self.told_of_replay(granting, revoked),
            Err(error) => error.into(),
        }
    }

    async fn end_replayed(
        &self,
        tx: &Tx,
        granting: &Granting,
        digest: &Digest<AuthorizationCode>,
    ) -> Result<Option<Revoked>> {
        // Read again: which family it is stands there only since the first use committed.
        let code = find_code(tx, digest).await?.map(|found| found.code);
        let Some(family) = code.and_then(|code| code.family_id) else {
            return Ok(None);
        };
        let Some(family) = find_family(tx, &family).await? else {
            return Ok(None);
        };
        self.end_misused(tx, granting, &family, RevokeReason::CodeReplayed)
            .await?;
        Ok(Some(Revoked {
            family: family.id,
            consent: family.consent_id,
        }))
    }

    fn told_of_replay(&self, granting: &Granting, revoked: Option<Revoked>) -> Unserved {
        let more = match &revoked {
            Some(revoked) => {
                self.forget_grant(&revoked.family, revoked.consent.as_ref());
                format!("; family {} is revoked", revoked.family)
            }
            None => "; nothing came out of it".to_owned(),
        };
        Unserved::refused(&granting.client, Refusal::Replay, &more)
    }

    /// What would have been right, for the app's developer.
    fn evidence(
        &self,
        refusal: Refusal,
        code: &CodeRecord,
        presented: &Parameters,
        granting: &Granting,
    ) -> request_log::Proof {
        let client = &granting.client.client;
        match refusal {
            Refusal::RedirectUriMissing | Refusal::RedirectUriDiffers { .. } => {
                let only = client.only_redirect();
                let meant = code.redirect_uri.as_deref();
                let meant = meant.or(only.as_ref().map(|only| only.as_str()));
                request_log::address(
                    meant.unwrap_or_default(),
                    presented.redirect_uri.as_deref().unwrap_or_default(),
                    client.environment,
                )
            }
            Refusal::Expired => {
                let lifetime = code.expires_at.since(code.issued_at);
                request_log::code_age(lifetime, code.expires_at, granting.now)
            }
            _ => None,
        }
    }

    /// No answer of this node rests on the grant's earlier state any more.
    pub(crate) fn forget_grant(&self, family: &FamilyId, consent: Option<&ConsentId>) {
        self.env.caches.changed(Thing::Family(family));
        if let Some(consent) = consent {
            self.env.caches.changed(Thing::Consent(consent));
        }
    }
}

fn record(code: &CodeRecord, granting: &Granting) -> Record {
    Record {
        client_id: code.client_id.clone(),
        redirect_uri: code.redirect_uri.clone(),
        redirect_uri_is_repeated: granting.dialect.repeats_redirect_uri(),
        challenge: code.challenge.clone(),
        expires_at: code.expires_at,
        used_at: code.used_at,
    }
}
