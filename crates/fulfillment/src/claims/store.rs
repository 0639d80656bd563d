//! Rows and writes of `assignments`.

use chrono::NaiveDate;
use db::{DbError, Tx};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Date, Text, Timestamptz};
use kernel::{AssignmentId, JobId, PersonId, UnitId};
use workforce::Worker;

use super::lists::Moved;
use super::model::EndKind;
use crate::schema::{assignments, units};
use crate::terms::TermsNoticeId;
use crate::units::store::{UnitRow, Which};
use crate::units::{Unit, UnitState};

#[derive(QueryableByName)]
struct Assigned {
    #[diesel(sql_type = BigInt)]
    id: AssignmentId,
}

/// One assignment per unit; the ids come back in the order of `units`.
pub(super) fn insert(
    tx: &mut Tx<'_>,
    worker: &Worker,
    terms: TermsNoticeId,
    due_on: NaiveDate,
    units: &[UnitId],
) -> Result<Vec<AssignmentId>, DbError> {
    let now = tx.now();
    let rows: Vec<Assigned> = db::prepared(
        "WITH made AS ( \
             INSERT INTO assignments (unit_id, worker_id, person_id, terms_notice_id, claimed_at, due_on) \
             SELECT id, $2, $3, $4, $5, $6 FROM unnest($1) AS claimed (id) RETURNING id, unit_id) \
         SELECT made.id FROM made \
         JOIN unnest($1) WITH ORDINALITY AS claimed (id, place) ON claimed.id = made.unit_id \
         ORDER BY claimed.place",
    )
    .bind::<Array<BigInt>, _>(units.to_vec())
    .bind::<BigInt, _>(worker.id)
    .bind::<BigInt, _>(worker.person_id)
    .bind::<BigInt, _>(terms)
    .bind::<Timestamptz, _>(now)
    .bind::<Date, _>(due_on)
    .load(tx.conn())?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Keeps assignments from being ended until this transaction does; gives back those that live.
pub(super) fn hold(tx: &mut Tx<'_>, moved: &[Moved]) -> Result<Vec<AssignmentId>, DbError> {
    let ids: Vec<AssignmentId> = moved.iter().map(|one| one.assignment).collect();
    Ok(assignments::table
        .filter(assignments::id.eq_any(ids))
        .filter(assignments::ended_at.is_null())
        .order(assignments::id)
        .select(assignments::id)
        .for_no_key_update()
        .load(tx.conn())?)
}

/// The condition on units that their holder has handed in nothing of them.
pub(super) const NOTHING_HANDED_IN: &str = "NOT EXISTS (SELECT 1 FROM submissions s \
     WHERE s.unit_id = units.id AND s.maker_id = units.holder_id)";

/// Locks a unit that somebody holds, and all others of its job that they have to do and of which they have handed in nothing;
/// always in one sequence, so that two of these wait and never deadlock.
pub(super) fn lock_with(
    tx: &mut Tx<'_>,
    unit: UnitId,
    job: JobId,
    person: PersonId,
) -> Result<Vec<Unit>, DbError> {
    let others =
        units::job_id.eq(job).and(units::state.eq_any(UnitState::TO_DO)).and(sql::<Bool>(NOTHING_HANDED_IN));
    let rows: Vec<UnitRow> = units::table
        .filter(units::holder_id.eq(person))
        .filter(units::id.eq(unit).or(others))
        .order(units::id)
        .select(UnitRow::as_select())
        .for_no_key_update()
        .load(tx.conn())?;
    Ok(rows.into_iter().map(Unit::from).collect())
}

/// Puts live assignments under new terms with a later day.
pub(super) fn move_deadline(
    tx: &mut Tx<'_>,
    assignments: &[AssignmentId],
    terms: TermsNoticeId,
    due_on: NaiveDate,
) -> Result<usize, DbError> {
    let live = assignments::table
        .filter(assignments::id.eq_any(assignments))
        .filter(assignments::ended_at.is_null());
    Ok(diesel::update(live)
        .set((assignments::terms_notice_id.eq(terms), assignments::due_on.eq(due_on)))
        .execute(tx.conn())?)
}

/// Ends the live assignments of units that have just been moved out of their holders' hands.
pub(crate) fn end(tx: &mut Tx<'_>, which: Which<'_>, kind: EndKind) -> Result<(), DbError> {
    let now = tx.now();
    db::prepared(format!(
        "UPDATE assignments SET ended_at = $2, end_kind = $3 FROM units \
         WHERE {} AND assignments.unit_id = units.id AND assignments.ended_at IS NULL \
             AND (units.state IN ('offered', 'rejected', 'cancelled', 'accepted'))",
        which.condition()
    ))
    .bind::<Array<BigInt>, _>(which.ids())
    .bind::<Timestamptz, _>(now)
    .bind::<Text, _>(kind)
    .execute(tx.conn())?;
    Ok(())
}

/// Gives whoever had a unit until their claim ended, or until a refusal that did not stand, a new one under the same terms;
/// `lapsed` is the ended one. The unit is locked, and `assignments_one_live` guards it too.
pub(crate) fn again(tx: &mut Tx<'_>, lapsed: AssignmentId) -> Result<(), DbError> {
    let now = tx.now();
    db::prepared(
        "INSERT INTO assignments (unit_id, worker_id, person_id, terms_notice_id, claimed_at, due_on) \
         SELECT unit_id, worker_id, person_id, terms_notice_id, $2, due_on FROM assignments WHERE id = $1",
    )
    .bind::<BigInt, _>(lapsed)
    .bind::<Timestamptz, _>(now)
    .execute(tx.conn())?;
    Ok(())
}
