//! `/api/v1/deals/{id}/quotes`, `/api/v1/deals/{id}/quote-events` and `/api/v1/quotes/{id}`

use std::rc::Rc;

use db::DbError;
use kernel::{DealId, QuoteId};
use sales::deals;
use sales::quotes::{self, Quote, QuoteInput};
use sales::sendings::{self, QuoteEvent, SendInput, Sending};

use super::sending;
use crate::api::{self, At, Created, Json, Listed, NoContent, Once, One};
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

/// `GET /api/v1/deals/{id}/quote-events`
pub(crate) async fn events(call: Rc<Call>, At(id): At<DealId>) -> Result<Listed<QuoteEvent>, Failure> {
    let events = call.db(move |tx| -> Result<_, DbError> {
        let deal = deals::find(tx, id)?;
        sendings::of_deal(tx, deal.id)
    });
    Ok(events.await?.into())
}

/// `GET /api/v1/quotes/{id}/sendings`
pub(crate) async fn sendings(call: Rc<Call>, At(id): At<QuoteId>) -> Result<Listed<Sending>, Failure> {
    let sent = call.db(move |tx| -> Result<_, DbError> {
        let quote = quotes::find(tx, id)?;
        sendings::of_quote(tx, quote.id)
    });
    Ok(sent.await?.into())
}

/// `POST /api/v1/quotes/{id}/send`
pub(crate) async fn send(
    call: Rc<Call>,
    At(id): At<QuoteId>,
    Json(input): Json<SendInput>,
) -> Result<Once<Created<Sending>>, Failure> {
    let key = call.app.key.clone();
    api::once(&call, move |tx| sending::send(tx, &key, id, &input).map(Created)).await
}

/// `POST /api/v1/quotes/{id}/withdraw`
pub(crate) async fn withdraw(call: Rc<Call>, At(id): At<QuoteId>) -> Result<Once<NoContent>, Failure> {
    api::once(&call, move |tx| sendings::withdraw(tx, id).map(|_was_open| NoContent)).await
}
