//! The stages of a case and what leads from one to the next.

use serde::{Deserialize, Serialize};

use super::{Change, Reason, Refusal, RejectCode, Verdict, Verdicts};
use crate::{
    ids::UserId,
    registration::{
        Field, FieldChange, Registration, Risk, Submission,
        checks::{CheckResult, open_checks},
        difference,
    },
    scope::Scope,
    time::Timestamp,
};

/// How far a case has come.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "stage", rename_all = "snake_case")]
pub enum Stage {
    /// The team fills in the registration.
    Draft,
    /// The bank is to look at it.
    Sent {
        /// When it was sent, the last time.
        at: Timestamp,
        /// Who works on it.
        claim: Option<Claim>,
        /// What was said about fields.
        verdicts: Verdicts,
        /// What a first admin would approve.
        proposal: Option<Proposal>,
        /// What the team changed since the time before, when it was asked to.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        answers: Vec<Answer>,
    },
    /// The team is to change something.
    NeedsChange {
        /// Since when.
        since: Timestamp,
        /// What was said about fields; at least one change.
        verdicts: Verdicts,
    },
    /// The app is let in.
    Approved {
        /// Who decided.
        by: UserId,
        /// The second admin, where the risk was high.
        confirmed_by: Option<UserId>,
        /// What the app may ask for.
        scope: Scope,
        /// When.
        at: Timestamp,
    },
    /// The app is not let in.
    Rejected {
        /// Who decided.
        by: UserId,
        /// Why, in single words.
        codes: Vec<RejectCode>,
        /// Why, for the team.
        reason: Reason,
        /// When.
        at: Timestamp,
    },
    /// The team took it back.
    Withdrawn {
        /// Who.
        by: UserId,
        /// When.
        at: Timestamp,
    },
}

/// One admin works on a case; the others look on.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Claim {
    /// Who.
    pub by: UserId,
    /// Since when.
    pub since: Timestamp,
}

/// The first of two decisions on an app of high risk.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Proposal {
    /// Who would approve.
    pub by: UserId,
    /// With which scope.
    pub scope: Scope,
    /// When.
    pub at: Timestamp,
}

/// A field that the team changed after it was asked for changes.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Answer {
    /// Which field.
    pub field: Field,
    /// What it was; `None` when it was empty.
    pub before: Option<String>,
    /// What was asked for; `None` when the team changed it of itself.
    pub asked: Option<Change>,
}

impl Answer {
    /// The answer that a change is to what was said before.
    fn of(change: FieldChange, said: &Verdicts) -> Self {
        let asked = match said.get(change.field) {
            Some(Verdict::Change(change)) => Some(change.clone()),
            _ => None,
        };
        Self {
            field: change.field,
            before: change.before,
            asked,
        }
    }
}

/// The admin who acts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reviewer {
    /// Who.
    pub user: UserId,
    /// Whether this person also belongs to the team of the app, in whatever role.
    pub in_team: bool,
}

/// What an approval is decided on.
#[derive(Clone, Copy, Debug)]
pub struct Approval<'a> {
    /// The submission as it was sent.
    pub submission: &'a Submission,
    /// Its checks as they are now.
    pub checks: &'a [CheckResult],
    /// Its risk as it is now.
    pub risk: &'a Risk,
    /// What the app shall be allowed to ask for.
    pub scope: &'a Scope,
}

/// What is known of a case that was sent.
struct Work {
    at: Timestamp,
    claim: Option<Claim>,
    verdicts: Verdicts,
    proposal: Option<Proposal>,
    answers: Vec<Answer>,
}

impl From<Work> for Stage {
    fn from(work: Work) -> Self {
        Self::Sent {
            at: work.at,
            claim: work.claim,
            verdicts: work.verdicts,
            proposal: work.proposal,
            answers: work.answers,
        }
    }
}

