//! Refresh (RFC 6749 §6) with idempotent rotation: one write transaction.
//!
//! The pair that a rotation brings is kept, sealed. Whoever lost the answer on the way gets the same
//! pair again, while nobody has used it and the grace time is open; whoever comes later holds a
//! copy, and everything from the grant ends (RFC 9700 §4.14.2), in a transaction that commits. So any
//! interleaving of requests and lost answers leaves exactly one live chain.

use std::time::Duration;

use protocol::{
    grants::refresh_token::{Decision, Parameters, Record, Refusal, check},
    ids::{ConsentId, FamilyId},
    scope::Scope,
    secret::{Digest, RefreshToken},
    time::Timestamp,
    token::TokenAnswer,
};
use store::{
    Advanced, Tx,
    access_tokens::{AccessTokenRecord, find_access_token, insert_access_token},
    consents::ConsentRecord,
    families::RevokeReason,
    refresh_tokens::{
        RefreshTokenFound, RefreshTokenRecord, Successor, advance_refresh_token_used,
        find_refresh_token, insert_refresh_token,
    },
    users::UserStatus,
};

use crate::{
    Engine,
    access::holds,
    client_authentication::Unserved,
    error::{Error, Result},
    request_log,
    seal::Purpose,
    token::Granting,
};

/// What the transaction has led to.
enum Outcome {
    Answer(TokenAnswer),
    Refused(Refusal, request_log::Proof),
    Revoked(Refusal, FamilyId, Option<ConsentId>),
}

impl Engine {
    pub(crate) async fn refresh(
        &self,
        granting: &Granting,
        presented: Parameters,
    ) -> Result<TokenAnswer, Unserved> {
        let (engine, within) = (self.clone(), granting.clone());
        let outcome = self
            .env
            .store
            .write::<_, Error, _>(move |tx| {
                Box::pin(async move { engine.refresh_in(tx, &within, &presented).await })
            })
            .await?;
        match outcome {
            Outcome::Answer(answer) => Ok(answer),
            Outcome::Refused(refusal, evidence) => {
                Err(Unserved::refused(&granting.client, refusal, "").with_evidence(evidence))
            }
            Outcome::Revoked(refusal, family, consent) => {
                self.forget_grant(&family, consent.as_ref());
                let more = format!("; family {family} is revoked");
                Err(Unserved::refused(&granting.client, refusal, &more))
            }
        }
    }

    async fn refresh_in(
        &self,
        tx: &Tx,
        granting: &Granting,
        presented: &Parameters,
    ) -> Result<Outcome> {
        let digest = presented.refresh_token.digest();
        // Once more for whoever was overtaken between reading and writing: it finds the successor then.
        for _ in 0..2 {
            let Some(found) = find_refresh_token(tx, &digest).await? else {
                return Ok(Outcome::Refused(Refusal::Unknown, None));
            };
            let other_family = of_other_family(tx, presented, &found.family.id).await?;
            match self.decide_refresh(&found, granting, presented, other_family) {
                Decision::Rotate { access_scope } => {
                    if let Some(answer) = self.rotate(tx, granting, &found, access_scope).await? {
                        return Ok(Outcome::Answer(answer));
                    }
                }
                Decision::HandBackSuccessor => return self.hand_back(&found).map(Outcome::Answer),
                Decision::RevokeFamily(refusal) => {
                    let family = found.family.id.clone();
                    self.end_misused(tx, granting, &found.family, RevokeReason::RefreshReplayed)
                        .await?;
                    return Ok(Outcome::Revoked(refusal, family, found.family.consent_id));
                }
                Decision::Refuse(refusal) => {
                    let evidence = match refusal {
                        Refusal::ScopeTooWide => {
                            request_log::scope(&found.token.scope, presented.scope.as_ref())
                        }
                        _ => None,
                    };
                    return Ok(Outcome::Refused(refusal, evidence));
                }
            }
        }
        Err(Error::Busy(
            "a refresh token changed twice while it was looked at".into(),
        ))
    }

    fn decide_refresh(
        &self,
        found: &RefreshTokenFound,
        granting: &Granting,
        presented: &Parameters,
        access_token_of_other_family: bool,
    ) -> Decision {
        let RefreshTokenFound {
            token,
            family,
            consent,
            user,
            ..
        } = found;
        let person_is_off = family.user_id.is_some()
            && user
                .as_ref()
                .is_none_or(|user| user.status != UserStatus::Active);
        let consent_ends = match &family.consent_id {
            // Whoever is locked allows nothing any more.
            _ if person_is_off => Some(end_of(None, granting.now)),
            Some(_) => Some(end_of(consent.as_ref(), granting.now)),
            None => None,
        };
        let record = Record {
            client_id: family.client_id.clone(),
            scope: token.scope.clone(),
            issued_at: token.issued_at,
            expires_at: token.expires_at,
            used_at: token.used.as_ref().map(|(at, _)| *at),
            successor: found.successor,
            family_revoked: family.revoked.is_some() || token.revoked_at.is_some(),
            consent_valid_until: consent_ends,
            access_token_of_other_family,
        };
        let grace = self.env.settings.lifetimes.refresh_grace;
        check(
            &record,
            presented,
            &granting.client.client,
            grace,
            granting.now,
        )
    }

