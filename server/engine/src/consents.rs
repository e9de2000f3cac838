//! Consents to account information as apps make, see and delete them (NextGenPSD2 `/v1/consents`).
//!
//! | what | choice |
//! |---|---|
//! | who makes one | an app whose token has `ais`; no person is needed yet |
//! | who sees one | the app that made it; a token that a person gave shows the consent it came from and no other |
//! | one record | what the person agreed to stands in `consents` under the id that the app was given; the scope `ais` makes the same record while the person authorizes |
//! | its end | never after `validUntil`, never after [`protocol::lifetimes::CONSENT_LIMIT`] from its making on |
//! | one recurring consent | a new one of the same app and person ends the earlier one, tokens included; that one reads as `expired` |
//! | one-off | no refresh token; ends when everything was read, or with its access token |
//! | withdrawn | by the app (DELETE, or by giving the refresh token back), by the person, by the bank: always the same row and the same steps (`consents/moves.rs`) |

mod asking;
mod moves;
mod reads;

pub(crate) use asking::is_named;
pub(crate) use moves::{Told, end as end_consent};
pub use reads::{ReadRefusal, Reading};

use protocol::{
    account_consent::{
        AccountReference, AskedAccess, ConsentEvent, ConsentState, GrantedAccess, Kind, NewConsent,
        NotPossible, ScaState, WAITING, WaitingConsent,
    },
    ids::{ClientId, ConsentAuthorisationId, ConsentId, UserId},
    lifetimes::CONSENT_LIMIT,
    time::{Date, Timestamp},
};
use serde_json::json;
use store::{
    Reads,
    audit::insert_audit_event,
    authorizations::find_authorization,
    consent_authorisations::{
        ConsentAuthorisationRecord, Outcome, find_consent_authorisations,
        insert_consent_authorisation,
    },
    consent_requests::{
        ConsentRequestRecord, RequestStatus, find_consent_request, insert_consent_request,
    },
    consents::{ConsentRecord, ConsentStatus, EndReason, find_consent},
};

use crate::{
    Engine,
    access::Access,
    error::{Error, Result},
    finish::HISTORY,
    interaction::KEPT_AFTER_EXPIRY,
};

/// A consent as its app sees it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SeenConsent {
    /// Its id, for the scope `AIS:<consentId>`.
    pub id: ConsentId,
    /// What it is now.
    pub state: ConsentState,
    /// To which accounts: as asked, and once a person has agreed, as given.
    pub access: AskedAccess,
    /// Whether the app may come back.
    pub recurring: bool,
    /// The last day.
    pub valid_until: Date,
    /// How often in 24 hours without the person.
    pub frequency_per_day: u32,
    /// The day of the last change.
    pub last_action: Date,
}

/// A consent that was made, with the authorisation that it begins with.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MadeConsent {
    /// The consent.
    pub consent: SeenConsent,
    /// Its first authorisation.
    pub authorisation: ConsentAuthorisationId,
}

/// Everything that is known of a consent.
pub(crate) struct Known {
    /// As the app wrote it down, if it did.
    pub request: Option<ConsentRequestRecord>,
    /// As a person agreed to it, if one did.
    pub consent: Option<ConsentRecord>,
}

impl Known {
    /// The consent to account information with this id, whosever it is.
    pub async fn find(db: &impl Reads, id: &ConsentId) -> Result<Option<Self>, store::Error> {
        Ok(Self::of_any(db, id).await?.filter(|known| {
            let consent = known.consent.as_ref();
            consent.is_none_or(|consent| consent.scope.is_account_information())
        }))
    }

    /// The consent with this id, whosever it is and whatever it is about.
    pub async fn of_any(db: &impl Reads, id: &ConsentId) -> Result<Option<Self>, store::Error> {
        let known = Self {
            request: find_consent_request(db, id).await?,
            consent: find_consent(db, id).await?,
        };
        Ok((known.request.is_some() || known.consent.is_some()).then_some(known))
    }

