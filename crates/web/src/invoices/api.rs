//! `/api/v1/invoices`

use std::rc::Rc;

use fulfillment::invoices::{
    self, BillInput, CashMonth, Invoice, InvoiceFilter, InvoiceId, InvoiceKey, LateInvoice, PaymentInput,
    Unbilled, WholeInvoice,
};
use kernel::CompanyId;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::api::{self, At, Chosen, Created, Json, Listed, Once, One, Paged, Query};
use crate::call::Call;
use crate::failure::Failure;

/// Which invoices.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct InvoicesQuery {
    /// Which of them; every one unless told.
    show: Chosen<InvoiceFilter>,
    /// Only those to this client.
    company: Chosen<CompanyId>,
}

/// `GET /api/v1/invoices`
pub(crate) async fn index(
    call: Rc<Call>,
    Query(query): Query<InvoicesQuery>,
    Query(paged): Query<Paged>,
) -> Result<Listed<Invoice>, Failure> {
    let paging = paged.paging::<InvoiceKey>()?;
    let (show, company) = (query.show.0.unwrap_or(InvoiceFilter::All), query.company.0);
    Ok(call.db(move |tx| invoices::list(tx, show, company, &paging)).await?.into())
}

/// `GET /api/v1/invoices/unbilled`
pub(crate) async fn unbilled(call: Rc<Call>) -> Result<Listed<Unbilled>, Failure> {
    Ok(call.db(invoices::unbilled).await?.into())
}

/// `GET /api/v1/invoices/overdue`
pub(crate) async fn overdue(call: Rc<Call>) -> Result<Listed<LateInvoice>, Failure> {
    Ok(call.db(invoices::overdue).await?.into())
}

/// `GET /api/v1/invoices/cash`
pub(crate) async fn cash(call: Rc<Call>) -> Result<Listed<CashMonth>, Failure> {
    Ok(call.db(invoices::cash).await?.into())
}

/// `GET /api/v1/invoices/{id}`
pub(crate) async fn show(call: Rc<Call>, At(id): At<InvoiceId>) -> Result<One<WholeInvoice>, Failure> {
    call.db(move |tx| invoices::whole(tx, id)).await.map(One)
}

/// `POST /api/v1/invoices`
pub(crate) async fn bill(
    call: Rc<Call>,
    Json(input): Json<BillInput>,
) -> Result<Once<Created<Invoice>>, Failure> {
    api::once(&call, move |tx| invoices::bill(tx, &input).map(Created)).await
}

/// `POST /api/v1/invoices/{id}/payments`
pub(crate) async fn receive(
    call: Rc<Call>,
    At(id): At<InvoiceId>,
    Json(input): Json<PaymentInput>,
) -> Result<Once<Created<Invoice>>, Failure> {
    api::once(&call, move |tx| invoices::receive(tx, id, &input).map(Created)).await
}
