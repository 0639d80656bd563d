//! Reading rounds: how a job was shared out, what lies before whom, and why somebody was offered it or not.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use db::{DbError, Tx};
use diesel::dsl::{count_star, exists};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Nullable, Text, Timestamptz};
use kernel::{JobId, OrderId, Page, Paging, WorkerId};

use super::hours;
use super::model::{
    Decision, OpenPortion, Outcome, PlaceKey, PortionState, Round, RoundId, RoundKey, RoundKind,
    RoundOfWorker, Why,
};
use super::standings;
use super::store::RoundRow;
use crate::jobs::{self, Job, JobState};
use crate::offers;
use crate::orders::OrderState;
use crate::schema::{jobs as stored, offer_decisions, offer_portions, offer_rounds, orders, units};
use crate::units::UnitState;

/// What of a job waits for somebody and may still be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Waiting {
    pub(super) units: i64,
    /// The last day any of it is received; none where nothing waits.
    pub(super) until: Option<NaiveDate>,
}

#[derive(QueryableByName)]
struct WaitingRow {
    #[diesel(sql_type = BigInt)]
    units: i64,
    #[diesel(sql_type = Nullable<Date>)]
    until: Option<NaiveDate>,
}

pub(super) fn waiting(tx: &mut Tx<'_>, job: JobId) -> Result<Waiting, DbError> {
    let today = crate::today(tx);
    let row: WaitingRow = diesel::sql_query(
        "SELECT count(*) AS units, max(COALESCE(u.due_on, j.work_due_on)) AS until \
         FROM units u JOIN jobs j ON j.id = u.job_id \
         WHERE u.job_id = $1 AND u.state = 'offered' AND COALESCE(u.due_on, j.work_due_on) >= $2",
    )
    .bind::<BigInt, _>(job)
    .bind::<Date, _>(today)
    .get_result(tx.conn())?;
    Ok(Waiting { units: row.units, until: row.until })
}

#[derive(QueryableByName)]
struct Sum {
    #[diesel(sql_type = BigInt)]
    units: i64,
}

/// How many units of a job lie in open portions.
pub(super) fn kept(tx: &mut Tx<'_>, job: JobId) -> Result<i64, DbError> {
    let row: Sum = diesel::sql_query(
        "SELECT COALESCE(sum(units - claimed), 0)::bigint AS units FROM offer_portions \
         WHERE job_id = $1 AND state = 'open'",
    )
    .bind::<BigInt, _>(job)
    .get_result(tx.conn())?;
    Ok(row.units)
}

/// How many units of a job wait for somebody, whatever their day.
pub(super) fn offered(tx: &mut Tx<'_>, job: JobId) -> Result<i64, DbError> {
    let waiting = units::table.filter(units::job_id.eq(job)).filter(units::state.eq(UnitState::Offered));
    Ok(waiting.count().get_result(tx.conn())?)
}

/// The open portions of a job with what is left of each, the last in the line first.
pub(super) fn open_portions(tx: &mut Tx<'_>, job: JobId) -> Result<Vec<(i64, i64)>, DbError> {
    let decided = offer_decisions::round_id
        .eq(offer_portions::round_id)
        .and(offer_decisions::worker_id.eq(offer_portions::worker_id));
    let rows: Vec<(i64, i32)> = offer_portions::table
        .inner_join(offer_decisions::table.on(decided))
        .filter(offer_portions::job_id.eq(job))
        .filter(offer_portions::state.eq(PortionState::Open))
        .order((offer_portions::round_id.desc(), offer_decisions::place.desc()))
        .select((offer_portions::id, offer_portions::units - offer_portions::claimed))
        .load(tx.conn())?;
    Ok(rows.into_iter().map(|(id, left)| (id, i64::from(left))).collect())
}

/// Who has an open portion of a job.
pub(super) fn with_portion(tx: &mut Tx<'_>, job: JobId) -> Result<HashSet<WorkerId>, DbError> {
    let workers: Vec<WorkerId> = offer_portions::table
        .filter(offer_portions::job_id.eq(job))
        .filter(offer_portions::state.eq(PortionState::Open))
        .select(offer_portions::worker_id)
        .load(tx.conn())?;
    Ok(workers.into_iter().collect())
}

