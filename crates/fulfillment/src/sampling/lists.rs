//! Reading plans, standings with what is known of people, switches, seeds and draws.

use std::collections::HashMap;
use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use diesel::dsl::exists;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Double, Nullable, Text};
use kernel::{JobId, Page, Paging, PersonId, SubmissionId, UnitId};
use workforce::skills::SkillId;

use super::model::{
    Draw, DrawKey, JobSampling, Kind, Phase, Reliability, SamplingKey, Seed, SeedId, SeedKey, Standing,
    StandingKey, Stream, StreamId, Switch, SwitchKey, SwitchReason, SwitchesOf,
};
use super::plans::Share;
use super::store::{SamplingRow, StreamRow};
use crate::schema::{
    critical_units, job_samplings, sampling_draws, sampling_seeds, sampling_streams, sampling_switches,
};

/// What a job says now; none where nobody said anything, and everything is looked at.
pub fn newest(tx: &mut Tx<'_>, job: JobId) -> Result<Option<JobSampling>, DbError> {
    let row: Option<SamplingRow> = job_samplings::table
        .filter(job_samplings::job_id.eq(job))
        .order(job_samplings::number.desc())
        .select(SamplingRow::as_select())
        .first(tx.conn())
        .optional()?;
    Ok(row.map(JobSampling::from))
}

/// The versions of what a job says, the newest first.
pub fn of_job(
    tx: &mut Tx<'_>,
    job: JobId,
    paging: &Paging<SamplingKey>,
) -> Result<Page<JobSampling, SamplingKey>, DbError> {
    let mut query = job_samplings::table
        .filter(job_samplings::job_id.eq(job))
        .order(job_samplings::number.desc())
        .limit(paging.probe())
        .select(SamplingRow::as_select())
        .into_boxed();
    if let Some(SamplingKey(number)) = paging.after {
        query = query.filter(job_samplings::number.lt(number));
    }
    let rows: Vec<SamplingRow> = query.load(tx.conn())?;
    let versions = rows.into_iter().map(JobSampling::from).collect();
    Ok(Page::cut(versions, paging, |version: &JobSampling| SamplingKey(version.number)))
}

/// Whether a unit is always looked at.
pub fn is_critical(tx: &mut Tx<'_>, unit: UnitId) -> Result<bool, DbError> {
    let marked =
        critical_units::table.filter(critical_units::unit_id.eq(unit)).select(critical_units::unit_id);
    Ok(diesel::select(exists(marked)).get_result(tx.conn())?)
}

/// How one person is looked at in one kind of work; [`DbError::NotFound`] where this town has none of that id.
pub fn find_stream(tx: &mut Tx<'_>, id: StreamId) -> Result<Stream, DbError> {
    let row: StreamRow = sampling_streams::table
        .filter(sampling_streams::id.eq(id))
        .select(StreamRow::as_select())
        .first(tx.conn())?;
    Ok(row.into())
}

/// How a person is looked at in each kind of work that says how; a handful, so they come whole.
pub fn of_person(tx: &mut Tx<'_>, person: PersonId) -> Result<Vec<Standing>, DbError> {
    let rows: Vec<StreamRow> = sampling_streams::table
        .filter(sampling_streams::person_id.eq(person))
        .order(sampling_streams::id)
        .select(StreamRow::as_select())
        .load(tx.conn())?;
    standings(tx, rows)
}

/// By what work of a job `j` that asks for no skill is of one kind: its name, however wide and large it is written and whatever
/// numbers stand in it, which count pieces or months.
const NAME: &str = "CASE WHEN j.skill_id IS NULL \
     THEN lower(regexp_replace(normalize(j.title, NFKC), '[[:space:][:digit:]]+', '', 'g')) ELSE '' END";

#[derive(QueryableByName)]
struct KindRow {
    #[diesel(sql_type = Nullable<BigInt>)]
    skill_id: Option<SkillId>,
    #[diesel(sql_type = Text)]
    name: String,
}

/// Of which kind a job's work is; [`DbError::NotFound`] where this town has none of that id.
pub fn kind_of(tx: &mut Tx<'_>, job: JobId) -> Result<Kind, DbError> {
    let row: KindRow =
        diesel::sql_query(format!("SELECT j.skill_id, {NAME} AS name FROM jobs j WHERE j.id = $1"))
            .bind::<BigInt, _>(job)
            .get_result(tx.conn())?;
    Ok(Kind { skill_id: row.skill_id, name: row.name })
}

