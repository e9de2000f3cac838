//! The rounds in which checks are run, and *check now*.

use std::time::Duration;

use futures_util::{StreamExt as _, stream};
use protocol::{
    ids::{AppId, CheckId},
    registration::{
        checks::{CheckKind, CheckOutcome},
        domain_proof::ProofToken,
    },
    time::Timestamp,
};
use store::{
    Advanced,
    app_checks::{
        CheckRecord, CheckResult, advance_check_asked, advance_check_result, advance_check_taken,
        find_check, find_due_checks,
    },
};
use url::Url;

use super::{Prober, Unreachable, Verdict, domain, pages, plan::KEPT, tls, unreachable};
use crate::{Engine, error::Result};

/// Checks in one round.
const ROUND: u64 = 40;

/// Checks at the same time.
const AT_ONCE: usize = 4;

/// The longest time for one check. It looks at two or three things, each of which a prober gives up
/// on after ten seconds.
const LONGEST: Duration = Duration::from_secs(35);

/// For how long a taken check is ours: longer than a whole round.
const TAKEN: Duration = Duration::from_secs(600);

/// When to look again at what is green: certificates run out, pages move.
const STILL_GREEN: Duration = Duration::from_secs(24 * 3600);

/// How long a person waits between two times of asking for the same check.
const PAUSE: Duration = Duration::from_secs(60);

/// What one round did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ran {
    /// Checks that ended well, or with something for a person to look at.
    pub passed: u64,
    /// Checks that ended badly.
    pub failed: u64,
    /// Checks that nobody answered.
    pub unreachable: u64,
    /// Checks that were asked for or changed meanwhile; they will be run again.
    pub overtaken: u64,
}

/// What becomes of asking for a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckNow {
    /// It is due now; the next round runs it.
    Due,
    /// It was asked for a moment ago; again from this instant on.
    NotBefore(Timestamp),
    /// The app has no such check, or it runs only with what it is about.
    NoSuchCheck,
}

impl Engine {
    /// Runs the checks that are due and writes down what was found. Several nodes share the work:
    /// each takes checks for a while, and what one left lying is due again after it.
    pub async fn run_due_checks(&self, prober: &dyn Prober) -> Result<Ran> {
        let taken = self.take_due_checks().await?;
        let mut runs = stream::iter(taken)
            .map(|check| self.run_check(prober, check))
            .buffer_unordered(AT_ONCE);
        let mut ran = Ran::default();
        while let Some(outcome) = runs.next().await {
            match outcome? {
                None => ran.overtaken += 1,
                Some(CheckOutcome::Pass | CheckOutcome::Warn) => ran.passed += 1,
                Some(CheckOutcome::Unreachable) => ran.unreachable += 1,
                Some(CheckOutcome::Fail | CheckOutcome::Pending) => ran.failed += 1,
            }
        }
        Ok(ran)
    }

    /// Makes a check of `app` due now, at most once a minute. Whoever asks has mended something, so the
    /// schedule begins anew.
    pub async fn check_now(&self, app: &AppId, check: &CheckId) -> Result<CheckNow> {
        let now = self.env.now();
        let (app, check) = (app.clone(), check.clone());
        self.env
            .store
            .write(move |tx| {
                Box::pin(async move {
                    let found = find_check(tx, &check).await?;
                    // What has no target was judged without looking.
                    let is_looked_at =
                        |found: &CheckRecord| found.kind.is_remote() && !found.target.is_empty();
                    let ours = found.filter(|found| found.app_id == app && is_looked_at(found));
                    let Some(found) = ours else {
                        return Ok(CheckNow::NoSuchCheck);
                    };
                    let asked = advance_check_asked(tx, &check, now, now - PAUSE).await?;
                    // Somebody may have asked since it was read: then that was just now.
                    let asked_at = found.asked_at.unwrap_or(now);
                    Ok(match asked {
                        Advanced::Yes => CheckNow::Due,
                        Advanced::No => CheckNow::NotBefore(asked_at + PAUSE),
                    })
                })
            })
            .await
    }

