//! `/api/v1/workers` and `/api/v1/skills`

use std::rc::Rc;

use db::DbError;
use fulfillment::jobs;
use kernel::WorkerId;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use workforce::skills::{self, GrantInput, Skill, SkillError, SkillId, SkillInput, WorkerSkill};
use workforce::workers::{self, HoursInput, PhoneInput, Worker, WorkerEvent, WorkerFilter, WorkerState};

use super::enter::{self, EnterInput};
use super::steps::{self, MoveInput};
use crate::api::{self, At, Chosen, Created, IfMatch, Json, Listed, NoContent, Once, One, Paged, Query};
use crate::call::Call;
use crate::capacity::moving_days;
use crate::failure::Failure;

/// Which workers.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct WorkersQuery {
    /// Only those in this state.
    state: Chosen<WorkerState>,
}

/// `GET /api/v1/workers`
pub(crate) async fn index(
    call: Rc<Call>,
    Query(query): Query<WorkersQuery>,
    Query(paged): Query<Paged>,
) -> Result<Listed<Worker>, Failure> {
    let paging = paged.paging::<WorkerId>()?;
    let filter = WorkerFilter { state: query.state.0 };
    Ok(call.db(move |tx| workers::list(tx, filter, &paging)).await?.into())
}

/// `POST /api/v1/workers`
pub(crate) async fn create(
    call: Rc<Call>,
    Json(input): Json<EnterInput>,
) -> Result<Once<Created<Worker>>, Failure> {
    let key = call.app.key.clone();
    api::once(&call, move |tx| enter::enter(tx, &key, input).map(Created)).await
}

/// A worker with their steps and skills.
#[derive(Serialize, JsonSchema)]
pub(crate) struct WorkerInFull {
    /// The worker.
    #[serde(flatten)]
    worker: Worker,
    /// Their steps, the oldest first.
    events: Vec<WorkerEvent>,
    /// What they can do, expired skills too.
    skills: Vec<WorkerSkill>,
}

/// `GET /api/v1/workers/{id}`
pub(crate) async fn show(call: Rc<Call>, At(id): At<WorkerId>) -> Result<One<WorkerInFull>, Failure> {
    let whole = call.db(move |tx| -> Result<_, DbError> {
        let worker = workers::find(tx, id)?;
        Ok(WorkerInFull { events: workers::events(tx, id)?, skills: skills::of_worker(tx, id)?, worker })
    });
    whole.await.map(One)
}

/// `POST /api/v1/workers/{id}/steps`
pub(crate) async fn step(
    call: Rc<Call>,
    At(id): At<WorkerId>,
    Json(input): Json<MoveInput>,
) -> Result<Once<One<Worker>>, Failure> {
    api::once(&call, move |tx| steps::take(tx, id, input).map(One)).await
}

/// `PUT /api/v1/workers/{id}/hours`
pub(crate) async fn hours(
    call: Rc<Call>,
    At(id): At<WorkerId>,
    IfMatch(version): IfMatch,
    Json(input): Json<HoursInput>,
) -> Result<One<Worker>, Failure> {
    let set = call.db(move |tx| moving_days(tx, |tx| workers::set_weekly_minutes(tx, id, version, input)));
    set.await.map(One)
}

/// `PUT /api/v1/workers/{id}/phone`
pub(crate) async fn phone(
    call: Rc<Call>,
    At(id): At<WorkerId>,
    IfMatch(version): IfMatch,
    Json(input): Json<PhoneInput>,
) -> Result<One<Worker>, Failure> {
    call.db(move |tx| workers::set_phone(tx, id, version, &input)).await.map(One)
}

/// `GET /api/v1/skills`: a town has some dozens, so there are no pages.
pub(crate) async fn skills_index(call: Rc<Call>) -> Result<Listed<Skill>, Failure> {
    Ok(call.db(skills::list).await?.into())
}

/// `POST /api/v1/skills`
pub(crate) async fn skills_add(
    call: Rc<Call>,
    Json(input): Json<SkillInput>,
) -> Result<Once<Created<Skill>>, Failure> {
    api::once(&call, move |tx| skills::add(tx, input).map(Created)).await
}

/// `PUT /api/v1/skills/{id}`
pub(crate) async fn skills_rename(
    call: Rc<Call>,
    At(id): At<SkillId>,
    Json(input): Json<SkillInput>,
) -> Result<One<Skill>, Failure> {
    call.db(move |tx| skills::rename(tx, id, input)).await.map(One)
}

/// `POST /api/v1/workers/{id}/skills/{skill}`: grants it, or changes its level or last day.
pub(crate) async fn grant(
    call: Rc<Call>,
    At(id): At<WorkerId>,
    At(skill): At<SkillId>,
    Json(input): Json<GrantInput>,
) -> Result<Once<Listed<WorkerSkill>>, Failure> {
    let verb = move |tx: &mut db::Tx<'_>| -> Result<_, SkillError> {
        skills::grant(tx, id, skill, input)?;
        Ok(skills::of_worker(tx, id)?.into())
    };
    api::once(&call, verb).await
}

/// `DELETE /api/v1/workers/{id}/skills/{skill}`
pub(crate) async fn revoke(
    call: Rc<Call>,
    At(id): At<WorkerId>,
    At(skill): At<SkillId>,
) -> Result<NoContent, Failure> {
    call.db(move |tx| skills::revoke(tx, id, skill)).await.map(|()| NoContent)
}

/// What was put before a worker now.
#[derive(Serialize, JsonSchema)]
pub(crate) struct OfferedNow {
    /// How many jobs.
    jobs: usize,
}

/// `POST /api/v1/workers/{id}/offers`
pub(crate) async fn offer_missed(
    call: Rc<Call>,
    At(id): At<WorkerId>,
) -> Result<Once<One<OfferedNow>>, Failure> {
    api::once(&call, move |tx| jobs::offer_missed(tx, id).map(|jobs| One(OfferedNow { jobs }))).await
}
