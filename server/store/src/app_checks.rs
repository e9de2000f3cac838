//! The automatic checks of apps: one row for each thing that is looked at.
//!
//! A row that is due is taken by moving its `next_at` to the end of a short lease; the result is
//! written only while the row still says so. So any number of nodes work side by side, none does
//! what another does, and what a node left lying is due again when the lease is over.

use protocol::{
    ids::{AppId, CheckId},
    registration::checks::{CheckKind, CheckOutcome, Finding},
    time::Timestamp,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Value};

use crate::{
    Advanced, Error, Reads, Tx,
    entities::app_checks::{Column, Entity, Model},
    values::{all, count, from_json, instant, millis, parse, to_json},
};

/// One check.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CheckRecord {
    /// Its id.
    pub id: CheckId,
    /// Whose check it is.
    pub app_id: AppId,
    /// What is looked at ...
    pub kind: CheckKind,
    /// ... and where: a domain, an address; empty when the check is about the app as a whole.
    pub target: String,
    /// What is looked for, when that is not the same for all apps.
    pub expected: Option<String>,
    /// How it ended last.
    pub outcome: CheckOutcome,
    /// What was found, sentence by sentence.
    pub evidence: Vec<Finding>,
    /// How often in a row it did not pass.
    pub attempts: u32,
    /// When it was run last.
    pub checked_at: Option<Timestamp>,
    /// When a person last asked for it.
    pub asked_at: Option<Timestamp>,
    /// When it is run next; nothing when it runs only with what it is about.
    pub next_at: Option<Timestamp>,
    /// When the sweep may delete the row.
    pub expires_at: Timestamp,
}

/// What one run of a check found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CheckResult {
    /// How it ended.
    pub outcome: CheckOutcome,
    /// What was found.
    pub evidence: Vec<Finding>,
    /// How often in a row it did not pass.
    pub attempts: u32,
    /// When it was run.
    pub checked_at: Timestamp,
    /// When it is run next; nothing when it is given up.
    pub next_at: Option<Timestamp>,
    /// When the sweep may delete the row.
    pub expires_at: Timestamp,
}

impl TryFrom<Model> for CheckRecord {
    type Error = Error;

    fn try_from(row: Model) -> Result<Self, Error> {
        Ok(Self {
            id: CheckId::new(row.id),
            app_id: AppId::new(row.app_id),
            kind: parse(&row.kind, "app_checks.kind")?,
            target: row.target,
            expected: row.expected,
            outcome: parse(&row.outcome, "app_checks.outcome")?,
            evidence: from_json(&row.evidence, "app_checks.evidence")?,
            attempts: count(row.attempts, "app_checks.attempts")?,
            checked_at: instant(row.checked_at),
            asked_at: instant(row.asked_at),
            next_at: instant(row.next_at),
            expires_at: Timestamp::from_millis(row.expires_at),
        })
    }
}

/// All checks of an app, by kind and target.
///
/// # Errors
/// Why they could not be read.
pub async fn find_checks(db: &impl Reads, app: &AppId) -> Result<Vec<CheckRecord>, Error> {
    let rows = Entity::find()
        .filter(Column::AppId.eq(app.as_str()))
        .order_by_asc(Column::Kind)
        .order_by_asc(Column::Target)
        .all(db.link())
        .await?;
    all(rows)
}

/// How the checks of these apps ended, in no order: for a list of apps.
///
/// # Errors
/// Why they could not be read.
pub async fn find_check_outcomes(
    db: &impl Reads,
    apps: &[AppId],
) -> Result<Vec<(AppId, CheckOutcome)>, Error> {
    let rows: Vec<(String, String)> = Entity::find()
        .select_only()
        .columns([Column::AppId, Column::Outcome])
        .filter(Column::AppId.is_in(apps.iter().map(AppId::as_str)))
        .into_tuple()
        .all(db.link())
        .await?;
    let read = |(app, outcome): (String, String)| {
        Ok((AppId::new(app), parse(&outcome, "app_checks.outcome")?))
    };
    rows.into_iter().map(read).collect()
}

/// One check.
///
/// # Errors
/// Why it could not be read.
pub async fn find_check(db: &impl Reads, check: &CheckId) -> Result<Option<CheckRecord>, Error> {
    let row = Entity::find_by_id(check.as_str()).one(db.link()).await?;
    row.map(CheckRecord::try_from).transpose()
}

/// Checks that are to be run at `now`, most patient first.
///
/// # Errors
/// Why they could not be read.
pub async fn find_due_checks(
    db: &impl Reads,
    now: Timestamp,
    limit: u64,
) -> Result<Vec<CheckRecord>, Error> {
    let rows = Entity::find()
        .filter(Column::NextAt.lte(now.millis()))
        .order_by_asc(Column::NextAt)
        .order_by_asc(Column::Id)
        .limit(limit)
        .all(db.link())
        .await?;
    all(rows)
}

