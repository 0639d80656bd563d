//! Rows of `trials`: written once, read by worker.

use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::{Page, Paging, PersonId, WorkerId};

use super::model::{Fields, Trial, TrialId, TrialOutcome};
use crate::schema::{skills, trials};
use crate::skills::{Skill, SkillId};

pub(super) fn insert(
    tx: &mut Tx<'_>,
    worker: WorkerId,
    skill: &Skill,
    fields: &Fields,
) -> Result<Trial, DbError> {
    let (now, assessed_by) = (tx.now(), tx.actor().person());
    let id: TrialId = diesel::insert_into(trials::table)
        .values((
            trials::worker_id.eq(worker),
            trials::skill_id.eq(skill.id),
            trials::level.eq(fields.level),
            trials::units.eq(fields.units),
            trials::good.eq(fields.good),
            trials::outcome.eq(fields.outcome),
            trials::findings.eq(&fields.findings),
            trials::assessed_by.eq(assessed_by),
            trials::assessed_at.eq(now),
        ))
        .returning(trials::id)
        .get_result(tx.conn())?;
    Ok(Trial {
        id,
        worker_id: worker,
        skill_id: skill.id,
        skill: skill.name.clone(),
        level: fields.level,
        units: fields.units,
        good: fields.good,
        outcome: fields.outcome,
        findings: fields.findings.clone(),
        assessed_by,
        assessed_at: now,
    })
}

#[derive(Queryable)]
struct TrialRow {
    id: TrialId,
    worker_id: WorkerId,
    skill_id: SkillId,
    skill: String,
    level: i16,
    units: i32,
    good: i32,
    outcome: TrialOutcome,
    findings: String,
    assessed_by: Option<PersonId>,
    assessed_at: DateTime<Utc>,
}

impl From<TrialRow> for Trial {
    fn from(row: TrialRow) -> Self {
        Self {
            id: row.id,
            worker_id: row.worker_id,
            skill_id: row.skill_id,
            skill: row.skill,
            level: row.level,
            units: row.units,
            good: row.good,
            outcome: row.outcome,
            findings: row.findings,
            assessed_by: row.assessed_by,
            assessed_at: row.assessed_at,
        }
    }
}

/// A worker's trials, the newest first.
pub fn of_worker(
    tx: &mut Tx<'_>,
    worker: WorkerId,
    paging: &Paging<TrialId>,
) -> Result<Page<Trial, TrialId>, DbError> {
    let mut query = trials::table
        .inner_join(skills::table.on(skills::id.eq(trials::skill_id)))
        .filter(trials::worker_id.eq(worker))
        .order(trials::id.desc())
        .limit(paging.probe())
        .select((
            trials::id,
            trials::worker_id,
            skills::id,
            skills::name,
            trials::level,
            trials::units,
            trials::good,
            trials::outcome,
            trials::findings,
            trials::assessed_by,
            trials::assessed_at,
        ))
        .into_boxed();
    if let Some(after) = paging.after {
        query = query.filter(trials::id.lt(after));
    }
    let rows: Vec<TrialRow> = query.load(tx.conn())?;
    Ok(Page::cut(rows.into_iter().map(Trial::from).collect(), paging, |trial| trial.id))
}
