//! `/api/v1/imports` and `/api/v1/exports`

use std::rc::Rc;

use kernel::{Code, Invalid};
use sales::imports::{
    self, ColumnsInput, Import, ImportId, ImportKind, ImportRow, Outcome, RowFilter, Verdict,
};
use schemars::JsonSchema;
use serde::Deserialize;

use super::exports::{self, ExportQuery};
use super::returned;
use crate::api::{self, At, Chosen, Created, Download, Json, Listed, Multipart, Once, One, Paged, Query};
use crate::call::Call;
use crate::failure::Failure;
use crate::files;

/// `GET /api/v1/imports`
pub(crate) async fn index(call: Rc<Call>, Query(paged): Query<Paged>) -> Result<Listed<Import>, Failure> {
    let paging = paged.paging::<ImportId>()?;
    Ok(call.db(move |tx| imports::list(tx, &paging)).await?.into())
}

/// What the file's rows become.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct BeginQuery {
    /// Required.
    kind: Chosen<ImportKind>,
}

/// `POST /api/v1/imports`: the part `file` of a multipart form. A repeated request is told by the file, because each form
/// draws its own boundary.
pub(crate) async fn begin(
    call: Rc<Call>,
    Query(query): Query<BeginQuery>,
    Multipart(upload): Multipart,
) -> Result<Once<Created<Import>>, Failure> {
    let problem = |field: &str| Failure::from(Invalid::field(field, Code::Required));
    let kind = query.kind.0.ok_or_else(|| problem("kind"))?;
    let received = files::take_in(&call, upload.file("file").ok_or_else(|| problem("file"))?).await?;
    let (row, quota) = (received.clone(), call.app.settings.uploads);
    let about = [&received.sha256, received.name.as_bytes(), kind.as_str().as_bytes()].concat();
    let begun = api::once_about(&call, &about, move |tx| -> Result<_, Failure> {
        let file = ::files::keep_within(tx, &row, &quota)?;
        Ok(Created(imports::begin(tx, kind, file.id)?))
    });
    match begun.await {
        Ok(once) => {
            if once.repeated {
                call.app.files.discard(&received).await;
            }
            Ok(once)
        }
        Err(failure) => {
            files::discard_refused(&call, &received, &failure).await;
            Err(failure)
        }
    }
}

/// `GET /api/v1/imports/{id}`
pub(crate) async fn show(call: Rc<Call>, At(id): At<ImportId>) -> Result<One<Import>, Failure> {
    call.db(move |tx| imports::find(tx, id)).await.map(One)
}

/// `PUT /api/v1/imports/{id}/columns`
pub(crate) async fn columns(
    call: Rc<Call>,
    At(id): At<ImportId>,
    Json(input): Json<ColumnsInput>,
) -> Result<One<Import>, Failure> {
    call.db(move |tx| imports::choose_columns(tx, id, &input)).await.map(One)
}

/// Which rows.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct ImportRowsQuery {
    /// Only those that came to this verdict.
    verdict: Chosen<Verdict>,
    /// Only those that ended so.
    outcome: Chosen<Outcome>,
    /// `yes` for those that look like something they are not taken for.
    alike: String,
}

/// `GET /api/v1/imports/{id}/rows`
pub(crate) async fn rows(
    call: Rc<Call>,
    At(id): At<ImportId>,
    Query(query): Query<ImportRowsQuery>,
    Query(paged): Query<Paged>,
) -> Result<Listed<ImportRow>, Failure> {
    let filter =
        RowFilter { verdict: query.verdict.0, outcome: query.outcome.0, alike: !query.alike.is_empty() };
    let paging = paged.paging::<i32>()?;
    let found = call.db(move |tx| -> Result<_, db::DbError> {
        let import = imports::find(tx, id)?;
        imports::rows(tx, import.id, filter, &paging)
    });
    Ok(found.await?.into())
}

/// `POST /api/v1/imports/{id}/apply`
pub(crate) async fn apply(call: Rc<Call>, At(id): At<ImportId>) -> Result<Once<One<Import>>, Failure> {
    api::once(&call, move |tx| imports::apply(tx, id).map(One)).await
}

/// `POST /api/v1/imports/{id}/cancel`
pub(crate) async fn cancel(call: Rc<Call>, At(id): At<ImportId>) -> Result<Once<One<Import>>, Failure> {
    api::once(&call, move |tx| imports::cancel(tx, id).map(One)).await
}

/// `POST /api/v1/imports/{id}/undo`
pub(crate) async fn undo(call: Rc<Call>, At(id): At<ImportId>) -> Result<Once<One<Import>>, Failure> {
    api::once(&call, move |tx| imports::undo(tx, id).map(One)).await
}

/// `GET /api/v1/imports/{id}/file`
pub(crate) async fn file(call: Rc<Call>, At(id): At<ImportId>) -> Result<Download, Failure> {
    returned::send(call, id).await.map(Download)
}

/// `GET /api/v1/exports/{kind}`
pub(crate) async fn export(
    call: Rc<Call>,
    At(kind): At<ImportKind>,
    Query(query): Query<ExportQuery>,
) -> Result<Download, Failure> {
    Box::pin(exports::send(call, kind, &query)).await.map(Download)
}