/// How people are looked at in one kind of work.
pub fn of_kind(
    tx: &mut Tx<'_>,
    kind: &Kind,
    paging: &Paging<StandingKey>,
) -> Result<Page<Standing, StandingKey>, DbError> {
    let mut query = sampling_streams::table
        .filter(sampling_streams::skill_id.is_not_distinct_from(kind.skill_id))
        .filter(sampling_streams::kind.eq(&kind.name))
        .order(sampling_streams::person_id)
        .limit(paging.probe())
        .select(StreamRow::as_select())
        .into_boxed();
    if let Some(StandingKey(person)) = paging.after {
        query = query.filter(sampling_streams::person_id.gt(person));
    }
    let rows: Vec<StreamRow> = query.load(tx.conn())?;
    let standings = standings(tx, rows)?;
    Ok(Page::cut(standings, paging, |standing: &Standing| StandingKey(standing.stream.person_id)))
}

fn standings(tx: &mut Tx<'_>, rows: Vec<StreamRow>) -> Result<Vec<Standing>, DbError> {
    let streams: Vec<Stream> = rows.into_iter().map(Stream::from).collect();
    let people: Vec<PersonId> = streams.iter().map(|stream| stream.person_id).collect();
    let mut known = known_of(tx, &people)?;
    let with = |stream: Stream| {
        let kind = Kind { skill_id: stream.skill_id, name: stream.kind.clone() };
        let reliability = known.remove(&(stream.person_id, kind)).unwrap_or_else(Reliability::unknown);
        Standing { stream, reliability }
    };
    Ok(streams.into_iter().map(with).collect())
}

#[derive(QueryableByName)]
struct KnownRow {
    #[diesel(sql_type = BigInt)]
    maker_id: PersonId,
    #[diesel(sql_type = Nullable<BigInt>)]
    skill_id: Option<SkillId>,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = BigInt)]
    looked_at: i64,
    #[diesel(sql_type = BigInt)]
    defects: i64,
    #[diesel(sql_type = Double)]
    bad: f64,
    #[diesel(sql_type = Double)]
    good: f64,
}

/// No version of the unit was received before `s`: what its maker took back does not count.
const FIRST: &str = "NOT EXISTS (SELECT FROM submissions b WHERE b.unit_id = s.unit_id AND b.number < s.number \
     AND NOT EXISTS (SELECT FROM submission_retractions t WHERE t.submission_id = b.id))";

/// What is known of how often people's first versions are good, by kind of work: what review said, unless an appeal said otherwise,
/// and what clients found. The newest weighs most: half as much sixty units back, and nothing after five hundred.
fn known_of(tx: &mut Tx<'_>, people: &[PersonId]) -> Result<HashMap<(PersonId, Kind), Reliability>, DbError> {
    let ids: Vec<i64> = people.iter().map(|person| person.0).collect();
    let rows: Vec<KnownRow> = diesel::sql_query(format!(
        "SELECT maker_id, skill_id, name, count(*) AS looked_at, count(*) FILTER (WHERE is_bad) AS defects, \
             COALESCE(sum(weight) FILTER (WHERE is_bad), 0)::float8 AS bad, \
             COALESCE(sum(weight) FILTER (WHERE NOT is_bad), 0)::float8 AS good \
         FROM (SELECT seen.*, power(0.5, (place - 1) / 60.0)::float8 AS weight \
             FROM (SELECT s.maker_id, j.skill_id, k.name, COALESCE(r.verdict <> 'pass' AND NOT a.has_passed, false) OR c.is_found AS is_bad, \
                     row_number() OVER (PARTITION BY s.maker_id, j.skill_id, k.name ORDER BY s.id DESC) AS place \
                 FROM submissions s JOIN units u ON u.id = s.unit_id JOIN jobs j ON j.id = u.job_id \
                 CROSS JOIN LATERAL (SELECT {NAME} AS name) k LEFT JOIN reviews r ON r.submission_id = s.id AND r.is_last \
                 CROSS JOIN LATERAL (SELECT COALESCE(bool_or(a.outcome = 'passed'), false) AS has_passed, \
                         COALESCE(bool_or(a.outcome IN ('paid', 'changed')), false) AS is_paid \
                     FROM review_appeals a WHERE a.review_id = r.id) a \
                 CROSS JOIN LATERAL (SELECT EXISTS (SELECT FROM delivery_units d \
                     JOIN fix_decisions f ON f.delivery_id = d.delivery_id AND f.unit_id = d.unit_id \
                     WHERE d.unit_id = s.unit_id AND d.submission_id = s.id AND f.fault = 'worker') AS is_found) c \
                 WHERE s.maker_id = ANY ($1) AND {FIRST} AND NOT a.is_paid \
                     AND (r.verdict = 'pass' OR r.fault = 'worker' OR c.is_found)) seen \
             WHERE place <= 500) weighed \
         GROUP BY maker_id, skill_id, name",
    ))
    .bind::<Array<BigInt>, _>(ids)
    .load(tx.conn())?;
    let one = |row: KnownRow| {
        let share = Share { bad: row.bad, good: row.good };
        (
            (row.maker_id, Kind { skill_id: row.skill_id, name: row.name }),
            Reliability::of((row.looked_at, row.defects), share),
        )
    };
    Ok(rows.into_iter().map(one).collect())
}

