//! Rows and writes of `offer_rounds`, `offer_decisions` and `offer_portions`.

use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use diesel::dsl::max;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Integer, Nullable, Text, Timestamptz};
use kernel::{JobId, WorkerId};

use super::model::{Outcome, PortionState, Round, RoundId, RoundKind};
use crate::schema::{offer_portions, offer_rounds};

#[derive(Queryable, Selectable)]
#[diesel(table_name = offer_rounds)]
pub(super) struct RoundRow {
    id: RoundId,
    job_id: JobId,
    number: i32,
    kind: RoundKind,
    seed: i64,
    waiting_units: i32,
    candidates: i32,
    began_at: DateTime<Utc>,
    answer_by: Option<DateTime<Utc>>,
}

impl From<RoundRow> for Round {
    fn from(row: RoundRow) -> Self {
        Self {
            id: row.id,
            job: row.job_id,
            number: row.number,
            kind: row.kind,
            seed: row.seed,
            waiting_units: row.waiting_units,
            candidates: row.candidates,
            began_at: row.began_at,
            answer_by: row.answer_by,
        }
    }
}

/// A round to be written.
#[derive(Debug, Clone, Copy)]
pub(super) struct NewRound {
    pub(super) job: JobId,
    pub(super) kind: RoundKind,
    pub(super) seed: u64,
    pub(super) waiting_units: i64,
    pub(super) candidates: usize,
    /// None for a pool.
    pub(super) answer_by: Option<DateTime<Utc>>,
}

/// What it decides about one worker, in the order of the places.
#[derive(Debug, Clone, Copy)]
pub(super) struct NewDecision {
    pub(super) worker: WorkerId,
    pub(super) outcome: Outcome,
    pub(super) units: i64,
    pub(super) level_per_mille: Option<i64>,
    pub(super) granted_minutes: i64,
    pub(super) wished_minutes: i64,
}

fn narrow(number: i64) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

/// Writes a round with everything it decided. The caller holds the job, so numbers follow each other.
pub(super) fn insert(tx: &mut Tx<'_>, round: &NewRound, decisions: &[NewDecision]) -> Result<Round, DbError> {
    let last: Option<i32> = offer_rounds::table
        .filter(offer_rounds::job_id.eq(round.job))
        .select(max(offer_rounds::number))
        .first(tx.conn())?;
    let now = tx.now();
    let row: RoundRow = diesel::insert_into(offer_rounds::table)
        .values((
            offer_rounds::job_id.eq(round.job),
            offer_rounds::number.eq(last.unwrap_or_default() + 1),
            offer_rounds::kind.eq(round.kind),
            offer_rounds::seed.eq(round.seed.cast_signed()),
            offer_rounds::waiting_units.eq(narrow(round.waiting_units)),
            offer_rounds::candidates.eq(i32::try_from(round.candidates).unwrap_or(i32::MAX)),
            offer_rounds::began_at.eq(now),
            offer_rounds::answer_by.eq(round.answer_by),
        ))
        .returning(RoundRow::as_returning())
        .get_result(tx.conn())?;
    let round = Round::from(row);
    insert_decisions(tx, &round, decisions)?;
    insert_portions(tx, &round, decisions)?;
    Ok(round)
}