/// How many portions of a job each worker let pass without an answer.
pub(super) fn silences(tx: &mut Tx<'_>, job: JobId) -> Result<HashMap<WorkerId, i64>, DbError> {
    let rows: Vec<(WorkerId, i64)> = offer_portions::table
        .filter(offer_portions::job_id.eq(job))
        .filter(offer_portions::state.eq(PortionState::Passed))
        .group_by(offer_portions::worker_id)
        .select((offer_portions::worker_id, count_star()))
        .load(tx.conn())?;
    Ok(rows.into_iter().collect())
}

#[derive(QueryableByName)]
struct Minutes {
    #[diesel(sql_type = BigInt)]
    worker_id: WorkerId,
    #[diesel(sql_type = BigInt)]
    minutes: i64,
}

/// Minutes that lie before workers, of all jobs, and that they have not answered.
pub(super) fn standing_minutes(tx: &mut Tx<'_>) -> Result<HashMap<WorkerId, i64>, DbError> {
    let now = tx.now();
    let rows: Vec<Minutes> = diesel::sql_query(
        "SELECT p.worker_id, sum((p.units - p.claimed) * j.unit_minutes)::bigint AS minutes \
         FROM offer_portions p JOIN jobs j ON j.id = p.job_id \
         WHERE p.state = 'open' AND p.answer_by > $1 GROUP BY p.worker_id",
    )
    .bind::<Timestamptz, _>(now)
    .load(tx.conn())?;
    Ok(rows.into_iter().map(|row| (row.worker_id, row.minutes)).collect())
}

/// What lies before a worker for a time, by job.
pub(crate) fn portions_of(
    tx: &mut Tx<'_>,
    worker: WorkerId,
    ids: &[JobId],
) -> Result<HashMap<JobId, OpenPortion>, DbError> {
    let now = tx.now();
    let rows: Vec<(JobId, i32, DateTime<Utc>)> = offer_portions::table
        .filter(offer_portions::worker_id.eq(worker))
        .filter(offer_portions::job_id.eq_any(ids))
        .filter(offer_portions::state.eq(PortionState::Open))
        .filter(offer_portions::answer_by.gt(now))
        .select((
            offer_portions::job_id,
            offer_portions::units - offer_portions::claimed,
            offer_portions::answer_by,
        ))
        .load(tx.conn())?;
    let portion =
        |(job, left, answer_by): (JobId, i32, _)| (job, OpenPortion { units: left.into(), answer_by });
    Ok(rows.into_iter().map(portion).collect())
}

/// What became of the newest portion that a worker had of a job; an open one whose time is over has passed.
pub(crate) fn last_portion(
    tx: &mut Tx<'_>,
    worker: WorkerId,
    job: JobId,
) -> Result<Option<PortionState>, DbError> {
    let now = tx.now();
    let row: Option<(PortionState, i32, DateTime<Utc>)> = offer_portions::table
        .filter(offer_portions::job_id.eq(job))
        .filter(offer_portions::worker_id.eq(worker))
        .order(offer_portions::id.desc())
        .select((offer_portions::state, offer_portions::claimed, offer_portions::answer_by))
        .first(tx.conn())
        .optional()?;
    Ok(row.map(|(state, claimed, answer_by)| match state {
        PortionState::Open if answer_by <= now && claimed == 0 => PortionState::Passed,
        PortionState::Open if answer_by <= now => PortionState::Claimed,
        state => state,
    }))
}

/// The rounds of a job, the newest first.
pub fn of_job(
    tx: &mut Tx<'_>,
    job: JobId,
    paging: &Paging<RoundKey>,
) -> Result<Page<Round, RoundKey>, DbError> {
    let RoundKey(before) = paging.after.unwrap_or(RoundKey(i32::MAX));
    let rows: Vec<RoundRow> = offer_rounds::table
        .filter(offer_rounds::job_id.eq(job))
        .filter(offer_rounds::number.lt(before))
        .order(offer_rounds::number.desc())
        .limit(paging.probe())
        .select(RoundRow::as_select())
        .load(tx.conn())?;
    Ok(Page::cut(rows.into_iter().map(Round::from).collect(), paging, |round: &Round| RoundKey(round.number)))
}

/// One round of a job; [`DbError::NotFound`] where it has none of that number.
pub fn find(tx: &mut Tx<'_>, job: JobId, number: i32) -> Result<Round, DbError> {
    let row: RoundRow = offer_rounds::table
        .filter(offer_rounds::job_id.eq(job))
        .filter(offer_rounds::number.eq(number))
        .select(RoundRow::as_select())
        .first(tx.conn())?;
    Ok(row.into())
}

