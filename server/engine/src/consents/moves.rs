//! The one writer of what becomes of a consent: every step of `protocol`'s table is written here, with all
//! that goes with it, in one transaction.

use protocol::{
    account_consent::{ConsentEvent, ConsentState, NotPossible},
    ids::{ConsentId, FamilyId},
    time::Timestamp,
};
use serde_json::json;
use store::{
    Advanced, Tx,
    audit::{AuditRecord, insert_audit_event},
    codes::advance_codes_void_of_consent,
    consent_requests::{RequestStatus, advance_consent_request},
    consents::{
        ConsentRecord, EndReason, advance_consent_confirmed, advance_consent_ended,
        find_live_consents, insert_consent,
    },
    families::{RevokeReason, advance_families_revoked_of_consent},
    users::hold_user,
};

use super::{KEPT_UNDECIDED, Known};
use crate::{
    Engine,
    caches::Thing,
    error::{Error, Result},
};

/// What a step has led to.
pub(crate) struct Moved {
    /// The state after it.
    pub state: ConsentState,
    /// Whose cached answers rest on the state before.
    pub told: Told,
}

/// What must be forgotten once the transaction has committed.
#[derive(Default)]
pub(crate) struct Told {
    consents: Vec<ConsentId>,
    families: Vec<FamilyId>,
}

impl Engine {
    /// Something happens to a consent, in a transaction of its own.
    pub(crate) async fn move_consent(
        &self,
        id: &ConsentId,
        event: ConsentEvent,
        actor: String,
    ) -> Result<Result<ConsentState, NotPossible>> {
        let (engine, consent) = (self.clone(), id.clone());
        let moved = self
            .env
            .store
            .write::<_, Error, _>(move |tx| {
                Box::pin(async move { engine.move_consent_in(tx, &consent, event, actor).await })
            })
            .await?;
        Ok(moved.map(|moved| {
            self.forget(&moved.told);
            moved.state
        }))
    }

    /// The same within a transaction; whoever commits it calls [`Engine::forget`].
    pub(crate) async fn move_consent_in(
        &self,
        tx: &Tx,
        id: &ConsentId,
        event: ConsentEvent,
        actor: String,
    ) -> Result<Result<Moved, NotPossible>> {
        let now = self.env.now();
        // Once more for whoever was overtaken between reading and writing.
        for _ in 0..2 {
            let Some(known) = Known::of_any(tx, id).await? else {
                return Err(Error::Broken(format!("no consent {id} to change")));
            };
            let state = known.state(now);
            let next = match state.after(event) {
                Ok(next) => next,
                Err(fault) => return Ok(Err(fault)),
            };
            let mut told = Told::default();
            let advanced = match (state, event) {
                (ConsentState::Received, ConsentEvent::Refused) => {
                    decide(tx, id, RequestStatus::Rejected, now).await?
                }
                (ConsentState::Received, ConsentEvent::Deleted) => {
                    decide(tx, id, RequestStatus::Terminated, now).await?
                }
                (ConsentState::Valid, event) => {
                    let Some(reason) = reason(event) else {
                        return Err(Error::Broken(format!("{event:?} is not written this way")));
                    };
                    end(tx, id, reason, now, &mut told).await?
                }
                (state, event) => {
                    return Err(Error::Broken(format!(
                        "a consent that is {state} does not get {event:?} this way"
                    )));
                }
            };
            if advanced == Advanced::Yes {
                let detail = json!({ "from": state.as_str(), "to": next.as_str() });
                let event = self.consent_event(actor, "consent.changed", id, &detail);
                insert_audit_event(tx, &event).await?;
                return Ok(Ok(Moved { state: next, told }));
            }
        }
        Err(Error::Busy(format!(
            "the consent {id} changed twice while it was looked at"
        )))
    }

