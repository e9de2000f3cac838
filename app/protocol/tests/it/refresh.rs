//! Idempotent rotation: lost answers and races of an honest client cost nothing, a copy costs the
//! whole family.

use std::time::Duration;

use proptest::prelude::*;
use protocol::{
    client::{Client, GrantType},
    grants::refresh_token::{Decision, Parameters, Record, Refusal, Successor, check},
    time::Timestamp,
};

use crate::fixtures::*;

const UNTOUCHED: Successor = Successor {
    access_first_used: None,
    refresh_used: false,
};

fn used(successor: Successor) -> Record {
    Record {
        used_at: Some(NOW),
        successor: Some(successor),
        ..refresh_record()
    }
}

fn decide(record: &Record, now: Timestamp) -> Decision {
    check(record, &refresh_presented(), &client(), GRACE, now)
}

#[test]
fn a_fresh_token_is_rotated_and_keeps_its_scope() {
    assert_eq!(
        decide(&refresh_record(), NOW),
        Decision::Rotate {
            access_scope: scope("transferFunds wallet")
        }
    );
}

#[test]
fn a_lost_answer_is_handed_back_until_the_exact_end_of_the_grace_time() {
    let end = NOW + GRACE;
    assert_eq!(decide(&used(UNTOUCHED), NOW), Decision::HandBackSuccessor);
    assert_eq!(
        decide(&used(UNTOUCHED), end - Duration::from_millis(1)),
        Decision::HandBackSuccessor
    );
    assert_eq!(
        decide(&used(UNTOUCHED), end),
        Decision::RevokeFamily(Refusal::ReplayAfterGrace)
    );
}

#[test]
fn a_token_whose_successor_is_in_use_is_a_copy() {
    for successor in [
        Successor {
            access_first_used: Some(NOW),
            ..UNTOUCHED
        },
        Successor {
            refresh_used: true,
            ..UNTOUCHED
        },
    ] {
        assert_eq!(
            decide(&used(successor), NOW),
            Decision::RevokeFamily(Refusal::ReplayAfterSuccessor)
        );
    }
    let unknown = Record {
        successor: None,
        ..used(UNTOUCHED)
    };
    assert_eq!(
        decide(&unknown, NOW),
        Decision::RevokeFamily(Refusal::ReplayAfterSuccessor)
    );
}

#[test]
fn token_and_consent_end_at_the_exact_millisecond() {
    let end = NOW + Duration::from_secs(5);
    let before = end - Duration::from_millis(1);
    let token = Record {
        expires_at: end,
        ..refresh_record()
    };
    let consent = Record {
        consent_valid_until: Some(end),
        ..refresh_record()
    };
    for (record, refusal) in [(token, Refusal::Expired), (consent, Refusal::ConsentEnded)] {
        assert!(matches!(decide(&record, before), Decision::Rotate { .. }));
        assert_eq!(decide(&record, end), Decision::Refuse(refusal));
    }
    // The end of a consent also ends the grace time.
    let retried = Record {
        consent_valid_until: Some(end),
        ..used(UNTOUCHED)
    };
    assert_eq!(
        decide(&retried, end),
        Decision::Refuse(Refusal::ConsentEnded)
    );
}

#[test]
fn a_revoked_family_stays_revoked() {
    let revoked = Record {
        family_revoked: true,
        ..refresh_record()
    };
    assert_eq!(decide(&revoked, NOW), Decision::Refuse(Refusal::Revoked));
    let replayed = Record {
        family_revoked: true,
        ..used(UNTOUCHED)
    };
    assert_eq!(
        decide(&replayed, NOW + Duration::from_secs(60)),
        Decision::Refuse(Refusal::Revoked)
    );
}

#[test]
fn a_retry_cannot_widen_the_scope() {
    let presented = Parameters {
        scope: Some(scope("ais")),
        ..refresh_presented()
    };
    let decision = check(&used(UNTOUCHED), &presented, &client(), GRACE, NOW);
    assert_eq!(decision, Decision::Refuse(Refusal::ScopeTooWide));
}

