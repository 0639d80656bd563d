//! `/api/v1/tags` and `/api/v1/companies/{id}/tags`

use std::rc::Rc;

use clients::companies;
use clients::tags::{self, CompanyTagsInput, MergeInput, Tag, TagId, TagInput, TagUse};
use db::DbError;
use kernel::CompanyId;

use crate::api::{self, At, Created, IfMatch, Json, Listed, Once, One};
use crate::call::Call;
use crate::failure::Failure;

/// `GET /api/v1/tags`
pub(crate) async fn index(call: Rc<Call>) -> Result<Listed<TagUse>, Failure> {
    Ok(call.db(tags::list).await?.into())
}

/// `POST /api/v1/tags`
pub(crate) async fn create(
    call: Rc<Call>,
    Json(input): Json<TagInput>,
) -> Result<Once<Created<Tag>>, Failure> {
    api::once(&call, move |tx| tags::create(tx, &input).map(Created)).await
}

/// `PUT /api/v1/tags/{id}`
pub(crate) async fn rename(
    call: Rc<Call>,
    At(id): At<TagId>,
    IfMatch(version): IfMatch,
    Json(input): Json<TagInput>,
) -> Result<One<Tag>, Failure> {
    call.db(move |tx| tags::rename(tx, id, version, &input)).await.map(One)
}

/// `POST /api/v1/tags/{id}/merge`
pub(crate) async fn merge(
    call: Rc<Call>,
    At(id): At<TagId>,
    IfMatch(version): IfMatch,
    Json(input): Json<MergeInput>,
) -> Result<Once<One<Tag>>, Failure> {
    api::once(&call, move |tx| tags::merge(tx, id, version, &input).map(One)).await
}

/// `GET /api/v1/companies/{id}/tags`
pub(crate) async fn of_company(call: Rc<Call>, At(id): At<CompanyId>) -> Result<Listed<Tag>, Failure> {
    let given = call.db(move |tx| -> Result<_, DbError> {
        let company = companies::find(tx, id)?.id;
        Ok(tags::of_companies(tx, &[company])?.remove(&company).unwrap_or_default())
    });
    Ok(given.await?.into())
}

/// `PUT /api/v1/companies/{id}/tags`
pub(crate) async fn give(
    call: Rc<Call>,
    At(id): At<CompanyId>,
    Json(input): Json<CompanyTagsInput>,
) -> Result<Listed<Tag>, Failure> {
    Ok(call.db(move |tx| tags::give(tx, id, &input)).await?.into())
}
