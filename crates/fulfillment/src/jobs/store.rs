//! Rows and writes of `jobs`.

use chrono::{DateTime, NaiveDate, Utc};
use db::{DbError, Tx};
use diesel::dsl::{exists, not};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt};
use kernel::{Holidays, JobId, OrderId, PersonId, Yen};
use workforce::SkillId;
use workforce::availability::Asks;

use super::model::{Job, JobFields, JobState, OfferRule};
use super::pay_day::PayDay;
use crate::orders::Order;
use crate::rounds::MOST_WAVES;
use crate::schema::{job_extensions, jobs, unit_files, units};
use crate::units::UnitState;
use crate::units::store::Which;

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
    offer_rule: OfferRule,
    offer_wave: i16,
    pool_opened_at: Option<DateTime<Utc>>,
    pool_alerted_at: Option<DateTime<Utc>>,
    keep_days: i16,
    skill_level: i16,
    asks_phone: bool,
    asks_video: bool,
    asks_long_slots: bool,
    rules_number: i32,
    original_pay_on: Option<NaiveDate>,
    fixed_pay_on: Option<NaiveDate>,
    order_line: Option<i16>,
    review_levels: i16,
    lacks_material: bool,
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
            offer_rule: row.offer_rule,
            offer_wave: row.offer_wave,
            pool_opened_at: row.pool_opened_at,
            pool_alerted_at: row.pool_alerted_at,
            keep_days: row.keep_days,
            skill_level: row.skill_level,
            asks: Asks { phone: row.asks_phone, video: row.asks_video, long_slots: row.asks_long_slots },
            rules_number: row.rules_number,
            original_pay_on: row.original_pay_on,
            fixed_pay_on: row.fixed_pay_on,
            order_line: row.order_line,
            review_levels: row.review_levels,
            lacks_material: row.lacks_material,
        }
    }
}

/// The one day on which work paid on `pay_day` is paid that is re-entrusted.
fn fixed(pay_day: PayDay, original: Option<NaiveDate>) -> Option<NaiveDate> {
    original.map(|original| pay_day.of_original(original, Holidays::published()))
}

pub(super) fn insert(
    tx: &mut Tx<'_>,
    order: &Order,
    fields: &JobFields,
    order_line: Option<i16>,
) -> Result<Job, DbError> {
    let (now, original) = (tx.now(), order.original_pay_on());
    let row: JobRow = diesel::insert_into(jobs::table)
        .values((
            jobs::order_id.eq(order.id),
            jobs::order_line.eq(order_line),
            jobs::original_pay_on.eq(original),
            jobs::fixed_pay_on.eq(fixed(fields.pay_day, original)),
            jobs::title.eq(&fields.title),
            jobs::rules.eq(&fields.rules),
            jobs::unit_minutes.eq(fields.unit_minutes),
            jobs::unit_pay.eq(fields.unit_pay),
            jobs::unit_pieces.eq(fields.unit_pieces),
            jobs::skill_id.eq(fields.skill_id),
            jobs::skill_level.eq(fields.skill_level),
            jobs::asks_phone.eq(fields.asks.phone),
            jobs::asks_video.eq(fields.asks.video),
            jobs::asks_long_slots.eq(fields.asks.long_slots),
            jobs::work_due_on.eq(fields.work_due_on),
            jobs::inspect_days.eq(fields.inspect_days),
            jobs::pay_day.eq(fields.pay_day.number()),
            jobs::offer_rule.eq(fields.offer_rule),
            jobs::keep_days.eq(fields.keep_days),
            jobs::review_levels.eq(fields.review_levels),
            jobs::created_at.eq(now),
        ))
        .returning(JobRow::as_returning())
        .get_result(tx.conn())?;
    Ok(row.into())
}

/// Notes that the units of a job are to be worked from something that they have not been given.
pub(super) fn set_lacks_material(tx: &mut Tx<'_>, id: JobId) -> Result<(), DbError> {
    diesel::update(jobs::table.filter(jobs::id.eq(id)))
        .set(jobs::lacks_material.eq(true))
        .execute(tx.conn())?;
    Ok(())
}

