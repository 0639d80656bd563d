//! `/api/v1/deals` and the activities below a deal.

use std::rc::Rc;

use db::DbError;
use kernel::{BoardStageId, CompanyId, DealId, FiscalYear, PersonId};
use sales::activities::{self, Activity, ActivityInput, ActivityKey};
use sales::deals::{
    self, AdvanceInput, Card, CardKey, Deal, DealEvent, DealFilter, DealInput, DealStatus, DealTotals,
    LoseInput, ReopenInput, ReorderInput, Stay, WinInput,
};
use sales::lines::{self, DealLines, LinesInput};
use sales::repeats::{self, SameAgainInput};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::api::{self, At, Chosen, Created, IfMatch, Json, Listed, Once, One, Paged, Query};
use crate::call::Call;
use crate::failure::Failure;
use crate::reopening;

/// Which deals.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct DealsQuery {
    /// Only those in this state.
    state: Chosen<DealStatus>,
    /// Only those this person works on.
    owner: Chosen<PersonId>,
    /// Only those of this company.
    company: Chosen<CompanyId>,
    /// Only those won or lost in this fiscal year, as the town's years begin.
    closed_in: Chosen<FiscalYear>,
    /// Only those in this stage.
    stage: Chosen<BoardStageId>,
}

impl DealsQuery {
    fn filter(&self) -> DealFilter {
        DealFilter {
            state: self.state.0,
            owner: self.owner.0,
            company: self.company.0,
            closed_in: self.closed_in.0,
            stage: self.stage.0,
        }
    }
}

/// `GET /api/v1/deals`
pub(crate) async fn index(
    call: Rc<Call>,
    Query(query): Query<DealsQuery>,
    Query(paged): Query<Paged>,
) -> Result<Listed<Card>, Failure> {
    let paging = paged.paging::<CardKey>()?;
    Ok(call.db(move |tx| deals::list(tx, &query.filter(), &paging)).await?.into())
}

/// `GET /api/v1/deals/totals`
pub(crate) async fn totals(
    call: Rc<Call>,
    Query(query): Query<DealsQuery>,
) -> Result<One<DealTotals>, Failure> {
    call.db(move |tx| deals::totals(tx, &query.filter())).await.map(One)
}

/// `POST /api/v1/deals`
pub(crate) async fn create(
    call: Rc<Call>,
    Json(input): Json<DealInput>,
) -> Result<Once<Created<Deal>>, Failure> {
    api::once(&call, move |tx| deals::open(tx, input).map(Created)).await
}

/// `GET /api/v1/deals/{id}`
pub(crate) async fn show(call: Rc<Call>, At(id): At<DealId>) -> Result<One<Deal>, Failure> {
    call.db(move |tx| deals::find(tx, id)).await.map(One)
}

/// `PUT /api/v1/deals/{id}`
pub(crate) async fn update(
    call: Rc<Call>,
    At(id): At<DealId>,
    IfMatch(version): IfMatch,
    Json(input): Json<DealInput>,
) -> Result<One<Deal>, Failure> {
    call.db(move |tx| deals::correct(tx, id, version, input)).await.map(One)
}

/// `POST /api/v1/deals/{id}/advance`
pub(crate) async fn advance(
    call: Rc<Call>,
    At(id): At<DealId>,
    IfMatch(version): IfMatch,
    Json(input): Json<AdvanceInput>,
) -> Result<Once<One<Deal>>, Failure> {
    api::once(&call, move |tx| deals::advance(tx, id, version, input).map(One)).await
}

/// `POST /api/v1/deals/{id}/transfer`
pub(crate) async fn transfer(
    call: Rc<Call>,
    At(id): At<DealId>,
    IfMatch(version): IfMatch,
    Json(input): Json<AdvanceInput>,
) -> Result<Once<One<Deal>>, Failure> {
    api::once(&call, move |tx| deals::transfer(tx, id, version, input).map(One)).await
}

/// `POST /api/v1/deals/{id}/reorder`
pub(crate) async fn reorder(
    call: Rc<Call>,
    At(id): At<DealId>,
    IfMatch(version): IfMatch,
    Json(input): Json<ReorderInput>,
) -> Result<Once<One<Deal>>, Failure> {
    api::once(&call, move |tx| deals::reorder(tx, id, version, input).map(One)).await
}

