//! Reading appeals: those that wait, and how somebody stands to the refusal of their own work.

use db::{DbError, Tx};
use diesel::dsl::exists;
use diesel::prelude::*;
use kernel::{JobId, OrderId, Page, Paging, PersonId, ReviewId, UnitId};

use super::model::{Appeal, AppealId, AppealKey, MyRefusal, OpenAppeal};
use super::store::AppealRow;
use super::{day_after, refused_on};
use crate::jobs as job;
use crate::reviews::{self as review, Verdict};
use crate::schema::{jobs, review_appeals, reviews, submissions, units};
use crate::units as unit_of;

type OpenRow = (AppealRow, String, (JobId, String), OrderId, (PersonId, String));

#[diesel::dsl::auto_type]
fn with_work() -> _ {
    review_appeals::table
        .inner_join(units::table.on(units::id.eq(review_appeals::unit_id)))
        .inner_join(jobs::table.on(jobs::id.eq(units::job_id)))
        .inner_join(reviews::table.on(reviews::id.eq(review_appeals::review_id)))
}

fn one((row, label, (job_id, job_title), order_id, (first_checker, refusal)): OpenRow) -> OpenAppeal {
    OpenAppeal { appeal: row.into(), label, job_id, job_title, order_id, first_checker, refusal }
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
            (reviews::checker_id, reviews::comment),
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
            (reviews::checker_id, reviews::comment),
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

/// How the acting person stands to the last refusal of their work on a unit; [`DbError::NotFound`] where none of theirs was
/// refused. It stays readable when others go on with the unit.
pub fn mine(tx: &mut Tx<'_>, unit: UnitId) -> Result<MyRefusal, DbError> {
    let person = crate::acting_person(tx)?;
    let id: ReviewId = reviews::table
        .inner_join(submissions::table.on(submissions::id.eq(reviews::submission_id)))
        .filter(reviews::unit_id.eq(unit))
        .filter(reviews::verdict.eq(Verdict::Reject))
        .filter(submissions::maker_id.eq(person))
        .order(reviews::id.desc())
        .select(reviews::id)
        .first(tx.conn())?;
    let appeal: Option<AppealRow> = review_appeals::table
        .filter(review_appeals::review_id.eq(id))
        .select(AppealRow::as_select())
        .first(tx.conn())
        .optional()?;
    let refusal = review::find(tx, id)?;
    let appeal_by = match refusal.appeal_by {
        Some(day) => day,
        None => day_after(tx, refused_on(&refusal))?,
    };
    let unit = unit_of::find(tx, unit)?;
    Ok(MyRefusal {
        review_id: id,
        label: unit.label,
        job_title: job::find(tx, unit.job_id)?.title,
        appeal_by,
        comment: refusal.comment,
        refused_at: refusal.reviewed_at,
        appeal: appeal.map(|row| Appeal::from(row).into()),
    })
}