#[test]
fn a_client_without_the_grant_is_refused() {
    let client = Client {
        grants: vec![GrantType::AuthorizationCode],
        ..client()
    };
    let decision = check(&refresh_record(), &refresh_presented(), &client, GRACE, NOW);
    assert_eq!(decision, Decision::Refuse(Refusal::GrantNotAllowed));
}

/// A family as a store keeps it: each token, and which of them the holder has used.
struct Family {
    tokens: Vec<Record>,
    access_used: Vec<Option<Timestamp>>,
    revoked: bool,
}

impl Family {
    fn new() -> Self {
        Self {
            tokens: vec![refresh_record()],
            access_used: vec![None],
            revoked: false,
        }
    }

    /// Presents token number `at`; gives the number of the token in the answer, if there is one.
    fn refresh(&mut self, at: usize, now: Timestamp) -> Option<usize> {
        let mut record = self.tokens[at].clone();
        record.family_revoked = self.revoked;
        record.successor = self.tokens.get(at + 1).map(|next| Successor {
            access_first_used: self.access_used[at + 1],
            refresh_used: next.used_at.is_some(),
        });
        match check(&record, &refresh_presented(), &client(), GRACE, now) {
            Decision::Rotate { .. } => {
                assert_eq!(
                    at + 1,
                    self.tokens.len(),
                    "only the last token of a chain rotates"
                );
                self.tokens[at].used_at = Some(now);
                self.tokens.push(Record {
                    issued_at: now,
                    ..refresh_record()
                });
                self.access_used.push(None);
                Some(at + 1)
            }
            Decision::HandBackSuccessor => Some(at + 1),
            Decision::RevokeFamily(_) => {
                self.revoked = true;
                None
            }
            Decision::Refuse(_) => None,
        }
    }

    fn live_chains(&self) -> usize {
        let unused = self
            .tokens
            .iter()
            .filter(|record| record.used_at.is_none())
            .count();
        if self.revoked { 0 } else { unused }
    }
}

proptest! {
    #![proptest_config(cases(500))]

    /// Answers get lost, requests come twice, the new access token is used or not: as long as the
    /// client tries again in time it keeps exactly one live chain.
    #[test]
    fn an_honest_client_never_loses_its_chain(rounds in prop::collection::vec((0_u8..4, 0_u64..9_000, any::<bool>()), 1..40)) {
        let (mut family, mut holds, mut now) = (Family::new(), 0, NOW);
        for (lost_answers, pause, uses_access) in rounds {
            let first = now;
            for _ in 0..lost_answers {
                prop_assert_eq!(family.refresh(holds, now), Some(holds + 1));
                now = (now + Duration::from_millis(pause / 4)).min(first + Duration::from_millis(9_999));
            }
            let received = family.refresh(holds, now);
            prop_assert_eq!(received, Some(holds + 1));
            holds += 1;
            if uses_access {
                family.access_used[holds] = Some(now);
            }
            prop_assert_eq!(family.live_chains(), 1);
            now = now + Duration::from_millis(pause * 60);
        }
    }

    /// Whatever is presented in whatever order, there is never more than one live chain, and a token
    /// that was overtaken ends the family.
    #[test]
    fn a_thief_and_the_owner_never_both_stay(steps in prop::collection::vec((0_usize..6, 0_u64..15_000, any::<bool>()), 1..40)) {
        let (mut family, mut now) = (Family::new(), NOW);
        for (back, pause, uses_access) in steps {
            now = now + Duration::from_millis(pause);
            let last = family.tokens.len() - 1;
            let presented = last.saturating_sub(back);
            let received = family.refresh(presented, now);
            prop_assert!(family.live_chains() <= 1);
            if presented + 1 < last {
                prop_assert_eq!(family.live_chains(), 0, "two behind means that the successor was used");
            }
            if let Some(received) = received && uses_access {
                family.access_used[received] = Some(now);
            }
        }
    }
}
