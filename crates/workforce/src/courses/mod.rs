//! Trainings (研修): courses with days and seats, who has one, and what comes of it.
//!
//! Invariants: a course never has more people than seats (`courses_not_overbooked`, test
//! `two_who_want_the_last_seat_at_once_do_not_both_get_it`); whoever completes one has its skill with the same commit
//! (test `whoever_completes_a_course_can_do_what_it_teaches_at_once`); giving a seat back or not coming is no mark.

mod lists;
mod model;
mod store;
#[cfg(test)]
mod tests;

use chrono::{DateTime, Days, Utc};
use db::{DbError, Tx};
use kernel::{Code, Coded, FieldProblem, Invalid, PersonId, WorkerId, date_in_japan};
use queue::Event;
use serde::{Deserialize, Serialize};

pub use lists::{coming, days, enrolments, find, find_enrolment, list, of_worker, standing, took_part};
pub use model::{
    Course, CourseDay, CourseDayInput, CourseId, CourseInput, CourseKey, CourseState, CourseWay, Enrolment,
    EnrolmentId, EnrolmentState, MOST_DAYS, SeatInput,
};

use crate::skills::{self, Evidence, Learned};
use crate::workers::{self, Worker, WorkerState};

/// Why a course was not entered or a seat not taken.
#[derive(Debug, thiserror::Error)]
pub enum CourseError {
    /// Fields that cannot be accepted; nothing was written.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// Every seat is taken.
    #[error("every seat is taken")]
    Full,
    /// It is called off, has begun, or is over.
    #[error("the course takes nobody any more")]
    Closed,
    /// It has not begun, so nobody was there yet.
    #[error("the course has not begun yet")]
    NotYet,
    /// Somebody has a seat already, so its days stay as they are.
    #[error("somebody has a seat; the days stay as they are")]
    DaysStay,
    /// Not from where they stand with it.
    #[error("not from where they stand with the course")]
    Refused,
    /// The acting person is who would learn by it: nobody confirms what they can do themselves.
    #[error("nobody confirms their own skill")]
    OwnSkill,
    /// Somebody changed it since it was read.
    #[error("the course was changed meanwhile")]
    Stale,
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for CourseError {
    fn code(&self) -> Code {
        match self {
            Self::Invalid(invalid) => invalid.code(),
            Self::Full => Code::SeatsTaken,
            Self::Closed | Self::NotYet | Self::DaysStay | Self::Refused => Code::Conflict,
            Self::OwnSkill => Code::OwnWork,
            Self::Stale => Code::Stale,
            Self::Db(error) => error.code(),
        }
    }

    fn fields(&self) -> &[FieldProblem] {
        match self {
            Self::Invalid(invalid) => invalid.fields(),
            _ => &[],
        }
    }
}

/// Somebody took a seat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CourseBooked {
    /// The course.
    pub course: CourseId,
    /// What it is called.
    pub title: String,
    /// Who.
    pub person: PersonId,
    /// When it begins.
    pub first_at: DateTime<Utc>,
    /// Where it is held.
    pub way: CourseWay,
    /// The room or how the address comes.
    pub place: String,
}

impl Event for CourseBooked {
    const KIND: &'static str = "course.booked";
}

/// A course begins tomorrow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CourseSoon {
    /// The course.
    pub course: CourseId,
    /// What it is called.
    pub title: String,
    /// Those with a seat.
    pub people: Vec<PersonId>,
    /// When it begins.
    pub first_at: DateTime<Utc>,
    /// Where it is held.
    pub way: CourseWay,
    /// The room or how the address comes.
    pub place: String,
}

impl Event for CourseSoon {
    const KIND: &'static str = "course.soon";
}

/// A course does not take place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CourseCalledOff {
    /// The course.
    pub course: CourseId,
    /// What it is called.
    pub title: String,
    /// Those with a seat.
    pub people: Vec<PersonId>,
    /// When it would have begun.
    pub first_at: DateTime<Utc>,
}