#[derive(QueryableByName)]
struct AnswerRow {
    #[diesel(sql_type = Bool)]
    answer: bool,
}

/// Whether a version is the first that was received of its unit.
pub(super) fn is_first(tx: &mut Tx<'_>, version: SubmissionId) -> Result<bool, DbError> {
    let row: AnswerRow =
        diesel::sql_query(format!("SELECT {FIRST} AS answer FROM submissions s WHERE s.id = $1"))
            .bind::<BigInt, _>(version)
            .get_result(tx.conn())?;
    Ok(row.answer)
}

/// Whether other work of the same person and kind waits for review.
pub(super) fn others_wait(tx: &mut Tx<'_>, stream: &Stream, unit: UnitId) -> Result<bool, DbError> {
    let row: AnswerRow = diesel::sql_query(format!(
        "SELECT EXISTS (SELECT FROM units u JOIN jobs j ON j.id = u.job_id \
             WHERE u.holder_id = $1 AND u.state IN ('submitted', 'checking') \
                 AND j.skill_id IS NOT DISTINCT FROM $2 AND u.id <> $3 AND {NAME} = $4) AS answer",
    ))
    .bind::<BigInt, _>(stream.person_id)
    .bind::<Nullable<BigInt>, _>(stream.skill_id)
    .bind::<BigInt, _>(unit)
    .bind::<Text, _>(&stream.kind)
    .get_result(tx.conn())?;
    Ok(row.answer)
}

/// The unit whose defect, found by review, is why all of somebody's work is looked at now.
pub(super) fn ended_by(tx: &mut Tx<'_>, stream: StreamId) -> Result<Option<UnitId>, DbError> {
    let last: Option<(SwitchReason, UnitId)> = sampling_switches::table
        .filter(sampling_switches::stream_id.eq(stream))
        .order(sampling_switches::id.desc())
        .select((sampling_switches::reason, sampling_switches::unit_id))
        .first(tx.conn())
        .optional()?;
    Ok(last.filter(|(reason, _)| *reason == SwitchReason::Defect).map(|(_, unit)| unit))
}

type SwitchRow = (i64, StreamId, PersonId, Phase, SwitchReason, UnitId, DateTime<Utc>);

/// Who was looked at more or less since when and why, the newest first.
pub fn switches(
    tx: &mut Tx<'_>,
    of: SwitchesOf,
    paging: &Paging<SwitchKey>,
) -> Result<Page<Switch, SwitchKey>, DbError> {
    let mut query = sampling_switches::table
        .inner_join(sampling_streams::table.on(sampling_streams::id.eq(sampling_switches::stream_id)))
        .order(sampling_switches::id.desc())
        .limit(paging.probe())
        .select((
            sampling_switches::id,
            sampling_switches::stream_id,
            sampling_streams::person_id,
            sampling_switches::phase,
            sampling_switches::reason,
            sampling_switches::unit_id,
            sampling_switches::happened_at,
        ))
        .into_boxed();
    query = match of {
        SwitchesOf::Stream(id) => query.filter(sampling_switches::stream_id.eq(id)),
        SwitchesOf::Kind(kind) => query
            .filter(sampling_streams::skill_id.is_not_distinct_from(kind.skill_id))
            .filter(sampling_streams::kind.eq(kind.name)),
    };
    if let Some(SwitchKey(id)) = paging.after {
        query = query.filter(sampling_switches::id.lt(id));
    }
    let rows: Vec<SwitchRow> = query.load(tx.conn())?;
    let one = |(id, stream_id, person_id, phase, reason, unit_id, happened_at)| Switch {
        id,
        stream_id,
        person_id,
        phase,
        reason,
        unit_id,
        happened_at,
    };
    let switches = rows.into_iter().map(one).collect();
    Ok(Page::cut(switches, paging, |switch: &Switch| SwitchKey(switch.id)))
}

