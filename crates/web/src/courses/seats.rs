//! Seats of a course, for whoever leads it: taking one for a worker, noting what became of it, calling the course off.

use std::rc::Rc;

use actix_web::HttpResponse;
use kernel::{Checks, Typed, WorkerId};
use schemars::JsonSchema;
use serde::Deserialize;
use workforce::courses::{self, Course, CourseError, CourseId, EnrolmentId, SeatInput};

use super::show;
use crate::call::Call;
use crate::failure::Failure;
use crate::orders::parts;
use crate::paths;

/// Whom a seat is taken for, as typed.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "worker_id": 12 }]))]
pub(crate) struct EnrolInput {
    /// The worker's id; required.
    pub(crate) worker_id: Typed,
}

/// Takes the seat.
pub(super) fn enrol_typed(
    tx: &mut db::Tx<'_>,
    course: CourseId,
    input: &EnrolInput,
) -> Result<Course, CourseError> {
    let mut checks = Checks::new();
    let worker = WorkerId(checks.number("worker_id", &input.worker_id, 1..=i64::MAX));
    let worker = checks.done(worker)?;
    courses::admit(tx, course, worker)
}

/// `POST /courses/{id}/enrolments`
pub(crate) async fn enrol(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: CourseId = call.id("id")?;
    let form = call.form();
    let input: EnrolInput = form.input()?;
    let admitted = move |tx: &mut db::Tx<'_>| -> Result<_, CourseError> {
        let course = enrol_typed(tx, id, &input)?;
        Ok(if course.first_at > tx.now() { "done-course-enrolled" } else { "done-course-admitted" })
    };
    match call.db(admitted).await {
        Ok(done) => Ok(call.done(format!("{}#seats", paths::course(id)), done)),
        Err(failure) if parts::stays(&failure) => show::render(&call, id, Some(&form), Some(&failure)).await,
        Err(failure) => Err(failure),
    }
}

/// `POST /enrolments/{id}/outcome`
pub(crate) async fn note(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: EnrolmentId = call.id("id")?;
    let form = call.form();
    let input: SeatInput = form.input()?;
    match call.db(move |tx| courses::note(tx, id, &input)).await {
        Ok(seat) => Ok(call.done(paths::course(seat.course_id), "done-course-noted")),
        Err(failure) if parts::stays(&failure) => {
            let course = call.db(move |tx| courses::find_enrolment(tx, id)).await?.course_id;
            show::render(&call, course, Some(&form), Some(&failure)).await
        }
        Err(failure) => Err(failure),
    }
}

/// `POST /courses/{id}/call-off`
pub(crate) async fn call_off(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: CourseId = call.id("id")?;
    let form = call.form();
    let version = form.version()?;
    match call.db(move |tx| courses::call_off(tx, id, version)).await {
        Ok(_course) => Ok(call.done(paths::course(id), "done-course-called-off")),
        Err(failure) if parts::stays(&failure) => show::render(&call, id, Some(&form), Some(&failure)).await,
        Err(failure) => Err(failure),
    }
}