fn insert_decisions(tx: &mut Tx<'_>, round: &Round, decisions: &[NewDecision]) -> Result<(), DbError> {
    let workers: Vec<i64> = decisions.iter().map(|one| one.worker.0).collect();
    let outcomes: Vec<&str> = decisions.iter().map(|one| one.outcome.as_str()).collect();
    let units: Vec<i32> = decisions.iter().map(|one| narrow(one.units)).collect();
    let levels: Vec<Option<i32>> = decisions.iter().map(|one| one.level_per_mille.map(narrow)).collect();
    let granted: Vec<i32> = decisions.iter().map(|one| narrow(one.granted_minutes)).collect();
    let wished: Vec<i32> = decisions.iter().map(|one| narrow(one.wished_minutes)).collect();
    diesel::sql_query(
        "INSERT INTO offer_decisions (round_id, place, worker_id, outcome, units, level_per_mille, \
             granted_minutes, wished_minutes, decided_at) \
         SELECT $1, n.place::integer, n.worker_id, n.outcome, n.units, n.level, n.granted, n.wished, $2 \
         FROM unnest($3, $4, $5, $6, $7, $8) WITH ORDINALITY \
             AS n (worker_id, outcome, units, level, granted, wished, place)",
    )
    .bind::<BigInt, _>(round.id)
    .bind::<Timestamptz, _>(round.began_at)
    .bind::<Array<BigInt>, _>(workers)
    .bind::<Array<Text>, _>(outcomes)
    .bind::<Array<Integer>, _>(units)
    .bind::<Array<Nullable<Integer>>, _>(levels)
    .bind::<Array<Integer>, _>(granted)
    .bind::<Array<Integer>, _>(wished)
    .execute(tx.conn())?;
    Ok(())
}

fn insert_portions(tx: &mut Tx<'_>, round: &Round, decisions: &[NewDecision]) -> Result<(), DbError> {
    let Some(answer_by) = round.answer_by else { return Ok(()) };
    let asked: Vec<&NewDecision> = decisions.iter().filter(|one| one.units > 0).collect();
    diesel::sql_query(
        "INSERT INTO offer_portions (round_id, job_id, worker_id, units, answer_by) \
         SELECT $1, $2, n.worker_id, n.units, $3 FROM unnest($4, $5) AS n (worker_id, units)",
    )
    .bind::<BigInt, _>(round.id)
    .bind::<BigInt, _>(round.job)
    .bind::<Timestamptz, _>(answer_by)
    .bind::<Array<BigInt>, _>(asked.iter().map(|one| one.worker.0).collect::<Vec<_>>())
    .bind::<Array<Integer>, _>(asked.iter().map(|one| narrow(one.units)).collect::<Vec<_>>())
    .execute(tx.conn())?;
    Ok(())
}

/// Takes so many units out of a worker's open portion; `false` where it holds fewer or its time is over. Guarded by the
/// row itself: two claims at once never take more than it holds.
pub(super) fn take(tx: &mut Tx<'_>, job: JobId, worker: WorkerId, units: i64) -> Result<bool, DbError> {
    let now = tx.now();
    let taken = diesel::sql_query(
        "UPDATE offer_portions SET claimed = claimed + $3, \
             state = CASE WHEN claimed + $3 = units THEN 'claimed' ELSE state END, \
             ended_at = CASE WHEN claimed + $3 = units THEN $4 END \
         WHERE job_id = $1 AND worker_id = $2 AND state = 'open' AND answer_by > $4 AND units - claimed >= $3",
    )
    .bind::<BigInt, _>(job)
    .bind::<BigInt, _>(worker)
    .bind::<Integer, _>(narrow(units))
    .bind::<Timestamptz, _>(now)
    .execute(tx.conn())?;
    Ok(taken == 1)
}

#[derive(QueryableByName)]
struct Lapsed {
    #[diesel(sql_type = BigInt)]
    worker_id: WorkerId,
    #[diesel(sql_type = Bool)]
    unanswered: bool,
}

/// Ends the portions of a job whose time is over; gives back who did not answer at all. Whoever took a part of theirs
/// did answer.
pub(super) fn lapse(tx: &mut Tx<'_>, job: JobId) -> Result<Vec<WorkerId>, DbError> {
    let now = tx.now();
    let rows: Vec<Lapsed> = diesel::sql_query(
        "UPDATE offer_portions SET state = CASE WHEN claimed > 0 THEN 'claimed' ELSE 'passed' END, ended_at = $2 \
         WHERE job_id = $1 AND state = 'open' AND answer_by <= $2 \
         RETURNING worker_id, claimed = 0 AS unanswered",
    )
    .bind::<BigInt, _>(job)
    .bind::<Timestamptz, _>(now)
    .load(tx.conn())?;
    Ok(rows.into_iter().filter(|row| row.unanswered).map(|row| row.worker_id).collect())
}

