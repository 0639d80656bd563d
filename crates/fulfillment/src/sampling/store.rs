//! Rows and writes of `sampling_streams` and `critical_units`, and of plans, seeds, draws and switches, which are written once; a
//! seed is shown later.

use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Timestamptz};
use kernel::{JobId, PersonId, UnitId};
use workforce::skills::SkillId;

use super::lists;
use super::model::{JobSampling, Kind, Phase, Rule, Run, SeedId, Stream, StreamId, SwitchReason, is_drawn};
use super::plans::FlowPlan;
use crate::jobs::Job;
use crate::schema::{
    critical_units, job_samplings, sampling_draws, sampling_seeds, sampling_streams, sampling_switches,
};
use crate::submissions::Submission;

/// How many draws one seed makes: after them it is shown, so that whoever was drawn need not wait for ever to see that it was right.
const MOST_DRAWS: i32 = 50;

#[derive(Queryable, Selectable)]
#[diesel(table_name = job_samplings)]
pub(super) struct SamplingRow {
    job_id: JobId,
    number: i32,
    rule: Rule,
    clean: Option<i16>,
    one_in: Option<i16>,
    changed_by: PersonId,
    changed_at: DateTime<Utc>,
}

impl From<SamplingRow> for JobSampling {
    fn from(row: SamplingRow) -> Self {
        Self {
            job_id: row.job_id,
            number: row.number,
            rule: row.rule,
            clean: row.clean,
            one_in: row.one_in,
            changed_by: row.changed_by,
            changed_at: row.changed_at,
        }
    }
}

/// Keeps what a job says as a version.
pub(super) fn keep(
    tx: &mut Tx<'_>,
    job: JobId,
    number: i32,
    plan: Option<FlowPlan>,
    by: PersonId,
) -> Result<JobSampling, DbError> {
    let now = tx.now();
    let small = |number: u16| i16::try_from(number).unwrap_or(i16::MAX);
    let row: SamplingRow = diesel::insert_into(job_samplings::table)
        .values((
            job_samplings::job_id.eq(job),
            job_samplings::number.eq(number),
            job_samplings::rule.eq(if plan.is_some() { Rule::Flow } else { Rule::All }),
            job_samplings::clean.eq(plan.map(|plan| small(plan.clean))),
            job_samplings::one_in.eq(plan.map(|plan| small(plan.one_in))),
            job_samplings::changed_by.eq(by),
            job_samplings::changed_at.eq(now),
        ))
        .returning(SamplingRow::as_returning())
        .get_result(tx.conn())?;
    Ok(row.into())
}

/// Lays what one job says with another, as its first version.
pub(crate) fn copy(tx: &mut Tx<'_>, from: JobId, to: JobId) -> Result<(), DbError> {
    let Some(sampling) = super::newest(tx, from)? else { return Ok(()) };
    let by = tx.actor().person().unwrap_or(sampling.changed_by);
    keep(tx, to, 1, sampling.plan(), by)?;
    Ok(())
}

pub(super) fn mark_critical(tx: &mut Tx<'_>, unit: UnitId, by: PersonId) -> Result<(), DbError> {
    let now = tx.now();
    diesel::insert_into(critical_units::table)
        .values((
            critical_units::unit_id.eq(unit),
            critical_units::marked_by.eq(by),
            critical_units::marked_at.eq(now),
        ))
        .on_conflict_do_nothing()
        .execute(tx.conn())?;
    Ok(())
}

pub(super) fn unmark_critical(tx: &mut Tx<'_>, unit: UnitId) -> Result<(), DbError> {
    diesel::delete(critical_units::table.filter(critical_units::unit_id.eq(unit))).execute(tx.conn())?;
    Ok(())
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = sampling_streams)]
pub(super) struct StreamRow {
    id: StreamId,
    person_id: PersonId,
    skill_id: Option<SkillId>,
    phase: Phase,
    run: i32,
    kind: String,
    title: String,
}

impl From<StreamRow> for Stream {
    fn from(row: StreamRow) -> Self {
        let StreamRow { id, person_id, skill_id, phase, run, kind, title } = row;
        Self { id, person_id, skill_id, title, kind, phase, run }
    }
}

