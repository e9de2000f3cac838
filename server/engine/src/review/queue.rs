//! What waits for a reviewer, and how long it takes.

use std::{collections::BTreeMap, time::Duration};

use protocol::{
    ids::{AppId, CaseId, UserId},
    registration::checks::CheckOutcome,
    time::Timestamp,
};
use store::{
    Bookmark,
    app_checks::find_check_outcomes,
    review_cases::{
        CaseFilter, CaseKind, CaseLine, count_cases, find_cases, find_last_decision,
        find_waiting_times,
    },
    teams::find_memberships_of_user,
};

use crate::{
    Engine,
    error::Result,
    portal::{Person, Place, PortalVisit, Refusal},
};

/// Over which time review times are counted.
const COUNTED: Duration = Duration::from_secs(30 * 24 * 3600);

/// Decisions that are counted at most.
const MOST_COUNTED: u64 = 10_000;

/// Cases on one page.
const PAGE: u64 = 25;

/// Longest text that is looked for, in characters.
const LONGEST_TEXT: usize = 100;

/// How long a case should wait at most.
const TARGET: Duration = Duration::from_secs(3 * 24 * 3600);

/// A part of the queue.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Tab {
    /// What this admin can work on.
    #[default]
    Mine,
    /// What waits for the team of the app.
    Waiting,
    /// Everything.
    All,
}

impl Tab {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Mine, Self::Waiting, Self::All];

    /// Its word in addresses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Mine => "mine",
            Self::Waiting => "waiting",
            Self::All => "all",
        }
    }

    /// The tab of this word; the first one for every other.
    pub fn of(word: &str) -> Self {
        let found = Self::ALL.into_iter().find(|tab| tab.as_str() == word);
        found.unwrap_or_default()
    }
}

/// What the address of the queue asks for.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct QueueQuery {
    /// Which part.
    pub tab: Tab,
    /// Only cases of this kind.
    pub kind: Option<CaseKind>,
    /// Only apps or businesses with this in their name.
    pub text: String,
    /// Where the page begins, as the page before said.
    pub after: String,
}

impl QueueQuery {
    /// Its address: where a link to this part of the queue leads.
    pub fn address(&self) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair("tab", self.tab.as_str());
        if let Some(kind) = self.kind {
            query.append_pair("kind", kind.as_str());
        }
        for (name, value) in [("q", &self.text), ("after", &self.after)] {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        format!("{}?{}", Place::Queue.path(), query.finish())
    }

    /// Whether it leaves something out of its tab.
    pub fn is_filtered(&self) -> bool {
        self.kind.is_some() || !self.text.is_empty()
    }
}

/// How many checks of an app ended how.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Tally {
    /// Passed.
    pub good: u32,
    /// Passed with a remark, or not known yet.
    pub remarks: u32,
    /// Failed.
    pub bad: u32,
}

impl Tally {
    fn count(&mut self, outcome: CheckOutcome) {
        match outcome {
            CheckOutcome::Pass => self.good += 1,
            CheckOutcome::Warn | CheckOutcome::Pending | CheckOutcome::Unreachable => {
                self.remarks += 1;
            }
            CheckOutcome::Fail => self.bad += 1,
        }
    }
}

/// A case in the queue.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct QueueLine {
    /// The case.
    pub case: CaseLine,
    /// The name of the admin who works on it.
    pub assignee: Option<String>,
    /// The name of the first admin of two, while the second is missing.
    pub first_admin: Option<String>,
    /// Its automatic checks.
    pub tally: Tally,
    /// How long it has waited since it was sent.
    pub waited: Duration,
    /// Whether it waits for the bank, and longer than it should.
    pub is_late: bool,
}

/// The queue as its page shows it.
#[derive(Clone, Debug)]
pub struct QueueView {
    /// The admin who looks.
    pub person: Person,
    /// What was asked for.
    pub query: QueueQuery,
    /// How many cases each tab has.
    pub counts: [(Tab, u64); 3],
    /// One page of cases, oldest first.
    pub lines: Vec<QueueLine>,
    /// Where the next page begins.
    pub next: Option<String>,
    /// When a case was decided last.
    pub last_decision: Option<Timestamp>,
}

/// How long cases waited that were decided lately.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ReviewTimes {
    /// How many cases that were.
    pub decided: usize,
    /// Half of them were decided within this time.
    pub median: Duration,
    /// Nine of ten were.
    pub ninetieth: Duration,
}

impl Engine {
    /// The queue, as its address asks for it.
    ///
    /// # Errors
    /// For everybody who is no admin.
    pub async fn queue_view(
        &self,
        visit: &PortalVisit,
        mut query: QueueQuery,
    ) -> Result<QueueView, Refusal> {
        let person = self.admin(visit, &Place::Queue).await?;
        query.text = query.text.trim().chars().take(LONGEST_TEXT).collect();
        let mine = self.needs(&person.user.id).await?;
        let of_tab = |tab: Tab| match tab {
            Tab::Mine => mine.clone(),
            Tab::Waiting => CaseFilter::waiting(),
            Tab::All => CaseFilter::default(),
        };
        let reader = self.env.store.reader();
        let mut counts = Tab::ALL.map(|tab| (tab, 0));
        for (tab, count) in &mut counts {
            *count = count_cases(reader, &of_tab(*tab)).await?;
        }
        let filter = CaseFilter {
            kind: query.kind,
            text: (!query.text.is_empty()).then(|| query.text.clone()),
            ..of_tab(query.tab)
        };
        let (found, next) = self.queue_page(&filter, &query.after, PAGE).await?;
        Ok(QueueView {
            lines: self.queue_lines(found).await?,
            last_decision: self.last_decision().await?,
            person,
            query,
            counts,
            next,
        })
    }

