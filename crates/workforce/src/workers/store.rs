//! Rows and writes of `workers` and `worker_events`.

use chrono::{DateTime, NaiveDate, Utc};
use db::{DbError, Tx};
use diesel::dsl::{exists, sql};
use diesel::prelude::*;
use diesel::sql_types::{Bool, Date};
use kernel::{PersonId, WorkerId, date_in_japan};

use super::model::{Happened, WithdrawalReason, Worker, WorkerState, WorkerStep, forgotten_until};
use crate::schema::{
    bank_accounts, care_requests, interviews, offered_days, week_windows, work_conditions, worker_events,
    workers,
};

#[derive(Queryable, Selectable)]
#[diesel(table_name = workers)]
pub(crate) struct WorkerRow {
    id: WorkerId,
    person_id: PersonId,
    state: WorkerState,
    stands_since: NaiveDate,
    registered_on: Option<NaiveDate>,
    withdrawn_on: Option<NaiveDate>,
    withdrawal_reason: Option<WithdrawalReason>,
    weekly_minutes: i32,
    phone: String,
    created_at: DateTime<Utc>,
    version: i32,
}

impl From<WorkerRow> for Worker {
    fn from(row: WorkerRow) -> Self {
        Self {
            id: row.id,
            person_id: row.person_id,
            state: row.state,
            stands_since: row.stands_since,
            registered_on: row.registered_on,
            withdrawn_on: row.withdrawn_on,
            withdrawal_reason: row.withdrawal_reason,
            weekly_minutes: row.weekly_minutes,
            phone: row.phone,
            created_at: row.created_at,
            version: row.version,
        }
    }
}

/// Reads one worker and keeps everybody else from changing them until this transaction ends; whoever promises
/// hours on the worker's behalf holds the worker first.
pub fn hold(tx: &mut Tx<'_>, id: WorkerId) -> Result<Worker, DbError> {
    let row: WorkerRow = workers::table
        .filter(workers::id.eq(id))
        .select(WorkerRow::as_select())
        .for_no_key_update()
        .first(tx.conn())?;
    Ok(row.into())
}

pub(super) fn insert(
    tx: &mut Tx<'_>,
    person: PersonId,
    minutes: i32,
    step: WorkerStep,
    happened: Happened,
) -> Result<Worker, DbError> {
    let registered = step == WorkerStep::Registered;
    let state = if registered { WorkerState::Registered } else { WorkerState::Applicant };
    let now = tx.now();
    let row: WorkerRow = diesel::insert_into(workers::table)
        .values((
            workers::person_id.eq(person),
            workers::state.eq(state),
            workers::stands_since.eq(happened.on),
            workers::registered_on.eq(registered.then_some(happened.on)),
            workers::weekly_minutes.eq(minutes),
            workers::created_at.eq(now),
        ))
        .returning(WorkerRow::as_returning())
        .get_result(tx.conn())?;
    Ok(row.into())
}

/// [`DbError::NotFound`] when the worker is no longer in the state it was read in.
pub(super) fn set_state(
    tx: &mut Tx<'_>,
    worker: &Worker,
    state: WorkerState,
    happened: Happened,
) -> Result<Worker, DbError> {
    let withdrawn = state == WorkerState::Withdrawn;
    let guarded = workers::table.filter(workers::id.eq(worker.id)).filter(workers::state.eq(worker.state));
    let row: WorkerRow = diesel::update(guarded)
        .set((
            workers::state.eq(state),
            workers::stands_since.eq(happened.on),
            workers::registered_on.eq(worker.registered_on.unwrap_or(happened.on)),
            workers::withdrawn_on.eq(withdrawn.then_some(happened.on)),
            workers::withdrawal_reason.eq(happened.reason),
            workers::version.eq(worker.version + 1),
        ))
        .returning(WorkerRow::as_returning())
        .get_result(tx.conn())?;
    Ok(row.into())
}

/// `None` when the row is no longer at `version`.
pub(super) fn set_minutes(
    tx: &mut Tx<'_>,
    id: WorkerId,
    version: i32,
    minutes: i32,
) -> Result<Option<Worker>, DbError> {
    let guarded = workers::table.filter(workers::id.eq(id)).filter(workers::version.eq(version));
    let row: Option<WorkerRow> = diesel::update(guarded)
        .set((workers::weekly_minutes.eq(minutes), workers::version.eq(version + 1)))
        .returning(WorkerRow::as_returning())
        .get_result(tx.conn())
        .optional()?;
    Ok(row.map(Worker::from))
}

