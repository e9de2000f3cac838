//! The team of an app sends its registration, or takes it back.

use protocol::{
    ids::{AppId, CaseId},
    registration::{
        Registration,
        review::{Refusal, Stage},
    },
};
use serde_json::json;
use store::{
    Advanced,
    audit::insert_audit_event,
    registrations::find_registration,
    review_cases::{
        CaseKind, CaseRecord, Overrides, advance_case, find_approved_case, find_newest_case,
        insert_case,
    },
};

use super::step::Step;
use crate::{
    Engine,
    error::{Error, Result},
    portal::Member,
};

impl Engine {
    /// The newest case of an app; none when nothing was ever sent.
    ///
    /// # Errors
    /// When storage failed.
    pub async fn case_of_app(&self, app: &AppId) -> Result<Option<CaseRecord>> {
        Ok(find_newest_case(self.env.store.reader(), app).await?)
    }

    /// The team sends the registration as it is now: for the first time, after changes that were asked
    /// for, or to change an app that is in already. The answer says why it cannot be sent.
    ///
    /// # Errors
    /// When storage failed.
    pub async fn send_for_review(&self, member: &Member) -> Result<Result<CaseRecord, Refusal>> {
        let (app, now) = (&member.app, self.env.now());
        if !member.may_change() {
            return Ok(Err(Refusal::NotDue));
        }
        let reader = self.env.store.reader();
        let Some(registration) = find_registration(reader, &app.id).await? else {
            return Ok(Err(Refusal::Incomplete));
        };
        let known = find_newest_case(reader, &app.id).await?;
        let open = known.filter(|case| !case.stage.is_closed());
        let stage = open
            .as_ref()
            .map_or(Stage::Draft, |case| case.stage.clone());
        let last = open.as_ref().map(|case| &case.submission);
        let (stage, submission) = match stage.send(&registration.registration, last, now) {
            Ok(sent) => sent,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let approved_before = find_approved_case(reader, &app.id).await?;
        let overrides = open.as_ref().map(|case| case.overrides.clone());
        let mut case = CaseRecord {
            id: open
                .as_ref()
                .map_or_else(|| CaseId::new(self.env.id()), |case| case.id.clone()),
            app_id: app.id.clone(),
            team_id: app.team_id.clone(),
            kind: match approved_before {
                Some(_) => CaseKind::Change,
                None => CaseKind::New,
            },
            stage,
            approved_before: approved_before.map(|case| case.submission),
            // What an admin took responsibility for was the submission before: it may be another now.
            overrides: overrides
                .filter(|_| last == Some(&submission))
                .unwrap_or_else(Overrides::new),
            submission,
            risk: Default::default(),
            sent_by: member.person.user.id.clone(),
            sent_at: now,
            opened_at: open.as_ref().map_or(now, |case| case.opened_at),
            decided_at: None,
            version: open.as_ref().map_or(0, |case| case.version),
        };
        case.risk = self.risk_of(&case).await?;
        let event = self.event(
            member.person.actor(),
            "review.sent",
            format!("case:{}", case.id),
            &json!({ "app": app.id, "kind": case.kind, "scope": case.submission.permissions.scope }),
        );
        let (sent, is_new) = (case.clone(), open.is_none());
        let seen: (Registration, u32) = (registration.registration, registration.version);
        let written = self
            .env
            .store
            .write::<_, Error, _>(move |tx| {
                Box::pin(async move {
                    // What the reviewer gets is what stood there when the button was pressed.
                    let now = find_registration(tx, &sent.app_id).await?;
                    if now.map(|now| (now.registration, now.version)) != Some(seen) {
                        return Ok(Advanced::No);
                    }
                    if is_new {
                        insert_case(tx, &sent).await?;
                    } else if advance_case(tx, &sent).await? == Advanced::No {
                        return Ok(Advanced::No);
                    }
                    insert_audit_event(tx, &event).await?;
                    Ok(Advanced::Yes)
                })
            })
            .await;
        match written {
            Ok(Advanced::Yes) => {
                case.version += u32::from(!is_new);
                Ok(Ok(case))
            }
            // Somebody of the team was faster.
            Ok(Advanced::No) | Err(Error::Conflict(_)) => Ok(Err(Refusal::NotDue)),
            Err(error) => Err(error),
        }
    }

    /// The team takes back what it sent. The answer says why that cannot be.
    ///
    /// # Errors
    /// When storage failed.
    pub async fn withdraw_case(&self, member: &Member) -> Result<Result<(), Refusal>> {
        let now = self.env.now();
        let Some(mut case) = self.case_of_app(&member.app.id).await? else {
            return Ok(Err(Refusal::NotDue));
        };
        if !member.may_change() {
            return Ok(Err(Refusal::NotDue));
        }
        let user = &member.person.user.id;
        case.stage = match case.stage.withdraw(user.clone(), now) {
            Ok(stage) => stage,
            Err(refusal) => return Ok(Err(refusal)),
        };
        case.decided_at = Some(now);
        let event = self.event(
            member.person.actor(),
            "review.withdrawn",
            format!("case:{}", case.id),
            &json!({ "app": case.app_id }),
        );
        Ok(match self.write_step(Step::new(case, event)).await? {
            Advanced::Yes => Ok(()),
            Advanced::No => Err(Refusal::NotDue),
        })
    }
}