    /// Cases with what is beside them in other tables.
    async fn queue_lines(&self, found: Vec<CaseLine>) -> Result<Vec<QueueLine>> {
        let now = self.env.now();
        let apps: Vec<AppId> = found.iter().map(|case| case.app_id.clone()).collect();
        let mut tallies: BTreeMap<AppId, Tally> = BTreeMap::new();
        for (app, outcome) in find_check_outcomes(self.env.store.reader(), &apps).await? {
            tallies.entry(app).or_default().count(outcome);
        }
        let mentioned = found
            .iter()
            .flat_map(|case| [case.claimed_by.clone(), case.proposed_by.clone()])
            .flatten()
            .collect();
        let names = self.names_of(mentioned).await?;
        let name = |user: &Option<UserId>| names.get(user.as_ref()?).cloned();
        let line = |case: CaseLine| {
            let waited = now.since(case.sent_at);
            QueueLine {
                assignee: name(&case.claimed_by),
                first_admin: name(&case.proposed_by),
                tally: tallies.get(&case.app_id).copied().unwrap_or_default(),
                is_late: case.stage == "sent" && waited > TARGET,
                waited,
                case,
            }
        };
        Ok(found.into_iter().map(line).collect())
    }

    /// What this admin can work on: not the apps of their own teams.
    async fn needs(&self, admin: &UserId) -> Result<CaseFilter> {
        let teams = find_memberships_of_user(self.env.store.reader(), admin).await?;
        Ok(CaseFilter {
            not_of_teams: teams.into_iter().map(|own| own.team_id).collect(),
            ..CaseFilter::needs(admin)
        })
    }

    /// The case that an admin goes on with after `decided`: the oldest one that waits for them.
    pub(super) async fn next_case(
        &self,
        admin: &UserId,
        decided: &CaseId,
    ) -> Result<Option<CaseId>> {
        let filter = self.needs(admin).await?;
        let waiting = self.review_queue(&filter, None, PAGE).await?;
        // What they would approve waits for somebody else.
        let is_next =
            |case: &CaseLine| case.id != *decided && case.proposed_by.as_ref() != Some(admin);
        Ok(waiting.into_iter().find(is_next).map(|case| case.id))
    }

    /// Cases by the time at which they were sent, oldest first, after `after`, at most `limit`.
    ///
    /// # Errors
    /// When storage failed.
    pub async fn review_queue(
        &self,
        filter: &CaseFilter,
        after: Option<&Bookmark>,
        limit: u64,
    ) -> Result<Vec<CaseLine>> {
        Ok(find_cases(self.env.store.reader(), filter, after, limit).await?)
    }

    /// One page of the queue, and where the next one begins, as it stands in an address. A text that
    /// is no such place is the beginning.
    ///
    /// # Errors
    /// When storage failed.
    pub async fn queue_page(
        &self,
        filter: &CaseFilter,
        after: &str,
        limit: u64,
    ) -> Result<(Vec<CaseLine>, Option<String>)> {
        let after = bookmark_of(after);
        let lines = self.review_queue(filter, after.as_ref(), limit).await?;
        let full = lines.len() as u64 == limit;
        let last = lines.last().filter(|_| full);
        let next = last.map(|last| format!("{}.{}", last.sent_at.millis(), last.id));
        Ok((lines, next))
    }

    /// When a case was decided last.
    ///
    /// # Errors
    /// When storage failed.
    pub async fn last_decision(&self) -> Result<Option<Timestamp>> {
        Ok(find_last_decision(self.env.store.reader()).await?)
    }

    /// From sent to approved or rejected, over the last 30 days; none when nothing was decided.
    ///
    /// # Errors
    /// When storage failed.
    pub async fn review_times(&self) -> Result<Option<ReviewTimes>> {
        let since = self.env.now() - COUNTED;
        let reader = self.env.store.reader();
        Ok(times(
            &find_waiting_times(reader, since, MOST_COUNTED).await?,
        ))
    }
}

fn bookmark_of(text: &str) -> Option<Bookmark> {
    let (at, id) = text.split_once('.')?;
    Some(Bookmark {
        at: Timestamp::from_millis(at.parse().ok()?),
        id: id.to_owned(),
    })
}

/// By the nearest rank, of times that are sorted.
fn times(sorted: &[i64]) -> Option<ReviewTimes> {
    let at = |percent: usize| {
        let rank = (sorted.len() * percent).div_ceil(100).max(1);
        let millis = sorted.get(rank - 1)?;
        Some(Duration::from_millis(u64::try_from(*millis).unwrap_or(0)))
    };
    Some(ReviewTimes {
        decided: sorted.len(),
        median: at(50)?,
        ninetieth: at(90)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearest_ranks() {
        assert_eq!(times(&[]), None);
        let millis = |found: Option<ReviewTimes>| {
            found.map(|times| (times.median.as_millis(), times.ninetieth.as_millis()))
        };
        assert_eq!(millis(times(&[7])), Some((7, 7)));
        let ten: Vec<i64> = (1..=10).collect();
        assert_eq!(millis(times(&ten)), Some((5, 9)));
    }
}