/// Whether units of a job that were not called off are worked from something of their own: a text, or files.
pub(super) fn has_material(tx: &mut Tx<'_>, id: JobId) -> Result<bool, DbError> {
    let file = unit_files::table.filter(unit_files::unit_id.eq(units::id));
    let given = units::table
        .filter(units::job_id.eq(id))
        .filter(units::state.ne(UnitState::Cancelled))
        .filter(units::content.ne("").or(exists(file)));
    Ok(diesel::select(exists(given)).get_result(tx.conn())?)
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
pub(crate) fn hold(tx: &mut Tx<'_>, id: JobId) -> Result<Job, DbError> {
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

/// Keeps everybody from claiming from any job of an order until this transaction ends; which jobs those are.
pub(crate) fn hold_of_order(tx: &mut Tx<'_>, order: OrderId) -> Result<Vec<JobId>, DbError> {
    Ok(jobs::table
        .filter(jobs::order_id.eq(order))
        .order(jobs::id)
        .select(jobs::id)
        .for_no_key_update()
        .load(tx.conn())?)
}

/// Writes when the original client of a held order's work pays, and so when each of its jobs is paid.
pub(crate) fn set_original_pay(
    tx: &mut Tx<'_>,
    order: OrderId,
    original: Option<NaiveDate>,
) -> Result<(), DbError> {
    let all: Vec<(JobId, i16)> = jobs::table
        .filter(jobs::order_id.eq(order))
        .order(jobs::id)
        .select((jobs::id, jobs::pay_day))
        .load(tx.conn())?;
    for (id, pay_day) in all {
        diesel::update(jobs::table.filter(jobs::id.eq(id)))
            .set((
                jobs::original_pay_on.eq(original),
                jobs::fixed_pay_on.eq(fixed(PayDay::stored(pay_day), original)),
                jobs::version.eq(jobs::version + 1),
            ))
            .execute(tx.conn())?;
    }
    Ok(())
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
            jobs::skill_level.eq(fields.skill_level),
            jobs::asks_phone.eq(fields.asks.phone),
            jobs::asks_video.eq(fields.asks.video),
            jobs::asks_long_slots.eq(fields.asks.long_slots),
            jobs::work_due_on.eq(fields.work_due_on),
            jobs::inspect_days.eq(fields.inspect_days),
            jobs::pay_day.eq(fields.pay_day.number()),
            jobs::offer_rule.eq(fields.offer_rule),
            jobs::keep_days.eq(fields.keep_days),
            jobs::review_levels.eq(fields.review_levels),
            jobs::fixed_pay_on.eq(fixed(fields.pay_day, job.original_pay_on)),
            jobs::rules_number.eq(job.rules_number + i32::from(fields.rules != job.rules)),
            jobs::version.eq(job.version + 1),
        ))
        .returning(JobRow::as_returning())
        .get_result(tx.conn())?;
    Ok(row.into())
}

/// Gives a held job another wording of its rules, which is the next version.
pub(crate) fn set_rules(tx: &mut Tx<'_>, job: &Job, text: &str) -> Result<Job, DbError> {
    let guarded = jobs::table.filter(jobs::id.eq(job.id)).filter(jobs::version.eq(job.version));
    let row: JobRow = diesel::update(guarded)
        .set((
            jobs::rules.eq(text),
            jobs::rules_number.eq(job.rules_number + 1),
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

/// The line of a held job begins anew when it is offered next, and its pool is closed.
pub(super) fn begin_anew(tx: &mut Tx<'_>, id: JobId) -> Result<(), DbError> {
    let none = None::<DateTime<Utc>>;
    diesel::update(jobs::table.filter(jobs::id.eq(id)))
        .set((jobs::offer_wave.eq(0), jobs::pool_opened_at.eq(none), jobs::pool_alerted_at.eq(none)))
        .execute(tx.conn())?;
    Ok(())
}

/// Says how often the line of a held job has begun.
pub(crate) fn set_wave(tx: &mut Tx<'_>, id: JobId, wave: i16) -> Result<(), DbError> {
    diesel::update(jobs::table.filter(jobs::id.eq(id))).set(jobs::offer_wave.eq(wave)).execute(tx.conn())?;
    Ok(())
}

/// Lets everybody whom a held job fits take of it, from now on where they could not before. Whoever is told of it may be
/// waited for, so what coordination was told before counts no more.
pub(crate) fn open_pool(tx: &mut Tx<'_>, id: JobId) -> Result<(), DbError> {
    let now = tx.now();
    diesel::update(jobs::table.filter(jobs::id.eq(id)).filter(jobs::pool_opened_at.is_null()))
        .set(jobs::pool_opened_at.eq(now))
        .execute(tx.conn())?;
    diesel::update(jobs::table.filter(jobs::id.eq(id)).filter(jobs::pool_alerted_at.is_not_null()))
        .set(jobs::pool_alerted_at.eq(None::<DateTime<Utc>>))
        .execute(tx.conn())?;
    Ok(())
}

/// Takes a held job out of its pool for as long as a portion is open; its line is over, so the pool opens anew when none is.
pub(crate) fn close_pool(tx: &mut Tx<'_>, id: JobId) -> Result<(), DbError> {
    let none = None::<DateTime<Utc>>;
    diesel::update(jobs::table.filter(jobs::id.eq(id)))
        .set((jobs::offer_wave.eq(MOST_WAVES), jobs::pool_opened_at.eq(none), jobs::pool_alerted_at.eq(none)))
        .execute(tx.conn())?;
    Ok(())
}

/// Notes that coordination is told of a pool; `false` where it was told before or there is none any more.
pub(crate) fn set_alerted(tx: &mut Tx<'_>, id: JobId) -> Result<bool, DbError> {
    let now = tx.now();
    let standing = jobs::table
        .filter(jobs::id.eq(id))
        .filter(jobs::pool_opened_at.is_not_null())
        .filter(jobs::pool_alerted_at.is_null());
    Ok(diesel::update(standing).set(jobs::pool_alerted_at.eq(now)).execute(tx.conn())? == 1)
}

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = BigInt)]
    job_id: JobId,
}

/// The jobs of some units of which portions are open.
pub(crate) fn with_portions(tx: &mut Tx<'_>, which: Which<'_>) -> Result<Vec<JobId>, DbError> {
    let rows: Vec<Found> = diesel::sql_query(format!(
        "SELECT DISTINCT units.job_id FROM units \
         JOIN offer_portions p ON p.job_id = units.job_id AND p.state = 'open' \
         WHERE {} ORDER BY units.job_id",
        which.condition()
    ))
    .bind::<Array<BigInt>, _>(which.ids())
    .load(tx.conn())?;
    Ok(rows.into_iter().map(|row| row.job_id).collect())
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
