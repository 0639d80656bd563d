//! `/api/v1/companies/{id}/contacts` and `/api/v1/contacts/{id}`

use std::rc::Rc;

use clients::companies;
use clients::contacts::{self, Contact, ContactInput};
use db::DbError;
use kernel::{CompanyId, ContactId};

use crate::api::{self, At, Created, IfMatch, Json, Listed, Once, One};
use crate::call::Call;
use crate::failure::Failure;

/// `GET /api/v1/companies/{id}/contacts`: all of them; a company has a handful.
pub(crate) async fn of_company(call: Rc<Call>, At(id): At<CompanyId>) -> Result<Listed<Contact>, Failure> {
    let contacts = call.db(move |tx| -> Result<_, DbError> {
        let company = companies::find(tx, id)?;
        contacts::of_company(tx, company.id)
    });
    Ok(contacts.await?.into())
}

/// `POST /api/v1/companies/{id}/contacts`
pub(crate) async fn create(
    call: Rc<Call>,
    At(id): At<CompanyId>,
    Json(input): Json<ContactInput>,
) -> Result<Once<Created<Contact>>, Failure> {
    api::once(&call, move |tx| contacts::add(tx, id, input).map(Created)).await
}

/// `GET /api/v1/contacts/{id}`
pub(crate) async fn show(call: Rc<Call>, At(id): At<ContactId>) -> Result<One<Contact>, Failure> {
    call.db(move |tx| contacts::find(tx, id)).await.map(One)
}

/// `PUT /api/v1/contacts/{id}`
pub(crate) async fn update(
    call: Rc<Call>,
    At(id): At<ContactId>,
    IfMatch(version): IfMatch,
    Json(input): Json<ContactInput>,
) -> Result<One<Contact>, Failure> {
    call.db(move |tx| contacts::correct(tx, id, version, input)).await.map(One)
}