    /// Checks that are ours until the instant in their `next_at`.
    async fn take_due_checks(&self) -> Result<Vec<CheckRecord>> {
        let now = self.env.now();
        let due = find_due_checks(self.env.store.reader(), now, ROUND).await?;
        if due.is_empty() {
            return Ok(due);
        }
        self.env
            .store
            .write(move |tx| {
                Box::pin(async move {
                    let until = now + TAKEN;
                    let mut taken = Vec::new();
                    for check in due {
                        let Some(seen) = check.next_at else { continue };
                        let ours = advance_check_taken(tx, &check.id, seen, until).await?;
                        if ours.is_yes() {
                            let next_at = Some(until);
                            taken.push(CheckRecord { next_at, ..check });
                        }
                    }
                    Ok(taken)
                })
            })
            .await
    }

    /// Runs one check; nothing when its result is of no use any more.
    async fn run_check(
        &self,
        prober: &dyn Prober,
        check: CheckRecord,
    ) -> Result<Option<CheckOutcome>> {
        let Some(taken) = check.next_at else {
            return Ok(None);
        };
        let looking = look(prober, &check, self.env.now());
        let verdict = tokio::time::timeout(LONGEST, looking)
            .await
            .unwrap_or_else(|_| unreachable::judge(&check.target, Unreachable::TimedOut));
        let (outcome, now) = (verdict.outcome, self.env.now());
        let attempts = if outcome.is_green() {
            0
        } else {
            check.attempts.saturating_add(1)
        };
        let result = CheckResult {
            outcome,
            evidence: verdict.evidence,
            attempts,
            checked_at: now,
            next_at: next(check.kind, outcome, attempts).map(|wait| now + wait),
            expires_at: now + KEPT,
        };
        let written: Result<Advanced> = self
            .env
            .store
            .write(move |tx| {
                Box::pin(
                    async move { Ok(advance_check_result(tx, &check.id, taken, &result).await?) },
                )
            })
            .await;
        Ok(written?.is_yes().then_some(outcome))
    }
}

/// How long to wait before the next run; nothing when there is nothing to wait for any more.
fn next(kind: CheckKind, outcome: CheckOutcome, attempts: u32) -> Option<Duration> {
    if outcome.is_green() {
        Some(STILL_GREEN)
    } else {
        kind.look_again(outcome, attempts)
    }
}

/// Looks at what a check is about.
async fn look(prober: &dyn Prober, check: &CheckRecord, now: Timestamp) -> Verdict {
    let target = check.target.as_str();
    match check.kind {
        CheckKind::DomainProof => {
            let Some(token) = check.expected.as_deref().and_then(ProofToken::from_text) else {
                return Verdict::new(CheckOutcome::Pending, []);
            };
            domain::look(prober, target, &token, now).await
        }
        CheckKind::WebsiteTls => match prober.fetch(target).await {
            Ok(fetched) => pages::judge_website(target, &fetched, now),
            Err(reason) => unreachable::judge(target, reason),
        },
        CheckKind::PolicyPages => match prober.fetch(target).await {
            Ok(fetched) => pages::judge_policy(target, &fetched, now),
            Err(reason) => unreachable::judge(target, reason),
        },
        CheckKind::CallbackTls => {
            let url = Url::parse(target).ok();
            let server = url
                .as_ref()
                .and_then(|url| Some((url.host_str()?, url.port_or_known_default()?)));
            let Some((host, port)) = server else {
                return unreachable::judge(target, Unreachable::NotAnAddress);
            };
            match prober.tls(host, port).await {
                Ok(facts) => tls::judge(host, &facts, now),
                Err(reason) => unreachable::judge(target, reason),
            }
        }
        // Judged when they are planned; they are never due.
        CheckKind::CallbackHygiene
        | CheckKind::NameSimilarity
        | CheckKind::ScopeLicence
        | CheckKind::ScopePurpose => Verdict::new(CheckOutcome::Pending, []),
    }
}
