//! `/api/v1/views`

use std::rc::Rc;

use db::DbError;
use db::filter::RowKey;
use sales::views::{self, Item, SavedView, Totals, View, ViewId, ViewInput, ViewKey, ViewKind};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::api::{self, At, Chosen, Created, IfMatch, Json, Listed, NoContent, Once, One, Paged, Query};
use crate::call::Call;
use crate::failure::Failure;

/// Which views.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct ViewsQuery {
    /// What they list; deals where nothing is said.
    kind: Chosen<ViewKind>,
}

/// `GET /api/v1/views`
pub(crate) async fn index(
    call: Rc<Call>,
    Query(query): Query<ViewsQuery>,
    Query(paged): Query<Paged>,
) -> Result<Listed<SavedView>, Failure> {
    let (kind, paging) = (query.kind.0.unwrap_or(ViewKind::Deals), paged.paging::<ViewKey>()?);
    Ok(call.db(move |tx| views::list(tx, kind, &paging)).await?.into())
}

/// `POST /api/v1/views`
pub(crate) async fn create(
    call: Rc<Call>,
    Json(input): Json<ViewInput>,
) -> Result<Once<Created<View>>, Failure> {
    api::once(&call, move |tx| views::create(tx, &input).map(Created)).await
}

/// `GET /api/v1/views/{id}`
pub(crate) async fn show(call: Rc<Call>, At(id): At<ViewId>) -> Result<One<View>, Failure> {
    call.db(move |tx| views::find(tx, id)).await.map(One)
}

/// `PUT /api/v1/views/{id}`
pub(crate) async fn update(
    call: Rc<Call>,
    At(id): At<ViewId>,
    IfMatch(version): IfMatch,
    Json(input): Json<ViewInput>,
) -> Result<One<View>, Failure> {
    call.db(move |tx| views::change(tx, id, version, &input)).await.map(One)
}

/// `DELETE /api/v1/views/{id}`
pub(crate) async fn remove(
    call: Rc<Call>,
    At(id): At<ViewId>,
    IfMatch(version): IfMatch,
) -> Result<NoContent, Failure> {
    call.db(move |tx| views::remove(tx, id, version)).await.map(|()| NoContent)
}

/// `POST /api/v1/views/{id}/copy`
pub(crate) async fn copy(call: Rc<Call>, At(id): At<ViewId>) -> Result<Once<Created<View>>, Failure> {
    api::once(&call, move |tx| views::copy(tx, id).map(Created)).await
}

/// `GET /api/v1/views/{id}/items`
pub(crate) async fn items(
    call: Rc<Call>,
    At(id): At<ViewId>,
    Query(paged): Query<Paged>,
) -> Result<Listed<Item>, Failure> {
    let paging = paged.paging::<RowKey>()?;
    let found = call.db(move |tx| -> Result<_, DbError> {
        let view = views::find(tx, id)?;
        views::items(tx, &view, &paging)
    });
    Ok(found.await?.into())
}

/// `GET /api/v1/views/{id}/totals`
pub(crate) async fn totals(call: Rc<Call>, At(id): At<ViewId>) -> Result<One<Totals>, Failure> {
    let found = call.db(move |tx| -> Result<_, DbError> {
        let view = views::find(tx, id)?;
        views::totals(tx, &view)
    });
    found.await.map(One)
}
