//! Cases of apps that ask to be let in, and the queue of those who review them.
//!
//! A case goes from stage to stage by [`advance_case`], which compares the version: of two admins who
//! decide at the same moment one gets `No` and looks again. An app has one open case; the unique
//! column `open_app_id` holds that, and is empty when the case is closed.

use std::collections::BTreeMap;

use protocol::{
    ids::{AppId, CaseId, TeamId, UserId},
    registration::{
        Risk, RiskLevel, Submission,
        checks::{CheckKind, Override},
        review::Stage,
    },
    time::Timestamp,
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, Select,
    sea_query::{Expr, Func, LikeExpr},
};

use crate::{
    Advanced, Bookmark, Error, Reads, Tx,
    entities::review_cases::{Column, Entity, Model},
    values::{all, count, from_json, insert, instant, millis, parse, to_json, words},
};

words! {
    /// What is asked for.
    CaseKind {
        /// To be let in for the first time.
        New "new",
        /// To change what was let in before.
        Change "change",
    }
}

/// The checks that an admin took responsibility for.
pub type Overrides = BTreeMap<CheckKind, Override>;

/// One case.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CaseRecord {
    /// Its id.
    pub id: CaseId,
    /// Which app.
    pub app_id: AppId,
    /// Whose it is.
    pub team_id: TeamId,
    /// New, or a change.
    pub kind: CaseKind,
    /// How far it has come. Never a draft: there is a case once something was sent.
    pub stage: Stage,
    /// What was sent last.
    pub submission: Submission,
    /// What was let in before, for the difference.
    pub approved_before: Option<Submission>,
    /// Checks that count as passed because an admin says so.
    pub overrides: Overrides,
    /// How much could go wrong, as it was known when something last changed.
    pub risk: Risk,
    /// Who sent it, the last time.
    pub sent_by: UserId,
    /// When it was sent, the last time.
    pub sent_at: Timestamp,
    /// When it was sent first.
    pub opened_at: Timestamp,
    /// When it was decided or taken back.
    pub decided_at: Option<Timestamp>,
    /// How often it was changed; [`advance_case`] compares it.
    pub version: u32,
}

impl CaseRecord {
    fn row(&self) -> Result<Model, Error> {
        let open = !self.stage.is_closed();
        Ok(Model {
            id: self.id.as_str().to_owned(),
            app_id: self.app_id.as_str().to_owned(),
            open_app_id: open.then(|| self.app_id.as_str().to_owned()),
            team_id: self.team_id.as_str().to_owned(),
            kind: self.kind.to_string(),
            app_name: self.submission.look.app_name.clone(),
            organization: self.submission.business.organization.clone(),
            domain: self.submission.website.domain(),
            stage: to_json(&self.stage)?,
            stage_name: self.stage.name().to_owned(),
            claimed_by: self.stage.claim().map(|claim| claim.by.as_str().to_owned()),
            submission: to_json(&self.submission)?,
            approved_before: self.approved_before.as_ref().map(to_json).transpose()?,
            overrides: to_json(&self.overrides)?,
            risk: to_json(&self.risk)?,
            sent_by: self.sent_by.as_str().to_owned(),
            sent_at: self.sent_at.millis(),
            opened_at: self.opened_at.millis(),
            decided_at: millis(self.decided_at),
            version: self.version.into(),
        })
    }
}

impl TryFrom<Model> for CaseRecord {
    type Error = Error;

    fn try_from(row: Model) -> Result<Self, Error> {
        Ok(Self {
            id: CaseId::new(row.id),
            app_id: AppId::new(row.app_id),
            team_id: TeamId::new(row.team_id),
            kind: parse(&row.kind, "review_cases.kind")?,
            stage: from_json(&row.stage, "review_cases.stage")?,
            submission: from_json(&row.submission, "review_cases.submission")?,
            approved_before: row
                .approved_before
                .map(|text| from_json(&text, "review_cases.approved_before"))
                .transpose()?,
            overrides: from_json(&row.overrides, "review_cases.overrides")?,
            risk: from_json(&row.risk, "review_cases.risk")?,
            sent_by: UserId::new(row.sent_by),
            sent_at: Timestamp::from_millis(row.sent_at),
            opened_at: Timestamp::from_millis(row.opened_at),
            decided_at: instant(row.decided_at),
            version: count(row.version, "review_cases.version")?,
        })
    }
}

