//! The review of a submission: its stages, and who may do what in each.
//!
//! ```text
//! Draft ──send──> Sent ──request changes──> NeedsChange ──send──> Sent ...
//!                  │  └──reject──> Rejected      └──withdraw──> Withdrawn
//!                  └──approve──> Approved; of high risk: proposed first, approved by a second admin
//! ```
//!
//! A transition takes the stage by value and gives back the next one or a [`Refusal`]: approval without
//! green checks, or by a member of the app's own team, cannot be written down.

mod reason;
mod stage;
mod verdict;

pub use reason::{Reason, ReasonFault};
pub use stage::{Answer, Approval, Claim, Proposal, Reviewer, Stage};
pub use verdict::{Change, ChangeCode, Verdict, Verdicts};

use crate::words::words;

words! {
    /// Why a step is not possible. The word is the key of its text.
    Refusal {
        /// The stage does not allow this step: somebody was faster, or the page is old.
        NotDue "review-not-due",
        /// A task of the registration is missing.
        Incomplete "review-incomplete",
        /// The actor belongs to the team of the app.
        OwnApp "review-own-app",
        /// Another admin works on the case.
        ClaimedByOther "review-claimed-by-other",
        /// The case must be claimed first.
        NotClaimed "review-not-claimed",
        /// The field is not part of the submission.
        NoSuchField "review-no-such-field",
        /// To ask for changes, at least one must be named.
        NoChangeNamed "review-no-change-named",
        /// A change that was asked for is open.
        ChangeOpen "review-change-open",
        /// A mandatory check is neither green nor overridden.
        CheckOpen "review-check-open",
        /// The scope is empty or wider than what was asked for.
        ScopeWidened "review-scope-widened",
        /// The risk is high: a second admin must agree.
        SecondAdminNeeded "review-second-admin-needed",
        /// The second admin may narrow what the first one proposed, not widen it.
        WiderThanProposed "review-wider-than-proposed",
        /// To reject, at least one reason must be chosen.
        NoReasonChosen "review-no-reason-chosen",
    }

    /// Why an app is rejected, in one word beside the reviewer's own.
    RejectCode {
        /// A licence is needed and not there.
        NoLicence "no_licence",
        /// The business could not be verified.
        Unverified "unverified",
        /// Name, look or purpose mislead people.
        Misleading "misleading",
        /// The bank does not serve such a use.
        ProhibitedUse "prohibited_use",
        /// The app puts people or the bank at risk.
        Security "security",
        /// Something else.
        Other "other",
    }

    /// What suspending an app does to what people allowed.
    SuspendMode {
        /// Permissions are kept, tokens are refused until the app is resumed.
        Pause "pause",
        /// Permissions are revoked for good.
        End "end",
    }

    /// Why an app is suspended, in one word beside the admin's own.
    SuspendCode {
        /// It broke the rules of the bank.
        Policy "policy",
        /// It is, or is used as, an attack.
        Security "security",
        /// Its licence ended.
        Licence "licence",
        /// Its own team asked for it.
        Requested "requested",
        /// Something else.
        Other "other",
    }
}

impl std::error::Error for Refusal {}
