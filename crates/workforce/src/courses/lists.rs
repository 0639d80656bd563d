//! Reading courses and who has a seat.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use diesel::dsl::count_star;
use diesel::prelude::*;
use kernel::{Page, Paging, PersonId, WorkerId};

use super::model::{
    Course, CourseDay, CourseId, CourseKey, CourseState, Enrolment, EnrolmentId, EnrolmentState,
};
use super::store::CourseRow;
use crate::schema::{course_days, courses, enrolments, workers};

/// One course; [`DbError::NotFound`] where this town has none of that id.
pub fn find(tx: &mut Tx<'_>, id: CourseId) -> Result<Course, DbError> {
    let row: CourseRow =
        courses::table.filter(courses::id.eq(id)).select(CourseRow::as_select()).first(tx.conn())?;
    Ok(row.into())
}

/// Its days, in their order; ten at most.
pub fn days(tx: &mut Tx<'_>, id: CourseId) -> Result<Vec<CourseDay>, DbError> {
    let rows: Vec<(DateTime<Utc>, DateTime<Utc>)> = course_days::table
        .filter(course_days::course_id.eq(id))
        .order(course_days::starts_at)
        .select((course_days::starts_at, course_days::ends_at))
        .load(tx.conn())?;
    Ok(rows.into_iter().map(|(starts_at, ends_at)| CourseDay { starts_at, ends_at }).collect())
}

/// Courses that have not begun and take place, the soonest first.
pub fn coming(tx: &mut Tx<'_>, paging: &Paging<CourseKey>) -> Result<Page<Course, CourseKey>, DbError> {
    let now = tx.now();
    let mut query = courses::table
        .filter(courses::first_at.gt(now))
        .filter(courses::state.eq(CourseState::Open))
        .order((courses::first_at, courses::id))
        .limit(paging.probe())
        .select(CourseRow::as_select())
        .into_boxed();
    if let Some(CourseKey(at, id)) = paging.after {
        query = query.filter(courses::first_at.gt(at).or(courses::first_at.eq(at).and(courses::id.gt(id))));
    }
    Ok(cut(query.load(tx.conn())?, paging))
}

/// All courses, the latest first: those ahead, then those that have been.
pub fn list(tx: &mut Tx<'_>, paging: &Paging<CourseKey>) -> Result<Page<Course, CourseKey>, DbError> {
    let mut query = courses::table
        .order((courses::first_at.desc(), courses::id.desc()))
        .limit(paging.probe())
        .select(CourseRow::as_select())
        .into_boxed();
    if let Some(CourseKey(at, id)) = paging.after {
        query = query.filter(courses::first_at.lt(at).or(courses::first_at.eq(at).and(courses::id.lt(id))));
    }
    Ok(cut(query.load(tx.conn())?, paging))
}

fn cut(rows: Vec<CourseRow>, paging: &Paging<CourseKey>) -> Page<Course, CourseKey> {
    let courses = rows.into_iter().map(Course::from).collect();
    Page::cut(courses, paging, |course| CourseKey(course.first_at, course.id))
}

type EnrolmentRow = (EnrolmentId, CourseId, WorkerId, PersonId, EnrolmentState, DateTime<Utc>);

fn enrolment((id, course_id, worker_id, person_id, state, enrolled_at): EnrolmentRow) -> Enrolment {
    Enrolment { id, course_id, worker_id, person_id, state, enrolled_at }
}

#[diesel::dsl::auto_type]
fn seats() -> _ {
    enrolments::table.inner_join(workers::table.on(workers::id.eq(enrolments::worker_id))).select((
        enrolments::id,
        enrolments::course_id,
        enrolments::worker_id,
        workers::person_id,
        enrolments::state,
        enrolments::enrolled_at,
    ))
}

/// One seat; [`DbError::NotFound`] where this town has none of that id.
pub fn find_enrolment(tx: &mut Tx<'_>, id: EnrolmentId) -> Result<Enrolment, DbError> {
    let row: EnrolmentRow = seats().filter(enrolments::id.eq(id)).first(tx.conn())?;
    Ok(enrolment(row))
}

