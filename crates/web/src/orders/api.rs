//! `/api/v1/orders`

use std::rc::Rc;

use db::DbError;
use fulfillment::orders::{
    self, CloseShortInput, DueMove, MoveDueInput, Order, OrderError, OrderFilter, OrderKey, OrderLine,
    OrderState, OrderStatus, Progress,
};
use fulfillment::units::CancelInput;
use kernel::{DealId, OrderId};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::api::{self, At, Chosen, Json, Listed, Once, One, Paged, Query};
use crate::call::Call;
use crate::failure::Failure;

/// Which orders.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct OrdersQuery {
    /// Only those in this state.
    state: Chosen<OrderState>,
    /// Only those of this deal.
    deal: Chosen<DealId>,
}

/// `GET /api/v1/orders`: by due date.
pub(crate) async fn index(
    call: Rc<Call>,
    Query(query): Query<OrdersQuery>,
    Query(paged): Query<Paged>,
) -> Result<Listed<Order>, Failure> {
    let paging = paged.paging::<OrderKey>()?;
    let filter = OrderFilter { state: query.state.0, deal: query.deal.0 };
    Ok(call.db(move |tx| orders::list(tx, filter, &paging)).await?.into())
}

/// `GET /api/v1/orders/running`: the seven questions.
pub(crate) async fn running(
    call: Rc<Call>,
    Query(paged): Query<Paged>,
) -> Result<Listed<OrderStatus>, Failure> {
    let paging = paged.paging::<OrderKey>()?;
    Ok(call.db(move |tx| orders::running(tx, &paging)).await?.into())
}

/// `GET /api/v1/orders/{id}`
pub(crate) async fn show(call: Rc<Call>, At(id): At<OrderId>) -> Result<One<Order>, Failure> {
    call.db(move |tx| orders::find(tx, id)).await.map(One)
}

/// `GET /api/v1/orders/{id}/progress`
pub(crate) async fn progress(call: Rc<Call>, At(id): At<OrderId>) -> Result<One<Progress>, Failure> {
    let progress = call.db(move |tx| -> Result<_, DbError> {
        let order = orders::find(tx, id)?;
        orders::progress(tx, order.id)
    });
    progress.await.map(One)
}

/// `GET /api/v1/orders/{id}/lines`
pub(crate) async fn lines(call: Rc<Call>, At(id): At<OrderId>) -> Result<Listed<OrderLine>, Failure> {
    let lines = call.db(move |tx| -> Result<_, DbError> {
        let order = orders::find(tx, id)?;
        orders::lines(tx, order.id)
    });
    Ok(lines.await?.into())
}

/// `POST /api/v1/orders/{id}/start`
pub(crate) async fn start(call: Rc<Call>, At(id): At<OrderId>) -> Result<Once<One<Order>>, Failure> {
    api::once(&call, move |tx| -> Result<_, OrderError> { orders::start(tx, id).map(One) }).await
}

/// `POST /api/v1/orders/{id}/due`
pub(crate) async fn move_due(
    call: Rc<Call>,
    At(id): At<OrderId>,
    Json(input): Json<MoveDueInput>,
) -> Result<Once<One<Order>>, Failure> {
    api::once(&call, move |tx| orders::move_due(tx, id, input).map(One)).await
}

/// `GET /api/v1/orders/{id}/due-moves`
pub(crate) async fn due_moves(call: Rc<Call>, At(id): At<OrderId>) -> Result<Listed<DueMove>, Failure> {
    let moves = call.db(move |tx| -> Result<_, DbError> {
        let order = orders::find(tx, id)?;
        orders::due_moves(tx, order.id)
    });
    Ok(moves.await?.into())
}

/// `POST /api/v1/orders/{id}/cancel`
pub(crate) async fn cancel(
    call: Rc<Call>,
    At(id): At<OrderId>,
    Json(input): Json<CancelInput>,
) -> Result<Once<One<Order>>, Failure> {
    api::once(&call, move |tx| orders::cancel(tx, id, input).map(One)).await
}

/// `POST /api/v1/orders/{id}/close`: closes it with fewer pieces than were ordered.
pub(crate) async fn close(
    call: Rc<Call>,
    At(id): At<OrderId>,
    Json(input): Json<CloseShortInput>,
) -> Result<Once<One<Order>>, Failure> {
    api::once(&call, move |tx| orders::close_short(tx, id, input).map(One)).await
}
