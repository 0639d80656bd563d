//! `/api/v1/courses`, `/api/v1/enrolments`

use std::rc::Rc;

use db::DbError;
use schemars::JsonSchema;
use serde::Serialize;
use workforce::courses::{
    self, Course, CourseDay, CourseError, CourseId, CourseInput, CourseKey, Enrolment, EnrolmentId, SeatInput,
};

use super::seats::{self, EnrolInput};
use crate::api::{self, At, Created, IfMatch, Json, Listed, Once, One, Paged, Query};
use crate::call::Call;
use crate::failure::Failure;

/// `GET /api/v1/courses`
pub(crate) async fn index(call: Rc<Call>, Query(paged): Query<Paged>) -> Result<Listed<Course>, Failure> {
    let paging = paged.paging::<CourseKey>()?;
    Ok(call.db(move |tx| courses::list(tx, &paging)).await?.into())
}

/// `POST /api/v1/courses`
pub(crate) async fn create(
    call: Rc<Call>,
    Json(input): Json<CourseInput>,
) -> Result<Once<Created<Course>>, Failure> {
    api::once(&call, move |tx| courses::add(tx, &input).map(Created)).await
}

/// A course with its days.
#[derive(Serialize, JsonSchema)]
pub(crate) struct CourseInFull {
    /// The course.
    #[serde(flatten)]
    course: Course,
    /// Its days, in their order.
    days: Vec<CourseDay>,
}

/// `GET /api/v1/courses/{id}`
pub(crate) async fn show(call: Rc<Call>, At(id): At<CourseId>) -> Result<One<CourseInFull>, Failure> {
    let whole = call.db(move |tx| -> Result<_, DbError> {
        let course = courses::find(tx, id)?;
        Ok(CourseInFull { days: courses::days(tx, id)?, course })
    });
    whole.await.map(One)
}

/// `PUT /api/v1/courses/{id}`
pub(crate) async fn update(
    call: Rc<Call>,
    At(id): At<CourseId>,
    IfMatch(version): IfMatch,
    Json(input): Json<CourseInput>,
) -> Result<One<Course>, Failure> {
    call.db(move |tx| courses::change(tx, id, version, &input)).await.map(One)
}

/// `POST /api/v1/courses/{id}/call-off`
pub(crate) async fn call_off(
    call: Rc<Call>,
    At(id): At<CourseId>,
    IfMatch(version): IfMatch,
) -> Result<Once<One<Course>>, Failure> {
    api::once(&call, move |tx| courses::call_off(tx, id, version).map(One)).await
}

/// `GET /api/v1/courses/{id}/enrolments`
pub(crate) async fn enrolments(
    call: Rc<Call>,
    At(id): At<CourseId>,
    Query(paged): Query<Paged>,
) -> Result<Listed<Enrolment>, Failure> {
    let paging = paged.paging::<EnrolmentId>()?;
    let found = call.db(move |tx| -> Result<_, DbError> {
        let course = courses::find(tx, id)?;
        courses::enrolments(tx, course.id, &paging)
    });
    Ok(found.await?.into())
}

/// `POST /api/v1/courses/{id}/enrolments`
pub(crate) async fn enrol(
    call: Rc<Call>,
    At(id): At<CourseId>,
    Json(input): Json<EnrolInput>,
) -> Result<Once<One<Course>>, Failure> {
    api::once(&call, move |tx| -> Result<_, CourseError> { seats::enrol_typed(tx, id, &input).map(One) })
        .await
}

/// `POST /api/v1/enrolments/{id}/outcome`
pub(crate) async fn note(
    call: Rc<Call>,
    At(id): At<EnrolmentId>,
    Json(input): Json<SeatInput>,
) -> Result<Once<One<Enrolment>>, Failure> {
    api::once(&call, move |tx| courses::note(tx, id, &input).map(One)).await
}
