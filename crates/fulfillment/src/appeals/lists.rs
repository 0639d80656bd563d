//! Reading appeals: those that wait, and how somebody stands to the refusal of their own work.

use std::collections::HashSet;

use db::{DbError, Tx};
use diesel::dsl::{exists, not, sql};
use diesel::prelude::*;
use diesel::sql_types::Bool;
use kernel::{JobId, OrderId, Page, Paging, PersonId, ReviewId, UnitId};

use super::model::{Appeal, AppealId, AppealKey, MyRefusal, OpenAppeal};
use super::store::AppealRow;
use super::{day_after, refused_on};
use crate::jobs as job;
use crate::reviews::{self as review, Verdict};
use crate::schema::{fix_decisions, jobs, review_appeals, reviews, submissions, units};
use crate::submissions as version;
use crate::units::{self as unit_of, UnitState};

type OpenRow = (AppealRow, String, (JobId, String), OrderId, (PersonId, String, Verdict), bool);

/// That the unit of an appeal waits for whoever appealed, as it was sent back to them.
const WITH_MAKER: &str = "(units.state = 'returned' AND units.holder_id = review_appeals.appellant_id \
     AND review_appeals.submission_id = (SELECT max(v.id) FROM submissions v WHERE v.unit_id = units.id))";

#[diesel::dsl::auto_type]
fn with_work() -> _ {
    review_appeals::table
        .inner_join(units::table.on(units::id.eq(review_appeals::unit_id)))
        .inner_join(jobs::table.on(jobs::id.eq(units::job_id)))
        .inner_join(reviews::table.on(reviews::id.eq(review_appeals::review_id)))
}

fn one((row, label, (job_id, job_title), order_id, verdict, is_with_maker): OpenRow) -> OpenAppeal {
    let (first_checker, refusal, against) = verdict;
    let appeal = row.into();
    OpenAppeal { appeal, label, job_id, job_title, order_id, against, is_with_maker, first_checker, refusal }
}

/// One with what it is about, decided or not; [`DbError::NotFound`] where this town has none of that id.
pub fn find(tx: &mut Tx<'_>, id: AppealId) -> Result<OpenAppeal, DbError> {
    let row: OpenRow = with_work()
        .filter(review_appeals::id.eq(id))
        .select((
            AppealRow::as_select(),
            units::label,
            (jobs::id, jobs::title),
            units::order_id,
            (reviews::checker_id, reviews::comment, reviews::verdict),
            sql::<Bool>(WITH_MAKER),
        ))
        .first(tx.conn())?;
    Ok(one(row))
}

/// Those nobody has decided yet, whatever is due first on top.
pub fn waiting(tx: &mut Tx<'_>, paging: &Paging<AppealKey>) -> Result<Page<OpenAppeal, AppealKey>, DbError> {
    let mut query = with_work()
        .filter(review_appeals::decided_at.is_null())
        .order((review_appeals::decide_by, review_appeals::id))
        .limit(paging.probe())
        .select((
            AppealRow::as_select(),
            units::label,
            (jobs::id, jobs::title),
            units::order_id,
            (reviews::checker_id, reviews::comment, reviews::verdict),
            sql::<Bool>(WITH_MAKER),
        ))
        .into_boxed();
    if let Some(AppealKey(by, id)) = paging.after {
        query = query.filter(
            review_appeals::decide_by
                .gt(by)
                .or(review_appeals::decide_by.eq(by).and(review_appeals::id.gt(id))),
        );
    }
    let rows: Vec<OpenRow> = query.load(tx.conn())?;
    let rows = rows.into_iter().map(one).collect();
    Ok(Page::cut(rows, paging, |open: &OpenAppeal| AppealKey(open.appeal.decide_by, open.appeal.id)))
}

/// How many wait.
pub fn count_open(tx: &mut Tx<'_>) -> Result<i64, DbError> {
    Ok(review_appeals::table.filter(review_appeals::decided_at.is_null()).count().get_result(tx.conn())?)
}