/// A case as a list shows it: without what was sent.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CaseLine {
    /// Its id.
    pub id: CaseId,
    /// Which app.
    pub app_id: AppId,
    /// What people will call it.
    pub app_name: String,
    /// Who runs it.
    pub organization: String,
    /// New, or a change.
    pub kind: CaseKind,
    /// The name of its stage.
    pub stage: String,
    /// Who works on it.
    pub claimed_by: Option<UserId>,
    /// Who would approve it, where a second admin must agree.
    pub proposed_by: Option<UserId>,
    /// How close a look it needs.
    pub risk: RiskLevel,
    /// When it was sent, the last time.
    pub sent_at: Timestamp,
}

/// Columns of a [`CaseLine`], in the order in which they are read.
type Line = (
    String,
    String,
    String,
    String,
    String,
    String,
    String,
    String,
    i64,
);

impl TryFrom<Line> for CaseLine {
    type Error = Error;

    fn try_from(
        (id, app_id, app_name, organization, kind, stage_name, stage, risk, sent_at): Line,
    ) -> Result<Self, Error> {
        let risk: Risk = from_json(&risk, "review_cases.risk")?;
        let stage: Stage = from_json(&stage, "review_cases.stage")?;
        Ok(Self {
            id: CaseId::new(id),
            app_id: AppId::new(app_id),
            app_name,
            organization,
            kind: parse(&kind, "review_cases.kind")?,
            stage: stage_name,
            claimed_by: stage.claim().map(|claim| claim.by.clone()),
            proposed_by: stage.proposal().map(|proposal| proposal.by.clone()),
            risk: risk.level(),
            sent_at: Timestamp::from_millis(sent_at),
        })
    }
}

/// Which cases to list. The default is all of them.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct CaseFilter {
    /// In the stage of this name.
    pub stage: Option<String>,
    /// That nobody or this admin works on.
    pub free_for: Option<UserId>,
    /// That this admin works on.
    pub claimed_by: Option<UserId>,
    /// Of this kind.
    pub kind: Option<CaseKind>,
    /// Of no app of these teams.
    pub not_of_teams: Vec<TeamId>,
    /// With this text in the name of the app or of the business, in capitals or not.
    pub text: Option<String>,
}

impl CaseFilter {
    /// What this admin can work on.
    pub fn needs(admin: &UserId) -> Self {
        Self {
            stage: Some("sent".to_owned()),
            free_for: Some(admin.clone()),
            ..Self::default()
        }
    }

    /// What waits for the team of the app.
    pub fn waiting() -> Self {
        Self {
            stage: Some("needs_change".to_owned()),
            ..Self::default()
        }
    }
}

/// Writes a new case.
///
/// # Errors
/// [`Error::Conflict`] `review_cases_open_app_id_key` when the app has an open case.
pub async fn insert_case(tx: &Tx, case: &CaseRecord) -> Result<(), Error> {
    insert(&tx.0, case.row()?).await
}

/// Writes what became of a case, if it still has `case.version`, and counts the version up; `No` when
/// somebody else changed it meanwhile.
///
/// # Errors
/// Why it could not be written.
pub async fn advance_case(tx: &Tx, case: &CaseRecord) -> Result<Advanced, Error> {
    let row = case.row()?;
    let sql = "UPDATE review_cases SET open_app_id = $3, app_name = $4, organization = $5, \
               domain = $6, stage = $7, stage_name = $8, claimed_by = $9, submission = $10, \
               overrides = $11, risk = $12, sent_by = $13, sent_at = $14, decided_at = $15, \
               version = version + 1 WHERE id = $1 AND version = $2";
    let values = [
        row.id.into(),
        row.version.into(),
        row.open_app_id.into(),
        row.app_name.into(),
        row.organization.into(),
        row.domain.into(),
        row.stage.into(),
        row.stage_name.into(),
        row.claimed_by.into(),
        row.submission.into(),
        row.overrides.into(),
        row.risk.into(),
        row.sent_by.into(),
        row.sent_at.into(),
        row.decided_at.into(),
    ];
    Ok(Advanced::of(tx.0.change(sql, values).await?))
}

