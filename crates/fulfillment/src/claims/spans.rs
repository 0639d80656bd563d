//! Rows and writes of `claim_spans`.

use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Timestamptz};
use kernel::{JobId, PersonId, UnitId};

use super::span::{Kept, Span, SpanOf};
use crate::schema::{claim_spans, jobs};
use crate::units::due as due_days;

type Columns = (DateTime<Utc>, DateTime<Utc>, i16, Option<DateTime<Utc>>);

fn span((from, until, asked, look_at): Columns) -> Span {
    Span { from, until, asked, look_at }
}

#[diesel::dsl::auto_type]
fn columns() -> _ {
    (claim_spans::kept_from, claim_spans::kept_until, claim_spans::asked, claim_spans::look_at)
}

/// Writes a span that begins with a claim.
pub(super) fn open(tx: &mut Tx<'_>, job: JobId, person: PersonId, span: &Span) -> Result<(), DbError> {
    let kept = (
        claim_spans::kept_from.eq(span.from),
        claim_spans::kept_until.eq(span.until),
        claim_spans::asked.eq(span.asked),
        claim_spans::look_at.eq(span.look_at),
    );
    diesel::insert_into(claim_spans::table)
        .values((
            claim_spans::job_id.eq(job),
            claim_spans::person_id.eq(person),
            claim_spans::since.eq(span.from),
            kept,
        ))
        .on_conflict((claim_spans::organization_id, claim_spans::job_id, claim_spans::person_id))
        .do_update()
        .set(kept)
        .execute(tx.conn())?;
    Ok(())
}

/// Writes a span anew.
pub(super) fn set(tx: &mut Tx<'_>, job: JobId, person: PersonId, span: &Span) -> Result<(), DbError> {
    diesel::update(
        claim_spans::table.filter(claim_spans::job_id.eq(job)).filter(claim_spans::person_id.eq(person)),
    )
    .set((
        claim_spans::kept_from.eq(span.from),
        claim_spans::kept_until.eq(span.until),
        claim_spans::asked.eq(span.asked),
        claim_spans::look_at.eq(span.look_at),
    ))
    .execute(tx.conn())?;
    Ok(())
}

/// The span of what a person claimed of a job, and how many days one lasts.
pub(super) fn of(tx: &mut Tx<'_>, job: JobId, person: PersonId) -> Result<Option<(Span, i16)>, DbError> {
    let row: Option<(Columns, i16)> = claim_spans::table
        .inner_join(jobs::table.on(jobs::id.eq(claim_spans::job_id)))
        .filter(claim_spans::job_id.eq(job))
        .filter(claim_spans::person_id.eq(person))
        .select((columns(), jobs::keep_days))
        .first(tx.conn())
        .optional()?;
    Ok(row.map(|(columns, days)| (span(columns), days)))
}

/// How long a person's claims of some jobs are kept, by job; those under terms from before have no end.
pub(super) fn kept(
    tx: &mut Tx<'_>,
    person: PersonId,
    ids: &[JobId],
) -> Result<Vec<(JobId, DateTime<Utc>, Kept)>, DbError> {
    let rows: Vec<(JobId, DateTime<Utc>, Columns)> = claim_spans::table
        .filter(claim_spans::person_id.eq(person))
        .filter(claim_spans::job_id.eq_any(ids))
        .select((claim_spans::job_id, claim_spans::since, columns()))
        .load(tx.conn())?;
    Ok(rows.into_iter().map(|(job, since, columns)| (job, since, span(columns).kept())).collect())
}

/// Spans whose time to be looked at has come, the longest overdue first, by the index `claim_spans_looked_at`; locked, and
/// without those that somebody is just renewing.
pub(super) fn due(tx: &mut Tx<'_>, most: i64) -> Result<Vec<SpanOf>, DbError> {
    let now = tx.now();
    let rows: Vec<(JobId, PersonId, DateTime<Utc>, Columns)> = claim_spans::table
        .filter(claim_spans::look_at.le(now))
        .order(claim_spans::look_at)
        .limit(most)
        .select((claim_spans::job_id, claim_spans::person_id, claim_spans::since, columns()))
        .for_no_key_update()
        .skip_locked()
        .load(tx.conn())?;
    let one = |(job, person, since, columns)| SpanOf { job, person, since, span: span(columns) };
    Ok(rows.into_iter().map(one).collect())
}

#[derive(QueryableByName)]
struct Resting {
    #[diesel(sql_type = BigInt)]
    id: UnitId,
}

/// The units that a span is about: what its person has to do of the job, under terms that speak of a span. What they appealed
/// against rests until that is decided.
pub(super) fn resting(tx: &mut Tx<'_>, one: &SpanOf) -> Result<Vec<UnitId>, DbError> {
    let stands = due_days::STANDS;
    let rows: Vec<Resting> = diesel::sql_query(format!(
        "SELECT u.id FROM units u \
         JOIN assignments a ON a.unit_id = u.id AND a.ended_at IS NULL \
         JOIN terms_notices t ON t.id = a.terms_notice_id AND t.issued_at >= $3 \
         WHERE u.job_id = $1 AND u.holder_id = $2 AND u.state IN ('claimed', 'working', 'paused', 'returned') \
             AND NOT {stands} ORDER BY u.id",
    ))
    .bind::<BigInt, _>(one.job)
    .bind::<BigInt, _>(one.person)
    .bind::<Timestamptz, _>(one.since)
    .load(tx.conn())?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}
