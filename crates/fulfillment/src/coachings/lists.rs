//! Reading coachings: those nobody has held yet, and what came of those of one unit.

use db::{DbError, Tx};
use diesel::dsl::sql;
use diesel::expression::SqlLiteral;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use kernel::{OrderId, Page, Paging, UnitId};

use super::model::{Coaching, CoachingId, CoachingKey, OpenCoaching};
use super::store::CoachingRow;
use crate::schema::{coachings, jobs, reviews, units};

type OpenRow = (CoachingRow, String, String, OrderId, String);

#[diesel::dsl::auto_type]
fn with_work() -> _ {
    coachings::table
        .inner_join(units::table.on(units::id.eq(coachings::unit_id)))
        .inner_join(jobs::table.on(jobs::id.eq(units::job_id)))
        .inner_join(reviews::table.on(reviews::id.eq(coachings::review_id)))
}

fn one((row, label, job_title, order_id, comment): OpenRow) -> OpenCoaching {
    OpenCoaching { coaching: row.into(), label, job_title, order_id, comment }
}

/// One with what it is about, held or not; [`DbError::NotFound`] where this town has none of that id.
pub fn find(tx: &mut Tx<'_>, id: CoachingId) -> Result<OpenCoaching, DbError> {
    let row: OpenRow = with_work()
        .filter(coachings::id.eq(id))
        .select((CoachingRow::as_select(), units::label, jobs::title, units::order_id, reviews::comment))
        .first(tx.conn())?;
    Ok(one(row))
}

/// That a coaching still has a reason: an appeal that overturned the return takes it away, and one that waits lets it rest.
fn has_reason() -> SqlLiteral<Bool> {
    sql("NOT EXISTS (SELECT FROM review_appeals p WHERE p.review_id = coachings.review_id \
         AND p.outcome IS DISTINCT FROM 'upheld')")
}

/// Those nobody has held yet, the oldest first.
pub fn waiting(
    tx: &mut Tx<'_>,
    paging: &Paging<CoachingKey>,
) -> Result<Page<OpenCoaching, CoachingKey>, DbError> {
    let after = paging.after.map_or(CoachingId(0), |CoachingKey(id)| id);
    let rows: Vec<OpenRow> = with_work()
        .filter(coachings::closed_at.is_null())
        .filter(has_reason())
        .filter(coachings::id.gt(after))
        .order(coachings::id)
        .limit(paging.probe())
        .select((CoachingRow::as_select(), units::label, jobs::title, units::order_id, reviews::comment))
        .load(tx.conn())?;
    let rows = rows.into_iter().map(one).collect();
    Ok(Page::cut(rows, paging, |open: &OpenCoaching| CoachingKey(open.coaching.id)))
}

/// How many nobody has held yet.
pub fn count_open(tx: &mut Tx<'_>) -> Result<i64, DbError> {
    let open = coachings::table.filter(coachings::closed_at.is_null()).filter(has_reason());
    Ok(open.count().get_result(tx.conn())?)
}

/// The acting person's own of a unit, the oldest first: what was agreed, and what is still to come.
pub fn notes(tx: &mut Tx<'_>, unit: UnitId) -> Result<Vec<Coaching>, DbError> {
    let person = crate::acting_person(tx)?;
    let rows: Vec<CoachingRow> = coachings::table
        .filter(coachings::unit_id.eq(unit))
        .filter(coachings::person_id.eq(person))
        .order(coachings::id)
        .select(CoachingRow::as_select())
        .load(tx.conn())?;
    Ok(rows.into_iter().map(Coaching::from).collect())
}