type DecisionRow = (WorkerId, Outcome, i32, i32, Option<i32>, i32, i32, Option<(PortionState, i32)>);

fn decision(row: DecisionRow) -> Decision {
    let (worker, outcome, place, units, level_per_mille, granted_minutes, wished_minutes, portion) = row;
    let (answer, claimed) = portion.unzip();
    Decision {
        worker,
        outcome,
        place,
        units,
        level_per_mille,
        granted_minutes,
        wished_minutes,
        answer,
        claimed,
    }
}

/// What a round decided about everybody, in the order of their places.
pub fn decisions(
    tx: &mut Tx<'_>,
    round: RoundId,
    paging: &Paging<PlaceKey>,
) -> Result<Page<Decision, PlaceKey>, DbError> {
    let PlaceKey(after) = paging.after.unwrap_or(PlaceKey(0));
    let answered = offer_portions::round_id
        .eq(offer_decisions::round_id)
        .and(offer_portions::worker_id.eq(offer_decisions::worker_id));
    let rows: Vec<DecisionRow> = offer_decisions::table
        .left_join(offer_portions::table.on(answered))
        .filter(offer_decisions::round_id.eq(round))
        .filter(offer_decisions::place.gt(after))
        .order(offer_decisions::place)
        .limit(paging.probe())
        .select((
            offer_decisions::worker_id,
            offer_decisions::outcome,
            offer_decisions::place,
            offer_decisions::units,
            offer_decisions::level_per_mille,
            offer_decisions::granted_minutes,
            offer_decisions::wished_minutes,
            (offer_portions::state, offer_portions::claimed).nullable(),
        ))
        .load(tx.conn())?;
    let page = Page::cut(rows, paging, |row| PlaceKey(row.2));
    Ok(page.map(decision))
}

/// How many rounds [`why`] shows at most.
const MOST_SHOWN: i64 = 20;

/// Why a worker was offered a job or was not. [`DbError::NotFound`] for a job that was never put before anybody.
pub fn why(tx: &mut Tx<'_>, worker: WorkerId, id: JobId) -> Result<Why, DbError> {
    let job = jobs::find(tx, id)?;
    if job.state == JobState::Draft {
        return Err(DbError::NotFound);
    }
    let answered = offer_portions::round_id
        .eq(offer_decisions::round_id)
        .and(offer_portions::worker_id.eq(offer_decisions::worker_id));
    let rows: Vec<(RoundRow, DecisionRow)> = offer_decisions::table
        .inner_join(offer_rounds::table.on(offer_rounds::id.eq(offer_decisions::round_id)))
        .left_join(offer_portions::table.on(answered))
        .filter(offer_rounds::job_id.eq(id))
        .filter(offer_decisions::worker_id.eq(worker))
        .order(offer_rounds::number.desc())
        .limit(MOST_SHOWN)
        .select((
            RoundRow::as_select(),
            (
                offer_decisions::worker_id,
                offer_decisions::outcome,
                offer_decisions::place,
                offer_decisions::units,
                offer_decisions::level_per_mille,
                offer_decisions::granted_minutes,
                offer_decisions::wished_minutes,
                (offer_portions::state, offer_portions::claimed).nullable(),
            ),
        ))
        .load(tx.conn())?;
    Ok(Why {
        rule: job.offer_rule,
        open_to_all_since: job.open_to_all_since(),
        rounds: rows
            .into_iter()
            .map(|(round, row)| RoundOfWorker { round: round.into(), decision: decision(row) })
            .collect(),
        portion: portions_of(tx, worker, &[id])?.remove(&id),
        today: standings::today_of(tx, &job, worker)?,
        is_before: offers::is_before(tx, id, worker)?,
    })
}

/// A job whose rounds passed a worker by, or that lay before them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LookedAt {
    /// The job.
    pub job: JobId,
    /// What it is called.
    pub title: String,
    /// What its newest round decided about them.
    pub outcome: Outcome,
    /// When.
    pub at: DateTime<Utc>,
}

#[derive(QueryableByName)]
struct PassedBy {
    #[diesel(sql_type = BigInt)]
    job_id: JobId,
    #[diesel(sql_type = Text)]
    title: String,
    #[diesel(sql_type = Text)]
    outcome: Outcome,
    #[diesel(sql_type = Timestamptz)]
    decided_at: DateTime<Utc>,
}