    fn client(&self) -> Option<&ClientId> {
        match (&self.request, &self.consent) {
            (Some(request), _) => Some(&request.client_id),
            (None, Some(consent)) => Some(&consent.client_id),
            (None, None) => None,
        }
    }

    /// What it is at `now`: by its rows, and by the time.
    pub fn state(&self, now: Timestamp) -> ConsentState {
        match (&self.consent, &self.request) {
            (Some(consent), _) => state_of(consent).at(now, consent.valid_until),
            (None, Some(request)) => match request.status {
                RequestStatus::Received => ConsentState::Received.at(now, request.waits_until),
                RequestStatus::Rejected => ConsentState::Rejected,
                RequestStatus::Terminated => ConsentState::TerminatedByTpp,
                // Agreed to, and the record of that is gone: it was kept for long after its end.
                RequestStatus::Authorised => ConsentState::Expired,
            },
            (None, None) => ConsentState::Expired,
        }
    }

    /// For `protocol` to judge whether a person may be asked.
    pub fn waiting(&self, now: Timestamp) -> Option<WaitingConsent> {
        Some(WaitingConsent {
            client_id: self.client()?.clone(),
            user_id: self.consent.as_ref().map(|consent| consent.user_id.clone()),
            state: self.state(now),
        })
    }
}

/// What the row of a consent says, the time aside.
fn state_of(consent: &ConsentRecord) -> ConsentState {
    match (consent.status, consent.ended) {
        (ConsentStatus::Valid, _) => ConsentState::Valid,
        (_, Some((_, EndReason::Withdrawn))) => ConsentState::RevokedByPsu,
        (_, Some((_, EndReason::ClientAsked))) => ConsentState::TerminatedByTpp,
        _ => ConsentState::Expired,
    }
}

impl Engine {
    /// Writes down what an app wants to see. Nobody is asked yet.
    pub async fn make_consent(&self, access: &Access, new: NewConsent) -> Result<MadeConsent> {
        let now = self.env.now();
        let asked_until = new.valid_until.plus_days(1).midnight();
        let longest = self.env.settings.consent_lifetime.min(CONSENT_LIMIT);
        let valid_until = asked_until.min(now + longest);
        let waits_until = (now + WAITING).min(valid_until);
        let request = ConsentRequestRecord {
            id: ConsentId::new(self.env.id()),
            client_id: access.client.clone(),
            environment: access.environment,
            access: new.access,
            recurring: new.recurring,
            frequency_per_day: new.frequency_per_day,
            status: RequestStatus::Received,
            created_at: now,
            changed_at: now,
            waits_until,
            valid_until,
            // Long enough for the app to see that nobody came.
            expires_at: waits_until + KEPT_UNDECIDED,
        };
        let authorisation = self.new_authorisation(&request);
        let event = self.consent_event(
            format!("client:{}", access.client),
            "consent.asked",
            &request.id,
            &json!({ "access": request.access.to_wire(), "recurring": request.recurring }),
        );
        let made = MadeConsent {
            authorisation: authorisation.id.clone(),
            consent: self
                .seen(Known {
                    request: Some(request.clone()),
                    consent: None,
                })
                .await?,
        };
        self.env
            .store
            .write::<_, Error, _>(move |tx| {
                Box::pin(async move {
                    insert_consent_request(tx, &request).await?;
                    insert_consent_authorisation(tx, &authorisation).await?;
                    insert_audit_event(tx, &event).await?;
                    Ok(())
                })
            })
            .await?;
        Ok(made)
    }

    /// A consent of this app.
    pub async fn consent_of(&self, access: &Access, id: &ConsentId) -> Result<Option<SeenConsent>> {
        match self.own_consent(access, id).await? {
            Some(known) => Ok(Some(self.seen(known).await?)),
            None => Ok(None),
        }
    }

