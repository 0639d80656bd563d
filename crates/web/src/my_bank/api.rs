//! `/api/v1/my-bank`, `/api/v1/my-invoice`

use std::rc::Rc;

use workforce::bank_accounts::{self, BankAccountInput, MaskedAccount};
use workforce::invoice_registrations::{self, InvoiceRegistration, InvoiceRegistrationInput};

use crate::api::{self, Created, Json, Listed, NoContent, Once, One};
use crate::call::Call;
use crate::failure::Failure;
use crate::offers::card;

/// `GET /api/v1/my-bank`
pub(crate) async fn show(call: Rc<Call>) -> Result<One<MaskedAccount>, Failure> {
    let person = call.person()?;
    let (keys, banks) = (call.app.settings.sealing.clone(), call.app.settings.banks.clone());
    let account = call.db(move |tx| -> Result<_, Failure> {
        let worker = card::worker(tx, person)?;
        Ok(bank_accounts::find_masked(tx, &keys, &banks, worker.id)?)
    });
    account.await?.map(One).ok_or_else(Failure::not_found)
}

/// `PUT /api/v1/my-bank`
pub(crate) async fn put(
    call: Rc<Call>,
    Json(input): Json<BankAccountInput>,
) -> Result<One<MaskedAccount>, Failure> {
    let (keys, banks) = (call.app.settings.sealing.clone(), call.app.settings.banks.clone());
    call.db(move |tx| bank_accounts::put(tx, &keys, &banks, &input)).await.map(One)
}

/// `DELETE /api/v1/my-bank`
pub(crate) async fn remove(call: Rc<Call>) -> Result<NoContent, Failure> {
    call.db(bank_accounts::remove).await.map(|()| NoContent)
}

/// `GET /api/v1/my-invoice`
pub(crate) async fn answers(call: Rc<Call>) -> Result<Listed<InvoiceRegistration>, Failure> {
    let person = call.person()?;
    let answers = call.db(move |tx| -> Result<_, db::DbError> {
        let worker = card::worker(tx, person)?;
        invoice_registrations::of_worker(tx, worker.id)
    });
    Ok(answers.await?.into())
}

/// `POST /api/v1/my-invoice`
pub(crate) async fn record(
    call: Rc<Call>,
    Json(input): Json<InvoiceRegistrationInput>,
) -> Result<Once<Created<InvoiceRegistration>>, Failure> {
    let person = call.person()?;
    api::once(&call, move |tx| -> Result<_, Failure> {
        let worker = card::worker(tx, person)?;
        Ok(Created(invoice_registrations::record(tx, worker.id, &input)?))
    })
    .await
}
