//! Rows and writes of `courses`, `course_days` and `enrolments`.

use chrono::{DateTime, NaiveDate, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::WorkerId;

use super::model::{
    Course, CourseDay, CourseFields, CourseId, CourseState, CourseWay, EnrolmentId, EnrolmentState,
};
use crate::schema::{course_days, courses, enrolments};
use crate::skills::SkillId;

#[derive(Queryable, Selectable)]
#[diesel(table_name = courses)]
pub(super) struct CourseRow {
    id: CourseId,
    title: String,
    about: String,
    skill_id: Option<SkillId>,
    level: i16,
    valid_months: Option<i16>,
    seats: i32,
    taken: i32,
    way: CourseWay,
    place: String,
    is_paid: bool,
    state: CourseState,
    first_at: DateTime<Utc>,
    last_at: DateTime<Utc>,
    created_at: DateTime<Utc>,
    version: i32,
}

impl From<CourseRow> for Course {
    fn from(row: CourseRow) -> Self {
        Self {
            id: row.id,
            title: row.title,
            about: row.about,
            skill_id: row.skill_id,
            level: row.level,
            valid_months: row.valid_months,
            seats: row.seats,
            taken: row.taken,
            way: row.way,
            place: row.place,
            is_paid: row.is_paid,
            state: row.state,
            first_at: row.first_at,
            last_at: row.last_at,
            created_at: row.created_at,
            version: row.version,
        }
    }
}

/// The beginning of the first day and the end of the last, of days in their order; there is one at least.
fn span(days: &[CourseDay]) -> (DateTime<Utc>, DateTime<Utc>) {
    let first = days.first().map_or(DateTime::UNIX_EPOCH, |day| day.starts_at);
    (first, days.last().map_or(first, |day| day.ends_at))
}

pub(super) fn insert(tx: &mut Tx<'_>, fields: &CourseFields) -> Result<Course, DbError> {
    let (now, (first_at, last_at)) = (tx.now(), span(&fields.days));
    let row: CourseRow = diesel::insert_into(courses::table)
        .values((
            courses::title.eq(&fields.title),
            courses::about.eq(&fields.about),
            courses::skill_id.eq(fields.skill_id),
            courses::level.eq(fields.level),
            courses::valid_months.eq(fields.valid_months),
            courses::seats.eq(fields.seats),
            courses::way.eq(fields.way),
            courses::place.eq(&fields.place),
            courses::is_paid.eq(fields.is_paid),
            courses::first_at.eq(first_at),
            courses::last_at.eq(last_at),
            courses::created_at.eq(now),
        ))
        .returning(CourseRow::as_returning())
        .get_result(tx.conn())?;
    set_days(tx, row.id, &fields.days)?;
    Ok(row.into())
}

fn set_days(tx: &mut Tx<'_>, course: CourseId, days: &[CourseDay]) -> Result<(), DbError> {
    diesel::delete(course_days::table.filter(course_days::course_id.eq(course))).execute(tx.conn())?;
    let rows: Vec<_> = days
        .iter()
        .map(|day| {
            (
                course_days::course_id.eq(course),
                course_days::starts_at.eq(day.starts_at),
                course_days::ends_at.eq(day.ends_at),
            )
        })
        .collect();
    diesel::insert_into(course_days::table).values(rows).execute(tx.conn())?;
    Ok(())
}

/// Reads a course and keeps everybody else from taking a seat of it until this transaction ends.
pub(super) fn hold(tx: &mut Tx<'_>, id: CourseId) -> Result<Course, DbError> {
    let row: CourseRow = courses::table
        .filter(courses::id.eq(id))
        .select(CourseRow::as_select())
        .for_no_key_update()
        .first(tx.conn())?;
    Ok(row.into())
}

/// Writes every field over a course that is held.
pub(super) fn update(tx: &mut Tx<'_>, course: &Course, fields: &CourseFields) -> Result<Course, DbError> {
    let (first_at, last_at) = span(&fields.days);
    let row: CourseRow = diesel::update(courses::table.filter(courses::id.eq(course.id)))
        .set((
            courses::title.eq(&fields.title),
            courses::about.eq(&fields.about),
            courses::skill_id.eq(fields.skill_id),
            courses::level.eq(fields.level),
            courses::valid_months.eq(fields.valid_months),
            courses::seats.eq(fields.seats),
            courses::way.eq(fields.way),
            courses::place.eq(&fields.place),
            courses::is_paid.eq(fields.is_paid),
            courses::first_at.eq(first_at),
            courses::last_at.eq(last_at),
            courses::version.eq(course.version + 1),
        ))
        .returning(CourseRow::as_returning())
        .get_result(tx.conn())?;
    set_days(tx, row.id, &fields.days)?;
    Ok(row.into())
}

pub(super) fn call_off(tx: &mut Tx<'_>, course: &Course) -> Result<Course, DbError> {
    let row: CourseRow = diesel::update(courses::table.filter(courses::id.eq(course.id)))
        .set((courses::state.eq(CourseState::CalledOff), courses::version.eq(course.version + 1)))
        .returning(CourseRow::as_returning())
        .get_result(tx.conn())?;
    Ok(row.into())
}

/// Moves the number of taken seats; `false` where that would take more than there are. Guarded by the row itself.
pub(super) fn move_seats(tx: &mut Tx<'_>, course: CourseId, by: i32) -> Result<bool, DbError> {
    let roomy = courses::table
        .filter(courses::id.eq(course))
        .filter((courses::taken + by).le(courses::seats))
        .filter((courses::taken + by).ge(0));
    Ok(diesel::update(roomy).set(courses::taken.eq(courses::taken + by)).execute(tx.conn())? == 1)
}

/// Writes where somebody stands with a course, for the first time or anew.
pub(super) fn set_state(
    tx: &mut Tx<'_>,
    course: CourseId,
    worker: WorkerId,
    state: EnrolmentState,
) -> Result<EnrolmentId, DbError> {
    let now = tx.now();
    let moved = (enrolments::state.eq(state), enrolments::changed_at.eq(now));
    let values = (
        enrolments::course_id.eq(course),
        enrolments::worker_id.eq(worker),
        enrolments::enrolled_at.eq(now),
        moved,
    );
    let insert = diesel::insert_into(enrolments::table).values(values).on_conflict((
        enrolments::organization_id,
        enrolments::course_id,
        enrolments::worker_id,
    ));
    let id: EnrolmentId = if state == EnrolmentState::Enrolled {
        insert
            .do_update()
            .set((moved, enrolments::enrolled_at.eq(now)))
            .returning(enrolments::id)
            .get_result(tx.conn())?
    } else {
        insert.do_update().set(moved).returning(enrolments::id).get_result(tx.conn())?
    };
    Ok(id)
}

/// Notes that those with a seat are reminded of a course; gives the courses of `day` in Japan that were not yet.
pub(super) fn take_to_remind(
    tx: &mut Tx<'_>,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<Vec<Course>, DbError> {
    let now = tx.now();
    let rows: Vec<CourseRow> = diesel::update(courses::table)
        .filter(courses::first_at.ge(from))
        .filter(courses::first_at.lt(until))
        .filter(courses::state.eq(CourseState::Open))
        .filter(courses::reminded_at.is_null())
        .set(courses::reminded_at.eq(now))
        .returning(CourseRow::as_returning())
        .get_results(tx.conn())?;
    Ok(rows.into_iter().map(Course::from).collect())
}

/// The moment a day begins in Japan.
pub(super) fn beginning(day: NaiveDate) -> DateTime<Utc> {
    let midnight = day.and_hms_opt(0, 0, 0).unwrap_or_default();
    midnight.and_local_timezone(kernel::JST).single().map_or(DateTime::UNIX_EPOCH, |at| at.to_utc())
}
