//! `/api/v1/questions` and `/api/v1/jobs/{id}/questions`

use std::rc::Rc;

use db::DbError;
use fulfillment::jobs;
use fulfillment::questions::{
    self, AnswerInput, AskInput, OpenQuestion, OpenQuestionKey, Question, QuestionId, QuestionKey,
};
use kernel::JobId;

use crate::api::{self, At, Created, Json, Listed, Once, One, Paged, Query};
use crate::call::Call;
use crate::failure::Failure;

/// `GET /api/v1/questions`
pub(crate) async fn open(
    call: Rc<Call>,
    Query(paged): Query<Paged>,
) -> Result<Listed<OpenQuestion>, Failure> {
    let paging = paged.paging::<OpenQuestionKey>()?;
    Ok(call.db(move |tx| questions::open(tx, &paging)).await?.into())
}

/// `GET /api/v1/jobs/{id}/questions`
pub(crate) async fn of_job(
    call: Rc<Call>,
    At(id): At<JobId>,
    Query(paged): Query<Paged>,
) -> Result<Listed<Question>, Failure> {
    let paging = paged.paging::<QuestionKey>()?;
    let page = call.db(move |tx| -> Result<_, DbError> {
        let job = jobs::find(tx, id)?;
        questions::of_job(tx, job.id, &paging)
    });
    Ok(page.await?.into())
}

/// `POST /api/v1/jobs/{id}/questions`
pub(crate) async fn ask(
    call: Rc<Call>,
    At(id): At<JobId>,
    Json(input): Json<AskInput>,
) -> Result<Once<Created<Question>>, Failure> {
    api::once(&call, move |tx| questions::ask(tx, id, &input).map(Created)).await
}

/// `POST /api/v1/questions/{id}/answers`
pub(crate) async fn answer(
    call: Rc<Call>,
    At(id): At<QuestionId>,
    Json(input): Json<AnswerInput>,
) -> Result<Once<One<Question>>, Failure> {
    api::once(&call, move |tx| questions::answer(tx, id, &input).map(One)).await
}

/// `POST /api/v1/questions/{id}/rule`
pub(crate) async fn make_rule(
    call: Rc<Call>,
    At(id): At<QuestionId>,
) -> Result<Once<One<Question>>, Failure> {
    api::once(&call, move |tx| questions::make_rule(tx, id).map(One)).await
}