/// `None` when the row is no longer at `version`.
pub(super) fn set_phone(
    tx: &mut Tx<'_>,
    id: WorkerId,
    version: i32,
    phone: &str,
) -> Result<Option<Worker>, DbError> {
    let guarded = workers::table.filter(workers::id.eq(id)).filter(workers::version.eq(version));
    let row: Option<WorkerRow> = diesel::update(guarded)
        .set((workers::phone.eq(phone), workers::version.eq(version + 1)))
        .returning(WorkerRow::as_returning())
        .get_result(tx.conn())
        .optional()?;
    Ok(row.map(Worker::from))
}

/// Those who left on `day` or before, oldest first, of whom something is still kept.
pub(crate) fn to_forget(tx: &mut Tx<'_>, day: NaiveDate) -> Result<Vec<WorkerId>, DbError> {
    let interviewed = interviews::table.filter(interviews::worker_id.eq(workers::id));
    let offered = week_windows::table.filter(week_windows::worker_id.eq(workers::id));
    let days = offered_days::table.filter(offered_days::worker_id.eq(workers::id));
    let conditions = work_conditions::table.filter(work_conditions::worker_id.eq(workers::id));
    let hours = exists(offered).or(exists(days)).or(exists(conditions));
    let accounts = bank_accounts::table.filter(bank_accounts::worker_id.eq(workers::id));
    let wishes = care_requests::table.filter(care_requests::worker_id.eq(workers::id));
    Ok(workers::table
        .filter(workers::state.eq(WorkerState::Withdrawn))
        .filter(workers::withdrawn_on.le(day))
        .filter(
            workers::phone.ne("").or(exists(interviewed)).or(hours).or(exists(accounts)).or(exists(wishes)),
        )
        .order(workers::id)
        .select(workers::id)
        .load(tx.conn())?)
}

/// Applicants whose last interview, on `day` or before, said that they do not take part for now.
pub(crate) fn said_no_until(tx: &mut Tx<'_>, day: NaiveDate) -> Result<Vec<WorkerId>, DbError> {
    let said_no = sql::<Bool>(
        "EXISTS (SELECT FROM interviews i WHERE i.organization_id = workers.organization_id \
         AND i.worker_id = workers.id AND i.outcome = 'not_now' \
         AND NOT EXISTS (SELECT FROM interviews l WHERE l.organization_id = i.organization_id \
             AND l.worker_id = i.worker_id AND l.id > i.id AND l.state <> 'called_off') \
         AND (i.starts_at AT TIME ZONE 'Asia/Tokyo')::date <= ",
    )
    .bind::<Date, _>(day)
    .sql(")");
    Ok(workers::table
        .filter(workers::state.eq(WorkerState::Applicant))
        .filter(said_no)
        .order(workers::id)
        .select(workers::id)
        .load(tx.conn())?)
}

/// Everybody who left so long ago that what is kept of them is forgotten by today.
pub fn left_long_ago(tx: &mut Tx<'_>) -> Result<Vec<WorkerId>, DbError> {
    let day = forgotten_until(date_in_japan(tx.now()));
    Ok(workers::table
        .filter(workers::state.eq(WorkerState::Withdrawn))
        .filter(workers::withdrawn_on.le(day))
        .order(workers::id)
        .select(workers::id)
        .load(tx.conn())?)
}

/// Forgets where some workers could be called.
pub(crate) fn forget_phones(tx: &mut Tx<'_>, ids: &[WorkerId]) -> Result<usize, DbError> {
    let reachable = workers::table.filter(workers::id.eq_any(ids)).filter(workers::phone.ne(""));
    Ok(diesel::update(reachable)
        .set((workers::phone.eq(""), workers::version.eq(workers::version + 1)))
        .execute(tx.conn())?)
}

pub(super) fn note(
    tx: &mut Tx<'_>,
    id: WorkerId,
    step: WorkerStep,
    happened: Happened,
) -> Result<(), DbError> {
    let (actor, now) = (tx.actor().to_string(), tx.now());
    diesel::insert_into(worker_events::table)
        .values((
            worker_events::worker_id.eq(id),
            worker_events::kind.eq(step),
            worker_events::reason.eq(happened.reason),
            worker_events::happened_on.eq(happened.on),
            worker_events::actor.eq(actor),
            worker_events::recorded_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(())
}
