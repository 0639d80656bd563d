//! Reading versions of rules, and what somebody knows of them.

use std::collections::HashMap;

use db::{DbError, Tx};
use diesel::dsl::max;
use diesel::prelude::*;
use kernel::{JobId, Page, Paging, PersonId};

use super::model::{Reading, RulesKey, WorkRules};
use super::store::RulesRow;
use crate::schema::{rules_readings, terms_notices, work_rules};

/// One version; [`DbError::NotFound`] where the job has none of that number.
pub fn find(tx: &mut Tx<'_>, job: JobId, number: i32) -> Result<WorkRules, DbError> {
    let row: RulesRow = work_rules::table
        .filter(work_rules::job_id.eq(job))
        .filter(work_rules::number.eq(number))
        .select(RulesRow::as_select())
        .first(tx.conn())?;
    Ok(row.into())
}

/// What is in force.
pub fn newest(tx: &mut Tx<'_>, job: JobId) -> Result<WorkRules, DbError> {
    let row: RulesRow = work_rules::table
        .filter(work_rules::job_id.eq(job))
        .order(work_rules::number.desc())
        .select(RulesRow::as_select())
        .first(tx.conn())?;
    Ok(row.into())
}

/// The versions of a job's rules, the newest first.
pub fn of_job(
    tx: &mut Tx<'_>,
    job: JobId,
    paging: &Paging<RulesKey>,
) -> Result<Page<WorkRules, RulesKey>, DbError> {
    let mut query = work_rules::table
        .filter(work_rules::job_id.eq(job))
        .order(work_rules::number.desc())
        .limit(paging.probe())
        .select(RulesRow::as_select())
        .into_boxed();
    if let Some(RulesKey(number)) = paging.after {
        query = query.filter(work_rules::number.lt(number));
    }
    let rows: Vec<RulesRow> = query.load(tx.conn())?;
    let versions = rows.into_iter().map(WorkRules::from).collect();
    Ok(Page::cut(versions, paging, |version: &WorkRules| RulesKey(version.number)))
}

/// The newest version that terms of a person name.
fn agreed(tx: &mut Tx<'_>, job: JobId, person: PersonId) -> Result<Option<i32>, DbError> {
    let Some(worker) = workforce::workers::of_person(tx, person)? else { return Ok(None) };
    Ok(terms_notices::table
        .filter(terms_notices::job_id.eq(job))
        .filter(terms_notices::worker_id.eq(worker.id))
        .select(max(terms_notices::rules_number))
        .first(tx.conn())?)
}

/// The newest version a person agreed to or said they have read.
pub(crate) fn known_to(tx: &mut Tx<'_>, job: JobId, person: PersonId) -> Result<Option<i32>, DbError> {
    let read: Option<i32> = rules_readings::table
        .filter(rules_readings::job_id.eq(job))
        .filter(rules_readings::person_id.eq(person))
        .select(rules_readings::number)
        .first(tx.conn())
        .optional()?;
    Ok(read.max(agreed(tx, job, person)?))
}

/// [`known_to`] of several jobs at once; jobs of which they know nothing are left out.
pub(crate) fn known_to_of(
    tx: &mut Tx<'_>,
    jobs: &[JobId],
    person: PersonId,
) -> Result<HashMap<JobId, i32>, DbError> {
    let read: Vec<(JobId, i32)> = rules_readings::table
        .filter(rules_readings::job_id.eq_any(jobs))
        .filter(rules_readings::person_id.eq(person))
        .select((rules_readings::job_id, rules_readings::number))
        .load(tx.conn())?;
    let mut known: HashMap<JobId, i32> = read.into_iter().collect();
    let Some(worker) = workforce::workers::of_person(tx, person)? else { return Ok(known) };
    let agreed: Vec<(JobId, Option<i32>)> = terms_notices::table
        .filter(terms_notices::job_id.eq_any(jobs))
        .filter(terms_notices::worker_id.eq(worker.id))
        .group_by(terms_notices::job_id)
        .select((terms_notices::job_id, max(terms_notices::rules_number)))
        .load(tx.conn())?;
    for (job, number) in agreed {
        let newest = known.get(&job).copied().max(number);
        known.extend(newest.map(|number| (job, number)));
    }
    Ok(known)
}

/// A job's rules as the acting person stands to them.
pub fn reading(tx: &mut Tx<'_>, job: JobId) -> Result<Reading, DbError> {
    let person = crate::acting_person(tx)?;
    let known = known_to(tx, job, person)?.map(|number| find(tx, job, number)).transpose()?;
    Ok(Reading { newest: newest(tx, job)?, known, agreed_number: agreed(tx, job, person)? })
}
