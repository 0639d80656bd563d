//! `/api/v1/workers` and `/api/v1/skills`

use std::rc::Rc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use db::DbError;
use kernel::{Typed, WorkerId};
use serde::{Deserialize, Serialize};
use workforce::skills::{self, GrantInput, SkillError, SkillId, SkillInput, WorkerSkill};
use workforce::workers::{self, HoursInput, Worker, WorkerEvent, WorkerFilter};

use super::enter::{self, EnterInput};
use super::steps::{self, MoveInput};
use crate::api::{self, ListQuery};
use crate::call::Call;
use crate::failure::Failure;
use crate::orders::parts;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Filter {
    state: Typed,
}

/// `GET /api/v1/workers?state=…`
pub(crate) async fn index(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let paging = call.query::<ListQuery>().paging::<WorkerId>();
    let filter = WorkerFilter { state: parts::word_of(&call.query::<Filter>().state) };
    let page = call.db(move |tx| workers::list(tx, filter, &paging)).await?;
    Ok(api::list(&call, page))
}

/// `POST /api/v1/workers`
pub(crate) async fn create(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let key = call.app.key.clone();
    api::post(&call, StatusCode::CREATED, move |tx, input: EnterInput| enter::enter(tx, &key, input)).await
}

/// A worker with their steps and skills.
#[derive(Serialize)]
struct Whole {
    #[serde(flatten)]
    worker: Worker,
    events: Vec<WorkerEvent>,
    skills: Vec<WorkerSkill>,
}

/// `GET /api/v1/workers/{id}`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: WorkerId = call.id("id")?;
    let whole = call
        .db(move |tx| -> Result<_, DbError> {
            let worker = workers::find(tx, id)?;
            Ok(Whole { events: workers::events(tx, id)?, skills: skills::of_worker(tx, id)?, worker })
        })
        .await?;
    Ok(api::one(&call, whole.worker.version, &whole))
}

/// `POST /api/v1/workers/{id}/steps`
pub(crate) async fn step(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: WorkerId = call.id("id")?;
    api::post(&call, StatusCode::OK, move |tx, input: MoveInput| steps::take(tx, id, input)).await
}

/// `PUT /api/v1/workers/{id}/hours`
pub(crate) async fn hours(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: WorkerId = call.id("id")?;
    let (input, version) = (call.json::<HoursInput>()?, api::if_match(&call)?);
    let worker = call.db(move |tx| workers::set_weekly_minutes(tx, id, version, input)).await?;
    Ok(api::one(&call, worker.version, &worker))
}

/// `GET /api/v1/skills`: a town has some dozens, so there are no pages.
pub(crate) async fn skills_index(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let skills = call.db(skills::list).await?;
    Ok(call.answer(StatusCode::OK, &skills))
}

/// `POST /api/v1/skills`
pub(crate) async fn skills_add(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    api::post(&call, StatusCode::CREATED, |tx, input: SkillInput| skills::add(tx, input)).await
}

/// `POST /api/v1/workers/{id}/skills/{skill}`: grants it, or changes its level or last day.
pub(crate) async fn grant(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let (id, skill): (WorkerId, SkillId) = (call.id("id")?, call.id("skill")?);
    let verb = move |tx: &mut db::Tx<'_>, input: GrantInput| -> Result<_, SkillError> {
        skills::grant(tx, id, skill, input)?;
        Ok(skills::of_worker(tx, id)?)
    };
    api::post(&call, StatusCode::OK, verb).await
}

/// `DELETE /api/v1/workers/{id}/skills/{skill}`
pub(crate) async fn revoke(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let (id, skill): (WorkerId, SkillId) = (call.id("id")?, call.id("skill")?);
    call.db(move |tx| skills::revoke(tx, id, skill)).await?;
    Ok(HttpResponse::NoContent().finish())
}
