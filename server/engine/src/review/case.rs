//! What an admin sees of one case.

use std::collections::{BTreeMap, btree_map::Entry};

use protocol::{
    ids::{CaseId, ClientId, UserId},
    registration::{
        FieldChange,
        checks::{CheckKind, open_checks},
        difference,
        review::Reviewer,
    },
    time::Timestamp,
};
use store::{
    app_checks::{CheckRecord, find_checks},
    audit::find_audit_events,
    review_cases::CaseRecord,
    review_notes::{NoteRecord, find_notes},
    users::find_user,
};

use super::step::results;
use crate::{
    Engine,
    portal::{Person, Place, PortalVisit, Refusal},
};

/// Events of a case that are shown, newest first.
const TIMELINE: u64 = 100;

/// One line of the timeline.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Happened {
    /// When.
    pub at: Timestamp,
    /// Who, in the words of the audit trail.
    pub actor: String,
    /// What, in the words of the audit trail.
    pub action: String,
}

/// The page of a case. It holds nothing that lets anybody speak for the app.
#[derive(Clone, Debug)]
pub struct CaseView {
    /// The admin who looks.
    pub person: Person,
    /// The same, as the rules see them.
    pub reviewer: Reviewer,
    /// The case.
    pub case: CaseRecord,
    /// What differs from what was let in before; nothing for a new app.
    pub changes: Vec<FieldChange>,
    /// The automatic checks with what was found.
    pub checks: Vec<CheckRecord>,
    /// Those that stand in the way of approval.
    pub open: Vec<CheckKind>,
    /// What admins noted, oldest first.
    pub notes: Vec<NoteRecord>,
    /// What happened, newest first.
    pub timeline: Vec<Happened>,
    /// The client that was let in, if one was.
    pub live_client: Option<ClientId>,
    /// Names of the admins who are mentioned.
    pub names: BTreeMap<UserId, String>,
    /// Whether a form that matters must bring a code along.
    pub needs_code: bool,
}

impl CaseView {
    /// Whether the admin works on the case.
    pub fn is_mine(&self) -> bool {
        let mine = |by: &UserId| *by == self.reviewer.user;
        !self.reviewer.in_team && self.case.stage.claim().is_some_and(|claim| mine(&claim.by))
    }
}

impl Engine {
    /// A case as an admin sees it. `here` is the page that shows it.
    ///
    /// # Errors
    /// For everybody who is no admin, and when there is no such case.
    pub async fn case_view(
        &self,
        visit: &PortalVisit,
        case: &CaseId,
        here: &Place,
    ) -> Result<CaseView, Refusal> {
        let bench = self.bench(visit, case, here).await?;
        let object = bench.object();
        let reader = self.env.store.reader();
        let checks = find_checks(reader, &bench.case.app_id).await?;
        let notes = find_notes(reader, case).await?;
        let events = find_audit_events(reader, &object, TIMELINE).await?;
        let claimant = bench.case.stage.claim().map(|claim| claim.by.clone());
        let mentioned = notes.iter().map(|note| note.author.clone()).chain(claimant);
        let mut names = BTreeMap::new();
        for user in mentioned {
            if let Entry::Vacant(unknown) = names.entry(user)
                && let Some(found) = find_user(reader, unknown.key()).await?
            {
                unknown.insert(found.display_name);
            }
        }
        let before = bench.case.approved_before.as_ref();
        Ok(CaseView {
            changes: before
                .map(|before| difference(before, &bench.case.submission))
                .unwrap_or_default(),
            open: open_checks(&results(&checks, &bench.case.overrides)),
            checks,
            notes,
            timeline: events
                .into_iter()
                .map(|event| Happened {
                    at: event.at,
                    actor: event.actor,
                    action: event.action,
                })
                .collect(),
            live_client: bench.app.live_client,
            names,
            needs_code: self.needs_code(&bench.person),
            person: bench.person,
            reviewer: bench.reviewer,
            case: bench.case,
        })
    }
}