/// Ends a worker's open portion of a job as not wanted; `false` where there is none.
pub(super) fn decline(tx: &mut Tx<'_>, job: JobId, worker: WorkerId) -> Result<bool, DbError> {
    let now = tx.now();
    let open = offer_portions::table
        .filter(offer_portions::job_id.eq(job))
        .filter(offer_portions::worker_id.eq(worker))
        .filter(offer_portions::state.eq(PortionState::Open));
    let ended = diesel::update(open)
        .set((offer_portions::state.eq(PortionState::Declined), offer_portions::ended_at.eq(now)))
        .execute(tx.conn())?;
    Ok(ended > 0)
}

/// Opens the newest portion again that a worker let go, with at most `most` units more than they took of it; `false` where
/// there is none. The caller holds the job.
pub(super) fn reopen(
    tx: &mut Tx<'_>,
    job: JobId,
    worker: WorkerId,
    most: i64,
    answer_by: DateTime<Utc>,
) -> Result<bool, DbError> {
    let opened = diesel::sql_query(
        "UPDATE offer_portions SET state = 'open', ended_at = NULL, answer_by = $4, \
             units = LEAST(units, claimed + $3) \
         WHERE id = (SELECT p.id FROM offer_portions p WHERE p.job_id = $1 AND p.worker_id = $2 ORDER BY p.id DESC LIMIT 1) \
             AND state IN ('declined', 'passed') AND claimed < units",
    )
    .bind::<BigInt, _>(job)
    .bind::<BigInt, _>(worker)
    .bind::<Integer, _>(narrow(most))
    .bind::<Timestamptz, _>(answer_by)
    .execute(tx.conn())?;
    Ok(opened == 1)
}

/// Ends every open portion of a job: the town took it back.
pub(super) fn withdraw(tx: &mut Tx<'_>, job: JobId) -> Result<(), DbError> {
    let now = tx.now();
    let open = offer_portions::table
        .filter(offer_portions::job_id.eq(job))
        .filter(offer_portions::state.eq(PortionState::Open));
    diesel::update(open)
        .set((offer_portions::state.eq(PortionState::Withdrawn), offer_portions::ended_at.eq(now)))
        .execute(tx.conn())?;
    Ok(())
}

/// Ends every open portion of a worker, or of some jobs alone: the town took it back. Gives back the jobs.
pub(super) fn withdraw_from(
    tx: &mut Tx<'_>,
    worker: WorkerId,
    jobs: Option<&[JobId]>,
) -> Result<Vec<JobId>, DbError> {
    let now = tx.now();
    let mut open = diesel::update(offer_portions::table)
        .filter(offer_portions::worker_id.eq(worker))
        .filter(offer_portions::state.eq(PortionState::Open))
        .set((offer_portions::state.eq(PortionState::Withdrawn), offer_portions::ended_at.eq(now)))
        .into_boxed();
    if let Some(jobs) = jobs {
        open = open.filter(offer_portions::job_id.eq_any(jobs.to_vec()));
    }
    Ok(open.returning(offer_portions::job_id).get_results(tx.conn())?)
}

/// Leaves of one open portion only what was claimed and `kept` units more.
pub(super) fn cut(tx: &mut Tx<'_>, portion: i64, kept: i64) -> Result<(), DbError> {
    let now = tx.now();
    diesel::sql_query(
        "UPDATE offer_portions SET units = CASE WHEN $2 > 0 THEN claimed + $2 ELSE units END, \
             state = CASE WHEN $2 > 0 THEN state WHEN claimed > 0 THEN 'claimed' ELSE 'withdrawn' END, \
             ended_at = CASE WHEN $2 > 0 THEN NULL ELSE $3 END \
         WHERE id = $1 AND state = 'open'",
    )
    .bind::<BigInt, _>(portion)
    .bind::<Integer, _>(narrow(kept))
    .bind::<Timestamptz, _>(now)
    .execute(tx.conn())?;
    Ok(())
}