    /// The app gives a consent back: its tokens end with it. `None` when it is not this app's.
    pub async fn delete_consent(
        &self,
        access: &Access,
        id: &ConsentId,
    ) -> Result<Option<Result<ConsentState, NotPossible>>> {
        if self.own_consent(access, id).await?.is_none() {
            return Ok(None);
        }
        let actor = format!("client:{}", access.client);
        let moved = self.move_consent(id, ConsentEvent::Deleted, actor).await?;
        Ok(Some(match moved {
            // Whoever gives back twice has what they want.
            Err(NotPossible {
                state: state @ ConsentState::TerminatedByTpp,
            }) => Ok(state),
            moved => moved,
        }))
    }

    /// The person takes a consent back, whatever it is about: its tokens end with it. `None` when it is not this
    /// person's.
    pub async fn withdraw_consent(
        &self,
        user: &UserId,
        id: &ConsentId,
    ) -> Result<Option<Result<ConsentState, NotPossible>>> {
        let known = Known::of_any(self.env.store.reader(), id).await?;
        let is_own = known
            .and_then(|known| known.consent)
            .is_some_and(|consent| consent.user_id == *user);
        if !is_own {
            return Ok(None);
        }
        let moved = self
            .move_consent(id, ConsentEvent::Withdrawn, format!("user:{user}"))
            .await?;
        Ok(Some(moved))
    }

    /// The authorisations of a consent, oldest first. `None` when it is not this app's.
    pub async fn authorisations(
        &self,
        access: &Access,
        id: &ConsentId,
    ) -> Result<Option<Vec<ConsentAuthorisationId>>> {
        if self.own_consent(access, id).await?.is_none() {
            return Ok(None);
        }
        let found = find_consent_authorisations(self.env.store.reader(), id).await?;
        Ok(Some(found.into_iter().map(|record| record.id).collect()))
    }

    /// Begins another authorisation, for a consent that a person can still agree to. `None` when it is not
    /// this app's.
    pub async fn start_authorisation(
        &self,
        access: &Access,
        id: &ConsentId,
    ) -> Result<Option<Result<ConsentAuthorisationId, NotPossible>>> {
        let Some(known) = self.own_consent(access, id).await? else {
            return Ok(None);
        };
        let state = known.state(self.env.now());
        let Some(request) = known.request.filter(|_| state == ConsentState::Received) else {
            return Ok(Some(Err(NotPossible { state })));
        };
        let record = self.new_authorisation(&request);
        let begun = record.id.clone();
        self.env
            .store
            .write::<_, Error, _>(move |tx| {
                Box::pin(async move { Ok(insert_consent_authorisation(tx, &record).await?) })
            })
            .await?;
        Ok(Some(Ok(begun)))
    }

    /// How far the person has come. `None` when there is no such authorisation of this app.
    pub async fn sca_state(
        &self,
        access: &Access,
        id: &ConsentId,
        authorisation: &ConsentAuthorisationId,
    ) -> Result<Option<ScaState>> {
        let Some(known) = self.own_consent(access, id).await? else {
            return Ok(None);
        };
        let (reader, now) = (self.env.store.reader(), self.env.now());
        let found = find_consent_authorisations(reader, id).await?;
        let Some(found) = found.into_iter().find(|found| found.id == *authorisation) else {
            return Ok(None);
        };
        if let Some(outcome) = found.outcome {
            return Ok(Some(match outcome {
                Outcome::Finalised => ScaState::Finalised,
                Outcome::Failed => ScaState::Failed,
            }));
        }
        let mut over = known.state(now).is_final();
        let mut stage = None;
        if let Some(browser) = &found.authorization_id {
            let row = find_authorization(reader, browser).await?;
            over |= row.as_ref().is_none_or(|row| {
                let idle = self.env.settings.lifetimes.idle;
                now >= (row.expires_at - KEPT_AFTER_EXPIRY).min(row.last_active_at + idle)
            });
            stage = row.map(|row| row.stage);
        }
        Ok(Some(ScaState::of(stage.as_ref(), over)))
    }

