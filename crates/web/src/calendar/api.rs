//! `/api/v1/me/calendar`: whether the caller's calendar has an address. Making one is for the page alone, which shows it
//! once: what the API answers is kept for its idempotency keys.

use std::rc::Rc;

use sales::feeds::{self, Feed};
use schemars::JsonSchema;
use serde::Serialize;

use crate::api::{self, NoContent, Once, One};
use crate::call::Call;
use crate::failure::Failure;

/// Whether there is an address, and when it was last read.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct CalendarStanding {
    /// The address that stands; null where there is none.
    feed: Option<Feed>,
}

/// `GET /api/v1/me/calendar`
pub(crate) async fn show(call: Rc<Call>) -> Result<One<CalendarStanding>, Failure> {
    let person = call.person()?;
    let feed = call.db(move |tx| feeds::of(tx, person)).await?;
    Ok(One(CalendarStanding { feed }))
}

/// `POST /api/v1/me/calendar/end`
pub(crate) async fn end(call: Rc<Call>) -> Result<Once<NoContent>, Failure> {
    api::once(&call, |tx| feeds::end(tx).map(|()| NoContent)).await
}