impl Stage {
    /// The stage's name in storage: conditional updates compare it.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Sent { .. } => "sent",
            Self::NeedsChange { .. } => "needs_change",
            Self::Approved { .. } => "approved",
            Self::Rejected { .. } => "rejected",
            Self::Withdrawn { .. } => "withdrawn",
        }
    }

    /// Whether the team may edit the registration.
    pub const fn is_editable(&self) -> bool {
        matches!(self, Self::Draft | Self::NeedsChange { .. })
    }

    /// Whether it is over, one way or the other.
    pub const fn is_closed(&self) -> bool {
        matches!(
            self,
            Self::Approved { .. } | Self::Rejected { .. } | Self::Withdrawn { .. }
        )
    }

    /// Who works on it.
    pub const fn claim(&self) -> Option<&Claim> {
        match self {
            Self::Sent { claim, .. } => claim.as_ref(),
            _ => None,
        }
    }

    /// What was said about fields.
    pub const fn verdicts(&self) -> Option<&Verdicts> {
        match self {
            Self::Sent { verdicts, .. } | Self::NeedsChange { verdicts, .. } => Some(verdicts),
            _ => None,
        }
    }

    /// What a first admin would approve.
    pub const fn proposal(&self) -> Option<&Proposal> {
        match self {
            Self::Sent { proposal, .. } => proposal.as_ref(),
            _ => None,
        }
    }

    /// What the team changed when it was asked to.
    pub fn answers(&self) -> &[Answer] {
        match self {
            Self::Sent { answers, .. } => answers,
            _ => &[],
        }
    }

    /// The team sends the registration, for the first time or after changes. `last` is what was sent the
    /// time before: a verdict stays as long as its field is the same.
    pub fn send(
        self,
        registration: &Registration,
        last: Option<&Submission>,
        now: Timestamp,
    ) -> Result<(Self, Submission), Refusal> {
        let mut verdicts = match self {
            Self::Draft => Verdicts::default(),
            Self::NeedsChange { verdicts, .. } => verdicts,
            _ => return Err(Refusal::NotDue),
        };
        let submission = registration.submission().ok_or(Refusal::Incomplete)?;
        let mut answers = Vec::new();
        match last {
            Some(last) => {
                let changes = difference(last, &submission);
                let said = verdicts.clone();
                verdicts.forget(&changes);
                let answer = |change| Answer::of(change, &said);
                answers = changes.into_iter().map(answer).collect();
            }
            None => verdicts = Verdicts::default(),
        }
        let work = Work {
            at: now,
            claim: None,
            verdicts,
            proposal: None,
            answers,
        };
        Ok((work.into(), submission))
    }

    /// The team takes it back.
    pub fn withdraw(self, by: UserId, now: Timestamp) -> Result<Self, Refusal> {
        match self {
            Self::Sent { .. } | Self::NeedsChange { .. } => Ok(Self::Withdrawn { by, at: now }),
            _ => Err(Refusal::NotDue),
        }
    }

    /// An admin begins to work on it. Claiming again what one has claimed changes nothing.
    pub fn claim_for(self, reviewer: &Reviewer, now: Timestamp) -> Result<Self, Refusal> {
        let mut work = self.work(reviewer)?;
        match &work.claim {
            Some(claim) if claim.by == reviewer.user => {}
            Some(_) => return Err(Refusal::ClaimedByOther),
            None => {
                work.claim = Some(Claim {
                    by: reviewer.user.clone(),
                    since: now,
                })
            }
        }
        Ok(work.into())
    }

    /// An admin takes it over from another one, who may be ill. The caller writes that down.
    pub fn take_over(self, reviewer: &Reviewer, now: Timestamp) -> Result<Self, Refusal> {
        let mut work = self.work(reviewer)?;
        work.claim = Some(Claim {
            by: reviewer.user.clone(),
            since: now,
        });
        Ok(work.into())
    }

    /// The admin who works on it leaves it to others.
    pub fn release(self, reviewer: &Reviewer) -> Result<Self, Refusal> {
        let mut work = self.claimed(reviewer)?;
        work.claim = None;
        Ok(work.into())
    }

    /// The admin says something about a field. To ask for a change takes back what was proposed.
    pub fn judge(
        self,
        reviewer: &Reviewer,
        submission: &Submission,
        field: Field,
        verdict: Verdict,
    ) -> Result<Self, Refusal> {
        let mut work = self.claimed(reviewer)?;
        // An empty field may be asked for; being fine is said of what is there.
        if verdict == Verdict::Ok && submission.value(field).is_none() {
            return Err(Refusal::NoSuchField);
        }
        if matches!(verdict, Verdict::Change(_)) {
            work.proposal = None;
        }
        work.verdicts.set(field, verdict);
        Ok(work.into())
    }

    /// The admin hands it back to the team with the changes that were named.
    pub fn request_changes(self, reviewer: &Reviewer, now: Timestamp) -> Result<Self, Refusal> {
        let work = self.claimed(reviewer)?;
        if !work.verdicts.has_changes() {
            return Err(Refusal::NoChangeNamed);
        }
        Ok(Self::NeedsChange {
            since: now,
            verdicts: work.verdicts,
        })
    }

    /// The admin lets the app in; when the risk is high, as the first or the second of two.
    pub fn approve(
        self,
        reviewer: &Reviewer,
        approval: Approval<'_>,
        now: Timestamp,
    ) -> Result<Self, Refusal> {
        let mut work = self.claimed(reviewer)?;
        let Approval {
            submission,
            checks,
            risk,
            scope,
        } = approval;
        if work.verdicts.has_changes() {
            return Err(Refusal::ChangeOpen);
        }
        if !open_checks(checks).is_empty() {
            return Err(Refusal::CheckOpen);
        }
        if scope.is_empty() || !scope.is_within(&submission.permissions.scope) {
            return Err(Refusal::ScopeWidened);
        }
        let approved = |by: UserId, confirmed_by| Self::Approved {
            by,
            confirmed_by,
            scope: scope.clone(),
            at: now,
        };
        if !risk.needs_two() {
            return Ok(approved(reviewer.user.clone(), None));
        }
        match work
            .proposal
            .take()
            .filter(|proposal| !is_outdated(proposal, checks))
        {
            None => {
                work.claim = None;
                work.proposal = Some(Proposal {
                    by: reviewer.user.clone(),
                    scope: scope.clone(),
                    at: now,
                });
                Ok(work.into())
            }
            Some(proposal) if proposal.by == reviewer.user => Err(Refusal::SecondAdminNeeded),
            Some(proposal) if !scope.is_within(&proposal.scope) => Err(Refusal::WiderThanProposed),
            Some(proposal) => Ok(approved(proposal.by, Some(reviewer.user.clone()))),
        }
    }

    /// The admin does not let the app in. One is enough: nothing opens by it.
    pub fn reject(
        self,
        reviewer: &Reviewer,
        codes: Vec<RejectCode>,
        reason: Reason,
        now: Timestamp,
    ) -> Result<Self, Refusal> {
        self.claimed(reviewer)?;
        if codes.is_empty() {
            return Err(Refusal::NoReasonChosen);
        }
        Ok(Self::Rejected {
            by: reviewer.user.clone(),
            codes,
            reason,
            at: now,
        })
    }

    /// The case, if it is with the bank and the reviewer may act on it at all.
    fn work(self, reviewer: &Reviewer) -> Result<Work, Refusal> {
        let Self::Sent {
            at,
            claim,
            verdicts,
            proposal,
            answers,
        } = self
        else {
            return Err(Refusal::NotDue);
        };
        if reviewer.in_team {
            return Err(Refusal::OwnApp);
        }
        Ok(Work {
            at,
            claim,
            verdicts,
            proposal,
            answers,
        })
    }

    /// The case, if the reviewer works on it.
    fn claimed(self, reviewer: &Reviewer) -> Result<Work, Refusal> {
        let work = self.work(reviewer)?;
        match &work.claim {
            Some(claim) if claim.by == reviewer.user => Ok(work),
            Some(_) => Err(Refusal::ClaimedByOther),
            None => Err(Refusal::NotClaimed),
        }
    }
}

/// Whether a check was overridden after the proposal: the first admin did not agree to that.
fn is_outdated(proposal: &Proposal, checks: &[CheckResult]) -> bool {
    let overrides = checks.iter().filter_map(|check| check.overridden.as_ref());
    overrides
        .into_iter()
        .any(|overriding| overriding.at > proposal.at)
}
