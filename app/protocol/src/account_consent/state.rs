//! What becomes of a consent. One table of steps; time is one of the events, so that nobody needs a job.

use std::fmt;

use super::AskFault;
use crate::{
    ids::{ClientId, UserId},
    time::Timestamp,
};

/// `consentStatus`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum ConsentState {
    /// Written down; no person has decided.
    Received,
    /// The person agreed, with strong authentication.
    Valid,
    /// The person said no.
    Rejected,
    /// The person took it back.
    RevokedByPsu,
    /// Its time is over, it was used up, a newer one took its place, or the bank ended it.
    Expired,
    /// The app gave it back.
    TerminatedByTpp,
}

/// What happens to a consent.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum ConsentEvent {
    /// A person agreed and proved who they are.
    Authorised,
    /// The person said no on the page.
    Refused,
    /// The person took it back later.
    Withdrawn,
    /// The app deleted it, or gave its tokens back.
    Deleted,
    /// The person agreed to a newer recurring consent of the same app.
    Replaced,
    /// What it allowed once was read.
    UsedUp,
    /// The bank ended it: a code or token of it was used twice, or the app was switched off.
    Ended,
    /// Its time is over.
    TimeOver,
}

/// An event that does not fit the state.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("a consent that is {state} cannot be changed this way")]
pub struct NotPossible {
    /// The state, which stays.
    pub state: ConsentState,
}

impl ConsentState {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Received,
        Self::Valid,
        Self::Rejected,
        Self::RevokedByPsu,
        Self::Expired,
        Self::TerminatedByTpp,
    ];

    /// The state after `event`.
    ///
    /// # Errors
    /// When a consent in this state knows no such event. The final states know none.
    pub const fn after(self, event: ConsentEvent) -> Result<Self, NotPossible> {
        use ConsentEvent as E;
        Ok(match (self, event) {
            (Self::Received | Self::Valid, E::Authorised) => Self::Valid,
            (Self::Received, E::Refused) => Self::Rejected,
            (Self::Received | Self::Valid, E::Deleted) => Self::TerminatedByTpp,
            (Self::Received | Self::Valid, E::TimeOver) => Self::Expired,
            (Self::Valid, E::Withdrawn) => Self::RevokedByPsu,
            (Self::Valid, E::Replaced | E::UsedUp | E::Ended) => Self::Expired,
            (state, _) => return Err(NotPossible { state }),
        })
    }

    /// The state at `now` of a consent that is `self` by its row and whose time ends at `until`.
    pub fn at(self, now: Timestamp, until: Timestamp) -> Self {
        if now < until {
            return self;
        }
        self.after(ConsentEvent::TimeOver).unwrap_or(self)
    }

    /// Whether nothing can happen to it any more.
    pub const fn is_final(self) -> bool {
        !matches!(self, Self::Received | Self::Valid)
    }

    /// The word on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Valid => "valid",
            Self::Rejected => "rejected",
            Self::RevokedByPsu => "revokedByPsu",
            Self::Expired => "expired",
            Self::TerminatedByTpp => "terminatedByTpp",
        }
    }
}

impl fmt::Display for ConsentState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A consent that an authorize request names, as it was found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WaitingConsent {
    /// The client that made it; for others it does not exist.
    pub client_id: ClientId,
    /// Who agreed to it before, if anybody did.
    pub user_id: Option<UserId>,
    /// What it is now.
    pub state: ConsentState,
}

impl WaitingConsent {
    /// Whether this client may ask a person for it. A valid one may be asked for again: the person
    /// proves anew who they are.
    ///
    /// # Errors
    /// What the client is told.
    pub fn check(&self, client: &ClientId) -> Result<(), AskFault> {
        if self.client_id != *client {
            return Err(AskFault::Unknown);
        }
        match self.state.after(ConsentEvent::Authorised) {
            Ok(_) => Ok(()),
            Err(_) => Err(AskFault::Over),
        }
    }

    /// Whether this person may agree to it: anybody to a new one, nobody but the same to a valid one.
    pub fn is_for(&self, user: &UserId) -> bool {
        self.user_id.as_ref().is_none_or(|known| known == user)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVENTS: [ConsentEvent; 8] = [
        ConsentEvent::Authorised,
        ConsentEvent::Refused,
        ConsentEvent::Withdrawn,
        ConsentEvent::Deleted,
        ConsentEvent::Replaced,
        ConsentEvent::UsedUp,
        ConsentEvent::Ended,
        ConsentEvent::TimeOver,
    ];

    #[test]
    fn the_table_of_steps_has_these_and_no_others() {
        use ConsentEvent as E;
        use ConsentState as S;
        let steps = [
            (S::Received, E::Authorised, S::Valid),
            (S::Received, E::Refused, S::Rejected),
            (S::Received, E::Deleted, S::TerminatedByTpp),
            (S::Received, E::TimeOver, S::Expired),
            (S::Valid, E::Authorised, S::Valid),
            (S::Valid, E::Withdrawn, S::RevokedByPsu),
            (S::Valid, E::Deleted, S::TerminatedByTpp),
            (S::Valid, E::Replaced, S::Expired),
            (S::Valid, E::UsedUp, S::Expired),
            (S::Valid, E::Ended, S::Expired),
            (S::Valid, E::TimeOver, S::Expired),
        ];
        for state in S::ALL {
            for event in EVENTS {
                let expected = steps
                    .iter()
                    .find(|(from, by, _)| (*from, *by) == (state, event))
                    .map(|(.., to)| *to);
                assert_eq!(state.after(event).ok(), expected, "{state} {event:?}");
            }
        }
    }

    #[test]
    fn what_is_over_never_becomes_anything_else() {
        for state in ConsentState::ALL
            .into_iter()
            .filter(|state| state.is_final())
        {
            assert!(
                EVENTS.iter().all(|event| state.after(*event).is_err()),
                "{state}"
            );
        }
    }

    #[test]
    fn a_consent_ends_at_the_exact_moment() {
        let until = Timestamp::from_seconds(100);
        let before = Timestamp::from_millis(until.millis() - 1);
        for state in [ConsentState::Received, ConsentState::Valid] {
            assert_eq!(state.at(before, until), state);
            assert_eq!(state.at(until, until), ConsentState::Expired);
        }
        let refused = ConsentState::Rejected;
        assert_eq!(refused.at(until, until), refused);
    }

    #[test]
    fn a_client_asks_for_its_own_and_a_person_never_for_another_persons() {
        let waiting = |state, user: Option<&str>| WaitingConsent {
            client_id: ClientId::new("budget"),
            user_id: user.map(UserId::new),
            state,
        };
        let (own, other) = (ClientId::new("budget"), ClientId::new("shop"));
        let (ona, jonas) = (UserId::new("ona"), UserId::new("jonas"));
        let received = waiting(ConsentState::Received, None);
        assert_eq!(received.check(&own), Ok(()));
        assert_eq!(received.check(&other), Err(AskFault::Unknown));
        assert!(received.is_for(&ona) && received.is_for(&jonas));
        let valid = waiting(ConsentState::Valid, Some("ona"));
        assert_eq!(valid.check(&own), Ok(()));
        assert!(valid.is_for(&ona) && !valid.is_for(&jonas));
        for state in ConsentState::ALL
            .into_iter()
            .filter(|state| state.is_final())
        {
            assert_eq!(waiting(state, None).check(&own), Err(AskFault::Over));
        }
    }
}
