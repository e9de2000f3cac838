//! Who acts on a case, what is known of it, and how a step is written.

use protocol::{
    ids::CaseId,
    registration::{
        Risk,
        checks::CheckResult,
        review::{Refusal as NotTaken, Reviewer},
    },
};
use store::{
    Advanced,
    app_checks::{CheckRecord, find_checks},
    apps::{AppRecord, find_app},
    audit::{AuditRecord, insert_audit_event},
    outbox::{MailRecord, insert_mail},
    review_cases::{CaseRecord, Overrides, advance_case, find_approved_domain, find_case},
    teams::{TeamRole, find_membership, find_memberships_of_team},
    users::{UserRecord, find_user},
};

use super::live_client::LiveChange;
use crate::{
    Engine,
    error::{Error, Result},
    portal::{Person, Place, PortalVisit, Refusal},
};

/// A step of a case, ready to be written.
pub(super) struct Step {
    /// The case as it will be, with the version that it had.
    pub case: CaseRecord,
    /// What the audit trail says.
    pub event: AuditRecord,
    /// What the developer is told.
    pub letter: Option<MailRecord>,
    /// What becomes of the live client.
    pub live: Option<LiveChange>,
}

impl Step {
    /// A step that nobody is told of.
    pub fn new(case: CaseRecord, event: AuditRecord) -> Self {
        Self {
            case,
            event,
            letter: None,
            live: None,
        }
    }
}

/// An admin in front of a case.
pub(super) struct Bench {
    /// The admin.
    pub person: Person,
    /// The same, as the rules see them.
    pub reviewer: Reviewer,
    /// The case.
    pub case: CaseRecord,
    /// Its app.
    pub app: AppRecord,
}

impl Bench {
    /// Whether this admin works on the case.
    pub fn claimed(&self) -> Result<(), NotTaken> {
        if self.reviewer.in_team {
            return Err(NotTaken::OwnApp);
        }
        match self.case.stage.claim() {
            Some(claim) if claim.by == self.reviewer.user => Ok(()),
            Some(_) => Err(NotTaken::ClaimedByOther),
            None => Err(NotTaken::NotClaimed),
        }
    }

    /// The object of the audit trail.
    pub fn object(&self) -> String {
        format!("case:{}", self.case.id)
    }
}

impl Engine {
    /// The admin in front of a case. For everybody else there is no case.
    pub(super) async fn bench(
        &self,
        visit: &PortalVisit,
        case: &CaseId,
        here: &Place,
    ) -> Result<Bench, Refusal> {
        let person = self.admin(visit, here).await?;
        let reader = self.env.store.reader();
        let Some(case) = find_case(reader, case).await? else {
            return Err(Refusal::NotFound);
        };
        let Some(app) = find_app(reader, &case.app_id).await? else {
            return Err(Refusal::NotFound);
        };
        let membership = find_membership(reader, &app.team_id, &person.user.id).await?;
        let reviewer = Reviewer {
            user: person.user.id.clone(),
            in_team: membership.is_some(),
        };
        Ok(Bench {
            person,
            reviewer,
            case,
            app,
        })
    }

    /// Writes a step; `No` when the case, the app or its client was changed by somebody else.
    pub(super) async fn write_step(&self, step: Step) -> Result<Advanced> {
        let written = self
            .env
            .store
            .write::<_, Error, _>(move |tx| {
                Box::pin(async move {
                    if advance_case(tx, &step.case).await? == Advanced::No {
                        return Ok(Advanced::No);
                    }
                    if let Some(live) = &step.live {
                        live.write(tx).await?;
                    }
                    if let Some(letter) = &step.letter {
                        insert_mail(tx, letter).await?;
                    }
                    insert_audit_event(tx, &step.event).await?;
                    Ok(Advanced::Yes)
                })
            })
            .await;
        match written {
            // Everything of the step was rolled back.
            Err(Error::Conflict(_)) => Ok(Advanced::No),
            other => other,
        }
    }

    /// The checks of a case as the rules see them.
    pub(super) async fn results_of(&self, case: &CaseRecord) -> Result<Vec<CheckResult>> {
        let checks = find_checks(self.env.store.reader(), &case.app_id).await?;
        Ok(results(&checks, &case.overrides))
    }

    /// The risk of a case as it is now.
    pub(super) async fn risk_of(&self, case: &CaseRecord) -> Result<Risk> {
        let checks = self.results_of(case).await?;
        let domain = case.submission.website.domain();
        let known = find_approved_domain(self.env.store.reader(), &domain).await?;
        Ok(Risk::of(
            &case.submission.permissions.scope,
            &checks,
            !known,
        ))
    }

    /// Whom a letter about a case goes to: who sent it, or, when they left, the owner of the team.
    pub(super) async fn developer_of(&self, case: &CaseRecord) -> Result<Option<UserRecord>> {
        let reader = self.env.store.reader();
        let members = find_memberships_of_team(reader, &case.team_id).await?;
        let sender = members.iter().find(|member| member.user_id == case.sent_by);
        let owner = members.iter().find(|member| member.role == TeamRole::Owner);
        match sender.or(owner) {
            Some(member) => Ok(find_user(reader, &member.user_id).await?),
            None => Ok(None),
        }
    }

    /// The address of an app's page, for letters.
    pub(super) fn address_of(&self, place: &Place) -> String {
        format!("{}{}", self.env.settings.public_url, place.path())
    }
}

/// Checks with what admins took responsibility for.
pub(super) fn results(checks: &[CheckRecord], overrides: &Overrides) -> Vec<CheckResult> {
    let result = |check: &CheckRecord| CheckResult {
        kind: check.kind,
        outcome: check.outcome,
        overridden: overrides.get(&check.kind).cloned(),
    };
    checks.iter().map(result).collect()
}
