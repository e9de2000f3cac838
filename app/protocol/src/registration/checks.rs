//! The automatic checks of a submission: their names, what counts as passed, when to try again.

mod local;
mod said;

use std::{collections::BTreeMap, time::Duration};

use serde::{Deserialize, Serialize};

use super::review::Reason;
use crate::{ids::UserId, time::Timestamp, words::words};

pub use local::local;
pub use said::Said;

words! {
    /// What is checked.
    CheckKind {
        /// The business controls the domain of its website.
        DomainProof "domain_proof",
        /// The website answers over TLS with a certificate that browsers accept.
        WebsiteTls "website_tls",
        /// So does every `https` callback.
        CallbackTls "callback_tls",
        /// Privacy policy and terms can be read.
        PolicyPages "policy_pages",
        /// The callbacks will not cause trouble ([`super::hygiene`]).
        CallbackHygiene "callback_hygiene",
        /// The name cannot be taken for another app's ([`super::similarity`]).
        NameSimilarity "name_similarity",
        /// The licence allows the permissions ([`super::licence`]).
        ScopeLicence "scope_licence",
        /// The purpose speaks of the permissions ([`super::purpose_rules`]).
        ScopePurpose "scope_purpose",
    }

    /// What came out of a check.
    CheckOutcome {
        /// All is well.
        Pass "pass",
        /// Allowed, with a remark.
        Warn "warn",
        /// Not as it must be.
        Fail "fail",
        /// Not looked at yet.
        Pending "pending",
        /// The other side did not answer, so nothing is known.
        Unreachable "unreachable",
    }
}

impl CheckKind {
    /// Whether an app can be approved only when this is green or overridden.
    pub const fn is_mandatory(self) -> bool {
        match self {
            Self::DomainProof
            | Self::WebsiteTls
            | Self::CallbackTls
            | Self::PolicyPages
            | Self::ScopeLicence => true,
            Self::CallbackHygiene | Self::NameSimilarity | Self::ScopePurpose => false,
        }
    }

    /// Whether somebody outside is asked; the others come from the submission alone ([`local`]).
    pub const fn is_remote(self) -> bool {
        match self {
            Self::DomainProof | Self::WebsiteTls | Self::CallbackTls | Self::PolicyPages => true,
            Self::CallbackHygiene
            | Self::NameSimilarity
            | Self::ScopeLicence
            | Self::ScopePurpose => false,
        }
    }

    /// When to look again by itself after the `attempts`th look (from 1) had this outcome; `None` when
    /// there is nothing to wait for.
    pub fn look_again(self, outcome: CheckOutcome, attempts: u32) -> Option<Duration> {
        (self.is_remote() && !outcome.is_green())
            .then(|| retry_after(attempts))
            .flatten()
    }
}

impl CheckOutcome {
    /// Whether it stands in the way of nothing.
    pub const fn is_green(self) -> bool {
        matches!(self, Self::Pass | Self::Warn)
    }
}

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// For how long a check is tried again by itself.
pub const GIVE_UP_AFTER: Duration = Duration::from_secs(7 * DAY);

/// How long to wait after the `attempts`th try (from 1): soon at first, because people publish a
/// record and wait; then daily, within [`GIVE_UP_AFTER`] of the first try.
pub fn retry_after(attempts: u32) -> Option<Duration> {
    const FIRST: [u64; 5] = [MINUTE, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 6 * HOUR];
    let wait = |attempt: usize| FIRST.get(attempt).copied().unwrap_or(DAY);
    let last = usize::try_from(attempts.checked_sub(1)?).ok()?;
    let mut passed = 0;
    for attempt in 0..=last {
        passed += wait(attempt);
        if passed > GIVE_UP_AFTER.as_secs() {
            return None;
        }
    }
    Some(Duration::from_secs(wait(last)))
}

/// Something that a check found, as a text with variables.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Finding {
    /// Key of the text.
    pub key: String,
    /// Its variables.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub variables: BTreeMap<String, String>,
}

impl Finding {
    /// A finding whose text has these variables.
    pub fn new<'a>(key: &str, variables: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        Self {
            key: key.to_owned(),
            variables: variables.into_iter().map(owned).collect(),
        }
    }
}

/// An admin took responsibility for a check that is not green.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Override {
    /// Who.
    pub by: UserId,
    /// Why.
    pub reason: Reason,
    /// When.
    pub at: Timestamp,
}

/// The state of one check of a submission.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CheckResult {
    /// Which check.
    pub kind: CheckKind,
    /// What came out at the last look.
    pub outcome: CheckOutcome,
    /// Set when an admin overrode it.
    pub overridden: Option<Override>,
}

/// The mandatory checks that are neither green nor overridden; one that has no result is pending.
pub fn open_checks(results: &[CheckResult]) -> Vec<CheckKind> {
    let settled = |kind: CheckKind| {
        let mut of_kind = results
            .iter()
            .filter(|result| result.kind == kind)
            .peekable();
        of_kind.peek().is_some()
            && of_kind.all(|result| result.outcome.is_green() || result.overridden.is_some())
    };
    let mandatory = CheckKind::ALL
        .iter()
        .copied()
        .filter(|kind| kind.is_mandatory());
    mandatory.filter(|kind| !settled(*kind)).collect()
}