    /// A consent that this token may speak of: one of its app, and when a person gave it, the one that
    /// it came from.
    async fn own_consent(&self, access: &Access, id: &ConsentId) -> Result<Option<Known>> {
        if access.consent.as_ref().is_some_and(|own| own.id != *id) {
            return Ok(None);
        }
        let known = Known::find(self.env.store.reader(), id).await?;
        Ok(known.filter(|known| known.client() == Some(&access.client)))
    }

    /// A consent in the words of the interface.
    async fn seen(&self, known: Known) -> Result<SeenConsent> {
        let state = known.state(self.env.now());
        match known {
            Known {
                request,
                consent: Some(consent),
            } => {
                let asked = request.as_ref().map(|request| &request.access);
                Ok(SeenConsent {
                    access: self.given(&consent, asked).await?,
                    id: consent.id,
                    state,
                    recurring: consent.recurring,
                    valid_until: last_day(consent.valid_until),
                    frequency_per_day: consent.frequency_per_day,
                    last_action: match consent.ended {
                        Some((at, _)) => at.date(),
                        None => consent.confirmed_at.date(),
                    },
                })
            }
            Known {
                request: Some(request),
                consent: None,
            } => Ok(SeenConsent {
                id: request.id,
                state,
                access: request.access,
                recurring: request.recurring,
                valid_until: last_day(request.valid_until),
                frequency_per_day: request.frequency_per_day,
                last_action: request.changed_at.date(),
            }),
            Known { .. } => Err(Error::Broken("a consent without any row".into())),
        }
    }

    /// What a person gave, as lists of accounts; what was given to all accounts stays that.
    async fn given(
        &self,
        consent: &ConsentRecord,
        asked: Option<&AskedAccess>,
    ) -> Result<AskedAccess> {
        if let Some(all) = asked.filter(|asked| !matches!(asked, AskedAccess::Lists { .. })) {
            return Ok(all.clone());
        }
        let accounts = self.env.bank.accounts_of(&consent.user_id).await?;
        let may = |kind| {
            let chosen = accounts.iter().filter(|account| {
                consent.accounts.contains(&account.id) && may_read(consent, kind, &account.id)
            });
            let list: Vec<AccountReference> = chosen
                .map(|account| AccountReference {
                    iban: account.iban.clone(),
                    currency: Some(account.currency),
                })
                .collect();
            (!list.is_empty()).then_some(list)
        };
        Ok(AskedAccess::Lists {
            accounts: may(Kind::Details),
            balances: may(Kind::Balances),
            transactions: may(Kind::Transactions),
        })
    }

    fn new_authorisation(&self, request: &ConsentRequestRecord) -> ConsentAuthorisationRecord {
        ConsentAuthorisationRecord {
            id: ConsentAuthorisationId::new(self.env.id()),
            consent_id: request.id.clone(),
            authorization_id: None,
            outcome: None,
            created_at: self.env.now(),
            expires_at: request.expires_at.max(request.valid_until + HISTORY),
        }
    }
}

/// For how long a consent that nobody decided about, or that was refused, stays visible to its app.
pub(crate) const KEPT_UNDECIDED: std::time::Duration =
    std::time::Duration::from_secs(7 * 24 * 3600);

/// Whether a kind of data may be read of an account of a consent.
pub(crate) fn may_read(
    consent: &ConsentRecord,
    kind: Kind,
    account: &protocol::ids::AccountId,
) -> bool {
    consent
        .access
        .as_ref()
        .is_none_or(|access: &GrantedAccess| access.allows(kind, account))
}

/// The last day of something that ends at `until`.
fn last_day(until: Timestamp) -> Date {
    (until - std::time::Duration::from_millis(1)).date()
}