impl Event for CourseCalledOff {
    const KIND: &'static str = "course.called_off";
}

/// Enters a course.
pub fn add(tx: &mut Tx<'_>, input: &CourseInput) -> Result<Course, CourseError> {
    let fields = input.checked(tx.now())?;
    known_skill(tx, fields.skill_id)?;
    Ok(store::insert(tx, &fields)?)
}

fn known_skill(tx: &mut Tx<'_>, skill: Option<skills::SkillId>) -> Result<(), CourseError> {
    let Some(skill) = skill else { return Ok(()) };
    match skills::find(tx, skill) {
        Ok(_) => Ok(()),
        Err(DbError::NotFound) => Err(Invalid::field("skill_id", Code::UnknownChoice).into()),
        Err(error) => Err(error.into()),
    }
}

/// Changes a course that was read at `version`. Its days stay once somebody has a seat, and it keeps as many seats as
/// are taken.
pub fn change(
    tx: &mut Tx<'_>,
    id: CourseId,
    version: i32,
    input: &CourseInput,
) -> Result<Course, CourseError> {
    let fields = input.checked(tx.now())?;
    known_skill(tx, fields.skill_id)?;
    let course = store::hold(tx, id)?;
    if course.version != version {
        return Err(CourseError::Stale);
    }
    if course.state == CourseState::CalledOff {
        return Err(CourseError::Closed);
    }
    if course.taken > 0 && fields.days != days(tx, id)? {
        return Err(CourseError::DaysStay);
    }
    if fields.seats < course.taken {
        return Err(Invalid::field("seats", Code::OutOfRange).into());
    }
    Ok(store::update(tx, &course, &fields)?)
}

/// Calls off a course that was read at `version` and is not over; whoever has a seat is told.
pub fn call_off(tx: &mut Tx<'_>, id: CourseId, version: i32) -> Result<Course, CourseError> {
    let course = store::hold(tx, id)?;
    if course.version != version {
        return Err(CourseError::Stale);
    }
    if course.state == CourseState::CalledOff || course.last_at <= tx.now() {
        return Err(CourseError::Closed);
    }
    let people = lists::seated(tx, id)?;
    let course = store::call_off(tx, &course)?;
    if !people.is_empty() {
        let (title, first_at) = (course.title.clone(), course.first_at);
        queue::record(tx, &CourseCalledOff { course: id, title, people, first_at })?;
    }
    Ok(course)
}

/// Takes a seat for a worker in the programme, before the course begins; asked again, it stays the one seat.
pub fn enrol(tx: &mut Tx<'_>, id: CourseId, worker: WorkerId) -> Result<Course, CourseError> {
    let (course, worker) = (store::hold(tx, id)?, workers::find(tx, worker)?);
    if course.first_at <= tx.now() {
        return Err(CourseError::Closed);
    }
    if !take_seat(tx, &course, &worker)? {
        return Ok(course);
    }
    let fact = CourseBooked {
        course: id,
        title: course.title.clone(),
        person: worker.person_id,
        first_at: course.first_at,
        way: course.way,
        place: course.place.clone(),
    };
    queue::record(tx, &fact)?;
    Ok(find(tx, id)?)
}

/// Takes a seat for a worker, for those who run the course: before it begins as [`enrol`] does; once it has begun, for
/// somebody who came without one, as long as seats are free. They know that they came, so nobody is told.
pub fn admit(tx: &mut Tx<'_>, id: CourseId, worker: WorkerId) -> Result<Course, CourseError> {
    let course = store::hold(tx, id)?;
    if course.first_at > tx.now() {
        return enrol(tx, id, worker);
    }
    let worker = workers::find(tx, worker)?;
    take_seat(tx, &course, &worker)?;
    Ok(find(tx, id)?)
}