/// The case with this id.
///
/// # Errors
/// Why it could not be read.
pub async fn find_case(db: &impl Reads, case: &CaseId) -> Result<Option<CaseRecord>, Error> {
    let row = Entity::find_by_id(case.as_str()).one(db.link()).await?;
    row.map(CaseRecord::try_from).transpose()
}

/// The newest case of an app, open or not.
///
/// # Errors
/// Why it could not be read.
pub async fn find_newest_case(db: &impl Reads, app: &AppId) -> Result<Option<CaseRecord>, Error> {
    newest(db, Condition::all().add(Column::AppId.eq(app.as_str()))).await
}

/// The newest case of an app that ended with approval: what the live client was made of.
///
/// # Errors
/// Why it could not be read.
pub async fn find_approved_case(db: &impl Reads, app: &AppId) -> Result<Option<CaseRecord>, Error> {
    let approved = Condition::all()
        .add(Column::AppId.eq(app.as_str()))
        .add(Column::StageName.eq("approved"));
    newest(db, approved).await
}

/// The newest case of each of these apps, open or not.
///
/// # Errors
/// Why they could not be read.
pub async fn find_newest_cases(
    db: &impl Reads,
    apps: &[AppId],
) -> Result<BTreeMap<AppId, CaseRecord>, Error> {
    let rows = Entity::find()
        .filter(Column::AppId.is_in(apps.iter().map(AppId::as_str)))
        .order_by_asc(Column::OpenedAt)
        .order_by_asc(Column::Id)
        .all(db.link())
        .await?;
    // A newer one takes the place of an older one.
    let cases: Vec<CaseRecord> = all(rows)?;
    let of_app = cases.into_iter().map(|case| (case.app_id.clone(), case));
    Ok(of_app.collect())
}

/// How many cases wait for the bank and were sent before this one.
///
/// # Errors
/// Why they could not be counted.
pub async fn count_cases_before(db: &impl Reads, case: &CaseRecord) -> Result<u64, Error> {
    let at = case.sent_at.millis();
    let before = Condition::any().add(Column::SentAt.lt(at)).add(
        Condition::all()
            .add(Column::SentAt.eq(at))
            .add(Column::Id.lt(case.id.as_str())),
    );
    let waiting = Entity::find()
        .filter(Column::StageName.eq("sent"))
        .filter(Column::SentAt.lte(at))
        .filter(before);
    Ok(waiting.count(db.link()).await?)
}

async fn newest(db: &impl Reads, which: Condition) -> Result<Option<CaseRecord>, Error> {
    let row = Entity::find()
        .filter(which)
        .order_by_desc(Column::OpenedAt)
        .order_by_desc(Column::Id)
        .limit(1)
        .one(db.link())
        .await?;
    row.map(CaseRecord::try_from).transpose()
}

/// The ids of all cases of these apps, each with its app, in no order.
///
/// # Errors
/// Why they could not be read.
pub async fn find_cases_of_apps(
    db: &impl Reads,
    apps: &[AppId],
) -> Result<Vec<(CaseId, AppId)>, Error> {
    let rows: Vec<(String, String)> = Entity::find()
        .select_only()
        .columns([Column::Id, Column::AppId])
        .filter(Column::AppId.is_in(apps.iter().map(AppId::as_str)))
        .into_tuple()
        .all(db.link())
        .await?;
    let ids = rows
        .into_iter()
        .map(|(case, app)| (CaseId::new(case), AppId::new(app)));
    Ok(ids.collect())
}

/// Whether an app with a website in this domain was ever approved.
///
/// # Errors
/// Why it could not be read.
pub async fn find_approved_domain(db: &impl Reads, domain: &str) -> Result<bool, Error> {
    let found: Option<String> = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::Domain.eq(domain))
        .filter(Column::StageName.eq("approved"))
        .limit(1)
        .into_tuple()
        .one(db.link())
        .await?;
    Ok(found.is_some())
}