/// The jobs that never were before a worker and whose newest round passed them by, the newest first, `most` at most.
pub fn passed_by(tx: &mut Tx<'_>, worker: WorkerId, most: i64) -> Result<Vec<LookedAt>, DbError> {
    let rows: Vec<PassedBy> = diesel::sql_query(
        "SELECT r.job_id, j.title, d.outcome, d.decided_at \
         FROM offer_decisions d JOIN offer_rounds r ON r.id = d.round_id JOIN jobs j ON j.id = r.job_id \
         WHERE d.worker_id = $1 AND d.outcome NOT IN ('asked', 'told', 'has_portion', 'not_started') \
             AND r.number = (SELECT max(n.number) FROM offer_rounds n WHERE n.job_id = r.job_id) \
             AND NOT EXISTS (SELECT FROM offer_portions p WHERE p.job_id = r.job_id AND p.worker_id = d.worker_id) \
             AND NOT EXISTS (SELECT FROM offers o WHERE o.job_id = r.job_id AND o.worker_id = d.worker_id \
                 AND o.state <> 'withdrawn') \
         ORDER BY d.round_id DESC LIMIT $2",
    )
    .bind::<BigInt, _>(worker)
    .bind::<BigInt, _>(most)
    .load(tx.conn())?;
    let looked = |row: PassedBy| LookedAt {
        job: row.job_id,
        title: row.title,
        outcome: row.outcome,
        at: row.decided_at,
    };
    Ok(rows.into_iter().map(looked).collect())
}

/// When everybody whom a job fits was told last that they may take of it; none where that never reached anybody.
pub(super) fn told_at(tx: &mut Tx<'_>, job: JobId) -> Result<Option<DateTime<Utc>>, DbError> {
    Ok(offer_rounds::table
        .filter(offer_rounds::job_id.eq(job))
        .filter(offer_rounds::kind.eq(RoundKind::Pool))
        .filter(offer_rounds::candidates.gt(0))
        .order(offer_rounds::number.desc())
        .select(offer_rounds::began_at)
        .first(tx.conn())
        .optional()?)
}

/// The jobs under way, by the index `jobs_offered`.
pub(super) fn under_way(tx: &mut Tx<'_>) -> Result<Vec<Job>, DbError> {
    let ids: Vec<JobId> = stored::table
        .inner_join(orders::table.on(orders::id.eq(stored::order_id)))
        .filter(stored::state.eq(JobState::Offered))
        .filter(orders::state.eq(OrderState::Running))
        .order(stored::id)
        .select(stored::id)
        .load(tx.conn())?;
    ids.into_iter().map(|id| jobs::find(tx, id)).collect()
}

/// Allowed hours after which nobody can be expected to come for what waits in an open pool.
const PATIENCE: TimeDelta = TimeDelta::hours(24);

/// When coordination is told that nobody comes for what everybody was told of.
pub(super) fn alert_at(told_at: DateTime<Utc>) -> DateTime<Utc> {
    hours::after(told_at, PATIENCE)
}

/// Whether those whom a job fits have had a day of allowed hours to take of it since they were told; `false` where it never
/// fitted anybody.
pub fn has_stood(tx: &mut Tx<'_>, job: JobId) -> Result<bool, DbError> {
    Ok(told_at(tx, job)?.is_some_and(|told_at| alert_at(told_at) <= tx.now()))
}

/// Work that nobody takes: it fits nobody, or nobody came for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unclaimed {
    /// The job.
    pub job: JobId,
    /// What it is called.
    pub title: String,
    /// Its order.
    pub order: OrderId,
    /// The last day work is received.
    pub work_due_on: NaiveDate,
}

/// Jobs about which coordination was told that nobody takes them and of which units still wait, the most urgent first.
pub fn unclaimed(tx: &mut Tx<'_>, most: i64) -> Result<Vec<Unclaimed>, DbError> {
    let waits = units::table.filter(units::job_id.eq(stored::id)).filter(units::state.eq(UnitState::Offered));
    let rows: Vec<(JobId, String, OrderId, NaiveDate)> = stored::table
        .filter(stored::state.eq(JobState::Offered))
        .filter(stored::pool_alerted_at.is_not_null())
        .filter(exists(waits))
        .order((stored::work_due_on, stored::id))
        .limit(most)
        .select((stored::id, stored::title, stored::order_id, stored::work_due_on))
        .load(tx.conn())?;
    let one = |(job, title, order, work_due_on)| Unclaimed { job, title, order, work_due_on };
    Ok(rows.into_iter().map(one).collect())
}