    /// A person agreed to `consent`: it is written, or renewed when the same person had agreed before.
    /// A recurring one ends the earlier ones of the same app. `No` when it cannot be agreed to any more.
    pub(crate) async fn authorise_consent_in(
        &self,
        tx: &Tx,
        consent: &ConsentRecord,
    ) -> Result<(Advanced, Told), store::Error> {
        let (now, mut told) = (consent.confirmed_at, Told::default());
        let was_asked = consent.scope.consents().next().is_some();
        if was_asked {
            let decided = RequestStatus::Authorised;
            let kept = consent.expires_at;
            if advance_consent_request(tx, &consent.id, decided, now, kept)
                .await?
                .is_yes()
            {
                insert_consent(tx, consent).await?;
            } else if advance_consent_confirmed(tx, consent).await?.is_yes() {
                told.consents.push(consent.id.clone());
            } else {
                return Ok((Advanced::No, told));
            }
        } else {
            insert_consent(tx, consent).await?;
        }
        if consent.scope.is_account_information() {
            let actor = format!("user:{}", consent.user_id);
            let detail = json!({
                "accounts": consent.accounts,
                "by": consent.confirmed_by,
                "until": consent.valid_until.to_string(),
            });
            let event = self.consent_event(actor, "consent.agreed", &consent.id, &detail);
            insert_audit_event(tx, &event).await?;
        }
        if consent.recurring && consent.scope.is_account_information() {
            self.replace_earlier(tx, consent, &mut told).await?;
        }
        Ok((Advanced::Yes, told))
    }

    /// Ends the other recurring consents to account information of this app and person. Of two that are
    /// agreed to at the same moment, the second waits for the first and ends it.
    async fn replace_earlier(
        &self,
        tx: &Tx,
        consent: &ConsentRecord,
        told: &mut Told,
    ) -> Result<(), store::Error> {
        let now = consent.confirmed_at;
        hold_user(tx, &consent.user_id).await?;
        for earlier in find_live_consents(tx, &consent.user_id, &consent.client_id, now).await? {
            let replaced = earlier.id != consent.id
                && earlier.recurring
                && earlier.scope.is_account_information();
            if replaced
                && end(tx, &earlier.id, EndReason::Replaced, now, told)
                    .await?
                    .is_yes()
            {
                let actor = format!("user:{}", consent.user_id);
                let detail = json!({ "from": "valid", "to": "expired", "replaced_by": consent.id });
                let event = self.consent_event(actor, "consent.changed", &earlier.id, &detail);
                insert_audit_event(tx, &event).await?;
            }
        }
        Ok(())
    }

    /// No answer of this node rests on what was before. To be called after the transaction has committed.
    pub(crate) fn forget(&self, told: &Told) {
        for consent in &told.consents {
            self.env.caches.changed(Thing::Consent(consent));
        }
        for family in &told.families {
            self.env.caches.changed(Thing::Family(family));
        }
    }

    /// What was done with a consent, for the auditor.
    pub(crate) fn consent_event(
        &self,
        actor: String,
        action: &str,
        id: &ConsentId,
        detail: &serde_json::Value,
    ) -> AuditRecord {
        AuditRecord {
            id: self.env.id(),
            at: self.env.now(),
            actor,
            action: action.to_owned(),
            object: format!("consent:{id}"),
            detail: detail.to_string(),
            trace: None,
        }
    }
}

/// Notes what was decided about a request that becomes nothing.
async fn decide(
    tx: &Tx,
    id: &ConsentId,
    status: RequestStatus,
    now: Timestamp,
) -> Result<Advanced, store::Error> {
    advance_consent_request(tx, id, status, now, now + KEPT_UNDECIDED).await
}

/// Ends a consent with its tokens and with the codes that nobody has used yet.
pub(crate) async fn end(
    tx: &Tx,
    id: &ConsentId,
    reason: EndReason,
    now: Timestamp,
    told: &mut Told,
) -> Result<Advanced, store::Error> {
    let advanced = advance_consent_ended(tx, id, reason, now).await?;
    if advanced.is_yes() {
        let why = match reason {
            EndReason::ClientAsked => RevokeReason::ClientAsked,
            _ => RevokeReason::ConsentEnded,
        };
        advance_codes_void_of_consent(tx, id, now).await?;
        let families = advance_families_revoked_of_consent(tx, id, why, now).await?;
        told.families.extend(families);
        told.consents.push(id.clone());
    }
    Ok(advanced)
}

/// The word in the database for the end of a consent that held.
const fn reason(event: ConsentEvent) -> Option<EndReason> {
    match event {
        ConsentEvent::Withdrawn => Some(EndReason::Withdrawn),
        ConsentEvent::Deleted => Some(EndReason::ClientAsked),
        ConsentEvent::Replaced => Some(EndReason::Replaced),
        ConsentEvent::UsedUp => Some(EndReason::UsedUp),
        ConsentEvent::Ended => Some(EndReason::Bank),
        // Agreeing is written by `authorise_consent_in`; saying no and the time end nothing that holds.
        ConsentEvent::Authorised | ConsentEvent::Refused | ConsentEvent::TimeOver => None,
    }
}
