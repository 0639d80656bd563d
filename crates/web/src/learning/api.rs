//! `/api/v1/my-skills`, `/api/v1/my-courses`, `/api/v1/my-trials`

use std::rc::Rc;

use db::DbError;
use schemars::JsonSchema;
use serde::Serialize;
use workforce::courses::{self, Course, CourseError, CourseId, CourseKey, Enrolment, EnrolmentId};
use workforce::skills::{self, WorkerSkill};
use workforce::trials::{self, Trial, TrialId};

use crate::api::{self, At, Listed, Once, One, Paged, Query};
use crate::call::Call;
use crate::failure::Failure;
use crate::offers::card;

/// `GET /api/v1/my-skills`
pub(crate) async fn skills(call: Rc<Call>) -> Result<Listed<WorkerSkill>, Failure> {
    let person = call.person()?;
    let found = call.db(move |tx| -> Result<_, DbError> {
        let worker = card::worker(tx, person)?;
        skills::of_worker(tx, worker.id)
    });
    Ok(found.await?.into())
}

/// `GET /api/v1/my-courses`
pub(crate) async fn coming(call: Rc<Call>, Query(paged): Query<Paged>) -> Result<Listed<Course>, Failure> {
    let paging = paged.paging::<CourseKey>()?;
    Ok(call.db(move |tx| courses::coming(tx, &paging)).await?.into())
}

/// A training somebody has a seat in, with how they stand with it.
#[derive(Serialize, JsonSchema)]
pub(crate) struct MyCourse {
    /// The training.
    course: Course,
    /// Their seat.
    enrolment: Enrolment,
}

/// `GET /api/v1/my-courses/mine`
pub(crate) async fn mine(call: Rc<Call>, Query(paged): Query<Paged>) -> Result<Listed<MyCourse>, Failure> {
    let (person, paging) = (call.person()?, paged.paging::<EnrolmentId>()?);
    let found = call.db(move |tx| -> Result<_, DbError> {
        let worker = card::worker(tx, person)?;
        courses::of_worker(tx, worker.id, &paging)
    });
    Ok(found.await?.map(|(enrolment, course)| MyCourse { course, enrolment }).into())
}

/// `POST /api/v1/my-courses/{id}/enrol`
pub(crate) async fn enrol(call: Rc<Call>, At(id): At<CourseId>) -> Result<Once<One<Course>>, Failure> {
    let person = call.person()?;
    let verb = move |tx: &mut db::Tx<'_>| -> Result<_, CourseError> {
        let worker = card::worker(tx, person)?;
        courses::enrol(tx, id, worker.id).map(One)
    };
    api::once(&call, verb).await
}

/// `POST /api/v1/my-courses/{id}/leave`
pub(crate) async fn leave(call: Rc<Call>, At(id): At<CourseId>) -> Result<Once<One<Course>>, Failure> {
    let person = call.person()?;
    let verb = move |tx: &mut db::Tx<'_>| -> Result<_, CourseError> {
        let worker = card::worker(tx, person)?;
        courses::leave(tx, id, worker.id).map(One)
    };
    api::once(&call, verb).await
}

/// `GET /api/v1/my-trials`
pub(crate) async fn trials(call: Rc<Call>, Query(paged): Query<Paged>) -> Result<Listed<Trial>, Failure> {
    let (person, paging) = (call.person()?, paged.paging::<TrialId>()?);
    let found = call.db(move |tx| -> Result<_, DbError> {
        let worker = card::worker(tx, person)?;
        trials::of_worker(tx, worker.id, &paging)
    });
    Ok(found.await?.into())
}
