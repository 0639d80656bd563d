//! `/api/v1/deals/{id}/quotes` and `/api/v1/quotes/{id}`

use std::rc::Rc;

use db::DbError;
use kernel::{DealId, QuoteId};
use sales::deals;
use sales::quotes::{self, Quote, QuoteInput};

use crate::api::{self, At, Created, Json, Listed, Once, One};
use crate::call::Call;
use crate::failure::Failure;

/// `GET /api/v1/deals/{id}/quotes`: every version, newest first.
pub(crate) async fn of_deal(call: Rc<Call>, At(id): At<DealId>) -> Result<Listed<Quote>, Failure> {
    let quotes = call.db(move |tx| -> Result<_, DbError> {
        let deal = deals::find(tx, id)?;
        quotes::of_deal(tx, deal.id)
    });
    Ok(quotes.await?.into())
}

/// `POST /api/v1/deals/{id}/quotes`
pub(crate) async fn create(
    call: Rc<Call>,
    At(id): At<DealId>,
    Json(input): Json<QuoteInput>,
) -> Result<Once<Created<Quote>>, Failure> {
    api::once(&call, move |tx| quotes::issue(tx, id, input).map(Created)).await
}

/// `GET /api/v1/quotes/{id}`
pub(crate) async fn show(call: Rc<Call>, At(id): At<QuoteId>) -> Result<One<Quote>, Failure> {
    call.db(move |tx| quotes::find(tx, id)).await.map(One)
}
