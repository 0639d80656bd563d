//! `/api/v1/companies/{id}/contacts`, `/api/v1/contacts` and `/api/v1/contacts/{id}/call-wishes`

use std::rc::Rc;

use clients::call_wishes::{self, CallWish, CallWishInput};
use clients::companies;
use clients::contacts::{self, Contact, ContactFilter, ContactInput, ContactKey, ContactSummary, LookAlike};
use db::DbError;
use kernel::{CompanyId, ContactId};
use schemars::JsonSchema;
use serde::Deserialize;

use super::list::{everybody_found, to_be_called};
use crate::api::{self, At, Chosen, Created, IfMatch, Json, Listed, Once, One, Paged, Query};
use crate::call::Call;
use crate::failure::Failure;

/// How many contacts a search finds at most.
const FOUND: i32 = 100;

/// Which contacts.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct ContactsQuery {
    /// A part of the name, reading, phone number or mail address; then at most 100 come, in one page.
    q: String,
    /// `yes` for the call list: who has a phone number and has not refused to be called.
    callable: String,
}

/// `GET /api/v1/contacts`
pub(crate) async fn index(
    call: Rc<Call>,
    Query(query): Query<ContactsQuery>,
    Query(paged): Query<Paged>,
) -> Result<Listed<ContactSummary>, Failure> {
    let paging = paged.paging::<ContactKey>()?;
    let filter = if query.callable.is_empty() { ContactFilter::Everybody } else { ContactFilter::ToBeCalled };
    call.db(move |tx| -> Result<_, DbError> {
        if query.q.trim().is_empty() {
            return Ok(contacts::list(tx, filter, &paging)?.into());
        }
        let mut found = everybody_found(tx, query.q.trim(), FOUND)?;
        found.retain(|one| filter == ContactFilter::Everybody || to_be_called(&one.contact));
        Ok(found.into())
    })
    .await
}

/// What is known of a contact who is about to be added or corrected.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct LookAlikesQuery {
    /// Their company; names are compared within it.
    company_id: Chosen<CompanyId>,
    /// Family name.
    family_name: String,
    /// Given name.
    given_name: String,
    /// Mail address.
    email: String,
    /// Phone number.
    phone: String,
    /// The contact themselves, where they are there already.
    id: Chosen<ContactId>,
}

/// `GET /api/v1/contacts/look-alikes`
pub(crate) async fn look_alikes(
    call: Rc<Call>,
    Query(query): Query<LookAlikesQuery>,
) -> Result<Listed<LookAlike>, Failure> {
    let company = query.company_id.0.unwrap_or(CompanyId(0));
    let input = ContactInput {
        family_name: query.family_name.into(),
        given_name: query.given_name.into(),
        email: query.email.into(),
        phone: query.phone.into(),
        ..ContactInput::default()
    };
    let found = call.db(move |tx| contacts::look_alikes(tx, company, &input, query.id.0)).await?;
    Ok(found.into())
}

/// `GET /api/v1/contacts/{id}/call-wishes`
pub(crate) async fn call_wishes(call: Rc<Call>, At(id): At<ContactId>) -> Result<Listed<CallWish>, Failure> {
    let record = call.db(move |tx| -> Result<_, DbError> {
        let contact = contacts::find(tx, id)?;
        call_wishes::history(tx, contact.id)
    });
    Ok(record.await?.into())
}

/// `POST /api/v1/contacts/{id}/call-wishes`
pub(crate) async fn record_call_wish(
    call: Rc<Call>,
    At(id): At<ContactId>,
    Json(input): Json<CallWishInput>,
) -> Result<Once<Created<Contact>>, Failure> {
    api::once(&call, move |tx| call_wishes::record(tx, id, &input).map(Created)).await
}

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
