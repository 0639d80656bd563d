//! `/api/v1/invoices`

use std::rc::Rc;

use db::DbError;
use fulfillment::credits::{self, Credit, CreditId, CreditInput, CreditKey, WholeCredit};
use fulfillment::invoice_sendings::{self, SendInput, Sending, SentInvoice};
use fulfillment::invoices::{
    self, BillInput, CashMonth, Invoice, InvoiceFilter, InvoiceId, InvoiceKey, Issued, LateInvoice,
    PaymentInput, Unbilled, WholeInvoice,
};
use kernel::CompanyId;
use schemars::JsonSchema;
use serde::Deserialize;

use super::sending::{self, What};
use crate::api::{self, At, Chosen, Created, Json, Listed, NoContent, Once, One, Paged, Query};
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
) -> Result<Once<Created<Issued>>, Failure> {
    api::once(&call, move |tx| invoices::bill_next(tx, &input).map(Created)).await
}

/// `POST /api/v1/invoices/{id}/payments`
pub(crate) async fn receive(
    call: Rc<Call>,
    At(id): At<InvoiceId>,
    Json(input): Json<PaymentInput>,
) -> Result<Once<Created<Invoice>>, Failure> {
    api::once(&call, move |tx| invoices::receive(tx, id, &input).map(Created)).await
}

/// `GET /api/v1/invoices/{id}/sendings`
pub(crate) async fn sendings(call: Rc<Call>, At(id): At<InvoiceId>) -> Result<Listed<SentInvoice>, Failure> {
    let sent = call.db(move |tx| -> Result<_, DbError> {
        invoices::find(tx, id)?;
        invoice_sendings::of_invoice(tx, id)
    });
    Ok(sent.await?.into())
}

/// `POST /api/v1/invoices/{id}/sendings`
pub(crate) async fn send(
    call: Rc<Call>,
    At(id): At<InvoiceId>,
    Json(input): Json<SendInput>,
) -> Result<Once<Created<Sending>>, Failure> {
    let key = call.app.key.clone();
    api::once(&call, move |tx| sending::send(tx, &key, What::Invoice(id), &input).map(Created)).await
}

/// `POST /api/v1/credits/{id}/sendings`
pub(crate) async fn send_credit(
    call: Rc<Call>,
    At(id): At<CreditId>,
    Json(input): Json<SendInput>,
) -> Result<Once<Created<Sending>>, Failure> {
    let key = call.app.key.clone();
    api::once(&call, move |tx| sending::send(tx, &key, What::Credit(id), &input).map(Created)).await
}

/// `POST /api/v1/invoices/{id}/withdraw`
pub(crate) async fn withdraw(call: Rc<Call>, At(id): At<InvoiceId>) -> Result<Once<NoContent>, Failure> {
    api::once(&call, move |tx| invoice_sendings::withdraw(tx, id).map(|_was_open| NoContent)).await
}

/// `POST /api/v1/invoices/{id}/credits`
pub(crate) async fn credit(
    call: Rc<Call>,
    At(id): At<InvoiceId>,
    Json(input): Json<CreditInput>,
) -> Result<Once<Created<WholeCredit>>, Failure> {
    api::once(&call, move |tx| credits::issue(tx, id, &input).map(Created)).await
}

/// Which returns.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct CreditsQuery {
    /// Only those of this invoice.
    invoice: Chosen<InvoiceId>,
}

/// `GET /api/v1/credits`
pub(crate) async fn credits(
    call: Rc<Call>,
    Query(query): Query<CreditsQuery>,
    Query(paged): Query<Paged>,
) -> Result<Listed<Credit>, Failure> {
    let (paging, invoice) = (paged.paging::<CreditKey>()?, query.invoice.0);
    Ok(call.db(move |tx| credits::list(tx, invoice, &paging)).await?.into())
}

/// `GET /api/v1/credits/{id}`
pub(crate) async fn one_credit(call: Rc<Call>, At(id): At<CreditId>) -> Result<One<WholeCredit>, Failure> {
    call.db(move |tx| credits::whole(tx, id)).await.map(One)
}
