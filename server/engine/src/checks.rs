//! The automatic checks of an app: what a machine can find out before a person decides.
//!
//! [`Engine::plan_checks`](crate::Engine::plan_checks) writes down what is to be looked at;
//! [`Engine::run_due_checks`](crate::Engine::run_due_checks) looks, by a schedule, and writes down what
//! was found and when; [`Engine::check_now`](crate::Engine::check_now) is for who does not want to wait.
//!
//! Looking is done by a [`Prober`], who alone speaks to servers of others and who guards against
//! being led into our own network. What is found goes to a judge, one file each: a pure function from
//! findings to outcome and evidence.
//!
//! | what | file |
//! |---|---|
//! | what a prober can do and what it brings back | `prober.rs` |
//! | control of the domain | `domain.rs` |
//! | TLS of the website and of callback addresses | `tls.rs` |
//! | website, privacy policy and terms | `pages.rs` |
//! | nobody there | `unreachable.rs` |
//! | what is to be looked at | `plan.rs` |
//! | the rounds of the job, *check now* | `run.rs` |

mod domain;
mod pages;
mod plan;
mod prober;
mod run;
mod tls;
mod unreachable;

use protocol::registration::checks::{CheckOutcome, Finding};

pub use plan::{Judged, Plan};
pub use prober::{Chain, Fetched, Prober, Probing, TlsFacts, TlsVersion, Unreachable};
pub use run::{CheckNow, Ran};

/// How a check ended, and what was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// How it ended.
    pub outcome: CheckOutcome,
    /// What was found, in the order in which people read it.
    pub evidence: Vec<Finding>,
}

impl Verdict {
    fn new(outcome: CheckOutcome, evidence: impl Into<Vec<Finding>>) -> Self {
        Self {
            outcome,
            evidence: evidence.into(),
        }
    }

    /// Both verdicts as one: the worse outcome, all evidence.
    fn and(mut self, other: Self) -> Self {
        if severity(other.outcome) > severity(self.outcome) {
            self.outcome = other.outcome;
        }
        self.evidence.extend(other.evidence);
        self
    }
}

fn severity(outcome: CheckOutcome) -> u8 {
    match outcome {
        CheckOutcome::Pass => 0,
        CheckOutcome::Warn => 1,
        CheckOutcome::Pending => 2,
        CheckOutcome::Unreachable => 3,
        CheckOutcome::Fail => 4,
    }
}
