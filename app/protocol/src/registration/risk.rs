//! How much could go wrong with an app, and therefore how many admins must look.

use serde::{Deserialize, Serialize};

use super::checks::{CheckKind, CheckOutcome, CheckResult};
use crate::{scope::Scope, words::words};

words! {
    /// Why an app needs a closer look. The word is the key of its text.
    RiskReason {
        /// It asks to move money.
        MovesMoney "risk-moves-money",
        /// It lacks a licence that it needs, and an admin overrode that.
        LicenceOverridden "risk-licence-overridden",
        /// Another mandatory check was overridden.
        CheckOverridden "risk-check-overridden",
        /// Its name resembles another app's, or mixes scripts.
        NameSimilar "risk-name-similar",
        /// No app with this domain was ever approved.
        NewDomain "risk-new-domain",
    }

    /// How close a look.
    RiskLevel {
        /// Nothing remarkable.
        Normal "normal",
        /// To be looked at with care; one admin decides.
        Raised "raised",
        /// Two different admins decide.
        High "high",
    }
}

impl RiskReason {
    /// What this reason alone makes of an app. A new domain does not need two admins by itself: every
    /// first app of a business has one.
    pub const fn level(self) -> RiskLevel {
        match self {
            Self::MovesMoney
            | Self::LicenceOverridden
            | Self::CheckOverridden
            | Self::NameSimilar => RiskLevel::High,
            Self::NewDomain => RiskLevel::Raised,
        }
    }
}

/// The reasons for a closer look.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Risk {
    /// Each at most once, in the order of [`RiskReason::ALL`].
    pub reasons: Vec<RiskReason>,
}

impl Risk {
    /// The risk of an app that asks for this scope. `domain_is_new`: no app with the website's domain
    /// was ever approved.
    pub fn of(scope: &Scope, checks: &[CheckResult], domain_is_new: bool) -> Self {
        let any = |applies: &dyn Fn(&CheckResult) -> bool| checks.iter().any(applies);
        let overridden = |check: &CheckResult| {
            check.kind.is_mandatory() && check.overridden.is_some() && !check.outcome.is_green()
        };
        let applies = |reason: RiskReason| match reason {
            RiskReason::MovesMoney => scope
                .permissions()
                .any(|permission| permission.moves_money()),
            RiskReason::LicenceOverridden => {
                any(&|check| check.kind == CheckKind::ScopeLicence && overridden(check))
            }
            RiskReason::CheckOverridden => {
                any(&|check| check.kind != CheckKind::ScopeLicence && overridden(check))
            }
            RiskReason::NameSimilar => any(&|check| {
                check.kind == CheckKind::NameSimilarity
                    && matches!(check.outcome, CheckOutcome::Warn | CheckOutcome::Fail)
            }),
            RiskReason::NewDomain => domain_is_new,
        };
        let all = RiskReason::ALL.iter().copied();
        Self {
            reasons: all.filter(|reason| applies(*reason)).collect(),
        }
    }

    /// The level of the worst reason.
    pub fn level(&self) -> RiskLevel {
        let levels = self.reasons.iter().map(|reason| reason.level());
        levels.max().unwrap_or(RiskLevel::Normal)
    }

    /// Whether two different admins must decide.
    pub fn needs_two(&self) -> bool {
        self.level() == RiskLevel::High
    }
}