/// Cases by the time at which they were sent, oldest first, after `after`, at most `limit`.
///
/// # Errors
/// Why they could not be read.
pub async fn find_cases(
    db: &impl Reads,
    filter: &CaseFilter,
    after: Option<&Bookmark>,
    limit: u64,
) -> Result<Vec<CaseLine>, Error> {
    let mut query = chosen(filter).select_only().columns([
        Column::Id,
        Column::AppId,
        Column::AppName,
        Column::Organization,
        Column::Kind,
        Column::StageName,
        Column::Stage,
        Column::Risk,
        Column::SentAt,
    ]);
    if let Some(Bookmark { at, id }) = after {
        // The first half is what an index can begin at.
        query = query.filter(Column::SentAt.gte(at.millis())).filter(
            Condition::any()
                .add(Column::SentAt.gt(at.millis()))
                .add(Column::Id.gt(id.as_str())),
        );
    }
    let rows: Vec<Line> = query
        .order_by_asc(Column::SentAt)
        .order_by_asc(Column::Id)
        .limit(limit)
        .into_tuple()
        .all(db.link())
        .await?;
    all(rows)
}

/// How many cases there are of those that the filter lets through.
///
/// # Errors
/// Why they could not be counted.
pub async fn count_cases(db: &impl Reads, filter: &CaseFilter) -> Result<u64, Error> {
    Ok(chosen(filter).count(db.link()).await?)
}

/// The cases that the filter lets through.
fn chosen(filter: &CaseFilter) -> Select<Entity> {
    let mut query = Entity::find();
    if let Some(stage) = &filter.stage {
        query = query.filter(Column::StageName.eq(stage.as_str()));
    }
    if let Some(admin) = &filter.free_for {
        query = query.filter(
            Condition::any()
                .add(Column::ClaimedBy.is_null())
                .add(Column::ClaimedBy.eq(admin.as_str())),
        );
    }
    if let Some(admin) = &filter.claimed_by {
        query = query.filter(Column::ClaimedBy.eq(admin.as_str()));
    }
    if let Some(kind) = filter.kind {
        query = query.filter(Column::Kind.eq(kind.as_str()));
    }
    if !filter.not_of_teams.is_empty() {
        let teams = filter.not_of_teams.iter().map(TeamId::as_str);
        query = query.filter(Column::TeamId.is_not_in(teams));
    }
    if let Some(text) = &filter.text {
        // SQLite knows capitals of ASCII only: there other letters must be typed as they are written.
        let holds = |column: Column| {
            let folded = Expr::expr(Func::lower(Expr::col(column)));
            Condition::any()
                .add(folded.like(pattern(&text.to_lowercase())))
                .add(Expr::col(column).like(pattern(text)))
        };
        query = query.filter(
            Condition::any()
                .add(holds(Column::AppName))
                .add(holds(Column::Organization)),
        );
    }
    query
}

/// What is anywhere in a text, for LIKE: its own wildcards are letters like others.
fn pattern(text: &str) -> LikeExpr {
    let mut pattern = String::from("%");
    for letter in text.chars() {
        if matches!(letter, '\\' | '%' | '_') {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    LikeExpr::new(pattern).escape('\\')
}

/// For how many milliseconds each case waited that was approved or rejected since `since`, shortest
/// first, the last `limit` of them.
///
/// # Errors
/// Why they could not be read.
pub async fn find_waiting_times(
    db: &impl Reads,
    since: Timestamp,
    limit: u64,
) -> Result<Vec<i64>, Error> {
    let rows: Vec<(i64, Option<i64>)> = Entity::find()
        .select_only()
        .columns([Column::SentAt, Column::DecidedAt])
        .filter(Column::DecidedAt.gte(since.millis()))
        .filter(Column::StageName.is_in(["approved", "rejected"]))
        .order_by_desc(Column::DecidedAt)
        .limit(limit)
        .into_tuple()
        .all(db.link())
        .await?;
    let waited = |(sent, decided): (i64, Option<i64>)| Some(decided? - sent);
    let mut times: Vec<i64> = rows.into_iter().filter_map(waited).collect();
    times.sort_unstable();
    Ok(times)
}

/// When a case was last decided: for the page that shows that nothing waits.
///
/// # Errors
/// Why it could not be read.
pub async fn find_last_decision(db: &impl Reads) -> Result<Option<Timestamp>, Error> {
    let found: Option<Option<i64>> = Entity::find()
        .select_only()
        .column(Column::DecidedAt)
        .filter(Column::DecidedAt.is_not_null())
        .order_by_desc(Column::DecidedAt)
        .limit(1)
        .into_tuple()
        .one(db.link())
        .await?;
    Ok(instant(found.flatten()))
}
