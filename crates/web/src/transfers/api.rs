//! `/api/v1/payer` and `/api/v1/transfer-files`. The file itself leaves through its page alone: accounts never go through an API.

use std::rc::Rc;

use db::DbError;
use fulfillment::transfers::{self, Payer, PayerInput, TransferFile, TransferFileId, TransferKey};

use crate::api::{self, At, IfMatch, Json, Listed, Once, One, Paged, Query};
use crate::call::Call;
use crate::failure::Failure;

/// `GET /api/v1/payer`
pub(crate) async fn payer(call: Rc<Call>) -> Result<One<Payer>, Failure> {
    call.db(|tx| transfers::payer(tx)?.ok_or(DbError::NotFound)).await.map(One)
}

/// `PUT /api/v1/payer`
pub(crate) async fn change_payer(
    call: Rc<Call>,
    IfMatch(version): IfMatch,
    Json(input): Json<PayerInput>,
) -> Result<One<Payer>, Failure> {
    let banks = call.app.settings.banks.clone();
    call.db(move |tx| transfers::change_payer(tx, &banks, version, &input)).await.map(One)
}

/// `GET /api/v1/transfer-files`
pub(crate) async fn files(
    call: Rc<Call>,
    Query(paged): Query<Paged>,
) -> Result<Listed<TransferFile>, Failure> {
    let paging = paged.paging::<TransferKey>()?;
    Ok(call.db(move |tx| transfers::list(tx, &paging)).await?.into())
}

/// `POST /api/v1/transfer-files/{id}/void`
pub(crate) async fn void(
    call: Rc<Call>,
    At(id): At<TransferFileId>,
) -> Result<Once<One<TransferFile>>, Failure> {
    api::once(&call, move |tx| transfers::void(tx, id).map(One)).await
}
