//! `/api/v1/my-day`

use std::rc::Rc;

use sales::day::{self, DayCounts, Due, DueKey};

use crate::api::{Listed, One, Paged, Query};
use crate::call::Call;
use crate::failure::Failure;

/// `GET /api/v1/my-day`
pub(crate) async fn index(call: Rc<Call>, Query(paged): Query<Paged>) -> Result<Listed<Due>, Failure> {
    let (person, paging) = (call.person()?, paged.paging::<DueKey>()?);
    Ok(call.db(move |tx| day::due(tx, person, &paging)).await?.into())
}

/// `GET /api/v1/my-day/counts`
pub(crate) async fn counts(call: Rc<Call>) -> Result<One<DayCounts>, Failure> {
    let person = call.person()?;
    call.db(move |tx| day::counts(tx, person)).await.map(One)
}