    /// Makes the new pair. `None` when somebody else was first.
    async fn rotate(
        &self,
        tx: &Tx,
        granting: &Granting,
        found: &RefreshTokenFound,
        access_scope: Scope,
    ) -> Result<Option<TokenAnswer>> {
        let now = granting.now;
        let client = &granting.client.client;
        let family = &found.family;
        let consent_end = found.consent.as_ref().map(|consent| consent.valid_until);
        let ends = self.ends(granting, family.created_at, consent_end);
        let (access_token, refresh_token) = (self.env.mint(), self.env.mint::<RefreshToken>());
        let (access_digest, refresh_digest) = (access_token.digest(), refresh_token.digest());
        let answer = TokenAnswer {
            access_token,
            refresh_token: Some(refresh_token),
            issued_at: now,
            expires_at: ends.access_token,
            scope: access_scope.clone(),
            consent_id: family.consent_id.clone(),
            payment: None,
            mac_key: granting.dialect.signs().then(|| self.new_mac_key()),
        };
        let successor = Successor {
            refresh_token: refresh_digest,
            access_token: access_digest,
            sealed_answer: self.env.seal.seal(
                Purpose::Successor,
                self.env.bytes(),
                &answer.to_sealable(),
            ),
        };
        if advance_refresh_token_used(tx, &found.token.digest, &successor, now).await?
            == Advanced::No
        {
            return Ok(None);
        }
        let access = AccessTokenRecord {
            digest: access_digest,
            family_id: Some(family.id.clone()),
            client_id: client.id.clone(),
            user_id: family.user_id.clone(),
            consent_id: family.consent_id.clone(),
            scope: access_scope,
            environment: client.environment,
            dialect: granting.dialect.name(),
            sender_constraint: None,
            sealed_mac_key: answer.mac_key.as_deref().map(|key| self.seal_mac_key(key)),
            issued_at: now,
            first_used_at: None,
            revoked_at: None,
            expires_at: ends.access_token,
        };
        insert_access_token(tx, &access).await?;
        insert_refresh_token(
            tx,
            &unused(
                refresh_digest,
                &family.id,
                &found.token.scope,
                now,
                ends.refresh_token,
            ),
        )
        .await?;
        Ok(Some(answer))
    }

    /// The pair of the first rotation, once more.
    fn hand_back(&self, found: &RefreshTokenFound) -> Result<TokenAnswer> {
        let sealed = found
            .token
            .used
            .as_ref()
            .map(|(_, successor)| successor.sealed_answer.as_slice());
        let plain = sealed.and_then(|sealed| self.env.seal.open(Purpose::Successor, sealed).ok());
        plain
            .and_then(|plain| TokenAnswer::from_sealed(&plain))
            .ok_or_else(|| {
                Error::Broken("the sealed successor of a refresh token does not open".into())
            })
    }

    /// When a new pair ends: the access token by its own lifetime, which the dialect may know where no person is
    /// behind it; the refresh token by that of the whole grant, however often it is rotated. Neither outlives
    /// the consent.
    pub(crate) fn ends(
        &self,
        granting: &Granting,
        granted_at: Timestamp,
        consent_end: Option<Timestamp>,
    ) -> Ends {
        let own = &granting.client.client.lifetimes;
        let lifetimes = self.env.settings.lifetimes.with(own);
        let of_dialect = granting.dialect.own_token_lifetime();
        let access_token = match (own.access_token_seconds, consent_end, of_dialect) {
            (None, None, Some(of_dialect)) => of_dialect,
            _ => lifetimes.access_token,
        };
        let cap = |end: Timestamp| consent_end.map_or(end, |consent_end| end.min(consent_end));
        Ends {
            access_token: cap(granting.now + access_token),
            refresh_token: cap(granted_at + lifetimes.refresh_token),
        }
    }
}

/// When the tokens of a new pair end.
pub(crate) struct Ends {
    pub access_token: Timestamp,
    pub refresh_token: Timestamp,
}

/// A refresh token as it is when it is made.
pub(crate) fn unused(
    digest: Digest<RefreshToken>,
    family: &FamilyId,
    scope: &Scope,
    now: Timestamp,
    expires_at: Timestamp,
) -> RefreshTokenRecord {
    RefreshTokenRecord {
        digest,
        family_id: family.clone(),
        scope: scope.clone(),
        issued_at: now,
        used: None,
        revoked_at: None,
        expires_at,
    }
}

/// Whether an access token that was presented beside the refresh token came out of another grant. One
/// that is not known any more proves nothing: it was forgotten after its end, long before its refresh
/// token.
async fn of_other_family(tx: &Tx, presented: &Parameters, family: &FamilyId) -> Result<bool> {
    let Some(token) = &presented.access_token else {
        return Ok(false);
    };
    let found = find_access_token(tx, &token.digest()).await?;
    Ok(found.is_some_and(|found| found.token.family_id.as_ref() != Some(family)))
}

/// When a consent ends, or that it has ended already.
fn end_of(consent: Option<&ConsentRecord>, now: Timestamp) -> Timestamp {
    match consent {
        Some(consent) if holds(consent, now) => consent.valid_until,
        _ => now - Duration::from_millis(1),
    }
}
