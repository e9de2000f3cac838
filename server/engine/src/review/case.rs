//! What an admin sees of one case.

use std::collections::{BTreeMap, btree_map::Entry};

use protocol::{
    ids::{CaseId, ClientId, UserId},
    locale::Locale,
    registration::{
        FieldChange, Risk,
        checks::{CheckKind, open_checks},
        difference,
        review::{Reviewer, Stage},
    },
    time::Timestamp,
};
use store::{
    app_checks::find_checks,
    audit::find_audit_events,
    clients::find_client,
    review_cases::CaseRecord,
    review_notes::{NoteRecord, find_notes},
    users::find_user,
};

use super::{preview::ConsentPreview, step::results};
use crate::{
    Engine,
    error::Result as Done,
    portal::{CheckRow, Person, Place, PortalVisit, Refusal},
};

/// Events of a case that are shown, newest first.
const TIMELINE: u64 = 100;

/// One line of the timeline.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Happened {
    /// When.
    pub at: Timestamp,
    /// Who: a name, or an id of the audit trail.
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
    pub checks: Vec<CheckRow>,
    /// Those that stand in the way of approval.
    pub open: Vec<CheckKind>,
    /// How much could go wrong, as it is known now.
    pub risk: Risk,
    /// What admins noted, oldest first.
    pub notes: Vec<NoteRecord>,
    /// What happened, newest first.
    pub timeline: Vec<Happened>,
    /// The client that was let in, if one was.
    pub live_client: Option<ClientId>,
    /// Since when people know the app: since it was let in, which may be now.
    pub since: Timestamp,
    /// Names of the people who are mentioned.
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

    /// The name of somebody who is mentioned.
    pub fn name(&self, user: &UserId) -> String {
        self.names.get(user).cloned().unwrap_or_default()
    }

    /// The consent page of the app in this language, if it were approved as it stands.
    pub fn preview(&self, locale: Locale) -> ConsentPreview {
        ConsentPreview::of(&self.case, self.since, locale)
    }

    /// Whether the admin proposed the approval: then a second one must agree.
    pub fn is_my_proposal(&self) -> bool {
        let proposal = self.case.stage.proposal();
        proposal.is_some_and(|proposal| proposal.by == self.reviewer.user)
    }
}

/// Whom a stage mentions.
fn in_stage(stage: &Stage) -> Vec<UserId> {
    match stage {
        Stage::Approved {
            by, confirmed_by, ..
        } => [by].into_iter().chain(confirmed_by).cloned().collect(),
        Stage::Rejected { by, .. } | Stage::Withdrawn { by, .. } => vec![by.clone()],
        Stage::Draft | Stage::Sent { .. } | Stage::NeedsChange { .. } => {
            let claim = stage.claim().map(|claim| claim.by.clone());
            let proposal = stage.proposal().map(|proposal| proposal.by.clone());
            claim.into_iter().chain(proposal).collect()
        }
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
        let acting = events
            .iter()
            .filter_map(|event| event.actor.strip_prefix("user:").map(UserId::new));
        let overriding = bench.case.overrides.values().map(|one| one.by.clone());
        let mentioned: Vec<UserId> = notes
            .iter()
            .map(|note| note.author.clone())
            .chain(in_stage(&bench.case.stage))
            .chain([bench.case.sent_by.clone()])
            .chain(overriding)
            .chain(acting)
            .collect();
        let names = self.names_of(mentioned).await?;
        let named = |actor: &str| {
            let user = actor.strip_prefix("user:").map(UserId::new);
            user.and_then(|user| names.get(&user).cloned())
                .unwrap_or_else(|| actor.to_owned())
        };
        let live = match &bench.app.live_client {
            Some(live) => find_client(reader, live).await?,
            None => None,
        };
        let before = bench.case.approved_before.as_ref();
        Ok(CaseView {
            changes: before
                .map(|before| difference(before, &bench.case.submission))
                .unwrap_or_default(),
            open: open_checks(&results(&checks, &bench.case.overrides)),
            checks: checks.into_iter().map(CheckRow::from).collect(),
            risk: self.risk_of(&bench.case).await?,
            notes,
            timeline: events
                .into_iter()
                .map(|event| Happened {
                    at: event.at,
                    actor: named(&event.actor),
                    action: event.action,
                })
                .collect(),
            since: live.map_or_else(|| self.env.now(), |live| live.client.created_at),
            live_client: bench.app.live_client,
            names,
            needs_code: self.needs_code(&bench.person),
            person: bench.person,
            reviewer: bench.reviewer,
            case: bench.case,
        })
    }

    /// The names of people; of those who are gone there is none.
    pub(super) async fn names_of(&self, users: Vec<UserId>) -> Done<BTreeMap<UserId, String>> {
        let mut names = BTreeMap::new();
        for user in users {
            if let Entry::Vacant(unknown) = names.entry(user)
                && let Some(found) = find_user(self.env.store.reader(), unknown.key()).await?
            {
                unknown.insert(found.display_name);
            }
        }
        Ok(names)
    }
}