/// `POST /api/v1/deals/{id}/win`
pub(crate) async fn win(
    call: Rc<Call>,
    At(id): At<DealId>,
    Query(input): Query<WinInput>,
    IfMatch(version): IfMatch,
) -> Result<Once<One<Deal>>, Failure> {
    api::once(&call, move |tx| deals::win(tx, id, version, input).map(One)).await
}

/// `POST /api/v1/deals/{id}/lose`
pub(crate) async fn lose(
    call: Rc<Call>,
    At(id): At<DealId>,
    IfMatch(version): IfMatch,
    Json(input): Json<LoseInput>,
) -> Result<Once<One<Deal>>, Failure> {
    api::once(&call, move |tx| deals::lose(tx, id, version, input).map(One)).await
}

/// `POST /api/v1/deals/{id}/again`
pub(crate) async fn again(
    call: Rc<Call>,
    At(id): At<DealId>,
    Json(input): Json<SameAgainInput>,
) -> Result<Once<Created<Deal>>, Failure> {
    api::once(&call, move |tx| repeats::same_again(tx, id, &input).map(Created)).await
}

/// `GET /api/v1/deals/{id}/lines`
pub(crate) async fn lines(call: Rc<Call>, At(id): At<DealId>) -> Result<One<DealLines>, Failure> {
    let lines = call.db(move |tx| -> Result<_, DbError> {
        let deal = deals::find(tx, id)?;
        lines::of_deal(tx, deal.id)
    });
    lines.await.map(One)
}

/// `PUT /api/v1/deals/{id}/lines`
pub(crate) async fn set_lines(
    call: Rc<Call>,
    At(id): At<DealId>,
    IfMatch(version): IfMatch,
    Json(input): Json<LinesInput>,
) -> Result<One<Deal>, Failure> {
    call.db(move |tx| lines::set(tx, id, version, &input)).await.map(One)
}

/// `GET /api/v1/deals/{id}/stays`
pub(crate) async fn stays(call: Rc<Call>, At(id): At<DealId>) -> Result<Listed<Stay>, Failure> {
    let stays = call.db(move |tx| -> Result<_, DbError> {
        let deal = deals::find(tx, id)?;
        Ok(deals::stays(&deals::history(tx, deal.id)?, tx.now()))
    });
    Ok(stays.await?.into())
}

/// `POST /api/v1/deals/{id}/sleep`
pub(crate) async fn sleep(
    call: Rc<Call>,
    At(id): At<DealId>,
    IfMatch(version): IfMatch,
) -> Result<Once<One<Deal>>, Failure> {
    api::once(&call, move |tx| deals::sleep(tx, id, version).map(One)).await
}

/// `POST /api/v1/deals/{id}/reopen`
pub(crate) async fn reopen(
    call: Rc<Call>,
    At(id): At<DealId>,
    IfMatch(version): IfMatch,
    Json(input): Json<ReopenInput>,
) -> Result<Once<One<Deal>>, Failure> {
    api::once(&call, move |tx| reopening::reopen(tx, id, version, input).map(One)).await
}

/// `GET /api/v1/deals/{id}/activities`
pub(crate) async fn activities(
    call: Rc<Call>,
    At(id): At<DealId>,
    Query(paged): Query<Paged>,
) -> Result<Listed<Activity>, Failure> {
    let paging = paged.paging::<ActivityKey>()?;
    let page = call.db(move |tx| -> Result<_, DbError> {
        let deal = deals::find(tx, id)?;
        activities::history(tx, deal.id, &paging)
    });
    Ok(page.await?.into())
}

/// `POST /api/v1/deals/{id}/activities`: the body carries the deal's `version`, because the next action is written
/// over.
pub(crate) async fn log(
    call: Rc<Call>,
    At(id): At<DealId>,
    Json(input): Json<ActivityInput>,
) -> Result<Once<Created<Activity>>, Failure> {
    api::once(&call, move |tx| activities::log(tx, id, input).map(Created)).await
}

/// `GET /api/v1/deals/{id}/events`
pub(crate) async fn events(call: Rc<Call>, At(id): At<DealId>) -> Result<Listed<DealEvent>, Failure> {
    let events = call.db(move |tx| -> Result<_, DbError> {
        let deal = deals::find(tx, id)?;
        deals::history(tx, deal.id)
    });
    Ok(events.await?.into())
}