const COLUMNS: &str = "id, app_id, kind, target, expected, outcome, evidence, attempts, \
                       checked_at, asked_at, next_at, expires_at";

/// Writes a new check; `No` when the app has one of this kind and target.
///
/// # Errors
/// Why it could not be written.
pub async fn insert_check(tx: &Tx, check: &CheckRecord) -> Result<Advanced, Error> {
    let sql = format!(
        "INSERT INTO app_checks ({COLUMNS}) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) \
         ON CONFLICT (app_id, kind, target) DO NOTHING"
    );
    Ok(Advanced::of(tx.0.change(&sql, values(check)?).await?))
}

/// Writes a check, or what it now says in place of what it said: for checks that are judged at once.
///
/// # Errors
/// Why it could not be written.
pub async fn upsert_check(tx: &Tx, check: &CheckRecord) -> Result<(), Error> {
    let sql = format!(
        "INSERT INTO app_checks ({COLUMNS}) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) \
         ON CONFLICT (app_id, kind, target) DO UPDATE SET expected = excluded.expected, \
         outcome = excluded.outcome, evidence = excluded.evidence, attempts = excluded.attempts, \
         checked_at = excluded.checked_at, next_at = excluded.next_at, expires_at = excluded.expires_at"
    );
    tx.0.change(&sql, values(check)?).await?;
    Ok(())
}

fn values(check: &CheckRecord) -> Result<[Value; 12], Error> {
    Ok([
        check.id.as_str().into(),
        check.app_id.as_str().into(),
        check.kind.as_str().into(),
        check.target.as_str().into(),
        check.expected.clone().into(),
        check.outcome.as_str().into(),
        to_json(&check.evidence)?.into(),
        i64::from(check.attempts).into(),
        millis(check.checked_at).into(),
        millis(check.asked_at).into(),
        millis(check.next_at).into(),
        check.expires_at.millis().into(),
    ])
}

/// Takes a check that is due (`seen` is the `next_at` with which it was found) until `until`. Exactly
/// one taker gets `Yes`.
///
/// # Errors
/// Why it could not be written.
pub async fn advance_check_taken(
    tx: &Tx,
    check: &CheckId,
    seen: Timestamp,
    until: Timestamp,
) -> Result<Advanced, Error> {
    let sql = "UPDATE app_checks SET next_at = $3 WHERE id = $1 AND next_at = $2";
    let values = [
        check.as_str().into(),
        seen.millis().into(),
        until.millis().into(),
    ];
    Ok(Advanced::of(tx.0.change(sql, values).await?))
}

/// Writes what a run found, if the check is still as it was taken, until `taken`. `No` means that
/// it was asked for, changed or taken again meanwhile, and that the result is of no use.
///
/// # Errors
/// Why it could not be written.
pub async fn advance_check_result(
    tx: &Tx,
    check: &CheckId,
    taken: Timestamp,
    result: &CheckResult,
) -> Result<Advanced, Error> {
    let sql = "UPDATE app_checks SET outcome = $3, evidence = $4, attempts = $5, checked_at = $6, \
               next_at = $7, expires_at = $8 WHERE id = $1 AND next_at = $2";
    let values = [
        check.as_str().into(),
        taken.millis().into(),
        result.outcome.as_str().into(),
        to_json(&result.evidence)?.into(),
        i64::from(result.attempts).into(),
        result.checked_at.millis().into(),
        millis(result.next_at).into(),
        result.expires_at.millis().into(),
    ];
    Ok(Advanced::of(tx.0.change(sql, values).await?))
}

/// Makes a check due at `now`, because a person asks for it, and lets its schedule begin anew. `No` when
/// a person asked after `since`.
///
/// # Errors
/// Why it could not be written.
pub async fn advance_check_asked(
    tx: &Tx,
    check: &CheckId,
    now: Timestamp,
    since: Timestamp,
) -> Result<Advanced, Error> {
    let sql = "UPDATE app_checks SET asked_at = $2, next_at = $2, attempts = 0 \
               WHERE id = $1 AND (asked_at IS NULL OR asked_at <= $3)";
    let values = [
        check.as_str().into(),
        now.millis().into(),
        since.millis().into(),
    ];
    Ok(Advanced::of(tx.0.change(sql, values).await?))
}

/// Deletes one check: what it looked at is gone.
///
/// # Errors
/// Why it could not be deleted.
pub async fn delete_check(tx: &Tx, check: &CheckId) -> Result<(), Error> {
    let sql = "DELETE FROM app_checks WHERE id = $1";
    tx.0.change(sql, [check.as_str().into()]).await?;
    Ok(())
}

/// Deletes all checks of an app: the app is gone.
///
/// # Errors
/// Why they could not be deleted.
pub async fn delete_checks(tx: &Tx, app: &AppId) -> Result<(), Error> {
    let sql = "DELETE FROM app_checks WHERE app_id = $1";
    tx.0.change(sql, [app.as_str().into()]).await?;
    Ok(())
}