/// Whether an appeal about a unit waits.
pub(crate) fn is_open(tx: &mut Tx<'_>, unit: UnitId) -> Result<bool, DbError> {
    let waiting = review_appeals::table
        .filter(review_appeals::unit_id.eq(unit))
        .filter(review_appeals::decided_at.is_null());
    Ok(diesel::select(exists(waiting)).get_result(tx.conn())?)
}

/// Whether somebody's appeal against the return of a unit's newest version waits: until it is decided nothing is done again.
pub(crate) fn holds(tx: &mut Tx<'_>, unit: UnitId, person: PersonId) -> Result<bool, DbError> {
    let waiting = units::table
        .inner_join(review_appeals::table.on(review_appeals::unit_id.eq(units::id)))
        .filter(units::id.eq(unit))
        .filter(review_appeals::appellant_id.eq(person))
        .filter(review_appeals::decided_at.is_null())
        .filter(sql::<Bool>(WITH_MAKER));
    Ok(diesel::select(exists(waiting.select(units::id))).get_result(tx.conn())?)
}

/// Which of some units rest with their makers until their appeals are decided.
pub(crate) fn held(tx: &mut Tx<'_>, ids: &[UnitId]) -> Result<HashSet<UnitId>, DbError> {
    Ok(units::table
        .inner_join(review_appeals::table.on(review_appeals::unit_id.eq(units::id)))
        .filter(units::id.eq_any(ids))
        .filter(review_appeals::decided_at.is_null())
        .filter(sql::<Bool>(WITH_MAKER))
        .select(units::id)
        .load(tx.conn())?
        .into_iter()
        .collect())
}

/// How the acting person stands to the last verdict against their work on a unit; [`DbError::NotFound`] where there was none. What
/// is paid anew was never held against them. It stays readable when others go on with the unit.
pub fn mine(tx: &mut Tx<'_>, unit: UnitId) -> Result<MyRefusal, DbError> {
    let person = crate::acting_person(tx)?;
    let is_paid = fix_decisions::table.filter(fix_decisions::review_id.eq(reviews::id.nullable()));
    let is_appealed = review_appeals::table.filter(review_appeals::review_id.eq(reviews::id));
    let id: ReviewId = reviews::table
        .inner_join(submissions::table.on(submissions::id.eq(reviews::submission_id)))
        .filter(reviews::unit_id.eq(unit))
        .filter(reviews::verdict.ne(Verdict::Pass))
        .filter(submissions::maker_id.eq(person))
        .filter(not(exists(is_paid)).or(exists(is_appealed)))
        .order(reviews::id.desc())
        .select(reviews::id)
        .first(tx.conn())?;
    let appeal: Option<AppealRow> = review_appeals::table
        .filter(review_appeals::review_id.eq(id))
        .select(AppealRow::as_select())
        .first(tx.conn())
        .optional()?;
    let against = review::find(tx, id)?;
    let appeal_by = match against.appeal_by {
        Some(day) => day,
        None => day_after(tx, refused_on(&against))?,
    };
    let unit = unit_of::find(tx, unit)?;
    // Whoever began again has taken the return as it was.
    let waits = against.verdict == Verdict::Reject
        || (unit.state == UnitState::Returned
            && unit.holder_id == Some(person)
            && version::latest(tx, unit.id)?.is_some_and(|newest| newest.id == against.submission_id));
    Ok(MyRefusal {
        review_id: id,
        against: against.verdict,
        label: unit.label,
        job_title: job::find(tx, unit.job_id)?.title,
        appeal_by,
        may_appeal: waits && appeal.is_none() && crate::today(tx) <= appeal_by,
        comment: against.comment,
        refused_at: against.reviewed_at,
        appeal: appeal.map(|row| Appeal::from(row).into()),
    })
}
