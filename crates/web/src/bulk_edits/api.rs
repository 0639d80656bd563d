//! `/api/v1/bulk-edits`

use std::rc::Rc;

use sales::bulk_edits::{
    self, BulkEdit, BulkEditId, BulkEditInput, BulkEditRow, EditOutcome, EditRowFilter, EditVerdict,
};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::api::{self, At, Chosen, Created, Json, Listed, Once, One, Paged, Query};
use crate::call::Call;
use crate::failure::Failure;

/// `GET /api/v1/bulk-edits`
pub(crate) async fn index(call: Rc<Call>, Query(paged): Query<Paged>) -> Result<Listed<BulkEdit>, Failure> {
    let paging = paged.paging::<BulkEditId>()?;
    Ok(call.db(move |tx| bulk_edits::list(tx, &paging)).await?.into())
}

/// `POST /api/v1/bulk-edits`
pub(crate) async fn begin(
    call: Rc<Call>,
    Json(input): Json<BulkEditInput>,
) -> Result<Once<Created<BulkEdit>>, Failure> {
    api::once(&call, move |tx| bulk_edits::begin(tx, &input).map(Created)).await
}

/// `GET /api/v1/bulk-edits/{id}`
pub(crate) async fn show(call: Rc<Call>, At(id): At<BulkEditId>) -> Result<One<BulkEdit>, Failure> {
    call.db(move |tx| bulk_edits::find(tx, id)).await.map(One)
}

/// Which things.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct BulkEditRowsQuery {
    /// Only those that came to this verdict.
    verdict: Chosen<EditVerdict>,
    /// Only those that ended so.
    outcome: Chosen<EditOutcome>,
}

/// `GET /api/v1/bulk-edits/{id}/rows`
pub(crate) async fn rows(
    call: Rc<Call>,
    At(id): At<BulkEditId>,
    Query(query): Query<BulkEditRowsQuery>,
    Query(paged): Query<Paged>,
) -> Result<Listed<BulkEditRow>, Failure> {
    let filter = EditRowFilter { verdict: query.verdict.0, outcome: query.outcome.0 };
    let paging = paged.paging::<i32>()?;
    let found = call.db(move |tx| -> Result<_, db::DbError> {
        let edit = bulk_edits::find(tx, id)?;
        bulk_edits::rows(tx, edit.id, filter, &paging)
    });
    Ok(found.await?.into())
}

/// `POST /api/v1/bulk-edits/{id}/apply`
pub(crate) async fn apply(call: Rc<Call>, At(id): At<BulkEditId>) -> Result<Once<One<BulkEdit>>, Failure> {
    api::once(&call, move |tx| bulk_edits::apply(tx, id).map(One)).await
}

/// `POST /api/v1/bulk-edits/{id}/cancel`
pub(crate) async fn cancel(call: Rc<Call>, At(id): At<BulkEditId>) -> Result<Once<One<BulkEdit>>, Failure> {
    api::once(&call, move |tx| bulk_edits::cancel(tx, id).map(One)).await
}

/// `POST /api/v1/bulk-edits/{id}/undo`
pub(crate) async fn undo(call: Rc<Call>, At(id): At<BulkEditId>) -> Result<Once<One<BulkEdit>>, Failure> {
    api::once(&call, move |tx| bulk_edits::undo(tx, id).map(One)).await
}