/// How a person is looked at in a job's kind of work, held until this transaction ends; everybody begins with all of it.
pub(super) fn stream(tx: &mut Tx<'_>, person: PersonId, job: &Job) -> Result<Stream, DbError> {
    let Kind { skill_id, name } = lists::kind_of(tx, job.id)?;
    diesel::insert_into(sampling_streams::table)
        .values((
            sampling_streams::person_id.eq(person),
            sampling_streams::skill_id.eq(skill_id),
            sampling_streams::kind.eq(&name),
            sampling_streams::title.eq(if skill_id.is_none() { job.title.as_str() } else { "" }),
        ))
        .on_conflict_do_nothing()
        .execute(tx.conn())?;
    let row: StreamRow = sampling_streams::table
        .filter(sampling_streams::person_id.eq(person))
        .filter(sampling_streams::skill_id.is_not_distinct_from(skill_id))
        .filter(sampling_streams::kind.eq(name))
        .select(StreamRow::as_select())
        .for_no_key_update()
        .first(tx.conn())?;
    Ok(row.into())
}

pub(super) fn set(tx: &mut Tx<'_>, id: StreamId, run: Run) -> Result<(), DbError> {
    diesel::update(sampling_streams::table.filter(sampling_streams::id.eq(id)))
        .set((sampling_streams::phase.eq(run.phase), sampling_streams::run.eq(run.run)))
        .execute(tx.conn())?;
    Ok(())
}

/// Keeps why somebody is looked at more or less from now on.
pub(super) fn switched(
    tx: &mut Tx<'_>,
    id: StreamId,
    (phase, reason): (Phase, SwitchReason),
    unit: UnitId,
) -> Result<(), DbError> {
    let now = tx.now();
    diesel::insert_into(sampling_switches::table)
        .values((
            sampling_switches::stream_id.eq(id),
            sampling_switches::phase.eq(phase),
            sampling_switches::reason.eq(reason),
            sampling_switches::unit_id.eq(unit),
            sampling_switches::happened_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Commits to a new seed: its SHA-256 lies open from now on. It is made in the database, of two version-4 UUIDs with 244 random
/// bits, so that no log of statements holds it.
pub(super) fn commit(tx: &mut Tx<'_>, stream: StreamId) -> Result<(), DbError> {
    let now = tx.now();
    diesel::sql_query(
        "INSERT INTO sampling_seeds (stream_id, seed, commitment, committed_at) \
         SELECT $1, made.seed, sha256(made.seed), $2 \
         FROM (SELECT sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8')) AS seed OFFSET 0) made",
    )
    .bind::<BigInt, _>(stream)
    .bind::<Timestamptz, _>(now)
    .execute(tx.conn())?;
    Ok(())
}

/// Shows the seed that is used no more.
pub(super) fn reveal(tx: &mut Tx<'_>, stream: StreamId) -> Result<(), DbError> {
    let now = tx.now();
    let hidden = sampling_seeds::table
        .filter(sampling_seeds::stream_id.eq(stream))
        .filter(sampling_seeds::revealed_at.is_null());
    diesel::update(hidden).set(sampling_seeds::revealed_at.eq(now)).execute(tx.conn())?;
    Ok(())
}

/// The next draw of a stream, which the caller holds; whether the version is looked at.
pub(super) fn draw(
    tx: &mut Tx<'_>,
    stream: &Stream,
    version: &Submission,
    plan: FlowPlan,
) -> Result<bool, DbError> {
    let now = tx.now();
    let (seed_id, seed): (SeedId, Vec<u8>) = sampling_seeds::table
        .filter(sampling_seeds::stream_id.eq(stream.id))
        .filter(sampling_seeds::revealed_at.is_null())
        .select((sampling_seeds::id, sampling_seeds::seed))
        .first(tx.conn())?;
    let last: Option<i32> = sampling_draws::table
        .filter(sampling_draws::seed_id.eq(seed_id))
        .select(diesel::dsl::max(sampling_draws::number))
        .first(tx.conn())?;
    let number = last.unwrap_or_default() + 1;
    let seed: [u8; 32] = seed.try_into().map_err(|_wrong_length| DbError::NotFound)?;
    let is_looked_at = is_drawn(&seed, number, plan.one_in);
    diesel::insert_into(sampling_draws::table)
        .values((
            sampling_draws::submission_id.eq(version.id),
            sampling_draws::unit_id.eq(version.unit_id),
            sampling_draws::seed_id.eq(seed_id),
            sampling_draws::number.eq(number),
            sampling_draws::one_in.eq(i16::try_from(plan.one_in).unwrap_or(i16::MAX)),
            sampling_draws::is_looked_at.eq(is_looked_at),
            sampling_draws::drawn_at.eq(now),
        ))
        .execute(tx.conn())?;
    if number >= MOST_DRAWS {
        reveal(tx, stream.id)?;
        commit(tx, stream.id)?;
    }
    Ok(is_looked_at)
}
