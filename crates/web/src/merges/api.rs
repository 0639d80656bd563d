//! `/api/v1/companies/{id}/merge`, `/api/v1/contacts/{id}/merge` and `/api/v1/merges`

use std::rc::Rc;

use clients::merges::{self, CompanyMergeInput, ContactMergeInput, Merge};
use clients::{companies, contacts};
use db::DbError;
use kernel::{CompanyId, ContactId, MergeId};

use super::preview::{CompanyMergePreview, ContactMergePreview};
use crate::api::{self, At, Created, IfMatch, Json, Listed, Once, One};
use crate::call::Call;
use crate::failure::Failure;

/// `GET /api/v1/companies/{id}/merge/{other}`
pub(crate) async fn preview_companies(
    call: Rc<Call>,
    At(id): At<CompanyId>,
    At(other): At<CompanyId>,
) -> Result<One<CompanyMergePreview>, Failure> {
    call.db(move |tx| CompanyMergePreview::of(tx, id, other)).await.map(One)
}

/// `POST /api/v1/companies/{id}/merge`
pub(crate) async fn merge_companies(
    call: Rc<Call>,
    At(id): At<CompanyId>,
    IfMatch(version): IfMatch,
    Json(input): Json<CompanyMergeInput>,
) -> Result<Once<Created<Merge>>, Failure> {
    api::once(&call, move |tx| super::merge_companies(tx, id, version, &input).map(Created)).await
}

/// `GET /api/v1/companies/{id}/merges`
pub(crate) async fn of_company(call: Rc<Call>, At(id): At<CompanyId>) -> Result<Listed<Merge>, Failure> {
    let found = call.db(move |tx| -> Result<_, DbError> {
        let company = companies::find(tx, id)?.id;
        merges::of_company(tx, company)
    });
    Ok(found.await?.into())
}

/// `GET /api/v1/contacts/{id}/merge/{other}`
pub(crate) async fn preview_contacts(
    call: Rc<Call>,
    At(id): At<ContactId>,
    At(other): At<ContactId>,
) -> Result<One<ContactMergePreview>, Failure> {
    call.db(move |tx| ContactMergePreview::of(tx, id, other)).await.map(One)
}

/// `POST /api/v1/contacts/{id}/merge`
pub(crate) async fn merge_contacts(
    call: Rc<Call>,
    At(id): At<ContactId>,
    IfMatch(version): IfMatch,
    Json(input): Json<ContactMergeInput>,
) -> Result<Once<Created<Merge>>, Failure> {
    api::once(&call, move |tx| super::merge_contacts(tx, id, version, &input).map(Created)).await
}

/// `GET /api/v1/contacts/{id}/merges`
pub(crate) async fn of_contact(call: Rc<Call>, At(id): At<ContactId>) -> Result<Listed<Merge>, Failure> {
    let found = call.db(move |tx| -> Result<_, DbError> {
        let contact = contacts::find(tx, id)?.id;
        merges::of_contact(tx, contact)
    });
    Ok(found.await?.into())
}

/// `GET /api/v1/merges/{id}`
pub(crate) async fn show(call: Rc<Call>, At(id): At<MergeId>) -> Result<One<Merge>, Failure> {
    call.db(move |tx| merges::find(tx, id)).await.map(One)
}

/// `POST /api/v1/merges/{id}/undo`
pub(crate) async fn undo(call: Rc<Call>, At(id): At<MergeId>) -> Result<Once<One<Merge>>, Failure> {
    api::once(&call, move |tx| super::undo(tx, id).map(One)).await
}