/// `false` where they have one already.
fn take_seat(tx: &mut Tx<'_>, course: &Course, worker: &Worker) -> Result<bool, CourseError> {
    if course.state == CourseState::CalledOff {
        return Err(CourseError::Closed);
    }
    if matches!(worker.state, WorkerState::Applicant | WorkerState::Withdrawn) {
        return Err(CourseError::Refused);
    }
    let before = standing(tx, course.id, worker.id)?;
    if before == Some(EnrolmentState::Enrolled) {
        return Ok(false);
    }
    seat(tx, course, worker.id, before, EnrolmentState::Enrolled)?;
    Ok(true)
}

/// Gives a worker's seat back before the course begins; without one there is nothing to give back.
pub fn leave(tx: &mut Tx<'_>, id: CourseId, worker: WorkerId) -> Result<Course, CourseError> {
    let course = store::hold(tx, id)?;
    let before = standing(tx, id, worker)?;
    if before.is_none() || before == Some(EnrolmentState::Left) {
        return Ok(course);
    }
    if course.first_at <= tx.now() {
        return Err(CourseError::Closed);
    }
    seat(tx, &course, worker, before, EnrolmentState::Left)?;
    Ok(find(tx, id)?)
}

/// Notes who was there and who completed it. Completing grants the course's skill with the same commit.
pub fn note(tx: &mut Tx<'_>, id: EnrolmentId, input: &SeatInput) -> Result<Enrolment, CourseError> {
    let state = input.checked()?;
    let enrolment = find_enrolment(tx, id)?;
    let course = store::hold(tx, enrolment.course_id)?;
    let before = standing(tx, course.id, enrolment.worker_id)?;
    if before == Some(state) {
        return Ok(enrolment);
    }
    let is_leaving = state == EnrolmentState::Left;
    if course.state == CourseState::CalledOff {
        return Err(CourseError::Closed);
    }
    if !is_leaving && course.first_at > tx.now() {
        return Err(CourseError::NotYet);
    }
    seat(tx, &course, enrolment.worker_id, before, state)?;
    if state == EnrolmentState::Completed {
        grant(tx, &course, enrolment.worker_id)?;
    }
    Ok(find_enrolment(tx, id)?)
}

fn seat(
    tx: &mut Tx<'_>,
    course: &Course,
    worker: WorkerId,
    before: Option<EnrolmentState>,
    state: EnrolmentState,
) -> Result<(), CourseError> {
    let by = model::seats_moved(before, state).ok_or(CourseError::Refused)?;
    if by != 0 && !store::move_seats(tx, course.id, by)? {
        return Err(CourseError::Full);
    }
    store::set_state(tx, course.id, worker, state)?;
    Ok(())
}

fn grant(tx: &mut Tx<'_>, course: &Course, worker: WorkerId) -> Result<(), CourseError> {
    let Some(skill) = course.skill_id else { return Ok(()) };
    let pupil = workers::find(tx, worker)?;
    if workers::is_acting(tx, &pupil) {
        return Err(CourseError::OwnSkill);
    }
    let learned = Learned {
        level: course.level,
        expires_on: course.counts_until(date_in_japan(tx.now())),
        evidence: Evidence::Training,
        note: course.title.clone(),
    };
    Ok(skills::learn(tx, worker, skill, learned)?)
}

/// Reminds whoever has a seat in a course that begins tomorrow; gives how many courses there are. May run twice.
pub fn remind(tx: &mut Tx<'_>) -> Result<usize, DbError> {
    let tomorrow = date_in_japan(tx.now()).checked_add_days(Days::new(1)).unwrap_or_default();
    let next = tomorrow.checked_add_days(Days::new(1)).unwrap_or(tomorrow);
    let courses = store::take_to_remind(tx, store::beginning(tomorrow), store::beginning(next))?;
    let count = courses.len();
    for course in courses {
        let people = lists::seated(tx, course.id)?;
        if people.is_empty() {
            continue;
        }
        let fact = CourseSoon {
            course: course.id,
            title: course.title,
            people,
            first_at: course.first_at,
            way: course.way,
            place: course.place,
        };
        queue::record(tx, &fact)?;
    }
    Ok(count)
}