/// The seats of a course, in the order they were first taken, given back ones too.
pub fn enrolments(
    tx: &mut Tx<'_>,
    course: CourseId,
    paging: &Paging<EnrolmentId>,
) -> Result<Page<Enrolment, EnrolmentId>, DbError> {
    let rows: Vec<EnrolmentRow> = seats()
        .filter(enrolments::course_id.eq(course))
        .filter(enrolments::id.gt(paging.after.unwrap_or(EnrolmentId(0))))
        .order(enrolments::id)
        .limit(paging.probe())
        .load(tx.conn())?;
    Ok(Page::cut(rows.into_iter().map(enrolment).collect(), paging, |one| one.id))
}

/// How many took part in each of some courses: whoever was there, whether they completed it or not. Where nobody was, or
/// nobody has noted it yet, there is nothing.
pub fn took_part(tx: &mut Tx<'_>, ids: &[CourseId]) -> Result<HashMap<CourseId, i64>, DbError> {
    let rows: Vec<(CourseId, i64)> = enrolments::table
        .filter(enrolments::course_id.eq_any(ids))
        .filter(enrolments::state.eq_any([EnrolmentState::Attended, EnrolmentState::Completed]))
        .group_by(enrolments::course_id)
        .select((enrolments::course_id, count_star()))
        .load(tx.conn())?;
    Ok(rows.into_iter().collect())
}

/// Everybody with a seat in a course who has not given it back; it has 500 at most.
pub(super) fn seated(tx: &mut Tx<'_>, course: CourseId) -> Result<Vec<PersonId>, DbError> {
    Ok(enrolments::table
        .inner_join(workers::table.on(workers::id.eq(enrolments::worker_id)))
        .filter(enrolments::course_id.eq(course))
        .filter(enrolments::state.eq(EnrolmentState::Enrolled))
        .order(workers::person_id)
        .select(workers::person_id)
        .load(tx.conn())?)
}

/// Where one worker stands with a course, if they ever had a seat.
pub fn standing(
    tx: &mut Tx<'_>,
    course: CourseId,
    worker: WorkerId,
) -> Result<Option<EnrolmentState>, DbError> {
    Ok(enrolments::table
        .filter(enrolments::course_id.eq(course))
        .filter(enrolments::worker_id.eq(worker))
        .select(enrolments::state)
        .first(tx.conn())
        .optional()?)
}

/// A worker's own seats with their courses, the newest first, those given back left out.
pub fn of_worker(
    tx: &mut Tx<'_>,
    worker: WorkerId,
    paging: &Paging<EnrolmentId>,
) -> Result<Page<(Enrolment, Course), EnrolmentId>, DbError> {
    let mut query = seats()
        .filter(enrolments::worker_id.eq(worker))
        .filter(enrolments::state.ne(EnrolmentState::Left))
        .order(enrolments::id.desc())
        .limit(paging.probe())
        .into_boxed();
    if let Some(after) = paging.after {
        query = query.filter(enrolments::id.lt(after));
    }
    let rows: Vec<EnrolmentRow> = query.load(tx.conn())?;
    let page = Page::cut(rows.into_iter().map(enrolment).collect::<Vec<_>>(), paging, |one| one.id);
    let ids: Vec<CourseId> = page.items.iter().map(|one| one.course_id).collect();
    let found: Vec<CourseRow> =
        courses::table.filter(courses::id.eq_any(&ids)).select(CourseRow::as_select()).load(tx.conn())?;
    let courses: Vec<Course> = found.into_iter().map(Course::from).collect();
    let with = |one: Enrolment| {
        let course = courses.iter().find(|course| course.id == one.course_id)?;
        Some((one, course.clone()))
    };
    Ok(Page { items: page.items.into_iter().filter_map(with).collect(), next: page.next })
}
