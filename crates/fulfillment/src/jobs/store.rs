//! Rows and writes of `jobs`.

use chrono::{DateTime, NaiveDate, Utc};
use db::{DbError, Tx};
use diesel::dsl::{exists, not};
use diesel::prelude::*;
use kernel::{JobId, OrderId, PersonId, Yen};
use workforce::SkillId;

use super::model::{Job, JobFields, JobState};
use super::pay_day::PayDay;
use crate::schema::{job_extensions, jobs, units};
use crate::units::UnitState;

#[derive(Queryable, Selectable)]
#[diesel(table_name = jobs)]
pub(super) struct JobRow {
    id: JobId,
    order_id: OrderId,
    title: String,
    rules: String,
    state: JobState,
    unit_minutes: i32,
    unit_pay: Yen,
    skill_id: Option<SkillId>,
    work_due_on: NaiveDate,
    inspect_days: i16,
    offered_at: Option<DateTime<Utc>>,
    created_at: DateTime<Utc>,
    version: i32,
    unit_pieces: i32,
    pay_day: i16,
}

impl From<JobRow> for Job {
    fn from(row: JobRow) -> Self {
        Self {
            id: row.id,
            order_id: row.order_id,
            title: row.title,
            rules: row.rules,
            state: row.state,
            unit_minutes: row.unit_minutes,
            unit_pay: row.unit_pay,
            skill_id: row.skill_id,
            work_due_on: row.work_due_on,
            inspect_days: row.inspect_days,
            pay_day: PayDay::stored(row.pay_day),
            offered_at: row.offered_at,
            created_at: row.created_at,
            version: row.version,
            unit_pieces: row.unit_pieces,
        }
    }
}

pub(super) fn insert(tx: &mut Tx<'_>, order: OrderId, fields: &JobFields) -> Result<Job, DbError> {
    let now = tx.now();
    let row: JobRow = diesel::insert_into(jobs::table)
        .values((
            jobs::order_id.eq(order),
            jobs::title.eq(&fields.title),
            jobs::rules.eq(&fields.rules),
            jobs::unit_minutes.eq(fields.unit_minutes),
            jobs::unit_pay.eq(fields.unit_pay),
            jobs::unit_pieces.eq(fields.unit_pieces),
            jobs::skill_id.eq(fields.skill_id),
            jobs::work_due_on.eq(fields.work_due_on),
            jobs::inspect_days.eq(fields.inspect_days),
            jobs::pay_day.eq(fields.pay_day.number()),
            jobs::created_at.eq(now),
        ))
        .returning(JobRow::as_returning())
        .get_result(tx.conn())?;
    Ok(row.into())
}

/// Keeps the time of the first offer. [`DbError::NotFound`] when the job has been changed meanwhile.
pub(super) fn set_offered(tx: &mut Tx<'_>, job: &Job) -> Result<Job, DbError> {
    let now = tx.now();
    let guarded = jobs::table.filter(jobs::id.eq(job.id)).filter(jobs::version.eq(job.version));
    let row: JobRow = diesel::update(guarded)
        .set((
            jobs::state.eq(JobState::Offered),
            jobs::offered_at.eq(job.offered_at.unwrap_or(now)),
            jobs::version.eq(job.version + 1),
        ))
        .returning(JobRow::as_returning())
        .get_result(tx.conn())?;
    Ok(row.into())
}

/// Reads one job and keeps everybody from changing it or claiming from it until this transaction ends.
pub(super) fn hold(tx: &mut Tx<'_>, id: JobId) -> Result<Job, DbError> {
    let row: JobRow = jobs::table
        .filter(jobs::id.eq(id))
        .select(JobRow::as_select())
        .for_no_key_update()
        .first(tx.conn())?;
    Ok(row.into())
}

/// Reads one job and keeps it as it is until this transaction ends; any number of claims may do so together.
pub(crate) fn hold_unchanged(tx: &mut Tx<'_>, id: JobId) -> Result<Job, DbError> {
    let row: JobRow =
        jobs::table.filter(jobs::id.eq(id)).select(JobRow::as_select()).for_share().first(tx.conn())?;
    Ok(row.into())
}

/// Writes every field of a job that is held.
pub(super) fn correct(tx: &mut Tx<'_>, job: &Job, fields: &JobFields) -> Result<Job, DbError> {
    let guarded = jobs::table.filter(jobs::id.eq(job.id)).filter(jobs::version.eq(job.version));
    let row: JobRow = diesel::update(guarded)
        .set((
            jobs::title.eq(&fields.title),
            jobs::rules.eq(&fields.rules),
            jobs::unit_minutes.eq(fields.unit_minutes),
            jobs::unit_pay.eq(fields.unit_pay),
            jobs::unit_pieces.eq(fields.unit_pieces),
            jobs::skill_id.eq(fields.skill_id),
            jobs::work_due_on.eq(fields.work_due_on),
            jobs::inspect_days.eq(fields.inspect_days),
            jobs::pay_day.eq(fields.pay_day.number()),
            jobs::version.eq(job.version + 1),
        ))
        .returning(JobRow::as_returning())
        .get_result(tx.conn())?;
    Ok(row.into())
}

/// Nothing of it is before anybody any more.
pub(super) fn set_draft(tx: &mut Tx<'_>, job: &Job) -> Result<Job, DbError> {
    let guarded = jobs::table.filter(jobs::id.eq(job.id)).filter(jobs::version.eq(job.version));
    let row: JobRow = diesel::update(guarded)
        .set((
            jobs::state.eq(JobState::Draft),
            jobs::offered_at.eq(None::<DateTime<Utc>>),
            jobs::version.eq(job.version + 1),
        ))
        .returning(JobRow::as_returning())
        .get_result(tx.conn())?;
    Ok(row.into())
}

/// Moves the deadline and writes down from where, why and by whom.
pub(super) fn extend(
    tx: &mut Tx<'_>,
    job: &Job,
    to: NaiveDate,
    note: &str,
    by: PersonId,
) -> Result<Job, DbError> {
    let now = tx.now();
    diesel::insert_into(job_extensions::table)
        .values((
            job_extensions::job_id.eq(job.id),
            job_extensions::from_day.eq(job.work_due_on),
            job_extensions::to_day.eq(to),
            job_extensions::note.eq(note),
            job_extensions::extended_by.eq(by),
            job_extensions::extended_at.eq(now),
        ))
        .execute(tx.conn())?;
    let guarded = jobs::table.filter(jobs::id.eq(job.id)).filter(jobs::version.eq(job.version));
    let row: JobRow = diesel::update(guarded)
        .set((jobs::work_due_on.eq(to), jobs::version.eq(job.version + 1)))
        .returning(JobRow::as_returning())
        .get_result(tx.conn())?;
    Ok(row.into())
}

/// Closes the jobs of an order that have no open unit any more.
pub(crate) fn close_finished(tx: &mut Tx<'_>, order: OrderId) -> Result<(), DbError> {
    let open_unit = units::table
        .filter(units::job_id.eq(jobs::id))
        .filter(units::state.ne_all([UnitState::Accepted, UnitState::Cancelled]));
    let finished = jobs::table
        .filter(jobs::order_id.eq(order))
        .filter(jobs::state.ne(JobState::Closed))
        .filter(not(exists(open_unit)));
    diesel::update(finished)
        .set((jobs::state.eq(JobState::Closed), jobs::version.eq(jobs::version + 1)))
        .execute(tx.conn())?;
    Ok(())
}