type SeedRow = (SeedId, Vec<u8>, Vec<u8>, DateTime<Utc>, Option<DateTime<Utc>>);

/// What a person's units are drawn with, the newest first. Nothing of a seed is shown that is still drawn with.
pub fn seeds(
    tx: &mut Tx<'_>,
    stream: StreamId,
    paging: &Paging<SeedKey>,
) -> Result<Page<Seed, SeedKey>, DbError> {
    let mut query = sampling_seeds::table
        .filter(sampling_seeds::stream_id.eq(stream))
        .order(sampling_seeds::id.desc())
        .limit(paging.probe())
        .select((
            sampling_seeds::id,
            sampling_seeds::seed,
            sampling_seeds::commitment,
            sampling_seeds::committed_at,
            sampling_seeds::revealed_at,
        ))
        .into_boxed();
    if let Some(SeedKey(id)) = paging.after {
        query = query.filter(sampling_seeds::id.lt(id));
    }
    let rows: Vec<SeedRow> = query.load(tx.conn())?;
    let one = |(id, seed, commitment, committed_at, revealed_at): SeedRow| Seed {
        id,
        commitment: hex(&commitment),
        seed: revealed_at.map(|_open| hex(&seed)),
        committed_at,
        revealed_at,
    };
    let seeds = rows.into_iter().map(one).collect();
    Ok(Page::cut(seeds, paging, |seed: &Seed| SeedKey(seed.id)))
}

pub(super) fn hex(bytes: &[u8]) -> String {
    let mut hex = String::new();
    for byte in bytes {
        // Writing to a string never fails.
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

type DrawRow = (SubmissionId, UnitId, SeedId, i32, i16, bool, DateTime<Utc>);

fn draw((submission_id, unit_id, seed_id, number, one_in, is_looked_at, drawn_at): DrawRow) -> Draw {
    Draw { submission_id, unit_id, seed_id, number, one_in, is_looked_at, drawn_at }
}

type DrawColumns = (
    sampling_draws::submission_id,
    sampling_draws::unit_id,
    sampling_draws::seed_id,
    sampling_draws::number,
    sampling_draws::one_in,
    sampling_draws::is_looked_at,
    sampling_draws::drawn_at,
);

const DRAW: DrawColumns = (
    sampling_draws::submission_id,
    sampling_draws::unit_id,
    sampling_draws::seed_id,
    sampling_draws::number,
    sampling_draws::one_in,
    sampling_draws::is_looked_at,
    sampling_draws::drawn_at,
);

/// What was drawn with a seed, in its order; [`DbError::NotFound`] where this town has none of that id.
pub fn draws(
    tx: &mut Tx<'_>,
    seed: SeedId,
    paging: &Paging<DrawKey>,
) -> Result<Page<Draw, DrawKey>, DbError> {
    let seed: SeedId = sampling_seeds::table
        .filter(sampling_seeds::id.eq(seed))
        .select(sampling_seeds::id)
        .first(tx.conn())?;
    let mut query = sampling_draws::table
        .filter(sampling_draws::seed_id.eq(seed))
        .order(sampling_draws::number)
        .limit(paging.probe())
        .select(DRAW)
        .into_boxed();
    if let Some(DrawKey(number)) = paging.after {
        query = query.filter(sampling_draws::number.gt(number));
    }
    let rows: Vec<DrawRow> = query.load(tx.conn())?;
    let draws = rows.into_iter().map(draw).collect();
    Ok(Page::cut(draws, paging, |draw: &Draw| DrawKey(draw.number)))
}

/// The draw by which a unit passed unseen or was looked at: the basis that it carries. None where it was never drawn.
pub fn of_unit(tx: &mut Tx<'_>, unit: UnitId) -> Result<Option<Draw>, DbError> {
    let row: Option<DrawRow> = sampling_draws::table
        .filter(sampling_draws::unit_id.eq(unit))
        .order(sampling_draws::submission_id.desc())
        .select(DRAW)
        .first(tx.conn())
        .optional()?;
    Ok(row.map(draw))
}
