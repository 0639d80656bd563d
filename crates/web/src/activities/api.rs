//! `/api/v1/companies/{id}/activities` and `/api/v1/leads/{id}/notes`

use std::rc::Rc;

use clients::companies;
use db::DbError;
use kernel::{CompanyId, LeadId};
use sales::about::About;
use sales::activities::{self, Activity, ActivityKey, NoteInput};
use sales::leads;

use crate::api::{self, At, Created, Json, Listed, Once, Paged, Query};
use crate::call::Call;
use crate::failure::Failure;

/// `GET /api/v1/companies/{id}/activities`
pub(crate) async fn of_company(
    call: Rc<Call>,
    At(id): At<CompanyId>,
    Query(paged): Query<Paged>,
) -> Result<Listed<Activity>, Failure> {
    let paging = paged.paging::<ActivityKey>()?;
    let page = call.db(move |tx| -> Result<_, DbError> {
        let company = companies::find(tx, id)?;
        activities::list(tx, About::Company(company.id), &paging)
    });
    Ok(page.await?.into())
}

/// `POST /api/v1/companies/{id}/activities`
pub(crate) async fn note_company(
    call: Rc<Call>,
    At(id): At<CompanyId>,
    Json(input): Json<NoteInput>,
) -> Result<Once<Created<Activity>>, Failure> {
    api::once(&call, move |tx| activities::note(tx, About::Company(id), &input).map(Created)).await
}

/// `GET /api/v1/leads/{id}/notes`
pub(crate) async fn of_lead(
    call: Rc<Call>,
    At(id): At<LeadId>,
    Query(paged): Query<Paged>,
) -> Result<Listed<Activity>, Failure> {
    let paging = paged.paging::<ActivityKey>()?;
    let page = call.db(move |tx| -> Result<_, DbError> {
        let lead = leads::find(tx, id)?;
        activities::list(tx, About::Lead(lead.id), &paging)
    });
    Ok(page.await?.into())
}

/// `POST /api/v1/leads/{id}/notes`
pub(crate) async fn note_lead(
    call: Rc<Call>,
    At(id): At<LeadId>,
    Json(input): Json<NoteInput>,
) -> Result<Once<Created<Activity>>, Failure> {
    api::once(&call, move |tx| activities::note(tx, About::Lead(id), &input).map(Created)).await
}
